//! 时限巡检: whose clocks have run short is told to the next level, once.

use super::LATE;
use super::deed::{append, save};
use super::watch::{Law, watch};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::service::{Deed, Escalation};
use denghuo_store::day::{Counts, Range};
use denghuo_store::registry::Org;
use denghuo_store::service::{self as store, EventRow, TicketRow};
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, registry};
use jiff::civil::DateTime;

/// Ranges of accounts with tickets whose clocks have run short by a moment.
///
/// # Errors
/// The database's.
pub fn service_ranges(conn: &mut Conn, now: DateTime, size: usize) -> Result<Vec<Range>, OfficeError> {
    Ok(store::ticket_ranges(conn, now, size)?)
}

/// Tells what has to be told about the tickets of a range; doing it again changes nothing.
///
/// # Errors
/// A missing rule, a year without calendar, or the database's.
pub fn service_sweep(
    conn: &mut Conn,
    work: &Work<'_>,
    range: Range,
    now: DateTime,
) -> Result<Counts, OfficeError> {
    conn.write(|conn| {
        let tickets = store::tickets_due(conn, range, now)?;
        if tickets.is_empty() {
            return Ok(Counts::default());
        }
        let units = registry::orgs(conn)?;
        let mut done = 0;
        for ticket in tickets {
            store::lock_tickets(conn, ticket.account_id)?;
            // Somebody may have worked on it before the lock was ours.
            let Some(ticket) = store::ticket(conn, (ticket.account_id, ticket.ticket_no))? else { continue };
            if ticket.ended_at.is_none() {
                tell(conn, work, &units, ticket, now)?;
            }
            done += 1;
        }
        Ok(Counts { due: done, done, ..Counts::default() })
    })
}

fn tell(
    conn: &mut Conn,
    work: &Work<'_>,
    units: &[Org],
    mut ticket: TicketRow,
    now: DateTime,
) -> Result<(), OfficeError> {
    let law = Law::of(work, ticket.request, ticket.area, ticket.accepted_at.date())?;
    let mut events = store::events_of(conn, (ticket.account_id, ticket.ticket_no))?;
    let untold = watch(work, &law, &ticket, &events, now)?.untold;
    for escalation in &untold {
        let unit = above(units, ticket.org_id, escalation.level);
        let event = EventRow {
            account_id: ticket.account_id,
            ticket_no: ticket.ticket_no,
            event_no: 0,
            deed: Deed::Escalate,
            happened_at: events.last().map_or(escalation.at, |last| last.happened_at.max(escalation.at)),
            noted_at: now,
            noted_by: work.by.clone(),
            said: escalation.reason().zh,
            org_id: Some(unit),
            owner: None,
            satisfaction: None,
            pause: None,
            once_key: Some(escalation.key()),
        };
        append(conn, &mut events, event)?;
        ticket.level = ticket.level.max(escalation.level.into());
    }
    if let Some(last) = untold.last() {
        tasks::open(conn, &[late(&ticket, last, now)])?;
    }
    save(conn, work, &law, ticket, &events, now)?;
    Ok(())
}

fn late(ticket: &TicketRow, last: &Escalation, now: DateTime) -> NewTask {
    NewTask {
        account_id: ticket.account_id,
        kind: LATE,
        subject: ticket.ticket_no.to_string(),
        codes: format!("ticket.escalated,{}", last.level),
        detail: Bilingual::new(
            format!("{}: {}", ticket.request.zh(), last.reason().zh),
            format!("{}: {}", ticket.request.in_english(), last.reason().en),
        ),
        owner_role: "manager",
        opened_on: now.date(),
        due_on: Some(now.date()),
    }
}

/// The unit so many levels above one; the highest where there are not so many.
pub(super) fn above(units: &[Org], org_id: i64, level: u8) -> i64 {
    let mut at = org_id;
    for _ in 0..level {
        match units.iter().find(|unit| unit.org_id == at).and_then(|unit| unit.parent_id) {
            Some(parent) => at = parent,
            None => break,
        }
    }
    at
}
