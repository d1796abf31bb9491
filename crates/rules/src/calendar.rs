//! 工作日历: Chinese working days as dated data. A year that the calendar does not cover is an error, never
//! "weekends only".

use crate::derivation::Bilingual;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

mod form;
mod month;
#[cfg(test)]
mod tests;

pub use form::{DateForm, MomentForm};
pub use month::{BadMonth, Month};

/// Days between two dates: `to − from`.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

/// The date `days` later (earlier when negative); panics outside the years −9999…9999, which no input of ours reaches.
#[must_use]
pub fn plus_days(date: Date, days: i64) -> Date {
    date.checked_add(days.days()).expect("a date within the range of the calendar")
}

/// The year is not covered by the published calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the calendar does not cover the year {year}: 日历未覆盖{year}年,须先导入国务院放假安排")]
pub struct YearNotCovered {
    /// The missing year.
    pub year: i16,
}

impl YearNotCovered {
    /// The sentence for people.
    #[must_use]
    pub fn text(self) -> Bilingual {
        let year = self.year;
        Bilingual::new(
            format!("日历未覆盖{year}年,须先导入国务院放假安排"),
            format!("the calendar does not cover the year {year}: import the State Council's holidays first"),
        )
    }
}

/// One published year as it stands in the book.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// The year.
    pub year: i16,
    /// The notice that published it.
    pub basis: String,
    /// Days off, as `from/to` ranges, both inclusive.
    pub off: Vec<(Date, Date)>,
    /// 调休上班: Saturdays and Sundays that are working days.
    pub work: Vec<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    year: Vec<CalendarYear>,
}

/// 工作日历: the working days of the covered years.
#[derive(Clone, Debug, Default)]
pub struct WorkCalendar {
    years: BTreeMap<i16, String>,
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
}

impl WorkCalendar {
    /// Reads a calendar file (`[[year]]` with `off` ranges and `work` days).
    ///
    /// # Errors
    /// A text that is no such file.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        Ok(Self::from_years(toml::from_str::<CalendarFile>(text)?.year))
    }

    /// Builds the calendar from published years.
    #[must_use]
    pub fn from_years(years: impl IntoIterator<Item = CalendarYear>) -> Self {
        let mut calendar = Self::default();
        for year in years {
            for (from, to) in &year.off {
                calendar.off.extend((0..=days_between(*from, *to)).map(|n| plus_days(*from, n)));
            }
            calendar.work.extend(&year.work);
            calendar.years.insert(year.year, year.basis);
        }
        calendar
    }

    /// Both calendars together; where both publish a year, `other` replaces it.
    #[must_use]
    pub fn merged(&self, other: Self) -> Self {
        let mut merged = self.clone();
        merged.off.retain(|day| !other.years.contains_key(&day.year()));
        merged.work.retain(|day| !other.years.contains_key(&day.year()));
        merged.off.extend(other.off);
        merged.work.extend(other.work);
        merged.years.extend(other.years);
        merged
    }

    /// Years that are covered, with the notice that published each.
    pub fn coverage(&self) -> impl Iterator<Item = (i16, &str)> {
        self.years.iter().map(|(year, basis)| (*year, basis.as_str()))
    }

    /// Is it a working day?
    ///
    /// # Errors
    /// The year is not covered.
    pub fn is_working_day(&self, date: Date) -> Result<bool, YearNotCovered> {
        if !self.years.contains_key(&date.year()) {
            return Err(YearNotCovered { year: date.year() });
        }
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(self.work.contains(&date) || (!weekend && !self.off.contains(&date)))
    }

    /// 法定节假日: is it a day of a published holiday, shifted rest days of the holiday included?
    ///
    /// # Errors
    /// The year is not covered.
    pub fn is_holiday(&self, date: Date) -> Result<bool, YearNotCovered> {
        if !self.years.contains_key(&date.year()) {
            return Err(YearNotCovered { year: date.year() });
        }
        Ok(self.off.contains(&date))
    }

    /// The day that is `n` working days after `start`; the start day is not counted. `n = 0` gives `start`.
    ///
    /// # Errors
    /// A year on the way is not covered.
    pub fn working_days_after(&self, start: Date, n: u32) -> Result<Date, YearNotCovered> {
        let mut day = start;
        let mut left = n;
        while left > 0 {
            day = plus_days(day, 1);
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// `date` itself when it is a working day, else the next one (Civil Code art. 203).
    ///
    /// # Errors
    /// A year on the way is not covered.
    pub fn same_or_next_working_day(&self, date: Date) -> Result<Date, YearNotCovered> {
        let mut day = date;
        while !self.is_working_day(day)? {
            day = plus_days(day, 1);
        }
        Ok(day)
    }
}
