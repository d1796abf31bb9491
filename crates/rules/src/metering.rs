//! 抄表核算 (column `metering`): from the registers of meters to the energy of an account, the verdict on a reading,
//! and the verification of a calculated bill.
//!
//! A reading of day D tells the registers at 0:00 of D (日冻结), so the period between two readings is the half-open
//! range of days `[last.on, this.on)`. Registers are kept in dial units (0.0001), before the multiplier.

mod bands;
mod dial;
mod exception;
mod history;
mod parameters;
mod period;
mod provisional;
mod refusal;
mod route;
mod segment;
mod site_check;
mod usage;
mod verdict;
pub(crate) mod verification;

#[cfg(test)]
mod tests;

pub use bands::{Reconciled, reconcile};
pub use dial::{Advance, Dial, RegisterKind, RegisterSet, Source, multiplier};
pub use exception::{Exception, ExceptionSet, Hold, Severity};
pub use history::{Entry, History, Mark};
pub use parameters::{CheckRules, Jump, MeteringRules, ReadingRules, RouteRules, SiteCheckRules};
pub use period::{Gap, Installed, Period, Shown, period};
pub use provisional::{provisional_reading, settled_reading};
pub use refusal::MeteringRefusal;
pub use route::{RouteReading, route_exceptions};
pub use segment::{Segment, segments, split_by_days};
pub use site_check::{CheckClass, is_selected};
pub use usage::{MeterSpan, Metered, account_usage, span_usage};
pub use verdict::{ReadingFacts, judge, judge_missing};
pub use verification::{BillFacts, Findings, Rule, RuleSet, VerificationRules, verify_bill};
