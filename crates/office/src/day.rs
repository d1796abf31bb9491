//! 营业日: the business day. Stages run in order for a date; each selects what is due, works shard by shard with a
//! checkpoint in the shard's own transaction, and ends with counts that add up. A killed run resumes, a repeated run
//! changes nothing, and on PostgreSQL several processes share the shards.

mod preview;
mod report;
mod runner;
mod stages;

pub use preview::{DayPreview, day_preview};
pub use report::{DayReport, StageReport};
pub use runner::{Progress, Quiet, Stage, run_stage};
pub use stages::{DayOptions, DayRefusal, day_check, next_day, run_day};
