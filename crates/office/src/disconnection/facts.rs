//! Loads everything that the gates look at, at one moment, under the account's lock when it is to be acted on.

use super::CutRefusal;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::disconnection::{
    CallOutcome, CutDebt, CutDocument, CutFacts, CutHold, CutLaw, Decision, Declared, Demand, EstateReach,
    FinalCall, PlanNotice, selector_of,
};
use denghuo_rules::registry::{Category, Importance, Protection};
use denghuo_rules::units::Money;
use denghuo_store::collections::{DebtRow, open_debts};
use denghuo_store::day::Range;
use denghuo_store::disconnection::{self as store, CutCase, CutUser, DocumentRow, NoticeFact};
use denghuo_store::{Conn, ledger, registry};
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
    let on = at.date();
    let user = store::cut_user(conn, account_id, on)?
        .ok_or_else(|| OfficeError::refuse(CutRefusal::UnknownAccount))?;
    let category = user.category.as_deref().and_then(Category::from_word).unwrap_or(Category::Commercial);
    let importance = Importance::from_word(&user.importance).unwrap_or(Importance::Special);
    let protection = user.protection.as_deref().and_then(Protection::from_word);
    let notice = match case.filter(|case| case.round > 0) {
        Some(case) => store::stop_notice(conn, account_id, "stop_plan", &case.subject())?,
        None => None,
    };
    let plan = notice.as_ref().map(plan_notice);
    let served_on = plan.as_ref().and_then(|plan| plan.served_at).map(DateTime::date);
    let selector = selector_of(&work.site, category, importance, protection);
    let law = CutLaw::load(work.book, &selector, on, served_on)?;
    let debts = open_debts(conn, Range { from: account_id, to: account_id })?;
    let balance = ledger::balance(conn, account_id)?;
    let in_favour: Money = debts.iter().map(|debt| (-debt.receivable.open).at_least(Money::ZERO)).sum();
    let documents = documents(conn, account_id, case, user.estate_id)?;
    let latest = |kind: CutDocument| documents.iter().filter(|d| d.kind == kind).map(|d| d.happened_on).max();
    let own = case.map_or((0, 0), |case| (case.case_no, case.round));
    let posted = earliest(
        documents.iter().filter(|d| d.kind == CutDocument::Posting).map(|d| d.happened_on).min(),
        served_day(conn, account_id, case, "estate_posting")?,
    );
    let copied =
        earliest(latest(CutDocument::AuthorityCopy), served_day(conn, account_id, case, "authority_copy")?);
    let facts = CutFacts {
        account_id,
        case_no: own.0,
        round: own.1,
        entry_no: balance.next_entry_no,
        category,
        importance,
        protection,
        debts: cut_debts(conn, account_id, &debts, on)?,
        credit: balance.prepaid.at_least(Money::ZERO) + in_favour,
        proposed_by: case.map_or_else(|| work.by.clone(), |case| case.proposed_by.clone()),
        approval: approval(conn, case)?,
        notice: plan,
        authority_copy_on: copied,
        authority_approval_on: latest(CutDocument::AuthorityApproval),
        protection_decision: protection_decision(conn, &documents)?,
        holds: holds(conn, account_id, on)?,
        declared: declared(conn, user.org_id, on)?,
        estate: reach(conn, account_id, &user, category)?,
        talks: documents
            .iter()
            .filter(|d| d.kind == CutDocument::Talk)
            .map(|d| (d.about.clone(), d.happened_on))
            .collect(),
        posted_on: posted,
        feeds_others: category == Category::Communal && user.estate_id.is_some(),
        others_supplied_on: latest(CutDocument::OthersSupplied),
        calls: calls(conn, account_id, case)?,
    };
    Ok(Loaded { facts, law, notice })
}

fn earliest(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    a.into_iter().chain(b).min()
}

