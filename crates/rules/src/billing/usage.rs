//! From metered to billed energy: whole kWh, losses between the meter and the boundary, fixed parts.

use super::draft::{BillDraft, Line, Share, Worked};
use super::input::{BillInput, Segment};
use super::item::{Item, Unit};
use super::params::FixedFrom;
use super::refusal::BillRefusal;
use crate::derivation::{Sink, Step};
use crate::registry::{Category, FixedPart, TransformerLoss};
use crate::tariff::{Band, PerBand, Usage};
use crate::units::{Energy, Rounding};

/// More than any account uses or draws; every product of the calculator stays in range below it.
const MOST: Energy = Energy::kwh(10_000_000_000);

/// Refuses quantities that no meter gives.
pub(super) fn check(segment: &Segment<'_>, number: usize) -> Result<(), BillRefusal> {
    let usage = &segment.usage;
    let negative = |e: &Energy| e.0 < 0;
    if negative(&usage.active)
        || negative(&usage.reactive)
        || usage.bands.iter().any(negative)
        || usage.demand.0 < 0
    {
        return Err(BillRefusal::NegativeUsage { segment: number });
    }
    let beyond = |e: &Energy| e.0 > MOST.0;
    if beyond(&usage.active)
        || beyond(&usage.reactive)
        || usage.bands.iter().any(beyond)
        || usage.demand.0 > MOST.0
    {
        return Err(BillRefusal::BeyondRange { segment: number });
    }
    let bands: Energy = usage.bands.iter().copied().sum();
    if segment.prices.plan.by_band() && bands != usage.active {
        return Err(BillRefusal::BandsDoNotAdd { segment: number });
    }
    Ok(())
}

/// Works losses and fixed parts into segment `n`; the fixed parts' lines are pushed on the way.
pub(super) fn work<S: Sink>(
    input: &BillInput<'_>,
    n: usize,
    out: &mut BillDraft,
    sink: &mut S,
) -> Result<(), BillRefusal> {
    let segment = &input.segments[n];
    let mut all = segment.usage;
    if let Some(mode) = input.params.whole_kwh {
        round_whole(&mut all, mode);
    }
    add_losses(input, n, out.worked[n].share, &mut all, sink)?;
    let worked = &mut out.worked[n];
    worked.all = all;
    worked.own = all;
    worked.surcharged = all.active;
    if !segment.terms.fixed_parts.is_empty() {
        take_fixed_parts(input, n, out, sink)?;
    }
    Ok(())
}

/// The smallest quantity of energy that is billed.
fn step(whole_kwh: Option<Rounding>) -> i64 {
    if whole_kwh.is_some() { 10_000 } else { 1 }
}

/// 电量取整; what rounding the periods leaves over goes to the largest, so that they still add up to the total.
fn round_whole(usage: &mut Usage, mode: Rounding) {
    usage.active = usage.active.to_whole_kwh(mode);
    usage.reactive = usage.reactive.to_whole_kwh(mode);
    if usage.bands != PerBand::<Energy>::default() {
        let largest = largest(&usage.bands);
        for band in &mut usage.bands {
            *band = band.to_whole_kwh(mode);
        }
        let sum: Energy = usage.bands.iter().copied().sum();
        usage.bands[largest] += usage.active - sum;
    }
}

fn largest(bands: &PerBand<Energy>) -> usize {
    (0..bands.len()).max_by_key(|n| (bands[*n], usize::MAX - n)).unwrap_or(Band::Flat.index())
}

/// Splits `amount` by the shares of `weights`, in whole steps; the rest goes to the largest. Without weights all of it is flat.
pub(super) fn spread(amount: Energy, weights: &PerBand<Energy>, step: i64) -> PerBand<Energy> {
    let mut parts = PerBand::<Energy>::default();
    let total: i64 = weights.iter().map(|w| w.0).sum();
    if total == 0 {
        parts[Band::Flat.index()] = amount;
        return parts;
    }
    for (part, weight) in parts.iter_mut().zip(weights) {
        let exact = Rounding::Truncate.divide_product(amount.0, weight.0, total);
        *part = Energy(exact / step * step);
    }
    let sum: Energy = parts.iter().copied().sum();
    parts[largest(weights)] += amount - sum;
    parts
}

fn add_losses<S: Sink>(
    input: &BillInput<'_>,
    n: usize,
    share: Share,
    usage: &mut Usage,
    sink: &mut S,
) -> Result<(), BillRefusal> {
    let segment = &input.segments[n];
    let mode = input.params.whole_kwh;
    if let Some(loss) = &segment.terms.transformer_loss {
        let (active, reactive) = transformer_loss(loss, usage, share, segment.days)
            .ok_or(BillRefusal::NoCapacity { segment: n + 1 })?;
        add(usage, active, reactive, mode);
        sink.step(|| {
            Step::new(
                "transformer_loss",
                format!("变损电量:有功 {active} 千瓦时,无功 {reactive} 千乏时"),
                format!("transformer loss: active {active} kWh, reactive {reactive} kvarh"),
            )
        });
    }
    if !segment.terms.line_loss.is_zero() {
        let rate = segment.terms.line_loss;
        let before = usage.active;
        add(usage, before.times(rate, Rounding::HalfUp), Energy::ZERO, mode);
        let added = usage.active - before;
        sink.step(|| {
            Step::new(
                "line_loss",
                format!("线损电量:{before} × {rate} = {added} 千瓦时"),
                format!("line loss: {before} × {rate} = {added} kWh"),
            )
        });
    }
    Ok(())
}

