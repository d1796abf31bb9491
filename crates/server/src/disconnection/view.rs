//! What is shown of cases and gates.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::sorting::{Sort, by};
use crate::tasks::days_between;
use denghuo_office::disconnection::{GatesShown, gates_show};
use denghuo_office::registry::{Personal, mask};
use denghuo_rules::calendar::{DateForm, MomentForm, plus_days};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::disconnection::{CallOutcome, CutDocument, CutState, Finding, Gate, Stage, gates_of};
use denghuo_rules::rulebook::Confidence;
use denghuo_rules::units::Money;
use denghuo_store::disconnection::{self as store, CutCase, ListedCase, OperationRow};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a gate has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NeededFor {
    /// From the proposal on.
    Proposal,
    /// For the warrant.
    Warrant,
    /// For the cut itself.
    Execution,
}

/// 停电闸门: a gate with its clause, and what would unblock it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GateTold {
    /// `G01` to `G12`.
    pub code: Gate,
    /// Its Chinese name.
    pub name: String,
    /// Does it hold?
    pub holds: bool,
    /// Why, in words.
    pub text: Bilingual,
    /// Id of the rule.
    pub rule: String,
    /// The clause as people cite it.
    pub clause: String,
    /// How sure the book is of the rule.
    pub confidence: Confidence,
    /// What would unblock it; none when it holds.
    pub unblock: Option<Bilingual>,
    /// From when on it has to hold.
    pub needed_for: NeededFor,
}

impl GateTold {
    /// A finding as it is told.
    pub fn of(finding: &Finding, shown: &GatesShown) -> Self {
        let needed_for = if gates_of(Stage::Debt).contains(&finding.gate) {
            NeededFor::Proposal
        } else if gates_of(Stage::Warrant).contains(&finding.gate) {
            NeededFor::Warrant
        } else {
            NeededFor::Execution
        };
        Self {
            code: finding.gate,
            name: finding.gate.zh().to_owned(),
            holds: finding.holds,
            text: finding.text.clone(),
            rule: finding.rule.clone(),
            clause: finding.clause.clone(),
            confidence: finding.confidence,
            unblock: shown.unblock.iter().find(|help| help.gate == finding.gate).map(|help| help.how.clone()),
            needed_for,
        }
    }
}

/// Every gate of an account at a moment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GatesTold {
    /// The moment.
    #[schemars(with = "MomentForm")]
    at: DateTime,
    /// The live case, or 0.
    case_no: i64,
    /// May a cut be proposed?
    may_propose: bool,
    /// Would a warrant be made?
    may_warrant: bool,
    /// Would the cut be lawful?
    lawful: bool,
    /// What the cut would press for.
    amount: Money,
    /// Days left in the window of the served notice on which power may be cut.
    #[schemars(with = "Vec<DateForm>")]
    days: Vec<Date>,
    /// The gates, in order.
    gates: Vec<GateTold>,
}

/// The moment that is asked about.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct AtQuery {
    /// Now when not given.
    #[serde(default)]
    #[schemars(with = "Option<MomentForm>")]
    at: Option<DateTime>,
}

pub fn account_gates(ask: &mut Ask<'_>, _: &Nothing, query: &AtQuery) -> Result<GatesTold, Problem> {
    let account_id = ask.account()?;
    let shown = gates_show(ask.conn, ask.work, account_id, query.at.unwrap_or(ask.now))?;
    Ok(GatesTold {
        at: shown.at,
        case_no: shown.case_no,
        may_propose: shown.case_no == 0 && shown.failed(Stage::Debt).is_empty(),
        may_warrant: shown.failed(Stage::Warrant).is_empty(),
        lawful: shown.lawful,
        amount: shown.amount,
        gates: shown.gates.iter().map(|finding| GateTold::of(finding, &shown)).collect(),
        days: shown.days_left,
    })
}

/// Which cases.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct CutQuery {
    /// Only of this state.
    #[serde(default)]
    state: Option<CutState>,
    /// Only live ones; else also those closed in the last 30 days.
    #[serde(default)]
    live: bool,
    /// The order; as proposed when not given.
    #[serde(default)]
    sort: Sort<CutLine>,
}

