//! Tables of time limits, pauses, escalations, and of what comes before what.

use super::*;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::{DateTime, date};
use std::sync::LazyLock;

static BOOK: LazyLock<Rulebook> = LazyLock::new(Rulebook::embedded);

fn site() -> Selector {
    Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd", "site"])
}

fn at(text: &str) -> DateTime {
    text.parse().expect("a moment")
}

fn limits(request: Request, area: Option<Area>) -> Limits {
    Limits::of(&BOOK, &site(), (request, area), date(2026, 9, 30)).expect("limits")
}

fn event(deed: Deed, at_text: &str) -> Event {
    let satisfaction = (deed == Deed::CallBack).then_some(Satisfaction::Satisfied);
    Event { deed, at: at(at_text), noted_at: at(at_text), satisfaction }
}

fn ticket(request: Request, accepted: &str, events: &[(Deed, &str)]) -> TicketFacts {
    let events = events.iter().map(|(deed, at)| event(*deed, at)).collect();
    TicketFacts { request, accepted_at: at(accepted), events }
}

/// Every clock in words: kind, measure, state and due moment.
fn told(facts: &TicketFacts, area: Option<Area>, now: &str) -> Vec<String> {
    let clocks = clocks(facts, &limits(facts.request, area), BOOK.calendar(), at(now)).expect("clocks");
    let word = |clock: &Clock| {
        let due =
            clock.due_at.map_or_else(|| "-".to_owned(), |due| due.strftime("%m-%d %H:%M:%S").to_string());
        format!("{} {} {} {due}", clock.kind.word(), clock.measure.word(), clock.state.word())
    };
    clocks.iter().map(word).collect()
}

/// Taken on Wednesday 2026-09-30 at 16:00, the last working day before eight days of holiday; then come Thursday 8, Friday 9,
/// Saturday 10 (worked), Monday 12, Tuesday 13, Wednesday 14 October.
#[test]
fn every_limit_across_the_long_holiday() {
    use Request::*;
    let urban = Some(Area::Urban);
    let table: &[(Request, Option<Area>, &[&str])] = &[
        (Fault, urban, &["dispatch limit running 09-30 16:02:00", "arrival promise running 09-30 16:45:00"]),
        (
            Fault,
            Some(Area::Rural),
            &["dispatch limit running 09-30 16:02:00", "arrival promise running 09-30 17:30:00"],
        ),
        (
            Fault,
            Some(Area::Remote),
            &["dispatch limit running 09-30 16:02:00", "arrival promise running 09-30 18:00:00"],
        ),
        (RestoreAfterPayment, None, &["restore limit running 10-01 16:00:00"]),
        (ApplianceDamage, None, &["arrival limit running 10-01 16:00:00"]),
        (MeterAbnormal, None, &["answer limit running 10-12 23:59:59"]),
        (MeterTest, None, &["answer promise running 10-13 23:59:59"]),
        (
            ReadingData,
            None,
            &["answer promise running 10-13 23:59:59", "answer limit running 10-14 23:59:59"],
        ),
        (OtherApplication, None, &["answer limit running 10-13 23:59:59"]),
        (EvFastCharge, None, &["arrival limit running 09-30 16:45:00"]),
        (
            Complaint,
            None,
            &[
                "dispatch limit running 09-30 16:20:00",
                "contact promise running 10-01 16:00:00",
                "handle limit running 10-12 23:59:59",
                "answer promise running 10-13 23:59:59",
            ],
        ),
        (Report, None, &["handle limit running 10-19 23:59:59"]),
        (Opinion, None, &["handle limit running 10-19 23:59:59"]),
        (Suggestion, None, &["handle limit running 10-19 23:59:59"]),
        (Praise, None, &[]),
        (Consultation, None, &["answer limit running 10-09 23:59:59"]),
    ];
    for request in Request::ALL {
        assert!(table.iter().any(|(known, _, _)| known == request), "{} is not in the table", request.word());
    }
    for (request, area, expected) in table {
        let facts = ticket(*request, "2026-09-30T16:00", &[]);
        assert_eq!(told(&facts, *area, "2026-09-30T16:00"), *expected, "{}", request.word());
    }
}

