//! Checks of what Rust sources say: the outside world, SQL, floats, unfinished work.

use super::rust::{Token, find_sequence};
use super::{File, Finding, Tree};

/// Modules of `std` that reach out of a pure function.
const WORLD: &[&str] = &["fs", "net", "env", "process", "thread", "io", "time"];

/// The rules floor reads no file, clock, variable or socket.
pub fn rules_touch_no_world(tree: &Tree) -> Vec<Finding> {
    let advice = |module: &str| {
        format!(
            "rules are pure: no `std::{module}` here; take the fact as an argument, or do it on the floor above"
        )
    };
    each_product_file(tree, &["rules"], |_, tokens| {
        find_sequence(tokens, &["std", ":", ":"])
            .flat_map(|at| std_modules(&tokens[at + 3..]))
            .filter(|token| WORLD.contains(&token.text.as_str()))
            .map(|token| (token.line, advice(&token.text)))
            .collect()
    })
}

/// What is named right after `std::`: one module, or the heads of a braced list.
fn std_modules(after: &[Token]) -> Vec<&Token> {
    if after.first().is_none_or(|token| token.text != "{") {
        return after.first().into_iter().collect();
    }
    let mut depth = 0;
    let mut heads = Vec::new();
    for pair in after.windows(2) {
        match pair[0].text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(pair[0].text.as_str(), "{" | ",") {
            heads.push(&pair[1]);
        }
    }
    heads
}

/// How a statement in SQL begins.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "UPDATE ",
];

/// Statements stand on the store floor only.
pub fn sql_only_in_store(tree: &Tree) -> Vec<Finding> {
    each_product_file(tree, &["rules", "office", "town", "denghuo", "server"], |_, tokens| {
        tokens
            .iter()
            .filter(|token| token.is_literal && is_sql(&token.text))
            .map(|token| (token.line, "SQL lives in crates/store: add a query there and call it".to_owned()))
            .collect()
    })
}

fn is_sql(literal: &str) -> bool {
    let text = literal.trim_start_matches(['r', '#', '"', ' ', '\n', '\\']);
    SQL.iter().any(|start| text.starts_with(start))
        && (!text.starts_with("UPDATE ") || text.contains(" SET "))
}

/// Files on the floors of money that may name a float, each with its reason.
const FLOAT_READERS: &[&str] = &[
    // A number literal of JSON or TOML arrives as a float and is read through its shortest text.
    "crates/rules/src/units/decimal.rs",
    // The cells of a workbook are floats; each is turned into the decimal text that a person sees in it.
    "crates/office/src/import/workbook.rs",
];

/// No float on the floors that touch amounts.
pub fn no_float_near_amounts(tree: &Tree) -> Vec<Finding> {
    each_product_file(tree, &["rules", "store", "office"], |file, tokens| {
        if FLOAT_READERS.contains(&file.path.as_str()) {
            return Vec::new();
        }
        let advice = "no float near amounts: use Money, Price, Energy or Ratio with a named Rounding";
        let after_dot = |at: usize| at > 0 && tokens[at - 1].text == ".";
        tokens
            .iter()
            .enumerate()
            // In `pair.0.1` the fields of tuples look like a number.
            .filter(|(at, token)| is_float(token) && !after_dot(*at))
            .map(|(_, token)| (token.line, format!("`{}`: {advice}", token.text)))
            .collect()
    })
}

fn is_float(token: &Token) -> bool {
    if !token.is_literal {
        return matches!(token.text.as_str(), "f32" | "f64");
    }
    let is_number = token.text.starts_with(|c: char| c.is_ascii_digit());
    is_number && (token.text.contains('.') || token.text.ends_with("f32") || token.text.ends_with("f64"))
}

/// Nothing is left for later, switched off or waved through, tests included.
pub fn no_unfinished_work(tree: &Tree) -> Vec<Finding> {
    const FORBIDDEN: &[(&[&str], &str)] = &[
        (&["todo", "!"], "finish it, or return a refusal that says what cannot be done"),
        (&["unimplemented", "!"], "finish it, or return a refusal that says what cannot be done"),
        (&["dbg", "!"], "remove the trace"),
        (&["#", "[", "ignore"], "make the test fast enough, or delete it"),
        (&["#", "[", "allow", "("], "follow the lint, or argue in clippy.toml for the whole house"),
        (&["#", "!", "[", "allow", "("], "follow the lint, or argue in clippy.toml for the whole house"),
    ];
    let mut findings = Vec::new();
    for file in tree.ending(".rs") {
        match file.tokens() {
            Ok(tokens) => {
                for (sequence, advice) in FORBIDDEN {
                    findings.extend(find_sequence(&tokens.all, sequence).map(|at| {
                        Finding::new(
                            &file.path,
                            tokens.all[at].line,
                            format!("`{}`: {advice}", sequence.concat()),
                        )
                    }));
                }
            }
            Err(error) => {
                findings.push(Finding::new(&file.path, 1, format!("not readable as Rust: {error}")));
            }
        }
    }
    findings
}

/// What switches off a check of the console or leaves something for later, and what to do instead.
const WAIVED: &[(&str, &str)] = &[
    ("@ts-ignore", "say the type"),
    ("@ts-nocheck", "say the types"),
    ("@ts-expect-error", "say the type"),
    ("test.skip", "make the test run, or delete it"),
    ("test.only", "let every test run"),
    ("test.todo", "write the test"),
    ("describe.skip", "make the tests run, or delete them"),
    ("describe.only", "let every test run"),
    ("TODO", "finish it"),
    ("FIXME", "finish it"),
];

/// Nothing is left for later, switched off or waved through in the console.
pub fn no_waived_checks_in_the_console(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending(".ts").chain(tree.ending(".tsx")) {
        for (at, line) in file.text.lines().enumerate() {
            for (word, advice) in WAIVED.iter().filter(|(word, _)| line.contains(word)) {
                findings.push(Finding::new(&file.path, at + 1, format!("`{word}`: {advice}")));
            }
        }
    }
    findings
}

/// Runs a check over the product sources of some floors; files that are not Rust are reported by another check.
fn each_product_file(
    tree: &Tree,
    floors: &[&str],
    check: impl Fn(&File, &[Token]) -> Vec<(usize, String)>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.ending(".rs") {
        if !file.is_product_source() || !floors.iter().any(|floor| file.is_of_floor(floor)) {
            continue;
        }
        let found = check(file, file.product_tokens());
        findings.extend(found.into_iter().map(|(line, advice)| Finding::new(&file.path, line, advice)));
    }
    findings
}
