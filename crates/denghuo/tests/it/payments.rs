//! Money at the command line: refusals end with a code, repeated files change nothing, the books stay proven.

use std::path::Path;
use std::process::{Command, Output};

struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a folder for temporary files") };
        assert!(site.run(&["init"]).status.success());
        site
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_denghuo"))
            .env("DENGHUO_DB", format!("sqlite://{}", self.folder.path().join("t.db").display()))
            .env("DENGHUO_LANG", "en")
            .args(args)
            .output()
            .expect("the program starts")
    }

    /// Standard output of a command that must succeed.
    fn told(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Standard error of a command that must fail.
    fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(!output.status.success(), "{args:?} went through");
        String::from_utf8(output.stderr).expect("text")
    }

    fn file(&self, name: &str, text: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a writable folder");
        path_text(&path)
    }
}

fn path_text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn a_bank_file_is_booked_once_and_the_unknown_goes_back() {
    let site = Site::new();
    let template = site.run(&["bank", "template", "collection"]).stdout;
    let file = site.file("abc.csv", &template);
    let day = ["--by", "S001", "--date", "2026-08-21"];
    let import = [&["bank", "import", &file][..], &day].concat();
    assert!(site.told(&import).contains("suspense"));
    let before = site.told(&["trial-balance", "--json"]);
    assert!(site.told(&import).contains("nothing was changed"));
    assert_eq!(site.told(&["trial-balance", "--json"]), before);
    let other = site.file("other.csv", &[&template[..], b"k9,,1.00,2026-08-20,\n"].concat());
    let refused = site.refused(&[&["bank", "import", &other, "--id", "abc.csv"][..], &day].concat());
    assert!(refused.contains("[bank.same_file_other_content]"), "{refused}");
    site.told(&[&["bank", "suspense", "return", "abc.csv", "2"][..], &day].concat());
    let again = site.refused(&[&["bank", "suspense", "return", "abc.csv", "2"][..], &day].concat());
    assert!(again.contains("[bank.not_in_suspense]"), "{again}");
    site.told(&["close", "--date", "2026-08-21"]);
    let late = site.refused(&[&["bank", "import", &other, "--id", "late"][..], &day].concat());
    assert!(late.contains("[payment.day_closed]"), "{late}");
    site.told(&["verify"]);
}

#[test]
fn bad_input_is_told_and_ends_with_an_error() {
    let site = Site::new();
    let bad = "流水号,户号,金额,日期\nk1,A1,abc,2026-08-20\nk2,A1,-1,2026-08-20\nk3,A1,1.00,1900-01-01\n";
    let file = site.file("bad.csv", bad.as_bytes());
    let told = site.refused(&["bank", "import", &file, "--by", "S001", "--date", "2026-08-21"]);
    for part in ["line 2", "line 3", "line 4", "nothing was posted"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(site.refused(&["pay", "123", "5", "--by", "S001"]).contains("[payment.unknown_account]"));
    assert!(site.refused(&["pay", "123", "five", "--by", "S001"]).contains("five"));
    assert!(site.refused(&["statement", "123"]).contains("[payment.unknown_account]"));
    assert!(site.refused(&["trial-balance", "--as-known", "yesterday"]).contains("yesterday"));
    site.told(&["verify"]);
}
