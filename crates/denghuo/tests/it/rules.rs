//! `denghuo rules`: what it prints and how it ends.

use std::path::Path;
use std::process::Command;

/// Runs `denghuo rules …`: exit code 0 or not, standard output, standard error.
fn rules(args: &[&str]) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_denghuo"));
    let output = command.args(["--lang", "en", "rules"]).args(args).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

fn site(folder: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder.join("cn"))?;
    std::fs::write(folder.join("cn/restoration.toml"), text)
}

const HOURS_12: &str = "layer = \"national\"\n[[rule]]\nid = \"cn.restoration.2024\"\ntopic = \"restoration\"\n\
    from = \"2024-06-01\"\nconfidence = \"H\"\nbasis = { title = \"b\" }\nparams = { hours = 12 }\n";

#[test]
fn the_embedded_book_is_sound_and_can_be_asked() {
    let (ok, out, err) = rules(&["check", "--json"]);
    assert!(ok && out.contains("\"ok\":true"), "{out}{err}");
    let (ok, out, _) = rules(&["show", "limitation", "--on", "2017-09-30"]);
    assert!(ok && out.contains("cn.limitation.1987") && !out.contains("cn.limitation.2017"), "{out}");
    assert!(out.contains("confidence: M") && out.contains("contract may override: no"), "{out}");
    let (ok, out, err) = rules(&["show", "nothing"]);
    assert!(!ok && out.is_empty() && err.contains("nothing"), "{err}");
    let (ok, out, _) = rules(&["list", "--json"]);
    assert!(ok && serde_json::from_str::<Vec<serde_json::Value>>(&out).unwrap().len() > 100);
}

#[test]
fn a_site_is_checked_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();
    site(folder.path(), HOURS_12).unwrap();
    assert!(rules(&["check", "--rulebook", dir]).0);
    let (ok, out, _) = rules(&["diff", "embedded", dir]);
    assert!(ok && out.contains("~ cn.restoration.2024") && out.contains("params.hours: 24 → 12"), "{out}");
    assert_eq!(rules(&["diff", dir, dir]).1, "the books say the same\n");
    site(folder.path(), &HOURS_12.replace("hours", "minutes")).unwrap();
    let (ok, _, err) = rules(&["check", "--rulebook", dir]);
    assert!(!ok && err.contains("cn/restoration.toml") && err.contains("minutes"), "{err}");
}

#[test]
fn a_bad_price_table_ends_with_an_error_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.json");
    std::fs::write(&file, "[{\"province\":\"江苏\",\"month\":\"2999-01\",\"category\":\"单一制\",\"voltage\":\"35kV\",\"prices\":{}}]")
        .unwrap();
    let into = folder.path().join("site");
    let (ok, out, err) = rules(&["import-prices", file.to_str().unwrap(), "--into", into.to_str().unwrap()]);
    assert!(!ok && out.is_empty() && err.contains("row 1: "), "{out}{err}");
    assert!(err.contains("2999-01") && err.contains("the flat price is missing"), "{err}");
    assert!(!into.exists());
}
