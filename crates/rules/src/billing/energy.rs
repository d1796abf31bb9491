//! 电度电费: the energy of a segment at its own prices, the system-operation fee and the funds.

use super::compile::PricePlan;
use super::draft::{BillDraft, Line};
use super::household;
use super::input::BillInput;
use super::item::{Item, Unit};
use super::refusal::BillRefusal;
use crate::derivation::{Sink, Step};
use crate::tariff::{Band, PerBand};
use crate::units::{Energy, Money, Price};

/// Charges the energy of segment `n`; `used` is what the home has used this year so far and moves on.
pub(super) fn charge<S: Sink>(
    input: &BillInput<'_>,
    n: usize,
    used: &mut Energy,
    out: &mut BillDraft,
    sink: &mut S,
) -> Result<(), BillRefusal> {
    let prices = input.segments[n].prices;
    if let Some(rule) = prices.assumption {
        sink.step(|| assumed(input.rules.get(rule).unwrap_or_default()));
    }
    let before = out.total;
    let own = out.worked[n].own;
    match &prices.plan {
        PricePlan::Tiers(plan) => {
            let state = input.household.as_ref().ok_or(BillRefusal::NoHouseholdState)?;
            household::tiers(input, plan, plan.split(state, *used, own.active), out, sink);
            *used += own.active;
        }
        PricePlan::TierTou(plan) => {
            let state = input.household.as_ref().ok_or(BillRefusal::NoHouseholdState)?;
            if !own.bands[Band::Flat.index()].is_zero() {
                return Err(BillRefusal::NoBandPrice { band: Band::Flat });
            }
            let parts = plan.tiers.split(state, *used, own.active);
            household::tier_tou(input, plan, &own, parts, out, sink);
            *used += own.active;
        }
        PricePlan::Flat(price) => at(input, n, None, (own.active, *price), out, sink),
        PricePlan::Bands(table) => bands(input, n, table, out, sink)?,
    }
    let energy = out.total - before;
    let system = system(input, n, out, sink);
    out.worked[n].base += energy + system;
    Ok(())
}

fn assumed(rule: &str) -> Step {
    Step::new(
        "price_fallback",
        "当月电价表未公布,按本单位规则借用其他月份电价(假设)",
        "no table was published for this month: by the site's rule the prices of another month are assumed",
    )
    .under(rule)
}

fn bands<S: Sink>(
    input: &BillInput<'_>,
    n: usize,
    table: &PerBand<Option<Price>>,
    out: &mut BillDraft,
    sink: &mut S,
) -> Result<(), BillRefusal> {
    let own = out.worked[n].own;
    for band in Band::ALL {
        let energy = own.bands[band.index()];
        if !energy.is_zero() {
            let price = table[band.index()].ok_or(BillRefusal::NoBandPrice { band: *band })?;
            at(input, n, Some(*band), (energy, price), out, sink);
        }
    }
    Ok(())
}

fn at<S: Sink>(
    input: &BillInput<'_>,
    n: usize,
    band: Option<Band>,
    (energy, price): (Energy, Price),
    out: &mut BillDraft,
    sink: &mut S,
) {
    if energy.is_zero() {
        return;
    }
    let amount = price.charge(energy, input.params.rounding(Item::Energy));
    let line = Line::new(Item::Energy, Unit::Kwh, energy.0, price, amount, input.segments[n].prices.rule);
    out.push(Line { band, ..line }, input.rules, sink);
}

/// The system-operation fee; returns its part in the base of the power factor (without parts at another price).
fn system<S: Sink>(input: &BillInput<'_>, n: usize, out: &mut BillDraft, sink: &mut S) -> Money {
    let prices = input.segments[n].prices;
    let worked = out.worked[n];
    if prices.system.is_zero() || worked.surcharged.is_zero() {
        return Money::ZERO;
    }
    let mode = input.params.rounding(Item::System);
    let amount = prices.system.charge(worked.surcharged, mode);
    let line = Line::new(Item::System, Unit::Kwh, worked.surcharged.0, prices.system, amount, prices.rule);
    out.push(line, input.rules, sink);
    if worked.surcharged == worked.own.active {
        amount
    } else {
        prices.system.charge(worked.own.active, mode)
    }
}

/// The funds of segment `n`, outside the base of the power factor.
pub(super) fn funds<S: Sink>(input: &BillInput<'_>, n: usize, out: &mut BillDraft, sink: &mut S) {
    let energy = out.worked[n].surcharged;
    if energy.is_zero() {
        return;
    }
    for surcharge in &input.segments[n].prices.surcharges {
        let amount = surcharge.price.charge(energy, input.params.rounding(Item::Funds));
        let line = Line::new(Item::Funds, Unit::Kwh, energy.0, surcharge.price, amount, surcharge.rule);
        out.push(line, input.rules, sink);
    }
}
