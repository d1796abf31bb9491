//! 违约金减免.

use super::FeeBook;
use crate::access;
use crate::error::OfficeError;
use crate::ledger::{Books, save};
use crate::work::Work;
use denghuo_rules::collections::waiver::{TOPIC, WaiverRequest, WaiverRule};
use denghuo_rules::payments::waiver_entry;
use denghuo_rules::refusal::Refusal;
use denghuo_rules::units::Money;
use denghuo_store::collections::{WaiverRow, next_waiver_no};
use denghuo_store::{Conn, audit};
use jiff::civil::Date;

/// A waiver as it is ordered; `work.by` is who approves.
#[derive(Clone, Debug)]
pub struct WaiveOrder {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// How much; `None` for all that is unpaid.
    pub amount: Option<Money>,
    /// Code of the reason.
    pub reason: String,
    /// Who asks.
    pub asked_by: String,
}

/// Waives a part of a bill's late fee as it stands on a day.
///
/// # Errors
/// A refusal of the rule, or the database's.
pub fn waive(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &WaiveOrder,
    on: Date,
) -> Result<WaiverRow, OfficeError> {
    work.check_date(on)?;
    let fees = FeeBook::of(work)?;
    let rule = work.book.pick::<WaiverRule>(TOPIC, &work.site, on)?.params;
    conn.write(|conn| {
        access::on_staff(conn, &order.asked_by, on)?;
        let level = access::approval_level(conn, &work.by, on)?;
        let mut books = Books::lock(conn, order.account_id, on)?;
        books.bring_in(conn, order.bill_no)?;
        let at = books.position(order.bill_no).ok_or_else(|| no_such_bill(order.bill_no))?;
        books.accrue(work, &fees, at, on, on)?;
        let open_fee = books.debts[at].fee.map_or(Money::ZERO, |fee| fee.open);
        let amount = order.amount.unwrap_or(open_fee);
        let request = WaiverRequest {
            reason: &order.reason,
            amount,
            open_fee,
            requested_by: &order.asked_by,
            approved_by: &work.by,
            level,
        };
        rule.decide(&request).map_err(OfficeError::refuse)?;
        let waiver = WaiverRow {
            account_id: order.account_id,
            waiver_no: next_waiver_no(conn, order.account_id)?,
            bill_no: order.bill_no,
            amount,
            reason: order.reason.clone(),
            asked_by: order.asked_by.clone(),
            approved_by: work.by.clone(),
            approved_on: on,
        };
        if let Some(mut fee) = books.debts[at].fee {
            fee.open -= amount;
            fee.waived += amount;
            books.keep_fee(at, fee);
        }
        let subject = format!("waiver:{}", waiver.waiver_no);
        books.post(work, waiver_entry(on, amount), subject.clone());
        books.keep_waiver(waiver.clone());
        save(conn, work, vec![books])?;
        let after = format!("{amount} {}", order.reason);
        let mark = audit::Mark {
            account_id: order.account_id,
            happened_on: on,
            subject: &subject,
            action: "late_fee.waive",
            who: &work.by,
            before: None,
            after: Some(&after),
            recorded_at: work.now,
        };
        audit::mark(conn, &mark)?;
        Ok(waiver)
    })
}

fn no_such_bill(bill_no: i64) -> OfficeError {
    OfficeError::Refused(Refusal::new(
        "waiver.unknown_bill",
        format!("电费账单{bill_no}不存在或未发行"),
        format!("there is no released bill {bill_no}"),
    ))
}
