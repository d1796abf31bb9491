//! A warrant exists only where every gate holds, and allows one operation.

use super::*;
use crate::refusal::Refuse as _;
use proptest::prelude::*;

fn law_of(moment: &str) -> CutLaw<'static> {
    law(at(moment).date())
}

fn code<T>(result: Result<T, CutRefused>) -> &'static str {
    result.map_or_else(|refused| refused.code(), |_| "ok")
}

#[test]
fn a_warrant_is_made_before_the_call_and_used_after_it() {
    let quiet = with(|f| f.calls.clear());
    let law = law_of(MOMENT);
    let made = Warrant::issue(&quiet, &law, 1, at("2026-09-08T09:00")).unwrap();
    assert_eq!(made.findings().len(), 11);
    assert_eq!(made.kept().expires_at, at("2026-09-08T15:59:59"));
    assert_eq!(code(made.consume(&quiet, &law, at(MOMENT))), "cuts.gate_failed");
    let made = Warrant::issue(&quiet, &law, 2, at("2026-09-08T09:00")).unwrap();
    let order = made.consume(&lawful(), &law, at(MOMENT)).unwrap();
    assert_eq!((order.findings().len(), order.bills(), order.warrant_no()), (12, [3].as_slice(), 2));
}

#[test]
fn what_was_kept_is_good_only_while_nothing_has_changed() {
    let law = law_of(MOMENT);
    let made = at("2026-09-08T09:00");
    let kept = Warrant::issue(&lawful(), &law, 1, made).unwrap().kept();
    let taken = |facts: &CutFacts, moment: &str| code(Warrant::taken_up(&kept, facts, &law, at(moment)));
    assert_eq!(taken(&lawful(), MOMENT), "ok");
    assert_eq!(taken(&lawful(), "2026-09-08T08:59"), "cuts.warrant_not_yet");
    assert_eq!(taken(&lawful(), "2026-09-08T16:00"), "cuts.warrant_expired");
    assert_eq!(taken(&lawful(), "2026-09-09T10:30"), "cuts.warrant_expired");
    assert_eq!(taken(&with(|f| f.entry_no = 8), MOMENT), "cuts.books_moved");
    assert_eq!(taken(&with(|f| f.case_no = 2), MOMENT), "cuts.other_case");
    assert_eq!(taken(&with(|f| f.debts[0].open = Money::ZERO), MOMENT), "cuts.gate_failed");
}

#[test]
fn a_payment_between_warrant_and_operation_wins() {
    let law = law_of(MOMENT);
    let warrant = || Warrant::issue(&lawful(), &law, 1, at("2026-09-08T09:00")).unwrap();
    let paid = with(|f| {
        f.entry_no = 8;
        f.debts[0].open = Money::ZERO;
    });
    assert_eq!(code(warrant().consume(&paid, &law, at(MOMENT))), "cuts.books_moved");
    // A part of it too: the books have moved.
    let part = with(|f| {
        f.entry_no = 8;
        f.debts[0].open = Money::yuan(1);
    });
    assert_eq!(code(warrant().consume(&part, &law, at(MOMENT))), "cuts.books_moved");
}

#[test]
fn an_unpublished_calendar_year_gives_no_warrant() {
    let moment = "2026-12-31T10:00";
    let law = law_of(moment);
    assert_eq!(code(Warrant::issue(&lawful(), &law, 1, at(moment))), "cuts.calendar_missing");
}

type Break = (&'static str, fn(&mut CutFacts));

/// One change of the facts that no cut survives.
fn breaking() -> impl Strategy<Value = Break> {
    let breaks: Vec<Break> = vec![
        ("G01", |f| f.debts[0].due_on = date(2026, 8, 30)),
        ("G02", |f| f.debts[0].demands.clear()),
        ("G03", |f| f.approval = None),
        ("G04", |f| f.notice = None),
        ("G05", |f| {
            f.declared.push(Declared {
                kind: "disaster".to_owned(),
                reason: String::new(),
                from_on: date(2026, 9, 1),
                until_on: date(2026, 9, 30),
            });
        }),
        ("G06", |f| {
            f.holds.push(CutHold {
                kind: "dispute".to_owned(),
                bill_no: 0,
                from_on: date(2026, 9, 1),
                until_on: date(2026, 9, 30),
            });
        }),
        ("G07", |f| f.importance = Importance::Special),
        ("G08", |f| f.protection = Some(Protection::Hospital)),
        ("G09", |f| f.estate.of_company = true),
        ("G10", |f| f.credit = Money::yuan(1_000)),
        ("G12", |f| f.feeds_others = true),
    ];
    prop::sample::select(breaks)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_warrant_with_a_failing_gate(changes in prop::collection::vec(breaking(), 0..4), minute in 0_i64..960) {
        let moment = at("2026-09-08T07:00").checked_add(jiff::Span::new().minutes(minute)).unwrap();
        let mut facts = lawful();
        for (_, change) in &changes {
            change(&mut facts);
        }
        let law = law(moment.date());
        let findings = all_gates(&facts, &law, moment).unwrap();
        let fails = |stage| gates_of(stage).iter().any(|gate| findings.iter().any(|f| f.gate == *gate && !f.holds));
        let warrant = Warrant::issue(&facts, &law, 1, moment);
        prop_assert_eq!(warrant.is_err(), fails(Stage::Warrant));
        for (gate, _) in &changes {
            prop_assert!(findings.iter().any(|f| f.gate.word() == *gate && !f.holds), "{}", gate);
        }
        if let Ok(warrant) = warrant {
            prop_assert_eq!(warrant.consume(&facts, &law, moment).is_err(), fails(Stage::Operation));
        }
    }
}
