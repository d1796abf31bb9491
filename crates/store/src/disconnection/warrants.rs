//! Warrants and operations.

use super::word;
use crate::db::{Conn, Row, StoreError, Table};
use jiff::civil::{Date, DateTime};

/// 停电许可 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarrantRow {
    /// The account.
    pub account_id: i64,
    /// The case.
    pub case_no: i64,
    /// Its number within the case.
    pub warrant_no: i64,
    /// `live`, `consumed`, `revoked`, `expired`.
    pub state: String,
    /// When it was made.
    pub made_at: DateTime,
    /// Who asked for it.
    pub made_by: String,
    /// The last moment at which it is good.
    pub expires_at: DateTime,
    /// Number of the next entry of the books on which it was made.
    pub entry_no: i64,
    /// JSON of what every gate said.
    pub gates: String,
    /// Ids of the rules, with commas between.
    pub rules: String,
    /// When it ended.
    pub ended_at: Option<DateTime>,
    /// Why.
    pub ended_why: Option<String>,
}

const WARRANT: Table = Table {
    name: "warrant",
    columns: &[
        "account_id",
        "case_no",
        "warrant_no",
        "state",
        "made_at",
        "made_by",
        "valid_from",
        "expires_at",
        "entry_no",
        "gates",
        "rules",
    ],
    key: &["account_id", "case_no", "warrant_no"],
};
const WARRANT_COLUMNS: &str = "account_id, case_no, warrant_no, state, made_at, made_by, expires_at, entry_no, gates, rules, \
    ended_at, ended_why";

pub(super) fn read_warrant(row: &Row<'_>) -> Result<WarrantRow, StoreError> {
    Ok(WarrantRow {
        account_id: row.int(0)?,
        case_no: row.int(1)?,
        warrant_no: row.int(2)?,
        state: row.text(3)?,
        made_at: row.moment(4)?,
        made_by: row.text(5)?,
        expires_at: row.moment(6)?,
        entry_no: row.int(7)?,
        gates: row.text(8)?,
        rules: row.text(9)?,
        ended_at: row.moment_or_null(10)?,
        ended_why: row.text_or_null(11)?,
    })
}

/// Writes a warrant that was made.
///
/// # Errors
/// The database's.
pub fn insert_warrant(conn: &mut Conn, row: &WarrantRow) -> Result<(), StoreError> {
    conn.bulk(&WARRANT, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id).put(row.case_no).put(row.warrant_no).put(&row.state).put(row.made_at);
        out.put(&row.made_by).put(row.made_at).put(row.expires_at).put(row.entry_no).put(&row.gates);
        out.put(&row.rules);
    })
}

/// Ends a live warrant; false when it is not live.
///
/// # Errors
/// The database's.
pub fn end_warrant(
    conn: &mut Conn,
    (account_id, case_no, warrant_no): (i64, i64, i64),
    (state, why): (&str, &str),
    at: DateTime,
) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE warrant SET state = $4, ended_at = $5, ended_why = $6 \
         WHERE account_id = $1 AND case_no = $2 AND warrant_no = $3 AND state = 'live'",
        &[account_id.into(), case_no.into(), warrant_no.into(), state.into(), at.into(), why.into()],
    )?;
    Ok(touched == 1)
}

/// Uses a live warrant up, with what every gate of the operation said; false when it is not live.
///
/// # Errors
/// The database's.
pub fn consume_warrant(
    conn: &mut Conn,
    (account_id, case_no, warrant_no): (i64, i64, i64),
    gates: &str,
    at: DateTime,
) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE warrant SET state = 'consumed', ended_at = $4, gates = $5 \
         WHERE account_id = $1 AND case_no = $2 AND warrant_no = $3 AND state = 'live'",
        &[account_id.into(), case_no.into(), warrant_no.into(), at.into(), gates.into()],
    )?;
    Ok(touched == 1)
}

/// The live warrant of a case.
///
/// # Errors
/// The database's.
pub fn live_warrant(
    conn: &mut Conn,
    account_id: i64,
    case_no: i64,
) -> Result<Option<WarrantRow>, StoreError> {
    let sql = format!(
        "SELECT {WARRANT_COLUMNS} FROM warrant WHERE account_id = $1 AND case_no = $2 AND state = 'live' \
         ORDER BY warrant_no"
    );
    conn.query_first(&sql, &[account_id.into(), case_no.into()], read_warrant)
}

/// Every warrant of a case, in order.
///
/// # Errors
/// The database's.
pub fn warrants_of(conn: &mut Conn, account_id: i64, case_no: i64) -> Result<Vec<WarrantRow>, StoreError> {
    let sql = format!(
        "SELECT {WARRANT_COLUMNS} FROM warrant WHERE account_id = $1 AND case_no = $2 ORDER BY warrant_no"
    );
    conn.query(&sql, &[account_id.into(), case_no.into()], read_warrant)
}

