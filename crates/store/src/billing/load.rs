//! Loads of a shard, each one statement in order of accounts.

use crate::day::Range;
use crate::db::{Conn, Row, StoreError};
use crate::metering::DUE;
use denghuo_rules::calendar::Month;
use denghuo_rules::units::{Capacity, Demand, Energy, Money, Ratio};
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

/// Terms in force from a day on.
#[derive(Clone, Debug)]
pub struct TermsRow {
    /// The account.
    pub account_id: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
    /// Words of `rules::registry`.
    pub category: String,
    /// Words of `rules::registry`.
    pub voltage: String,
    /// Words of `rules::registry`.
    pub scheme: String,
    /// By time of use.
    pub time_of_use: bool,
    /// Contract capacity.
    pub capacity: Capacity,
    /// Contract demand.
    pub contract_demand: Demand,
    /// Words of `rules::registry`.
    pub pf_standard: String,
    /// Persons of the home.
    pub persons: i64,
    /// Agreed minimum of a month.
    pub minimum: Money,
    /// JSON of the rare parts.
    pub extras: Option<String>,
}

/// A meter at a point of an account for some time.
#[derive(Clone, Debug)]
pub struct InstallationRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub installation_no: i64,
    /// The metering point.
    pub point_no: i64,
    /// Word of the point's relation: `add` or `subtract`.
    pub relation: String,
    /// First day.
    pub installed_on: Date,
    /// Last day.
    pub removed_on: Option<Date>,
    /// CT × PT × constant.
    pub multiplier: Ratio,
    /// Digits before the point.
    pub digits: i64,
}

/// A current reading of one meter.
#[derive(Clone, Debug)]
pub struct ReadingRow {
    /// The account.
    pub account_id: i64,
    /// The day.
    pub read_on: Date,
    /// The installation.
    pub installation_no: i64,
    /// Total, sharp, peak, flat, valley, deep, reactive forward, reactive reverse, demand: raw registers.
    pub registers: [Option<i64>; 9],
    /// Where it comes from.
    pub source: String,
}

/// The due accounts of a range, in order.
///
/// # Errors
/// The database's.
pub fn accounts_due(conn: &mut Conn, on: Date, range: Range) -> Result<Vec<BillingAccount>, StoreError> {
    let sql = format!(
        "SELECT a.account_id, a.org_id, o.month, o.due_on, a.opened_on, a.closed_on, s.next_bill_no, s.billed_to, \
         s.tier_year, s.tier_used, s.provisional_runs, s.zero_runs, s.history {DUE} \
         AND a.account_id BETWEEN $2 AND $3 ORDER BY a.account_id, o.month"
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

/// Every version of the terms of a range that ends on `since` or later, in order of account and day.
///
/// # Errors
/// The database's.
pub fn terms(conn: &mut Conn, range: Range, since: Date) -> Result<Vec<TermsRow>, StoreError> {
    conn.query(
        "SELECT account_id, from_on, until_on, category, voltage, scheme, time_of_use, capacity, contract_demand, \
         pf_standard, persons, minimum_fen, extras FROM supply_terms \
         WHERE account_id BETWEEN $1 AND $2 AND until_on >= $3 ORDER BY account_id, from_on",
        &[range.from.into(), range.to.into(), since.into()],
        |row| {
            Ok(TermsRow {
                account_id: row.int(0)?,
                from_on: row.date(1)?,
                until_on: end_date(row, 2)?,
                category: row.text(3)?,
                voltage: row.text(4)?,
                scheme: row.text(5)?,
                time_of_use: row.truth(6)?,
                capacity: row.capacity(7)?,
                contract_demand: row.demand(8)?,
                pf_standard: row.text(9)?,
                persons: row.int(10)?,
                minimum: row.money(11)?,
                extras: row.text_or_null(12)?,
            })
        },
    )
}

/// Every installation of a range that was removed on `since` or later or stands, in order of account and number.
///
/// # Errors
/// The database's.
pub fn installations(conn: &mut Conn, range: Range, since: Date) -> Result<Vec<InstallationRow>, StoreError> {
    conn.query(
        "SELECT i.account_id, i.installation_no, i.point_no, p.relation, i.installed_on, i.removed_on, i.multiplier, \
         i.digits FROM installation i JOIN metering_point p ON p.account_id = i.account_id AND p.point_no = i.point_no \
         WHERE i.account_id BETWEEN $1 AND $2 AND i.removed_on >= $3 ORDER BY i.account_id, i.installation_no",
        &[range.from.into(), range.to.into(), since.into()],
        |row| {
            Ok(InstallationRow {
                account_id: row.int(0)?,
                installation_no: row.int(1)?,
                point_no: row.int(2)?,
                relation: row.text(3)?,
                installed_on: row.date(4)?,
                removed_on: end_date(row, 5)?,
                multiplier: row.ratio(6)?,
                digits: row.int(7)?,
            })
        },
    )
}

/// Current readings of a range from the last billed day of each account up to `until`, in order of account, day and
/// installation. The join seeks each account's own days, whatever the length of its history.
///
/// # Errors
/// The database's.
pub fn readings(conn: &mut Conn, range: Range, until: Date) -> Result<Vec<ReadingRow>, StoreError> {
    conn.query(
        "SELECT r.account_id, r.read_on, r.installation_no, r.total, r.sharp, r.peak, r.flat, r.valley, r.deep, \
         r.reactive_forward, r.reactive_reverse, r.max_demand, r.source \
         FROM account a LEFT JOIN billing_state s ON s.account_id = a.account_id \
         JOIN reading r ON r.account_id = a.account_id AND r.read_on >= COALESCE(s.billed_to, a.opened_on) \
         WHERE a.account_id BETWEEN $1 AND $2 AND r.read_on <= $3 AND r.is_current = 1 \
         ORDER BY r.account_id, r.read_on, r.installation_no",
        &[range.from.into(), range.to.into(), until.into()],
        |row| {
            let mut registers = [None; 9];
            for (n, register) in registers.iter_mut().enumerate() {
                *register = row.int_or_null(3 + n)?;
            }
            Ok(ReadingRow {
                account_id: row.int(0)?,
                read_on: row.date(1)?,
                installation_no: row.int(2)?,
                registers,
                source: row.text(12)?,
            })
        },
    )
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
