//! What is wrong is named: the font, the file, the line.

use crate::{PRESS, sample};
use denghuo_papers::{PaperError, Press, system_folders};
use serde_json::json;
use std::path::PathBuf;

/// A press whose templates are the standard ones with some files over them.
fn with(files: &[(&str, &str)]) -> (tempfile::TempDir, Press) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let press = Press::new(Some(folder.path())).expect("a press");
    (folder, press)
}

#[test]
fn a_machine_without_chinese_fonts_is_told_which_package() {
    let empty = tempfile::tempdir().expect("a folder");
    let Err(error) = Press::with_fonts(None, &[empty.path().to_path_buf()]) else {
        panic!("no font is there")
    };
    assert_eq!(error.code(), "papers.no_chinese_font");
    for text in [error.zh(), error.en()] {
        assert!(text.contains("fonts-noto-cjk") && text.contains("DENGHUO_FONTS"), "{text}");
        assert!(text.contains(&empty.path().display().to_string()), "{text}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let absent = PathBuf::from("/nowhere/at/all");
    let Err(error) = Press::with_fonts(None, std::slice::from_ref(&absent)) else { panic!("no such folder") };
    assert_eq!(error.code(), "papers.unreadable");
    assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    let Err(error) = Press::new(Some(&absent)) else { panic!("no such folder") };
    assert_eq!(error.code(), "papers.unreadable");
}

#[test]
fn an_unknown_template_is_answered_with_those_there_are() {
    let error = PRESS.pdf("demnad", "{}").expect_err("a typing error");
    assert_eq!(error.code(), "papers.unknown_template");
    assert!(error.to_string().contains("demand"), "{error}");
    assert!(PRESS.pdf("lib", "{}").is_err(), "the library is no template");
}

#[test]
fn data_that_are_no_object_are_refused() {
    for data in ["", "[1]", "{\"code\": ", "\"text\""] {
        assert_eq!(PRESS.pdf("demand", data).expect_err("no object").code(), "papers.data_wrong", "{data}");
    }
    let long = "x".repeat(5_000);
    let error = PRESS.pdf("demand", &sample(&json!({ "code": long }))).expect_err("too long for a QR code");
    assert_eq!(error.code(), "papers.data_wrong");
}

#[test]
fn an_error_of_a_template_has_file_line_and_message() {
    let (_folder, press) = with(&[
        ("torn.typ", "#let paper(d) = [\n  #nothing\n]"),
        ("open.typ", "#let paper(d) = {\n  let x = (1,\n"),
        ("empty.typ", "#let other(d) = []"),
        ("reads.typ", "#let paper(d) = [\n\n#read(\"/etc/passwd\")]"),
        ("deep.typ", "#import \"lib.typ\": *\n#let paper(d) = [\n#sentence(d, 5)]"),
    ]);
    let place = |template: &str| match press.pdf(template, "{}") {
        Err(PaperError::Template { file, line, message, .. }) => (file, line, message),
        other => panic!("{template}: {other:?}"),
    };
    let (file, line, message) = place("torn");
    assert_eq!((file.as_str(), line), ("torn.typ", 2));
    assert!(message.contains("unknown variable: nothing"), "{message}");
    assert_eq!((place("open").0.as_str(), place("open").1), ("open.typ", 1));
    assert_eq!(place("empty").0, "empty.typ");
    let (file, line, message) = place("reads");
    assert_eq!((file.as_str(), line), ("reads.typ", 3));
    assert!(message.contains("not found"), "nothing of the machine is read: {message}");
}

#[test]
fn a_site_replaces_one_file_and_keeps_the_others() {
    let (_folder, press) = with(&[
        ("receipt.typ", "#let paper(d) = [收据 #d.code #image(\"mark.svg\")]"),
        ("house.typ", "#import \"lib.typ\": *\n#let paper(d) = sheet(d, [#capital(\"10.05\")])"),
        (
            "mark.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M1 1h7v7z\"/></svg>",
        ),
    ]);
    let data = sample(&json!({}));
    assert!(
        press.pdf("receipt", &data).expect("theirs")
            != PRESS.pdf("receipt", &data).expect("the standard one")
    );
    assert!(
        press.pdf("demand", &data).expect("kept") == PRESS.pdf("demand", &data).expect("the standard one")
    );
    assert!(press.templates().iter().any(|name| name == "house"), "a new file is a new template");
    assert!(press.pdf("house", &data).is_ok());
}

#[test]
fn fonts_of_a_folder_are_used_alone() {
    let folders = system_folders();
    let press = Press::with_fonts(None, &folders).expect("the machine's fonts");
    let data = sample(&json!({}));
    assert!(press.pdf("demand", &data).expect("a paper") == PRESS.pdf("demand", &data).expect("a paper"));
}
