//! 工单清单: tickets of a unit, page by page.

use super::{COLUMNS, TicketRow, read};
use crate::db::{Condition, Conn, Key, Orders, Placed, Slice, StoreError};
use denghuo_rules::service::{Request, TicketState};
use jiff::civil::DateTime;

/// Which tickets.
#[derive(Clone, Debug, Default)]
pub struct TicketFilter {
    /// Of this unit and those below it; 0 for all.
    pub root: i64,
    /// Only what is not ended.
    pub open: bool,
    /// Only of this request.
    pub request: Option<Request>,
    /// Only in this state.
    pub state: Option<TicketState>,
    /// Only whose clock has run short by this moment.
    pub due_by: Option<DateTime>,
    /// Only of this person.
    pub owner: Option<String>,
    /// Only of this account; 0 for all.
    pub account_id: i64,
}

/// 工单 with the account that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketListed {
    /// The ticket.
    pub ticket: TicketRow,
    /// 户号; none for a ticket of no account.
    pub account_no: Option<String>,
    /// Name of the unit that has it.
    pub unit: String,
}

/// What tickets are ordered by: the newest first.
pub const TICKET_ORDERS: Orders = Orders {
    words: &[
        ("accepted_at", Key::Int("t.accepted_at")),
        ("next_at", Key::Int("t.next_at")),
        ("level", Key::Int("t.level")),
        ("state", Key::Text("t.state")),
    ],
    usual: &[
        (Key::Int("t.accepted_at"), true),
        (Key::Int("t.account_id"), true),
        (Key::Int("t.ticket_no"), true),
    ],
    rest: &[Key::Int("t.account_id"), Key::Int("t.ticket_no")],
};

/// A page of tickets, each with its place.
///
/// # Errors
/// The database's.
pub fn tickets(
    conn: &mut Conn,
    filter: &TicketFilter,
    slice: &Slice,
) -> Result<Placed<TicketListed>, StoreError> {
    let mut which = Condition::default();
    which.within("t.org_id", filter.root);
    if filter.open {
        which.add("t.ended_at IS NULL");
    }
    which.and_if("t.request = ?", filter.request.map(Request::word));
    which.and_if("t.state = ?", filter.state.map(TicketState::word));
    which.and_if("t.owner = ?", filter.owner.as_deref());
    which.and_if("t.account_id = ?", Some(filter.account_id).filter(|account_id| *account_id != 0));
    which.and_if("t.next_at <= ?", filter.due_by);
    let columns = format!("{COLUMNS}, a.account_no, o.name");
    let from =
        "ticket t JOIN org o ON o.org_id = t.org_id LEFT JOIN account a ON a.account_id = t.account_id";
    slice.rows(conn, (&columns, 22, from), which, |row| {
        Ok(TicketListed { ticket: read(row)?, account_no: row.text_or_null(20)?, unit: row.text(21)? })
    })
}
