//! 核对: what other senders left behind, what is in doubt, and what has been silent for long enough.

use super::round::record;
use super::{Ended, SendReport, Sender};
use crate::error::OfficeError;
use crate::ports::{PortError, Trace};
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::outbox::{AttemptOutcome, DeliveryKey, OutboxRule, plus_minutes};
use denghuo_rules::notices::{Channel, DeliveryState};
use denghuo_store::Conn;
use denghuo_store::notices::outbox::{self as store, AttemptRow, Due, OutboxRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use jiff::civil::{DateTime, Time, date};
use rayon::prelude::*;

/// 工单种类 of what a person has to settle.
pub const DOUBT_TASK: &str = "delivery_doubt";

/// Rows that are looked at in one transaction.
const LOOK: usize = 512;

/// When nobody but a person looks at it any more.
pub(super) fn never() -> DateTime {
    date(9999, 12, 31).to_datetime(Time::midnight())
}

/// Everything that is to be looked at before something is sent.
pub(super) fn look(
    sender: &Sender<'_>,
    conn: &mut Conn,
    work: &Work<'_>,
    rule: &OutboxRule,
    at: DateTime,
) -> Result<SendReport, OfficeError> {
    let mut report = SendReport { taken_over: take_over(sender, conn, rule, at)?, ..SendReport::default() };
    report.arrived += mature(sender, conn, work, at)?;
    report += doubts(sender, conn, work, rule, at)?;
    report += silent(sender, conn, work, rule, at)?;
    Ok(report)
}

/// Takes the claims of senders that say nothing any more: what was not handed over is queued again, the rest is in doubt.
fn take_over(
    sender: &Sender<'_>,
    conn: &mut Conn,
    rule: &OutboxRule,
    at: DateTime,
) -> Result<usize, OfficeError> {
    let ran_out = if sender.options.alone { never() } else { at };
    conn.write(|conn| {
        let mut rows = store::due(conn, Due::Claims, ran_out, LOOK)?;
        rows.sort_by_key(|row| row.key);
        for row in &mut rows {
            let attempts = store::attempts(conn, row.key)?;
            let last = attempts.last().and_then(|attempt| attempt.outcome);
            let outcome = if last.is_none() { AttemptOutcome::Interrupted } else { AttemptOutcome::Unknown };
            let why = Some("the sender ended");
            store::end_attempt(conn, (row.key, row.attempts), outcome, at, why)?;
            let follow = rule.after(row.channel, row.attempts, outcome, at);
            (row.state, row.next_at) = (follow.state, follow.next_at);
        }
        store::save(conn, &rows)?;
        Ok(rows.len())
    })
}

/// 视为送达: mails that have not come back in time have arrived when the relay took them.
fn mature(sender: &Sender<'_>, conn: &mut Conn, work: &Work<'_>, at: DateTime) -> Result<usize, OfficeError> {
    conn.write(|conn| {
        let mut rows = store::due(conn, Due::Silent(Channel::Email), at, LOOK)?;
        rows.sort_by_key(|row| row.key);
        let arrived: Vec<(OutboxRow, DateTime)> = rows.into_iter().map(|row| delivered(row, at)).collect();
        keep_arrived(sender, conn, work, &arrived)?;
        Ok(arrived.len())
    })
}

/// The row as delivered, with the moment of arrival: when the carrier took it, as far as that is known.
pub(super) fn delivered(mut row: OutboxRow, at: DateTime) -> (OutboxRow, DateTime) {
    let arrived_at = row.sent_at.unwrap_or(at);
    row.state = DeliveryState::Delivered;
    row.sent_at = Some(arrived_at);
    row.ended_at = Some(at);
    row.next_at = at;
    (row, arrived_at)
}

fn keep_arrived(
    sender: &Sender<'_>,
    conn: &mut Conn,
    work: &Work<'_>,
    arrived: &[(OutboxRow, DateTime)],
) -> Result<(), OfficeError> {
    let rows: Vec<OutboxRow> = arrived.iter().map(|(row, _)| row.clone()).collect();
    store::save(conn, &rows)?;
    if !arrived.is_empty() {
        sender.desk.arrived(conn, work, arrived)?;
    }
    Ok(())
}

/// Rows whose next look is taken by this sender: they are not asked about twice at once.
fn take_looks(
    conn: &mut Conn,
    which: Due,
    at: DateTime,
    minutes: u32,
    serves: impl Fn(Channel) -> bool,
) -> Result<Vec<OutboxRow>, OfficeError> {
    conn.write(|conn| {
        let mut rows = store::due(conn, which, at, LOOK)?;
        rows.sort_by_key(|row| row.key);
        for row in &mut rows {
            row.next_at = plus_minutes(at, minutes.max(1));
        }
        store::save(conn, &rows)?;
        rows.retain(|row| serves(row.channel));
        Ok(rows)
    })
}

/// Asks the carriers about messages, in parallel.
fn ask(sender: &Sender<'_>, rows: Vec<OutboxRow>) -> Vec<(OutboxRow, Result<Trace, PortError>)> {
    let trace = |row: &OutboxRow| {
        let key = row.key.to_string();
        match (row.channel, sender.carriers.mail, sender.carriers.sms) {
            (Channel::Email, Some(mail), _) => mail.trace(&key),
            (Channel::Sms, _, Some(sms)) => sms.trace(&key),
            _ => Ok(Trace::CannotTell),
        }
    };
    sender.pool.install(|| {
        rows.into_par_iter()
            .map(|row| {
                let told = trace(&row);
                (row, told)
            })
            .collect()
    })
}

/// Settles what is in doubt by asking.
fn doubts(
    sender: &Sender<'_>,
    conn: &mut Conn,
    work: &Work<'_>,
    rule: &OutboxRule,
    at: DateTime,
) -> Result<SendReport, OfficeError> {
    let serves = |channel| sender.carriers.serves(channel);
    let rows = take_looks(conn, Due::Doubts, at, rule.doubt_minutes, serves)?;
    if rows.is_empty() {
        return Ok(SendReport::default());
    }
    let answers = ask(sender, rows);
    conn.write(|conn| {
        let mut report = SendReport::default();
        for (asked, answer) in answers {
            let now = store::locked(conn, asked.key)?;
            // A receipt may have settled it meanwhile.
            let Some(row) = now.filter(|row| row.state == DeliveryState::Doubtful) else { continue };
            report += settle(sender, conn, work, (rule, at), row, answer)?;
        }
        Ok(report)
    })
}

fn settle(
    sender: &Sender<'_>,
    conn: &mut Conn,
    work: &Work<'_>,
    (rule, at): (&OutboxRule, DateTime),
    mut row: OutboxRow,
    answer: Result<Trace, PortError>,
) -> Result<SendReport, OfficeError> {
    let attempts = store::attempts(conn, row.key)?;
    let begun_at = attempts.last().map_or(at, |attempt| attempt.begun_at);
    let ended = |outcome, row: &OutboxRow, detail, reference| Ended {
        row: row.clone(),
        outcome,
        at,
        detail,
        reference,
    };
    let mut report = match answer {
        Ok(Trace::Taken(reference)) => {
            let taken = Ended { at: begun_at, ..ended(AttemptOutcome::Taken, &row, None, Some(reference)) };
            record(sender, conn, work, rule, &[taken])?
        }
        Ok(Trace::Delivered) => {
            store::end_attempt(conn, (row.key, row.attempts), AttemptOutcome::Taken, at, None)?;
            row.sent_at = Some(begun_at);
            keep_arrived(sender, conn, work, &[delivered(row, at)])?;
            SendReport { arrived: 1, ..SendReport::default() }
        }
        Ok(Trace::Failed(why)) => {
            record(sender, conn, work, rule, &[ended(AttemptOutcome::Never, &row, Some(why), None)])?
        }
        Ok(Trace::Absent) => {
            record(sender, conn, work, rule, &[ended(AttemptOutcome::NotTaken, &row, None, None)])?
        }
        Ok(Trace::CannotTell) => return unanswered(conn, row, &attempts, at),
        Err(why) => {
            let patience = rule.doubt_minutes.saturating_mul(rule.doubt_looks.into());
            if at < plus_minutes(begun_at, patience) {
                return Ok(SendReport::default());
            }
            return for_a_person(conn, row, at, ("no_answer", &why.to_string()));
        }
    };
    report.settled += 1;
    Ok(report)
}

/// Nobody can be asked: sent once more under the same key, which lets the recipient see that it is the same; a second doubt
/// is for a person.
fn unanswered(
    conn: &mut Conn,
    mut row: OutboxRow,
    attempts: &[AttemptRow],
    at: DateTime,
) -> Result<SendReport, OfficeError> {
    let doubts = attempts.iter().filter(|one| one.outcome == Some(AttemptOutcome::Unknown)).count();
    if doubts > 1 {
        return for_a_person(conn, row, at, ("cannot_tell", "the carrier cannot be asked"));
    }
    let note = Some("sent once more under the same key: nobody could be asked");
    store::end_attempt(conn, (row.key, row.attempts), AttemptOutcome::Unknown, at, note)?;
    (row.state, row.next_at) = (DeliveryState::Queued, at);
    row.detail = note.map(str::to_owned);
    store::save(conn, &[row])?;
    Ok(SendReport { settled: 1, ..SendReport::default() })
}

/// Leaves a delivery in doubt, with a task.
fn for_a_person(
    conn: &mut Conn,
    mut row: OutboxRow,
    at: DateTime,
    (code, why): (&str, &str),
) -> Result<SendReport, OfficeError> {
    row.state = DeliveryState::Doubtful;
    row.next_at = never();
    row.detail = Some(why.to_owned());
    let (channel, address, notice_no) = (row.channel, &row.address, row.key.notice_no);
    let task = NewTask {
        account_id: row.key.account_id,
        kind: DOUBT_TASK,
        subject: row.key.to_string(),
        codes: code.to_owned(),
        detail: Bilingual::new(
            format!("{}发往{address}的通知{notice_no}是否送达不明:{why}", channel.zh()),
            format!(
                "nobody knows whether notice {notice_no} reached {address} by {}: {why}",
                channel.in_english()
            ),
        ),
        owner_role: "collector",
        opened_on: at.date(),
        due_on: Some(plus_days(at.date(), 1)),
    };
    tasks::open(conn, &[task])?;
    store::save(conn, &[row])?;
    Ok(SendReport { tasks: 1, ..SendReport::default() })
}

/// Ends the task of a delivery that is not in doubt any more.
pub(super) fn close_task(
    conn: &mut Conn,
    work: &Work<'_>,
    key: DeliveryKey,
    at: DateTime,
    decision: &str,
) -> Result<(), OfficeError> {
    let resolution = Resolution { decision, by: &work.by, on: at.date(), note: "" };
    tasks::resolve(conn, (key.account_id, DOUBT_TASK, &key.to_string()), &resolution)?;
    Ok(())
}

/// SMS that the gateway took and of which no receipt came: asked for, and at last left to a person.
fn silent(
    sender: &Sender<'_>,
    conn: &mut Conn,
    work: &Work<'_>,
    rule: &OutboxRule,
    at: DateTime,
) -> Result<SendReport, OfficeError> {
    if !sender.carriers.serves(Channel::Sms) {
        return Ok(SendReport::default());
    }
    let rows = take_looks(conn, Due::Silent(Channel::Sms), at, rule.receipt_minutes, |_| true)?;
    if rows.is_empty() {
        return Ok(SendReport::default());
    }
    let answers = ask(sender, rows);
    let patience = rule.receipt_minutes.saturating_mul(rule.doubt_looks.into());
    conn.write(|conn| {
        let mut report = SendReport::default();
        for (asked, answer) in answers {
            let now = store::locked(conn, asked.key)?;
            let Some(mut row) = now.filter(|row| row.state == DeliveryState::Sent) else { continue };
            match answer {
                Ok(Trace::Delivered) => {
                    keep_arrived(sender, conn, work, &[delivered(row, at)])?;
                    report.arrived += 1;
                }
                Ok(Trace::Failed(why)) => {
                    row.state = DeliveryState::Bounced;
                    row.ended_at = Some(at);
                    row.detail = Some(why);
                    store::save(conn, std::slice::from_ref(&row))?;
                    sender.desk.failed(conn, work, &[row], at)?;
                    report.bounced += 1;
                }
                _ if row.sent_at.is_none_or(|sent_at| at >= plus_minutes(sent_at, patience)) => {
                    report += for_a_person(conn, row, at, ("no_receipt", "no receipt came"))?;
                }
                _ => {}
            }
        }
        Ok(report)
    })
}
