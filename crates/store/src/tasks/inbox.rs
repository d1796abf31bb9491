//! 待办清单: the open tasks of a role in a part of the organisation, the most urgent first.

use super::{BEHIND, COLUMNS, Task, read};
use crate::db::{Condition, Conn, Key, OPEN_END, Orders, Param, Placed, Row, Slice, StoreError};
use jiff::civil::Date;

/// A task with the account that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The task.
    pub task: Task,
    /// 户号; none for a task of no account.
    pub account_no: Option<String>,
    /// 用电地址
    pub address: Option<String>,
}

/// Which tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxFilter<'a> {
    /// Words of the roles that have to act.
    pub roles: &'a [&'a str],
    /// The unit whose accounts and those below it count; 0 for all.
    pub root: i64,
    /// Only of this kind.
    pub kind: Option<&'a str>,
    /// Only due on or before this day.
    pub due_by: Option<Date>,
}

/// Where a page of tasks begins: day, account, kind and subject of the last task of the page before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Its day, `99991231` without one.
    pub due_on: i64,
    /// Its account.
    pub account_id: i64,
    /// Its kind.
    pub kind: String,
    /// Its subject.
    pub subject: String,
}

impl Listed {
    /// Where it stands on the list.
    #[must_use]
    pub fn place(&self) -> After {
        After {
            due_on: self.task.due_on.map_or(OPEN_END, crate::db::date_to_int),
            account_id: self.task.account_id,
            kind: self.task.kind.clone(),
            subject: self.task.subject.clone(),
        }
    }
}

/// The condition of a filter over `task t LEFT JOIN account a`, and its parameters from `$1` on.
fn condition<'a>(filter: &InboxFilter<'a>) -> (String, Vec<Param<'a>>) {
    let mut params: Vec<Param<'a>> = Vec::new();
    let mut place = |value: Param<'a>| {
        params.push(value);
        format!("${}", params.len())
    };
    let roles: Vec<String> = filter.roles.iter().map(|role| place((*role).into())).collect();
    let mut sql = format!("t.state = 'open' AND t.owner_role IN ({})", roles.join(", "));
    if filter.root != 0 {
        let root = place(filter.root.into());
        sql += &format!(
            " AND (t.account_id = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org \
             WHERE org_id = {root} UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) \
             SELECT org_id FROM below))"
        );
    }
    if let Some(kind) = filter.kind {
        sql += &format!(" AND t.kind = {}", place(kind.into()));
    }
    if let Some(day) = filter.due_by {
        sql += &format!(" AND t.due_on <= {}", place(day.into()));
    }
    (sql, params)
}

/// The columns of a task under the alias `t`.
fn columns() -> String {
    COLUMNS.split(", ").map(|column| format!("t.{}", column.trim())).collect::<Vec<_>>().join(", ")
}

/// Open tasks, those with the earliest day first, at most `limit` after a place.
///
/// # Errors
/// The database's.
pub fn inbox(
    conn: &mut Conn,
    filter: &InboxFilter<'_>,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    if filter.roles.is_empty() {
        return Ok(Vec::new());
    }
    let (mut sql, mut params) = condition(filter);
    if let Some(after) = after {
        let at = params.len();
        sql += &format!(
            " AND (COALESCE(t.due_on, {OPEN_END}), t.account_id, t.kind, t.subject) > (${}, ${}, ${}, ${})",
            at + 1,
            at + 2,
            at + 3,
            at + 4
        );
        let place: [Param<'_>; 4] =
            [after.due_on.into(), after.account_id.into(), (&after.kind).into(), (&after.subject).into()];
        params.extend(place);
    }
    params.push(limit.into());
    let sql = format!(
        "SELECT {}, a.account_no, a.address FROM task t LEFT JOIN account a ON a.account_id = t.account_id WHERE {sql} \
         ORDER BY COALESCE(t.due_on, {OPEN_END}), t.account_id, t.kind, t.subject LIMIT ${}",
        columns(),
        params.len()
    );
    conn.query(&sql, &params, read_listed)
}

/// How many open tasks of a kind there are, and how many of them are late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxCount {
    /// What kind of work it is.
    pub kind: String,
    /// Open.
    pub open: i64,
    /// Open after their day.
    pub late: i64,
    /// The earliest day.
    pub due_on: Option<Date>,
}

