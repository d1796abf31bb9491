//! 核对: the clocks that are kept are the clocks that the law gives.

use super::clock::clocks_of;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::legal::limitation::Clock;
use denghuo_store::day::Range;
use denghuo_store::{Conn, collections, legal};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Accounts whose clocks are computed at a time.
const CHUNK: usize = 2_000;
/// Breaks that are told in words.
const SAMPLE: usize = 20;

/// What the recomputation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockCheck {
    /// Debts whose kept clock is not what the law gives.
    pub broken: u64,
    /// The first of them in words.
    pub sample: Vec<String>,
}

/// Every kept clock of an open debt is what the law gives from what was known when the stage ran last. Accounts about which
/// something was noted since are left to the next run.
///
/// # Errors
/// The database's, or no law for a day.
pub fn verify_clocks(conn: &mut Conn, work: &Work<'_>) -> Result<ClockCheck, OfficeError> {
    let mut check = ClockCheck::default();
    let Some(on) = legal::last_done(conn)? else { return Ok(check) };
    for range in legal::clock_ranges(conn, CHUNK)? {
        check_range(conn, work, &mut check, (range, on))?;
    }
    Ok(check)
}

fn check_range(
    conn: &mut Conn,
    work: &Work<'_>,
    check: &mut ClockCheck,
    (range, on): (Range, Date),
) -> Result<(), OfficeError> {
    let touched: BTreeSet<i64> = legal::touched_since(conn, range, on)?.into_iter().collect();
    let debts = collections::open_debts(conn, range)?;
    let given: BTreeMap<(i64, i64), _> = clocks_of(conn, work, (range, on), debts)?
        .into_iter()
        .map(|debt| ((debt.account_id, debt.bill_no), debt.clock))
        .collect();
    for row in legal::limitations(conn, range)? {
        let Some(clock) = given.get(&(row.account_id, row.bill_no)) else { continue };
        if row.computed_on > on || touched.contains(&row.account_id) {
            continue;
        }
        let kept = (row.base_on, row.expires_on, row.long_stop_on);
        let law = (clock.runs_from, clock.expires_on, clock.long_stop_on);
        // A receipt that is handed in late is heard at the next alert at the latest; until then the kept day is an earlier one.
        let is_earlier = row.expires_on < clock.expires_on
            && row.long_stop_on == clock.long_stop_on
            && is_a_stage(clock, row.base_on);
        if kept != law && !is_earlier {
            check.broken += 1;
            if check.sample.len() < SAMPLE {
                let (account_id, bill_no) = (row.account_id, row.bill_no);
                check.sample.push(format!("{account_id}/{bill_no}: kept {kept:?}, derives {law:?}"));
            }
        }
    }
    Ok(())
}

/// Did the term run from that day at some time?
fn is_a_stage(clock: &Clock, from: Date) -> bool {
    from == clock.due_on || clock.events.iter().any(|judged| judged.void.is_none() && judged.event.on == from)
}
