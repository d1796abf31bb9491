//! 法律环节: every overdue debt has its clock; alerts come in time; measures are proposed and their terms watched.

use super::cases::propose;
use super::clock::{DebtClock, clocks_of};
use crate::collections::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::{Bilingual, Silent};
use denghuo_rules::legal::LegalTriggers;
use denghuo_rules::legal::case::{CaseState, run_out};
use denghuo_rules::legal::terms::{LegalTerms, LimitationAlerts};
use denghuo_rules::legal::triggers::{CaseKind, DebtorFacts, LegalDebt, Letter, Measure, next_measure};
use denghuo_store::Conn;
use denghuo_store::collections::{self, DebtRow};
use denghuo_store::day::{Counts, Range};
use denghuo_store::legal::{self, CaseRow, DisputeRow, LimitationRow, NEVER};
use denghuo_store::tasks::{self, NewTask};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Ranges of accounts that legal work concerns on a day.
///
/// # Errors
/// The database's.
pub fn legal_ranges(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    size: usize,
) -> Result<Vec<Range>, OfficeError> {
    let terms = work.book.pick::<LegalTerms>("legal_terms", &work.site, on)?.params;
    let alert_until = plus_days(on, i64::from(terms.alert_days));
    let since = legal::last_run(conn, on)?;
    Ok(legal::due_ranges(conn, since, (on, alert_until), size)?)
}

/// Computes the clocks of a range, tells what has to be told, and proposes the measures that are due. Doing it again changes
/// nothing.
///
/// # Errors
/// The database's, or a missing rule.
pub fn legal_run(conn: &mut Conn, work: &Work<'_>, on: Date, range: Range) -> Result<Counts, OfficeError> {
    let alerts = work.book.pick::<LimitationAlerts>("limitation_alerts", &work.site, on)?.params;
    conn.write(|conn| {
        let debts = collections::open_debts(conn, range)?;
        let clocks = clocks_of(conn, work, (range, on), debts.clone())?;
        let kept: BTreeMap<(i64, i64), LimitationRow> = legal::limitations(conn, range)?
            .into_iter()
            .map(|row| ((row.account_id, row.bill_no), row))
            .collect();
        let (rows, told) = difference(&clocks, kept, &alerts, on);
        legal::save_limitations(conn, &rows)?;
        tasks::open(conn, &told)?;
        measures(conn, work, (range, on), &debts)?;
        terms(conn, work, (range, on))?;
        super::write_off::tell_money(conn, (range, on))?;
        let done = clocks.len() as i64;
        Ok(Counts { due: done, done, ..Counts::default() })
    })
}

/// The rows that change, and what is told.
fn difference(
    clocks: &[DebtClock],
    mut kept: BTreeMap<(i64, i64), LimitationRow>,
    alerts: &LimitationAlerts,
    on: Date,
) -> (Vec<LimitationRow>, Vec<NewTask>) {
    let (mut rows, mut told) = (Vec::new(), Vec::new());
    for DebtClock { account_id, bill_no, clock, .. } in clocks {
        let before = kept.remove(&(*account_id, *bill_no));
        let reached = alerts.reached(clock.expires_on, on);
        let row = LimitationRow {
            account_id: *account_id,
            bill_no: *bill_no,
            base_on: clock.runs_from,
            expires_on: clock.expires_on,
            long_stop_on: clock.long_stop_on,
            alerted_days: reached.map(i64::from),
            next_on: alerts.next_on(clock.expires_on, on).unwrap_or(NEVER),
            computed_on: on,
            rules: clock.rules.join(","),
        };
        let same = before.as_ref().is_some_and(|b| LimitationRow { computed_on: on, ..b.clone() } == row);
        if !same {
            if let Some(days) = reached.filter(|_| before.is_none_or(|b| b.alerted_days != row.alerted_days))
            {
                told.push(alert(&row, days, on));
            }
            rows.push(row);
        }
    }
    // What was paid or cancelled in the meantime needs no clock any more.
    rows.extend(kept.into_values().filter(|row| row.next_on != NEVER).map(|row| LimitationRow {
        next_on: NEVER,
        computed_on: on,
        ..row
    }));
    (rows, told)
}

fn alert(row: &LimitationRow, days: u16, on: Date) -> NewTask {
    let LimitationRow { account_id, bill_no, expires_on, .. } = row;
    let detail = if days == 0 {
        Bilingual::new(
            format!("账单{bill_no}的诉讼时效已于{expires_on}届满"),
            format!("the limitation of bill {bill_no} ended on {expires_on}"),
        )
    } else {
        Bilingual::new(
            format!("账单{bill_no}的诉讼时效将于{expires_on}届满,不足{days}天"),
            format!("the limitation of bill {bill_no} ends on {expires_on}, in less than {days} days"),
        )
    };
    NewTask {
        account_id: *account_id,
        kind: "limitation_alert",
        subject: format!("bill:{bill_no}"),
        codes: format!("{days}"),
        detail,
        owner_role: "manager",
        opened_on: on,
        due_on: Some(*expires_on),
    }
}

