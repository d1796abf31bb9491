//! 处理记录: what was done on a ticket.

use super::word;
use crate::db::{Conn, StoreError};
use denghuo_rules::service::{Deed, Event, PauseReason, Request, Satisfaction, TicketFacts, TicketState};
use jiff::civil::DateTime;

/// 处理记录 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The account of the ticket.
    pub account_id: i64,
    /// The ticket.
    pub ticket_no: i64,
    /// Its number within the ticket.
    pub event_no: i64,
    /// What was done.
    pub deed: Deed,
    /// When, Beijing time.
    pub happened_at: DateTime,
    /// When it was written down, Beijing time.
    pub noted_at: DateTime,
    /// Staff code, or `system`.
    pub noted_by: String,
    /// In words.
    pub said: String,
    /// The unit that it was given or told to.
    pub org_id: Option<i64>,
    /// Staff code of who has it from then on.
    pub owner: Option<String>,
    /// What a call-back came to.
    pub satisfaction: Option<Satisfaction>,
    /// Why it was paused.
    pub pause: Option<PauseReason>,
    /// What is told once.
    pub once_key: Option<String>,
}

impl EventRow {
    /// As far as time is counted.
    #[must_use]
    pub fn fact(&self) -> Event {
        Event {
            deed: self.deed,
            at: self.happened_at,
            noted_at: self.noted_at,
            satisfaction: self.satisfaction,
        }
    }
}

/// Everything that was done on a ticket, in order.
///
/// # Errors
/// The database's.
pub fn events_of(conn: &mut Conn, (account_id, ticket_no): (i64, i64)) -> Result<Vec<EventRow>, StoreError> {
    conn.query(
        "SELECT account_id, ticket_no, event_no, deed, happened_at, noted_at, noted_by, said, org_id, owner, satisfaction, \
         pause, once_key FROM ticket_event WHERE account_id = $1 AND ticket_no = $2 ORDER BY event_no",
        &[account_id.into(), ticket_no.into()],
        |row| {
            let (satisfaction, pause) = (row.text_or_null(10)?, row.text_or_null(11)?);
            Ok(EventRow {
                account_id: row.int(0)?,
                ticket_no: row.int(1)?,
                event_no: row.int(2)?,
                deed: word(&row.text(3)?, Deed::from_word)?,
                happened_at: row.moment(4)?,
                noted_at: row.moment(5)?,
                noted_by: row.text(6)?,
                said: row.text(7)?,
                org_id: row.int_or_null(8)?,
                owner: row.text_or_null(9)?,
                satisfaction: satisfaction.map(|text| word(&text, Satisfaction::from_word)).transpose()?,
                pause: pause.map(|text| word(&text, PauseReason::from_word)).transpose()?,
                once_key: row.text_or_null(12)?,
            })
        },
    )
}

/// Every ticket with what was done on it, as far as time is counted, in order of account and number, with the state that is kept.
///
/// # Errors
/// The database's.
pub fn each_ticket(
    conn: &mut Conn,
    mut look: impl FnMut((i64, i64), TicketState, &TicketFacts),
) -> Result<(), StoreError> {
    let mut at: Option<((i64, i64), TicketState, TicketFacts)> = None;
    conn.for_each(
        "SELECT t.account_id, t.ticket_no, t.request, t.accepted_at, t.state, e.deed, e.happened_at, e.noted_at, \
         e.satisfaction FROM ticket t LEFT JOIN ticket_event e ON e.account_id = t.account_id \
         AND e.ticket_no = t.ticket_no ORDER BY t.account_id, t.ticket_no, e.event_no",
        &[],
        |row| -> Result<(), StoreError> {
            let key = (row.int(0)?, row.int(1)?);
            if at.as_ref().is_none_or(|(last, _, _)| *last != key) {
                if let Some((key, state, facts)) = at.take() {
                    look(key, state, &facts);
                }
                let facts = TicketFacts {
                    request: word(row.str(2)?, Request::from_word)?,
                    accepted_at: row.moment(3)?,
                    events: Vec::new(),
                };
                at = Some((key, word(row.str(4)?, TicketState::from_word)?, facts));
            }
            if let (Some(deed), Some((_, _, facts))) = (row.text_or_null(5)?, at.as_mut()) {
                let satisfaction = row.text_or_null(8)?;
                facts.events.push(Event {
                    deed: word(&deed, Deed::from_word)?,
                    at: row.moment(6)?,
                    noted_at: row.moment(7)?,
                    satisfaction: satisfaction.map(|text| word(&text, Satisfaction::from_word)).transpose()?,
                });
            }
            Ok(())
        },
    )?;
    if let Some((key, state, facts)) = at {
        look(key, state, &facts);
    }
    Ok(())
}

/// Appends what was done.
///
/// # Errors
/// The database's.
pub fn insert_event(conn: &mut Conn, row: &EventRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO ticket_event (account_id, ticket_no, event_no, deed, happened_at, noted_at, noted_by, said, org_id, owner, \
         satisfaction, pause, once_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            row.account_id.into(),
            row.ticket_no.into(),
            row.event_no.into(),
            row.deed.word().into(),
            row.happened_at.into(),
            row.noted_at.into(),
            (&row.noted_by).into(),
            (&row.said).into(),
            row.org_id.into(),
            row.owner.as_deref().into(),
            row.satisfaction.map(Satisfaction::word).into(),
            row.pause.map(PauseReason::word).into(),
            row.once_key.as_deref().into(),
        ],
    )?;
    Ok(())
}
