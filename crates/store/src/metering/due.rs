//! Loads of a shard of due accounts, each one statement in order of accounts.

use crate::day::{Range, ranges_of};
use crate::db::{Conn, OPEN_END, Row, StoreError};
use denghuo_rules::calendar::Month;
use denghuo_rules::metering::{Dial, Installed, RegisterSet, Shown, Source};
use denghuo_rules::registry::{Category, PointRelation, Voltage};
use denghuo_rules::units::{Capacity, Demand, Energy};
use jiff::civil::Date;

/// What makes an account due by day `$1`: its route has an open reading order up to which it is not billed yet.
const IS_DUE: &str = "LEFT JOIN billing_state s ON s.account_id = a.account_id \
    WHERE o.route_id = a.route_id AND o.state = 'open' AND o.due_on <= $1 AND a.opened_on < o.due_on \
    AND (s.billed_to IS NULL OR s.billed_to < o.due_on) AND a.closed_on > COALESCE(s.billed_to, a.opened_on)";

/// The due accounts among `$2..=$3`. SQLite keeps the order of a cross join: the accounts of the range lead, so a shard
/// costs its own accounts and not those of every open order.
pub(crate) fn due_in_range() -> String {
    format!("FROM account a CROSS JOIN reading_order o {IS_DUE} AND a.account_id BETWEEN $2 AND $3")
}

/// An account whose reading is due, with what judging it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueAccount {
    /// The account.
    pub account_id: i64,
    /// Month of the open reading order.
    pub month: Month,
    /// Day on which its reading was due; the last day of supply when it was closed before.
    pub due_on: Date,
    /// First day of supply.
    pub opened_on: Date,
    /// Day of the last billed reading; nothing for a new account.
    pub billed_to: Option<Date>,
    /// Packed history of quantities; empty for a new account.
    pub history: Vec<u8>,
    /// Category, voltage and capacity of the terms in force on the due day.
    pub terms: Option<(Category, Voltage, Capacity)>,
}

impl DueAccount {
    /// The day from which its readings count: the last billed one, or the opening.
    #[must_use]
    pub fn since(&self) -> Date {
        self.billed_to.unwrap_or(self.opened_on)
    }

    /// First day of its next period; a new account begins with its first meter.
    #[must_use]
    pub fn from(&self, installed: &[Installed]) -> Date {
        let first = || installed.iter().map(|meter| meter.installed_on).min();
        self.billed_to.or_else(first).unwrap_or(self.opened_on)
    }
}

/// Ranges of accounts whose reading is due by a day and not billed yet.
///
/// # Errors
/// The database's.
pub fn due_ranges(conn: &mut Conn, on: Date, size: usize) -> Result<Vec<Range>, StoreError> {
    // The plus keeps SQLite from walking every account in order: it begins with the open orders, few on a quiet day.
    ranges_of(
        conn,
        &format!(
            "SELECT a.account_id FROM reading_order o CROSS JOIN account a {IS_DUE} ORDER BY +a.account_id"
        ),
        &[on.into()],
        size,
    )
}

/// An account that is due and has no reading of the due day or later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// 户号
    pub account_no: String,
    /// 用电地址
    pub address: String,
    /// Code of the route.
    pub route: String,
    /// Month of the open reading order.
    pub month: Month,
    /// Day on which its reading was due.
    pub due_on: Date,
}

/// Accounts of a unit (0: all) and those below it that are due by a day and not read, the latest order of each, by number.
///
/// # Errors
/// The database's.
pub fn unread_of(conn: &mut Conn, on: Date, root: i64) -> Result<Vec<Unread>, StoreError> {
    let sql = format!(
        "SELECT a.account_no, a.address, t.code, MAX(o.month), MAX(o.due_on) FROM reading_order o \
         JOIN route t ON t.route_id = o.route_id CROSS JOIN account a {IS_DUE} \
         AND NOT EXISTS (SELECT 1 FROM reading r WHERE r.account_id = a.account_id AND r.read_on >= o.due_on AND r.is_current = 1) \
         AND ($2 = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org WHERE org_id = $2 \
           UNION SELECT u.org_id FROM org u JOIN below b ON u.parent_id = b.org_id) SELECT org_id FROM below)) \
         GROUP BY a.account_no, a.address, t.code ORDER BY a.account_no"
    );
    conn.query(&sql, &[on.into(), root.into()], |row| {
        Ok(Unread {
            account_no: row.text(0)?,
            address: row.text(1)?,
            route: row.text(2)?,
            month: row.month(3)?,
            due_on: row.date(4)?,
        })
    })
}

/// The due accounts of a range, in order; of two open orders of one route the later, whose reading covers both.
///
/// # Errors
/// The database's.
pub fn due_accounts(conn: &mut Conn, on: Date, range: Range) -> Result<Vec<DueAccount>, StoreError> {
    let sql = format!(
        "SELECT d.account_id, d.month, d.due_on, d.opened_on, d.billed_to, d.history, t.category, t.voltage, t.capacity FROM \
         (SELECT a.account_id, o.month, CASE WHEN a.closed_on < o.due_on THEN a.closed_on ELSE o.due_on END AS due_on, \
         a.opened_on, s.billed_to, s.history {}) d LEFT JOIN supply_terms t ON t.account_id = d.account_id \
         AND t.from_on <= d.due_on AND t.until_on >= d.due_on ORDER BY d.account_id, d.month",
        due_in_range()
    );
    let mut accounts: Vec<DueAccount> = Vec::new();
    conn.for_each(&sql, &[on.into(), range.from.into(), range.to.into()], |row| {
        let account = DueAccount {
            account_id: row.int(0)?,
            month: row.month(1)?,
            due_on: row.date(2)?,
            opened_on: row.date(3)?,
            billed_to: row.date_or_null(4)?,
            history: row.blob(5)?.to_vec(),
            terms: terms(row)?,
        };
        if accounts.last().is_some_and(|last| last.account_id == account.account_id) {
            accounts.pop();
        }
        accounts.push(account);
        Ok::<_, StoreError>(())
    })?;
    Ok(accounts)
}

