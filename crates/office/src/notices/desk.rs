//! 收发台: what the column answers to its sender: the words of a message, an arrival, a failure and the next channel.

use super::content::General;
use super::late::close_task;
use super::message::{Templates, message};
use super::outbox::{Desk, Prepared};
use super::policies::{Policies, Reach, undeliverable};
use crate::error::OfficeError;
use crate::registry::contact_in_trouble;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::notices::channel::ContactTrouble;
use denghuo_rules::notices::service::{Service, ServiceWay};
use denghuo_rules::notices::{Channel, DeliveryState, NoticeKind};
use denghuo_store::day::Range;
use denghuo_store::notices::outbox::OutboxRow;
use denghuo_store::notices::{self, DeliveryRow, NoticeRow, Place};
use denghuo_store::tasks::{self, Resolution};
use denghuo_store::{Conn, ledger, registry};
use jiff::civil::{Date, DateTime};

/// The desk of a site: its templates, and the quiet hours of the day it was opened.
pub struct NoticeDesk<'b> {
    templates: Templates,
    policies: Policies<'b>,
    with_papers: bool,
}

impl<'b> NoticeDesk<'b> {
    /// The desk on a day; mails carry their papers where there is a printer.
    ///
    /// # Errors
    /// A missing rule; the database's.
    pub fn open(
        conn: &mut Conn,
        work: &Work<'b>,
        (templates, with_papers): (Templates, bool),
        on: Date,
    ) -> Result<Self, OfficeError> {
        Ok(Self { templates, policies: Policies::of(conn, work, on)?, with_papers })
    }
}

impl Desk for NoticeDesk<'_> {
    fn messages(
        &self,
        conn: &mut Conn,
        work: &Work<'_>,
        rows: &[OutboxRow],
        on: Date,
    ) -> Result<Vec<Prepared>, OfficeError> {
        let general = General::of(conn, work, on)?;
        let mut prepared = Vec::with_capacity(rows.len());
        for row in rows {
            let notice = notices::notice(conn, row.key.account_id, row.key.notice_no)?;
            let Some(notice) = notice.filter(|notice| notice.state == "open") else {
                prepared.push(Prepared::NotNeeded("notice.not_open".to_owned()));
                continue;
            };
            let parts = (&general, &self.templates);
            prepared.push(match message(conn, work, parts, &notice, row.channel) {
                Ok(mut message) => {
                    message.paper = message.paper.filter(|_| self.with_papers);
                    Prepared::Ready(message)
                }
                Err(OfficeError::Refused(refusal)) => Prepared::Broken(refusal.to_string()),
                Err(error) => return Err(error),
            });
        }
        Ok(prepared)
    }

    fn calm(&self, channel: Channel, at: DateTime) -> DateTime {
        self.policies.limits().map_or(at, |limits| limits.calm(channel, at))
    }

    fn arrived(
        &self,
        conn: &mut Conn,
        work: &Work<'_>,
        rows: &[(OutboxRow, DateTime)],
    ) -> Result<(), OfficeError> {
        for (row, at) in rows {
            arrived(conn, work, &self.policies, row, *at)?;
        }
        Ok(())
    }

    fn failed(
        &self,
        conn: &mut Conn,
        work: &Work<'_>,
        rows: &[OutboxRow],
        at: DateTime,
    ) -> Result<(), OfficeError> {
        for row in rows {
            ledger::lock(conn, row.key.account_id)?;
            failed(conn, work, &self.policies, (row.key.account_id, row.key.notice_no), at)?;
        }
        Ok(())
    }
}

/// A message arrived: the notice is served when this way counts for its kind.
fn arrived(
    conn: &mut Conn,
    work: &Work<'_>,
    policies: &Policies<'_>,
    row: &OutboxRow,
    at: DateTime,
) -> Result<(), OfficeError> {
    let Some(mut notice) = notices::notice(conn, row.key.account_id, row.key.notice_no)? else {
        return Ok(());
    };
    if notice.state != "open" && notice.state != "failed" {
        return Ok(());
    }
    let designated = if notice.kind == NoticeKind::Bill { None } else { designated_on(conn, row)? };
    let way = match designated {
        Some(day) if day <= at.date() => ServiceWay::Designated,
        _ => ServiceWay::Electronic,
    };
    if policies.service(notice.kind).counts(notice.kind, &Service::by(way)).is_err() {
        return Ok(());
    }
    if notice.kind != NoticeKind::Bill {
        notice.evidence_no = super::serve::electronic_proof(conn, work, &notice, (row, designated), at)?;
    }
    mark_served(conn, work, &mut notice, row.channel, at)
}

/// Since when the contract names the address of a message.
fn designated_on(conn: &mut Conn, row: &OutboxRow) -> Result<Option<Date>, OfficeError> {
    let Some(contact_no) = row.contact_no else { return Ok(None) };
    let contact = registry::known_contact(conn, row.key.account_id, contact_no)?;
    Ok(contact.and_then(|contact| contact.designated_on))
}

/// Marks a notice as served; what still waits of it is not needed any more, and the work about it ends.
pub(super) fn mark_served(
    conn: &mut Conn,
    work: &Work<'_>,
    notice: &mut NoticeRow,
    channel: Channel,
    at: DateTime,
) -> Result<(), OfficeError> {
    let was_listed = notice.state == "failed" || notice.due_by < at.date();
    "served".clone_into(&mut notice.state);
    notice.served_at = Some(at);
    notice.served_how = Some(channel);
    (notice.ended_on, notice.ended_why) = (None, None);
    notices::save_notice(conn, notice)?;
    if notice.kind != NoticeKind::Bill || was_listed {
        cancel_waiting(conn, notice, at, "served")?;
        let done = Resolution { decision: "served", by: &work.by, on: at.date(), note: channel.word() };
        close_task(conn, notice, &done)?;
    }
    Ok(())
}

