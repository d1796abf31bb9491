//! 工单: taken, worked on, told upwards when late, ended; what a complaint holds goes on where it stood.

use super::debtor::world::{Company, DEBTOR, HOME};
use super::world::{World, work};
use denghuo_office::service::{
    DeedOrder, NewTicket, service_ranges, service_sweep, ticket_do, ticket_open, ticket_show,
};
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::service::{Area, ClockState, Deed, PauseReason, Request, Satisfaction, TicketState};
use denghuo_store::service::{TicketRow, events_of};
use denghuo_store::testing::{first_difference, on_each_engine};
use denghuo_store::{Conn, tasks};
use jiff::civil::{DateTime, date};
use std::cell::RefCell;

fn at(text: &str) -> DateTime {
    text.parse().expect("a moment")
}

fn complaint(account_id: i64) -> NewTicket {
    NewTicket {
        account_id,
        request: Some(Request::Complaint),
        topic: "收费".to_owned(),
        caller: "甲某".to_owned(),
        phone: "13800000001".to_owned(),
        said: "催费人员态度恶劣".to_owned(),
        about: vec!["bill:1".to_owned()],
        ..NewTicket::default()
    }
}

fn order(deed: Deed) -> DeedOrder {
    DeedOrder {
        deed: Some(deed),
        said: "已处理".to_owned(),
        owner: (deed == Deed::Dispatch).then(|| "S002".to_owned()),
        satisfaction: (deed == Deed::CallBack).then_some(Satisfaction::Satisfied),
        pause: (deed == Deed::Pause).then_some(PauseReason::CustomerAsked),
        ..DeedOrder::default()
    }
}

fn done(conn: &mut Conn, ticket: &TicketRow, deeds: &[(Deed, &str)]) -> TicketRow {
    let mut last = ticket.clone();
    for (deed, now) in deeds {
        let key = (ticket.account_id, ticket.ticket_no);
        last = ticket_do(conn, &work("S002"), key, &order(*deed), at(now)).expect("a deed");
    }
    last
}

/// A ticket that ended, one that waits, one of no account that is late: what `verify` looks at.
pub fn some(world: &mut World) {
    let conn = &mut world.conn;
    let taken = at("2026-06-01T09:00");
    let first = ticket_open(conn, &work("S001"), &complaint(1), (taken, taken)).expect("a ticket");
    let deeds = [
        (Deed::Dispatch, "2026-06-01T09:10"),
        (Deed::Contact, "2026-06-01T10:00"),
        (Deed::Answer, "2026-06-02T10:00"),
        (Deed::CallBack, "2026-06-03T10:00"),
        (Deed::Close, "2026-06-03T10:05"),
    ];
    assert_eq!(done(conn, &first, &deeds).state, TicketState::Closed);
    ticket_open(conn, &work("S001"), &complaint(1), (taken, taken)).expect("another");
    let fault = NewTicket {
        request: Some(Request::Fault),
        area: Some(Area::Rural),
        unit: Some("P".to_owned()),
        said: "停电".to_owned(),
        ..NewTicket::default()
    };
    ticket_open(conn, &work("S001"), &fault, (taken, taken)).expect("a fault");
    sweep(conn, "2026-06-01T12:00");
}

fn sweep(conn: &mut Conn, now: &str) -> i64 {
    let ranges = service_ranges(conn, at(now), 100).expect("ranges");
    ranges
        .into_iter()
        .map(|range| service_sweep(conn, &work("system"), range, at(now)).expect("a sweep").done)
        .sum()
}

