//! 抄表异常处理: a doubtful reading is a task, and a person answers it: it is right, it is another value, it is read again,
//! the period is billed provisionally, or the estimates before it were too high.

use super::correct::{put_correction, put_versions};
use super::refusal::ExceptionRefusal;
use super::settle::settle;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{Month, plus_days};
use denghuo_rules::metering::{
    Exception, ExceptionSet, History, Hold, Installed, RegisterSet, Shown, Source, provisional_reading,
};
use denghuo_store::Conn;
use denghuo_store::audit;
use denghuo_store::day::Range;
use denghuo_store::metering::{self as store, DueAccount};
use denghuo_store::tasks::{self, Task};
use jiff::civil::Date;

/// What an exception holds decides the kind of its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionKind {
    /// 停止算费: no bill until it is answered.
    Exception,
    /// 暂缓发行: the bill is calculated and held.
    Doubt,
    /// Nothing is held.
    Notice,
}

impl ExceptionKind {
    /// Every kind, the strictest first.
    pub const ALL: [Self; 3] = [Self::Exception, Self::Doubt, Self::Notice];

    /// The kind of the task.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exception => "reading_exception",
            Self::Doubt => "reading_doubt",
            Self::Notice => "reading_notice",
        }
    }

    /// The kind for what is held.
    #[must_use]
    pub const fn of(hold: Hold) -> Self {
        match hold {
            Hold::Billing => Self::Exception,
            Hold::Release => Self::Doubt,
            Hold::Nothing => Self::Notice,
        }
    }

    /// From its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Subject of the task about a reading.
pub(crate) fn subject_of_reading(on: Date) -> String {
    format!("reading:{on}")
}

/// Subject of the task about a missing reading.
pub(super) fn subject_of_missing(month: Month) -> String {
    format!("missing:{month}")
}

/// Is it the subject of a task about a missing reading?
pub(super) fn is_about_missing(subject: &str) -> bool {
    subject.starts_with("missing:")
}

/// The answer to an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 确认: the reading is right.
    Confirm,
    /// 更正: the meter shows this; the old version is kept.
    Correct(Vec<Shown>),
    /// 补抄: the reading is set aside and read again; a missing one is waited for longer.
    ReRead,
    /// 暂计: billed on the previous period's quantity, settled at the next real reading.
    Provisional,
    /// 暂计结清: the reading is right and the estimates before it were too high; they get their settled values.
    Settle,
}

impl Answer {
    /// The word kept as the resolution.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Correct(_) => "correct",
            Self::ReRead => "re_read",
            Self::Provisional => "provisional",
            Self::Settle => "settle",
        }
    }
}

/// An answer with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The answer.
    pub answer: Answer,
    /// Why.
    pub reason: String,
}

/// The open exceptions of a range of accounts, the strictest kind first.
///
/// # Errors
/// A failure of the database.
pub fn exception_list(conn: &mut Conn, range: Range) -> Result<Vec<Task>, OfficeError> {
    let mut all = Vec::new();
    for kind in ExceptionKind::ALL {
        all.extend(tasks::open_of(conn, kind.word(), range)?);
    }
    Ok(all)
}

/// The exceptions of an account, open and answered.
///
/// # Errors
/// A failure of the database.
pub fn exception_show(conn: &mut Conn, account_id: i64) -> Result<Vec<Task>, OfficeError> {
    let mut all = tasks::of_account(conn, account_id)?;
    all.retain(|task| ExceptionKind::from_word(&task.kind).is_some());
    Ok(all)
}

/// Days for which a missing reading is waited for once more.
const WAIT_AGAIN_DAYS: i64 = 3;
/// Readings looked back at for the previous period.
const PAST_READINGS: i64 = 400;

/// Answers an open exception, in one transaction with what the answer changes.
///
/// # Errors
/// An [`ExceptionRefusal`]; a failure of the database.
pub fn exception_resolve(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, kind, subject): (i64, ExceptionKind, &str),
    resolution: &Resolution,
    on: Date,
) -> Result<(), OfficeError> {
    let refuse = |refusal| Err(OfficeError::refuse(refusal));
    if resolution.reason.trim().is_empty() {
        return refuse(ExceptionRefusal::NoReason);
    }
    conn.write(|conn| {
        let key = (account_id, kind.word(), subject);
        let Some(task) = tasks::task(conn, key)?.filter(|task| task.state == "open") else {
            return refuse(ExceptionRefusal::NotOpen);
        };
        let read_on = subject.strip_prefix("reading:").and_then(|day| day.parse::<Date>().ok());
        match &resolution.answer {
            Answer::Confirm => confirm(&task)?,
            Answer::Correct(shown) => put_correction(conn, account_id, shown, on)?,
            Answer::ReRead => {
                if let Some(day) = read_on {
                    set_aside(conn, account_id, day)?;
                } else {
                    return wait_longer(conn, work, &task, resolution, on);
                }
            }
            Answer::Provisional => provisional(conn, account_id, read_on, on)?,
            Answer::Settle => settle(conn, account_id, read_on, on)?,
        }
        let decided = tasks::Resolution {
            decision: resolution.answer.word(),
            by: &work.by,
            on,
            note: &resolution.reason,
        };
        if !tasks::resolve(conn, key, &decided)? {
            return refuse(ExceptionRefusal::NotOpen);
        }
        mark(conn, work, &task, resolution, on)
    })
}

