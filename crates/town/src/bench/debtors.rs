//! The county of the ladder: everybody owes, and everybody is looked at on one day.

use denghuo_office::collections::DunStage;
use denghuo_office::day::Stage;
use denghuo_office::error::OfficeError;
use denghuo_rules::calendar::{Month, plus_days};
use denghuo_rules::collections::ladder::{Step, StepKind, StepState};
use denghuo_rules::notices::{Channel, NoticeKind};
use denghuo_rules::registry::Category;
use denghuo_rules::units::Money;
use denghuo_store::collections::{self, LadderRow, NEVER, ReceivableRow, StepRow};
use denghuo_store::day::Range;
use denghuo_store::notices::{self, NoticeRow};
use denghuo_store::registry::{self, Account, Org};
use denghuo_store::{Conn, Store, StoreError, site};
use jiff::civil::{Date, date, time};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The day on which every ladder is looked at.
pub const DUN_ON: Date = date(2026, 9, 1);
/// Accounts written at a time.
const CHUNK: i64 = 20_000;
/// Days overdue run from 1 to this, evenly over the accounts.
const SPREAD: i64 = 40;

/// Makes a county of debtors in an empty database. Their debts are one to forty days old; each stands where its ladder left
/// it the day before, its demand has arrived, and one in a hundred has a hold.
///
/// # Errors
/// The database's.
pub fn build_debtors(conn: &mut Conn, accounts: i64) -> Result<(), StoreError> {
    site::put(conn, "jurisdictions", "cn,sgcc,cn-sd,site")?;
    let org =
        Org {
            org_id: 1, code: "C01".into(), name: "县公司".into(), kind: "company".into(), parent_id: None
        };
    registry::insert_orgs(conn, &[org])?;
    let mut first = 1;
    while first <= accounts {
        let ids: Vec<i64> = (first..=(first + CHUNK - 1).min(accounts)).collect();
        conn.write(|conn| debtors_of(conn, &ids))?;
        first += CHUNK;
    }
    Ok(())
}

fn debtors_of(conn: &mut Conn, ids: &[i64]) -> Result<(), StoreError> {
    let rows: Vec<Account> = ids.iter().map(|id| account(*id)).collect();
    registry::insert_accounts(conn, &rows)?;
    let rows: Vec<ReceivableRow> = ids.iter().map(|id| receivable(*id)).collect();
    collections::insert_receivables(conn, &rows)?;
    let rows: Vec<LadderRow> = ids.iter().map(|id| ladder(*id)).collect();
    collections::save_ladders(conn, &rows)?;
    let rows: Vec<StepRow> = ids.iter().flat_map(|id| steps(*id)).collect();
    collections::save_steps(conn, &rows)?;
    let rows: Vec<NoticeRow> = ids.iter().flat_map(|id| told(*id)).collect();
    notices::insert_notices(conn, &rows)?;
    rows.iter().try_for_each(|row| notices::save_notice(conn, row))
}

fn days_overdue(id: i64) -> i64 {
    id % SPREAD + 1
}

fn due_on(id: i64) -> Date {
    plus_days(DUN_ON, -days_overdue(id))
}

fn account(id: i64) -> Account {
    Account {
        account_id: id,
        account_no: format!("37{id:08}"),
        customer_id: id,
        org_id: 1,
        route_id: 1,
        district_id: None,
        estate_id: None,
        address: format!("{id}号"),
        importance: "ordinary".into(),
        protection: None,
        opened_on: date(2020, 1, 1),
        closed_on: None,
    }
}

fn receivable(id: i64) -> ReceivableRow {
    let released_on = plus_days(due_on(id), -7);
    let amount = Money(5_000 + id * 7919 % 90_000);
    ReceivableRow {
        account_id: id,
        bill_no: 1,
        month: Month::of(released_on),
        category: if id % 50 == 0 { Category::Commercial } else { Category::Household },
        amount,
        open: amount,
        released_on,
        released_by: "S900".to_owned(),
        due_on: due_on(id),
        settled_on: None,
    }
}

