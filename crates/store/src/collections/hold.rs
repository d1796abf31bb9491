//! 暂缓: what pauses a ladder.

use super::word;
use crate::day::Range;
use crate::db::{Conn, OPEN_END, Row, StoreError, Table};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::collections::hold::{HoldFact, HoldKind};
use jiff::civil::Date;

/// A hold as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub hold_no: i64,
    /// Why.
    pub kind: HoldKind,
    /// The bill; 0 for every debt of the account.
    pub bill_no: i64,
    /// First day.
    pub from_on: Date,
    /// Last day; none while it is open.
    pub until_on: Option<Date>,
    /// In words.
    pub reason: String,
    /// What it comes from, such as `plan:2` or a number of the customer's; one hold for each source.
    pub source: String,
    /// Staff code.
    pub set_by: String,
    /// Staff code, or `system`.
    pub released_by: Option<String>,
    /// First day on which it does not hold any more.
    pub released_on: Option<Date>,
    /// In words.
    pub release_reason: Option<String>,
}

impl HoldRow {
    /// As far as days are counted.
    #[must_use]
    pub fn fact(&self) -> HoldFact {
        let released = self.released_on.map(|on| plus_days(on, -1));
        HoldFact {
            hold_no: self.hold_no,
            kind: self.kind,
            bill_no: self.bill_no,
            from_on: self.from_on,
            until_on: match (self.until_on, released) {
                (Some(until), Some(released)) => Some(until.min(released)),
                (until, released) => until.or(released),
            },
        }
    }
}

const HOLD: Table = Table {
    name: "hold",
    columns: &[
        "account_id",
        "hold_no",
        "kind",
        "bill_no",
        "from_on",
        "until_on",
        "reason",
        "source",
        "set_by",
        "released_by",
        "released_on",
        "release_reason",
    ],
    key: &["account_id", "hold_no"],
};

pub(super) const COLUMNS: &str = "account_id, hold_no, kind, bill_no, from_on, until_on, reason, source, set_by, released_by, released_on, \
    release_reason";

pub(super) fn read(row: &Row<'_>) -> Result<HoldRow, StoreError> {
    let until = row.int(5)?;
    Ok(HoldRow {
        account_id: row.int(0)?,
        hold_no: row.int(1)?,
        kind: word(row, 2, HoldKind::from_word)?,
        bill_no: row.int(3)?,
        from_on: row.date(4)?,
        until_on: if until == OPEN_END { None } else { Some(row.date(5)?) },
        reason: row.text(6)?,
        source: row.text(7)?,
        set_by: row.text(8)?,
        released_by: row.text_or_null(9)?,
        released_on: row.date_or_null(10)?,
        release_reason: row.text_or_null(11)?,
    })
}

/// Keeps holds, new or released.
///
/// # Errors
/// The database's.
pub fn save_holds(conn: &mut Conn, rows: &[HoldRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&HOLD, rows, |row, out| {
        out.put(row.account_id).put(row.hold_no).put(row.kind.word()).put(row.bill_no).put(row.from_on);
        match row.until_on {
            Some(until) => out.put(until),
            None => out.put(OPEN_END),
        };
        out.put(&row.reason).put(&row.source).put(&row.set_by).put(row.released_by.as_deref());
        out.put(row.released_on).put(row.release_reason.as_deref());
    })
}

/// Every hold of a range of accounts, in order of account and number.
///
/// # Errors
/// The database's.
pub fn holds(conn: &mut Conn, range: Range) -> Result<Vec<HoldRow>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM hold WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, hold_no");
    conn.query(&sql, &[range.from.into(), range.to.into()], read)
}

/// Every hold in force on a day, in order of account and number.
///
/// # Errors
/// The database's.
pub fn holds_in_force(conn: &mut Conn, on: Date) -> Result<Vec<HoldRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM hold WHERE from_on <= $1 AND until_on >= $1 AND (released_on IS NULL OR released_on > $1) \
         ORDER BY account_id, hold_no"
    );
    conn.query(&sql, &[on.into()], read)
}

/// The last number of a hold of an account; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_hold_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(hold_no) FROM hold WHERE account_id = $1", &[account_id.into()])
}
