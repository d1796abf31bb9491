//! 暂计结清: a real reading below the estimates before it. The estimates were too high; what was used between the two real
//! readings is shared out over the estimated days, and the bills made on them are asked to be made again.

use super::correct::put_correction;
use super::refusal::ExceptionRefusal;
use crate::error::OfficeError;
use denghuo_rules::metering::{Shown, Source, settled_reading};
use denghuo_store::Conn;
use denghuo_store::metering as store;
use jiff::civil::Date;

/// Readings looked back at for the last real one.
const PAST_READINGS: i64 = 400;

/// Gives the estimates before the reading of `day` their settled values.
///
/// # Errors
/// No estimate stands before the reading, or it explains nothing; a failure of the database.
pub(super) fn settle(
    conn: &mut Conn,
    account_id: i64,
    day: Option<Date>,
    on: Date,
) -> Result<(), OfficeError> {
    let refuse = || OfficeError::refuse(ExceptionRefusal::NothingToSettle);
    let day = day.ok_or_else(refuse)?;
    let mut past: Vec<Shown> = store::reading_history(conn, account_id, PAST_READINGS)?
        .into_iter()
        .filter(|past| past.is_current && past.shown.registers.on <= day)
        .map(|past| past.shown)
        .collect();
    past.sort_by_key(|shown| std::cmp::Reverse(shown.registers.on));
    let mut settled = Vec::new();
    for read in past.iter().filter(|shown| shown.registers.on == day && shown.source != Source::Provisional) {
        let own = |shown: &&Shown| {
            shown.installation_no == read.installation_no && shown.registers.on < read.registers.on
        };
        let before: Vec<&Shown> = past.iter().filter(own).collect();
        let estimates = before.iter().take_while(|shown| shown.source == Source::Provisional).count();
        let Some(last) = before.get(estimates).filter(|_| estimates > 0) else { continue };
        for estimate in &before[..estimates] {
            let registers = settled_reading(&last.registers, &read.registers, estimate.registers.on)
                .ok_or_else(refuse)?;
            settled.push(Shown { registers, ..**estimate });
        }
    }
    if settled.is_empty() {
        return Err(refuse());
    }
    put_correction(conn, account_id, &settled, on)
}
