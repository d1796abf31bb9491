//! The lines of a bill, and the buffers in which they are made.

use super::compile::{RuleIds, RuleRef};
use super::item::{Item, Unit};
use crate::derivation::{Bilingual, Step};
use crate::tariff::{Band, Usage};
use crate::units::{Energy, Money, Price, format_scaled};
use serde::{Deserialize, Serialize};

/// 折算比例: the part of a monthly charge that falls on a segment; `1/1` where nothing is prorated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Share {
    /// Numerator.
    pub num: i64,
    /// Denominator, positive.
    pub den: i64,
}

impl Share {
    /// All of it.
    pub const WHOLE: Self = Self { num: 1, den: 1 };

    /// The same part in the smallest numbers.
    #[must_use]
    pub const fn in_lowest_terms(self) -> Self {
        let (mut a, mut b) = (self.num, self.den);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        if a == 0 { self } else { Self { num: self.num / a, den: self.den / a } }
    }

    /// True when nothing is prorated.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.num == self.den
    }
}

impl Default for Share {
    fn default() -> Self {
        Self::WHOLE
    }
}

/// 电费明细: one line of a bill. `quantity × price × share`, rounded in the item's mode, is `amount`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is for.
    pub item: Item,
    /// The tariff period, where the line is of one.
    pub band: Option<Band>,
    /// The tier 1…3, or 0 where tiers play no part.
    pub tier: u8,
    /// What the quantity counts.
    pub unit: Unit,
    /// In 0.0001 of the unit.
    pub quantity: i64,
    /// Per unit; for the power factor the rate (`-0.0075` is −0.75 %).
    pub price: Price,
    /// The part of a month.
    pub share: Share,
    /// The amount.
    pub amount: Money,
    /// The rule that gave the price or rate.
    pub rule: RuleRef,
}

impl Line {
    /// A line of energy or another quantity at a price, whole month.
    #[must_use]
    pub fn new(item: Item, unit: Unit, quantity: i64, price: Price, amount: Money, rule: RuleRef) -> Self {
        Self { item, band: None, tier: 0, unit, quantity, price, share: Share::WHOLE, amount, rule }
    }

    /// The quantity as decimal text.
    #[must_use]
    pub fn quantity_text(&self) -> String {
        format_scaled(self.quantity, Energy::SCALE, 0)
    }

    /// The name that people read: item with band or tier.
    #[must_use]
    pub fn name(&self) -> Bilingual {
        let mut name = Bilingual::new(self.item.zh(), self.item.en());
        if let Some(band) = self.band {
            name.zh = format!("{}({})", name.zh, band.zh());
            name.en = format!("{}, {}", name.en, band.word());
        }
        if self.tier > 0 {
            name.zh = format!("{}(第{}档)", name.zh, self.tier);
            name.en = format!("{}, tier {}", name.en, self.tier);
        }
        name
    }

    /// The step that tells how the amount came about.
    #[must_use]
    pub fn step(&self, rules: &RuleIds) -> Step {
        let name = self.name();
        let quantity = self.quantity_text();
        let share = if self.share.is_whole() {
            String::new()
        } else {
            format!(" × {}/{}", self.share.num, self.share.den)
        };
        let (price, amount) = (self.price, self.amount);
        let mut step = Step::new(
            self.item.word(),
            format!("{}:{quantity}{} × {price}{share} = {amount}元", name.zh, self.unit.zh()),
            format!("{}: {quantity} {} × {price}{share} = {amount} yuan", name.en, self.unit.en()),
        );
        step.rule = rules.get(self.rule).map(str::to_owned);
        step
    }
}

/// A segment after losses and fixed parts were worked in; kept between the passes of the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worked {
    /// Everything that passed, losses added: what the power factor and the demand rules look at.
    pub all: Usage,
    /// What is left for the segment's own price after the fixed parts were taken out.
    pub own: Usage,
    /// Energy that pays the surcharges.
    pub surcharged: Energy,
    /// Base of the power-factor adjustment.
    pub base: Money,
    /// Part of a month of this segment.
    pub share: Share,
}

/// 电费草稿: the lines of one bill and the buffers of the kernel; reuse it from bill to bill.
#[derive(Clone, Debug, Default)]
pub struct BillDraft {
    /// The lines, in the order in which they are printed.
    pub lines: Vec<Line>,
    /// The sum of the lines.
    pub total: Money,
    /// 结算有功电量: billed active energy, losses added.
    pub active: Energy,
    /// 结算无功电量, losses added.
    pub reactive: Energy,
    pub(super) worked: Vec<Worked>,
}

impl BillDraft {
    /// An empty draft with room for an ordinary bill.
    #[must_use]
    pub fn new() -> Self {
        Self { lines: Vec::with_capacity(32), worked: Vec::with_capacity(4), ..Self::default() }
    }

    /// Empties it and keeps the buffers.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.worked.clear();
        self.total = Money::ZERO;
        self.active = Energy::ZERO;
        self.reactive = Energy::ZERO;
    }
}
