//! 功率因数调整电费 (力率调整, (83)水电财字215号): cosφ from the energies, a rate from the table, on the base without funds.

use super::draft::{BillDraft, Line, Worked};
use super::input::BillInput;
use super::item::{Item, Unit};
use super::params::{CosPhiFrom, Params};
use crate::derivation::{Sink, Step};
use crate::registry::PfStandard;
use crate::units::{Energy, Money, Price, Ratio};
use std::ops::Range;

/// cosφ = P/√(P²+Q²) in hundredths, half up, exactly: the largest c with (2c−1)²·(P²+Q²) ≤ (200·P)². `None` when nothing
/// was used at all.
#[must_use]
pub fn cos_phi(active: Energy, reactive: Energy) -> Option<u8> {
    let (p, q) = (i128::from(active.0), i128::from(reactive.0));
    if p == 0 && q == 0 {
        return None;
    }
    let square = p * p + q * q;
    let target = 40_000 * p * p;
    let (mut low, mut high) = (0_i128, 100_i128);
    while low < high {
        let c = (low + high + 1) / 2;
        let edge = 2 * c - 1;
        if edge * edge * square <= target { low = c } else { high = c - 1 }
    }
    u8::try_from(low).ok()
}

/// The adjustment on a base: amount and its line.
pub(super) fn adjustment(base: Money, rate: Ratio, params: &Params) -> Line {
    Line::new(
        Item::PowerFactor,
        Unit::Yuan,
        base.0 * 100,
        Price(rate.0 * 100),
        base.times(rate, params.rounding(Item::PowerFactor)),
        params.rule_power_factor,
    )
}

/// Adds one adjustment per group: consecutive segments with one standard and scheme.
pub(super) fn adjust<S: Sink>(input: &BillInput<'_>, out: &mut BillDraft, sink: &mut S) {
    let assessed = |n: usize| input.segments[n].terms.pf_standard != PfStandard::None;
    let whole = (0..input.segments.len()).filter(|n| assessed(*n));
    let whole = sum(whole.map(|n| &out.worked[n]));
    let mut start = 0;
    while start < input.segments.len() {
        let end = group_end(input, start);
        let group = start..end;
        start = end;
        if !assessed(group.start) {
            continue;
        }
        let (active, reactive) = match input.params.cos_phi_from {
            CosPhiFrom::Period => whole,
            CosPhiFrom::Group => sum(out.worked[group.clone()].iter()),
        };
        adjust_group(input, group, (active, reactive), out, sink);
    }
}

fn adjust_group<S: Sink>(
    input: &BillInput<'_>,
    group: Range<usize>,
    (active, reactive): (Energy, Energy),
    out: &mut BillDraft,
    sink: &mut S,
) {
    let standard = input.segments[group.start].terms.pf_standard;
    let Some(cos) = cos_phi(active, reactive) else { return };
    let Some(rate) = input.params.power_factor.rate(standard, cos) else { return };
    sink.step(|| cos_phi_step(active, reactive, standard, cos));
    if rate.is_zero() {
        return;
    }
    let base = out.worked[group].iter().map(|w| w.base).sum();
    out.push(adjustment(base, rate, input.params), input.rules, sink);
}

/// What cosφ was made of.
pub(super) fn cos_phi_step(active: Energy, reactive: Energy, standard: PfStandard, cos: u8) -> Step {
    let (whole, part) = (cos / 100, cos % 100);
    Step::new(
        "cos_phi",
        format!(
            "功率因数 = {active}/√({active}²+{reactive}²) = {whole}.{part:02},考核标准 {}",
            standard.word()
        ),
        format!(
            "power factor = {active}/√({active}²+{reactive}²) = {whole}.{part:02}, standard {}",
            standard.word()
        ),
    )
}

fn group_end(input: &BillInput<'_>, start: usize) -> usize {
    let key = |n: usize| (input.segments[n].terms.pf_standard, input.segments[n].terms.scheme);
    (start..input.segments.len()).find(|n| key(*n) != key(start)).unwrap_or(input.segments.len())
}

fn sum<'w>(worked: impl Iterator<Item = &'w Worked>) -> (Energy, Energy) {
    worked.fold((Energy::ZERO, Energy::ZERO), |(p, q), w| (p + w.all.active, q + w.all.reactive))
}
