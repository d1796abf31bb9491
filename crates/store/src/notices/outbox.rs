//! 发件箱: deliveries that leave by themselves, their claims and attempts. A claim is committed before anything leaves.

mod verify;

pub use verify::CHECKS;

use crate::db::{Conn, Engine, Param, Row, StoreError, Table};
use denghuo_rules::notices::outbox::{AttemptOutcome, DeliveryKey};
use denghuo_rules::notices::{Channel, DeliveryState};
use jiff::civil::{Date, DateTime};

/// 发送记录: one delivery as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// What it is, for ever.
    pub key: DeliveryKey,
    /// How it leaves.
    pub channel: Channel,
    /// The contact, or none for what is no contact of the account.
    pub contact_no: Option<i64>,
    /// Where it goes.
    pub address: String,
    /// How it stands.
    pub state: DeliveryState,
    /// Day by which it has to arrive.
    pub due_by: Date,
    /// When it is to be looked at: sent, taken from a silent sender, asked for.
    pub next_at: DateTime,
    /// Attempts so far; also the number of the last one.
    pub attempts: i64,
    /// When the carrier took it.
    pub sent_at: Option<DateTime>,
    /// When nothing more was to come.
    pub ended_at: Option<DateTime>,
    /// The carrier's reference.
    pub gateway_ref: Option<String>,
    /// What the carrier said.
    pub detail: Option<String>,
}

/// 发送尝试: one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// The delivery.
    pub key: DeliveryKey,
    /// Its number, without a gap.
    pub attempt_no: i64,
    /// When it was claimed.
    pub begun_at: DateTime,
    /// When it ended.
    pub ended_at: Option<DateTime>,
    /// How; none before anything was handed over.
    pub outcome: Option<AttemptOutcome>,
    /// What the carrier said.
    pub detail: Option<String>,
}

/// Why rows are looked at: which of the indexed states, and which of them.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// Claims whose sender has said nothing for too long.
    Claims,
    /// Taken by the carrier, and nothing heard since.
    Silent(Channel),
    /// Nobody knows.
    Doubts,
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
        "sent_at",
        "ended_at",
        "gateway_ref",
        "detail",
    ],
    key: &["account_id", "notice_no", "delivery_no"],
};

const ATTEMPT: Table = Table {
    name: "delivery_attempt",
    columns: &["account_id", "notice_no", "delivery_no", "attempt_no", "begun_at"],
    key: &["account_id", "notice_no", "delivery_no", "attempt_no"],
};

const COLUMNS: &str = "account_id, notice_no, delivery_no, channel, contact_no, address, state, due_by, next_at, attempts, \
    sent_at, ended_at, gateway_ref, detail";

/// The three numbers of a key, and whatever else a statement needs after them.
fn keyed<'p>(key: DeliveryKey, others: &[Param<'p>]) -> Vec<Param<'p>> {
    let mut params = vec![key.account_id.into(), key.notice_no.into(), key.delivery_no.into()];
    params.extend_from_slice(others);
    params
}

fn read_key(row: &Row<'_>) -> Result<DeliveryKey, StoreError> {
    Ok(DeliveryKey { account_id: row.int(0)?, notice_no: row.int(1)?, delivery_no: row.int(2)? })
}

fn known<T>(word: &str, value: Option<T>) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::Corrupt(format!("`{word}` is no word of a delivery")))
}

fn read(row: &Row<'_>) -> Result<OutboxRow, StoreError> {
    let (channel, state) = (row.text(3)?, row.text(6)?);
    Ok(OutboxRow {
        key: read_key(row)?,
        channel: known(&channel, Channel::from_word(&channel))?,
        contact_no: row.int_or_null(4)?,
        address: row.text(5)?,
        state: known(&state, DeliveryState::from_word(&state))?,
        due_by: row.date(7)?,
        next_at: row.moment(8)?,
        attempts: row.int(9)?,
        sent_at: row.moment_or_null(10)?,
        ended_at: row.moment_or_null(11)?,
        gateway_ref: row.text_or_null(12)?,
        detail: row.text_or_null(13)?,
    })
}

fn read_attempt(row: &Row<'_>) -> Result<AttemptRow, StoreError> {
    let outcome = row.text_or_null(6)?;
    Ok(AttemptRow {
        key: read_key(row)?,
        attempt_no: row.int(3)?,
        begun_at: row.moment(4)?,
        ended_at: row.moment_or_null(5)?,
        outcome: match outcome {
            Some(word) => Some(known(&word, AttemptOutcome::from_word(&word))?),
            None => None,
        },
        detail: row.text_or_null(7)?,
    })
}

