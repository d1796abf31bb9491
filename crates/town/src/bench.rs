//! 基准: a county whose accounts are all read on one day, and the same rows written by a bare loop.
//!
//! The county is made to be billed, not to be believed: homes on annual tiers, one in twelve of them by time of use,
//! one account in fifty a shop by time of use. Every account has a year of history, so that every check has something
//! to compare with.

mod county;
mod debtors;
mod history;
mod raw;

pub use county::{CASHIER, County, READ_ON, SMALL_DAY, build};
pub use debtors::{DUN_ON, Evaluation, build_debtors, evaluate, quiet};
pub use history::history_checks;
pub use raw::{RawWrites, raw_writes};
