//! 电费年月: a charging month such as 2026-08.

use super::plus_days;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// 电费年月: a charging month, kept as year × 12 + month − 1, so that months can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// Not a month of the form `2026-08`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a month of the form 2026-08")]
pub struct BadMonth(pub String);

impl Month {
    /// The month of a year; `None` when `month` is not 1…12 or the year not 1900…2999.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1..=12).contains(&month) && (1900..=2999).contains(&year))
            .then(|| Self(i32::from(year) * 12 + i32::from(month) - 1))
    }

    /// The month that holds a date.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// Its year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.div_euclid(12) as i16
    }

    /// Its month, 1…12.
    #[must_use]
    pub fn month(self) -> i8 {
        (self.0.rem_euclid(12) + 1) as i8
    }

    /// As `202608`, the form the database keeps.
    #[must_use]
    pub fn yyyymm(self) -> i64 {
        i64::from(self.year()) * 100 + i64::from(self.month())
    }

    /// From the form the database keeps.
    #[must_use]
    pub fn from_yyyymm(value: i64) -> Option<Self> {
        Self::new(i16::try_from(value.div_euclid(100)).ok()?, i8::try_from(value.rem_euclid(100)).ok()?)
    }

    /// `n` months later (earlier when negative).
    #[must_use]
    pub fn plus(self, n: i32) -> Self {
        Self(self.0 + n)
    }

    /// Months from `other` to this one.
    #[must_use]
    pub fn since(self, other: Self) -> i32 {
        self.0 - other.0
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        date(self.year(), self.month(), 1)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        plus_days(self.plus(1).first_day(), -1)
    }

    /// Its number of calendar days.
    #[must_use]
    pub fn days(self) -> i64 {
        i64::from(self.last_day().day())
    }

    /// The `day`-th of it, or its last day when it is shorter.
    #[must_use]
    pub fn day_or_last(self, day: i8) -> Date {
        date(self.year(), self.month(), day.clamp(1, self.last_day().day()))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}", self.year(), self.month()))
    }
}

impl FromStr for Month {
    type Err = BadMonth;
    fn from_str(text: &str) -> Result<Self, BadMonth> {
        let bad = || BadMonth(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(bad)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(bad());
        }
        Self::new(year.parse().map_err(|_| bad())?, month.parse().map_err(|_| bad())?).ok_or_else(bad)
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Month {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Month".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" })
    }
}
