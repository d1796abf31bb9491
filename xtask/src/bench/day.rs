//! The business day with everything due, on both databases.

use crate::demo::fresh_database;
use crate::postgres::{Cluster, Purpose};
use crate::shell::{output, program};
use anyhow::Context as _;
use serde_json::Value;
use std::path::Path;

/// Runs the day on SQLite, and on a durable PostgreSQL cluster with one and two workers; returns the table.
pub fn measure(binary: &Path, accounts: u32) -> anyhow::Result<String> {
    let mut table = String::from(
        "| business day | accounts | seconds | memory MiB | ratio to raw writes | stages |\n\
         | --- | ---: | ---: | ---: | ---: | --- |\n",
    );
    let sqlite = fresh_database("bench.db")?;
    table.push_str(&one(binary, "SQLite", &sqlite, accounts, 1)?);
    fresh_database("bench.db")?;
    for workers in [1, 2] {
        let cluster = Cluster::start(Purpose::Bench)?;
        let name = format!("PostgreSQL, workers: {workers}");
        table.push_str(&one(binary, &name, &cluster.url(), accounts, workers)?);
    }
    table.push('\n');
    Ok(table)
}

fn one(binary: &Path, name: &str, db: &str, accounts: u32, workers: u32) -> anyhow::Result<String> {
    eprintln!("{name} …");
    let accounts = accounts.to_string();
    let workers = workers.to_string();
    let mut command = program(&binary.to_string_lossy());
    command.args(["--db", db, "bench", "day", "--json", "--accounts", &accounts, "--workers", &workers]);
    let report: Value =
        serde_json::from_str(&output(&mut command)?).context("`denghuo bench day` told no JSON")?;
    Ok(row(name, &report))
}

fn row(name: &str, report: &Value) -> String {
    let number = |key: &str, decimals: usize| {
        report[key].as_f64().map_or_else(|| "–".to_owned(), |value| format!("{value:.decimals$}"))
    };
    let stages: Vec<String> = report["stages"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(stage, seconds)| Some(format!("{stage} {:.1}", seconds.as_f64()?)))
        .collect();
    format!(
        "| {name} | {} | {} | {} | {} | {} |\n",
        number("accounts", 0),
        number("seconds", 1),
        number("peak_rss_mib", 0),
        number("ratio_to_raw_writes", 2),
        stages.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::row;
    use serde_json::json;

    #[test]
    fn a_row_shows_what_the_report_tells_and_a_dash_for_the_rest() {
        let report = json!({ "accounts": 1000, "seconds": 1.25, "ratio_to_raw_writes": 1.5, "stages": { "bill": 0.7 } });
        assert_eq!(row("SQLite", &report), "| SQLite | 1000 | 1.2 | – | 1.50 | bill 0.7 |\n");
    }
}
