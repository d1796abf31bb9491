//! 推送 (foundation `webhooks`): where other systems are told, the events, and what became of each.
//!
//! Moments here are milliseconds since 1970.

use crate::db::{Conn, Row, StoreError, Table};
use jiff::civil::Date;

/// 推送端点
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookRow {
    /// Its number.
    pub webhook_no: i64,
    /// Where events are posted.
    pub url: String,
    /// Words of the events, with spaces between.
    pub events: String,
    /// The shared secret, or `env:NAME`.
    pub secret: String,
    /// What it is for.
    pub purpose: String,
    /// `live`, `off` (by a person) or `broken` (by itself, after failures).
    pub state: String,
    /// Failures in a row.
    pub failures: i64,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_on: Date,
    /// When it was last changed.
    pub changed_at: i64,
}

const HOOK: &str = "webhook_no, url, events, secret, purpose, state, failures, made_by, made_on, changed_at";

fn hook_row(row: &Row<'_>) -> Result<HookRow, StoreError> {
    Ok(HookRow {
        webhook_no: row.int(0)?,
        url: row.text(1)?,
        events: row.text(2)?,
        secret: row.text(3)?,
        purpose: row.text(4)?,
        state: row.text(5)?,
        failures: row.int(6)?,
        made_by: row.text(7)?,
        made_on: row.date(8)?,
        changed_at: row.int(9)?,
    })
}

/// Every endpoint, by number.
///
/// # Errors
/// The database's.
pub fn hooks(conn: &mut Conn) -> Result<Vec<HookRow>, StoreError> {
    conn.query(&format!("SELECT {HOOK} FROM webhook ORDER BY webhook_no"), &[], hook_row)
}

/// Writes an endpoint, replacing the one of its number.
///
/// # Errors
/// The database's.
pub fn save_hook(conn: &mut Conn, row: &HookRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO webhook (webhook_no, url, events, secret, purpose, state, failures, made_by, made_on, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (webhook_no) DO UPDATE SET url = excluded.url, \
         events = excluded.events, secret = excluded.secret, purpose = excluded.purpose, state = excluded.state, \
         failures = excluded.failures, changed_at = excluded.changed_at",
        &[
            row.webhook_no.into(),
            (&row.url).into(),
            (&row.events).into(),
            (&row.secret).into(),
            (&row.purpose).into(),
            (&row.state).into(),
            row.failures.into(),
            (&row.made_by).into(),
            row.made_on.into(),
            row.changed_at.into(),
        ],
    )?;
    Ok(())
}

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The account; 0 for none.
    pub account_id: i64,
    /// Names the fact once among those of its account, such as `bill.released:12`.
    pub event_key: String,
    /// Word of the event.
    pub kind: String,
    /// Business day.
    pub happened_on: Date,
    /// What is posted, as JSON.
    pub payload: String,
}

const EVENTS: Table = Table {
    name: "webhook_event",
    columns: &["account_id", "event_key", "kind", "happened_on", "payload", "recorded_at"],
    key: &["account_id", "event_key"],
};

const DELIVERIES: Table = Table {
    name: "webhook_delivery",
    columns: &["account_id", "event_key", "webhook_no", "state", "attempts", "next_at"],
    key: &["account_id", "event_key", "webhook_no"],
};

/// Keeps events, each with a delivery to every endpoint that is named beside it.
///
/// # Errors
/// The database's; an event that is there already.
pub fn insert_events(conn: &mut Conn, rows: &[(EventRow, Vec<i64>)], now: i64) -> Result<(), StoreError> {
    conn.bulk(&EVENTS, rows, |(row, _), out| {
        out.put(row.account_id)
            .put(&row.event_key)
            .put(&row.kind)
            .put(row.happened_on)
            .put(&row.payload)
            .put(now);
    })?;
    let deliveries: Vec<(&EventRow, i64)> =
        rows.iter().flat_map(|(row, hooks)| hooks.iter().map(move |hook| (row, *hook))).collect();
    conn.bulk(&DELIVERIES, &deliveries, |(row, hook), out| {
        out.put(row.account_id).put(&row.event_key).put(*hook).put("waiting").put(0_i64).put(now);
    })
}

