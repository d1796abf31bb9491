//! 抄表: what the readers and the remote reading bring in on a day, with what goes wrong, and what was really shown.

use super::fault::{FAULTS, Fault};
use super::resident::Resident;
use crate::clocks::Clocks;
use crate::company::Route;
use crate::crew::{Truth, evening};
use denghuo_office::metering::ReadingRow;
use denghuo_rules::calendar::Month;
use denghuo_rules::metering::{RegisterSet, Shown, Source};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Days after which a missing reading is fetched.
const FETCHED_AFTER: i64 = 5;

/// The meters of the town as they count along.
pub struct Meters<'t> {
    residents: &'t mut [Resident],
    clocks: &'t Clocks,
    /// From this day on more goes wrong than usual.
    rough_from: Date,
    /// What was shown on the due days of the last months, by account and day.
    shown: BTreeMap<(i64, Date), Shown>,
    /// Faults that happened, by kind.
    pub faults: BTreeMap<Fault, u64>,
}

impl<'t> Meters<'t> {
    /// The meters of the residents.
    pub fn new(residents: &'t mut [Resident], clocks: &'t Clocks, rough_from: Date) -> Self {
        Self { residents, clocks, rough_from, shown: BTreeMap::new(), faults: BTreeMap::new() }
    }

    /// The readings of the routes that are due on a day.
    pub fn read(&mut self, routes: &[Route], readers: &[String], on: Date) -> Vec<ReadingRow> {
        let mut rows = Vec::new();
        for (number, route) in (1..).zip(routes) {
            if Month::of(on).day_or_last(route.read_day as i8) != on {
                continue;
            }
            // Every fifth route is read on foot; one of them too fast to be real in the third month of a quarter.
            let on_foot = number % 5 == 0 || routes.len() < 5;
            let too_fast = on_foot && on.month() % 3 == 0;
            let pace = if too_fast { 2_000 } else { 45_000 };
            let reader = &readers[usize::try_from(route.reader - 1).unwrap_or(0)];
            for n in 0..self.residents.len() {
                if self.residents[n].route != number {
                    continue;
                }
                if let Some(shown) = self.due(n, on) {
                    let moment = evening(on) - 8 * 3_600_000 + rows.len() as i64 * pace;
                    let mut row = self.row(n, shown, moment);
                    if on_foot {
                        row.source = Source::Field;
                        row.taken_by = Some(reader.clone());
                    }
                    rows.push(row);
                }
            }
        }
        for (line, row) in (1..).zip(&mut rows) {
            row.line = line;
        }
        rows
    }

    /// What is read of an account on its due day; nothing when the reading is missed.
    fn due(&mut self, n: usize, on: Date) -> Option<RegisterSet> {
        let last = self.count_to(n, on);
        let (installation_no, real) = self.standing(n, on);
        let id = self.residents[n].id;
        self.shown.insert((id, on), Shown { installation_no, source: Source::Field, registers: real });
        let often = (self.residents.len() / 80).max(3);
        let fault = match self.residents[n].fault(Month::of(on)) {
            None if on >= self.rough_from && n.is_multiple_of(often) => {
                Some(FAULTS[n / often % FAULTS.len()])
            }
            fault => fault,
        };
        let read = match fault {
            Some(fault) => fault.distort(&real, &last),
            None => Some(real),
        };
        if read != Some(real) {
            *self.faults.entry(fault.unwrap_or(Fault::Missed)).or_default() += 1;
        }
        read
    }

    /// Counts the standing meter on to a day; gives what it showed the last time it was looked at.
    fn count_to(&mut self, n: usize, on: Date) -> RegisterSet {
        let at = self.standing_index(n, on);
        let (_, mut counter) = self.residents[n].meters[at].clone();
        let before = counter.dial();
        counter.reset_demand();
        counter.advance(&self.residents[n], self.clocks, on);
        self.residents[n].meters[at].1 = counter;
        before
    }

    fn standing_index(&self, n: usize, on: Date) -> usize {
        let stands =
            |hung: &crate::company::Hung| hung.closing.as_ref().is_none_or(|closing| on < closing.on);
        self.residents[n].meters.iter().position(|(hung, _)| stands(hung)).unwrap_or(0)
    }

    fn standing(&self, n: usize, on: Date) -> (i64, RegisterSet) {
        let at = self.standing_index(n, on);
        (at as i64 + 1, self.residents[n].meters[at].1.dial())
    }

    fn row(&self, n: usize, registers: RegisterSet, moment: i64) -> ReadingRow {
        let resident = &self.residents[n];
        let at = self.standing_index(n, registers.on);
        ReadingRow {
            line: 1,
            account_no: Some(resident.account_no.clone()),
            meter_no: Some(resident.meters[at].0.meter_no.clone()),
            registers,
            source: Source::Remote,
            taken_at: Some(moment),
            taken_by: None,
        }
    }
}

impl Truth for Meters<'_> {
    fn shown(&self, account_id: i64, on: Date) -> Option<Shown> {
        self.shown.get(&(account_id, on)).copied()
    }

    /// Odd accounts are found at home some days later; of the even ones the period is billed provisionally.
    fn visit(&mut self, account_id: i64, on: Date) -> Option<ReadingRow> {
        let n = usize::try_from(account_id - 1).ok().filter(|n| *n < self.residents.len())?;
        let due = self.shown.keys().rev().find(|(id, _)| *id == account_id).map(|(_, day)| *day)?;
        // Before the first bill there is no quantity to estimate from.
        let first_period = Month::of(due).since(Month::of(self.residents[n].since)) <= 1;
        let waited = denghuo_rules::calendar::days_between(due, on);
        if (account_id % 2 == 0 && !first_period) || waited < FETCHED_AFTER {
            return None;
        }
        self.count_to(n, on);
        let (_, registers) = self.standing(n, on);
        let mut row = self.row(n, registers, evening(on));
        row.source = Source::Field;
        Some(row)
    }
}
