//! A year of hourly energies through time of use with demand, and through monthly tiers: amounts and time, as JSON.
//!
//! The peer of `benches/pysam/compare.py`: reads 8,760 whole kWh, one a line, from the file that is its argument.

use denghuo_rules::billing::hourly::months_of_year;
use denghuo_rules::billing::{
    BillDraft, BillInput, Compiler, HouseholdState, Params, PricePlan, RuleIds, RuleRef, Segment,
    SegmentPrices, TierPlan, price_bill,
};
use denghuo_rules::derivation::Silent;
use denghuo_rules::registry::{Category, Scheme, SupplyTerms};
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::tariff::{Band, DayBands, Usage};
use denghuo_rules::units::{Energy, Money, Price};
use jiff::civil::date;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: u32 = 2_000;

struct Tariff {
    terms: SupplyTerms,
    prices: SegmentPrices,
}

fn tariffs(price: impl Fn(&str) -> Price) -> [Tariff; 2] {
    let flat = SegmentPrices {
        plan: PricePlan::Flat(Price::ZERO),
        system: Price::ZERO,
        surcharges: Vec::new(),
        capacity: Price::ZERO,
        demand: price("38.4"),
        fixed: Vec::new(),
        rule: RuleRef::default(),
        assumption: None,
    };
    let bands = [None, Some("1.0633"), Some("0.6713"), Some("0.2793"), None].map(|text| text.map(&price));
    let tiers = TierPlan {
        prices: ["0.5469", "0.5969", "0.8469"].map(&price),
        monthly_quota: [Energy::kwh(210_000), Energy::kwh(400_000)],
        large_family_persons: None,
        large_family_quota: Energy::ZERO,
        rule: RuleRef::default(),
    };
    let home = SupplyTerms::household();
    let company = SupplyTerms {
        category: Category::Commercial,
        scheme: Scheme::ActualDemand,
        time_of_use: true,
        ..home.clone()
    };
    [
        Tariff { terms: company, prices: SegmentPrices { plan: PricePlan::Bands(bands), ..flat.clone() } },
        Tariff { terms: home, prices: SegmentPrices { plan: PricePlan::Tiers(tiers), ..flat } },
    ]
}

/// Valley 0–8, peak 8–11 and 18–22, flat between.
fn periods() -> [DayBands; 12] {
    let half_hour = |n: usize| match n / 2 {
        0..8 => Band::Valley,
        8..11 | 18..22 => Band::Peak,
        _ => Band::Flat,
    };
    [DayBands(std::array::from_fn(half_hour)); 12]
}

/// The year's twelve bills; `bill` sees each.
fn year(
    hours: &[Energy],
    tariff: &Tariff,
    (params, rules): (&Params, &RuleIds),
    out: &mut BillDraft,
    mut bill: impl FnMut(Money),
) -> Result<(), Box<dyn Error>> {
    let mut months = [Usage::default(); 12];
    months_of_year(2025, hours, &periods(), &mut months).map_err(|e| format!("{e:?}"))?;
    for (month, usage) in (1..).zip(&months) {
        let from = date(2025, month, 1);
        let (terms, prices) = (&tariff.terms, &tariff.prices);
        let segments =
            [Segment { days: from.days_in_month().unsigned_abs().into(), usage: *usage, terms, prices }];
        let household = Some(HouseholdState { used_before: Energy::ZERO, months_in_use: 1, persons: 0 });
        let input = BillInput {
            from,
            to: from.last_of_month().tomorrow()?,
            segments: &segments,
            household,
            params,
            rules,
        };
        price_bill(&input, out, &mut Silent).map_err(|e| format!("{e:?}"))?;
        bill(out.total);
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("the file of hours")?;
    let hours = std::fs::read_to_string(file)?
        .lines()
        .map(|line| line.parse::<Energy>().map_err(|e| e.to_string()))
        .collect::<Result<Vec<_>, _>>()?;
    let book = Rulebook::embedded();
    let mut compiler = Compiler::new(&book, Selector::in_jurisdictions(&["cn"]));
    let mut params = compiler.params(date(2025, 12, 31))?;
    params.demand.high_use_kwh_per_kva = None;
    let price = |text: &str| text.parse().expect("a price");
    let mut out = BillDraft::new();
    let mut answer = serde_json::Map::new();
    for (name, tariff) in ["time_of_use_and_demand", "tiers"].into_iter().zip(tariffs(price)) {
        let mut amounts = Vec::new();
        year(&hours, &tariff, (&params, &compiler.rules), &mut out, |total| amounts.push(total))?;
        let begun = Instant::now();
        for _ in 0..ROUNDS {
            year(black_box(&hours), &tariff, (&params, &compiler.rules), &mut out, |total| {
                black_box(total);
            })?;
        }
        let nanoseconds = begun.elapsed().as_nanos() / u128::from(ROUNDS);
        let told = serde_json::json!({ "months": amounts, "nanoseconds": u64::try_from(nanoseconds)? });
        answer.insert(name.to_owned(), told);
    }
    println!("{}", serde_json::Value::Object(answer));
    Ok(())
}
