//! Cases that other columns answer: late fee, recovery rates, working days, time-of-use prices.

use super::{Jurisdictions, Quote, QuoteItem, missing, told};
use crate::billing::{CompileRefusal, Item, Line, RuleRef, Unit};
use crate::calendar::{Month, days_between, plus_days};
use crate::collections::late_fee::{
    CrossYearMode, LateFeeClass, LateFeeDebt, LateFeeRules, LateFeeTerms, late_fee,
};
use crate::derivation::{Bilingual, Recorder};
use crate::refusal::Refusal;
use crate::rulebook::{NoRule, Rulebook};
use crate::targets::Recovery;
use crate::tariff::Band;
use crate::units::{Energy, Money, Price, Ratio, Rounding};
use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// 电费违约金: one or more debts of one user.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LateFeeCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// Residential or other.
    pub class: LateFeeClass,
    /// The debts.
    pub debts: Vec<DebtCase>,
    /// The payment day, for debts with a `due` day.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub paid: Option<Date>,
    /// How a new calendar year counts; the rule's when left out.
    #[serde(default)]
    pub mode: Option<CrossYearMode>,
    /// A year of the rules that apply, for debts without a `due` day: the year in which such a debt is paid.
    #[serde(default)]
    pub year: Option<i16>,
    /// Where.
    #[serde(default)]
    pub jurisdictions: Jurisdictions,
}

/// 欠费: with its last payment day, or with the days it was overdue.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtCase {
    /// Unpaid energy charge.
    pub amount: Money,
    /// Last payment day.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// Days overdue in the calendar year of the debt.
    #[serde(default)]
    pub days_in_year_of_debt: Option<u16>,
    /// Days overdue in the next calendar year.
    #[serde(default)]
    pub days_in_next_year: u16,
}

impl LateFeeCase {
    pub(super) fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        let no_rule = |e: NoRule| Refusal::from(CompileRefusal::from(e));
        let rules = LateFeeRules::load(book, &self.jurisdictions.selector()).map_err(no_rule)?;
        let mut recorder = Recorder::default();
        let (mut lines, mut principal) = (Vec::new(), Money::ZERO);
        for case in &self.debts {
            let (due_on, paid) = self.days(case)?;
            let debt = LateFeeDebt {
                class: self.class,
                month: Month::of(due_on),
                due_on,
                principal: case.amount,
                changes: &[],
                stops_on: None,
                pauses: &[],
                terms: LateFeeTerms { mode: self.mode, ..LateFeeTerms::default() },
            };
            let fee = late_fee(&rules, &debt, paid, &mut recorder).map_err(no_rule)?;
            principal += case.amount;
            // A debt may have had several rates: its line shows the whole fee per yuan, the derivation shows the spans.
            let rate = Rounding::HalfUp
                .divide_i128(i128::from(fee.amount.0) * 100_000_000, i128::from(case.amount.0.max(1)));
            let base = case.amount.0 * 100;
            lines.push(Line::new(
                Item::LateFee,
                Unit::Yuan,
                base,
                Price(rate),
                fee.amount,
                RuleRef::default(),
            ));
        }
        let mut quote = Quote::of(&lines, recorder);
        let total_due = principal + quote.total;
        quote.value("total_due", &total_due);
        Ok(quote)
    }

    /// Last payment day and payment day of a debt.
    fn days(&self, case: &DebtCase) -> Result<(Date, Date), Refusal> {
        match (case.due, case.days_in_year_of_debt) {
            (Some(due), None) => {
                let paid = self.paid.ok_or_else(|| missing("缴费日期", "`paid`"))?;
                Ok((due, paid))
            }
            (None, Some(days)) => {
                let year =
                    self.year.ok_or_else(|| missing("年份", "`year` for a debt without a `due` day"))?;
                if case.days_in_next_year == 0 {
                    let first = date(year, 12, 31);
                    return Ok((plus_days(first, -i64::from(days)), first));
                }
                let last = date(year - 1, 12, 31);
                Ok((plus_days(last, -i64::from(days)), plus_days(last, i64::from(case.days_in_next_year))))
            }
            _ => Err(missing(
                "缴费截止日或逾期天数",
                "either `due` or `days_in_year_of_debt` (not both) in a debt",
            )),
        }
    }
}

