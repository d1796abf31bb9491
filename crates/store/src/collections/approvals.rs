//! 审批申请: waivers and plans that somebody asked for and another person decides.

use crate::db::{Condition, Conn, Row, StoreError, Table};
use jiff::civil::Date;

/// 审批申请
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub request_no: i64,
    /// `waiver` or `plan`.
    pub kind: String,
    /// JSON of what is asked for.
    pub body: String,
    /// The money it is about, as it stood when it was asked for, in fen.
    pub amount_fen: i64,
    /// Why.
    pub reason: String,
    /// `open`, `approved`, `rejected`.
    pub state: String,
    /// Who asks.
    pub asked_by: String,
    /// When.
    pub asked_on: Date,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_on: Option<Date>,
    /// What was said about the decision.
    pub note: Option<String>,
    /// Number of the waiver or plan that came of it.
    pub result_no: Option<i64>,
}

const APPROVAL: Table = Table {
    name: "approval_request",
    columns: &[
        "account_id",
        "request_no",
        "kind",
        "body",
        "amount_fen",
        "reason",
        "state",
        "asked_by",
        "asked_on",
        "decided_by",
        "decided_on",
        "note",
        "result_no",
    ],
    key: &["account_id", "request_no"],
};

const COLUMNS: &str = "q.account_id, q.request_no, q.kind, q.body, q.amount_fen, q.reason, q.state, q.asked_by, q.asked_on, \
    q.decided_by, q.decided_on, q.note, q.result_no";

fn read(row: &Row<'_>) -> Result<ApprovalRow, StoreError> {
    Ok(ApprovalRow {
        account_id: row.int(0)?,
        request_no: row.int(1)?,
        kind: row.text(2)?,
        body: row.text(3)?,
        amount_fen: row.int(4)?,
        reason: row.text(5)?,
        state: row.text(6)?,
        asked_by: row.text(7)?,
        asked_on: row.date(8)?,
        decided_by: row.text_or_null(9)?,
        decided_on: row.date_or_null(10)?,
        note: row.text_or_null(11)?,
        result_no: row.int_or_null(12)?,
    })
}

/// Keeps a request, new or decided.
///
/// # Errors
/// The database's.
pub fn save_approval(conn: &mut Conn, row: &ApprovalRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&APPROVAL, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id).put(row.request_no).put(&row.kind).put(&row.body).put(row.amount_fen);
        out.put(&row.reason).put(&row.state).put(&row.asked_by).put(row.asked_on);
        out.put(row.decided_by.as_deref()).put(row.decided_on).put(row.note.as_deref()).put(row.result_no);
    })
}

/// One request.
///
/// # Errors
/// The database's.
pub fn approval(
    conn: &mut Conn,
    account_id: i64,
    request_no: i64,
) -> Result<Option<ApprovalRow>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM approval_request q WHERE q.account_id = $1 AND q.request_no = $2");
    conn.query_first(&sql, &[account_id.into(), request_no.into()], read)
}

/// The open requests of an account, in order.
///
/// # Errors
/// The database's.
pub fn open_approvals(conn: &mut Conn, account_id: i64) -> Result<Vec<ApprovalRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval_request q WHERE q.account_id = $1 AND q.state = 'open' ORDER BY q.request_no"
    );
    conn.query(&sql, &[account_id.into()], read)
}

/// The last number of a request of an account; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_approval_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(request_no) FROM approval_request WHERE account_id = $1", &[account_id.into()])
}

/// A request with its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedApproval {
    /// The request.
    pub request: ApprovalRow,
    /// 户号
    pub account_no: String,
    /// 户名
    pub customer: String,
    /// A `CustomerKind`.
    pub customer_kind: String,
}

/// Requests of a unit and those below it, the latest first, after a place (day, account, number).
///
/// # Errors
/// The database's.
pub fn approval_page(
    conn: &mut Conn,
    (root, kind, state): (i64, Option<&str>, Option<&str>),
    after: Option<(Date, i64, i64)>,
    limit: usize,
) -> Result<Vec<ListedApproval>, StoreError> {
    let mut which = Condition::of("1 = 1");
    which.and_if("q.kind = ?", kind);
    which.and_if("q.state = ?", state);
    which.within("a.org_id", root);
    if let Some((asked_on, account_id, request_no)) = after {
        let names = [which.place(asked_on), which.place(account_id), which.place(request_no)].join(", ");
        which.add(&format!("(q.asked_on, q.account_id, q.request_no) < ({names})"));
    }
    let most = which.place(limit as i64);
    let sql = format!(
        "SELECT {COLUMNS}, a.account_no, COALESCE(c.name, ''), COALESCE(c.kind, '') FROM approval_request q \
         JOIN account a ON a.account_id = q.account_id LEFT JOIN customer c ON c.customer_id = a.customer_id \
         WHERE {} ORDER BY q.asked_on DESC, q.account_id DESC, q.request_no DESC LIMIT {most}",
        which.sql()
    );
    conn.query(&sql, which.params(), |row| {
        Ok(ListedApproval {
            request: read(row)?,
            account_no: row.text(13)?,
            customer: row.text(14)?,
            customer_kind: row.text(15)?,
        })
    })
}