/// The last second in time, the first too late; working days across weekends, taken late in the evening and on a day off.
#[test]
fn boundaries_of_a_clock() {
    for (accepted, deed, done, expected) in [
        ("2026-09-30T16:00", Deed::Contact, "2026-10-01T16:00:00", "contact promise met 10-01 16:00:00"),
        ("2026-09-30T16:00", Deed::Contact, "2026-10-01T16:00:01", "contact promise missed 10-01 16:00:00"),
        ("2026-09-30T16:00", Deed::Answer, "2026-10-13T23:59:59", "answer promise met 10-13 23:59:59"),
        ("2026-09-30T16:00", Deed::Answer, "2026-10-14T00:00:00", "answer promise missed 10-13 23:59:59"),
        // A Friday evening: Monday to Friday are the five days.
        ("2026-06-05T23:50", Deed::Answer, "2026-06-12T10:00", "answer promise met 06-12 23:59:59"),
        // A Saturday counts from the Monday after it.
        ("2026-06-06T09:00", Deed::Answer, "2026-06-12T10:00", "answer promise met 06-12 23:59:59"),
        // Before the Spring Festival: Saturday 14 February is worked, then nine days off; 28 February is worked.
        ("2026-02-13T17:00", Deed::Answer, "2026-02-28T10:00", "answer promise missed 02-27 23:59:59"),
    ] {
        let facts = ticket(Request::Complaint, accepted, &[(Deed::Dispatch, accepted), (deed, done)]);
        let told = told(&facts, None, done);
        assert!(told.contains(&expected.to_owned()), "{accepted} {done}: {told:?}");
    }
}

#[test]
fn pauses_move_hours_and_days() {
    let paused = &[(Deed::Dispatch, "2026-06-01T09:10"), (Deed::Pause, "2026-06-01T12:00")];
    let facts = ticket(Request::Complaint, "2026-06-01T09:00", paused);
    let standing = told(&facts, None, "2026-06-20T09:00");
    assert!(standing.contains(&"contact promise paused -".to_owned()), "{standing:?}");
    assert!(standing.contains(&"answer promise paused -".to_owned()), "{standing:?}");
    // Three hours: the contact moves by three hours, and no day ends inside.
    let mut events = paused.to_vec();
    events.push((Deed::Resume, "2026-06-01T15:00"));
    let short = told(&ticket(Request::Complaint, "2026-06-01T09:00", &events), None, "2026-06-01T15:00");
    assert!(short.contains(&"contact promise running 06-02 12:00:00".to_owned()), "{short:?}");
    assert!(short.contains(&"answer promise running 06-08 23:59:59".to_owned()), "{short:?}");
    // Until Thursday: the ends of Monday to Wednesday lie inside, of which Tuesday and Wednesday would have counted.
    events[2] = (Deed::Resume, "2026-06-04T08:00");
    let long = told(&ticket(Request::Complaint, "2026-06-01T09:00", &events), None, "2026-06-04T08:00");
    assert!(long.contains(&"answer promise running 06-10 23:59:59".to_owned()), "{long:?}");
    // A pause that begins after the end changes nothing about it.
    let late = &[(Deed::Dispatch, "2026-06-01T09:10"), (Deed::Pause, "2026-06-03T09:00")];
    let late = told(&ticket(Request::Complaint, "2026-06-01T09:00", late), None, "2026-06-04T08:00");
    assert!(late.contains(&"contact promise overdue 06-02 09:00:00".to_owned()), "{late:?}");
}

