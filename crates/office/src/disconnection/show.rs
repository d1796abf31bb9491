//! What people see of a case: its state, its papers, and every gate with its clause.

use super::facts::load;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::disconnection::{
    Finding, Gate, Stage, all_gates, amount_pressed, days_left, gates_of, unblock,
};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::disconnection::{self as store, CutCase};
use jiff::civil::{Date, DateTime};
use serde::Serialize;
use serde_json::{Value, json};

/// 闸门: every gate of an account at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct GatesShown {
    /// The moment.
    #[schemars(with = "MomentForm")]
    pub at: DateTime,
    /// The live case, or 0.
    pub case_no: i64,
    /// Do all of them hold?
    pub lawful: bool,
    /// What the cut would press for.
    pub amount: Money,
    /// Days left in the window of the served notice.
    #[schemars(with = "Vec<DateForm>")]
    pub days_left: Vec<Date>,
    /// The gates, in order.
    pub gates: Vec<Finding>,
    /// What would make each gate hold that does not.
    pub unblock: Vec<Unblock>,
}

/// 如何解除
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Unblock {
    /// The gate.
    pub gate: Gate,
    /// In words.
    pub how: Bilingual,
}

impl GatesShown {
    /// The gates of a stage that do not hold.
    #[must_use]
    pub fn failed(&self, stage: Stage) -> Vec<&Finding> {
        let asked = gates_of(stage);
        self.gates.iter().filter(|finding| !finding.holds && asked.contains(&finding.gate)).collect()
    }
}

/// Asks every gate of an account at a moment; changes nothing.
///
/// # Errors
/// A missing rule, an uncovered year, or the database's.
pub fn gates_show(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    at: DateTime,
) -> Result<GatesShown, OfficeError> {
    let case = store::live_case(conn, account_id)?;
    let loaded = load(conn, work, account_id, case.as_ref(), at)?;
    let gates = all_gates(&loaded.facts, &loaded.law, at)?;
    Ok(GatesShown {
        at,
        case_no: loaded.facts.case_no,
        lawful: gates.iter().all(|finding| finding.holds),
        amount: amount_pressed(&loaded.facts, &loaded.law, at),
        unblock: gates
            .iter()
            .filter(|finding| !finding.holds)
            .map(|finding| Unblock {
                gate: finding.gate,
                how: unblock(finding.gate, &loaded.facts, &loaded.law),
            })
            .collect(),
        days_left: days_left(&loaded.facts, &loaded.law, at)?.map(|window| window.days).unwrap_or_default(),
        gates,
    })
}

/// A case with everything that hangs on it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct CaseShown {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub case_no: i64,
    /// Word of its state.
    pub state: String,
    /// Its values.
    pub case: Value,
    /// The bills that it rests on.
    pub bills: Vec<i64>,
    /// Papers.
    pub documents: Vec<Value>,
    /// Last calls.
    pub calls: Vec<Value>,
    /// Warrants.
    pub warrants: Vec<Value>,
    /// Operations.
    pub operations: Vec<Value>,
}

/// Every case of an account, in order.
///
/// # Errors
/// The database's.
pub fn case_show(conn: &mut Conn, account_id: i64) -> Result<Vec<CaseShown>, OfficeError> {
    let mut shown = Vec::new();
    let operations = store::operations_of(conn, account_id)?;
    for case in store::cases_of(conn, account_id)? {
        let case_no = case.case_no;
        let documents = store::documents_of(conn, account_id, case_no)?;
        let calls = store::calls_of(conn, account_id, case_no)?;
        let warrants = store::warrants_of(conn, account_id, case_no)?;
        shown.push(CaseShown {
            account_id,
            case_no,
            state: case.state.word().to_owned(),
            bills: store::case_bills(conn, account_id, case_no)?,
            documents: documents
                .iter()
                .map(|d| {
                    json!({ "document_no": d.document_no, "kind": d.kind, "about": d.about,
                        "happened_on": d.happened_on, "evidence_no": d.evidence_no, "noted_by": d.noted_by })
                })
                .collect(),
            calls: calls
                .iter()
                .map(|c| {
                    json!({ "call_no": c.call_no, "called_at": c.called_at, "told_cut_at": c.told_cut_at,
                        "outcome": c.outcome, "called_by": c.called_by })
                })
                .collect(),
            warrants: warrants
                .iter()
                .map(|w| {
                    json!({ "warrant_no": w.warrant_no, "state": w.state, "made_at": w.made_at,
                        "made_by": w.made_by, "expires_at": w.expires_at, "ended_at": w.ended_at,
                        "ended_why": w.ended_why })
                })
                .collect(),
            operations: operations.iter().filter(|o| o.case_no == case_no).map(operation_json).collect(),
            case: case_json(&case),
        });
    }
    Ok(shown)
}

/// Every live case, in order of account.
///
/// # Errors
/// The database's.
pub fn case_list(conn: &mut Conn) -> Result<Vec<CutCase>, OfficeError> {
    Ok(store::live_cases(conn)?)
}

/// A case as JSON.
#[must_use]
pub fn case_json(case: &CutCase) -> Value {
    json!({
        "account_id": case.account_id, "case_no": case.case_no, "bill_no": case.bill_no, "state": case.state,
        "proposed_on": case.proposed_on, "proposed_by": case.proposed_by, "reason": case.reason,
        "approved_by": case.approved_by, "approved_on": case.approved_on, "round": case.round,
        "notice_no": case.notice_no, "served_on": case.served_on, "window_from": case.window_from,
        "window_to": case.window_to, "closed_on": case.closed_on, "outcome": case.outcome,
        "rules": case.rules.split(',').collect::<Vec<_>>(),
    })
}

/// An operation as JSON.
#[must_use]
pub fn operation_json(o: &store::OperationRow) -> Value {
    json!({
        "account_id": o.account_id, "operation_no": o.operation_no, "case_no": o.case_no, "kind": o.kind,
        "channel": o.channel, "state": o.state, "warrant_no": o.warrant_no, "ordered_at": o.ordered_at,
        "due_at": o.due_at, "done_at": o.done_at, "done_by": o.done_by, "detail": o.detail,
    })
}
