//! 停电时段: the days and hours on which power may be cut, and the window that a served notice opens.

use super::law::{CutLaw, Source};
use super::{CutFacts, Declared};
use crate::calendar::{YearNotCovered, plus_days};
use crate::derivation::Bilingual;
use jiff::civil::{Date, DateTime, Time};

/// Why a day or hour is none on which power is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPermitted {
    /// In words.
    pub why: Bilingual,
    /// The rule.
    pub source: Source,
}

/// Why power may not be cut on a day; nothing when it may.
///
/// # Errors
/// The calendar does not cover the year of the day, or of the day after where eves are protected.
pub fn permitted_day(
    law: &CutLaw<'_>,
    declared: &[Declared],
    day: Date,
) -> Result<Option<NotPermitted>, YearNotCovered> {
    for rule in &law.windows {
        let no = |zh: String, en: String| {
            Ok(Some(NotPermitted { why: Bilingual::new(zh, en), source: rule.source.clone() }))
        };
        let windows = &rule.value;
        if windows.statutory_holidays && law.calendar.is_holiday(day)? {
            return no(format!("{day}为法定节假日"), format!("{day} is a public holiday"));
        }
        if windows.weekends && !law.calendar.is_working_day(day)? {
            return no(format!("{day}为休息日"), format!("{day} is a rest day"));
        }
        if windows.holiday_eves && law.calendar.is_holiday(plus_days(day, 1))? {
            return no(format!("{day}为节假日前一日"), format!("{day} is the eve of a public holiday"));
        }
        if let Some(yearly) = windows.yearly.iter().find(|w| within_year(&w.from, &w.to, day)) {
            return no(
                format!("{day}在“{}”期间", yearly.name),
                format!("{day} lies within `{}`", yearly.name),
            );
        }
        if let Some(window) = declared.iter().find(|w| w.from_on <= day && day <= w.until_on) {
            let (kind, reason) = (&window.kind, &window.reason);
            return no(
                format!("{day}在公告的禁停期内({kind}:{reason})"),
                format!("{day} lies within a declared window ({kind}: {reason})"),
            );
        }
    }
    if law.windows.is_empty()
        && let Some(window) = declared.iter().find(|w| w.from_on <= day && day <= w.until_on)
    {
        let why = Bilingual::new(
            format!("{day}在公告的禁停期内({})", window.reason),
            format!("{day} lies within a declared window ({})", window.reason),
        );
        return Ok(Some(NotPermitted { why, source: law.overdue.source.clone() }));
    }
    Ok(None)
}

/// Both ends are `MM-DD` and inclusive; a window may run over the turn of the year.
fn within_year(from: &str, to: &str, day: Date) -> bool {
    let day = format!("{:02}-{:02}", day.month(), day.day());
    if from <= to { *from <= *day && *day <= *to } else { *day >= *from || *day <= *to }
}

/// First moment, and the first moment that is too late, of the hours in which power may be cut.
#[must_use]
pub fn hours_of(law: &CutLaw<'_>) -> (Time, Option<Time>) {
    let from = law.windows.iter().filter_map(|rule| rule.value.not_before).max().unwrap_or(Time::midnight());
    (from, law.windows.iter().map(|rule| rule.value.not_after).min())
}

/// Why power may not be cut at a moment; nothing when it may.
///
/// # Errors
/// Those of [`permitted_day`].
pub fn permitted_moment(
    law: &CutLaw<'_>,
    declared: &[Declared],
    at: DateTime,
) -> Result<Option<NotPermitted>, YearNotCovered> {
    if let Some(no) = permitted_day(law, declared, at.date())? {
        return Ok(Some(no));
    }
    let (from, until) = hours_of(law);
    for rule in &law.windows {
        let limit = |zh: String, en: String| {
            Ok(Some(NotPermitted { why: Bilingual::new(zh, en), source: rule.source.clone() }))
        };
        if rule.value.not_before.is_some_and(|first| first == from && at.time() < first) {
            return limit(format!("{}前不得停电", clock(from)), format!("no cut before {}", clock(from)));
        }
        if Some(rule.value.not_after) == until && at.time() >= rule.value.not_after {
            let late = clock(rule.value.not_after);
            return limit(format!("{late}及以后不得停电"), format!("no cut at or after {late}"));
        }
    }
    Ok(None)
}

/// `2026-08-20 16:00`
pub(super) fn minute(at: DateTime) -> String {
    format!("{} {}", at.date(), clock(at.time()))
}

/// `16:00`
pub(super) fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// The last moment of a day at which power may still be cut.
#[must_use]
pub fn last_moment(law: &CutLaw<'_>, day: Date) -> DateTime {
    let end = plus_days(day, 1).to_datetime(Time::midnight());
    let until = hours_of(law).1.map_or(end, |time| day.to_datetime(time));
    until.checked_sub(jiff::Span::new().seconds(1)).unwrap_or(until)
}

/// 停电窗口: the days between the shortest and the longest notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Those on which power may be cut.
    pub days: Vec<Date>,
}

impl Window {
    /// The window of a notice that was served on a day: the start day is not counted, and what the paper tells binds.
    /// Days that are known not to be permitted are left out; there may be none.
    ///
    /// # Errors
    /// The calendar does not cover a day that is needed.
    pub fn of(
        law: &CutLaw<'_>,
        declared: &[Declared],
        served_on: Date,
        told: Option<(Date, Date)>,
    ) -> Result<Self, YearNotCovered> {
        let mut from = plus_days(served_on, law.notice_min.value.into());
        let mut to = plus_days(served_on, law.notice_max.value.into());
        if let Some((first, last)) = told {
            (from, to) = (from.max(first), to.min(last));
        }
        let mut days = Vec::new();
        let mut day = from;
        while day <= to {
            if permitted_day(law, declared, day)?.is_none() {
                days.push(day);
            }
            day = plus_days(day, 1);
        }
        Ok(Self { from, to, days })
    }

    /// The window of a case whose notice was served.
    ///
    /// # Errors
    /// Those of [`Window::of`].
    pub fn of_facts(law: &CutLaw<'_>, facts: &CutFacts) -> Result<Option<Self>, YearNotCovered> {
        let Some(notice) = &facts.notice else { return Ok(None) };
        let Some(served_at) = notice.served_at else { return Ok(None) };
        Self::of(law, &facts.declared, served_at.date(), notice.told).map(Some)
    }
}
