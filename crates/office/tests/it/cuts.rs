//! 停电: a debtor's power goes off and comes back by the law, and by nothing else.

use super::world::{Shown, World, work};
use denghuo_office::day::{DayOptions, Quiet, run_day};
use denghuo_office::disconnection::{
    Channel, CutCall, CutProposal, cut_approve, cut_call, cut_confirm, cut_execute, cut_propose, cut_reject,
    cut_withdraw, gates_show, restore_order, restore_send, sweep, warrant_issue,
};
use denghuo_office::error::OfficeError;
use denghuo_office::notices::{ServiceReport, notice_serve};
use denghuo_office::payments::{Payment, pay};
use denghuo_office::ports::{PortError, RemoteRelay};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::disconnection::{CallOutcome, CutOrder, CutState};
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::payments::Channel as Paid;
use denghuo_rules::units::Money;
use denghuo_store::disconnection::{self as store, CutCase, OperationRow};
use denghuo_store::notices::notices_of_account;
use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, Store};
use jiff::civil::{Date, DateTime, date};
use std::sync::Mutex;

/// A relay that does what it is told to, and remembers what it was asked.
pub struct Fake {
    /// Keys under which it was asked to open.
    pub opened: Mutex<Vec<String>>,
    /// What it answers.
    pub answer: Result<bool, PortError>,
}

impl Fake {
    pub fn new(answer: Result<bool, PortError>) -> Self {
        Self { opened: Mutex::new(Vec::new()), answer }
    }
    pub fn count(&self) -> usize {
        self.opened.lock().expect("no panic").len()
    }
}

impl RemoteRelay for Fake {
    fn open(&self, order: &CutOrder, key: &str, _: &str) -> Result<(), PortError> {
        assert_eq!(order.findings().iter().filter(|finding| finding.holds).count(), 12);
        self.opened.lock().expect("no panic").push(key.to_owned());
        self.answer.clone().map(drop)
    }
    fn close(&self, _: &str, _: &str) -> Result<bool, PortError> {
        self.answer.clone()
    }
}

pub fn at(text: &str) -> DateTime {
    text.parse().expect("a moment")
}

/// Runs every day through one.
pub fn days(world: &mut World, until: Date) {
    while world.on < until {
        world.on = plus_days(world.on, 1);
        run_day(&world.store, &work("system"), world.on, DayOptions::default(), &Quiet).expect("a day");
    }
}

/// The open notices of a kind of the first account are handed over and signed for.
pub fn serve(conn: &mut Conn, kind: &str, at: DateTime) -> u64 {
    let report = ServiceReport {
        signer: Some("甲".to_owned()),
        signer_role: Some(SignerRole::Oneself),
        ..ServiceReport::new(ServiceWay::Signed, at)
    };
    let mut open = notices_of_account(conn, 1).expect("SQL");
    open.retain(|notice| notice.kind.word() == kind && notice.state == "open");
    for notice in &open {
        notice_serve(conn, &work("S002"), (1, notice.notice_no), &report).expect("a service");
    }
    open.len() as u64
}

/// The first home owes its bill of March, due on the 12th, and was demanded on the 14th; today is 12 April, the first lawful day.
pub fn indebted(store: &Store) -> World {
    let mut world = World::new(store);
    world.live(27, &[Shown::More(260); 4]);
    assert_eq!(world.on, date(2026, 3, 5));
    days(&mut world, date(2026, 3, 13));
    let due = world.conn.query_int("SELECT due_on FROM receivable WHERE account_id = 1", &[]).expect("SQL");
    assert_eq!(due, 20_260_312);
    days(&mut world, date(2026, 3, 14));
    serve(&mut world.conn, "demand", at("2026-03-14T10:00"));
    days(&mut world, date(2026, 4, 12));
    world
}

pub fn case(conn: &mut Conn) -> CutCase {
    store::cases_of(conn, 1).expect("SQL").pop().expect("a case")
}

pub fn code<T: std::fmt::Debug>(result: Result<T, OfficeError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(error) => error.code().unwrap_or_else(|| panic!("{error}")),
    }
}

/// Approved on Monday 13 April and served the same day: the window is 16 to 20 April.
pub fn noticed(store: &Store) -> World {
    let mut world = indebted(store);
    let conn = &mut world.conn;
    assert_eq!(case(conn).state, CutState::Proposed);
    assert_eq!(code(cut_approve(conn, &work("S001"), 1, at("2026-04-13T09:00"))), "access.not_a_manager");
    cut_approve(conn, &work("S002"), 1, at("2026-04-13T09:00")).expect("an approval");
    assert_eq!(serve(conn, "stop_plan", at("2026-04-13T15:00")), 1);
    world
}

