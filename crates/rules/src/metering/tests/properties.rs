use super::*;
use crate::calendar::Month;
use crate::derivation::Silent;
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_split_conserves_energy(total in 0_i64..10_i64.pow(13), days in prop::collection::vec(0_i64..40, 1..6), whole in any::<bool>()) {
        let step = if whole { 10_000 } else { 1 };
        let shares = split_by_days(Energy(total), &days, step);
        prop_assert_eq!(shares.iter().copied().sum::<Energy>(), Energy(total));
        prop_assert!(shares.iter().all(|share| *share >= Energy::ZERO));
    }

    #[test]
    fn bands_always_make_the_total(total in 0_i64..10_000_000, bands in prop::array::uniform5(prop::option::of(0_i64..3_000_000))) {
        let given = bands.map(|b| b.map(Energy::kwh));
        let made = reconcile(Energy::kwh(total), &given, 10_000);
        let sum: Energy = made.bands.iter().copied().sum();
        prop_assert!(bands.iter().all(Option::is_none) || sum == Energy::kwh(total));
        prop_assert!(made.bands.iter().all(|band| *band >= Energy::ZERO));
    }

    #[test]
    fn a_rollover_measures_what_went_through(last in 0_i64..10_000_000_000, used in 0_i64..2_000_000_000) {
        let dial = Dial { digits: 6, multiplier: Ratio::ONE };
        let this = (last + used) % 10_000_000_000;
        let moved = match dial.advance(Energy(last), Energy(this), Ratio(200_000)) {
            Advance::Forward(e) | Advance::Rollover(e) => e,
            Advance::Backward(_) => Energy(-1),
        };
        prop_assert_eq!(moved, Energy(used));
    }

    #[test]
    fn segments_add_up_to_the_account(
        readings in prop::collection::vec((0_i64..5000, 0_i64..5000, 1_i8..28), 1..4),
        cuts in prop::collection::vec(1_i8..32, 0..4),
        banded in any::<bool>(),
    ) {
        let spans: Vec<MeterSpan> = readings
            .iter()
            .enumerate()
            .map(|(n, (from, used, start))| {
                let shows = |on, total: i64| RegisterSet {
                    bands: if banded { [None, Some(Energy(total * 3000)), None, Some(Energy(total * 4000)), None] } else { [None; 5] },
                    reactive_forward: Energy(total * 7000),
                    ..RegisterSet::total_only(on, Energy(total * 10_000))
                };
                let mut span = span(shows(day(*start), *from), shows(day(28), from + used), 7);
                span.point = n as i64;
                span.relation = if n == 2 { PointRelation::Sub } else { PointRelation::Main };
                span
            })
            .collect();
        let cuts: Vec<Date> = cuts.into_iter().map(day).collect();
        let whole = account_usage(&spans, &exact(), &mut Silent).unwrap().usage;
        let parts = segments((day(1), day(31)), &cuts, &spans, &exact(), &mut Silent).unwrap();
        prop_assert_eq!(parts.iter().map(|s| s.usage.active).sum::<Energy>(), whole.active);
        prop_assert_eq!(parts.iter().map(|s| s.usage.reactive).sum::<Energy>(), whole.reactive);
        for band in 0..5 {
            prop_assert_eq!(parts.iter().map(|s| s.usage.bands[band]).sum::<Energy>(), whole.bands[band]);
        }
        for part in &parts {
            let bands: Energy = part.usage.bands.iter().copied().sum();
            prop_assert!(bands == part.usage.active || bands.is_zero());
        }
    }

    #[test]
    fn a_history_survives_packing(sets in prop::collection::vec((0_i32..40, -5_i64..100_000, 0_i64..70, any::<bool>()), 0..30)) {
        let start = Month::new(2025, 1).unwrap();
        let mut history = History::empty(start);
        for (n, kwh, days, estimated) in &sets {
            let mark = if *estimated { Mark::ESTIMATED } else { Mark::REAL };
            history.set(start.plus(*n), Entry::new(Energy::kwh(*kwh), *days, mark));
        }
        prop_assert_eq!(History::from_bytes(&history.to_bytes()), Some(history));
        let again = { let mut h = history; for (n, kwh, days, e) in sets.iter().rev().take(1) {
            h.set(start.plus(*n), Entry::new(Energy::kwh(*kwh), *days, if *e { Mark::ESTIMATED } else { Mark::REAL }));
        } h };
        prop_assert_eq!(again, history, "setting the same entry again changes nothing");
    }
}
