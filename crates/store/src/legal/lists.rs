//! Clocks, cases and write-offs of a unit and those below it.

use super::cases::{CASE, CaseRow, read_case};
use super::write_off::{WRITE_OFF, WriteOffRow, read};
use crate::db::{Conn, StoreError};
use denghuo_rules::legal::write_off::WriteOffGround;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// Of the unit `$1` and those below it; of every unit where it is 0.
const WITHIN: &str = "($1 = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org WHERE org_id = $1 \
    UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) SELECT org_id FROM below))";

/// 时效日历: the clock of an unpaid debt on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedClock {
    /// 户号
    pub account_no: String,
    /// The bill.
    pub bill_no: i64,
    /// What is unpaid.
    pub open: Money,
    /// Last day to pay.
    pub due_on: Date,
    /// The last interruption, or the due day.
    pub base_on: Date,
    /// Last day of the term.
    pub expires_on: Date,
    /// Twenty years from the due day.
    pub long_stop_on: Date,
    /// The alert that was told last, in days before the end; 0 when it ended.
    pub alerted_days: Option<i64>,
}

/// The clocks of unpaid debts of a unit that end between two days, the earliest first.
///
/// # Errors
/// The database's.
pub fn clocks_within(
    conn: &mut Conn,
    root: i64,
    (from, until): (Date, Date),
) -> Result<Vec<ListedClock>, StoreError> {
    let sql = format!(
        "SELECT a.account_no, l.bill_no, r.open_fen, r.due_on, l.base_on, l.expires_on, l.long_stop_on, l.alerted_days \
         FROM limitation l JOIN receivable r ON r.account_id = l.account_id AND r.bill_no = l.bill_no \
         JOIN account a ON a.account_id = l.account_id \
         WHERE r.open_fen > 0 AND l.expires_on >= $2 AND l.expires_on <= $3 AND {WITHIN} \
         ORDER BY l.expires_on, l.account_id, l.bill_no"
    );
    conn.query(&sql, &[root.into(), from.into(), until.into()], |row| {
        Ok(ListedClock {
            account_no: row.text(0)?,
            bill_no: row.int(1)?,
            open: row.money(2)?,
            due_on: row.date(3)?,
            base_on: row.date(4)?,
            expires_on: row.date(5)?,
            long_stop_on: row.date(6)?,
            alerted_days: row.int_or_null(7)?,
        })
    })
}

/// Cases of a unit with their account numbers: open, or closed on a day or later; what has to be looked at first stands first.
///
/// # Errors
/// The database's.
pub fn cases_within(
    conn: &mut Conn,
    root: i64,
    closed_from: Date,
) -> Result<Vec<(CaseRow, String)>, StoreError> {
    let columns: Vec<String> = CASE.columns.iter().map(|column| format!("c.{column}")).collect();
    let sql = format!(
        "SELECT {}, a.account_no FROM legal_case c JOIN account a ON a.account_id = c.account_id \
         WHERE (c.closed_on IS NULL OR c.closed_on >= $2) AND {WITHIN} \
         ORDER BY COALESCE(c.closed_on, 0), c.next_on, c.account_id, c.case_no",
        columns.join(", ")
    );
    conn.query(&sql, &[root.into(), closed_from.into()], |row| {
        Ok((read_case(row)?, row.text(CASE.columns.len())?))
    })
}

/// Write-offs of a unit with their account numbers, the latest first.
///
/// # Errors
/// The database's.
pub fn write_offs_within(conn: &mut Conn, root: i64) -> Result<Vec<(WriteOffRow, String)>, StoreError> {
    let columns: Vec<String> = WRITE_OFF.columns.iter().map(|column| format!("w.{column}")).collect();
    let sql = format!(
        "SELECT {}, a.account_no FROM write_off w JOIN account a ON a.account_id = w.account_id WHERE {WITHIN} \
         ORDER BY w.approved_on DESC, w.account_id, w.write_off_no",
        columns.join(", ")
    );
    conn.query(&sql, &[root.into()], |row| Ok((read(row)?, row.text(WRITE_OFF.columns.len())?)))
}

/// 核销申请: what one person asks for and another decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteOffRequest {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub request_no: i64,
    /// The bill.
    pub bill_no: i64,
    /// Why.
    pub ground: WriteOffGround,
    /// Its proof.
    pub evidence_no: i64,
    /// `open`, `approved`, `rejected`.
    pub state: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_on: Date,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_on: Option<Date>,
    /// Why it was turned down.
    pub note: String,
    /// The write-off that came of it.
    pub write_off_no: Option<i64>,
}

const REQUEST: crate::db::Table = crate::db::Table {
    name: "write_off_request",
    columns: &[
        "account_id",
        "request_no",
        "bill_no",
        "ground",
        "evidence_no",
        "state",
        "asked_by",
        "asked_on",
        "decided_by",
        "decided_on",
        "note",
        "write_off_no",
    ],
    key: &["account_id", "request_no"],
};

/// Keeps a request, new or decided.
///
/// # Errors
/// The database's.
pub fn save_write_off_request(conn: &mut Conn, row: &WriteOffRequest) -> Result<(), StoreError> {
    conn.bulk_upsert(&REQUEST, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id)
            .put(row.request_no)
            .put(row.bill_no)
            .put(row.ground.word())
            .put(row.evidence_no);
        out.put(&row.state).put(&row.asked_by).put(row.asked_on).put(row.decided_by.as_deref());
        out.put(row.decided_on).put(&row.note).put(row.write_off_no);
    })
}

/// Requests of a unit with their account numbers, the open ones first, then the latest; of one account when it is named.
///
/// # Errors
/// The database's.
pub fn write_off_requests(
    conn: &mut Conn,
    root: i64,
    account_id: Option<i64>,
) -> Result<Vec<(WriteOffRequest, String)>, StoreError> {
    let columns: Vec<String> = REQUEST.columns.iter().map(|column| format!("q.{column}")).collect();
    let sql = format!(
        "SELECT {}, a.account_no FROM write_off_request q JOIN account a ON a.account_id = q.account_id \
         WHERE {WITHIN} AND ($2 = 0 OR q.account_id = $2) \
         ORDER BY CASE WHEN q.state = 'open' THEN 0 ELSE 1 END, q.asked_on DESC, q.account_id, q.request_no",
        columns.join(", ")
    );
    conn.query(&sql, &[root.into(), account_id.unwrap_or(0).into()], |row| {
        let ground = row.str(3)?;
        let request = WriteOffRequest {
            account_id: row.int(0)?,
            request_no: row.int(1)?,
            bill_no: row.int(2)?,
            ground: WriteOffGround::from_word(ground)
                .ok_or_else(|| StoreError::Corrupt(format!("`{ground}` is no ground of a write-off")))?,
            evidence_no: row.int(4)?,
            state: row.text(5)?,
            asked_by: row.text(6)?,
            asked_on: row.date(7)?,
            decided_by: row.text_or_null(8)?,
            decided_on: row.date_or_null(9)?,
            note: row.text(10)?,
            write_off_no: row.int_or_null(11)?,
        };
        Ok((request, row.text(12)?))
    })
}
