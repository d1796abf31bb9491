//! The house rules that neither the compiler nor clippy can see, as checks over the text of the checkout.
//!
//! Each check is a function from the [`Tree`] to its findings. To add one, write the function, put it in [`CHECKS`],
//! and give it a case that passes and one that does not in `tidy/tests.rs`.

mod columns;
mod dependencies;
mod documents;
mod reachable;
mod rust;
mod sizes;
#[cfg(test)]
mod tests;
mod tree;
mod words;

use anyhow::bail;
use std::fmt;
pub use tree::{File, Tree};

/// A place that breaks a rule, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    line: usize,
    advice: String,
}

impl Finding {
    fn new(path: &str, line: usize, advice: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, advice: advice.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.advice)
    }
}

type Check = fn(&Tree) -> Vec<Finding>;

/// All checks.
const CHECKS: &[Check] = &[
    dependencies::rules_depend_on_no_io,
    dependencies::drivers_only_in_store,
    dependencies::floors_use_those_below,
    words::rules_touch_no_world,
    words::sql_only_in_store,
    words::no_float_near_amounts,
    words::no_unfinished_work,
    words::no_waived_checks_in_the_console,
    columns::modules_have_their_names,
    columns::no_two_columns_use_each_other,
    reachable::no_dead_rust_files,
    sizes::files_are_small,
    documents::every_page_is_linked,
    documents::no_link_is_broken,
    documents::glossary_names_exist,
];

/// Every finding in a tree, sorted.
fn findings(tree: &Tree) -> Vec<Finding> {
    let mut all: Vec<Finding> = CHECKS.iter().flat_map(|check| check(tree)).collect();
    all.sort();
    all
}

/// Checks this checkout and tells each finding as `file:line: what to do`.
pub fn run() -> anyhow::Result<()> {
    let tree = Tree::load(&crate::shell::root())?;
    let found = findings(&tree);
    for finding in &found {
        eprintln!("{finding}");
    }
    if !found.is_empty() {
        bail!("{} places break the house rules", found.len());
    }
    println!("{} files keep the {} house rules", tree.files().len(), CHECKS.len());
    Ok(())
}
