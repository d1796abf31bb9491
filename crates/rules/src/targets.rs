//! 指标 (column `targets`): the recovery that a period aims at and how it is shared out, the rates that came of it, what people have done
//! and what it is worth: appraisal (考核) and bonus (奖金).
//!
//! The appraisal stands here and not in `supervision`: it is measured by the same portfolios, periods and expected recovery as the
//! targets, and needs nothing of the audits but their count.

mod appraisal;
mod bonus;
mod forecast;
mod formula;
mod measure;
mod period;
mod segment;
mod tree;

pub use appraisal::{APPRAISAL_TOPIC, AppraisalRule, AppraisalState, Score, score};
pub use bonus::{BONUS_TOPIC, BonusRule, SheetState, bonus, pooled};
pub use forecast::{FORECAST_TOPIC, Forecast, ForecastRule, Past, Standing, forecast};
pub use formula::{FormulaRefusal, Part};
pub use measure::{WorkMeasure, WorkRecord};
pub use period::{BadPeriod, Period};
pub use segment::{Rates, SEGMENT_TOPIC, Segment, SegmentRule, SegmentSum, expected};
pub use tree::{Method, Node, TargetState, TreeRefusal, decompose, shared};

use crate::units::{Money, Rounding};
use serde::Serialize;
use std::fmt;

#[cfg(test)]
mod tests;

/// 百分比: a percentage with one decimal, kept in tenths of a percent: 78.4 % is `Percent(784)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(pub i64);

impl Percent {
    /// `part ÷ whole`, rounded half up to one decimal; `None` when the whole is zero.
    #[must_use]
    pub fn of(part: Money, whole: Money) -> Option<Self> {
        (!whole.is_zero())
            .then(|| Self(Rounding::HalfUp.divide_i128(i128::from(part.0) * 1000, i128::from(whole.0))))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        f.pad(&format!("{sign}{}.{}", self.0.abs() / 10, self.0.abs() % 10))
    }
}

impl Serialize for Percent {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// 应收与实收: what was to be collected and what was, in a period; prior years' parts are inside the totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recovery {
    /// 应收: receivable, prior years' debts inside.
    pub receivable: Money,
    /// 其中陈欠: of it, debts of prior years.
    pub receivable_prior_years: Money,
    /// 实收: received, prior years' debts inside.
    pub received: Money,
    /// 其中陈欠: of it, received for debts of prior years.
    pub received_prior_years: Money,
}

/// 回收率: the three recovery rates; `None` where nothing was receivable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RecoveryRates {
    /// 累计回收率
    pub cumulative: Option<Percent>,
    /// 当年回收率
    pub this_year: Option<Percent>,
    /// 陈欠回收率
    pub prior_years: Option<Percent>,
}

impl Recovery {
    /// The three rates.
    #[must_use]
    pub fn rates(&self) -> RecoveryRates {
        RecoveryRates {
            cumulative: Percent::of(self.received, self.receivable),
            this_year: Percent::of(
                self.received - self.received_prior_years,
                self.receivable - self.receivable_prior_years,
            ),
            prior_years: Percent::of(self.received_prior_years, self.receivable_prior_years),
        }
    }
}
