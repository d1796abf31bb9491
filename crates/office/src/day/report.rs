//! What a day came to.

use denghuo_rules::units::Money;
use denghuo_store::day::Counts;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The counts of one stage: `due = done + parked`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageReport {
    /// Name of the stage.
    pub stage: String,
    /// What was due.
    pub due: i64,
    /// What was done.
    pub done: i64,
    /// What was set aside with a reason and a task.
    pub parked: i64,
    /// Money that the stage moved.
    pub amount: Money,
}

impl StageReport {
    /// From the counts of the stage's shards.
    #[must_use]
    pub fn new(stage: &str, counts: Counts) -> Self {
        Self {
            stage: stage.to_owned(),
            due: counts.due,
            done: counts.done,
            parked: counts.parked,
            amount: Money(counts.amount_fen),
        }
    }

    /// Do the counts add up?
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.due == self.done + self.parked
    }
}

/// The end report of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReport {
    /// The business date.
    pub date: Date,
    /// Its stages, in order.
    pub stages: Vec<StageReport>,
    /// Money totals by name: billed, released, received, late_fee.
    pub totals: std::collections::BTreeMap<String, Money>,
}

impl DayReport {
    /// The report of one stage.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<&StageReport> {
        self.stages.iter().find(|stage| stage.stage == name)
    }
}
