//! From the rulebook to what the calculator uses: once per price version and legal day, never per bill.

use super::breach::BreachParams;
use super::correction::BackBillingParams;
use super::item::Item;
use super::params::{
    DemandParams, FixedPartsParams, FlatPriceParams, HouseholdTiersParams, HouseholdTouParams,
    LargeFamilyParams, Params, PfTable, PowerFactorParams, ProrationParams, RoundingParams,
};
use super::theft::TheftParams;
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::{Category, FixedPart, Scheme, SupplyTerms, Voltage};
use crate::rulebook::{NoRule, Picked, Rulebook, Selector};
use crate::tariff::{NoPrice, PerBand, PricePick, PriceRow, PriceTables};
use crate::units::{Energy, Price};
use jiff::civil::Date;
use serde::de::DeserializeOwned;

/// A rule by its number in [`RuleIds`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleRef(pub u16);

/// The ids of the rules that compiled prices and parameters came from.
#[derive(Clone, Debug, Default)]
pub struct RuleIds(Vec<String>);

impl RuleIds {
    /// The number of an id, given out on first sight.
    pub fn intern(&mut self, id: &str) -> RuleRef {
        let n = self.0.iter().position(|known| known == id).unwrap_or_else(|| {
            self.0.push(id.to_owned());
            self.0.len() - 1
        });
        RuleRef(u16::try_from(n).expect("fewer than 65,536 rules in one run"))
    }

    /// The id behind a number.
    #[must_use]
    pub fn get(&self, rule: RuleRef) -> Option<&str> {
        self.0.get(usize::from(rule.0)).map(String::as_str)
    }
}

/// 阶梯电价, compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierPlan {
    /// Price of each tier, with everything inside.
    pub prices: [Price; 3],
    /// Upper end of the first and second tier per month in use.
    pub monthly_quota: [Energy; 2],
    /// Persons from which the quota grows.
    pub large_family_persons: Option<u8>,
    /// What a large family's quotas gain per month.
    pub large_family_quota: Energy,
    /// The rule of the tiers.
    pub rule: RuleRef,
}

/// 居民分时, compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierTouPlan {
    /// The tiers below.
    pub tiers: TierPlan,
    /// Added to the base price at peak.
    pub peak_add: Price,
    /// Added to the base price in the valley (negative).
    pub valley_add: Price,
    /// The rule of the time of use.
    pub rule: RuleRef,
}

/// How the energy of a segment is priced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PricePlan {
    /// Annual tiers.
    Tiers(TierPlan),
    /// Annual tiers with peak and valley.
    TierTou(TierTouPlan),
    /// One price, without what the surcharges and the system fee take.
    Flat(Price),
    /// A price per tariff period, without what the surcharges and the system fee take.
    Bands(PerBand<Option<Price>>),
}

impl PricePlan {
    /// Does the plan need energies by tariff period?
    #[must_use]
    pub const fn by_band(&self) -> bool {
        matches!(self, Self::TierTou(_) | Self::Bands(_))
    }
}

/// 基金或附加, charged on energy in a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surcharge {
    /// Per kWh.
    pub price: Price,
    /// Its rule.
    pub rule: RuleRef,
}

/// The price of a fixed part (定比定量).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedPrice {
    /// The category that prices it.
    pub category: Category,
    /// Per kWh.
    pub price: Price,
    /// Does the part pay system fee and funds beside the price? False where they are inside.
    pub surcharged: bool,
    /// Its rule.
    pub rule: RuleRef,
}

/// 计费电价, compiled: everything with a price that a segment needs. Energy price + system fee + surcharges = published price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentPrices {
    /// Energy.
    pub plan: PricePlan,
    /// 系统运行费, zero where it is inside the price.
    pub system: Price,
    /// 基金及附加, empty where they are inside the price.
    pub surcharges: Vec<Surcharge>,
    /// 容量电价, yuan/kVA·month.
    pub capacity: Price,
    /// 需量电价, yuan/kW·month.
    pub demand: Price,
    /// Prices of the fixed parts.
    pub fixed: Vec<FixedPrice>,
    /// The rule of the energy price.
    pub rule: RuleRef,
    /// 价格假设: the site's rule that lent the table of another month, when one did.
    pub assumption: Option<RuleRef>,
}

