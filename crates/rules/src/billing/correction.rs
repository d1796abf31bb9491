//! 计量差错退补: what was used but not (or wrongly) registered, by kind of error (supply rules of 1996 art. 80–81, and 2024).

use super::assessment::{Assessment, AssessmentRefusal, Teller};
use super::compile::{RuleIds, RuleRef};
use super::draft::Line;
use super::item::{Item, Unit};
use crate::derivation::{Sink, Step};
use crate::tariff::Band;
use crate::units::{Energy, Price, Ratio, Rounding};
use serde::{Deserialize, Serialize};

/// Topic `back_billing`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackBillingParams {
    /// The part of the time since the last test or installation for which a meter's own error counts (½).
    pub meter_error_time_share: Ratio,
    /// Decimals of a correction rate (4: 9.09 %).
    pub rate_decimals: u32,
    /// Is a voltage drop below the limit refunded, or only one above it charged?
    pub voltage_drop_refunds: bool,
}

/// 计量差错: what was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum MeteringFault {
    /// 计量误差超差: the meter or its transformers err by this ratio (slow is negative); against zero error, over half of the time.
    MeterError {
        /// Verified error γ: −0.1 when 10 % slow.
        error: Ratio,
    },
    /// 接线错误或互感器变比错误: what each of the three elements registered of its true share: 1 right, −1 reversed, 0 dead,
    /// 0.75 where a 400/5 transformer stands for 300/5.
    Elements {
        /// Per element.
        registered: [Ratio; 3],
    },
    /// 更正率已知: correction rate (P_right − P_wrong)/P_wrong from a measurement.
    Rate {
        /// 2 for 200 %.
        correction: Ratio,
    },
    /// 倍率错误: billed with one multiplier where another is right.
    Multiplier {
        /// As billed.
        billed: Ratio,
        /// As it should be.
        right: Ratio,
    },
    /// 二次压降超限: the drop of the secondary lead beyond what is allowed.
    VoltageDrop {
        /// Measured.
        measured: Ratio,
        /// Allowed.
        allowed: Ratio,
    },
    /// 按正常月份: nothing can be computed; the use of a normal month against what was registered.
    NormalMonth {
        /// Use of a normal month.
        normal: Energy,
    },
}

/// 抄见电量: what was registered, at the price that it is settled at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Tariff period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    /// Registered energy.
    pub energy: Energy,
    /// Price per kWh.
    pub price: Price,
}

/// ΔW = W × numerator ÷ denominator.
#[derive(Clone, Copy)]
struct Factor {
    numerator: i128,
    denominator: i128,
}

/// 退补电费: the energy that was not registered (negative when too much was) at the prices given, per line of `recorded`.
///
/// # Errors
/// No rate can be computed from what the meter registered.
pub fn back_bill<S: Sink>(
    fault: &MeteringFault,
    recorded: &[Recorded],
    (params, rule): (&BackBillingParams, RuleRef),
    rules: &RuleIds,
    sink: &mut S,
) -> Result<Assessment, AssessmentRefusal> {
    let total: Energy = recorded.iter().map(|r| r.energy).sum();
    let factor = factor(fault, total, params)?;
    let mut teller = Teller::new(rules, rule, sink);
    tell_rate(fault, factor, &mut teller);
    for line in recorded {
        let exact = i128::from(line.energy.0) * factor.numerator;
        let energy = Energy(Rounding::HalfUp.divide_i128(exact, factor.denominator));
        let amount = line.price.charge(energy, Rounding::HalfUp);
        let back = Line::new(Item::BackBill, Unit::Kwh, energy.0, line.price, amount, rule);
        teller.push(Line { band: line.band, ..back });
    }
    Ok(teller.out)
}

