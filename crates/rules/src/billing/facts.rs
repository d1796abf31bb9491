//! What is kept beside a bill so that it can be derived again, to the fen, years later.
//!
//! The facts are small JSON with short keys and without defaults, such as
//! `{"f":"2025-06-01","t":"2025-07-01","h":{"u":"2400","m":12},"s":[{"n":30,"d":"2025-06-01","a":"300"}]}`.
//! Prices and parameters are not repeated: the rulebook gives them again for the same days, and every stored line names its
//! rule, so a book that was changed since is noticed by comparing lines.
//!
//! | key | meaning |
//! | --- | --- |
//! | `f`, `t` | from, to of the period |
//! | `h` | home: `u` used before (kWh), `m` months in use, `p` persons |
//! | `s` | segments: `n` days, `d` price day, `a` active, `b` by band, `r` reactive, `m` demand, `x` terms |
//! | `x` | terms: `c` category, `v` voltage, `k` scheme, `t` time of use, `s` capacity, `d` contract demand, `q` power-factor standard, `n` persons, `l` transformer loss, `i` line loss, `g` fixed parts, `m` minimum |

use super::compile::{CompileRefusal, Compiler, SegmentPrices};
use super::draft::BillDraft;
use super::input::{BillInput, HouseholdState, Segment, is_default};
use super::kernel::price_bill;
use super::refusal::BillRefusal;
use crate::derivation::{Bilingual, Sink};
use crate::refusal::Refuse;
use crate::registry::{Category, FixedPart, PfStandard, Scheme, SupplyTerms, TransformerLoss, Voltage};
use crate::tariff::{PerBand, Usage};
use crate::units::{Capacity, Demand, Energy, Money, Ratio};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 电费依据: the owned counterpart of [`BillInput`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillFacts {
    /// First day.
    #[serde(rename = "f")]
    pub from: Date,
    /// Day after the last; also the legal day of the rule parameters.
    #[serde(rename = "t")]
    pub to: Date,
    /// State of the home.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdState>,
    /// The parts of the period.
    #[serde(rename = "s")]
    pub segments: Vec<SegmentFacts>,
}

/// The owned counterpart of [`Segment`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentFacts {
    /// Days.
    #[serde(rename = "n")]
    pub days: u16,
    /// The legal day of the prices.
    #[serde(rename = "d")]
    pub price_day: Date,
    /// Active energy, metered.
    #[serde(rename = "a", default, skip_serializing_if = "is_default")]
    pub active: Energy,
    /// By tariff period: sharp, peak, flat, valley, deep.
    #[serde(rename = "b", default, skip_serializing_if = "is_default")]
    pub bands: PerBand<Energy>,
    /// Reactive energy.
    #[serde(rename = "r", default, skip_serializing_if = "is_default")]
    pub reactive: Energy,
    /// Maximum demand.
    #[serde(rename = "m", default, skip_serializing_if = "is_default")]
    pub demand: Demand,
    /// The terms; absent for an ordinary home.
    #[serde(
        rename = "x",
        default = "SupplyTerms::household",
        with = "short",
        skip_serializing_if = "is_home"
    )]
    pub terms: SupplyTerms,
}

fn is_home(terms: &SupplyTerms) -> bool {
    *terms == SupplyTerms::household()
}

impl SegmentFacts {
    /// The facts of a segment whose prices are those of `price_day`.
    #[must_use]
    pub fn new(days: u16, price_day: Date, usage: &Usage, terms: SupplyTerms) -> Self {
        let Usage { active, bands, reactive, demand } = *usage;
        Self { days, price_day, active, bands, reactive, demand, terms }
    }

    /// What was metered.
    #[must_use]
    pub const fn usage(&self) -> Usage {
        Usage { active: self.active, bands: self.bands, reactive: self.reactive, demand: self.demand }
    }
}

/// Why a bill could not be derived from its facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PricingRefusal {
    /// The rulebook gave no prices or parameters.
    #[error(transparent)]
    Compile(#[from] CompileRefusal),
    /// The calculator refused.
    #[error("{}", .0.text().en)]
    Bill(BillRefusal),
}