fn add(usage: &mut Usage, active: Energy, reactive: Energy, mode: Option<Rounding>) {
    let round = |e: Energy| mode.map_or(e, |mode| e.to_whole_kwh(mode));
    let active = round(active);
    if usage.bands != PerBand::<Energy>::default() {
        let parts = spread(active, &usage.bands, step(mode));
        for (band, part) in usage.bands.iter_mut().zip(parts) {
            *band += part;
        }
    }
    usage.active += active;
    usage.reactive += round(reactive);
}

/// Active and reactive loss of a transformer; `None` when a nameplate has no rating, or is absurd.
pub(super) fn transformer_loss(
    loss: &TransformerLoss,
    usage: &Usage,
    share: Share,
    days: u16,
) -> Option<(Energy, Energy)> {
    const UP: Rounding = Rounding::HalfUp;
    match *loss {
        TransformerLoss::Table { monthly_kwh, monthly_kvarh } => {
            let part = |e: Energy| e.prorate(share.num, share.den, UP);
            Some((part(monthly_kwh), part(monthly_kvarh)))
        }
        TransformerLoss::Nameplate {
            no_load_kw,
            load_kw,
            rated_kva,
            no_load_current,
            impedance,
            shape,
            hours_per_day,
        } => {
            let hours = i128::from(days) * i128::from(hours_per_day);
            let rated = i128::from(rated_kva.0);
            if rated <= 0 || hours <= 0 {
                return None;
            }
            // (Wp² + Wq²)/(Sn²·T) is the equivalent number of hours at rated load, times the shape of the load.
            let (p, q) = (i128::from(usage.active.0), i128::from(usage.reactive.0));
            let square = (p * p + q * q).checked_mul(i128::from(shape.0))?;
            let rated_hours = rated * rated * hours * 1_000_000;
            let copper = UP.divide_i128(square.checked_mul(i128::from(load_kw.0))?, rated_hours);
            let iron = i64::try_from(i128::from(no_load_kw.0) * hours).ok()?;
            let magnetising = UP.divide_i128(rated * i128::from(no_load_current.0) * hours, 1_000_000);
            // Reactive load loss = Uk·Sn × equivalent hours; the ratio's millionths join the denominator.
            let leakage = UP.divide_i128(
                square.checked_mul(i128::from(impedance.0))?,
                rated * hours * 1_000_000 * 1_000_000,
            );
            Some((Energy(iron + copper), Energy(magnetising + leakage)))
        }
    }
}

fn take_fixed_parts<S: Sink>(
    input: &BillInput<'_>,
    n: usize,
    out: &mut BillDraft,
    sink: &mut S,
) -> Result<(), BillRefusal> {
    let segment = &input.segments[n];
    let total = out.worked[n].all.active;
    for part in &segment.terms.fixed_parts {
        let Worked { share, mut own, mut surcharged, .. } = out.worked[n];
        let (category, asked, from) = match *part {
            FixedPart::Quantity { monthly_kwh, category } => (
                category,
                monthly_kwh.prorate(share.num, share.den, Rounding::HalfUp),
                input.params.fixed_from,
            ),
            FixedPart::Ratio { share, category } => {
                (category, total.times(share, Rounding::HalfUp), FixedFrom::Shares)
            }
        };
        let asked = input.params.whole_kwh.map_or(asked, |mode| asked.to_whole_kwh(mode)).min(own.active);
        take(&mut own, asked, from, step(input.params.whole_kwh));
        let price = fixed_price(segment, category)?;
        if !price.surcharged {
            surcharged -= asked;
        }
        let amount = price.price.charge(asked, input.params.rounding(Item::FixedPart));
        let line = Line::new(Item::FixedPart, Unit::Kwh, asked.0, price.price, amount, price.rule);
        out.worked[n].own = own;
        out.worked[n].surcharged = surcharged;
        out.push(line, input.rules, sink);
    }
    Ok(())
}

fn fixed_price<'a>(
    segment: &Segment<'a>,
    category: Category,
) -> Result<&'a super::compile::FixedPrice, BillRefusal> {
    segment.prices.fixed.iter().find(|f| f.category == category).ok_or(BillRefusal::NoFixedPrice { category })
}

fn take(own: &mut Usage, asked: Energy, from: FixedFrom, step: i64) {
    own.active -= asked;
    if own.bands == PerBand::<Energy>::default() {
        return;
    }
    let mut left = asked;
    if from == FixedFrom::Flat {
        let flat = &mut own.bands[Band::Flat.index()];
        let taken = left.min(*flat);
        *flat -= taken;
        left -= taken;
    }
    if left > Energy::ZERO {
        let parts = spread(left, &own.bands, step);
        for (band, part) in own.bands.iter_mut().zip(parts) {
            *band -= part;
        }
    }
}
