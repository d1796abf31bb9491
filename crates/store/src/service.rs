//! 客户服务 (column `service`): tickets and what was done on them.

mod events;
mod list;
pub mod problem;
mod verify;

pub use events::{EventRow, each_ticket, events_of, insert_event};
pub use list::{TICKET_ORDERS, TicketFilter, TicketListed, tickets};
pub use verify::CHECKS;

use crate::day::{Range, ranges_of};
use crate::db::{Conn, Row, StoreError, Table, moment_to_int};
use denghuo_rules::service::{Area, Request, TicketSource, TicketState};
use jiff::civil::{DateTime, datetime};

/// The moment of a ticket on which time alone changes nothing.
pub const NEVER: DateTime = datetime(9999, 12, 31, 23, 59, 59, 0);

/// 工单 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// The account; 0 for none.
    pub account_id: i64,
    /// Its number within the account.
    pub ticket_no: i64,
    /// What is asked for.
    pub request: Request,
    /// Where, as far as the promise depends on it.
    pub area: Option<Area>,
    /// What it is about, a word of the topics; empty when nobody has said.
    pub topic: String,
    /// How it came.
    pub source: TicketSource,
    /// The number that the source gave; empty for none.
    pub source_ref: String,
    /// The unit that has it.
    pub org_id: i64,
    /// Staff code of who has it.
    pub owner: Option<String>,
    /// What the caller is called.
    pub caller: String,
    /// Where he can be reached.
    pub phone: String,
    /// The place.
    pub place: String,
    /// What he said.
    pub said: String,
    /// What it concerns, such as `bill:3`, with spaces between.
    pub about: String,
    /// When it was taken, Beijing time.
    pub accepted_at: DateTime,
    /// Staff code of who took it.
    pub accepted_by: String,
    /// Where it stands.
    pub state: TicketState,
    /// How many levels up it was told.
    pub level: i64,
    /// When a clock of it runs short; [`NEVER`] when none does.
    pub next_at: DateTime,
    /// When it ended.
    pub ended_at: Option<DateTime>,
}

const TICKET: Table = Table {
    name: "ticket",
    columns: &[
        "account_id",
        "ticket_no",
        "request",
        "area",
        "topic",
        "source",
        "source_ref",
        "org_id",
        "owner",
        "caller",
        "phone",
        "place",
        "said",
        "about",
        "accepted_at",
        "accepted_by",
        "state",
        "level",
        "next_at",
        "ended_at",
    ],
    key: &["account_id", "ticket_no"],
};

const COLUMNS: &str = "t.account_id, t.ticket_no, t.request, t.area, t.topic, t.source, t.source_ref, t.org_id, t.owner, t.caller, \
    t.phone, t.place, t.said, t.about, t.accepted_at, t.accepted_by, t.state, t.level, t.next_at, t.ended_at";

fn read(row: &Row<'_>) -> Result<TicketRow, StoreError> {
    let area = row.text_or_null(3)?;
    Ok(TicketRow {
        account_id: row.int(0)?,
        ticket_no: row.int(1)?,
        request: word(&row.text(2)?, Request::from_word)?,
        area: area.map(|area| word(&area, Area::from_word)).transpose()?,
        topic: row.text(4)?,
        source: word(&row.text(5)?, TicketSource::from_word)?,
        source_ref: row.text(6)?,
        org_id: row.int(7)?,
        owner: row.text_or_null(8)?,
        caller: row.text(9)?,
        phone: row.text(10)?,
        place: row.text(11)?,
        said: row.text(12)?,
        about: row.text(13)?,
        accepted_at: row.moment(14)?,
        accepted_by: row.text(15)?,
        state: word(&row.text(16)?, TicketState::from_word)?,
        level: row.int(17)?,
        next_at: row.moment(18)?,
        ended_at: row.moment_or_null(19)?,
    })
}

/// A word that the database keeps.
fn word<T>(text: &str, of: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    of(text).ok_or_else(|| StoreError::Corrupt(format!("`{text}` is no word of a ticket")))
}

/// The next number of an account's tickets. Its row stays locked until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn next_ticket_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    conn.execute(
        "INSERT INTO ticket_counter (account_id, last_no) VALUES ($1, 1) \
         ON CONFLICT (account_id) DO UPDATE SET last_no = ticket_counter.last_no + 1",
        &[account_id.into()],
    )?;
    conn.query_int("SELECT last_no FROM ticket_counter WHERE account_id = $1", &[account_id.into()])
}

/// Waits until nobody else works on the tickets of an account, and keeps everybody away until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn lock_tickets(conn: &mut Conn, account_id: i64) -> Result<(), StoreError> {
    conn.execute("UPDATE ticket_counter SET last_no = last_no WHERE account_id = $1", &[account_id.into()])?;
    Ok(())
}

/// Keeps tickets, new or changed.
///
/// # Errors
/// The database's.
pub fn save_tickets(conn: &mut Conn, rows: &[TicketRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&TICKET, rows, |row, out| {
        out.put(row.account_id).put(row.ticket_no).put(row.request.word()).put(row.area.map(Area::word));
        out.put(&row.topic)
            .put(row.source.word())
            .put(&row.source_ref)
            .put(row.org_id)
            .put(row.owner.as_deref());
        out.put(&row.caller).put(&row.phone).put(&row.place).put(&row.said).put(&row.about);
        out.put(row.accepted_at).put(&row.accepted_by).put(row.state.word()).put(row.level).put(row.next_at);
        out.put(row.ended_at);
    })
}

/// One ticket.
///
/// # Errors
/// The database's.
pub fn ticket(conn: &mut Conn, (account_id, ticket_no): (i64, i64)) -> Result<Option<TicketRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ticket t WHERE t.account_id = $1 AND t.ticket_no = $2");
    conn.query_first(&sql, &[account_id.into(), ticket_no.into()], read)
}

/// The ticket that a source has given before.
///
/// # Errors
/// The database's.
pub fn ticket_by_source(
    conn: &mut Conn,
    source: TicketSource,
    source_ref: &str,
) -> Result<Option<TicketRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ticket t WHERE t.source = $1 AND t.source_ref = $2 AND t.source_ref <> ''"
    );
    conn.query_first(&sql, &[source.word().into(), source_ref.into()], read)
}

/// Open tickets of a range of accounts on which a clock has run short by a moment, in order.
///
/// # Errors
/// The database's.
pub fn tickets_due(conn: &mut Conn, range: Range, now: DateTime) -> Result<Vec<TicketRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ticket t WHERE t.ended_at IS NULL AND t.next_at <= $3 AND t.account_id BETWEEN $1 AND $2 \
         ORDER BY t.account_id, t.ticket_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into(), moment_to_int(now).into()], read)
}

/// Ranges of accounts with such tickets.
///
/// # Errors
/// The database's.
pub fn ticket_ranges(conn: &mut Conn, now: DateTime, size: usize) -> Result<Vec<Range>, StoreError> {
    ranges_of(
        conn,
        "SELECT DISTINCT account_id FROM ticket WHERE ended_at IS NULL AND next_at <= $1 ORDER BY account_id",
        &[moment_to_int(now).into()],
        size,
    )
}