/// The last number of a warrant of a case; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_warrant_no(conn: &mut Conn, account_id: i64, case_no: i64) -> Result<i64, StoreError> {
    conn.query_int(
        "SELECT MAX(warrant_no) FROM warrant WHERE account_id = $1 AND case_no = $2",
        &[account_id.into(), case_no.into()],
    )
}

/// 停复电操作
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub operation_no: i64,
    /// The case.
    pub case_no: i64,
    /// `cut` or `restore`.
    pub kind: String,
    /// `field` or `remote`.
    pub channel: String,
    /// `ordered`, `done`, `failed`, `cancelled`, `confirm_at_meter`, `doubtful`.
    pub state: String,
    /// The warrant of a cut.
    pub warrant_no: Option<i64>,
    /// When it was ordered.
    pub ordered_at: DateTime,
    /// By whom.
    pub ordered_by: String,
    /// By when power has to be back.
    pub due_at: Option<DateTime>,
    /// When it was done.
    pub done_at: Option<DateTime>,
    /// By whom.
    pub done_by: Option<String>,
    /// What is to be known of it.
    pub detail: Option<String>,
    /// Its proof.
    pub evidence_no: Option<i64>,
}

pub(super) const OPERATION: Table = Table {
    name: "operation",
    columns: &[
        "account_id",
        "operation_no",
        "case_no",
        "kind",
        "channel",
        "state",
        "warrant_no",
        "ordered_at",
        "ordered_by",
        "due_at",
        "done_at",
        "done_by",
        "detail",
        "evidence_no",
    ],
    key: &["account_id", "operation_no"],
};
const OPERATION_COLUMNS: &str = "account_id, operation_no, case_no, kind, channel, state, warrant_no, ordered_at, ordered_by, \
    due_at, done_at, done_by, detail, evidence_no";

pub(super) fn read_operation(row: &Row<'_>) -> Result<OperationRow, StoreError> {
    let kind = word(row, 3, |kind| matches!(kind, "cut" | "restore").then(|| kind.to_owned()))?;
    Ok(OperationRow {
        account_id: row.int(0)?,
        operation_no: row.int(1)?,
        case_no: row.int(2)?,
        kind,
        channel: row.text(4)?,
        state: row.text(5)?,
        warrant_no: row.int_or_null(6)?,
        ordered_at: row.moment(7)?,
        ordered_by: row.text(8)?,
        due_at: row.moment_or_null(9)?,
        done_at: row.moment_or_null(10)?,
        done_by: row.text_or_null(11)?,
        detail: row.text_or_null(12)?,
        evidence_no: row.int_or_null(13)?,
    })
}

/// Keeps an operation, new or changed.
///
/// # Errors
/// The database's.
pub fn save_operation(conn: &mut Conn, row: &OperationRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&OPERATION, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id).put(row.operation_no).put(row.case_no).put(&row.kind).put(&row.channel);
        out.put(&row.state).put(row.warrant_no).put(row.ordered_at).put(&row.ordered_by).put(row.due_at);
        out.put(row.done_at).put(row.done_by.as_deref()).put(row.detail.as_deref()).put(row.evidence_no);
    })
}

/// Every operation of an account, in order.
///
/// # Errors
/// The database's.
pub fn operations_of(conn: &mut Conn, account_id: i64) -> Result<Vec<OperationRow>, StoreError> {
    let sql =
        format!("SELECT {OPERATION_COLUMNS} FROM operation WHERE account_id = $1 ORDER BY operation_no");
    conn.query(&sql, &[account_id.into()], read_operation)
}

/// Every operation that has not ended, in order of account.
///
/// # Errors
/// The database's.
pub fn open_operations(conn: &mut Conn) -> Result<Vec<OperationRow>, StoreError> {
    let sql = format!(
        "SELECT {OPERATION_COLUMNS} FROM operation WHERE state IN ('ordered', 'confirm_at_meter', 'doubtful') \
         ORDER BY account_id, operation_no"
    );
    conn.query(&sql, &[], read_operation)
}

/// The last number of an operation of an account; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_operation_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(operation_no) FROM operation WHERE account_id = $1", &[account_id.into()])
}

/// Numbers of the meters that hang at an account on a day.
///
/// # Errors
/// The database's.
pub fn meters_of(conn: &mut Conn, account_id: i64, on: Date) -> Result<Vec<String>, StoreError> {
    conn.query(
        "SELECT m.meter_no FROM installation i JOIN meter m ON m.meter_id = i.meter_id \
         WHERE i.account_id = $1 AND i.installed_on <= $2 AND i.removed_on >= $2 ORDER BY i.installation_no",
        &[account_id.into(), on.into()],
        |row| row.text(0),
    )
}
