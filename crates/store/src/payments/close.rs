//! 日结: what each cashier took on a day, and days that are closed.

use super::channel;
use crate::db::{Conn, StoreError, Table, date_from_int};
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// What one cashier took through one channel on a day, reversals taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashierTotal {
    /// 收费员
    pub cashier: String,
    /// 渠道
    pub channel: Channel,
    /// Payments.
    pub payments: i64,
    /// Their sum.
    pub received: Money,
    /// Reversals.
    pub reversals: i64,
    /// Their sum, positive.
    pub reversed: Money,
}

const CLOSE: Table = Table {
    name: "day_close",
    columns: &["business_on", "scope", "closed_by", "report", "recorded_at"],
    key: &["business_on", "scope"],
};

/// The totals of a business day by cashier and channel, in their order. Offsets of credits move no money and are left out.
///
/// # Errors
/// The database's.
pub fn totals_of_day(conn: &mut Conn, on: Date) -> Result<Vec<CashierTotal>, StoreError> {
    conn.query(
        "SELECT received_by, channel, CAST(SUM(CASE WHEN reverses_no IS NULL THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN reverses_no IS NULL THEN amount_fen ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN reverses_no IS NULL THEN 0 ELSE 1 END) AS BIGINT), \
         CAST(SUM(CASE WHEN reverses_no IS NULL THEN 0 ELSE -amount_fen END) AS BIGINT) \
         FROM payment WHERE posted_on = $1 AND channel NOT IN ('credit', 'write_off') \
         GROUP BY received_by, channel ORDER BY received_by, channel",
        &[on.into()],
        |row| {
            Ok(CashierTotal {
                cashier: row.text(0)?,
                channel: channel(row, 1)?,
                payments: row.int(2)?,
                received: row.money(3)?,
                reversals: row.int(4)?,
                reversed: row.money(5)?,
            })
        },
    )
}

/// The report under which a day, or a cashier's part of it, was closed. Scope `all` is the whole company.
///
/// # Errors
/// The database's.
pub fn day_close(conn: &mut Conn, on: Date, scope: &str) -> Result<Option<String>, StoreError> {
    conn.query_first(
        "SELECT report FROM day_close WHERE business_on = $1 AND scope = $2",
        &[on.into(), scope.into()],
        |row| row.text(0),
    )
}

/// Closes a day for a scope.
///
/// # Errors
/// The database's; a day that is closed already is a duplicate.
pub fn insert_day_close(
    conn: &mut Conn,
    on: Date,
    scope: &str,
    by: &str,
    report: &str,
    recorded_at: i64,
) -> Result<(), StoreError> {
    conn.bulk(&CLOSE, &[()], |(), out| {
        out.put(on).put(scope).put(by).put(report).put(recorded_at);
    })
}

/// The last day that is closed for a scope or for the whole company.
///
/// # Errors
/// The database's.
pub fn closed_through(conn: &mut Conn, scope: &str) -> Result<Option<Date>, StoreError> {
    let day = conn.query_int(
        "SELECT MAX(business_on) FROM day_close WHERE scope = 'all' OR scope = $1",
        &[scope.into()],
    )?;
    Ok(date_from_int(day))
}
