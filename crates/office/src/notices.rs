//! 通知 (column `notices`): what a customer is told, once, on the channels that reach him, with the proof that it arrived.

pub mod desk;
pub mod outbox;

use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::units::Money;
use denghuo_store::notices::{self, NoticeRow};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;

/// 通知单: something that another column wants told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeOrder {
    /// The account.
    pub account_id: i64,
    /// What is told.
    pub kind: NoticeKind,
    /// What it is about, such as `bill:3` or `cut:2:1`; one notice for each kind and subject.
    pub subject: String,
    /// The bill, or 0.
    pub bill_no: i64,
    /// Day by which it has to arrive.
    pub due_by: Date,
    /// Day by which the customer is asked to pay.
    pub deadline_on: Option<Date>,
    /// Principal that is told.
    pub amount: Money,
    /// Late fee that is told.
    pub fee: Money,
    /// JSON object of the parts of the paper that only the asking column knows; merged over the general ones.
    pub content: serde_json::Value,
    /// Ids of the rules.
    pub rules: Vec<String>,
}

/// Decides and queues a notice in the running transaction; gives its number. Asked again for the same kind and subject, it
/// gives the number of the notice that is there.
///
/// # Errors
/// The database's.
pub fn notice_request(
    conn: &mut Conn,
    _work: &Work<'_>,
    order: &NoticeOrder,
    on: Date,
) -> Result<i64, OfficeError> {
    // The books' row is the lock of everything that an account owns.
    ledger::lock(conn, order.account_id)?;
    if let Some(there) = notices::notice_about(conn, order.account_id, order.kind, &order.subject)? {
        return Ok(there.notice_no);
    }
    let notice_no = notices::last_notice_no(conn, order.account_id)? + 1;
    let row = NoticeRow {
        account_id: order.account_id,
        notice_no,
        kind: order.kind,
        subject: order.subject.clone(),
        bill_no: order.bill_no,
        decided_on: on,
        due_by: order.due_by,
        deadline_on: order.deadline_on,
        amount: order.amount,
        fee: order.fee,
        content: Some(order.content.to_string()),
        rules: order.rules.join(","),
        state: "open".to_owned(),
        served_at: None,
        served_how: None,
        evidence_no: None,
    };
    notices::insert_notices(conn, &[row])?;
    Ok(notice_no)
}
