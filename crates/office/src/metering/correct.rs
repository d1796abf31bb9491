//! 示数更正: a reading is never edited. A correction is a new version; on a billed day it also asks for the bill to be made
//! again, so that the difference is not forgotten.

use super::refusal::ExceptionRefusal;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::metering::{Installed, RegisterKind, RegisterSet, Shown, Source};
use denghuo_rules::units::Energy;
use denghuo_store::Conn;
use denghuo_store::audit;
use denghuo_store::day::Range;
use denghuo_store::metering::{self as store, NewReading};
use denghuo_store::registry::{Installation, installations};
use denghuo_store::tasks::{self, NewTask};
use jiff::civil::Date;

/// Kind of the task that asks for a bill to be made again.
pub const REBILL_TASK: &str = "bill_rebill";

/// Corrects readings without an exception that asks for it, in one transaction.
///
/// # Errors
/// An [`ExceptionRefusal`]; a failure of the database.
pub fn reading_correct(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    shown: &[Shown],
    reason: &str,
    on: Date,
) -> Result<(), OfficeError> {
    if reason.trim().is_empty() {
        return Err(OfficeError::refuse(ExceptionRefusal::NoReason));
    }
    conn.write(|conn| {
        put_correction(conn, account_id, shown, on)?;
        for reading in shown {
            let subject = format!("reading:{}:{}", reading.registers.on, reading.installation_no);
            let mark = audit::Mark {
                account_id,
                happened_on: on,
                subject: &subject,
                action: "reading.correct",
                who: &work.by,
                before: None,
                after: Some(reason),
                recorded_at: work.now,
            };
            audit::mark(conn, &mark)?;
        }
        Ok(())
    })
}

/// Checks corrected readings and writes them as new versions. A billed day must have been read: its value may change, the
/// period may not.
pub(super) fn put_correction(
    conn: &mut Conn,
    account_id: i64,
    shown: &[Shown],
    on: Date,
) -> Result<(), OfficeError> {
    let nothing = || OfficeError::refuse(ExceptionRefusal::NothingToCorrect);
    let range = Range { from: account_id, to: account_id };
    let first = shown.iter().map(|reading| reading.registers.on).min().ok_or_else(nothing)?;
    let meters = store::installations(conn, range, first)?;
    let billed_to = store::billed_to(conn, account_id)?;
    let mut late = Vec::new();
    for reading in shown {
        let day = reading.registers.on;
        let stands = |meter: &&Installed| {
            meter.installation_no == reading.installation_no
                && meter.installed_on <= day
                && meter.removed_on.is_none_or(|removed| day <= removed)
        };
        let meter = meters.iter().map(|(_, meter)| meter).find(stands).filter(|_| day <= on);
        let meter = meter.ok_or_else(nothing)?;
        let beyond = |range| reading.registers.registers().any(|(_, value)| value >= range);
        if meter.dial.range().is_some_and(beyond) {
            return Err(OfficeError::refuse(ExceptionRefusal::BeyondDial));
        }
        if billed_to.is_some_and(|billed_to| day <= billed_to) {
            let there = current(conn, account_id, reading.installation_no, day)?.ok_or_else(nothing)?;
            if there.registers != reading.registers {
                late.push(rebill_task(account_id, &there, reading, on));
            }
        }
    }
    put_versions(conn, account_id, shown)?;
    Ok(tasks::open(conn, &late)?)
}

fn rebill_task(account_id: i64, there: &Shown, reading: &Shown, on: Date) -> NewTask {
    let (day, was, is) = (reading.registers.on, there.registers.total, reading.registers.total);
    NewTask {
        account_id,
        kind: REBILL_TASK,
        subject: format!("reading:{day}"),
        codes: format!("late_correction:{was}:{is}"),
        detail: Bilingual::new(
            format!("{day}示数由{was}更正为{is},以该日为起止的账单须退补"),
            format!(
                "the reading of {day} was {was} and is {is}: bills that begin or end on it have to be corrected"
            ),
        ),
        owner_role: "verifier",
        opened_on: on,
        due_on: None,
    }
}

fn current(
    conn: &mut Conn,
    account_id: i64,
    installation_no: i64,
    day: Date,
) -> Result<Option<Shown>, OfficeError> {
    let range = Range { from: account_id, to: account_id };
    let known = store::known_readings(conn, range, (day, day))?;
    let current = known.into_iter().find(|k| k.is_current && k.shown.installation_no == installation_no);
    Ok(current.map(|known| known.shown))
}

/// A corrected reading: what the current one of a meter and day shows, with the registers that are told. Without a
/// current reading the total has to be among them.
///
/// # Errors
/// No meter or more than one of the account stands on that day, or there is no total; a failure of the database.
pub fn reading_with(
    conn: &mut Conn,
    account_id: i64,
    meter_no: Option<&str>,
    day: Date,
    told: &[(RegisterKind, Energy)],
) -> Result<Shown, OfficeError> {
    let nothing = || OfficeError::refuse(ExceptionRefusal::NothingToCorrect);
    let stands = |installation: &Installation| {
        installation.installed_on <= day && installation.removed_on.is_none_or(|removed| day <= removed)
    };
    let mut standing = installations(conn, account_id, account_id)?
        .into_iter()
        .filter(|(installation, no)| stands(installation) && meter_no.is_none_or(|wanted| wanted == no));
    let (Some((installation, _)), None) = (standing.next(), standing.next()) else { return Err(nothing()) };
    let current = current(conn, account_id, installation.installation_no, day)?;
    let total = told.iter().find(|(kind, _)| *kind == RegisterKind::Total).map(|(_, value)| *value);
    let source = current.map(|shown| shown.source).filter(|s| matches!(s, Source::Install | Source::Remove));
    let mut registers = match (current, total) {
        (Some(shown), _) => shown.registers,
        (None, Some(total)) => RegisterSet::total_only(day, total),
        (None, None) => return Err(nothing()),
    };
    for (kind, value) in told {
        registers.set(*kind, *value);
    }
    Ok(Shown {
        installation_no: installation.installation_no,
        source: source.unwrap_or(Source::Field),
        registers,
    })
}

/// Writes readings as new versions that take the place of the current ones.
pub(super) fn put_versions(conn: &mut Conn, account_id: i64, shown: &[Shown]) -> Result<(), OfficeError> {
    let mut fresh = Vec::with_capacity(shown.len());
    for reading in shown {
        let (installation_no, day) = (reading.installation_no, reading.registers.on);
        store::supersede(conn, account_id, installation_no, day)?;
        let version = store::last_version(conn, account_id, installation_no, day)? + 1;
        fresh.push(NewReading { account_id, version, shown: *reading, taken_at: None, taken_by: None });
    }
    Ok(store::write_readings(conn, &fresh)?)
}
