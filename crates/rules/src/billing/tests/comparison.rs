//! Why a bill is higher than another: tables by hand, and that the causes always add up.

use super::*;
use proptest::prelude::*;

fn line(item: Item, band: Option<Band>, tier: u8, kwh: i64, price: &str) -> Line {
    let (energy, price) = (Energy::kwh(kwh), self::price(price));
    let amount = price.charge(energy, crate::units::Rounding::HalfUp);
    Line { band, tier, ..Line::new(item, Unit::Kwh, energy.0, price, amount, RuleRef::default()) }
}

fn tiers(parts: [i64; 3]) -> Vec<Line> {
    let prices = ["0.5469", "0.5969", "0.8469"];
    (1..)
        .zip(parts.into_iter().zip(prices))
        .map(|(n, (kwh, p))| line(Item::Energy, None, n, kwh, p))
        .collect()
}

/// Causes with their amounts, as text.
fn causes(now: (i64, &[Line]), before: (i64, &[Line])) -> Vec<String> {
    let compared = |(days, lines)| Compared { days, lines };
    let comparison = compare(compared(now), compared(before));
    let told: Money = comparison.effects.iter().map(|effect| effect.amount).sum();
    assert_eq!(told, comparison.change);
    comparison
        .effects
        .iter()
        .map(|e| format!("{} {}", e.item.map_or(e.cause.word(), Item::word), e.amount))
        .collect()
}

#[test]
fn more_use_a_day_is_more_use() {
    // 100 kWh more in as many days at one price.
    assert_eq!(causes((30, &tiers([300, 0, 0])), (30, &tiers([200, 0, 0]))), ["use 54.69"]);
    assert_eq!(causes((30, &tiers([200, 0, 0])), (30, &tiers([300, 0, 0]))), ["use -54.69"]);
    assert!(causes((30, &tiers([200, 0, 0])), (30, &tiers([200, 0, 0]))).is_empty());
}

#[test]
fn a_longer_period_is_not_more_use() {
    // 10 kWh a day in 30 and in 37 days.
    assert_eq!(causes((37, &tiers([370, 0, 0])), (30, &tiers([300, 0, 0]))), ["days 38.28"]);
}

#[test]
fn the_third_tier_costs_0_30_yuan_more_on_the_same_energy() {
    assert_eq!(causes((30, &tiers([0, 0, 300])), (30, &tiers([300, 0, 0]))), ["tiers 90.00"]);
    let add = [line(Item::Energy, None, 0, 300, "0.5469"), line(Item::TierAdd, None, 3, 300, "0.3")];
    assert_eq!(causes((30, &add), (30, &[line(Item::Energy, None, 0, 300, "0.5469")])), ["tiers 90.00"]);
}

#[test]
fn a_dearer_price_is_told_apart_from_dearer_hours() {
    let hours = |peak, valley, at: [&str; 2]| {
        vec![
            line(Item::Energy, Some(Band::Peak), 0, peak, at[0]),
            line(Item::Energy, Some(Band::Valley), 0, valley, at[1]),
        ]
    };
    let old = hours(100, 100, ["1.0", "0.4"]);
    assert_eq!(causes((30, &hours(100, 100, ["1.1", "0.5"])), (30, &old)), ["price 20.00"]);
    assert_eq!(causes((30, &hours(150, 50, ["1.0", "0.4"])), (30, &old)), ["bands 30.00"]);
    // Twice the use, all of it at peak, each price 0.10 dearer.
    assert_eq!(
        causes((30, &hours(400, 0, ["1.1", "0.5"])), (30, &old)),
        ["use 140.00", "bands 120.00", "price 40.00"]
    );
}

