//! What a case collects on the way: talks, postings, decisions, and the last call.

use super::facts::load;
use super::{CutRefusal, cases, live, notices, standing};
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::disconnection::{CallOutcome, CutDocument, CutState};
use denghuo_store::disconnection::{self as store, CallRow, DocumentRow};
use denghuo_store::{Conn, ledger};
use jiff::Span;
use jiff::civil::{Date, DateTime};

/// A paper as it is handed in; of a decision, `work.by` decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// The account.
    pub account_id: i64,
    /// What it is.
    pub kind: CutDocument,
    /// With whom, or about what.
    pub about: String,
    /// The day on which it happened.
    pub happened_on: Date,
    /// Its proof.
    pub evidence_no: Option<i64>,
}

/// Notes a paper of the live case; gives its number. The same paper again is the same.
///
/// # Errors
/// A [`CutRefusal`], or the database's.
pub fn cut_document(
    conn: &mut Conn,
    work: &Work<'_>,
    new: &NewDocument,
    at: DateTime,
) -> Result<i64, OfficeError> {
    if new.happened_on > at.date() {
        return Err(OfficeError::refuse(CutRefusal::WrongMoment));
    }
    conn.write(|conn| {
        ledger::lock(conn, new.account_id)?;
        let case = live(conn, new.account_id)?;
        standing(&case, &[CutState::Proposed, CutState::Approved, CutState::Served])?;
        access::on_staff(conn, &work.by, at.date())?;
        match new.kind {
            CutDocument::Talk => {
                let loaded = load(conn, work, new.account_id, Some(&case), at)?;
                let listed = loaded.law.bodies();
                if !listed.is_empty() && !listed.contains(&new.about.as_str()) {
                    let (about, listed) = (new.about.clone(), listed.join("、"));
                    return Err(OfficeError::refuse(CutRefusal::UnknownBody { about, listed }));
                }
            }
            CutDocument::ProtectionDecision => {
                access::approval_level(conn, &work.by, at.date())?;
                if work.by == case.proposed_by {
                    return Err(OfficeError::refuse(CutRefusal::OnePerson));
                }
            }
            _ => {}
        }
        let row = DocumentRow {
            account_id: new.account_id,
            case_no: case.case_no,
            document_no: 0,
            kind: new.kind,
            about: new.about.clone(),
            happened_on: new.happened_on,
            evidence_no: new.evidence_no,
            noted_by: work.by.clone(),
        };
        let known = store::documents_of(conn, new.account_id, case.case_no)?;
        if let Some(same) = known.iter().find(|k| DocumentRow { document_no: 0, ..(*k).clone() } == row) {
            return Ok(same.document_no);
        }
        Ok(store::insert_document(conn, &row)?)
    })
}

/// 停电前通知 as it was made; `work.by` called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutCall {
    /// The account.
    pub account_id: i64,
    /// The time that was told.
    pub told_cut_at: DateTime,
    /// What came of it.
    pub outcome: CallOutcome,
    /// Its proof.
    pub evidence_no: Option<i64>,
}

/// Stamps the last call with its outcome, and asks for the execution notice.
///
/// # Errors
/// A [`CutRefusal`], a missing rule, or the database's.
pub fn cut_call(
    conn: &mut Conn,
    work: &Work<'_>,
    call: &CutCall,
    at: DateTime,
) -> Result<CallRow, OfficeError> {
    conn.write(|conn| {
        let account_id = call.account_id;
        ledger::lock(conn, account_id)?;
        access::on_staff(conn, &work.by, at.date())?;
        let mut case = live(conn, account_id)?;
        super::stage::take_service(conn, work, &mut case, at)?;
        standing(&case, &[CutState::Served])?;
        let loaded = load(conn, work, account_id, Some(&case), at)?;
        cases::debt_allows(&loaded.facts, &loaded.law, at)?;
        let minutes = loaded.law.call_minutes.value;
        let soonest = at.checked_add(Span::new().minutes(i64::from(minutes)));
        if soonest.is_ok_and(|soonest| call.told_cut_at < soonest) {
            return Err(OfficeError::refuse(CutRefusal::ToldTooSoon { minutes }));
        }
        let known = store::calls_of(conn, account_id, case.case_no)?;
        let row = CallRow {
            account_id,
            case_no: case.case_no,
            call_no: known.last().map_or(0, |call| call.call_no) + 1,
            called_at: at,
            told_cut_at: call.told_cut_at,
            outcome: call.outcome,
            called_by: work.by.clone(),
            evidence_no: call.evidence_no,
        };
        if let Some(same) =
            known.into_iter().find(|known| CallRow { call_no: row.call_no, ..known.clone() } == row)
        {
            return Ok(same);
        }
        store::insert_call(conn, &row)?;
        notices::stop_execution(conn, work, &case, (&loaded, call.told_cut_at), at)?;
        Ok(row)
    })
}