/// Rows that several senders ask for at once are given to one of them.
fn skip_locked(conn: &Conn) -> &'static str {
    match conn.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE SKIP LOCKED",
    }
}

/// Queued deliveries of a channel whose time has come, the longest waiting first, locked until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn queued(
    conn: &mut Conn,
    channel: Channel,
    at: DateTime,
    limit: usize,
) -> Result<Vec<OutboxRow>, StoreError> {
    let lock = skip_locked(conn);
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery WHERE state = 'queued' AND channel = $1 AND next_at <= $2 \
         ORDER BY next_at, account_id, notice_no, delivery_no LIMIT $3{lock}"
    );
    conn.query(&sql, &[channel.word().into(), at.into(), (limit as i64).into()], read)
}

/// Rows that are to be looked at by a moment, locked until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn due(conn: &mut Conn, which: Due, at: DateTime, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
    let lock = skip_locked(conn);
    let (state, channel) = match which {
        Due::Claims => ("'sending'", None),
        Due::Silent(channel) => ("'sent'", Some(channel)),
        Due::Doubts => ("'doubtful'", None),
    };
    let only = channel.map_or(String::new(), |channel| format!(" AND channel = '{}'", channel.word()));
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery WHERE state = {state}{only} AND next_at <= $1 \
         ORDER BY next_at, account_id, notice_no, delivery_no LIMIT $2{lock}"
    );
    conn.query(&sql, &[at.into(), (limit as i64).into()], read)
}

/// Replaces rows that the transaction has locked.
///
/// # Errors
/// The database's.
pub fn save(conn: &mut Conn, rows: &[OutboxRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&DELIVERY, rows, |row, out| {
        out.put(row.key.account_id).put(row.key.notice_no).put(row.key.delivery_no);
        out.put(row.channel.word()).put(row.contact_no).put(&row.address).put(row.state.word());
        out.put(row.due_by).put(row.next_at).put(row.attempts).put(row.sent_at).put(row.ended_at);
        out.put(row.gateway_ref.as_deref()).put(row.detail.as_deref());
    })
}

/// One delivery, locked until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn locked(conn: &mut Conn, key: DeliveryKey) -> Result<Option<OutboxRow>, StoreError> {
    let lock = match conn.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery WHERE account_id = $1 AND notice_no = $2 AND delivery_no = $3{lock}"
    );
    conn.query_first(&sql, &keyed(key, &[]), read)
}

/// The delivery to which the carrier gave a reference.
///
/// # Errors
/// The database's.
pub fn key_of_ref(conn: &mut Conn, gateway_ref: &str) -> Result<Option<DeliveryKey>, StoreError> {
    conn.query_first(
        "SELECT account_id, notice_no, delivery_no FROM delivery WHERE gateway_ref = $1 \
         ORDER BY account_id, notice_no, delivery_no LIMIT 1",
        &[gateway_ref.into()],
        read_key,
    )
}

/// The mail that was sent last to an address, among those that may still come back.
///
/// # Errors
/// The database's.
pub fn last_mail_to(conn: &mut Conn, address: &str) -> Result<Option<DeliveryKey>, StoreError> {
    conn.query_first(
        "SELECT d.account_id, d.notice_no, d.delivery_no FROM contact c JOIN delivery d ON d.account_id = c.account_id \
         AND d.contact_no = c.contact_no WHERE c.value = $1 AND d.channel = 'email' AND d.address = $1 \
         AND d.state IN ('sent', 'delivered', 'doubtful') ORDER BY d.sent_at DESC, d.account_id, d.notice_no DESC LIMIT 1",
        &[address.into()],
        read_key,
    )
}

/// Every attempt of a delivery, in order.
///
/// # Errors
/// The database's.
pub fn attempts(conn: &mut Conn, key: DeliveryKey) -> Result<Vec<AttemptRow>, StoreError> {
    conn.query(
        "SELECT account_id, notice_no, delivery_no, attempt_no, begun_at, ended_at, outcome, detail FROM delivery_attempt \
         WHERE account_id = $1 AND notice_no = $2 AND delivery_no = $3 ORDER BY attempt_no",
        &keyed(key, &[]),
        read_attempt,
    )
}

