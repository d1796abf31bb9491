//! `cargo xtask bench`: the figures of docs/benchmarks.md, measured on this machine.

mod day;
mod kernel;
mod papers;

use crate::shell::{output, program, release_binary, root};
use anyhow::Context as _;

/// What to measure.
#[derive(clap::Args)]
pub struct Args {
    /// Accounts that are billed in the measured day
    #[arg(long, default_value_t = 1_000_000)]
    accounts: u32,
    /// Measure this part alone
    #[arg(long, value_name = "PART", value_parser = ["day", "kernel", "papers"])]
    only: Option<String>,
}

/// Measures, prints the tables, and puts them into the page.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let wants = |part: &str| args.only.as_deref().is_none_or(|only| only == part);
    let mut text = machine();
    if wants("kernel") {
        text.push_str(&kernel::measure()?);
    }
    if wants("day") {
        text.push_str(&day::measure(&release_binary()?, args.accounts)?);
    }
    if wants("papers") {
        text.push_str(&papers::measure()?);
    }
    println!("{text}");
    write_page(&text)
}

const PAGE: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- measured -->\n";
const END: &str = "<!-- /measured -->\n";

/// Puts the tables between the marks of the page.
fn write_page(tables: &str) -> anyhow::Result<()> {
    let path = root().join(PAGE);
    let page = std::fs::read_to_string(&path).with_context(|| format!("cannot read {PAGE}"))?;
    let page =
        between_marks(&page, tables).with_context(|| format!("{PAGE} has lost its marks {BEGIN}{END}"))?;
    std::fs::write(&path, page).with_context(|| format!("cannot write {PAGE}"))
}

fn between_marks(page: &str, tables: &str) -> Option<String> {
    let (head, rest) = page.split_once(BEGIN)?;
    let (_, tail) = rest.split_once(END)?;
    Some(format!("{head}{BEGIN}{tables}{END}{tail}"))
}

/// One line on the machine, because figures mean nothing without it.
fn machine() -> String {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let commit = output(program("git").args(["rev-parse", "--short", "HEAD"])).unwrap_or_default();
    format!("{}, {cores} cores; commit {}.\n\n", model.unwrap_or("unknown processor"), commit.trim())
}

#[cfg(test)]
mod tests {
    use super::between_marks;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let page = "head\n<!-- measured -->\nold\n<!-- /measured -->\ntail\n";
        let expected = "head\n<!-- measured -->\nnew\n<!-- /measured -->\ntail\n";
        assert_eq!(between_marks(page, "new\n").as_deref(), Some(expected));
        assert_eq!(between_marks("no marks", "new\n"), None);
    }
}
