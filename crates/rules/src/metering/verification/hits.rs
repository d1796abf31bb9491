//! The conditions: each tells what it holds when it hits, and `None` when it does not.

use super::super::exception::Hold;
use super::super::history::History;
use super::super::site_check::CheckClass;
use super::super::verdict::possible_energy;
use super::BillFacts;
use super::parameters::{Compare, Q01, Q02, Q03, Q04, Q05, Q06, Q07, Q08, Q11, Q13};
use crate::registry::{PfStandard, Scheme};
use crate::units::{Demand, Energy, Rounding};

pub(super) fn jump(facts: &BillFacts, history: &History, rule: &Q01) -> Option<Hold> {
    let bounds = if facts.class == CheckClass::Residential { &rule.residential } else { &rule.other };
    let beyond = |entry: super::super::Entry| {
        let then = entry.over(facts.days);
        bounds.is_rise(facts.energy, then) || bounds.is_fall(facts.energy, then)
    };
    let last = history.before(facts.month).map(beyond);
    let year_ago = history.year_ago(facts.month).map(beyond);
    let hit = match (rule.compare, last, year_ago) {
        (_, None, None) => false,
        (_, Some(hit), None) | (_, None, Some(hit)) => hit,
        (Compare::Either, Some(last), Some(year_ago)) => last || year_ago,
        (Compare::Both, Some(last), Some(year_ago)) => last && year_ago,
    };
    hit.then_some(rule.hold)
}

pub(super) fn zero(facts: &BillFacts, history: &History, rule: &Q02) -> Option<Hold> {
    facts.energy.is_zero().then(|| {
        let zeros = history.run(facts.month, |entry| entry.mark.is_zero()) + 1;
        if zeros >= rule.hold_from { rule.hold } else { Hold::Nothing }
    })
}

pub(super) fn negative(facts: &BillFacts, rule: &Q03) -> Option<Hold> {
    if facts.energy < Energy::ZERO {
        return Some(rule.hold);
    }
    facts.rolled_over.then_some(rule.hold_rollover)
}

pub(super) fn bands(facts: &BillFacts, rule: &Q04) -> Option<Hold> {
    (facts.band_gap > rule.gap.times(facts.multiplier, Rounding::HalfUp)).then_some(rule.hold)
}

pub(super) fn power_factor(facts: &BillFacts, rule: &Q05) -> Option<Hold> {
    let used = facts.energy > Energy::ZERO;
    let missing = facts.pf_standard != PfStandard::None && used && facts.reactive.is_zero();
    let too_much =
        facts.reactive > facts.energy.at_least(Energy::ZERO).times(rule.most_reactive, Rounding::HalfUp);
    // cos φ < f  ⇔  P² < f² (P² + Q²): in whole kWh and thousandths it stays inside 128 bits.
    let (p, q) = (i128::from(facts.energy.0 / 10_000), i128::from(facts.reactive.0 / 10_000));
    let f = i128::from(rule.least_pf.0 / 1_000);
    let too_low = used && p * p * 1_000_000 < f * f * (p * p + q * q);
    (missing || too_much || too_low).then_some(rule.hold)
}

pub(super) fn capacity(facts: &BillFacts, rule: &Q06) -> Option<Hold> {
    let single_part = facts.scheme == Scheme::SinglePart;
    let commercial = facts.category == crate::registry::Category::Commercial;
    let too_large = commercial && single_part && facts.capacity > rule.two_part_above;
    let too_small = !single_part && facts.capacity < rule.single_part_below;
    let mismatch = facts.category_of_trade.is_some_and(|trade| trade != facts.category);
    (too_large || too_small || mismatch).then_some(rule.hold)
}

pub(super) fn demand(facts: &BillFacts, rule: &Q07) -> Option<Hold> {
    let by_demand = matches!(facts.scheme, Scheme::ContractDemand | Scheme::ActualDemand);
    let allowed = Energy(facts.contract_demand.0).times(rule.beyond_contract, Rounding::HalfUp).0;
    let beyond = !facts.contract_demand.is_zero() && facts.demand > Demand(allowed);
    let missing = by_demand && facts.demand.is_zero() && facts.energy > Energy::ZERO;
    (beyond || missing).then_some(rule.hold)
}

pub(super) fn load(facts: &BillFacts, rule: &Q08) -> Option<Hold> {
    let over_capacity = facts.days > 0
        && !facts.capacity.is_zero()
        && facts.energy > possible_energy(facts.capacity, facts.days);
    let at_full_demand = Energy(facts.demand.0.saturating_mul(24 * facts.days.max(0)));
    let over_demand =
        !at_full_demand.is_zero() && facts.energy > at_full_demand.times(rule.load_factor, Rounding::HalfUp);
    (over_capacity || over_demand).then_some(rule.hold)
}

pub(super) fn amount(facts: &BillFacts, rule: &Q11) -> Option<Hold> {
    let residential = facts.class == CheckClass::Residential;
    let from = if residential { rule.residential_from } else { rule.other_from };
    let large = (facts.amount >= from).then_some(rule.hold);
    large.max(facts.first_bill.then_some(rule.hold_first))
}

pub(super) fn estimates(facts: &BillFacts, history: &History, rule: &Q13) -> Option<Hold> {
    if !facts.estimated {
        return None;
    }
    let estimates = history.run(facts.month, |entry| entry.mark.is_estimated()) + 1;
    (estimates >= rule.estimates).then_some(rule.hold)
}
