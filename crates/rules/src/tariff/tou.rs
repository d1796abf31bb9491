//! 工商业分时 by season: the periods of a day and what floats (Shandong publishes both by notice, not in the monthly table).

use super::prices::Dated;
use super::{BadPeriods, Band, Component, DayBands, HourRange};
use crate::rulebook::{NoRule, Rulebook, Selector};
use crate::units::{Price, Ratio, Rounding};
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::Arc;

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
    /// The day of each month.
    ///
    /// # Errors
    /// A month that stands in no season or in two, or periods that do not nest.
    pub fn months(&self) -> Result<[DayBands; 12], String> {
        let mut days = [DayBands([Band::Flat; 48]); 12];
        for (month, day) in (1..=12_i8).zip(&mut days) {
            let seasons: Vec<&Season> = self.seasons.iter().filter(|s| s.months.contains(&month)).collect();
            let [season] = seasons[..] else {
                return Err(format!("month {month} stands in {} seasons", seasons.len()));
            };
            *day = season.day_bands().map_err(|e| e.to_string())?;
        }
        Ok(days)
    }
}

/// 分时日历: the periods of every day where they are set by season, compiled for the batch.
#[derive(Clone, Debug)]
pub struct TouCalendar {
    /// From the most specific to the most general: the rule and its day in each month.
    rules: Vec<Dated<(Arc<str>, [DayBands; 12])>>,
}

impl TouCalendar {
    /// Compiles the rules of the topic `tou_periods`. The selector names `use` and `meter`.
    ///
    /// # Errors
    /// A rule is not of the topic's form.
    pub fn compile(book: &Rulebook, selector: &Selector) -> Result<Self, NoRule> {
        let mut rules = Vec::new();
        for rule in book.of_jurisdictions("tou_periods", selector).into_iter().rev() {
            if !selector.admits(rule) {
                continue;
            }
            let bad = |reason| NoRule::BadParams { id: rule.id.clone(), reason };
            let params: TouPeriods = rule.form().map_err(bad)?;
            let months = params.months().map_err(bad)?;
            rules.push(Dated::of(rule, (Arc::from(rule.id.as_str()), months)));
        }
        Ok(Self { rules })
    }

    /// The periods of a date and the rule that sets them; `None` where no table was published: they are then unknown.
    #[must_use]
    pub fn on(&self, date: Date) -> Option<(&DayBands, &str)> {
        let (id, months) = &self.rules.iter().find(|rule| rule.holds(date))?.value;
        Some((&months[usize::from(date.month().unsigned_abs()) - 1], id))
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
