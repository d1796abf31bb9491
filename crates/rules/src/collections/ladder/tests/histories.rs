//! Random histories: steps never go back in time, running twice changes nothing, what is paid has no step due.

use super::*;
use crate::calendar::plus_days;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;

/// Something that happens to the debtor.
#[derive(Clone, Debug)]
enum Deed {
    Pay(usize),
    TakeBack(usize),
    Owe,
    Hold { bill_no: i64, days: Option<i64> },
    Release,
    Serve(usize),
    Fail(usize),
    Propose,
    Close,
    Visit,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (0_usize..4).prop_map(Deed::Pay),
        2 => (0_usize..4).prop_map(Deed::TakeBack),
        3 => Just(Deed::Owe),
        2 => (0_i64..4, prop::option::of(1_i64..20)).prop_map(|(bill_no, days)| Deed::Hold { bill_no, days }),
        2 => Just(Deed::Release),
        3 => (0_usize..9).prop_map(Deed::Serve),
        1 => (0_usize..9).prop_map(Deed::Fail),
        2 => Just(Deed::Propose),
        2 => Just(Deed::Close),
        2 => Just(Deed::Visit),
    ]
}

fn play(debtor: &mut Debtor, paid: &mut Vec<OpenDebt>, deed: &Deed, on: Date) {
    match deed {
        Deed::Pay(n) if *n < debtor.debts.len() => paid.push(debtor.debts.remove(*n)),
        Deed::TakeBack(n) if *n < paid.len() => {
            debtor.debts.push(paid.remove(*n));
            debtor.debts.sort_by_key(|debt| (debt.due_on, debt.bill_no));
        }
        Deed::Owe => {
            let bill_no = (debtor.debts.len() + paid.len()) as i64 + 1;
            debtor.owes(bill_no, &plus_days(on, 7).to_string());
        }
        Deed::Hold { bill_no, days } => debtor.holds.push(HoldFact {
            hold_no: debtor.holds.len() as i64 + 1,
            kind: HoldKind::Dispute,
            bill_no: *bill_no,
            from_on: on,
            until_on: days.map(|days| plus_days(on, days)),
        }),
        Deed::Release => {
            if let Some(hold) =
                debtor.holds.iter_mut().find(|hold| hold.until_on.is_none_or(|until| until >= on))
            {
                hold.until_on = Some(plus_days(on, -1));
            }
        }
        Deed::Serve(n) | Deed::Fail(n) => {
            if let Some(notice) = debtor.notices.get_mut(*n).filter(|n| n.arrival == Arrival::Open) {
                notice.arrival =
                    if matches!(deed, Deed::Serve(_)) { Arrival::Served(on) } else { Arrival::Failed };
            }
        }
        Deed::Propose => {
            let live = debtor.cases.iter().any(|case| case.closed_on.is_none());
            let due = debtor.steps.iter().find(|s| s.kind == StepKind::StopPlan && s.state == StepState::Due);
            if let (false, Some(step)) = (live, due) {
                let case = CaseFact { bill_no: step.bill_no, proposed_on: on, closed_on: None };
                debtor.cases.push(case);
            }
        }
        Deed::Close => {
            if let Some(case) = debtor.cases.iter_mut().find(|case| case.closed_on.is_none()) {
                case.closed_on = Some(on);
            }
        }
        Deed::Visit => {
            for step in &mut debtor.steps {
                let task =
                    debtor.ladder.params.steps.iter().any(|r| r.kind == step.kind && r.act == Act::Task);
                if task && step.state == StepState::Due {
                    (step.state, step.done_on) = (StepState::Done, Some(on));
                }
            }
        }
        _ => {}
    }
}

