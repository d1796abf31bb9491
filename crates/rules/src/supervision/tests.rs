//! Supervision by the table: what is a hit, what may be done next, what is drawn.

use super::training::CourseRule;
use super::*;
use crate::refusal::Refuse;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeMap;

const ON: Date = date(2026, 3, 20);

fn site() -> Selector {
    Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd"])
}

fn rule(limit: i64, least: i64) -> CheckRule {
    CheckRule { severity: Severity::Ordinary, limit, least, off: false }
}

fn share(part: i64, whole: i64) -> Share {
    Share { person: Some("S1".into()), org_id: 2, part, whole, count: part, ..Share::default() }
}

#[test]
fn every_check_of_the_book_is_sound() {
    let book = Rulebook::embedded();
    for check in Check::ALL {
        let site = site().with("check", check.word());
        let picked = book.pick::<CheckRule>(CheckRule::TOPIC, &site, ON).unwrap();
        assert!(!statement(*check, 1, picked.params.limit, 1).zh.is_empty());
    }
    for severity in Severity::ALL {
        let site = site().with("severity", severity.word());
        book.pick::<RectificationRule>(RectificationRule::TOPIC, &site, ON).unwrap();
        book.pick::<PenaltyRule>(PenaltyRule::TOPIC, &site, ON).unwrap();
    }
}

#[test]
fn shares_above_the_limit_are_hits() {
    // (part, whole, limit, least, is it one?)
    for (part, whole, limit, least, hit) in [
        (3, 100, 3, 1, false),
        (4, 100, 3, 1, true),
        (31, 1_000, 3, 1, true),
        (4, 100, 3, 5, false),
        (5, 5, 3, 5, true),
        (0, 0, 3, 0, false),
    ] {
        let hits =
            shares(Check::EstimatedShare, ("r", &rule(limit, least)), "2026-02", &[share(part, whole)]);
        assert_eq!(hits.len() == 1, hit, "{part} of {whole}, {limit} %, {least} at least");
    }
    let hits = shares(Check::EstimatedShare, ("r", &rule(3, 1)), "2026-02", &[share(31, 1_000)]);
    assert_eq!(hits[0].key, "estimated_share:2026-02:2:S1");
    assert_eq!((hits[0].measured, hits[0].limit, hits[0].count), (3, 3, 31));
}

#[test]
fn acts_above_the_limit_are_hits() {
    let act = |value| Act { key: "1:2".into(), value, count: 1, ..Act::default() };
    let hits = acts(Check::WaiverAmount, ("r", &rule(50_000, 0)), &[act(50_000), act(50_001)]);
    assert_eq!(hits.iter().map(|hit| hit.measured).collect::<Vec<_>>(), [50_001]);
    assert_eq!(hits[0].text().zh, "减免违约金500.01元,超过500.00元");
}

#[test]
fn readings_that_follow_each_other_too_fast() {
    let pace = |route: &str, second: i64, account_id| Pace {
        person: "S1".into(),
        route: route.into(),
        org_id: 2,
        day: "2026-03-05".into(),
        at_ms: second * 1_000,
        account_id,
    };
    let rows = [pace("R1", 0, 1), pace("R1", 5, 2), pace("R1", 9, 3), pace("R1", 60, 4), pace("R2", 61, 5)];
    let hits = paces(("r", &rule(10, 2)), &rows);
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert_eq!((hits[0].measured, hits[0].count, hits[0].account_id), (4, 2, 3));
    assert_eq!(hits[0].key, "reading_too_fast:2026-03-05:R1:S1");
    assert!(paces(("r", &rule(10, 3)), &rows).is_empty(), "three at least");
    assert!(paces(("r", &rule(4, 1)), &rows).is_empty(), "four seconds are enough");
}

fn facts(orders: Vec<OrderFacts>) -> FindingFacts {
    FindingFacts {
        person: Some("S1".into()),
        severity: Severity::Ordinary,
        dismissed: false,
        orders,
        parts_open: 0,
        penalised: false,
    }
}

fn order(told: bool, good: Option<bool>) -> OrderFacts {
    OrderFacts { owner: "S2".into(), due_on: ON, told_by: told.then(|| "S2".into()), good }
}