/// 回收率
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// Receivable, prior years inside.
    pub receivable: Money,
    /// Of it, prior years.
    #[serde(default)]
    pub receivable_prior_years: Money,
    /// Received, prior years inside.
    pub received: Money,
    /// Of it, for prior years.
    #[serde(default)]
    pub received_prior_years: Money,
}

impl RecoveryCase {
    pub(super) fn answer(&self) -> Result<Quote, Refusal> {
        let recovery = Recovery {
            receivable: self.receivable,
            receivable_prior_years: self.receivable_prior_years,
            received: self.received,
            received_prior_years: self.received_prior_years,
        };
        let rates = recovery.rates();
        let (mut quote, mut recorder) = (Quote::default(), Recorder::default());
        let named = [
            ("cumulative_percent", "累计回收率", rates.cumulative),
            ("this_year_percent", "当年回收率", rates.this_year),
            ("prior_years_percent", "陈欠回收率", rates.prior_years),
        ];
        for (name, zh, rate) in named {
            if let Some(rate) = rate {
                quote.value(name, &rate);
                told(
                    &mut recorder,
                    name,
                    format!("{zh} {rate}%"),
                    format!("{}: {rate} %", name.replace('_', " ")),
                );
            }
        }
        quote.derivation = recorder.steps;
        Ok(quote)
    }
}

/// 工作日: the day so many working days after a date; the start day is not counted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingDaysCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// Start day.
    #[schemars(with = "String")]
    pub from: Date,
    /// Working days.
    pub days: u32,
}

impl WorkingDaysCase {
    pub(super) fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        let end = book.calendar().working_days_after(self.from, self.days).map_err(|e| {
            Refusal::new("calendar.year_not_covered", format!("日历未覆盖{}年", e.year), e.to_string())
        })?;
        let (mut quote, mut recorder) = (Quote::default(), Recorder::default());
        quote.value("date", &end);
        let (from, days, length) = (self.from, self.days, days_between(self.from, end));
        told(
            &mut recorder,
            "working_days",
            format!("{from}起(当日不计)第{days}个工作日为{end},相隔{length}天"),
            format!("{days} working days after {from} (that day not counted): {end}, {length} days later"),
        );
        quote.derivation = recorder.steps;
        Ok(quote)
    }
}

/// 分时电价: the floating part times the factor of each period, rounded, and then the fixed parts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TouPriceCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// The flat price with everything inside.
    pub flat: Price,
    /// The part of it that floats (the agency price in Beijing).
    pub floating: Price,
    /// Factor of each period.
    pub factors: BTreeMap<Band, Ratio>,
    /// Decimals of a yuan to which the floated part is rounded; 6 when left out.
    #[serde(default)]
    pub decimals: Option<u32>,
}

impl TouPriceCase {
    pub(super) fn answer(&self) -> Result<Quote, Refusal> {
        let (mut quote, mut recorder) = (Quote::default(), Recorder::default());
        let fixed = self.flat - self.floating;
        for (band, factor) in &self.factors {
            let floated = self.floating.times(*factor, self.decimals.unwrap_or(6), Rounding::HalfUp);
            let price = floated + fixed;
            quote.value(band.word(), &price);
            let (zh, en) = (band.zh(), band.word());
            told(
                &mut recorder,
                "tou_price",
                format!(
                    "{zh}:{} × {factor} = {floated},加不浮动部分{fixed},得{price}元/千瓦时",
                    self.floating
                ),
                format!(
                    "{en}: {} × {factor} = {floated}, plus fixed parts {fixed} = {price} yuan/kWh",
                    self.floating
                ),
            );
            // The price of one kWh.
            let amount = price.charge(Energy::kwh(1), Rounding::HalfUp);
            let line =
                Line::new(Item::Energy, Unit::Kwh, Energy::kwh(1).0, price, amount, RuleRef::default());
            let mut item = QuoteItem::of(&Line { band: Some(*band), ..line });
            item.code = "tou_price".to_owned();
            item.name = Bilingual::new(format!("分时电价({zh})"), format!("time-of-use price, {en}"));
            quote.items.push(item);
            quote.total += amount;
        }
        quote.derivation = recorder.steps;
        Ok(quote)
    }
}
