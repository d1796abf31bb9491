//! 用电史: thirteen months of an account's energy in 82 bytes, so that comparing with last month and with the same
//! month last year costs one small column and no join.

use crate::calendar::Month;
use crate::units::{Energy, Rounding};

/// Months kept: this one and the twelve before.
const MONTHS: usize = 13;

/// What is remembered about a month's energy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark(u8);

impl Mark {
    /// A real reading.
    pub const REAL: Self = Self(1);
    /// 暂计: billed on an estimate.
    pub const ESTIMATED: Self = Self(1 | 2);
    /// 零电量: exactly nothing was used (a small quantity may round to 0 kWh without being it).
    const ZERO: u8 = 4;

    const fn is_known(self) -> bool {
        self.0 & 1 != 0
    }
    /// Was it an estimate?
    #[must_use]
    pub const fn is_estimated(self) -> bool {
        self.0 & 2 != 0
    }
    /// Was it exactly nothing?
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 & Self::ZERO != 0
    }
}

/// One remembered month: whole kWh over so many days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Whole kWh, half up; saturates at 2,147 GWh.
    pub kwh: i32,
    /// Days of the period; saturates at 255.
    pub days: u8,
    /// Real, estimated, zero.
    pub mark: Mark,
}

impl Entry {
    /// From an energy.
    #[must_use]
    pub fn new(energy: Energy, days: i64, mark: Mark) -> Self {
        let kwh = Rounding::HalfUp.divide(energy.0, 10_000);
        Self {
            kwh: i32::try_from(kwh).unwrap_or(if kwh < 0 { i32::MIN } else { i32::MAX }),
            days: u8::try_from(days.max(0)).unwrap_or(u8::MAX),
            mark: Mark(mark.0 | if energy.is_zero() { Mark::ZERO } else { 0 }),
        }
    }

    /// What this entry's daily use would make of so many days.
    #[must_use]
    pub fn over(self, days: i64) -> Energy {
        if self.days == 0 {
            return Energy::kwh(i64::from(self.kwh));
        }
        Energy::kwh(i64::from(self.kwh)).prorate(days, i64::from(self.days), Rounding::HalfUp)
    }
}

/// 用电史 of one account; the empty one for a new account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    newest: Month,
    months: [Entry; MONTHS],
}

impl History {
    /// Bytes of the packed form.
    pub const BYTES: usize = 4 + MONTHS * 6;

    /// Nothing known yet.
    #[must_use]
    pub fn empty(month: Month) -> Self {
        Self { newest: month, months: [Entry::default(); MONTHS] }
    }

    /// The entry of a month, when something is known of it.
    #[must_use]
    pub fn at(&self, month: Month) -> Option<Entry> {
        let back = usize::try_from(self.newest.since(month)).ok()?;
        self.months.get(back).copied().filter(|entry| entry.mark.is_known())
    }

    /// The last known entry before a month.
    #[must_use]
    pub fn before(&self, month: Month) -> Option<Entry> {
        self.backwards(month).next()
    }

    /// The entry of the same month last year.
    #[must_use]
    pub fn year_ago(&self, month: Month) -> Option<Entry> {
        self.at(month.plus(-12))
    }

    /// Known entries before a month, newest first; months without a bill are skipped.
    pub fn backwards(&self, month: Month) -> impl Iterator<Item = Entry> + '_ {
        let skip = usize::try_from(self.newest.since(month) + 1).unwrap_or(0);
        self.months.iter().skip(skip).copied().filter(|entry| entry.mark.is_known())
    }

    /// How many entries in a row before a month satisfy a condition.
    #[must_use]
    pub fn run(&self, month: Month, holds: impl Fn(Entry) -> bool) -> u8 {
        self.backwards(month).take_while(|entry| holds(*entry)).count() as u8
    }

    /// Sets a month's entry; setting it again replaces it, so a repeated run changes nothing. A month older than the
    /// thirteen is ignored.
    pub fn set(&mut self, month: Month, entry: Entry) {
        let ahead = month.since(self.newest);
        if ahead > 0 {
            let shift = usize::try_from(ahead).unwrap_or(MONTHS).min(MONTHS);
            self.months.copy_within(..MONTHS - shift, shift);
            self.months[..shift].fill(Entry::default());
            self.newest = month;
        }
        if let Some(slot) =
            usize::try_from(self.newest.since(month)).ok().and_then(|n| self.months.get_mut(n))
        {
            *slot = entry;
        }
    }

    /// The packed form: newest month as `yyyymm`, then kWh, days and mark of each month, little end first.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..4].copy_from_slice(&(self.newest.yyyymm() as u32).to_le_bytes());
        for (slot, entry) in bytes[4..].chunks_exact_mut(6).zip(&self.months) {
            slot[..4].copy_from_slice(&entry.kwh.to_le_bytes());
            slot[4] = entry.days;
            slot[5] = entry.mark.0;
        }
        bytes
    }

    /// From the packed form; `None` when it is not one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Self::BYTES] = bytes.try_into().ok()?;
        let yyyymm = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let mut history = Self::empty(Month::from_yyyymm(i64::from(yyyymm))?);
        for (entry, slot) in history.months.iter_mut().zip(bytes[4..].chunks_exact(6)) {
            let kwh = i32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]);
            *entry = Entry { kwh, days: slot[4], mark: Mark(slot[5]) };
        }
        Some(history)
    }
}
