//! What the stage and the sweep have to look at, by indexes: a day without anything due reads nothing.

use crate::day::{Range, ranges_of};
use crate::db::{Conn, StoreError};
use jiff::civil::Date;

/// An account that the stage looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueCut {
    /// The account.
    pub account_id: i64,
    /// The step of the ladder that asks for a cut: its bill and round. None: a case asks to be looked at.
    pub step: Option<(i64, i64)>,
}

/// Ranges of accounts that have something due on a day: a step of the ladder that nobody took up, a case whose day has come, a case
/// with a debt that is settled, an operation that has not ended.
///
/// # Errors
/// The database's.
pub fn cut_ranges(conn: &mut Conn, on: Date, size: usize) -> Result<Vec<Range>, StoreError> {
    ranges_of(
        conn,
        "SELECT account_id FROM (SELECT s.account_id FROM ladder_step s WHERE s.kind = 'stop_plan' AND s.state = 'due' \
           AND s.due_on <= $1 AND NOT EXISTS (SELECT 1 FROM cut_case k WHERE k.account_id = s.account_id \
             AND (k.closed_on IS NULL OR (k.bill_no = s.bill_no \
               AND (k.step_round = s.round OR k.outcome IN ('rejected', 'withdrawn'))))) \
         UNION SELECT account_id FROM cut_case WHERE closed_on IS NULL AND next_on <= $1 \
         UNION SELECT k.account_id FROM cut_case k JOIN cut_case_bill b ON b.account_id = k.account_id \
           AND b.case_no = k.case_no JOIN receivable r ON r.account_id = b.account_id AND r.bill_no = b.bill_no \
           WHERE k.closed_on IS NULL AND r.open_fen <= 0 \
         UNION SELECT k.account_id FROM cut_case k JOIN security g ON g.account_id = k.account_id WHERE k.closed_on IS NULL \
         UNION SELECT account_id FROM operation WHERE state IN ('ordered', 'confirm_at_meter', 'doubtful') \
         UNION SELECT account_id FROM warrant WHERE state = 'live') d ORDER BY account_id",
        &[on.into()],
        size,
    )
}

/// Steps of the ladder in a range that ask for a cut and that nobody took up, in order of account.
///
/// # Errors
/// The database's.
pub fn cuts_due(conn: &mut Conn, on: Date, range: Range) -> Result<Vec<DueCut>, StoreError> {
    conn.query(
        "SELECT s.account_id, s.bill_no, s.round FROM ladder_step s WHERE s.kind = 'stop_plan' AND s.state = 'due' \
         AND s.due_on <= $1 AND s.account_id BETWEEN $2 AND $3 AND NOT EXISTS (SELECT 1 FROM cut_case k \
           WHERE k.account_id = s.account_id AND (k.closed_on IS NULL \
             OR (k.bill_no = s.bill_no AND (k.step_round = s.round OR k.outcome IN ('rejected', 'withdrawn'))))) ORDER BY s.account_id, s.bill_no, s.round",
        &[on.into(), range.from.into(), range.to.into()],
        |row| Ok(DueCut { account_id: row.int(0)?, step: Some((row.int(1)?, row.int(2)?)) }),
    )
}

/// Accounts of a range with a live case, in order.
///
/// # Errors
/// The database's.
pub fn cuts_to_watch(conn: &mut Conn, range: Range) -> Result<Vec<i64>, StoreError> {
    conn.query(
        "SELECT DISTINCT account_id FROM cut_case WHERE closed_on IS NULL AND account_id BETWEEN $1 AND $2 \
         ORDER BY account_id",
        &[range.from.into(), range.to.into()],
        |row| row.int(0),
    )
}
