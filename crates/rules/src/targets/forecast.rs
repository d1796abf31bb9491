//! 预测: what will have been received at the end of a period, with a band.
//!
//! Each of the periods before tells which part of what was receivable on the same day came in after it. The middle one of these parts,
//! taken of what is receivable today, is added to what has been received; the smallest and the largest make the band. Whole numbers, in
//! millionths.

use crate::units::{Money, Rounding};
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const FORECAST_TOPIC: &str = "recovery_forecast";

/// One, as a part.
const ONE: i128 = 1_000_000;

/// 预测规则: the parameters of the topic `recovery_forecast`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastRule {
    /// How many periods before are asked.
    pub periods: i32,
    /// So many have to tell something.
    pub least_periods: usize,
}

/// Where recovery stands on a day of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// 应收: open at the beginning and released until the day.
    pub receivable: Money,
    /// 实收 until the day.
    pub received: Money,
}

/// A period that is over: where it stood on the same day, and what had been received at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// On the same day.
    pub then: Standing,
    /// At its end.
    pub received: Money,
}

/// 预测
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Forecast {
    /// As in the worst of the periods before.
    pub low: Money,
    /// As in the middle one.
    pub middle: Money,
    /// As in the best one.
    pub high: Money,
}

/// What will have been received; nothing when too few periods tell something.
#[must_use]
pub fn forecast(now: Standing, past: &[Past], rule: &ForecastRule) -> Option<Forecast> {
    let mut parts: Vec<i64> = past
        .iter()
        .filter(|period| period.then.receivable > Money::ZERO)
        .map(|period| {
            let after = (period.received - period.then.received).max(Money::ZERO);
            Rounding::HalfUp.divide_i128(i128::from(after.0) * ONE, i128::from(period.then.receivable.0))
        })
        .collect();
    if parts.is_empty() || parts.len() < rule.least_periods {
        return None;
    }
    parts.sort_unstable();
    let at = |part: i64| {
        let more = i128::from(now.receivable.max(Money::ZERO).0) * i128::from(part);
        now.received + Money(Rounding::HalfUp.divide_i128(more, ONE))
    };
    let (low, high) = (parts[0], parts[parts.len() - 1]);
    let half = parts.len() / 2;
    let middle = if parts.len() % 2 == 1 { parts[half] } else { i64::midpoint(parts[half - 1], parts[half]) };
    Some(Forecast { low: at(low), middle: at(middle), high: at(high) })
}
