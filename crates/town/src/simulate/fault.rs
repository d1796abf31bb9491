//! 差错: what goes wrong with the reading of an account in a month.

use super::resident::Resident;
use crate::lots::{Lots, Topic};
use denghuo_rules::calendar::Month;
use denghuo_rules::metering::RegisterSet;
use denghuo_rules::units::Energy;
use serde::Serialize;

/// What goes wrong with a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 漏抄: it does not come.
    Missed,
    /// 示数倒走: a digit is read too low.
    ReadLow,
    /// 突增: a digit is read too high.
    ReadHigh,
    /// 分时与总不符: a tariff register stands still.
    BandsOff,
}

/// Every fault.
pub const FAULTS: [Fault; 4] = [Fault::Missed, Fault::ReadLow, Fault::ReadHigh, Fault::BandsOff];

impl Resident {
    /// What goes wrong in a month. Accounts 30 to 33 have one fault each in the second month, account 30 in the month
    /// after too, so that even a small town has all, and an estimate that is repeated.
    #[must_use]
    pub fn fault(&self, month: Month) -> Option<Fault> {
        let since = month.since(Month::of(self.since));
        match (self.id, since) {
            (30, 2 | 3) => return Some(Fault::Missed),
            (31..=32, 2) => return Some(FAULTS[usize::try_from(self.id - 30).unwrap_or(0)]),
            (5 | 12, 2) => return Some(Fault::BandsOff).filter(|_| self.terms[0].1.time_of_use),
            _ => {}
        }
        let mut lots = Lots::of(self.seed, Topic::Fault, self.id, month.yyyymm());
        match lots.between(0, 9_999) {
            0..=79 => Some(Fault::Missed),
            80..=99 => Some(Fault::ReadLow),
            100..=124 => Some(Fault::ReadHigh),
            125..=134 if self.terms[0].1.time_of_use => Some(Fault::BandsOff),
            _ => None,
        }
    }
}

impl Fault {
    /// The stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::ReadLow => "read_low",
            Self::ReadHigh => "read_high",
            Self::BandsOff => "bands_off",
        }
    }

    /// What is read instead of what the meter shows; nothing when it is not read at all.
    #[must_use]
    pub fn distort(self, shown: &RegisterSet, last: &RegisterSet) -> Option<RegisterSet> {
        let mut read = *shown;
        match self {
            Self::Missed => return None,
            Self::ReadLow => read.total = Energy((last.total.0 - Energy::kwh(60).0).max(0)),
            Self::ReadHigh => read.total += Energy::kwh(6_000),
            Self::BandsOff => {
                let stuck = (0..5).find(|n| read.bands[*n].is_some_and(|now| Some(now) != last.bands[*n]))?;
                read.bands[stuck] = last.bands[stuck];
            }
        }
        Some(read)
    }
}
