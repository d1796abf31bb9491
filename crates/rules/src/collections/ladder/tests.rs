//! Boundary days of the ladder as tables, and what never happens whatever the history.

use super::*;
use crate::collections::hold::{HoldFact, HoldKind};
use crate::derivation::{Recorder, Silent};
use crate::notices::NoticeKind;
use crate::rulebook::{Rulebook, Selector};
use crate::units::Money;
use jiff::civil::{Date, date};
use std::sync::LazyLock;

mod histories;
mod variants;

static BOOK: LazyLock<Rulebook> = LazyLock::new(Rulebook::embedded);

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn selector(class: &str) -> Selector {
    let selector = Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd", "site"]).with("class", class);
    selector.with("large", "false").with("protected", "false").with("importance", "ordinary")
}

fn paper() -> Ladder {
    Ladder::on(&BOOK, &selector("household"), date(2026, 7, 1)).unwrap()
}

/// A debtor on one clock: what the ladder asks for is done, and notices arrive after some days or never.
struct Debtor {
    ladder: Ladder,
    debts: Vec<OpenDebt>,
    steps: Vec<Step>,
    notices: Vec<NoticeFact>,
    holds: Vec<HoldFact>,
    cases: Vec<CaseFact>,
    /// Days to the arrival of each notice; none never arrives.
    arrives: Vec<Option<i64>>,
    next_on: Option<Date>,
}

impl Debtor {
    /// One bill of 100 yuan, released a week before its last payment day.
    fn new(ladder: Ladder, due_on: &str) -> Self {
        let mut debtor = Self {
            ladder,
            debts: Vec::new(),
            steps: Vec::new(),
            notices: Vec::new(),
            holds: Vec::new(),
            cases: Vec::new(),
            arrives: Vec::new(),
            next_on: None,
        };
        debtor.owes(1, due_on);
        debtor
    }

    fn owes(&mut self, bill_no: i64, due_on: &str) {
        let due_on = day(due_on);
        let released_on = crate::calendar::plus_days(due_on, -7);
        self.debts.push(OpenDebt { bill_no, released_on, due_on, open: Money::yuan(1_000) });
        self.debts.sort_by_key(|debt| (debt.due_on, debt.bill_no));
    }

    fn climb(&self, on: Date, sink: &mut impl crate::derivation::Sink) -> Climb {
        let facts = LadderFacts {
            debts: &self.debts,
            steps: &self.steps,
            notices: &self.notices,
            holds: &self.holds,
            cases: &self.cases,
        };
        ladder(&facts, &self.ladder, BOOK.calendar(), on, sink).unwrap()
    }

    /// Lives a day: its changes are made, what is asked is done. Gives what was asked for.
    fn live(&mut self, on: Date) -> Vec<(StepKind, i64)> {
        let climb = self.climb(on, &mut Silent);
        self.next_on = climb.next_on;
        let mut asked = Vec::new();
        for StepChange { mut step, ask } in climb.changes {
            if ask.is_some() {
                asked.push((step.kind, step.bill_no));
            }
            if ask == Some(Act::Notice) {
                step.notice_no = Some(self.ask(&step, on));
            }
            let key = |s: &Step| (s.bill_no, s.kind, s.round);
            match self.steps.iter_mut().find(|there| key(there) == key(&step)) {
                Some(there) => *there = step,
                None => self.steps.push(step),
            }
            self.steps.sort_by_key(key);
        }
        asked
    }

    fn ask(&mut self, step: &Step, on: Date) -> i64 {
        let notice_no = self.notices.len() as i64 + 1;
        let arrives = self.arrives.get(self.notices.len()).copied().unwrap_or(Some(0));
        let arrival =
            arrives.map_or(Arrival::Open, |days| Arrival::Served(crate::calendar::plus_days(on, days)));
        self.notices.push(NoticeFact {
            notice_no,
            kind: NoticeKind::Demand,
            bill_no: step.bill_no,
            due_by: crate::calendar::plus_days(on, 60),
            deadline_on: Some(crate::calendar::plus_days(on, 7)),
            arrival,
        });
        notice_no
    }

