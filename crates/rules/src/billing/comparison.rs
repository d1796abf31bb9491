//! 电费变化分析: why one bill is higher or lower than another, split into causes that add up to the difference to the fen.
//!
//! What is charged per kWh is taken apart in the usual way: what more days would have cost at the old use and the old average
//! price, what dearer prices cost on the new energy, what another mix of tiers and periods costs, and the rest is more use a
//! day. What is not charged per kWh (capacity, demand, power factor, a minimum) differs item by item.

use super::draft::Line;
use super::item::{Item, Unit};
use crate::derivation::Bilingual;
use crate::registry::words;
use crate::tariff::Band;
use crate::units::{Energy, Money, Price, Rounding, format_scaled};
use serde::{Deserialize, Serialize};

words!(
    /// 变化原因: why a bill differs from another.
    Cause {
        /// Its period is longer or shorter.
        Days = "days" / "天数",
        /// More or less was used a day.
        Use = "use" / "日均用电",
        /// The same energy has another price.
        Price = "price" / "电价",
        /// More or less of it fell into the dearer tiers.
        Tiers = "tiers" / "阶梯",
        /// More or less of it fell into the dearer periods.
        Bands = "bands" / "峰谷",
        /// An item that is not simply energy.
        Item = "item" / "其他项目",
        /// What rounding each line to the fen makes.
        Rounding = "rounding" / "尾差",
    }
);

/// What is compared: a bill as it stands, with its corrections.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// Days of its period.
    pub days: i64,
    /// Its lines.
    pub lines: &'a [Line],
}

/// One cause and what it makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Effect {
    /// The cause.
    pub cause: Cause,
    /// The item, for [`Cause::Item`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
    /// What it adds; negative when it takes off.
    pub amount: Money,
    /// In words.
    pub text: Bilingual,
}

/// 比较: a bill beside an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Comparison {
    /// The earlier amount.
    pub before: Money,
    /// This amount.
    pub now: Money,
    /// Now minus before: the sum of the effects.
    pub change: Money,
    /// Days of both periods, the earlier first.
    pub days: [i64; 2],
    /// Energy of both, the earlier first.
    pub kwh: [Energy; 2],
    /// 日均电量: energy a day of both, the earlier first.
    pub kwh_a_day: [Energy; 2],
    /// The causes, the largest first; none of them zero.
    pub effects: Vec<Effect>,
}

/// Compares `now` with `before`.
#[must_use]
pub fn compare(now: Compared<'_>, before: Compared<'_>) -> Comparison {
    let sides = [Side::of(before), Side::of(now)];
    let [old, new] = &sides;
    let mut effects = vec![days(old, new), price(old, new), mix(old, new, Group::Tiers)];
    effects.push(mix(old, new, Group::Bands));
    effects.extend(Item::ALL.iter().map(|item| of_item(old, new, *item)));
    // Each line was rounded to the fen: as many fen as there are lines explain nothing.
    let noise = (old.cells.len() + new.cells.len()) as i64;
    let is_noise = |effect: &Effect| effect.amount.0.abs() <= noise;
    effects.retain(|effect| match effect.cause {
        Cause::Item => !effect.amount.is_zero(),
        _ => !is_noise(effect),
    });
    let change = new.amount - old.amount;
    let rest = change - effects.iter().map(|effect| effect.amount).sum();
    let used = use_a_day(old, new, rest);
    let same_use = old.a_day() == new.a_day();
    effects.push(if is_noise(&used) && (same_use || !effects.is_empty()) { rounding(rest) } else { used });
    effects.retain(|effect| !effect.amount.is_zero());
    effects.sort_by_key(|effect| std::cmp::Reverse(effect.amount.0.abs()));
    Comparison {
        before: old.amount,
        now: new.amount,
        change,
        days: [old.days, new.days],
        kwh: [old.kwh, new.kwh],
        kwh_a_day: [old.a_day(), new.a_day()],
        effects,
    }
}

/// Where a line of energy belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Tiers,
    Bands,
    Item(Item),
}

/// A line of energy without its price: what is comparable between two bills.
type Cell = (Item, Option<Band>, u8);