#[test]
fn what_comes_next() {
    use FindingDeed as D;
    let open = facts(vec![]);
    let ordered = facts(vec![order(false, None)]);
    let told = facts(vec![order(true, None)]);
    let again = facts(vec![order(true, Some(false)), order(false, None)]);
    let closed = facts(vec![order(true, Some(true))]);
    let parts = FindingFacts { parts_open: 1, ..told.clone() };
    let nobody = FindingFacts { person: None, ..open.clone() };
    let fined = FindingFacts { penalised: true, ..open.clone() };
    let dismissed = FindingFacts { dismissed: true, ..open.clone() };
    // (finding, its state, deed, by, code of the refusal)
    for (finding, state, deed, by, code) in [
        (&open, FindingState::Open, D::Order, "S3", None),
        (&open, FindingState::Open, D::Order, "S1", Some("finding.own_act")),
        (&open, FindingState::Open, D::Tell, "S2", Some("finding.not_now")),
        (&open, FindingState::Open, D::Dismiss, "S1", Some("finding.own_act")),
        (&open, FindingState::Open, D::Dismiss, "S3", None),
        (&ordered, FindingState::Ordered, D::Order, "S3", Some("finding.not_now")),
        (&ordered, FindingState::Ordered, D::Tell, "S4", Some("finding.not_owner")),
        (&ordered, FindingState::Ordered, D::Tell, "S2", None),
        (&told, FindingState::Told, D::Accept, "S2", Some("finding.same_person")),
        (&told, FindingState::Told, D::Accept, "S1", Some("finding.own_act")),
        (&told, FindingState::Told, D::Accept, "S3", None),
        (&told, FindingState::Told, D::Reject, "S2", Some("finding.same_person")),
        (&told, FindingState::Told, D::Dismiss, "S3", Some("finding.not_now")),
        (&parts, FindingState::Told, D::Accept, "S3", Some("finding.parts_open")),
        (&parts, FindingState::Told, D::Reject, "S3", None),
        (&again, FindingState::Ordered, D::Tell, "S2", None),
        (&closed, FindingState::Closed, D::Order, "S3", Some("finding.ended")),
        (&closed, FindingState::Closed, D::Penalise, "S3", None),
        (&nobody, FindingState::Open, D::Penalise, "S3", Some("finding.no_person")),
        (&fined, FindingState::Open, D::Penalise, "S3", Some("finding.already_penalised")),
        (&open, FindingState::Open, D::Penalise, "S1", Some("finding.own_act")),
        (&dismissed, FindingState::Dismissed, D::Penalise, "S3", Some("finding.ended")),
    ] {
        assert_eq!(finding.state(), state);
        let said = check_deed(finding, deed, by, "已处理").err().map(|refusal| refusal.code());
        assert_eq!(said, code, "{} by {by} while {}", deed.word(), state.word());
    }
    assert_eq!(check_deed(&open, D::Order, "S3", " ").unwrap_err().code(), "finding.no_words");
}

#[test]
fn who_is_told_when_a_deadline_has_passed() {
    let book = Rulebook::embedded();
    let rule = RectificationRule {
        working_days: 5,
        verify_working_days: 3,
        steps: vec![
            EscalationStep { overdue_working_days: 0, level: 1 },
            EscalationStep { overdue_working_days: 3, level: 2 },
        ],
    };
    // The deadline 2026-09-18 is a Friday, the Sunday after it is worked, and the 25th begins a holiday.
    for (on, levels) in [
        (date(2026, 9, 18), vec![]),
        (date(2026, 9, 19), vec![1]),
        (date(2026, 9, 22), vec![1]),
        (date(2026, 9, 23), vec![1, 2]),
    ] {
        let due = escalation_due(&rule, book.calendar(), date(2026, 9, 18), on).unwrap();
        assert_eq!(due.iter().map(|(level, _)| *level).collect::<Vec<_>>(), levels, "{on}");
    }
    assert!(escalation_due(&rule, book.calendar(), date(2031, 1, 1), date(2031, 3, 1)).is_err());
}