    /// Lives through days, both inclusive; gives the days on which something was asked for.
    fn through(&mut self, from: &str, to: &str) -> Vec<(Date, StepKind)> {
        let (mut on, to) = (day(from), day(to));
        let mut asked = Vec::new();
        while on <= to {
            asked.extend(self.live(on).into_iter().map(|(kind, _)| (on, kind)));
            on = crate::calendar::plus_days(on, 1);
        }
        asked
    }

    fn state(&self, bill_no: i64, kind: StepKind) -> Option<StepState> {
        let of = |step: &&Step| step.bill_no == bill_no && step.kind == kind;
        self.steps.iter().filter(of).max_by_key(|step| step.round).map(|step| step.state)
    }

    fn told(&self, on: &str) -> Vec<String> {
        let mut recorder = Recorder::default();
        self.climb(day(on), &mut recorder);
        recorder.steps.into_iter().map(|step| format!("{} {}", step.code, step.text.en)).collect()
    }
}

#[test]
fn the_paper_day_by_day() {
    // Last payment day 2026-07-20: released on the 13th, the 8th day after is the 21st.
    let mut debtor = Debtor::new(paper(), "2026-07-20");
    assert!(debtor.through("2026-07-13", "2026-07-20").is_empty());
    assert!(debtor.steps.is_empty(), "day 7 is no arrears");
    assert_eq!(debtor.next_on, Some(date(2026, 7, 21)));
    assert!(debtor.live(date(2026, 7, 21)).is_empty());
    assert_eq!(debtor.state(1, StepKind::Arrears), Some(StepState::Done), "day 8 is");
    assert_eq!(debtor.live(date(2026, 7, 22)), [(StepKind::Demand, 1)]);
    assert_eq!(debtor.next_on, Some(date(2026, 7, 30)), "the demand has 5 working days to arrive");
    // D+30 is no procedural day, D+31 is.
    assert!(debtor.through("2026-07-23", "2026-08-19").is_empty());
    assert_eq!(debtor.state(1, StepKind::Demand), Some(StepState::Done));
    assert_eq!(debtor.next_on, Some(date(2026, 8, 20)));
    assert_eq!(debtor.live(date(2026, 8, 20)), [(StepKind::StopPlan, 1)]);
    assert_eq!(debtor.steps.iter().find(|s| s.kind == StepKind::StopPlan).unwrap().due_on, date(2026, 8, 20));
    assert_eq!(debtor.ladder.rules_of(debtor.steps.last().unwrap()), "sgcc.ladder,cn.disconnection_overdue");
}

#[test]
fn the_first_lawful_day_follows_on_arrival_and_deadline() {
    // (days to arrival, first day of the stop plan); last payment day 2026-07-20, demand 2026-07-22.
    for (arrives, stop) in
        [(0, "2026-08-20"), (8, "2026-08-20"), (28, "2026-08-20"), (29, "2026-08-21"), (40, "2026-09-01")]
    {
        let mut ladder = paper();
        for step in &mut ladder.params.steps {
            // This demand is waited for as long as it takes.
            step.within = None;
        }
        let mut debtor = Debtor::new(ladder, "2026-07-20");
        debtor.arrives = vec![Some(arrives)];
        let asked = debtor.through("2026-07-21", "2026-10-20");
        let stops: Vec<_> =
            asked.iter().filter(|(_, kind)| *kind == StepKind::StopPlan).map(|(on, _)| *on).collect();
        assert_eq!(stops, [day(stop)], "arrives after {arrives}");
    }
}

#[test]
fn a_demand_that_does_not_arrive_is_repeated_and_the_days_wait() {
    let mut debtor = Debtor::new(paper(), "2026-07-20");
    debtor.arrives = vec![None, None, Some(2)];
    let asked = debtor.through("2026-07-21", "2026-09-30");
    let days: Vec<_> = asked.iter().map(|(on, kind)| format!("{on} {}", kind.word())).collect();
    // Asked on the 22nd; five working days are the 29th; rounds on the 30th and on 2026-08-07. It arrives on the 9th, its deadline is the 14th.
    assert_eq!(days, ["2026-07-22 demand", "2026-07-30 demand", "2026-08-07 demand", "2026-08-20 stop_plan"]);
    let rounds: Vec<_> =
        debtor.steps.iter().filter(|s| s.kind == StepKind::Demand).map(|s| s.state).collect();
    assert_eq!(rounds, [StepState::Failed, StepState::Failed, StepState::Done]);
}

