//! 奖金: what a record is worth by the rule of the house, with a cap for each person and a pool for all.

use super::formula::{FormulaRefusal, Part};
use super::measure::WorkRecord;
use super::tree::shared;
use crate::derivation::{Sink, Step};
use crate::registry::words;
use crate::rulebook::Rule;
use crate::units::Money;
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const BONUS_TOPIC: &str = "bonus";

words!(
    /// 奖金表状态
    SheetState {
        /// Made, and not yet seen by a second person.
        Draft = "draft" / "待审批",
        /// A second person agrees.
        Approved = "approved" / "已审批",
        /// A second person does not.
        Rejected = "rejected" / "已退回",
        /// Handed to the pay office; nothing changes any more.
        Frozen = "frozen" / "已封存",
    }
);

/// 奖金规则: the parameters of the topic `bonus`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BonusRule {
    /// What is paid for; the points give fen.
    pub parts: Vec<Part>,
    /// The most for one person.
    pub cap: Money,
    /// The most for a sheet; what is more is cut down in proportion.
    pub pool: Money,
}

impl BonusRule {
    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if params.cap < Money::ZERO || params.pool < Money::ZERO {
            return Err("`cap` and `pool` are not below zero".to_owned());
        }
        if params.parts.is_empty() {
            return Err("a bonus has parts".to_owned());
        }
        params.parts.iter().try_for_each(Part::check)
    }
}

/// What a record is worth: the sum of the parts, never below zero and never above the cap.
///
/// # Errors
/// A part divides by nothing.
pub fn bonus(
    record: &WorkRecord,
    (rule, id): (&BonusRule, &str),
    sink: &mut impl Sink,
) -> Result<Money, FormulaRefusal> {
    let mut sum = Money::ZERO;
    for part in &rule.parts {
        let value = part.value(record)?;
        sum += Money(value.gives);
        sink.step(|| {
            let said = part.sentence(record, value);
            let amount = Money(value.gives);
            Step::new(
                "bonus_part",
                format!("{},计{amount}元", said.zh),
                format!("{}: {amount} yuan", said.en),
            )
            .under(id)
        });
    }
    let amount = sum.clamp(Money::ZERO, rule.cap);
    sink.step(|| {
        let (zh, en) = if amount < sum {
            (format!("合计{sum}元,封顶{amount}元"), format!("{sum} yuan in all, capped at {amount} yuan"))
        } else {
            (format!("合计{amount}元"), format!("{amount} yuan in all"))
        };
        Step::new("bonus_sum", zh, en).under(id)
    });
    Ok(amount)
}

/// The amounts of a sheet within the pool: in proportion, to the fen.
#[must_use]
pub fn pooled(amounts: &[Money], pool: Money) -> Vec<Money> {
    if amounts.iter().copied().sum::<Money>() <= pool {
        return amounts.to_vec();
    }
    let weights: Vec<i64> = amounts.iter().map(|amount| amount.0).collect();
    shared(pool, &weights).unwrap_or_else(|| amounts.to_vec())
}
