//! What people see of a ticket: what was said and done, and every clock with its rule.

use super::refusal::TicketRefusal;
use super::watch::{Law, watch};
use crate::error::OfficeError;
use crate::registry::{Personal, mask};
use crate::work::Work;
use denghuo_rules::calendar::MomentForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::service::{
    Clock, ClockKind, ClockState, Deed, Measure, Request, TicketState, Wanted, check_deed,
};
use denghuo_store::service::{self as store, EventRow};
use denghuo_store::{Conn, registry};
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::Serialize;

/// 计时 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClockShown {
    /// What it waits for.
    pub kind: ClockKind,
    /// Its name.
    pub name: Bilingual,
    /// To whom it was said.
    pub measure: Measure,
    /// The round of the ticket, from 1.
    pub round: u16,
    /// Where it begins.
    #[schemars(with = "MomentForm")]
    pub from_at: DateTime,
    /// The last moment in time; none while it stands still.
    #[schemars(with = "Option<MomentForm>")]
    pub due_at: Option<DateTime>,
    /// When what it waits for happened.
    #[schemars(with = "Option<MomentForm>")]
    pub ended_at: Option<DateTime>,
    /// Where it stands.
    pub state: ClockState,
    /// Minutes left; negative when it has run out. None when it does not run.
    pub minutes_left: Option<i64>,
    /// Id of the rule.
    pub rule: String,
    /// The clause as people cite it.
    pub clause: String,
}

/// 处理记录 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventShown {
    /// Its number within the ticket.
    pub event_no: i64,
    /// What was done.
    pub deed: Deed,
    /// Its name.
    pub name: Bilingual,
    /// When.
    #[schemars(with = "MomentForm")]
    pub happened_at: DateTime,
    /// When it was written down.
    #[schemars(with = "MomentForm")]
    pub noted_at: DateTime,
    /// Staff code, or `system`.
    pub noted_by: String,
    /// In words.
    pub said: String,
    /// Name of the unit that it was given or told to.
    pub unit: Option<String>,
    /// Staff code of who got it.
    pub owner: Option<String>,
    /// 满意度
    pub satisfaction: Option<String>,
    /// 挂起原因
    pub pause: Option<String>,
}

/// 工单 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TicketShown {
    /// 工单号
    pub code: String,
    /// 户号; none for a ticket of no account.
    pub account_no: Option<String>,
    /// Its number within the account.
    pub ticket_no: i64,
    /// What is asked for.
    pub request: Request,
    /// Its name.
    pub name: Bilingual,
    /// Where, as far as the promise depends on it.
    pub area: Option<String>,
    /// What it is about.
    pub topic: String,
    /// How it came.
    pub source: String,
    /// The number that the source gave.
    pub source_ref: String,
    /// Name of the unit that has it.
    pub unit: String,
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
    /// What it concerns, such as `bill:3`.
    pub about: Vec<String>,
    /// When it was taken.
    #[schemars(with = "MomentForm")]
    pub accepted_at: DateTime,
    /// Staff code of who took it.
    pub accepted_by: String,
    /// Where it stands.
    pub state: TicketState,
    /// Its state in words.
    pub state_name: Bilingual,
    /// How many levels up it was told.
    pub level: i64,
    /// When it ended.
    #[schemars(with = "Option<MomentForm>")]
    pub ended_at: Option<DateTime>,
    /// Its clocks.
    pub clocks: Vec<ClockShown>,
    /// What was done.
    pub events: Vec<EventShown>,
    /// What may be done now.
    pub next: Vec<Deed>,
}

/// The number of a ticket as people say it: account number and number, with 0 for no account.
#[must_use]
pub fn code_of(account_no: Option<&str>, ticket_no: i64) -> String {
    format!("{}-{ticket_no}", account_no.unwrap_or("0"))
}

/// The key of a ticket by its number.
///
/// # Errors
/// It is no such number, there is no such account; the database's.
pub fn key_of(conn: &mut Conn, code: &str) -> Result<(i64, i64), OfficeError> {
    let unknown = || OfficeError::refuse(TicketRefusal::Unknown(code.to_owned()));
    let (account_no, ticket_no) = code.rsplit_once('-').ok_or_else(unknown)?;
    let ticket_no = ticket_no.parse().map_err(|_| unknown())?;
    if account_no == "0" {
        return Ok((0, ticket_no));
    }
    let account_id = registry::account_by_no(conn, account_no)?.ok_or_else(unknown)?;
    Ok((account_id, ticket_no))
}