pub fn call(conn: &mut Conn, called: &str, told: &str) -> Result<store::CallRow, OfficeError> {
    let call =
        CutCall { account_id: 1, told_cut_at: at(told), outcome: CallOutcome::Reached, evidence_no: None };
    cut_call(conn, &work("S004"), &call, at(called))
}

pub fn execute(conn: &mut Conn, moment: &str) -> Result<OperationRow, OfficeError> {
    cut_execute(conn, &work("S004"), 1, Channel::Field, at(moment)).map(|done| done.operation)
}

pub fn paid(conn: &mut Conn, yuan: i64, on: Date) {
    let payment = Payment {
        channel: Paid::Cash,
        external_id: format!("cut-{yuan}-{on}"),
        amount: Money::yuan(yuan),
        paid_on: on,
    };
    pay(conn, &work("S001"), 1, &payment, on).expect("a payment");
}

fn warrant(conn: &mut Conn, moment: &str) -> Result<store::WarrantRow, OfficeError> {
    warrant_issue(conn, &work("S004"), 1, at(moment))
}

fn task(conn: &mut Conn, kind: &str) -> usize {
    let all = denghuo_store::day::Range { from: 0, to: i64::MAX };
    denghuo_store::tasks::open_of(conn, kind, all).expect("SQL").len()
}

/// Power is off since Thursday 16 April, 10:05.
fn dark(store: &Store) -> World {
    let mut world = noticed(store);
    let conn = &mut world.conn;
    warrant(conn, "2026-04-16T09:00").expect("a warrant");
    call(conn, "2026-04-16T09:30", "2026-04-16T10:00").expect("a call");
    execute(conn, "2026-04-16T10:00").expect("an order");
    cut_confirm(conn, &work("S004"), 1, (true, None), at("2026-04-16T10:05")).expect("done");
    world
}

#[test]
fn power_goes_off_by_the_law_and_comes_back_after_payment() {
    on_each_engine(|store| {
        let mut world = noticed(store);
        let conn = &mut world.conn;
        // Not before the window, not without a warrant, not without the call, not before the told time.
        assert_eq!(code(warrant(conn, "2026-04-15T09:00")), "cuts.gate_failed");
        assert_eq!(code(execute(conn, "2026-04-16T10:00")), "cuts.no_warrant");
        let made = warrant(conn, "2026-04-16T09:00").expect("a warrant");
        assert_eq!(warrant(conn, "2026-04-16T09:10").expect("the same warrant"), made);
        assert_eq!(code(execute(conn, "2026-04-16T10:00")), "cuts.gate_failed");
        assert_eq!(code(call(conn, "2026-04-16T09:31", "2026-04-16T10:00")), "cuts.told_too_soon");
        call(conn, "2026-04-16T09:30", "2026-04-16T10:00").expect("a call");
        assert_eq!(code(execute(conn, "2026-04-16T09:59")), "cuts.gate_failed");
        let shown = gates_show(conn, &work("S004"), 1, at("2026-04-16T10:00")).expect("gates");
        assert!(shown.lawful, "{shown:#?}");
        execute(conn, "2026-04-16T10:00").expect("an order");
        assert_eq!(code(execute(conn, "2026-04-16T10:01")), "cuts.wrong_state");
        let late = cut_confirm(conn, &work("S004"), 1, (true, None), at("2026-04-16T16:00"));
        assert_eq!(code(late), "cuts.too_late");
        cut_confirm(conn, &work("S004"), 1, (true, None), at("2026-04-16T10:05")).expect("done");
        assert_eq!(case(conn).state, CutState::Cut);
        world.proven();

        let conn = &mut world.conn;
        assert!(
            sweep(conn, &work("system"), at("2026-04-17T10:59")).expect("a sweep").restorations.is_empty()
        );
        paid(conn, 400, date(2026, 4, 17));
        let swept = sweep(conn, &work("system"), at("2026-04-17T11:00")).expect("a sweep");
        assert_eq!(swept.restorations, [1]);
        let again = sweep(conn, &work("system"), at("2026-04-17T11:01")).expect("a sweep");
        assert!(again.restorations.is_empty());
        let order = store::operations_of(conn, 1).expect("SQL").pop().expect("an operation");
        assert_eq!((order.kind.as_str(), order.due_at), ("restore", Some(at("2026-04-18T11:00"))));
        assert_eq!(task(conn, "restoration"), 1);
        cut_confirm(conn, &work("S004"), 1, (true, None), at("2026-04-17T15:00")).expect("restored");
        let ended = case(conn);
        assert_eq!((ended.state, ended.outcome.as_deref()), (CutState::Restored, Some("restored")));
        assert_eq!(task(conn, "restoration") + task(conn, "cut_due") + task(conn, "cut_approval"), 0);
        world.proven();
    });
}

