//! The grid of ARCHITECTURE.md: a column has the same name on every floor.

use super::rust::find_sequence;
use super::{Finding, Tree};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = "ARCHITECTURE.md";

/// Every top module of the rules, store, office and server floors is a column, a foundation, or named as the floor's own.
pub fn modules_have_their_names(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.get(PAGE) else {
        return vec![Finding::new(PAGE, 1, "the page with the grid is missing")];
    };
    let mut shared = names_under(&page.text, "### Columns");
    if shared.is_empty() {
        return vec![Finding::new(PAGE, 1, "the table under `### Columns` is missing; this check reads it")];
    }
    shared.extend(names_under(&page.text, "### Foundations"));
    let own = own_modules(&page.text);
    let mut findings = Vec::new();
    for file in tree.ending(".rs") {
        let Some((floor, module)) = top_module(&file.path) else { continue };
        let is_own = own.get(floor).is_some_and(|names| names.contains(module));
        if !is_own && !shared.contains(module) {
            let advice = format!(
                "`{module}` is no column and no module of its own of `{floor}`: give it a column's name, or add it \
                 to {PAGE} under `### Own modules`"
            );
            findings.push(Finding::new(&file.path, 1, advice));
        }
    }
    findings
}

/// On one floor, two columns never use each other: one of them writes a fact, and the other reads it.
pub fn no_two_columns_use_each_other(tree: &Tree) -> Vec<Finding> {
    let columns = tree.get(PAGE).map(|page| names_under(&page.text, "### Columns")).unwrap_or_default();
    let mut uses: BTreeMap<(&str, &str, String), Finding> = BTreeMap::new();
    for file in tree.ending(".rs").filter(|file| file.is_product_source()) {
        let Some((floor, column)) = floor_and_module(&file.path).filter(|(_, m)| columns.contains(*m)) else {
            continue;
        };
        let tokens = file.product_tokens();
        for at in find_sequence(tokens, &["crate", ":", ":"]) {
            let Some(used) = tokens.get(at + 3).filter(|token| columns.contains(&token.text)) else {
                continue;
            };
            let advice = format!(
                "`{column}` and `{}` use each other: let one write a fact that the other reads",
                used.text
            );
            uses.entry((floor, column, used.text.clone()))
                .or_insert_with(|| Finding::new(&file.path, used.line, advice));
        }
    }
    let is_mutual = |(floor, column, used): &(&str, &str, String)| {
        column != used && uses.keys().any(|(f, c, u)| f == floor && c == used && u == column)
    };
    uses.iter().filter(|(key, _)| is_mutual(key)).map(|(_, finding)| finding.clone()).collect()
}

/// `crates/store/src/billing/rows.rs` is `("store", "billing")`.
fn floor_and_module(path: &str) -> Option<(&str, &str)> {
    let (floor, rest) = path.strip_prefix("crates/")?.split_once("/src/")?;
    Some((floor, rest.split('/').next()?.trim_end_matches(".rs")))
}

/// `crates/store/src/billing.rs` is `("store", "billing")`; nothing else is a top module.
fn top_module(path: &str) -> Option<(&str, &str)> {
    let (floor, module) = floor_and_module(path)?;
    let is_top = path.ends_with(&format!("/src/{module}.rs")) && !matches!(module, "lib" | "main" | "tests");
    (["rules", "store", "office", "server"].contains(&floor) && is_top).then_some((floor, module))
}

/// The names in backticks in the first cells of the table under a heading.
fn names_under(page: &str, heading: &str) -> BTreeSet<String> {
    rows_under(page, heading)
        .flat_map(|row| in_backticks(row.split('|').nth(1).unwrap_or_default()))
        .collect()
}

/// Floor → names in the table of own modules: the floor in the first cell, its modules in the second.
fn own_modules(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    rows_under(page, "### Own modules")
        .filter_map(|row| {
            let mut cells = row.split('|').skip(1);
            let floor = in_backticks(cells.next()?).into_iter().next()?;
            Some((floor, in_backticks(cells.next()?).into_iter().collect()))
        })
        .collect()
}

fn rows_under<'a>(page: &'a str, heading: &'a str) -> impl Iterator<Item = &'a str> {
    page.lines()
        .skip_while(move |line| line.trim() != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('#'))
        .filter(|line| line.starts_with('|'))
}

fn in_backticks(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
