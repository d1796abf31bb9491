//! 两人审批: a waiver or a plan is asked for by one person and decided by another.

use super::explain::explain_late_fee;
use super::plan::{broken, owed};
use super::{PlanOrder, WaiveOrder, plan_make, plans_of, waive};
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::collections::plan::{
    PlanKind, PlanPart, PlanRefusal, PlanRequest, PlanRules, PlanState, TOPIC as PLANS,
};
use denghuo_rules::collections::waiver::{TOPIC as WAIVERS, WaiverRefusal, WaiverRule};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::registry::{ApprovalLevel, StaffRole};
use denghuo_rules::units::Money;
use denghuo_store::collections::{self, ApprovalRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use denghuo_store::{Conn, StoreError, audit, ledger};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Stands for an approver who is not known yet; no staff code is like it.
const ANYBODY: &str = "?";
/// Kind of the task to decide.
const TASK: &str = "approval_request";

/// 减免申请
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiverAsk {
    /// The bill.
    pub bill_no: i64,
    /// How much; all that is unpaid on the day of the decision when not given.
    #[serde(default)]
    pub amount: Option<Money>,
    /// Code of a permitted reason.
    pub reason: String,
}

/// 分期申请
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanAsk {
    /// Its bills.
    pub bills: Vec<i64>,
    /// Its parts in the order of their days.
    pub parts: Vec<PlanPart>,
    /// How it was agreed with the customer, such as `written`.
    pub agreed_how: String,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// 违约金减免
    Waiver(WaiverAsk),
    /// 分期付款
    Plan(PlanAsk),
}

impl Wish {
    const fn word(&self) -> &'static str {
        match self {
            Self::Waiver(_) => "waiver",
            Self::Plan(_) => "plan",
        }
    }
    const fn zh(&self) -> &'static str {
        match self {
            Self::Waiver(_) => "违约金减免",
            Self::Plan(_) => "分期付款",
        }
    }
}

/// Why nothing is asked for or decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AskRefusal {
    /// There is no such request.
    Unknown(i64),
    /// It was decided otherwise.
    Decided(i64),
    /// Something else was asked for the same bills.
    Open(i64),
    /// Who asks does not decide.
    OnePerson,
}

impl Refuse for AskRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "approval.unknown",
            Self::Decided(_) => "approval.decided",
            Self::Open(_) => "approval.open",
            Self::OnePerson => "approval.one_person",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(no) => Bilingual::new(format!("没有申请{no}"), format!("there is no request {no}")),
            Self::Decided(no) => {
                Bilingual::new(format!("申请{no}已审批"), format!("request {no} was decided"))
            }
            Self::Open(no) => Bilingual::new(
                format!("相关账单已有待审批的申请{no}"),
                format!("request {no} about these bills waits for a decision"),
            ),
            Self::OnePerson => {
                Bilingual::new("申请人不得自行审批", "who asks does not decide: a second person has to")
            }
        }
    }
}

/// A request as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The request.
    pub row: ApprovalRow,
    /// What is asked for.
    pub wish: Wish,
}

/// What a plan has to be approved by, when nothing else speaks against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlanChecked {
    /// Open principal of its bills.
    pub owed: Money,
    /// The lowest level that may approve; none for a promise.
    pub approval: Option<ApprovalLevel>,
    /// The rule.
    pub rule: String,
}

/// 违约金减免规则 in force: the permitted reasons, and who approves.
///
/// # Errors
/// A missing rule.
pub fn waiver_rule(work: &Work<'_>, on: Date) -> Result<WaiverRule, OfficeError> {
    Ok(work.book.pick::<WaiverRule>(WAIVERS, &work.site, on)?.params)
}

/// The unpaid late fee of a bill on a day, running part included.
///
/// # Errors
/// The bill was never released; the database's.
pub fn waiver_open_fee(
    conn: &mut Conn,
    work: &Work<'_>,
    key: (i64, i64),
    on: Date,
) -> Result<Money, OfficeError> {
    let told = explain_late_fee(conn, work, key, on)?;
    Ok((told.unpaid + told.fee - told.booked).at_least(Money::ZERO))
}

