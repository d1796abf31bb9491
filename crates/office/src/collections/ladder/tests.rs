//! The stage `dun` on both databases.

use crate::day::{DayOptions, Quiet, run_day};
use crate::work::Work;
use denghuo_rules::calendar::{Month, plus_days};
use denghuo_rules::registry::Category;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::units::Money;
use denghuo_store::collections::{ReceivableRow, insert_receivables};
use denghuo_store::testing::{contents, first_difference, on_each_engine};
use denghuo_store::{Conn, Store};
use jiff::civil::{Date, date};
use std::sync::LazyLock;

static BOOK: LazyLock<Rulebook> = LazyLock::new(Rulebook::embedded);

pub(crate) fn work(by: &str) -> Work<'static> {
    let site = Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd", "site"]);
    Work { book: &BOOK, site, by: by.to_owned(), now: 1_770_000_000_000 }
}

/// A small company: S001 collects, S002 leads the station, S003 the company; accounts `A1`… on its one route.
pub(crate) fn company(conn: &mut Conn, accounts: i64) {
    conn.batch(
        "INSERT INTO org (org_id, code, name, kind, parent_id) VALUES (1, 'C', '县公司', 'company', NULL), (2, 'P', '城关所', 'station', 1);
         INSERT INTO staff (staff_id, code, name, org_id, role, from_on) VALUES (1, 'S001', '', 2, 'collector', 20200101),
         (2, 'S002', '', 2, 'manager', 20200101), (3, 'S003', '', 1, 'manager', 20200101), (4, 'S004', '', 2, 'verifier', 20200101);
         INSERT INTO route (route_id, code, name, org_id, reader_id, read_day, first_month) VALUES (1, 'R1', '', 2, 1, 5, 202601)",
    )
    .unwrap();
    for n in 1..=accounts {
        conn.execute(
            "INSERT INTO account (account_id, account_no, customer_id, org_id, route_id, address, opened_on) \
             VALUES ($1, $2, 1, 2, 1, '一号', 20200101)",
            &[n.into(), (&format!("A{n}")).into()],
        )
        .unwrap();
        let named = conn.query_int("SELECT COUNT(*) FROM customer", &[]).unwrap();
        if named == 0 {
            conn.batch(
                "INSERT INTO customer (customer_id, code, name, kind) VALUES (1, 'K1', '甲', 'person')",
            )
            .unwrap();
        }
    }
}

/// A released bill of 1,000 yuan, due on a day.
pub(crate) fn owes(conn: &mut Conn, account_id: i64, bill_no: i64, due_on: Date) {
    let released_on = plus_days(due_on, -7);
    let row = ReceivableRow {
        account_id,
        bill_no,
        month: Month::of(released_on),
        category: Category::Household,
        amount: Money::yuan(1_000),
        open: Money::yuan(1_000),
        released_on,
        released_by: "S002".to_owned(),
        due_on,
        settled_on: None,
    };
    insert_receivables(conn, &[row]).unwrap();
    conn.execute(
        "INSERT INTO balance (account_id, next_entry_no, receivable_fen, late_fee_fen, prepaid_fen) \
         VALUES ($1, 1, 100000, 0, 0) ON CONFLICT (account_id) DO UPDATE SET receivable_fen = balance.receivable_fen + 100000",
        &[account_id.into()],
    )
    .unwrap();
}

pub(crate) fn run(store: &Store, on: Date) {
    run_day(store, &work("system"), on, DayOptions { workers: 2, shard: 4 }, &Quiet).unwrap();
}

/// The demands of the account arrive.
pub(crate) fn served(conn: &mut Conn, account_id: i64, on: Date) {
    conn.execute(
        "UPDATE notice SET state = 'served', served_at = $2, served_how = 'door' \
         WHERE account_id = $1 AND kind = 'demand' AND state = 'open'",
        &[account_id.into(), on.to_datetime(jiff::civil::time(9, 0, 0, 0)).into()],
    )
    .unwrap();
}

/// `kind:bill:round state due_on` of every step of an account but the bill's notice.
pub(crate) fn steps(conn: &mut Conn, account_id: i64) -> Vec<String> {
    conn.query(
        "SELECT kind, bill_no, round, state, due_on FROM ladder_step WHERE account_id = $1 AND kind <> 'bill_notice' \
         ORDER BY due_on, kind, round",
        &[account_id.into()],
        |row| {
            Ok(format!("{}:{}:{} {} {}", row.text(0)?, row.int(1)?, row.int(2)?, row.text(3)?, row.date(4)?))
        },
    )
    .unwrap()
}

