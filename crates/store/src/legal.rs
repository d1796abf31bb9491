//! 法律 (column `legal`): clocks of limitation, what interrupts them, and the cases.

mod cases;
mod facts;
mod lists;
mod verify;
mod write_off;

pub use cases::{
    CaseBillRow, CaseRow, InsolvencyRow, SecurityRow, StepRow, case, case_bills, cases_of, insert_case_bills,
    insert_steps, insolvencies_of, last_number, open_cases, replace_case_bills, save_case, save_insolvency,
    save_security, securities_ending, securities_of, steps_of,
};
pub use facts::{
    DisputeRow, HappeningRow, demanded, disputes, happenings, insert_event, letters_arrived, noticed,
    refunds_due,
};
pub use lists::{
    ListedClock, WriteOffRequest, cases_within, clocks_within, save_write_off_request, write_off_requests,
    write_offs_within,
};
pub use verify::{CHECKS, clock_ranges, last_done, touched_since};
pub use write_off::{WriteOffRow, recoverable, save_write_off, write_offs_of};

use crate::day::{Range, ranges_of};
use crate::db::{Conn, Row, StoreError, Table};
use jiff::civil::Date;

/// The day on which nothing has to be known any more.
pub const NEVER: Date = jiff::civil::date(9999, 12, 31);

/// 时效: the clock of a debt as it was computed last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitationRow {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// The last interruption, or the due day.
    pub base_on: Date,
    /// Last day of the term.
    pub expires_on: Date,
    /// Twenty years from the due day.
    pub long_stop_on: Date,
    /// The alert that was told last, in days before the end; 0 when it ended.
    pub alerted_days: Option<i64>,
    /// The next day on which somebody has to know.
    pub next_on: Date,
    /// When it was computed.
    pub computed_on: Date,
    /// Ids of the rules, with commas between.
    pub rules: String,
}

const LIMITATION: Table = Table {
    name: "limitation",
    columns: &[
        "account_id",
        "bill_no",
        "base_on",
        "expires_on",
        "long_stop_on",
        "alerted_days",
        "next_on",
        "computed_on",
        "rules",
    ],
    key: &["account_id", "bill_no"],
};

const LIMITATION_COLUMNS: &str =
    "account_id, bill_no, base_on, expires_on, long_stop_on, alerted_days, next_on, computed_on, rules";

fn read_limitation(row: &Row<'_>) -> Result<LimitationRow, StoreError> {
    Ok(LimitationRow {
        account_id: row.int(0)?,
        bill_no: row.int(1)?,
        base_on: row.date(2)?,
        expires_on: row.date(3)?,
        long_stop_on: row.date(4)?,
        alerted_days: row.int_or_null(5)?,
        next_on: row.date(6)?,
        computed_on: row.date(7)?,
        rules: row.text(8)?,
    })
}

/// Keeps clocks after they were computed.
///
/// # Errors
/// The database's.
pub fn save_limitations(conn: &mut Conn, rows: &[LimitationRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&LIMITATION, rows, |row, out| {
        out.put(row.account_id).put(row.bill_no).put(row.base_on).put(row.expires_on).put(row.long_stop_on);
        out.put(row.alerted_days).put(row.next_on).put(row.computed_on).put(&row.rules);
    })
}

/// The clocks of a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn limitations(conn: &mut Conn, range: Range) -> Result<Vec<LimitationRow>, StoreError> {
    let sql = format!(
        "SELECT {LIMITATION_COLUMNS} FROM limitation WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, bill_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read_limitation)
}

/// The clocks of open debts that end on or before a day, the earliest first.
///
/// # Errors
/// The database's.
pub fn limitations_ending(
    conn: &mut Conn,
    until: Date,
    limit: i64,
) -> Result<Vec<LimitationRow>, StoreError> {
    conn.query(
        "SELECT l.account_id, l.bill_no, l.base_on, l.expires_on, l.long_stop_on, l.alerted_days, l.next_on, l.computed_on, \
         l.rules FROM limitation l JOIN receivable r ON r.account_id = l.account_id AND r.bill_no = l.bill_no \
         WHERE r.open_fen > 0 AND l.expires_on <= $1 ORDER BY l.expires_on, l.account_id, l.bill_no LIMIT $2",
        &[until.into(), limit.into()],
        read_limitation,
    )
}

/// The last day before another on which the stage `legal` was planned.
///
/// # Errors
/// The database's.
pub fn last_run(conn: &mut Conn, before: Date) -> Result<Option<Date>, StoreError> {
    let last = conn.query_int(
        "SELECT MAX(run_on) FROM day_stage WHERE stage = 'legal' AND run_on < $1",
        &[before.into()],
    )?;
    Ok(crate::db::date_from_int(last))
}

/// Ranges of accounts that legal work concerns on a day: debts that became overdue since the last run, what may have
/// interrupted a term since then, alerts and terms of cases that have come, securities that end until `alert_until`. Without `since` every overdue debt.
///
/// # Errors
/// The database's.
pub fn due_ranges(
    conn: &mut Conn,
    since: Option<Date>,
    (on, alert_until): (Date, Date),
    size: usize,
) -> Result<Vec<Range>, StoreError> {
    let from = since.unwrap_or(Date::constant(1, 1, 1));
    let overdue_from = since.map_or(from, |day| denghuo_rules::calendar::plus_days(day, -1));
    ranges_of(
        conn,
        "SELECT account_id FROM (\
           SELECT account_id FROM receivable WHERE open_fen > 0 AND due_on >= $3 AND due_on < $2 \
           UNION SELECT account_id FROM limitation WHERE next_on <= $2 \
           UNION SELECT account_id FROM legal_case WHERE closed_on IS NULL AND next_on <= $2 \
           UNION SELECT account_id FROM notice WHERE state = 'served' AND kind IN ('demand', 'stop_plan', 'lawyer_letter') \
             AND served_at >= CAST($1 AS BIGINT) * 1000000 \
             AND served_at < (CAST($2 AS BIGINT) + 1) * 1000000 \
           UNION SELECT account_id FROM payment_plan WHERE agreed_on >= $1 AND agreed_on <= $2 \
           UNION SELECT p.account_id FROM payment p JOIN limitation l ON l.account_id = p.account_id \
             AND l.next_on < 99991231 WHERE p.posted_on >= $1 AND p.posted_on <= $2 \
           UNION SELECT p.account_id FROM payment p JOIN receivable r ON r.account_id = p.account_id \
             AND r.open_fen > 0 AND r.due_on < $2 WHERE p.posted_on >= $1 AND p.posted_on <= $2 \
           UNION SELECT p.account_id FROM payment p JOIN legal_case c ON c.account_id = p.account_id \
             AND c.closed_on IS NULL WHERE p.posted_on >= $1 AND p.posted_on <= $2 \
           UNION SELECT w.account_id FROM payment p JOIN write_off w ON w.account_id = p.account_id \
             WHERE p.posted_on >= $1 AND p.posted_on <= $2 \
           UNION SELECT account_id FROM insolvency WHERE ended_on IS NULL AND claims_until >= $2 AND claims_until <= $4 \
           UNION SELECT account_id FROM security WHERE released_on IS NULL AND until_on >= $2 AND until_on <= $4 \
         ) due ORDER BY account_id",
        &[from.into(), on.into(), overdue_from.into(), alert_until.into()],
        size,
    )
}
