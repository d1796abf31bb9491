//! 待办 (foundation `tasks`): what somebody has to look at. The natural key `(account, kind, subject)` makes a repeated
//! finding the same task; account 0 is of no account.

mod inbox;
#[cfg(test)]
mod tests;

pub use inbox::{
    After, CodeCount, DOUBT_ORDERS, InboxCount, InboxFilter, Listed, inbox, inbox_counts, open_codes,
    open_with_code,
};

use crate::day::{Range, spans};
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::derivation::Bilingual;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A task as it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// The account, or 0.
    pub account_id: i64,
    /// What kind of work it is, such as `reading_exception`.
    pub kind: &'static str,
    /// What it is about, such as `2026-08`.
    pub subject: String,
    /// Stable codes of the findings, with commas between.
    pub codes: String,
    /// The findings in words.
    pub detail: Bilingual,
    /// Role that has to act.
    pub owner_role: &'static str,
    /// Business day on which it was found.
    pub opened_on: Date,
    /// Day by which it is to be done.
    pub due_on: Option<Date>,
}

/// A task as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The account, or 0.
    pub account_id: i64,
    /// What kind of work it is.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// Codes of the findings.
    pub codes: String,
    /// The findings in words; what was kept in Chinese alone is that in both.
    pub detail: Bilingual,
    /// `open` or `done`.
    pub state: String,
    /// Role that has to act.
    pub owner_role: String,
    /// When it was opened.
    pub opened_on: Date,
    /// By when it is to be done.
    pub due_on: Option<Date>,
    /// What was decided.
    pub resolution: Option<String>,
    /// By whom.
    pub resolved_by: Option<String>,
    /// When.
    pub resolved_on: Option<Date>,
    /// Why.
    pub note: Option<String>,
}

/// What was decided about a task.
#[derive(Clone, Copy, Debug)]
pub struct Resolution<'a> {
    /// Word of the decision.
    pub decision: &'a str,
    /// Staff code.
    pub by: &'a str,
    /// Business day.
    pub on: Date,
    /// Why.
    pub note: &'a str,
}

const TASK: Table = Table {
    name: "task",
    columns: &[
        "account_id",
        "kind",
        "subject",
        "codes",
        "detail",
        "detail_en",
        "state",
        "owner_role",
        "opened_on",
        "due_on",
    ],
    key: &["account_id", "kind", "subject"],
};

const COLUMNS: &str = "account_id, kind, subject, codes, detail, state, owner_role, opened_on, due_on, resolution, \
    resolved_by, resolved_on, note, detail_en";

/// Where the columns behind those of a task begin.
const BEHIND: usize = 14;

fn read(row: &Row<'_>) -> Result<Task, StoreError> {
    Ok(Task {
        account_id: row.int(0)?,
        kind: row.text(1)?,
        subject: row.text(2)?,
        codes: row.text(3)?,
        detail: both(row.text(4)?, row.text(13)?),
        state: row.text(5)?,
        owner_role: row.text(6)?,
        opened_on: row.date(7)?,
        due_on: row.date_or_null(8)?,
        resolution: row.text_or_null(9)?,
        resolved_by: row.text_or_null(10)?,
        resolved_on: row.date_or_null(11)?,
        note: row.text_or_null(12)?,
    })
}

/// A sentence of a task: one that was kept before there was an English one is shown in Chinese.
pub(crate) fn both(zh: String, en: String) -> Bilingual {
    let en = if en.is_empty() { zh.clone() } else { en };
    Bilingual { zh, en }
}

/// Opens tasks. One that is there with the same codes stays as it is, decided or not; one with other codes is opened anew.
///
/// # Errors
/// The database's.
pub fn open(conn: &mut Conn, tasks: &[NewTask]) -> Result<(), StoreError> {
    let known = known_like(conn, tasks)?;
    let is_known = |task: &&NewTask| {
        known.contains(&(task.kind, task.account_id, task.subject.clone(), task.codes.clone()))
    };
    let fresh: Vec<&NewTask> = tasks.iter().filter(|task| !is_known(task)).collect();
    conn.bulk_upsert(&TASK, &fresh, |task, out| {
        out.put(task.account_id).put(task.kind).put(&task.subject).put(&task.codes);
        out.put(&task.detail.zh).put(&task.detail.en);
        out.put("open").put(task.owner_role).put(task.opened_on).put(task.due_on);
    })
}

/// Kind, account, subject and codes of a task.
type Known<'t> = (&'t str, i64, String, String);

/// Tasks that are there, among them every one that is the same as one of these: with a query for each run of neighbours.
fn known_like<'t>(conn: &mut Conn, tasks: &'t [NewTask]) -> Result<HashSet<Known<'t>>, StoreError> {
    /// So few are asked for one by one: an account may have many of a kind.
    const FEW: usize = 4;
    let mut known = HashSet::new();
    if tasks.len() <= FEW {
        for task in tasks {
            let same = conn.query_int(
                "SELECT COUNT(*) FROM task WHERE account_id = $1 AND kind = $2 AND subject = $3 AND codes = $4",
                &[task.account_id.into(), task.kind.into(), (&task.subject).into(), (&task.codes).into()],
            )?;
            if same > 0 {
                known.insert((task.kind, task.account_id, task.subject.clone(), task.codes.clone()));
            }
        }
        return Ok(known);
    }
    let mut by_kind: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for task in tasks {
        by_kind.entry(task.kind).or_default().insert(task.account_id);
    }
    for (kind, accounts) in by_kind {
        for range in spans(accounts) {
            let rows = conn.query(
                "SELECT account_id, subject, codes FROM task WHERE kind = $1 AND account_id BETWEEN $2 AND $3",
                &[kind.into(), range.from.into(), range.to.into()],
                |row| Ok((row.int(0)?, row.text(1)?, row.text(2)?)),
            )?;
            known.extend(rows.into_iter().map(|(account, subject, codes)| (kind, account, subject, codes)));
        }
    }
    Ok(known)
}

