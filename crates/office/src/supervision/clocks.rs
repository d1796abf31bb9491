//! 监督时限: the stage of the day. Checks look at what is new, and whoever let a deadline pass is told upwards, each level once.

use super::deed::{facts_of, ledger_of};
use super::found::rule_of;
use super::scan::scan;
use super::{LATE, PARKED, training};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{YearNotCovered, plus_days};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::supervision::{FindingDeed, FindingState, RectificationRule, escalation_due};
use denghuo_store::day::Counts;
use denghuo_store::registry::{self, Org};
use denghuo_store::supervision::{self as store, FindingEventRow, FindingRow, RectificationRow};
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, notices};
use jiff::civil::Date;

/// Runs the checks over what is new since the last business day, tells what has run out, and reminds of certificates that end. Doing it
/// again changes nothing.
///
/// # Errors
/// A missing rule, or the database's.
pub fn supervise(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Counts, OfficeError> {
    conn.write(|conn| {
        let from = notices::previous_day(conn, on)?.unwrap_or(on);
        let found = scan(conn, work, (from, on), on)?.found;
        let mut counts = Counts { due: found, done: found, ..Counts::default() };
        counts += tell_all(conn, work, on)?;
        let reminded = training::remind(conn, work, on)?;
        counts += Counts { due: reminded, done: reminded, ..Counts::default() };
        Ok(counts)
    })
}

/// Tells what has run out.
fn tell_all(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Counts, OfficeError> {
    let due = store::findings_due(conn, on)?;
    let mut counts = Counts::default();
    if due.is_empty() {
        return Ok(counts);
    }
    let units = registry::orgs(conn)?;
    for finding in due {
        counts.due += 1;
        match tell(conn, work, &units, finding.clone(), on) {
            Ok(()) => counts.done += 1,
            Err(OfficeError::Calendar(missing)) => {
                counts.parked += 1;
                tasks::open(conn, &[parked(&finding, &missing, on)])?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(counts)
}

fn parked(finding: &FindingRow, missing: &YearNotCovered, on: Date) -> NewTask {
    NewTask {
        account_id: finding.account_id,
        kind: PARKED,
        subject: finding.finding_no.to_string(),
        codes: "calendar.year_not_covered".to_owned(),
        detail: Bilingual::new(
            format!("问题{}的期限无法计算: {}", finding.finding_no, missing.text().zh),
            format!("the day of finding {} cannot be told: {}", finding.finding_no, missing.text().en),
        ),
        owner_role: "manager",
        opened_on: on,
        due_on: None,
    }
}

fn tell(
    conn: &mut Conn,
    work: &Work<'_>,
    units: &[Org],
    mut finding: FindingRow,
    on: Date,
) -> Result<(), OfficeError> {
    let rule = rule_of(work, finding.severity, finding.found_on)?;
    let orders = store::orders_of(conn, finding.finding_no)?;
    let told: Vec<String> =
        ledger_of(conn, finding.finding_no)?.into_iter().filter_map(|event| event.once_key).collect();
    let deadline = deadline_of(work, &rule, &finding, &orders)?;
    let org_id = orders.last().map_or(finding.org_id, |order| order.org_id);
    for (level, day) in escalation_due(&rule, work.book.calendar(), deadline, on)? {
        let key = key_of(&orders, finding.state, level);
        if told.contains(&key) {
            continue;
        }
        let said = format!("{},期限{deadline}已过", finding.state.zh());
        store::insert_event(
            conn,
            &FindingEventRow {
                finding_no: finding.finding_no,
                event_no: 0,
                deed: FindingDeed::Escalate,
                happened_on: plus_days(day, 1),
                noted_by: work.by.clone(),
                said: said.clone(),
                org_id: Some(above(units, org_id, level)),
                once_key: Some(key),
            },
        )?;
        finding.level = finding.level.max(level.into());
        tasks::open(
            conn,
            &[NewTask {
                account_id: finding.account_id,
                kind: LATE,
                subject: finding.finding_no.to_string(),
                codes: format!("finding.escalated,{},{level}", orders.len()),
                detail: Bilingual::new(
                    format!("{}: {said}", finding.said),
                    format!(
                        "{}: {}, its day {deadline} is over",
                        finding.said_en,
                        finding.state.in_english()
                    ),
                ),
                owner_role: "manager",
                opened_on: on,
                due_on: Some(on),
            }],
        )?;
    }
    finding.next_on = next_look(work, &rule, deadline, on)?;
    store::save_findings(conn, std::slice::from_ref(&finding))?;
    Ok(())
}

/// What is told once: the round, where it stood, the level.
fn key_of(orders: &[RectificationRow], state: FindingState, level: u8) -> String {
    format!("{}:{}:{level}", orders.len(), state.word())
}

/// By when somebody has to decide on a finding of a day; the next day is the first on which it is looked at.
pub(super) fn decide_by(
    work: &Work<'_>,
    rule: &RectificationRule,
    found_on: Date,
) -> Result<Date, YearNotCovered> {
    let day = work.book.calendar().working_days_after(found_on, rule.verify_working_days)?;
    Ok(plus_days(day, 1))
}

/// The deadline that runs.
fn deadline_of(
    work: &Work<'_>,
    rule: &RectificationRule,
    finding: &FindingRow,
    orders: &[RectificationRow],
) -> Result<Date, YearNotCovered> {
    match (finding.state, orders.last()) {
        (FindingState::Told, Some(RectificationRow { verify_by: Some(day), .. })) => Ok(*day),
        (_, Some(order)) => Ok(order.due_on),
        (_, None) => work.book.calendar().working_days_after(finding.found_on, rule.verify_working_days),
    }
}

/// When the clocks have to look again: the first day behind a step that has not come.
fn next_look(
    work: &Work<'_>,
    rule: &RectificationRule,
    deadline: Date,
    on: Date,
) -> Result<Option<Date>, YearNotCovered> {
    let mut next = None;
    for step in &rule.steps {
        let day = plus_days(work.book.calendar().working_days_after(deadline, step.overdue_working_days)?, 1);
        if day > on && next.is_none_or(|known| day < known) {
            next = Some(day);
        }
    }
    Ok(next)
}

/// When a finding is looked at next after something was done about it; none once it has ended.
pub(super) fn look_again(
    conn: &mut Conn,
    work: &Work<'_>,
    finding: &FindingRow,
    on: Date,
) -> Result<Option<Date>, OfficeError> {
    let facts = facts_of(conn, finding)?;
    if facts.state().is_ended() {
        return Ok(None);
    }
    let rule = rule_of(work, finding.severity, finding.found_on)?;
    let orders = store::orders_of(conn, finding.finding_no)?;
    let finding = FindingRow { state: facts.state(), ..finding.clone() };
    let deadline = deadline_of(work, &rule, &finding, &orders)?;
    Ok(next_look(work, &rule, deadline, on)?)
}

/// The unit so many levels above one; the highest where there are not so many.
fn above(units: &[Org], org_id: i64, level: u8) -> i64 {
    let mut at = org_id;
    for _ in 0..level {
        match units.iter().find(|unit| unit.org_id == at).and_then(|unit| unit.parent_id) {
            Some(parent) => at = parent,
            None => break,
        }
    }
    at
}
