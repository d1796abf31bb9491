use super::*;
use crate::derivation::{Recorder, Silent};
use crate::tariff::Usage;

const NONE: [&str; 5] = ["", "", "", "", ""];

fn totals(pairs: &[(&str, &str, i64, PointRelation, i64)]) -> Vec<MeterSpan> {
    let line = |(from, to, multiplier, role, point): &(&str, &str, i64, PointRelation, i64)| MeterSpan {
        relation: *role,
        point: *point,
        ..span(set(day(1), from, NONE), set(day(31), to, NONE), *multiplier)
    };
    pairs.iter().map(line).collect()
}

#[test]
fn multiplier_of_transformers() {
    assert_eq!(multiplier((150, 5), (10_000, 100)), Some(Ratio(3_000_000_000)), "W-06: 3,000");
    assert_eq!(multiplier((1, 1), (1, 1)), Some(Ratio::ONE), "direct");
    assert_eq!(multiplier((75, 10), (1, 1)), Some(Ratio(7_500_000)), "not whole");
    assert_eq!(multiplier((150, 0), (1, 1)), None);
}

#[test]
fn the_worked_example_of_registers() {
    let from = RegisterSet {
        reactive_forward: units("3459.8"),
        ..set(day(1), "5953.8", ["", "4639.2", "", "4565.9", ""])
    };
    let to = RegisterSet {
        reactive_forward: units("3496.5"),
        max_demand: Demand::kw(1),
        ..set(day(31), "6124.4", ["", "4675.1", "", "4592.7", ""])
    };
    let mut told = Recorder::default();
    let metered = account_usage(&[span(from, to, 3000)], &rules().reading, &mut told).unwrap();
    let flat = Energy::kwh(511_800 - 107_700 - 80_400);
    let bands = [Energy::ZERO, Energy::kwh(107_700), flat, Energy::kwh(80_400), Energy::ZERO];
    let reactive = Energy::kwh(110_100);
    assert_eq!(
        metered.usage,
        Usage { active: Energy::kwh(511_800), bands, reactive, demand: Demand::kw(3000) }
    );
    assert_eq!(
        told.steps[0].text.en,
        "2026-08-01 to 2026-08-31, main: (6124.4 - 5953.8) × 3000 = 511800 kWh"
    );
}

#[test]
fn energy_of_spans() {
    use PointRelation::{Main, Sub};
    for (what, spans, kwh) in [
        ("plain", totals(&[("100", "350", 1, Main, 1)]), 250),
        ("rollover adds 10^6", totals(&[("999990", "15", 1, Main, 1)]), 25),
        (
            "meter change: old closing, new opening",
            totals(&[("900", "950", 1, Main, 1), ("3", "43", 1, Main, 1)]),
            90,
        ),
        ("multiplier change", totals(&[("10", "12", 40, Main, 1), ("12", "15", 80, Main, 1)]), 320),
        ("two mains", totals(&[("0", "10", 30, Main, 1), ("0", "5", 20, Main, 2)]), 400),
        ("main minus sub", totals(&[("0", "10", 30, Main, 1), ("0", "120", 1, Sub, 2)]), 180),
        ("sub above main is told as it is", totals(&[("0", "1", 30, Main, 1), ("0", "120", 1, Sub, 2)]), -90),
        ("rounded to whole kWh", totals(&[("0.3", "10.9", 1, Main, 1)]), 11),
    ] {
        let metered = account_usage(&spans, &rules().reading, &mut Silent).unwrap();
        assert_eq!(metered.usage.active, Energy::kwh(kwh), "{what}");
    }
}

#[test]
fn energy_is_refused() {
    let of = |from: RegisterSet, to: RegisterSet| {
        use crate::refusal::Refuse as _;
        span_usage(&span(from, to, 1), &rules().reading, &mut Silent).map_err(|r| r.code())
    };
    let shows = |d: i8, total: &str| set(day(d), total, NONE);
    assert_eq!(of(shows(2, "5"), shows(1, "6")).unwrap_err(), "metering.out_of_order");
    assert_eq!(of(shows(1, "5"), shows(2, "1000000")).unwrap_err(), "metering.beyond_dial");
    assert_eq!(of(shows(1, "500"), shows(2, "400")).unwrap_err(), "metering.went_back");
    assert_eq!(
        of(shows(1, "700000"), shows(2, "400")).unwrap_err(),
        "metering.went_back",
        "too far for a rollover"
    );
    let peak = |d, total, peak| set(day(d), total, ["", peak, "", "", ""]);
    assert_eq!(
        of(peak(1, "5", "9"), peak(2, "6", "8")).unwrap_err(),
        "metering.went_back",
        "a tariff register too"
    );
    let unknown = Dial { digits: 0, multiplier: Ratio::ONE };
    assert_eq!(unknown.advance(units("9"), units("1"), Ratio::ONE), Advance::Backward(units("8")));
}

