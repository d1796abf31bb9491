//! The calculator: the order in which the lines of a bill are made.

use super::compile::RuleIds;
use super::draft::{BillDraft, Line, Worked};
use super::input::BillInput;
use super::item::{Item, Unit};
use super::refusal::BillRefusal;
use super::{capacity, energy, power_factor, proration, usage};
use crate::calendar::days_between;
use crate::derivation::Sink;
use crate::units::{Energy, Money, Price};

/// 计算电费: prices one bill into `out` (emptied first, its buffers reused). `out.total` is the sum of `out.lines`.
///
/// Lines come in the order: fixed parts, energy and system fee per segment, capacity or demand, power factor, funds, minimum.
///
/// # Errors
/// The first [`BillRefusal`] that applies; `out` then holds nothing of use.
pub fn price_bill<S: Sink>(
    input: &BillInput<'_>,
    out: &mut BillDraft,
    sink: &mut S,
) -> Result<(), BillRefusal> {
    out.clear();
    check(input)?;
    out.worked.resize(input.segments.len(), Worked::default());
    proration::set_shares(input, &mut out.worked);
    for n in 0..input.segments.len() {
        usage::work(input, n, out, sink)?;
        out.active += out.worked[n].all.active;
        out.reactive += out.worked[n].all.reactive;
    }
    let mut used = input.household.map_or(Energy::ZERO, |state| state.used_before);
    for n in 0..input.segments.len() {
        energy::charge(input, n, &mut used, out, sink)?;
    }
    capacity::charge(input, out, sink)?;
    power_factor::adjust(input, out, sink);
    for n in 0..input.segments.len() {
        energy::funds(input, n, out, sink);
    }
    top_up_to_minimum(input, out, sink);
    Ok(())
}

fn check(input: &BillInput<'_>) -> Result<(), BillRefusal> {
    let period = days_between(input.from, input.to);
    if input.segments.is_empty() || period <= 0 {
        return Err(BillRefusal::EmptyPeriod);
    }
    let segments = input.segments.iter().map(|s| i64::from(s.days)).sum();
    if segments != period {
        return Err(BillRefusal::DaysDoNotAdd { segments, period });
    }
    for (n, segment) in input.segments.iter().enumerate() {
        usage::check(segment, n + 1)?;
    }
    Ok(())
}

/// 合同最低电费: the contract's minimum of a month, by the same shares as other monthly charges.
fn top_up_to_minimum<S: Sink>(input: &BillInput<'_>, out: &mut BillDraft, sink: &mut S) {
    let mode = input.params.rounding(Item::Minimum);
    let minimum: Money = input
        .segments
        .iter()
        .zip(&out.worked)
        .map(|(s, w)| s.terms.minimum_payment.prorate(w.share.num, w.share.den, mode))
        .sum();
    let missing = minimum - out.total;
    if !minimum.is_zero() && missing > Money::ZERO {
        let rule = input.segments[0].prices.rule;
        let line = Line::new(Item::Minimum, Unit::Yuan, missing.0 * 100, Price(100_000_000), missing, rule);
        out.push(line, input.rules, sink);
    }
}

impl BillDraft {
    /// Adds a line and tells it.
    #[inline]
    pub(super) fn push<S: Sink>(&mut self, line: Line, rules: &RuleIds, sink: &mut S) {
        sink.step(|| line.step(rules));
        self.total += line.amount;
        self.lines.push(line);
    }
}
