//! Prices of a case: made up, or by the rulebook; and the case of a tier bill.

use super::{Jurisdictions, NEWEST, Quote, missing};
use crate::billing::{
    BillDraft, BillInput, Compiler, FixedPrice, HouseholdState, PricePlan, RuleRef, Segment, SegmentPrices,
    Surcharge, TierPlan, TierTouPlan, price_bill,
};
use crate::derivation::Recorder;
use crate::refusal::Refusal;
use crate::registry::{Category, SupplyTerms};
use crate::rulebook::Rulebook;
use crate::tariff::{Band, PerBand, Usage};
use crate::units::{Energy, Price, Ratio, Rounding};
use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The name under which made-up prices stand in a derivation.
pub(super) const GIVEN: &str = "given";

/// 电价: made-up prices of a segment.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PricesCase {
    /// Energy price without time of use; the flat price with it.
    pub energy: Option<Price>,
    /// Prices by tariff period.
    pub bands: BTreeMap<Band, Price>,
    /// Factors on `energy` by tariff period, for periods without a price.
    pub factors: BTreeMap<Band, Ratio>,
    /// Are system fee and surcharges inside the energy prices (as published), or charged beside them?
    pub all_inclusive: bool,
    /// System-operation fee per kWh.
    pub system: Price,
    /// Funds and surcharges per kWh, each a line.
    pub surcharges: Vec<Price>,
    /// Per kVA and month.
    pub capacity: Price,
    /// Per kW and month.
    pub demand: Price,
    /// Prices of fixed parts by category.
    pub fixed: BTreeMap<Category, FixedPriceCase>,
}

/// The price of a fixed part.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedPriceCase {
    /// Per kWh.
    pub price: Price,
    /// Does the part pay system fee and surcharges beside it?
    #[serde(default)]
    pub surcharged: bool,
}

impl PricesCase {
    pub(super) fn compile(
        &self,
        by_band: bool,
        compiler: &mut Compiler<'_>,
    ) -> Result<SegmentPrices, Refusal> {
        let rule = compiler.rules.intern(GIVEN);
        let inside = if self.all_inclusive {
            self.system + self.surcharges.iter().copied().sum()
        } else {
            Price::ZERO
        };
        let plan = if by_band {
            let mut table = PerBand::<Option<Price>>::default();
            for band in Band::ALL {
                table[band.index()] = self.band(*band).map(|price| price - inside);
            }
            PricePlan::Bands(table)
        } else {
            PricePlan::Flat(self.energy.ok_or_else(|| missing("电度电价", "`prices.energy`"))? - inside)
        };
        Ok(SegmentPrices {
            plan,
            system: self.system,
            surcharges: self.surcharges.iter().map(|price| Surcharge { price: *price, rule }).collect(),
            capacity: self.capacity,
            demand: self.demand,
            fixed: self
                .fixed
                .iter()
                .map(|(category, f)| FixedPrice {
                    category: *category,
                    price: f.price,
                    surcharged: f.surcharged,
                    rule,
                })
                .collect(),
            rule,
            assumption: None,
        })
    }

    fn band(&self, band: Band) -> Option<Price> {
        let factor = if band == Band::Flat { Some(Ratio::ONE) } else { None };
        let factored = || {
            let factor = self.factors.get(&band).copied().or(factor)?;
            Some(self.energy?.times(factor, Price::SCALE, Rounding::HalfUp))
        };
        self.bands.get(&band).copied().or_else(factored)
    }
}

/// One tier of made-up tiers.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierStep {
    /// Upper end, kWh; absent in the last.
    #[serde(default)]
    pub up_to: Option<Energy>,
    /// Per kWh.
    pub price: Price,
}

/// 居民峰谷 in a tier bill.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TouCase {
    /// Peak energy; the rest is valley.
    pub peak_kwh: Energy,
    /// Added to the base price at peak; by the rulebook when left out.
    #[serde(default)]
    pub peak_add: Option<Price>,
    /// Added in the valley; by the rulebook when left out.
    #[serde(default)]
    pub valley_add: Option<Price>,
}

/// 阶梯电费: energy of a home through tiers; by the rulebook when no tiers are given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierBillCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// Energy now.
    pub usage_kwh: Energy,
    /// Energy that already went through the tiers (this year).
    #[serde(default)]
    pub used_before_kwh: Energy,
    /// One to three made-up tiers.
    #[serde(default)]
    pub tiers: Vec<TierStep>,
    /// Peak and valley.
    #[serde(default)]
    pub time_of_use: Option<TouCase>,
    /// Months in use, for tiers of the rulebook; 12 when left out.
    #[serde(default)]
    pub months_in_use: Option<u8>,
    /// Persons, for tiers of the rulebook.
    #[serde(default)]
    pub persons: u8,
    /// The day whose rules apply; the newest when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// Where.
    #[serde(default)]
    pub jurisdictions: Jurisdictions,
}

