//! Published bills, line by line.

use super::*;
use crate::registry::{FixedPart, TransformerLoss};
use crate::units::{Ratio, Rounding};

const JUNE: (Date, Date) = (date(2025, 6, 1), date(2025, 7, 1));

#[test]
fn household_tiers_by_the_year() {
    // used before, used now, lines, total
    let table: &[(i64, i64, &[&str], &str)] = &[
        (0, 100, &["54.69"], "54.69"),
        (2_400, 300, &["65.63", "107.44"], "173.07"),
        (0, 5_000, &["1378.19", "1360.93", "169.38"], "2908.50"),
        (2_520, 10, &["5.97"], "5.97"),
        (4_800, 10, &["8.47"], "8.47"),
        (100, 0, &[], "0.00"),
    ];
    let bench = Bench::on(JUNE.1);
    let terms = SupplyTerms::household();
    let prices = home(JUNE.0, &terms);
    for (before, used, lines, total) in table {
        let segment = Segment { days: 30, usage: kwh(*used), terms: &terms, prices: &prices };
        let out = bench.price(JUNE.0, JUNE.1, &[segment], Some(year(*before))).unwrap();
        assert_eq!(amounts(&out), *lines, "{before} then {used}");
        assert_eq!(out.total, yuan(total));
    }
}

#[test]
fn a_large_family_and_a_new_account_have_other_quotas() {
    // persons, months in use, limits
    let table =
        [(0, 12, [2_520, 4_800]), (4, 12, [2_520, 4_800]), (5, 12, [3_720, 6_000]), (0, 5, [1_050, 2_000])];
    let PricePlan::Tiers(plan) = home(JUNE.0, &SupplyTerms::household()).plan else { panic!("tiers") };
    for (persons, months_in_use, limits) in table {
        let state = HouseholdState { used_before: Energy::ZERO, months_in_use, persons };
        assert_eq!(plan.limits(&state), limits.map(Energy::kwh));
    }
}

#[test]
fn household_time_of_use_in_printed_form() {
    // day, peak, valley, used before, lines
    let table: &[(Date, i64, i64, i64, &[&str])] = &[
        (date(2025, 6, 1), 95, 5, 0, &["54.81", "1.88"]),
        (date(2025, 6, 1), 60, 40, 0, &["34.61", "15.08"]),
        (date(2025, 12, 1), 60, 40, 0, &["34.61", "13.88"]),
        (date(2025, 6, 1), 60, 40, 2_500, &["34.61", "15.08", "4.00"]),
        (date(2025, 6, 1), 60, 40, 4_800, &["34.61", "15.08", "30.00"]),
    ];
    let bench = Bench::on(JUNE.1);
    let terms = SupplyTerms { time_of_use: true, ..SupplyTerms::household() };
    for (day, peak, valley, before, lines) in table {
        let prices = home(*day, &terms);
        let usage = by_band([0, *peak, 0, *valley, 0], 0);
        let segment = Segment { days: 30, usage, terms: &terms, prices: &prices };
        let out = bench.price(JUNE.0, JUNE.1, &[segment], Some(year(*before))).unwrap();
        assert_eq!(amounts(&out), *lines);
    }
}