/// Why prices or parameters could not be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileRefusal {
    /// The book has no rule or a rule of another form.
    #[error(transparent)]
    NoRule(#[from] NoRule),
    /// No published price.
    #[error(transparent)]
    NoPrice(#[from] NoPrice),
    /// A rule whose parameters contradict themselves.
    #[error("rule `{id}`: {reason}")]
    BadRule {
        /// The rule.
        id: String,
        /// What is wrong.
        reason: String,
    },
}

impl Refuse for CompileRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoRule(_) => "billing.no_rule",
            Self::NoPrice(refusal) => refusal.code(),
            Self::BadRule { .. } => "billing.bad_rule",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::NoRule(missing) => Bilingual::new(format!("规则库缺少规则:{missing}"), missing.to_string()),
            Self::NoPrice(refusal) => refusal.text(),
            Self::BadRule { id, reason } => {
                Bilingual::new(format!("规则 {id} 有误:{reason}"), format!("rule {id} is broken: {reason}"))
            }
        }
    }
}

/// Turns the book into [`Params`] and [`SegmentPrices`], and numbers the rules on the way.
#[derive(Clone, Debug)]
pub struct Compiler<'b> {
    book: &'b Rulebook,
    /// Jurisdictions of the site, and whatever else its rules select on.
    site: Selector,
    /// Published tables, read when the first one is needed.
    tables: Option<PriceTables>,
    /// The ids behind the numbers given out so far.
    pub rules: RuleIds,
}

impl<'b> Compiler<'b> {
    /// A compiler for a site.
    #[must_use]
    pub fn new(book: &'b Rulebook, site: Selector) -> Self {
        Self { book, site, tables: None, rules: RuleIds::default() }
    }

    fn pick<T: DeserializeOwned>(
        &mut self,
        topic: &str,
        selector: &Selector,
        day: Date,
    ) -> Result<(T, RuleRef), NoRule> {
        let Picked { rule, params } = self.book.pick(topic, selector, day)?;
        Ok((params, self.rules.intern(&rule.id)))
    }

    /// The rule parameters of bills that are made on `day` (the last day of their period).
    ///
    /// # Errors
    /// A topic has no rule on that day, or a broken one.
    pub fn params(&mut self, day: Date) -> Result<Params, CompileRefusal> {
        let site = self.site.clone();
        let (tables, rule_power_factor) = self.pick::<PowerFactorParams>("power_factor", &site, day)?;
        let (demand, rule_demand) = self.pick::<DemandParams>("demand", &site, day)?;
        let (proration, rule_proration) = self.pick::<ProrationParams>("proration", &site, day)?;
        let (rounding, rule_rounding) = self.pick::<RoundingParams>("rounding", &site, day)?;
        let (fixed, rule_fixed) = self.pick::<FixedPartsParams>("fixed_parts", &site, day)?;
        let bad = |reason| CompileRefusal::BadRule {
            id: self.rules.get(rule_power_factor).unwrap_or_default().to_owned(),
            reason,
        };
        let mut modes = [rounding.default; Item::ALL.len()];
        for (item, mode) in rounding.items {
            modes[item as usize] = mode;
        }
        Ok(Params {
            power_factor: PfTable::compile(&tables).map_err(bad)?,
            cos_phi_from: tables.cos_phi_from,
            demand,
            basis: proration.basis,
            fixed_from: fixed.quantity_from,
            whole_kwh: rounding.whole_kwh,
            modes,
            rule_power_factor,
            rule_demand,
            rule_proration,
            rule_rounding,
            rule_fixed,
        })
    }

    /// Rule of metering errors.
    ///
    /// # Errors
    /// The topic has no rule on that day, or a broken one.
    pub fn back_billing(&mut self, day: Date) -> Result<(BackBillingParams, RuleRef), NoRule> {
        self.pick("back_billing", &self.site.clone(), day)
    }

    /// Rule of theft.
    ///
    /// # Errors
    /// The topic has no rule on that day, or a broken one.
    pub fn theft(&mut self, day: Date) -> Result<(TheftParams, RuleRef), NoRule> {
        self.pick("theft", &self.site.clone(), day)
    }

    /// Rule of breach of use.
    ///
    /// # Errors
    /// The topic has no rule on that day, or a broken one.
    pub fn breach(&mut self, day: Date) -> Result<(BreachParams, RuleRef), NoRule> {
        self.pick("breach", &self.site.clone(), day)
    }

    /// The prices of terms on a day.
    ///
    /// # Errors
    /// No rule or row gives a price.
    pub fn prices(&mut self, day: Date, terms: &SupplyTerms) -> Result<SegmentPrices, CompileRefusal> {
        let mut prices = match terms.category {
            Category::Household => self.household(day, terms)?,
            Category::Communal | Category::Agriculture => {
                let (price, rule) = self.flat(day, terms.category, terms.voltage)?;
                plain(PricePlan::Flat(price), rule)
            }
            Category::Commercial => {
                let picked = self.row(day, terms.category, terms.scheme, terms.voltage)?;
                let prices = self.from_row(&picked.row, terms.time_of_use);
                let assumption = picked.fallback.map(|rule| self.rules.intern(&rule));
                SegmentPrices { assumption, ..prices }
            }
        };
        for part in &terms.fixed_parts {
            let (FixedPart::Quantity { category, .. } | FixedPart::Ratio { category, .. }) = *part;
            if !prices.fixed.iter().any(|f| f.category == category) {
                let fixed = self.fixed(day, category, terms.voltage)?;
                prices.fixed.push(fixed);
            }
        }
        Ok(prices)
    }

