//! The examples that the format's documentation shows, and the committed schema.

use super::*;
use std::path::PathBuf;

fn docs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

#[test]
fn every_example_has_the_answer_that_was_reviewed() {
    let mut files: Vec<_> =
        std::fs::read_dir(docs().join("quote")).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let mut told = String::new();
    let mut kinds = std::collections::HashSet::new();
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        let case = Case::from_toml(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        kinds.insert(std::mem::discriminant(&case));
        let quote = case.answer(&Rulebook::embedded()).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        told += &format!("== {}\n", file.file_name().unwrap().to_string_lossy());
        for item in &quote.items {
            told += &format!(
                "{:<20} {:>10} × {:<12} {:>12}  {} | {}\n",
                item.code, item.quantity, item.price, item.amount, item.name.zh, item.name.en
            );
        }
        told += &format!("total {}  {:?}\n", quote.total, quote.values);
    }
    assert_eq!(kinds.len(), 11, "an example of every kind");
    insta::assert_snapshot!(told);
}

#[test]
fn the_committed_schema_is_fresh() {
    let path = docs().join("quote.schema.json");
    let fresh = serde_json::to_string_pretty(&Case::schema()).unwrap() + "\n";
    if std::env::var_os("INSTA_UPDATE").is_some_and(|mode| mode == "always") {
        std::fs::write(&path, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, fresh, "write it with: denghuo quote --schema > docs/quote.schema.json");
}

#[test]
fn a_case_that_cannot_be_answered_is_refused_with_a_code() {
    let table = [
        ("kind = \"bill\"", "quote.unreadable"),
        ("kind = \"tier_bill\"\nusage_kwh = 1\ntypo = 2", "quote.unreadable"),
        ("kind = \"unknown\"", "quote.unreadable"),
        (
            "kind = \"tier_bill\"\nusage_kwh = 1\ntiers = [{ price = \"1\" }, { price = \"2\" }]",
            "quote.missing",
        ),
        ("kind = \"working_days\"\nfrom = 2035-01-01\ndays = 1", "calendar.year_not_covered"),
        ("kind = \"late_fee\"\nclass = \"other\"\ndebts = [{ amount = \"1\" }]", "quote.missing"),
        ("kind = \"theft\"\non = 1980-01-01\ntheft = { load_kw = 1, price = \"1\" }", "billing.no_rule"),
        (
            "kind = \"theft\"\non = 2020-01-01\ntheft = { load_kw = 1, price = \"1\", multiple = 2 }",
            "billing.multiple_out_of_bounds",
        ),
        (
            "kind = \"metering_error\"\nfault = { is = \"elements\", registered = [1, 0, -1] }\n\
             recorded = [{ energy = 1, price = \"1\" }]",
            "billing.no_correction_rate",
        ),
    ];
    let book = Rulebook::embedded();
    for (text, code) in table {
        let refusal = Case::from_toml(text).and_then(|case| case.answer(&book)).unwrap_err();
        assert_eq!(refusal.code, code, "{text}: {refusal}");
    }
}
