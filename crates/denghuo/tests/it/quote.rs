//! `denghuo quote`: what it prints and how it ends.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs `denghuo quote …` with a text on standard input: exit code 0 or not, standard output, standard error.
fn quote(args: &[&str], input: &str) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_denghuo"));
    let pipes =
        command.arg("quote").args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/quote").join(name);
    path.to_str().expect("a path of text").to_owned()
}

#[test]
fn json_has_items_total_and_derivation() {
    let (ok, out, err) = quote(&[&example("demand.toml"), "--json", "--lang", "en"], "");
    assert!(ok, "{err}");
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["total"], "43776.00");
    assert_eq!(value["items"][1]["code"], "demand_excess");
    assert_eq!(value["items"][1]["name"], "excess demand charge");
    assert_eq!(value["items"][1]["quantity"], "140");
    assert_eq!(value["items"][1]["price"], "38.40");
    assert_eq!(value["items"][1]["amount"], "5376.00");
    assert_eq!(value["derivation"][1]["rule"], "cn.demand.2023");
}

#[test]
fn people_read_it_in_their_language() {
    let (ok, out, _) = quote(&[&example("tier_bill.toml")], "");
    assert!(ok && out.contains("合计: 448.00") && out.contains("电度电费(第2档)"), "{out}");
    let (ok, out, _) = quote(
        &["-", "--lang", "en"],
        "{ \"kind\": \"tier_bill\", \"usage_kwh\": 100, \"on\": \"2025-06-30\" }",
    );
    assert!(ok && out.contains("total: 54.69") && out.contains("[cn-sd.household_tiers.2012]"), "{out}");
}

#[test]
fn what_cannot_be_answered_ends_with_a_code_on_standard_error() {
    for (input, code) in [
        ("kind = \"bill\"", "[quote.unreadable]"),
        ("kind = 3 =", "[quote.unreadable]"),
        ("kind = \"theft\"\non = 1980-01-01\ntheft = { load_kw = 1, price = \"1\" }", "[billing.no_rule]"),
    ] {
        let (ok, out, err) = quote(&["-"], input);
        assert!(!ok && out.is_empty() && err.contains(code), "{input}: {err}");
    }
    let (ok, _, err) = quote(&["/nowhere.toml"], "");
    assert!(!ok && err.contains("/nowhere.toml"), "{err}");
}

#[test]
fn the_schema_is_the_committed_one() {
    let (ok, out, _) = quote(&["--schema"], "");
    assert!(ok && out == include_str!("../../../../docs/quote.schema.json"));
}
