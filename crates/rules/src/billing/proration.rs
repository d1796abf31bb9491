//! 按日折算: which part of a monthly charge falls on a segment.

use super::draft::{Share, Worked};
use super::input::{BillInput, Segment};
use crate::calendar::days_between;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 日折算基数: what a day's share of a monthly charge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MonthBasis {
    /// 1/30 of the monthly charge (supply rules of 1996, art. 84).
    Thirtieth,
    /// The monthly charge over the calendar days of the month (supply rules of 2024).
    CalendarDays,
}

/// A period as whole months and days that remain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MonthSpan {
    pub months: i64,
    pub rest_days: i64,
    /// Days of the month in which the period begins; a cycle from day d to day d of the next month has as many.
    pub month_days: i64,
    pub days: i64,
}

impl MonthSpan {
    pub fn of(from: Date, to: Date) -> Self {
        let month_index = |d: Date| i64::from(d.year()) * 12 + i64::from(d.month());
        let at_end = |d: Date| d.day() == d.days_in_month();
        let days = days_between(from, to);
        let month_days = i64::from(from.days_in_month());
        let mut months = month_index(to) - month_index(from);
        // Month ends belong together: 28 Feb to 31 Mar is a month, as is 31 Jan to 28 Feb.
        if to.day() == from.day() || (at_end(to) && (at_end(from) || from.day() > to.day())) {
            return Self { months, rest_days: 0, month_days, days };
        }
        if to.day() < from.day() {
            months -= 1;
        }
        let index = month_index(from) + months - 1;
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
        let first =
            Date::constant(i16::try_from(year).unwrap_or(i16::MAX), i8::try_from(month).unwrap_or(1), 1);
        let day = from.day().min(first.days_in_month());
        let anchor = Date::constant(first.year(), first.month(), day);
        Self { months, rest_days: days_between(anchor, to), month_days, days }
    }

    /// The part of a month of a segment of `segment_days` inside a run of `run_days` on unchanged terms.
    ///
    /// A run that fills the period pays its whole months once, however it is cut by prices or meters; a shorter run pays
    /// by days of the basis.
    pub fn share(self, basis: MonthBasis, run_days: i64, segment_days: i64) -> Share {
        let basis_days = match basis {
            MonthBasis::Thirtieth => 30,
            MonthBasis::CalendarDays => self.month_days,
        };
        if run_days != self.days && basis == MonthBasis::Thirtieth {
            return reduced(segment_days, 30);
        }
        reduced((self.months * basis_days + self.rest_days) * segment_days, basis_days * self.days)
    }
}

fn reduced(num: i64, den: i64) -> Share {
    // Whole multiples print as n/1, everything else in the days that people know.
    if den > 0 && num % den == 0 {
        return Share { num: num / den, den: 1 };
    }
    // Keep the denominator of days (30, 31, 28 …) where the fraction was given in them.
    let share = Share { num, den };
    if den <= 31 { share } else { share.in_lowest_terms() }
}

/// Do two neighbouring segments have the same monthly charges, so that a cut between them is only one of prices or meters?
fn same_monthly_terms(a: &Segment<'_>, b: &Segment<'_>) -> bool {
    let (a, b) = (a.terms, b.terms);
    std::ptr::eq(a, b)
        || (a.scheme == b.scheme
            && a.capacity == b.capacity
            && a.contract_demand == b.contract_demand
            && a.transformer_loss == b.transformer_loss
            && a.fixed_parts == b.fixed_parts
            && a.minimum_payment == b.minimum_payment)
}

/// The end of the run that begins at `start`: consecutive segments with the same monthly charges.
pub(super) fn run_end(segments: &[Segment<'_>], start: usize) -> usize {
    let same = segments[start..].windows(2).take_while(|w| same_monthly_terms(&w[0], &w[1])).count();
    start + same + 1
}

/// Sets the share of every segment. Bills without any monthly charge skip the calendar altogether.
pub(super) fn set_shares(input: &BillInput<'_>, worked: &mut [Worked]) {
    let monthly = |s: &Segment<'_>| {
        let t = s.terms;
        t.scheme != crate::registry::Scheme::SinglePart
            || t.transformer_loss.is_some()
            || !t.fixed_parts.is_empty()
            || !t.minimum_payment.is_zero()
    };
    if !input.segments.iter().any(monthly) {
        return;
    }
    let span = MonthSpan::of(input.from, input.to);
    let mut start = 0;
    while start < input.segments.len() {
        let end = run_end(input.segments, start);
        let run_days: i64 = input.segments[start..end].iter().map(|s| i64::from(s.days)).sum();
        for (segment, worked) in input.segments[start..end].iter().zip(&mut worked[start..end]) {
            worked.share = span.share(input.params.basis, run_days, i64::from(segment.days));
        }
        start = end;
    }
}
