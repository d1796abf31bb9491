//! 营业日: runs one business day of a town, and tells how far it has come.

use crate::crew::Crew;
use crate::error::TownError;
use denghuo_office::day::{DayOptions, DayReport, Quiet, run_day};
use denghuo_store::Store;
use jiff::civil::Date;

/// Is told how far a town has come.
pub trait Watch {
    /// It begins, with so many days before it.
    fn begin(&self, days: u64);
    /// A day has ended.
    fn day(&self, on: Date);
}

/// Watches nothing.
pub struct Blind;

impl Watch for Blind {
    fn begin(&self, _: u64) {}
    fn day(&self, _: Date) {}
}

/// Runs the business day.
///
/// # Errors
/// A failure of the day.
pub fn run(store: &Store, crew: &Crew<'_>, on: Date) -> Result<DayReport, TownError> {
    Ok(run_day(store, &crew.work("system", on), on, DayOptions::default(), &Quiet)?)
}
