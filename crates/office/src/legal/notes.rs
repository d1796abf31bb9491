//! What legal work notes by hand: interruptions, securities, insolvencies.

use super::refusal::LegalRefusal;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::legal::limitation::EventKind;
use denghuo_rules::legal::terms::{LegalTerms, SecurityKind, guarantee_until, may_secure};
use denghuo_rules::registry::CustomerKind;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::legal::{self, InsolvencyRow, SecurityRow};
use denghuo_store::{Conn, audit, collections, evidence, ledger};
use jiff::civil::Date;

/// 中断事由 that stands in no other record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The bill; 0 for every debt of the account.
    pub bill_no: i64,
    /// What happened.
    pub kind: EventKind,
    /// The day it took effect.
    pub effective_on: Date,
    /// Its proof; without one it interrupts nothing.
    pub evidence_no: Option<i64>,
    /// In words.
    pub note: String,
}

/// Writes what was decided into the audit log.
pub(super) fn audited(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, subject): (i64, &str),
    (action, after): (&str, &str),
    on: Date,
) -> Result<(), OfficeError> {
    let action = format!("legal.{action}");
    let mark = audit::Mark {
        account_id,
        happened_on: on,
        subject,
        action: &action,
        who: &work.by,
        before: None,
        after: Some(after),
        recorded_at: work.now,
    };
    Ok(audit::mark(conn, &mark)?)
}

fn has_evidence(conn: &mut Conn, account_id: i64, evidence_no: Option<i64>) -> Result<(), OfficeError> {
    match evidence_no {
        Some(no) if evidence::link(conn, account_id, no)?.is_none() => {
            Err(OfficeError::refuse(LegalRefusal::UnknownEvidence(no)))
        }
        _ => Ok(()),
    }
}

/// Notes an interruption; gives its number.
///
/// # Errors
/// A [`LegalRefusal`], or the database's.
pub fn event_note(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    event: &NewEvent,
    on: Date,
) -> Result<i64, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        if event.effective_on > on {
            return Err(OfficeError::refuse(LegalRefusal::WrongDay));
        }
        if event.bill_no != 0 && collections::debt(conn, account_id, event.bill_no)?.is_none() {
            return Err(OfficeError::refuse(LegalRefusal::UnknownBill(event.bill_no)));
        }
        has_evidence(conn, account_id, event.evidence_no)?;
        let event_no = legal::last_number(conn, "event", account_id)? + 1;
        legal::insert_event(
            conn,
            (account_id, event_no, event.bill_no),
            (event.kind.word(), event.effective_on),
            event.evidence_no,
            (&event.note, &work.by),
        )?;
        super::stage::legal_run(conn, work, on, Range { from: account_id, to: account_id })?;
        Ok(event_no)
    })
}

/// 新担保
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSecurity {
    /// Which.
    pub kind: SecurityKind,
    /// Who gives it.
    pub giver: String,
    /// What kind of person gives it.
    pub giver_kind: CustomerKind,
    /// Up to this amount.
    pub amount: Money,
    /// Since.
    pub from_on: Date,
    /// The agreed end, where one was agreed.
    pub agreed_until: Option<Date>,
    /// The bills it covers; all when empty.
    pub bills: Vec<i64>,
    /// Its proof.
    pub evidence_no: Option<i64>,
}

/// Takes a security; its last day follows from what was agreed and the last due day it covers.
///
/// # Errors
/// A refusal, or the database's.
pub fn security_add(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    new: &NewSecurity,
    on: Date,
) -> Result<SecurityRow, OfficeError> {
    work.check_date(on)?;
    may_secure(new.kind, new.giver_kind, new.amount.raw()).map_err(OfficeError::refuse)?;
    let terms = work.book.pick::<LegalTerms>("legal_terms", &work.site, on)?.params;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        if new.from_on > on {
            return Err(OfficeError::refuse(LegalRefusal::WrongDay));
        }
        has_evidence(conn, account_id, new.evidence_no)?;
        let mut last_due = new.from_on;
        for debt in collections::open_debts(conn, Range { from: account_id, to: account_id })? {
            let receivable = debt.receivable;
            if receivable.open > Money::ZERO
                && (new.bills.is_empty() || new.bills.contains(&receivable.bill_no))
            {
                last_due = last_due.max(receivable.due_on);
            }
        }
        for bill_no in &new.bills {
            if collections::debt(conn, account_id, *bill_no)?.is_none() {
                return Err(OfficeError::refuse(LegalRefusal::UnknownBill(*bill_no)));
            }
        }
        let bills: Vec<String> = new.bills.iter().map(ToString::to_string).collect();
        let row = SecurityRow {
            account_id,
            security_no: legal::last_number(conn, "security", account_id)? + 1,
            kind: new.kind,
            giver: new.giver.clone(),
            amount: new.amount,
            from_on: new.from_on,
            until_on: guarantee_until(last_due, new.agreed_until, &terms),
            bills: (!bills.is_empty()).then(|| bills.join(",")),
            evidence_no: new.evidence_no,
            noted_by: work.by.clone(),
            released_on: None,
        };
        legal::save_security(conn, &row)?;
        super::stage::legal_run(conn, work, on, Range { from: account_id, to: account_id })?;
        Ok(row)
    })
}