#[test]
fn two_part_industry_with_fixed_lighting() {
    // W-06: 10 kV, 5,000 kVA, lighting 2,000 kWh from the flat period at 0.70, three surcharges.
    let bench = Bench::on(date(2000, 7, 1));
    let rule = RuleRef::default();
    let terms = SupplyTerms {
        capacity: Capacity::kva(5_000),
        fixed_parts: vec![FixedPart::Quantity {
            monthly_kwh: Energy::kwh(2_000),
            category: Category::Communal,
        }],
        ..commercial(Scheme::Capacity, PfStandard::P90)
    };
    let surcharge = |text| Surcharge { price: price(text), rule };
    let prices = SegmentPrices {
        plan: PricePlan::Bands(bands(["", "0.675", "0.45", "0.225", ""])),
        surcharges: vec![surcharge("0.02"), surcharge("0.007"), surcharge("0.007")],
        capacity: price("15"),
        fixed: vec![FixedPrice {
            category: Category::Communal,
            price: price("0.70"),
            surcharged: true,
            rule,
        }],
        ..flat("0")
    };
    let usage = by_band([0, 107_700, 323_700, 80_400, 0], 110_100);
    let segment = Segment { days: 30, usage, terms: &terms, prices: &prices };
    let out = bench.price(date(2000, 6, 1), date(2000, 7, 1), &[segment], None).unwrap();
    assert_eq!(
        amounts(&out),
        [
            "1400.00",
            "72697.50",
            "144765.00",
            "18090.00",
            "75000.00",
            "-2329.14",
            "10236.00",
            "3582.60",
            "3582.60"
        ]
    );
    assert_eq!(out.total, yuan("327024.56"));
}

#[test]
fn a_transformer_removed_inside_the_period() {
    // W-13: two-part with 320 kVA for 6 days at 1/30, then single-part; one cosφ for both standards.
    let bench = Bench::on(date(2000, 8, 24));
    let before = commercial(Scheme::Capacity, PfStandard::P90);
    let after = commercial(Scheme::SinglePart, PfStandard::P85);
    let rule = RuleRef::default();
    let funds = vec![Surcharge { price: price("0.035"), rule }];
    let two_part = SegmentPrices { surcharges: funds.clone(), capacity: price("16"), ..flat("0.34") };
    let single = SegmentPrices { surcharges: funds, ..flat("0.464") };
    let usage = |active, reactive| Usage { reactive: Energy::kwh(reactive), ..kwh(active) };
    let segments = [
        Segment { days: 6, usage: usage(20_000, 12_000), terms: &before, prices: &two_part },
        Segment { days: 25, usage: usage(30_000, 20_000), terms: &after, prices: &single },
    ];
    let out = bench.price(date(2000, 7, 24), date(2000, 8, 24), &segments, None).unwrap();
    assert_eq!(amounts(&out), ["6800.00", "13920.00", "1024.00", "234.72", "69.60", "700.00", "1050.00"]);
    assert_eq!(out.total, yuan("23798.32"));
}

#[test]
fn contract_demand_above_the_tolerance() {
    // actual, tolerance is billed, amounts
    let table: &[(i64, bool, &[&str])] = &[
        (900, false, &["38400.00"]),
        (1_050, false, &["38400.00"]),
        (1_120, false, &["38400.00", "5376.00"]),
        (1_120, true, &["40320.00", "5376.00"]),
    ];
    let terms = SupplyTerms {
        contract_demand: Demand::kw(1_000),
        ..commercial(Scheme::ContractDemand, PfStandard::None)
    };
    let prices = SegmentPrices { demand: price("38.4"), ..flat("0.6") };
    for (actual, tolerance_is_billed, lines) in table {
        let mut bench = Bench::on(JUNE.1);
        bench.params.demand.tolerance_is_billed = *tolerance_is_billed;
        let usage = Usage { demand: Demand::kw(*actual), ..Usage::default() };
        let segment = Segment { days: 30, usage, terms: &terms, prices: &prices };
        let out = bench.price(JUNE.0, JUNE.1, &[segment], None).unwrap();
        assert_eq!(amounts(&out), *lines, "{actual} kW");
    }
}

