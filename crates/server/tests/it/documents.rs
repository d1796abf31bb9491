//! What is committed says what the program does.

use denghuo_server::{document, endpoints};
use std::collections::BTreeSet;
use std::path::Path;

/// Compares a committed file with what it should say; `INSTA_UPDATE=always` writes it anew.
pub fn committed(path: &str, fresh: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("INSTA_UPDATE").is_some_and(|mode| mode == "always") {
        std::fs::write(&file, fresh).expect("a writable checkout");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == fresh,
        "{path} is stale: run the tests with INSTA_UPDATE=always and look at the difference"
    );
}

#[test]
fn the_document_is_fresh() {
    committed("openapi.json", &(serde_json::to_string_pretty(&document()).expect("JSON") + "\n"));
}

#[test]
fn operations_have_names_of_their_own() {
    let all = endpoints();
    let names: BTreeSet<&str> = all.iter().map(|endpoint| endpoint.facts.name.as_str()).collect();
    assert_eq!(names.len(), all.len(), "two endpoints have the same name");
    let bad = |name: &&str| !name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    assert_eq!(names.iter().copied().find(bad), None);
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    for part in text.split("\"$ref\":\"#").skip(1) {
        let pointer = part.split('"').next().expect("a pointer");
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}