impl TierBillCase {
    pub(super) fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        let mut compiler = self.jurisdictions.compiler(book);
        let day = self.on.unwrap_or(NEWEST);
        let params = compiler.params(day)?;
        let terms = SupplyTerms { time_of_use: self.time_of_use.is_some(), ..SupplyTerms::household() };
        let plan = self.plan(&mut compiler, day, &terms)?;
        let prices = SegmentPrices { plan, ..given_prices(compiler.rules.intern(GIVEN)) };
        let mut usage = Usage { active: self.usage_kwh, ..Usage::default() };
        if let Some(tou) = self.time_of_use {
            usage.bands[Band::Peak.index()] = tou.peak_kwh;
            usage.bands[Band::Valley.index()] = self.usage_kwh - tou.peak_kwh;
        }
        let months_in_use = if self.tiers.is_empty() { self.months_in_use.unwrap_or(12) } else { 1 };
        let household =
            Some(HouseholdState { used_before: self.used_before_kwh, months_in_use, persons: self.persons });
        // The period plays no part in tiers: any month will do.
        let (from, to) = (date(2025, 6, 1), date(2025, 7, 1));
        let segments = [Segment { days: 30, usage, terms: &terms, prices: &prices }];
        let input =
            BillInput { from, to, segments: &segments, household, params: &params, rules: &compiler.rules };
        let (mut out, mut recorder) = (BillDraft::new(), Recorder::default());
        price_bill(&input, &mut out, &mut recorder)?;
        Ok(Quote::of_bill(&out, recorder))
    }

    fn plan(
        &self,
        compiler: &mut Compiler<'_>,
        day: Date,
        terms: &SupplyTerms,
    ) -> Result<PricePlan, Refusal> {
        if self.tiers.is_empty() {
            let mut plan = compiler.prices(day, terms)?.plan;
            if let (PricePlan::TierTou(tou), Some(asked)) = (&mut plan, self.time_of_use) {
                tou.peak_add = asked.peak_add.unwrap_or(tou.peak_add);
                tou.valley_add = asked.valley_add.unwrap_or(tou.valley_add);
            }
            return Ok(plan);
        }
        let rule = compiler.rules.intern(GIVEN);
        let tiers = self.given_tiers(rule)?;
        let Some(tou) = self.time_of_use else { return Ok(PricePlan::Tiers(tiers)) };
        let (Some(peak_add), Some(valley_add)) = (tou.peak_add, tou.valley_add) else {
            return Err(missing("峰谷加价", "`time_of_use.peak_add` and `valley_add` for made-up tiers"));
        };
        Ok(PricePlan::TierTou(TierTouPlan { tiers, peak_add, valley_add, rule }))
    }

    fn given_tiers(&self, rule: RuleRef) -> Result<TierPlan, Refusal> {
        let endless = Energy(i64::MAX / 4);
        let (last, before) = self.tiers.split_last().ok_or_else(|| missing("阶梯", "`tiers`"))?;
        let limits: Vec<Energy> = before.iter().filter_map(|tier| tier.up_to).collect();
        if self.tiers.len() > 3 || limits.len() != before.len() || last.up_to.is_some() || !limits.is_sorted()
        {
            return Err(missing(
                "正确的阶梯(至多三档,除末档外均有上限且递增)",
                "proper tiers: at most three, each but the last with a rising `up_to`",
            ));
        }
        let price = |n: usize| self.tiers.get(n).unwrap_or(last).price;
        let limit = |n: usize| limits.get(n).copied().unwrap_or(endless);
        Ok(TierPlan {
            prices: [price(0), price(1), price(2)],
            monthly_quota: [limit(0), limit(1)],
            large_family_persons: None,
            large_family_quota: Energy::ZERO,
            rule,
        })
    }
}

/// Prices of nothing, under the name of a case.
pub(super) fn given_prices(rule: RuleRef) -> SegmentPrices {
    SegmentPrices {
        plan: PricePlan::Flat(Price::ZERO),
        system: Price::ZERO,
        surcharges: Vec::new(),
        capacity: Price::ZERO,
        demand: Price::ZERO,
        fixed: Vec::new(),
        rule,
        assumption: None,
    }
}