#[test]
fn without_a_demand_that_arrived_there_is_no_stop_plan_and_it_is_told_why() {
    let mut debtor = Debtor::new(paper(), "2026-07-20");
    debtor.arrives = vec![None, None, None];
    let asked = debtor.through("2026-07-21", "2026-12-20");
    assert_eq!(asked.len(), 3, "{asked:?}");
    let told = debtor.told("2026-12-20");
    assert!(told.iter().any(|line| line.starts_with("ladder_exhausted")), "{told:?}");
    assert!(
        told.iter().any(|line| line == "ladder_waits bill 1: stop plan waits for the day of: demand"),
        "{told:?}"
    );
    // A person serves it after all: the ladder goes on the next day.
    debtor.notices[2].arrival = Arrival::Served(date(2026, 12, 20));
    assert!(debtor.live(date(2026, 12, 20)).is_empty());
    assert_eq!(debtor.next_on, Some(date(2026, 12, 21)));
    assert_eq!(debtor.live(date(2026, 12, 21)), [(StepKind::StopPlan, 1)]);
}

#[test]
fn working_days_pass_a_long_holiday() {
    // Demands asked for around the Spring Festival and the National Day of 2026 have five working days to arrive.
    for (due, asked, repeated) in [
        ("2026-02-10", "2026-02-12", "2026-02-27"),
        ("2026-09-28", "2026-09-30", "2026-10-14"),
        ("2026-04-29", "2026-05-01", "2026-05-12"),
        ("2026-07-20", "2026-07-22", "2026-07-30"),
    ] {
        let mut debtor = Debtor::new(paper(), due);
        debtor.arrives = vec![None];
        let days = debtor.through(due, repeated);
        assert_eq!(
            days.iter().map(|(on, _)| on.to_string()).collect::<Vec<_>>(),
            [asked, repeated],
            "last payment day {due}"
        );
    }
}

#[test]
fn counting_is_what_the_data_say() {
    let calendar = BOOK.calendar();
    let count =
        |days, unit, exclude_start, roll| Count { from: Event::This, days, unit, exclude_start, roll };
    use DayUnit::{Natural, Working};
    for (start, count, on) in [
        ("2026-09-30", count(7, Natural, true, false), "2026-10-07"),
        ("2026-09-30", count(7, Natural, false, false), "2026-10-06"),
        ("2026-09-30", count(7, Natural, true, true), "2026-10-08"),
        ("2026-09-30", count(3, Working, true, false), "2026-10-10"),
        ("2026-09-30", count(3, Working, false, false), "2026-10-09"),
        ("2026-02-13", count(3, Working, true, false), "2026-02-25"),
        ("2026-10-05", count(0, Natural, true, true), "2026-10-08"),
        ("2026-10-05", count(-2, Natural, true, false), "2026-10-03"),
    ] {
        assert_eq!(count.day(day(start), calendar), Ok(day(on)), "{start} {count:?}");
    }
    let missing = count(3, Working, true, false).day(date(2030, 1, 1), calendar);
    assert_eq!(missing, Err(crate::calendar::YearNotCovered { year: 2030 }));
}

#[test]
fn what_is_paid_needs_no_step_and_what_is_opened_again_climbs_from_what_is_proved() {
    let mut debtor = Debtor::new(paper(), "2026-07-20");
    debtor.through("2026-07-21", "2026-08-20");
    let debt = debtor.debts.remove(0);
    debtor.live(date(2026, 8, 21));
    assert_eq!(debtor.state(1, StepKind::StopPlan), Some(StepState::Withdrawn));
    assert_eq!(debtor.state(1, StepKind::Demand), Some(StepState::Done), "it arrived, and stays so");
    assert_eq!(debtor.next_on, None);
    // The payment is taken back: no second demand, the plan again at once and not before.
    debtor.debts.push(debt);
    assert_eq!(debtor.live(date(2026, 9, 1)), [(StepKind::StopPlan, 1)]);
    let plan = debtor.steps.iter().rfind(|step| step.kind == StepKind::StopPlan).unwrap();
    assert_eq!((plan.round, plan.due_on >= date(2026, 8, 21)), (2, true));
}

