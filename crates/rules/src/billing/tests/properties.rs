//! What holds for every bill.

use super::*;
use proptest::prelude::*;

fn aggregated(lines: &[Line]) -> Vec<Line> {
    difference(lines, &[])
}

fn any_line() -> impl Strategy<Value = Line> {
    (0..3_u8, 0..4_u8, 1..4_i64, -50..50_i64, -900..900_i64).prop_map(
        |(item, tier, price, quantity, amount)| {
            let item = Item::ALL[usize::from(item)];
            Line {
                tier,
                ..Line::new(item, Unit::Kwh, quantity, Price(price), Money(amount), RuleRef::default())
            }
        },
    )
}

proptest! {
    #[test]
    fn difference_and_existing_make_the_target(
        target in proptest::collection::vec(any_line(), 0..12),
        existing in proptest::collection::vec(any_line(), 0..12),
    ) {
        let emitted = difference(&target, &existing);
        let both: Vec<_> = existing.iter().chain(&emitted).copied().collect();
        prop_assert!(difference(&target, &both).is_empty(), "asking again gives nothing");
        let total = |lines: &[Line]| lines.iter().map(|l| l.amount).sum::<Money>();
        prop_assert_eq!(total(&emitted) + total(&existing), total(&target));
        prop_assert!(difference(&target, &aggregated(&target)).is_empty());
    }

    #[test]
    fn tiers_do_not_depend_on_how_the_period_is_cut(
        before in 0..6_000_i64, one in 0..3_000_i64, two in 0..3_000_i64,
    ) {
        let PricePlan::Tiers(plan) = home(date(2025, 6, 1), &SupplyTerms::household()).plan else { panic!("tiers") };
        let state = year(0);
        let split = |used: i64, energy: i64| plan.split(&state, Energy::kwh(used), Energy::kwh(energy));
        let (whole, first, second) = (split(before, one + two), split(before, one), split(before + one, two));
        for tier in 0..3 {
            prop_assert_eq!(whole[tier], first[tier] + second[tier]);
        }
    }

    #[test]
    fn order_of_segments_matters_only_by_rounding(
        parts in proptest::collection::vec((0..20_000_i64, 0..9_000_i64), 2..4),
    ) {
        let bench = Bench::on(date(2025, 7, 1));
        let terms = commercial(Scheme::Capacity, PfStandard::P90);
        let prices = SegmentPrices { capacity: price("24"), system: price("0.0546"), ..flat("0.6131") };
        let to = crate::calendar::plus_days(date(2025, 6, 1), 10 * parts.len() as i64);
        let bill = |parts: &[(i64, i64)]| {
            let segments: Vec<_> = parts
                .iter()
                .map(|(p, q)| Usage { reactive: Energy::kwh(*q), ..kwh(*p) })
                .map(|usage| Segment { days: 10, usage, terms: &terms, prices: &prices })
                .collect();
            bench.price(date(2025, 6, 1), to, &segments, None).unwrap().total
        };
        let reversed: Vec<_> = parts.iter().rev().copied().collect();
        prop_assert!((bill(&parts) - bill(&reversed)).0.abs() <= parts.len() as i64);
    }

    #[test]
    fn every_bill_is_the_sum_of_its_lines(
        bands in proptest::array::uniform5(0..50_000_i64), reactive in 0..90_000_i64, demand in 0..900_i64,
        scheme in 0..4_usize, standard in 0..4_usize,
    ) {
        let terms = SupplyTerms {
            contract_demand: Demand::kw(300),
            ..commercial(Scheme::ALL[scheme], PfStandard::ALL[standard])
        };
        let prices = SegmentPrices {
            plan: PricePlan::Bands(super::bands(["1.2", "1.0", "0.7", "0.3", "0.2"])),
            system: price("0.0546"),
            surcharges: vec![Surcharge { price: price("0.02716875"), rule: RuleRef::default() }],
            capacity: price("24"),
            demand: price("38.4"),
            ..flat("0")
        };
        let usage = Usage { demand: Demand::kw(demand), ..by_band(bands, reactive) };
        let segment = Segment { days: 30, usage, terms: &terms, prices: &prices };
        // `price` asserts the sum.
        Bench::on(date(2025, 7, 1)).price(date(2025, 6, 1), date(2025, 7, 1), &[segment], None).unwrap();
    }
}