fn check(debtor: &Debtor, before: &[Step], on: Date) {
    let again = debtor.climb(on, &mut Silent);
    assert!(
        again.changes.is_empty(),
        "{on}: run again it changes {:#?} of {:#?}",
        again.changes,
        debtor.steps
    );
    assert_eq!(again.next_on, debtor.next_on, "{on}: {:#?}", debtor.steps);
    assert!(again.next_on.is_none_or(|next| next > on));
    for step in &debtor.steps {
        let open = debtor.debts.iter().find(|debt| debt.bill_no == step.bill_no);
        let live = matches!(step.state, StepState::Due | StepState::Held);
        assert!(!live || open.is_some(), "{on}: paid and still due: {step:?}");
        assert!(step.due_on <= on, "{on}: in the future: {step:?}");
        if step.kind == StepKind::StopPlan && step.state == StepState::Due {
            let debt = open.unwrap();
            assert!(
                crate::calendar::days_between(debt.due_on, step.due_on) > 30,
                "{on}: too early: {step:?}"
            );
            let demanded = debtor.steps.iter().any(|s| {
                s.bill_no == step.bill_no && s.kind == StepKind::Demand && s.state == StepState::Done
            });
            assert!(demanded, "{on}: no demand arrived: {:#?}", debtor.steps);
            assert!(!debtor.holds.iter().any(|h| h.covers(step.bill_no, on)), "{on}: held: {step:?}");
        }
    }
    let planned =
        debtor.steps.iter().filter(|s| s.kind == StepKind::StopPlan && s.state == StepState::Due).count();
    assert!(planned <= 1, "{on}: two plans");
    for old in before {
        let key = |s: &Step| (s.bill_no, s.kind, s.round);
        let now = debtor.steps.iter().find(|step| key(step) == key(old)).expect("no step vanishes");
        assert!(now.due_on >= old.due_on, "{on}: went back in time: {old:?} {now:?}");
        if old.state == StepState::Done {
            assert_eq!(now, old, "{on}: what was made stays so");
        }
    }
    // Rounds follow one another in time.
    for pair in debtor.steps.windows(2).filter(|p| (p[0].bill_no, p[0].kind) == (p[1].bill_no, p[1].kind)) {
        assert!(pair[0].due_on <= pair[1].due_on, "{on}: {pair:?}");
    }
}

/// Lives a history; gives what stands at its end, and how many days were looked at.
fn history(
    class: usize,
    arrives: &[Option<i64>],
    deeds: &[(i64, Deed)],
    every_day: bool,
) -> (Vec<Step>, u64) {
    let classes = ["household", "commercial", "agriculture"];
    let mut asked = selector(classes[class % 3]);
    if class == 3 {
        asked = asked.with("protected", "true");
    }
    let mut debtor = Debtor::new(Ladder::on(&BOOK, &asked, date(2026, 3, 1)).unwrap(), "2026-03-10");
    debtor.arrives = arrives.to_vec();
    let mut paid = Vec::new();
    let mut on = date(2026, 3, 3);
    let mut looks = 0;
    for (days, deed) in deeds {
        for n in 0..*days {
            let looked_at = every_day || n == 0 || debtor.next_on.is_some_and(|next| next <= on);
            if looked_at {
                let before = debtor.steps.clone();
                debtor.live(on);
                check(&debtor, &before, on);
                looks += 1;
            }
            on = plus_days(on, 1);
        }
        play(&mut debtor, &mut paid, deed, on);
    }
    (debtor.steps, looks)
}

fn deeds() -> impl Strategy<Value = Vec<(i64, Deed)>> {
    prop::collection::vec((1_i64..20, deed()), 1..14)
}

/// Histories of a test, of some seven deeds and seventy days each.
const CASES: u32 = 3_000;

/// Plays the histories of a seed; `play` gives how many days were looked at.
fn played<T: std::fmt::Debug>(
    seed: u8,
    histories: &impl Strategy<Value = (T, Vec<(i64, Deed)>)>,
    play: impl Fn(&T, &[(i64, Deed)]) -> u64,
) {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let (days, acts) = (Cell::new(0), Cell::new(0));
    let ended = TestRunner::new_with_rng(config, rng).run(histories, |(given, deeds)| {
        days.set(days.get() + play(&given, &deeds));
        acts.set(acts.get() + deeds.len());
        Ok(())
    });
    if let Err(found) = ended {
        panic!("seed {seed}: {found}");
    }
    eprintln!("seed {seed}: {CASES} histories, {} random deeds, {} days", acts.get(), days.get());
    assert!(acts.get() >= 6 * CASES as usize, "{} deeds", acts.get());
}

fn steps_never_go_back(seed: u8) {
    let arrives = prop::collection::vec(prop::option::of(1_i64..12), 200);
    played(seed, &((0_usize..4, arrives), deeds()), |(class, arrives), deeds| {
        history(*class, arrives, deeds, true).1
    });
}

#[test]
fn steps_never_go_back_in_time() {
    steps_never_go_back(1);
}

#[test]
fn steps_never_go_back_in_time_in_other_histories() {
    steps_never_go_back(2);
}

/// Nothing is missed by looking only on the days that the ladder itself names, and when something happens.
#[test]
fn the_next_day_is_the_next_day_on_which_time_changes_something() {
    played(3, &(0_usize..3, deeds()), |class, deeds| {
        let arrives = [None; 200];
        let (seldom, looks) = history(*class, &arrives, deeds, false);
        let (daily, days) = history(*class, &arrives, deeds, true);
        assert_eq!(seldom, daily);
        looks + days
    });
}