fn mark(
    conn: &mut Conn,
    work: &Work<'_>,
    task: &Task,
    resolution: &Resolution,
    on: Date,
) -> Result<(), OfficeError> {
    let action = format!("exception.{}", resolution.answer.word());
    audit::mark(
        conn,
        &audit::Mark {
            account_id: task.account_id,
            happened_on: on,
            subject: &task.subject,
            action: &action,
            who: &work.by,
            before: Some(&task.codes),
            after: Some(&resolution.reason),
            recorded_at: work.now,
        },
    )?;
    Ok(())
}

/// A missing reading stays an open task; it is only waited for longer.
fn wait_longer(
    conn: &mut Conn,
    work: &Work<'_>,
    task: &Task,
    resolution: &Resolution,
    on: Date,
) -> Result<(), OfficeError> {
    let until = plus_days(on, WAIT_AGAIN_DAYS);
    if !tasks::postpone(conn, (task.account_id, &task.kind, &task.subject), until, &resolution.reason)? {
        return Err(OfficeError::refuse(ExceptionRefusal::NotOpen));
    }
    mark(conn, work, task, resolution, on)
}

/// What makes a quantity impossible cannot be called right.
fn confirm(task: &Task) -> Result<(), OfficeError> {
    let found = ExceptionSet::from_codes(&task.codes);
    let impossible =
        [Exception::Missed, Exception::Incomplete, Exception::WentBack, Exception::BeforeInstallation];
    if impossible.into_iter().any(|exception| found.contains(exception)) {
        return Err(OfficeError::refuse(ExceptionRefusal::NothingToConfirm));
    }
    Ok(())
}

/// Where an account stands, for an answer that touches its readings.
struct Place {
    due: DueAccount,
    meters: Vec<Installed>,
    readings: Vec<Shown>,
}

fn place(conn: &mut Conn, account_id: i64, on: Date) -> Result<Place, OfficeError> {
    let range = Range { from: account_id, to: account_id };
    let Some(due) = store::due_accounts(conn, on, range)?.pop() else {
        let billed_to = store::billed_to(conn, account_id)?.unwrap_or(on);
        return Err(OfficeError::refuse(ExceptionRefusal::Billed { billed_to }));
    };
    let meters =
        store::installations(conn, range, due.since())?.into_iter().map(|(_, meter)| meter).collect();
    let readings = store::readings(conn, range, on)?.into_iter().map(|(_, shown)| shown).collect();
    Ok(Place { due, meters, readings })
}

fn set_aside(conn: &mut Conn, account_id: i64, day: Date) -> Result<Place, OfficeError> {
    let place = place(conn, account_id, day)?;
    for reading in
        place.readings.iter().filter(|reading| reading.registers.on == day && day > place.due.since())
    {
        if !matches!(reading.source, Source::Install | Source::Remove) {
            store::supersede(conn, account_id, reading.installation_no, day)?;
        }
    }
    Ok(place)
}

/// Writes for every standing meter what it would show had it moved as in the period before.
fn provisional(conn: &mut Conn, account_id: i64, doubted: Option<Date>, on: Date) -> Result<(), OfficeError> {
    let place = match doubted {
        Some(day) => set_aside(conn, account_id, day)?,
        None => place(conn, account_id, on)?,
    };
    let due_on = place.due.due_on;
    let standing = |meter: &&Installed| {
        meter.installed_on < due_on && meter.removed_on.is_none_or(|removed| due_on < removed)
    };
    let mut estimates = Vec::new();
    for meter in place.meters.iter().filter(standing) {
        let (before, last) = previous_period(conn, &place.due, meter)?
            .ok_or_else(|| OfficeError::refuse(ExceptionRefusal::NoPreviousPeriod))?;
        // 暂计 of nothing would be a missing reading billed as zero.
        if before.total == last.total {
            return Err(OfficeError::refuse(ExceptionRefusal::ZeroPreviousPeriod));
        }
        let registers = provisional_reading(&before, &last, meter.dial, due_on);
        estimates.push(Shown {
            installation_no: meter.installation_no,
            source: Source::Provisional,
            registers,
        });
    }
    if estimates.is_empty() {
        return Err(OfficeError::refuse(ExceptionRefusal::NoPreviousPeriod));
    }
    put_versions(conn, account_id, &estimates)
}

/// The readings that bounded the last billed period of a meter: at its end, and as many days before as it had.
fn previous_period(
    conn: &mut Conn,
    due: &DueAccount,
    meter: &Installed,
) -> Result<Option<(RegisterSet, RegisterSet)>, OfficeError> {
    let past = store::reading_history(conn, due.account_id, PAST_READINGS)?;
    let own: Vec<RegisterSet> = past
        .into_iter()
        .filter(|p| p.is_current && p.shown.installation_no == meter.installation_no)
        .map(|p| p.shown.registers)
        .filter(|registers| registers.on <= due.since())
        .collect();
    let billed = History::from_bytes(&due.history).and_then(|history| history.before(due.month));
    let began = billed.map(|entry| plus_days(due.since(), -i64::from(entry.days)));
    let at_begin = own.iter().skip(1).find(|registers| Some(registers.on) == began);
    Ok(own.first().zip(at_begin.or(own.get(1))).map(|(last, before)| (*before, *last)))
}