/// 试算: what speaks against a plan or promise, before anything is written.
///
/// # Errors
/// A [`PlanRefusal`], a missing rule, or the database's.
pub fn plan_check(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &PlanOrder,
    on: Date,
) -> Result<PlanChecked, OfficeError> {
    let picked = work.book.pick::<PlanRules>(PLANS, &work.site, on)?;
    let (rules, rule) = (picked.params, picked.rule.id.clone());
    let known = plans_of(conn, order.account_id)?;
    let running = known.iter().find(|plan| {
        plan.row.state == PlanState::Running && order.bills.iter().any(|bill| plan.row.covers(*bill))
    });
    if let Some(plan) = running {
        return Err(OfficeError::refuse(PlanRefusal::AlreadyRunning(plan.row.plan_no)));
    }
    let request = PlanRequest {
        kind: order.kind,
        agreed_on: on,
        parts: &order.parts,
        owed: owed(conn, order.account_id, &order.bills)?,
        broken: broken(&known, on),
        taken_by: &work.by,
        // Whether somebody approves is seen later; the highest level stands for him.
        approved_by: Some((ANYBODY, ApprovalLevel::Company)),
    };
    rules.decide(&request).map_err(OfficeError::refuse)?;
    let sum: Money = order.parts.iter().map(|part| part.amount).sum();
    let reaches = rules.limits.iter().find(|limit| limit.up_to.is_none_or(|most| sum <= most));
    let approval = reaches.filter(|_| order.kind == PlanKind::Plan).map(|limit| limit.level);
    Ok(PlanChecked { owed: request.owed, approval, rule })
}

/// Asks for a waiver or a plan: what speaks against it is told at once, the rest is for the second person. Asked again, it gives the
/// request that waits.
///
/// # Errors
/// A refusal of the column; somebody who is not on the staff list; the database's.
pub fn approval_request(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    (wish, reason): (&Wish, &str),
    on: Date,
) -> Result<Asked, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let amount = amount_of(conn, work, account_id, wish, on)?;
        let body = text(wish)?;
        for row in collections::open_approvals(conn, account_id)? {
            let there: Wish = read(&row)?;
            if row.body == body && row.asked_by == work.by {
                return Ok(Asked { row, wish: there });
            }
            if share_a_bill(&there, wish) {
                return Err(OfficeError::refuse(AskRefusal::Open(row.request_no)));
            }
        }
        let row = ApprovalRow {
            account_id,
            request_no: collections::last_approval_no(conn, account_id)? + 1,
            kind: wish.word().to_owned(),
            body,
            amount_fen: amount.0,
            reason: reason.to_owned(),
            state: "open".to_owned(),
            asked_by: work.by.clone(),
            asked_on: on,
            decided_by: None,
            decided_on: None,
            note: None,
            result_no: None,
        };
        collections::save_approval(conn, &row)?;
        tasks::open(
            conn,
            &[NewTask {
                account_id,
                kind: TASK,
                subject: subject(row.request_no),
                codes: wish.word().to_owned(),
                detail: Bilingual::new(
                    format!("{}申请{}:{amount}元", wish.zh(), row.request_no),
                    format!("{} request {}: {amount} yuan", wish.word(), row.request_no),
                ),
                owner_role: StaffRole::Manager.word(),
                opened_on: on,
                due_on: None,
            }],
        )?;
        mark(conn, work, &row, "approval.ask", on)?;
        Ok(Asked { row, wish: wish.clone() })
    })
}

/// Approves or rejects a request; an approved one is carried out in the same transaction. Decided the same way again, it stays.
///
/// # Errors
/// There is no such request, it was decided otherwise, or by who asked; what the waiver or the plan refuses; the database's.
pub fn approval_decide(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, request_no): (i64, i64),
    (approve, note): (bool, &str),
    on: Date,
) -> Result<Asked, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        let row = collections::approval(conn, account_id, request_no)?
            .ok_or_else(|| OfficeError::refuse(AskRefusal::Unknown(request_no)))?;
        let wish = read(&row)?;
        let state = if approve { "approved" } else { "rejected" };
        if row.state == state && row.decided_by.as_deref() == Some(&work.by) {
            return Ok(Asked { row, wish });
        }
        if row.state != "open" {
            return Err(OfficeError::refuse(AskRefusal::Decided(request_no)));
        }
        if row.asked_by == work.by {
            return Err(OfficeError::refuse(AskRefusal::OnePerson));
        }
        access::approval_level(conn, &work.by, on)?;
        let result_no = if approve { Some(carry_out(conn, work, &row, &wish, on)?) } else { None };
        let row = ApprovalRow {
            state: state.to_owned(),
            decided_by: Some(work.by.clone()),
            decided_on: Some(on),
            note: Some(note.to_owned()).filter(|note| !note.is_empty()),
            result_no,
            ..row
        };
        collections::save_approval(conn, &row)?;
        let done = Resolution { decision: state, by: &work.by, on, note };
        tasks::resolve(conn, (account_id, TASK, &subject(request_no)), &done)?;
        mark(conn, work, &row, "approval.decide", on)?;
        Ok(Asked { row, wish })
    })
}

