//! Print runs of ten thousand notices: a PDF each, and one file for the printer.

use crate::shell::{cargo, output};
use anyhow::Context as _;
use serde_json::Value;
use std::fmt::Write as _;

const PAPERS: &str = "10000";
const HEAD: &str = "| papers | count | seconds | seconds of all cores | a second | KiB each | peak memory, MiB |\n\
    | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n";

/// Prints the customer's part of the demand and returns the table.
pub fn measure() -> anyhow::Result<String> {
    crate::setup::chinese_fonts()?;
    let mut text = HEAD.to_owned();
    for (way, name) in [("each", "demand, a PDF each"), ("joined", "demand, one file")] {
        let line = output(cargo().args([
            "run",
            "--quiet",
            "--release",
            "--locked",
            "--package",
            "denghuo-papers",
            "--example",
            "print_run",
            "--",
            way,
            "demand",
            PAPERS,
        ]))?;
        let told: Value = serde_json::from_str(&line).context("print_run told no JSON")?;
        text.push_str(&row(name, &told).context("print_run told no figures")?);
    }
    text.push('\n');
    Ok(text)
}

fn row(name: &str, told: &Value) -> Option<String> {
    let figure = |key: &str| told[key].as_f64();
    let (papers, seconds) = (figure("papers")?, figure("millis")? / 1000.0);
    let mut text = String::new();
    writeln!(
        text,
        "| {name} | {papers:.0} | {seconds:.1} | {:.1} | {:.0} | {:.1} | {:.0} |",
        figure("cpu_millis").unwrap_or_default() / 1000.0,
        papers / seconds,
        figure("bytes")? / 1024.0 / papers,
        figure("peak_kib").unwrap_or_default() / 1024.0
    )
    .ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::row;
    use serde_json::json;

    #[test]
    fn a_row_tells_papers_a_second() {
        let told = json!({ "papers": 100, "millis": 2000, "cpu_millis": 3500, "bytes": 204_800, "peak_kib": 102_400 });
        assert_eq!(row("x", &told).as_deref(), Some("| x | 100 | 2.0 | 3.5 | 50 | 2.0 | 100 |\n"));
    }
}