/// A delivery that is due, with all that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    /// The account; 0 for none.
    pub account_id: i64,
    /// The event.
    pub event_key: String,
    /// Word of the event.
    pub kind: String,
    /// What is posted.
    pub payload: String,
    /// The endpoint.
    pub webhook_no: i64,
    /// Attempts before.
    pub attempts: i64,
    /// Since when it is due.
    pub next_at: i64,
}

/// Deliveries that are due to live endpoints, the oldest first.
///
/// # Errors
/// The database's.
pub fn due(conn: &mut Conn, now: i64, limit: i64) -> Result<Vec<DueRow>, StoreError> {
    conn.query(
        "SELECT d.account_id, d.event_key, e.kind, e.payload, d.webhook_no, d.attempts, d.next_at FROM webhook_delivery d \
         JOIN webhook w ON w.webhook_no = d.webhook_no JOIN webhook_event e ON e.account_id = d.account_id \
         AND e.event_key = d.event_key WHERE d.state = 'waiting' AND d.next_at <= $1 AND w.state = 'live' \
         ORDER BY d.next_at, d.webhook_no, d.account_id, d.event_key LIMIT $2",
        &[now.into(), limit.into()],
        |row| {
            Ok(DueRow {
                account_id: row.int(0)?,
                event_key: row.text(1)?,
                kind: row.text(2)?,
                payload: row.text(3)?,
                webhook_no: row.int(4)?,
                attempts: row.int(5)?,
                next_at: row.int(6)?,
            })
        },
    )
}

/// Takes a delivery until a moment, counting one more attempt; tells whether nobody else was faster.
///
/// # Errors
/// The database's.
pub fn claim(conn: &mut Conn, row: &DueRow, until: i64) -> Result<bool, StoreError> {
    let taken = conn.execute(
        "UPDATE webhook_delivery SET attempts = attempts + 1, next_at = $5 WHERE account_id = $1 AND event_key = $2 \
         AND webhook_no = $3 AND state = 'waiting' AND next_at = $4",
        &[row.account_id.into(), (&row.event_key).into(), row.webhook_no.into(), row.next_at.into(), until.into()],
    )?;
    Ok(taken > 0)
}

/// An attempt as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// From 1.
    pub attempt_no: i64,
    /// When it began.
    pub begun_at: i64,
    /// How long it took.
    pub took_ms: i64,
    /// HTTP status; 0 when there was no answer.
    pub status: i64,
    /// Why it failed.
    pub failure: Option<String>,
}

/// Keeps an attempt and what comes of the delivery: `sent`, `waiting` until a moment, or `given_up`.
///
/// # Errors
/// The database's.
pub fn save_attempt(
    conn: &mut Conn,
    due: &DueRow,
    attempt: &AttemptRow,
    (state, next_at): (&str, i64),
) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO webhook_attempt (account_id, event_key, webhook_no, attempt_no, begun_at, took_ms, status, failure) \
         VALUES ($1, $2, $3, (SELECT COALESCE(MAX(attempt_no), 0) + 1 FROM webhook_attempt WHERE account_id = $1 \
         AND event_key = $2 AND webhook_no = $3), $4, $5, $6, $7)",
        &[
            due.account_id.into(),
            (&due.event_key).into(),
            due.webhook_no.into(),
            attempt.begun_at.into(),
            attempt.took_ms.into(),
            attempt.status.into(),
            attempt.failure.as_deref().into(),
        ],
    )?;
    conn.execute(
        "UPDATE webhook_delivery SET state = $4, next_at = $5 WHERE account_id = $1 AND event_key = $2 AND webhook_no = $3",
        &[due.account_id.into(), (&due.event_key).into(), due.webhook_no.into(), state.into(), next_at.into()],
    )?;
    Ok(())
}

