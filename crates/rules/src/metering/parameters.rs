//! The parameter forms of the topics `reading`, `reading_check`, `route_check` and `site_check`.

use super::exception::{Exception, ExceptionSet, Hold};
use super::site_check::CheckClass;
use crate::rulebook::{NoRule, Rulebook, Selector};
use crate::units::{Energy, Ratio, Rounding};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Topic `reading`: from registers to energy, and how long a reading is waited for.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingRules {
    /// 电量取整: every register's energy to whole kWh.
    pub whole_kwh: bool,
    /// How it is rounded.
    pub rounding: Rounding,
    /// A lower register counts as a rollover when the advance over the end is at most this share of the range.
    pub rollover_share: Ratio,
    /// A due reading that has not come after so many days is missed.
    pub missed_after_days: u8,
    /// 抄表及时: uploaded less than so many days from the planned date.
    pub on_time_days: u8,
}

impl ReadingRules {
    /// The smallest unit of energy, raw.
    #[must_use]
    pub const fn step(&self) -> i64 {
        if self.whole_kwh { 10_000 } else { 1 }
    }

    pub(super) fn round(&self, energy: Energy) -> Energy {
        if self.whole_kwh { energy.to_whole_kwh(self.rounding) } else { energy }
    }
}

/// A change of quantity that is worth a look: beyond a share and, in kWh, beyond an absolute size.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jump {
    /// Share of the compared quantity, upward.
    pub rise: Ratio,
    /// Share of the compared quantity, downward; 1 never hits.
    pub fall: Ratio,
    /// The change must also be larger than this.
    pub above: Energy,
}

impl Jump {
    /// Is `now` that far above `then`? Beyond, not at, both bounds.
    #[must_use]
    pub fn is_rise(&self, now: Energy, then: Energy) -> bool {
        now - then > self.above && now - then > then.times(self.rise, Rounding::HalfUp)
    }

    /// Is `now` that far below `then`?
    #[must_use]
    pub fn is_fall(&self, now: Energy, then: Energy) -> bool {
        then - now > self.above && then - now > then.times(self.fall, Rounding::HalfUp)
    }
}

/// Topic `reading_check`: when a reading is doubted, and what each doubt holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckRules {
    /// Spike and drop of homes.
    pub residential: Jump,
    /// Spike and drop of everyone else.
    pub other: Jump,
    /// Tolerated gap between tariff registers and total, kWh per unit of the multiplier.
    pub band_gap: Energy,
    /// So many estimates in a row, this one counted, are too many.
    pub estimates: u8,
    /// So many equal quantities in a row, this one counted, are suspicious.
    pub equal_quantities: u8,
    /// Quantities below this are often equal by nature.
    pub equal_above: Energy,
    /// What each exception holds; one that is not named holds nothing.
    pub hold: BTreeMap<Exception, Hold>,
}

impl CheckRules {
    /// The thresholds of a class.
    #[must_use]
    pub fn jump(&self, class: CheckClass) -> &Jump {
        if class == CheckClass::Residential { &self.residential } else { &self.other }
    }

    /// The strictest hold of a set.
    #[must_use]
    pub fn hold(&self, exceptions: ExceptionSet) -> Hold {
        exceptions.iter().filter_map(|e| self.hold.get(&e)).copied().max().unwrap_or(Hold::Nothing)
    }
}

/// Topic `route_check`: signs that a route was written at a desk (估抄).
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteRules {
    /// Fewer field readings than this say nothing.
    pub least_readings: u16,
    /// Two field readings closer than this are faster than a reader walks.
    pub seconds_per_meter: u32,
    /// The share of such pairs that raises the doubt.
    pub fast_share: Ratio,
    /// So many neighbours in a row that moved by the same amount.
    pub same_in_row: u16,
    /// A register is round when it is a multiple of this.
    pub round_to: Energy,
    /// The share of round registers that raises the doubt.
    pub round_share: Ratio,
}

/// Topic `site_check`: the share of accounts with zero runs that is checked on site.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteCheckRules {
    /// Zero cycles in a row, this one counted.
    pub zero_cycles: u8,
    /// Share at ≥ 10 kV.
    pub high_voltage: Ratio,
    /// Share at 0.4 kV, homes apart.
    pub low_voltage: Ratio,
    /// Share of homes.
    pub residential: Ratio,
}

/// The rules of metering on one legal day, read once for a whole batch.
#[derive(Clone, Debug)]
pub struct MeteringRules {
    /// Registers to energy.
    pub reading: ReadingRules,
    /// Doubts about a reading.
    pub check: CheckRules,
    /// Doubts about a route.
    pub route: RouteRules,
    /// Checks on site.
    pub site: SiteCheckRules,
    /// Ids of the rules used, in the order of the fields.
    pub ids: [String; 4],
}

impl MeteringRules {
    /// The rules in force there on that day.
    ///
    /// # Errors
    /// A topic has no rule in force, or one with other parameters.
    pub fn load(book: &Rulebook, selector: &Selector, day: Date) -> Result<Self, NoRule> {
        let reading = book.pick::<ReadingRules>("reading", selector, day)?;
        let check = book.pick::<CheckRules>("reading_check", selector, day)?;
        let route = book.pick::<RouteRules>("route_check", selector, day)?;
        let site = book.pick::<SiteCheckRules>("site_check", selector, day)?;
        let ids = [reading.rule, check.rule, route.rule, site.rule].map(|rule| rule.id.clone());
        let (reading, check, route, site) = (reading.params, check.params, route.params, site.params);
        Ok(Self { reading, check, route, site, ids })
    }
}
