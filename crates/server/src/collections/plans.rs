//! 约定与暂缓: plans, promises and holds of an account, and all that run in a unit.

use super::desk::Act;
use crate::ask::Ask;
use crate::input::Nothing;
use crate::notices::{place_of, shown_name};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::tasks::days_between;
use denghuo_office::collections::{
    Agreed, BalanceExplained, HoldOrder, PlanAsk, PlanChecked, PlanOrder, hold_release, hold_set, holds_of,
    plan_cancel, plan_check, plan_make, plans_of,
};
use denghuo_office::error::OfficeError;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::collections::plan::{PlanKind, PlanPart, PlanState};
use denghuo_rules::units::Money;
use denghuo_store::collections::{self as store, HoldRow};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn add(routes: Routes) -> Routes {
    let (see, work) = (Permission::SeeArrears, Permission::WorkLadder);
    routes
        .list("/plans", see, ("约定一览", "Plans and promises of one's unit, the latest first"), plans)
        .list("/holds", see, ("暂缓一览", "Holds in force in one's unit"), holds)
        .get(
            "/accounts/{account_no}/agreements",
            see,
            ("约定与暂缓", "Plans, promises and holds of an account"),
            agreements,
        )
        .post(
            "/accounts/{account_no}/promises",
            work,
            ("登记付款承诺", "The customer promises to pay by a day; a hold begins"),
            promise,
        )
        .once()
        .post(
            "/accounts/{account_no}/plans/preview",
            work,
            ("分期试算", "What speaks against a plan, and who would have to approve it; nothing is written"),
            plan_preview,
        )
        .post(
            "/accounts/{account_no}/plans/{plan_no}/cancel",
            work,
            ("取消约定", "A running plan or promise is taken back; the ladder goes on"),
            cancel,
        )
        .post(
            "/accounts/{account_no}/holds",
            work,
            ("暂缓催收", "Pause the ladder of a bill or of the account"),
            hold_new,
        )
        .once()
        .post(
            "/accounts/{account_no}/holds/{hold_no}/release",
            work,
            ("解除暂缓", "Let the ladder go on"),
            hold_end,
        )
}

/// A plan or promise.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlanShown {
    /// Number within the account.
    plan_no: i64,
    /// Which.
    kind: PlanKind,
    /// Its bills.
    bills: Vec<i64>,
    /// When it was agreed.
    #[schemars(with = "DateForm")]
    agreed_on: Date,
    /// Sum of its parts.
    amount: Money,
    /// How it stands.
    state: PlanState,
    /// How it was agreed.
    agreed_how: String,
    /// Who took it.
    agreed_by: String,
    /// Who approved it.
    approved_by: Option<String>,
    /// When it ended.
    #[schemars(with = "Option<DateForm>")]
    ended_on: Option<Date>,
    /// Why.
    ended_why: Option<String>,
    /// Its parts.
    parts: Vec<PlanPart>,
}

impl PlanShown {
    /// As it is shown.
    pub fn of(agreed: Agreed) -> Self {
        let row = agreed.row;
        Self {
            plan_no: row.plan_no,
            kind: row.kind,
            bills: row.bills.split(',').filter_map(|bill| bill.parse().ok()).collect(),
            agreed_on: row.agreed_on,
            amount: row.amount,
            state: row.state,
            agreed_how: row.agreed_how,
            agreed_by: row.agreed_by,
            approved_by: row.approved_by,
            ended_on: row.ended_on,
            ended_why: row.ended_why,
            parts: agreed.parts,
        }
    }
}

/// A hold.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HoldShown {
    /// Number within the account.
    hold_no: i64,
    /// Why.
    kind: HoldKind,
    /// The bill; 0 for every debt of the account.
    bill_no: i64,
    /// First day.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day; none while it is open.
    #[schemars(with = "Option<DateForm>")]
    until_on: Option<Date>,
    /// In words.
    reason: String,
    /// What it comes from.
    source: String,
    /// Who set it.
    set_by: String,
    /// When it was released.
    #[schemars(with = "Option<DateForm>")]
    released_on: Option<Date>,
    /// By whom.
    released_by: Option<String>,
    /// Why.
    release_reason: Option<String>,
}

impl HoldShown {
    /// As it is shown.
    pub fn of(row: HoldRow) -> Self {
        Self {
            hold_no: row.hold_no,
            kind: row.kind,
            bill_no: row.bill_no,
            from_on: row.from_on,
            until_on: row.until_on,
            reason: row.reason,
            source: row.source,
            set_by: row.set_by,
            released_on: row.released_on,
            released_by: row.released_by,
            release_reason: row.release_reason,
        }
    }
}

/// Which plans.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct PlanQuery {
    /// `plan` or `promise`.
    #[serde(default)]
    kind: Option<PlanKind>,
    /// How they stand.
    #[serde(default)]
    state: Option<PlanState>,
}

