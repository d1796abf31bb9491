//! 窃电: quantity and penalty (supply rules of 1996 art. 101–103, and 2024).

use super::assessment::{Assessment, AssessmentRefusal, Teller, multiple};
use super::compile::{RuleIds, RuleRef};
use super::item::Item;
use crate::derivation::{Sink, Step};
use crate::units::{Demand, Energy, Price, Ratio};
use serde::{Deserialize, Serialize};

/// Topic `theft`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TheftParams {
    /// Least number of days when the time cannot be found out.
    pub days_when_unknown: u32,
    /// Hours a day for power users then.
    pub hours_power: u32,
    /// Hours a day for lighting then.
    pub hours_lighting: u32,
    /// Penalty as a multiple of the fee.
    pub penalty_multiple: Ratio,
    /// Is the multiple an upper limit, within which the unit decides?
    pub multiple_is_cap: bool,
}

/// 用电性质
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TheftUse {
    /// 动力
    #[default]
    Power,
    /// 照明
    Lighting,
}

/// 窃电情形. The load is that of the private connection (kVA counts as kW), or the meter's rated maximum current × voltage
/// for every other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Theft {
    /// Load.
    pub load_kw: Demand,
    /// Price of the energy.
    pub price: Price,
    /// Power or lighting.
    #[serde(default, rename = "use")]
    pub purpose: TheftUse,
    /// Days, when found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Hours a day, when found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_per_day: Option<u32>,
    /// 已计电量: registered by the meter all the same, and taken off.
    #[serde(default)]
    pub registered: Energy,
    /// The multiple that was decided, where the rule is an upper limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiple: Option<Ratio>,
}

/// 追补电费和违约使用电费: the fee for what was stolen and the penalty on it.
///
/// # Errors
/// The multiple is not what the rule allows, or the quantity is beyond all reason.
pub fn assess_theft<S: Sink>(
    theft: &Theft,
    (params, rule): (&TheftParams, RuleRef),
    rules: &RuleIds,
    sink: &mut S,
) -> Result<Assessment, AssessmentRefusal> {
    let times = multiple(params.penalty_multiple, params.multiple_is_cap, theft.multiple)?;
    let days = theft.days.unwrap_or(params.days_when_unknown);
    let presumed = match theft.purpose {
        TheftUse::Power => params.hours_power,
        TheftUse::Lighting => params.hours_lighting,
    };
    let hours = theft.hours_per_day.unwrap_or(presumed);
    let used = (theft.load_kw.0.checked_mul(i64::from(days)))
        .and_then(|load_days| load_days.checked_mul(i64::from(hours)))
        .map(Energy)
        .ok_or(AssessmentRefusal::BeyondRange)?;
    let energy = (used - theft.registered).at_least(Energy::ZERO);
    let mut teller = Teller::new(rules, rule, sink);
    teller.sink.step(|| {
        let (load, registered) = (theft.load_kw, theft.registered);
        Step::new(
            "theft_quantity",
            format!("窃电量 = {load}千瓦 × {days}天 × {hours}小时 − 已计{registered} = {energy}千瓦时"),
            format!("stolen: {load} kW × {days} days × {hours} h − {registered} registered = {energy} kWh"),
        )
        .under(rules.get(rule).unwrap_or_default())
    });
    let fee = teller.energy(Item::BackBill, energy, theft.price);
    teller.penalty(fee, times);
    Ok(teller.out)
}
