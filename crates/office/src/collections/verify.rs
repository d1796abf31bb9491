//! Booked late fees against their recomputation.

use super::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::derivation::Silent;
use denghuo_store::ledger::Finding;
use denghuo_store::{Conn, collections};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Accounts that are recomputed at a time.
const CHUNK: usize = 2_000;

/// Every bill whose booked late fee is not what the rules give through the day to which it is booked. A contract that was
/// changed after the booking shows as a finding too.
///
/// # Errors
/// The database's, or no rule for an accrual day.
pub fn verify_fees(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Vec<Finding>, OfficeError> {
    let fees = FeeBook::of(work)?;
    let mut findings = Vec::new();
    let debts = collections::all_debts(conn, 0, i64::MAX)?;
    let accounts: BTreeSet<i64> = debts.iter().map(|debt| debt.receivable.account_id).collect();
    let accounts: Vec<i64> = accounts.into_iter().collect();
    let mut debts = debts.into_iter().peekable();
    for chunk in accounts.chunks(CHUNK) {
        for books in Books::read(conn, chunk, on)? {
            while let Some(debt) = debts.next_if(|debt| debt.receivable.account_id == books.account_id) {
                let Some(fee) = debt.fee else { continue };
                let target = fees.target(&books, &debt, fee.booked_to, &mut Silent)?;
                if target != fee.booked {
                    findings.push(Finding {
                        check: "collections.fee_is_recomputation",
                        detail: format!(
                            "account {} bill {} has {} booked through {}, the rules give {target}",
                            fee.account_id, fee.bill_no, fee.booked, fee.booked_to
                        ),
                    });
                }
            }
        }
    }
    Ok(findings)
}
