//! 两人审批: waivers and plans are asked for by one person and decided by another.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::notices::{place_of, shown_name};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::collections::{
    Asked, PlanAsk, WaiverAsk, Wish, approval_decide, approval_request, waiver_open_fee, waiver_rule,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::registry::ApprovalLevel;
use denghuo_rules::units::Money;
use denghuo_store::collections as store;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn add(routes: Routes) -> Routes {
    let (see, work, decide) = (Permission::SeeArrears, Permission::WorkLadder, Permission::WaiveFees);
    routes
        .list(
            "/approvals",
            see,
            ("审批申请", "Waivers and plans of one's unit that were asked for, the latest first"),
            approvals,
        )
        .get(
            "/accounts/{account_no}/waiver-choices",
            see,
            ("减免条件", "The unpaid late fees of an account, the permitted reasons, and who approves"),
            choices,
        )
        .post(
            "/accounts/{account_no}/approvals",
            work,
            ("申请减免或分期", "Ask for a waiver or a plan; what speaks against it is told at once"),
            request,
        )
        .once()
        .post(
            "/accounts/{account_no}/approvals/{request_no}/approve",
            decide,
            ("批准", "A second person approves; the waiver or plan is carried out"),
            approve,
        )
        .once()
        .post(
            "/accounts/{account_no}/approvals/{request_no}/reject",
            decide,
            ("驳回", "A second person rejects"),
            reject,
        )
}

/// A request as it is shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RequestShown {
    /// 户号; none where the account is that of the path.
    account_no: Option<String>,
    /// 户名
    customer: Option<String>,
    /// Number within the account.
    request_no: i64,
    /// `waiver` or `plan`.
    kind: String,
    /// What is asked for.
    wish: Wish,
    /// The money it is about, as it stood when it was asked for.
    amount: Money,
    /// Why.
    reason: String,
    /// `open`, `approved`, `rejected`.
    state: String,
    /// Who asked.
    asked_by: String,
    /// When.
    #[schemars(with = "DateForm")]
    asked_on: Date,
    /// Who decided.
    decided_by: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    decided_on: Option<Date>,
    /// What was said about the decision.
    note: Option<String>,
    /// Number of the waiver or plan.
    result_no: Option<i64>,
}

impl RequestShown {
    fn of(asked: Asked) -> Self {
        let row = asked.row;
        Self {
            account_no: None,
            customer: None,
            request_no: row.request_no,
            kind: row.kind,
            wish: asked.wish,
            amount: Money(row.amount_fen),
            reason: row.reason,
            state: row.state,
            asked_by: row.asked_by,
            asked_on: row.asked_on,
            decided_by: row.decided_by,
            decided_on: row.decided_on,
            note: row.note,
            result_no: row.result_no,
        }
    }
}

/// 申请种类
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RequestKind {
    /// 违约金减免
    Waiver,
    /// 分期付款
    Plan,
}

/// 申请状态
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RequestState {
    /// Waits.
    Open,
    /// Approved.
    Approved,
    /// Rejected.
    Rejected,
}

/// Which requests.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RequestQuery {
    /// Of this kind.
    #[serde(default)]
    kind: Option<RequestKind>,
    /// In this state.
    #[serde(default)]
    state: Option<RequestState>,
}

fn approvals(ask: &mut Ask<'_>, _: &Nothing, query: &RequestQuery) -> Result<List<RequestShown>, Problem> {
    let root = ask.root()?;
    let kind = query.kind.map(|kind| match kind {
        RequestKind::Waiver => "waiver",
        RequestKind::Plan => "plan",
    });
    let state = query.state.map(|state| match state {
        RequestState::Open => "open",
        RequestState::Approved => "approved",
        RequestState::Rejected => "rejected",
    });
    let after = ask.page.after.as_deref().map(place_of).transpose()?;
    let limit = ask.page.limit;
    let rows = store::approval_page(ask.conn, (root, kind, state), after, limit + 1)?;
    let page = List::of_one_more(rows, limit, |row| {
        let request = &row.request;
        format!("{} {} {}", request.asked_on, request.account_id, request.request_no)
    });
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(RequestShown {
            account_no: Some(row.account_no),
            customer: Some(shown_name(row.customer, &row.customer_kind, false)),
            ..RequestShown::of(Asked::of(row.request)?)
        });
    }
    Ok(List { items, next_cursor: page.next_cursor })
}