/// Proposes what is due about the debtors of a range.
fn measures(
    conn: &mut Conn,
    work: &Work<'_>,
    (range, on): (Range, Date),
    debts: &[DebtRow],
) -> Result<(), OfficeError> {
    let triggers = work.book.pick::<LegalTriggers>("legal_triggers", &work.site, on)?;
    let disputes = legal::disputes(conn, range, on)?;
    let cases = legal::cases_of(conn, range)?;
    let insolvent: BTreeSet<i64> = legal::insolvencies_of(conn, range)?
        .into_iter()
        .filter(|row| row.ended_on.is_none_or(|day| day > on))
        .map(|row| row.account_id)
        .collect();
    let secured = secured(conn, range, on)?;
    let demanded: BTreeSet<(i64, i64)> = demanded(conn, range, on)?;
    let arrived = legal::letters_arrived(conn, range, on)?;
    let mut by_account: BTreeMap<i64, Vec<&DebtRow>> = BTreeMap::new();
    for debt in debts.iter().filter(|d| d.receivable.open.raw() > 0 && d.receivable.due_on < on) {
        by_account.entry(debt.receivable.account_id).or_default().push(debt);
    }
    for (account_id, debts) in by_account {
        let cases: Vec<&CaseRow> = cases.iter().filter(|case| case.account_id == account_id).collect();
        let mut facts = DebtorFacts {
            debts: debts.iter().map(|debt| legal_debt(debt, &disputes, &demanded)).collect(),
            secured: secured.contains(&account_id),
            insolvent: insolvent.contains(&account_id),
            letter: letter(&cases, &arrived, on),
            open_cases: cases.iter().filter(|c| c.closed_on.is_none()).map(|c| c.kind).collect(),
        };
        let Some(first) = next_measure(&facts, &triggers.params, on) else { continue };
        if is_answered(conn, &cases, &first)? {
            continue;
        }
        // Late fees are worth their price only where a measure is proposed.
        let books = Books::read(conn, &[account_id], on)?;
        let fees = FeeBook::of(work)?;
        for debt in &mut facts.debts {
            if let Some(at) = books[0].position(debt.bill_no) {
                debt.fee = fees.target(&books[0], &books[0].debts[at], on, &mut Silent)?;
            }
        }
        if let Some(measure) = next_measure(&facts, &triggers.params, on) {
            propose(conn, work, account_id, &measure, (&triggers.rule.id, on))?;
        }
    }
    Ok(())
}

fn legal_debt(debt: &DebtRow, disputes: &[DisputeRow], demanded: &BTreeSet<(i64, i64)>) -> LegalDebt {
    let receivable = &debt.receivable;
    let disputed = disputes.iter().any(|hold| {
        hold.account_id == receivable.account_id && (hold.bill_no == 0 || hold.bill_no == receivable.bill_no)
    });
    let first = receivable.month.first_day();
    LegalDebt {
        bill_no: receivable.bill_no,
        year: first.year(),
        month: first.month(),
        open: receivable.open,
        fee: denghuo_rules::units::Money::ZERO,
        disputed,
        demanded: demanded.contains(&(receivable.account_id, receivable.bill_no)),
    }
}

/// Where the last lawyer's letter of an account stands.
fn letter(cases: &[&CaseRow], arrived: &BTreeSet<(i64, i64)>, on: Date) -> Letter {
    match cases.iter().rev().find(|case| case.kind == CaseKind::Letter) {
        None => Letter::None,
        Some(case) if case.outcome.as_deref() == Some("paid") || case.state == "rejected" => Letter::None,
        Some(case) if case.term_on.is_some_and(|term| on > term) => {
            // A letter that never arrived demanded nothing.
            if has_arrived(case, arrived) { Letter::TermPassed } else { Letter::Running }
        }
        Some(case) if case.closed_on.is_some() => Letter::None,
        Some(_) => Letter::Running,
    }
}

fn has_arrived(case: &CaseRow, arrived: &BTreeSet<(i64, i64)>) -> bool {
    case.notice_no.is_some_and(|no| arrived.contains(&(case.account_id, no)))
}

fn secured(conn: &mut Conn, range: Range, on: Date) -> Result<BTreeSet<i64>, OfficeError> {
    let held = legal::securities_of(conn, range)?;
    Ok(held
        .into_iter()
        .filter(|row| row.released_on.is_none() && row.until_on >= on)
        .map(|row| row.account_id)
        .collect())
}

/// 经催告: the bills that a demand reached, once the day that it named has passed.
fn demanded(conn: &mut Conn, range: Range, on: Date) -> Result<BTreeSet<(i64, i64)>, OfficeError> {
    Ok(legal::demanded(conn, range, on)?.into_iter().collect())
}

