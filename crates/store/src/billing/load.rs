//! Loads of a shard, each one statement in order of accounts.

use crate::day::{Range, ranges_of};
use crate::db::{Conn, Row, StoreError};
use crate::metering::due_in_range;
use denghuo_rules::calendar::Month;
use denghuo_rules::units::Energy;
use jiff::civil::Date;

/// Where the billing of an account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRow {
    /// The account.
    pub account_id: i64,
    /// Number of its next bill.
    pub next_bill_no: i64,
    /// Day of the last billed reading.
    pub billed_to: Date,
    /// Year of the annual tiers.
    pub tier_year: i64,
    /// Billed in that year.
    pub tier_used: Energy,
    /// Provisional bills in a row.
    pub provisional_runs: i64,
    /// Zero bills in a row.
    pub zero_runs: i64,
    /// Packed history of quantities.
    pub history: Vec<u8>,
}

impl StateRow {
    /// The state of an account that was billed up to a day, for a calculation that stands by itself.
    #[must_use]
    pub fn at(account_id: i64, billed_to: Date) -> Self {
        Self {
            account_id,
            next_bill_no: 1,
            billed_to,
            tier_year: 0,
            tier_used: Energy::ZERO,
            provisional_runs: 0,
            zero_runs: 0,
            history: Vec::new(),
        }
    }
}

/// An account whose reading is due, with where its billing stands.
#[derive(Clone, Debug)]
pub struct BillingAccount {
    /// The account.
    pub account_id: i64,
    /// Its organisation.
    pub org_id: i64,
    /// Month of the open reading order.
    pub month: Month,
    /// Day on which its reading was due.
    pub due_on: Date,
    /// First day of supply.
    pub opened_on: Date,
    /// Last day of supply.
    pub closed_on: Option<Date>,
    /// Nothing yet for a new account.
    pub state: Option<StateRow>,
}

/// The due accounts of a range, in order.
///
/// # Errors
/// The database's.
pub fn accounts_due(conn: &mut Conn, on: Date, range: Range) -> Result<Vec<BillingAccount>, StoreError> {
    let sql = format!(
        "SELECT a.account_id, a.org_id, o.month, o.due_on, a.opened_on, a.closed_on, s.next_bill_no, s.billed_to, \
         s.tier_year, s.tier_used, s.provisional_runs, s.zero_runs, s.history {} ORDER BY a.account_id, o.month",
        due_in_range()
    );
    let mut accounts: Vec<BillingAccount> = Vec::new();
    conn.for_each(&sql, &[on.into(), range.from.into(), range.to.into()], |row| {
        let account = BillingAccount {
            account_id: row.int(0)?,
            org_id: row.int(1)?,
            month: row.month(2)?,
            due_on: row.date(3)?,
            opened_on: row.date(4)?,
            closed_on: end_date(row, 5)?,
            state: read_state(row)?,
        };
        // Two open orders of one route: the later one is billed, its reading covers both.
        if accounts.last().is_some_and(|last| last.account_id == account.account_id) {
            accounts.pop();
        }
        accounts.push(account);
        Ok::<_, StoreError>(())
    })?;
    Ok(accounts)
}

fn read_state(row: &Row<'_>) -> Result<Option<StateRow>, StoreError> {
    let Some(next_bill_no) = row.int_or_null(6)? else { return Ok(None) };
    Ok(Some(StateRow {
        account_id: row.int(0)?,
        next_bill_no,
        billed_to: row.date(7)?,
        tier_year: row.int(8)?,
        tier_used: row.energy(9)?,
        provisional_runs: row.int(10)?,
        zero_runs: row.int(11)?,
        history: row.blob(12)?.to_vec(),
    }))
}

/// An `until` as a date, nothing when it is open.
pub(crate) fn end_date(row: &Row<'_>, column: usize) -> Result<Option<Date>, StoreError> {
    if row.int(column)? == crate::db::OPEN_END { Ok(None) } else { row.date(column).map(Some) }
}

/// Where the billing of one account stands; nothing for an account without a bill.
///
/// # Errors
/// The database's.
pub fn state(conn: &mut Conn, account_id: i64) -> Result<Option<StateRow>, StoreError> {
    Ok(states(conn, Range { from: account_id, to: account_id })?.pop())
}

/// Accounts of a range with an open reading exception that stops billing.
///
/// # Errors
/// The database's.
pub fn blocked_accounts(conn: &mut Conn, range: Range) -> Result<Vec<i64>, StoreError> {
    conn.query(
        "SELECT DISTINCT account_id FROM task WHERE account_id BETWEEN $1 AND $2 AND kind = 'reading_exception' \
         AND state = 'open' ORDER BY account_id",
        &[range.from.into(), range.to.into()],
        |row| row.int(0),
    )
}

/// Ranges of accounts that have bills.
///
/// # Errors
/// The database's.
pub fn billed_ranges(conn: &mut Conn, size: usize) -> Result<Vec<Range>, StoreError> {
    ranges_of(conn, "SELECT account_id FROM billing_state ORDER BY account_id", &[], size)
}

/// Where the billing of a range of accounts stands, in order.
///
/// # Errors
/// The database's.
pub fn states(conn: &mut Conn, range: Range) -> Result<Vec<StateRow>, StoreError> {
    let all = conn.query(
        "SELECT account_id, 0, 0, 0, 0, 0, next_bill_no, billed_to, tier_year, tier_used, provisional_runs, zero_runs, \
         history FROM billing_state WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id",
        &[range.from.into(), range.to.into()],
        read_state,
    )?;
    Ok(all.into_iter().flatten().collect())
}