#[test]
fn a_payment_between_warrant_and_operation_wins() {
    on_each_engine(|store| {
        let mut world = noticed(store);
        let conn = &mut world.conn;
        warrant(conn, "2026-04-16T09:00").expect("a warrant");
        call(conn, "2026-04-16T09:30", "2026-04-16T10:00").expect("a call");
        paid(conn, 400, date(2026, 4, 16));
        assert_eq!(code(execute(conn, "2026-04-16T10:00")), "cuts.books_moved");
        let ended = case(conn);
        assert_eq!((ended.state, ended.outcome.as_deref()), (CutState::Closed, Some("paid")));
        assert_eq!(store::warrants_of(conn, 1, 1).expect("SQL")[0].state, "revoked");
        assert_eq!(code(execute(conn, "2026-04-16T10:01")), "cuts.no_case");
        world.proven();
    });
}

#[test]
fn a_part_payment_takes_the_warrant_but_not_the_case() {
    on_each_engine(|store| {
        let mut world = noticed(store);
        let conn = &mut world.conn;
        warrant(conn, "2026-04-16T09:00").expect("a warrant");
        paid(conn, 1, date(2026, 4, 16));
        sweep(conn, &work("system"), at("2026-04-16T09:05")).expect("a sweep");
        assert_eq!(store::warrants_of(conn, 1, 1).expect("SQL")[0].state, "revoked");
        assert_eq!(case(conn).state, CutState::Served);
        let second = warrant(conn, "2026-04-16T09:06").expect("a warrant on the new books");
        assert_eq!(second.warrant_no, 2);
        world.proven();
    });
}

#[test]
fn a_payment_calls_a_field_order_back_and_the_meter_is_looked_at() {
    on_each_engine(|store| {
        let mut world = noticed(store);
        let conn = &mut world.conn;
        warrant(conn, "2026-04-16T09:00").expect("a warrant");
        call(conn, "2026-04-16T09:30", "2026-04-16T10:00").expect("a call");
        execute(conn, "2026-04-16T10:00").expect("an order");
        paid(conn, 400, date(2026, 4, 16));
        let swept = sweep(conn, &work("system"), at("2026-04-16T10:01")).expect("a sweep");
        assert_eq!(swept.restorations, [1]);
        let states: Vec<String> = store::operations_of(conn, 1)
            .expect("SQL")
            .into_iter()
            .map(|o| format!("{} {}", o.kind, o.state))
            .collect();
        assert_eq!(states, ["cut cancelled", "restore ordered"]);
        world.proven();
        let done = cut_confirm(&mut world.conn, &work("S004"), 1, (true, None), at("2026-04-16T11:00"));
        assert_eq!(done.expect("power is there").kind, "restore");
        world.proven();
    });
}

#[test]
fn the_relay_hears_of_an_operation_once() {
    on_each_engine(|store| {
        let mut world = noticed(store);
        let conn = &mut world.conn;
        let unknown = Fake::new(Err(PortError::Unknown("超时".to_owned())));
        warrant(conn, "2026-04-16T09:00").expect("a warrant");
        call(conn, "2026-04-16T09:30", "2026-04-16T10:00").expect("a call");
        let remote = |conn: &mut Conn, relay: &Fake, moment: &str| {
            cut_execute(conn, &work("S004"), 1, Channel::Remote(relay), at(moment)).map(|done| done.operation)
        };
        assert_eq!(remote(conn, &unknown, "2026-04-16T10:00").expect("sent").state, "doubtful");
        assert_eq!(task(conn, "cut_doubtful"), 1);
        // Never a second command blindly.
        for moment in ["2026-04-16T10:01", "2026-04-16T10:30"] {
            assert_eq!(code(remote(conn, &unknown, moment)), "cuts.wrong_state");
            assert_eq!(code(warrant(conn, moment)), "cuts.wrong_state");
        }
        assert_eq!(unknown.count(), 1);
        world.proven();
        // Somebody looks: it was done, at the moment of the command, whenever it is found out.
        let conn = &mut world.conn;
        let found = cut_confirm(conn, &work("S004"), 1, (true, None), at("2026-04-16T17:00")).expect("found");
        assert_eq!(found.done_at, Some(at("2026-04-16T10:00")));
        world.proven();
        // Restoration by a relay that permits closing at the meter.
        let conn = &mut world.conn;
        paid(conn, 400, date(2026, 4, 16));
        sweep(conn, &work("system"), at("2026-04-16T18:00")).expect("a sweep");
        let relay = Fake::new(Ok(true));
        let sent = restore_send(conn, &work("S004"), 1, &relay, at("2026-04-16T18:01")).expect("sent");
        assert_eq!(sent.state, "confirm_at_meter");
        cut_confirm(conn, &work("S004"), 1, (true, None), at("2026-04-16T18:30")).expect("confirmed");
        assert_eq!(case(conn).state, CutState::Restored);
        world.proven();
    });
}

