//! 送达登记: what people did to serve a notice, with its proof; refusals, withdrawals, and a new try.

use super::desk::{cancel_waiting, failed, mark_served, queue_next};
use super::late::close_task;
use super::policies::Policies;
use crate::error::OfficeError;
use crate::evidence::{NewEvidence, NewFile, evidence_add};
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::evidence::{EvidenceKind, Outcome, SignerRole};
use denghuo_rules::notices::service::{Service, ServiceRefusal, ServiceWay};
use denghuo_rules::notices::{Channel, DeliveryState};
use denghuo_rules::refusal::Refuse;
use denghuo_store::notices::outbox::OutboxRow;
use denghuo_store::notices::{self, DeliveryRow, NoticeRow};
use denghuo_store::tasks::Resolution;
use denghuo_store::{Conn, ledger};
use jiff::civil::{Date, DateTime};

/// Why nothing is noted about a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeRefusal {
    /// The account has no such notice.
    Unknown(i64),
    /// It was withdrawn.
    Withdrawn(i64),
    /// It was served: what arrived is not taken back.
    Served(i64),
    /// It cannot have been served before it was decided.
    TooEarly(Date),
    /// It is still under way.
    UnderWay(i64),
    /// No paper of it was printed or handed over.
    NotHandedOver(i64),
    /// It is told as a message alone.
    NoPaper(i64),
}

impl Refuse for NoticeRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "notice.unknown",
            Self::Withdrawn(_) => "notice.withdrawn",
            Self::Served(_) => "notice.served",
            Self::TooEarly(_) => "notice.too_early",
            Self::UnderWay(_) => "notice.under_way",
            Self::NotHandedOver(_) => "notice.not_handed_over",
            Self::NoPaper(_) => "notice.no_paper",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(no) => Bilingual::new(format!("没有通知{no}"), format!("there is no notice {no}")),
            Self::Withdrawn(no) => {
                Bilingual::new(format!("通知{no}已撤回"), format!("the notice {no} was withdrawn"))
            }
            Self::Served(no) => {
                Bilingual::new(format!("通知{no}已送达"), format!("the notice {no} was served"))
            }
            Self::NoPaper(no) => Bilingual::new(
                format!("通知{no}只以消息发送,没有纸质文书"),
                format!("the notice {no} is told as a message alone: there is no paper of it"),
            ),
            Self::TooEarly(day) => Bilingual::new(
                format!("通知于{day}作出,送达不能早于该日"),
                format!("the notice was decided on {day}: it was not served before"),
            ),
            Self::NotHandedOver(no) => Bilingual::new(
                format!("通知{no}的纸质件尚未打印或交出"),
                format!("no paper of the notice {no} was printed or handed over"),
            ),
            Self::UnderWay(no) => {
                Bilingual::new(format!("通知{no}仍在送达中"), format!("the notice {no} is still under way"))
            }
        }
    }
}

/// 送达情况 as a person reports it; `work.by` is who served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceReport {
    /// When.
    pub at: DateTime,
    /// How.
    pub way: ServiceWay,
    /// Where.
    pub place: Option<String>,
    /// Who signed, refused or was spoken to.
    pub signer: Option<String>,
    /// As what.
    pub signer_role: Option<SignerRole>,
    /// Who saw it.
    pub witness: Option<String>,
    /// Number of the waybill or of the recording.
    pub reference: Option<String>,
    /// Anything else.
    pub note: Option<String>,
    /// The signed receipt, the photograph, the recording.
    pub file: Option<NewFile>,
}

impl ServiceReport {
    /// A report of a way at a moment, with nothing else told.
    #[must_use]
    pub fn new(way: ServiceWay, at: DateTime) -> Self {
        Self {
            at,
            way,
            place: None,
            signer: None,
            signer_role: None,
            witness: None,
            reference: None,
            note: None,
            file: None,
        }
    }

    fn as_service(&self) -> Service {
        let is_picture =
            |file: &NewFile| file.media_type.starts_with("image/") || file.media_type.starts_with("video/");
        Service {
            way: self.way,
            signer: self.signer.as_ref().and(self.signer_role),
            has_photo: self.file.as_ref().is_some_and(is_picture),
            has_witness: self.witness.is_some(),
            has_reference: self.reference.is_some(),
        }
    }

