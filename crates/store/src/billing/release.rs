//! 发行: bills that wait for their release.

use super::load::end_date;
use crate::day::{Range, ranges_of};
use crate::db::{Condition, Conn, Key, Orders, Placed, Row, Slice, StoreError};
use denghuo_rules::calendar::Month;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// A bill that waits, with what its release needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingBill {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// `ready`, `held`, `approved`, `rejected`.
    pub state: String,
    /// Codes of the findings that hold it.
    pub codes: String,
    /// Who decided, when somebody did.
    pub decided_by: Option<String>,
    /// Organisation of the account.
    pub org_id: i64,
    /// Charging month.
    pub month: Month,
    /// Kind of the bill.
    pub kind: String,
    /// Its amount.
    pub amount: Money,
    /// Of which funds.
    pub funds: Money,
    /// Word of the category.
    pub category: String,
    /// Who made the bill.
    pub prepared_by: String,
    /// Business day of the calculation.
    pub calculated_on: Date,
}

const PENDING: &str = "SELECT p.account_id, p.bill_no, p.state, p.codes, p.decided_by, a.org_id, p.month, p.kind, \
    p.amount_fen, p.funds_fen, p.category, p.prepared_by, p.calculated_on FROM pending_bill p \
    JOIN account a ON a.account_id = p.account_id \
    WHERE p.account_id BETWEEN $1 AND $2 ORDER BY p.account_id, p.bill_no";

/// Ranges of accounts with bills that may be released: without findings, or approved.
///
/// # Errors
/// The database's.
pub fn pending_ranges(conn: &mut Conn, size: usize) -> Result<Vec<Range>, StoreError> {
    ranges_of(
        conn,
        "SELECT account_id FROM pending_bill WHERE state = 'ready' OR state = 'approved' ORDER BY account_id",
        &[],
        size,
    )
}

/// Every bill of a range that waits, in order.
///
/// # Errors
/// The database's.
pub fn pending(conn: &mut Conn, range: Range) -> Result<Vec<PendingBill>, StoreError> {
    conn.query(PENDING, &[range.from.into(), range.to.into()], read_pending)
}

fn read_pending(row: &Row<'_>) -> Result<PendingBill, StoreError> {
    Ok(PendingBill {
        account_id: row.int(0)?,
        bill_no: row.int(1)?,
        state: row.text(2)?,
        codes: row.text(3)?,
        decided_by: row.text_or_null(4)?,
        org_id: row.int(5)?,
        month: row.month(6)?,
        kind: row.text(7)?,
        amount: row.money(8)?,
        funds: row.money(9)?,
        category: row.text(10)?,
        prepared_by: row.text(11)?,
        calculated_on: row.date(12)?,
    })
}

/// A bill that waits, with the number of its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingBill {
    /// The bill.
    pub bill: PendingBill,
    /// 户号
    pub account_no: String,
}

const WAITING_COLUMNS: &str = "p.account_id, p.bill_no, p.state, p.codes, p.decided_by, a.org_id, p.month, p.kind, p.amount_fen, \
    p.funds_fen, p.category, p.prepared_by, p.calculated_on, a.account_no";

fn read_waiting(row: &Row<'_>) -> Result<WaitingBill, StoreError> {
    Ok(WaitingBill { bill: read_pending(row)?, account_no: row.text(13)? })
}

/// What waiting bills are ordered by: account and number.
pub const WAITING_ORDERS: Orders = Orders {
    words: &[
        ("account_no", Key::Text("a.account_no")),
        ("month", Key::Int("p.month")),
        ("amount", Key::Int("p.amount_fen")),
        ("calculated_on", Key::Int("p.calculated_on")),
        ("state", Key::Text("p.state")),
    ],
    usual: &[(Key::Int("p.account_id"), false), (Key::Int("p.bill_no"), false)],
    rest: &[Key::Int("p.account_id"), Key::Int("p.bill_no")],
};

/// Which waiting bills.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingFilter {
    /// The unit whose accounts and those below it count; 0 for all.
    pub root: i64,
    /// Only of this state.
    pub state: Option<String>,
    /// Only with this finding.
    pub code: Option<String>,
}

