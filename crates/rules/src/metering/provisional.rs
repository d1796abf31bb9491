//! 暂计: a bill without a reading takes the previous period's quantity, and the next real reading settles it.

use super::dial::{Dial, RegisterSet};
use crate::units::Energy;
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
