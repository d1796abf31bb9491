//! The facts of one account at one moment, as the gates look at them; under its lock when they are to be acted on.

use super::CutRefusal;
use super::known::Known;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::disconnection::{
    CallOutcome, CutDebt, CutDocument, CutFacts, CutHold, CutLaw, Decision, Demand, EstateReach, FinalCall,
    PlanNotice, selector_of,
};
use denghuo_rules::registry::{Category, Importance, Protection};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::day::Range;
use denghuo_store::disconnection::{CutCase, CutUser, NoticeFact};
use jiff::civil::{Date, DateTime};
use serde_json::Value;

/// What is known of an intended cut, and the law that applies to it.
pub struct Loaded<'b> {
    /// The facts.
    pub facts: CutFacts,
    /// The law.
    pub law: CutLaw<'b>,
    /// The stop-plan notice of the current round.
    pub notice: Option<NoticeFact>,
}

/// Loads the facts of an account with its case, if it has one.
///
/// # Errors
/// No such account, a missing rule, or the database's.
pub fn load<'b>(
    conn: &mut Conn,
    work: &Work<'b>,
    account_id: i64,
    case: Option<&CutCase>,
    at: DateTime,
) -> Result<Loaded<'b>, OfficeError> {
    let mut known = Known::load(conn, Range::one(account_id), at.date())?;
    loaded(conn, work, &mut known, (account_id, case), at)
}

/// The facts of an account with its case, out of what is known of its range.
///
/// # Errors
/// No such account, a missing rule, or the database's.
pub fn loaded<'b>(
    conn: &mut Conn,
    work: &Work<'b>,
    known: &mut Known,
    (account_id, case): (i64, Option<&CutCase>),
    at: DateTime,
) -> Result<Loaded<'b>, OfficeError> {
    let on = at.date();
    let own = case.map_or((0, 0), |case| (case.case_no, case.round));
    let (approval, protection_decision) = decisions(conn, known, account_id, case)?;
    let known = &*known;
    let user = known.user(account_id).ok_or_else(|| OfficeError::refuse(CutRefusal::UnknownAccount))?;
    let category = user.category.as_deref().and_then(Category::from_word).unwrap_or(Category::Commercial);
    let importance = Importance::from_word(&user.importance).unwrap_or(Importance::Special);
    let protection = user.protection.as_deref().and_then(Protection::from_word);
    let notice_of = |kind: &str| {
        let case = case.filter(|case| case.round > 0)?;
        known.notice(account_id, kind, &case.subject())
    };
    let served_day = |kind: &str| {
        let served_at = notice_of(kind).filter(|n| n.state == "served").and_then(|n| n.served_at);
        served_at.map(DateTime::date)
    };
    let notice = notice_of("stop_plan").cloned();
    let plan = notice.as_ref().map(plan_notice);
    let served_on = plan.as_ref().and_then(|plan| plan.served_at).map(DateTime::date);
    let selector = selector_of(&work.site, category, importance, protection);
    let law = CutLaw::load(work.book, &selector, on, served_on)?;
    let balance = known.balance(account_id);
    let in_favour: Money =
        known.bills(account_id).iter().map(|bill| (-bill.open).at_least(Money::ZERO)).sum();
    let documents = known.documents(account_id, own.0, user.estate_id);
    let days = |kind: CutDocument| documents.iter().filter(move |d| d.kind == kind).map(|d| d.happened_on);
    let facts = CutFacts {
        account_id,
        case_no: own.0,
        round: own.1,
        entry_no: balance.next_entry_no,
        category,
        importance,
        protection,
        debts: cut_debts(known, account_id),
        credit: balance.prepaid.at_least(Money::ZERO) + in_favour,
        proposed_by: case.map_or_else(|| work.by.clone(), |case| case.proposed_by.clone()),
        approval,
        notice: plan,
        authority_copy_on: earliest(days(CutDocument::AuthorityCopy).max(), served_day("authority_copy")),
        authority_approval_on: days(CutDocument::AuthorityApproval).max(),
        protection_decision,
        holds: holds(known, account_id),
        declared: known.declared(user.org_id),
        estate: reach(known, user, category),
        talks: documents
            .iter()
            .filter(|d| d.kind == CutDocument::Talk)
            .map(|d| (d.about.clone(), d.happened_on))
            .collect(),
        posted_on: earliest(days(CutDocument::Posting).min(), served_day("estate_posting")),
        feeds_others: category == Category::Communal && user.estate_id.is_some(),
        others_supplied_on: days(CutDocument::OthersSupplied).max(),
        calls: calls(known, account_id, case),
    };
    Ok(Loaded { facts, law, notice })
}

/// The approval of a case, and the decision about a protected user.
fn decisions(
    conn: &mut Conn,
    known: &mut Known,
    account_id: i64,
    case: Option<&CutCase>,
) -> Result<(Option<Decision>, Option<Decision>), OfficeError> {
    let Some(case) = case else { return Ok((None, None)) };
    let approved = case.approved_by.as_deref().zip(case.approved_on);
    let approval = approved.map(|(by, on)| known.decision(conn, by, on)).transpose()?;
    let papers = known.documents(account_id, case.case_no, None);
    let last = papers.iter().rfind(|d| d.kind == CutDocument::ProtectionDecision);
    let decided = last.map(|document| (document.noted_by.clone(), document.happened_on));
    let protection = decided.map(|(by, on)| known.decision(conn, &by, on)).transpose()?;
    Ok((approval, protection))
}

