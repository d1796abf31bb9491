//! `cargo xtask real`: bills the real data sets and reports what came of it.

use crate::demo::fresh_database;
use crate::shell::{must, program, release_binary, root};
use anyhow::bail;

/// Builds the program and runs the report.
pub fn run() -> anyhow::Result<()> {
    let data = "../shared/data";
    if !root().join(data).is_dir() {
        bail!("the real data sets are not here: {data} is absent (they are not part of this repository)");
    }
    let binary = release_binary()?;
    let db = fresh_database("real.db")?;
    must(program(&binary.to_string_lossy()).args(["--db", &db, "real", "--data", data]))
}
