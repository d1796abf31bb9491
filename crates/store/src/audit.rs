//! 审计: who did what to what, with before and after.

mod changes;

pub use changes::{NewChange, Origin, TrailFilter, TrailPlace, TrailRow, forget, log_change, trail};

use crate::day::spans;
use crate::db::{Conn, StoreError, Table};
use jiff::civil::{Date, DateTime};
use std::collections::{BTreeSet, HashMap};

/// One line of the audit log.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The account it belongs to; 0 when to none.
    pub account_id: i64,
    /// Business day.
    pub happened_on: Date,
    /// What was touched, such as `bill:12`.
    pub subject: &'a str,
    /// What was done, such as `release.approve`.
    pub action: &'a str,
    /// Staff code.
    pub who: &'a str,
    /// Value before.
    pub before: Option<&'a str>,
    /// Value after.
    pub after: Option<&'a str>,
    /// Moment of recording, ms since 1970.
    pub recorded_at: i64,
}

/// Appends one line to the log of its account.
///
/// # Errors
/// The database's.
pub fn mark(conn: &mut Conn, mark: &Mark<'_>) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO audit (account_id, audit_no, happened_on, subject, action, who, before_value, after_value, \
         recorded_at) SELECT $1, COALESCE(MAX(audit_no), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM audit \
         WHERE account_id = $1",
        &[
            mark.account_id.into(),
            mark.happened_on.into(),
            mark.subject.into(),
            mark.action.into(),
            mark.who.into(),
            mark.before.into(),
            mark.after.into(),
            mark.recorded_at.into(),
        ],
    )?;
    Ok(())
}

const AUDIT: Table = Table {
    name: "audit",
    columns: &[
        "account_id",
        "audit_no",
        "happened_on",
        "subject",
        "action",
        "who",
        "before_value",
        "after_value",
        "recorded_at",
    ],
    key: &["account_id", "audit_no"],
};

/// Appends many lines to the logs of their accounts, whose locks the transaction holds; those of an account in their order.
///
/// # Errors
/// The database's.
pub fn mark_all(conn: &mut Conn, marks: &[Mark<'_>]) -> Result<(), StoreError> {
    let accounts: BTreeSet<i64> = marks.iter().map(|mark| mark.account_id).collect();
    let mut last: HashMap<i64, i64> = HashMap::new();
    for range in spans(accounts) {
        last.extend(conn.query(
            "SELECT account_id, MAX(audit_no) FROM audit WHERE account_id BETWEEN $1 AND $2 GROUP BY account_id",
            &[range.from.into(), range.to.into()],
            |row| Ok((row.int(0)?, row.int(1)?)),
        )?);
    }
    let mut rows = Vec::with_capacity(marks.len());
    for mark in marks {
        let number = last.entry(mark.account_id).or_insert(0);
        *number += 1;
        rows.push((*number, mark));
    }
    conn.bulk(&AUDIT, &rows, |(number, mark), out| {
        out.put(mark.account_id).put(*number).put(mark.happened_on).put(mark.subject).put(mark.action);
        out.put(mark.who).put(mark.before).put(mark.after).put(mark.recorded_at);
    })
}

/// Notes that somebody looked at personal data in full. Account 0: a search.
///
/// # Errors
/// The database's.
pub fn look(
    conn: &mut Conn,
    account_id: i64,
    (who, what): (&str, &str),
    looked_at: DateTime,
    recorded_at: i64,
) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO look (account_id, recorded_at, who, what, looked_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (account_id, recorded_at, who, what) DO NOTHING",
        &[account_id.into(), recorded_at.into(), who.into(), what.into(), looked_at.into()],
    )?;
    Ok(())
}

/// 查看记录, as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookRow {
    /// Who looked.
    pub who: String,
    /// At what.
    pub what: String,
    /// When.
    pub looked_at: DateTime,
}

/// Who looked at an account's personal data, in order.
///
/// # Errors
/// The database's.
pub fn looks(conn: &mut Conn, account_id: i64) -> Result<Vec<LookRow>, StoreError> {
    conn.query(
        "SELECT who, what, looked_at FROM look WHERE account_id = $1 ORDER BY recorded_at, who, what",
        &[account_id.into()],
        |row| Ok(LookRow { who: row.text(0)?, what: row.text(1)?, looked_at: row.moment(2)? }),
    )
}
