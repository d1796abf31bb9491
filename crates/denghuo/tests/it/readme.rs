//! The READMEs tell of every command, in both languages.

use std::collections::BTreeSet;
use std::process::Command;

/// The commands that `denghuo --help` lists.
fn commands() -> BTreeSet<String> {
    let output =
        Command::new(env!("CARGO_BIN_EXE_denghuo")).arg("--help").output().expect("the program starts");
    let help = String::from_utf8(output.stdout).expect("the help is UTF-8");
    help.lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The commands that have a row in the table of a page.
fn rows(page: &str) -> BTreeSet<String> {
    page.lines()
        .filter_map(|line| line.strip_prefix("| `denghuo ")?.split('`').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_has_a_row_in_both_languages() {
    let english = rows(include_str!("../../../../README.md"));
    let chinese = rows(include_str!("../../../../README.zh-CN.md"));
    assert_eq!(english, chinese, "README.md and README.zh-CN.md list the same commands");
    let commands = commands();
    assert!(commands.contains("init"), "the help lists its commands: {commands:?}");
    let missing: Vec<_> = commands.difference(&english).collect();
    assert!(missing.is_empty(), "add a row to README.md and README.zh-CN.md for {missing:?}");
}
