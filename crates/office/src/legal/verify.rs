//! 核对: the clocks that are kept are the clocks that the law gives.

use super::clock::clocks_of;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_store::day::Range;
use denghuo_store::{Conn, collections, legal};
use std::collections::BTreeMap;

/// Bills whose kept clock is not what was known to give on the day it was computed, as `(account, bill)`.
///
/// # Errors
/// The database's, or no law for a day.
pub fn stale_clocks(conn: &mut Conn, work: &Work<'_>, range: Range) -> Result<Vec<(i64, i64)>, OfficeError> {
    let kept = legal::limitations(conn, range)?;
    let debts: BTreeMap<(i64, i64), _> = collections::open_debts(conn, range)?
        .into_iter()
        .map(|debt| ((debt.receivable.account_id, debt.receivable.bill_no), debt))
        .collect();
    let mut by_day: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in kept {
        by_day.entry(row.computed_on).or_default().push(row);
    }
    let mut stale = Vec::new();
    for (day, rows) in by_day {
        let due: Vec<_> =
            rows.iter().filter_map(|row| debts.get(&(row.account_id, row.bill_no)).cloned()).collect();
        let found: BTreeMap<(i64, i64), _> = clocks_of(conn, work, (range, day), due)?
            .into_iter()
            .map(|clock| ((clock.account_id, clock.bill_no), clock.clock.expires_on))
            .collect();
        for row in rows {
            let key = (row.account_id, row.bill_no);
            if found.get(&key).is_some_and(|expires_on| *expires_on != row.expires_on) {
                stale.push(key);
            }
        }
    }
    stale.sort_unstable();
    Ok(stale)
}