#[test]
fn points_grow_with_repetition_and_appeals_are_decided_by_another() {
    let rule = PenaltyRule {
        points: 3,
        repeat_months: 6,
        repeat_points: 2,
        points_max: 8,
        appeal_working_days: 5,
        decide_working_days: 10,
    };
    assert_eq!([0, 1, 2, 3, 9].map(|earlier| points(&rule, earlier)), [3, 5, 7, 8, 8]);
    let standing = PenaltyFacts {
        person: "S1".into(),
        points: 5,
        decided_by: "S3".into(),
        appeal_by: ON,
        state: PenaltyState::Standing,
    };
    assert_eq!(check_appeal(&standing, "S1", ON), Ok(()));
    assert_eq!(check_appeal(&standing, "S2", ON).unwrap_err().code(), "penalty.not_yours");
    assert_eq!(check_appeal(&standing, "S1", date(2026, 3, 21)).unwrap_err().code(), "penalty.too_late");
    assert_eq!(check_decision(&standing, "S4", 0).unwrap_err().code(), "penalty.not_appealed");
    let appealed = PenaltyFacts { state: PenaltyState::Appealed, ..standing };
    assert_eq!(check_appeal(&appealed, "S1", ON).unwrap_err().code(), "penalty.twice");
    for (by, left, answer) in [
        ("S4", 0, Ok(PenaltyState::Cancelled)),
        ("S4", 2, Ok(PenaltyState::Reduced)),
        ("S4", 5, Ok(PenaltyState::Upheld)),
        ("S4", 6, Err("penalty.bad_points")),
        ("S4", -1, Err("penalty.bad_points")),
        ("S3", 0, Err("penalty.same_person")),
        ("S1", 0, Err("penalty.same_person")),
    ] {
        let said = check_decision(&appealed, by, left).map_err(|refusal| refusal.code());
        assert_eq!(said, answer, "{left} by {by}");
    }
}

#[test]
fn a_certificate_is_good_until_the_day_before_its_anniversary() {
    let rule = CourseRule { pass_mark: 80, valid_months: 24, remind_days: 30 };
    assert_eq!(rule.until(date(2026, 3, 1)), date(2028, 2, 29));
    assert_eq!(rule.until(date(2026, 3, 31)), date(2028, 3, 30));
    assert_eq!([79, 80].map(|score| rule.is_passed(score)), [false, true]);
}

fn units(counts: &[usize]) -> Vec<Unit> {
    let mut units = Vec::new();
    for (org, count) in counts.iter().enumerate() {
        let org_id = i64::try_from(org).unwrap() + 1;
        for n in 0..*count {
            let account_id = i64::try_from(n).unwrap() + 1;
            units.push(Unit { org_id, account_id, about: format!("bill:{n}"), person: None });
        }
    }
    units
}

#[test]
fn the_same_seed_draws_the_same_sample() {
    let units = units(&[400, 100, 3]);
    let first = draw(7, &units, 50);
    assert_eq!(first, draw(7, &units, 50));
    let mut shuffled = units.clone();
    shuffled.reverse();
    assert_eq!(first, draw(7, &shuffled, 50), "whatever the order of the records");
    assert_ne!(first, draw(8, &units, 50));
    // Kept by the database: the place of a record must never change with the program.
    assert_eq!(draw_rank(7, &units[0]), draw_rank(7, &units[0].clone()));
    let mut counted: BTreeMap<i64, usize> = BTreeMap::new();
    for unit in &first {
        *counted.entry(unit.org_id).or_default() += 1;
    }
    assert_eq!(counted, BTreeMap::from([(1, 39), (2, 10), (3, 1)]));
}

#[test]
fn the_size_of_a_sample() {
    let rule = |percent, least, most| ChecklistRule {
        zh: "甲".into(),
        en: "A".into(),
        population: Population::Bills,
        sample_percent: percent,
        sample_least: least,
        sample_most: most,
        working_days: 5,
        items: vec![],
    };
    for (percent, least, most, whole, size) in
        [(5, 3, 50, 0, 0), (5, 3, 50, 2, 2), (5, 3, 50, 100, 5), (5, 3, 50, 101, 6), (5, 3, 50, 10_000, 50)]
    {
        assert_eq!(sample_size(&rule(percent, least, most), whole), size, "{whole}");
    }
}

proptest! {
    #[test]
    fn quotas_come_to_the_size_and_stay_in_their_strata(
        counts in proptest::collection::vec(0_usize..60, 1..8),
        size in 0_usize..200,
    ) {
        let strata: BTreeMap<i64, usize> =
            counts.iter().enumerate().map(|(org, count)| (i64::try_from(org).unwrap(), *count)).collect();
        let quotas = quotas(&strata, size);
        let whole: usize = counts.iter().sum();
        prop_assert_eq!(quotas.values().sum::<usize>(), size.min(whole));
        for (org, quota) in &quotas {
            prop_assert!(*quota <= strata[org]);
        }
        let filled = strata.values().filter(|count| **count > 0).count();
        if size >= filled {
            prop_assert!(strata.iter().all(|(org, count)| *count == 0 || quotas[org] > 0), "one of each");
        }
    }
}
