//! 操作日志: every request that changed something, and the one trail of changes, marks of the office and looks at personal data.

use crate::db::{Conn, Param, Row, StoreError};
use jiff::civil::Date;
use std::sync::atomic::{AtomicI64, Ordering};

/// Numbers within a millisecond: `change_no` is the moment and, behind it, a count of this process.
const WITHIN: i64 = 1 << 21;

/// One request that changed something.
#[derive(Clone, Copy, Debug)]
pub struct NewChange<'a> {
    /// Moment of recording, ms since 1970.
    pub recorded_at: i64,
    /// Business day.
    pub happened_on: Date,
    /// The account that its path names; 0 when none.
    pub account_id: i64,
    /// Login.
    pub who: &'a str,
    /// Method and name of the operation, such as `PUT person_edit`.
    pub operation: &'a str,
    /// Its path and query.
    pub target: &'a str,
    /// Digest of method, target and body.
    pub digest: &'a str,
    /// The resource before, as JSON, for an edit.
    pub before: Option<&'a str>,
    /// The resource after; what was sent, where nothing was edited.
    pub after: Option<&'a str>,
}

/// Appends a change to the log.
///
/// # Errors
/// The database's.
pub fn log_change(conn: &mut Conn, change: &NewChange<'_>) -> Result<(), StoreError> {
    // Two processes begin to count at different places: their numbers of one millisecond differ.
    static NEXT: AtomicI64 = AtomicI64::new(0);
    let begin = i64::from(std::process::id()) * 4_099;
    let number = (begin + NEXT.fetch_add(1, Ordering::Relaxed)).rem_euclid(WITHIN);
    conn.execute(
        "INSERT INTO change_log (change_no, recorded_at, happened_on, account_id, who, operation, target, digest, \
         before_value, after_value) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            (change.recorded_at * WITHIN + number).into(),
            change.recorded_at.into(),
            change.happened_on.into(),
            change.account_id.into(),
            change.who.into(),
            change.operation.into(),
            change.target.into(),
            change.digest.into(),
            change.before.into(),
            change.after.into(),
        ],
    )?;
    Ok(())
}

/// Forgets changes and looks that are older than a moment (ms since 1970); tells how many. Marks of the office stay: they belong to
/// the facts of their accounts.
///
/// # Errors
/// The database's.
pub fn forget(conn: &mut Conn, before: i64) -> Result<u64, StoreError> {
    let changes = conn.execute("DELETE FROM change_log WHERE change_no < $1", &[(before * WITHIN).into()])?;
    let looks = conn.execute("DELETE FROM look WHERE recorded_at < $1", &[before.into()])?;
    Ok(changes + looks)
}

/// Where a line of the trail comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A request that changed something.
    Change,
    /// A mark that a use case of the office set, whoever asked for it.
    Mark,
    /// A look at personal data.
    Look,
}

impl Origin {
    const ALL: [Self; 3] = [Self::Change, Self::Mark, Self::Look];
}

/// Which lines.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrailFilter<'a> {
    /// Only from there.
    pub origin: Option<Origin>,
    /// Only of this login or staff code.
    pub who: Option<&'a str>,
    /// Only of this account.
    pub account_id: Option<i64>,
    /// Only what holds this in its action.
    pub action: Option<&'a str>,
    /// From this moment on, ms since 1970.
    pub from: i64,
    /// Before this moment.
    pub until: i64,
    /// Only of accounts of this unit and those below it, and of no account; 0: of all.
    pub root: i64,
    /// The oldest line first, instead of the latest.
    pub ascending: bool,
}

/// A line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailRow {
    /// When it was recorded, ms since 1970.
    pub recorded_at: i64,
    /// Where it comes from.
    pub origin: Origin,
    /// Its place among those of one moment.
    pub key: (i64, i64, String),
    /// Its account; 0 for none.
    pub account_id: i64,
    /// 户号
    pub account_no: Option<String>,
    /// Business day or day of the look.
    pub happened_on: Date,
    /// Who.
    pub who: String,
    /// What was done.
    pub action: String,
    /// What was touched.
    pub subject: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// Where a page begins: behind the line of this moment, origin and key.
pub type TrailPlace = (i64, Origin, (i64, i64, String));

