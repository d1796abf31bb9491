//! 联系方式月度核查: on the first working day of a month the contacts that fail become calls, and unanswered calls visits.

use crate::error::OfficeError;
use crate::registry::{CALL, VISIT, contact_is_silent};
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::check::{CheckReason, ContactCheck, TOPIC, is_check_day, work_due};
use denghuo_store::day::Range;
use denghuo_store::registry::{self, KnownContact};
use denghuo_store::tasks::{self, NewTask, Resolution, Task};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;
use std::collections::HashSet;

/// Opens the work of the month, and the visits of calls whose time has passed; tells how many.
pub(super) fn open_tasks(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<i64, OfficeError> {
    let calendar = work.book.calendar();
    if !is_check_day(on, calendar)? {
        return Ok(0);
    }
    let rule = work.book.pick::<ContactCheck>(TOPIC, &work.site, on)?.params;
    let visit_by = work_due(on, rule.visit_working_days, calendar)?;
    let call_by = work_due(on, rule.call_working_days, calendar)?;
    let everybody = Range { from: 0, to: i64::MAX };
    let mut new: Vec<NewTask> = Vec::new();
    let unanswered = tasks::open_of(conn, CALL, everybody)?;
    for call in unanswered.into_iter().filter(|call| call.due_on.is_some_and(|day| day < on)) {
        let done = Resolution { decision: "unanswered", by: &work.by, on, note: "" };
        tasks::resolve(conn, (call.account_id, CALL, &call.subject), &done)?;
        new.push(visit_of(call, visit_by, on));
    }
    let visits = tasks::open_of(conn, VISIT, everybody)?;
    let visited: HashSet<(i64, String)> = visits
        .into_iter()
        .map(|task| (task.account_id, task.subject))
        .chain(new.iter().map(|task| (task.account_id, task.subject.clone())))
        .collect();
    for contact in registry::contacts_in_trouble(conn)? {
        let subject = format!("contact:{}", contact.contact_no);
        if visited.contains(&(contact.account_id, subject)) {
            continue;
        }
        let reason = contact.trouble.as_deref().and_then(CheckReason::from_word);
        let reason = reason.unwrap_or(CheckReason::Unreachable);
        // Called and not reached: the next step is the door.
        let task = call_of(&contact, reason, call_by, on);
        new.push(if reason == CheckReason::Unreachable { to_the_door(task, visit_by) } else { task });
    }
    let silent = registry::silent_contacts(conn, rule.silent_since(on), rule.silent_at_most.into())?;
    for contact in &silent {
        ledger::lock(conn, contact.account_id)?;
        contact_is_silent(conn, work, contact, on)?;
        new.push(call_of(contact, CheckReason::Silent, call_by, on));
    }
    tasks::open(conn, &new)?;
    Ok(new.len() as i64)
}

fn call_of(contact: &KnownContact, reason: CheckReason, due_on: Date, on: Date) -> NewTask {
    NewTask {
        account_id: contact.account_id,
        kind: CALL,
        subject: format!("contact:{}", contact.contact_no),
        // The month makes it another finding than that of an earlier month, which is decided.
        codes: format!("contact.{}.{:04}{:02}", reason.word(), on.year(), on.month()),
        detail: Bilingual::new(
            format!("联系方式{}{},请核实", contact.contact_no, reason.zh()),
            format!("contact {}: {}, please check", contact.contact_no, reason.in_english()),
        ),
        owner_role: "agent",
        opened_on: on,
        due_on: Some(due_on),
    }
}

fn to_the_door(task: NewTask, due_on: Date) -> NewTask {
    NewTask { kind: VISIT, owner_role: "reader", due_on: Some(due_on), ..task }
}

fn visit_of(call: Task, due_on: Date, on: Date) -> NewTask {
    NewTask {
        account_id: call.account_id,
        kind: VISIT,
        subject: call.subject,
        codes: call.codes,
        detail: call.detail,
        owner_role: "reader",
        opened_on: on,
        due_on: Some(due_on),
    }
}
