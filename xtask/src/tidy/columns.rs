//! The grid of ARCHITECTURE.md: a column has the same name on every floor.

use super::{Finding, Tree};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = "ARCHITECTURE.md";

/// Every top module of the rules, store and office floors is a column, a foundation, or named as the floor's own.
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

/// `crates/store/src/billing.rs` is `("store", "billing")`; nothing else is a top module.
fn top_module(path: &str) -> Option<(&str, &str)> {
    let (floor, rest) = path.strip_prefix("crates/")?.split_once("/src/")?;
    let module = rest.strip_suffix(".rs")?;
    let is_root = matches!(module, "lib" | "main" | "tests") || module.contains('/');
    (["rules", "store", "office"].contains(&floor) && !is_root).then_some((floor, module))
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
