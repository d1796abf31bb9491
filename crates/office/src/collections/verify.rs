//! Booked late fees against their recomputation.

use super::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::derivation::Silent;
use denghuo_store::{Conn, collections};
use std::collections::BTreeSet;

/// Accounts that are recomputed at a time.
const CHUNK: usize = 2_000;
/// Breaks that are told in words.
const SAMPLE: usize = 20;

/// What the recomputation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeeCheck {
    /// Bills whose booked fee is not what the rules give.
    pub broken: u64,
    /// The first of them in words.
    pub sample: Vec<String>,
}

/// Every bill's booked late fee is what the rules give through the day to which it is booked, under the contract of that day.
///
/// # Errors
/// The database's, or no rule for an accrual day.
pub fn verify_fees(conn: &mut Conn, work: &Work<'_>) -> Result<FeeCheck, OfficeError> {
    let fees = FeeBook::of(work)?;
    let mut check = FeeCheck::default();
    for range in collections::fee_ranges(conn, CHUNK)? {
        let debts = collections::debts_with_fee(conn, range)?;
        let accounts: BTreeSet<i64> = debts.iter().map(|debt| debt.receivable.account_id).collect();
        let accounts: Vec<i64> = accounts.into_iter().collect();
        let booked_to = debts.iter().filter_map(|debt| debt.fee.map(|fee| fee.booked_to));
        let Some(on) = booked_to.max() else { continue };
        check_range(conn, &fees, &mut check, (&accounts, on), &debts)?;
    }
    Ok(check)
}

fn check_range(
    conn: &mut Conn,
    fees: &FeeBook,
    check: &mut FeeCheck,
    (accounts, on): (&[i64], jiff::civil::Date),
    debts: &[collections::DebtRow],
) -> Result<(), OfficeError> {
    let mut debts = debts.iter().peekable();
    for books in Books::read(conn, accounts, on)? {
        while let Some(debt) = debts.next_if(|debt| debt.receivable.account_id == books.account_id) {
            let Some(fee) = debt.fee else { continue };
            let target = fees.target(&books, debt, fee.booked_to, &mut Silent)?;
            if target != fee.booked {
                check.broken += 1;
                if check.sample.len() < SAMPLE {
                    check.sample.push(format!(
                        "{}/{}: booked {} through {}, derives {target}",
                        fee.account_id, fee.bill_no, fee.booked, fee.booked_to
                    ));
                }
            }
        }
    }
    Ok(())
}
