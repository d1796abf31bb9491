//! 预期回收: what can be expected of a portfolio, by segment: class of use × age of the debt × how the customer used to pay.
//!
//! The rate of a segment is what the whole company recovered of it. One that is too small to tell borrows the rate of the next wider one:
//! class and age, class, everything.

use crate::registry::Category;
use crate::units::{Money, Ratio, Rounding};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The topic in the book.
pub const SEGMENT_TOPIC: &str = "recovery_segments";

/// One, as a ratio.
const ONE: i128 = 1_000_000;

/// 分群规则: the parameters of the topic `recovery_segments`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentRule {
    /// Days between the last day of payment and the day asked for that make a debt old.
    pub old_days: i64,
    /// More of them make it very old.
    pub very_old_days: i64,
    /// Months in which late payments are counted.
    pub look_back_months: i32,
    /// So many late bills in them make a customer an often late one; one makes him a sometimes late one.
    pub often_late: i64,
    /// Bills that a segment needs to have a rate of its own.
    pub least_bills: i64,
    /// Months before a period whose recovery tells what can be expected of it.
    pub base_months: i32,
}

/// 分群
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Segment {
    /// 用电类别
    pub category: Category,
    /// 0 for what is not overdue for long, 1 old, 2 very old.
    pub age: u8,
    /// 0 for who was never late, 1 sometimes, 2 often.
    pub history: u8,
}

/// What was to be recovered and was, of a segment in a portfolio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentSum {
    /// Whose portfolio: the route.
    pub route_id: i64,
    /// The segment.
    pub segment: Segment,
    /// Bills.
    pub bills: i64,
    /// 应收
    pub receivable: Money,
    /// 实收
    pub received: Money,
}

/// A wider and wider key: class, age, history.
type Key = (Option<Category>, Option<u8>, Option<u8>);

/// 分群回收率: the company's rate of each segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    sums: BTreeMap<Key, (i64, Money, Money)>,
    least_bills: i64,
}

impl Rates {
    /// From what the whole company recovered.
    #[must_use]
    pub fn of(sums: &[SegmentSum], rule: &SegmentRule) -> Self {
        let mut rates = Self { least_bills: rule.least_bills, ..Self::default() };
        for sum in sums {
            for key in keys(sum.segment) {
                let (bills, receivable, received) = rates.sums.entry(key).or_default();
                *bills += sum.bills;
                *receivable += sum.receivable;
                *received += sum.received;
            }
        }
        rates
    }

    /// The rate of a segment; zero where nothing is known.
    #[must_use]
    pub fn rate(&self, segment: Segment) -> Ratio {
        let known = keys(segment).into_iter().filter_map(|key| {
            let (bills, receivable, received) = *self.sums.get(&key)?;
            (receivable > Money::ZERO).then_some((key, bills, receivable, received))
        });
        let widest = (None, None, None);
        let found = known.into_iter().find(|(key, bills, ..)| *bills >= self.least_bills || *key == widest);
        Ratio(found.map_or(0, |(_, _, receivable, received)| {
            let rate = Rounding::HalfUp.divide_i128(i128::from(received.0) * ONE, i128::from(receivable.0));
            rate.clamp(0, 1_000_000)
        }))
    }
}

/// From the narrowest to the widest.
fn keys(segment: Segment) -> [Key; 4] {
    let Segment { category, age, history } = segment;
    [
        (Some(category), Some(age), Some(history)),
        (Some(category), Some(age), None),
        (Some(category), None, None),
        (None, None, None),
    ]
}

/// What can be expected of a portfolio.
#[must_use]
pub fn expected<'s>(portfolio: impl IntoIterator<Item = &'s SegmentSum>, rates: &Rates) -> Money {
    let sum: i128 = portfolio
        .into_iter()
        .map(|sum| i128::from(sum.receivable.0) * i128::from(rates.rate(sum.segment).0))
        .sum();
    Money(Rounding::HalfUp.divide_i128(sum, ONE))
}