struct Side {
    days: i64,
    amount: Money,
    /// Energy in all.
    kwh: Energy,
    /// What is charged per kWh: cell, energy, amount.
    cells: Vec<(Cell, Energy, Money)>,
    /// The other lines.
    others: Vec<(Item, Money)>,
}

impl Side {
    fn of(compared: Compared<'_>) -> Self {
        let mut side = Self {
            days: compared.days.max(1),
            amount: compared.lines.iter().map(|line| line.amount).sum(),
            kwh: Energy::ZERO,
            cells: Vec::new(),
            others: Vec::new(),
        };
        for line in compared.lines {
            if !per_kwh(line) {
                side.others.push((line.item, line.amount));
                continue;
            }
            if matches!(line.item, Item::Energy | Item::FixedPart) {
                side.kwh.0 += line.quantity;
            }
            let cell = (line.item, line.band, line.tier);
            let at = side.cells.iter().position(|(known, ..)| *known == cell).unwrap_or_else(|| {
                side.cells.push((cell, Energy::ZERO, Money::ZERO));
                side.cells.len() - 1
            });
            side.cells[at].1.0 += line.quantity;
            side.cells[at].2 += line.amount;
        }
        side
    }

    fn a_day(&self) -> Energy {
        Energy(Rounding::HalfUp.divide(self.kwh.0, self.days))
    }

    /// What is charged per kWh of a group; of all of them without one.
    fn charged(&self, group: Option<Group>) -> Money {
        let wanted = |cell: &Cell| group.is_none_or(|group| group_of(*cell) == group);
        self.cells.iter().filter(|(cell, ..)| wanted(cell)).map(|(.., amount)| *amount).sum()
    }

    fn cell(&self, wanted: Cell) -> Option<(Energy, Money)> {
        let found = self.cells.iter().find(|(cell, energy, _)| *cell == wanted && energy.0 > 0);
        found.map(|(_, energy, amount)| (*energy, *amount))
    }

    /// The energy of some cells.
    fn energy(&self, wanted: impl Fn(Cell) -> bool) -> Energy {
        self.cells.iter().filter(|(cell, ..)| wanted(*cell)).map(|(_, energy, _)| *energy).sum()
    }
}

fn per_kwh(line: &Line) -> bool {
    let item =
        matches!(line.item, Item::Energy | Item::FixedPart | Item::TierAdd | Item::System | Item::Funds);
    item && line.unit == Unit::Kwh
}

fn group_of((item, band, tier): Cell) -> Group {
    match (band, tier) {
        (_, 1..) => Group::Tiers,
        (Some(_), 0) => Group::Bands,
        (None, 0) => Group::Item(item),
    }
}

/// `amount × of ÷ whole`; nothing of nothing.
fn part(amount: Money, of: i64, whole: i64) -> Money {
    if whole == 0 { Money::ZERO } else { amount.prorate(of, whole, Rounding::HalfUp) }
}

/// The new energy of a cell at its old price, as far as it had one.
fn at_old_price(old: &Side, (cell, energy, amount): (Cell, Energy, Money)) -> Money {
    old.cell(cell).map_or(amount, |(before, charged)| part(charged, energy.0, before.0))
}

fn days(old: &Side, new: &Side) -> Effect {
    let amount = part(old.charged(None), new.days - old.days, old.days);
    let more = new.days - old.days;
    effect(
        Cause::Days,
        None,
        amount,
        (
            format!("本期{}天,比对照期{}{}天", new.days, more_zh(more), more.abs()),
            format!("{} days, {} {} than before", new.days, more.abs(), more_en(more)),
        ),
    )
}

fn use_a_day(old: &Side, new: &Side, amount: Money) -> Effect {
    let (before, now) = (old.a_day(), new.a_day());
    effect(
        Cause::Use,
        None,
        amount,
        (
            format!("日均用电{}千瓦时,对照期{}千瓦时", short(now), short(before)),
            format!("{} kWh a day, {} before", short(now), short(before)),
        ),
    )
}

fn rounding(amount: Money) -> Effect {
    let text = ("四舍五入的尾差".to_owned(), "rounding of the lines".to_owned());
    effect(Cause::Rounding, None, amount, text)
}