    fn as_evidence(&self, kind: EvidenceKind, notice: &NoticeRow, by: &str) -> NewEvidence {
        let outcome = match (kind, self.way) {
            (EvidenceKind::RefusalRecord, _) => Some(Outcome::Refused),
            (_, ServiceWay::Post) => Some(Outcome::Delivered),
            (_, ServiceWay::Phone) => Some(Outcome::Reached),
            _ => None,
        };
        NewEvidence {
            place: self.place.clone(),
            signer: self.signer.clone(),
            signer_role: self.signer_role,
            witness: self.witness.clone(),
            reference: self.reference.clone(),
            outcome,
            note: self.note.clone(),
            file: self.file.clone(),
            ..NewEvidence::new(kind, &format!("notice:{}", notice.notice_no), self.at, by)
        }
    }
}

/// The notice, its account locked; refused when it is unknown or withdrawn, or was decided later.
fn standing(
    conn: &mut Conn,
    (account_id, notice_no): (i64, i64),
    at: DateTime,
) -> Result<NoticeRow, OfficeError> {
    ledger::lock(conn, account_id)?;
    let notice = notices::notice(conn, account_id, notice_no)?
        .ok_or_else(|| OfficeError::refuse(NoticeRefusal::Unknown(notice_no)))?;
    if notice.state == "withdrawn" {
        return Err(OfficeError::refuse(NoticeRefusal::Withdrawn(notice_no)));
    }
    if at.date() < notice.decided_on {
        return Err(OfficeError::refuse(NoticeRefusal::TooEarly(notice.decided_on)));
    }
    Ok(notice)
}

/// 登记送达: a notice was served by a person, with its proof. A further service of a served notice is kept as a further
/// proof; the first arrival stands, unless the further one was earlier.
///
/// # Errors
/// The way does not count for this kind, or lacks what proves it; no such notice; a missing rule; the database's.
pub fn notice_serve(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    report: &ServiceReport,
) -> Result<NoticeRow, OfficeError> {
    work.check_date(report.at.date())?;
    conn.write(|conn| {
        let mut notice = standing(conn, key, report.at)?;
        // What enters a system is noted by the system.
        if matches!(report.way, ServiceWay::Designated | ServiceWay::Electronic) {
            return Err(OfficeError::refuse(ServiceRefusal::Way(notice.kind, report.way)));
        }
        let policies = Policies::of(conn, work, report.at.date())?;
        let rule = policies.service(notice.kind);
        rule.counts(notice.kind, &report.as_service()).map_err(OfficeError::refuse)?;
        let needs_proof = report.way != ServiceWay::Dropped || report.file.is_some();
        let evidence_no = if needs_proof {
            let proof = report.as_evidence(report.way.proof(), &notice, &work.by);
            Some(evidence_add(conn, work, notice.account_id, &proof)?)
        } else {
            None
        };
        if notice.served_at.is_some_and(|first| first <= report.at) {
            return Ok(notice);
        }
        let channel = keep_delivery(conn, &notice, report)?;
        notice.evidence_no = evidence_no;
        mark_served(conn, work, &mut notice, channel, report.at)?;
        cancel_waiting(conn, &notice, report.at, "served")?;
        Ok(notice)
    })
}

/// Marks the delivery that a person carried as arrived, or notes one that was not queued; gives its channel.
fn keep_delivery(
    conn: &mut Conn,
    notice: &NoticeRow,
    report: &ServiceReport,
) -> Result<Channel, OfficeError> {
    let deliveries = notices::deliveries_of(conn, notice.account_id, notice.notice_no)?;
    let channels = report.way.channels();
    let is_under_way = |delivery: &&DeliveryRow| {
        channels.contains(&delivery.channel)
            && matches!(
                delivery.state,
                DeliveryState::Queued | DeliveryState::Sent | DeliveryState::Delivered
            )
    };
    if let Some(found) = deliveries.iter().find(is_under_way) {
        let mut row = found.clone();
        row.state = DeliveryState::Delivered;
        row.sent_at = row.sent_at.or(Some(report.at));
        row.ended_at = Some(report.at);
        notices::save_delivery(conn, &row)?;
        return Ok(row.channel);
    }
    let channel = channels.first().copied().unwrap_or(Channel::Door);
    let address = match &report.place {
        Some(place) => place.clone(),
        None => notices::place_of(conn, notice.account_id)?.map_or_else(String::new, |place| place.address),
    };
    let row = DeliveryRow {
        account_id: notice.account_id,
        notice_no: notice.notice_no,
        delivery_no: deliveries.iter().map(|row| row.delivery_no).max().unwrap_or(0) + 1,
        channel,
        contact_no: None,
        address,
        state: DeliveryState::Delivered,
        due_by: notice.due_by,
        next_at: report.at,
        attempts: 1,
        sent_at: Some(report.at),
        ended_at: Some(report.at),
        gateway_ref: None,
        detail: None,
    };
    notices::insert_deliveries(conn, std::slice::from_ref(&row))?;
    notices::save_delivery(conn, &row)?;
    Ok(channel)
}