/// A page of the bills that wait, each with its place.
///
/// # Errors
/// The database's.
pub fn waiting_page(
    conn: &mut Conn,
    filter: &WaitingFilter,
    slice: &Slice,
) -> Result<Placed<WaitingBill>, StoreError> {
    let pattern = filter.code.as_ref().map(|code| format!("%,{code},%"));
    let mut which = Condition::default();
    which.within("a.org_id", filter.root);
    which.and_if("p.state = ?", filter.state.as_deref());
    which.and_if("',' || p.codes || ',' LIKE ?", pattern.as_deref());
    let from = "pending_bill p JOIN account a ON a.account_id = p.account_id";
    slice.rows(conn, (WAITING_COLUMNS, 14, from), which, read_waiting)
}

/// Every bill that waits in a unit (0: all) and those below it, in order of account and number.
///
/// # Errors
/// The database's.
pub fn waiting_bills(conn: &mut Conn, root: i64) -> Result<Vec<WaitingBill>, StoreError> {
    let sql = format!(
        "SELECT {WAITING_COLUMNS} FROM pending_bill p \
         JOIN account a ON a.account_id = p.account_id WHERE $1 = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS \
           (SELECT org_id FROM org WHERE org_id = $1 UNION SELECT o.org_id FROM org o JOIN below b \
             ON o.parent_id = b.org_id) SELECT org_id FROM below) ORDER BY p.account_id, p.bill_no"
    );
    conn.query(&sql, &[root.into()], read_waiting)
}

/// Keeps a decision about a waiting bill; false when it is not waiting.
///
/// # Errors
/// The database's.
pub fn decide_pending(
    conn: &mut Conn,
    (account_id, bill_no): (i64, i64),
    state: &str,
    by: &str,
    on: Date,
    reason: &str,
) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE pending_bill SET state = $3, decided_by = $4, decided_on = $5, reason = $6 \
         WHERE account_id = $1 AND bill_no = $2",
        &[account_id.into(), bill_no.into(), state.into(), by.into(), on.into(), reason.into()],
    )?;
    Ok(touched == 1)
}

/// Takes the bills of a range that have their receivable from those that wait.
///
/// # Errors
/// The database's.
pub fn take_released(conn: &mut Conn, range: Range) -> Result<(), StoreError> {
    conn.execute(
        "DELETE FROM pending_bill WHERE account_id BETWEEN $1 AND $2 AND EXISTS (SELECT 1 FROM receivable r \
         WHERE r.account_id = pending_bill.account_id AND r.bill_no = pending_bill.bill_no)",
        &[range.from.into(), range.to.into()],
    )?;
    Ok(())
}

/// 发行授权 of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRelease {
    /// The organisation and everything below it.
    pub org_id: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
    /// Who granted it.
    pub granted_by: String,
    /// The largest bill it covers.
    pub max_bill: Money,
}

/// The standing releases in force on a day.
///
/// # Errors
/// The database's.
pub fn standing_releases(conn: &mut Conn, on: Date) -> Result<Vec<StandingRelease>, StoreError> {
    conn.query(
        "SELECT org_id, from_on, until_on, granted_by, max_bill_fen FROM standing_release \
         WHERE from_on <= $1 AND until_on >= $1 ORDER BY org_id, from_on",
        &[on.into()],
        |row| {
            Ok(StandingRelease {
                org_id: row.int(0)?,
                from_on: row.date(1)?,
                until_on: end_date(row, 2)?,
                granted_by: row.text(3)?,
                max_bill: row.money(4)?,
            })
        },
    )
}

/// Keeps a standing release; a new one of the same organisation and day replaces the old.
///
/// # Errors
/// The database's.
pub fn grant_standing_release(conn: &mut Conn, order: &StandingRelease) -> Result<(), StoreError> {
    let until = order.until_on.map_or(crate::db::OPEN_END, crate::db::date_to_int);
    conn.execute(
        "INSERT INTO standing_release (org_id, from_on, until_on, granted_by, max_bill_fen) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (org_id, from_on) DO UPDATE SET until_on = excluded.until_on, granted_by = excluded.granted_by, \
         max_bill_fen = excluded.max_bill_fen",
        &[order.org_id.into(), order.from_on.into(), until.into(), (&order.granted_by).into(), order.max_bill.into()],
    )?;
    Ok(())
}
