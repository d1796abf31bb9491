//! 催费工作清单: whom a collector turns to first: value × chance × deadline, in whole numbers, with the reasons told.

use crate::calendar::days_between;
use crate::derivation::{Bilingual, Step};
use crate::units::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// The topic in the book.
pub const TOPIC: &str = "worklist";

/// 金额分档: from this value on, so many points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueBand {
    /// The value.
    pub from: Money,
    /// Points.
    pub points: i64,
}

/// 期限分档: when something has to happen within so many days, this weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineBand {
    /// Days at most.
    pub within: i64,
    /// Weight.
    pub weight: i64,
}

/// 工作清单权重: parameters of the topic `worklist`. Chances are in thousandths.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorklistRules {
    /// From large to small; the last one from 0.
    pub values: Vec<ValueBand>,
    /// Chance of a debtor of whom nothing else is known.
    pub chance: i64,
    /// Added when the customer has paid within the last year.
    pub paid_lately: i64,
    /// Taken off when nobody can be reached.
    pub no_contact: i64,
    /// Taken off for every broken promise or plan.
    pub broken: i64,
    /// Taken off for every 30 days overdue.
    pub per_30_days: i64,
    /// Never less.
    pub chance_min: i64,
    /// From near to far; the last one is for no deadline.
    pub deadlines: Vec<DeadlineBand>,
}

/// What is known of a debtor on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkFacts {
    /// Overdue principal.
    pub value: Money,
    /// Last payment day of the oldest overdue bill.
    pub due_on: Date,
    /// Paid within the last year?
    pub paid_lately: bool,
    /// Has a contact?
    pub has_contact: bool,
    /// Broken promises and plans.
    pub broken: i64,
    /// The nearest day by which something has to be done.
    pub deadline_on: Option<Date>,
}

/// 排序分: the product, with what it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Score {
    /// value × chance × deadline.
    pub score: i64,
    /// Points of the value.
    pub value: i64,
    /// Chance in thousandths.
    pub chance: i64,
    /// Weight of the deadline.
    pub deadline: i64,
    /// The reasons.
    pub why: Vec<Bilingual>,
}

impl WorklistRules {
    /// The score of a debtor on a day.
    #[must_use]
    pub fn score(&self, facts: &WorkFacts, day: Date) -> Score {
        let mut why = Vec::new();
        let mut tell = |zh: String, en: String| why.push(Step::new("worklist", zh, en).text);
        let value = self.values.iter().find(|band| facts.value >= band.from).map_or(0, |band| band.points);
        tell(
            format!("欠费{}元,{value}分", facts.value),
            format!("{} yuan overdue: {value} points", facts.value),
        );
        let overdue = days_between(facts.due_on, day).max(0);
        let mut chance = self.chance - self.per_30_days * (overdue / 30);
        tell(
            format!("逾期{overdue}天,可能性{chance}‰"),
            format!("{overdue} days overdue: chance {chance} in a thousand"),
        );
        if facts.paid_lately {
            chance += self.paid_lately;
            tell("一年内缴过费".to_owned(), "has paid within a year".to_owned());
        }
        if !facts.has_contact {
            chance -= self.no_contact;
            tell("没有联系方式".to_owned(), "no contact is known".to_owned());
        }
        if facts.broken > 0 {
            chance -= self.broken * facts.broken;
            tell(format!("违约{}次", facts.broken), format!("broke {} promises or plans", facts.broken));
        }
        let chance = chance.clamp(self.chance_min, 1_000);
        let left = facts.deadline_on.map(|on| days_between(day, on));
        let near = |band: &&DeadlineBand| left.is_some_and(|left| left <= band.within);
        let band = self.deadlines.iter().find(near).or(self.deadlines.last());
        let deadline = band.map_or(1, |band| band.weight);
        if let (Some(on), Some(left)) = (facts.deadline_on, left) {
            tell(format!("{on}前须办理(还有{left}天)"), format!("to be done by {on} ({left} days left)"));
        }
        Score { score: value * chance * deadline, value, chance, deadline, why }
    }
}
