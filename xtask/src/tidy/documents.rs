//! Pages that can be found, and links that lead somewhere.

use super::{Finding, Tree};
use std::collections::BTreeSet;

/// Every page of `docs/` is linked from a page outside it or beside it.
pub fn every_page_is_linked(tree: &Tree) -> Vec<Finding> {
    let linked: BTreeSet<String> = tree
        .ending(".md")
        .flat_map(|page| {
            links(&page.text).into_iter().map(|(_, link)| resolve(&page.path, &link)).collect::<Vec<_>>()
        })
        .collect();
    tree.ending(".md")
        .filter(|page| page.path.starts_with("docs/") && !linked.contains(&page.path))
        .map(|page| Finding::new(&page.path, 1, "no page links here: link it from README.md, or delete it"))
        .collect()
}

/// Every relative link to a page or a source leads to a file of the checkout.
pub fn no_link_is_broken(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in tree.ending(".md") {
        for (line, link) in links(&page.text) {
            let target = resolve(&page.path, &link);
            let is_read = [".md", ".rs", ".toml", ".sql"].iter().any(|ending| target.ends_with(ending));
            if is_read && tree.get(&target).is_none() {
                findings.push(Finding::new(&page.path, line, format!("the link `{link}` leads nowhere")));
            }
        }
    }
    findings
}

const GLOSSARY: &str = "docs/glossary.md";

/// What the third cells of the glossary name in backticks is a word of the sources, of the schema, or of the grid.
pub fn glossary_names_exist(tree: &Tree) -> Vec<Finding> {
    let Some(glossary) = tree.get(GLOSSARY) else { return Vec::new() };
    let sources = [".rs", ".sql", "ARCHITECTURE.md"];
    let known: BTreeSet<&str> = sources
        .iter()
        .flat_map(|ending| tree.ending(ending))
        .flat_map(|file| file.text.split(|c: char| c != '_' && !c.is_ascii_alphanumeric()))
        .collect();
    let mut findings = Vec::new();
    for (at, line) in glossary.text.lines().enumerate() {
        let cell = line.split('|').nth(3).unwrap_or_default();
        for name in cell.split('`').skip(1).step_by(2).filter(|name| !known.contains(name)) {
            let advice = format!("`{name}` is nowhere in the sources: write the name that the code uses now");
            findings.push(Finding::new(GLOSSARY, at + 1, advice));
        }
    }
    findings
}

/// The relative targets of `[text](target)` with their lines, without anchors.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for part in line.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or_default().split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                found.push((at + 1, target.to_owned()));
            }
        }
    }
    found
}

/// A link of a page as a path from the root.
fn resolve(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}
