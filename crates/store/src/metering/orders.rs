//! 抄表计划: one order per route and cycle, open until every account of it is billed to its day.

use crate::db::{Conn, StoreError, Table};
use crate::registry::Route;
use denghuo_rules::calendar::Month;
use denghuo_rules::units::Energy;
use jiff::civil::Date;

/// 抄表计划 of a route in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingOrder {
    /// 抄表段
    pub route_id: i64,
    /// 电费年月
    pub month: Month,
    /// 抄表例日
    pub due_on: Date,
}

/// What has become of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderCounts {
    /// The order.
    pub order: ReadingOrder,
    /// Code of its route.
    pub route: String,
    /// `open` or `closed`.
    pub state: String,
    /// Accounts to be read.
    pub expected: i64,
    /// Accounts with a reading of the due day or later.
    pub taken: i64,
    /// Accounts without.
    pub missed: i64,
}

const ORDER: Table = Table {
    name: "reading_order",
    columns: &["route_id", "month", "due_on", "state", "expected", "taken", "missed"],
    key: &["route_id", "month"],
};

/// Every route, in order of its code.
///
/// # Errors
/// The database's.
pub fn routes(conn: &mut Conn) -> Result<Vec<Route>, StoreError> {
    conn.query(
        "SELECT route_id, code, name, org_id, reader_id, verifier_id, read_day, cycle_months, first_month FROM route \
         ORDER BY code",
        &[],
        |row| {
            Ok(Route {
                route_id: row.int(0)?,
                code: row.text(1)?,
                name: row.text(2)?,
                org_id: row.int(3)?,
                reader_id: row.int_or_null(4)?,
                verifier_id: row.int_or_null(5)?,
                read_day: row.int(6)?,
                cycle_months: row.int(7)?,
                first_month: row.int(8)?,
            })
        },
    )
}

/// The last month of each route that has an order, as `(route, month)`.
///
/// # Errors
/// The database's.
pub fn last_orders(conn: &mut Conn) -> Result<Vec<(i64, Month)>, StoreError> {
    conn.query("SELECT route_id, MAX(month) FROM reading_order GROUP BY route_id", &[], |row| {
        Ok((row.int(0)?, row.month(1)?))
    })
}

/// Opens orders, each with the number of its accounts.
///
/// # Errors
/// The database's; a duplicate when one is there already.
pub fn insert_orders(conn: &mut Conn, orders: &[ReadingOrder]) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(orders.len());
    for order in orders {
        let expected = conn.query_int(
            "SELECT COUNT(*) FROM account WHERE route_id = $1 AND opened_on < $2 AND closed_on >= $2",
            &[order.route_id.into(), order.due_on.into()],
        )?;
        rows.push((order, expected));
    }
    conn.bulk(&ORDER, &rows, |(order, expected), out| {
        out.put(order.route_id).put(order.month).put(order.due_on).put("open").put(*expected).put(0).put(0);
    })
}

/// Closes the open orders whose accounts are all billed to the due day or later; gives how many.
///
/// # Errors
/// The database's.
pub fn close_finished(conn: &mut Conn, on: Date) -> Result<u64, StoreError> {
    conn.execute(
        "UPDATE reading_order SET state = 'closed', closed_on = $1, taken = expected, missed = 0 \
         WHERE state = 'open' AND due_on <= $1 AND NOT EXISTS (SELECT 1 FROM account a \
         LEFT JOIN billing_state s ON s.account_id = a.account_id WHERE a.route_id = reading_order.route_id \
         AND a.opened_on < reading_order.due_on AND (s.billed_to IS NULL OR s.billed_to < reading_order.due_on) \
         AND a.closed_on > COALESCE(s.billed_to, a.opened_on))",
        &[on.into()],
    )
}

/// Opens the closed order of an account's route and month again: a bill of it was taken back and is due once more.
///
/// # Errors
/// The database's.
pub fn reopen_order(conn: &mut Conn, account_id: i64, month: Month) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE reading_order SET state = 'open', closed_on = NULL WHERE month = $2 AND state = 'closed' \
         AND route_id = (SELECT route_id FROM account WHERE account_id = $1)",
        &[account_id.into(), month.into()],
    )?;
    Ok(())
}

/// The orders due in a month with what has become of them, by route.
///
/// # Errors
/// The database's.
pub fn orders(conn: &mut Conn, month: Month) -> Result<Vec<OrderCounts>, StoreError> {
    conn.query(
        "SELECT o.route_id, o.month, o.due_on, r.code, o.state, o.expected, (SELECT COUNT(*) FROM account a \
         WHERE a.route_id = o.route_id AND a.opened_on < o.due_on AND a.closed_on >= o.due_on AND EXISTS (SELECT 1 \
         FROM reading g WHERE g.account_id = a.account_id AND g.read_on >= o.due_on AND g.is_current = 1)) \
         FROM reading_order o JOIN route r ON r.route_id = o.route_id WHERE o.month = $1 ORDER BY r.code",
        &[month.into()],
        |row| {
            let (expected, taken) = (row.int(5)?, row.int(6)?);
            Ok(OrderCounts {
                order: ReadingOrder { route_id: row.int(0)?, month: row.month(1)?, due_on: row.date(2)? },
                route: row.text(3)?,
                state: row.text(4)?,
                expected,
                taken,
                missed: expected - taken,
            })
        },
    )
}

/// A field reading of a route as it was taken: moment, register and advance since the reading before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenReading {
    /// The day.
    pub read_on: Date,
    /// Moment, ms since 1970.
    pub taken_at: Option<i64>,
    /// The register.
    pub shown: Energy,
    /// Its advance; nothing for a first reading.
    pub advance: Option<Energy>,
}

/// The field readings of a stretch of days with their route, by route in the order in which they were taken. It costs what
/// was read in the field and not what was read.
///
/// # Errors
/// The database's.
pub fn field_readings(
    conn: &mut Conn,
    (since, until): (Date, Date),
) -> Result<Vec<(i64, TakenReading)>, StoreError> {
    conn.query(
        "SELECT a.route_id, r.read_on, r.taken_at, r.total, r.total - (SELECT b.total FROM reading b \
         WHERE b.account_id = r.account_id AND b.installation_no = r.installation_no AND b.is_current = 1 \
         AND b.read_on < r.read_on ORDER BY b.read_on DESC LIMIT 1) \
         FROM reading r JOIN account a ON a.account_id = r.account_id \
         WHERE r.source = 'field' AND r.read_on BETWEEN $1 AND $2 AND r.is_current = 1 \
         ORDER BY a.route_id, COALESCE(r.taken_at, 0), r.account_id, r.installation_no",
        &[since.into(), until.into()],
        |row| {
            let taken = TakenReading {
                read_on: row.date(1)?,
                taken_at: row.int_or_null(2)?,
                shown: row.energy(3)?,
                advance: row.int_or_null(4)?.map(Energy),
            };
            Ok((row.int(0)?, taken))
        },
    )
}

/// The orders that are open on a day, with the code of their route.
///
/// # Errors
/// The database's.
pub fn orders_in_work(conn: &mut Conn, on: Date) -> Result<Vec<(ReadingOrder, String)>, StoreError> {
    conn.query(
        "SELECT o.route_id, o.month, o.due_on, r.code FROM reading_order o JOIN route r ON r.route_id = o.route_id \
         WHERE o.state = 'open' AND o.due_on <= $1 ORDER BY r.code, o.month",
        &[on.into()],
        |row| {
            let order = ReadingOrder { route_id: row.int(0)?, month: row.month(1)?, due_on: row.date(2)? };
            Ok((order, row.text(3)?))
        },
    )
}