/// Begins attempts.
///
/// # Errors
/// The database's.
pub fn begin_attempts(
    conn: &mut Conn,
    attempts: &[(DeliveryKey, i64)],
    at: DateTime,
) -> Result<(), StoreError> {
    conn.bulk(&ATTEMPT, attempts, |(key, attempt_no), out| {
        out.put(key.account_id).put(key.notice_no).put(key.delivery_no).put(*attempt_no).put(at);
    })
}

/// Notes that the message is now handed over, and holds the claim until `until`; false when the claim is no longer ours.
///
/// # Errors
/// The database's.
pub fn mark_handing(
    conn: &mut Conn,
    (key, attempt_no): (DeliveryKey, i64),
    body_hash: &str,
    until: DateTime,
) -> Result<bool, StoreError> {
    let held = conn.execute(
        "UPDATE delivery SET next_at = $4 \
         WHERE account_id = $1 AND notice_no = $2 AND delivery_no = $3 AND state = 'sending'",
        &keyed(key, &[until.into()]),
    )?;
    if held == 0 {
        return Ok(false);
    }
    let ours = conn.execute(
        "UPDATE delivery_attempt SET outcome = 'handing', body_hash = $5 \
         WHERE account_id = $1 AND notice_no = $2 AND delivery_no = $3 AND attempt_no = $4 AND outcome IS NULL",
        &keyed(key, &[attempt_no.into(), body_hash.into()]),
    )?;
    Ok(ours == 1)
}

/// Ends an attempt from which nothing was handed over, unless somebody has ended it.
///
/// # Errors
/// The database's.
pub fn abandon_attempt(
    conn: &mut Conn,
    (key, attempt_no): (DeliveryKey, i64),
    at: DateTime,
) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE delivery_attempt SET outcome = 'interrupted', ended_at = $5 \
         WHERE account_id = $1 AND notice_no = $2 AND delivery_no = $3 AND attempt_no = $4 AND outcome IS NULL",
        &keyed(key, &[attempt_no.into(), at.into()]),
    )?;
    Ok(())
}

/// Ends an attempt; also one whose end was unknown so far.
///
/// # Errors
/// The database's.
pub fn end_attempt(
    conn: &mut Conn,
    (key, attempt_no): (DeliveryKey, i64),
    outcome: AttemptOutcome,
    at: DateTime,
    detail: Option<&str>,
) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE delivery_attempt SET outcome = $5, ended_at = $6, detail = COALESCE($7, detail) \
         WHERE account_id = $1 AND notice_no = $2 AND delivery_no = $3 AND attempt_no = $4",
        &keyed(key, &[attempt_no.into(), outcome.word().into(), at.into(), detail.into()]),
    )?;
    Ok(())
}

/// 发件箱概况: deliveries of one channel in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxCount {
    /// The channel's word.
    pub channel: String,
    /// The state's word.
    pub state: String,
    /// How many.
    pub count: i64,
    /// The earliest moment at which one of them is to be looked at.
    pub oldest: DateTime,
    /// The earliest day by which one of them has to arrive.
    pub due_by: Date,
}

/// Every delivery counted by channel and state, in that order.
///
/// # Errors
/// The database's.
pub fn counts(conn: &mut Conn) -> Result<Vec<OutboxCount>, StoreError> {
    let mut counts = conn.query(
        "SELECT channel, state, COUNT(*), MIN(next_at), MIN(due_by) FROM delivery GROUP BY channel, state",
        &[],
        |row| {
            Ok(OutboxCount {
                channel: row.text(0)?,
                state: row.text(1)?,
                count: row.int(2)?,
                oldest: row.moment(3)?,
                due_by: row.date(4)?,
            })
        },
    )?;
    counts.sort_by(|a, b| (&a.channel, &a.state).cmp(&(&b.channel, &b.state)));
    Ok(counts)
}

/// How many of the electronic channels are due at a moment.
///
/// # Errors
/// The database's.
pub fn waiting(conn: &mut Conn, channel: Channel, at: DateTime) -> Result<i64, StoreError> {
    conn.query_int(
        "SELECT COUNT(*) FROM delivery WHERE state = 'queued' AND channel = $1 AND next_at <= $2",
        &[channel.word().into(), at.into()],
    )
}

/// Electronic deliveries in a state, in order of account; for a person who deals with them.
///
/// # Errors
/// The database's.
pub fn in_state(conn: &mut Conn, state: DeliveryState, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery WHERE state = $1 AND channel IN ('email', 'sms') \
         ORDER BY account_id, notice_no, delivery_no LIMIT $2"
    );
    conn.query(&sql, &[state.word().into(), (limit as i64).into()], read)
}
