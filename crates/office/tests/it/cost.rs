//! 花费: a shard of the ladder and of the cuts costs the same number of statements whatever the number of its accounts.

use super::world::work;
use denghuo_office::collections::DunStage;
use denghuo_office::day::{DayOptions, Quiet, Stage as _, run_day};
use denghuo_office::disconnection::{cut_approve, disconnect_stage, sweep};
use denghuo_rules::calendar::{Month, plus_days};
use denghuo_rules::registry::Category;
use denghuo_rules::units::Money;
use denghuo_store::collections::{ReceivableRow, insert_receivables};
use denghuo_store::day::Range;
use denghuo_store::ledger::{Balance, save_balances};
use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, Store};
use jiff::civil::{Date, date};

/// A small shard and a large one.
const SHARDS: [Range; 2] = [Range { from: 1, to: 12 }, Range { from: 13, to: 60 }];
const DUE_ON: Date = date(2026, 3, 12);

/// Sixty homes that owe a bill of 1,000 yuan, due on the same day.
fn debtors(store: &Store) -> Conn {
    let mut conn = store.connect().expect("a connection");
    conn.batch(
        "INSERT INTO org (org_id, code, name, kind, parent_id) VALUES (1, 'C', '县公司', 'company', NULL), (2, 'P', '城关所', 'station', 1);
         INSERT INTO staff (staff_id, code, name, org_id, role, from_on) VALUES (1, 'S003', '', 1, 'manager', 20200101);
         INSERT INTO customer (customer_id, code, name, kind) VALUES (1, 'K1', '甲', 'person');
         INSERT INTO route (route_id, code, name, org_id, reader_id, read_day, first_month) VALUES (1, 'R1', '', 2, 1, 5, 202601)",
    )
    .expect("SQL");
    let ids = 1..=SHARDS[1].to;
    for id in ids.clone() {
        conn.execute(
            "INSERT INTO account (account_id, account_no, customer_id, org_id, route_id, address, opened_on) \
             VALUES ($1, $2, 1, 2, 1, '一号', 20200101)",
            &[id.into(), (&format!("A{id}")).into()],
        )
        .expect("SQL");
    }
    let released_on = plus_days(DUE_ON, -7);
    let rows: Vec<ReceivableRow> = ids
        .clone()
        .map(|account_id| ReceivableRow {
            account_id,
            bill_no: 1,
            month: Month::of(released_on),
            category: Category::Household,
            amount: Money::yuan(1_000),
            open: Money::yuan(1_000),
            released_on,
            released_by: "S003".to_owned(),
            due_on: DUE_ON,
            settled_on: None,
        })
        .collect();
    insert_receivables(&mut conn, &rows).expect("SQL");
    let owed = |id| Balance { receivable: Money::yuan(1_000), ..Balance::new(id) };
    save_balances(&mut conn, &ids.map(owed).collect::<Vec<_>>()).expect("SQL");
    conn
}

/// What each shard costs.
fn cost(conn: &mut Conn, mut shard: impl FnMut(&mut Conn, Range)) -> [u64; 2] {
    SHARDS.map(|range| {
        let before = conn.statements();
        shard(conn, range);
        conn.statements() - before
    })
}

fn same(what: &str, cost: [u64; 2]) {
    eprintln!("{what}: {} statements", cost[1]);
    assert_eq!(cost[0], cost[1], "{what}: 12 accounts and 48");
    assert!(cost[1] < 100, "{what}: {}", cost[1]);
}

fn dun(conn: &mut Conn, on: Date) -> [u64; 2] {
    let clerk = work("system");
    let stage = DunStage::new(&clerk, on).expect("a stage");
    stage.plan(conn, 4096).expect("ranges");
    cost(conn, |conn, range| {
        let decision = stage.decide(conn, range).expect("a decision");
        assert!(decision.changes() as i64 > range.to - range.from, "{on}");
        conn.write(|conn| stage.write(conn, decision)).expect("a shard");
    })
}

fn disconnect(conn: &mut Conn, on: Date) -> [u64; 2] {
    cost(conn, |conn, range| {
        let counts = disconnect_stage(conn, &work("system"), on, range).expect("a stage");
        assert_eq!((counts.due, counts.parked), (range.to - range.from + 1, 0), "{on}");
    })
}

fn count(conn: &mut Conn, sql: &str) -> i64 {
    conn.query_int(sql, &[]).expect("SQL")
}

fn serve(conn: &mut Conn, kind: &str, on: Date) {
    conn.execute(
        "UPDATE notice SET state = 'served', served_at = $1, served_how = 'door' WHERE kind = $2 AND state = 'open'",
        &[on.at(9, 0, 0, 0).into(), kind.into()],
    )
    .expect("SQL");
}

#[test]
fn a_shard_costs_the_same_whatever_the_number_of_its_accounts() {
    on_each_engine(|store| {
        let mut conn = debtors(store);
        let conn = &mut conn;
        let all = SHARDS[1].to;
        let day = |on| run_day(store, &work("system"), on, DayOptions::default(), &Quiet).expect("a day");
        day(plus_days(DUE_ON, 1));
        same("demands of the ladder", dun(conn, plus_days(DUE_ON, 2)));
        assert_eq!(count(conn, "SELECT COUNT(*) FROM ladder_step WHERE notice_no IS NOT NULL"), all);
        serve(conn, "demand", plus_days(DUE_ON, 2));
        day(plus_days(DUE_ON, 3));
        same("planned stops of the ladder", dun(conn, plus_days(DUE_ON, 31)));
        let first = plus_days(DUE_ON, 31);
        same("proposals", disconnect(conn, first));
        assert_eq!(count(conn, "SELECT COUNT(*) FROM cut_case WHERE state = 'proposed'"), all);
        same("cases that wait for a person", disconnect(conn, plus_days(first, 1)));
        // Monday, 13 April.
        for id in 1..=all {
            cut_approve(conn, &work("S003"), id, date(2026, 4, 13).at(9, 0, 0, 0)).expect("an approval");
        }
        same("notices on their way", disconnect(conn, date(2026, 4, 14)));
        serve(conn, "stop_plan", date(2026, 4, 14));
        same("notices that were served", disconnect(conn, date(2026, 4, 15)));
        assert_eq!(count(conn, "SELECT COUNT(*) FROM cut_case WHERE state = 'served'"), all);
        // On the first day of the window a sweep looks at all of them, before the stage of the day does.
        let before = conn.statements();
        let swept = sweep(conn, &work("system"), date(2026, 4, 17).at(0, 10, 0, 0)).expect("a sweep");
        assert_eq!(swept.cases as i64, all);
        let statements = conn.statements() - before;
        eprintln!("a sweep: {statements} statements");
        assert!(statements < 60, "a sweep: {statements}");
        assert_eq!(count(conn, "SELECT COUNT(*) FROM task WHERE kind = 'cut_due'"), all);
        same("windows that run", disconnect(conn, date(2026, 4, 17)));
    });
}
