//! 客户档案 (column `registry`): who is supplied, how and under which terms.

use crate::units::{Capacity, Demand, Energy, Money, Ratio};
use serde::{Deserialize, Serialize};

mod fit;
mod kinds;
mod transformer;

pub use fit::{Findings, TwoPartRule, check_terms};
pub use kinds::{ApprovalLevel, ContactKind, CustomerKind, OrgKind, PointRelation, Protection, StaffRole};
pub use transformer::transformer_ratio;

/// Declares an enum with one stable word per variant for files, JSON and the database.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal / $zh:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// The stable word used in files and in the database.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
            /// The Chinese term.
            #[must_use]
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),* }
            }
            /// The word as an English sentence has it, with spaces.
            #[must_use]
            pub fn in_english(self) -> String {
                self.word().replace('_', " ")
            }
            /// From its word or its Chinese term.
            #[must_use]
            pub fn from_word(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.word() == text || v.zh() == text)
            }
        }
    };
}
pub(crate) use words;

words!(
    /// 用电类别: the price category.
    Category {
        /// A home with its own meter, billed by annual tiers.
        Household = "household" / "居民生活",
        /// 合表: residential use that is not billed by household (institutions, master meters of estates).
        Communal = "communal" / "居民合表",
        /// Farming.
        Agriculture = "agriculture" / "农业生产",
        /// Everything else: industry and commerce.
        Commercial = "commercial" / "工商业",
    }
);

words!(
    /// 计价方式: how a commercial account pays for capacity.
    Scheme {
        /// 单一制: energy only.
        SinglePart = "single_part" / "单一制",
        /// 两部制, by transformer capacity.
        Capacity = "capacity" / "两部制按容量",
        /// 两部制, by contract maximum demand.
        ContractDemand = "contract_demand" / "两部制按合同最大需量",
        /// 两部制, by actual maximum demand.
        ActualDemand = "actual_demand" / "两部制按实际最大需量",
    }
);

words!(
    /// 电压等级: the voltage of supply, as the price tables group it.
    Voltage {
        /// Below 1 kV.
        Low = "below_1kv" / "不满1kV",
        /// 1–10 (20) kV.
        Kv10 = "1_10kv" / "1-10kV",
        /// 35 kV.
        Kv35 = "35kv" / "35kV",
        /// 110 kV.
        Kv110 = "110kv" / "110kV",
        /// 220 kV and above.
        Kv220 = "220kv" / "220kV及以上",
    }
);

words!(
    /// 功率因数考核标准: the standard of the power-factor adjustment.
    PfStandard {
        /// 0.90
        P90 = "0.90" / "九零",
        /// 0.85
        P85 = "0.85" / "八五",
        /// 0.80
        P80 = "0.80" / "八零",
        /// Not assessed.
        None = "none" / "不考核",
    }
);

words!(
    /// 重要客户等级: importance of a user (GB/T 29328).
    Importance {
        /// Not an important user.
        Ordinary = "ordinary" / "普通",
        /// State security.
        Special = "special" / "特级",
        /// Casualties, serious pollution, wide disorder.
        First = "first" / "一级",
        /// Considerable loss or disorder.
        Second = "second" / "二级",
        /// Important for a limited time.
        Temporary = "temporary" / "临时",
    }
);

/// 变损参数: how losses between the metering point and the boundary are added (高供低计).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum TransformerLoss {
    /// From the table of the model: a fixed quantity for a whole month, prorated by days.
    Table {
        /// Active loss of a whole month.
        monthly_kwh: Energy,
        /// Reactive loss of a whole month.
        #[serde(default)]
        monthly_kvarh: Energy,
    },
    /// From the nameplate: no-load loss × hours + load loss by the square of the load.
    Nameplate {
        /// 空载损耗, kW.
        no_load_kw: Demand,
        /// 短路(负载)损耗, kW.
        load_kw: Demand,
        /// 额定容量, kVA.
        rated_kva: Capacity,
        /// 空载电流, as a ratio (1 % = 0.01).
        no_load_current: Ratio,
        /// 短路阻抗, as a ratio.
        impedance: Ratio,
        /// 负荷形状系数 K: mean square of the load over the square of its mean; 1.05 when unknown.
        shape: Ratio,
        /// Hours in service per day.
        hours_per_day: u8,
    },
}

/// 定比定量: a part of the energy that is billed at another price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum FixedPart {
    /// 定量: so many kWh a month, prorated by days for part months.
    Quantity {
        /// kWh of a whole month.
        monthly_kwh: Energy,
        /// The category that prices it.
        category: Category,
    },
    /// 定比: a share of the total.
    Ratio {
        /// Share of the total, 0…1.
        share: Ratio,
        /// The category that prices it.
        category: Category,
    },
}

/// 供用电条件: what decides the price of an account from a day on. A change makes a new version, never an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplyTerms {
    /// 用电类别
    pub category: Category,
    /// 电压等级
    pub voltage: Voltage,
    /// 计价方式; `single_part` for everything that is not commercial.
    pub scheme: Scheme,
    /// 执行分时: billed by time of use.
    pub time_of_use: bool,
    /// 合同容量 of transformers and high-voltage motors.
    #[serde(default)]
    pub capacity: Capacity,
    /// 合同最大需量
    #[serde(default)]
    pub contract_demand: Demand,
    /// 功率因数考核标准
    #[serde(default = "SupplyTerms::no_pf")]
    pub pf_standard: PfStandard,
    /// 家庭人口 for the quota of large families; 0 when not registered.
    #[serde(default)]
    pub persons: u8,
    /// 变损
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transformer_loss: Option<TransformerLoss>,
    /// 线损: an agreed share added for the line to the boundary.
    #[serde(default)]
    pub line_loss: Ratio,
    /// 定比定量 parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed_parts: Vec<FixedPart>,
    /// 合同约定最低电费 of a whole month; zero when none is agreed.
    #[serde(default)]
    pub minimum_payment: Money,
}

impl SupplyTerms {
    fn no_pf() -> PfStandard {
        PfStandard::None
    }

    /// Terms of an ordinary home.
    #[must_use]
    pub fn household() -> Self {
        Self {
            category: Category::Household,
            voltage: Voltage::Low,
            scheme: Scheme::SinglePart,
            time_of_use: false,
            capacity: Capacity::ZERO,
            contract_demand: Demand::ZERO,
            pf_standard: PfStandard::None,
            persons: 0,
            transformer_loss: None,
            line_loss: Ratio::ZERO,
            fixed_parts: Vec::new(),
            minimum_payment: Money::ZERO,
        }
    }
}
