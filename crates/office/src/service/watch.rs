//! What law and clocks say of a ticket at a moment.

use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::rulebook::NoRule;
use denghuo_rules::service::{
    Area, Clock, ClockState, Escalation, EscalationRule, Limits, Measure, PauseRule, Request, TicketFacts,
    clocks, escalations, next_moment,
};
use denghuo_store::service::{EventRow, NEVER, TicketRow};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeSet;

/// The rules of a ticket, as of its day of acceptance.
#[derive(Clone, Debug)]
pub(super) struct Law {
    /// Promises and limits.
    pub limits: Limits,
    /// What may pause it; none where no rule says so.
    pub pause: Option<PauseRule>,
    /// Who is told when.
    pub escalation: EscalationRule,
}

impl Law {
    pub fn of(work: &Work<'_>, request: Request, area: Option<Area>, on: Date) -> Result<Self, OfficeError> {
        let site = work.site.clone().with("request", request.word()).with("kind", request.kind().word());
        let pause = match work.book.pick::<PauseRule>("service_pause", &site, on) {
            Ok(picked) => Some(picked.params),
            Err(NoRule::Missing { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self {
            limits: Limits::of(work.book, &work.site, (request, area), on)?,
            pause,
            escalation: work.book.pick::<EscalationRule>("service_escalation", &site, on)?.params,
        })
    }
}

/// A ticket with its clocks at a moment.
pub(super) struct Watched {
    /// As far as time is counted.
    pub facts: TicketFacts,
    /// Its clocks.
    pub clocks: Vec<Clock>,
    /// What has to be told now and was not.
    pub untold: Vec<Escalation>,
    /// When to look again.
    pub next_at: DateTime,
}

/// Looks at a ticket with what was done on it.
pub(super) fn watch(
    work: &Work<'_>,
    law: &Law,
    ticket: &TicketRow,
    events: &[EventRow],
    now: DateTime,
) -> Result<Watched, OfficeError> {
    let facts = facts_of(ticket, events);
    let calendar = work.book.calendar();
    let clocks = clocks(&facts, &law.limits, calendar, now)?;
    let told: BTreeSet<&str> = events.iter().filter_map(|event| event.once_key.as_deref()).collect();
    let mut untold = escalations(&clocks, &law.escalation, calendar, now)?;
    untold.retain(|escalation| !told.contains(escalation.key().as_str()));
    let ended = facts.state().is_ended();
    let next_at = if ended {
        NEVER
    } else if untold.is_empty() {
        next_moment(&clocks, &law.escalation, calendar, now)?.unwrap_or(NEVER)
    } else {
        now
    };
    Ok(Watched { facts, clocks, untold, next_at })
}

/// A ticket as far as time is counted.
pub(super) fn facts_of(ticket: &TicketRow, events: &[EventRow]) -> TicketFacts {
    TicketFacts {
        request: ticket.request,
        accepted_at: ticket.accepted_at,
        events: events.iter().map(EventRow::fact).collect(),
    }
}

/// The day by which it is to be done: the earliest of what was promised to the customer and still runs, else of the limits inside.
pub(super) fn due_on(clocks: &[Clock]) -> Option<Date> {
    let earliest = |measure: Measure| {
        let open = |clock: &&Clock| {
            clock.measure == measure && matches!(clock.state, ClockState::Running | ClockState::Overdue)
        };
        clocks.iter().filter(open).filter_map(|clock| clock.due_at).min()
    };
    earliest(Measure::Promise).or_else(|| earliest(Measure::Limit)).map(DateTime::date)
}
