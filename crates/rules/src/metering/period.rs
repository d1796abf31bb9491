//! 抄表周期: which two readings of which meters bound the period that is billed next. Nothing is ever filled in: a meter
//! without its reading is a gap, not a zero.

use super::dial::{Dial, RegisterSet, Source};
use super::usage::MeterSpan;
use crate::registry::PointRelation;
use jiff::civil::Date;

/// A meter at a point of an account for some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Its number within the account.
    pub installation_no: i64,
    /// 计量点
    pub point: i64,
    /// Counts or is taken off.
    pub relation: PointRelation,
    /// Digits and multiplier.
    pub dial: Dial,
    /// 装表日
    pub installed_on: Date,
    /// 拆表日, on which the next meter may begin.
    pub removed_on: Option<Date>,
}

/// A current reading of an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The installation.
    pub installation_no: i64,
    /// Where it comes from.
    pub source: Source,
    /// Day and registers.
    pub registers: RegisterSet,
}

/// The period that is billed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// The day after the last: the day of the closing readings.
    pub until: Date,
    /// What the meters went through, ready for [`super::account_usage`] and [`super::segments`].
    pub spans: Vec<MeterSpan>,
    /// It rests on a provisional reading.
    pub provisional: bool,
}

/// Why there is no period to bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// No day from the due day on has a reading of every standing meter.
    Awaited,
    /// A meter has no reading on the day on which its part begins or ends.
    Incomplete {
        /// The installation.
        installation_no: i64,
        /// The day.
        on: Date,
    },
}

/// The period from the last billed day to the first day, not before `due_on`, on which every standing meter was read.
/// A reading on one of `cuts` divides its span, so that [`super::segments`] need not share out by days.
///
/// # Errors
/// The [`Gap`] that has to be closed first.
pub fn period(
    (from, due_on): (Date, Date),
    cuts: &[Date],
    installed: &[Installed],
    readings: &[Shown],
) -> Result<Period, Gap> {
    let until = closing_day(due_on, installed, readings).ok_or(Gap::Awaited)?;
    let mut period = Period { from, until, spans: Vec::with_capacity(installed.len()), provisional: false };
    for meter in installed {
        let start = from.max(meter.installed_on);
        let end = meter.removed_on.map_or(until, |removed| removed.min(until));
        if end <= start {
            continue;
        }
        let at = |on: Date| reading_of(meter, on, readings);
        let missing = |on: Date| Gap::Incomplete { installation_no: meter.installation_no, on };
        let mut last = at(start).ok_or_else(|| missing(start))?;
        for cut in cuts.iter().filter(|cut| start < **cut && **cut < end) {
            if let Some(boundary) = at(*cut) {
                period.spans.push(span(meter, last, boundary));
                last = boundary;
            }
        }
        let closing = at(end).ok_or_else(|| missing(end))?;
        period.spans.push(span(meter, last, closing));
        period.provisional |= closing.source == Source::Provisional;
    }
    Ok(period)
}

fn closing_day(due_on: Date, installed: &[Installed], readings: &[Shown]) -> Option<Date> {
    let complete = |on: &Date| {
        let mut standing = installed
            .iter()
            .filter(|m| m.installed_on <= *on && m.removed_on.is_none_or(|removed| *on <= removed))
            .peekable();
        standing.peek().is_some() && standing.all(|meter| reading_of(meter, *on, readings).is_some())
    };
    readings.iter().map(|r| r.registers.on).filter(|on| *on >= due_on).filter(complete).min()
}

fn reading_of<'r>(meter: &Installed, on: Date, readings: &'r [Shown]) -> Option<&'r Shown> {
    readings.iter().find(|r| r.installation_no == meter.installation_no && r.registers.on == on)
}

fn span(meter: &Installed, from: &Shown, to: &Shown) -> MeterSpan {
    MeterSpan {
        point: meter.point,
        relation: meter.relation,
        dial: meter.dial,
        from: from.registers,
        to: to.registers,
    }
}
