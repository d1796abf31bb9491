//! The web console: its packages, checks and build, and the browser that tests it.

use crate::setup;
use crate::shell::{cargo, must, program, root, target_dir};
use std::process::Command;

/// npm in the folder of the console.
fn npm(arguments: &[&str]) -> Command {
    let mut command = program("npm");
    command.current_dir(root().join("web")).args(arguments);
    command
}

/// The packages exactly as the lock file names them.
pub fn packages() -> anyhow::Result<()> {
    setup::node()?;
    must(&mut npm(&["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

/// Builds the console into `web/dist`, where a release build embeds it.
pub fn build() -> anyhow::Result<()> {
    packages()?;
    must(&mut npm(&["run", "build", "--silent"]))
}

/// The step `web`: format, lints, types, unit tests, build.
pub fn check() -> anyhow::Result<()> {
    packages()?;
    must(&mut npm(&["run", "check", "--silent"]))?;
    must(&mut npm(&["test", "--silent"]))?;
    must(&mut npm(&["run", "build", "--silent"]))
}

/// The step `browser`: real tasks in Chromium, on a program that serves a town.
pub fn browse() -> anyhow::Result<()> {
    browser("tasks")
}

/// Every page as every role, and the pictures of the manual.
pub fn browse_pages() -> anyhow::Result<()> {
    browser("pages")
}

fn browser(part: &str) -> anyhow::Result<()> {
    setup::chromium()?;
    setup::chinese_fonts()?;
    setup::nextest()?;
    if !root().join("web/dist/index.html").exists() {
        build()?;
    }
    // As the tests build it: with the features of another selection every dependency would be compiled once more.
    must(cargo().args(["nextest", "run", "--cargo-quiet", "--locked", "--workspace", "--no-run"]))?;
    let binary = target_dir().join("debug").join("denghuo");
    must(npm(&["run", "browser", "--silent"]).env("DENGHUO_BIN", binary).env("DENGHUO_BROWSER_PART", part))
}
