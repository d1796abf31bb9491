//! 抄表异常: what can be wrong with a reading, how grave it is and what it holds.

use crate::registry::words;
use serde::{Deserialize, Serialize};

words!(
    /// 异常: one kind of doubt about a reading; the word is its stable code.
    Exception {
        /// 漏抄: the due reading has not come.
        Missed = "missed" / "漏抄",
        /// 缺起止示数: a meter has no reading where it began or ended.
        Incomplete = "incomplete" / "缺起止示数",
        /// The reading lies before the meter's installation.
        BeforeInstallation = "before_installation" / "抄表日早于装表日",
        /// 倒走: a register shows less than before.
        WentBack = "went_back" / "示数倒走",
        /// 过零: a register passed its last digit.
        RolledOver = "rolled_over" / "示数过零",
        /// Sub-meters took more than the main meter: a negative quantity.
        Negative = "negative" / "电量为负",
        /// 电量突增 against the account's own history and the same month last year.
        Spike = "spike" / "电量突增",
        /// 电量突减 against the account's own history and the same month last year.
        Drop = "drop" / "电量突减",
        /// 分时之和不等于总
        BandSum = "band_sum" / "分时与总不符",
        /// 零电量: no energy.
        Zero = "zero" / "零电量",
        /// 连续零电量: chosen for a check on site.
        SiteCheck = "site_check" / "连续零电量现场核查",
        /// 连续暂计
        RepeatedEstimate = "repeated_estimate" / "连续暂计",
        /// 估抄嫌疑: the same quantity again and again.
        RepeatedQuantity = "repeated_quantity" / "电量雷同",
        /// 估抄嫌疑: meters of a route read faster than one can walk.
        TooFast = "too_fast" / "抄表过快",
        /// 估抄嫌疑: neighbours of a route moved by the same amount.
        SameIncrement = "same_increment" / "相邻表码差雷同",
        /// 估抄嫌疑: too many round figures on a route.
        RoundNumbers = "round_numbers" / "整数表码过多",
        /// 倍率变更
        MultiplierChanged = "multiplier_changed" / "倍率变更",
        /// 超容: more energy than the capacity can carry in these hours.
        OverCapacity = "over_capacity" / "电量超容量",
    }
);

words!(
    /// 严重程度
    Severity {
        /// To be known.
        Notice = "notice" / "提示",
        /// To be looked at.
        Warning = "warning" / "警告",
        /// Wrong until proven right.
        Serious = "serious" / "严重",
    }
);

words!(
    /// 控制: what a doubt holds until someone answers it. The order is that of strictness.
    Hold {
        /// Nothing.
        Nothing = "nothing" / "不控制",
        /// 算费但不发行: the bill is calculated and waits for release.
        Release = "release" / "暂缓发行",
        /// 停止算费: no bill is calculated.
        Billing = "billing" / "停止算费",
    }
);

impl Exception {
    /// How grave it is.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Missed | Self::Incomplete | Self::BeforeInstallation | Self::WentBack | Self::Negative => {
                Severity::Serious
            }
            Self::RolledOver | Self::Zero => Severity::Notice,
            _ => Severity::Warning,
        }
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of exceptions in one word: judging a million readings allocates nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExceptionSet(u32);

impl ExceptionSet {
    /// No doubt at all.
    pub const EMPTY: Self = Self(0);

    /// Puts one in.
    pub fn insert(&mut self, exception: Exception) {
        self.0 |= exception.bit();
    }

    /// Is it in?
    #[must_use]
    pub const fn contains(self, exception: Exception) -> bool {
        self.0 & exception.bit() != 0
    }

    /// Is none in?
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Exception> {
        Exception::ALL.iter().copied().filter(move |e| self.contains(*e))
    }

    /// Their codes with commas between, as the database keeps them.
    #[must_use]
    pub fn codes(self) -> String {
        self.iter().map(Exception::word).collect::<Vec<_>>().join(",")
    }

    /// From [`Self::codes`]; a word that is no exception is left out.
    #[must_use]
    pub fn from_codes(codes: &str) -> Self {
        codes.split(',').filter_map(Exception::from_word).collect()
    }
}

impl FromIterator<Exception> for ExceptionSet {
    fn from_iter<I: IntoIterator<Item = Exception>>(iter: I) -> Self {
        let mut set = Self::EMPTY;
        iter.into_iter().for_each(|exception| set.insert(exception));
        set
    }
}
