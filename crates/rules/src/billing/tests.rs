//! Tables and properties of the calculator.

use super::*;
use crate::derivation::Silent;
use crate::registry::{Category, PfStandard, Scheme, SupplyTerms};
use crate::rulebook::{Rulebook, Selector};
use crate::tariff::{Band, PerBand, Usage};
use crate::units::{Capacity, Demand, Energy, Money, Price};
use jiff::civil::{Date, date};

mod comparison;
mod facts;
mod hourly;
mod power_factor;
mod properties;
mod published;

/// The compiled book of a day, with prices by hand.
pub(super) struct Bench {
    pub params: Params,
    pub rules: RuleIds,
}

impl Bench {
    pub fn on(day: Date) -> Self {
        let book = Rulebook::embedded();
        let mut compiler = Compiler::new(&book, Selector::in_jurisdictions(&["cn", "cn-sd"]));
        let params = compiler.params(day).unwrap();
        Self { params, rules: compiler.rules }
    }

    /// Prices a period in which the segments come one after the other.
    pub fn price(
        &self,
        from: Date,
        to: Date,
        segments: &[Segment<'_>],
        household: Option<HouseholdState>,
    ) -> Result<BillDraft, BillRefusal> {
        let mut out = BillDraft::new();
        let input = BillInput { from, to, segments, household, params: &self.params, rules: &self.rules };
        price_bill(&input, &mut out, &mut Silent)?;
        assert_eq!(out.total, out.lines.iter().map(|l| l.amount).sum(), "a bill is the sum of its lines");
        Ok(out)
    }
}

/// Prices of a Shandong home on a day.
pub(super) fn home(day: Date, terms: &SupplyTerms) -> SegmentPrices {
    let book = Rulebook::embedded();
    let mut compiler = Compiler::new(&book, Selector::in_jurisdictions(&["cn", "cn-sd"]));
    compiler.prices(day, terms).unwrap()
}

pub(super) fn year(used_before: i64) -> HouseholdState {
    HouseholdState { used_before: Energy::kwh(used_before), months_in_use: 12, persons: 0 }
}

pub(super) fn kwh(active: i64) -> Usage {
    Usage { active: Energy::kwh(active), ..Usage::default() }
}

pub(super) fn by_band(bands: [i64; 5], reactive: i64) -> Usage {
    Usage {
        active: Energy::kwh(bands.iter().sum()),
        bands: bands.map(Energy::kwh),
        reactive: Energy::kwh(reactive),
        demand: Demand::ZERO,
    }
}

pub(super) fn yuan(text: &str) -> Money {
    text.parse().unwrap()
}

pub(super) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub(super) fn commercial(scheme: Scheme, pf_standard: PfStandard) -> SupplyTerms {
    SupplyTerms {
        category: Category::Commercial,
        scheme,
        pf_standard,
        capacity: Capacity::kva(320),
        ..SupplyTerms::household()
    }
}

pub(super) fn flat(text: &str) -> SegmentPrices {
    SegmentPrices {
        plan: PricePlan::Flat(price(text)),
        system: Price::ZERO,
        surcharges: Vec::new(),
        capacity: Price::ZERO,
        demand: Price::ZERO,
        fixed: Vec::new(),
        rule: RuleRef::default(),
        assumption: None,
    }
}

pub(super) fn bands(prices: [&str; 5]) -> PerBand<Option<Price>> {
    prices.map(|p| (!p.is_empty()).then(|| price(p)))
}

fn amounts(out: &BillDraft) -> Vec<String> {
    out.lines.iter().map(|l| l.amount.to_string()).collect()
}

#[test]
fn buffers_are_reused_from_bill_to_bill() {
    let bench = Bench::on(date(2025, 7, 1));
    let terms = SupplyTerms::household();
    let prices = home(date(2025, 6, 1), &terms);
    let segments = [Segment { days: 30, usage: kwh(5_000), terms: &terms, prices: &prices }];
    let input = BillInput {
        from: date(2025, 6, 1),
        to: date(2025, 7, 1),
        segments: &segments,
        household: Some(year(0)),
        params: &bench.params,
        rules: &bench.rules,
    };
    let mut out = BillDraft::new();
    price_bill(&input, &mut out, &mut Silent).unwrap();
    let warm = (out.lines.as_ptr(), out.lines.capacity(), out.worked.as_ptr(), out.worked.capacity());
    for _ in 0..100 {
        price_bill(&input, &mut out, &mut Silent).unwrap();
    }
    assert_eq!(warm, (out.lines.as_ptr(), out.lines.capacity(), out.worked.as_ptr(), out.worked.capacity()));
}

#[test]
fn an_impossible_bill_is_refused_with_its_reason() {
    let bench = Bench::on(date(2025, 7, 1));
    let terms = SupplyTerms::household();
    let prices = home(date(2025, 6, 1), &terms);
    let (from, to) = (date(2025, 6, 1), date(2025, 7, 1));
    let segment = Segment { days: 30, usage: kwh(10), terms: &terms, prices: &prices };
    let banded = SegmentPrices { plan: PricePlan::Bands(bands(["", "1", "1", "1", ""])), ..flat("1") };
    let negative = Usage { active: Energy::kwh(-1), ..Usage::default() };
    let two_part = SupplyTerms { capacity: Capacity::ZERO, ..commercial(Scheme::Capacity, PfStandard::None) };
    let one = commercial(Scheme::SinglePart, PfStandard::None);
    let with_tou = SupplyTerms { time_of_use: true, ..terms.clone() };
    let home_tou = home(from, &with_tou);
    let three_periods = by_band([0, 1, 1, 1, 0], 0);
    let cases: [(Segment<'_>, BillRefusal); 7] = [
        (Segment { usage: kwh(10_000_000_001), ..segment }, BillRefusal::BeyondRange { segment: 1 }),
        (
            Segment { usage: three_periods, terms: &with_tou, prices: &home_tou, ..segment },
            BillRefusal::NoBandPrice { band: Band::Flat },
        ),
        (Segment { days: 29, ..segment }, BillRefusal::DaysDoNotAdd { segments: 29, period: 30 }),
        (Segment { usage: negative, ..segment }, BillRefusal::NegativeUsage { segment: 1 }),
        (
            Segment { usage: by_band([5, 0, 0, 0, 0], 0), terms: &one, prices: &banded, ..segment },
            BillRefusal::NoBandPrice { band: Band::Sharp },
        ),
        (Segment { prices: &banded, ..segment }, BillRefusal::BandsDoNotAdd { segment: 1 }),
        (Segment { terms: &two_part, prices: &flat("1"), ..segment }, BillRefusal::NoCapacity { segment: 1 }),
    ];
    for (segment, refusal) in cases {
        assert_eq!(bench.price(from, to, &[segment], Some(year(0))).unwrap_err(), refusal);
    }
    assert_eq!(bench.price(from, to, &[segment], None).unwrap_err(), BillRefusal::NoHouseholdState);
    assert_eq!(bench.price(from, to, &[], None).unwrap_err(), BillRefusal::EmptyPeriod);
}

#[test]
fn a_company_bills_by_its_published_table_and_only_where_it_has_one() {
    let book = Rulebook::embedded();
    let mut compiler = Compiler::new(&book, Selector::in_jurisdictions(&["cn", "sgcc", "sgcc-jiangsu"]));
    let terms = SupplyTerms { time_of_use: true, ..commercial(Scheme::SinglePart, PfStandard::None) };
    let prices = compiler.prices(date(2026, 8, 1), &terms).unwrap();
    assert!(matches!(prices.plan, PricePlan::Bands(_)));
    assert!(!prices.surcharges.is_empty(), "funds stand in a line of their own");
    assert!(compiler.rules.get(prices.rule).is_some_and(|id| id.contains("jiangsu")));
    let refusal = compiler.prices(date(2025, 8, 1), &terms).unwrap_err();
    assert!(matches!(refusal, CompileRefusal::NoPrice(_)), "{refusal}");
}

#[test]
fn a_bill_names_every_rule_that_it_rests_on() {
    let book = Rulebook::embedded();
    let mut compiler = Compiler::new(&book, Selector::in_jurisdictions(&["cn", "cn-sd"]));
    let params = compiler.params(date(2025, 7, 1)).unwrap();
    let rule = compiler.rules.intern("table");
    let terms = commercial(Scheme::ActualDemand, PfStandard::P90);
    let prices = SegmentPrices { demand: price("38.4"), rule, ..flat("0.6") };
    let usage = Usage { demand: Demand::kw(10), reactive: Energy::kwh(900), ..kwh(1_000) };
    let segments = [Segment { days: 19, usage, terms: &terms, prices: &prices }];
    let (from, to) = (date(2025, 2, 10), date(2025, 3, 1));
    let input =
        BillInput { from, to, segments: &segments, household: None, params: &params, rules: &compiler.rules };
    let (mut out, mut used) = (BillDraft::new(), Vec::new());
    price_bill(&input, &mut out, &mut Silent).unwrap();
    input.rules_used(&out.lines, &mut used);
    let mut ids: Vec<_> = used.iter().filter_map(|rule| compiler.rules.get(*rule)).collect();
    ids.sort_unstable();
    assert_eq!(
        ids,
        ["cn.demand.2023", "cn.power_factor.1983", "cn.proration.2024", "cn.rounding.practice", "table"]
    );
}