/// 停电流程 on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CutLine {
    /// 户号
    account_no: String,
    /// 用电地址, its first characters.
    address: String,
    /// Number of the case within the account.
    case_no: i64,
    /// Where it stands.
    state: CutState,
    /// What is open now of the debts that it rests on.
    open: Money,
    /// When it was proposed.
    #[schemars(with = "DateForm")]
    proposed_on: Date,
    /// Who proposed it.
    proposed_by: String,
    /// Who approved it.
    approved_by: Option<String>,
    /// When the stop-plan notice was served.
    #[schemars(with = "Option<DateForm>")]
    served_on: Option<Date>,
    /// First day of the window.
    #[schemars(with = "Option<DateForm>")]
    window_from: Option<Date>,
    /// Last day of the window.
    #[schemars(with = "Option<DateForm>")]
    window_to: Option<Date>,
    /// Days left of the window.
    days_left: Option<i64>,
    /// When it ended.
    #[schemars(with = "Option<DateForm>")]
    closed_on: Option<Date>,
    /// How it ended: `paid`, `rejected`, `withdrawn`, `restored`.
    outcome: Option<String>,
}

by!(CutLine { account_no, open, proposed_on, served_on, window_to, days_left, closed_on });

impl CutLine {
    fn of(listed: ListedCase, today: Date) -> Self {
        let case = listed.case;
        let running = case.closed_on.is_none() && case.state != CutState::Cut;
        Self {
            account_no: listed.place.account_no,
            address: mask(&listed.place.address, Personal::Address),
            case_no: case.case_no,
            state: case.state,
            open: listed.open,
            proposed_on: case.proposed_on,
            proposed_by: case.proposed_by,
            approved_by: case.approved_by,
            served_on: case.served_on,
            window_from: case.window_from,
            window_to: case.window_to,
            days_left: case.window_to.filter(|_| running).map(|to| days_between(today, to)),
            closed_on: case.closed_on,
            outcome: case.outcome,
        }
    }
}

pub fn cut_list(ask: &mut Ask<'_>, _: &Nothing, query: &CutQuery) -> Result<List<CutLine>, Problem> {
    let root = ask.root()?;
    let rows = store::cases_within(ask.conn, root, plus_days(ask.today, -30))?;
    let today = ask.today;
    let rows = rows.into_iter().map(|listed| CutLine::of(listed, today)).filter(|line| {
        query.state.is_none_or(|state| state == line.state) && !(query.live && line.closed_on.is_some())
    });
    ask.page.cut_sorted(rows.collect(), &query.sort, |line| format!("{}/{}", line.account_no, line.case_no))
}

/// 停电流程 with everything that hangs on it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CaseTold {
    /// Its number within the account.
    pub case_no: i64,
    /// Where it stands.
    pub state: CutState,
    /// The bills that it rests on.
    pub bills: Vec<i64>,
    /// When it was proposed.
    #[schemars(with = "DateForm")]
    pub proposed_on: Date,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    pub approved_on: Option<Date>,
    /// How often the stop-plan notice went out.
    pub round: i64,
    /// The stop-plan notice of this round.
    pub notice_no: Option<i64>,
    /// The day of its service.
    #[schemars(with = "Option<DateForm>")]
    pub served_on: Option<Date>,
    /// First day of the window.
    #[schemars(with = "Option<DateForm>")]
    pub window_from: Option<Date>,
    /// Last day of the window.
    #[schemars(with = "Option<DateForm>")]
    pub window_to: Option<Date>,
    /// When it ended.
    #[schemars(with = "Option<DateForm>")]
    pub closed_on: Option<Date>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Ids of the rules.
    pub rules: Vec<String>,
    /// Papers.
    pub documents: Vec<DocumentTold>,
    /// Last calls.
    pub calls: Vec<CallTold>,
    /// Warrants, the newest first.
    pub warrants: Vec<WarrantTold>,
    /// Operations, the newest first.
    pub operations: Vec<OperationTold>,
}

/// A paper of a case.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DocumentTold {
    /// Its number within the case.
    document_no: i64,
    /// What it is.
    kind: CutDocument,
    /// With whom, or about what.
    about: String,
    /// The day on which it happened.
    #[schemars(with = "DateForm")]
    happened_on: Date,
    /// Number of its proof.
    evidence_no: Option<i64>,
    /// Who noted it.
    noted_by: String,
}

/// A last call.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CallTold {
    /// Its number within the case.
    call_no: i64,
    /// When.
    #[schemars(with = "MomentForm")]
    called_at: DateTime,
    /// The time that was told.
    #[schemars(with = "MomentForm")]
    told_cut_at: DateTime,
    /// What came of it.
    outcome: CallOutcome,
    /// Who called.
    called_by: String,
}

