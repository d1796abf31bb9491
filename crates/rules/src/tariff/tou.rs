//! 工商业分时 by season: the periods of a day and what floats (Shandong publishes both by notice, not in the monthly table).

use super::{BadPeriods, Band, Component, DayBands, HourRange};
use crate::rulebook::{NoRule, Rulebook, Selector};
use crate::units::{Price, Ratio, Rounding};
use jiff::civil::Date;
use serde::Deserialize;

/// 分时季节: the periods of some months, in whole hours; what is not named is flat.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// Months 1…12.
    pub months: Vec<i8>,
    /// 低谷, with the deep hours inside.
    pub valley: Vec<HourRange>,
    /// 深谷, a part of the valley.
    #[serde(default)]
    pub deep: Vec<HourRange>,
    /// 高峰, with the sharp hours inside.
    pub peak: Vec<HourRange>,
    /// 尖峰, a part of the peak.
    #[serde(default)]
    pub sharp: Vec<HourRange>,
}

/// 分时时段: parameters of the topic `tou_periods`, by season. Rules select on `use` (`commercial`, `charger`, `farm`)
/// and `meter` (`switchable`, `fixed`: a meter whose periods cannot be switched).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TouPeriods {
    /// Every month of the year stands in exactly one season.
    pub seasons: Vec<Season>,
}

/// 分时浮动: parameters of the topic `tou_float`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TouFloat {
    /// 尖峰 factor, such as 2.0.
    pub sharp: Ratio,
    /// 高峰 factor.
    pub peak: Ratio,
    /// 低谷 factor.
    pub valley: Ratio,
    /// 深谷 factor.
    pub deep: Ratio,
    /// Decimals of a yuan that a floated price keeps.
    pub decimals: u32,
    /// Items of the monthly table that float, by their Chinese names.
    pub floats: Vec<String>,
    /// Items that do not.
    pub fixed: Vec<String>,
}

impl TouFloat {
    /// The factor of a period.
    #[must_use]
    pub fn factor(&self, band: Band) -> Ratio {
        match band {
            Band::Sharp => self.sharp,
            Band::Peak => self.peak,
            Band::Flat => Ratio::ONE,
            Band::Valley => self.valley,
            Band::Deep => self.deep,
        }
    }
}

impl Season {
    /// The day of this season.
    ///
    /// # Errors
    /// Periods that do not nest.
    pub fn day_bands(&self) -> Result<DayBands, BadPeriods> {
        DayBands::paint(&[
            (Band::Valley, &self.valley),
            (Band::Peak, &self.peak),
            (Band::Deep, &self.deep),
            (Band::Sharp, &self.sharp),
        ])
    }
}

impl TouPeriods {
    /// The day of a date.
    ///
    /// # Errors
    /// No season names the month, or its periods do not nest.
    pub fn day_bands(&self, date: Date) -> Result<DayBands, BadPeriods> {
        self.seasons
            .iter()
            .find(|season| season.months.contains(&date.month()))
            .ok_or_else(|| BadPeriods::Gap(date.to_string()))?
            .day_bands()
    }

    /// Every month in exactly one season, and all periods nest.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), String> {
        for month in 1..=12_i8 {
            let seasons = self.seasons.iter().filter(|s| s.months.contains(&month)).count();
            if seasons != 1 {
                return Err(format!("month {month} stands in {seasons} seasons"));
            }
        }
        self.seasons.iter().try_for_each(|s| s.day_bands().map(drop).map_err(|e| e.to_string()))
    }
}

/// The periods of a date where they are set by season (topic `tou_periods`), with the id of the rule. The selector
/// names `use` and `meter`.
///
/// # Errors
/// No table was published for that date: it is then unknown.
pub fn day_bands(book: &Rulebook, selector: &Selector, date: Date) -> Result<(DayBands, String), NoRule> {
    let picked = book.pick::<TouPeriods>("tou_periods", selector, date)?;
    let id = picked.rule.id.clone();
    match picked.params.day_bands(date) {
        Ok(day) => Ok((day, id)),
        Err(e) => Err(NoRule::BadParams { id, reason: e.to_string() }),
    }
}

/// A time-of-use price from its parts: the floating part times the factor, rounded to `decimals` decimals of a yuan,
/// and then the fixed parts.
#[must_use]
pub fn floated(floating: Price, fixed: Price, factor: Ratio, decimals: u32) -> Price {
    floating.times(factor, decimals, Rounding::HalfUp) + fixed
}

/// The components that are floated, together.
pub(super) fn base_of(components: &super::Components, base: &[Component]) -> Option<Price> {
    base.iter().try_fold(Price::ZERO, |sum, c| Some(sum + components.told(*c)?))
}
