//! 零电量现场核查: after so many zero cycles in a row a share of the accounts is checked on site. Who is chosen follows
//! from account and month alone, so the same day run twice chooses the same accounts.

use super::parameters::SiteCheckRules;
use crate::calendar::Month;
use crate::registry::{Category, Voltage, words};
use crate::units::Ratio;
use serde::{Deserialize, Serialize};

words!(
    /// 核查类别: the class of an account for thresholds and site checks.
    CheckClass {
        /// ≥ 10 kV
        HighVoltage = "high_voltage" / "高压",
        /// 0.4 kV, not a home.
        LowVoltage = "low_voltage" / "低压非居民",
        /// A home.
        Residential = "residential" / "居民",
    }
);

impl CheckClass {
    /// The class of an account by its terms.
    #[must_use]
    pub fn of(category: Category, voltage: Voltage) -> Self {
        match (category, voltage) {
            (Category::Household, _) => Self::Residential,
            (_, Voltage::Low) => Self::LowVoltage,
            _ => Self::HighVoltage,
        }
    }
}

/// Is the account among the share that is checked in this month?
#[must_use]
pub fn is_selected(account: i64, month: Month, class: CheckClass, rules: &SiteCheckRules) -> bool {
    let share: Ratio = match class {
        CheckClass::HighVoltage => rules.high_voltage,
        CheckClass::LowVoltage => rules.low_voltage,
        CheckClass::Residential => rules.residential,
    };
    let draw = mixed(account as u64 ^ (month.yyyymm() as u64).rotate_left(40)) % 1_000_000;
    (draw as i64) < share.0
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the key reaches every bit of the draw.
const fn mixed(key: u64) -> u64 {
    let z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