/// Was the same turned down, or is it under way, for all of these bills?
fn is_answered(conn: &mut Conn, cases: &[&CaseRow], measure: &Measure) -> Result<bool, OfficeError> {
    for case in
        cases.iter().filter(|case| case.kind == measure.kind && case.outcome.as_deref() != Some("paid"))
    {
        let claimed = legal::case_bills(conn, case.account_id, case.case_no)?;
        if measure.bills.iter().all(|bill| claimed.iter().any(|claim| claim.bill_no == *bill)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// 案件期限: a term that has passed becomes a task; a letter whose debts are paid is closed.
fn terms(conn: &mut Conn, work: &Work<'_>, (range, on): (Range, Date)) -> Result<(), OfficeError> {
    let terms = work.book.pick::<LegalTerms>("legal_terms", &work.site, on)?.params;
    let arrived = legal::letters_arrived(conn, range, on)?;
    let mut told = Vec::new();
    for case in legal::cases_of(conn, range)?.into_iter().filter(|case| case.closed_on.is_none()) {
        let claimed = legal::case_bills(conn, case.account_id, case.case_no)?;
        let mut open = false;
        for bill in &claimed {
            let debt = collections::debt(conn, case.account_id, bill.bill_no)?;
            open |= debt.is_some_and(|debt| debt.receivable.open.raw() > 0);
        }
        if !open {
            super::cases::close(conn, work, case, ("paid", on))?;
            continue;
        }
        if case.next_on <= on && case.kind == CaseKind::PaymentOrder && case.state == "objected" {
            super::cases::become_suit(conn, work, case, on)?;
            continue;
        }
        if case.next_on <= on {
            let (code, said) = told_of(&case);
            let term = case.term_on.map_or_else(Bilingual::default, |day| {
                Bilingual::new(format!(",期限{day}"), format!(", term {day}"))
            });
            told.push(NewTask {
                account_id: case.account_id,
                kind: "legal_term",
                subject: format!("legal:{}:{}", case.case_no, case.state),
                codes: code.to_owned(),
                detail: Bilingual::new(
                    format!("{}:{}{}", case.kind.zh(), said.zh, term.zh),
                    format!("{}: {}{}", case.kind.in_english(), said.en, term.en),
                ),
                owner_role: "manager",
                opened_on: on,
                due_on: case.term_on,
            });
            // A letter that has not arrived is looked at again tomorrow: its receipt may still come.
            let waits = case.kind == CaseKind::Letter && !has_arrived(&case, &arrived);
            let next_on = if waits { plus_days(on, 1) } else { NEVER };
            let row = CaseRow { next_on, ..case };
            legal::save_case(conn, &row)?;
        }
    }
    for row in legal::insolvencies_of(conn, range)?.into_iter().filter(|row| row.ended_on.is_none()) {
        let left = denghuo_rules::calendar::days_between(on, row.claims_until);
        if (0..=i64::from(terms.alert_days)).contains(&left) {
            told.push(NewTask {
                account_id: row.account_id,
                kind: "claims_end",
                subject: format!("insolvency:{}", row.insolvency_no),
                codes: row.claims_until.to_string(),
                detail: Bilingual::new(
                    format!("债权申报期限至{}({});受理后的电费为共益债务", row.claims_until, row.court),
                    format!(
                        "claims may be filed until {} ({}); charges from the acceptance on are debts of the estate",
                        row.claims_until, row.court
                    ),
                ),
                owner_role: "manager",
                opened_on: on,
                due_on: Some(row.claims_until),
            });
        }
    }
    told.extend(securities_end(conn, &terms, (range, on))?);
    Ok(tasks::open(conn, &told)?)
}

/// What the end of a case's term means: code and sentence.
fn told_of(case: &CaseRow) -> (&'static str, Bilingual) {
    match CaseState::from_word(&case.state) {
        Some(state) => run_out(case.kind, state),
        None => ("legal_clock", Bilingual::new("须处理", "to be dealt with")),
    }
}

/// 担保到期: securities that end soon.
fn securities_end(
    conn: &mut Conn,
    terms: &LegalTerms,
    (range, on): (Range, Date),
) -> Result<Vec<NewTask>, OfficeError> {
    let mut told = Vec::new();
    for security in legal::securities_of(conn, range)? {
        let left = denghuo_rules::calendar::days_between(on, security.until_on);
        if security.released_on.is_none() && (0..=i64::from(terms.alert_days)).contains(&left) {
            let duty = security.kind.duty();
            told.push(NewTask {
                account_id: security.account_id,
                kind: "security_ends",
                subject: format!("security:{}", security.security_no),
                codes: security.kind.word().to_owned(),
                detail: Bilingual::new(
                    format!("{}将于{}到期;{}", security.kind.zh(), security.until_on, duty.zh),
                    format!("{} ends on {}: {}", security.kind.in_english(), security.until_on, duty.en),
                ),
                owner_role: "manager",
                opened_on: on,
                due_on: Some(security.until_on),
            });
        }
    }
    Ok(told)
}
