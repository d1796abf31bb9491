//! What the history checks cost by themselves: each account's packed history opened and a reading judged against it.

use super::county::kwh_of;
use denghuo_rules::calendar::Month;
use denghuo_rules::derivation::Silent;
use denghuo_rules::metering::{CheckClass, History, MeteringRules, ReadingFacts, Source, judge};
use denghuo_rules::units::{Capacity, Energy, Ratio};
use denghuo_store::billing;
use denghuo_store::day::Range;
use denghuo_store::{Conn, StoreError};
use std::time::{Duration, Instant};

/// Judges the month after the last billed one of accounts `1..=accounts`; only the judging is timed. Gives the time and how
/// many doubts there were.
///
/// # Errors
/// The database's.
pub fn history_checks(
    conn: &mut Conn,
    rules: &MeteringRules,
    accounts: i64,
) -> Result<(Duration, u64), StoreError> {
    let (mut spent, mut doubts) = (Duration::ZERO, 0);
    let mut from = 1;
    while from <= accounts {
        let range = Range { from, to: (from + 4095).min(accounts) };
        let states = billing::states(conn, range)?;
        let begun = Instant::now();
        for state in &states {
            let Some(history) = History::from_bytes(&state.history) else { continue };
            let on = super::SMALL_DAY;
            let facts = ReadingFacts {
                account: state.account_id,
                class: CheckClass::Residential,
                month: Month::of(on),
                on,
                days: 31,
                installed_on: super::county::OPENED_ON,
                source: Source::Remote,
                energy: Energy::kwh(kwh_of(state.account_id, 9)),
                band_gap: Energy::ZERO,
                rolled_over: false,
                went_back: false,
                multiplier: Ratio::ONE,
                last_multiplier: Ratio::ONE,
                capacity: Capacity::ZERO,
            };
            doubts += u64::from(!judge(&facts, &history, rules, &mut Silent).is_empty());
        }
        spent += begun.elapsed();
        from += 4096;
    }
    Ok((spent, doubts))
}
