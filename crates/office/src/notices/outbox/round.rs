//! 发送: claim, prepare, hand over, record.

use super::{Ended, Message, Prepared, SendReport, Sender};
use crate::error::OfficeError;
use crate::ports::{Mail, PortError};
use crate::work::Work;
use denghuo_rules::notices::outbox::{AttemptOutcome, DeliveryKey, OutboxRule};
use denghuo_rules::notices::{Channel, DeliveryState};
use denghuo_store::Conn;
use denghuo_store::notices::outbox::{self as store, OutboxRow};
use jiff::civil::DateTime;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A message that is printed and waits for its mark.
struct Loaded {
    row: OutboxRow,
    mail: Mail,
    hash: String,
    /// Until when the claim holds; a sender that was asleep for longer sends nothing.
    until: DateTime,
}

/// Claims a batch of a channel and sends it.
pub(super) fn send(
    sender: &Sender<'_>,
    conn: &mut Conn,
    work: &Work<'_>,
    rule: &OutboxRule,
    (channel, at): (Channel, DateTime),
) -> Result<SendReport, OfficeError> {
    let batch = sender.options.batch.max(1);
    let rows = conn.write(|conn| claim(conn, rule, (channel, at), batch))?;
    let mut report = SendReport { claimed: rows.len(), ..SendReport::default() };
    if rows.is_empty() {
        return Ok(report);
    }
    let prepared = sender.desk.messages(conn, work, &rows, at.date())?;
    let mut waiting: Vec<(OutboxRow, Message)> = Vec::with_capacity(rows.len());
    let mut ended = Vec::new();
    for (row, prepared) in rows.into_iter().zip(prepared) {
        match prepared {
            Prepared::Ready(message) => waiting.push((row, message)),
            Prepared::NotNeeded(why) => {
                report.cancelled += 1;
                conn.write(|conn| drop_one(conn, &row, at, &why))?;
            }
            Prepared::Broken(why) => {
                ended.push(Ended {
                    row,
                    outcome: AttemptOutcome::Never,
                    at,
                    detail: Some(why),
                    reference: None,
                });
            }
        }
    }
    let group = if sender.carriers.can_trace(channel) { sender.options.group.max(1) } else { 1 };
    for part in waiting.chunks(group) {
        let (loaded, unprinted) = print(sender, part, at);
        ended.extend(unprinted);
        // What the last group came to and the mark of the next are one transaction.
        let mine = conn.write(|conn| {
            report += record(sender, conn, work, rule, &ended)?;
            mark(conn, rule, loaded, at)
        })?;
        ended = sender.pool.install(|| mine.into_par_iter().map(|one| hand_over(sender, one)).collect());
    }
    report += conn.write(|conn| record(sender, conn, work, rule, &ended))?;
    Ok(report)
}

/// Takes what is due: from here on it is this sender's until the claim runs out.
fn claim(
    conn: &mut Conn,
    rule: &OutboxRule,
    (channel, at): (Channel, DateTime),
    batch: usize,
) -> Result<Vec<OutboxRow>, OfficeError> {
    let mut rows = store::queued(conn, channel, at, batch)?;
    for row in &mut rows {
        row.state = DeliveryState::Sending;
        row.next_at = rule.claimed_until(at);
        row.attempts += 1;
    }
    // Rows are written in the order of their keys, like everybody does who locks several.
    rows.sort_by_key(|row| row.key);
    let attempts: Vec<(DeliveryKey, i64)> = rows.iter().map(|row| (row.key, row.attempts)).collect();
    store::save(conn, &rows)?;
    store::begin_attempts(conn, &attempts, at)?;
    Ok(rows)
}

/// A delivery that is not needed any more, unless somebody else has taken it meanwhile.
fn drop_one(conn: &mut Conn, row: &OutboxRow, at: DateTime, why: &str) -> Result<(), OfficeError> {
    if let Some(mut now) = still_ours(conn, row)? {
        store::end_attempt(conn, (row.key, row.attempts), AttemptOutcome::Interrupted, at, Some(why))?;
        now.state = DeliveryState::Cancelled;
        now.ended_at = Some(at);
        now.detail = Some(why.to_owned());
        store::save(conn, &[now])?;
    }
    Ok(())
}

/// The row as it is now, when this attempt is still its last and nothing has ended it.
fn still_ours(conn: &mut Conn, row: &OutboxRow) -> Result<Option<OutboxRow>, OfficeError> {
    let now = store::locked(conn, row.key)?;
    Ok(now.filter(|now| {
        now.attempts == row.attempts && matches!(now.state, DeliveryState::Sending | DeliveryState::Doubtful)
    }))
}

/// Prints the papers of a group, in parallel.
fn print(sender: &Sender<'_>, part: &[(OutboxRow, Message)], at: DateTime) -> (Vec<Loaded>, Vec<Ended>) {
    let printed: Vec<Result<Loaded, Box<Ended>>> = sender
        .pool
        .install(|| part.par_iter().map(|(row, message)| load(sender, row, message, at)).collect());
    let mut loaded = Vec::with_capacity(printed.len());
    let mut ended = Vec::new();
    for one in printed {
        match one {
            Ok(one) => loaded.push(one),
            Err(one) => ended.push(*one),
        }
    }
    (loaded, ended)
}