#[test]
fn an_answer_counts_from_the_completion_where_the_rule_says_so() {
    let begun = ticket(Request::ApplianceDamage, "2026-09-29T10:00", &[]);
    assert_eq!(told(&begun, None, "2026-09-29T10:00"), ["arrival limit running 09-30 10:00:00"]);
    let events = &[(Deed::Dispatch, "2026-09-29T10:05"), (Deed::Arrive, "2026-09-30T09:00")];
    let there = ticket(Request::ApplianceDamage, "2026-09-29T10:00", events);
    assert_eq!(
        told(&there, None, "2026-09-30T09:00"),
        ["arrival limit met 09-30 10:00:00", "answer limit running 10-08 23:59:59"]
    );
}

#[test]
fn arrivals_are_written_down_within_minutes() {
    let mut facts = ticket(
        Request::Fault,
        "2026-06-01T09:00",
        &[(Deed::Dispatch, "2026-06-01T09:02"), (Deed::Arrive, "2026-06-01T09:30")],
    );
    facts.events[1].noted_at = at("2026-06-01T09:35");
    assert!(
        told(&facts, Some(Area::Urban), "2026-06-01T10:00")
            .contains(&"entry limit met 06-01 09:35:00".into())
    );
    facts.events[1].noted_at = at("2026-06-01T09:35:01");
    assert!(
        told(&facts, Some(Area::Urban), "2026-06-01T10:00")
            .contains(&"entry limit missed 06-01 09:35:00".into())
    );
}

#[test]
fn a_reopened_ticket_has_a_second_round_and_an_ended_one_no_running_clock() {
    let events = &[
        (Deed::Dispatch, "2026-06-01T09:10"),
        (Deed::Contact, "2026-06-01T10:00"),
        (Deed::Answer, "2026-06-02T10:00"),
        (Deed::CallBack, "2026-06-03T10:00"),
        (Deed::Reopen, "2026-06-03T11:00"),
    ];
    let facts = ticket(Request::Complaint, "2026-06-01T09:00", events);
    assert_eq!(facts.state(), TicketState::Dispatched);
    let clocks =
        clocks(&facts, &limits(Request::Complaint, None), BOOK.calendar(), at("2026-06-03T12:00")).unwrap();
    let second: Vec<&Clock> = clocks.iter().filter(|clock| clock.round == 2).collect();
    let answer = second.iter().find(|clock| clock.kind == ClockKind::Answer).expect("an answer is due again");
    assert_eq!((answer.from_at, answer.due_at), (at("2026-06-03T11:00"), Some(at("2026-06-10T23:59:59"))));
    let mut events = events[..1].to_vec();
    events.push((Deed::Withdraw, "2026-06-01T12:00"));
    let withdrawn = told(&ticket(Request::Complaint, "2026-06-01T09:00", &events), None, "2026-07-01T09:00");
    assert!(
        withdrawn.iter().all(|clock| clock.contains(" met ") || clock.contains(" dropped ")),
        "{withdrawn:?}"
    );
}

#[test]
fn a_year_without_calendar_is_an_error() {
    let facts = ticket(Request::Complaint, "2031-06-01T09:00", &[]);
    let limits = limits(Request::Complaint, None);
    assert_eq!(clocks(&facts, &limits, BOOK.calendar(), at("2031-06-01T09:00")).unwrap_err().year, 2031);
}

#[test]
fn escalations_go_up_with_time_and_are_told_once() {
    let rule = BOOK.pick::<EscalationRule>("service_escalation", &site(), date(2026, 6, 1)).unwrap().params;
    let facts = ticket(
        Request::Complaint,
        "2026-06-05T09:00",
        &[(Deed::Dispatch, "2026-06-05T09:10"), (Deed::Contact, "2026-06-05T10:00")],
    );
    let limits = limits(Request::Complaint, None);
    // Answer: from Friday 09:00 to the next Friday's end; handled by Thursday's end.
    let levels = |now: &str| -> Vec<String> {
        let clocks = clocks(&facts, &limits, BOOK.calendar(), at(now)).unwrap();
        let due = escalations(&clocks, &rule, BOOK.calendar(), at(now)).unwrap();
        due.iter().map(Escalation::key).collect()
    };
    for (now, expected) in [
        ("2026-06-05T10:00", vec![]),
        ("2026-06-11T23:59:59", vec!["1:handle:limit:0:soon", "1:answer:promise:0:soon"]),
        (
            "2026-06-12T00:00:00",
            vec!["1:handle:limit:0:soon", "1:answer:promise:0:soon", "1:handle:limit:1:overdue"],
        ),
        (
            "2026-06-13T00:00:00",
            vec![
                "1:handle:limit:0:soon",
                "1:answer:promise:0:soon",
                "1:handle:limit:1:overdue",
                "1:answer:promise:1:overdue",
                "1:handle:limit:2:overdue",
            ],
        ),
    ] {
        let mut told = levels(now);
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        told.sort();
        expected.sort();
        assert_eq!(told, expected, "{now}");
    }
}

