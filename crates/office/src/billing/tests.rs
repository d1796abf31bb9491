//! Life stories of a bill on both databases: calculated, released, corrected late, taken back, calculated again.

use super::{
    bill_assess, bill_cancel, bill_explain, bill_rebill, pending_approve, pending_list,
    standing_release_grant,
};
use crate::day::{DayOptions, DayReport, Quiet, run_day};
use crate::metering::tests::{read, village, work};
use crate::metering::{Answer, ExceptionKind, REBILL_TASK, Resolution, exception_resolve, reading_correct};
use crate::verify::verify;
use crate::work::Work;
use denghuo_rules::metering::{RegisterSet, Shown, Source};
use denghuo_rules::rulebook::Rulebook;
use denghuo_rules::units::{Energy, Money};
use denghuo_store::day::Range;
use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, Store, billing as rows, tasks};
use jiff::civil::{Date, date};

mod why;

const AUGUST: Date = date(2026, 8, 10);
const SEPTEMBER: Date = date(2026, 9, 10);

/// One home, billed to 10 July; bills go out by standing order.
fn unbilled(store: &Store, book: &Rulebook) -> Conn {
    let mut conn = store.connect().unwrap();
    village(&mut conn, 1);
    let mut state = rows::state(&mut conn, 1).unwrap().unwrap();
    state.next_bill_no = 1;
    rows::save_states(&mut conn, &[state]).unwrap();
    standing_release_grant(&mut conn, &by("S003", book), 1, date(2026, 7, 1), Money::yuan(10_000)).unwrap();
    conn
}

/// The home read on 10 August (350) and 10 September (500).
fn home(store: &Store, book: &Rulebook) -> Conn {
    let mut conn = unbilled(store, book);
    read(&mut conn, &[(1, AUGUST, 350), (1, SEPTEMBER, 500)]);
    day(store, book, AUGUST);
    day(store, book, SEPTEMBER);
    conn
}

fn by<'b>(who: &str, book: &'b Rulebook) -> Work<'b> {
    Work { by: who.into(), ..work(book) }
}

fn day(store: &Store, book: &Rulebook, on: Date) -> DayReport {
    let report = run_day(store, &by("system", book), on, DayOptions::default(), &Quiet).unwrap();
    assert!(report.stages.iter().all(|stage| stage.adds_up()), "{report:?}");
    report
}

fn whole(conn: &mut Conn, book: &Rulebook) {
    let verification = verify(conn, &work(book)).unwrap();
    let broken: Vec<_> = verification.checks.iter().filter(|(_, check)| !check.ok).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

fn owed(conn: &mut Conn) -> Money {
    let balance = denghuo_store::ledger::balance(conn, 1).unwrap();
    balance.receivable - balance.prepaid
}

fn yuan(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn two_months_are_billed_and_released() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = home(store, &book);
        let bills = rows::bills_of(&mut conn, Range { from: 1, to: 1 }).unwrap();
        let amounts: Vec<_> = bills.iter().map(|b| (b.active, b.amount)).collect();
        // 0.5469 yuan a kWh in the first tier.
        assert_eq!(amounts, [(Energy::kwh(150), yuan("82.04")), (Energy::kwh(150), yuan("82.04"))]);
        assert_eq!(owed(&mut conn), yuan("164.08"));
        let explained = bill_explain(&mut conn, &work(&book), (1, 1)).unwrap();
        assert_eq!(explained.derived, yuan("82.04"));
        assert!(explained.rules.iter().any(|(id, ..)| id.starts_with("cn-sd.household_tiers")));
        whole(&mut conn, &book);
    });
}

#[test]
fn a_day_run_again_changes_nothing() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = home(store, &book);
        let before = denghuo_store::verify::books_digest(&mut conn).unwrap();
        let again = day(store, &book, SEPTEMBER);
        assert_eq!(again.stage("bill").unwrap().done, 1, "the report is told again");
        assert_eq!(denghuo_store::verify::books_digest(&mut conn).unwrap(), before);
        let past = run_day(store, &work(&book), AUGUST, DayOptions::default(), &Quiet).unwrap_err();
        assert_eq!(past.code(), Some("day.past"));
    });
}

