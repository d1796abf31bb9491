//! 停复电日程: what the business day and the sweep do with every live case: take up what the ladder asks for, see what was served,
//! what was paid, what has passed.

use super::cases::{self, CutProposal, NEVER, cut_propose, tomorrow};
use super::facts::{Loaded, load, plan_notice};
use super::{notices, operate, restore};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::disconnection::{CutState, Window, days_left, debts_that_ground, last_moment};
use denghuo_rules::refusal::Refusal;
use denghuo_rules::units::Money;
use denghuo_store::collections::{debt, principal_changes};
use denghuo_store::day::{Counts, Range};
use denghuo_store::disconnection::{self as store, CutCase, OperationRow};
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, ledger};
use jiff::Span;
use jiff::civil::{Date, DateTime, Time};

/// Task of the field staff: the window of a case runs.
pub const FIELD: &str = "cut_due";
/// Task when a stop-plan notice was not handed over in time.
pub const UNSERVED: &str = "cut_unserved";
/// Task when power was cut from somebody who had paid before.
pub const AFTER_PAYMENT: &str = "cut_after_payment";
/// Task of a case that could not be looked at.
pub const PARKED: &str = "cut_parked";
/// A remote command without an answer for longer is in doubt.
const ANSWER_MINUTES: i64 = 10;

/// Ranges of accounts that have something due on a day.
///
/// # Errors
/// The database's.
pub fn disconnect_ranges(conn: &mut Conn, on: Date, size: usize) -> Result<Vec<Range>, OfficeError> {
    Ok(store::cut_ranges(conn, on, size)?)
}

/// The stage of the day over a range of accounts. Doing it again changes nothing.
///
/// # Errors
/// The database's; what is wrong with one account parks that account.
pub fn disconnect_stage(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    range: Range,
) -> Result<Counts, OfficeError> {
    let at = on.to_datetime(Time::midnight());
    conn.write(|conn| {
        let mut counts = Counts::default();
        for account_id in store::cuts_to_watch(conn, range)? {
            let done = tend(conn, work, account_id, at).map(drop);
            park(conn, account_id, done, (on, &mut counts))?;
        }
        for due in store::cuts_due(conn, on, range)? {
            let proposal =
                CutProposal { account_id: due.account_id, reason: "arrears".to_owned(), step: due.step };
            // Held or paid since the step was written: it is asked again on the next day, and changes nothing.
            let done = match cut_propose(conn, work, &proposal, at) {
                Err(OfficeError::Refused(_)) => Ok(()),
                other => other.map(drop),
            };
            park(conn, due.account_id, done, (on, &mut counts))?;
        }
        Ok(counts)
    })
}

/// Counts an account as done, or sets it aside with a task.
fn park(
    conn: &mut Conn,
    account_id: i64,
    done: Result<(), OfficeError>,
    (on, counts): (Date, &mut Counts),
) -> Result<(), OfficeError> {
    counts.due += 1;
    let why = match done {
        Ok(()) => {
            counts.done += 1;
            return Ok(());
        }
        Err(OfficeError::Store(error)) => return Err(error.into()),
        Err(other) => other,
    };
    counts.parked += 1;
    let task = NewTask {
        account_id,
        kind: PARKED,
        subject: "cut".to_owned(),
        codes: why.code().unwrap_or("rule").to_owned(),
        detail: why.to_string(),
        owner_role: "manager",
        opened_on: on,
        due_on: None,
    };
    tasks::open(conn, &[task])?;
    Ok(())
}

/// What a sweep came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Swept {
    /// Live cases that were looked at.
    pub cases: usize,
    /// Accounts whose restoration was ordered.
    pub restorations: Vec<i64>,
    /// Accounts that could not be looked at, with the code of the reason.
    pub parked: Vec<(i64, String)>,
}