#[test]
fn the_next_moment_is_the_first_that_changes_something() {
    let rule = BOOK.pick::<EscalationRule>("service_escalation", &site(), date(2026, 6, 1)).unwrap().params;
    let next = |facts: &TicketFacts, now: &str| {
        let limits = limits(facts.request, Some(Area::Urban));
        let clocks = clocks(facts, &limits, BOOK.calendar(), at(now)).unwrap();
        next_moment(&clocks, &rule, BOOK.calendar(), at(now)).unwrap()
    };
    let fault = ticket(Request::Fault, "2026-06-01T09:00", &[]);
    assert_eq!(
        next(&fault, "2026-06-01T09:00"),
        Some(at("2026-06-01T09:01:36")),
        "four fifths of two minutes"
    );
    assert_eq!(next(&fault, "2026-06-01T09:01:36"), Some(at("2026-06-01T09:02")));
    assert_eq!(next(&fault, "2026-06-01T09:02"), Some(at("2026-06-01T09:02:01")), "the next level");
    let praise = ticket(Request::Praise, "2026-06-01T09:00", &[]);
    assert_eq!(next(&praise, "2026-06-01T09:00"), None);
}

/// One line a case: the request, what was done, what is wanted, and the code of the refusal; none when it may be done.
#[test]
fn what_comes_before_what() {
    use Deed::*;
    let table: &[(Request, &[Deed], Deed, Option<&str>)] = &[
        (Request::Complaint, &[], Dispatch, None),
        (Request::Complaint, &[], Contact, Some("ticket.first")),
        (Request::Complaint, &[Dispatch], Answer, Some("ticket.first")),
        (Request::Complaint, &[Dispatch, Contact], Answer, None),
        (Request::Complaint, &[Dispatch, Contact, Answer], Close, Some("ticket.first")),
        (Request::Complaint, &[Dispatch, Contact, Answer, CallBack], Close, None),
        (Request::Complaint, &[Dispatch, Contact, Answer, CallBack], Reopen, None),
        (Request::Complaint, &[Dispatch, Contact], Reopen, Some("ticket.not_answered")),
        (Request::Complaint, &[Dispatch, Contact, Answer, CallBack, Close], Note, Some("ticket.ended")),
        (Request::Complaint, &[Dispatch, Contact, Answer, CallBack, Close], Reopen, None),
        (
            Request::Complaint,
            &[Dispatch, Contact, Answer, CallBack, Close, Reopen],
            Answer,
            Some("ticket.first"),
        ),
        (Request::Complaint, &[Dispatch, Pause], Contact, Some("ticket.is_paused")),
        (Request::Complaint, &[Dispatch, Pause], Resume, None),
        (Request::Complaint, &[Dispatch], Resume, Some("ticket.not_paused")),
        (
            Request::Complaint,
            &[Dispatch, Pause, Resume, Pause, Resume],
            Pause,
            Some("ticket.paused_too_often"),
        ),
        (Request::Complaint, &[Withdraw], Reopen, Some("ticket.ended")),
        (Request::Fault, &[Dispatch], Restore, Some("ticket.first")),
        (Request::Fault, &[Dispatch, Arrive], Restore, None),
        (Request::Fault, &[Dispatch, Arrive], Answer, Some("ticket.first")),
        (Request::Consultation, &[], Answer, None),
        (Request::Consultation, &[Answer], Close, None),
        (Request::OtherApplication, &[], Answer, Some("ticket.first")),
        (Request::OtherApplication, &[Dispatch], Answer, None),
    ];
    let pause = PauseRule { reasons: vec![PauseReason::CustomerAsked], times_max: 2 };
    for (request, done, wanted, expected) in table {
        let events: Vec<(Deed, &str)> = done.iter().map(|deed| (*deed, "2026-06-01T10:00")).collect();
        let facts = ticket(*request, "2026-06-01T09:00", &events);
        let wanted = Wanted {
            deed: *wanted,
            at: at("2026-06-01T11:00"),
            words: "说明",
            satisfaction: (*wanted == CallBack).then_some(Satisfaction::Neutral),
            pause: (*wanted == Pause).then_some(PauseReason::CustomerAsked),
        };
        let answer = check_deed(
            &facts,
            &limits(*request, Some(Area::Urban)),
            Some(&pause),
            wanted,
            at("2026-06-01T11:00"),
        );
        let code = answer.err().map(|refusal| crate::refusal::Refuse::code(&refusal));
        assert_eq!(code, *expected, "{} {done:?} {:?}", request.word(), wanted.deed);
    }
}