/// A plan or promise on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PlanLine {
    /// 户号
    account_no: String,
    /// 户名
    customer: String,
    /// Number within the account.
    plan_no: i64,
    /// Which.
    kind: PlanKind,
    /// Its bills, with commas between.
    bills: String,
    /// When it was agreed.
    #[schemars(with = "DateForm")]
    agreed_on: Date,
    /// Sum of its parts.
    amount: Money,
    /// How it stands.
    state: PlanState,
    /// The day of the next part.
    #[schemars(with = "Option<DateForm>")]
    next_on: Option<Date>,
    /// 还剩 days until then.
    days_left: Option<i64>,
    /// Who took it.
    agreed_by: String,
    /// Who approved it.
    approved_by: Option<String>,
    /// When it ended.
    #[schemars(with = "Option<DateForm>")]
    ended_on: Option<Date>,
}

fn plans(ask: &mut Ask<'_>, _: &Nothing, query: &PlanQuery) -> Result<List<PlanLine>, Problem> {
    let root = ask.root()?;
    let after = ask.page.after.as_deref().map(place_of).transpose()?;
    let (limit, today) = (ask.page.limit, ask.today);
    let which = (root, query.kind.map(PlanKind::word), query.state.map(PlanState::word));
    let rows = store::plan_page(ask.conn, which, today, after, limit + 1)?;
    let page = List::of_one_more(rows, limit, |row| {
        format!("{} {} {}", row.plan.agreed_on, row.plan.account_id, row.plan.plan_no)
    });
    let items = page.items.into_iter().map(|row| {
        let next_on = row.next_on.filter(|_| row.plan.state == PlanState::Running);
        PlanLine {
            customer: shown_name(row.customer, &row.customer_kind, false),
            account_no: row.account_no,
            plan_no: row.plan.plan_no,
            kind: row.plan.kind,
            bills: row.plan.bills,
            agreed_on: row.plan.agreed_on,
            amount: row.plan.amount,
            state: row.plan.state,
            next_on,
            days_left: next_on.map(|day| days_between(today, day)),
            agreed_by: row.plan.agreed_by,
            approved_by: row.plan.approved_by,
            ended_on: row.plan.ended_on,
        }
    });
    Ok(List { items: items.collect(), next_cursor: page.next_cursor })
}

/// Which holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct HoldQuery {
    /// Why.
    #[serde(default)]
    kind: Option<HoldKind>,
}

/// A hold on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct HoldLine {
    /// 户号
    account_no: String,
    /// 户名
    customer: String,
    /// Number within the account.
    hold_no: i64,
    /// Why.
    kind: HoldKind,
    /// The bill; 0 for every debt of the account.
    bill_no: i64,
    /// First day.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day.
    #[schemars(with = "Option<DateForm>")]
    until_on: Option<Date>,
    /// 还剩 days.
    days_left: Option<i64>,
    /// In words.
    reason: String,
    /// Who set it.
    set_by: String,
}

fn holds(ask: &mut Ask<'_>, _: &Nothing, query: &HoldQuery) -> Result<List<HoldLine>, Problem> {
    let root = ask.root()?;
    let after = match &ask.page.after {
        None => None,
        Some(key) => {
            let place = key.split_once(' ').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
            Some(place.ok_or_else(|| Problem::unreadable("cursor", "cursor"))?)
        }
    };
    let (limit, today) = (ask.page.limit, ask.today);
    let which = (root, query.kind.map(HoldKind::word));
    let rows = store::hold_page(ask.conn, which, today, after, limit + 1)?;
    let page = List::of_one_more(rows, limit, |row| format!("{} {}", row.hold.account_id, row.hold.hold_no));
    let items = page.items.into_iter().map(|row| HoldLine {
        customer: shown_name(row.customer, &row.customer_kind, false),
        account_no: row.account_no,
        hold_no: row.hold.hold_no,
        kind: row.hold.kind,
        bill_no: row.hold.bill_no,
        from_on: row.hold.from_on,
        until_on: row.hold.until_on,
        days_left: row.hold.until_on.map(|until| days_between(today, until)),
        reason: row.hold.reason,
        set_by: row.hold.set_by,
    });
    Ok(List { items: items.collect(), next_cursor: page.next_cursor })
}

/// Plans, promises and holds of an account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Agreements {
    /// The latest first.
    plans: Vec<PlanShown>,
    /// The latest first.
    holds: Vec<HoldShown>,
}

fn agreements(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Agreements, Problem> {
    let account_id = ask.account()?;
    let plans = plans_of(ask.conn, account_id)?.into_iter().rev().map(PlanShown::of).collect();
    let holds = holds_of(ask.conn, account_id)?.into_iter().rev().map(HoldShown::of).collect();
    Ok(Agreements { plans, holds })
}

/// A promise.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PromiseBody {
    /// The bills that it is about.
    bills: Vec<i64>,
    /// Last day to pay.
    #[schemars(with = "DateForm")]
    until: Date,
    /// How much.
    amount: Money,
    /// How it was agreed: `phone`, `counter`, `written`.
    #[schemars(length(min = 1, max = 60))]
    how: String,
    /// Number of its proof.
    #[serde(default)]
    evidence_no: Option<i64>,
}

