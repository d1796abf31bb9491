//! 输配电价, monthly items and funds where a province publishes them apart from a finished price table.

use crate::calendar::Month;
use crate::units::Price;
use serde::Deserialize;

/// 输配电价: parameters of the topic `network_tariff`. Rules select on `scheme` and `voltage`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkTariff {
    /// 电量输配电价, yuan/kWh.
    pub energy: Price,
    /// 需量电价, yuan/kW·month; only for two-part supply.
    #[serde(default)]
    pub demand: Option<Price>,
    /// 容量电价, yuan/kVA·month; only for two-part supply.
    #[serde(default)]
    pub capacity: Option<Price>,
}

/// 月度杂项费用: parameters of the topic `monthly_items`, yuan/kWh. What a month's notice did not show stays absent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthlyItems {
    /// The month they hold for.
    pub month: Month,
    /// 容量补偿电价
    pub capacity_compensation: Price,
    /// 上网环节线损费用
    pub line_loss: Price,
    /// 系统运行费
    pub system: Price,
    /// 政府性基金及附加
    pub funds: Price,
}

/// 政府性基金及附加: parameters of the topic `funds`, yuan/kWh; the items that a category pays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funds {
    /// 可再生能源电价附加
    #[serde(default)]
    pub renewable: Price,
    /// 国家重大水利工程建设基金
    #[serde(default)]
    pub water: Price,
    /// 大中型水库移民后期扶持资金
    #[serde(default)]
    pub reservoir: Price,
}

impl Funds {
    /// All funds together.
    #[must_use]
    pub fn total(&self) -> Price {
        self.renewable + self.water + self.reservoir
    }
}
