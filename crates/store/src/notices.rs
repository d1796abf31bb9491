//! 通知 (column `notices`): what was to be told, and how it left.

pub mod outbox;

use crate::day::Range;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::notices::{Channel, NoticeKind};
use denghuo_rules::units::Money;
use jiff::civil::{Date, DateTime};

mod deliveries;
mod due;
mod list;
mod papers;
mod verify;

pub use deliveries::{
    DeliveryRow, capped_moments, deliveries_in_range, deliveries_of, delivery, insert_deliveries,
    save_delivery,
};
pub use due::{
    Face, LateNotice, Place, ReleasedBill, UnreceiptedPayment, faces, last_notice_numbers, late_notices,
    notice_keys, place_of, places, previous_day, released_ranges, released_unnoticed, unreceipted,
};
pub use list::{
    LATE_ORDERS, ListedNotice, NOTICE_ORDERS, NoticeFilter, Waiting, notice_page, waiting_papers,
};
pub use papers::{
    PaperRunRow, in_paper_run, insert_paper_run, paper_run, paper_runs, queued_papers, run_is_within,
    take_into_paper_run,
};
pub use verify::CHECKS;

/// 通知: one thing that a customer is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub notice_no: i64,
    /// What is told.
    pub kind: NoticeKind,
    /// What it is about, such as `bill:3`: one notice for each kind and subject.
    pub subject: String,
    /// The bill, or 0.
    pub bill_no: i64,
    /// Business day of the decision.
    pub decided_on: Date,
    /// Day by which it has to arrive.
    pub due_by: Date,
    /// Day by which the customer is asked to pay.
    pub deadline_on: Option<Date>,
    /// Principal it tells.
    pub amount: Money,
    /// Late fee it tells.
    pub fee: Money,
    /// JSON of what it tells; none for a bill, whose content is derived.
    pub content: Option<String>,
    /// Ids of the rules, with commas between.
    pub rules: String,
    /// `open`, `served`, `failed`, `withdrawn`.
    pub state: String,
    /// The arrival that counts in law.
    pub served_at: Option<DateTime>,
    /// The channel of that arrival.
    pub served_how: Option<Channel>,
    /// Its proof.
    pub evidence_no: Option<i64>,
    /// Day on which it failed or was withdrawn.
    pub ended_on: Option<Date>,
    /// Why.
    pub ended_why: Option<String>,
}

const NOTICE: Table = Table {
    name: "notice",
    columns: &[
        "account_id",
        "notice_no",
        "kind",
        "subject",
        "bill_no",
        "decided_on",
        "due_by",
        "deadline_on",
        "amount_fen",
        "fee_fen",
        "content",
        "rules",
        "state",
        "ended_on",
        "ended_why",
    ],
    key: &["account_id", "notice_no"],
};

const COLUMNS: &str = "account_id, notice_no, kind, subject, bill_no, decided_on, due_by, deadline_on, amount_fen, fee_fen, \
    content, rules, state, served_at, served_how, evidence_no, ended_on, ended_why";

fn read(row: &Row<'_>) -> Result<NoticeRow, StoreError> {
    let kind = row.str(2)?;
    Ok(NoticeRow {
        account_id: row.int(0)?,
        notice_no: row.int(1)?,
        kind: NoticeKind::from_word(kind)
            .ok_or_else(|| StoreError::Corrupt(format!("`{kind}` is no kind of notice")))?,
        subject: row.text(3)?,
        bill_no: row.int(4)?,
        decided_on: row.date(5)?,
        due_by: row.date(6)?,
        deadline_on: row.date_or_null(7)?,
        amount: row.money(8)?,
        fee: row.money(9)?,
        content: row.text_or_null(10)?,
        rules: row.text(11)?,
        state: row.text(12)?,
        served_at: row.moment_or_null(13)?,
        served_how: row.text_or_null(14)?.as_deref().and_then(Channel::from_word),
        evidence_no: row.int_or_null(15)?,
        ended_on: row.date_or_null(16)?,
        ended_why: row.text_or_null(17)?,
    })
}

/// Writes notices that were decided.
///
/// # Errors
/// The database's; a second notice of one kind and subject is a duplicate.
pub fn insert_notices(conn: &mut Conn, rows: &[NoticeRow]) -> Result<(), StoreError> {
    conn.bulk(&NOTICE, rows, |row, out| {
        out.put(row.account_id).put(row.notice_no).put(row.kind.word()).put(&row.subject).put(row.bill_no);
        out.put(row.decided_on).put(row.due_by).put(row.deadline_on).put(row.amount).put(row.fee);
        out.put(row.content.as_deref()).put(&row.rules).put(row.state.as_str());
        out.put(row.ended_on).put(row.ended_why.as_deref());
    })
}

/// The notice of a kind about a subject.
///
/// # Errors
/// The database's.
pub fn notice_about(
    conn: &mut Conn,
    account_id: i64,
    kind: NoticeKind,
    subject: &str,
) -> Result<Option<NoticeRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM notice WHERE account_id = $1 AND kind = $2 AND subject = $3");
    conn.query_first(&sql, &[account_id.into(), kind.word().into(), subject.into()], read)
}

/// Every notice of a range of accounts, in order of account and number.
///
/// # Errors
/// The database's.
pub fn notices_of(conn: &mut Conn, range: Range) -> Result<Vec<NoticeRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM notice WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, notice_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read)
}

/// The last number of a notice of an account; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_notice_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(notice_no) FROM notice WHERE account_id = $1", &[account_id.into()])
}

/// One notice by its number.
///
/// # Errors
/// The database's.
pub fn notice(conn: &mut Conn, account_id: i64, notice_no: i64) -> Result<Option<NoticeRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM notice WHERE account_id = $1 AND notice_no = $2");
    conn.query_first(&sql, &[account_id.into(), notice_no.into()], read)
}

/// The notices of one account, the newest first.
///
/// # Errors
/// The database's.
pub fn notices_of_account(conn: &mut Conn, account_id: i64) -> Result<Vec<NoticeRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM notice WHERE account_id = $1 ORDER BY notice_no DESC");
    conn.query(&sql, &[account_id.into()], read)
}

/// Writes how a notice stands: its clock, its state, its service, its end.
///
/// # Errors
/// The database's.
pub fn save_notice(conn: &mut Conn, row: &NoticeRow) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE notice SET due_by = $3, state = $4, served_at = $5, served_how = $6, evidence_no = $7, ended_on = $8, \
         ended_why = $9 WHERE account_id = $1 AND notice_no = $2",
        &[
            row.account_id.into(),
            row.notice_no.into(),
            row.due_by.into(),
            (&row.state).into(),
            row.served_at.into(),
            row.served_how.map(Channel::word).into(),
            row.evidence_no.into(),
            row.ended_on.into(),
            row.ended_why.as_deref().into(),
        ],
    )?;
    Ok(())
}