    fn household(&mut self, day: Date, terms: &SupplyTerms) -> Result<SegmentPrices, CompileRefusal> {
        let facts = self.site.clone().with("voltage", terms.voltage.word());
        let (tiers, rule) = self.pick::<HouseholdTiersParams>("household_tiers", &facts, day)?;
        let large = match self.pick::<LargeFamilyParams>("household_large_family", &facts, day) {
            Ok((large, _)) => Some(large),
            Err(NoRule::Missing { .. }) => None,
            Err(broken) => return Err(broken.into()),
        };
        let tiers = TierPlan {
            prices: tiers.prices,
            monthly_quota: tiers.monthly_quota,
            large_family_persons: large.map(|l| l.persons),
            large_family_quota: large.map_or(Energy::ZERO, |l| l.monthly_quota),
            rule,
        };
        if !terms.time_of_use {
            return Ok(plain(PricePlan::Tiers(tiers), rule));
        }
        let (tou, rule) = self.pick::<HouseholdTouParams>("household_tou", &facts, day)?;
        let heating = tou.heating_months.contains(&day.month());
        let valley_add =
            if heating { tou.heating_valley_add.unwrap_or(tou.valley_add) } else { tou.valley_add };
        Ok(plain(PricePlan::TierTou(TierTouPlan { tiers, peak_add: tou.peak_add, valley_add, rule }), rule))
    }

    /// A directory price with everything inside: from the published tables, else from the topic `flat_price`.
    fn flat(
        &mut self,
        day: Date,
        category: Category,
        voltage: Voltage,
    ) -> Result<(Price, RuleRef), CompileRefusal> {
        if let Ok(picked) = self.row(day, category, Scheme::SinglePart, voltage) {
            return Ok((picked.flat, self.rules.intern(&picked.rule)));
        }
        let facts = self.site.clone().with("category", category.word()).with("voltage", voltage.word());
        let (flat, rule) = self.pick::<FlatPriceParams>("flat_price", &facts, day)?;
        Ok((flat.price, rule))
    }

    /// The published row.
    fn row(
        &mut self,
        day: Date,
        category: Category,
        scheme: Scheme,
        voltage: Voltage,
    ) -> Result<PricePick, CompileRefusal> {
        if self.tables.is_none() {
            self.tables = Some(PriceTables::compile(self.book, &self.site)?);
        }
        let tables = self.tables.as_ref().expect("read just now");
        Ok(tables.row(category, scheme, voltage, day)?)
    }

    /// A published row, its system fee and funds taken out of the energy price and charged beside it.
    pub fn from_row(&mut self, row: &PriceRow, time_of_use: bool) -> SegmentPrices {
        let rule = self.rules.intern(&row.rule);
        let (system, funds) = (row.components.system, row.components.funds);
        let net = |price: Price| price - system - funds;
        let plan = if time_of_use {
            PricePlan::Bands(row.bands.map(|price| price.map(net)))
        } else {
            PricePlan::Flat(net(row.flat))
        };
        let surcharges = if funds.is_zero() { Vec::new() } else { vec![Surcharge { price: funds, rule }] };
        SegmentPrices { system, surcharges, capacity: row.capacity, demand: row.demand, ..plain(plan, rule) }
    }

    fn fixed(
        &mut self,
        day: Date,
        category: Category,
        voltage: Voltage,
    ) -> Result<FixedPrice, CompileRefusal> {
        if category == Category::Commercial {
            let picked = self.row(day, category, Scheme::SinglePart, voltage)?;
            let rule = self.rules.intern(&picked.rule);
            return Ok(FixedPrice { category, price: picked.flat, surcharged: false, rule });
        }
        // Homes behind a company's meter are not billed by household.
        let asked = if category == Category::Household { Category::Communal } else { category };
        let (price, rule) = self.flat(day, asked, voltage)?;
        Ok(FixedPrice { category, price, surcharged: false, rule })
    }
}

fn plain(plan: PricePlan, rule: RuleRef) -> SegmentPrices {
    SegmentPrices {
        plan,
        system: Price::ZERO,
        surcharges: Vec::new(),
        capacity: Price::ZERO,
        demand: Price::ZERO,
        fixed: Vec::new(),
        rule,
        assumption: None,
    }
}