#[test]
fn high_use_per_kva_lowers_the_demand_price() {
    // kWh, on, demand charge of 100 kW at 38.4
    let table = [
        (83_199, date(2025, 7, 1), "3840.00"),
        (83_200, date(2025, 7, 1), "3456.00"),
        (83_200, date(2023, 5, 1), "3840.00"),
    ];
    let terms = commercial(Scheme::ActualDemand, PfStandard::None);
    let prices = SegmentPrices { demand: price("38.4"), ..flat("0") };
    for (active, day, expect) in table {
        let usage = Usage { demand: Demand::kw(100), ..kwh(active) };
        let segment = Segment { days: 30, usage, terms: &terms, prices: &prices };
        let out = Bench::on(day).price(JUNE.0, JUNE.1, &[segment], None).unwrap();
        assert_eq!(out.lines.last().unwrap().amount, yuan(expect), "{active} kWh on {day}");
    }
}

#[test]
fn monthly_charges_by_days() {
    // from, to, segments' days and whether the terms change between them, capacity charge of each (320 kVA at 15 = 4,800)
    type Case<'a> = (Date, Date, Date, &'a [u16], bool, &'a [&'a str]);
    let table: &[Case<'_>] = &[
        (date(2000, 7, 1), date(2000, 7, 24), date(2000, 8, 24), &[31], false, &["4800.00"]),
        (date(2000, 7, 1), date(2000, 7, 24), date(2000, 8, 24), &[6, 25], true, &["960.00", "4000.00"]),
        (date(2025, 7, 1), date(2025, 7, 24), date(2025, 8, 24), &[6, 25], true, &["929.03", "3870.97"]),
        (date(2025, 7, 1), date(2025, 7, 24), date(2025, 8, 24), &[6, 25], false, &["929.03", "3870.97"]),
        (date(2000, 7, 1), date(2000, 7, 24), date(2000, 8, 24), &[6, 25], false, &["929.03", "3870.97"]),
        (date(2025, 7, 1), date(2025, 2, 10), date(2025, 3, 1), &[19], false, &["3257.14"]),
        (date(2025, 7, 1), date(2025, 1, 31), date(2025, 2, 28), &[28], false, &["4800.00"]),
        (date(2025, 7, 1), date(2025, 5, 1), date(2025, 7, 1), &[61], false, &["9600.00"]),
    ];
    let first = commercial(Scheme::Capacity, PfStandard::None);
    let changed = SupplyTerms { minimum_payment: Money(1), ..first.clone() };
    let prices = SegmentPrices { capacity: price("15"), ..flat("0") };
    for (rules, from, to, days, change, expect) in table {
        let terms = [&first, if *change { &changed } else { &first }];
        let segments: Vec<_> = days
            .iter()
            .zip(terms)
            .map(|(d, terms)| Segment { days: *d, usage: kwh(0), terms, prices: &prices })
            .collect();
        let out = Bench::on(*rules).price(*from, *to, &segments, None).unwrap();
        assert_eq!(amounts(&out), *expect, "{from} to {to} by the rules of {rules}");
    }
}

#[test]
fn losses_are_added_and_split() {
    // W-14: 304 kWh a month, 20 days of 30 = 203 kWh.
    let bench = Bench::on(date(2000, 7, 1));
    let loss = TransformerLoss::Table { monthly_kwh: Energy::kwh(304), monthly_kvarh: Energy::kwh(30) };
    let with = SupplyTerms {
        transformer_loss: Some(loss),
        time_of_use: true,
        ..commercial(Scheme::SinglePart, PfStandard::None)
    };
    let prices = SegmentPrices { plan: PricePlan::Bands(bands(["", "1", "1", "1", ""])), ..flat("0") };
    let segment =
        Segment { days: 20, usage: by_band([0, 100, 100, 200, 0], 0), terms: &with, prices: &prices };
    let out = bench.price(date(2000, 6, 1), date(2000, 6, 21), &[segment], None).unwrap();
    assert_eq!((out.active, out.reactive), (Energy::kwh(603), Energy::kwh(20)));
    assert_eq!(amounts(&out), ["150.00", "150.00", "303.00"]);
}

