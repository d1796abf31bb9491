//! 停复电日程: what the business day and the sweep do with every live case: take up what the ladder asks for, see what was served,
//! what was paid, what has passed.

use super::cases::{self, CutProposal, NEVER, cut_propose, tomorrow};
use super::facts::{Loaded, load, loaded, plan_notice};
use super::round::{Out, Round};
use super::{notices, operate, restore};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::disconnection::{CutState, Window, days_left, debts_that_ground, last_moment};
use denghuo_rules::refusal::Refusal;
use denghuo_rules::units::Money;
use denghuo_store::collections::principal_changes;
use denghuo_store::day::{Counts, Range};
use denghuo_store::disconnection::{self as store, CutCase, DueCut, GroundRow, OperationRow};
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, ledger};
use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use std::collections::BTreeSet;

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

/// The stage of the day over a range of accounts. Doing it again changes nothing. The range is loaded and written as one, whatever the
/// number of its cases; what happens to a case, such as a payment, costs its own queries.
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
        let mut round = Round::open(conn, range, on)?;
        let watched: Vec<i64> = round.cases.keys().copied().collect();
        for account_id in watched {
            let done = look(conn, work, &mut round, account_id, at).map(drop);
            park(&mut round.out, account_id, done, (on, &mut counts))?;
        }
        for due in store::cuts_due(conn, on, range)? {
            // Held or paid since the step was written: it is asked again on the next day, and changes nothing.
            let done = match take_up(conn, work, &mut round, &due, at) {
                Err(OfficeError::Refused(_)) => Ok(()),
                other => other,
            };
            park(&mut round.out, due.account_id, done, (on, &mut counts))?;
        }
        round.out.write(conn, work, on)?;
        Ok(counts)
    })
}

/// Proposes what a step of the ladder asks for; an account whose case has just ended, or that is asked for twice, is looked at anew.
fn take_up(
    conn: &mut Conn,
    work: &Work<'_>,
    round: &mut Round,
    due: &DueCut,
    at: DateTime,
) -> Result<(), OfficeError> {
    let account_id = due.account_id;
    if round.out.cases.last().is_some_and(|case| case.account_id == account_id) {
        return Ok(());
    }
    if round.cases.contains_key(&account_id) || round.balance(account_id).is_none() {
        let proposal = CutProposal { account_id, reason: "arrears".to_owned(), step: due.step };
        return cut_propose(conn, work, &proposal, at).map(drop);
    }
    cases::propose(conn, work, round, (account_id, due.step), at).map(drop)
}

/// Counts an account as done, or sets it aside with a task.
fn park(
    out: &mut Out,
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
        detail: why.text(),
        owner_role: "manager",
        opened_on: on,
        due_on: None,
    };
    if out.tasks.last() != Some(&task) {
        out.tasks.push(task);
    }
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

/// Cases that a sweep holds locked at once.
const AT_ONCE: usize = 256;

/// Looks at every live case that something has happened to, now: a server does it every minute.
///
/// # Errors
/// The database's.
pub fn sweep(conn: &mut Conn, work: &Work<'_>, at: DateTime) -> Result<Swept, OfficeError> {
    let mut swept = Swept::default();
    for range in store::cut_ranges(conn, at.date(), AT_ONCE)? {
        sweep_range(conn, work, range, at, &mut swept)?;
    }
    Ok(swept)
}

/// 收款之后: looks at the live cases of some accounts whose books have just moved, so that a warrant ends and a restoration is ordered
/// at the moment of the payment. To be called in the transaction of the payment; `work.by` orders.
///
/// # Errors
/// The database's: what is wrong with a case does not stop a payment.
pub fn sweep_after(
    conn: &mut Conn,
    work: &Work<'_>,
    accounts: &[i64],
    at: DateTime,
) -> Result<Swept, OfficeError> {
    let mut swept = Swept::default();
    let accounts: BTreeSet<i64> = match accounts {
        [account_id] => {
            store::live_case(conn, *account_id)?.map(|case| case.account_id).into_iter().collect()
        }
        [] => BTreeSet::new(),
        _ => {
            let moved: BTreeSet<i64> = accounts.iter().copied().collect();
            store::accounts_in_cases(conn)?.into_iter().filter(|account| moved.contains(account)).collect()
        }
    };
    for account_id in accounts {
        sweep_range(conn, work, Range::one(account_id), at, &mut swept)?;
    }
    Ok(swept)
}

