//! Topic `prices`: published price tables, compiled once per version of the book and looked up by category, scheme,
//! voltage and date.

use super::{Band, Component, Components, DayBands, PerBand, PriceRow};
use crate::calendar::Month;
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::{Category, Scheme, Voltage};
use crate::rulebook::{Layer, NoRule, Rule, Rulebook, Selector};
use crate::units::Price;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// 分时电价 of a table, yuan/kWh with everything inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bands {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharp: Option<Price>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<Price>,
    /// The flat price is the price without time of use: always published.
    pub flat: Price,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valley: Option<Price>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deep: Option<Price>,
}

impl Bands {
    pub(super) fn per_band(&self) -> PerBand<Option<Price>> {
        [self.sharp, self.peak, Some(self.flat), self.valley, self.deep]
    }
}

/// 电价表行: parameters of the topic `prices`. The rule selects on `category`, `scheme` and `voltage`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The month that the table was published for.
    pub month: Month,
    bands: Bands,
    /// The components that the table tells.
    #[serde(default)]
    pub components: Components,
    /// 需量电价, yuan/kW·month, as published.
    #[serde(default)]
    pub demand: Option<Price>,
    /// 容量电价, yuan/kVA·month, as published.
    #[serde(default)]
    pub capacity: Option<Price>,
    /// 时段, such as `00:00-06:00 valley;…`.
    #[serde(default)]
    pub periods: Option<String>,
}

/// 无价表月份的替代: parameters of the site topic `price_fallback`: a month without a published table uses the table
/// of another month. An assumption, so only a site's own layer may make it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceFallback {
    /// The month whose table is used.
    pub month: Month,
}

impl PriceFallback {
    /// The topic's form: an assumption stands in a site's layer and is never marked as sure.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        if rule.layer != Layer::Site {
            return Err(
                "a price fallback is an assumption of a site: its file has `layer = \"site\"`".to_owned()
            );
        }
        if rule.confidence == crate::rulebook::Confidence::High {
            return Err("a price fallback is an assumption: its confidence is L or M".to_owned());
        }
        rule.form::<Self>().map(drop)
    }
}

/// There is no published price for what is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPrice {
    /// No table of the category, scheme and voltage covers the date.
    NoTable {
        /// 用电类别
        category: Category,
        /// 计价方式
        scheme: Scheme,
        /// 电压等级
        voltage: Voltage,
        /// The day asked.
        date: Date,
    },
    /// The table has no price of that period.
    NoBand {
        /// The row.
        rule: String,
        /// 时段
        band: Band,
    },
    /// The table does not tell the component.
    NoComponent {
        /// The row.
        rule: String,
        /// 构成项
        component: Component,
    },
    /// The table has no periods.
    NoPeriods {
        /// The row.
        rule: String,
    },
    /// A rule of the book is not of its topic's form.
    BadRule(NoRule),
}

impl Refuse for NoPrice {
    fn code(&self) -> &'static str {
        match self {
            Self::NoTable { .. } => "tariff.no_table",
            Self::NoBand { .. } => "tariff.no_band",
            Self::NoComponent { .. } => "tariff.no_component",
            Self::NoPeriods { .. } => "tariff.no_periods",
            Self::BadRule(_) => "tariff.bad_rule",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::NoTable { category, scheme, voltage, date } => Bilingual::new(
                format!("{date}没有{}({},{})的电价表", category.zh(), scheme.zh(), voltage.zh()),
                format!(
                    "no price table covers {date} for {} ({}, {})",
                    category.word(),
                    scheme.word(),
                    voltage.word()
                ),
            ),
            Self::NoBand { rule, band } => Bilingual::new(
                format!("电价表 {rule} 未公布“{}”时段电价", band.zh()),
                format!("the table {rule} publishes no {} price", band.word()),
            ),
            Self::NoComponent { rule, component } => Bilingual::new(
                format!("电价表 {rule} 未公布{}", component.zh()),
                format!("the table {rule} does not tell the component {}", component.word()),
            ),
            Self::NoPeriods { rule } => Bilingual::new(
                format!("电价表 {rule} 未公布时段"),
                format!("the table {rule} publishes no periods"),
            ),
            Self::BadRule(e) => Bilingual::new(format!("规则有误: {e}"), e.to_string()),
        }
    }
}

impl std::fmt::Display for NoPrice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.text();
        write!(f, "[{}] {} / {}", self.code(), text.zh, text.en)
    }
}

impl std::error::Error for NoPrice {}

/// A price row that was looked up, and the assumption that led to it when one did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricePick {
    /// The row.
    pub row: Arc<PriceRow>,
    /// The rule `price_fallback` that lent the table of another month.
    pub fallback: Option<Arc<str>>,
}

impl PricePick {
    /// The ids of every rule used: to be stored with the decision.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.row.rule.as_str()).chain(self.fallback.as_deref())
    }
}

impl std::ops::Deref for PricePick {
    type Target = PriceRow;
    fn deref(&self) -> &PriceRow {
        &self.row
    }
}

/// Something compiled from a rule, with the days that the rule is in force.
#[derive(Clone, Debug)]
pub(super) struct Dated<T> {
    from: Date,
    until: Date,
    pub(super) value: T,
}

impl<T> Dated<T> {
    pub(super) fn of(rule: &Rule, value: T) -> Self {
        Self { from: rule.from, until: rule.until.unwrap_or(Date::MAX), value }
    }

    pub(super) fn holds(&self, date: Date) -> bool {
        self.from <= date && date <= self.until
    }
}

/// Category × single- or two-part × voltage.
const SLOTS: usize = 4 * 2 * 5;

