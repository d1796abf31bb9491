//! 违约用电: back-billing and penalties (supply rules of 1996 art. 100, 2024 art. 101), and outage compensation by contract.

use super::assessment::{Assessment, AssessmentRefusal, Teller, multiple};
use super::compile::{RuleIds, RuleRef};
use super::draft::{Line, Share};
use super::item::{Item, Unit};
use crate::derivation::Sink;
use crate::units::{Capacity, Energy, Money, Price, Ratio, Rounding};
use serde::{Deserialize, Serialize};

/// Topic `breach`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreachParams {
    /// 高价低接: penalty on the difference.
    pub misuse_multiple: Ratio,
    /// Months that are presumed when the start is unknown.
    pub misuse_months_when_unknown: u32,
    /// 超容: penalty on the missing capacity charge of two-part users.
    pub over_capacity_multiple: Ratio,
    /// Is that multiple an upper limit?
    pub over_capacity_multiple_is_cap: bool,
    /// 超容: yuan per kW (kVA) of the others.
    pub over_capacity_per_kw: Price,
    /// 启用暂停或封存设备: penalty on the missing capacity charge of two-part users.
    pub suspended_multiple: Ratio,
    /// The same: yuan per kW (kVA) and time of the others.
    pub suspended_per_kw: Price,
    /// 擅动计量装置: yuan each time, homes.
    pub tampering_household: Price,
    /// The same, others.
    pub tampering_other: Price,
    /// 擅自引入电源: yuan per kW.
    pub unauthorised_source_per_kw: Price,
    /// 停电赔偿: multiple of the fee of the energy not used, single-part users.
    pub outage_multiple_single_part: Ratio,
    /// The same, two-part users.
    pub outage_multiple_two_part: Ratio,
}

/// 违约用电行为
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Breach {
    /// 高价低接: energy of a dearer category at a cheaper price. When the start is unknown, the last months that the rule presumes.
    Misuse {
        /// Energy of the time.
        energy: Energy,
        /// The price that was due.
        price_right: Price,
        /// The price that was billed.
        price_billed: Price,
    },
    /// 私自超过合同容量
    OverCapacity {
        /// Beyond the contract, kVA or kW.
        excess: Capacity,
        /// Two-part users: the capacity price per month; absent for the others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        capacity_price: Option<Price>,
        /// Two-part users: months.
        #[serde(default = "one")]
        months: Ratio,
        /// The multiple that was decided, where the rule is an upper limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        multiple: Option<Ratio>,
    },
    /// 擅自使用已暂停或被封存的设备
    Suspended {
        /// The equipment's capacity.
        capacity: Capacity,
        /// Two-part users: the capacity price per month; absent for the others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        capacity_price: Option<Price>,
        /// Two-part users: months.
        #[serde(default = "one")]
        months: Ratio,
    },
    /// 擅动计量、负荷管理等装置
    Tampering {
        /// A home?
        household: bool,
        /// How often.
        times: u32,
    },
    /// 擅自引入、供出电源
    UnauthorisedSource {
        /// Its capacity.
        capacity: Capacity,
    },
    /// 停电赔偿: the utility's breach: energy not used × average price × multiple.
    Outage {
        /// Possible consumption.
        energy: Energy,
        /// Average price.
        price: Price,
        /// A two-part user?
        two_part: bool,
    },
}

fn one() -> Ratio {
    Ratio::ONE
}

/// 追补电费和违约使用电费 of a breach; for an outage what the utility pays (negative).
///
/// # Errors
/// The multiple is not what the rule allows.
pub fn assess_breach<S: Sink>(
    breach: &Breach,
    (params, rule): (&BreachParams, RuleRef),
    rules: &RuleIds,
    sink: &mut S,
) -> Result<Assessment, AssessmentRefusal> {
    let mut teller = Teller::new(rules, rule, sink);
    match *breach {
        Breach::Misuse { energy, price_right, price_billed } => {
            let difference = teller.energy(Item::BackBill, energy, price_right - price_billed);
            teller.penalty(difference, params.misuse_multiple);
        }
        Breach::OverCapacity { excess, capacity_price, months, multiple: chosen } => {
            let is_cap = params.over_capacity_multiple_is_cap;
            let times = multiple(params.over_capacity_multiple, is_cap, chosen)?;
            by_capacity(&mut teller, excess, capacity_price, months, (times, params.over_capacity_per_kw));
        }
        Breach::Suspended { capacity, capacity_price, months } => {
            let penalty = (params.suspended_multiple, params.suspended_per_kw);
            by_capacity(&mut teller, capacity, capacity_price, months, penalty);
        }
        Breach::Tampering { household, times } => {
            let price = if household { params.tampering_household } else { params.tampering_other };
            teller.per_unit(Unit::Times, i64::from(times) * 10_000, price);
        }
        Breach::UnauthorisedSource { capacity } => {
            teller.per_unit(Unit::Kw, capacity.0, params.unauthorised_source_per_kw);
        }
        Breach::Outage { energy, price, two_part } => {
            let times =
                if two_part { params.outage_multiple_two_part } else { params.outage_multiple_single_part };
            let fee = -price.charge(energy, Rounding::HalfUp);
            let amount = fee.times(times, Rounding::HalfUp);
            let line =
                Line::new(Item::Compensation, Unit::Yuan, fee.0 * 100, Price(times.0 * 100), amount, rule);
            teller.push(line);
        }
    }
    if teller.out.lines.iter().all(|line| line.quantity == 0) {
        return Err(AssessmentRefusal::NothingToAssess);
    }
    Ok(teller.out)
}

/// Two-part users owe the missing capacity charge and a multiple of it; the others an amount per kW.
fn by_capacity<S: Sink>(
    teller: &mut Teller<'_, S>,
    capacity: Capacity,
    price: Option<Price>,
    months: Ratio,
    (times, per_kw): (Ratio, Price),
) {
    let Some(price) = price else {
        return teller.per_unit(Unit::Kw, capacity.0, per_kw);
    };
    let exact = i128::from(price.0) * i128::from(capacity.0) * i128::from(months.0);
    let amount = Money(Rounding::HalfUp.divide_i128(exact, 10_000_000_000_000_000));
    let line = Line::new(Item::BackBill, Unit::Kva, capacity.0, price, amount, teller.rule);
    teller.push(Line { share: Share { num: months.0, den: Ratio::ONE.0 }.in_lowest_terms(), ..line });
    teller.penalty(amount, times);
}
