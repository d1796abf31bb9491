//! 缴费习惯: how an account pays what it owes.

use super::class::Class;
use crate::lots::Lots;
use denghuo_rules::units::{Money, Rounding};
use serde::Serialize;

/// How an account pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// Everything it owes, on its day of the month, at the counter.
    OnTime,
    /// Everything it owes, by the bank's file.
    Bank,
    /// What is older than forty days.
    Late,
    /// Three fifths of what it owes.
    Partial,
    /// What it owes and up to the next hundred yuan.
    Over,
    /// A round sum each quarter, ahead of its bills.
    Prepaid,
    /// Nothing.
    Never,
}

const HABITS: [(i64, Payer); 7] = [
    (430, Payer::OnTime),
    (360, Payer::Bank),
    (90, Payer::Late),
    (30, Payer::Partial),
    (40, Payer::Over),
    (30, Payer::Prepaid),
    (20, Payer::Never),
];

impl Payer {
    /// The habit of an account; accounts 17 to 23 have one each, so that even a small town has all, and those behind them
    /// whose fate is settled pay nothing by themselves.
    pub fn draw(id: i64, class: Class, lots: &mut Lots) -> Self {
        let drawn = *lots.weighted(&HABITS);
        let named = usize::try_from(id - 17).ok().and_then(|n| HABITS.get(n));
        match named {
            Some((_, habit)) => *habit,
            None if super::fate::Fate::is_settled(id) => Self::Never,
            None if class.is_two_part() && drawn == Self::Prepaid => Self::OnTime,
            None => drawn,
        }
    }

    /// Does its money come by the bank's file?
    #[must_use]
    pub const fn is_by_bank(self) -> bool {
        matches!(self, Self::Bank)
    }

    /// Days that a bill must have stood before it pays.
    #[must_use]
    pub const fn patience(self) -> i64 {
        if matches!(self, Self::Late) { 40 } else { 0 }
    }

    /// What it pays when it owes so much; nothing when it does not pay.
    #[must_use]
    pub fn pays(self, owed: Money) -> Money {
        match self {
            Self::Never | Self::Prepaid => Money::ZERO,
            Self::Partial => owed.prorate(3, 5, Rounding::HalfUp),
            Self::Over if !owed.is_zero() => Money((owed.0 / 10_000 + 1) * 10_000),
            _ => owed,
        }
    }
}
