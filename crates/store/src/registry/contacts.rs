//! 联系方式: what is known of each way to reach a customer, and what happened to it.

mod failed;

pub use failed::{FAILURE_ORDERS, FailedContact, failed_contacts};

use super::terms::{end, end_param};
use crate::day::Range;
use crate::db::{Conn, OPEN_END, Row, StoreError, Table};
use jiff::civil::Date;

/// 联系方式 with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownContact {
    /// The account.
    pub account_id: i64,
    /// Number within the account.
    pub contact_no: i64,
    /// A `ContactKind`.
    pub kind: String,
    /// Number or address.
    pub value: String,
    /// 首选
    pub preferred: bool,
    /// 核实日期
    pub verified_on: Option<Date>,
    /// 核实方式
    pub verified_how: Option<String>,
    /// 同意接收通知
    pub consent: bool,
    /// Last day.
    pub until_on: Option<Date>,
    /// 约定为电子送达地址之日
    pub designated_on: Option<Date>,
    /// The contract that designates it.
    pub designated_by: Option<String>,
    /// A `ContactTrouble`: why it is not used.
    pub trouble: Option<String>,
    /// Since when.
    pub trouble_on: Option<Date>,
    /// The customer wants a receipt of every payment there.
    pub receipts: bool,
}

/// 联系方式履历: one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactEventRow {
    /// The account.
    pub account_id: i64,
    /// Number within the account.
    pub event_no: i64,
    /// The contact.
    pub contact_no: i64,
    /// A `ContactEventKind`.
    pub kind: String,
    /// Business day.
    pub happened_on: Date,
    /// Where it is known from, such as `notice:3` or `call`.
    pub source: String,
    /// More about it.
    pub detail: Option<String>,
    /// Who noted it.
    pub noted_by: String,
}

const EVENT: Table = Table {
    name: "contact_event",
    columns: &["account_id", "event_no", "contact_no", "kind", "happened_on", "source", "detail", "noted_by"],
    key: &["account_id", "event_no"],
};

const COLUMNS: &str = "c.account_id, c.contact_no, c.kind, c.value, c.preferred, c.verified_on, c.verified_how, c.consent, \
    c.until_on, c.designated_on, c.designated_by, c.trouble, c.trouble_on, c.receipts";

fn read(row: &Row<'_>) -> Result<KnownContact, StoreError> {
    Ok(KnownContact {
        account_id: row.int(0)?,
        contact_no: row.int(1)?,
        kind: row.text(2)?,
        value: row.text(3)?,
        preferred: row.truth(4)?,
        verified_on: row.date_or_null(5)?,
        verified_how: row.text_or_null(6)?,
        consent: row.truth(7)?,
        until_on: end(row, 8)?,
        designated_on: row.date_or_null(9)?,
        designated_by: row.text_or_null(10)?,
        trouble: row.text_or_null(11)?,
        trouble_on: row.date_or_null(12)?,
        receipts: row.truth(13)?,
    })
}

/// The contacts of a range of accounts that have not ended, by account and number.
///
/// # Errors
/// The database's.
pub fn known_contacts(conn: &mut Conn, range: Range) -> Result<Vec<KnownContact>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM contact c WHERE c.account_id BETWEEN $1 AND $2 AND c.until_on = 99991231 \
         ORDER BY c.account_id, c.contact_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read)
}

/// One contact, ended or not.
///
/// # Errors
/// The database's.
pub fn known_contact(
    conn: &mut Conn,
    account_id: i64,
    contact_no: i64,
) -> Result<Option<KnownContact>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM contact c WHERE c.account_id = $1 AND c.contact_no = $2");
    conn.query_first(&sql, &[account_id.into(), contact_no.into()], read)
}

/// Contacts that are in trouble, by account.
///
/// # Errors
/// The database's.
pub fn contacts_in_trouble(conn: &mut Conn) -> Result<Vec<KnownContact>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM contact c WHERE c.trouble IS NOT NULL AND c.until_on = {OPEN_END} \
         ORDER BY c.account_id, c.contact_no"
    );
    conn.query(&sql, &[], read)
}