#[test]
fn what_is_not_energy_differs_item_by_item() {
    let with = |kva: i64, factor: i64| {
        let mut lines = vec![line(Item::Energy, None, 0, 1_000, "0.6")];
        let (capacity, adjusted) = (Money(kva * 2_400), Money(factor));
        lines.push(Line::new(
            Item::Capacity,
            Unit::Kva,
            kva * 10_000,
            price("24"),
            capacity,
            RuleRef::default(),
        ));
        lines.push(Line::new(Item::PowerFactor, Unit::Yuan, 0, price("0.01"), adjusted, RuleRef::default()));
        lines
    };
    assert_eq!(
        causes((30, &with(125, 600)), (30, &with(100, -300))),
        ["capacity_charge 600.00", "power_factor 9.00"]
    );
}

#[test]
fn a_first_bill_after_nothing_is_use() {
    assert_eq!(causes((30, &tiers([100, 0, 0])), (30, &[])), ["use 54.69"]);
    assert_eq!(causes((30, &[]), (30, &tiers([100, 0, 0]))), ["use -54.69"]);
}

#[test]
fn it_is_told_in_both_languages() {
    let (now, before) = (tiers([300, 20, 0]), tiers([200, 0, 0]));
    let told = compare(Compared { days: 32, lines: &now }, Compared { days: 30, lines: &before });
    let zh: Vec<&str> = told.effects.iter().map(|effect| effect.text.zh.as_str()).collect();
    assert_eq!(
        zh,
        [
            "日均用电10千瓦时,对照期6.67千瓦时:多58.34元",
            "本期32天,比对照期多2天:多7.29元",
            "第二、三阶梯电量20千瓦时,对照期0千瓦时:多1.00元",
        ]
    );
    assert_eq!(told.effects[0].text.en, "10 kWh a day, 6.67 before: 58.34 yuan more");
    assert_eq!(told.kwh_a_day.map(|energy| energy.to_string()), ["6.6667", "10"]);
}

fn any_line() -> impl Strategy<Value = Line> {
    let band = prop::option::of(0..Band::ALL.len());
    (0..Item::ALL.len(), band, 0..4_u8, 0..5_i64, -5_000..900_000_i64, -900..90_000_i64, any::<bool>())
        .prop_map(|(item, band, tier, price, quantity, amount, energy)| Line {
            band: band.map(|n| Band::ALL[n]),
            tier,
            ..Line::new(
                Item::ALL[item],
                if energy { Unit::Kwh } else { Unit::Yuan },
                quantity,
                Price(price),
                Money(amount),
                RuleRef::default(),
            )
        })
}

proptest! {
    #[test]
    fn the_causes_add_up_to_the_fen(
        now in prop::collection::vec(any_line(), 0..12),
        before in prop::collection::vec(any_line(), 0..12),
        days in 1..70_i64,
        days_before in 1..70_i64,
    ) {
        let told = compare(
            Compared { days, lines: &now },
            Compared { days: days_before, lines: &before },
        );
        let sum = |lines: &[Line]| lines.iter().map(|line| line.amount).sum::<Money>();
        prop_assert_eq!(told.change, sum(&now) - sum(&before));
        prop_assert_eq!(told.effects.iter().map(|effect| effect.amount).sum::<Money>(), told.change);
    }

    /// Metered bills: without corrections, use has the sign of the change in use.
    #[test]
    fn use_costs_more_where_more_is_used_a_day(
        now in (0..900_i64, 1..900_i64),
        before in (0..900_i64, 1..900_i64),
    ) {
        let bill = |(peak, valley)| [
            line(Item::Energy, Some(Band::Peak), 0, peak, "0.9"),
            line(Item::Energy, Some(Band::Valley), 0, valley, "0.3"),
        ];
        let (now_lines, before_lines) = (bill(now), bill(before));
        let told = compare(
            Compared { days: 30, lines: &now_lines },
            Compared { days: 30, lines: &before_lines },
        );
        let more = (now.0 + now.1) - (before.0 + before.1);
        let of = |cause| told.effects.iter().filter(|e| e.cause == cause).map(|e| e.amount.0).sum::<i64>();
        prop_assert!(of(Cause::Days) == 0 && of(Cause::Price) == 0);
        prop_assert!(of(Cause::Use) == 0 || of(Cause::Use).abs() <= 2 || of(Cause::Use).signum() == more.signum());
    }
}
