//! 发件箱: the deliveries of notices.

use crate::day::Range;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::notices::{Channel, DeliveryState, NoticeKind};
use jiff::civil::{Date, DateTime};

/// 送达记录: one channel by which a notice leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The account.
    pub account_id: i64,
    /// The notice.
    pub notice_no: i64,
    /// Its number within the notice.
    pub delivery_no: i64,
    /// How it leaves.
    pub channel: Channel,
    /// The contact it goes to; none for the place of supply.
    pub contact_no: Option<i64>,
    /// Number or address.
    pub address: String,
    /// How it stands.
    pub state: DeliveryState,
    /// Day by which it has to leave, or to arrive on paper.
    pub due_by: Date,
    /// Earliest moment of the next attempt.
    pub next_at: DateTime,
    /// Attempts so far.
    pub attempts: i64,
    /// When the carrier took it.
    pub sent_at: Option<DateTime>,
    /// When it arrived or ended.
    pub ended_at: Option<DateTime>,
    /// The gateway's reference, or the run of papers it is in.
    pub gateway_ref: Option<String>,
    /// What the carrier said.
    pub detail: Option<String>,
}

const DELIVERY: Table = Table {
    name: "delivery",
    columns: &[
        "account_id",
        "notice_no",
        "delivery_no",
        "channel",
        "contact_no",
        "address",
        "state",
        "due_by",
        "next_at",
        "attempts",
    ],
    key: &["account_id", "notice_no", "delivery_no"],
};

pub(super) const COLUMNS: &str = "d.account_id, d.notice_no, d.delivery_no, d.channel, d.contact_no, d.address, d.state, \
    d.due_by, d.next_at, d.attempts, d.sent_at, d.ended_at, d.gateway_ref, d.detail";

pub(super) fn read(row: &Row<'_>) -> Result<DeliveryRow, StoreError> {
    let (channel, state) = (row.str(3)?, row.str(6)?);
    Ok(DeliveryRow {
        account_id: row.int(0)?,
        notice_no: row.int(1)?,
        delivery_no: row.int(2)?,
        channel: Channel::from_word(channel)
            .ok_or_else(|| StoreError::Corrupt(format!("`{channel}` is no channel")))?,
        contact_no: row.int_or_null(4)?,
        address: row.text(5)?,
        state: DeliveryState::from_word(state)
            .ok_or_else(|| StoreError::Corrupt(format!("`{state}` is no state of a delivery")))?,
        due_by: row.date(7)?,
        next_at: row.moment(8)?,
        attempts: row.int(9)?,
        sent_at: row.moment_or_null(10)?,
        ended_at: row.moment_or_null(11)?,
        gateway_ref: row.text_or_null(12)?,
        detail: row.text_or_null(13)?,
    })
}

/// Queues deliveries.
///
/// # Errors
/// The database's; a number that is taken is a duplicate.
pub fn insert_deliveries(conn: &mut Conn, rows: &[DeliveryRow]) -> Result<(), StoreError> {
    conn.bulk(&DELIVERY, rows, |row, out| {
        out.put(row.account_id).put(row.notice_no).put(row.delivery_no).put(row.channel.word());
        out.put(row.contact_no).put(&row.address).put(row.state.word()).put(row.due_by).put(row.next_at);
        out.put(row.attempts);
    })
}

/// The deliveries of a notice, in order.
///
/// # Errors
/// The database's.
pub fn deliveries_of(
    conn: &mut Conn,
    account_id: i64,
    notice_no: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery d WHERE d.account_id = $1 AND d.notice_no = $2 ORDER BY d.delivery_no"
    );
    conn.query(&sql, &[account_id.into(), notice_no.into()], read)
}

/// The deliveries of a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn deliveries_in_range(conn: &mut Conn, range: Range) -> Result<Vec<DeliveryRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery d WHERE d.account_id BETWEEN $1 AND $2 \
         ORDER BY d.account_id, d.notice_no, d.delivery_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read)
}

/// One delivery.
///
/// # Errors
/// The database's.
pub fn delivery(
    conn: &mut Conn,
    (account_id, notice_no, delivery_no): (i64, i64, i64),
) -> Result<Option<DeliveryRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery d WHERE d.account_id = $1 AND d.notice_no = $2 AND d.delivery_no = $3"
    );
    conn.query_first(&sql, &[account_id.into(), notice_no.into(), delivery_no.into()], read)
}

/// Writes how a delivery stands.
///
/// # Errors
/// The database's.
pub fn save_delivery(conn: &mut Conn, row: &DeliveryRow) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE delivery SET state = $4, next_at = $5, attempts = $6, sent_at = $7, ended_at = $8, gateway_ref = $9, \
         detail = $10 WHERE account_id = $1 AND notice_no = $2 AND delivery_no = $3",
        &[
            row.account_id.into(),
            row.notice_no.into(),
            row.delivery_no.into(),
            row.state.word().into(),
            row.next_at.into(),
            row.attempts.into(),
            row.sent_at.into(),
            row.ended_at.into(),
            row.gateway_ref.as_deref().into(),
            row.detail.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// The moments of electronic messages of limited kinds, of every customer who has an account in the range, since a day:
/// `(customer, moment)`.
///
/// # Errors
/// The database's.
pub fn capped_moments(
    conn: &mut Conn,
    range: Range,
    kinds: &[NoticeKind],
    since: Date,
) -> Result<Vec<(i64, DateTime)>, StoreError> {
    let found = conn.query(
        "SELECT a.customer_id, n.kind, COALESCE(d.sent_at, d.next_at) FROM account a \
         JOIN notice n ON n.account_id = a.account_id \
         JOIN delivery d ON d.account_id = n.account_id AND d.notice_no = n.notice_no \
         WHERE a.customer_id IN (SELECT customer_id FROM account WHERE account_id BETWEEN $1 AND $2) \
         AND n.decided_on >= $3 AND n.kind <> 'bill' AND d.channel IN ('email', 'sms', 'phone') AND d.state <> 'cancelled'",
        &[range.from.into(), range.to.into(), since.into()],
        |row| Ok((row.int(0)?, NoticeKind::from_word(row.str(1)?), row.moment(2)?)),
    )?;
    let limited = found.into_iter().filter(|(_, kind, _)| kind.is_some_and(|kind| kinds.contains(&kind)));
    Ok(limited.map(|(customer, _, moment)| (customer, moment)).collect())
}