#[test]
fn a_relay_that_refuses_leaves_the_case_and_needs_a_new_warrant() {
    let database = denghuo_store::testing::sqlite().expect("a database");
    let mut world = noticed(&database.store);
    let conn = &mut world.conn;
    let never = Fake::new(Err(PortError::Never("无此表".to_owned())));
    warrant(conn, "2026-04-16T09:00").expect("a warrant");
    call(conn, "2026-04-16T09:30", "2026-04-16T10:00").expect("a call");
    let sent = cut_execute(conn, &work("S004"), 1, Channel::Remote(&never), at("2026-04-16T10:00"));
    assert_eq!(sent.expect("sent").operation.state, "failed");
    assert_eq!(code(execute(conn, "2026-04-16T10:05")), "cuts.no_warrant");
    warrant(conn, "2026-04-16T10:05").expect("another warrant");
    execute(conn, "2026-04-16T10:06").expect("an order");
    world.proven();
}

#[test]
fn a_window_that_passes_is_withdrawn_and_served_again() {
    on_each_engine(|store| {
        let mut world = noticed(store);
        warrant(&mut world.conn, "2026-04-16T09:00").expect("a warrant");
        days(&mut world, date(2026, 4, 17));
        assert_eq!(store::warrants_of(&mut world.conn, 1, 1).expect("SQL")[0].state, "expired");
        assert_eq!(task(&mut world.conn, "cut_due"), 1);
        days(&mut world, date(2026, 4, 20));
        let open = case(&mut world.conn);
        assert_eq!((open.state, open.round, open.window_to), (CutState::Served, 1, Some(date(2026, 4, 20))));
        days(&mut world, date(2026, 4, 21));
        let again = case(&mut world.conn);
        assert_eq!((again.state, again.round), (CutState::Approved, 2));
        assert_eq!(code(warrant(&mut world.conn, "2026-04-21T10:00")), "cuts.wrong_state");
        // Served again: the new window counts from the new service.
        serve(&mut world.conn, "stop_plan", at("2026-04-22T10:00"));
        days(&mut world, date(2026, 4, 23));
        let open = case(&mut world.conn);
        assert_eq!(open.window_from.zip(open.window_to), Some((date(2026, 4, 25), date(2026, 4, 29))));
        world.proven();
    });
}

#[test]
fn a_day_that_is_run_again_changes_nothing() {
    let database = denghuo_store::testing::sqlite().expect("a database");
    let mut world = noticed(&database.store);
    for on in [date(2026, 4, 16), date(2026, 4, 21)] {
        days(&mut world, on);
        world.stages();
    }
    world.proven();
}

#[test]
fn a_hold_or_a_declared_window_stops_the_warrant() {
    let database = denghuo_store::testing::sqlite().expect("a database");
    let mut world = noticed(&database.store);
    let conn = &mut world.conn;
    conn.batch(
        "INSERT INTO hold (account_id, hold_no, kind, bill_no, from_on, reason, source, set_by) \
         VALUES (1, 1, 'dispute', 0, 20260415, '电量有异议', 'S001', 'S001')",
    )
    .expect("SQL");
    assert_eq!(code(warrant(conn, "2026-04-16T09:00")), "cuts.gate_failed");
    conn.batch("UPDATE hold SET released_on = 20260416, released_by = 'S001', release_reason = '已复核'")
        .expect("SQL");
    assert_eq!(code(warrant(conn, "2026-04-16T09:00")), "ok");
    let heat = denghuo_office::disconnection::NewWindow {
        kind: "extreme_heat".to_owned(),
        org: Some("C".to_owned()),
        from_on: date(2026, 4, 16),
        until_on: date(2026, 4, 17),
        reason: "高温".to_owned(),
    };
    denghuo_office::disconnection::window_declare(conn, &work("S002"), &heat, date(2026, 4, 16))
        .expect("declared");
    call(conn, "2026-04-16T09:30", "2026-04-16T10:00").expect("a call");
    assert_eq!(code(execute(conn, "2026-04-16T10:00")), "cuts.gate_failed");
    assert_eq!(store::warrants_of(conn, 1, 1).expect("SQL")[0].state, "revoked");
    world.proven();
}

