//! 法律案件: letters, payment orders, suits and claims, from the proposal to the end.

use crate::ask::Ask;
use crate::disconnection::Why;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::{File, Routes};
use crate::sorting::{Sort, by};
use crate::tasks::days_between;
use denghuo_office::legal::{
    CaseStep, LegalRefusal, case_approve, case_close, case_propose, case_reject, case_step,
};
use denghuo_office::notices::notice_paper;
use denghuo_office::ports::PortError;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, plus_days};
use denghuo_rules::legal::case::{CaseState, StepKind, after};
use denghuo_rules::legal::triggers::CaseKind;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::legal::{self as store, CaseRow};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Adds the endpoints.
pub fn add(routes: Routes) -> Routes {
    use Permission::{ApproveLegal, SeeLegal, WorkLegal};
    routes
        .list(
            "/legal/cases",
            SeeLegal,
            ("法律案件一览", "Legal cases of one's unit: open ones, and those closed in the last year; what has to be looked at first stands first"),
            legal_cases,
        )
        .list(
            "/accounts/{account_no}/legal/cases",
            SeeLegal,
            ("客户法律案件", "Every legal case of an account, the newest first"),
            account_legal_cases,
        )
        .get(
            "/accounts/{account_no}/legal/cases/{case_no}",
            SeeLegal,
            ("法律案件", "One case with its bills, its steps, and the steps that may follow"),
            legal_case,
        )
        .file(
            "/accounts/{account_no}/legal/cases/{case_no}/letter",
            SeeLegal,
            ("律师催告函", "The lawyer's letter of a case as PDF; the look is kept"),
            legal_letter,
        )
        .post(
            "/accounts/{account_no}/legal/cases",
            WorkLegal,
            ("提出法律措施", "Propose a letter, payment order, suit or claim about every overdue debt that is not disputed"),
            legal_propose,
        )
        .post(
            "/accounts/{account_no}/legal/cases/{case_no}/approve",
            ApproveLegal,
            ("批准法律措施", "Let a case go ahead as somebody who did not propose it; a letter is sent with that"),
            legal_approve,
        )
        .once()
        .post(
            "/accounts/{account_no}/legal/cases/{case_no}/reject",
            ApproveLegal,
            ("不批准法律措施", "Turn a proposal down"),
            legal_reject,
        )
        .post(
            "/accounts/{account_no}/legal/cases/{case_no}/steps",
            WorkLegal,
            ("登记办案步骤", "Note what happened in a case: its state, and the term that runs from it"),
            legal_step,
        )
        .post(
            "/accounts/{account_no}/legal/cases/{case_no}/close",
            WorkLegal,
            ("结案", "End a case by hand: paid, settled, withdrawn, enforced, unenforceable"),
            legal_close,
        )
}

/// Which cases.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CaseQuery {
    /// Only of this kind.
    #[serde(default)]
    kind: Option<CaseKind>,
    /// Only of this state.
    #[serde(default)]
    state: Option<CaseState>,
    /// Only open ones.
    #[serde(default)]
    open: bool,
    /// The order; as opened when not given.
    #[serde(default)]
    sort: Sort<LegalLine>,
}

/// 法律案件 on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct LegalLine {
    /// 户号
    account_no: String,
    /// Number of the case within the account.
    case_no: i64,
    /// What it is.
    kind: CaseKind,
    /// Where it stands.
    state: String,
    /// Principal claimed.
    claim: Money,
    /// Late fee claimed.
    late_fee: Money,
    /// When it was proposed.
    #[schemars(with = "DateForm")]
    opened_on: Date,
    /// Who proposed it.
    opened_by: String,
    /// Who approved it.
    approved_by: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    approved_on: Option<Date>,
    /// Law firm or own counsel.
    counsel: Option<String>,
    /// The court.
    court: Option<String>,
    /// 案号
    court_ref: Option<String>,
    /// Last day of the term that runs.
    #[schemars(with = "Option<DateForm>")]
    term_on: Option<Date>,
    /// 还剩 (or, negative, 已超) days of that term.
    days_left: Option<i64>,
    /// The letter's notice.
    notice_no: Option<i64>,
    /// When it was closed.
    #[schemars(with = "Option<DateForm>")]
    closed_on: Option<Date>,
    /// How.
    outcome: Option<String>,
}

by!(LegalLine { account_no, claim, late_fee, opened_on, term_on, days_left, closed_on, state });

