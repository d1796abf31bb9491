//! Rule parameters of the column `billing`: how they stand in the book, and compiled for the calculator.

use super::compile::RuleRef;
use super::item::Item;
use super::proration::MonthBasis;
use crate::registry::{PfStandard, Scheme};
use crate::rulebook::Rule;
use crate::units::{Energy, Price, Ratio, Rounding};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which energies give cosφ when the standard changes inside a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CosPhiFrom {
    /// The whole period gives one cosφ for every standard.
    #[default]
    Period,
    /// Each group of segments with one standard gives its own.
    Group,
}

/// One standard of the table as it stands in the book: percent of the base by cosφ.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PfStandardRows {
    /// Which standard.
    pub standard: PfStandard,
    /// `(cosφ, percent)` from the best to the worst printed row; at or above the first row its percent applies.
    pub rows: Vec<(Ratio, Ratio)>,
    /// Percent added for every 0.01 below the last printed row.
    pub below_step: Ratio,
}

/// Topic `power_factor`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerFactorParams {
    /// Which energies give cosφ.
    pub cos_phi_from: CosPhiFrom,
    /// The three tables.
    pub standard: Vec<PfStandardRows>,
}

/// Topic `demand`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemandParams {
    /// Contract demand is billed as it stands up to this multiple of it (1.05).
    pub tolerance: Ratio,
    /// What exceeds the tolerance counts this many times (2).
    pub excess_multiple: Ratio,
    /// When exceeded, is the tolerance itself billed (1.05 × contract) below the excess?
    #[serde(default)]
    pub tolerance_is_billed: bool,
    /// kWh per kVA of contract capacity in a month from which the demand price is reduced; absent where no such rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_use_kwh_per_kva: Option<Energy>,
    /// The factor on the demand price then (0.9).
    #[serde(default = "one")]
    pub high_use_factor: Ratio,
}

fn one() -> Ratio {
    Ratio::ONE
}

/// Topic `proration`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProrationParams {
    /// What a day's share of a monthly charge is.
    pub basis: MonthBasis,
}

/// Topic `rounding`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundingParams {
    /// 电量取整: round energies to whole kWh, in this mode; absent to keep the decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_kwh: Option<Rounding>,
    /// The mode of every item that is not named.
    pub default: Rounding,
    /// Items with a mode of their own, by word.
    #[serde(default)]
    pub items: BTreeMap<Item, Rounding>,
}

/// From which energies a fixed quantity (定量) is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FixedFrom {
    /// From the flat period first, the rest from the others by their shares.
    #[default]
    Flat,
    /// From every period by its share.
    Shares,
}

/// Topic `fixed_parts`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedPartsParams {
    /// From which energies a fixed quantity is taken.
    pub quantity_from: FixedFrom,
}

/// Topic `household_tiers`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdTiersParams {
    /// Price of each tier, with everything inside.
    pub prices: [Price; 3],
    /// Upper end of the first and the second tier per month in use.
    pub monthly_quota: [Energy; 2],
}

/// Topic `household_large_family`: optional; without such a rule a large family has no larger quota.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LargeFamilyParams {
    /// Persons from which the quotas grow.
    pub persons: u8,
    /// What both quotas gain per month in use.
    pub monthly_quota: Energy,
}

/// Topic `household_tou`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdTouParams {
    /// Added to the base price at peak.
    pub peak_add: Price,
    /// Added to the base price in the valley (negative).
    pub valley_add: Price,
    /// Peak hours `[from, to)`; the rest of the day is valley.
    pub peak_hours: (u8, u8),
    /// Months in which the heating values apply.
    #[serde(default)]
    pub heating_months: Vec<i8>,
    /// Added in the valley of a heating month.
    #[serde(default)]
    pub heating_valley_add: Option<Price>,
    /// Peak hours of a heating month.
    #[serde(default)]
    pub heating_peak_hours: Option<(u8, u8)>,
}

/// Topic `flat_price`: a directory price with everything inside (agriculture, residential use not by household).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlatPriceParams {
    /// Price per kWh.
    pub price: Price,
}

