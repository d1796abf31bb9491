//! 暂停计收: days on which a debt bears no late fee, because what the customer complains of has to be answered first.

use crate::collections::hold::{HoldFact, HoldKind};
use crate::rulebook::{NoRule, Rulebook, Selector};
use jiff::civil::Date;
use serde::Deserialize;

/// The topic in the book.
pub const TOPIC: &str = "late_fee_pause";

/// A stretch of days without a fee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// First day.
    pub from: Date,
    /// Last day; none while it is open.
    pub until: Option<Date>,
    /// Why.
    pub kind: HoldKind,
    /// The rule that says so.
    pub rule: String,
}

impl Pause {
    /// Is the day one of it?
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.touches(day, day)
    }

    /// Has it a day among these?
    #[must_use]
    pub fn touches(&self, first: Date, last: Date) -> bool {
        self.from <= last && self.until.is_none_or(|until| first <= until)
    }
}

/// 暂停计收规则: parameters of the topic `late_fee_pause`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseParams {
    /// Kinds of holds whose days bear no fee.
    pub holds: Vec<HoldKind>,
}

/// The rules of a site, by day. Where the book has none, nothing pauses a fee.
#[derive(Clone, Debug, Default)]
pub struct PauseRules {
    versions: Vec<(Date, Date, PauseParams, String)>,
}

impl PauseRules {
    /// Reads the rules that apply to a site.
    ///
    /// # Errors
    /// A rule's parameters are not of the topic's form.
    pub fn load(book: &Rulebook, selector: &Selector) -> Result<Self, NoRule> {
        let stretches = book.timeline::<PauseParams>(TOPIC, selector)?;
        let versions = stretches
            .into_iter()
            .map(|(from, until, picked)| (from, until, picked.params, picked.rule.id.clone()))
            .collect();
        Ok(Self { versions })
    }

    /// The pauses of a bill out of the holds of its account, each day by the rule in force on it.
    #[must_use]
    pub fn of(&self, bill_no: i64, holds: &[HoldFact]) -> Vec<Pause> {
        let mut pauses = Vec::new();
        for hold in holds.iter().filter(|hold| hold.is_about(bill_no)) {
            for (from, until, params, rule) in &self.versions {
                let first = hold.from_on.max(*from);
                let last = match hold.until_on {
                    None if *until == Date::MAX => None,
                    last => Some(last.unwrap_or(Date::MAX).min(*until)),
                };
                if params.holds.contains(&hold.kind) && last.is_none_or(|last| first <= last) {
                    pauses.push(Pause { from: first, until: last, kind: hold.kind, rule: rule.clone() });
                }
            }
        }
        pauses.sort_by_key(|pause| pause.from);
        pauses
    }
}
