//! 退费: a prepayment goes back to the customer, by two persons.

use super::counter::check_open;
use crate::access;
use crate::error::OfficeError;
use crate::ledger::{Books, save};
use crate::work::Work;
use denghuo_rules::payments::{Channel, decide_refund, refund_entries};
use denghuo_rules::units::Money;
use denghuo_store::payments::{RefundRow, insert_refund, next_refund_no};
use denghuo_store::{Conn, audit};
use jiff::civil::Date;

/// A refund as it is ordered; `work.by` is who approves.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// The account.
    pub account_id: i64,
    /// The amount.
    pub amount: Money,
    /// How it is paid out.
    pub channel: Channel,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asked_by: String,
}

/// Refunds from the prepayment of an account, the oldest payments first.
///
/// # Errors
/// A refusal, or the database's.
pub fn refund(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &RefundOrder,
    on: Date,
) -> Result<RefundRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &order.asked_by, on)?;
        access::approval_level(conn, &work.by, on)?;
        check_open(conn, &work.by, on)?;
        let mut books = Books::lock(conn, order.account_id, on)?;
        let prepaid: Money = books.unused.iter().map(|payment| payment.unused).sum();
        decide_refund(order.amount, prepaid, &order.asked_by, &work.by).map_err(OfficeError::refuse)?;
        let row = RefundRow {
            account_id: order.account_id,
            refund_no: next_refund_no(conn, order.account_id)?,
            amount: order.amount,
            channel: order.channel,
            reason: order.reason.clone(),
            asked_by: order.asked_by.clone(),
            approved_by: work.by.clone(),
            paid_on: on,
        };
        for (payment_no, amount) in books.take_unused(order.amount) {
            books.keep_allocation(payment_no, "refund", (row.refund_no, amount), on, on);
        }
        let subject = format!("refund:{}", row.refund_no);
        if let Ok(entries) = refund_entries(on, order.amount, order.channel) {
            for entry in entries {
                books.post(work, Ok(entry), subject.clone());
            }
        }
        save(conn, work, vec![books])?;
        insert_refund(conn, &row)?;
        let after = format!("{} {}", order.amount, order.reason);
        let mark = audit::Mark {
            account_id: order.account_id,
            happened_on: on,
            subject: &subject,
            action: "refund.pay",
            who: &work.by,
            before: Some(&order.asked_by),
            after: Some(&after),
            recorded_at: work.now,
        };
        audit::mark(conn, &mark)?;
        Ok(row)
    })
}