/// Gives a security back.
///
/// # Errors
/// A [`LegalRefusal`], or the database's.
pub fn security_release(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, security_no): (i64, i64),
    on: Date,
) -> Result<SecurityRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let held = legal::securities_of(conn, Range { from: account_id, to: account_id })?;
        let row = held
            .into_iter()
            .find(|row| row.security_no == security_no && row.released_on.is_none())
            .ok_or_else(|| OfficeError::refuse(LegalRefusal::UnknownSecurity(security_no)))?;
        let row = SecurityRow { released_on: Some(on), ..row };
        legal::save_security(conn, &row)?;
        let subject = format!("security:{security_no}");
        audited(conn, work, (account_id, &subject), ("released", row.kind.word()), on)?;
        Ok(row)
    })
}

/// 新破产程序
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInsolvency {
    /// 受理日
    pub accepted_on: Date,
    /// Last day to file claims, where the court set one.
    pub claims_until: Option<Date>,
    /// The court.
    pub court: String,
    /// 管理人
    pub administrator: Option<String>,
    /// Its proof.
    pub evidence_no: Option<i64>,
}

/// Notes that insolvency proceedings were opened: the ladder pauses, the late fee stops, a claim is proposed.
///
/// # Errors
/// A [`LegalRefusal`], or the database's.
pub fn insolvency_note(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    new: &NewInsolvency,
    on: Date,
) -> Result<InsolvencyRow, OfficeError> {
    work.check_date(on)?;
    let terms = work.book.pick::<LegalTerms>("legal_terms", &work.site, on)?.params;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let range = Range { from: account_id, to: account_id };
        let known = legal::insolvencies_of(conn, range)?;
        if known.iter().any(|row| row.ended_on.is_none()) {
            return Err(OfficeError::refuse(LegalRefusal::InsolvencyOpen));
        }
        if new.accepted_on > on {
            return Err(OfficeError::refuse(LegalRefusal::WrongDay));
        }
        has_evidence(conn, account_id, new.evidence_no)?;
        let row = InsolvencyRow {
            account_id,
            insolvency_no: legal::last_number(conn, "insolvency", account_id)? + 1,
            accepted_on: new.accepted_on,
            claims_until: new
                .claims_until
                .unwrap_or_else(|| plus_days(new.accepted_on, i64::from(terms.claim_days))),
            court: new.court.clone(),
            administrator: new.administrator.clone(),
            evidence_no: new.evidence_no,
            noted_by: work.by.clone(),
            ended_on: None,
        };
        legal::save_insolvency(conn, &row)?;
        super::stage::legal_run(conn, work, on, range)?;
        Ok(row)
    })
}

/// Notes that the proceedings have ended.
///
/// # Errors
/// A [`LegalRefusal`], or the database's.
pub fn insolvency_end(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    on: Date,
) -> Result<InsolvencyRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let known = legal::insolvencies_of(conn, Range { from: account_id, to: account_id })?;
        let row = known
            .into_iter()
            .find(|row| row.ended_on.is_none())
            .ok_or_else(|| OfficeError::refuse(LegalRefusal::NoInsolvency))?;
        let row = InsolvencyRow { ended_on: Some(on), ..row };
        legal::save_insolvency(conn, &row)?;
        let subject = format!("insolvency:{}", row.insolvency_no);
        audited(conn, work, (account_id, &subject), ("ended", &row.court), on)?;
        Ok(row)
    })
}
