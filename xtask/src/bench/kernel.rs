//! The calculation kernel, by criterion.

use crate::shell::{cargo, must, target_dir};
use anyhow::Context as _;
use serde_json::Value;
use std::path::Path;

/// Runs the kernel's benches and returns their table.
pub fn measure() -> anyhow::Result<String> {
    let results = target_dir().join("criterion");
    if results.exists() {
        std::fs::remove_dir_all(&results).with_context(|| format!("cannot delete {}", results.display()))?;
    }
    must(cargo().args(["bench", "--locked", "--package", "denghuo-rules", "--benches"]))?;
    let mut rows = Vec::new();
    collect(&results, &mut rows)?;
    rows.sort();
    Ok(format!("| kernel, one core | time each | per second |\n| --- | ---: | ---: |\n{}\n", rows.concat()))
}

/// One row per bench below a folder of criterion's results.
fn collect(folder: &Path, rows: &mut Vec<String>) -> anyhow::Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        if entry.file_name() != "new" {
            collect(&entry.path(), rows)?;
            continue;
        }
        let read = |name: &str| -> anyhow::Result<Value> {
            let path = entry.path().join(name);
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok(serde_json::from_str(&text)?)
        };
        rows.extend(row(&read("benchmark.json")?, &read("estimates.json")?));
    }
    Ok(())
}

/// A row from criterion's two files; a bench over many elements counts each.
fn row(benchmark: &Value, estimates: &Value) -> Option<String> {
    let id = benchmark["full_id"].as_str()?;
    let nanoseconds = estimates["median"]["point_estimate"].as_f64()?;
    let elements = benchmark["throughput"]["Elements"].as_f64().unwrap_or(1.0);
    let each = nanoseconds / elements;
    Some(format!("| {id} | {each:.0} ns | {:.0} |\n", 1e9 / each))
}

#[cfg(test)]
mod tests {
    use super::row;
    use serde_json::json;

    #[test]
    fn a_row_counts_elements() {
        let estimates = json!({ "median": { "point_estimate": 5000.0 } });
        let many = json!({ "full_id": "bill/tiers", "throughput": { "Elements": 20 } });
        assert_eq!(row(&many, &estimates).as_deref(), Some("| bill/tiers | 250 ns | 4000000 |\n"));
        let one = json!({ "full_id": "year", "throughput": null });
        assert_eq!(row(&one, &estimates).as_deref(), Some("| year | 5000 ns | 200000 |\n"));
        assert_eq!(row(&json!({}), &estimates), None);
    }
}
