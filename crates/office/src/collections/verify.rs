//! Booked late fees against their recomputation.

use super::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::calendar::{days_between, plus_days};
use denghuo_rules::collections::hold::HoldFact;
use denghuo_rules::derivation::Silent;
use denghuo_rules::disconnection::OverdueFloor;
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

/// A fee that was booked before an insolvency or a hold was known is right until the next day corrects it.
fn booked_before_known(
    fees: &FeeBook,
    books: &Books,
    debt: &collections::DebtRow,
    fee: collections::FeeRow,
) -> Result<bool, OfficeError> {
    // Holds are numbered as they are set: what was known is the first of them, some then open that were released since.
    let open = |hold: &HoldFact| HoldFact {
        until_on: hold.until_on.filter(|until| plus_days(*until, 1) < fee.booked_to),
        ..*hold
    };
    let mut before = Vec::new();
    for known in 0..=books.holds.len() {
        let held = books.holds[..known].to_vec();
        let unreleased = held.iter().map(open).collect();
        for holds in [held, unreleased] {
            for insolvent_on in [books.insolvent_on, None] {
                let mut books = books.clone();
                (books.holds, books.insolvent_on) = (holds.clone(), insolvent_on);
                before.push(books);
            }
        }
    }
    for books in &before {
        if fees.target(books, debt, fee.booked_to, &mut Silent)? == fee.booked {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Planned stops that the law below them does not allow: too early, or without a demand that arrived before.
///
/// # Errors
/// The database's, or no rule on the day of a step.
pub fn verify_stops(conn: &mut Conn, work: &Work<'_>) -> Result<FeeCheck, OfficeError> {
    let mut check = FeeCheck::default();
    for stop in collections::planned_stops(conn)? {
        let floors = work.book.pick_all::<OverdueFloor>("disconnection_overdue", &work.site, stop.on)?;
        let overdue = days_between(stop.due_on, stop.on);
        let early = floors.iter().any(|floor| overdue <= i64::from(floor.params.more_than_days));
        let demanded = stop.demanded_on.is_some_and(|on| on < stop.on);
        if early || (!demanded && floors.iter().any(|floor| floor.params.demand_required)) {
            check.broken += 1;
            if check.sample.len() < SAMPLE {
                check.sample.push(format!("{}/{}: planned on {}", stop.account_id, stop.bill_no, stop.on));
            }
        }
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
            if target != fee.booked && !booked_before_known(fees, &books, debt, fee)? {
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