fn earliest(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    a.into_iter().chain(b).min()
}

/// The stop-plan notice as the gates see it.
pub fn plan_notice(row: &NoticeFact) -> PlanNotice {
    let content: Value =
        row.content.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let day = |name: &str| content["window"][name].as_str().and_then(|text| text.parse::<Date>().ok());
    PlanNotice {
        served_at: row.served_at.filter(|_| row.state == "served"),
        told: day("from").zip(day("to")),
        bills: bills_of(&content, row.bill_no),
    }
}

/// The bills that a notice tells.
fn bills_of(content: &Value, bill_no: i64) -> Vec<i64> {
    let told = content["bills"].as_array();
    let mut bills: Vec<i64> =
        told.into_iter().flatten().filter_map(|bill| bill["bill_no"].as_i64()).collect();
    if bill_no != 0 && !bills.contains(&bill_no) {
        bills.push(bill_no);
    }
    bills
}

/// The unpaid debts with their demands and what secures them.
fn cut_debts(known: &Known, account_id: i64) -> Vec<CutDebt> {
    let demands: Vec<(Vec<i64>, Demand)> = known
        .demands(account_id)
        .filter_map(|row| {
            let content = row.content.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let bills = bills_of(&content.unwrap_or_default(), row.bill_no);
            Some((bills, Demand { notice_no: row.notice_no, arrived_at: row.served_at? }))
        })
        .collect();
    let unpaid = known.bills(account_id).iter().filter(|bill| bill.open > Money::ZERO);
    let mut rows: Vec<CutDebt> = unpaid
        .map(|bill| {
            let of_bill =
                demands.iter().filter(|(bills, _)| bills.contains(&bill.bill_no)).map(|(_, demand)| *demand);
            CutDebt {
                bill_no: bill.bill_no,
                due_on: bill.due_on,
                open: bill.open,
                secured: Money::ZERO,
                demands: of_bill.collect(),
            }
        })
        .collect();
    rows.sort_by_key(|debt| (debt.due_on, debt.bill_no));
    for security in known.securities(account_id) {
        let bills: Option<Vec<i64>> = security.bills.as_deref().map(numbers);
        let mut left = security.amount;
        for debt in rows.iter_mut().filter(|d| bills.as_ref().is_none_or(|bills| bills.contains(&d.bill_no)))
        {
            let part = debt.unsecured().min(left);
            debt.secured += part;
            left -= part;
        }
    }
    rows
}

fn numbers(text: &str) -> Vec<i64> {
    text.split(',').filter_map(|part| part.trim().parse().ok()).collect()
}

/// Holds, running plans and promises, and insolvencies, all as holds.
fn holds(known: &Known, account_id: i64) -> Vec<CutHold> {
    let held = known.holds(account_id).iter().map(|row| CutHold {
        kind: row.kind.clone(),
        bill_no: row.bill_no,
        from_on: row.from_on,
        until_on: row.until_on,
    });
    let of = |kind: &str, bill_no, from_on| CutHold {
        kind: kind.to_owned(),
        bill_no,
        from_on,
        until_on: jiff::civil::date(9999, 12, 31),
    };
    let mut holds: Vec<CutHold> = held.collect();
    for plan in known.plans(account_id) {
        holds.extend(numbers(&plan.bills).into_iter().map(|bill_no| of(&plan.kind, bill_no, plan.agreed_on)));
    }
    holds.extend(known.insolvencies(account_id).iter().map(|accepted_on| of("bankruptcy", 0, *accepted_on)));
    holds
}

/// Households of the estate that would be without power, and whether the debtor is its developer or property company.
fn reach(known: &Known, user: &CutUser, category: Category) -> EstateReach {
    let of_company = known.is_company_of_estate(user);
    let Some(estate_id) = user.estate_id else {
        return EstateReach { households: i64::from(category == Category::Household), of_company };
    };
    let own = match category {
        Category::Communal => known.households(estate_id),
        Category::Household => 1,
        _ => 0,
    };
    EstateReach { households: own + known.dark_homes(estate_id, user.account_id), of_company }
}

/// Last calls; an execution notice that was handed over tells as a call does.
fn calls(known: &Known, account_id: i64, case: Option<&CutCase>) -> Vec<FinalCall> {
    let Some(case) = case else { return Vec::new() };
    let made = known.calls(account_id, case.case_no).map(|row| FinalCall {
        called_at: row.called_at,
        told_cut_at: row.told_cut_at,
        outcome: row.outcome,
    });
    let mut calls: Vec<FinalCall> = made.collect();
    let paper = known.notice(account_id, "stop_execution", &case.subject());
    if let Some(paper) = paper.filter(|paper| paper.state == "served") {
        let content: Value =
            paper.content.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let told = content["cut_at"].as_str().and_then(|text| text.replace(' ', "T").parse().ok());
        if let (Some(called_at), Some(told_cut_at)) = (paper.served_at, told) {
            calls.push(FinalCall { called_at, told_cut_at, outcome: CallOutcome::Reached });
        }
    }
    calls
}
