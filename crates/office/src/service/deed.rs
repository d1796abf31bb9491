//! 处理: something is done on a ticket, and what follows from it.

use super::open::{hold, source_of, unit_by_code};
use super::refusal::TicketRefusal;
use super::watch::{Law, due_on, facts_of, watch};
use super::{LATE, WORK};
use crate::collections::hold_end;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::service::{Deed, PauseReason, Satisfaction, Wanted, check_deed};
use denghuo_store::service::{self as store, EventRow, TicketRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use denghuo_store::{Conn, registry};
use jiff::civil::DateTime;

/// 处理单: one deed as it is ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeedOrder {
    /// What.
    pub deed: Option<Deed>,
    /// When; now when not given.
    pub at: Option<DateTime>,
    /// In words.
    pub said: String,
    /// Code of the unit that it is given to.
    pub unit: Option<String>,
    /// Staff code of who gets it.
    pub owner: Option<String>,
    /// What a call-back came to.
    pub satisfaction: Option<Satisfaction>,
    /// Why it is paused.
    pub pause: Option<PauseReason>,
}

/// Does something on a ticket; gives the ticket.
///
/// # Errors
/// A [`denghuo_rules::service::FlowRefusal`], a [`TicketRefusal`], a year without calendar, or the database's.
pub fn ticket_do(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    order: &DeedOrder,
    now: DateTime,
) -> Result<TicketRow, OfficeError> {
    let deed = order.deed.unwrap_or(Deed::Note);
    let at = order.at.unwrap_or(now);
    conn.write(|conn| {
        store::lock_tickets(conn, key.0)?;
        let mut ticket = store::ticket(conn, key)?
            .ok_or_else(|| OfficeError::refuse(TicketRefusal::Unknown(key.1.to_string())))?;
        let mut events = store::events_of(conn, key)?;
        let law = Law::of(work, ticket.request, ticket.area, ticket.accepted_at.date())?;
        let wanted =
            Wanted { deed, at, words: &order.said, satisfaction: order.satisfaction, pause: order.pause };
        check_deed(&facts_of(&ticket, &events), &law.limits, law.pause.as_ref(), wanted, now)
            .map_err(OfficeError::refuse)?;
        let mut event = EventRow {
            account_id: key.0,
            ticket_no: key.1,
            event_no: 0,
            deed,
            happened_at: at,
            noted_at: now,
            noted_by: work.by.clone(),
            said: order.said.trim().to_owned(),
            org_id: None,
            owner: None,
            satisfaction: order.satisfaction,
            pause: order.pause,
            once_key: None,
        };
        if deed == Deed::Dispatch {
            give(conn, &mut ticket, order, &mut event)?;
        }
        append(conn, &mut events, event)?;
        let was_ended = ticket.ended_at.is_some();
        let ticket = save(conn, work, &law, ticket, &events, now)?;
        match (was_ended, ticket.ended_at) {
            (false, Some(_)) => end(conn, work, &ticket, deed, now)?,
            (true, None) => hold(conn, work, &ticket, now)?,
            _ => {}
        }
        Ok(ticket)
    })
}

/// Gives a ticket to a unit and a person of the staff list.
fn give(
    conn: &mut Conn,
    ticket: &mut TicketRow,
    order: &DeedOrder,
    event: &mut EventRow,
) -> Result<(), OfficeError> {
    let Some(owner) = order.owner.as_deref().filter(|owner| !owner.is_empty()) else {
        return Err(OfficeError::refuse(TicketRefusal::NoOwner));
    };
    crate::access::on_staff(conn, owner, event.happened_at.date())?;
    if let Some(unit) = &order.unit {
        ticket.org_id = unit_by_code(conn, unit)?;
    }
    ticket.owner = Some(owner.to_owned());
    (event.org_id, event.owner) = (Some(ticket.org_id), ticket.owner.clone());
    Ok(())
}

/// Appends an event to those of its ticket.
pub(super) fn append(
    conn: &mut Conn,
    events: &mut Vec<EventRow>,
    event: EventRow,
) -> Result<(), OfficeError> {
    let event = EventRow { event_no: events.last().map_or(1, |last| last.event_no + 1), ..event };
    store::insert_event(conn, &event)?;
    events.push(event);
    Ok(())
}

/// Keeps a ticket as its events make it, and the task of who has it.
pub(super) fn save(
    conn: &mut Conn,
    work: &Work<'_>,
    law: &Law,
    ticket: TicketRow,
    events: &[EventRow],
    now: DateTime,
) -> Result<TicketRow, OfficeError> {
    let watched = watch(work, law, &ticket, events, now)?;
    let state = watched.facts.state();
    let ended_at = if state.is_ended() {
        events.last().map(|event| event.happened_at).or(ticket.ended_at)
    } else {
        None
    };
    let ticket = TicketRow { state, next_at: watched.next_at, ended_at, ..ticket };
    store::save_tickets(conn, std::slice::from_ref(&ticket))?;
    if state.is_ended() {
        return Ok(ticket);
    }
    let owner_role = match &ticket.owner {
        Some(owner) => role_of(conn, owner, now)?,
        None => "agent",
    };
    let due_on = due_on(&watched.clocks);
    let said = shortened(&ticket.said);
    let task = NewTask {
        account_id: ticket.account_id,
        kind: WORK,
        subject: ticket.ticket_no.to_string(),
        codes: format!(
            "{},{owner_role},{}",
            ticket.request.word(),
            due_on.map_or_else(String::new, |on| on.to_string())
        ),
        detail: Bilingual::new(
            format!("{}: {said}", ticket.request.zh()),
            format!("{}: {said}", ticket.request.in_english()),
        ),
        owner_role,
        opened_on: now.date(),
        due_on,
    };
    tasks::open(conn, &[task])?;
    Ok(ticket)
}

/// The first words of what was said.
fn shortened(said: &str) -> String {
    const MOST: usize = 60;
    let mut text: String = said.chars().take(MOST).collect();
    if said.chars().count() > MOST {
        text.push('…');
    }
    text
}

/// The word of the role that a person has; an agent's where he has left.
fn role_of(conn: &mut Conn, code: &str, now: DateTime) -> Result<&'static str, OfficeError> {
    let place = registry::staff_place(conn, code, now.date())?;
    let role = place.and_then(|(role, _)| denghuo_rules::registry::StaffRole::from_word(&role));
    Ok(role.map_or("agent", denghuo_rules::registry::StaffRole::word))
}

/// What ends with a ticket: its tasks and what it held.
fn end(
    conn: &mut Conn,
    work: &Work<'_>,
    ticket: &TicketRow,
    deed: Deed,
    now: DateTime,
) -> Result<(), OfficeError> {
    let resolution = Resolution { decision: deed.word(), by: &work.by, on: now.date(), note: "" };
    let subject = ticket.ticket_no.to_string();
    for kind in [WORK, LATE] {
        tasks::resolve(conn, (ticket.account_id, kind, &subject), &resolution)?;
    }
    if ticket.account_id == 0 {
        return Ok(());
    }
    let reason = format!("工单{}已{}", ticket.ticket_no, deed.zh());
    hold_end(conn, work, (ticket.account_id, &source_of(ticket.ticket_no)), &reason, now.date())
}
