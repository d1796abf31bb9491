//! 停复电: the gates of an account, cases from the proposal to the restoration, and the windows without cuts.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::disconnection as office;
use denghuo_office::disconnection::{CutCall, CutProposal, NewDocument};
use denghuo_office::error::OfficeError;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_rules::disconnection::{CallOutcome, CutDocument, Stage};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::Deserialize;

mod operations;
mod view;
mod windows;

use view::CaseTold;
pub use view::GateTold;

/// The endpoints.
pub fn routes() -> Routes {
    let routes = Routes::of("disconnection", "停复电");
    windows::add(operations::add(cases(routes)))
}

fn cases(routes: Routes) -> Routes {
    use Permission::{ApproveCuts, OperateCuts, ProposeCuts, SeeArrears};
    routes
        .list(
            "/cuts",
            SeeArrears,
            ("停电流程一览", "Cases of cuts in one's unit: live ones, and those closed lately; the window that ends first stands first"),
            view::cut_list,
        )
        .get(
            "/accounts/{account_no}/cuts",
            SeeArrears,
            ("客户停电流程", "Every case of an account with its papers, calls, warrants and operations, the newest first"),
            view::account_cuts,
        )
        .get(
            "/accounts/{account_no}/cuts/gates",
            SeeArrears,
            ("停电闸门", "Every gate at a moment: whether it holds, the clause, and what would unblock it"),
            view::account_gates,
        )
        .post(
            "/accounts/{account_no}/cuts",
            ProposeCuts,
            ("提出停电", "Propose a cut for arrears; refused with the gates that fail when no debt allows it"),
            cut_propose,
        )
        .post(
            "/accounts/{account_no}/cuts/approve",
            ApproveCuts,
            ("审批停电", "Approve the live case as somebody who did not propose it and whose level reaches; asks for the stop-plan notice"),
            cut_approve,
        )
        .once()
        .post("/accounts/{account_no}/cuts/reject", ApproveCuts, ("驳回停电", "Reject the proposed case"), cut_reject)
        .post(
            "/accounts/{account_no}/cuts/withdraw",
            ProposeCuts,
            ("撤回停电", "Withdraw the live case before power was cut"),
            cut_withdraw,
        )
        .post(
            "/accounts/{account_no}/cuts/documents",
            ProposeCuts,
            ("登记停电附件", "Note a paper of the live case: a talk, a posting, a copy or approval of the authority, a decision"),
            cut_document,
        )
        .post(
            "/accounts/{account_no}/cuts/calls",
            OperateCuts,
            ("停电前再次通知", "Stamp the last call before the cut with its outcome; asks for the execution notice"),
            cut_call,
        )
        .once()
}

/// Attaches the gates that fail to a refusal that they caused.
fn with_gates(ask: &mut Ask<'_>, error: OfficeError, stage: Stage) -> Problem {
    let is_gates = error.code() == Some("cuts.gate_failed");
    let problem = Problem::from(error);
    let Ok(account_id) = ask.account() else { return problem };
    if !is_gates {
        return problem;
    }
    match office::gates_show(ask.conn, ask.work, account_id, ask.now) {
        Ok(shown) => {
            let failed =
                shown.failed(stage).into_iter().map(|finding| GateTold::of(finding, &shown)).collect();
            problem.with_gates(failed)
        }
        Err(_) => problem,
    }
}

/// The newest case of an account as it stands now.
fn told(ask: &mut Ask<'_>) -> Result<CaseTold, Problem> {
    let account_id = ask.account()?;
    view::cases_of(ask, account_id)?.into_iter().next().ok_or_else(Problem::not_found)
}

/// A cut as it is proposed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ProposeCut {
    /// Only `arrears`: theft and danger have their own procedure.
    #[serde(default = "arrears")]
    reason: String,
}

fn arrears() -> String {
    "arrears".to_owned()
}

fn cut_propose(ask: &mut Ask<'_>, _: &Nothing, body: &ProposeCut) -> Result<CaseTold, Problem> {
    let proposal = CutProposal { account_id: ask.account()?, reason: body.reason.clone(), step: None };
    denghuo_office::access::on_staff(ask.conn, &ask.work.by, ask.today)?;
    match office::cut_propose(ask.conn, ask.work, &proposal, ask.now) {
        Ok(_) => told(ask),
        Err(error) => Err(with_gates(ask, error, Stage::Debt)),
    }
}

fn cut_approve(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<CaseTold, Problem> {
    match office::cut_approve(ask.conn, ask.work, ask.account()?, ask.now) {
        Ok(_) => told(ask),
        Err(error) => Err(with_gates(ask, error, Stage::Debt)),
    }
}

/// Why something is done or not done.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct Why {
    /// In words; not empty.
    #[schemars(length(min = 1))]
    pub reason: String,
}

impl Why {
    /// The reason.
    ///
    /// # Errors
    /// There is none.
    pub fn given(&self) -> Result<&str, Problem> {
        match self.reason.trim() {
            "" => Err(Problem::unreadable("reason", "the reason is empty 未填写原因")),
            reason => Ok(reason),
        }
    }
}

fn cut_reject(ask: &mut Ask<'_>, _: &Nothing, body: &Why) -> Result<CaseTold, Problem> {
    office::cut_reject(ask.conn, ask.work, ask.account()?, body.given()?, ask.now)?;
    told(ask)
}

fn cut_withdraw(ask: &mut Ask<'_>, _: &Nothing, body: &Why) -> Result<CaseTold, Problem> {
    office::cut_withdraw(ask.conn, ask.work, ask.account()?, body.given()?, ask.now)?;
    told(ask)
}

/// 停电附件
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct DocumentBody {
    /// What it is.
    kind: CutDocument,
    /// With whom, or about what.
    #[serde(default)]
    about: String,
    /// The day on which it happened; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    happened_on: Option<Date>,
    /// Number of its proof.
    #[serde(default)]
    evidence_no: Option<i64>,
}

/// Refuses a proof that the account does not have.
fn has_proof(ask: &mut Ask<'_>, evidence_no: Option<i64>) -> Result<(), Problem> {
    let account_id = ask.account()?;
    if let Some(no) = evidence_no {
        denghuo_office::evidence::evidence_link(ask.conn, account_id, no)?;
    }
    Ok(())
}

fn cut_document(ask: &mut Ask<'_>, _: &Nothing, body: &DocumentBody) -> Result<CaseTold, Problem> {
    has_proof(ask, body.evidence_no)?;
    let new = NewDocument {
        account_id: ask.account()?,
        kind: body.kind,
        about: body.about.clone(),
        happened_on: body.happened_on.unwrap_or(ask.today),
        evidence_no: body.evidence_no,
    };
    office::cut_document(ask.conn, ask.work, &new, ask.now)?;
    told(ask)
}

/// 停电前再次通知
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CallBody {
    /// The time of the cut that was told.
    #[schemars(with = "MomentForm")]
    told_cut_at: DateTime,
    /// What came of it.
    outcome: CallOutcome,
    /// Number of its proof.
    #[serde(default)]
    evidence_no: Option<i64>,
}

fn cut_call(ask: &mut Ask<'_>, _: &Nothing, body: &CallBody) -> Result<CaseTold, Problem> {
    has_proof(ask, body.evidence_no)?;
    let call = CutCall {
        account_id: ask.account()?,
        told_cut_at: body.told_cut_at,
        outcome: body.outcome,
        evidence_no: body.evidence_no,
    };
    match office::cut_call(ask.conn, ask.work, &call, ask.now) {
        Ok(_) => told(ask),
        Err(error) => Err(with_gates(ask, error, Stage::Debt)),
    }
}
