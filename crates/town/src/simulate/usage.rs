//! 用电: what an account uses on a day, and how its meter counts it.

use super::class::Class;
use super::resident::Resident;
use crate::clocks::Clocks;
use crate::lots::{Lots, Topic};
use denghuo_rules::calendar::{Month, days_between, plus_days};
use denghuo_rules::metering::RegisterSet;
use denghuo_rules::registry::{Category, PfStandard, SupplyTerms};
use denghuo_rules::tariff::Band;
use denghuo_rules::units::{Demand, Energy, Ratio, Rounding};
use jiff::civil::{Date, Weekday};
use std::collections::BTreeMap;

/// A meter that counts along: its registers at 0:00 of the day it has come to.
#[derive(Clone, Debug)]
pub struct Counter {
    /// What it shows, without the end of its dial.
    pub shown: RegisterSet,
    /// 综合倍率
    multiplier: Ratio,
    /// Whole digits of its dial.
    digits: u8,
}

impl Counter {
    /// A meter with its opening registers.
    #[must_use]
    pub fn new(opening: RegisterSet, multiplier: Ratio, digits: u8) -> Self {
        Self { shown: opening, multiplier, digits }
    }

    /// Counts on to 0:00 of a day; the maximum demand is that of the period since the last reset.
    pub fn advance(&mut self, resident: &Resident, clocks: &Clocks, to: Date) {
        while self.shown.on < to {
            self.count(resident, clocks, self.shown.on);
            self.shown.on = plus_days(self.shown.on, 1);
        }
    }

    /// What the dial shows: beyond its last digit it begins again.
    #[must_use]
    pub fn dial(&self) -> RegisterSet {
        let range = Energy::kwh(10_i64.pow(self.digits.into())).0;
        let wrap = |value: Energy| Energy(value.0.rem_euclid(range));
        let mut dial = self.shown;
        dial.total = wrap(dial.total);
        dial.bands = dial.bands.map(|band| band.map(wrap));
        dial.reactive_forward = wrap(dial.reactive_forward);
        dial.reactive_reverse = wrap(dial.reactive_reverse);
        dial
    }

    /// 需量复零: begins a new period of the maximum demand.
    pub fn reset_demand(&mut self) {
        self.shown.max_demand = Demand::ZERO;
    }

    fn count(&mut self, resident: &Resident, clocks: &Clocks, on: Date) {
        let used = Energy(resident.used(on).0 * Ratio::ONE.0 / self.multiplier.0);
        let terms = resident.terms_on(on);
        match clocks.day(terms, on) {
            None => self.shown.total += used,
            Some(day) => {
                let shape = resident.class.shape();
                let all: i64 = shape.iter().sum::<i64>() * 2;
                for (half_hour, band) in day.0.iter().enumerate() {
                    let part = Energy(used.0 * shape[half_hour / 2] / all);
                    self.shown.total += part;
                    let register = &mut self.shown.bands[band.index()];
                    *register = Some(register.unwrap_or_default() + part);
                }
            }
        }
        if terms.pf_standard != PfStandard::None {
            self.shown.reactive_forward += used.times(resident.reactive, Rounding::HalfUp);
        }
        if terms.category == Category::Commercial && resident.class.is_two_part() {
            // The mean load of the day, and the peak over it.
            let peak = Demand(Energy(used.0 / 24).times(resident.peak, Rounding::HalfUp).0);
            self.shown.max_demand = self.shown.max_demand.max(peak);
        }
    }
}

impl Resident {
    /// What is used on a day: the ordinary day by season, weekday, growth and chance.
    #[must_use]
    pub fn used(&self, on: Date) -> Energy {
        if self.vacant.is_some_and(|(from, until)| (from..until).contains(&Month::of(on))) {
            return Energy::ZERO;
        }
        let mut lots =
            Lots::of(self.seed, Topic::Usage, self.id, days_between(jiff::civil::date(2020, 1, 1), on));
        let weekend = matches!(on.weekday(), Weekday::Saturday | Weekday::Sunday);
        let noise = if self.class.is_home() { lots.between(700, 1_300) } else { lots.between(900, 1_100) };
        let grown = 1_000 + self.growth * days_between(self.since, on) / 365;
        [self.class.season(on.month()), if weekend { self.class.weekend() } else { 1_000 }, noise, grown]
            .into_iter()
            .fold(self.daily, |used, per_mille| Energy(used.0 * per_mille / 1_000))
    }

    /// The terms of a day.
    #[must_use]
    pub fn terms_on(&self, on: Date) -> &SupplyTerms {
        let version = self.terms.iter().rev().find(|(from, _)| *from <= on);
        &version.unwrap_or(&self.terms[0]).1
    }
}

/// The registers that a meter of an account begins with: those it will ever count on.
#[must_use]
pub fn opening(terms: &[(Date, SupplyTerms)], clocks: &Clocks, on: Date, total: Energy) -> RegisterSet {
    let mut set = RegisterSet::total_only(on, total);
    let mut parts: BTreeMap<usize, Energy> = BTreeMap::new();
    for (from, version) in terms {
        for day in [*from, plus_days(*from, 150)] {
            let bands = clocks.day(version, day);
            parts.extend(bands.iter().flat_map(|day| day.0).map(|band| (band.index(), Energy::ZERO)));
        }
    }
    let count = parts.len() as i64;
    for index in parts.keys() {
        set.bands[*index] = Some(Energy(total.0 / count));
    }
    if count > 0 {
        // Every meter with tariff registers has a flat one; a tariff without a flat period leaves it where it is.
        set.bands[Band::Flat.index()].get_or_insert(Energy::ZERO);
    }
    // The bands sum to the total.
    if let Some(first) = parts.keys().next() {
        let rest = total.0 - total.0 / count * count;
        set.bands[*first] = set.bands[*first].map(|band| Energy(band.0 + rest));
    }
    set
}

/// Does a class have peaks far above its mean load?
#[must_use]
pub fn peak_factor(class: Class, lots: &mut Lots) -> Ratio {
    match class {
        Class::Mill => Ratio::percent(lots.between(105, 125)),
        _ => Ratio::percent(lots.between(140, 190)),
    }
}