/// 力率调整表: the rate for every cosφ from 0.00 to 1.00, per standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PfTable {
    rates: [[Ratio; 101]; 3],
}

impl PowerFactorParams {
    /// The topic's form.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        PfTable::compile(&rule.form()?).map(drop)
    }
}

impl PfTable {
    /// Compiles the printed rows.
    ///
    /// # Errors
    /// A standard is missing or stands twice, or its rows do not run down in steps of 0.01.
    pub fn compile(params: &PowerFactorParams) -> Result<Self, String> {
        let mut table = Self { rates: [[Ratio::ZERO; 101]; 3] };
        for standard in [PfStandard::P90, PfStandard::P85, PfStandard::P80] {
            let mut rows = params.standard.iter().filter(|rows| rows.standard == standard);
            match (rows.next(), rows.next()) {
                (Some(rows), None) => table.rates[standard as usize] = dense(rows)?,
                _ => return Err(format!("the standard {} must stand exactly once", standard.word())),
            }
        }
        Ok(table)
    }

    /// The rate on the base for cosφ in hundredths; `None` where the account is not assessed.
    #[must_use]
    pub fn rate(&self, standard: PfStandard, cos_phi_hundredths: u8) -> Option<Ratio> {
        self.rates.get(standard as usize).map(|rates| rates[usize::from(cos_phi_hundredths.min(100))])
    }
}

fn dense(rows: &PfStandardRows) -> Result<[Ratio; 101], String> {
    let mut rates = [Ratio::ZERO; 101];
    let hundredths = |cos: Ratio| usize::try_from(cos.0 / 10_000).unwrap_or(usize::MAX);
    let bad = || format!("the rows of {} must run down in steps of 0.01", rows.standard.word());
    let (first, last) = (rows.rows.first().ok_or_else(bad)?, rows.rows.last().ok_or_else(bad)?);
    if hundredths(first.0) > 100 || rows.rows.windows(2).any(|w| hundredths(w[0].0) != hundredths(w[1].0) + 1)
    {
        return Err(bad());
    }
    // A percent becomes a ratio: all printed values are multiples of 0.05 %.
    let ratio = |percent: Ratio| Ratio(percent.0 / 100);
    rates[hundredths(first.0)..].fill(ratio(first.1));
    for (cos, percent) in &rows.rows[1..] {
        rates[hundredths(*cos)] = ratio(*percent);
    }
    for cos in (0..hundredths(last.0)).rev() {
        rates[cos] = rates[cos + 1] + ratio(rows.below_step);
    }
    Ok(rates)
}

/// 计费参数: every rule parameter that a bill of a legal day needs, compiled once and shared by all its bills.
#[derive(Clone, Debug)]
pub struct Params {
    /// 力率调整表
    pub power_factor: PfTable,
    /// Which energies give cosφ.
    pub cos_phi_from: CosPhiFrom,
    /// 需量
    pub demand: DemandParams,
    /// 折算
    pub basis: MonthBasis,
    /// 定量
    pub fixed_from: FixedFrom,
    /// 电量取整
    pub whole_kwh: Option<Rounding>,
    pub(super) modes: [Rounding; Item::ALL.len()],
    pub(super) rule_power_factor: RuleRef,
    pub(super) rule_demand: RuleRef,
    pub(super) rule_proration: RuleRef,
    pub(super) rule_rounding: RuleRef,
    pub(super) rule_fixed: RuleRef,
}

impl Params {
    /// The rounding mode of an item.
    #[must_use]
    #[inline]
    pub fn rounding(&self, item: Item) -> Rounding {
        self.modes[item as usize]
    }

    /// The same parameters with another mode for one item (a training question, a site's agreement).
    #[must_use]
    pub fn with_rounding(mut self, item: Item, mode: Rounding) -> Self {
        self.modes[item as usize] = mode;
        self
    }
}

/// Is the account charged by demand?
#[must_use]
pub(super) const fn by_demand(scheme: Scheme) -> bool {
    matches!(scheme, Scheme::ContractDemand | Scheme::ActualDemand)
}