fn line(row: CaseRow, account_no: String, today: Date) -> LegalLine {
    LegalLine {
        account_no,
        case_no: row.case_no,
        kind: row.kind,
        state: row.state,
        claim: row.claim,
        late_fee: row.fee,
        opened_on: row.opened_on,
        opened_by: row.opened_by,
        approved_by: row.approved_by,
        approved_on: row.approved_on,
        counsel: row.counsel,
        court: row.court,
        court_ref: row.court_ref,
        days_left: row.term_on.filter(|_| row.closed_on.is_none()).map(|term| days_between(today, term)),
        term_on: row.term_on,
        notice_no: row.notice_no,
        closed_on: row.closed_on,
        outcome: row.outcome,
    }
}

fn legal_cases(ask: &mut Ask<'_>, _: &Nothing, query: &CaseQuery) -> Result<List<LegalLine>, Problem> {
    let root = ask.root()?;
    let today = ask.today;
    let rows = store::cases_within(ask.conn, root, plus_days(today, -365))?;
    let rows = rows.into_iter().filter(|(row, _)| {
        query.kind.is_none_or(|kind| kind == row.kind)
            && query.state.is_none_or(|state| state.word() == row.state)
            && !(query.open && row.closed_on.is_some())
    });
    let lines = rows.map(|(row, account_no)| line(row, account_no, today)).collect();
    ask.page.cut_sorted(lines, &query.sort, |line| format!("{}/{}", line.account_no, line.case_no))
}

fn account_no(ask: &Ask<'_>) -> String {
    ask.call.account_no.clone().unwrap_or_default()
}

fn account_legal_cases(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<LegalLine>, Problem> {
    let (account_id, today, number) = (ask.account()?, ask.today, account_no(ask));
    let rows = store::cases_of(ask.conn, Range { from: account_id, to: account_id })?;
    let lines = rows.into_iter().rev().map(|row| line(row, number.clone(), today)).collect();
    ask.page.cut(lines, |line| line.case_no.to_string())
}

/// A case in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CasePath {
    /// Number of the case within the account.
    case_no: i64,
}

/// What a case claims of a bill.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ClaimedBill {
    /// The bill.
    bill_no: i64,
    /// Principal.
    amount: Money,
    /// Late fee.
    late_fee: Money,
}

/// 案件进程
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CaseStepTold {
    /// Its number within the case.
    step_no: i64,
    /// What.
    kind: String,
    /// When.
    #[schemars(with = "DateForm")]
    happened_on: Date,
    /// In words.
    note: String,
    /// Number of its proof.
    evidence_no: Option<i64>,
    /// Who noted it.
    noted_by: String,
}

/// 法律案件 in full.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct LegalCase {
    /// The case.
    #[serde(flatten)]
    case: LegalLine,
    /// Ids of the rules.
    rules: Vec<String>,
    /// What it claims.
    bills: Vec<ClaimedBill>,
    /// What happened, in order.
    steps: Vec<CaseStepTold>,
    /// The steps that may follow now.
    next_steps: Vec<StepKind>,
}

fn found(ask: &mut Ask<'_>, case_no: i64) -> Result<CaseRow, Problem> {
    let account_id = ask.account()?;
    let row = store::case(ask.conn, account_id, case_no)?;
    row.ok_or_else(|| Problem::refuse(LegalRefusal::UnknownCase(case_no)))
}

fn told(ask: &mut Ask<'_>, row: CaseRow) -> Result<LegalCase, Problem> {
    let (account_id, case_no) = (row.account_id, row.case_no);
    let bills = store::case_bills(ask.conn, account_id, case_no)?;
    let steps = store::steps_of(ask.conn, account_id, case_no)?;
    let state = CaseState::from_word(&row.state).filter(|_| row.closed_on.is_none());
    let may_follow = |step: &&StepKind| state.is_some_and(|state| after(row.kind, state, **step).is_ok());
    Ok(LegalCase {
        next_steps: StepKind::ALL.iter().filter(may_follow).copied().collect(),
        bills: bills
            .into_iter()
            .map(|bill| ClaimedBill { bill_no: bill.bill_no, amount: bill.amount, late_fee: bill.fee })
            .collect(),
        steps: steps
            .into_iter()
            .map(|step| CaseStepTold {
                step_no: step.step_no,
                kind: step.kind,
                happened_on: step.happened_on,
                note: step.note,
                evidence_no: step.evidence_no,
                noted_by: step.noted_by,
            })
            .collect(),
        rules: row.rules.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        case: line(row, account_no(ask), ask.today),
    })
}

