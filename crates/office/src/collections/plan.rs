//! 分期付款与付款承诺: agreed with a hold, watched from what comes in, ended when kept, broken or taken back.

use super::hold;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{days_between, plus_days};
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::collections::plan::{
    PlanKind, PlanPart, PlanRefusal, PlanRequest, PlanRules, PlanState, TOPIC,
};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::registry::StaffRole;
use denghuo_rules::units::Money;
use denghuo_store::audit;
use denghuo_store::collections::{self, HoldRow, PlanRow};
use denghuo_store::day::Range;
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;

/// 约定单: a plan or promise as it is ordered; `work.by` is who took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOrder {
    /// The account.
    pub account_id: i64,
    /// Which.
    pub kind: PlanKind,
    /// Its bills.
    pub bills: Vec<i64>,
    /// Its parts in the order of their days.
    pub parts: Vec<PlanPart>,
    /// How it was agreed, such as `written`, `phone`.
    pub agreed_how: String,
    /// Who approves a plan.
    pub approved_by: Option<String>,
    /// Its proof.
    pub evidence_no: Option<i64>,
}

/// A plan with its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The plan.
    pub row: PlanRow,
    /// Its parts.
    pub parts: Vec<PlanPart>,
}

/// Agrees a plan or promise today; a hold on its bills begins. The same again gives the one that runs.
///
/// # Errors
/// A [`PlanRefusal`], a person who may not, or the database's.
pub fn plan_make(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &PlanOrder,
    on: Date,
) -> Result<Agreed, OfficeError> {
    work.check_date(on)?;
    let rules = work.book.pick::<PlanRules>(TOPIC, &work.site, on)?.params;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, order.account_id)?;
        let mut bills = order.bills.clone();
        bills.sort_unstable();
        bills.dedup();
        let known = plans_of(conn, order.account_id)?;
        let names: Vec<String> = bills.iter().map(i64::to_string).collect();
        let names = names.join(",");
        let running = known.iter().find(|plan| {
            plan.row.state == PlanState::Running && bills.iter().any(|bill_no| plan.row.covers(*bill_no))
        });
        if let Some(plan) = running {
            let same = plan.row.kind == order.kind && plan.row.bills == names && plan.parts == order.parts;
            let refusal = PlanRefusal::AlreadyRunning(plan.row.plan_no);
            return if same { Ok(plan.clone()) } else { Err(OfficeError::refuse(refusal)) };
        }
        let approved_by = match &order.approved_by {
            Some(by) => Some((by.as_str(), access::approval_level(conn, by, on)?)),
            None => None,
        };
        let request = PlanRequest {
            kind: order.kind,
            agreed_on: on,
            parts: &order.parts,
            owed: owed(conn, order.account_id, &bills)?,
            broken: broken(&known, on),
            taken_by: &work.by,
            approved_by,
        };
        rules.decide(&request).map_err(OfficeError::refuse)?;
        let row = row_of(conn, work, order, names, on)?;
        agree(conn, work, &Agreed { row, parts: order.parts.clone() }, &bills, on)
    })
}

fn row_of(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &PlanOrder,
    bills: String,
    on: Date,
) -> Result<PlanRow, OfficeError> {
    Ok(PlanRow {
        account_id: order.account_id,
        plan_no: collections::last_plan_no(conn, order.account_id)? + 1,
        kind: order.kind,
        bills,
        agreed_on: on,
        amount: order.parts.iter().map(|part| part.amount).sum(),
        state: PlanState::Running,
        agreed_how: order.agreed_how.clone(),
        agreed_by: work.by.clone(),
        approved_by: order.approved_by.clone(),
        evidence_no: order.evidence_no,
        hold_no: Some(collections::last_hold_no(conn, order.account_id)? + 1),
        after_allocation: collections::last_allocation_no(conn, order.account_id)?,
        ended_on: None,
        ended_why: None,
    })
}