#[test]
fn a_debtor_walks_from_arrears_to_the_planned_stop() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        company(&mut conn, 12);
        // Nine owe on the same day, one a month later, two owe nothing.
        for account in 1..=9 {
            owes(&mut conn, account, 1, date(2026, 7, 20));
        }
        owes(&mut conn, 10, 1, date(2026, 8, 20));
        let mut on = date(2026, 7, 19);
        while on <= date(2026, 8, 21) {
            run(store, on);
            if on == date(2026, 7, 25) {
                (1..=8).for_each(|account| served(&mut conn, account, on));
            }
            on = plus_days(on, 1);
        }
        for account in 1..=8 {
            assert_eq!(
                steps(&mut conn, account),
                [
                    "arrears:1:1 done 2026-07-21",
                    "demand:1:1 done 2026-07-22",
                    "stop_plan:1:1 done 2026-08-20"
                ],
                "disconnection took it up"
            );
        }
        assert_eq!(
            steps(&mut conn, 9),
            [
                "arrears:1:1 done 2026-07-21",
                "demand:1:1 failed 2026-07-22",
                "demand:1:2 failed 2026-07-30",
                "demand:1:3 failed 2026-08-07"
            ]
        );
        assert_eq!(steps(&mut conn, 10), ["arrears:1:1 done 2026-08-21"]);
        assert!(steps(&mut conn, 11).is_empty());
        let told = conn
            .query(
                "SELECT subject, content, fee_fen FROM notice WHERE account_id = 9 AND kind = 'demand' ORDER BY notice_no",
                &[],
                |row| Ok((row.text(0)?, row.text(1)?, row.int(2)?)),
            )
            .unwrap();
        let subjects: Vec<&str> = told.iter().map(|(subject, _, _)| subject.as_str()).collect();
        assert_eq!(subjects, ["bill:1", "bill:1:2", "bill:1:3"]);
        // Two days of 1‰ on the day of the demand.
        assert_eq!(told[0].2, 200);
        assert!(
            told[0].1.contains(r#""bill_no":1"#) && told[0].1.contains(r#""late_fee":"2.00""#),
            "{}",
            told[0].1
        );
        let tasks = denghuo_store::tasks::of_account(&mut conn, 9).unwrap();
        assert!(tasks.iter().any(|task| task.codes == "unserved"), "{tasks:?}");
    });
}

#[test]
fn a_day_that_is_run_again_as_if_nobody_knew_changes_nothing() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        company(&mut conn, 30);
        for account in (1..=30).step_by(3) {
            owes(&mut conn, account, 1, date(2026, 7, 20));
            owes(&mut conn, account, 2, date(2026, 7, 21));
        }
        for on in
            [date(2026, 7, 21), date(2026, 7, 22), date(2026, 7, 23), date(2026, 8, 3), date(2026, 8, 24)]
        {
            run(store, on);
            let told = |conn: &mut Conn| {
                let mut contents = contents(conn).unwrap();
                contents.retain(|table, _| !table.starts_with("day_"));
                contents
            };
            let before = told(&mut conn);
            for table in ["day_run", "day_stage", "day_shard"] {
                conn.execute(&format!("DELETE FROM {table} WHERE run_on = $1"), &[on.into()]).unwrap();
            }
            run(store, on);
            assert_eq!(first_difference(&before, &told(&mut conn)), None, "{on}");
            (1..=30).for_each(|account| served(&mut conn, account, on));
        }
    });
}

#[test]
fn a_payment_is_seen_by_its_day_and_what_is_taken_back_climbs_again() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        company(&mut conn, 2);
        for account in 1..=2 {
            owes(&mut conn, account, 1, date(2026, 7, 20));
        }
        let mut on = date(2026, 7, 21);
        let until = |conn: &mut Conn, on: &mut Date, last: Date| {
            while *on <= last {
                run(store, *on);
                served(conn, 1, *on);
                *on = plus_days(*on, 1);
            }
        };
        until(&mut conn, &mut on, date(2026, 8, 20));
        assert_eq!(steps(&mut conn, 1).last().unwrap(), "stop_plan:1:1 due 2026-08-20");
        let paid = crate::payments::Payment {
            channel: denghuo_rules::payments::Channel::Cash,
            external_id: "P1".to_owned(),
            amount: Money::yuan(2_000),
            paid_on: on,
        };
        crate::payments::pay(&mut conn, &work("S001"), 1, &paid, on).unwrap();
        until(&mut conn, &mut on, date(2026, 8, 21));
        assert_eq!(steps(&mut conn, 1).last().unwrap(), "stop_plan:1:1 withdrawn 2026-08-20");
        until(&mut conn, &mut on, date(2026, 8, 25));
        crate::payments::reverse(&mut conn, &work("S001"), (1, 1), "误收", on).unwrap();
        until(&mut conn, &mut on, date(2026, 8, 26));
        assert_eq!(steps(&mut conn, 1).last().unwrap(), "stop_plan:1:2 due 2026-08-26");
    });
}

mod agreements;