/// A permitted reason.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Reason {
    /// Its code.
    code: String,
    /// Its name.
    name: Bilingual,
    /// The lowest level that may approve it.
    level: ApprovalLevel,
}

/// Up to which amount a level approves.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Limit {
    /// The level.
    level: ApprovalLevel,
    /// The largest amount; none for any.
    up_to: Option<Money>,
}

/// An unpaid late fee.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct OpenFee {
    /// The bill.
    bill_no: i64,
    /// What of its late fee is unpaid today, running part included.
    open: Money,
}

/// 减免条件
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Choices {
    /// Unpaid late fees.
    fees: Vec<OpenFee>,
    /// Permitted reasons.
    reasons: Vec<Reason>,
    /// Who approves how much, from low to high.
    limits: Vec<Limit>,
}

fn choices(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Choices, Problem> {
    let account_id = ask.account()?;
    let rule = waiver_rule(ask.work, ask.today)?;
    let mut fees = Vec::new();
    for debt in store::open_debts(ask.conn, denghuo_store::day::Range { from: account_id, to: account_id })? {
        let bill_no = debt.receivable.bill_no;
        let open = waiver_open_fee(ask.conn, ask.work, (account_id, bill_no), ask.today)?;
        if open > Money::ZERO {
            fees.push(OpenFee { bill_no, open });
        }
    }
    let reasons = rule.reasons.into_iter();
    Ok(Choices {
        fees,
        reasons: reasons
            .map(|reason| Reason { code: reason.code, name: reason.name, level: reason.level })
            .collect(),
        limits: rule
            .limits
            .into_iter()
            .map(|limit| Limit { level: limit.level, up_to: limit.up_to })
            .collect(),
    })
}

/// What is asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequestBody {
    /// A waiver.
    #[serde(default)]
    waiver: Option<WaiverAsk>,
    /// Or a plan.
    #[serde(default)]
    plan: Option<PlanAsk>,
    /// Why.
    #[schemars(length(min = 1, max = 200))]
    reason: String,
}

fn request(ask: &mut Ask<'_>, _: &Nothing, body: &RequestBody) -> Result<RequestShown, Problem> {
    let account_id = ask.account()?;
    let wish = match (&body.waiver, &body.plan) {
        (Some(waiver), None) => Wish::Waiver(waiver.clone()),
        (None, Some(plan)) => Wish::Plan(plan.clone()),
        _ => return Err(Problem::unreadable("body", "waiver | plan")),
    };
    let reason = body.reason.trim();
    if reason.is_empty() {
        return Err(Problem::unreadable("body", "reason: 1–200"));
    }
    Ok(RequestShown::of(approval_request(ask.conn, ask.work, account_id, (&wish, reason), ask.today)?))
}

/// A request in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RequestPath {
    /// Its number within the account.
    request_no: i64,
}

/// What is said about a decision.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    /// In words.
    #[serde(default)]
    #[schemars(length(max = 200))]
    note: String,
}

fn approve(ask: &mut Ask<'_>, path: &RequestPath, body: &DecisionBody) -> Result<RequestShown, Problem> {
    let (account_id, today) = (ask.account()?, ask.today);
    let asked = ask.with_money(|conn, work| {
        let key = (account_id, path.request_no);
        Ok((approval_decide(conn, work, key, (true, &body.note), today)?, vec![account_id]))
    })?;
    Ok(RequestShown::of(asked))
}

fn reject(ask: &mut Ask<'_>, path: &RequestPath, body: &DecisionBody) -> Result<RequestShown, Problem> {
    let key = (ask.account()?, path.request_no);
    Ok(RequestShown::of(approval_decide(ask.conn, ask.work, key, (false, &body.note), ask.today)?))
}
