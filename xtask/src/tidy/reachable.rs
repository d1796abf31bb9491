//! No dead files: every Rust file is a crate's root or declared by the module above it.

use super::rust::Token;
use super::{Finding, Tree};
use std::collections::BTreeSet;

/// Every Rust file is reached from a crate root, and no module is a `mod.rs`.
pub fn no_dead_rust_files(tree: &Tree) -> Vec<Finding> {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut queue: Vec<String> =
        tree.ending(".rs").map(|f| f.path.clone()).filter(|path| is_root(path)).collect();
    while let Some(path) = queue.pop() {
        let Some(file) = tree.get(&path) else { continue };
        if reached.insert(path) {
            let folder = folder_of_children(&file.path);
            let tokens = file.tokens().map(|tokens| tokens.all.as_slice()).unwrap_or_default();
            queue.extend(declared_modules(tokens).map(|name| format!("{folder}{name}.rs")));
        }
    }
    tree.ending(".rs")
        .filter_map(|file| {
            if file.path.ends_with("/mod.rs") {
                let better = file.path.replace("/mod.rs", ".rs");
                return Some(Finding::new(&file.path, 1, format!("name it `{better}`")));
            }
            let advice = "no crate root reaches this file: declare it with `mod`, or delete it";
            (!reached.contains(&file.path)).then(|| Finding::new(&file.path, 1, advice))
        })
        .collect()
}

/// `src/lib.rs`, `src/main.rs`, `src/bin/x.rs`, `tests/x.rs`, `tests/it/main.rs`, `benches/x.rs`, `build.rs`.
fn is_root(path: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    let in_crate = match parts.first() {
        Some(&"crates") => parts.split_off(2.min(parts.len())),
        Some(&"xtask") => parts.split_off(1),
        _ => return false,
    };
    matches!(
        in_crate.as_slice(),
        ["build.rs"]
            | ["src", "lib.rs" | "main.rs"]
            | ["src", "bin", _]
            | ["src", "bin", _, "main.rs"]
            | ["tests" | "benches" | "examples", _]
            | ["tests" | "benches" | "examples", _, "main.rs"]
    )
}

/// Where the modules that a file declares stand: beside a root, below any other file.
fn folder_of_children(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if is_root(path) { format!("{folder}/") } else { format!("{folder}/{}/", name.trim_end_matches(".rs")) }
}

/// The names in `mod name;`.
fn declared_modules(tokens: &[Token]) -> impl Iterator<Item = &str> {
    tokens
        .windows(3)
        .filter(|window| window[0].text == "mod" && window[2].text == ";")
        .map(|window| window[1].text.as_str())
}