/// Cancels the deliveries of a notice that wait to be sent.
pub(super) fn cancel_waiting(
    conn: &mut Conn,
    notice: &NoticeRow,
    at: DateTime,
    why: &str,
) -> Result<(), OfficeError> {
    for mut delivery in notices::deliveries_of(conn, notice.account_id, notice.notice_no)? {
        if delivery.state == DeliveryState::Queued {
            delivery.state = DeliveryState::Cancelled;
            delivery.ended_at = Some(at);
            delivery.detail = Some(why.to_owned());
            notices::save_delivery(conn, &delivery)?;
        }
    }
    Ok(())
}

/// Deliveries of a notice ended without arriving: troubled contacts are noted, the next channel is queued, and where none
/// is left the notice has failed and somebody has to look.
pub(super) fn failed(
    conn: &mut Conn,
    work: &Work<'_>,
    policies: &Policies<'_>,
    (account_id, notice_no): (i64, i64),
    at: DateTime,
) -> Result<(), OfficeError> {
    let Some(mut notice) = notices::notice(conn, account_id, notice_no)? else { return Ok(()) };
    let deliveries = notices::deliveries_of(conn, account_id, notice_no)?;
    note_trouble(conn, work, &notice, &deliveries, at)?;
    reopen_when_unproved(&mut notice, &deliveries);
    if notice.state != "open" || deliveries.iter().any(is_live) {
        return Ok(notices::save_notice(conn, &notice)?);
    }
    queue_next(conn, policies, &mut notice, &deliveries, at)
}

/// Queues the next channel of an open notice; fails it where none is left.
pub(super) fn queue_next(
    conn: &mut Conn,
    policies: &Policies<'_>,
    notice: &mut NoticeRow,
    tried: &[DeliveryRow],
    at: DateTime,
) -> Result<(), OfficeError> {
    let range = Range { from: notice.account_id, to: notice.account_id };
    let contacts = registry::known_contacts(conn, range)?;
    let place = notices::place_of(conn, notice.account_id)?;
    let next = match &place {
        Some(place) => {
            let others = others_of(conn, policies, place, at)?;
            let reach = Reach { place, contacts: &contacts, others: &others };
            policies.next_delivery(notice, &reach, tried, at)?
        }
        None => None,
    };
    match next {
        Some(delivery) => {
            if notice.kind == NoticeKind::Bill {
                notice.due_by = notice.due_by.max(delivery.due_by);
            }
            notices::insert_deliveries(conn, &[delivery])?;
        }
        None => {
            "failed".clone_into(&mut notice.state);
            notice.ended_on = Some(at.date());
            notice.ended_why = Some("no_channel_left".to_owned());
            let mut task = undeliverable(notice, at.date());
            // Work that was done once is not opened with the same code: a new try that failed has another.
            let known = tasks::task(conn, (task.account_id, task.kind, &task.subject))?;
            if known.is_some_and(|known| known.codes == task.codes && known.state != "open") {
                "notice.no_channel_again".clone_into(&mut task.codes);
            }
            tasks::open(conn, &[task])?;
        }
    }
    Ok(notices::save_notice(conn, notice)?)
}

fn others_of(
    conn: &mut Conn,
    policies: &Policies<'_>,
    place: &Place,
    at: DateTime,
) -> Result<Vec<DateTime>, OfficeError> {
    let Some(limits) = policies.limits() else { return Ok(Vec::new()) };
    let range = Range { from: place.account_id, to: place.account_id };
    let moments = notices::capped_moments(conn, range, &limits.capped, plus_days(at.date(), -14))?;
    Ok(moments.into_iter().map(|(_, moment)| moment).collect())
}

const fn is_live(delivery: &DeliveryRow) -> bool {
    !matches!(
        delivery.state,
        DeliveryState::Bounced | DeliveryState::Refused | DeliveryState::Failed | DeliveryState::Cancelled
    )
}

/// Contacts whose messages came back or were refused are not used until somebody has looked at them.
fn note_trouble(
    conn: &mut Conn,
    work: &Work<'_>,
    notice: &NoticeRow,
    deliveries: &[DeliveryRow],
    at: DateTime,
) -> Result<(), OfficeError> {
    for delivery in deliveries.iter().filter(|delivery| delivery.channel.is_electronic()) {
        let trouble = match delivery.state {
            DeliveryState::Bounced => ContactTrouble::Bounced,
            DeliveryState::Refused => ContactTrouble::Refused,
            _ => continue,
        };
        // What ended earlier was noted then, and may have been looked at since.
        if delivery.ended_at.is_some_and(|ended| ended < at) {
            continue;
        }
        if let Some(contact_no) = delivery.contact_no {
            let source = format!("notice:{}", notice.notice_no);
            let what = (at.date(), source.as_str(), delivery.detail.as_deref());
            contact_in_trouble(conn, work, (notice.account_id, contact_no), trouble, what)?;
        }
    }
    Ok(())
}

/// A mail that counted as arrived has come back after all: what was served by it alone is open again.
fn reopen_when_unproved(notice: &mut NoticeRow, deliveries: &[DeliveryRow]) {
    let by_message = notice.state == "served" && notice.served_how.is_some_and(Channel::is_electronic);
    let still_proved = deliveries.iter().any(|delivery| delivery.state == DeliveryState::Delivered);
    if by_message && !still_proved {
        "open".clone_into(&mut notice.state);
        (notice.served_at, notice.served_how, notice.evidence_no) = (None, None, None);
    }
}
