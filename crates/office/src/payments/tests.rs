//! Life stories of accounts, on every engine, with every invariant checked after each.

use super::*;
use crate::collections::{
    WaiveOrder, arrears, book_late_fees, explain_balance, explain_late_fee, recovery, verify_fees, waive,
};
use crate::error::OfficeError;
use crate::import::Source;
use crate::ledger::{Books, save, statement, trial_balance};
use crate::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::ledger::{LedgerAccount, bill_released};
use denghuo_rules::payments::Channel;
use denghuo_rules::registry::Category;
use denghuo_rules::rulebook::Rulebook;
use denghuo_rules::units::Money;
use denghuo_store::collections::{OverdueFilter, ReceivableRow, insert_receivables};
use denghuo_store::day::Range;
use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, ledger};
use jiff::civil::{Date, date};
use std::sync::LazyLock;

mod bank_files;
mod counter;
mod random;

/// Checks of bills: these accounts have receivables of bills that nobody calculated.
const OF_BILLING: &[&str] = &[
    "bill_is_sum_of_lines",
    "bill_has_account_and_rules",
    "bill_waits_or_is_released",
    "receivable_is_bill",
    "bill_numbers_have_no_gap",
];

static BOOK: LazyLock<Rulebook> = LazyLock::new(Rulebook::embedded);
const EVERYBODY: Range = Range { from: 0, to: i64::MAX };

fn work(by: &str) -> Work<'static> {
    let site = denghuo_rules::rulebook::Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd", "site"]);
    Work { book: &BOOK, site, by: by.to_owned(), now: 1_700_000_000_000 }
}

/// Account `n` with number `A{n}`.
fn open_account(conn: &mut Conn, n: i64) {
    conn.execute(
        "INSERT INTO account (account_id, account_no, customer_id, org_id, route_id, address, opened_on) \
         VALUES ($1, $2, 1, 1, 1, '', 20200101)",
        &[n.into(), (&format!("A{n}")).into()],
    )
    .unwrap();
}

/// S001 takes payments, S002 leads a station, S003 leads the company.
fn staff(conn: &mut Conn) {
    conn.batch(
        "INSERT INTO org (org_id, code, name, kind) VALUES (1, 'C', '', 'company'), (2, 'P', '', 'station');
         INSERT INTO staff (staff_id, code, name, org_id, role, from_on) VALUES (1, 'S001', '', 2, 'cashier', 20200101),
         (2, 'S002', '', 2, 'manager', 20200101), (3, 'S003', '', 1, 'manager', 20200101)",
    )
    .unwrap();
}

/// Releases a bill that is due on a day.
fn release(conn: &mut Conn, account_id: i64, bill_no: i64, amount: i64, due: &str) {
    let due_on: Date = due.parse().unwrap();
    let released_on = denghuo_rules::calendar::plus_days(due_on, -7);
    let work = work("system");
    conn.write(|conn| {
        let mut books = Books::lock(conn, account_id, released_on)?;
        insert_receivables(
            conn,
            &[ReceivableRow {
                account_id,
                bill_no,
                month: Month::of(released_on),
                category: Category::Commercial,
                amount: Money(amount),
                open: Money(amount),
                released_on,
                released_by: "S009".to_owned(),
                due_on,
                settled_on: None,
            }],
        )?;
        books.post(&work, bill_released(released_on, Money(amount), Money::ZERO), format!("bill:{bill_no}"));
        // Only the entry: the receivable is written above.
        save(conn, &work, vec![books])
    })
    .unwrap();
}

/// The head of a bill, for what is read from it.
fn bill(conn: &mut Conn, account_id: i64, bill_no: i64, corrects_no: i64) {
    conn.execute(
        "INSERT INTO bill (account_id, bill_no, month, kind, from_on, to_on, calculated_on, active, amount_fen, \
         funds_fen, category, rule_set_id, facts, corrects_no, prepared_by) \
         VALUES ($1, $2, 202508, 'correction', 20250801, 20250831, 20250901, 0, 0, 0, 'commercial', 0, '', $3, 'S001')",
        &[account_id.into(), bill_no.into(), corrects_no.into()],
    )
    .unwrap();
}

fn cash(amount: i64, id: &str, paid_on: Date) -> Payment {
    Payment { channel: Channel::Cash, external_id: id.to_owned(), amount: Money(amount), paid_on }
}

fn receipt(posted: Posted) -> Receipt {
    match posted {
        Posted::New(receipt) => receipt,
        Posted::AlreadyThere(_) => panic!("posted before"),
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, OfficeError>) -> &'static str {
    result.unwrap_err().code().unwrap()
}

/// Every invariant of the ledger, the payments and the late fees.
fn check(conn: &mut Conn, on: Date) {
    for check in denghuo_store::verify::checks().filter(|check| !OF_BILLING.contains(&check.name)) {
        let finding = denghuo_store::verify::run(conn, check).unwrap();
        assert_eq!(finding.broken, 0, "{}: {:?}", check.promise, finding.sample);
    }
    assert_eq!(verify_fees(conn, &work("system")).unwrap().sample, [""; 0]);
    let trial = trial_balance(conn, on, None).unwrap();
    assert_eq!(trial.debit, trial.credit);
}

/// (receivable, late fee, prepayment) of an account in fen.
fn balance(conn: &mut Conn, account_id: i64) -> (i64, i64, i64) {
    let balance = ledger::balance(conn, account_id).unwrap();
    (balance.receivable.raw(), balance.late_fee.raw(), balance.prepaid.raw())
}
