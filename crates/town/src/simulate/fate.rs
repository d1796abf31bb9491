//! 欠费户: what becomes of those who do not pay, so that every list of the collectors has work on the last day.

use super::payer::Payer;
use super::resident::Resident;
use denghuo_rules::calendar::plus_days;
use jiff::civil::Date;

/// What becomes of a debtor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The proposal of the cut waits for the manager.
    Proposed,
    /// Approved just now: the notice is not handed over yet.
    Approved,
    /// Nobody is there when the stop-plan notice is brought, and the post brings it back.
    NeverMet,
    /// The notice was served yesterday: its window has not begun.
    TooEarly,
    /// In the window of the notice: the warrant can be made.
    InWindow,
    /// In the window, with a complaint since yesterday.
    Complains,
    /// In the window, with a live warrant on the morning after the history.
    WarrantLive,
    /// Cut on the last day; the crew has not reported yet.
    ToConfirm,
    /// Dark since long.
    Dark,
    /// Dark, and paid on the last day: to be restored.
    RestoreDue,
    /// Pays soon after the cut and is restored.
    Restored,
    /// Pays after the warrant was made.
    PaysInTime,
    /// The manager does not cut.
    Spared,
    /// Refuses to sign; the notice is left with a witness.
    Refuses,
    /// Promises, and pays.
    PromiseKept,
    /// Promises, and does not pay.
    PromiseBroken,
    /// Has promised just now.
    PromiseRuns,
    /// Pays a plan to its end.
    PlanKept,
    /// Pays the first part of a plan and no more.
    PlanBroken,
    /// Is paying a plan.
    PlanRuns,
    /// Says that the bill is wrong.
    Disputes,
    /// Bankrupt.
    Insolvent,
    /// Moved away: nothing arrives.
    MovedAway,
    /// The reading may be wrong.
    Doubted,
}

const ALL: [Fate; 24] = [
    Fate::Proposed,
    Fate::Approved,
    Fate::NeverMet,
    Fate::TooEarly,
    Fate::InWindow,
    Fate::Complains,
    Fate::WarrantLive,
    Fate::ToConfirm,
    Fate::Dark,
    Fate::RestoreDue,
    Fate::Restored,
    Fate::PaysInTime,
    Fate::Spared,
    Fate::Refuses,
    Fate::PromiseKept,
    Fate::PromiseBroken,
    Fate::PromiseRuns,
    Fate::PlanKept,
    Fate::PlanBroken,
    Fate::PlanRuns,
    Fate::Disputes,
    Fate::Insolvent,
    Fate::MovedAway,
    Fate::Doubted,
];

/// The first account whose fate is settled; as many after it, so that even a small town has every fate twice.
const FIRST: i64 = 34;

impl Fate {
    /// Does the town settle that this account does not pay?
    #[must_use]
    pub const fn is_settled(account_id: i64) -> bool {
        account_id >= FIRST && account_id < FIRST + 2 * ALL.len() as i64
    }

    /// The fate of an account; none of one that pays.
    #[must_use]
    pub fn of(resident: &Resident) -> Option<Self> {
        let at = (resident.id - FIRST).rem_euclid(ALL.len() as i64);
        (resident.payer == Payer::Never).then(|| ALL[at as usize])
    }

    /// From which day on the manager approves a cut; none when he never does.
    #[must_use]
    pub fn approved_from(self, until: Date) -> Option<Date> {
        match self {
            Self::Proposed | Self::Spared | Self::MovedAway => None,
            Self::Approved => Some(until),
            Self::TooEarly => Some(plus_days(until, -2)),
            Self::InWindow | Self::Complains | Self::WarrantLive | Self::ToConfirm => {
                Some(plus_days(until, -5))
            }
            Self::RestoreDue => Some(plus_days(until, -9)),
            _ => Some(Date::MIN),
        }
    }

    /// From which day on a warrant is made; none when it is left to others.
    #[must_use]
    pub fn cut_from(self, until: Date) -> Option<Date> {
        match self {
            Self::ToConfirm => Some(until),
            Self::RestoreDue | Self::Dark | Self::Restored | Self::PaysInTime | Self::Refuses => {
                Some(Date::MIN)
            }
            _ => None,
        }
    }
}
