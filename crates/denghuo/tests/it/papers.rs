//! `denghuo papers`: one paper, many, one file for the printer, and what it says of bad input.

use std::path::Path;
use std::process::Command;

/// Runs `denghuo papers …`: exit code 0 or not, standard output, standard error.
fn papers(args: &[&str]) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_denghuo"));
    let output = command.args(["--lang", "en", "papers"]).args(args).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

fn is_pdf(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"%PDF-"))
}

#[test]
fn a_site_exports_edits_and_checks_its_templates() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();
    let (ok, out, err) = papers(&["templates", "--export", dir]);
    assert!(ok && out.contains("demand.typ"), "{out}{err}");
    assert!(folder.path().join("README.md").exists());
    for kept in std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        if !kept.ends_with("receipt.typ") {
            std::fs::remove_file(kept).unwrap();
        }
    }
    std::fs::write(folder.path().join("receipt.typ"), "#let paper(d) = [\n\n#wrong]").unwrap();
    let (ok, out, err) = papers(&["check", "--templates", dir]);
    assert!(!ok && out.contains("receipt.typ:3") && out.contains("stop_plan"), "{out}{err}");
    let (ok, out, _) = papers(&["templates", "--export", dir, "--json"]);
    assert!(ok && !out.contains("receipt.typ"), "a file that is there stays: {out}");
    let text = std::fs::read_to_string(folder.path().join("receipt.typ")).unwrap();
    assert!(text.contains("#wrong"));
}

#[test]
fn the_templates_are_listed() {
    let (ok, out, _) = papers(&["list"]);
    assert!(ok && out.lines().any(|line| line == "stop_execution"), "{out}");
    let (ok, out, _) = papers(&["list", "--json"]);
    assert!(ok && serde_json::from_str::<Vec<String>>(&out).unwrap().len() >= 12);
}

#[test]
fn one_paper_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.pdf");
    let file = out.to_str().unwrap();
    let (ok, said, err) = papers(&["render", "demand", "--sample", "-o", file]);
    assert!(ok && said.contains("a.pdf") && is_pdf(&out), "{said}{err}");
    let (ok, _, err) = papers(&["render", "demand", "absent.json", "-o", file]);
    assert!(!ok && err.contains("absent.json"), "{err}");
    let (ok, _, err) = papers(&["render", "nothing", "--sample", "-o", file]);
    assert!(!ok && err.contains("papers.unknown_template") && err.contains("demand"), "{err}");
    let (ok, _, err) = papers(&["render", "demand", "--sample"]);
    assert!(!ok && err.contains("--out"), "{err}");
}

#[test]
fn many_papers_are_printed_apart_and_together() {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("notices.jsonl");
    let line = |code: &str| format!("{{\"code\":\"{code}\",\"copy\":\"customer\",\"total\":\"1.00\"}}\n");
    std::fs::write(&lines, [line("N-1"), "\n".to_owned(), "{broken\n".to_owned(), line("N/2")].concat())
        .unwrap();
    let (lines, apart) = (lines.to_str().unwrap(), folder.path().join("apart"));
    let (ok, out, err) = papers(&["render", "demand", "--many", lines, "--out-dir", apart.to_str().unwrap()]);
    assert!(!ok && out.contains(": 2"), "two are printed: {out}");
    assert!(err.contains("line 3") && err.contains("papers.data_wrong"), "{err}");
    assert!(is_pdf(&apart.join("000001_N-1.pdf")) && is_pdf(&apart.join("000004_N_2.pdf")));
    let together = folder.path().join("run.pdf");
    let (ok, out, _) =
        papers(&["render", "demand", "--many", lines, "--joined", together.to_str().unwrap(), "--json"]);
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(!ok && is_pdf(&together), "{out}");
    assert_eq!(
        (&said["papers"], &said["pages"], &said["failed"][0]["line"]),
        (&2.into(), &2.into(), &3.into())
    );
    assert!(!folder.path().join("run.pdf.part").exists());
}

#[test]
fn a_folder_without_fonts_is_told_what_to_install() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, _, err) = papers(&["list", "--fonts", folder.path().to_str().unwrap()]);
    assert!(!ok && err.contains("fonts-noto-cjk") && err.contains("papers.no_chinese_font"), "{err}");
}