fn sweep_range(
    conn: &mut Conn,
    work: &Work<'_>,
    range: Range,
    at: DateTime,
    swept: &mut Swept,
) -> Result<(), OfficeError> {
    conn.write(|conn| {
        let mut round = Round::open(conn, range, at.date())?;
        let watched: Vec<i64> = round.cases.keys().copied().collect();
        for account_id in watched {
            swept.cases += 1;
            match look(conn, work, &mut round, account_id, at) {
                Ok(true) => swept.restorations.push(account_id),
                Ok(false) => {}
                Err(OfficeError::Store(error)) => return Err(error.into()),
                Err(other) => swept.parked.push((account_id, other.code().unwrap_or("rule").to_owned())),
            }
        }
        round.out.write(conn, work, at.date())
    })
}

/// Looks at the live case of an account; true when a restoration was ordered.
///
/// # Errors
/// A missing rule, an uncovered year, or the database's.
pub fn tend(conn: &mut Conn, work: &Work<'_>, account_id: i64, at: DateTime) -> Result<bool, OfficeError> {
    ledger::lock(conn, account_id)?;
    let mut round = Round::open(conn, Range::one(account_id), at.date())?;
    let ordered = look(conn, work, &mut round, account_id, at)?;
    round.out.write(conn, work, at.date())?;
    Ok(ordered)
}

/// Looks at the live case of an account of a round; true when a restoration was ordered.
fn look(
    conn: &mut Conn,
    work: &Work<'_>,
    round: &mut Round,
    account_id: i64,
    at: DateTime,
) -> Result<bool, OfficeError> {
    let Some(mut case) = round.cases.get(&account_id).cloned() else { return Ok(false) };
    if let Some(warrant) = round.warrant(account_id) {
        let key = (account_id, case.case_no, warrant.warrant_no);
        if round.balance(account_id).is_none_or(|balance| warrant.entry_no != balance.next_entry_no) {
            store::end_warrant(conn, key, ("revoked", "cuts.books_moved"), at)?;
        } else if warrant.expires_at < at {
            store::end_warrant(conn, key, ("expired", "cuts.warrant_expired"), at)?;
        }
    }
    let operations = round.operations(account_id).to_vec();
    for mut row in operations.iter().cloned() {
        round.out.tasks.extend(restore::late(&row, at));
        let answer_by = row.ordered_at.checked_add(Span::new().minutes(ANSWER_MINUTES));
        if row.channel == "remote" && row.state == "ordered" && answer_by.is_ok_and(|by| by < at) {
            operate::doubtful(conn, &mut row, "no answer: 无应答", at)?;
        }
    }
    let loaded = loaded(conn, work, &mut round.known, (account_id, Some(&case)), at)?;
    if cause_has_ended(round.grounds(account_id), &loaded) {
        let grounds = round.grounds(account_id).to_vec();
        return end_of_cause(conn, work, &mut case, (&loaded, &operations, &grounds), at);
    }
    if operations.is_empty() && matches!(case.state, CutState::Approved | CutState::Served) {
        move_on(conn, work, round, (&mut case, &loaded), at)?;
    }
    Ok(false)
}

/// Is nothing of the debts that the case rests on unpaid and unsecured any more?
fn cause_has_ended(grounds: &[GroundRow], loaded: &Loaded<'_>) -> bool {
    let is_ground = |bill_no: i64| grounds.iter().any(|ground| ground.bill_no == bill_no);
    let debts = loaded.facts.debts.iter().filter(|debt| is_ground(debt.bill_no));
    let left: Money = debts.map(denghuo_rules::disconnection::CutDebt::unsecured).sum();
    left - loaded.facts.credit <= Money::ZERO
}