/// Writes a plan with its parts and its hold.
fn agree(
    conn: &mut Conn,
    work: &Work<'_>,
    plan: &Agreed,
    bills: &[i64],
    on: Date,
) -> Result<Agreed, OfficeError> {
    let row = &plan.row;
    let kind = match row.kind {
        PlanKind::Plan => HoldKind::Plan,
        PlanKind::Promise => HoldKind::Promise,
    };
    let hold = HoldRow {
        account_id: row.account_id,
        hold_no: row.hold_no.unwrap_or_default(),
        kind,
        // One bill is held by itself; several are the account.
        bill_no: if let [only] = bills { *only } else { 0 },
        from_on: on,
        until_on: None,
        reason: format!("{}{}", row.kind.zh(), row.plan_no),
        source: format!("plan:{}", row.plan_no),
        set_by: work.by.clone(),
        released_by: None,
        released_on: None,
        release_reason: None,
    };
    collections::save_plans(conn, std::slice::from_ref(row))?;
    collections::insert_parts(conn, row, &plan.parts)?;
    collections::save_holds(conn, &[hold])?;
    collections::ladder_touch(conn, row.account_id, on)?;
    mark(conn, work, row, "plan.agree", on)?;
    Ok(plan.clone())
}

/// Takes a running plan or promise back; the ladder goes on.
///
/// # Errors
/// A [`PlanRefusal`], a person who is not on the staff list, or the database's.
pub fn plan_cancel(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, plan_no): (i64, i64),
    reason: &str,
    on: Date,
) -> Result<PlanRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        ledger::lock(conn, account_id)?;
        let plan = plans_of(conn, account_id)?.into_iter().find(|plan| plan.row.plan_no == plan_no);
        let plan = plan.ok_or_else(|| OfficeError::refuse(PlanRefusal::UnknownPlan(plan_no)))?;
        match plan.row.state {
            PlanState::Running => end(conn, work, plan.row, PlanState::Cancelled, reason, on),
            PlanState::Cancelled => Ok(plan.row),
            _ => Err(OfficeError::refuse(PlanRefusal::Ended(plan_no))),
        }
    })
}

/// Every plan of an account with its parts.
///
/// # Errors
/// The database's.
pub fn plans_of(conn: &mut Conn, account_id: i64) -> Result<Vec<Agreed>, OfficeError> {
    let range = Range { from: account_id, to: account_id };
    let parts = collections::plan_parts(conn, range)?;
    let with_parts = |row: PlanRow| {
        let of = parts.iter().filter(|(_, plan_no, _)| *plan_no == row.plan_no);
        Agreed { parts: of.map(|(_, _, part)| *part).collect(), row }
    };
    Ok(collections::plans(conn, range)?.into_iter().map(with_parts).collect())
}

/// 约定履行: what became of the running plan of an account on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Watched {
    /// The plan as it stood.
    pub row: PlanRow,
    /// Where it stands now.
    pub state: PlanState,
    /// When time can break it.
    pub next_on: Option<Date>,
}

/// Watches the running plans of a range; writes nothing.
pub(super) fn watch(
    conn: &mut Conn,
    work: &Work<'_>,
    range: Range,
    on: Date,
) -> Result<Vec<Watched>, OfficeError> {
    let plans = collections::running_plans(conn, range)?;
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let rules = work.book.pick::<PlanRules>(TOPIC, &work.site, on)?.params;
    let parts = collections::plan_parts(conn, range)?;
    let received = collections::plan_received(conn, range)?;
    let mut watched = Vec::with_capacity(plans.len());
    for row in plans {
        let key = (row.account_id, row.plan_no);
        let its: Vec<PlanPart> =
            parts.iter().filter(|(a, p, _)| (*a, *p) == key).map(|(_, _, part)| *part).collect();
        let came: Money = received
            .iter()
            .filter(|(a, p, bill_no, _)| (*a, *p) == key && row.covers(*bill_no))
            .map(|(_, _, _, amount)| *amount)
            .sum();
        let bills: Vec<i64> = row.bills.split(',').filter_map(|bill| bill.parse().ok()).collect();
        let open = owed(conn, row.account_id, &bills)?;
        let (state, next_on) = rules.stands(&its, came, open, on);
        watched.push(Watched { row, state, next_on });
    }
    Ok(watched)
}

