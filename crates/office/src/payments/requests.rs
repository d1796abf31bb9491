//! 退费审批: one person asks for a refund, a manager decides; the money leaves with the decision.

use super::refund::{RefundOrder, refund};
use crate::access;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::payments::{Channel, decide_refund};
use denghuo_rules::refusal::Refuse;
use denghuo_rules::units::Money;
use denghuo_store::payments::{RequestRow, next_request_no, refund_request, save_refund_request};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;

/// Why a request is not decided; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum RequestRefusal {
    Unknown(i64),
    Decided(i64),
    OneOwn,
}

impl Refuse for RequestRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "refund_request.unknown",
            Self::Decided(_) => "refund_request.decided",
            Self::OneOwn => "refund_request.own",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(no) => {
                Bilingual::new(format!("没有{no}号退费申请"), format!("there is no refund request {no}"))
            }
            Self::Decided(no) => Bilingual::new(
                format!("{no}号退费申请已处理"),
                format!("the refund request {no} was decided"),
            ),
            Self::OneOwn => Bilingual::new(
                "退费须由他人审批",
                "a refund is decided by another person than who asks for it",
            ),
        }
    }
}

/// Asks for a refund from the prepayment of an account; `work.by` asks.
///
/// # Errors
/// The prepayment does not hold it; not on the staff list; the database's.
pub fn refund_ask(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, amount, channel): (i64, Money, Channel),
    reason: &str,
    on: Date,
) -> Result<RequestRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        let books = Books::lock(conn, account_id, on)?;
        let prepaid: Money = books.unused.iter().map(|payment| payment.unused).sum();
        decide_refund(amount, prepaid, &work.by, "").map_err(OfficeError::refuse)?;
        let row = RequestRow {
            account_id,
            request_no: next_request_no(conn, account_id)?,
            amount,
            channel,
            reason: reason.to_owned(),
            asked_by: work.by.clone(),
            asked_on: on,
            state: "waiting".to_owned(),
            decided_by: None,
            decided_on: None,
            note: None,
            refund_no: None,
        };
        save_refund_request(conn, &row)?;
        Ok(row)
    })
}

/// Pays a refund that waits; `work.by` approves.
///
/// # Errors
/// There is none that waits; one's own; approves nothing; the prepayment does not hold it any more; a closed day; the database's.
pub fn refund_approve(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, request_no): (i64, i64),
    on: Date,
) -> Result<RequestRow, OfficeError> {
    conn.write(|conn| {
        let mut row = waiting(conn, work, account_id, request_no)?;
        let order = RefundOrder {
            account_id,
            amount: row.amount,
            channel: row.channel,
            reason: row.reason.clone(),
            asked_by: row.asked_by.clone(),
        };
        row.refund_no = Some(refund(conn, work, &order, on)?.refund_no);
        decide(conn, work, row, ("paid", None), on)
    })
}

/// Rejects a refund that waits.
///
/// # Errors
/// There is none that waits; one's own; approves nothing; the database's.
pub fn refund_reject(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, request_no): (i64, i64),
    note: &str,
    on: Date,
) -> Result<RequestRow, OfficeError> {
    conn.write(|conn| {
        let row = waiting(conn, work, account_id, request_no)?;
        access::approval_level(conn, &work.by, on)?;
        decide(conn, work, row, ("rejected", Some(note.to_owned())), on)
    })
}

fn waiting(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    request_no: i64,
) -> Result<RequestRow, OfficeError> {
    ledger::lock(conn, account_id)?;
    let row = refund_request(conn, account_id, request_no)?
        .ok_or_else(|| OfficeError::refuse(RequestRefusal::Unknown(request_no)))?
        .request;
    if row.state != "waiting" {
        return Err(OfficeError::refuse(RequestRefusal::Decided(request_no)));
    }
    if row.asked_by == work.by {
        return Err(OfficeError::refuse(RequestRefusal::OneOwn));
    }
    Ok(row)
}

fn decide(
    conn: &mut Conn,
    work: &Work<'_>,
    mut row: RequestRow,
    (state, note): (&str, Option<String>),
    on: Date,
) -> Result<RequestRow, OfficeError> {
    state.clone_into(&mut row.state);
    (row.decided_by, row.decided_on, row.note) = (Some(work.by.clone()), Some(on), note);
    save_refund_request(conn, &row)?;
    Ok(row)
}