/// 停电许可
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WarrantTold {
    /// Its number within the case.
    warrant_no: i64,
    /// `live`, `consumed`, `revoked`, `expired`.
    state: String,
    /// When it was made.
    #[schemars(with = "MomentForm")]
    made_at: DateTime,
    /// Who asked for it.
    made_by: String,
    /// The last moment at which it is good.
    #[schemars(with = "MomentForm")]
    expires_at: DateTime,
    /// When it ended.
    #[schemars(with = "Option<MomentForm>")]
    ended_at: Option<DateTime>,
    /// Why: a code such as `paid` or `cuts.books_moved`.
    ended_why: Option<String>,
}

/// 停复电操作
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OperationTold {
    /// Its number within the account.
    pub operation_no: i64,
    /// The case.
    pub case_no: i64,
    /// `cut` or `restore`.
    pub kind: String,
    /// `field` or `remote`.
    pub channel: String,
    /// `ordered`, `confirm_at_meter`, `doubtful`, `done`, `failed`.
    pub state: String,
    /// The warrant that was used up.
    pub warrant_no: Option<i64>,
    /// When it was ordered.
    #[schemars(with = "MomentForm")]
    pub ordered_at: DateTime,
    /// Who ordered it.
    pub ordered_by: String,
    /// By when power has to be back.
    #[schemars(with = "Option<MomentForm>")]
    pub due_at: Option<DateTime>,
    /// When it was done.
    #[schemars(with = "Option<MomentForm>")]
    pub done_at: Option<DateTime>,
    /// By whom.
    pub done_by: Option<String>,
    /// What is to be known of it.
    pub detail: Option<String>,
    /// Number of its proof.
    pub evidence_no: Option<i64>,
}

impl OperationTold {
    /// A row as it is told.
    pub fn of(row: OperationRow) -> Self {
        Self {
            operation_no: row.operation_no,
            case_no: row.case_no,
            kind: row.kind,
            channel: row.channel,
            state: row.state,
            warrant_no: row.warrant_no,
            ordered_at: row.ordered_at,
            ordered_by: row.ordered_by,
            due_at: row.due_at,
            done_at: row.done_at,
            done_by: row.done_by,
            detail: row.detail,
            evidence_no: row.evidence_no,
        }
    }
}

/// Every case of an account, the newest first.
pub fn cases_of(ask: &mut Ask<'_>, account_id: i64) -> Result<Vec<CaseTold>, Problem> {
    let cases = store::cases_of(ask.conn, account_id)?;
    let operations = store::operations_of(ask.conn, account_id)?;
    cases.into_iter().rev().map(|case| told(ask, case, &operations)).collect()
}

fn told(ask: &mut Ask<'_>, case: CutCase, operations: &[OperationRow]) -> Result<CaseTold, Problem> {
    let (account_id, case_no) = (case.account_id, case.case_no);
    let documents = store::documents_of(ask.conn, account_id, case_no)?.into_iter().map(|row| DocumentTold {
        document_no: row.document_no,
        kind: row.kind,
        about: row.about,
        happened_on: row.happened_on,
        evidence_no: row.evidence_no,
        noted_by: row.noted_by,
    });
    let calls = store::calls_of(ask.conn, account_id, case_no)?.into_iter().map(|row| CallTold {
        call_no: row.call_no,
        called_at: row.called_at,
        told_cut_at: row.told_cut_at,
        outcome: row.outcome,
        called_by: row.called_by,
    });
    let warrants =
        store::warrants_of(ask.conn, account_id, case_no)?.into_iter().rev().map(|row| WarrantTold {
            warrant_no: row.warrant_no,
            state: row.state,
            made_at: row.made_at,
            made_by: row.made_by,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            ended_why: row.ended_why,
        });
    let own = operations.iter().rev().filter(|row| row.case_no == case_no).cloned();
    Ok(CaseTold {
        documents: documents.collect(),
        calls: calls.collect(),
        warrants: warrants.collect(),
        operations: own.map(OperationTold::of).collect(),
        bills: store::case_bills(ask.conn, account_id, case_no)?,
        case_no,
        state: case.state,
        proposed_on: case.proposed_on,
        proposed_by: case.proposed_by,
        approved_by: case.approved_by,
        approved_on: case.approved_on,
        round: case.round,
        notice_no: case.notice_no,
        served_on: case.served_on,
        window_from: case.window_from,
        window_to: case.window_to,
        closed_on: case.closed_on,
        outcome: case.outcome,
        rules: case.rules.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
    })
}

/// The cases of an account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccountCuts {
    /// The newest first.
    cases: Vec<CaseTold>,
}

pub fn account_cuts(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<AccountCuts, Problem> {
    let account_id = ask.account()?;
    Ok(AccountCuts { cases: cases_of(ask, account_id)? })
}