#[test]
fn a_complaint_stops_the_ladder_and_its_end_lets_it_go_on_where_it_stood() {
    on_each_engine(|store| {
        let mut company = Company::with(store, &HOME);
        company.until_the_demand();
        company.live_to(date(2026, 4, 1));
        let before = company.timeline();
        let now = company.on.at(9, 0, 0, 0);
        let ticket =
            ticket_open(&mut company.conn, &work("S002"), &complaint(DEBTOR), (now, now)).expect("a ticket");
        company.live_to(date(2026, 4, 20));
        assert!(company.notice(NoticeKind::StopPlan).is_none(), "{}", company.timeline());
        assert!(!company.timeline().contains("cut_case"), "{}", company.timeline());
        assert!(company.timeline().contains("工单1(投诉)未办结"), "{}", company.timeline());
        done(
            &mut company.conn,
            &ticket,
            &[
                (Deed::Dispatch, "2026-04-20T09:00"),
                (Deed::Contact, "2026-04-20T10:00"),
                (Deed::Answer, "2026-04-20T11:00"),
                (Deed::CallBack, "2026-04-20T12:00"),
                (Deed::Close, "2026-04-20T12:30"),
            ],
        );
        company.live_to(date(2026, 4, 23));
        let after = company.timeline();
        assert!(after.contains("cut"), "{after}");
        assert!(after.contains("工单1已办结"), "{after}");
        assert!(before.lines().all(|line| after.contains(line)), "what had happened stands as it was");
        company.proven();
    });
}

#[test]
fn the_same_life_of_tickets_on_every_database() {
    let ends = RefCell::new(Vec::new());
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[super::world::Shown::More(200); 4]);
        some(&mut world);
        world.proven();
        ends.borrow_mut().push(world.contents());
    });
    let ends = ends.into_inner();
    for other in &ends[1..] {
        assert_eq!(first_difference(&ends[0], other), None);
    }
}

#[test]
fn what_is_late_is_told_upwards_once() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[super::world::Shown::More(200); 4]);
        let conn = &mut world.conn;
        let taken = at("2026-06-05T09:00");
        let ticket = ticket_open(conn, &work("S001"), &complaint(1), (taken, taken)).expect("a ticket");
        let ticket =
            done(conn, &ticket, &[(Deed::Dispatch, "2026-06-05T09:10"), (Deed::Contact, "2026-06-05T10:00")]);
        assert_eq!(sweep(conn, "2026-06-05T10:00"), 0, "nothing is due");
        assert_eq!(sweep(conn, "2026-06-12T00:00"), 1);
        let there = world.contents();
        assert_eq!(sweep(&mut world.conn, "2026-06-12T00:00"), 0);
        world.is_still(&there, "a sweep was made again");
        sweep(&mut world.conn, "2026-06-13T00:00");
        let conn = &mut world.conn;
        let events = events_of(conn, (1, ticket.ticket_no)).expect("SQL");
        let told: Vec<String> = events.iter().filter_map(|event| event.once_key.clone()).collect();
        assert_eq!(
            told,
            [
                "1:handle:limit:0:soon",
                "1:answer:promise:0:soon",
                "1:handle:limit:1:overdue",
                "1:answer:promise:1:overdue",
                "1:handle:limit:2:overdue"
            ]
            .map(str::to_owned)
        );
        let late = tasks::task(conn, (1, "ticket_late", "1")).expect("SQL").expect("a task");
        assert_eq!((late.owner_role.as_str(), late.state.as_str()), ("manager", "open"));
        done(
            conn,
            &ticket,
            &[
                (Deed::Answer, "2026-06-15T10:00"),
                (Deed::CallBack, "2026-06-15T11:00"),
                (Deed::Close, "2026-06-15T12:00"),
            ],
        );
        for kind in ["ticket", "ticket_late"] {
            let task = tasks::task(conn, (1, kind, "1")).expect("SQL").expect("a task");
            assert_eq!(task.state, "done", "{kind}");
        }
        let shown =
            ticket_show(conn, &work("S001"), (1, 1), (at("2026-06-16T09:00"), false)).expect("a ticket");
        assert!(shown.clocks.iter().any(|clock| clock.state == ClockState::Missed), "{:?}", shown.clocks);
        assert_eq!((shown.caller.as_str(), shown.phone.as_str()), ("甲*", "138****0001"));
        assert_eq!(shown.code, "A1-1");
        world.proven();
    });
}