fn promise(ask: &mut Ask<'_>, _: &Nothing, body: &PromiseBody) -> Result<PlanShown, Problem> {
    let order = PlanOrder {
        account_id: ask.account()?,
        kind: PlanKind::Promise,
        bills: body.bills.clone(),
        parts: vec![PlanPart { due_on: body.until, amount: body.amount }],
        agreed_how: body.how.clone(),
        approved_by: None,
        evidence_no: body.evidence_no,
    };
    Ok(PlanShown::of(plan_make(ask.conn, ask.work, &order, ask.today)?))
}

fn plan_preview(ask: &mut Ask<'_>, _: &Nothing, body: &PlanAsk) -> Result<PlanChecked, Problem> {
    let order = PlanOrder {
        account_id: ask.account()?,
        kind: PlanKind::Plan,
        bills: body.bills.clone(),
        parts: body.parts.clone(),
        agreed_how: body.agreed_how.clone(),
        approved_by: None,
        evidence_no: None,
    };
    Ok(plan_check(ask.conn, ask.work, &order, ask.today)?)
}

/// What the rule says against a promise or a plan about all that is overdue, due today in one part.
pub fn may_agree(
    ask: &mut Ask<'_>,
    account_id: i64,
    owes: &BalanceExplained,
    (what, is_plan): (&'static str, bool),
) -> Result<Act, Problem> {
    let open: Vec<_> = owes.debts.iter().filter(|debt| debt.open > Money::ZERO).collect();
    let order = PlanOrder {
        account_id,
        kind: if is_plan { PlanKind::Plan } else { PlanKind::Promise },
        bills: open.iter().map(|debt| debt.bill_no).collect(),
        parts: vec![PlanPart { due_on: ask.today, amount: open.iter().map(|debt| debt.open).sum() }],
        agreed_how: String::new(),
        approved_by: None,
        evidence_no: None,
    };
    match plan_check(ask.conn, ask.work, &order, ask.today) {
        Ok(checked) => Ok(Act::judged(what, None, vec![checked.rule])),
        Err(OfficeError::Refused(refusal)) => {
            Ok(Act::judged(what, Some((refusal.code.to_owned(), refusal.text)), Vec::new()))
        }
        Err(error) => Err(error.into()),
    }
}

/// A plan in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct PlanPath {
    /// Number of the plan within the account.
    plan_no: i64,
}

/// Why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReasonBody {
    /// In words.
    #[schemars(length(min = 1, max = 200))]
    reason: String,
}

impl ReasonBody {
    fn checked(&self) -> Result<&str, Problem> {
        let reason = self.reason.trim();
        if reason.is_empty() { Err(Problem::unreadable("body", "reason: 1–200")) } else { Ok(reason) }
    }
}

fn cancel(ask: &mut Ask<'_>, path: &PlanPath, body: &ReasonBody) -> Result<PlanShown, Problem> {
    let key = (ask.account()?, path.plan_no);
    let row = plan_cancel(ask.conn, ask.work, key, body.checked()?, ask.today)?;
    let agreed = plans_of(ask.conn, key.0)?.into_iter().find(|plan| plan.row.plan_no == row.plan_no);
    agreed.map(PlanShown::of).ok_or_else(Problem::not_found)
}

/// A hold as it is ordered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HoldBody {
    /// Why: `dispute`, `complaint`, `suspected_reading`, `protection`.
    kind: HoldKind,
    /// The bill; every debt of the account when not given.
    #[serde(default)]
    bill_no: Option<i64>,
    /// Last day; the longest that the rule allows when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    until_on: Option<Date>,
    /// In words.
    #[schemars(length(min = 1, max = 200))]
    reason: String,
    /// What it comes from, such as the number of a complaint: the same again changes nothing.
    #[schemars(length(min = 1, max = 60))]
    source: String,
}

fn hold_new(ask: &mut Ask<'_>, _: &Nothing, body: &HoldBody) -> Result<HoldShown, Problem> {
    let order = HoldOrder {
        account_id: ask.account()?,
        kind: body.kind,
        bill_no: body.bill_no.unwrap_or(0),
        until_on: body.until_on,
        reason: body.reason.clone(),
        source: body.source.clone(),
    };
    Ok(HoldShown::of(hold_set(ask.conn, ask.work, &order, ask.today)?))
}

/// A hold in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct HoldPath {
    /// Number of the hold within the account.
    hold_no: i64,
}

fn hold_end(ask: &mut Ask<'_>, path: &HoldPath, body: &ReasonBody) -> Result<HoldShown, Problem> {
    let key = (ask.account()?, path.hold_no);
    Ok(HoldShown::of(hold_release(ask.conn, ask.work, key, body.checked()?, ask.today)?))
}