fn terms(row: &Row<'_>) -> Result<Option<(Category, Voltage, Capacity)>, StoreError> {
    if row.int_or_null(8)?.is_none() {
        return Ok(None);
    }
    let category = word(row, 6, Category::from_word)?;
    let voltage = word(row, 7, Voltage::from_word)?;
    Ok(Some((category, voltage, row.capacity(8)?)))
}

fn word<T>(row: &Row<'_>, column: usize, from_word: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let text = row.str(column)?;
    from_word(text).ok_or_else(|| StoreError::Corrupt(format!("unknown word `{text}`")))
}

/// Installations of a range that stand or were removed on `since` or later, with their account, in order of account and
/// number.
///
/// # Errors
/// The database's.
pub fn installations(
    conn: &mut Conn,
    range: Range,
    since: Date,
) -> Result<Vec<(i64, Installed)>, StoreError> {
    conn.query(
        "SELECT i.account_id, i.installation_no, i.point_no, p.relation, i.installed_on, i.removed_on, i.multiplier, \
         i.digits FROM installation i JOIN metering_point p ON p.account_id = i.account_id AND p.point_no = i.point_no \
         WHERE i.account_id BETWEEN $1 AND $2 AND i.removed_on >= $3 ORDER BY i.account_id, i.installation_no",
        &[range.from.into(), range.to.into(), since.into()],
        |row| {
            let digits = row.int(7)?;
            let digits =
                u8::try_from(digits).map_err(|_| StoreError::Corrupt(format!("{digits} digits of a meter")))?;
            let installed = Installed {
                installation_no: row.int(1)?,
                point: row.int(2)?,
                relation: word(row, 3, PointRelation::from_word)?,
                dial: Dial { digits, multiplier: row.ratio(6)? },
                installed_on: row.date(4)?,
                removed_on: if row.int(5)? == OPEN_END { None } else { Some(row.date(5)?) },
            };
            Ok((row.int(0)?, installed))
        },
    )
}

/// Current readings of a range from the last billed day of each account up to `until`, with their account, in order of
/// account, day and installation. The cross join keeps SQLite to accounts first and readings
/// second, so that it seeks each account's own days, whatever the length of its past.
///
/// # Errors
/// The database's.
pub fn readings(conn: &mut Conn, range: Range, until: Date) -> Result<Vec<(i64, Shown)>, StoreError> {
    conn.query(
        "SELECT r.read_on, r.total, r.sharp, r.peak, r.flat, r.valley, r.deep, r.reactive_forward, r.reactive_reverse, \
         r.max_demand, r.source, r.installation_no, r.account_id \
         FROM account a LEFT JOIN billing_state s ON s.account_id = a.account_id CROSS JOIN reading r \
         WHERE a.account_id BETWEEN $1 AND $2 AND r.account_id = a.account_id \
         AND r.read_on >= COALESCE(s.billed_to, a.opened_on) AND r.read_on <= $3 AND r.is_current = 1 \
         ORDER BY a.account_id, r.read_on, r.installation_no",
        &[range.from.into(), range.to.into(), until.into()],
        |row| Ok((row.int(12)?, shown(row)?)),
    )
}

/// Current readings of one account between two days, both inclusive, in order of day and installation.
///
/// # Errors
/// The database's.
pub fn readings_between(
    conn: &mut Conn,
    account_id: i64,
    from: Date,
    to: Date,
) -> Result<Vec<(i64, Shown)>, StoreError> {
    conn.query(
        "SELECT read_on, total, sharp, peak, flat, valley, deep, reactive_forward, reactive_reverse, max_demand, source, \
         installation_no, account_id FROM reading \
         WHERE account_id = $1 AND read_on BETWEEN $2 AND $3 AND is_current = 1 ORDER BY read_on, installation_no",
        &[account_id.into(), from.into(), to.into()],
        |row| Ok((row.int(12)?, shown(row)?)),
    )
}

/// A reading from `read_on, total, sharp, peak, flat, valley, deep, reactive_forward, reactive_reverse, max_demand,
/// source, installation_no`.
pub(super) fn shown(row: &Row<'_>) -> Result<Shown, StoreError> {
    let mut bands = [None; 5];
    for (n, band) in bands.iter_mut().enumerate() {
        *band = row.int_or_null(2 + n)?.map(Energy);
    }
    let registers = RegisterSet {
        on: row.date(0)?,
        total: row.energy(1)?,
        bands,
        reactive_forward: Energy(row.int_or_null(7)?.unwrap_or(0)),
        reactive_reverse: Energy(row.int_or_null(8)?.unwrap_or(0)),
        max_demand: Demand(row.int_or_null(9)?.unwrap_or(0)),
    };
    Ok(Shown { installation_no: row.int(11)?, source: word(row, 10, Source::from_word)?, registers })
}

/// Accounts of a range with open doubts about their reading, which hold the release of their bill, with the codes.
///
/// # Errors
/// The database's.
pub fn open_doubts(conn: &mut Conn, range: Range) -> Result<Vec<(i64, String)>, StoreError> {
    conn.query(
        "SELECT account_id, codes FROM task WHERE kind = 'reading_doubt' AND state = 'open' \
         AND account_id BETWEEN $1 AND $2 ORDER BY account_id, subject",
        &[range.from.into(), range.to.into()],
        |row| Ok((row.int(0)?, row.text(1)?)),
    )
}
