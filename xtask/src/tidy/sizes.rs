//! Files small enough to be read at once. (Functions are measured by clippy.)

use super::{Finding, Tree};

/// The hard limit; 400 is the aim.
const MAX_LINES: usize = 600;

/// No source file is longer than the limit.
pub fn files_are_small(tree: &Tree) -> Vec<Finding> {
    [".rs", ".ts", ".tsx"]
        .iter()
        .flat_map(|ending| tree.ending(ending))
        .filter(|file| file.text.lines().count() > MAX_LINES)
        .map(|file| {
            let advice = format!(
                "{} lines; split it by what it is about (limit {MAX_LINES})",
                file.text.lines().count()
            );
            Finding::new(&file.path, MAX_LINES + 1, advice)
        })
        .collect()
}