#[test]
fn a_late_correction_moves_both_months_and_claims_only_the_difference() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = home(store, &book);
        let shown = Shown {
            installation_no: 1,
            source: Source::Field,
            registers: RegisterSet::total_only(AUGUST, Energy::kwh(320)),
        };
        reading_correct(&mut conn, &by("S001", &book), 1, &[shown], "抄错", SEPTEMBER).unwrap();
        assert_eq!(open_tasks(&mut conn), 1);
        let made = bill_rebill(&mut conn, &by("S002", &book), SEPTEMBER, (1, 1), "抄错").unwrap();
        let moved: Vec<_> = made.iter().map(|c| (c.bill.corrects_no, c.bill.active, c.bill.amount)).collect();
        assert_eq!(
            moved,
            [(Some(1), Energy::kwh(-30), yuan("-16.41")), (Some(2), Energy::kwh(30), yuan("16.40"))]
        );
        assert_eq!(open_tasks(&mut conn), 0);
        let same = pending_approve(&mut conn, &by("S001", &book), SEPTEMBER, (1, 3), true, "核对");
        assert_eq!(same.unwrap_err().code(), Some("access.not_a_manager"), "a reader does not release");
        let same = pending_approve(&mut conn, &by("S002", &book), SEPTEMBER, (1, 3), true, "核对");
        assert_eq!(same.unwrap_err().code(), Some("release.same_person"));
        let rejected = pending_approve(&mut conn, &by("S003", &book), SEPTEMBER, (1, 3), false, "不同意");
        assert_eq!(rejected.unwrap_err().code(), Some("release.not_rejectable"));
        let early = bill_cancel(&mut conn, &by("S002", &book), SEPTEMBER, (1, 1), "冲销").unwrap_err();
        assert_eq!(early.code(), Some("correction.waits"));
        for bill_no in [3, 4] {
            pending_approve(&mut conn, &by("S003", &book), SEPTEMBER, (1, bill_no), true, "核对").unwrap();
        }
        day(store, &book, date(2026, 9, 11));
        assert_eq!(owed(&mut conn), yuan("164.07"));
        whole(&mut conn, &book);
        let again = bill_rebill(&mut conn, &by("S001", &book), SEPTEMBER, (1, 1), "抄错").unwrap_err();
        assert_eq!(again.code(), Some("correction.nothing"));
    });
}

#[test]
fn an_assessed_theft_is_billed_with_its_penalty_after_a_second_word() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = home(store, &book);
        let case = "kind = \"theft\"\ntitle = \"私接2千瓦\"\non = 2020-05-01\ntheft = { load_kw = 2, price = \"0.40\" }\n";
        let made = bill_assess(&mut conn, &by("S002", &book), SEPTEMBER, 1, (case, "现场查获")).unwrap();
        assert_eq!(made.bill.amount, yuan("6912.00"), "1728.00 for the energy and three times as much");
        let same = pending_approve(&mut conn, &by("S002", &book), SEPTEMBER, (1, 3), true, "核对");
        assert_eq!(same.unwrap_err().code(), Some("release.same_person"));
        pending_approve(&mut conn, &by("S003", &book), SEPTEMBER, (1, 3), true, "核对").unwrap();
        day(store, &book, date(2026, 9, 11));
        assert_eq!(owed(&mut conn), yuan("7076.08"));
        assert_eq!(bill_explain(&mut conn, &work(&book), (1, 3)).unwrap().derived, yuan("6912.00"));
        whole(&mut conn, &book);
        let other = "kind = \"working_days\"\nstart = \"2025-01-24\"\nn = 3\n";
        let refused = bill_assess(&mut conn, &by("S002", &book), SEPTEMBER, 1, (other, "x")).unwrap_err();
        assert!(refused.code().is_some(), "{refused}");
    });
}

fn open_tasks(conn: &mut Conn) -> usize {
    tasks::open_of(conn, REBILL_TASK, Range { from: 1, to: 1 }).unwrap().len()
}

