//! Facts go through JSON unchanged and give the same bill.

use super::*;
use crate::derivation::Recorder;
use crate::registry::{FixedPart, TransformerLoss, Voltage};

#[test]
fn a_home_is_a_short_line() {
    let facts = BillFacts {
        from: date(2025, 6, 1),
        to: date(2025, 7, 1),
        household: Some(year(2_400)),
        segments: vec![SegmentFacts::new(30, date(2025, 6, 1), &kwh(300), SupplyTerms::household())],
    };
    let json = serde_json::to_string(&facts).unwrap();
    assert_eq!(
        json,
        r#"{"f":"2025-06-01","t":"2025-07-01","h":{"u":"2400","m":12},"s":[{"n":30,"d":"2025-06-01","a":"300"}]}"#
    );
    assert_eq!(serde_json::from_str::<BillFacts>(&json).unwrap(), facts);
    let book = Rulebook::embedded();
    let mut compiler = Compiler::new(&book, Selector::in_jurisdictions(&["cn", "cn-sd"]));
    let (mut out, mut told) = (BillDraft::new(), Recorder::default());
    facts.price(&mut compiler, &mut out, &mut told).unwrap();
    assert_eq!(out.total, yuan("173.07"));
    assert_eq!(told.steps.len(), out.lines.len());
    assert_eq!(told.steps[0].rule.as_deref(), Some("cn-sd.household_tiers.2012"));
}

#[test]
fn terms_come_back_whole() {
    let terms = SupplyTerms {
        voltage: Voltage::Kv10,
        time_of_use: true,
        contract_demand: Demand::kw(200),
        persons: 6,
        transformer_loss: Some(TransformerLoss::Table {
            monthly_kwh: Energy::kwh(304),
            monthly_kvarh: Energy::kwh(30),
        }),
        line_loss: "0.02".parse().unwrap(),
        fixed_parts: vec![FixedPart::Ratio {
            share: "0.1".parse().unwrap(),
            category: Category::Agriculture,
        }],
        minimum_payment: yuan("300.00"),
        ..commercial(Scheme::ContractDemand, PfStandard::P85)
    };
    let facts = BillFacts {
        from: date(2025, 6, 1),
        to: date(2025, 7, 1),
        household: None,
        segments: vec![SegmentFacts::new(30, date(2025, 6, 1), &by_band([1, 2, 3, 4, 5], 6), terms)],
    };
    let json = serde_json::to_string(&facts).unwrap();
    assert_eq!(serde_json::from_str::<BillFacts>(&json).unwrap(), facts);
}
