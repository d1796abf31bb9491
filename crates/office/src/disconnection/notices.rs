//! The papers that a case asks for: the stop-plan notice, its copy for the authority, the posting, the execution notice, the
//! restoration notice.

use super::facts::Loaded;
use crate::collections::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::notices::{NoticeOrder, notice_request, notice_withdraw};
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Silent;
use denghuo_rules::disconnection::{CutState, debts_that_ground};
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::registry::Importance;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::disconnection::{self as store, CutCase};
use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

/// The debts of a notice, as its paper tells them.
struct Told {
    bills: Vec<Value>,
    amount: Money,
    fee: Money,
}

fn told_debts(
    conn: &mut Conn,
    work: &Work<'_>,
    loaded: &Loaded<'_>,
    at: DateTime,
) -> Result<Told, OfficeError> {
    let on = at.date();
    let grounds: Vec<i64> =
        debts_that_ground(&loaded.facts, &loaded.law, at).iter().map(|debt| debt.bill_no).collect();
    let fees = FeeBook::of(work)?;
    let books = Books::read(conn, &[loaded.facts.account_id], on)?;
    let mut told = Told { bills: Vec::new(), amount: Money::ZERO, fee: Money::ZERO };
    for books in &books {
        for debt in books.debts.iter().filter(|debt| grounds.contains(&debt.receivable.bill_no)) {
            let receivable = &debt.receivable;
            let (booked, open) = debt.fee.map_or_else(Default::default, |fee| (fee.booked, fee.open));
            let fee = (open + fees.target(books, debt, on, &mut Silent)? - booked).at_least(Money::ZERO);
            told.bills.push(json!({
                "bill_no": receivable.bill_no, "month": receivable.month.to_string(),
                "due_on": receivable.due_on.to_string(), "amount": receivable.amount.to_string(),
                "open": receivable.open.to_string(), "late_fee": fee.to_string(),
            }));
            told.amount += receivable.open;
            told.fee += fee;
        }
    }
    Ok(told)
}

/// Asks for the stop-plan notice of the next round, with everything that goes with it; the case then waits for its service.
///
/// # Errors
/// A missing rule, or the database's.
pub fn stop_plan(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &mut CutCase,
    loaded: &Loaded<'_>,
    at: DateTime,
) -> Result<(), OfficeError> {
    let (on, law) = (at.date(), &loaded.law);
    case.round += 1;
    let subject = case.subject();
    let told = told_debts(conn, work, loaded, at)?;
    let by = plus_days(on, law.serve_within.into());
    let window = (plus_days(on, law.notice_min.value.into()), plus_days(by, law.notice_max.value.into()));
    let order = |kind, due_by| NoticeOrder {
        account_id: case.account_id,
        kind,
        subject: subject.clone(),
        bill_no: case.bill_no,
        due_by,
        deadline_on: Some(plus_days(window.0, -1)),
        amount: told.amount,
        fee: told.fee,
        content: json!({
            "bills": told.bills, "total": told.amount.to_string(),
            "window": { "from": window.0.to_string(), "to": window.1.to_string() },
        }),
        rules: law.rule_ids(),
    };
    let notice_no = notice_request(conn, work, &order(NoticeKind::StopPlan, by), on)?;
    if loaded.facts.importance != Importance::Ordinary && law.copy_to_authority.is_some() {
        notice_request(conn, work, &order(NoticeKind::AuthorityCopy, by), on)?;
    }
    if law.estate_rule(&loaded.facts).is_some() {
        notice_request(conn, work, &order(NoticeKind::EstatePosting, by), on)?;
    }
    case.state = CutState::Approved;
    case.notice_no = Some(notice_no);
    (case.window_from, case.window_to) = (None, None);
    case.next_on = plus_days(on, 1);
    case.rules = law.rule_ids().join(",");
    let grounds: Vec<(i64, Money)> =
        debts_that_ground(&loaded.facts, law, at).iter().map(|debt| (debt.bill_no, debt.open)).collect();
    if !grounds.is_empty() {
        store::keep_case_bills(conn, (case.account_id, case.case_no), &grounds)?;
    }
    Ok(())
}

/// Takes back what of a round was not handed over yet: a paper that is not needed any more reaches nobody.
///
/// # Errors
/// The database's.
pub fn withdraw(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &CutCase,
    why: &str,
    at: DateTime,
) -> Result<(), OfficeError> {
    let kinds = [
        NoticeKind::StopPlan,
        NoticeKind::AuthorityCopy,
        NoticeKind::EstatePosting,
        NoticeKind::StopExecution,
    ];
    for kind in kinds {
        let found = store::stop_notice(conn, case.account_id, kind.word(), &case.subject())?;
        if let Some(notice) = found.filter(|notice| notice.state != "served") {
            notice_withdraw(conn, work, (case.account_id, notice.notice_no), why, at)?;
        }
    }
    Ok(())
}

/// Asks for the execution notice, which is handed over when the customer is told the time.
///
/// # Errors
/// A missing rule, or the database's.
pub fn stop_execution(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &CutCase,
    (loaded, told_cut_at): (&Loaded<'_>, DateTime),
    at: DateTime,
) -> Result<(), OfficeError> {
    let told = told_debts(conn, work, loaded, at)?;
    let cut_at = told_cut_at.strftime("%Y-%m-%d %H:%M").to_string();
    let order = NoticeOrder {
        account_id: case.account_id,
        kind: NoticeKind::StopExecution,
        subject: case.subject(),
        bill_no: case.bill_no,
        due_by: at.date(),
        deadline_on: None,
        amount: told.amount,
        fee: told.fee,
        content: json!({ "bills": told.bills, "total": told.amount.to_string(), "cut_at": cut_at }),
        rules: loaded.law.rule_ids(),
    };
    notice_request(conn, work, &order, at.date())?;
    Ok(())
}

/// Tells the customer that power is back.
///
/// # Errors
/// The database's.
pub fn restoration(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &CutCase,
    restored_at: DateTime,
    on: Date,
) -> Result<(), OfficeError> {
    let order = NoticeOrder {
        account_id: case.account_id,
        kind: NoticeKind::Restoration,
        subject: format!("cut:{}", case.case_no),
        bill_no: 0,
        due_by: on,
        deadline_on: None,
        amount: Money::ZERO,
        fee: Money::ZERO,
        content: json!({ "restored_at": restored_at.strftime("%Y-%m-%d %H:%M").to_string() }),
        rules: Vec::new(),
    };
    notice_request(conn, work, &order, on)?;
    Ok(())
}