/// Resolves an open task; false when there is none.
///
/// # Errors
/// The database's.
pub fn resolve(
    conn: &mut Conn,
    (account_id, kind, subject): (i64, &str, &str),
    resolution: &Resolution<'_>,
) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE task SET state = 'done', resolution = $4, resolved_by = $5, resolved_on = $6, note = $7 \
         WHERE account_id = $1 AND kind = $2 AND subject = $3 AND state = 'open'",
        &[
            account_id.into(),
            kind.into(),
            subject.into(),
            resolution.decision.into(),
            resolution.by.into(),
            resolution.on.into(),
            resolution.note.into(),
        ],
    )?;
    Ok(touched == 1)
}

const RESOLVED: Table = Table {
    name: "task",
    columns: &[
        "account_id",
        "kind",
        "subject",
        "codes",
        "detail",
        "detail_en",
        "state",
        "owner_role",
        "opened_on",
        "due_on",
        "resolution",
        "resolved_by",
        "resolved_on",
        "note",
    ],
    key: &["account_id", "kind", "subject"],
};

/// Resolves those open tasks of a kind that have one of some accounts and subjects, with a query for each run of neighbours.
///
/// # Errors
/// The database's.
pub fn resolve_all(
    conn: &mut Conn,
    kind: &str,
    tasks: &[(i64, String)],
    resolution: &Resolution<'_>,
) -> Result<(), StoreError> {
    let wanted: BTreeSet<(i64, &str)> =
        tasks.iter().map(|(account_id, subject)| (*account_id, subject.as_str())).collect();
    let mut ended = Vec::new();
    for range in spans(wanted.iter().map(|(account_id, _)| *account_id)) {
        ended.extend(open_of(conn, kind, range)?);
    }
    ended.retain(|task| wanted.contains(&(task.account_id, task.subject.as_str())));
    conn.bulk_upsert(&RESOLVED, &ended, |task, out| {
        out.put(task.account_id).put(&task.kind).put(&task.subject).put(&task.codes);
        out.put(&task.detail.zh).put(&task.detail.en);
        out.put("done").put(&task.owner_role).put(task.opened_on).put(task.due_on);
        out.put(resolution.decision).put(resolution.by).put(resolution.on).put(resolution.note);
    })
}

/// Gives an open task a later day and a note; false when there is none.
///
/// # Errors
/// The database's.
pub fn postpone(
    conn: &mut Conn,
    (account_id, kind, subject): (i64, &str, &str),
    due_on: Date,
    note: &str,
) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE task SET due_on = $4, note = $5 \
         WHERE account_id = $1 AND kind = $2 AND subject = $3 AND state = 'open'",
        &[account_id.into(), kind.into(), subject.into(), due_on.into(), note.into()],
    )?;
    Ok(touched == 1)
}

/// Open tasks of a kind in a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn open_of(conn: &mut Conn, kind: &str, range: Range) -> Result<Vec<Task>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM task WHERE kind = $1 AND account_id BETWEEN $2 AND $3 AND state = 'open' \
         ORDER BY account_id, subject"
    );
    conn.query(&sql, &[kind.into(), range.from.into(), range.to.into()], read)
}

/// One task, open or done.
///
/// # Errors
/// The database's.
pub fn task(
    conn: &mut Conn,
    (account_id, kind, subject): (i64, &str, &str),
) -> Result<Option<Task>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM task WHERE account_id = $1 AND kind = $2 AND subject = $3");
    conn.query_first(&sql, &[account_id.into(), kind.into(), subject.into()], read)
}

/// Every task of an account, the newest first.
///
/// # Errors
/// The database's.
pub fn of_account(conn: &mut Conn, account_id: i64) -> Result<Vec<Task>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM task WHERE account_id = $1 ORDER BY opened_on DESC, kind, subject");
    conn.query(&sql, &[account_id.into()], read)
}

/// How many tasks of a kind have the same codes and came to the same end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCount {
    /// What kind of work it is.
    pub kind: String,
    /// Codes of the findings.
    pub codes: String,
    /// What was decided; `open` while nothing was.
    pub outcome: String,
    /// How many.
    pub count: i64,
}

/// Every task counted by kind, codes and outcome, in that order.
///
/// # Errors
/// The database's.
pub fn counts(conn: &mut Conn) -> Result<Vec<TaskCount>, StoreError> {
    let mut counts = conn.query(
        "SELECT kind, codes, COALESCE(resolution, state), COUNT(*) FROM task \
         GROUP BY kind, codes, COALESCE(resolution, state)",
        &[],
        |row| {
            Ok(TaskCount {
                kind: row.text(0)?,
                codes: row.text(1)?,
                outcome: row.text(2)?,
                count: row.int(3)?,
            })
        },
    )?;
    counts.sort_by(|a, b| (&a.kind, &a.codes, &a.outcome).cmp(&(&b.kind, &b.codes, &b.outcome)));
    Ok(counts)
}
