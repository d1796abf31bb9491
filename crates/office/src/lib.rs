//! The work of each column, and the business day.

pub mod billing;
pub mod day;
pub mod error;
pub mod import;
pub mod metering;
pub mod rulebook;
pub mod verify;
pub mod work;
