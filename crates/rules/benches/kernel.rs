//! The calculation kernel: bills per second on one core, and a year of hours.
//!
//! `cargo bench --package denghuo-rules`. Aims: 3 million household bills and 0.5 million full commercial bills per second, a year
//! of 8,760 hourly values with its twelve bills in 35 µs.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use denghuo_rules::billing::hourly::months_of_year;
use denghuo_rules::billing::{
    BillDraft, BillInput, Compiler, HouseholdState, Params, PricePlan, RuleIds, Segment, SegmentPrices,
    Surcharge, price_bill,
};
use denghuo_rules::derivation::Silent;
use denghuo_rules::registry::{Category, PfStandard, Scheme, SupplyTerms, Voltage};
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::tariff::{Band, DayBands, Usage};
use denghuo_rules::units::{Capacity, Demand, Energy, Price};
use jiff::civil::{Date, date};
use std::hint::black_box;

const BILLS: usize = 1_000;
const FROM: Date = date(2025, 6, 1);
const TO: Date = date(2025, 7, 1);

struct Book {
    params: Params,
    rules: RuleIds,
    home: SegmentPrices,
    company: SegmentPrices,
    home_terms: SupplyTerms,
    company_terms: SupplyTerms,
}

fn price(text: &str) -> Price {
    text.parse().expect("a price")
}

fn book() -> Book {
    let book = Rulebook::embedded();
    let mut compiler = Compiler::new(&book, Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd"]));
    let params = compiler.params(TO).expect("parameters");
    let home_terms = SupplyTerms::household();
    let home = compiler.prices(FROM, &home_terms).expect("household prices");
    let rule = compiler.rules.intern("table");
    let bands = ["1.2411", "1.0633", "0.6713", "0.2793", "0.1486"];
    let company = SegmentPrices {
        plan: PricePlan::Bands(bands.map(|text| Some(price(text)))),
        system: price("0.0546"),
        surcharges: vec![Surcharge { price: price("0.02716875"), rule }],
        capacity: price("24"),
        demand: price("38.4"),
        ..home.clone()
    };
    let company_terms = SupplyTerms {
        category: Category::Commercial,
        voltage: Voltage::Kv10,
        scheme: Scheme::ContractDemand,
        time_of_use: true,
        capacity: Capacity::kva(2_000),
        contract_demand: Demand::kw(1_000),
        pf_standard: PfStandard::P90,
        ..SupplyTerms::household()
    };
    Book { params, rules: compiler.rules, home, company, home_terms, company_terms }
}

/// Quantities that differ from bill to bill, without a random number.
fn spread(n: usize, least: i64, width: i64) -> i64 {
    least + (n as i64 * 7_919) % width
}

fn household(c: &mut Criterion) {
    let book = book();
    let mut group = c.benchmark_group("bill");
    group.throughput(Throughput::Elements(BILLS as u64));
    let mut out = BillDraft::new();
    group.bench_function("household_tiers", |b| {
        b.iter(|| {
            for n in 0..BILLS {
                let usage = Usage { active: Energy::kwh(spread(n, 20, 700)), ..Usage::default() };
                let segments = [Segment { days: 30, usage, terms: &book.home_terms, prices: &book.home }];
                let used_before = Energy::kwh(spread(n, 0, 5_000));
                let input = BillInput {
                    from: FROM,
                    to: TO,
                    segments: black_box(&segments),
                    household: Some(HouseholdState { used_before, months_in_use: 12, persons: 3 }),
                    params: &book.params,
                    rules: &book.rules,
                };
                price_bill(&input, &mut out, &mut Silent).expect("a bill");
                black_box(&out);
            }
        });
    });
    group.bench_function("commercial_full", |b| {
        b.iter(|| {
            for n in 0..BILLS {
                let usage = company_usage(n);
                let segments =
                    [Segment { days: 30, usage, terms: &book.company_terms, prices: &book.company }];
                let input = BillInput {
                    from: FROM,
                    to: TO,
                    segments: black_box(&segments),
                    household: None,
                    params: &book.params,
                    rules: &book.rules,
                };
                price_bill(&input, &mut out, &mut Silent).expect("a bill");
                black_box(&out);
            }
        });
    });
    group.finish();
}

fn company_usage(n: usize) -> Usage {
    let bands = [11, 13, 17, 19, 23].map(|k| Energy::kwh(spread(n * k, 4_000, 60_000)));
    let active = bands.iter().copied().sum();
    Usage {
        active,
        bands,
        reactive: Energy::kwh(spread(n, 20_000, 90_000)),
        demand: Demand::kw(spread(n, 700, 500)),
    }
}

fn year_of_hours(c: &mut Criterion) {
    let book = book();
    let terms = SupplyTerms {
        scheme: Scheme::ActualDemand,
        pf_standard: PfStandard::None,
        ..book.company_terms.clone()
    };
    let half_hour = |n: usize| match n / 2 {
        0..8 => Band::Valley,
        8..11 | 18..22 => Band::Peak,
        _ => Band::Flat,
    };
    let periods = [DayBands(std::array::from_fn(half_hour)); 12];
    let hours: Vec<Energy> = (0..8_760).map(|n| Energy(spread(n, 100_000, 4_000_000))).collect();
    let (mut months, mut out) = ([Usage::default(); 12], BillDraft::new());
    let mut group = c.benchmark_group("year_of_hours");
    group.throughput(Throughput::Elements(1));
    let mut year = |terms: &SupplyTerms, prices: &SegmentPrices| {
        months_of_year(2025, black_box(&hours), &periods, &mut months).expect("a year");
        let mut used_before = Energy::ZERO;
        for (month, usage) in (1..).zip(&months) {
            let from = date(2025, month, 1);
            let segments = [Segment { days: from.days_in_month() as u16, usage: *usage, terms, prices }];
            let household = Some(HouseholdState { used_before, months_in_use: 12, persons: 3 });
            let to = from.last_of_month().tomorrow().expect("a day");
            let input = BillInput {
                from,
                to,
                segments: &segments,
                household,
                params: &book.params,
                rules: &book.rules,
            };
            price_bill(&input, &mut out, &mut Silent).expect("a bill");
            used_before += usage.active;
            black_box(&out);
        }
    };
    group.bench_function("time_of_use_and_demand", |b| b.iter(|| year(&terms, &book.company)));
    group.bench_function("annual_tiers", |b| b.iter(|| year(&book.home_terms, &book.home)));
    group.finish();
}

/// A cold draft against a warm one shows what the reuse of the buffers saves.
fn cold_draft(c: &mut Criterion) {
    let book = book();
    let usage = Usage { active: Energy::kwh(300), ..Usage::default() };
    let segments = [Segment { days: 30, usage, terms: &book.home_terms, prices: &book.home }];
    let household = Some(HouseholdState { used_before: Energy::kwh(2_400), months_in_use: 12, persons: 3 });
    let (params, rules) = (&book.params, &book.rules);
    let input = BillInput { from: FROM, to: TO, segments: &segments, household, params, rules };
    c.bench_function("bill/household_cold_draft", |b| {
        b.iter_batched(
            BillDraft::new,
            |mut out| {
                price_bill(&input, &mut out, &mut Silent).expect("a bill");
                out
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(kernel, household, year_of_hours, cold_draft);
criterion_main!(kernel);
