//! 退补: what should stand minus what stands.

use super::draft::{Line, Share};
use super::item::{Item, Unit};
use crate::tariff::Band;
use crate::units::Price;

type Key = (Item, Option<Band>, u8, Unit, Price, Share);

fn key(line: &Line) -> Key {
    (line.item, line.band, line.tier, line.unit, line.price, line.share)
}

/// The lines that turn `existing` into `target`: quantities and amounts by item, band, tier, price and share. Lines that only
/// stand in `existing` come back reversed (negative); what agrees leaves nothing, so that asking again gives nothing.
///
/// The order is that of `target`, then of `existing`.
#[must_use]
pub fn difference(target: &[Line], existing: &[Line]) -> Vec<Line> {
    let mut sums: Vec<Line> = Vec::with_capacity(target.len() + existing.len());
    let signed = target.iter().map(|line| (line, 1)).chain(existing.iter().map(|line| (line, -1)));
    for (line, sign) in signed {
        let known = sums.iter().position(|sum| key(sum) == key(line));
        let at = known.unwrap_or_else(|| {
            sums.push(Line { quantity: 0, amount: crate::units::Money::ZERO, ..*line });
            sums.len() - 1
        });
        sums[at].quantity += sign * line.quantity;
        sums[at].amount.0 += sign * line.amount.0;
    }
    sums.retain(|line| line.quantity != 0 || !line.amount.is_zero());
    sums
}