fn carry_out(
    conn: &mut Conn,
    work: &Work<'_>,
    row: &ApprovalRow,
    wish: &Wish,
    on: Date,
) -> Result<i64, OfficeError> {
    match wish {
        Wish::Waiver(asked) => {
            let order = WaiveOrder {
                account_id: row.account_id,
                bill_no: asked.bill_no,
                amount: asked.amount,
                reason: asked.reason.clone(),
                asked_by: row.asked_by.clone(),
            };
            Ok(waive(conn, work, &order, on)?.waiver_no)
        }
        Wish::Plan(asked) => {
            // Who asked has taken it from the customer.
            let taker = Work { by: row.asked_by.clone(), ..work.clone() };
            let order = PlanOrder {
                account_id: row.account_id,
                kind: PlanKind::Plan,
                bills: asked.bills.clone(),
                parts: asked.parts.clone(),
                agreed_how: asked.agreed_how.clone(),
                approved_by: Some(work.by.clone()),
                evidence_no: None,
            };
            Ok(plan_make(conn, &taker, &order, on)?.row.plan_no)
        }
    }
}

/// The money that a wish is about; refused when it cannot be granted by anybody.
fn amount_of(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    wish: &Wish,
    on: Date,
) -> Result<Money, OfficeError> {
    match wish {
        Wish::Waiver(asked) => {
            let rule = waiver_rule(work, on)?;
            if !rule.reasons.iter().any(|reason| reason.code == asked.reason) {
                return Err(OfficeError::refuse(WaiverRefusal::UnknownReason {
                    reason: asked.reason.clone(),
                }));
            }
            let open = waiver_open_fee(conn, work, (account_id, asked.bill_no), on)?;
            let amount = asked.amount.unwrap_or(open);
            if amount <= Money::ZERO {
                return Err(OfficeError::refuse(WaiverRefusal::NotPositive));
            }
            if amount > open {
                return Err(OfficeError::refuse(WaiverRefusal::MoreThanOpen { open }));
            }
            Ok(amount)
        }
        Wish::Plan(asked) => {
            let order = PlanOrder {
                account_id,
                kind: PlanKind::Plan,
                bills: asked.bills.clone(),
                parts: asked.parts.clone(),
                agreed_how: asked.agreed_how.clone(),
                approved_by: None,
                evidence_no: None,
            };
            Ok(plan_check(conn, work, &order, on)?.owed)
        }
    }
}

fn share_a_bill(there: &Wish, wish: &Wish) -> bool {
    match (there, wish) {
        (Wish::Waiver(a), Wish::Waiver(b)) => a.bill_no == b.bill_no,
        (Wish::Plan(a), Wish::Plan(b)) => a.bills.iter().any(|bill| b.bills.contains(bill)),
        _ => false,
    }
}

fn subject(request_no: i64) -> String {
    format!("request:{request_no}")
}

fn text(wish: &Wish) -> Result<String, OfficeError> {
    serde_json::to_string(wish).map_err(|error| StoreError::Corrupt(error.to_string()).into())
}

/// What a kept request asks for.
fn read(row: &ApprovalRow) -> Result<Wish, OfficeError> {
    serde_json::from_str(&row.body).map_err(|error| StoreError::Corrupt(error.to_string()).into())
}

impl Asked {
    /// A kept request as it is shown.
    ///
    /// # Errors
    /// What is kept cannot be read.
    pub fn of(row: ApprovalRow) -> Result<Self, OfficeError> {
        let wish = read(&row)?;
        Ok(Self { row, wish })
    }
}

fn mark(
    conn: &mut Conn,
    work: &Work<'_>,
    row: &ApprovalRow,
    action: &str,
    on: Date,
) -> Result<(), OfficeError> {
    let after = format!("{} {} {}", row.kind, row.state, Money(row.amount_fen));
    let mark = audit::Mark {
        account_id: row.account_id,
        happened_on: on,
        subject: &subject(row.request_no),
        action,
        who: &work.by,
        before: None,
        after: Some(&after),
        recorded_at: work.now,
    };
    Ok(audit::mark(conn, &mark)?)
}