/// Open tasks counted by kind, in order of the earliest day.
///
/// # Errors
/// The database's.
pub fn inbox_counts(
    conn: &mut Conn,
    filter: &InboxFilter<'_>,
    today: Date,
) -> Result<Vec<InboxCount>, StoreError> {
    if filter.roles.is_empty() {
        return Ok(Vec::new());
    }
    let (sql, mut params) = condition(filter);
    params.push(today.into());
    let sql = format!(
        "SELECT t.kind, COUNT(*), CAST(SUM(CASE WHEN t.due_on < ${} THEN 1 ELSE 0 END) AS BIGINT), MIN(t.due_on) \
         FROM task t LEFT JOIN account a ON a.account_id = t.account_id WHERE {sql} \
         GROUP BY t.kind ORDER BY COALESCE(MIN(t.due_on), {OPEN_END}), t.kind",
        params.len()
    );
    conn.query(&sql, &params, |row| {
        Ok(InboxCount {
            kind: row.text(0)?,
            open: row.int(1)?,
            late: row.int(2)?,
            due_on: row.date_or_null(3)?,
        })
    })
}

/// Open tasks of a kind that have a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeCount {
    /// The finding.
    pub code: String,
    /// How many.
    pub count: i64,
}

/// Condition of accounts of a unit (0: all) and those below it, for a root in `$2`.
const BELOW: &str = "($2 = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org WHERE org_id = $2 \
    UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) SELECT org_id FROM below))";

/// Open tasks of a kind about accounts of a unit (0: all) and those below it, by finding.
///
/// # Errors
/// The database's.
pub fn open_codes(conn: &mut Conn, kind: &str, root: i64) -> Result<Vec<CodeCount>, StoreError> {
    let sql = format!(
        "SELECT t.codes, COUNT(*) FROM task t JOIN account a ON a.account_id = t.account_id \
         WHERE t.kind = $1 AND t.state = 'open' AND {BELOW} GROUP BY t.codes ORDER BY t.codes"
    );
    let mut counts: Vec<CodeCount> = Vec::new();
    for (codes, count) in
        conn.query(&sql, &[kind.into(), root.into()], |row| Ok((row.text(0)?, row.int(1)?)))?
    {
        for code in codes.split(',').filter(|code| !code.is_empty()) {
            match counts.iter_mut().find(|known| known.code == code) {
                Some(known) => known.count += count,
                None => counts.push(CodeCount { code: code.to_owned(), count }),
            }
        }
    }
    Ok(counts)
}

/// What doubts about readings are ordered by: the strictest kind first, then account and subject.
pub const DOUBT_ORDERS: Orders = Orders {
    words: &[
        ("opened_on", Key::Int("t.opened_on")),
        ("account_no", Key::Text("a.account_no")),
        ("subject", Key::Text("t.subject")),
    ],
    usual: &[(STRICTEST, false), (Key::Int("t.account_id"), false), (Key::Text("t.subject"), false)],
    rest: &[Key::Int("t.account_id"), STRICTEST, Key::Text("t.subject")],
};

const STRICTEST: Key = Key::Int(
    "CAST(CASE t.kind WHEN 'reading_exception' THEN 0 WHEN 'reading_doubt' THEN 1 ELSE 2 END AS BIGINT)",
);

/// A page of the open tasks of some kinds about accounts of a unit (0: all) and those below it, with a finding when one is named; each
/// with its place.
///
/// # Errors
/// The database's.
pub fn open_with_code(
    conn: &mut Conn,
    (kinds, code): (&[&str], Option<&str>),
    root: i64,
    slice: &Slice,
) -> Result<Placed<Listed>, StoreError> {
    let pattern = code.map(|code| format!("%,{code},%"));
    let mut which = Condition::of("t.state = 'open'");
    let kinds: Vec<String> = kinds.iter().map(|kind| which.place(*kind)).collect();
    which.add(&format!("t.kind IN ({})", kinds.join(", ")));
    which.within("a.org_id", root);
    which.and_if("',' || t.codes || ',' LIKE ?", pattern.as_deref());
    let columns = format!("{}, a.account_no, a.address", columns());
    let from = "task t JOIN account a ON a.account_id = t.account_id";
    slice.rows(conn, (&columns, BEHIND + 2, from), which, read_listed)
}

fn read_listed(row: &Row<'_>) -> Result<Listed, StoreError> {
    let (account_no, address) = (row.text_or_null(BEHIND)?, row.text_or_null(BEHIND + 1)?);
    Ok(Listed { task: read(row)?, account_no, address })
}
