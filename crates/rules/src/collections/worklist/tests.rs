//! The order of a collector's day as a table.

use super::*;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::date;

#[test]
fn value_chance_and_deadline_multiply() {
    let site = Selector::in_jurisdictions(&["cn", "sgcc", "site"]);
    let day = date(2026, 8, 1);
    let rules = Rulebook::embedded().pick::<WorklistRules>(TOPIC, &site, day).unwrap().params;
    let plain = WorkFacts {
        value: Money::yuan(300),
        due_on: date(2026, 7, 20),
        paid_lately: false,
        has_contact: true,
        broken: 0,
        deadline_on: None,
    };
    let tomorrow = Some(date(2026, 8, 2));
    for (name, facts, value, chance, deadline) in [
        ("a home", plain, 2, 600, 1),
        ("a works", WorkFacts { value: Money::yuan(20_000), ..plain }, 8, 600, 1),
        ("who pays", WorkFacts { paid_lately: true, ..plain }, 2, 800, 1),
        ("who breaks his word", WorkFacts { broken: 2, ..plain }, 2, 300, 1),
        ("who has no telephone", WorkFacts { has_contact: false, ..plain }, 2, 400, 1),
        ("old debts", WorkFacts { due_on: date(2025, 7, 20), ..plain }, 2, 100, 1),
        ("a deadline", WorkFacts { deadline_on: tomorrow, ..plain }, 2, 600, 4),
        ("a deadline that has passed", WorkFacts { deadline_on: Some(date(2026, 7, 1)), ..plain }, 2, 600, 4),
    ] {
        let score = rules.score(&facts, day);
        assert_eq!((score.value, score.chance, score.deadline), (value, chance, deadline), "{name}");
        assert_eq!(score.score, value * chance * deadline, "{name}");
        assert!(score.why.len() >= 2, "{name}");
    }
}