#[test]
fn security_restores_and_a_late_restoration_is_told() {
    on_each_engine(|store| {
        let mut world = dark(store);
        let conn = &mut world.conn;
        conn.batch(
            "INSERT INTO security (account_id, security_no, kind, giver, amount_fen, from_on, until_on, noted_by) \
             VALUES (1, 1, 'joint_guarantee', '乙', 10000000, 20260417, 20270417, 'S004')",
        )
        .expect("SQL");
        assert_eq!(sweep(conn, &work("system"), at("2026-04-17T09:00")).expect("a sweep").restorations, [1]);
        sweep(conn, &work("system"), at("2026-04-18T09:00")).expect("a sweep");
        assert_eq!(task(conn, "restoration_late"), 0);
        sweep(conn, &work("system"), at("2026-04-18T09:01")).expect("a sweep");
        assert_eq!(task(conn, "restoration_late"), 1);
        world.proven();
    });
}

#[test]
fn who_had_paid_before_is_restored_and_a_manager_hears_of_it() {
    on_each_engine(|store| {
        let mut world = dark(store);
        let conn = &mut world.conn;
        // The bank tells on the 17th of a payment of the 14th.
        let payment = Payment {
            channel: Paid::Transfer,
            external_id: "bank-1".to_owned(),
            amount: Money::yuan(400),
            paid_on: date(2026, 4, 14),
        };
        pay(conn, &work("S001"), 1, &payment, date(2026, 4, 17)).expect("a payment");
        days(&mut world, date(2026, 4, 18));
        assert_eq!(task(&mut world.conn, "cut_after_payment"), 1);
        assert_eq!(task(&mut world.conn, "restoration"), 1);
        world.proven();
    });
}

#[test]
fn a_manager_restores_what_was_cut_by_mistake() {
    let database = denghuo_store::testing::sqlite().expect("a database");
    let mut world = dark(&database.store);
    let conn = &mut world.conn;
    let by = |by: &'static str| {
        move |conn: &mut Conn| restore_order(conn, &work(by), 1, "误停", at("2026-04-16T11:00"))
    };
    assert_eq!(code(by("S004")(conn)), "access.not_a_manager");
    assert_eq!(by("S002")(conn).expect("ordered").due_at, Some(at("2026-04-17T11:00")));
    cut_confirm(conn, &work("S004"), 1, (true, None), at("2026-04-16T12:00")).expect("restored");
    world.proven();
}

#[test]
fn what_is_not_to_be_is_refused_in_words() {
    let database = denghuo_store::testing::sqlite().expect("a database");
    let mut world = indebted(&database.store);
    let conn = &mut world.conn;
    let propose = |conn: &mut Conn, account_id, reason: &str, moment: &str| {
        let proposal = CutProposal { account_id, reason: reason.to_owned(), step: None };
        code(cut_propose(conn, &work("S001"), &proposal, at(moment)))
    };
    assert_eq!(propose(conn, 1, "theft", "2026-04-13T09:00"), "cuts.not_arrears");
    assert_eq!(propose(conn, 1, "arrears", "2026-04-13T09:00"), "cuts.already_live");
    // Nobody proved that the second home was told.
    assert_eq!(propose(conn, 2, "arrears", "2026-04-13T09:00"), "cuts.gate_failed");
    cut_reject(conn, &work("S002"), 1, "再催一次", at("2026-04-13T09:00")).expect("rejected");
    // What a manager rejected is not proposed again by the same step; a person may.
    days(&mut world, date(2026, 4, 14));
    let conn = &mut world.conn;
    assert_eq!(case(conn).outcome.as_deref(), Some("rejected"));
    assert_eq!(propose(conn, 1, "arrears", "2026-04-14T09:00"), "ok");
    assert_eq!(code(cut_approve(conn, &work("S002"), 1, at("2026-04-14T09:00"))), "ok");
    assert_eq!(code(cut_withdraw(conn, &work("S001"), 1, "客户来访", at("2026-04-14T10:00"))), "ok");
    // The paper that was on its way reaches nobody.
    assert_eq!(serve(conn, "stop_plan", at("2026-04-14T11:00")), 0);
    world.proven();
}
