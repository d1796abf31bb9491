//! Cases that the bill calculator answers: a whole bill, a power factor, a demand.

use super::parts::{RegistersCase, UsageCase};
use super::prices::{GIVEN, PricesCase, given_prices};
use super::{Jurisdictions, NEWEST, Quote, hundredths, missing, told};
use crate::billing::power_factor::{adjustment, cos_phi_step};
use crate::billing::{
    BillDraft, BillInput, Compiler, HouseholdState, Item, Params, Segment, SegmentPrices, cos_phi, price_bill,
};
use crate::calendar::days_between;
use crate::derivation::{Recorder, Sink as _};
use crate::refusal::Refusal;
use crate::registry::{Category, PfStandard, Scheme, SupplyTerms};
use crate::rulebook::Rulebook;
use crate::tariff::Usage;
use crate::units::{Capacity, Demand, Energy, Money, Price, Rounding, format_scaled};
use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// 电费: a period with one or more segments.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BillCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// Day of the last reading.
    #[schemars(with = "String")]
    pub from: Date,
    /// Day of this reading.
    #[schemars(with = "String")]
    pub to: Date,
    /// The day whose rules apply; `to` when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// Where.
    #[serde(default)]
    pub jurisdictions: Jurisdictions,
    /// State of a home.
    #[serde(default)]
    pub household: Option<HouseholdCase>,
    /// Rounding modes of items that differ from the rule's.
    #[serde(default)]
    pub rounding: BTreeMap<Item, Rounding>,
    /// Is 105 % of an exceeded contract demand billed below the doubled excess?
    #[serde(default)]
    pub tolerance_is_billed: Option<bool>,
    /// The parts of the period.
    pub segments: Vec<SegmentCase>,
}

/// 阶梯状态
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdCase {
    /// Used this year before, kWh.
    #[serde(default)]
    pub used_before: Energy,
    /// Months of the year in use; 12 when left out.
    #[serde(default)]
    pub months_in_use: Option<u8>,
    /// Persons.
    #[serde(default)]
    pub persons: u8,
}

/// 计费段
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SegmentCase {
    /// Days; the whole period when left out.
    #[serde(default)]
    pub days: Option<u16>,
    /// The terms.
    pub terms: SupplyTerms,
    /// What was used; or `registers`.
    #[serde(default)]
    pub usage: Option<UsageCase>,
    /// Register readings; or `usage`.
    #[serde(default)]
    pub registers: Option<RegistersCase>,
    /// Made-up prices; by the rulebook when left out.
    #[serde(default)]
    pub prices: Option<PricesCase>,
    /// The day whose prices apply; the first day of the segment when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub price_on: Option<Date>,
}

struct Prepared {
    days: u16,
    usage: Usage,
    prices: SegmentPrices,
}

impl BillCase {
    pub(super) fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        let mut compiler = self.jurisdictions.compiler(book);
        let params = self.params(&mut compiler)?;
        let mut recorder = Recorder::default();
        let mut multiplier = None;
        let mut prepared = Vec::with_capacity(self.segments.len());
        let mut day = self.from;
        for case in &self.segments {
            let ready = self.prepare(case, day, &mut compiler, (&mut recorder, &mut multiplier))?;
            day = crate::calendar::plus_days(day, i64::from(ready.days));
            prepared.push(ready);
        }
        let segments: Vec<Segment<'_>> = prepared
            .iter()
            .zip(&self.segments)
            .map(|(p, case)| Segment { days: p.days, usage: p.usage, terms: &case.terms, prices: &p.prices })
            .collect();
        let household = self.household.map(|h| HouseholdState {
            used_before: h.used_before,
            months_in_use: h.months_in_use.unwrap_or(12),
            persons: h.persons,
        });
        let (from, to) = (self.from, self.to);
        let input =
            BillInput { from, to, segments: &segments, household, params: &params, rules: &compiler.rules };
        let mut out = BillDraft::new();
        price_bill(&input, &mut out, &mut recorder)?;
        let mut quote = Quote::of_bill(&out, recorder);
        if let Some(multiplier) = multiplier {
            quote.value("multiplier", &multiplier);
        }
        Ok(quote)
    }

    fn params(&self, compiler: &mut Compiler<'_>) -> Result<Params, Refusal> {
        let mut params = compiler.params(self.on.unwrap_or(self.to))?;
        for (item, mode) in &self.rounding {
            params = params.with_rounding(*item, *mode);
        }
        if let Some(billed) = self.tolerance_is_billed {
            params.demand.tolerance_is_billed = billed;
        }
        Ok(params)
    }

    fn prepare(
        &self,
        case: &SegmentCase,
        first_day: Date,
        compiler: &mut Compiler<'_>,
        (recorder, multiplier): (&mut Recorder, &mut Option<String>),
    ) -> Result<Prepared, Refusal> {
        let by_band = case.terms.time_of_use;
        let usage = match (&case.usage, &case.registers) {
            (Some(usage), None) => usage.usage(by_band),
            (None, Some(registers)) => {
                let (usage, shown) = registers.usage(by_band, recorder)?;
                *multiplier = Some(shown);
                usage
            }
            _ => return Err(missing("电量(usage 与 registers 二选一)", "either `usage` or `registers`")),
        };
        let whole = || u16::try_from(days_between(self.from, self.to)).unwrap_or_default();
        let prices = match &case.prices {
            Some(prices) => prices.compile(by_band, compiler)?,
            None => compiler.prices(case.price_on.unwrap_or(first_day), &case.terms)?,
        };
        Ok(Prepared { days: case.days.unwrap_or_else(whole), usage, prices })
    }
}