/// Paid or secured: what was cut is restored, what was ordered is called back, what was only planned is closed.
fn end_of_cause(
    conn: &mut Conn,
    work: &Work<'_>,
    case: &mut CutCase,
    (loaded, operations, grounds): (&Loaded<'_>, &[OperationRow], &[GroundRow]),
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
    let ordered = restore::order(conn, work, case, &loaded.law, (ended_at(grounds, at), "paid", at))?;
    if ordered && case.state == CutState::Cut {
        tell_if_paid_before(conn, case, grounds, at)?;
    }
    Ok(ordered)
}

/// The moment at which the cause ended: this one when the last payment is of today, else the earliest that it can have been.
fn ended_at(grounds: &[GroundRow], at: DateTime) -> DateTime {
    match grounds.iter().filter_map(|ground| ground.settled_on).max() {
        Some(day) if day < at.date() => day.to_datetime(Time::midnight()),
        _ => at,
    }
}

/// Was power cut although, as it turns out, everything had been paid on an earlier day?
fn tell_if_paid_before(
    conn: &mut Conn,
    case: &CutCase,
    grounds: &[GroundRow],
    at: DateTime,
) -> Result<(), OfficeError> {
    let operations = store::operations_of(conn, case.account_id)?;
    let cut = operations.iter().find(|o| o.case_no == case.case_no && o.kind == "cut" && o.state == "done");
    let Some(cut_on) = cut.and_then(|o| o.done_at).map(DateTime::date) else { return Ok(()) };
    let changes = principal_changes(conn, Range::one(case.account_id))?;
    let paid_before = grounds.iter().all(|ground| {
        let early = changes.iter().filter(|c| c.bill_no == ground.bill_no && c.on < cut_on);
        ground.amount + early.map(|c| c.by).sum::<Money>() <= Money::ZERO
    });
    if !paid_before {
        return Ok(());
    }
    let task = NewTask {
        account_id: case.account_id,
        kind: AFTER_PAYMENT,
        subject: format!("cut:{}", case.case_no),
        codes: "paid_before".to_owned(),
        detail: Bilingual::new(
            "停电前客户已缴清,须致歉并核查责任",
            "the customer had paid all before the cut: apologise, and find out who is responsible",
        ),
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
        if served(case, &loaded, at)? {
            store::save_case(conn, case)?;
        }
    }
    Ok(())
}

/// Takes the service of the notice into the case; false when there is none.
fn served(case: &mut CutCase, loaded: &Loaded<'_>, at: DateTime) -> Result<bool, OfficeError> {
    let plan = loaded.notice.as_ref().map(plan_notice);
    let Some(served_at) = plan.and_then(|plan| plan.served_at).filter(|served_at| *served_at <= end_of(at))
    else {
        return Ok(false);
    };
    let Some(window) = Window::of_facts(&loaded.law, &loaded.facts)? else { return Ok(false) };
    case.state = CutState::Served;
    case.served_on = Some(served_at.date());
    (case.window_from, case.window_to) = (Some(window.from), Some(window.to));
    case.next_on = window.days.first().copied().unwrap_or(window.from).max(at.date());
    Ok(true)
}

/// The last second of the day: the stage of a day sees what was served on it.
fn end_of(at: DateTime) -> DateTime {
    plus_days(at.date(), 1).to_datetime(Time::midnight())
}

/// A case that waits for its service, or whose window runs: is there still a day on which power may be cut?
fn move_on(
    conn: &mut Conn,
    work: &Work<'_>,
    round: &mut Round,
    (case, loaded): (&mut CutCase, &Loaded<'_>),
    at: DateTime,
) -> Result<(), OfficeError> {
    let on = at.date();
    if case.state == CutState::Approved && !served(case, loaded, at)? {
        return unserved(conn, work, round, (case, loaded), at);
    }
    let window = days_left(&loaded.facts, &loaded.law, at)?;
    let mut days = window.map(|window| window.days).unwrap_or_default();
    days.retain(|day| *day > on || at <= last_moment(&loaded.law, *day));
    let Some((first, last)) = days.first().copied().zip(days.last().copied()) else {
        return serve_again(conn, work, round, (case, loaded), at);
    };
    case.next_on = if first > on { first } else { tomorrow(last) };
    if first == on {
        round.out.tasks.push(NewTask {
            account_id: case.account_id,
            kind: FIELD,
            subject: case.subject(),
            codes: "window".to_owned(),
            detail: Bilingual::new(
                format!("停电窗口已到,末日{last};须先取得许可并再次通知客户"),
                format!(
                    "the window of the cut is open until {last}: get a warrant and tell the customer again"
                ),
            ),
            owner_role: "inspector",
            opened_on: on,
            due_on: Some(last),
        });
    }
    round.out.cases.push(case.clone());
    Ok(())
}

/// The notice is on its way: a task when it is late, and a new one when no day of what it tells is left.
fn unserved(
    conn: &mut Conn,
    work: &Work<'_>,
    round: &mut Round,
    (case, loaded): (&mut CutCase, &Loaded<'_>),
    at: DateTime,
) -> Result<(), OfficeError> {
    let on = at.date();
    let plan = loaded.notice.as_ref().map(plan_notice);
    let told = plan.and_then(|plan| plan.told);
    let min = i64::from(loaded.law.notice_min.value);
    if told.is_none_or(|(_, to)| plus_days(on, min) > to) {
        return serve_again(conn, work, round, (case, loaded), at);
    }
    let late = told.is_some_and(|(from, _)| plus_days(from, i64::from(loaded.law.serve_within) - min) < on);
    let failed = loaded.notice.as_ref().is_some_and(|notice| notice.state == "failed");
    if late || failed {
        round.out.tasks.push(NewTask {
            account_id: case.account_id,
            kind: UNSERVED,
            subject: case.subject(),
            codes: if failed { "failed" } else { "late" }.to_owned(),
            detail: Bilingual::new(
                "停电计划通知书未按期送达",
                "the notice of the planned cut was not served in time",
            ),
            owner_role: "collector",
            opened_on: on,
            due_on: Some(on),
        });
    }
    case.next_on = tomorrow(on);
    round.out.cases.push(case.clone());
    Ok(())
}

/// Withdraws what was served and serves again, where a debt still allows it; else waits.
fn serve_again(
    conn: &mut Conn,
    work: &Work<'_>,
    round: &mut Round,
    (case, old): (&mut CutCase, &Loaded<'_>),
    at: DateTime,
) -> Result<(), OfficeError> {
    if let Some(warrant) = round.warrant(case.account_id) {
        let key = (case.account_id, case.case_no, warrant.warrant_no);
        store::end_warrant(conn, key, ("revoked", "cuts.window_passed"), at)?;
    }
    // Asked without the old notice, whose day of service binds no more.
    let mut fresh = old.facts.clone();
    fresh.notice = None;
    let allows = cases::debt_allows(&fresh, &old.law, at);
    match allows {
        Ok(()) if !debts_that_ground(&fresh, &old.law, at).is_empty() => {
            let without = CutCase { round: 0, notice_no: None, ..case.clone() };
            let new = loaded(conn, work, &mut round.known, (case.account_id, Some(&without)), at)?;
            notices::withdraw(conn, work, case, "window_passed", at)?;
            notices::stop_plan(conn, work, case, &new, at)?;
            let round = case.round.to_string();
            cases::mark(conn, work, case, ("cut.serve_again", None, Some(&round)), at.date())?;
        }
        Ok(()) | Err(OfficeError::Refused(Refusal { .. })) => {
            case.next_on = tomorrow(at.date());
            debug_assert!(case.next_on < NEVER, "a held case is looked at on the next day");
        }
        Err(error) => return Err(error),
    }
    round.out.cases.push(case.clone());
    Ok(())
}