#[test]
fn what_is_not_taken() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[super::world::Shown::More(200); 4]);
        let now = at("2026-06-01T09:00");
        let conn = &mut world.conn;
        let cases: &[(&str, NewTicket)] = &[
            ("ticket.no_account", NewTicket { request: Some(Request::ReadingData), ..complaint(0) }),
            ("ticket.no_account", complaint(0)),
            ("ticket.no_area", NewTicket { request: Some(Request::Fault), ..complaint(1) }),
            ("ticket.nothing_said", NewTicket { said: "  ".to_owned(), ..complaint(1) }),
            ("ticket.too_long", NewTicket { said: "长".repeat(4_001), ..complaint(1) }),
            ("ticket.bad_reference", NewTicket { about: vec!["bill:x".to_owned()], ..complaint(1) }),
            ("ticket.unknown_bill", NewTicket { about: vec!["bill:99".to_owned()], ..complaint(1) }),
            ("ticket.unknown_unit", NewTicket { unit: Some("Z".to_owned()), ..complaint(1) }),
            ("ticket.no_unit", NewTicket { about: Vec::new(), ..complaint(0) }),
        ];
        for (code, new) in cases {
            let refused = ticket_open(conn, &work("S001"), new, (now, now)).map_err(|error| error.code());
            assert_eq!(refused, Err(Some(*code)), "{new:?}");
        }
        let future = ticket_open(conn, &work("S001"), &complaint(1), (at("2026-06-01T09:01"), now));
        assert_eq!(future.map_err(|error| error.code()), Err(Some("ticket.in_future")));
        let no_calendar = at("2031-06-01T09:00");
        assert!(ticket_open(conn, &work("S001"), &complaint(1), (no_calendar, no_calendar)).is_err());
        let asked = NewTicket { source_ref: "95598-7".to_owned(), ..complaint(1) };
        let first = ticket_open(conn, &work("S001"), &asked, (now, now)).expect("a ticket");
        let again = ticket_open(conn, &work("S001"), &asked, (now, now)).expect("the same");
        assert_eq!(first, again);
        let other = NewTicket { said: "别的事".to_owned(), ..asked };
        let refused = ticket_open(conn, &work("S001"), &other, (now, now)).map_err(|error| error.code());
        assert_eq!(refused, Err(Some("ticket.same_source_other_content")));
        let nobody = DeedOrder { owner: Some("S999".to_owned()), ..order(Deed::Dispatch) };
        let refused = ticket_do(conn, &work("S001"), (1, 1), &nobody, now).map_err(|error| error.code());
        assert_eq!(refused, Err(Some("access.unknown_staff")));
        let unknown =
            ticket_do(conn, &work("S001"), (1, 9), &order(Deed::Note), now).map_err(|error| error.code());
        assert_eq!(unknown, Err(Some("ticket.unknown")));
        world.proven();
    });
}

#[test]
fn a_reopened_complaint_holds_again() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[super::world::Shown::More(200); 4]);
        let conn = &mut world.conn;
        let taken = at("2026-06-01T09:00");
        let ticket = ticket_open(conn, &work("S001"), &complaint(1), (taken, taken)).expect("a ticket");
        let holds = |conn: &mut Conn| -> Vec<bool> {
            let holds = denghuo_office::collections::holds_of(conn, 1).expect("SQL");
            holds.iter().map(|hold| hold.released_on.is_none()).collect()
        };
        assert_eq!(holds(conn), [true]);
        done(conn, &ticket, &[(Deed::Withdraw, "2026-06-01T10:00")]);
        assert_eq!(holds(conn), [false]);
        let ticket = ticket_open(conn, &work("S001"), &complaint(1), (taken, taken)).expect("another");
        done(
            conn,
            &ticket,
            &[
                (Deed::Dispatch, "2026-06-01T11:00"),
                (Deed::Contact, "2026-06-01T11:10"),
                (Deed::Answer, "2026-06-01T12:00"),
                (Deed::CallBack, "2026-06-01T12:10"),
                (Deed::Close, "2026-06-01T12:20"),
            ],
        );
        assert_eq!(holds(conn), [false, false]);
        let reopened = done(conn, &ticket, &[(Deed::Reopen, "2026-06-02T09:00")]);
        assert_eq!((reopened.state, reopened.ended_at), (TicketState::Dispatched, None));
        assert_eq!(holds(conn), [false, false, true]);
        world.proven();
    });
}
