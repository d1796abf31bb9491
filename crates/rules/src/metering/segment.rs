//! 分段: a period cut by changes of price, terms or meter. A span without a reading on the boundary is split by
//! calendar days; what a division leaves goes to its last segment, so the sum is conserved.

use super::parameters::ReadingRules;
use super::refusal::MeteringRefusal;
use super::usage::{MeterSpan, span_usage};
use crate::calendar::days_between;
use crate::derivation::{Sink, Step};
use crate::tariff::Usage;
use crate::units::Energy;
use jiff::civil::Date;

/// One stretch of a period, `[from, until)`, with its energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// First day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
    /// The energy of these days.
    pub usage: Usage,
}

/// Shares of `total` by days in whole multiples of `step`; the remainder goes to the last day-bearing share.
/// When no share has a day, the last takes all.
#[must_use]
pub fn split_by_days(total: Energy, days: &[i64], step: i64) -> Vec<Energy> {
    let whole: i64 = days.iter().sum();
    let last = days.iter().rposition(|d| *d > 0).unwrap_or(days.len().saturating_sub(1));
    let mut left = total;
    let mut shares: Vec<Energy> = days
        .iter()
        .enumerate()
        .map(|(n, d)| {
            if n == last || whole == 0 {
                return Energy::ZERO;
            }
            let exact = i128::from(total.0) * i128::from(*d) / i128::from(whole);
            let share = Energy(i64::try_from(exact).unwrap_or(total.0) / step * step);
            left -= share;
            share
        })
        .collect();
    if let Some(share) = shares.get_mut(last) {
        *share += left;
    }
    shares
}

/// The energy of each segment of `[from, until)` cut at `cuts` (days on which something new begins; others are
/// ignored). The sum over the segments is the account's usage; demand is the highest of the spans that touch a segment.
///
/// # Errors
/// Those of [`span_usage`].
pub fn segments(
    (from, until): (Date, Date),
    cuts: &[Date],
    spans: &[MeterSpan],
    rules: &ReadingRules,
    sink: &mut impl Sink,
) -> Result<Vec<Segment>, MeteringRefusal> {
    let mut out = empty_segments(from, until, cuts);
    let mut touching: Vec<Vec<MeterSpan>> = vec![Vec::new(); out.len()];
    for span in spans {
        let days: Vec<i64> = out.iter().map(|segment| shared_days(span, segment)).collect();
        let usage = span_usage(span, rules, sink)?.usage;
        spread(&mut out, span, &usage, &days, rules.step());
        let (mut first, mut cut_inside) = (true, false);
        for (n, _) in days.iter().enumerate().filter(|(_, d)| **d > 0) {
            touching[n].push(*span);
            cut_inside |= !first;
            first = false;
        }
        if cut_inside {
            let pieces =
                days.iter().filter(|d| **d > 0).map(ToString::to_string).collect::<Vec<_>>().join("+");
            sink.step(|| {
                Step::new(
                    "split_by_days",
                    format!("分界日无示数,按日历天数{pieces}分摊"),
                    format!("no reading on the boundary: split by calendar days {pieces}"),
                )
            });
        }
    }
    for (segment, spans) in out.iter_mut().zip(&touching) {
        segment.usage.demand = super::usage::account_demand(spans);
    }
    Ok(out)
}

fn empty_segments(from: Date, until: Date, cuts: &[Date]) -> Vec<Segment> {
    let mut edges: Vec<Date> = cuts.iter().copied().filter(|cut| from < *cut && *cut < until).collect();
    edges.extend([from, until]);
    edges.sort_unstable();
    edges.dedup();
    let segment = |pair: &[Date]| Segment { from: pair[0], until: pair[1], usage: Usage::default() };
    if edges.len() < 2 { vec![segment(&[from, until])] } else { edges.windows(2).map(segment).collect() }
}

fn shared_days(span: &MeterSpan, segment: &Segment) -> i64 {
    days_between(span.from.on.max(segment.from), span.to.on.min(segment.until)).max(0)
}

fn spread(out: &mut [Segment], span: &MeterSpan, usage: &Usage, days: &[i64], step: i64) {
    let sign = super::usage::sign(span.relation);
    // A span without a day of its own (two readings on one day) belongs to the segment that holds the day.
    let holder = out.iter().rposition(|s| s.from <= span.from.on).unwrap_or(0);
    let held: Vec<i64> = (0..out.len()).map(|n| i64::from(n == holder)).collect();
    let days = if days.iter().all(|d| *d == 0) { &held } else { days };
    let banded = usage.bands.iter().any(|band| !band.is_zero());
    for (band, energy) in usage.bands.iter().enumerate().filter(|(_, energy)| !energy.is_zero()) {
        for (segment, share) in out.iter_mut().zip(split_by_days(*energy, days, step)) {
            segment.usage.bands[band] += Energy(share.0 * sign);
            segment.usage.active += Energy(share.0 * sign);
        }
    }
    if !banded {
        for (segment, share) in out.iter_mut().zip(split_by_days(usage.active, days, step)) {
            segment.usage.active += Energy(share.0 * sign);
        }
    }
    for (segment, share) in out.iter_mut().zip(split_by_days(usage.reactive, days, step)) {
        segment.usage.reactive += Energy(share.0 * sign);
    }
}
