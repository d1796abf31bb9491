//! 通知清单: notices with their deliveries as people see them, personal data masked unless asked for.

use super::content::code;
use super::serve::NoticeRefusal;
use crate::error::OfficeError;
use crate::registry::{Personal, mask};
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_rules::notices::{Channel, DeliveryState, NoticeKind};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::notices::{self, DeliveryRow, NoticeRow};
use jiff::civil::{Date, DateTime};
use serde::Serialize;

/// One notice as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct NoticeShown {
    /// Number within the account.
    pub notice_no: i64,
    /// 通知编号
    pub code: String,
    /// What is told.
    pub kind: NoticeKind,
    /// What it is about.
    pub subject: String,
    /// Business day of the decision.
    #[schemars(with = "DateForm")]
    pub decided_on: Date,
    /// Day by which it has to arrive.
    #[schemars(with = "DateForm")]
    pub due_by: Date,
    /// Day by which the customer is asked to pay.
    #[schemars(with = "Option<DateForm>")]
    pub deadline_on: Option<Date>,
    /// Principal it tells.
    pub amount: Money,
    /// Late fee it tells.
    pub fee: Money,
    /// `open`, `served`, `failed`, `withdrawn`.
    pub state: String,
    /// The arrival that counts.
    #[schemars(with = "Option<MomentForm>")]
    pub served_at: Option<DateTime>,
    /// Its channel.
    pub served_how: Option<Channel>,
    /// Its proof.
    pub evidence_no: Option<i64>,
    /// Why it ended without arriving.
    pub ended_why: Option<String>,
    /// Ids of the rules.
    pub rules: String,
    /// How it leaves.
    pub deliveries: Vec<DeliveryShown>,
}

/// One delivery as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DeliveryShown {
    /// Number within the notice.
    pub delivery_no: i64,
    /// How it leaves.
    pub channel: Channel,
    /// Where it goes, masked unless asked for in full.
    pub address: String,
    /// How it stands.
    pub state: DeliveryState,
    /// Earliest moment of the next attempt.
    #[schemars(with = "MomentForm")]
    pub next_at: DateTime,
    /// Attempts so far.
    pub attempts: i64,
    /// When the carrier took it.
    #[schemars(with = "Option<MomentForm>")]
    pub sent_at: Option<DateTime>,
    /// When it arrived or ended.
    #[schemars(with = "Option<MomentForm>")]
    pub ended_at: Option<DateTime>,
    /// The gateway's reference, or the run of papers.
    pub reference: Option<String>,
    /// What the carrier said.
    pub detail: Option<String>,
}

/// The notices of an account, the newest first.
///
/// # Errors
/// The database's.
pub fn notice_list(conn: &mut Conn, account_id: i64, unmask: bool) -> Result<Vec<NoticeShown>, OfficeError> {
    let all = notices::notices_of_account(conn, account_id)?;
    all.into_iter().map(|notice| shown(conn, notice, unmask)).collect()
}

/// One notice.
///
/// # Errors
/// There is none; the database's.
pub fn notice_show(
    conn: &mut Conn,
    (account_id, notice_no): (i64, i64),
    unmask: bool,
) -> Result<NoticeShown, OfficeError> {
    let notice = notices::notice(conn, account_id, notice_no)?
        .ok_or_else(|| OfficeError::refuse(NoticeRefusal::Unknown(notice_no)))?;
    shown(conn, notice, unmask)
}

fn shown(conn: &mut Conn, notice: NoticeRow, unmask: bool) -> Result<NoticeShown, OfficeError> {
    let place = notices::place_of(conn, notice.account_id)?;
    let deliveries = notices::deliveries_of(conn, notice.account_id, notice.notice_no)?;
    Ok(NoticeShown {
        notice_no: notice.notice_no,
        code: code(place.as_ref().map_or("", |place| &place.account_no), notice.notice_no),
        kind: notice.kind,
        subject: notice.subject,
        decided_on: notice.decided_on,
        due_by: notice.due_by,
        deadline_on: notice.deadline_on,
        amount: notice.amount,
        fee: notice.fee,
        state: notice.state,
        served_at: notice.served_at,
        served_how: notice.served_how,
        evidence_no: notice.evidence_no,
        ended_why: notice.ended_why,
        rules: notice.rules,
        deliveries: deliveries.into_iter().map(|delivery| delivery_shown(delivery, unmask)).collect(),
    })
}

fn delivery_shown(delivery: DeliveryRow, unmask: bool) -> DeliveryShown {
    let what = match delivery.channel {
        Channel::Email => Personal::Email,
        Channel::Sms | Channel::Phone => Personal::Phone,
        _ => Personal::Address,
    };
    DeliveryShown {
        delivery_no: delivery.delivery_no,
        channel: delivery.channel,
        address: if unmask { delivery.address } else { mask(&delivery.address, what) },
        state: delivery.state,
        next_at: delivery.next_at,
        attempts: delivery.attempts,
        sent_at: delivery.sent_at,
        ended_at: delivery.ended_at,
        reference: delivery.gateway_ref,
        detail: delivery.detail,
    }
}