#[test]
fn nameplate_losses_in_whole_numbers() {
    // 100 kVA, 0.2 kW no load, 1.5 kW load loss, 720 h at half load (36,000 kWh, cosφ 1), K = 1: 144 + 1.5 × 720 × 0.25 = 414.
    let loss = TransformerLoss::Nameplate {
        no_load_kw: "0.2".parse().unwrap(),
        load_kw: "1.5".parse().unwrap(),
        rated_kva: Capacity::kva(100),
        no_load_current: "0.01".parse().unwrap(),
        impedance: "0.04".parse().unwrap(),
        shape: Ratio::ONE,
        hours_per_day: 24,
    };
    let usage = kwh(36_000);
    let (active, reactive) = super::super::usage::transformer_loss(&loss, &usage, Share::WHOLE, 30).unwrap();
    // reactive: 1 % × 100 × 720 = 720, and 4 % × 100 × 720 × 0.25 = 720.
    assert_eq!((active, reactive), (Energy::kwh(414), Energy::kwh(1_440)));
}

#[test]
fn the_contract_minimum_is_topped_up_by_days() {
    let terms =
        SupplyTerms { minimum_payment: yuan("300.00"), ..commercial(Scheme::SinglePart, PfStandard::None) };
    let prices = flat("0.50");
    let bench = Bench::on(JUNE.1);
    let bill = |used, to, days| {
        let segment = Segment { days, usage: kwh(used), terms: &terms, prices: &prices };
        amounts(&bench.price(JUNE.0, to, &[segment], None).unwrap())
    };
    assert_eq!(bill(100, JUNE.1, 30), ["50.00", "250.00"]);
    assert_eq!(bill(600, JUNE.1, 30), ["300.00"]);
    assert_eq!(bill(100, date(2025, 6, 16), 15), ["50.00", "100.00"]);
}

#[test]
fn a_published_price_is_the_sum_of_its_lines() {
    let book = Rulebook::embedded();
    let mut compiler = Compiler::new(&book, Selector::in_jurisdictions(&["cn"]));
    let row = crate::tariff::PriceRow {
        rule: "row".to_owned(),
        category: Category::Commercial,
        scheme: Scheme::SinglePart,
        voltage: crate::registry::Voltage::Low,
        bands: bands(["", "0.941813", "0.798213", "0.475113", ""]),
        flat: price("0.798213"),
        components: crate::tariff::Components {
            system: price("0.037833"),
            funds: price("0.029115"),
            ..Default::default()
        },
        demand: Price::ZERO,
        capacity: Price::ZERO,
        day_bands: None,
    };
    let prices = compiler.from_row(&row, true);
    let PricePlan::Bands(net) = &prices.plan else { panic!("by band") };
    for (net, published) in net.iter().zip(row.bands) {
        let surcharges: Price = prices.surcharges.iter().map(|s| s.price).sum();
        assert_eq!(net.map(|net| net + prices.system + surcharges), published);
    }
    assert_eq!(compiler.from_row(&row, false).plan, PricePlan::Flat(price("0.731265")));
}

#[test]
fn a_line_tells_its_own_derivation() {
    let mut bench = Bench::on(JUNE.1);
    bench.params = bench.params.with_rounding(Item::PowerFactor, Rounding::Truncate);
    let terms = commercial(Scheme::Capacity, PfStandard::P90);
    let prices = SegmentPrices { capacity: price("24"), ..flat("0.5") };
    let usage = Usage { reactive: Energy::kwh(3_600), ..kwh(12_345) };
    let segments = [Segment { days: 19, usage, terms: &terms, prices: &prices }];
    let input = BillInput {
        from: date(2025, 2, 10),
        to: date(2025, 3, 1),
        segments: &segments,
        household: None,
        params: &bench.params,
        rules: &bench.rules,
    };
    let (mut out, mut told) = (BillDraft::new(), crate::derivation::Recorder::default());
    price_bill(&input, &mut out, &mut told).unwrap();
    let lines: Vec<_> = told.steps.iter().map(|s| format!("{} | {}", s.text.zh, s.text.en)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