/// Where the lines of an origin stand: table, keys, and the columns action, subject, before, after, day.
struct Home {
    table: &'static str,
    keys: [&'static str; 3],
    rest: &'static str,
    action: &'static str,
}

impl Origin {
    fn home(self) -> Home {
        match self {
            Self::Change => Home {
                table: "change_log",
                keys: ["t.change_no", "CAST(0 AS BIGINT)", "''"],
                rest: "t.operation, t.target, t.before_value, t.after_value, t.happened_on",
                action: "t.operation",
            },
            Self::Mark => Home {
                table: "audit",
                keys: ["t.account_id", "t.audit_no", "''"],
                rest: "t.action, t.subject, t.before_value, t.after_value, t.happened_on",
                action: "t.action",
            },
            Self::Look => Home {
                table: "look",
                keys: ["t.account_id", "CAST(0 AS BIGINT)", "t.who || ' ' || t.what"],
                rest: "'look', t.what, NULL, NULL, t.looked_at / 1000000",
                action: "'look'",
            },
        }
    }
}

/// Lines of the trail, the latest first or the other way round, at most `limit` behind a place.
///
/// # Errors
/// The database's.
pub fn trail(
    conn: &mut Conn,
    filter: &TrailFilter<'_>,
    after: Option<&TrailPlace>,
    limit: usize,
) -> Result<Vec<TrailRow>, StoreError> {
    let mut rows = Vec::new();
    for origin in Origin::ALL {
        if filter.origin.is_none_or(|wanted| wanted == origin) {
            rows.extend(lines(conn, origin, filter, after, limit)?);
        }
    }
    // Those of one moment and origin stay in the order of the database.
    rows.sort_by(|a, b| {
        let latest_first = (b.recorded_at, a.origin).cmp(&(a.recorded_at, b.origin));
        if filter.ascending { latest_first.reverse() } else { latest_first }
    });
    rows.truncate(limit);
    Ok(rows)
}

fn lines(
    conn: &mut Conn,
    origin: Origin,
    filter: &TrailFilter<'_>,
    after: Option<&TrailPlace>,
    limit: usize,
) -> Result<Vec<TrailRow>, StoreError> {
    let Home { table, keys, rest, action } = origin.home();
    let mut params: Vec<Param<'_>> = vec![filter.from.into(), filter.until.into()];
    let mut sql = String::from("t.recorded_at >= $1 AND t.recorded_at < $2");
    if let Some(who) = filter.who {
        params.push(who.into());
        sql += &format!(" AND t.who = ${}", params.len());
    }
    if let Some(account_id) = filter.account_id {
        params.push(account_id.into());
        sql += &format!(" AND t.account_id = ${}", params.len());
    }
    if let Some(wanted) = filter.action {
        params.push(wanted.into());
        sql += &format!(" AND {action} LIKE '%' || ${} || '%'", params.len());
    }
    if filter.root != 0 {
        params.push(filter.root.into());
        sql += &format!(
            " AND (t.account_id = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org \
             WHERE org_id = ${} UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) \
             SELECT org_id FROM below))",
            params.len()
        );
    }
    if let Some((at, of, key)) = after {
        params.push((*at).into());
        let moment = params.len();
        let beyond = if filter.ascending { ">" } else { "<" };
        if origin == *of {
            params.extend([key.0.into(), key.1.into(), Param::from(&key.2)]);
            sql += &format!(
                " AND (t.recorded_at {beyond} ${moment} OR (t.recorded_at = ${moment} AND ({}) {beyond} (${}, ${}, ${})))",
                keys.join(", "),
                moment + 1,
                moment + 2,
                moment + 3
            );
        } else {
            // Of one moment, the lines of some origins stand before that place.
            let is_told = if filter.ascending { origin > *of } else { origin < *of };
            sql += &format!(" AND t.recorded_at {beyond}{} ${moment}", if is_told { "" } else { "=" });
        }
    }
    params.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let way = if filter.ascending { "" } else { " DESC" };
    let order: Vec<String> =
        keys.iter().filter(|key| key.starts_with("t.")).map(|key| format!("{key}{way}")).collect();
    let sql = format!(
        "SELECT t.recorded_at, CAST({} AS BIGINT), CAST({} AS BIGINT), CAST({} AS TEXT), t.account_id, a.account_no, t.who, {rest} \
         FROM {table} t LEFT JOIN account a ON a.account_id = t.account_id WHERE {sql} ORDER BY t.recorded_at{way}, {} LIMIT ${}",
        keys[0],
        keys[1],
        keys[2],
        order.join(", "),
        params.len()
    );
    conn.query(&sql, &params, |row| line(row, origin))
}

fn line(row: &Row<'_>, origin: Origin) -> Result<TrailRow, StoreError> {
    Ok(TrailRow {
        recorded_at: row.int(0)?,
        origin,
        key: (row.int(1)?, row.int(2)?, row.text(3)?),
        account_id: row.int(4)?,
        account_no: row.text_or_null(5)?,
        who: row.text(6)?,
        action: row.text(7)?,
        subject: row.text(8)?,
        before: row.text_or_null(9)?,
        after: row.text_or_null(10)?,
        happened_on: row.date(11)?,
    })
}
