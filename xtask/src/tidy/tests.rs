//! Each check on small trees of its own: one that keeps the rule and some that break it; and on this checkout.

use super::*;

fn tree(files: &[(&str, &str)]) -> Tree {
    Tree::new(files.iter().map(|(path, text)| File::new((*path).to_owned(), (*text).to_owned())).collect())
}

/// The findings of a check as `file:line` of each.
fn places(check: Check, files: &[(&str, &str)]) -> Vec<String> {
    check(&tree(files)).iter().map(|f| format!("{}:{}", f.path, f.line)).collect()
}

#[track_caller]
fn keeps(check: Check, files: &[(&str, &str)]) {
    assert_eq!(places(check, files), Vec::<String>::new());
}

#[track_caller]
fn breaks(check: Check, files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(places(check, files), expected);
}

#[test]
fn this_checkout_keeps_the_house_rules() {
    let tree = Tree::load(&crate::shell::root()).unwrap();
    assert!(tree.files().len() > 20, "the checkout is read");
    let found: Vec<String> = findings(&tree).iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_finding_names_its_place() {
    assert_eq!(Finding::new("a/b.rs", 7, "do so").to_string(), "a/b.rs:7: do so");
}

#[test]
fn rules_depend_on_no_io() {
    let check = dependencies::rules_depend_on_no_io;
    let good = "[dependencies]\nserde.workspace = true\n[dev-dependencies]\ntempfile = \"3\"\n";
    keeps(
        check,
        &[("crates/rules/Cargo.toml", good), ("crates/office/Cargo.toml", "[dependencies]\nrand = \"1\"\n")],
    );
    let bad = "[dependencies]\nserde.workspace = true\nreqwest.workspace = true\n";
    breaks(check, &[("crates/rules/Cargo.toml", bad)], &["crates/rules/Cargo.toml:3"]);
}

#[test]
fn drivers_only_in_store() {
    let check = dependencies::drivers_only_in_store;
    let driver = "[dependencies]\npostgres = \"0.19\"\n";
    keeps(check, &[("crates/store/Cargo.toml", driver), ("Cargo.toml", driver)]);
    breaks(check, &[("crates/office/Cargo.toml", driver)], &["crates/office/Cargo.toml:2"]);
}

#[test]
fn floors_use_those_below() {
    let check = dependencies::floors_use_those_below;
    let down = "[dependencies]\ndenghuo-rules.workspace = true\n";
    let up = "[dependencies]\ndenghuo-rules.workspace = true\ndenghuo-office.workspace = true\n";
    keeps(
        check,
        &[("crates/store/Cargo.toml", down), ("crates/town/Cargo.toml", up), ("xtask/Cargo.toml", up)],
    );
    breaks(check, &[("crates/store/Cargo.toml", up)], &["crates/store/Cargo.toml:3"]);
    breaks(check, &[("crates/attic/Cargo.toml", down)], &["crates/attic/Cargo.toml:1"]);
}

#[test]
fn rules_touch_no_world() {
    let check = words::rules_touch_no_world;
    let good = "//! std::fs in words\nuse std::fmt;\nuse std::collections::{BTreeMap, BTreeSet};\n\
                #[cfg(test)]\nmod t {\n    use std::fs;\n}\n";
    let tests = "use std::fs;\n";
    keeps(
        check,
        &[
            ("crates/rules/src/a.rs", good),
            ("crates/rules/src/a/tests.rs", tests),
            ("crates/office/src/a.rs", tests),
        ],
    );
    let one = "use std::fmt;\nuse std::fs::File;\n";
    breaks(check, &[("crates/rules/src/a.rs", one)], &["crates/rules/src/a.rs:2"]);
    let listed = "use std::{fmt, collections::{BTreeMap, BTreeSet},\n    time::SystemTime};\n";
    breaks(check, &[("crates/rules/src/a.rs", listed)], &["crates/rules/src/a.rs:2"]);
    let inside = "fn f() {\n    let x = std::env::var(\"X\");\n}\n";
    breaks(check, &[("crates/rules/src/a.rs", inside)], &["crates/rules/src/a.rs:2"]);
}

#[test]
fn sql_only_in_store() {
    let check = words::sql_only_in_store;
    let sql = "fn f() {\n    run(\"SELECT 1\");\n    run(\"\\\n UPDATE a SET b = 1\");\n}\n";
    keeps(
        check,
        &[
            ("crates/store/src/a.rs", sql),
            ("crates/office/src/a.rs", "// SELECT 1\nfn f() { say(\"UPDATE the page\", \"SELECTED\"); }\n"),
        ],
    );
    breaks(
        check,
        &[("crates/office/src/a.rs", sql)],
        &["crates/office/src/a.rs:2", "crates/office/src/a.rs:3"],
    );
}

#[test]
fn no_float_near_amounts() {
    let check = words::no_float_near_amounts;
    let float = "fn f(x: f64) {\n    let y = 1.5;\n    let z = 1_f32;\n}\n";
    let good = "// f64\nfn f() { let s = \"1.5\"; let t = x.0.1; let r = 1..5; }\n#[cfg(test)]\nmod t { const X: f64 = 1.0; }\n";
    keeps(
        check,
        &[
            ("crates/rules/src/a.rs", good),
            ("crates/rules/src/units/decimal.rs", float),
            ("crates/town/src/a.rs", float),
        ],
    );
    let at = |line: usize| format!("crates/office/src/a.rs:{line}");
    breaks(check, &[("crates/office/src/a.rs", float)], &[&at(1), &at(2), &at(3)]);
}

#[test]
fn no_unfinished_work() {
    let check = words::no_unfinished_work;
    keeps(
        check,
        &[(
            "xtask/src/main.rs",
            "// todo!() and #[ignore]\nfn todo() { let s = \"dbg!(x)\"; }\n#[derive(Debug)]\nstruct S;\n",
        )],
    );
    for bad in [
        "todo!();",
        "unimplemented!();",
        "dbg!(1);",
        "#[ignore]",
        "#[ignore = \"slow\"]",
        "#[allow(x)]",
        "#![allow(x)]",
    ] {
        let text = format!("fn f() {{}}\n{bad}\n");
        breaks(check, &[("xtask/src/a.rs", &text)], &["xtask/src/a.rs:2"]);
    }
    breaks(check, &[("xtask/src/a.rs", "fn f( {\n")], &["xtask/src/a.rs:1"]);
}

#[test]
fn modules_have_their_names() {
    let check = columns::modules_have_their_names;
    let page = "### Columns\n\n| column | 中文 |\n| --- | --- |\n| `billing` | 核算 |\n\n### Foundations\n\n| `ledger` | x |\n\n\
                ### Own modules\n\n| floor | modules |\n| `store` | `seam`, `schema` |\n";
    let page = ("ARCHITECTURE.md", page);
    keeps(
        check,
        &[
            page,
            ("crates/rules/src/lib.rs", ""),
            ("crates/rules/src/billing.rs", ""),
            ("crates/rules/src/billing/anything.rs", ""),
            ("crates/store/src/seam.rs", ""),
            ("crates/office/src/ledger.rs", ""),
            ("crates/town/src/anything.rs", ""),
        ],
    );
    breaks(check, &[page, ("crates/rules/src/seam.rs", "")], &["crates/rules/src/seam.rs:1"]);
    breaks(check, &[page, ("crates/office/src/bills.rs", "")], &["crates/office/src/bills.rs:1"]);
    breaks(check, &[("ARCHITECTURE.md", "no table")], &["ARCHITECTURE.md:1"]);
    breaks(check, &[], &["ARCHITECTURE.md:1"]);
}

#[test]
fn no_two_columns_use_each_other() {
    let check = columns::no_two_columns_use_each_other;
    let page = ("ARCHITECTURE.md", "### Columns\n\n| `billing` | x |\n| `payments` | x |\n");
    let uses_billing = "use crate::payments::own;\nuse crate::billing::Bill;\n";
    let uses_payments = "fn f() {\n    crate::payments::take();\n}\n";
    let down = ("crates/office/src/payments/take.rs", uses_billing);
    keeps(check, &[page, down, ("crates/rules/src/billing.rs", uses_payments)]);
    keeps(check, &[page, down, ("crates/office/src/billing/tests.rs", uses_payments)]);
    breaks(
        check,
        &[page, down, ("crates/office/src/billing.rs", uses_payments)],
        &["crates/office/src/billing.rs:2", "crates/office/src/payments/take.rs:2"],
    );
}

#[test]
fn no_dead_rust_files() {
    let check = reachable::no_dead_rust_files;
    let root = "mod a;\npub mod b { }\n#[cfg(test)]\nmod tests;\n";
    let alive = [
        ("crates/rules/src/lib.rs", root),
        ("crates/rules/src/tests.rs", ""),
        ("crates/rules/src/a.rs", "pub(crate) mod c;\n"),
        ("crates/rules/src/a/c.rs", ""),
        ("crates/rules/tests/it/main.rs", "mod bills;"),
        ("crates/rules/tests/it/bills.rs", ""),
        ("crates/rules/benches/kernel.rs", ""),
        ("xtask/src/main.rs", ""),
    ];
    keeps(check, &alive);
    let with = |path| alive.iter().copied().chain([(path, "")]).collect::<Vec<_>>();
    for dead in [
        "crates/rules/src/c.rs",
        "crates/rules/src/b.rs",
        "crates/rules/tests/it/more.rs",
        "xtask/src/x.rs",
        "loose.rs",
    ] {
        breaks(check, &with(dead), &[&format!("{dead}:1")]);
    }
    breaks(check, &with("crates/rules/src/a/mod.rs"), &["crates/rules/src/a/mod.rs:1"]);
}

#[test]
fn files_are_small() {
    let check = sizes::files_are_small;
    keeps(check, &[("xtask/src/a.rs", &"\n".repeat(600)), ("docs/a.md", &"\n".repeat(5000))]);
    breaks(check, &[("web/src/a.tsx", &"\n".repeat(601))], &["web/src/a.tsx:601"]);
}

#[test]
fn every_page_is_linked() {
    let check = documents::every_page_is_linked;
    keeps(check, &[("README.md", "[a](docs/a.md#part)"), ("docs/a.md", "[b](b.md)"), ("docs/b.md", "")]);
    breaks(check, &[("README.md", "[a](docs/a.md)"), ("docs/a.md", ""), ("docs/b.md", "")], &["docs/b.md:1"]);
}

#[test]
fn no_link_is_broken() {
    let check = documents::no_link_is_broken;
    keeps(
        check,
        &[
            ("docs/a.md", "[r](../README.md) [w](https://x.example/y.md) [l](../LICENSE) [h](#here)"),
            ("README.md", ""),
        ],
    );
    breaks(check, &[("README.md", "fine\n[a](docs/gone.md)\n")], &["README.md:2"]);
}

#[test]
fn glossary_names_exist() {
    let check = documents::glossary_names_exist;
    let glossary = "| 中文 | English | where |\n| 金额 | money, `not read` | `Money` |\n| 户号 | account | table `account` |\n";
    let code = ("crates/rules/src/units.rs", "pub struct Money(i64);");
    let schema = ("crates/store/migrations/V1__a.sql", "CREATE TABLE account (");
    keeps(check, &[("docs/glossary.md", glossary), code, schema]);
    breaks(check, &[("docs/glossary.md", glossary), code], &["docs/glossary.md:3"]);
}

#[test]
fn no_waived_checks_in_the_console() {
    let check = words::no_waived_checks_in_the_console;
    keeps(check, &[("web/src/a.ts", "test(\"adds\", () => {});\n"), ("crates/x/src/a.rs", "// TODO\n")]);
    breaks(
        check,
        &[("web/src/a.tsx", "// fine\n// @ts-ignore\n"), ("web/browser/b.test.ts", "test.only(\"one\");\n")],
        &["web/browser/b.test.ts:1", "web/src/a.tsx:2"],
    );
}

#[test]
fn generated_types_are_not_read() {
    let tree = Tree::load(&crate::shell::root()).unwrap();
    assert!(tree.files().iter().all(|file| !file.path.ends_with(".d.ts")));
}
