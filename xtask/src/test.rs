//! `cargo xtask test`: every check, in an order that fails early, each step timed.

use crate::postgres::{Cluster, Purpose};
use crate::shell::{cargo, must, root};
use crate::{api, console, setup, tidy};
use anyhow::{Context as _, bail};
use std::time::{Duration, Instant};

/// Which checks.
#[derive(clap::Args)]
pub struct Args {
    /// Run this step alone; an unknown name is answered with all of them
    #[arg(long, value_name = "STEP", conflicts_with = "from")]
    only: Option<String>,
    /// Start with this step
    #[arg(long, value_name = "STEP")]
    from: Option<String>,
}

struct Step {
    name: &'static str,
    run: fn() -> anyhow::Result<()>,
}

/// The checks in their order. The tests come last, so that their count closes the output.
const STEPS: &[Step] = &[
    Step { name: "format", run: format },
    Step { name: "clippy", run: clippy },
    Step { name: "tidy", run: tidy::run },
    Step { name: "doc", run: doc },
    Step { name: "doctests", run: doctests },
    Step { name: "web", run: console::check },
    Step { name: "browser", run: console::browse },
    Step { name: "api", run: api::check },
    Step { name: "tests", run: tests },
];

/// Longer looks that are asked for by name: they are no part of the whole.
const ASIDE: &[Step] = &[Step { name: "pages", run: console::browse_pages }];

/// Runs the steps asked for and stops at the first that fails.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut timings = Vec::new();
    setup::components()?;
    for step in chosen(STEPS, args)? {
        println!("── {} ──", step.name);
        let step_began = Instant::now();
        (step.run)()
            .with_context(|| format!("the step `{0}` failed; `cargo xtask test --only {0}`", step.name))?;
        let took = seconds(step_began.elapsed());
        println!("   {took}");
        timings.push(format!("{} {took}", step.name));
    }
    println!("all well in {}: {}", seconds(began.elapsed()), timings.join(", "));
    Ok(())
}

/// The steps that the arguments leave.
fn chosen<'a>(steps: &'a [Step], args: &Args) -> anyhow::Result<&'a [Step]> {
    if let Some(aside) = args.only.as_ref().and_then(|name| ASIDE.iter().position(|step| step.name == name)) {
        return Ok(&ASIDE[aside..=aside]);
    }
    let Some(name) = args.only.as_ref().or(args.from.as_ref()) else { return Ok(steps) };
    let Some(first) = steps.iter().position(|step| step.name == name) else {
        let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
        bail!("there is no step `{name}`; the steps are {}", names.join(", "));
    };
    Ok(if args.only.is_some() { &steps[first..=first] } else { &steps[first..] })
}

fn format() -> anyhow::Result<()> {
    must(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> anyhow::Result<()> {
    must(cargo().args([
        "clippy",
        "--quiet",
        "--locked",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn doc() -> anyhow::Result<()> {
    must(
        cargo()
            .args(["doc", "--quiet", "--locked", "--workspace", "--no-deps", "--document-private-items"])
            // Our pages are always made with private items, so links to them lead somewhere.
            .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"),
    )
}

/// The examples in doc comments; usually there are none, and the step costs nothing.
fn doctests() -> anyhow::Result<()> {
    let tree = tidy::Tree::load(&root())?;
    if tree.ending(".rs").any(|file| has_example(&file.text)) {
        return must(cargo().args(["test", "--quiet", "--locked", "--workspace", "--doc"]));
    }
    println!("none");
    Ok(())
}

/// True when a doc comment has a block of Rust, which rustdoc would run.
fn has_example(text: &str) -> bool {
    let mut fences = text.lines().filter_map(|line| {
        let line = line.trim_start();
        let words =
            line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?.trim().strip_prefix("```")?;
        Some(words.to_owned())
    });
    // Fences come in pairs; the first of a pair names the language.
    while let Some(opening) = fences.next() {
        if opening.is_empty() || opening.starts_with("rust") || opening.starts_with("no_run") {
            return true;
        }
        fences.next();
    }
    false
}

/// All tests, on SQLite and on a PostgreSQL cluster of their own.
fn tests() -> anyhow::Result<()> {
    setup::nextest()?;
    let python = setup::peers()?;
    setup::chinese_fonts()?;
    let cluster = Cluster::start(Purpose::Tests)?;
    let mut tests = cargo();
    tests.args(["nextest", "run", "--locked", "--workspace"]);
    must(tests.env("DENGHUO_TEST_PG", cluster.url()).env("DENGHUO_TEST_PYTHON", python))
}

fn seconds(duration: Duration) -> String {
    format!("{}.{} s", duration.as_secs(), duration.subsec_millis() / 100)
}

#[cfg(test)]
mod tests {
    use super::{Args, STEPS, chosen, has_example};

    fn names(only: Option<&str>, from: Option<&str>) -> Option<Vec<&'static str>> {
        let args = Args { only: only.map(str::to_owned), from: from.map(str::to_owned) };
        Some(chosen(STEPS, &args).ok()?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn steps_are_chosen_by_name() {
        assert_eq!(names(None, None).unwrap().len(), STEPS.len());
        assert_eq!(names(Some("tidy"), None).unwrap(), ["tidy"]);
        assert_eq!(names(None, Some("doctests")).unwrap(), ["doctests", "web", "browser", "api", "tests"]);
        assert_eq!(names(Some("nothing"), None), None);
    }

    #[test]
    fn only_rust_in_doc_comments_is_an_example() {
        assert!(has_example("/// Words.\n/// ```\n/// let x = 1;\n/// ```\n"));
        assert!(has_example("    //! ```text\n    //! words\n    //! ```\n    //! ```rust\n"));
        assert!(!has_example("/// ```text\n/// words\n/// ```\n// ```\nlet s = \"```\";\n"));
    }
}
