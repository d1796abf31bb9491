//! 试运行: what a day would do. Every stage runs in one transaction that is taken back, so the figures are those of the real run.

use super::report::{DayReport, StageReport};
use super::runner::Stage;
use super::stages::{Runner, Stages, day_check, report};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_store::Conn;
use denghuo_store::day::{Counts, OpenedTasks, tasks_opened};
use jiff::civil::Date;

/// What a day would come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPreview {
    /// Its report.
    pub report: DayReport,
    /// The tasks that it would open, by kind.
    pub opened: Vec<OpenedTasks>,
}

/// Tries a day, or what is left of it. Nothing is kept. Meanwhile others wait with what they want to write: on the embedded database all,
/// on PostgreSQL those who write to the same accounts.
///
/// # Errors
/// A [`super::DayRefusal`], a missing rule, or a failure of the database.
pub fn day_preview(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    shard: usize,
) -> Result<DayPreview, OfficeError> {
    day_check(conn, work, on)?;
    let stages = Stages::new(conn, work, on)?;
    let before = tasks_opened(conn, on, 0)?;
    conn.trial(|conn| {
        let done = stages.each(&mut Trial { conn, shard })?;
        let report = report(conn, on, done)?;
        let mut opened = tasks_opened(conn, on, 0)?;
        for now in &mut opened {
            now.count -= before.iter().find(|then| then.kind == now.kind).map_or(0, |then| then.count);
        }
        opened.retain(|now| now.count > 0);
        Ok(DayPreview { report, opened })
    })
}

struct Trial<'c> {
    conn: &'c mut Conn,
    shard: usize,
}

impl Runner for Trial<'_> {
    fn stage<S: Stage>(&mut self, stage: &S) -> Result<StageReport, OfficeError> {
        let mut counts = Counts::default();
        for range in stage.plan(self.conn, self.shard.max(1))? {
            let decision = stage.decide(self.conn, range)?;
            counts += stage.write(self.conn, decision)?;
        }
        Ok(StageReport::new(stage.name(), counts))
    }
}