/// Contacts that were not verified and not reached since a day, the longest silent first, at most so many. One that was on
/// the list since that day is not listed again.
///
/// # Errors
/// The database's.
pub fn silent_contacts(conn: &mut Conn, since: Date, limit: i64) -> Result<Vec<KnownContact>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM contact c WHERE c.until_on = 99991231 AND COALESCE(c.verified_on, 0) < $1 \
         AND c.trouble IS NULL AND c.kind <> 'address' \
         AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.account_id = c.account_id AND d.contact_no = c.contact_no \
         AND d.state = 'delivered' AND d.ended_at >= $1 * 1000000) \
         AND NOT EXISTS (SELECT 1 FROM contact_event e WHERE e.account_id = c.account_id AND e.contact_no = c.contact_no \
         AND e.happened_on >= $1) ORDER BY COALESCE(c.verified_on, 0), c.account_id, c.contact_no LIMIT $2"
    );
    conn.query(&sql, &[since.into(), limit.into()], read)
}

/// The last day on which something reached a contact; none when nothing did.
///
/// # Errors
/// The database's.
pub fn contact_heard_on(
    conn: &mut Conn,
    account_id: i64,
    contact_no: i64,
) -> Result<Option<Date>, StoreError> {
    let moment = conn.query_int(
        "SELECT MAX(ended_at) FROM delivery WHERE account_id = $1 AND contact_no = $2 AND state = 'delivered'",
        &[account_id.into(), contact_no.into()],
    )?;
    Ok(crate::db::moment_from_int(moment).map(|moment| moment.date()))
}

/// Writes what is known of a contact.
///
/// # Errors
/// The database's.
pub fn save_contact(conn: &mut Conn, row: &KnownContact) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE contact SET preferred = $3, verified_on = $4, verified_how = $5, consent = $6, until_on = $7, \
         designated_on = $8, designated_by = $9, trouble = $10, trouble_on = $11, receipts = $12 \
         WHERE account_id = $1 AND contact_no = $2",
        &[
            row.account_id.into(),
            row.contact_no.into(),
            row.preferred.into(),
            row.verified_on.into(),
            row.verified_how.as_deref().into(),
            row.consent.into(),
            end_param(row.until_on),
            row.designated_on.into(),
            row.designated_by.as_deref().into(),
            row.trouble.as_deref().into(),
            row.trouble_on.into(),
            row.receipts.into(),
        ],
    )?;
    Ok(())
}

/// Notes what happened to contacts.
///
/// # Errors
/// The database's; a number that is taken is a duplicate.
pub fn insert_contact_events(conn: &mut Conn, rows: &[ContactEventRow]) -> Result<(), StoreError> {
    conn.bulk(&EVENT, rows, |row, out| {
        out.put(row.account_id).put(row.event_no).put(row.contact_no).put(&row.kind).put(row.happened_on);
        out.put(&row.source).put(row.detail.as_deref()).put(&row.noted_by);
    })
}

/// The last number of an event of an account's contacts; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_contact_event_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(event_no) FROM contact_event WHERE account_id = $1", &[account_id.into()])
}

/// What happened to the contacts of an account, in order.
///
/// # Errors
/// The database's.
pub fn contact_events(conn: &mut Conn, account_id: i64) -> Result<Vec<ContactEventRow>, StoreError> {
    conn.query(
        "SELECT account_id, event_no, contact_no, kind, happened_on, source, detail, noted_by FROM contact_event \
         WHERE account_id = $1 ORDER BY event_no",
        &[account_id.into()],
        |row| {
            Ok(ContactEventRow {
                account_id: row.int(0)?,
                event_no: row.int(1)?,
                contact_no: row.int(2)?,
                kind: row.text(3)?,
                happened_on: row.date(4)?,
                source: row.text(5)?,
                detail: row.text_or_null(6)?,
                noted_by: row.text(7)?,
            })
        },
    )
}
