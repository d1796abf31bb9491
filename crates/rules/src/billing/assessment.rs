//! What the calculators of errors, theft and breach have in common: lines with a total, told step by step.

use super::compile::{RuleIds, RuleRef};
use super::draft::Line;
use super::item::{Item, Unit};
use crate::derivation::{Bilingual, Sink};
use crate::refusal::Refuse;
use crate::units::{Energy, Money, Price, Ratio, Rounding};

/// 核定结果: lines outside of an ordinary bill, and their sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    /// What is charged or refunded.
    pub lines: Vec<Line>,
    /// The sum of the lines.
    pub total: Money,
}

/// 不能核定的原因
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssessmentRefusal {
    /// The meter registered nothing or ran backwards: no rate can be computed, use a normal month.
    NoRate,
    /// The chosen multiple is not the rule's, or above its limit.
    MultipleOutOfBounds {
        /// What the rule says.
        rule: Ratio,
    },
    /// No quantity, capacity or time to assess.
    NothingToAssess,
    /// A quantity beyond all reason.
    BeyondRange,
}

impl Refuse for AssessmentRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoRate => "billing.no_correction_rate",
            Self::MultipleOutOfBounds { .. } => "billing.multiple_out_of_bounds",
            Self::NothingToAssess => "billing.nothing_to_assess",
            Self::BeyondRange => "billing.beyond_range",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NoRate => Bilingual::new(
                "错误接线下计量功率不为正,无法计算更正系数,应按正常月份电量核定",
                "the meter registered nothing or ran backwards: no rate can be computed, use a normal month",
            ),
            Self::MultipleOutOfBounds { rule } => Bilingual::new(
                format!("违约使用电费倍数超出规定({rule}倍)"),
                format!("the multiple is not what the rule allows ({rule})"),
            ),
            Self::NothingToAssess => Bilingual::new("没有可核定的电量或容量", "there is nothing to assess"),
            Self::BeyondRange => Bilingual::new("电量超出合理范围", "the quantity is beyond all reason"),
        }
    }
}

/// Where an assessment is written and told.
pub(super) struct Teller<'a, S> {
    pub out: Assessment,
    pub rules: &'a RuleIds,
    pub rule: RuleRef,
    pub sink: &'a mut S,
}

impl<'a, S: Sink> Teller<'a, S> {
    pub fn new(rules: &'a RuleIds, rule: RuleRef, sink: &'a mut S) -> Self {
        Self { out: Assessment::default(), rules, rule, sink }
    }

    pub fn push(&mut self, line: Line) {
        self.sink.step(|| line.step(self.rules));
        self.out.total += line.amount;
        self.out.lines.push(line);
    }

    /// Energy at a price.
    pub fn energy(&mut self, item: Item, energy: Energy, price: Price) -> Money {
        let amount = price.charge(energy, Rounding::HalfUp);
        self.push(Line::new(item, Unit::Kwh, energy.0, price, amount, self.rule));
        amount
    }

    /// So many times a base amount.
    pub fn penalty(&mut self, base: Money, multiple: Ratio) {
        let amount = base.times(multiple, Rounding::HalfUp);
        let price = Price(multiple.0 * 100);
        self.push(Line::new(Item::Penalty, Unit::Yuan, base.0 * 100, price, amount, self.rule));
    }

    /// A quantity at a penalty per unit.
    pub fn per_unit(&mut self, unit: Unit, quantity: i64, price: Price) {
        let amount = Money(Rounding::HalfUp.divide_product(price.0, quantity, 10_000_000_000));
        self.push(Line::new(Item::Penalty, unit, quantity, price, amount, self.rule));
    }
}

/// The multiple that applies: the rule's, or the chosen one where the rule is an upper limit.
pub(super) fn multiple(rule: Ratio, is_cap: bool, chosen: Option<Ratio>) -> Result<Ratio, AssessmentRefusal> {
    match chosen {
        None => Ok(rule),
        Some(chosen) if chosen == rule || (is_cap && Ratio::ZERO <= chosen && chosen < rule) => Ok(chosen),
        Some(_) => Err(AssessmentRefusal::MultipleOutOfBounds { rule }),
    }
}
