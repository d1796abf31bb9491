//! 预收结转: prepayments pay newly released bills, and bills in the customer's favour find their debt.

use super::decide::Terms;
use crate::error::OfficeError;
use crate::ledger::{Books, save};
use crate::work::Work;
use denghuo_store::day::{Counts, Range};
use denghuo_store::{Conn, payments};
use jiff::civil::Date;

/// Ranges of accounts with a prepayment and something to pay, or with something in their favour.
///
/// # Errors
/// The database's.
pub fn prepaid_ranges(conn: &mut Conn, size: usize) -> Result<Vec<Range>, OfficeError> {
    Ok(payments::prepaid_ranges(conn, size)?)
}

/// Applies the prepayments and credits of a range. Doing it again changes nothing.
///
/// # Errors
/// A missing rule or the database's.
pub fn apply_prepayments(
    conn: &mut Conn,
    work: &Work<'_>,
    on: Date,
    range: Range,
) -> Result<Counts, OfficeError> {
    let terms = Terms::of(work, on)?;
    conn.write(|conn| {
        let accounts = payments::prepaid_accounts(conn, range)?;
        let mut counts = Counts { due: accounts.len() as i64, ..Counts::default() };
        let mut all = Books::lock_all(conn, &accounts, on)?;
        for books in &mut all {
            books.settle_credits(work, &terms, on)?;
            counts.amount_fen += books.apply_prepayment(work, &terms, on)?.raw();
            counts.done += 1;
        }
        save(conn, work, all)?;
        Ok(counts)
    })
}
