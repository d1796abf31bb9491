//! 停电流程: proposal, approval, rejection, withdrawal.

use super::facts::{load, loaded};
use super::round::Round;
use super::{CutRefusal, live, notices, standing};
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::disconnection::{
    CutRefused, CutState, Stage, all_gates, amount_pressed, debts_that_ground, gates_of,
};
use denghuo_store::day::Range;
use denghuo_store::disconnection::{self as store, CutCase};
use denghuo_store::tasks::{self, NewTask, Resolution};
use denghuo_store::{Conn, audit, ledger};
use jiff::civil::{Date, DateTime};

/// Task of the approver.
pub const APPROVAL: &str = "cut_approval";

/// A cut as it is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutProposal {
    /// The account.
    pub account_id: i64,
    /// Only `arrears` is a reason of this procedure.
    pub reason: String,
    /// The step of the ladder that asks: its bill and round.
    pub step: Option<(i64, i64)>,
}

/// Proposes a cut: there has to be a debt that allows it.
///
/// # Errors
/// A [`CutRefusal`], the gates that do not hold, or the database's.
pub fn cut_propose(
    conn: &mut Conn,
    work: &Work<'_>,
    proposal: &CutProposal,
    at: DateTime,
) -> Result<CutCase, OfficeError> {
    work.check_date(at.date())?;
    if proposal.reason != "arrears" {
        return Err(OfficeError::refuse(CutRefusal::NotArrears { reason: proposal.reason.clone() }));
    }
    conn.write(|conn| {
        let account_id = proposal.account_id;
        ledger::lock(conn, account_id)?;
        if let Some(case) = store::live_case(conn, account_id)? {
            return Err(OfficeError::refuse(CutRefusal::AlreadyLive { case_no: case.case_no }));
        }
        let mut round = Round::open(conn, Range::one(account_id), at.date())?;
        let case = propose(conn, work, &mut round, (account_id, proposal.step), at)?;
        round.out.write(conn, work, at.date())?;
        Ok(case)
    })
}

/// Proposes a cut for an account of a round that has no live case; `step` asks for it.
///
/// # Errors
/// The gates that do not hold, or the database's.
pub(super) fn propose(
    conn: &mut Conn,
    work: &Work<'_>,
    round: &mut Round,
    (account_id, step): (i64, Option<(i64, i64)>),
    at: DateTime,
) -> Result<CutCase, OfficeError> {
    let loaded = loaded(conn, work, &mut round.known, (account_id, None), at)?;
    let (facts, law) = (&loaded.facts, &loaded.law);
    debt_allows(facts, law, at)?;
    let grounds = debts_that_ground(facts, law, at);
    let oldest = grounds.first().map_or(0, |debt| debt.bill_no);
    let case = CutCase {
        account_id,
        case_no: round.next_case_no(account_id),
        bill_no: step.map_or(oldest, |(bill_no, _)| bill_no),
        step_round: step.map_or(0, |(_, round)| round),
        state: CutState::Proposed,
        proposed_on: at.date(),
        proposed_by: work.by.clone(),
        reason: "arrears".to_owned(),
        approved_by: None,
        approved_on: None,
        round: 0,
        notice_no: None,
        served_on: None,
        window_from: None,
        window_to: None,
        next_on: NEVER,
        closed_on: None,
        outcome: None,
        rules: law.rule_ids().join(","),
    };
    let pressed = amount_pressed(facts, law, at);
    let (needed, _) = law.level_needed(facts, pressed);
    let subject = format!("cut:{}", case.case_no);
    let out = &mut round.out;
    out.bills.extend(grounds.iter().map(|debt| (account_id, case.case_no, debt.bill_no, debt.open)));
    out.tasks.push(NewTask {
        account_id,
        kind: APPROVAL,
        subject: subject.clone(),
        codes: needed.word().to_owned(),
        detail: Bilingual::new(
            format!("拟欠费停电,欠费{pressed}元,须由{}审批", needed.zh()),
            format!(
                "a cut for {pressed} yuan of arrears is proposed; the {} has to approve it",
                needed.word()
            ),
        ),
        owner_role: "manager",
        opened_on: at.date(),
        due_on: None,
    });
    out.proposed.push((account_id, subject, pressed.to_string()));
    out.cases.push(case.clone());
    Ok(case)
}

/// A day that never comes: nothing of the case is due by time.
pub const NEVER: Date = jiff::civil::date(9999, 12, 31);

/// Refuses when no debt allows a cut.
pub fn debt_allows(
    facts: &denghuo_rules::disconnection::CutFacts,
    law: &denghuo_rules::disconnection::CutLaw<'_>,
    at: DateTime,
) -> Result<(), OfficeError> {
    let asked = gates_of(Stage::Debt);
    let findings = all_gates(facts, law, at)?;
    let failed: Vec<_> = findings.into_iter().filter(|f| asked.contains(&f.gate) && !f.holds).collect();
    if failed.is_empty() { Ok(()) } else { Err(OfficeError::refuse(CutRefused::Gates(failed))) }
}

