//! Checks of who depends on whom.

use super::{File, Finding, Tree};

/// What the rules floor may use: text in, values out, nothing that reaches the world.
const RULES_MAY_USE: &[&str] = &["jiff", "schemars", "serde", "serde_json", "thiserror", "toml"];
/// Databases and their migrations.
const DRIVERS: &[&str] = &["postgres", "refinery", "rusqlite", "tokio-postgres", "diesel", "sqlx", "sea-orm"];

/// Which floors a floor may use.
const FLOORS: &[(&str, &[&str])] = &[
    ("rules", &[]),
    ("store", &["rules"]),
    ("office", &["rules", "store"]),
    ("papers", &[]),
    ("town", &["rules", "store", "office"]),
    ("server", &["rules", "store", "office"]),
    ("denghuo", &["rules", "store", "office", "town", "papers", "server"]),
];

/// A floor uses the floors below it only.
pub fn floors_use_those_below(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in tree.ending("/Cargo.toml").filter(|file| file.path.starts_with("crates/")) {
        let Some((floor, below)) = FLOORS.iter().find(|(floor, _)| manifest.is_of_floor(floor)) else {
            let advice = "a new floor: say in xtask/src/tidy/dependencies.rs which floors it may use";
            findings.push(Finding::new(&manifest.path, 1, advice));
            continue;
        };
        for (line, name) in dependencies(manifest) {
            if name.strip_prefix("denghuo-").is_some_and(|used| !below.contains(&used)) {
                let advice = format!("`{floor}` may not use `{name}`: the floors are a one-way stair");
                findings.push(Finding::new(&manifest.path, line, advice));
            }
        }
    }
    findings
}

/// The rules floor depends on nothing that does I/O.
pub fn rules_depend_on_no_io(tree: &Tree) -> Vec<Finding> {
    let Some(manifest) = tree.get("crates/rules/Cargo.toml") else { return Vec::new() };
    dependencies(manifest)
        .into_iter()
        .filter(|(_, name)| !RULES_MAY_USE.contains(&name.as_str()))
        .map(|(line, name)| {
            let advice = "rules are pure; put what needs it on another floor, or argue for it in \
                          xtask/src/tidy/dependencies.rs";
            Finding::new(&manifest.path, line, format!("`{name}`: {advice}"))
        })
        .collect()
}

/// Only the store floor depends on a database driver.
pub fn drivers_only_in_store(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in tree.ending("/Cargo.toml").filter(|file| !file.is_of_floor("store")) {
        for (line, name) in dependencies(manifest) {
            if DRIVERS.contains(&name.as_str()) {
                let advice = format!("`{name}`: only crates/store talks to databases");
                findings.push(Finding::new(&manifest.path, line, advice));
            }
        }
    }
    findings
}

/// Names under `[dependencies]` and `[build-dependencies]`, with the line that names them.
fn dependencies(manifest: &File) -> Vec<(usize, String)> {
    let Ok(table) = manifest.text.parse::<toml::Table>() else {
        return vec![(1, "(not readable as TOML)".to_owned())];
    };
    ["dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| table.get(*section)?.as_table())
        .flat_map(toml::Table::keys)
        .map(|name| (line_of(&manifest.text, name), name.clone()))
        .collect()
}

fn line_of(text: &str, key: &str) -> usize {
    text.lines()
        .position(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(['.', ' ', '='])))
        .map_or(1, |at| at + 1)
}