impl Refuse for PricingRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Compile(refusal) => refusal.code(),
            Self::Bill(refusal) => refusal.code(),
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::Compile(refusal) => refusal.text(),
            Self::Bill(refusal) => refusal.text(),
        }
    }
}

impl BillFacts {
    /// Prices the bill from its facts: for `explain`, corrections and questions. Batches compile once and call [`price_bill`].
    ///
    /// # Errors
    /// The book lacks a rule, or the calculator refuses.
    pub fn price<S: Sink>(
        &self,
        compiler: &mut Compiler<'_>,
        out: &mut BillDraft,
        sink: &mut S,
    ) -> Result<(), PricingRefusal> {
        let params = compiler.params(self.to)?;
        let prices = self
            .segments
            .iter()
            .map(|s| compiler.prices(s.price_day, &s.terms))
            .collect::<Result<Vec<SegmentPrices>, _>>()?;
        let segments: Vec<Segment<'_>> = self
            .segments
            .iter()
            .zip(&prices)
            .map(|(s, prices)| Segment { days: s.days, usage: s.usage(), terms: &s.terms, prices })
            .collect();
        let input = BillInput {
            from: self.from,
            to: self.to,
            segments: &segments,
            household: self.household,
            params: &params,
            rules: &compiler.rules,
        };
        price_bill(&input, out, sink).map_err(PricingRefusal::Bill)
    }
}

/// [`SupplyTerms`] under short keys, what equals an ordinary home left out.
mod short {
    use super::{
        Capacity, Category, Demand, Deserialize, FixedPart, Money, PfStandard, Ratio, Scheme, Serialize,
        SupplyTerms, TransformerLoss, Voltage, is_default,
    };
    use serde::{Deserializer, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Terms {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        c: Option<Category>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        v: Option<Voltage>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        k: Option<Scheme>,
        #[serde(default, skip_serializing_if = "is_default")]
        t: bool,
        #[serde(default, skip_serializing_if = "is_default")]
        s: Capacity,
        #[serde(default, skip_serializing_if = "is_default")]
        d: Demand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        q: Option<PfStandard>,
        #[serde(default, skip_serializing_if = "is_default")]
        n: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        l: Option<TransformerLoss>,
        #[serde(default, skip_serializing_if = "is_default")]
        i: Ratio,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        g: Vec<FixedPart>,
        #[serde(default, skip_serializing_if = "is_default")]
        m: Money,
    }

    pub fn serialize<S: Serializer>(terms: &SupplyTerms, s: S) -> Result<S::Ok, S::Error> {
        let home = SupplyTerms::household();
        fn unless<T: PartialEq + Copy>(value: T, usual: T) -> Option<T> {
            (value != usual).then_some(value)
        }
        Terms {
            c: unless(terms.category, home.category),
            v: unless(terms.voltage, home.voltage),
            k: unless(terms.scheme, home.scheme),
            t: terms.time_of_use,
            s: terms.capacity,
            d: terms.contract_demand,
            q: unless(terms.pf_standard, home.pf_standard),
            n: terms.persons,
            l: terms.transformer_loss,
            i: terms.line_loss,
            g: terms.fixed_parts.clone(),
            m: terms.minimum_payment,
        }
        .serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<SupplyTerms, D::Error> {
        let home = SupplyTerms::household();
        let short = Terms::deserialize(d)?;
        Ok(SupplyTerms {
            category: short.c.unwrap_or(home.category),
            voltage: short.v.unwrap_or(home.voltage),
            scheme: short.k.unwrap_or(home.scheme),
            time_of_use: short.t,
            capacity: short.s,
            contract_demand: short.d,
            pf_standard: short.q.unwrap_or(home.pf_standard),
            persons: short.n,
            transformer_loss: short.l,
            line_loss: short.i,
            fixed_parts: short.g,
            minimum_payment: short.m,
        })
    }
}
