//! Refunds that wait for a second person.

use super::channel;
use crate::db::{Conn, Row, StoreError, Table, date_from_int};
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// 退费申请
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub request_no: i64,
    /// The amount.
    pub amount: Money,
    /// How it is paid out.
    pub channel: Channel,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asked_by: String,
    /// Business day.
    pub asked_on: Date,
    /// `waiting`, `paid`, `rejected`.
    pub state: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Business day.
    pub decided_on: Option<Date>,
    /// Why it was rejected.
    pub note: Option<String>,
    /// Of state `paid`: the refund.
    pub refund_no: Option<i64>,
}

/// A request with the account's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRequest {
    /// 户号
    pub account_no: String,
    /// The request.
    pub request: RequestRow,
}

const REQUEST: Table = Table {
    name: "refund_request",
    columns: &[
        "account_id",
        "request_no",
        "amount_fen",
        "channel",
        "reason",
        "asked_by",
        "asked_on",
        "state",
        "decided_by",
        "decided_on",
        "note",
        "refund_no",
    ],
    key: &["account_id", "request_no"],
};
const SELECT: &str = "SELECT q.account_id, q.request_no, q.amount_fen, q.channel, q.reason, q.asked_by, q.asked_on, q.state, \
    q.decided_by, q.decided_on, q.note, q.refund_no, a.account_no FROM refund_request q \
    JOIN account a ON a.account_id = q.account_id";

fn read(row: &Row<'_>) -> Result<ListedRequest, StoreError> {
    let request = RequestRow {
        account_id: row.int(0)?,
        request_no: row.int(1)?,
        amount: row.money(2)?,
        channel: channel(row, 3)?,
        reason: row.text(4)?,
        asked_by: row.text(5)?,
        asked_on: row.date(6)?,
        state: row.text(7)?,
        decided_by: row.text_or_null(8)?,
        decided_on: row.int_or_null(9)?.and_then(date_from_int),
        note: row.text_or_null(10)?,
        refund_no: row.int_or_null(11)?,
    };
    Ok(ListedRequest { account_no: row.text(12)?, request })
}

/// Keeps a request, new or changed.
///
/// # Errors
/// The database's.
pub fn save_refund_request(conn: &mut Conn, row: &RequestRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&REQUEST, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id)
            .put(row.request_no)
            .put(row.amount)
            .put(row.channel.word())
            .put(&row.reason)
            .put(&row.asked_by)
            .put(row.asked_on)
            .put(&row.state)
            .put(row.decided_by.as_ref())
            .put(row.decided_on)
            .put(row.note.as_ref())
            .put(row.refund_no);
    })
}

/// The number of an account's next request.
///
/// # Errors
/// The database's.
pub fn next_request_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    let sql = "SELECT MAX(request_no) FROM refund_request WHERE account_id = $1";
    Ok(conn.query_int(sql, &[account_id.into()])? + 1)
}

/// One request.
///
/// # Errors
/// The database's.
pub fn refund_request(
    conn: &mut Conn,
    account_id: i64,
    request_no: i64,
) -> Result<Option<ListedRequest>, StoreError> {
    let sql = format!("{SELECT} WHERE q.account_id = $1 AND q.request_no = $2");
    conn.query_first(&sql, &[account_id.into(), request_no.into()], read)
}

/// The requests of the accounts of a unit and those below it (0: all), those that wait first, then the newest.
///
/// # Errors
/// The database's.
pub fn refund_requests_in(conn: &mut Conn, root: i64) -> Result<Vec<ListedRequest>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE {} ORDER BY CASE WHEN q.state = 'waiting' THEN 0 ELSE 1 END, q.asked_on DESC, q.account_id, q.request_no",
        super::lists::WITHIN
    );
    conn.query(&sql, &[root.into()], read)
}