/// Approves a case as `work.by`; the first approval asks for the stop-plan notice, a later one raises the level.
///
/// # Errors
/// A [`CutRefusal`], the gates that do not hold any more, or the database's.
pub fn cut_approve(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    at: DateTime,
) -> Result<CutCase, OfficeError> {
    work.check_date(at.date())?;
    conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        let mut case = live(conn, account_id)?;
        standing(&case, &[CutState::Proposed, CutState::Approved, CutState::Served])?;
        let level = access::approval_level(conn, &work.by, at.date())?;
        if work.by == case.proposed_by {
            return Err(OfficeError::refuse(CutRefusal::OnePerson));
        }
        let loaded = load(conn, work, account_id, Some(&case), at)?;
        debt_allows(&loaded.facts, &loaded.law, at)?;
        let pressed = amount_pressed(&loaded.facts, &loaded.law, at);
        let (needed, _) = loaded.law.level_needed(&loaded.facts, pressed);
        if level < needed {
            return Err(OfficeError::refuse(CutRefusal::LevelTooLow { needed }));
        }
        let before = case.approved_by.replace(work.by.clone());
        case.approved_on = Some(at.date());
        if case.state == CutState::Proposed {
            notices::stop_plan(conn, work, &mut case, &loaded, at)?;
        }
        store::save_case(conn, &case)?;
        answered(conn, work, &case, ("approved", ""), at.date())?;
        mark(conn, work, &case, ("cut.approve", before.as_deref(), Some(&pressed.to_string())), at.date())?;
        Ok(case)
    })
}

/// Rejects a proposed case as `work.by`.
///
/// # Errors
/// A [`CutRefusal`], or the database's.
pub fn cut_reject(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    reason: &str,
    at: DateTime,
) -> Result<CutCase, OfficeError> {
    conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        let mut case = live(conn, account_id)?;
        standing(&case, &[CutState::Proposed])?;
        access::approval_level(conn, &work.by, at.date())?;
        close(conn, work, &mut case, (CutState::Closed, "rejected"), at)?;
        answered(conn, work, &case, ("rejected", reason), at.date())?;
        mark(conn, work, &case, ("cut.reject", None, Some(reason)), at.date())?;
        Ok(case)
    })
}

/// Withdraws a case before power was cut.
///
/// # Errors
/// A [`CutRefusal`], or the database's.
pub fn cut_withdraw(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    reason: &str,
    at: DateTime,
) -> Result<CutCase, OfficeError> {
    conn.write(|conn| {
        access::on_staff(conn, &work.by, at.date())?;
        ledger::lock(conn, account_id)?;
        let mut case = live(conn, account_id)?;
        standing(&case, &[CutState::Proposed, CutState::Approved, CutState::Served])?;
        let operations = store::operations_of(conn, account_id)?;
        if operations.iter().any(|o| o.case_no == case.case_no && is_open(&o.state)) {
            return Err(OfficeError::refuse(CutRefusal::WrongState { state: case.state }));
        }
        close(conn, work, &mut case, (CutState::Closed, "withdrawn"), at)?;
        answered(conn, work, &case, ("withdrawn", reason), at.date())?;
        mark(conn, work, &case, ("cut.withdraw", None, Some(reason)), at.date())?;
        Ok(case)
    })
}

/// Has an operation not ended yet?
pub fn is_open(state: &str) -> bool {
    matches!(state, "ordered" | "confirm_at_meter" | "doubtful")
}

/// Ends a case; a live warrant of it is revoked, and notices that were not handed over are withdrawn.
///
/// # Errors
/// The database's.
pub fn close(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &mut CutCase,
    (state, outcome): (CutState, &str),
    at: DateTime,
) -> Result<(), OfficeError> {
    notices::withdraw(conn, work, case, outcome, at)?;
    if let Some(warrant) = store::live_warrant(conn, case.account_id, case.case_no)? {
        let key = (case.account_id, case.case_no, warrant.warrant_no);
        store::end_warrant(conn, key, ("revoked", outcome), at)?;
    }
    case.state = state;
    case.closed_on = Some(at.date());
    case.outcome = Some(outcome.to_owned());
    case.next_on = NEVER;
    store::save_case(conn, case)?;
    Ok(())
}

/// Takes the tasks of a case away.
///
/// # Errors
/// The database's.
pub fn answered(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &CutCase,
    (decision, note): (&str, &str),
    on: Date,
) -> Result<(), OfficeError> {
    let resolution = Resolution { decision, by: &work.by, on, note };
    let subject = format!("cut:{}", case.case_no);
    tasks::resolve(conn, (case.account_id, APPROVAL, &subject), &resolution)?;
    if case.closed_on.is_some() || case.state == CutState::Cut {
        for kind in [super::stage::FIELD, super::stage::UNSERVED] {
            for round in 1..=case.round {
                let subject = format!("cut:{}:{round}", case.case_no);
                tasks::resolve(conn, (case.account_id, kind, &subject), &resolution)?;
            }
        }
    }
    Ok(())
}

/// Notes in the audit who changed a case.
///
/// # Errors
/// The database's.
pub fn mark(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &CutCase,
    (action, before, after): (&str, Option<&str>, Option<&str>),
    on: Date,
) -> Result<(), OfficeError> {
    let subject = format!("cut:{}", case.case_no);
    let mark = audit::Mark {
        account_id: case.account_id,
        happened_on: on,
        subject: &subject,
        action,
        who: &work.by,
        before,
        after,
        recorded_at: work.now,
    };
    audit::mark(conn, &mark)?;
    Ok(())
}

/// The day after.
pub fn tomorrow(on: Date) -> Date {
    plus_days(on, 1)
}
