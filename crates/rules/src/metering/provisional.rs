//! 暂计: a bill without a reading takes the previous period's quantity, and the next real reading settles it.

use super::dial::{Dial, RegisterSet};
use crate::calendar::days_between;
use crate::units::{Energy, Rounding};
use jiff::civil::Date;

/// The registers that the meter would show on `on` had every register moved as in the period before: from two real or
/// settled readings of the same meter. The next reading is compared with this one, so nothing is billed twice.
#[must_use]
pub fn provisional_reading(before: &RegisterSet, last: &RegisterSet, dial: Dial, on: Date) -> RegisterSet {
    let moved = |before: Energy, last: Energy| match dial.range() {
        Some(range) => Energy((last + last - before).0.rem_euclid(range.0)),
        None => last + (last - before).at_least(Energy::ZERO),
    };
    let mut bands = [None; 5];
    for (n, band) in bands.iter_mut().enumerate() {
        *band = match (before.bands[n], last.bands[n]) {
            (Some(before), Some(last)) => Some(moved(before, last)),
            (None, last) => last,
            (Some(_), None) => None,
        };
    }
    RegisterSet {
        on,
        total: moved(before.total, last.total),
        bands,
        reactive_forward: moved(before.reactive_forward, last.reactive_forward),
        reactive_reverse: moved(before.reactive_reverse, last.reactive_reverse),
        max_demand: last.max_demand,
    }
}

/// 暂计结清: the registers of an estimated day once the real readings around it are known: what was used between them is
/// shared out by days, what a division leaves falls after the day. `None` when the meter went back between real readings
/// too, which no estimate explains.
#[must_use]
pub fn settled_reading(last: &RegisterSet, this: &RegisterSet, on: Date) -> Option<RegisterSet> {
    let (days, all) = (days_between(last.on, on), days_between(last.on, this.on));
    if this.total < last.total || days < 0 || all <= 0 || days > all {
        return None;
    }
    let share = |last: Energy, this: Energy| last + (this - last).prorate(days, all, Rounding::Truncate);
    let mut bands = [None; 5];
    for (n, band) in bands.iter_mut().enumerate() {
        *band = last.bands[n].zip(this.bands[n]).map(|(last, this)| share(last, this));
    }
    Some(RegisterSet {
        on,
        total: share(last.total, this.total),
        bands,
        reactive_forward: share(last.reactive_forward, this.reactive_forward),
        reactive_reverse: share(last.reactive_reverse, this.reactive_reverse),
        max_demand: this.max_demand,
    })
}
