//! 客户反映: outages, faults, doubts and praise become tickets, with the clocks and the holds of any other.

use super::CustomerRefusal;
use super::codes::customer_rule;
use crate::error::OfficeError;
use crate::service::{NewTicket, ticket_open};
use crate::work::Work;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::customer::ReportKind;
use denghuo_rules::service::{Area, Deed, Request, TicketSource};
use denghuo_store::db::without_places;
use denghuo_store::service::TICKET_ORDERS;
use denghuo_store::service::{self as store, TicketFilter, TicketRow};
use denghuo_store::{Conn, ledger};
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// Reports that are shown at most.
const SHOWN: i64 = 200;

/// What a customer tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it is about.
    pub kind: ReportKind,
    /// In his words.
    pub text: String,
    /// How to reach him about it.
    pub reach: Option<String>,
}

/// 反映记录 as its customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ReportShown {
    /// Its number within the account.
    pub report_no: i64,
    /// 业务子类 of the ticket.
    pub kind: Request,
    /// What was told.
    pub text: String,
    /// When.
    #[schemars(with = "DateForm")]
    pub told_on: Date,
    /// `open` or `done`.
    pub state: &'static str,
    /// What was answered.
    pub answer: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    pub answered_on: Option<Date>,
}

/// What is asked for by a report.
const fn request_of(kind: ReportKind) -> Request {
    match kind {
        ReportKind::Outage | ReportKind::Fault => Request::Fault,
        ReportKind::Bill => Request::Consultation,
        ReportKind::Complaint => Request::Complaint,
        ReportKind::Suggestion => Request::Suggestion,
        ReportKind::Praise => Request::Praise,
    }
}

/// The tickets that came by the customer's pages, the newest first.
fn online(conn: &mut Conn, account_id: i64) -> Result<Vec<TicketRow>, OfficeError> {
    let filter = TicketFilter { account_id, ..TicketFilter::default() };
    let listed = without_places(store::tickets(conn, &filter, &TICKET_ORDERS.first(SHOWN))?);
    Ok(listed
        .into_iter()
        .map(|listed| listed.ticket)
        .filter(|ticket| ticket.source == TicketSource::Online)
        .collect())
}

/// Takes a report as a ticket; gives its number.
///
/// # Errors
/// A [`CustomerRefusal`], a missing rule, or the database's.
pub fn report(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    report: &Report,
    now: DateTime,
) -> Result<i64, OfficeError> {
    if report.text.trim().is_empty() {
        return Err(OfficeError::refuse(CustomerRefusal::Empty));
    }
    let rule = customer_rule(work, now.date())?;
    conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        let own = online(conn, account_id)?;
        let today = own.iter().filter(|ticket| ticket.accepted_at.date() == now.date()).count();
        if i64::try_from(today).is_ok_and(|today| today >= rule.reports_per_day) {
            return Err(OfficeError::refuse(CustomerRefusal::TooManyReports));
        }
        let request = request_of(report.kind);
        let new = NewTicket {
            account_id,
            request: Some(request),
            // Nobody asks him where he lives: until an agent knows better, the shortest promise counts.
            area: request.needs_area().then_some(Area::Urban),
            source: Some(TicketSource::Online),
            phone: report.reach.as_deref().map(str::trim).unwrap_or_default().to_owned(),
            said: report.text.clone(),
            ..NewTicket::default()
        };
        Ok(ticket_open(conn, work, &new, (now, now))?.ticket_no)
    })
}

/// What was told of an account by the customer's pages, the newest first.
///
/// # Errors
/// The database's.
pub fn reports_of(conn: &mut Conn, account_id: i64) -> Result<Vec<ReportShown>, OfficeError> {
    let mut shown = Vec::new();
    for ticket in online(conn, account_id)? {
        let events = store::events_of(conn, (account_id, ticket.ticket_no))?;
        let answer = events.into_iter().rev().find(|event| event.deed == Deed::Answer);
        shown.push(ReportShown {
            report_no: ticket.ticket_no,
            kind: ticket.request,
            text: ticket.said,
            told_on: ticket.accepted_at.date(),
            state: if ticket.state.is_ended() { "done" } else { "open" },
            answered_on: answer.as_ref().map(|event| event.happened_at.date()),
            answer: answer.map(|event| event.said).filter(|said| !said.is_empty()),
        });
    }
    Ok(shown)
}