fn ladder(id: i64) -> LadderRow {
    LadderRow {
        account_id: id,
        next_on: DUN_ON,
        stands_on: String::new(),
        changed_on: DUN_ON,
        importance: String::new(),
        protected: false,
        large: false,
    }
}

/// The steps that were made before the day.
fn steps(id: i64) -> Vec<StepRow> {
    let due = due_on(id);
    let made = |kind, on: Date, notice_no| StepRow {
        account_id: id,
        step: Step {
            bill_no: 1,
            kind,
            round: 1,
            state: StepState::Done,
            due_on: on,
            done_on: Some(on),
            notice_no,
            why: None,
        },
        rules: "sgcc.ladder".to_owned(),
    };
    let mut rows = Vec::new();
    if days_overdue(id) >= 2 {
        rows.push(made(StepKind::BillNotice, plus_days(due, -7), Some(1)));
        rows.push(made(StepKind::Arrears, plus_days(due, 1), None));
    }
    if days_overdue(id) >= 3 {
        rows.push(made(StepKind::Demand, plus_days(due, 2), Some(2)));
    }
    rows
}

/// The bill and the demand, both arrived on their day.
fn told(id: i64) -> Vec<NoticeRow> {
    let due = due_on(id);
    let notice = |notice_no, kind, on: Date, deadline_on| NoticeRow {
        account_id: id,
        notice_no,
        kind,
        subject: "bill:1".to_owned(),
        bill_no: 1,
        decided_on: on,
        due_by: plus_days(on, 3),
        deadline_on,
        amount: receivable(id).amount,
        fee: Money::ZERO,
        content: None,
        rules: String::new(),
        state: "served".to_owned(),
        served_at: Some(on.to_datetime(time(10, 0, 0, 0))),
        served_how: Some(Channel::Sms),
        evidence_no: None,
        ended_on: None,
        ended_why: None,
    };
    let mut rows = vec![notice(1, NoticeKind::Bill, plus_days(due, -7), None)];
    if days_overdue(id) >= 3 {
        rows.push(notice(2, NoticeKind::Demand, plus_days(due, 2), Some(plus_days(due, 9))));
    }
    rows
}

/// What looking at every ladder came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evaluation {
    /// Accounts that were looked at.
    pub accounts: i64,
    /// Steps that change.
    pub changes: i64,
    /// Time to load and decide.
    pub spent: Duration,
}

/// Loads and decides every due ladder with some threads, as the day's readers do, and writes nothing.
///
/// # Errors
/// The database's, or a missing rule.
pub fn evaluate(store: &Store, stage: &DunStage<'_>, threads: usize) -> Result<Evaluation, OfficeError> {
    let begun = Instant::now();
    let ranges = collections::ladder_ranges(&mut store.connect()?, DUN_ON, 4096)?;
    let (next, accounts, changes) = (AtomicUsize::new(0), AtomicI64::new(0), AtomicI64::new(0));
    let look = || {
        let mut conn = store.connect()?;
        while let Some(range) = ranges.get(next.fetch_add(1, Ordering::Relaxed)) {
            let decision = stage.decide(&mut conn, *range)?;
            accounts.fetch_add(decision.due(), Ordering::Relaxed);
            changes.fetch_add(decision.changes() as i64, Ordering::Relaxed);
        }
        Ok::<_, OfficeError>(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(look)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })?;
    let (accounts, changes) = (accounts.into_inner(), changes.into_inner());
    Ok(Evaluation { accounts, changes, spent: begun.elapsed() })
}

/// Nobody is to be looked at any more.
///
/// # Errors
/// The database's.
pub fn quiet(conn: &mut Conn, accounts: i64) -> Result<(), StoreError> {
    let everybody = Range { from: 1, to: accounts };
    let mut rows = collections::ladders_due(conn, everybody, NEVER)?;
    rows.iter_mut().for_each(|row| row.next_on = NEVER);
    rows.chunks(CHUNK as usize).try_for_each(|rows| conn.write(|conn| collections::save_ladders(conn, rows)))
}