fn load(sender: &Sender<'_>, row: &OutboxRow, message: &Message, at: DateTime) -> Result<Loaded, Box<Ended>> {
    let attachments = match (&message.paper, sender.carriers.papers, row.channel) {
        (Some(paper), Some(papers), Channel::Email) => papers
            .pdf(&paper.template, &paper.data)
            .map(|pdf| vec![(paper.file_name.clone(), "application/pdf".to_owned(), pdf)]),
        (Some(_), None, Channel::Email) => Err(PortError::Later("no printer of papers".to_owned())),
        _ => Ok(Vec::new()),
    };
    match attachments {
        Ok(attachments) => {
            let mail = Mail {
                key: row.key.to_string(),
                to: row.address.clone(),
                subject: message.subject.clone(),
                text: message.text.clone(),
                attachments,
            };
            Ok(Loaded { row: row.clone(), hash: hash(&mail), mail, until: row.next_at })
        }
        // Nothing was handed over, whatever the printer says.
        Err(error) => {
            let outcome = match error {
                PortError::Never(_) => AttemptOutcome::Never,
                _ => AttemptOutcome::Later,
            };
            let detail = Some(error.to_string());
            Err(Box::new(Ended { row: row.clone(), outcome, at, detail, reference: None }))
        }
    }
}

/// Proof of what was told.
fn hash(mail: &Mail) -> String {
    let mut hasher = Sha256::new();
    for part in [&mail.to, &mail.subject, &mail.text] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    for (_, _, bytes) in &mail.attachments {
        hasher.update(Sha256::digest(bytes));
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Marks a group as being handed over; what is no longer ours is left out.
fn mark(
    conn: &mut Conn,
    rule: &OutboxRule,
    loaded: Vec<Loaded>,
    at: DateTime,
) -> Result<Vec<Loaded>, OfficeError> {
    let mut mine = Vec::with_capacity(loaded.len());
    for mut one in loaded {
        let attempt = (one.row.key, one.row.attempts);
        one.until = rule.claimed_until(at);
        if store::mark_handing(conn, attempt, &one.hash, one.until)? {
            mine.push(one);
        } else {
            store::abandon_attempt(conn, attempt, at)?;
        }
    }
    Ok(mine)
}

/// The one place where something leaves.
fn hand_over(sender: &Sender<'_>, one: Loaded) -> Ended {
    let at = (sender.carriers.turn)();
    let channel = one.row.channel;
    if sender.desk.calm(channel, at) > at {
        return Ended { row: one.row, outcome: AttemptOutcome::Quiet, at, detail: None, reference: None };
    }
    if at >= one.until {
        let detail = Some("the claim ran out before its turn".to_owned());
        return Ended { row: one.row, outcome: AttemptOutcome::Interrupted, at, detail, reference: None };
    }
    let mail = &one.mail;
    let sent = match (channel, sender.carriers.mail, sender.carriers.sms) {
        (Channel::Email, Some(carrier), _) => carrier.send(mail),
        (Channel::Sms, _, Some(carrier)) => carrier.send(&mail.key, &mail.to, &mail.text),
        _ => Err(PortError::Later(format!("no carrier for {}", channel.word()))),
    };
    let (outcome, detail, reference) = match sent {
        Ok(reference) => (AttemptOutcome::Taken, None, Some(reference)),
        Err(PortError::Later(why)) => (AttemptOutcome::Later, Some(why), None),
        Err(PortError::Never(why)) => (AttemptOutcome::Never, Some(why), None),
        Err(PortError::Unknown(why)) => (AttemptOutcome::Unknown, Some(why), None),
    };
    Ended { row: one.row, outcome, at, detail, reference }
}

/// Writes what attempts came to, and what follows.
pub(super) fn record(
    sender: &Sender<'_>,
    conn: &mut Conn,
    work: &Work<'_>,
    rule: &OutboxRule,
    ended: &[Ended],
) -> Result<SendReport, OfficeError> {
    let mut report = SendReport::default();
    let mut ended: Vec<&Ended> = ended.iter().collect();
    ended.sort_by_key(|one| one.row.key);
    for one in ended {
        store::end_attempt(
            conn,
            (one.row.key, one.row.attempts),
            one.outcome,
            one.at,
            one.detail.as_deref(),
        )?;
        let Some(mut row) = still_ours(conn, &one.row)? else { continue };
        follow(sender, conn, rule, &mut row, one)?;
        let row = &[row];
        store::save(conn, row)?;
        match row[0].state {
            DeliveryState::Sent => report.sent += 1,
            DeliveryState::Queued => report.later += 1,
            DeliveryState::Bounced => report.bounced += 1,
            DeliveryState::Failed => report.failed += 1,
            _ => report.doubtful += 1,
        }
        if matches!(row[0].state, DeliveryState::Bounced | DeliveryState::Failed) {
            sender.desk.failed(conn, work, row, one.at)?;
        }
    }
    Ok(report)
}

/// The state that follows an ended attempt.
fn follow(
    sender: &Sender<'_>,
    conn: &mut Conn,
    rule: &OutboxRule,
    row: &mut OutboxRow,
    one: &Ended,
) -> Result<(), OfficeError> {
    let counted = match one.outcome {
        AttemptOutcome::Later | AttemptOutcome::NotTaken => {
            let all = store::attempts(conn, row.key)?;
            all.iter().filter(|attempt| attempt.outcome.is_some_and(AttemptOutcome::counts)).count() as i64
        }
        _ => row.attempts,
    };
    let follow = rule.after(row.channel, counted, one.outcome, one.at);
    row.state = follow.state;
    row.next_at = match follow.state {
        DeliveryState::Queued => sender.desk.calm(row.channel, follow.next_at),
        _ => follow.next_at,
    };
    row.detail.clone_from(&one.detail);
    match follow.state {
        DeliveryState::Sent => {
            row.sent_at = Some(one.at);
            row.gateway_ref.clone_from(&one.reference);
        }
        DeliveryState::Bounced | DeliveryState::Failed => row.ended_at = Some(one.at),
        _ => {}
    }
    Ok(())
}
