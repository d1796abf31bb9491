//! 缴费回执: customers who asked for it are told of every payment.

use super::{NoticeOrder, notices_request};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::notices;
use jiff::civil::Date;
use serde_json::json;

/// Asks for the receipts of the payments since the last business day; tells how many.
pub(super) fn notify(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<i64, OfficeError> {
    let from = notices::previous_day(conn, on)?.unwrap_or(on);
    let orders: Vec<NoticeOrder> = notices::unreceipted(conn, from, on)?
        .into_iter()
        .map(|payment| {
            let channel = Channel::from_word(&payment.channel);
            NoticeOrder {
                account_id: payment.account_id,
                kind: NoticeKind::Receipt,
                subject: format!("payment:{}", payment.payment_no),
                bill_no: 0,
                due_by: on,
                deadline_on: None,
                amount: payment.amount,
                fee: Money::ZERO,
                content: json!({ "payment": {
                    "no": payment.receipt_no.unwrap_or_else(|| payment.payment_no.to_string()),
                    "at": payment.paid_on.to_string(),
                    "channel_zh": channel.map(Channel::zh),
                    "channel_en": payment.channel,
                    "amount": payment.amount.to_string(),
                    "balance": payment.prepaid.to_string(),
                } }),
                rules: Vec::new(),
            }
        })
        .collect();
    notices_request(conn, work, &orders, on)?;
    Ok(orders.len() as i64)
}
