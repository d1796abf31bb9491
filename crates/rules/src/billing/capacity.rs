//! 容(需)量电费: the monthly charge of two-part accounts, by capacity or by demand.

use super::draft::{BillDraft, Line, Share};
use super::input::{BillInput, Segment};
use super::item::{Item, Unit};
use super::params::{DemandParams, by_demand};
use super::proration::run_end;
use super::refusal::BillRefusal;
use crate::derivation::{Sink, Step};
use crate::registry::Scheme;
use crate::units::{Capacity, Demand, Energy, Money, Price, Ratio, Rounding};
use std::ops::Range;

/// 计费需量: the demand that is billed at the plain price, and the multiplied excess beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BilledDemand {
    pub plain: Demand,
    pub excess: Demand,
}

impl DemandParams {
    /// What a contract demand and the demand that was reached are billed as.
    pub(super) fn billed(&self, contract: Demand, actual: Demand) -> BilledDemand {
        let part = |d: Demand, ratio: Ratio| Demand(Rounding::HalfUp.divide_product(d.0, ratio.0, 1_000_000));
        let tolerated = part(contract, self.tolerance);
        if actual <= tolerated {
            return BilledDemand { plain: contract, excess: Demand::ZERO };
        }
        let plain = if self.tolerance_is_billed { tolerated } else { contract };
        BilledDemand { plain, excess: part(actual - tolerated, self.excess_multiple) }
    }

    /// The demand price of an account with this use per kVA in this part of a month.
    fn price(&self, price: Price, active: Energy, capacity: Capacity, share: Share) -> Price {
        let Some(least) = self.high_use_kwh_per_kva else { return price };
        let used = i128::from(active.0) * 10_000 * i128::from(share.den);
        let needed = i128::from(capacity.0) * i128::from(least.0) * i128::from(share.num);
        if capacity.0 > 0 && used >= needed {
            price.times(self.high_use_factor, Price::SCALE, Rounding::HalfUp)
        } else {
            price
        }
    }
}

/// Charges every run of unchanged terms; the demand of a run is the highest that its segments reached.
pub(super) fn charge<S: Sink>(
    input: &BillInput<'_>,
    out: &mut BillDraft,
    sink: &mut S,
) -> Result<(), BillRefusal> {
    let mut start = 0;
    while start < input.segments.len() {
        let end = run_end(input.segments, start);
        match input.segments[start].terms.scheme {
            Scheme::SinglePart => {}
            Scheme::Capacity => by_capacity(input, start..end, out, sink)?,
            Scheme::ContractDemand | Scheme::ActualDemand => demand(input, start..end, out, sink)?,
        }
        start = end;
    }
    Ok(())
}

fn by_capacity<S: Sink>(
    input: &BillInput<'_>,
    run: Range<usize>,
    out: &mut BillDraft,
    sink: &mut S,
) -> Result<(), BillRefusal> {
    for n in run {
        let segment = &input.segments[n];
        let capacity = segment.terms.capacity;
        if capacity.0 <= 0 {
            return Err(BillRefusal::NoCapacity { segment: n + 1 });
        }
        monthly(input, n, (Item::Capacity, Unit::Kva, capacity.0), segment.prices.capacity, out, sink);
    }
    Ok(())
}

fn demand<S: Sink>(
    input: &BillInput<'_>,
    run: Range<usize>,
    out: &mut BillDraft,
    sink: &mut S,
) -> Result<(), BillRefusal> {
    let params = &input.params.demand;
    let terms = input.segments[run.start].terms;
    debug_assert!(by_demand(terms.scheme));
    let reached = input.segments[run.clone()].iter().map(|s| s.usage.demand).max().unwrap_or_default();
    let billed = if terms.scheme == Scheme::ActualDemand {
        BilledDemand { plain: reached, excess: Demand::ZERO }
    } else if terms.contract_demand.0 > 0 {
        params.billed(terms.contract_demand, reached)
    } else {
        return Err(BillRefusal::NoCapacity { segment: run.start + 1 });
    };
    let active = out.worked[run.clone()].iter().map(|w| w.all.active).sum();
    let share = out.worked[run.clone()].iter().map(|w| w.share).reduce(add).unwrap_or_default();
    for n in run {
        let segment: &Segment<'_> = &input.segments[n];
        let published = segment.prices.demand;
        let price = params.price(published, active, terms.capacity, share);
        if price != published {
            sink.step(|| high_use_step(published, price, active, terms.capacity));
        }
        monthly(input, n, (Item::Demand, Unit::Kw, billed.plain.0), price, out, sink);
        if !billed.excess.is_zero() {
            monthly(input, n, (Item::DemandExcess, Unit::Kw, billed.excess.0), price, out, sink);
        }
    }
    Ok(())
}

fn add(a: Share, b: Share) -> Share {
    if a.den == b.den {
        return Share { num: a.num + b.num, den: a.den };
    }
    Share { num: a.num * b.den + b.num * a.den, den: a.den * b.den }
}

fn monthly<S: Sink>(
    input: &BillInput<'_>,
    n: usize,
    (item, unit, quantity): (Item, Unit, i64),
    price: Price,
    out: &mut BillDraft,
    sink: &mut S,
) {
    let share = out.worked[n].share;
    // price 1e-8 × quantity 1e-4 = 1e-12 yuan; a fen is 1e-2 yuan.
    let exact = i128::from(price.0) * i128::from(quantity) * i128::from(share.num);
    let amount = input.params.rounding(item).divide_i128(exact, 10_000_000_000 * i128::from(share.den));
    let segment = &input.segments[n];
    let rule = if item == Item::DemandExcess { input.params.rule_demand } else { segment.prices.rule };
    let line = Line { share, ..Line::new(item, unit, quantity, price, Money(amount), rule) };
    out.worked[n].base += line.amount;
    out.push(line, input.rules, sink);
}

fn high_use_step(published: Price, price: Price, active: Energy, capacity: Capacity) -> Step {
    Step::new(
        "high_use",
        format!("每千伏安用电量达标({active} 千瓦时 / {capacity} 千伏安),需量电价 {published} 降为 {price}"),
        format!(
            "use per kVA is high ({active} kWh / {capacity} kVA): demand price {published} becomes {price}"
        ),
    )
}
