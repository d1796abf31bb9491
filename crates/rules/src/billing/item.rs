//! What a line of a bill is for, and in which unit it counts.

use crate::registry::words;
use serde::{Deserialize, Serialize};

words!(
    /// 电费项目: what a line of a bill is for.
    Item {
        /// Energy, by band or tier or at one price.
        Energy = "energy" / "电度电费",
        /// What the second and third tier add to the base price.
        TierAdd = "tier_add" / "阶梯加价电费",
        /// 定比定量: energy billed at another price.
        FixedPart = "fixed_part" / "定比定量电费",
        /// System-operation fee.
        System = "system_operation" / "系统运行费",
        /// Charge by transformer capacity.
        Capacity = "capacity_charge" / "容量电费",
        /// Charge by maximum demand.
        Demand = "demand_charge" / "需量电费",
        /// What exceeds the tolerated contract demand.
        DemandExcess = "demand_excess" / "超需量电费",
        /// Power-factor adjustment.
        PowerFactor = "power_factor" / "功率因数调整电费",
        /// Government funds and surcharges.
        Funds = "funds" / "政府性基金及附加",
        /// Top-up to the minimum that the contract agrees.
        Minimum = "minimum_top_up" / "合同最低电费补差",
        /// Charged or refunded after an error, a theft or a breach.
        BackBill = "back_bill" / "退补电费",
        /// Penalty for theft or breach of use.
        Penalty = "penalty" / "违约使用电费",
        /// Compensation for an outage under the contract.
        Compensation = "outage_compensation" / "停电赔偿",
        /// Late fee.
        LateFee = "late_fee" / "电费违约金",
    }
);

impl Item {
    /// The English term.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Energy => "energy charge",
            Self::TierAdd => "tier surcharge",
            Self::FixedPart => "fixed part at another price",
            Self::System => "system-operation fee",
            Self::Capacity => "capacity charge",
            Self::Demand => "demand charge",
            Self::DemandExcess => "excess demand charge",
            Self::PowerFactor => "power-factor adjustment",
            Self::Funds => "government funds and surcharges",
            Self::Minimum => "contract minimum top-up",
            Self::BackBill => "back-billed energy",
            Self::Penalty => "penalty for breach of use",
            Self::Compensation => "outage compensation",
            Self::LateFee => "late fee",
        }
    }
}

words!(
    /// 计量单位: what the quantity of a line counts.
    Unit {
        /// Active energy.
        Kwh = "kwh" / "千瓦时",
        /// Demand.
        Kw = "kw" / "千瓦",
        /// Capacity.
        Kva = "kva" / "千伏安",
        /// Money: the base of a rate (power factor, penalty).
        Yuan = "yuan" / "元",
        /// A count of cases.
        Times = "times" / "次",
    }
);

impl Unit {
    /// The sign used in English text.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Kwh => "kWh",
            Self::Kw => "kW",
            Self::Kva => "kVA",
            Self::Yuan => "yuan",
            Self::Times => "times",
        }
    }
}