fn slot(category: Category, two_part: bool, voltage: Voltage) -> usize {
    (category as usize * 2 + usize::from(two_part)) * 5 + voltage as usize
}

/// 电价表: the tables of the jurisdictions of a site, compiled for the batch.
#[derive(Clone, Debug, Default)]
pub struct PriceTables {
    /// Per slot from the most specific to the most general.
    rows: Vec<Vec<Dated<Arc<PriceRow>>>>,
    fallbacks: Vec<Dated<(Month, Arc<str>)>>,
}

impl PriceTables {
    /// Compiles every price rule of the selector's jurisdictions.
    ///
    /// # Errors
    /// A price rule is not of the topic's form.
    pub fn compile(book: &Rulebook, selector: &Selector) -> Result<Self, NoRule> {
        let mut tables = Self { rows: vec![Vec::new(); SLOTS], fallbacks: Vec::new() };
        for rule in book.of_jurisdictions("prices", selector).into_iter().rev() {
            let bad = |reason| NoRule::BadParams { id: rule.id.clone(), reason };
            let key = Key::of(rule).map_err(bad)?;
            for voltage in &key.voltages {
                let row = Arc::new(key.row(rule, *voltage).map_err(bad)?);
                tables.rows[slot(key.category, key.two_part, *voltage)].push(Dated::of(rule, row));
            }
        }
        for rule in book.of_jurisdictions("price_fallback", selector).into_iter().rev() {
            let params: PriceFallback =
                rule.form().map_err(|reason| NoRule::BadParams { id: rule.id.clone(), reason })?;
            tables.fallbacks.push(Dated::of(rule, (params.month, rule.id.as_str().into())));
        }
        Ok(tables)
    }

    /// The row in force on a date; where no table covers it and the site has made the assumption, the row of the
    /// assumed month.
    ///
    /// # Errors
    /// No table.
    pub fn row(
        &self,
        category: Category,
        scheme: Scheme,
        voltage: Voltage,
        date: Date,
    ) -> Result<PricePick, NoPrice> {
        let rows = self.rows.get(slot(category, scheme != Scheme::SinglePart, voltage));
        let on = |day: Date| rows.into_iter().flatten().find(|r| r.holds(day)).map(|r| r.value.clone());
        if let Some(row) = on(date) {
            return Ok(PricePick { row, fallback: None });
        }
        self.fallbacks
            .iter()
            .filter(|f| f.holds(date))
            .find_map(|f| {
                Some(PricePick { row: on(f.value.0.first_day())?, fallback: Some(f.value.1.clone()) })
            })
            .ok_or(NoPrice::NoTable { category, scheme, voltage, date })
    }
}

/// One lookup without a compiled table: for questions, not for batches.
///
/// # Errors
/// No table, or a broken rule.
pub fn price_row(
    book: &Rulebook,
    selector: &Selector,
    (category, scheme, voltage): (Category, Scheme, Voltage),
    date: Date,
) -> Result<PricePick, NoPrice> {
    PriceTables::compile(book, selector).map_err(NoPrice::BadRule)?.row(category, scheme, voltage, date)
}

/// What a price rule selects on.
struct Key {
    category: Category,
    two_part: bool,
    voltages: Vec<Voltage>,
}

impl Key {
    fn of(rule: &Rule) -> Result<Self, String> {
        if let Some(key) = rule.when.keys().find(|k| !matches!(k.as_str(), "category" | "scheme" | "voltage"))
        {
            return Err(format!("a price rule does not select on `{key}`"));
        }
        let words = |key: &str| rule.when.get(key).ok_or_else(|| format!("a price rule selects on `{key}`"));
        let categories = all(words("category")?, Category::from_word)?;
        let schemes = all(words("scheme")?, Scheme::from_word)?;
        let voltages = all(words("voltage")?, Voltage::from_word)?;
        let [category] = categories[..] else { return Err("a price rule has one category".to_owned()) };
        let two_part = schemes.iter().filter(|s| **s != Scheme::SinglePart).count();
        if schemes.is_empty() || voltages.is_empty() || (two_part != 0 && two_part != schemes.len()) {
            return Err("a price rule is single-part or two-part and names its voltages".to_owned());
        }
        Ok(Self { category, two_part: two_part != 0, voltages })
    }

    fn row(&self, rule: &Rule, voltage: Voltage) -> Result<PriceRow, String> {
        let params: Prices = rule.form()?;
        let day_bands =
            params.periods.as_deref().map(DayBands::parse).transpose().map_err(|e| e.to_string())?;
        let (scheme, demand, capacity) = if self.two_part {
            let demand = params.demand.ok_or("a two-part table has a demand price")?;
            let capacity = params.capacity.ok_or("a two-part table has a capacity price")?;
            (Scheme::Capacity, demand, capacity)
        } else {
            (Scheme::SinglePart, Price::ZERO, Price::ZERO)
        };
        Ok(PriceRow {
            rule: rule.id.clone(),
            category: self.category,
            scheme,
            voltage,
            bands: params.bands.per_band(),
            flat: params.bands.flat,
            components: params.components,
            demand,
            capacity,
            day_bands,
        })
    }
}

fn all<T>(words: &[String], read: fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    words.iter().map(|word| read(word).ok_or_else(|| format!("`{word}` is not known"))).collect()
}

impl Prices {
    /// The topic's form: parameters and selectors.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let key = Key::of(rule)?;
        let params: Self = rule.form()?;
        if rule.from < params.month.first_day() || rule.until.is_none_or(|u| u > params.month.last_day()) {
            return Err(format!("the rule is in force outside its month {}", params.month));
        }
        key.voltages.iter().try_for_each(|voltage| key.row(rule, *voltage).map(drop))
    }
}
