//! 突出、集中问题: what many customers speak of, found by the desk itself.
//!
//! Two finders read the tickets of a window: one puts together what speaks of the same thing, the other looks where more is said than usual.
//! Everything is counted in integers and depends on the tickets and the rule alone.

mod burst;
mod care;
mod cause;
mod cluster;
mod effect;
mod find;
mod join;
mod rank;
#[cfg(test)]
mod tests;
mod twins;
mod words;

pub use burst::{Burst, BurstRule, bursts};
pub use care::{CareRefusal, CareRule, ProblemDeed, ProblemState, ProblemWanted, check_care, level_wanted};
pub use cause::{Cause, CauseRule, Dimension, Share, causes};
pub use cluster::{Likeness, topics};
pub use effect::{Effect, effect, weekly};
pub use find::{Found, FoundBy, Placed, Told, find, place};
pub use rank::{RankRule, Standing, standing};
pub use words::{Voice, Word, word_of};

use crate::rulebook::Rule;
use jiff::civil::{Date, date};
use serde::Deserialize;

/// 问题发现规则: parameters of the topic `service_problems`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemRule {
    /// Days that are looked back.
    pub window_days: u16,
    /// Persons that make a problem.
    pub least_people: u32,
    /// When two speak of the same thing.
    pub likeness: Likeness,
    /// When more is said than usual.
    pub burst: BurstRule,
    /// Which problem comes first.
    pub rank: RankRule,
    /// What may lie behind it.
    pub cause: CauseRule,
}

impl ProblemRule {
    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        let burst = u32::from(params.burst.period_days) * (u32::from(params.burst.usual_periods) + 1);
        if params.burst.period_days == 0 || params.burst.usual_periods == 0 {
            return Err("a burst has a period and periods before it".to_owned());
        }
        if u32::from(params.window_days) < burst {
            return Err(format!("the window does not hold the {burst} days that a burst is measured by"));
        }
        if params.least_people < 2 {
            return Err("one person is no problem of many".to_owned());
        }
        Ok(())
    }
}

/// A day as a number, for counting.
#[must_use]
pub fn day_number(day: Date) -> i32 {
    i32::try_from(crate::calendar::days_between(date(1970, 1, 1), day)).unwrap_or(i32::MAX)
}

/// The day of a number.
#[must_use]
pub fn day_of_number(number: i32) -> Date {
    crate::calendar::plus_days(date(1970, 1, 1), i64::from(number))
}