fn price(old: &Side, new: &Side) -> Effect {
    let both = new.cells.iter().filter(|(cell, energy, _)| energy.0 > 0 && old.cell(*cell).is_some());
    let (mut was, mut is) = (Money::ZERO, Money::ZERO);
    for cell in both {
        was += at_old_price(old, *cell);
        is += cell.2;
    }
    let average = |amount: Money| average(amount, new.kwh);
    effect(
        Cause::Price,
        None,
        is - was,
        (
            format!("同样的电量按原价均价{}元/千瓦时,现价{}元/千瓦时", average(was), average(is)),
            format!(
                "the same energy cost {} yuan/kWh on average and costs {} now",
                average(was),
                average(is)
            ),
        ),
    )
}

/// 均价: yuan per kWh to four decimals.
fn average(amount: Money, energy: Energy) -> Price {
    if energy.0 <= 0 {
        return Price::ZERO;
    }
    // A fen per 0.0001 kWh is 100 yuan per kWh.
    let ten_thousandths = Rounding::HalfUp.divide_product(amount.0, 1_000_000, energy.0);
    Price(ten_thousandths * 10_000)
}

/// What another share of a group costs at the old prices.
fn mixed(old: &Side, new: &Side, group: Group) -> Money {
    let of_group = new.cells.iter().filter(|(cell, ..)| group_of(*cell) == group);
    let now: Money = of_group.map(|cell| at_old_price(old, *cell)).sum();
    if old.kwh.0 == 0 { Money::ZERO } else { now - part(old.charged(Some(group)), new.kwh.0, old.kwh.0) }
}

fn mix(old: &Side, new: &Side, group: Group) -> Effect {
    let amount = mixed(old, new, group);
    if group == Group::Tiers {
        let dear = |side: &Side| side.energy(|(_, _, tier)| tier >= 2);
        let (now, before) = (dear(new), dear(old));
        let text = (
            format!("第二、三阶梯电量{}千瓦时,对照期{}千瓦时", short(now), short(before)),
            format!("{} kWh in the second and third tier, {} before", short(now), short(before)),
        );
        return effect(Cause::Tiers, None, amount, text);
    }
    let share = |side: &Side| {
        let dear = side
            .energy(|(item, band, _)| item == Item::Energy && matches!(band, Some(Band::Peak | Band::Sharp)));
        let whole = side.kwh.0.max(1);
        format_scaled(Rounding::HalfUp.divide_product(dear.0, 1_000, whole), 1, 0)
    };
    let text = (
        format!("峰段(含尖峰)电量占{}%,对照期{}%", share(new), share(old)),
        format!("{}% of it in peak hours, {}% before", share(new), share(old)),
    );
    effect(Cause::Bands, None, amount, text)
}

/// An item by itself: all of its difference where it does not count energy, its share where it does.
fn of_item(old: &Side, new: &Side, item: Item) -> Effect {
    let other = |side: &Side| -> Money {
        side.others.iter().filter(|(of, _)| *of == item).map(|(_, amount)| *amount).sum()
    };
    let amount = other(new) - other(old) + mixed(old, new, Group::Item(item));
    let counts_energy = [old, new].iter().any(|side| side.cells.iter().any(|(cell, ..)| cell.0 == item));
    let (now, before) = (other(new), other(old));
    let text = if counts_energy {
        // What more use makes of it stands with the use.
        (
            format!("{}的电量比重变化", item.zh()),
            format!("another share of the energy bears the {}", item.en()),
        )
    } else {
        (
            format!("{}{now}元,对照期{before}元", item.zh()),
            format!("{} of {now} yuan, {before} before", item.en()),
        )
    };
    effect(Cause::Item, Some(item), amount, text)
}

fn effect(cause: Cause, item: Option<Item>, amount: Money, (zh, en): (String, String)) -> Effect {
    let size = Money(amount.0.abs());
    let text = Bilingual::new(
        format!("{zh}:{}{size}元", more_zh(amount.0)),
        format!("{en}: {size} yuan {}", more_en(amount.0)),
    );
    Effect { cause, item, amount, text }
}

const fn more_zh(difference: i64) -> &'static str {
    if difference < 0 { "少" } else { "多" }
}

const fn more_en(difference: i64) -> &'static str {
    if difference < 0 { "less" } else { "more" }
}

/// Energy with two decimals at most.
fn short(energy: Energy) -> String {
    format_scaled(Rounding::HalfUp.divide(energy.0, 100), 2, 0)
}
