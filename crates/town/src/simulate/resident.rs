//! 用户: an account of the town as it lives: what it uses, what happens to it, how it pays.

use super::Plan;
use super::class::Class;
use super::payer::Payer;
use super::usage::{Counter, opening, peak_factor};
use crate::clocks::Clocks;
use crate::company::Hung;
use crate::lots::{Lots, Topic};
use denghuo_rules::calendar::Month;
use denghuo_rules::registry::{PfStandard, SupplyTerms};
use denghuo_rules::units::{Capacity, Energy, Ratio};
use jiff::civil::Date;

/// What happens once in the life of an account during the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The meter passes its last digit.
    Rollover,
    /// 换表: the meter is changed on a day.
    MeterChange(Date),
    /// 变更: the terms change on a day.
    TermsChange(Date),
    /// Nobody is there for some months.
    Vacancy,
}

/// An account as it lives.
#[derive(Clone, Debug)]
pub struct Resident {
    /// The seed of the town.
    pub seed: u64,
    /// The number of the account.
    pub id: i64,
    /// 户号
    pub account_no: String,
    /// 类别
    pub class: Class,
    /// Number of the route.
    pub route: i64,
    /// What it uses on an ordinary day at the beginning.
    pub daily: Energy,
    /// Growth in a year, in a thousand.
    pub growth: i64,
    /// The first day of the history.
    pub since: Date,
    /// Reactive energy per active energy.
    pub reactive: Ratio,
    /// Peak over mean load.
    pub peak: Ratio,
    /// Months without use, the second not included.
    pub vacant: Option<(Month, Month)>,
    /// What happens to it.
    pub event: Option<Event>,
    /// Versions of its terms.
    pub terms: Vec<(Date, SupplyTerms)>,
    /// Its meters, one after another, with their registers as they count.
    pub meters: Vec<(Hung, Counter)>,
    /// How it pays.
    pub payer: Payer,
    /// On which day of the month it pays.
    pub pay_day: i8,
}

impl Resident {
    /// The account with a number on a route, whose meter was read on `read_on` before the history begins.
    #[must_use]
    pub fn draw(id: i64, route: i64, read_on: Date, plan: &Plan, clocks: &Clocks) -> Self {
        let mut lots = Lots::of(plan.seed, Topic::Account, id, 0);
        let class = Class::draw(id, &mut lots);
        let daily = class.daily(&mut lots);
        let event = draw_event(id, class, plan, &mut lots);
        let first = class.terms(daily, &mut lots);
        let mut terms = vec![(read_on, first)];
        if let Some(Event::TermsChange(on)) = event {
            terms.push((on, changed(class, &terms[0].1)));
        }
        let start = plan.first_month().plus(lots.between(0, 1) as i32);
        let vacant = (event == Some(Event::Vacancy)).then(|| (start, start.plus(lots.between(3, 7) as i32)));
        let mut resident = Self {
            seed: plan.seed,
            id,
            account_no: format!("37{:08}", 10_000_000 + id),
            class,
            route,
            daily,
            growth: lots.between(-20, 60),
            since: read_on,
            reactive: Ratio::per_mille(lots.between(250, 680)),
            peak: peak_factor(class, &mut lots),
            vacant,
            event,
            terms,
            meters: Vec::new(),
            payer: Payer::draw(id, class, &mut lots),
            // Some days after its bill, which follows the reading.
            pay_day: ((i64::from(read_on.day()) + lots.between(3, 8)) % 28 + 1) as i8,
        };
        resident.hang_meters(read_on, clocks, &mut lots);
        resident
    }

    fn hang_meters(&mut self, on: Date, clocks: &Clocks, lots: &mut Lots) {
        let (ct, pt) = self.class.transformers();
        let digits = if self.class.is_home() { 5 } else { 6 };
        let range = 10_i64.pow(digits.into());
        let total = match self.event {
            // So near its end that it passes it within the first months.
            Some(Event::Rollover) => Energy::kwh(range) - Energy(self.daily.0 * 40),
            _ => Energy::kwh(lots.between(100, range / 4)),
        };
        let first = self.meter(1, digits, (ct, pt), opening(&self.terms, clocks, on, total));
        let Some(Event::MeterChange(changed_on)) = self.event else {
            self.meters.push(first);
            return;
        };
        let (mut old, counter) = first;
        let mut to_its_end = counter.clone();
        to_its_end.advance(self, clocks, changed_on);
        old.closing = Some(to_its_end.dial());
        let zero = opening(&self.terms, clocks, changed_on, Energy::ZERO);
        let new = self.meter(2, digits, (ct, pt), zero);
        self.meters.push((old, counter));
        self.meters.push(new);
    }

    fn meter(
        &self,
        number: i64,
        digits: u8,
        (ct, pt): ((i64, i64), (i64, i64)),
        opening: denghuo_rules::metering::RegisterSet,
    ) -> (Hung, Counter) {
        let meter_no = format!("M{:08}-{number}", self.id);
        let hung = Hung { meter_no, digits, ct, pt, opening, closing: None };
        let multiplier = hung.multiplier();
        (hung, Counter::new(opening, multiplier, digits))
    }
}

/// The first accounts of some classes have one event each, so that even a small town has all of them.
fn draw_event(id: i64, class: Class, plan: &Plan, lots: &mut Lots) -> Option<Event> {
    let months = i64::from(plan.months);
    let month = plan.first_month().plus(lots.between(0, (months - 1).max(0)) as i32);
    let day = month.day_or_last(lots.between(2, 27) as i8);
    let drawn = lots.between(0, 999);
    match (id, drawn) {
        (13, _) | (_, 0..=11) if class.is_home() => Some(Event::Rollover),
        (14, _) | (_, 12..=26) => Some(Event::MeterChange(day)),
        (15 | 10, _) | (_, 27..=40) if changes_terms(class) => Some(Event::TermsChange(month.first_day())),
        (16, _) | (_, 41..=64) if class.is_home() || class == Class::Shop => Some(Event::Vacancy),
        _ => None,
    }
}

fn changes_terms(class: Class) -> bool {
    matches!(class, Class::Home | Class::Factory | Class::Workshop)
}

/// A home registers its fifth person, a factory adds a transformer, a workshop gets a better standard.
fn changed(class: Class, terms: &SupplyTerms) -> SupplyTerms {
    let more = Capacity(terms.capacity.0 + Capacity::kva(200).0);
    match class {
        Class::Factory => SupplyTerms { capacity: more, ..terms.clone() },
        Class::Workshop => SupplyTerms { pf_standard: PfStandard::P90, ..terms.clone() },
        _ => SupplyTerms { persons: 5, ..terms.clone() },
    }
}
