//! 试算: prices a described case without a database: a bill, a penalty, a late fee, a deadline. Made-up prices are allowed, so
//! that training questions can be put in; what the case leaves out comes from the rulebook by jurisdiction and day.
//!
//! A case is TOML or JSON with a `kind`; `docs/quote.schema.json` describes every kind and `docs/quote/` has an example of each.

use super::compile::Compiler;
use super::draft::{BillDraft, Line};
use crate::derivation::{Bilingual, Recorder, Sink, Step};
use crate::refusal::Refusal;
use crate::rulebook::{Rulebook, Selector};
use crate::units::Money;
use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod assessed;
mod bill;
mod others;
mod parts;
mod prices;
#[cfg(test)]
mod tests;

pub use assessed::{BreachCase, MeteringErrorCase, TheftCase};
pub use bill::{BillCase, DemandCase, HouseholdCase, PowerFactorCase, SegmentCase};
pub use others::{DebtCase, LateFeeCase, RecoveryCase, TouPriceCase, WorkingDaysCase};
pub use parts::{RegistersCase, UsageCase};
pub use prices::{FixedPriceCase, PricesCase, TierBillCase, TierStep, TouCase};

/// 试算案例: what is asked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Case {
    /// 电费: a whole bill.
    Bill(BillCase),
    /// 阶梯电费: energy through tiers.
    TierBill(TierBillCase),
    /// 力率调整: cosφ and the adjustment on a base.
    PowerFactor(PowerFactorCase),
    /// 需量电费
    Demand(DemandCase),
    /// 计量差错退补
    MeteringError(MeteringErrorCase),
    /// 窃电
    Theft(TheftCase),
    /// 违约用电
    Breach(BreachCase),
    /// 电费违约金
    LateFee(LateFeeCase),
    /// 回收率
    Recovery(RecoveryCase),
    /// 工作日
    WorkingDays(WorkingDaysCase),
    /// 分时电价
    TouPrice(TouPriceCase),
}

/// One item of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct QuoteItem {
    /// Stable code, such as `energy`.
    pub code: String,
    /// Name with band or tier.
    pub name: Bilingual,
    /// Decimal text.
    pub quantity: String,
    /// Unit of the quantity.
    pub unit: Bilingual,
    /// Decimal text.
    pub price: String,
    /// The amount.
    pub amount: Money,
}

/// 试算结果
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quote {
    /// What is charged (negative: refunded).
    pub items: Vec<QuoteItem>,
    /// The sum of the items.
    pub total: Money,
    /// Named results that are no amounts: `cos_phi`, `correction_rate_percent`, `date`, …
    pub values: BTreeMap<String, String>,
    /// How it came about, with rules.
    pub derivation: Vec<Step>,
}

impl Case {
    /// Reads a case from TOML.
    ///
    /// # Errors
    /// `quote.unreadable` with what the reader said, line and column.
    pub fn from_toml(text: &str) -> Result<Self, Refusal> {
        let table: toml::Table = toml::from_str(text).map_err(|e| unreadable(&e))?;
        let dates_as_text = dates_as_text(toml::Value::Table(table));
        Self::deserialize(dates_as_text).map_err(|e| unreadable(&e))
    }

    /// Reads a case from JSON.
    ///
    /// # Errors
    /// `quote.unreadable` with what the reader said, line and column.
    pub fn from_json(text: &str) -> Result<Self, Refusal> {
        serde_json::from_str(text).map_err(|e| unreadable(&e))
    }

    /// The JSON schema of the format.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).into()
    }

    /// Answers the case with a book.
    ///
    /// # Errors
    /// What the case lacks, or why it has no answer.
    pub fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        match self {
            Self::Bill(case) => case.answer(book),
            Self::TierBill(case) => case.answer(book),
            Self::PowerFactor(case) => case.answer(book),
            Self::Demand(case) => case.answer(book),
            Self::MeteringError(case) => case.answer(book),
            Self::Theft(case) => case.answer(book),
            Self::Breach(case) => case.answer(book),
            Self::LateFee(case) => case.answer(book),
            Self::Recovery(case) => case.answer(),
            Self::WorkingDays(case) => case.answer(book),
            Self::TouPrice(case) => case.answer(),
        }
    }
}

/// A tagged enum reads through a buffer that does not know TOML's own dates.
fn dates_as_text(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(date) => toml::Value::String(date.to_string()),
        toml::Value::Array(values) => toml::Value::Array(values.into_iter().map(dates_as_text).collect()),
        toml::Value::Table(table) => {
            toml::Value::Table(table.into_iter().map(|(key, value)| (key, dates_as_text(value))).collect())
        }
        other => other,
    }
}

/// The day on which a case without a day is judged: the newest rules.
const NEWEST: Date = date(9000, 1, 1);

fn unreadable(error: &impl std::fmt::Display) -> Refusal {
    Refusal::new(
        "quote.unreadable",
        format!("试算文件无法读取:{error}"),
        format!("the case cannot be read: {error}"),
    )
}

fn missing(zh: &str, en: &str) -> Refusal {
    Refusal::new("quote.missing", format!("试算缺少{zh}"), format!("the case lacks {en}"))
}

/// Where a case is at home: which jurisdictions' rules apply, from general to specific.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Jurisdictions(Vec<String>);

impl Default for Jurisdictions {
    fn default() -> Self {
        Self(["cn", "sgcc", "cn-sd"].map(str::to_owned).to_vec())
    }
}

impl Jurisdictions {
    fn compiler<'b>(&self, book: &'b Rulebook) -> Compiler<'b> {
        Compiler::new(book, self.selector())
    }

    fn selector(&self) -> Selector {
        Selector { jurisdictions: self.0.clone(), ..Selector::default() }
    }
}

impl Quote {
    fn of(lines: &[Line], told: Recorder) -> Self {
        let items: Vec<QuoteItem> = lines.iter().map(QuoteItem::of).collect();
        let total = lines.iter().map(|line| line.amount).sum();
        Self { items, total, values: BTreeMap::new(), derivation: told.steps }
    }

    fn of_bill(out: &BillDraft, told: Recorder) -> Self {
        let mut quote = Self::of(&out.lines, told);
        quote.value("active_kwh", &out.active);
        quote.value("reactive_kvarh", &out.reactive);
        if !out.reactive.is_zero()
            && let Some(cos) = super::cos_phi(out.active, out.reactive)
        {
            quote.value("cos_phi", &hundredths(cos));
        }
        quote
    }

    fn value(&mut self, name: &str, value: &impl ToString) {
        self.values.insert(name.to_owned(), value.to_string());
    }
}

impl QuoteItem {
    fn of(line: &Line) -> Self {
        Self {
            code: line.item.word().to_owned(),
            name: line.name(),
            quantity: line.quantity_text(),
            unit: Bilingual::new(line.unit.zh(), line.unit.en()),
            price: line.price.to_string(),
            amount: line.amount,
        }
    }
}

fn hundredths(cos: u8) -> String {
    format!("{}.{:02}", cos / 100, cos % 100)
}

fn told(recorder: &mut Recorder, code: &str, zh: String, en: String) {
    recorder.step(|| Step::new(code, zh, en));
}
