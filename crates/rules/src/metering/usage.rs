//! 电量计算: a period of an account is a sum of signed spans, each between two readings of one meter with one
//! multiplier. A meter change is two spans, a new multiplier is two spans, a sub-meter is a span to subtract.

use super::bands::reconcile;
use super::dial::{Advance, Dial, RegisterKind, RegisterSet};
use super::parameters::ReadingRules;
use super::refusal::MeteringRefusal;
use crate::derivation::{Sink, Step};
use crate::registry::PointRelation;
use crate::tariff::Usage;
use crate::units::{Demand, Energy};

/// What one meter showed at the beginning and at the end of a stretch of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterSpan {
    /// 计量点: spans of one point follow each other (meter change), spans of different points run side by side.
    pub point: i64,
    /// 计量关系: a main meter counts, a sub-meter is taken off.
    pub relation: PointRelation,
    /// Digits and multiplier of the meter.
    pub dial: Dial,
    /// The reading at the beginning (the opening of a new meter).
    pub from: RegisterSet,
    /// The reading at the end (the closing of a removed meter).
    pub to: RegisterSet,
}

/// Energy with what was noticed while computing it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metered {
    /// The energy.
    pub usage: Usage,
    /// How far the tariff registers were from the total, over all meters.
    pub band_gap: Energy,
    /// A register passed its last digit.
    pub rolled_over: bool,
}

impl Metered {
    fn register(
        &mut self,
        span: &MeterSpan,
        register: RegisterKind,
        (last, this): (Energy, Energy),
        rules: &ReadingRules,
    ) -> Result<Energy, MeteringRefusal> {
        if let Some(range) = span.dial.range()
            && this >= range
        {
            return Err(MeteringRefusal::BeyondDial { register, shown: this });
        }
        let advance = match span.dial.advance(last, this, rules.rollover_share) {
            Advance::Forward(advance) => advance,
            Advance::Rollover(advance) => {
                self.rolled_over = true;
                advance
            }
            Advance::Backward(_) => return Err(MeteringRefusal::WentBack { register, last, this }),
        };
        Ok(rules.round(span.dial.energy(advance)))
    }

    /// Takes in another meter's energy, except its demand, which does not simply add.
    fn add(&mut self, other: &Self, sign: i64) {
        self.usage.active += Energy(other.usage.active.0 * sign);
        self.usage.reactive += Energy(other.usage.reactive.0 * sign);
        for (mine, theirs) in self.usage.bands.iter_mut().zip(other.usage.bands) {
            *mine += Energy(theirs.0 * sign);
        }
        self.band_gap += other.band_gap;
        self.rolled_over |= other.rolled_over;
    }
}

/// The energy of one meter between two readings: (this − last) × multiplier per register, a rollover adds 10^digits,
/// reactive is forward + |reverse|, and the total prevails over the tariff registers.
///
/// # Errors
/// Readings out of order, beyond the digits, or a register that went back.
pub fn span_usage(
    span: &MeterSpan,
    rules: &ReadingRules,
    sink: &mut impl Sink,
) -> Result<Metered, MeteringRefusal> {
    if span.to.on < span.from.on {
        return Err(MeteringRefusal::OutOfOrder { last: span.from.on, this: span.to.on });
    }
    let mut metered = Metered::default();
    let active = metered.register(span, RegisterKind::Total, (span.from.total, span.to.total), rules)?;
    let mut bands = [None; 5];
    for (n, kind) in RegisterKind::BANDS.into_iter().enumerate() {
        if let (Some(last), Some(this)) = (span.from.bands[n], span.to.bands[n]) {
            bands[n] = Some(metered.register(span, kind, (last, this), rules)?);
        }
    }
    let forward = (span.from.reactive_forward, span.to.reactive_forward);
    let reverse = (span.from.reactive_reverse, span.to.reactive_reverse);
    let reactive = metered.register(span, RegisterKind::ReactiveForward, forward, rules)?
        + metered.register(span, RegisterKind::ReactiveReverse, reverse, rules)?;
    let reconciled = reconcile(active, &bands, rules.step());
    metered.usage =
        Usage { active, bands: reconciled.bands, reactive, demand: span.dial.demand(span.to.max_demand) };
    metered.band_gap = reconciled.gap;
    tell(span, &metered, sink);
    Ok(metered)
}

/// The energy of an account: spans added and sub-meters subtracted. Demand is the highest of each point's meters,
/// summed over the points that count.
///
/// # Errors
/// Those of [`span_usage`].
pub fn account_usage(
    spans: &[MeterSpan],
    rules: &ReadingRules,
    sink: &mut impl Sink,
) -> Result<Metered, MeteringRefusal> {
    let mut account = Metered::default();
    for span in spans {
        account.add(&span_usage(span, rules, sink)?, sign(span.relation));
    }
    account.usage.demand = account_demand(spans);
    if spans.len() > 1 {
        let active = account.usage.active;
        sink.step(|| {
            Step::new(
                "account_energy",
                format!("{}段电量合计{active}千瓦时", spans.len()),
                format!("{} spans together: {active} kWh", spans.len()),
            )
        });
    }
    Ok(account)
}

/// What the energy of a point counts in its account.
pub(super) const fn sign(relation: PointRelation) -> i64 {
    match relation {
        PointRelation::Main => 1,
        PointRelation::Sub => -1,
    }
}

/// The highest demand of each point, summed over the points that count.
pub(super) fn account_demand(spans: &[MeterSpan]) -> Demand {
    let counts = |span: &&MeterSpan| span.relation == PointRelation::Main;
    let first_of_point = |(n, span): &(usize, &MeterSpan)| {
        span.relation == PointRelation::Main
            && !spans[..*n]
                .iter()
                .any(|other| other.relation == PointRelation::Main && other.point == span.point)
    };
    spans
        .iter()
        .enumerate()
        .filter(first_of_point)
        .map(|(_, span)| {
            let of_point = spans.iter().filter(counts).filter(|other| other.point == span.point);
            of_point.map(|other| other.dial.demand(other.to.max_demand)).max().unwrap_or_default()
        })
        .sum()
}

fn tell(span: &MeterSpan, metered: &Metered, sink: &mut impl Sink) {
    let (from, to, dial) = (&span.from, &span.to, span.dial);
    sink.step(|| {
        let active = metered.usage.active;
        let formula = if metered.rolled_over {
            format!("({} - {} + 10^{}) × {} = {active}", to.total, from.total, dial.digits, dial.multiplier)
        } else {
            format!("({} - {}) × {} = {active}", to.total, from.total, dial.multiplier)
        };
        Step::new(
            "register_energy",
            format!("{}至{} {}: {formula}千瓦时", from.on, to.on, span.relation.zh()),
            format!("{} to {}, {}: {formula} kWh", from.on, to.on, span.relation.word()),
        )
    });
    if !metered.band_gap.is_zero() {
        sink.step(|| {
            Step::new(
                "bands_to_total",
                format!("分时与总相差{},以总为准按比例分摊", metered.band_gap),
                format!(
                    "tariff registers differ from the total by {}: the total prevails, split in proportion",
                    metered.band_gap
                ),
            )
        });
    }
}
