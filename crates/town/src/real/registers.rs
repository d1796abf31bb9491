//! 示数: measured consumption integrated to the registers of a meter.

use super::samples::{HALF_HOUR, Moment, Quarter, Series};
use crate::clocks::Clocks;
use denghuo_rules::calendar::{Month, plus_days};
use denghuo_rules::metering::RegisterSet;
use denghuo_rules::tariff::{Band, DayBands};
use denghuo_rules::units::{Demand, Energy, Ratio};
use jiff::civil::Date;

/// A day of the file as a day of the company: whole years later. 29 February of a year that has none is told as the
/// 28th, so its energy stands in the same reading.
#[must_use]
pub fn shifted(day: Date, years: i16) -> Date {
    let month = Month::of(day).plus(i32::from(years) * 12);
    month.day_or_last(day.day())
}

/// A moment of the half-hourly homes with gaps in the time of the company.
#[must_use]
pub fn shifted_moment(moment: Moment) -> Moment {
    Moment::midnight(shifted(moment.day(), super::build::LONG_HOME_YEARS)).plus(moment.minute().into())
}

/// The meter of a home at 0:00 of the first of each month, from the first day that is there from its beginning.
#[derive(Clone, Debug)]
pub struct HomeMeter {
    /// The opening registers.
    pub opening: RegisterSet,
    /// What it shows on the first of each month; nothing where the reading falls into a gap.
    pub readings: Vec<(Date, Option<RegisterSet>)>,
}

/// Integrates a home. Energy in a gap is not invented: the register stands still over it. A reading is there when
/// the interval that ends at its 0:00 is.
#[must_use]
pub fn home_meter(series: &Series, years: i16, clocks: Option<&Clocks>) -> Option<HomeMeter> {
    let (first, last) = (series.samples.first()?.at, series.samples.last()?.at.plus(HALF_HOUR));
    let opened = if first.minute() == 0 { first.day() } else { plus_days(first.day(), 1) };
    let mut shown = empty(shifted(opened, years), clocks.is_some());
    let opening = shown;
    let mut readings = Vec::new();
    let mut samples =
        series.samples.iter().skip_while(|sample| sample.at < Moment::midnight(opened)).peekable();
    let mut seen_to = Moment::midnight(opened);
    let mut month = Month::of(opened).plus(1);
    while Moment::midnight(month.first_day()) <= last {
        let midnight = Moment::midnight(month.first_day());
        while let Some(sample) = samples.next_if(|sample| sample.at < midnight) {
            add(
                &mut shown,
                clocks.map(|c| c.home(shifted(sample.at.day(), years))),
                sample.at,
                sample.energy,
            );
            seen_to = sample.at.plus(HALF_HOUR);
        }
        shown.on = shifted(month.first_day(), years);
        readings.push((shown.on, (seen_to == midnight).then_some(shown)));
        month = month.plus(1);
    }
    // The reading that closes the account has to be there.
    while readings.last().is_some_and(|(_, reading)| reading.is_none()) {
        readings.pop();
    }
    (!readings.is_empty()).then_some(HomeMeter { opening, readings })
}

fn empty(on: Date, by_time: bool) -> RegisterSet {
    let mut set = RegisterSet::total_only(on, Energy::ZERO);
    if by_time {
        // A meter of a home has a flat register too; a tariff without a flat period leaves it at zero.
        for band in [Band::Peak, Band::Flat, Band::Valley] {
            set.bands[band.index()] = Some(Energy::ZERO);
        }
    }
    set
}

fn add(shown: &mut RegisterSet, bands: Option<DayBands>, at: Moment, energy: Energy) {
    shown.total += energy;
    if let Some(day) = bands {
        let register = &mut shown.bands[day.at_minute(at.minute()).index()];
        *register = Some(register.unwrap_or_default() + energy);
    }
}

/// Integrates daily totals: what the meter shows on the first of each month, in dial units of a multiplier.
#[must_use]
pub fn daily_meter(series: &Series, years: i16, multiplier: Ratio) -> Vec<RegisterSet> {
    let mut total = 0;
    let mut readings = Vec::new();
    for sample in &series.samples {
        if sample.at.day().day() == 1 {
            readings.push(first_of(sample.at.day(), years, total, multiplier));
        }
        total += sample.energy.0;
    }
    if let Some(last) = series.samples.last() {
        readings.push(first_of(plus_days(last.at.day(), 1), years, total, multiplier));
    }
    readings
}

fn first_of(day: Date, years: i16, total: i64, multiplier: Ratio) -> RegisterSet {
    RegisterSet::total_only(shifted(day, years), Energy(total * Ratio::ONE.0 / multiplier.0))
}

/// Integrates quarter hours with reactive energy and the maximum demand of each month.
#[must_use]
pub fn quarter_meter(
    quarters: &[Quarter],
    years: i16,
    day: &DayBands,
    multiplier: Ratio,
) -> Vec<RegisterSet> {
    let Some(first) = quarters.first() else { return Vec::new() };
    let mut sum = RegisterSet::total_only(first.at.day(), Energy::ZERO);
    for band in day.0 {
        sum.bands[band.index()] = Some(Energy::ZERO);
    }
    let mut readings = vec![dial(&sum, years, multiplier)];
    for quarter in quarters {
        add(&mut sum, Some(*day), quarter.at, quarter.active);
        sum.reactive_forward += quarter.lagging;
        sum.reactive_reverse += quarter.leading;
        sum.max_demand = sum.max_demand.max(Demand(quarter.active.0 * 4));
        let next = quarter.at.plus(15);
        if next.minute() == 0 && next.day().day() == 1 {
            sum.on = next.day();
            readings.push(dial(&sum, years, multiplier));
            sum.max_demand = Demand::ZERO;
        }
    }
    readings
}

fn dial(sum: &RegisterSet, years: i16, multiplier: Ratio) -> RegisterSet {
    let shown = |energy: Energy| Energy(energy.0 * Ratio::ONE.0 / multiplier.0);
    RegisterSet {
        on: shifted(sum.on, years),
        total: shown(sum.total),
        bands: sum.bands.map(|band| band.map(shown)),
        reactive_forward: shown(sum.reactive_forward),
        reactive_reverse: shown(sum.reactive_reverse),
        max_demand: Demand(shown(Energy(sum.max_demand.0)).0),
    }
}