#[test]
fn the_total_prevails_over_tariff_registers() {
    let kwh = |e: [i64; 5]| e.map(Energy::kwh);
    let some = |e: [i64; 5]| e.map(|k| Some(Energy::kwh(k)));
    for (total, bands, expect, gap) in [
        (100, [None; 5], [0, 0, 0, 0, 0], 0),
        (100, some([0, 30, 40, 30, 0]), [0, 30, 40, 30, 0], 0),
        (100, some([0, 30, 40, 20, 0]), [0, 33, 45, 22, 0], 10),
        (100, some([0, 33, 33, 33, 0]), [0, 33, 34, 33, 0], 1),
        (10, some([0, 0, 0, 0, 0]), [0, 0, 10, 0, 0], 10),
        (0, some([0, 5, 5, 5, 0]), [0, 0, 0, 0, 0], 15),
    ] {
        let made = reconcile(Energy::kwh(total), &bands, 10_000);
        assert_eq!(made, Reconciled { bands: kwh(expect), gap: Energy::kwh(gap) }, "{total} {bands:?}");
    }
    let mut peak_valley = some([0, 60, 0, 60, 0]);
    peak_valley[2] = None;
    let made = reconcile(Energy::kwh(100), &peak_valley, 10_000);
    assert_eq!(
        (made.bands, made.gap),
        (kwh([0, 50, 0, 50, 0]), Energy::kwh(20)),
        "no room for a flat register"
    );
    let mut rounded = some([0, 60, 0, 39, 0]);
    rounded[2] = None;
    let made = reconcile(Energy::kwh(100), &rounded, 10_000);
    assert_eq!((made.bands, made.gap), (kwh([0, 61, 0, 39, 0]), Energy::ZERO), "rounding is no flat energy");
}

#[test]
fn demand_is_the_highest_of_a_point_and_the_sum_of_points() {
    let shows = |point, relation, kw| {
        let mut span = span(set(day(1), "0", NONE), set(day(31), "9", NONE), 10);
        (span.point, span.relation, span.to.max_demand) = (point, relation, Demand::kw(kw));
        span
    };
    let spans = [
        shows(1, PointRelation::Main, 3),
        shows(1, PointRelation::Main, 5),
        shows(2, PointRelation::Main, 2),
        shows(3, PointRelation::Sub, 9),
    ];
    let metered = account_usage(&spans, &rules().reading, &mut Silent).unwrap();
    assert_eq!(metered.usage.demand, Demand::kw(70));
}

#[test]
fn a_period_is_cut_where_something_changes() {
    let plain = span(set(day(1), "0", NONE), set(day(31), "100", NONE), 1);
    let cut = |cuts: &[Date], spans: &[MeterSpan]| {
        segments((day(1), day(31)), cuts, spans, &rules().reading, &mut Silent)
            .unwrap()
            .iter()
            .map(|s| (s.from.day(), s.until.day(), s.usage.active.0 / 10_000))
            .collect::<Vec<_>>()
    };
    assert_eq!(cut(&[], &[plain]), [(1, 31, 100)]);
    assert_eq!(cut(&[day(1), day(31)], &[plain]), [(1, 31, 100)], "the edges are no cuts");
    assert_eq!(
        cut(&[day(11)], &[plain]),
        [(1, 11, 33), (11, 31, 67)],
        "10 and 20 days, remainder to the last"
    );
    let old = span(set(day(1), "0", NONE), set(day(11), "60", NONE), 1);
    let new = span(set(day(11), "5", NONE), set(day(31), "45", NONE), 1);
    assert_eq!(
        cut(&[day(11)], &[old, new]),
        [(1, 11, 60), (11, 31, 40)],
        "a reading on the boundary decides"
    );
    assert_eq!(cut(&[day(21)], &[old, new]), [(1, 21, 80), (21, 31, 20)]);
}

#[test]
fn a_provisional_reading_repeats_the_period_before() {
    let before = set(day(1), "100", ["", "40", "", "60", ""]);
    let last = set(day(11), "150", ["", "60", "", "90", ""]);
    let dial = Dial { digits: 6, multiplier: Ratio::ONE };
    let made = provisional_reading(&before, &last, dial, day(21));
    assert_eq!(made, set(day(21), "200", ["", "80", "", "120", ""]));
    let over =
        provisional_reading(&set(day(1), "999900", NONE), &set(day(11), "999960", NONE), dial, day(21));
    assert_eq!(over.total, units("20"), "it may pass the last digit");
}
