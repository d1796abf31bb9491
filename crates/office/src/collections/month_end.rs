//! 月末计提: at the end of a month the running late fees of open debts are booked.

use super::FeeBook;
use crate::error::OfficeError;
use crate::ledger::{Books, save};
use crate::work::Work;
use denghuo_rules::units::Money;
use denghuo_store::day::{Counts, Range};
use denghuo_store::{Conn, collections};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Ranges of accounts whose late fees are to be booked on a day; none but on the last day of a month.
///
/// # Errors
/// The database's.
pub fn late_fee_ranges(conn: &mut Conn, on: Date, size: usize) -> Result<Vec<Range>, OfficeError> {
    if on != on.last_of_month() {
        return Ok(Vec::new());
    }
    Ok(collections::overdue_ranges(conn, on, size)?)
}

/// Books the late fees of a range's overdue debts through a day. Doing it again changes nothing.
///
/// # Errors
/// The database's, or no rule for an accrual day.
pub fn book_late_fees(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    range: Range,
) -> Result<Counts, OfficeError> {
    let fees = FeeBook::of(work)?;
    conn.write(|conn| {
        let debts = collections::open_debts(conn, range)?;
        let accounts: BTreeSet<i64> = debts
            .iter()
            .filter(|debt| debt.receivable.open > Money::ZERO && debt.receivable.due_on < on)
            .map(|debt| debt.receivable.account_id)
            .collect();
        let accounts: Vec<i64> = accounts.into_iter().collect();
        let mut all = Books::lock_all(conn, &accounts, on)?;
        let mut counts = Counts { due: accounts.len() as i64, ..Counts::default() };
        for books in &mut all {
            for at in 0..books.debts.len() {
                let debt = &books.debts[at];
                let behind = debt.fee.is_none_or(|fee| fee.booked_to < on);
                if behind && debt.receivable.open > Money::ZERO && debt.receivable.due_on < on {
                    counts.amount_fen += books.accrue(work, &fees, at, on, on)?.raw();
                }
            }
            counts.done += 1;
        }
        save(conn, work, all)?;
        Ok(counts)
    })
}
