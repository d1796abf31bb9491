//! 受理: a ticket is taken. A complaint, or a doubt about a meter or a reading, holds the debt that it is about until the ticket ends.

use super::deed::save;
use super::refusal::TicketRefusal;
use super::watch::Law;
use crate::collections::{HoldOrder, hold_of_ticket};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::service::{Area, Request, TicketSource, TicketState};
use denghuo_store::service::{self as store, NEVER, TicketRow};
use denghuo_store::{Conn, audit, collections, registry};
use jiff::civil::DateTime;

/// Characters of what was said at most.
const SAID_MOST: usize = 4_000;
/// Characters of a name, a number, a place at most.
const SHORT_MOST: usize = 200;

/// 受理单: a ticket as it is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTicket {
    /// The account; 0 for none.
    pub account_id: i64,
    /// What is asked for.
    pub request: Option<Request>,
    /// Where.
    pub area: Option<Area>,
    /// What it is about, a word of the topics.
    pub topic: String,
    /// How it came; by telephone when not given.
    pub source: Option<TicketSource>,
    /// The number that the source gave: the same again is the same ticket.
    pub source_ref: String,
    /// Code of the unit that takes it; the account's when not given.
    pub unit: Option<String>,
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
}

/// Takes a ticket that was told at a moment; gives it. The same number of the same source gives the one that is there.
///
/// # Errors
/// A [`TicketRefusal`], a year without calendar, or the database's.
pub fn ticket_open(
    conn: &mut Conn,
    work: &Work<'_>,
    new: &NewTicket,
    (accepted_at, now): (DateTime, DateTime),
) -> Result<TicketRow, OfficeError> {
    work.check_date(accepted_at.date())?;
    let request = checked(new, accepted_at, now).map_err(OfficeError::refuse)?;
    let source = new.source.unwrap_or(TicketSource::Phone);
    conn.write(|conn| {
        if let Some(there) = store::ticket_by_source(conn, source, &new.source_ref)? {
            return same(new, request, there);
        }
        let org_id = unit_of(conn, new)?;
        for bill_no in bills(&new.about) {
            if collections::debt(conn, new.account_id, bill_no)?.is_none() {
                return Err(OfficeError::refuse(TicketRefusal::UnknownBill(bill_no)));
            }
        }
        let ticket = TicketRow {
            account_id: new.account_id,
            ticket_no: store::next_ticket_no(conn, new.account_id)?,
            request,
            area: new.area,
            topic: new.topic.trim().to_owned(),
            source,
            source_ref: new.source_ref.clone(),
            org_id,
            owner: None,
            caller: new.caller.clone(),
            phone: new.phone.clone(),
            place: new.place.clone(),
            said: new.said.trim().to_owned(),
            about: new.about.join(" "),
            accepted_at,
            accepted_by: work.by.clone(),
            state: TicketState::Accepted,
            level: 0,
            next_at: NEVER,
            ended_at: None,
        };
        let law = Law::of(work, request, new.area, accepted_at.date())?;
        let ticket = save(conn, work, &law, ticket, &[], now)?;
        hold(conn, work, &ticket, now)?;
        let after = format!("{} {}", request.word(), ticket.about);
        audit::mark(
            conn,
            &audit::Mark {
                account_id: ticket.account_id,
                happened_on: accepted_at.date(),
                subject: &format!("ticket:{}", ticket.ticket_no),
                action: "ticket.open",
                who: &work.by,
                before: None,
                after: Some(&after),
                recorded_at: work.now,
            },
        )?;
        Ok(ticket)
    })
}