/// 力率调整: the adjustment on a base that is given as items or as price × energy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PowerFactorCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// Active energy, kWh.
    pub active_kwh: Energy,
    /// Reactive energy, forward + |reverse|, kvarh.
    pub reactive_kvarh: Energy,
    /// The standard.
    pub standard: PfStandard,
    /// Price of the energy in the base.
    #[serde(default)]
    pub price: Option<Price>,
    /// Amounts in the base.
    #[serde(default)]
    pub base_items: Vec<Money>,
    /// Rounding of the adjustment; the rule's when left out.
    #[serde(default)]
    pub rounding: Option<Rounding>,
    /// The day whose rules apply; the newest when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// Where.
    #[serde(default)]
    pub jurisdictions: Jurisdictions,
}

impl PowerFactorCase {
    pub(super) fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        let mut compiler = self.jurisdictions.compiler(book);
        let mut params = compiler.params(self.on.unwrap_or(NEWEST))?;
        if let Some(mode) = self.rounding {
            params = params.with_rounding(Item::PowerFactor, mode);
        }
        let cos =
            cos_phi(self.active_kwh, self.reactive_kvarh).ok_or_else(|| missing("电量", "any energy"))?;
        let rate = params
            .power_factor
            .rate(self.standard, cos)
            .ok_or_else(|| missing("考核标准", "a `standard` that is assessed"))?;
        let energy =
            self.price.map_or(Money::ZERO, |p| p.charge(self.active_kwh, params.rounding(Item::Energy)));
        let base = energy + self.base_items.iter().copied().sum();
        let mut recorder = Recorder::default();
        recorder.step(|| cos_phi_step(self.active_kwh, self.reactive_kvarh, self.standard, cos));
        told(
            &mut recorder,
            "power_factor_base",
            format!("参与调整的电费合计{base}元"),
            format!("base of the adjustment: {base} yuan"),
        );
        let line = adjustment(base, rate, &params);
        recorder.step(|| line.step(&compiler.rules));
        let mut quote = Quote::of(&[line], recorder);
        quote.value("cos_phi", &hundredths(cos));
        quote.value("percent", &format_scaled(rate.0, 4, 1));
        quote.value("base", &base);
        Ok(quote)
    }
}

/// 需量电费: contract or actual demand of a month.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// Contract demand; without one the actual demand is billed.
    #[serde(default)]
    pub contract_kw: Option<Demand>,
    /// The highest demand of the month.
    pub actual_kw: Demand,
    /// Per kW and month.
    pub price_per_kw: Price,
    /// Contract capacity, for the rule of high use per kVA.
    #[serde(default)]
    pub capacity_kva: Capacity,
    /// Energy of the month, for the same rule.
    #[serde(default)]
    pub active_kwh: Energy,
    /// Is 105 % billed below the doubled excess, instead of the contract demand?
    #[serde(default)]
    pub tolerance_is_billed: Option<bool>,
    /// The day whose rules apply; the newest when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// Where.
    #[serde(default)]
    pub jurisdictions: Jurisdictions,
}

impl DemandCase {
    pub(super) fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        let mut compiler = self.jurisdictions.compiler(book);
        let mut params = compiler.params(self.on.unwrap_or(NEWEST))?;
        params.demand.tolerance_is_billed =
            self.tolerance_is_billed.unwrap_or(params.demand.tolerance_is_billed);
        let scheme = if self.contract_kw.is_some() { Scheme::ContractDemand } else { Scheme::ActualDemand };
        let terms = SupplyTerms {
            category: Category::Commercial,
            scheme,
            capacity: self.capacity_kva,
            contract_demand: self.contract_kw.unwrap_or_default(),
            ..SupplyTerms::household()
        };
        let prices =
            SegmentPrices { demand: self.price_per_kw, ..given_prices(compiler.rules.intern(GIVEN)) };
        let usage = Usage { active: self.active_kwh, demand: self.actual_kw, ..Usage::default() };
        // Any whole month will do.
        let (from, to) = (date(2025, 6, 1), date(2025, 7, 1));
        let segments = [Segment { days: 30, usage, terms: &terms, prices: &prices }];
        let input = BillInput {
            from,
            to,
            segments: &segments,
            household: None,
            params: &params,
            rules: &compiler.rules,
        };
        let (mut out, mut recorder) = (BillDraft::new(), Recorder::default());
        price_bill(&input, &mut out, &mut recorder)?;
        // The energy only decides the price of the demand; it is not asked for.
        out.lines.retain(|line| matches!(line.item, Item::Demand | Item::DemandExcess));
        recorder.steps.retain(|step| step.code != Item::Energy.word());
        Ok(Quote::of(&out.lines, recorder))
    }
}
