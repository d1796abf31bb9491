//! The face of a meter: its registers on a day, how many digits it shows and what one unit of it is worth.

use crate::registry::words;
use crate::tariff::PerBand;
use crate::units::{Demand, Energy, Ratio, Rounding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words!(
    /// 抄表方式: where a reading comes from; the words of `reading.source`.
    Source {
        /// 装表底度
        Install = "install" / "装表底度",
        /// 拆表止度
        Remove = "remove" / "拆表止度",
        /// 远程采集
        Remote = "remote" / "远程采集",
        /// 现场抄表
        Field = "field" / "现场抄表",
        /// 用户自报
        Customer = "customer" / "用户自报",
        /// 暂计: the previous period's quantity, settled at the next real reading.
        Provisional = "provisional" / "暂计",
    }
);

words!(
    /// 示数类型: one register of a meter.
    RegisterKind {
        /// 有功总
        Total = "total" / "有功总",
        /// 尖
        Sharp = "sharp" / "尖",
        /// 峰
        Peak = "peak" / "峰",
        /// 平
        Flat = "flat" / "平",
        /// 谷
        Valley = "valley" / "谷",
        /// 深谷
        Deep = "deep" / "深谷",
        /// 正向无功
        ReactiveForward = "reactive_forward" / "正向无功",
        /// 反向无功
        ReactiveReverse = "reactive_reverse" / "反向无功",
    }
);

impl RegisterKind {
    /// The tariff registers, in the order of [`crate::tariff::Band::ALL`].
    pub const BANDS: PerBand<Self> = [Self::Sharp, Self::Peak, Self::Flat, Self::Valley, Self::Deep];
}

/// 示数: what a meter shows at 0:00 of a day, in dial units (before the multiplier).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterSet {
    /// The day.
    pub on: Date,
    /// 有功总
    pub total: Energy,
    /// 分时示数; `None` where the meter has no such register. A meter without a flat register leaves it to the
    /// difference of the total and the others.
    pub bands: PerBand<Option<Energy>>,
    /// 正向无功
    pub reactive_forward: Energy,
    /// 反向无功
    pub reactive_reverse: Energy,
    /// 最大需量 of the period that ends here.
    pub max_demand: Demand,
}

impl RegisterSet {
    /// A reading of the total register alone.
    #[must_use]
    pub const fn total_only(on: Date, total: Energy) -> Self {
        Self {
            on,
            total,
            bands: [None; 5],
            reactive_forward: Energy::ZERO,
            reactive_reverse: Energy::ZERO,
            max_demand: Demand::ZERO,
        }
    }

    /// Puts a value into one register.
    pub fn set(&mut self, kind: RegisterKind, value: Energy) {
        match kind {
            RegisterKind::Total => self.total = value,
            RegisterKind::ReactiveForward => self.reactive_forward = value,
            RegisterKind::ReactiveReverse => self.reactive_reverse = value,
            RegisterKind::Sharp => self.bands[0] = Some(value),
            RegisterKind::Peak => self.bands[1] = Some(value),
            RegisterKind::Flat => self.bands[2] = Some(value),
            RegisterKind::Valley => self.bands[3] = Some(value),
            RegisterKind::Deep => self.bands[4] = Some(value),
        }
    }

    /// Every register that the meter has.
    pub fn registers(&self) -> impl Iterator<Item = (RegisterKind, Energy)> {
        let bands = RegisterKind::BANDS.into_iter().zip(self.bands).filter_map(|(kind, v)| Some((kind, v?)));
        [
            (RegisterKind::Total, self.total),
            (RegisterKind::ReactiveForward, self.reactive_forward),
            (RegisterKind::ReactiveReverse, self.reactive_reverse),
        ]
        .into_iter()
        .chain(bands)
    }
}

/// 倍率 = CT ratio × PT ratio, each `(primary, secondary)` as on the nameplate: 150/5 × 10000/100 = 3,000.
/// `None` when a secondary is zero.
#[must_use]
pub fn multiplier(ct: (i64, i64), pt: (i64, i64)) -> Option<Ratio> {
    Ratio::of(ct.0 * pt.0, ct.1 * pt.1, Rounding::HalfUp)
}

/// 表盘: the whole digits that a meter shows, and its multiplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dial {
    /// 位数: whole digits before it rolls over; 0 when unknown, and then no rollover is assumed.
    pub digits: u8,
    /// 综合倍率
    pub multiplier: Ratio,
}

/// How a register moved between two readings, in dial units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance {
    /// It went on.
    Forward(Energy),
    /// 过零: it passed its last digit; the advance has 10^digits added.
    Rollover(Energy),
    /// 倒走: it shows less than before, and a rollover would be too large to be believed. By how much.
    Backward(Energy),
}

impl Dial {
    /// The first value that the dial cannot show; `None` when its digits are unknown.
    #[must_use]
    pub fn range(self) -> Option<Energy> {
        // 12 digits × 1e4 stay far inside an i64.
        (1..=12).contains(&self.digits).then(|| Energy::kwh(10_i64.pow(u32::from(self.digits))))
    }

    /// The move from `last` to `this`; a lower register is a rollover when the advance over the end is at most
    /// `rollover_share` of the range.
    #[must_use]
    pub fn advance(self, last: Energy, this: Energy, rollover_share: Ratio) -> Advance {
        if this >= last {
            return Advance::Forward(this - last);
        }
        match self.range() {
            Some(range) if this + range - last <= range.times(rollover_share, Rounding::Truncate) => {
                Advance::Rollover(this + range - last)
            }
            _ => Advance::Backward(last - this),
        }
    }

    /// Dial units × multiplier.
    #[must_use]
    pub fn energy(self, advance: Energy) -> Energy {
        advance.times(self.multiplier, Rounding::HalfUp)
    }

    /// Demand shown × multiplier.
    #[must_use]
    pub fn demand(self, shown: Demand) -> Demand {
        Demand(Energy(shown.0).times(self.multiplier, Rounding::HalfUp).0)
    }
}
