//! The loads of a shard, handed out account by account.

use crate::error::OfficeError;
use denghuo_rules::metering::{Installed, Shown};
use denghuo_store::Conn;
use denghuo_store::billing::{self, BillRow, BillingAccount, StateRow};
use denghuo_store::day::Range;
use denghuo_store::metering;
use denghuo_store::registry::{self, Terms};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};

/// Everything a shard needs, in order of accounts.
pub(super) struct ShardLoad {
    accounts: Vec<BillingAccount>,
    terms: Vec<Terms>,
    installations: Vec<(i64, Installed)>,
    readings: Vec<(i64, Shown)>,
    blocked: HashSet<i64>,
    doubts: HashMap<i64, String>,
}

/// What is known of one account.
pub(super) struct AccountLoad<'l> {
    /// The account and where its billing stands.
    pub account: &'l BillingAccount,
    /// Its terms, oldest first.
    pub terms: &'l [Terms],
    /// Its installations, by number.
    pub installations: Vec<Installed>,
    /// Its readings since the last bill, by day and installation.
    pub readings: Vec<Shown>,
    /// An open exception stops it.
    pub blocked: bool,
    /// Codes of open doubts about its reading: the bill is made, and held.
    pub doubts: Option<&'l str>,
}

impl ShardLoad {
    /// Loads the due accounts of a range with six statements.
    pub(super) fn load(conn: &mut Conn, on: Date, range: Range) -> Result<Self, OfficeError> {
        let accounts = billing::accounts_due(conn, on, range)?;
        let since = accounts
            .iter()
            .map(|account| account.state.as_ref().map_or(account.opened_on, |state| state.billed_to))
            .min()
            .unwrap_or(on);
        Ok(Self {
            terms: registry::terms_history(conn, range.from, range.to)?,
            installations: metering::installations(conn, range, since)?,
            readings: metering::readings(conn, range, on)?,
            blocked: billing::blocked_accounts(conn, range)?.into_iter().collect(),
            doubts: metering::open_doubts(conn, range)?.into_iter().collect(),
            accounts,
        })
    }

    /// Loads what a stored bill is calculated from, as if its period were due now.
    pub(super) fn of_bill(conn: &mut Conn, bill: &BillRow) -> Result<Self, OfficeError> {
        let range = Range { from: bill.account_id, to: bill.account_id };
        let state = StateRow::at(bill.account_id, bill.from_on);
        let account = BillingAccount {
            account_id: bill.account_id,
            org_id: 0,
            month: bill.month,
            due_on: bill.to_on,
            opened_on: bill.from_on,
            closed_on: None,
            state: Some(state),
        };
        Ok(Self {
            terms: registry::terms_history(conn, range.from, range.to)?,
            installations: metering::installations(conn, range, bill.from_on)?,
            readings: metering::readings_between(conn, bill.account_id, bill.from_on, bill.to_on)?,
            blocked: HashSet::new(),
            doubts: HashMap::new(),
            accounts: vec![account],
        })
    }

    /// Gives each account with what belongs to it.
    pub(super) fn each(&self, mut visit: impl FnMut(AccountLoad<'_>)) {
        let (mut terms, mut installations, mut readings) = (0, 0, 0);
        for account in &self.accounts {
            let id = account.account_id;
            visit(AccountLoad {
                account,
                terms: of_account(&self.terms, &mut terms, id, |row| row.account_id),
                installations: own(of_account(&self.installations, &mut installations, id, |row| row.0)),
                readings: own(of_account(&self.readings, &mut readings, id, |row| row.0)),
                blocked: self.blocked.contains(&id),
                doubts: self.doubts.get(&id).map(String::as_str),
            });
        }
    }
}

/// The rows of one account in rows that are in order of accounts; `at` moves on from call to call.
fn of_account<'r, R>(rows: &'r [R], at: &mut usize, account: i64, id: impl Fn(&R) -> i64) -> &'r [R] {
    while rows.get(*at).is_some_and(|row| id(row) < account) {
        *at += 1;
    }
    let first = *at;
    while rows.get(*at).is_some_and(|row| id(row) == account) {
        *at += 1;
    }
    &rows[first..*at]
}

/// The rows without their account.
fn own<R: Copy>(rows: &[(i64, R)]) -> Vec<R> {
    rows.iter().map(|(_, row)| *row).collect()
}