/// Looks at every live case that something has happened to, now: a server does it every minute.
///
/// # Errors
/// The database's.
pub fn sweep(conn: &mut Conn, work: &Work<'_>, at: DateTime) -> Result<Swept, OfficeError> {
    let mut swept = Swept::default();
    for range in store::cut_ranges(conn, at.date(), 4096)? {
        for account_id in store::cuts_to_watch(conn, range)? {
            swept.cases += 1;
            match conn.write(|conn| tend(conn, work, account_id, at)) {
                Ok(true) => swept.restorations.push(account_id),
                Ok(false) => {}
                Err(OfficeError::Store(error)) => return Err(error.into()),
                Err(other) => swept.parked.push((account_id, other.code().unwrap_or("rule").to_owned())),
            }
        }
    }
    Ok(swept)
}

/// Looks at the live case of an account; true when a restoration was ordered.
///
/// # Errors
/// A missing rule, an uncovered year, or the database's.
pub fn tend(conn: &mut Conn, work: &Work<'_>, account_id: i64, at: DateTime) -> Result<bool, OfficeError> {
    let balance = ledger::lock(conn, account_id)?;
    let Some(mut case) = store::live_case(conn, account_id)? else { return Ok(false) };
    if let Some(warrant) = store::live_warrant(conn, account_id, case.case_no)? {
        let key = (account_id, case.case_no, warrant.warrant_no);
        if warrant.entry_no != balance.next_entry_no {
            store::end_warrant(conn, key, ("revoked", "cuts.books_moved"), at)?;
        } else if warrant.expires_at < at {
            store::end_warrant(conn, key, ("expired", "cuts.warrant_expired"), at)?;
        }
    }
    let operations: Vec<OperationRow> = store::operations_of(conn, account_id)?
        .into_iter()
        .filter(|o| o.case_no == case.case_no && cases::is_open(&o.state))
        .collect();
    for mut row in operations.iter().cloned() {
        restore::tell_late(conn, &row, at)?;
        let answer_by = row.ordered_at.checked_add(Span::new().minutes(ANSWER_MINUTES));
        if row.channel == "remote" && row.state == "ordered" && answer_by.is_ok_and(|by| by < at) {
            operate::doubtful(conn, &mut row, "no answer: 无应答", at)?;
        }
    }
    let loaded = load(conn, work, account_id, Some(&case), at)?;
    if cause_has_ended(conn, &case, &loaded)? {
        return end_of_cause(conn, work, &mut case, (&loaded, &operations), at);
    }
    if !operations.is_empty() {
        return Ok(false);
    }
    match case.state {
        CutState::Approved | CutState::Served => move_on(conn, work, &mut case, &loaded, at)?,
        _ => {}
    }
    Ok(false)
}

/// Is nothing of the debts that the case rests on unpaid and unsecured any more?
fn cause_has_ended(conn: &mut Conn, case: &CutCase, loaded: &Loaded<'_>) -> Result<bool, OfficeError> {
    let bills = store::case_bills(conn, case.account_id, case.case_no)?;
    let debts = loaded.facts.debts.iter().filter(|debt| bills.contains(&debt.bill_no));
    let left: Money = debts.map(denghuo_rules::disconnection::CutDebt::unsecured).sum();
    Ok(left - loaded.facts.credit <= Money::ZERO)
}

