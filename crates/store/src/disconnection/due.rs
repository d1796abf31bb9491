//! What the stage and the sweep have to look at, by indexes: a day without anything due reads nothing.

use super::{CASE_COLUMNS, CutCase, OperationRow, WarrantRow, read_case};
use crate::day::{Range, ranges_of};
use crate::db::{Conn, Engine, StoreError};
use crate::ledger::Balance;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// The accounts `w` of the range `$1..=$2` that have a live case or a step that asks for one; of a range of one account, that one.
/// The steps are found by their own index (`+` keeps the other away): few of them are due.
pub(super) const WATCHED: &str = "(SELECT account_id FROM account WHERE account_id BETWEEN $1 AND $2 AND $1 = $2 \
    UNION SELECT account_id FROM cut_case WHERE closed_on IS NULL AND account_id BETWEEN $1 AND $2 AND $1 <> $2 \
    UNION SELECT account_id FROM ladder_step WHERE kind = 'stop_plan' AND state = 'due' AND +account_id BETWEEN $1 AND $2 \
    AND $1 <> $2) w";

/// An account that the stage looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueCut {
    /// The account.
    pub account_id: i64,
    /// The step of the ladder that asks for a cut: its bill and round. None: a case asks to be looked at.
    pub step: Option<(i64, i64)>,
}

/// Ranges of accounts that have something due on a day: a step of the ladder that nobody took up, a case whose day has come, a case
/// with a debt that is settled, an operation that has not ended.
///
/// # Errors
/// The database's.
pub fn cut_ranges(conn: &mut Conn, on: Date, size: usize) -> Result<Vec<Range>, StoreError> {
    ranges_of(
        conn,
        "SELECT account_id FROM (SELECT s.account_id FROM ladder_step s WHERE s.kind = 'stop_plan' AND s.state = 'due' \
           AND s.due_on <= $1 AND NOT EXISTS (SELECT 1 FROM cut_case k WHERE k.account_id = s.account_id \
             AND (k.closed_on IS NULL OR (k.bill_no = s.bill_no \
               AND (k.step_round = s.round OR k.outcome IN ('rejected', 'withdrawn'))))) \
         UNION SELECT account_id FROM cut_case WHERE closed_on IS NULL AND next_on <= $1 \
         UNION SELECT k.account_id FROM cut_case k JOIN cut_case_bill b ON b.account_id = k.account_id \
           AND b.case_no = k.case_no JOIN receivable r ON r.account_id = b.account_id AND r.bill_no = b.bill_no \
           WHERE k.closed_on IS NULL AND r.open_fen <= 0 \
         UNION SELECT k.account_id FROM cut_case k JOIN security g ON g.account_id = k.account_id WHERE k.closed_on IS NULL \
         UNION SELECT account_id FROM operation WHERE state IN ('ordered', 'confirm_at_meter', 'doubtful') \
         UNION SELECT account_id FROM warrant WHERE state = 'live') d ORDER BY account_id",
        &[on.into()],
        size,
    )
}

/// Steps of the ladder in a range that ask for a cut and that nobody took up, in order of account.
///
/// # Errors
/// The database's.
pub fn cuts_due(conn: &mut Conn, on: Date, range: Range) -> Result<Vec<DueCut>, StoreError> {
    conn.query(
        "SELECT s.account_id, s.bill_no, s.round FROM ladder_step s WHERE s.kind = 'stop_plan' AND s.state = 'due' \
         AND s.due_on <= $1 AND s.account_id BETWEEN $2 AND $3 AND NOT EXISTS (SELECT 1 FROM cut_case k \
           WHERE k.account_id = s.account_id AND (k.closed_on IS NULL \
             OR (k.bill_no = s.bill_no AND (k.step_round = s.round OR k.outcome IN ('rejected', 'withdrawn'))))) ORDER BY s.account_id, s.bill_no, s.round",
        &[on.into(), range.from.into(), range.to.into()],
        |row| Ok(DueCut { account_id: row.int(0)?, step: Some((row.int(1)?, row.int(2)?)) }),
    )
}

/// The balances of the accounts of a range that are looked at, locked in their order until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn lock_watched(conn: &mut Conn, range: Range) -> Result<Vec<Balance>, StoreError> {
    let lock = match conn.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE",
    };
    let sql = format!(
        "SELECT account_id, next_entry_no, receivable_fen, late_fee_fen, prepaid_fen FROM balance \
         WHERE account_id IN (SELECT w.account_id FROM {WATCHED}) ORDER BY account_id{lock}"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], Balance::read)
}

