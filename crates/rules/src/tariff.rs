//! 电价表: prices as published, by category, voltage and time of use. Foundation of the column `billing`.

use crate::registry::{Category, Scheme, Voltage, words};
use crate::units::{Energy, Price};
use serde::{Deserialize, Serialize};

mod components;
mod network;
mod periods;
mod prices;
mod published;
mod published_form;
mod recompute;
mod rule_text;
#[cfg(test)]
mod tests;
mod tou;

pub use components::Component;
pub use network::{Funds, MonthlyItems, NetworkTariff};
pub use periods::{BadPeriods, HourRange};
pub use prices::{NoPrice, PriceFallback, PricePick, PriceTables, Prices, price_row};
pub use published::{Gaps, Published, RowError, Table, check_rows};
pub use published_form::{BadForm, read_csv_row, read_json, read_toml};
pub use recompute::{FixedFrom, Flat, Outcome, Recomputed, TableReport, recompute};
pub use rule_text::rule_files;
pub use tou::{Season, TouCalendar, TouFloat, TouPeriods, floated};

words!(
    /// 时段: the tariff period of time-of-use prices. Sharp and deep stand inside peak and valley and are metered apart.
    Band {
        /// 尖峰
        Sharp = "sharp" / "尖",
        /// 高峰
        Peak = "peak" / "峰",
        /// 平段
        Flat = "flat" / "平",
        /// 低谷
        Valley = "valley" / "谷",
        /// 深谷
        Deep = "deep" / "深谷",
    }
);

impl Band {
    /// Position in a [`PerBand`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// One value per tariff period, in the order of [`Band::ALL`].
pub type PerBand<T> = [T; 5];

/// 分时时段表: the tariff period of each half hour of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayBands(pub [Band; 48]);

/// 电价构成: the published components of a price, yuan/kWh. Zero when the table does not tell one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Components {
    /// 代理购电价格
    pub purchase: Price,
    /// 上网环节线损费用
    pub line_loss: Price,
    /// 输配电价
    pub transmission: Price,
    /// 系统运行费
    pub system: Price,
    /// 政府性基金及附加
    pub funds: Price,
}

/// 电价: one row of a published table: everything the bill of one category, scheme and voltage needs in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRow {
    /// The rule it comes from.
    pub rule: String,
    /// 用电类别
    pub category: Category,
    /// `SinglePart` for the single-part table; any two-part scheme for the two-part table.
    pub scheme: Scheme,
    /// 电压等级
    pub voltage: Voltage,
    /// 分时电价 with everything inside (funds too), as published; `None` where the table has none.
    pub bands: PerBand<Option<Price>>,
    /// The price without time of use, with everything inside (the flat price).
    pub flat: Price,
    /// 构成
    pub components: Components,
    /// 需量电价, yuan/kW·month.
    pub demand: Price,
    /// 容量电价, yuan/kVA·month.
    pub capacity: Price,
    /// 时段
    pub day_bands: Option<DayBands>,
}

/// 电量: what was used in a period, after the multiplier and with the losses added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// 有功总电量
    pub active: Energy,
    /// 分时电量; sums to `active` for an account with time of use, all zero without.
    pub bands: PerBand<Energy>,
    /// 无功电量 (forward + |reverse|), kvarh.
    pub reactive: Energy,
    /// 最大需量, kW.
    pub demand: crate::units::Demand,
}