fn legal_case(ask: &mut Ask<'_>, path: &CasePath, _: &Nothing) -> Result<LegalCase, Problem> {
    let row = found(ask, path.case_no)?;
    told(ask, row)
}

fn legal_letter(ask: &mut Ask<'_>, path: &CasePath, _: &Nothing) -> Result<File, Problem> {
    let row = found(ask, path.case_no)?;
    let notice_no = row.notice_no.ok_or_else(|| Problem::refuse(LegalRefusal::NoLetter(path.case_no)))?;
    let app = ask.app;
    let papers = app.papers()?;
    let paper = notice_paper(ask.conn, ask.work, (row.account_id, notice_no), ask.today)?;
    let printed = papers.pdf(&paper.template, &paper.data);
    let bytes = printed.map_err(|error: PortError| Problem::failure(&error))?;
    ask.in_full(true, row.account_id, &format!("legal:{}:letter", path.case_no))?;
    Ok(File { name: paper.file_name, media_type: "application/pdf".to_owned(), bytes })
}

/// A measure as it is proposed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ProposeCase {
    /// Which.
    kind: CaseKind,
}

fn legal_propose(ask: &mut Ask<'_>, _: &Nothing, body: &ProposeCase) -> Result<LegalCase, Problem> {
    let row = case_propose(ask.conn, ask.work, ask.account()?, body.kind, ask.today)?;
    told(ask, row)
}

/// An approval.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ApproveCase {
    /// Law firm or own counsel.
    #[serde(default)]
    counsel: Option<String>,
}

fn legal_approve(ask: &mut Ask<'_>, path: &CasePath, body: &ApproveCase) -> Result<LegalCase, Problem> {
    let key = (ask.account()?, path.case_no);
    let row = case_approve(ask.conn, ask.work, key, body.counsel.as_deref(), ask.today)?;
    told(ask, row)
}

fn legal_reject(ask: &mut Ask<'_>, path: &CasePath, body: &Why) -> Result<LegalCase, Problem> {
    let key = (ask.account()?, path.case_no);
    let row = case_reject(ask.conn, ask.work, key, body.given()?, ask.today)?;
    told(ask, row)
}

/// 办案步骤
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct StepBody {
    /// What.
    kind: StepKind,
    /// The day it happened; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    happened_on: Option<Date>,
    /// In words.
    #[serde(default)]
    note: String,
    /// The court.
    #[serde(default)]
    court: Option<String>,
    /// 案号
    #[serde(default)]
    court_ref: Option<String>,
    /// Number of its proof.
    #[serde(default)]
    evidence_no: Option<i64>,
}

fn legal_step(ask: &mut Ask<'_>, path: &CasePath, body: &StepBody) -> Result<LegalCase, Problem> {
    let key = (ask.account()?, path.case_no);
    let step = CaseStep {
        kind: body.kind.word().to_owned(),
        happened_on: body.happened_on.unwrap_or(ask.today),
        note: body.note.clone(),
        court: body.court.clone(),
        court_ref: body.court_ref.clone(),
        evidence_no: body.evidence_no,
    };
    let row = case_step(ask.conn, ask.work, key, &step, ask.today)?;
    told(ask, row)
}

/// How a case ended.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CloseCase {
    /// How.
    outcome: CaseOutcome,
}

/// 结案方式
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum CaseOutcome {
    /// 已付清
    Paid,
    /// 和解
    Settled,
    /// 撤回
    Withdrawn,
    /// 驳回
    Dismissed,
    /// 执行到位
    Enforced,
    /// 无可供执行财产
    Unenforceable,
}

impl CaseOutcome {
    fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Settled => "settled",
            Self::Withdrawn => "withdrawn",
            Self::Dismissed => "dismissed",
            Self::Enforced => "enforced",
            Self::Unenforceable => "unenforceable",
        }
    }
}

fn legal_close(ask: &mut Ask<'_>, path: &CasePath, body: &CloseCase) -> Result<LegalCase, Problem> {
    let key = (ask.account()?, path.case_no);
    let row = case_close(ask.conn, ask.work, key, body.outcome.word(), ask.today)?;
    told(ask, row)
}
