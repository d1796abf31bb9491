//! 考核期: a month, a quarter or a year.

use crate::calendar::{Month, days_between, plus_days};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::str::FromStr;

/// 考核期: written `2026-08`, `2026-Q3` or `2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    first: Month,
    months: i32,
}

/// A text that is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period such as 2026-08, 2026-Q3 or 2026: 应为年、季或月")]
pub struct BadPeriod(String);

impl Period {
    /// One month.
    #[must_use]
    pub const fn month(month: Month) -> Self {
        Self { first: month, months: 1 }
    }

    /// Its months, from 1 (a month) to 12 (a year).
    #[must_use]
    pub const fn months(self) -> i32 {
        self.months
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        self.first.first_day()
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first.plus(self.months - 1).last_day()
    }

    /// The period of the same length, so many before it.
    #[must_use]
    pub fn before(self, periods: i32) -> Self {
        Self { first: self.first.plus(-self.months * periods), months: self.months }
    }

    /// The day of this period that lies as far into it as `on` lies into `other`; its last day where it is shorter.
    #[must_use]
    pub fn same_day(self, other: Self, on: Date) -> Date {
        plus_days(self.first_day(), days_between(other.first_day(), on)).min(self.last_day())
    }

    /// The periods that end on a day: a month, at the end of a quarter that too, at the end of a year all three.
    #[must_use]
    pub fn ending_on(on: Date) -> Vec<Self> {
        let month = Month::of(on);
        if on != month.last_day() {
            return Vec::new();
        }
        [1, 3, 12]
            .into_iter()
            .filter(|months| i32::from(month.month()) % months == 0)
            .map(|months| Self { first: month.plus(1 - months), months })
            .collect()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.months {
            1 => self.first.to_string(),
            3 => format!("{:04}-Q{}", self.first.year(), (self.first.month() + 2) / 3),
            _ => format!("{:04}", self.first.year()),
        };
        f.pad(&text)
    }
}

impl FromStr for Period {
    type Err = BadPeriod;
    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        let bad = || BadPeriod(text.to_owned());
        let month = |year: &str, month: i8| {
            let year =
                year.parse().ok().filter(|_| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()));
            year.and_then(|year| Month::new(year, month)).ok_or_else(bad)
        };
        match text.split_once('-') {
            None => Ok(Self { first: month(text, 1)?, months: 12 }),
            Some((year, "Q1")) => Ok(Self { first: month(year, 1)?, months: 3 }),
            Some((year, "Q2")) => Ok(Self { first: month(year, 4)?, months: 3 }),
            Some((year, "Q3")) => Ok(Self { first: month(year, 7)?, months: 3 }),
            Some((year, "Q4")) => Ok(Self { first: month(year, 10)?, months: 3 }),
            Some(_) => text.parse().map(Self::month).map_err(|_| bad()),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

impl schemars::JsonSchema for Period {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{4}(-(Q[1-4]|[0-9]{2}))?$" })
    }
}
