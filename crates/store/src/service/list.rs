//! 工单清单: tickets of a unit, page by page.

use super::{COLUMNS, TicketRow, read};
use crate::db::{Conn, Param, StoreError};
use denghuo_rules::service::{Request, TicketState};
use jiff::civil::DateTime;

/// Where a page begins: behind this ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketPlace {
    /// Its moment of order: that of acceptance.
    pub accepted_at: DateTime,
    /// Its account.
    pub account_id: i64,
    /// Its number.
    pub ticket_no: i64,
}

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

impl TicketListed {
    /// Where it stands on the list.
    #[must_use]
    pub fn place(&self) -> TicketPlace {
        let TicketRow { accepted_at, account_id, ticket_no, .. } = self.ticket;
        TicketPlace { accepted_at, account_id, ticket_no }
    }
}

/// Tickets, the newest first.
///
/// # Errors
/// The database's.
pub fn tickets(
    conn: &mut Conn,
    filter: &TicketFilter,
    after: Option<TicketPlace>,
    limit: i64,
) -> Result<Vec<TicketListed>, StoreError> {
    let mut params: Vec<Param<'_>> = vec![limit.into()];
    let mut wheres = Vec::new();
    if filter.root != 0 {
        params.push(filter.root.into());
        wheres.push(format!(
            "t.org_id IN (WITH RECURSIVE tree (org_id) AS (SELECT CAST(${0} AS BIGINT) UNION ALL \
             SELECT o.org_id FROM org o JOIN tree p ON o.parent_id = p.org_id) SELECT org_id FROM tree)",
            params.len()
        ));
    }
    if filter.open {
        wheres.push("t.ended_at IS NULL".to_owned());
    }
    for (column, value) in [
        ("t.request", filter.request.map(Request::word)),
        ("t.state", filter.state.map(TicketState::word)),
        ("t.owner", filter.owner.as_deref()),
    ] {
        if let Some(value) = value {
            params.push(value.into());
            wheres.push(format!("{column} = ${}", params.len()));
        }
    }
    if filter.account_id != 0 {
        params.push(filter.account_id.into());
        wheres.push(format!("t.account_id = ${}", params.len()));
    }
    if let Some(by) = filter.due_by {
        params.push(by.into());
        wheres.push(format!("t.next_at <= ${}", params.len()));
    }
    if let Some(place) = after {
        params.extend::<[Param<'_>; 3]>([
            place.accepted_at.into(),
            place.account_id.into(),
            place.ticket_no.into(),
        ]);
        let at = params.len();
        wheres.push(format!(
            "(t.accepted_at, t.account_id, t.ticket_no) < (${}, ${}, ${at})",
            at - 2,
            at - 1
        ));
    }
    let condition =
        if wheres.is_empty() { String::new() } else { format!(" WHERE {}", wheres.join(" AND ")) };
    let sql = format!(
        "SELECT {COLUMNS}, a.account_no, o.name FROM ticket t JOIN org o ON o.org_id = t.org_id \
         LEFT JOIN account a ON a.account_id = t.account_id{condition} ORDER BY t.accepted_at DESC, t.account_id DESC, t.ticket_no DESC LIMIT $1"
    );
    conn.query(&sql, &params, |row| {
        Ok(TicketListed { ticket: read(row)?, account_no: row.text_or_null(20)?, unit: row.text(21)? })
    })
}