/// 更正率 in the rule's decimals, where the fault has one.
///
/// # Errors
/// No rate can be computed from what the meter registered.
pub fn correction_rate(
    fault: &MeteringFault,
    params: &BackBillingParams,
) -> Result<Option<Ratio>, AssessmentRefusal> {
    let step = 10_i64.pow(Ratio::SCALE.saturating_sub(params.rate_decimals));
    let rate = |right: i64, wrong: i64| {
        let exact = i128::from(right - wrong) * 1_000_000;
        if wrong <= 0 {
            return Err(AssessmentRefusal::NoRate);
        }
        Ok(Some(Ratio(Rounding::HalfUp.divide_i128(exact, i128::from(wrong) * i128::from(step)) * step)))
    };
    match *fault {
        MeteringFault::Elements { registered } => rate(3_000_000, registered.iter().map(|r| r.0).sum()),
        MeteringFault::Rate { correction } => Ok(Some(correction)),
        MeteringFault::Multiplier { billed, right } => rate(right.0, billed.0),
        MeteringFault::VoltageDrop { measured, allowed } => {
            let beyond = measured - allowed;
            Ok(Some(if params.voltage_drop_refunds { beyond } else { beyond.at_least(Ratio::ZERO) }))
        }
        MeteringFault::MeterError { .. } | MeteringFault::NormalMonth { .. } => Ok(None),
    }
}

fn factor(
    fault: &MeteringFault,
    total: Energy,
    params: &BackBillingParams,
) -> Result<Factor, AssessmentRefusal> {
    match *fault {
        // W/(1+γ) − W = −γ·W/(1+γ), for the rule's part of the time.
        MeteringFault::MeterError { error } => {
            let whole = i128::from(Ratio::ONE.0 + error.0);
            if whole <= 0 {
                return Err(AssessmentRefusal::NoRate);
            }
            let share = i128::from(params.meter_error_time_share.0);
            Ok(Factor { numerator: -i128::from(error.0) * share, denominator: whole * 1_000_000 })
        }
        MeteringFault::NormalMonth { normal } if total.0 > 0 => {
            Ok(Factor { numerator: i128::from(normal.0 - total.0), denominator: i128::from(total.0) })
        }
        MeteringFault::NormalMonth { .. } => Err(AssessmentRefusal::NoRate),
        _ => {
            let rate = correction_rate(fault, params)?.ok_or(AssessmentRefusal::NoRate)?;
            Ok(Factor { numerator: i128::from(rate.0), denominator: 1_000_000 })
        }
    }
}

fn tell_rate<S: Sink>(fault: &MeteringFault, factor: Factor, teller: &mut Teller<'_, S>) {
    let percent = crate::units::format_scaled(
        Rounding::HalfUp.divide_i128(factor.numerator * 1_000_000, factor.denominator),
        4,
        2,
    );
    let (zh, en) = match fault {
        MeteringFault::MeterError { error } => (
            format!("误差{error},以零误差为基准按一半时间退补,系数{percent}%"),
            format!("error {error} against zero error over half of the time: factor {percent} %"),
        ),
        MeteringFault::Elements { registered: [a, b, c] } => (
            format!("各元件计量{a}、{b}、{c},更正率 = (3 − 计量和)/计量和 = {percent}%"),
            format!("elements registered {a}, {b}, {c}: correction rate (3 − sum)/sum = {percent} %"),
        ),
        MeteringFault::Rate { .. } => (format!("更正率{percent}%"), format!("correction rate {percent} %")),
        MeteringFault::Multiplier { billed, right } => (
            format!("倍率应为{right},误为{billed},更正率{percent}%"),
            format!("multiplier {right} instead of {billed}: correction rate {percent} %"),
        ),
        MeteringFault::VoltageDrop { measured, allowed } => (
            format!("二次压降{measured},允许{allowed},系数{percent}%"),
            format!("voltage drop {measured}, allowed {allowed}: factor {percent} %"),
        ),
        MeteringFault::NormalMonth { normal } => (
            format!("按正常月份电量{normal}千瓦时核定,系数{percent}%"),
            format!("by a normal month of {normal} kWh: factor {percent} %"),
        ),
    };
    let rule = teller.rules.get(teller.rule).unwrap_or_default();
    teller.sink.step(|| Step::new("correction_rate", zh, en).under(rule));
}
