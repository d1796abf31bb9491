//! 估抄嫌疑 of a whole route: field readings too fast, too alike or too round to have been read.

use super::dial::Source;
use super::exception::{Exception, ExceptionSet};
use super::parameters::RouteRules;
use crate::derivation::{Sink, Step};
use crate::units::{Energy, Ratio, Rounding};

/// One reading of a route, as the reader took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteReading {
    /// Only field readings are judged.
    pub source: Source,
    /// Moment at which it was taken, seconds since 1970; `None` when not told.
    pub taken_at: Option<i64>,
    /// The register, dial units.
    pub shown: Energy,
    /// Its advance, dial units.
    pub advance: Energy,
}

/// The doubts about a route's field readings, given in the order in which they were taken.
#[must_use]
pub fn route_exceptions(readings: &[RouteReading], rules: &RouteRules, sink: &mut impl Sink) -> ExceptionSet {
    let field = || readings.iter().filter(|r| r.source == Source::Field);
    let count = field().count();
    let mut found = ExceptionSet::EMPTY;
    if count < usize::from(rules.least_readings).max(2) {
        return found;
    }
    let fast = pairs(readings).filter(|(a, b)| is_fast(a, b, rules)).count();
    if reaches(fast, count - 1, rules.fast_share) {
        found.insert(Exception::TooFast);
        tell(sink, Exception::TooFast, fast, count - 1);
    }
    let alike = longest_alike(readings);
    if alike >= usize::from(rules.same_in_row) {
        found.insert(Exception::SameIncrement);
        tell(sink, Exception::SameIncrement, alike, count);
    }
    let round = field().filter(|r| !r.shown.is_zero() && r.shown.0 % rules.round_to.0.max(1) == 0).count();
    if reaches(round, count, rules.round_share) {
        found.insert(Exception::RoundNumbers);
        tell(sink, Exception::RoundNumbers, round, count);
    }
    found
}

fn pairs(readings: &[RouteReading]) -> impl Iterator<Item = (&RouteReading, &RouteReading)> {
    let field = || readings.iter().filter(|r| r.source == Source::Field);
    field().zip(field().skip(1))
}

fn is_fast(earlier: &RouteReading, later: &RouteReading, rules: &RouteRules) -> bool {
    match (earlier.taken_at, later.taken_at) {
        (Some(a), Some(b)) => b.abs_diff(a) < rules.seconds_per_meter.into(),
        _ => false,
    }
}

/// The longest run of neighbours that moved by one and the same amount; standing still is no sign.
fn longest_alike(readings: &[RouteReading]) -> usize {
    let (mut longest, mut run) = (0, 1);
    for (a, b) in pairs(readings) {
        run = if a.advance == b.advance && !a.advance.is_zero() { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    longest
}

fn reaches(part: usize, whole: usize, share: Ratio) -> bool {
    Ratio::of(part as i64, whole as i64, Rounding::Truncate).is_some_and(|found| found >= share)
}

fn tell(sink: &mut impl Sink, exception: Exception, part: usize, whole: usize) {
    sink.step(|| {
        Step::new(
            exception.word(),
            format!("{}: {whole}户中{part}户", exception.zh()),
            format!("{}: {part} of {whole}", exception.word()),
        )
    });
}