#[test]
fn a_deed_has_its_time_its_words_and_its_reason() {
    let facts = ticket(Request::Complaint, "2026-06-01T09:00", &[(Deed::Dispatch, "2026-06-01T09:10")]);
    let limits = limits(Request::Complaint, None);
    let pause = PauseRule { reasons: vec![PauseReason::ForceMajeure], times_max: 1 };
    let note =
        Wanted { deed: Deed::Note, at: at("2026-06-01T11:00"), words: "x", satisfaction: None, pause: None };
    let code = |wanted: Wanted<'_>| {
        let now = at("2026-06-01T12:00");
        check_deed(&facts, &limits, Some(&pause), wanted, now).err().map(|r| crate::refusal::Refuse::code(&r))
    };
    assert_eq!(code(note), None);
    assert_eq!(code(Wanted { at: at("2026-06-01T09:09"), ..note }), Some("ticket.before_last"));
    assert_eq!(code(Wanted { at: at("2026-06-01T12:01"), ..note }), Some("ticket.in_future"));
    assert_eq!(code(Wanted { words: " ", ..note }), Some("ticket.no_words"));
    assert_eq!(code(Wanted { deed: Deed::Pause, ..note }), Some("ticket.no_pause_reason"));
    let asked = Some(PauseReason::CustomerAsked);
    assert_eq!(code(Wanted { deed: Deed::Pause, pause: asked, ..note }), Some("ticket.no_pause_reason"));
    let satisfied = Some(Satisfaction::Satisfied);
    assert_eq!(code(Wanted { satisfaction: satisfied, ..note }), Some("ticket.satisfaction_missing"));
}

#[test]
fn a_customer_who_is_not_content_is_not_closed_without_a_reason() {
    let mut facts = ticket(
        Request::Complaint,
        "2026-06-01T09:00",
        &[
            (Deed::Dispatch, "2026-06-01T09:10"),
            (Deed::Contact, "2026-06-01T10:00"),
            (Deed::Answer, "2026-06-02T10:00"),
            (Deed::CallBack, "2026-06-03T10:00"),
        ],
    );
    facts.events[3].satisfaction = Some(Satisfaction::Unsatisfied);
    let close = |words| {
        let at = at("2026-06-03T11:00");
        let wanted = Wanted { deed: Deed::Close, at, words, satisfaction: None, pause: None };
        check_deed(&facts, &limits(Request::Complaint, None), None, wanted, at)
    };
    assert_eq!(close(""), Err(FlowRefusal::Unsatisfied));
    assert_eq!(close("客户诉求无政策依据,已解释"), Ok(()));
}