/// A ticket with its clocks at a moment; what the caller told of himself is masked unless it is to be shown.
///
/// # Errors
/// There is none; a missing rule, a year without calendar, or the database's.
pub fn ticket_show(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    (now, personal): (DateTime, bool),
) -> Result<TicketShown, OfficeError> {
    let ticket = store::ticket(conn, key)?
        .ok_or_else(|| OfficeError::refuse(TicketRefusal::Unknown(key.1.to_string())))?;
    let events = store::events_of(conn, key)?;
    let law = Law::of(work, ticket.request, ticket.area, ticket.accepted_at.date())?;
    let watched = watch(work, &law, &ticket, &events, now)?;
    let units = registry::orgs(conn)?;
    let unit = |org_id: i64| {
        units.iter().find(|unit| unit.org_id == org_id).map_or_else(String::new, |unit| unit.name.clone())
    };
    let account_no = registry::accounts(conn, key.0, key.0)?.pop().map(|account| account.account_no);
    let shown = |text: &str, what: Personal| if personal { text.to_owned() } else { mask(text, what) };
    let may = |deed: &Deed| {
        let wanted = Wanted {
            deed: *deed,
            at: now,
            words: "-",
            satisfaction: (*deed == Deed::CallBack)
                .then_some(denghuo_rules::service::Satisfaction::Satisfied),
            pause: law
                .pause
                .as_ref()
                .and_then(|rule| rule.reasons.first().copied())
                .filter(|_| *deed == Deed::Pause),
        };
        check_deed(&watched.facts, &law.limits, law.pause.as_ref(), wanted, now).is_ok()
    };
    Ok(TicketShown {
        code: code_of(account_no.as_deref(), ticket.ticket_no),
        account_no,
        ticket_no: ticket.ticket_no,
        request: ticket.request,
        name: Bilingual::new(ticket.request.zh(), ticket.request.word().replace('_', " ")),
        area: ticket.area.map(|area| area.zh().to_owned()),
        source: ticket.source.zh().to_owned(),
        source_ref: ticket.source_ref,
        unit: unit(ticket.org_id),
        owner: ticket.owner,
        caller: shown(&ticket.caller, Personal::Name),
        phone: shown(&ticket.phone, Personal::Phone),
        place: shown(&ticket.place, Personal::Address),
        said: ticket.said,
        topic: ticket.topic,
        about: ticket.about.split_whitespace().map(str::to_owned).collect(),
        accepted_at: ticket.accepted_at,
        accepted_by: ticket.accepted_by,
        state: ticket.state,
        state_name: Bilingual::new(ticket.state.zh(), ticket.state.word()),
        level: ticket.level,
        ended_at: ticket.ended_at,
        next: Deed::ALL.iter().copied().filter(may).collect(),
        clocks: watched.clocks.into_iter().map(|clock| clock_shown(work, clock, now)).collect(),
        events: events.into_iter().map(|event| event_shown(event, &unit)).collect(),
    })
}

fn clock_shown(work: &Work<'_>, clock: Clock, now: DateTime) -> ClockShown {
    let runs = matches!(clock.state, ClockState::Running | ClockState::Overdue);
    let left = clock.due_at.filter(|_| runs).map(|due| now.duration_until(due).as_mins());
    let clause = work.book.rule(&clock.rule).map_or_else(String::new, denghuo_rules::rulebook::Rule::clause);
    ClockShown {
        name: Bilingual::new(clock.kind.zh(), clock.kind.word().replace('_', " ")),
        kind: clock.kind,
        measure: clock.measure,
        round: clock.round,
        from_at: clock.from_at,
        due_at: clock.due_at,
        ended_at: clock.ended_at,
        state: clock.state,
        minutes_left: left,
        rule: clock.rule,
        clause,
    }
}

fn event_shown(event: EventRow, unit: &impl Fn(i64) -> String) -> EventShown {
    EventShown {
        event_no: event.event_no,
        name: Bilingual::new(event.deed.zh(), event.deed.word().replace('_', " ")),
        deed: event.deed,
        happened_at: event.happened_at,
        noted_at: event.noted_at,
        noted_by: event.noted_by,
        said: event.said,
        unit: event.org_id.map(unit),
        owner: event.owner,
        satisfaction: event.satisfaction.map(|satisfaction| satisfaction.zh().to_owned()),
        pause: event.pause.map(|reason| reason.zh().to_owned()),
    }
}
