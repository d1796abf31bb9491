//! 账龄: how old arrears are, in buckets that a site may set.

use crate::calendar::Month;
use crate::derivation::Bilingual;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// The topic in the book.
pub const TOPIC: &str = "ageing";

/// 账龄分段: one bucket; a debt falls into the first bucket whose bounds it keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Stable code.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// At most so many months between the charging month and the month of the day; absent for no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<i32>,
    /// At most so many calendar years between them; absent for no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<i32>,
}

/// 账龄规则: the parameters of the topic `ageing`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ageing {
    /// From young to old; the last one has no bounds.
    pub buckets: Vec<Bucket>,
}

impl Ageing {
    /// The bucket of a debt of a charging month on a day, by its position.
    #[must_use]
    pub fn position(&self, month: Month, on: Date) -> usize {
        let now = Month::of(on);
        let (months, years) = (now.since(month), i32::from(now.year()) - i32::from(month.year()));
        self.buckets
            .iter()
            .position(|bucket| {
                bucket.months.is_none_or(|most| months <= most)
                    && bucket.years.is_none_or(|most| years <= most)
            })
            .unwrap_or(self.buckets.len().saturating_sub(1))
    }
}