/// One home whose 10 August was missed: billed as the period before, 100 kWh, to a register of 300.
fn estimated(store: &Store, book: &Rulebook) -> Conn {
    let mut conn = unbilled(store, book);
    day(store, book, date(2026, 8, 14));
    answer(&mut conn, book, "missing:2026-08", Answer::Provisional, date(2026, 8, 14));
    day(store, book, date(2026, 8, 15));
    conn
}

#[test]
fn an_estimate_that_was_too_high_is_settled_by_the_next_real_reading() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = estimated(store, &book);
        // The meter shows 262 on 10 September: 62 kWh in 62 days, 31 of them in each period.
        read(&mut conn, &[(1, SEPTEMBER, 262)]);
        let stopped = day(store, &book, SEPTEMBER);
        assert_eq!(stopped.stage("bill").unwrap().parked, 1);
        answer(&mut conn, &book, "reading:2026-09-10", Answer::Settle, SEPTEMBER);
        let made = bill_rebill(&mut conn, &by("S001", &book), SEPTEMBER, (1, 1), "暂计结清").unwrap();
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].bill.active, Energy::kwh(31 - 100));
        assert_eq!(open_tasks(&mut conn), 0);
        pending_approve(&mut conn, &by("S002", &book), SEPTEMBER, (1, 2), true, "核对").unwrap();
        day(store, &book, date(2026, 9, 11));
        let energy: Energy =
            rows::bills_of(&mut conn, Range { from: 1, to: 1 }).unwrap().iter().map(|bill| bill.active).sum();
        assert_eq!(energy, Energy::kwh(62), "what was used is billed once");
        whole(&mut conn, &book);
    });
}

fn answer(conn: &mut Conn, book: &Rulebook, subject: &str, answer: Answer, on: Date) {
    let resolution = Resolution { answer, reason: "核实".into() };
    let key = (1, ExceptionKind::Exception, subject);
    exception_resolve(conn, &by("S002", book), key, &resolution, on).unwrap();
}

#[test]
fn a_cancelled_bill_is_taken_back_and_calculated_again() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = home(store, &book);
        let cancelled = bill_cancel(&mut conn, &by("S001", &book), SEPTEMBER, (1, 2), "重算").unwrap();
        assert_eq!(cancelled.bill.amount, yuan("-82.04"));
        pending_approve(&mut conn, &by("S002", &book), SEPTEMBER, (1, 3), true, "核对").unwrap();
        let report = day(store, &book, date(2026, 9, 11));
        assert_eq!(report.stage("bill").unwrap().done, 1, "its days are due again");
        assert_eq!(owed(&mut conn), yuan("164.08"));
        whole(&mut conn, &book);
        let twice = bill_cancel(&mut conn, &by("S001", &book), SEPTEMBER, (1, 2), "重算").unwrap_err();
        assert_eq!(twice.code(), Some("correction.cancelled"));
    });
}

#[test]
fn a_bill_that_was_not_let_through_never_reaches_the_ledger() {
    let book = Rulebook::embedded();
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        village(&mut conn, 1);
        let mut state = rows::state(&mut conn, 1).unwrap().unwrap();
        state.next_bill_no = 1;
        rows::save_states(&mut conn, &[state]).unwrap();
        read(&mut conn, &[(1, AUGUST, 350)]);
        let report = day(store, &book, AUGUST);
        assert_eq!(report.stage("issue").unwrap().parked, 1, "nobody has granted a release");
        pending_approve(&mut conn, &by("S002", &book), AUGUST, (1, 1), false, "电量可疑").unwrap();
        assert_eq!(owed(&mut conn), Money::ZERO);
        let states: Vec<_> = pending_list(&mut conn, Some(1)).unwrap().into_iter().map(|b| b.state).collect();
        assert_eq!(states, ["rejected", "rejected"]);
        for bill_no in [1, 2] {
            let late = pending_approve(&mut conn, &by("S003", &book), AUGUST, (1, bill_no), true, "反悔");
            assert_eq!(late.unwrap_err().code(), Some("release.not_waiting"), "what was stopped stays so");
        }
        let report = day(store, &book, date(2026, 8, 11));
        assert_eq!(report.stage("bill").unwrap().done, 1, "its days are due again");
        whole(&mut conn, &book);
    });
}
