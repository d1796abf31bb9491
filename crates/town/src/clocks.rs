//! 时段: which tariff period every half hour belongs to, taken from the same rules that price it.

use crate::error::TownError;
use denghuo_rules::billing::HouseholdTouParams;
use denghuo_rules::registry::{Category, Scheme, SupplyTerms, Voltage};
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::tariff::{Band, DayBands, PriceTables};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The periods of the day for every kind of account with time of use.
pub struct Clocks {
    homes: HouseholdTouParams,
    tables: BTreeMap<(Voltage, bool), DayBands>,
}

impl Clocks {
    /// The periods that the book knows on a day.
    ///
    /// # Errors
    /// The book has no time of use for homes or no price table.
    pub fn of(book: &Rulebook, site: &Selector, on: Date) -> Result<Self, TownError> {
        let homes = book.pick::<HouseholdTouParams>("household_tou", site, on)?.params;
        let compiled = PriceTables::compile(book, site)?;
        let mut tables = BTreeMap::new();
        for voltage in Voltage::ALL {
            for scheme in [Scheme::SinglePart, Scheme::Capacity] {
                let row = compiled.row(Category::Commercial, scheme, *voltage, on).ok();
                if let Some(bands) = row.and_then(|row| row.day_bands) {
                    tables.insert((*voltage, scheme != Scheme::SinglePart), bands);
                }
            }
        }
        Ok(Self { homes, tables })
    }

    /// The period of every half hour of a day; nothing for an account without time of use.
    #[must_use]
    pub fn day(&self, terms: &SupplyTerms, on: Date) -> Option<DayBands> {
        if !terms.time_of_use {
            return None;
        }
        if terms.category == Category::Household {
            return Some(self.home(on));
        }
        self.tables.get(&(terms.voltage, terms.scheme != Scheme::SinglePart)).copied()
    }

    /// Peak and valley of a home.
    #[must_use]
    pub fn home(&self, on: Date) -> DayBands {
        let heating = self.homes.heating_months.contains(&on.month());
        let hours = self.homes.heating_peak_hours.filter(|_| heating).unwrap_or(self.homes.peak_hours);
        let mut bands = [Band::Valley; 48];
        bands[usize::from(hours.0) * 2..usize::from(hours.1) * 2].fill(Band::Peak);
        DayBands(bands)
    }
}