#[test]
fn the_oldest_debt_hands_over_and_one_at_a_time() {
    let mut debtor = Debtor::new(paper(), "2026-06-20");
    debtor.owes(2, "2026-07-20");
    debtor.through("2026-06-21", "2026-08-25");
    assert_eq!(debtor.state(1, StepKind::StopPlan), Some(StepState::Due));
    assert_eq!(debtor.state(2, StepKind::StopPlan), None);
    // Disconnection takes it up; when its case has ended the debts that are left get the next.
    debtor.cases.push(CaseFact { bill_no: 1, proposed_on: date(2026, 8, 25), closed_on: None });
    debtor.live(date(2026, 8, 26));
    assert_eq!(debtor.state(1, StepKind::StopPlan), Some(StepState::Done));
    debtor.debts.retain(|debt| debt.bill_no == 2);
    debtor.cases[0].closed_on = Some(date(2026, 8, 28));
    assert!(debtor.live(date(2026, 8, 28)).is_empty());
    assert_eq!(debtor.live(date(2026, 8, 29)), [(StepKind::StopPlan, 2)]);
}

#[test]
fn a_held_step_says_why_and_is_taken_when_the_hold_ends() {
    let hold = |bill_no, from: &str, until: Option<&str>| HoldFact {
        hold_no: 1,
        kind: HoldKind::Dispute,
        bill_no,
        from_on: day(from),
        until_on: until.map(day),
    };
    // (hold, first day of the demand): taken on the day after the hold; a hold that is over before changes nothing.
    for (hold, demand) in [
        (hold(0, "2026-07-20", Some("2026-08-05")), "2026-08-06"),
        (hold(1, "2026-07-22", Some("2026-07-22")), "2026-07-23"),
        (hold(1, "2026-07-01", Some("2026-07-21")), "2026-07-22"),
        (hold(2, "2026-07-01", Some("2026-08-21")), "2026-07-22"),
    ] {
        let mut debtor = Debtor::new(paper(), "2026-07-20");
        debtor.holds.push(hold);
        let asked = debtor.through("2026-07-21", "2026-08-31");
        assert_eq!(asked[0], (day(demand), StepKind::Demand), "{hold:?}");
        // The statutory days went on all the while.
        assert_eq!(asked[1], (date(2026, 8, 20), StepKind::StopPlan), "{hold:?}");
    }
    let mut debtor = Debtor::new(paper(), "2026-07-20");
    debtor.holds.push(hold(1, "2026-07-21", None));
    debtor.through("2026-07-21", "2026-07-25");
    let held = debtor.steps.iter().find(|step| step.kind == StepKind::Demand).unwrap();
    assert_eq!((held.state, held.why.as_deref()), (StepState::Held, Some("hold:dispute:1")));
    assert_eq!(debtor.next_on, None, "only a release can change something");
    let told = debtor.told("2026-07-25");
    assert!(
        told.contains(&"ladder_held bill 1: demand is held since 2026-07-21 for dispute".to_owned()),
        "{told:?}"
    );
}

#[test]
fn days_under_a_hold_do_not_count_where_the_data_say_so() {
    let mut ladder = paper();
    ladder.params.hold.time_counts = false;
    let mut debtor = Debtor::new(ladder, "2026-07-20");
    // Ten days from the 25th, after the demand has arrived.
    debtor.holds.push(HoldFact {
        hold_no: 1,
        kind: HoldKind::Complaint,
        bill_no: 0,
        from_on: date(2026, 7, 25),
        until_on: Some(date(2026, 8, 3)),
    });
    let asked = debtor.through("2026-07-21", "2026-09-30");
    assert_eq!(asked, [(date(2026, 7, 22), StepKind::Demand), (date(2026, 8, 30), StepKind::StopPlan)]);
}
