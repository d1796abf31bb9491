//! 居民阶梯电价: annual tiers, and time of use over them in the printed form of the grid company.

use super::compile::{TierPlan, TierTouPlan};
use super::draft::{BillDraft, Line};
use super::input::{BillInput, HouseholdState};
use super::item::{Item, Unit};
use crate::derivation::Sink;
use crate::tariff::{Band, Usage};
use crate::units::{Energy, Price};

impl TierPlan {
    /// Upper ends of the first and the second tier of the year.
    #[must_use]
    pub fn limits(&self, state: &HouseholdState) -> [Energy; 2] {
        let large = self.large_family_persons.is_some_and(|persons| state.persons >= persons);
        let extra = if large { self.large_family_quota.0 } else { 0 };
        self.monthly_quota.map(|quota| Energy((quota.0 + extra) * i64::from(state.months_in_use)))
    }

    /// What of `energy` falls into each tier when `used` was used before.
    #[must_use]
    pub fn split(&self, state: &HouseholdState, used: Energy, energy: Energy) -> [Energy; 3] {
        let [first, second] = self.limits(state);
        let below = |limit: Energy| (used + energy).min(limit).at_least(used) - used;
        let (one, two) = (below(first), below(second));
        [one, two - one, energy - two]
    }
}

/// Marginal tiers: every kWh at the price of its tier.
pub(super) fn tiers<S: Sink>(
    input: &BillInput<'_>,
    plan: &TierPlan,
    parts: [Energy; 3],
    out: &mut BillDraft,
    sink: &mut S,
) {
    for (tier, (energy, price)) in (1_u8..).zip(parts.into_iter().zip(plan.prices)) {
        charge(input, Item::Energy, (None, tier), (energy, price), plan.rule, out, sink);
    }
}

/// Peak and valley at the base price with their additions, then what tiers 2 and 3 add on their kWh.
pub(super) fn tier_tou<S: Sink>(
    input: &BillInput<'_>,
    plan: &TierTouPlan,
    usage: &Usage,
    parts: [Energy; 3],
    out: &mut BillDraft,
    sink: &mut S,
) {
    let peak = usage.bands[Band::Peak.index()] + usage.bands[Band::Sharp.index()];
    let base = plan.tiers.prices[0];
    let bands = [(Band::Peak, peak, plan.peak_add), (Band::Valley, usage.active - peak, plan.valley_add)];
    for (band, energy, add) in bands {
        charge(input, Item::Energy, (Some(band), 0), (energy, base + add), plan.rule, out, sink);
    }
    for tier in [1, 2] {
        let add = plan.tiers.prices[tier] - base;
        charge(input, Item::TierAdd, (None, tier as u8 + 1), (parts[tier], add), plan.tiers.rule, out, sink);
    }
}

fn charge<S: Sink>(
    input: &BillInput<'_>,
    item: Item,
    (band, tier): (Option<Band>, u8),
    (energy, price): (Energy, Price),
    rule: super::RuleRef,
    out: &mut BillDraft,
    sink: &mut S,
) {
    if energy.is_zero() {
        return;
    }
    let amount = price.charge(energy, input.params.rounding(item));
    let line = Line { band, tier, ..Line::new(item, Unit::Kwh, energy.0, price, amount, rule) };
    out.push(line, input.rules, sink);
}
