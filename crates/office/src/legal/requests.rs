//! 核销申请: one person asks, another decides; the decision takes the debt off the books in its own transaction.

use super::notes::audited;
use super::refusal::LegalRefusal;
use super::write_off::{WriteOffOrder, write_off};
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::legal::write_off::{WriteOffGround, WriteOffRefusal};
use denghuo_rules::units::Money;
use denghuo_store::legal::{self, WriteOffRequest};
use denghuo_store::tasks::{self, NewTask, Resolution};
use denghuo_store::{Conn, collections, evidence, ledger};
use jiff::civil::Date;

/// Task of who decides.
const APPROVAL: &str = "write_off_request";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteOffAsk {
    /// The bill.
    pub bill_no: i64,
    /// Why.
    pub ground: WriteOffGround,
    /// Its proof.
    pub evidence_no: i64,
}

/// Asks for a write-off as `work.by`.
///
/// # Errors
/// A [`LegalRefusal`] or [`WriteOffRefusal`], or the database's.
pub fn write_off_ask(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    ask: &WriteOffAsk,
    on: Date,
) -> Result<WriteOffRequest, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let unknown = || OfficeError::refuse(LegalRefusal::UnknownBill(ask.bill_no));
        let debt = collections::debt(conn, account_id, ask.bill_no)?.ok_or_else(unknown)?;
        if debt.receivable.open <= Money::ZERO {
            return Err(OfficeError::refuse(WriteOffRefusal::NothingOpen(ask.bill_no)));
        }
        if evidence::link(conn, account_id, ask.evidence_no)?.is_none() {
            return Err(OfficeError::refuse(LegalRefusal::UnknownEvidence(ask.evidence_no)));
        }
        let known = legal::write_off_requests(conn, 0, Some(account_id))?;
        if known.iter().any(|(row, _)| row.state == "open" && row.bill_no == ask.bill_no) {
            return Err(OfficeError::refuse(LegalRefusal::RequestOpen(ask.bill_no)));
        }
        let row = WriteOffRequest {
            account_id,
            request_no: known.iter().map(|(row, _)| row.request_no).max().unwrap_or(0) + 1,
            bill_no: ask.bill_no,
            ground: ask.ground,
            evidence_no: ask.evidence_no,
            state: "open".to_owned(),
            asked_by: work.by.clone(),
            asked_on: on,
            decided_by: None,
            decided_on: None,
            note: String::new(),
            write_off_no: None,
        };
        legal::save_write_off_request(conn, &row)?;
        let (bill_no, open) = (ask.bill_no, debt.receivable.open);
        let task = NewTask {
            account_id,
            kind: APPROVAL,
            subject: subject(&row),
            codes: ask.ground.word().to_owned(),
            detail: Bilingual::new(
                format!("申请核销账单{bill_no},未收{open}元:{}", ask.ground.zh()),
                format!("bill {bill_no} is to be written off, {open} yuan open: {}", ask.ground.in_english()),
            ),
            owner_role: "manager",
            opened_on: on,
            due_on: None,
        };
        tasks::open(conn, &[task])?;
        audited(conn, work, (account_id, &subject(&row)), ("write_off_ask", ask.ground.word()), on)?;
        Ok(row)
    })
}

fn subject(row: &WriteOffRequest) -> String {
    format!("write_off_request:{}", row.request_no)
}

/// The open request of a number.
fn open(conn: &mut Conn, (account_id, request_no): (i64, i64)) -> Result<WriteOffRequest, OfficeError> {
    ledger::lock(conn, account_id)?;
    let known = legal::write_off_requests(conn, 0, Some(account_id))?;
    let unknown = || OfficeError::refuse(LegalRefusal::UnknownRequest(request_no));
    let (row, _) = known.into_iter().find(|(row, _)| row.request_no == request_no).ok_or_else(unknown)?;
    if row.state == "open" {
        Ok(row)
    } else {
        Err(OfficeError::refuse(LegalRefusal::RequestDecided(request_no)))
    }
}

fn decided(
    conn: &mut Conn,
    work: &Work<'_>,
    row: WriteOffRequest,
    (state, note): (&str, &str),
    on: Date,
) -> Result<WriteOffRequest, OfficeError> {
    let row = WriteOffRequest {
        state: state.to_owned(),
        decided_by: Some(work.by.clone()),
        decided_on: Some(on),
        note: note.to_owned(),
        ..row
    };
    legal::save_write_off_request(conn, &row)?;
    let resolution = Resolution { decision: state, by: &work.by, on, note };
    tasks::resolve(conn, (row.account_id, APPROVAL, &subject(&row)), &resolution)?;
    Ok(row)
}

/// Approves a request as `work.by`, who is not who asked: the debt leaves the books.
///
/// # Errors
/// A [`LegalRefusal`] or [`WriteOffRefusal`], an approver of a lower level, or the database's.
pub fn write_off_approve(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    on: Date,
) -> Result<WriteOffRequest, OfficeError> {
    conn.write(|conn| {
        let row = open(conn, key)?;
        let order = WriteOffOrder {
            account_id: key.0,
            bill_no: row.bill_no,
            ground: row.ground,
            evidence_no: Some(row.evidence_no),
            asked_by: row.asked_by.clone(),
        };
        let done = write_off(conn, work, &order, on)?;
        decided(
            conn,
            work,
            WriteOffRequest { write_off_no: Some(done.write_off_no), ..row },
            ("approved", ""),
            on,
        )
    })
}

/// Turns a request down as `work.by`, a manager.
///
/// # Errors
/// A [`LegalRefusal`], no manager, or the database's.
pub fn write_off_reject(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    reason: &str,
    on: Date,
) -> Result<WriteOffRequest, OfficeError> {
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        let row = open(conn, key)?;
        let row = decided(conn, work, row, ("rejected", reason), on)?;
        audited(conn, work, (key.0, &subject(&row)), ("write_off_reject", reason), on)?;
        Ok(row)
    })
}