/// The live cases of a range, in order of account.
///
/// # Errors
/// The database's.
pub fn live_cases_of(conn: &mut Conn, range: Range) -> Result<Vec<CutCase>, StoreError> {
    let sql = format!(
        "SELECT {CASE_COLUMNS} FROM cut_case WHERE closed_on IS NULL AND account_id BETWEEN $1 AND $2 \
         ORDER BY account_id, case_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read_case)
}

/// Accounts with a live case, in order.
///
/// # Errors
/// The database's.
pub fn accounts_in_cases(conn: &mut Conn) -> Result<Vec<i64>, StoreError> {
    conn.query(
        "SELECT DISTINCT account_id FROM cut_case WHERE closed_on IS NULL ORDER BY account_id",
        &[],
        |row| row.int(0),
    )
}

/// Accounts of a range with the number of their last case.
///
/// # Errors
/// The database's.
pub fn last_case_numbers(conn: &mut Conn, range: Range) -> Result<Vec<(i64, i64)>, StoreError> {
    let sql = format!(
        "SELECT k.account_id, MAX(k.case_no) FROM {WATCHED} JOIN cut_case k ON k.account_id = w.account_id \
         GROUP BY k.account_id"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// A debt that a live case rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroundRow {
    /// Its bill.
    pub bill_no: i64,
    /// What was owed in the beginning.
    pub amount: Money,
    /// When it was settled.
    pub settled_on: Option<Date>,
}

/// The debts that the live cases of a range rest on, with their accounts, in order.
///
/// # Errors
/// The database's.
pub fn grounds_of_live(conn: &mut Conn, range: Range) -> Result<Vec<(i64, GroundRow)>, StoreError> {
    conn.query(
        "SELECT k.account_id, b.bill_no, COALESCE(r.amount_fen, 0), r.settled_on FROM cut_case k JOIN cut_case_bill b \
         ON b.account_id = k.account_id AND b.case_no = k.case_no LEFT JOIN receivable r \
         ON r.account_id = b.account_id AND r.bill_no = b.bill_no \
         WHERE k.closed_on IS NULL AND k.account_id BETWEEN $1 AND $2 ORDER BY k.account_id, b.bill_no",
        &[range.from.into(), range.to.into()],
        |row| {
            let ground = GroundRow {
                bill_no: row.int(1)?,
                amount: row.money(2)?,
                settled_on: row.date_or_null(3)?,
            };
            Ok((row.int(0)?, ground))
        },
    )
}

/// The live warrants of the live cases of a range.
///
/// # Errors
/// The database's.
pub fn warrants_of_live(conn: &mut Conn, range: Range) -> Result<Vec<WarrantRow>, StoreError> {
    conn.query(
        "SELECT w.account_id, w.case_no, w.warrant_no, w.state, w.made_at, w.made_by, w.expires_at, w.entry_no, w.gates, \
         w.rules, w.ended_at, w.ended_why FROM cut_case k JOIN warrant w ON w.account_id = k.account_id \
         AND w.case_no = k.case_no WHERE k.closed_on IS NULL AND k.account_id BETWEEN $1 AND $2 AND w.state = 'live' \
         ORDER BY w.account_id, w.warrant_no",
        &[range.from.into(), range.to.into()],
        super::warrants::read_warrant,
    )
}

/// The operations of the live cases of a range that have not ended, in order.
///
/// # Errors
/// The database's.
pub fn operations_of_live(conn: &mut Conn, range: Range) -> Result<Vec<OperationRow>, StoreError> {
    conn.query(
        "SELECT o.account_id, o.operation_no, o.case_no, o.kind, o.channel, o.state, o.warrant_no, o.ordered_at, o.ordered_by, \
         o.due_at, o.done_at, o.done_by, o.detail, o.evidence_no FROM cut_case k JOIN operation o \
         ON o.account_id = k.account_id AND o.case_no = k.case_no WHERE k.closed_on IS NULL \
         AND k.account_id BETWEEN $1 AND $2 AND o.state IN ('ordered', 'confirm_at_meter', 'doubtful') \
         ORDER BY o.account_id, o.operation_no",
        &[range.from.into(), range.to.into()],
        super::warrants::read_operation,
    )
}