/// The day on which a notice of the current round was served.
fn served_day(
    conn: &mut Conn,
    account_id: i64,
    case: Option<&CutCase>,
    kind: &str,
) -> Result<Option<Date>, OfficeError> {
    let Some(case) = case.filter(|case| case.round > 0) else { return Ok(None) };
    let found = store::stop_notice(conn, account_id, kind, &case.subject())?;
    Ok(found.filter(|n| n.state == "served").and_then(|n| n.served_at).map(DateTime::date))
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
fn cut_debts(
    conn: &mut Conn,
    account_id: i64,
    debts: &[DebtRow],
    on: Date,
) -> Result<Vec<CutDebt>, OfficeError> {
    let demands = store::served_demands(conn, account_id)?;
    let demands: Vec<(Vec<i64>, Demand)> = demands
        .iter()
        .filter_map(|row| {
            let content = row.content.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let bills = bills_of(&content.unwrap_or_default(), row.bill_no);
            Some((bills, Demand { notice_no: row.notice_no, arrived_at: row.served_at? }))
        })
        .collect();
    let mut rows: Vec<CutDebt> = debts
        .iter()
        .filter(|debt| debt.receivable.open > Money::ZERO)
        .map(|debt| {
            let bill_no = debt.receivable.bill_no;
            let of_bill =
                demands.iter().filter(|(bills, _)| bills.contains(&bill_no)).map(|(_, demand)| *demand);
            CutDebt {
                bill_no,
                due_on: debt.receivable.due_on,
                open: debt.receivable.open,
                secured: Money::ZERO,
                demands: of_bill.collect(),
            }
        })
        .collect();
    rows.sort_by_key(|debt| (debt.due_on, debt.bill_no));
    for security in store::security_of(conn, account_id, on)? {
        let bills: Option<Vec<i64>> = security.bills.as_deref().map(numbers);
        let mut left = security.amount;
        for debt in rows.iter_mut().filter(|d| bills.as_ref().is_none_or(|bills| bills.contains(&d.bill_no)))
        {
            let part = debt.unsecured().min(left);
            debt.secured += part;
            left -= part;
        }
    }
    Ok(rows)
}

fn numbers(text: &str) -> Vec<i64> {
    text.split(',').filter_map(|part| part.trim().parse().ok()).collect()
}

fn approval(conn: &mut Conn, case: Option<&CutCase>) -> Result<Option<Decision>, OfficeError> {
    let Some((by, on)) = case.and_then(|case| case.approved_by.clone().zip(case.approved_on)) else {
        return Ok(None);
    };
    let level = access::level_of(conn, &by, on)?;
    Ok(Some(Decision { by, level, on }))
}

/// The papers of the case, and the talks and postings of every live case of its estate.
fn documents(
    conn: &mut Conn,
    account_id: i64,
    case: Option<&CutCase>,
    estate_id: Option<i64>,
) -> Result<Vec<DocumentRow>, OfficeError> {
    let mut documents = match case {
        Some(case) => store::documents_of(conn, account_id, case.case_no)?,
        None => Vec::new(),
    };
    if let Some(estate_id) = estate_id {
        let others = store::estate_documents(conn, estate_id)?;
        documents.extend(others.into_iter().filter(|d| d.account_id != account_id));
    }
    Ok(documents)
}

fn protection_decision(conn: &mut Conn, documents: &[DocumentRow]) -> Result<Option<Decision>, OfficeError> {
    let last = documents.iter().rfind(|d| d.kind == CutDocument::ProtectionDecision);
    let Some(document) = last else { return Ok(None) };
    let level = access::level_of(conn, &document.noted_by, document.happened_on)?;
    Ok(Some(Decision { by: document.noted_by.clone(), level, on: document.happened_on }))
}

/// Holds, running plans and promises, and insolvencies, all as holds.
fn holds(conn: &mut Conn, account_id: i64, on: Date) -> Result<Vec<CutHold>, OfficeError> {
    let mut holds: Vec<CutHold> = store::holds_of(conn, account_id, on)?
        .into_iter()
        .map(|row| CutHold {
            kind: row.kind,
            bill_no: row.bill_no,
            from_on: row.from_on,
            until_on: row.until_on,
        })
        .collect();
    let of = |kind: &str, bill_no, from_on| CutHold {
        kind: kind.to_owned(),
        bill_no,
        from_on,
        until_on: jiff::civil::date(9999, 12, 31),
    };
    for plan in store::plans_running(conn, account_id)? {
        holds.extend(numbers(&plan.bills).into_iter().map(|bill_no| of(&plan.kind, bill_no, plan.agreed_on)));
    }
    let insolvencies = store::open_insolvencies(conn, account_id, on)?;
    holds.extend(insolvencies.into_iter().map(|accepted_on| of("bankruptcy", 0, accepted_on)));
    Ok(holds)
}

/// Windows declared for the organisation or one above it.
fn declared(conn: &mut Conn, org_id: i64, on: Date) -> Result<Vec<Declared>, OfficeError> {
    let windows = store::windows_from(conn, on)?;
    if windows.is_empty() {
        return Ok(Vec::new());
    }
    let orgs = registry::orgs(conn)?;
    let mut line = vec![0, org_id];
    while let Some(parent) =
        orgs.iter().find(|org| line.last() == Some(&org.org_id)).and_then(|org| org.parent_id)
    {
        if line.contains(&parent) {
            break;
        }
        line.push(parent);
    }
    let ours = windows.into_iter().filter(|window| line.contains(&window.org_id));
    Ok(ours
        .map(|window| Declared {
            kind: window.kind,
            reason: window.reason,
            from_on: window.from_on,
            until_on: window.until_on,
        })
        .collect())
}

/// Households of the estate that would be without power, and whether the debtor is its developer or property company.
fn reach(
    conn: &mut Conn,
    account_id: i64,
    user: &CutUser,
    category: Category,
) -> Result<EstateReach, OfficeError> {
    let of_company = store::debtor_of_estate(conn, &user.customer_code, &user.customer_name)?;
    let Some(estate_id) = user.estate_id else {
        return Ok(EstateReach { households: i64::from(category == Category::Household), of_company });
    };
    let own = match category {
        Category::Communal => store::estate_of(conn, estate_id)?.map_or(0, |estate| estate.households),
        Category::Household => 1,
        _ => 0,
    };
    let others = store::estate_households_cut(conn, estate_id, account_id)?;
    Ok(EstateReach { households: own + others, of_company })
}

/// Last calls; an execution notice that was handed over tells as a call does.
fn calls(conn: &mut Conn, account_id: i64, case: Option<&CutCase>) -> Result<Vec<FinalCall>, OfficeError> {
    let Some(case) = case else { return Ok(Vec::new()) };
    let mut calls: Vec<FinalCall> = store::calls_of(conn, account_id, case.case_no)?
        .into_iter()
        .map(|row| FinalCall { called_at: row.called_at, told_cut_at: row.told_cut_at, outcome: row.outcome })
        .collect();
    let paper = store::stop_notice(conn, account_id, "stop_execution", &case.subject())?;
    if let Some(paper) = paper.filter(|paper| paper.state == "served") {
        let content: Value =
            paper.content.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let told = content["cut_at"].as_str().and_then(|text| text.replace(' ', "T").parse().ok());
        if let (Some(called_at), Some(told_cut_at)) = (paper.served_at, told) {
            calls.push(FinalCall { called_at, told_cut_at, outcome: CallOutcome::Reached });
        }
    }
    Ok(calls)
}
