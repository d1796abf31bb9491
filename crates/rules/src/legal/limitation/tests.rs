use super::{Event, EventKind, LimitationLaw, VoidReason};
use crate::evidence::Strength;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::Date;
use proptest::prelude::*;

fn law(book: &Rulebook) -> LimitationLaw<'_> {
    LimitationLaw::new(book, &Selector::in_jurisdictions(&["cn", "sgcc"]), Strength::Medium).expect("law")
}

/// `demand 2017-05-02`, `weak 2017-05-02`: a demand whose arrival is badly proved.
fn event(text: &str) -> Event {
    let (kind, day) = text.split_once(' ').expect("kind and day");
    let (kind, strength) = match kind {
        "weak" => (EventKind::Demand, Strength::Weak),
        kind => (EventKind::from_word(kind).expect("a kind"), Strength::Strong),
    };
    Event { kind, on: day.parse().expect("a day"), strength, reference: text.to_owned() }
}

fn check(due_on: &str, events: &str, expires_on: &str) {
    let book = Rulebook::embedded();
    let events: Vec<Event> = events.split(", ").filter(|e| !e.is_empty()).map(event).collect();
    let clock = law(&book).clock(due_on.parse().expect("a day"), &events).expect("law");
    assert_eq!(clock.expires_on.to_string(), expires_on, "due {due_on}: {events:?}\n{clock:#?}");
}

#[test]
fn a_term_by_the_law_of_its_days() {
    // Two years, and over before the change.
    check("2015-09-29", "", "2017-09-29");
    check("2015-09-30", "", "2017-09-30");
    // Still running on 2017-10-01: three years.
    check("2015-10-01", "", "2018-10-01");
    check("2015-10-02", "", "2018-10-02");
    check("2016-03-15", "", "2019-03-15");
    check("2017-09-30", "", "2020-09-30");
    // Three years from the start.
    check("2017-10-01", "", "2020-10-01");
    check("2020-12-31", "", "2024-01-02");
    check("2021-01-01", "", "2024-01-02");
    check("2022-03-15", "", "2025-03-17");
    // A leap day ends on the 28th.
    check("2016-02-29", "", "2019-02-28");
    check("2020-02-29", "", "2023-02-28");
}

#[test]
fn interruptions_around_the_change_of_law() {
    // Interrupted in time under the old law, and the new term still runs on the change: three years from the demand.
    check("2015-01-10", "demand 2016-12-20", "2019-12-20");
    check("2015-01-10", "demand 2017-01-10", "2020-01-10");
    // One day late: the old term had ended.
    check("2015-01-10", "demand 2017-01-11", "2017-01-10");
    check("2015-09-30", "demand 2017-09-30", "2020-09-30");
    check("2015-09-30", "demand 2017-10-01", "2017-09-30");
    check("2015-10-01", "demand 2017-10-01", "2020-10-01");
    check("2015-10-01", "demand 2018-10-01", "2021-10-01");
    check("2015-10-01", "demand 2018-10-02", "2018-10-01");
    // Twice; the second only counts because the first did.
    check("2014-06-30", "demand 2016-06-30, demand 2018-05-01", "2021-05-01");
    check("2014-06-30", "demand 2018-05-01", "2016-06-30");
    check("2013-03-01", "demand 2015-02-01, promise 2017-01-31, part_payment 2019-12-31", "2022-12-31");
    // A gap between two interruptions under the old law.
    check("2013-03-01", "demand 2014-02-01, promise 2016-02-02", "2016-02-01");
    // Each kind that counts.
    check("2016-05-31", "suit 2017-11-11", "2020-11-11");
    check("2016-05-31", "payment_order 2017-09-30", "2020-09-30");
    check("2016-05-31", "security 2017-10-09", "2020-10-09");
    check("2016-05-31", "mediation 2018-01-02", "2021-01-02");
    check("2016-05-31", "public_notice 2018-01-02", "2021-01-02");
    // What counts not.
    check("2016-05-31", "direct_debit 2017-12-01", "2019-05-31");
    check("2016-05-31", "weak 2017-12-01", "2019-05-31");
    check("2016-05-31", "demand 2016-05-31", "2019-05-31");
    check("2016-05-31", "demand 2016-06-01", "2019-06-01");
    // The order in which they are told does not matter.
    check("2014-06-30", "demand 2018-05-01, demand 2016-06-30", "2021-05-01");
}

#[test]
fn twenty_years_are_the_end() {
    check("1998-06-30", "demand 2000-06-01, demand 2002-06-01, demand 2004-06-01", "2006-06-01");
    let every_two: Vec<String> = (2000..2017).step_by(2).map(|y| format!("demand {y}-06-01")).collect();
    check("1998-06-30", &every_two.join(", "), "2018-06-30");
}

#[test]
fn the_reason_is_told() {
    let book = Rulebook::embedded();
    let events = ["demand 2016-05-30", "direct_debit 2016-06-10", "weak 2016-07-01", "demand 2019-06-01"];
    let events: Vec<Event> = events.iter().map(|text| event(text)).collect();
    let clock = law(&book).clock("2016-05-31".parse().expect("a day"), &events).expect("law");
    let reasons: Vec<_> = clock.events.iter().filter_map(|judged| judged.void).collect();
    use VoidReason::{BeforeDue, NoDemand, NotProved, TooLate};
    assert_eq!(reasons, [BeforeDue, NoDemand, NotProved, TooLate]);
    assert!(!clock.rest_days_known);
    assert_eq!(clock.rules, ["cn.limitation.1987", "cn.limitation_transition"]);
}

fn some_events() -> impl Strategy<Value = Vec<Event>> {
    let kind = proptest::sample::select(EventKind::ALL);
    let strength = proptest::sample::select(Strength::ALL);
    let day = (1990_i16..2026, 1_i8..13, 1_i8..29);
    proptest::collection::vec((kind, strength, day), 0..9).prop_map(|drawn| {
        drawn
            .into_iter()
            .enumerate()
            .map(|(n, (kind, strength, (y, m, d)))| Event {
                kind,
                strength,
                on: Date::new(y, m, d).expect("a day"),
                reference: n.to_string(),
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn a_clock_never_runs_backwards(due in (1990_i16..2026, 1_i8..13, 1_i8..29), events in some_events()) {
        let book = Rulebook::embedded();
        let due = Date::new(due.0, due.1, due.2).expect("a day");
        let bare = law(&book).clock(due, &[]).expect("law");
        let clock = law(&book).clock(due, &events).expect("law");
        prop_assert!(clock.expires_on >= bare.expires_on);
        prop_assert!(clock.runs_from >= due);
        // What is void changes nothing.
        let used: Vec<Event> =
            clock.events.iter().filter(|judged| judged.void.is_none()).map(|judged| judged.event.clone()).collect();
        let again = law(&book).clock(due, &used).expect("law");
        prop_assert_eq!(again.expires_on, clock.expires_on);
        // One more that counts never shortens it.
        for n in 0..used.len() {
            let fewer: Vec<Event> = used.iter().take(n).cloned().collect();
            prop_assert!(law(&book).clock(due, &fewer).expect("law").expires_on <= clock.expires_on);
        }
    }
}