/// Ends what was kept or broken; a broken one becomes a task of the collector.
pub(super) fn settle(
    conn: &mut Conn,
    work: &Work<'_>,
    watched: Vec<Watched>,
    on: Date,
) -> Result<(), OfficeError> {
    let mut open = Vec::new();
    for watched in watched.into_iter().filter(|watched| watched.state != PlanState::Running) {
        let Watched { row, state, .. } = watched;
        if state == PlanState::Broken {
            let (kind, plan_no) = (row.kind, row.plan_no);
            open.push(NewTask {
                account_id: row.account_id,
                kind: "plan_broken",
                subject: format!("plan:{}", row.plan_no),
                codes: row.kind.word().to_owned(),
                detail: Bilingual::new(
                    format!("{}{plan_no}未按期履行,恢复催收", kind.zh()),
                    format!("{} {plan_no} was not kept: collection goes on", kind.in_english()),
                ),
                owner_role: StaffRole::Collector.word(),
                opened_on: on,
                due_on: None,
            });
        }
        end(conn, work, row, state, state.zh(), on)?;
    }
    Ok(tasks::open(conn, &open)?)
}

fn end(
    conn: &mut Conn,
    work: &Work<'_>,
    row: PlanRow,
    state: PlanState,
    why: &str,
    on: Date,
) -> Result<PlanRow, OfficeError> {
    let row = PlanRow { state, ended_on: Some(on), ended_why: Some(why.to_owned()), ..row };
    collections::save_plans(conn, std::slice::from_ref(&row))?;
    let holds = hold::holds_of(conn, row.account_id)?;
    if let Some(its) = holds.into_iter().find(|hold| Some(hold.hold_no) == row.hold_no) {
        hold::release(conn, work, its, why, on)?;
    }
    mark(conn, work, &row, "plan.end", on)?;
    Ok(row)
}

/// Open principal of some bills of an account.
pub(super) fn owed(conn: &mut Conn, account_id: i64, bills: &[i64]) -> Result<Money, OfficeError> {
    let debts = collections::open_debts(conn, Range { from: account_id, to: account_id })?;
    let of_plan = debts.iter().filter(|debt| bills.contains(&debt.receivable.bill_no));
    Ok(of_plan.map(|debt| debt.receivable.open.at_least(Money::ZERO)).sum())
}

/// How many were broken in the year before.
pub(super) fn broken(known: &[Agreed], on: Date) -> i64 {
    let lately = |plan: &&Agreed| {
        plan.row.state == PlanState::Broken
            && plan
                .row
                .ended_on
                .is_some_and(|ended| days_between(ended, on) <= days_between(year_before(on), on))
    };
    known.iter().filter(lately).count() as i64
}

/// The day a year before.
pub(super) fn year_before(on: Date) -> Date {
    jiff::civil::Date::new(on.year() - 1, on.month(), on.day()).unwrap_or_else(|_| plus_days(on, -366))
}

fn mark(conn: &mut Conn, work: &Work<'_>, plan: &PlanRow, action: &str, on: Date) -> Result<(), OfficeError> {
    let after = format!("{} {} {}", plan.kind.word(), plan.state.word(), plan.amount);
    let mark = audit::Mark {
        account_id: plan.account_id,
        happened_on: on,
        subject: &format!("plan:{}", plan.plan_no),
        action,
        who: &work.by,
        before: None,
        after: Some(&after),
        recorded_at: work.now,
    };
    Ok(audit::mark(conn, &mark)?)
}