/// Paid or secured: what was cut is restored, what was ordered is called back, what was only planned is closed.
fn end_of_cause(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &mut CutCase,
    (loaded, operations): (&Loaded<'_>, &[OperationRow]),
    at: DateTime,
) -> Result<bool, OfficeError> {
    let cuts: Vec<&OperationRow> = operations.iter().filter(|o| o.kind == "cut").collect();
    if case.state != CutState::Cut && cuts.is_empty() {
        if operations.is_empty() {
            cases::close(conn, work, case, (CutState::Closed, "paid"), at)?;
            cases::answered(conn, work, case, ("paid", ""), at.date())?;
            cases::mark(conn, work, case, ("cut.close", None, Some("paid")), at.date())?;
        }
        return Ok(false);
    }
    // A field order that nobody confirmed is called back; whether power went off meanwhile is found out at the meter.
    for row in cuts.into_iter().filter(|o| o.channel == "field" && o.state == "ordered") {
        let mut row = row.clone();
        row.state = "cancelled".to_owned();
        row.detail = Some("paid".to_owned());
        store::save_operation(conn, &row)?;
    }
    let ended_at = ended_at(conn, case, at)?;
    let ordered = restore::order(conn, work, case, &loaded.law, (ended_at, "paid", at))?;
    if ordered && case.state == CutState::Cut {
        tell_if_paid_before(conn, case, at)?;
    }
    Ok(ordered)
}

/// The moment at which the cause ended: this one when the last payment is of today, else the earliest that it can have been.
fn ended_at(conn: &mut Conn, case: &CutCase, at: DateTime) -> Result<DateTime, OfficeError> {
    let mut last: Option<Date> = None;
    for bill_no in store::case_bills(conn, case.account_id, case.case_no)? {
        let settled = debt(conn, case.account_id, bill_no)?.and_then(|debt| debt.receivable.settled_on);
        last = last.max(settled);
    }
    Ok(match last {
        Some(day) if day < at.date() => day.to_datetime(Time::midnight()),
        _ => at,
    })
}

/// Was power cut although, as it turns out, everything had been paid on an earlier day?
fn tell_if_paid_before(conn: &mut Conn, case: &CutCase, at: DateTime) -> Result<(), OfficeError> {
    let operations = store::operations_of(conn, case.account_id)?;
    let cut = operations.iter().find(|o| o.case_no == case.case_no && o.kind == "cut" && o.state == "done");
    let Some(cut_on) = cut.and_then(|o| o.done_at).map(DateTime::date) else { return Ok(()) };
    let range = Range { from: case.account_id, to: case.account_id };
    let changes = principal_changes(conn, range)?;
    let mut paid_before = true;
    for bill_no in store::case_bills(conn, case.account_id, case.case_no)? {
        let amount = debt(conn, case.account_id, bill_no)?.map_or(Money::ZERO, |debt| debt.receivable.amount);
        let early: Money =
            changes.iter().filter(|c| c.bill_no == bill_no && c.on < cut_on).map(|c| c.by).sum();
        paid_before &= amount + early <= Money::ZERO;
    }
    if !paid_before {
        return Ok(());
    }
    let task = NewTask {
        account_id: case.account_id,
        kind: AFTER_PAYMENT,
        subject: format!("cut:{}", case.case_no),
        codes: "paid_before".to_owned(),
        detail: "停电前客户已缴清,须致歉并核查责任".to_owned(),
        owner_role: "manager",
        opened_on: at.date(),
        due_on: Some(at.date()),
    };
    tasks::open(conn, &[task])?;
    Ok(())
}

/// Sees whether the stop-plan notice was served, and opens its window.
///
/// # Errors
/// A missing rule, an uncovered year, or the database's.
pub fn take_service(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &mut CutCase,
    at: DateTime,
) -> Result<(), OfficeError> {
    if case.state == CutState::Approved {
        let loaded = load(conn, work, case.account_id, Some(case), at)?;
        served(conn, case, &loaded, at)?;
    }
    Ok(())
}

/// Takes the service of the notice into the case, when there is one.
fn served(conn: &mut Conn, case: &mut CutCase, loaded: &Loaded<'_>, at: DateTime) -> Result<(), OfficeError> {
    let plan = loaded.notice.as_ref().map(plan_notice);
    let Some(served_at) = plan.and_then(|plan| plan.served_at).filter(|served_at| *served_at <= end_of(at))
    else {
        return Ok(());
    };
    let Some(window) = Window::of_facts(&loaded.law, &loaded.facts)? else { return Ok(()) };
    case.state = CutState::Served;
    case.served_on = Some(served_at.date());
    (case.window_from, case.window_to) = (Some(window.from), Some(window.to));
    case.next_on = window.days.first().copied().unwrap_or(window.from).max(at.date());
    store::save_case(conn, case)?;
    Ok(())
}

/// The last second of the day: the stage of a day sees what was served on it.
fn end_of(at: DateTime) -> DateTime {
    plus_days(at.date(), 1).to_datetime(Time::midnight())
}

/// A case that waits for its service, or whose window runs: is there still a day on which power may be cut?
fn move_on(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &mut CutCase,
    loaded: &Loaded<'_>,
    at: DateTime,
) -> Result<(), OfficeError> {
    let on = at.date();
    if case.state == CutState::Approved {
        served(conn, case, loaded, at)?;
    }
    if case.state == CutState::Approved {
        return unserved(conn, work, case, loaded, at);
    }
    let window = days_left(&loaded.facts, &loaded.law, at)?;
    let mut days = window.map(|window| window.days).unwrap_or_default();
    days.retain(|day| *day > on || at <= last_moment(&loaded.law, *day));
    let Some((first, last)) = days.first().copied().zip(days.last().copied()) else {
        return serve_again(conn, work, case, loaded, at);
    };
    case.next_on = if first > on { first } else { tomorrow(last) };
    if first == on {
        let task = NewTask {
            account_id: case.account_id,
            kind: FIELD,
            subject: case.subject(),
            codes: "window".to_owned(),
            detail: format!("停电窗口已到,末日{last};须先取得许可并再次通知客户"),
            owner_role: "inspector",
            opened_on: on,
            due_on: Some(last),
        };
        tasks::open(conn, &[task])?;
    }
    store::save_case(conn, case)?;
    Ok(())
}

/// The notice is on its way: a task when it is late, and a new one when no day of what it tells is left.
fn unserved(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &mut CutCase,
    loaded: &Loaded<'_>,
    at: DateTime,
) -> Result<(), OfficeError> {
    let on = at.date();
    let plan = loaded.notice.as_ref().map(plan_notice);
    let told = plan.and_then(|plan| plan.told);
    let min = i64::from(loaded.law.notice_min.value);
    if told.is_none_or(|(_, to)| plus_days(on, min) > to) {
        return serve_again(conn, work, case, loaded, at);
    }
    let late = told.is_some_and(|(from, _)| plus_days(from, i64::from(loaded.law.serve_within) - min) < on);
    let failed = loaded.notice.as_ref().is_some_and(|notice| notice.state == "failed");
    if late || failed {
        let task = NewTask {
            account_id: case.account_id,
            kind: UNSERVED,
            subject: case.subject(),
            codes: if failed { "failed" } else { "late" }.to_owned(),
            detail: "停电计划通知书未按期送达".to_owned(),
            owner_role: "collector",
            opened_on: on,
            due_on: Some(on),
        };
        tasks::open(conn, &[task])?;
    }
    case.next_on = tomorrow(on);
    store::save_case(conn, case)?;
    Ok(())
}

/// Withdraws what was served and serves again, where a debt still allows it; else waits.
fn serve_again(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &mut CutCase,
    loaded: &Loaded<'_>,
    at: DateTime,
) -> Result<(), OfficeError> {
    if let Some(warrant) = store::live_warrant(conn, case.account_id, case.case_no)? {
        let key = (case.account_id, case.case_no, warrant.warrant_no);
        store::end_warrant(conn, key, ("revoked", "cuts.window_passed"), at)?;
    }
    // Asked without the old notice, whose day of service binds no more.
    let mut fresh = loaded.facts.clone();
    fresh.notice = None;
    let allows = cases::debt_allows(&fresh, &loaded.law, at);
    match allows {
        Ok(()) if !debts_that_ground(&fresh, &loaded.law, at).is_empty() => {
            notices::withdraw(conn, work, case, "window_passed", at)?;
            let without = case_without_notice(case);
            let loaded = load(conn, work, case.account_id, Some(&without), at)?;
            notices::stop_plan(conn, work, case, &loaded, at)?;
            let round = case.round.to_string();
            cases::mark(conn, work, case, ("cut.serve_again", None, Some(&round)), at.date())?;
        }
        Ok(()) | Err(OfficeError::Refused(Refusal { .. })) => {
            case.next_on = tomorrow(at.date());
            debug_assert!(case.next_on < NEVER, "a held case is looked at on the next day");
        }
        Err(error) => return Err(error),
    }
    store::save_case(conn, case)?;
    Ok(())
}

/// The case as if no notice had gone out.
fn case_without_notice(case: &CutCase) -> CutCase {
    CutCase { round: 0, notice_no: None, ..case.clone() }
}