fn checked(new: &NewTicket, accepted_at: DateTime, now: DateTime) -> Result<Request, TicketRefusal> {
    let request = new.request.unwrap_or(Request::Consultation);
    if request.needs_account() && new.account_id == 0 {
        return Err(TicketRefusal::NoAccount(request));
    }
    if request.needs_area() && new.area.is_none() {
        return Err(TicketRefusal::NoArea(request));
    }
    if new.said.trim().is_empty() {
        return Err(TicketRefusal::NothingSaid);
    }
    for (what, text, most) in [
        ("said", &new.said, SAID_MOST),
        ("caller", &new.caller, SHORT_MOST),
        ("phone", &new.phone, SHORT_MOST),
        ("place", &new.place, SHORT_MOST),
        ("topic", &new.topic, SHORT_MOST),
        ("source_ref", &new.source_ref, SHORT_MOST),
    ] {
        if text.chars().count() > most {
            return Err(TicketRefusal::TooLong(what, most));
        }
    }
    if let Some(bad) = new.about.iter().find(|text| !is_reference(text)) {
        return Err(TicketRefusal::BadReference(bad.clone()));
    }
    if new.account_id == 0 && !new.about.is_empty() {
        return Err(TicketRefusal::NoAccount(request));
    }
    if accepted_at > now {
        return Err(TicketRefusal::InFuture);
    }
    Ok(request)
}

/// Is it something of an account, such as `bill:3`?
fn is_reference(text: &str) -> bool {
    match text.split_once(':') {
        Some(("bill" | "cut" | "notice" | "plan" | "payment" | "case", no)) => {
            no.parse::<i64>().is_ok_and(|no| no > 0)
        }
        Some(("reading", month)) => month.parse::<denghuo_rules::calendar::Month>().is_ok(),
        _ => false,
    }
}

/// The bills among what it concerns.
fn bills(about: &[String]) -> impl Iterator<Item = i64> {
    about.iter().filter_map(|text| text.strip_prefix("bill:")?.parse().ok())
}

fn same(new: &NewTicket, request: Request, there: TicketRow) -> Result<TicketRow, OfficeError> {
    let is_same =
        (new.account_id, request, new.said.trim()) == (there.account_id, there.request, &there.said);
    if is_same {
        Ok(there)
    } else {
        Err(OfficeError::refuse(TicketRefusal::SameSourceOtherContent(new.source_ref.clone())))
    }
}

/// The unit that takes it: the one that is named, or the account's.
fn unit_of(conn: &mut Conn, new: &NewTicket) -> Result<i64, OfficeError> {
    if let Some(code) = &new.unit {
        return unit_by_code(conn, code);
    }
    let account = registry::accounts(conn, new.account_id, new.account_id)?.pop();
    account.map(|account| account.org_id).ok_or_else(|| OfficeError::refuse(TicketRefusal::NoUnit))
}

/// The unit with a code.
pub(super) fn unit_by_code(conn: &mut Conn, code: &str) -> Result<i64, OfficeError> {
    let unit = registry::orgs(conn)?.into_iter().find(|unit| unit.code == code);
    unit.map(|unit| unit.org_id)
        .ok_or_else(|| OfficeError::refuse(TicketRefusal::UnknownUnit(code.to_owned())))
}

/// What such a ticket holds while it is open.
const fn hold_kind(request: Request) -> Option<HoldKind> {
    match request {
        Request::Complaint => Some(HoldKind::Complaint),
        Request::ReadingData => Some(HoldKind::SuspectedReading),
        Request::MeterAbnormal | Request::MeterTest => Some(HoldKind::Dispute),
        _ => None,
    }
}

/// Holds what an open ticket is about.
pub(super) fn hold(
    conn: &mut Conn,
    work: &Work<'_>,
    ticket: &TicketRow,
    now: DateTime,
) -> Result<(), OfficeError> {
    let Some(kind) = hold_kind(ticket.request) else { return Ok(()) };
    if ticket.account_id == 0 {
        return Ok(());
    }
    let about: Vec<String> = ticket.about.split_whitespace().map(str::to_owned).collect();
    let order = HoldOrder {
        account_id: ticket.account_id,
        kind,
        // About one bill it holds that one; about none or several, every debt of the account.
        bill_no: Some(bills(&about).collect::<Vec<i64>>())
            .filter(|bills| bills.len() == 1)
            .map_or(0, |bills| bills[0]),
        until_on: None,
        reason: format!("工单{}({})未办结", ticket.ticket_no, ticket.request.zh()),
        source: source_of(ticket.ticket_no),
    };
    hold_of_ticket(conn, work, &order, now.date())
}

/// What a hold of a ticket names as its source.
pub(super) fn source_of(ticket_no: i64) -> String {
    format!("ticket:{ticket_no}")
}