/// Counts the failures in a row of an endpoint: none after a success; with `most` of them it is `broken`.
///
/// # Errors
/// The database's.
pub fn count_hook(conn: &mut Conn, webhook_no: i64, failed: bool, most: i64) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE webhook SET failures = CASE WHEN $2 = 1 THEN failures + 1 ELSE 0 END, \
         state = CASE WHEN $2 = 1 AND failures + 1 >= $3 AND state = 'live' THEN 'broken' ELSE state END WHERE webhook_no = $1",
        &[webhook_no.into(), i64::from(failed).into(), most.into()],
    )?;
    Ok(())
}

/// A delivery on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The account; 0 for none.
    pub account_id: i64,
    /// 户号
    pub account_no: Option<String>,
    /// The event.
    pub event_key: String,
    /// Word of the event.
    pub kind: String,
    /// Business day.
    pub happened_on: Date,
    /// What is posted.
    pub payload: String,
    /// `waiting`, `sent` or `given_up`.
    pub state: String,
    /// Attempts since it was last asked for.
    pub attempts: i64,
    /// When it is due; when it was sent.
    pub next_at: i64,
}

/// Where a page of deliveries begins: moment, account and event of the last one before.
pub type DeliveryPlace = (i64, i64, String);

/// Deliveries of an endpoint, of one state or all, the latest first.
///
/// # Errors
/// The database's.
pub fn deliveries(
    conn: &mut Conn,
    webhook_no: i64,
    state: Option<&str>,
    after: Option<&DeliveryPlace>,
    limit: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let last = (i64::MAX, i64::MAX, String::new());
    let (at, account_id, event_key) = after.unwrap_or(&last);
    conn.query(
        "SELECT d.account_id, a.account_no, d.event_key, e.kind, e.happened_on, e.payload, d.state, d.attempts, d.next_at \
         FROM webhook_delivery d JOIN webhook_event e ON e.account_id = d.account_id AND e.event_key = d.event_key \
         LEFT JOIN account a ON a.account_id = d.account_id WHERE d.webhook_no = $1 AND ($2 = '' OR d.state = $2) \
         AND (d.next_at, d.account_id, d.event_key) < ($3, $4, $5) \
         ORDER BY d.next_at DESC, d.account_id DESC, d.event_key DESC LIMIT $6",
        &[
            webhook_no.into(),
            state.unwrap_or_default().into(),
            (*at).into(),
            (*account_id).into(),
            event_key.into(),
            limit.into(),
        ],
        |row| {
            Ok(DeliveryRow {
                account_id: row.int(0)?,
                account_no: row.text_or_null(1)?,
                event_key: row.text(2)?,
                kind: row.text(3)?,
                happened_on: row.date(4)?,
                payload: row.text(5)?,
                state: row.text(6)?,
                attempts: row.int(7)?,
                next_at: row.int(8)?,
            })
        },
    )
}

/// Every attempt of a delivery, in order.
///
/// # Errors
/// The database's.
pub fn attempts(
    conn: &mut Conn,
    webhook_no: i64,
    account_id: i64,
    event_key: &str,
) -> Result<Vec<AttemptRow>, StoreError> {
    conn.query(
        "SELECT attempt_no, begun_at, took_ms, status, failure FROM webhook_attempt WHERE account_id = $1 AND event_key = $2 \
         AND webhook_no = $3 ORDER BY attempt_no",
        &[account_id.into(), event_key.into(), webhook_no.into()],
        |row| {
            Ok(AttemptRow {
                attempt_no: row.int(0)?,
                begun_at: row.int(1)?,
                took_ms: row.int(2)?,
                status: row.int(3)?,
                failure: row.text_or_null(4)?,
            })
        },
    )
}

/// Sends a delivery once more; tells whether there is one that does not wait already.
///
/// # Errors
/// The database's.
pub fn replay(
    conn: &mut Conn,
    webhook_no: i64,
    account_id: i64,
    event_key: &str,
    now: i64,
) -> Result<bool, StoreError> {
    let again = conn.execute(
        "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_at = $4 WHERE account_id = $1 AND event_key = $2 \
         AND webhook_no = $3",
        &[account_id.into(), event_key.into(), webhook_no.into(), now.into()],
    )?;
    Ok(again > 0)
}
