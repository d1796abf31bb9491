//! 模拟: a town from one seed. The same seed makes the same town and the same books, on either database, whatever the
//! order of the work: every lot is drawn from a stream of its own, and no clock is read.

mod agree;
mod aims;
mod build;
mod class;
mod court;
mod cuts;
mod fate;
mod fault;
mod life;
mod meters;
mod money;
mod oversight;
mod payer;
mod post;
mod recovery;
mod resident;
mod usage;
mod voices;

pub use build::Town;
pub use class::{Class, next_size};
pub use fault::Fault;
pub use life::simulate;
pub use payer::Payer;
pub use resident::{Event, Resident};

use denghuo_rules::calendar::Month;
use jiff::civil::{Date, date};

/// The town that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// Accounts.
    pub accounts: i64,
    /// Months of history.
    pub months: u16,
    /// The last day of the history, the end of a month.
    pub until: Date,
}

impl Plan {
    /// A town whose history ends with August 2026, the month of the published price tables.
    #[must_use]
    pub const fn new(seed: u64, accounts: i64, months: u16) -> Self {
        Self { seed, accounts, months, until: date(2026, 8, 31) }
    }

    /// The first month of the history.
    #[must_use]
    pub fn first_month(&self) -> Month {
        Month::of(self.until).plus(1 - i32::from(self.months))
    }
}