/// 拒签: the recipient would not take it or sign. The record is kept, and the next way is queued: by post, where the rule
/// has nothing else. Leaving it at the place with a photograph or a witness is a service of its own.
///
/// # Errors
/// No such notice, or it was served; the database's.
pub fn notice_refused(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    report: &ServiceReport,
) -> Result<i64, OfficeError> {
    work.check_date(report.at.date())?;
    conn.write(|conn| {
        let notice = standing(conn, key, report.at)?;
        if notice.state == "served" {
            return Err(OfficeError::refuse(NoticeRefusal::Served(notice.notice_no)));
        }
        let proof = report.as_evidence(EvidenceKind::RefusalRecord, &notice, &work.by);
        let evidence_no = evidence_add(conn, work, notice.account_id, &proof)?;
        end_carried(conn, &notice, DeliveryState::Refused, report.at, report.note.as_deref())?;
        let policies = Policies::of(conn, work, report.at.date())?;
        failed(conn, work, &policies, key, report.at)?;
        Ok(evidence_no)
    })
}

/// A carried delivery ended without arriving: refused, came back, nobody there. The next way is queued. In the running
/// transaction or in one of its own.
///
/// # Errors
/// No such notice; the database's.
pub fn delivery_ended(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    state: DeliveryState,
    (at, why): (DateTime, Option<&str>),
) -> Result<(), OfficeError> {
    conn.write(|conn| {
        let notice = standing(conn, key, at)?;
        end_carried(conn, &notice, state, at, why)?;
        let policies = Policies::of(conn, work, at.date())?;
        failed(conn, work, &policies, key, at)
    })
}

/// Ends the deliveries of a notice that a person carries.
fn end_carried(
    conn: &mut Conn,
    notice: &NoticeRow,
    state: DeliveryState,
    at: DateTime,
    why: Option<&str>,
) -> Result<(), OfficeError> {
    for mut delivery in notices::deliveries_of(conn, notice.account_id, notice.notice_no)? {
        let is_carried = !delivery.channel.is_electronic()
            && matches!(delivery.state, DeliveryState::Queued | DeliveryState::Sent);
        if is_carried {
            delivery.state = state;
            delivery.sent_at = delivery.sent_at.or(Some(at));
            delivery.ended_at = Some(at);
            delivery.detail = why.map(str::to_owned);
            notices::save_delivery(conn, &delivery)?;
        }
    }
    Ok(())
}

/// 撤回: a notice that was not served is not needed any more. Withdrawn again, it stays as it is.
///
/// # Errors
/// No such notice, or it was served; the database's.
pub fn notice_withdraw(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, notice_no): (i64, i64),
    why: &str,
    at: DateTime,
) -> Result<(), OfficeError> {
    conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        let mut notice = notices::notice(conn, account_id, notice_no)?
            .ok_or_else(|| OfficeError::refuse(NoticeRefusal::Unknown(notice_no)))?;
        match notice.state.as_str() {
            "withdrawn" => return Ok(()),
            "served" => return Err(OfficeError::refuse(NoticeRefusal::Served(notice_no))),
            _ => {}
        }
        "withdrawn".clone_into(&mut notice.state);
        notice.ended_on = Some(at.date());
        notice.ended_why = Some(why.to_owned());
        notices::save_notice(conn, &notice)?;
        cancel_waiting(conn, &notice, at, "withdrawn")?;
        let done = Resolution { decision: "withdrawn", by: &work.by, on: at.date(), note: why };
        close_task(conn, &notice, &done)
    })
}

