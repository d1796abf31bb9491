use super::verdicts::history;
use super::*;
use crate::calendar::Month;
use crate::derivation::{Recorder, Silent};
use crate::registry::{Category, PfStandard, Scheme};
use crate::units::{Capacity, Money};

fn bill_rules() -> VerificationRules {
    let here = Selector::in_jurisdictions(&["cn", "sgcc"]);
    VerificationRules::load(&Rulebook::embedded(), &here, date(2026, 8, 1)).unwrap()
}

fn shop(kwh: i64) -> BillFacts {
    BillFacts {
        month: Month::new(2026, 8).unwrap(),
        days: 31,
        class: CheckClass::LowVoltage,
        category: Category::Commercial,
        category_of_trade: None,
        scheme: Scheme::SinglePart,
        capacity: Capacity::ZERO,
        contract_demand: Demand::ZERO,
        pf_standard: PfStandard::None,
        energy: Energy::kwh(kwh),
        reactive: Energy::ZERO,
        demand: Demand::ZERO,
        band_gap: Energy::ZERO,
        multiplier: Ratio::ONE,
        rolled_over: false,
        amount: Money::yuan(100),
        first_bill: false,
        work_order: false,
        price_changed: false,
        manual: false,
        estimated: false,
    }
}

fn home(kwh: i64) -> BillFacts {
    BillFacts { class: CheckClass::Residential, category: Category::Household, ..shop(kwh) }
}

fn check(cases: &[(&str, BillFacts, History, &str)]) {
    for (what, facts, history, expect) in cases {
        let found = verify_bill(facts, history, &bill_rules(), &mut Silent);
        let shown = if found.hits.is_empty() {
            String::new()
        } else {
            format!("{} {}", found.hits.codes(), found.hold.word())
        };
        assert_eq!(shown, *expect, "{what}");
    }
}

#[test]
fn quantities() {
    let none = history(&[]);
    let h400 = history(&[("2026-07", 400, false)]);
    let h4000 = history(&[("2026-07", 4_000, false)]);
    let season = history(&[("2026-07", 400, false), ("2025-08", 900, false)]);
    let zeros = history(&[("2026-07", 0, false), ("2026-06", 0, false)]);
    check(&[
        ("Q01 home at +50 %", home(600), h400, ""),
        ("Q01 home beyond", home(601), h400, "Q01 release"),
        ("Q01 home at −50 %", home(200), h400, ""),
        ("Q01 home −200 kWh and less than half", home(199), h400, "Q01 release"),
        ("Q01 home doubles, but by 100 kWh", home(200), history(&[("2026-07", 100, false)]), ""),
        ("Q01 last year was the same", home(901), season, ""),
        ("Q01 shop at +30 %", shop(5_200), h4000, ""),
        ("Q01 shop beyond", shop(5_201), h4000, "Q01 release"),
        ("Q01 new account", shop(99_999), none, ""),
        ("Q02 first zero", home(0), none, "Q02 nothing"),
        ("Q02 third zero", home(0), zeros, "Q02 release"),
        ("Q02 1 kWh", home(1), zeros, ""),
        ("Q03 negative", home(-1), none, "Q03 billing"),
        ("Q03 rollover", BillFacts { rolled_over: true, ..home(9) }, none, "Q03 release"),
        ("Q04 1 kWh", BillFacts { band_gap: Energy::kwh(1), ..home(9) }, none, ""),
        ("Q04 beyond 1 kWh", BillFacts { band_gap: Energy::kwh(2), ..home(9) }, none, "Q04 release"),
    ]);
}

#[test]
fn capacity_demand_and_power_factor() {
    let none = history(&[]);
    let pf = |active, kvarh| BillFacts {
        pf_standard: PfStandard::P90,
        reactive: Energy::kwh(kvarh),
        ..shop(active)
    };
    let kva = |kva, scheme| BillFacts { capacity: Capacity::kva(kva), scheme, ..shop(100) };
    let demand = |contract, actual| BillFacts {
        scheme: Scheme::ContractDemand,
        capacity: Capacity::kva(1_000),
        contract_demand: Demand::kw(contract),
        demand: Demand::kw(actual),
        ..shop(100)
    };
    let trade = |trade| BillFacts { category_of_trade: Some(trade), ..shop(100) };
    check(&[
        ("Q05 W-38", pf(5_115, 3_090), none, ""),
        ("Q05 0.316", pf(1_000, 3_000), none, ""),
        ("Q05 3 × active", pf(1_000, 3_001), none, "Q05 release"),
        ("Q05 below 0.3", pf(1_000, 3_200), none, "Q05 release"),
        ("Q05 missing where due", pf(1_000, 0), none, "Q05 release"),
        ("Q05 missing where not due", shop(1_000), none, ""),
        ("Q06 315 kVA single-part", kva(315, Scheme::SinglePart), none, ""),
        ("Q06 above", kva(316, Scheme::SinglePart), none, "Q06 release"),
        ("Q06 100 kVA two-part", kva(100, Scheme::Capacity), none, ""),
        ("Q06 below", kva(99, Scheme::Capacity), none, "Q06 release"),
        ("Q06 trade fits", trade(Category::Commercial), none, ""),
        ("Q06 trade does not fit", trade(Category::Agriculture), none, "Q06 release"),
        ("Q07 at 105 %", demand(100, 105), none, ""),
        ("Q07 beyond", demand(100, 106), none, "Q07 release"),
        ("Q07 none where energy was used", demand(100, 0), none, "Q07 release"),
        ("Q08 full capacity", BillFacts { capacity: Capacity::kva(1), ..shop(744) }, none, ""),
        ("Q08 beyond", BillFacts { capacity: Capacity::kva(1), ..shop(745) }, none, "Q08 release"),
        ("Q08 load factor 1", BillFacts { demand: Demand::kw(1), ..shop(744) }, none, ""),
        ("Q08 load factor beyond 1", BillFacts { demand: Demand::kw(1), ..shop(745) }, none, "Q08 release"),
    ]);
}

#[test]
fn facts_of_the_bill() {
    let none = history(&[]);
    let estimated = history(&[("2026-07", 50, true)]);
    let ok = home(50);
    check(&[
        ("nothing", ok, none, ""),
        ("Q09", BillFacts { work_order: true, ..ok }, none, "Q09 release"),
        ("Q10", BillFacts { price_changed: true, ..ok }, none, "Q10 nothing"),
        ("Q11 below", BillFacts { amount: Money(499_999), ..ok }, none, ""),
        ("Q11 at the threshold", BillFacts { amount: Money(500_000), ..ok }, none, "Q11 release"),
        ("Q11 a shop's own threshold", BillFacts { amount: Money(500_000), ..shop(50) }, none, ""),
        ("Q11 first bill", BillFacts { first_bill: true, ..ok }, none, "Q11 nothing"),
        ("Q12", BillFacts { manual: true, ..ok }, none, "Q12 release"),
        ("Q13 first estimate", BillFacts { estimated: true, ..ok }, none, ""),
        ("Q13 second estimate", BillFacts { estimated: true, ..ok }, estimated, "Q13 release"),
        ("Q13 real after an estimate", ok, estimated, ""),
        (
            "several, strictest hold",
            BillFacts { manual: true, price_changed: true, ..ok },
            none,
            "Q10,Q12 release",
        ),
    ]);
    let mut told = Recorder::default();
    let _ = verify_bill(&BillFacts { manual: true, ..ok }, &none, &bill_rules(), &mut told);
    assert_eq!(told.steps[0].rule.as_deref(), Some("sgcc.verification.q12"));
}