/// 重新选择渠道: a notice that found no way is tried again, with the contacts and the address as they are now.
///
/// # Errors
/// No such notice, it was served or is still under way; the database's.
pub fn notice_requeue(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    at: DateTime,
) -> Result<NoticeRow, OfficeError> {
    conn.write(|conn| {
        let mut notice = standing(conn, key, at)?;
        if notice.state == "served" {
            return Err(OfficeError::refuse(NoticeRefusal::Served(notice.notice_no)));
        }
        let tried = notices::deliveries_of(conn, notice.account_id, notice.notice_no)?;
        let is_under_way = |row: &DeliveryRow| {
            matches!(
                row.state,
                DeliveryState::Queued
                    | DeliveryState::Sending
                    | DeliveryState::Sent
                    | DeliveryState::Doubtful
            )
        };
        if tried.iter().any(is_under_way) {
            return Err(OfficeError::refuse(NoticeRefusal::UnderWay(notice.notice_no)));
        }
        "open".clone_into(&mut notice.state);
        (notice.ended_on, notice.ended_why) = (None, None);
        let policies = Policies::of(conn, work, at.date())?;
        queue_next(conn, &policies, &mut notice, &tried, at)?;
        if notice.state == "open" {
            let done = Resolution { decision: "requeued", by: &work.by, on: at.date(), note: "" };
            close_task(conn, &notice, &done)?;
        }
        Ok(notice)
    })
}

/// 安排上门: a notice that has not arrived is to be brought to the door by somebody, whatever was tried before; it goes with the next
/// package of the field.
///
/// # Errors
/// No such notice, it was served, withdrawn, or somebody carries it already; the database's.
pub fn notice_carry(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    at: DateTime,
) -> Result<NoticeRow, OfficeError> {
    work.check_date(at.date())?;
    conn.write(|conn| {
        let mut notice = standing(conn, key, at)?;
        if notice.state == "served" {
            return Err(OfficeError::refuse(NoticeRefusal::Served(notice.notice_no)));
        }
        let deliveries = notices::deliveries_of(conn, notice.account_id, notice.notice_no)?;
        let is_carried = |row: &DeliveryRow| {
            matches!(row.channel, Channel::Door | Channel::PaperOwn | Channel::Posting)
                && matches!(row.state, DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Sent)
        };
        if deliveries.iter().any(is_carried) {
            return Err(OfficeError::refuse(NoticeRefusal::UnderWay(notice.notice_no)));
        }
        let place = notices::place_of(conn, notice.account_id)?;
        let row = DeliveryRow {
            account_id: notice.account_id,
            notice_no: notice.notice_no,
            delivery_no: deliveries.iter().map(|row| row.delivery_no).max().unwrap_or(0) + 1,
            channel: Channel::Door,
            contact_no: None,
            address: place.map_or_else(String::new, |place| place.address),
            state: DeliveryState::Queued,
            due_by: notice.due_by,
            next_at: at,
            attempts: 0,
            sent_at: None,
            ended_at: None,
            gateway_ref: None,
            detail: None,
        };
        notices::insert_deliveries(conn, &[row])?;
        "open".clone_into(&mut notice.state);
        (notice.ended_on, notice.ended_why) = (None, None);
        let done = Resolution { decision: "carried", by: &work.by, on: at.date(), note: "" };
        close_task(conn, &notice, &done)?;
        notices::save_notice(conn, &notice)?;
        Ok(notice)
    })
}

/// The proof of a message that entered the recipient's system.
pub(super) fn electronic_proof(
    conn: &mut Conn,
    work: &Work<'_>,
    notice: &NoticeRow,
    (row, designated_on): (&OutboxRow, Option<Date>),
    at: DateTime,
) -> Result<Option<i64>, OfficeError> {
    let proof = NewEvidence {
        address: Some(row.address.clone()),
        designated_on,
        reference: row.gateway_ref.clone(),
        outcome: Some(Outcome::Entered),
        ..NewEvidence::new(
            EvidenceKind::ElectronicDelivery,
            &format!("notice:{}", notice.notice_no),
            at,
            "system",
        )
    };
    Ok(Some(evidence_add(conn, work, notice.account_id, &proof)?))
}
