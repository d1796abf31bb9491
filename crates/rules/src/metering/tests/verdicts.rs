use super::*;
use crate::calendar::Month;
use crate::derivation::{Recorder, Silent};
use crate::units::Capacity;

fn month() -> Month {
    Month::new(2026, 8).unwrap()
}

/// `[("2026-07", kWh, estimated?)]` as a history of 31-day months.
pub(super) fn history(entries: &[(&str, i64, bool)]) -> History {
    let mut history = History::empty(month());
    for (m, kwh, estimated) in entries {
        let mark = if *estimated { Mark::ESTIMATED } else { Mark::REAL };
        history.set(m.parse().unwrap(), Entry::new(Energy::kwh(*kwh), 31, mark));
    }
    history
}

fn facts(kwh: i64) -> ReadingFacts {
    ReadingFacts {
        account: 7,
        class: CheckClass::LowVoltage,
        month: month(),
        on: date(2026, 9, 1),
        days: 31,
        installed_on: date(2020, 1, 1),
        source: Source::Remote,
        energy: Energy::kwh(kwh),
        band_gap: Energy::ZERO,
        rolled_over: false,
        went_back: false,
        multiplier: Ratio::ONE,
        last_multiplier: Ratio::ONE,
        capacity: Capacity::ZERO,
    }
}

fn codes(facts: &ReadingFacts, history: &History) -> String {
    judge(facts, history, &rules(), &mut Silent).codes()
}

#[test]
fn verdicts_of_the_meter() {
    let none = history(&[]);
    let base = facts(100);
    for (what, facts, expect) in [
        ("good", base, ""),
        (
            "before installation",
            ReadingFacts { installed_on: date(2026, 9, 2), ..base },
            "before_installation",
        ),
        ("on the day of installation", ReadingFacts { installed_on: date(2026, 9, 1), ..base }, ""),
        ("went back", ReadingFacts { went_back: true, ..facts(0) }, "went_back"),
        ("rolled over", ReadingFacts { rolled_over: true, ..base }, "rolled_over"),
        ("negative", facts(-1), "negative"),
        (
            "multiplier changed",
            ReadingFacts { last_multiplier: Ratio::percent(4000), ..base },
            "multiplier_changed",
        ),
        ("bands 1 kWh off", ReadingFacts { band_gap: Energy::kwh(1), ..base }, ""),
        ("bands 2 kWh off", ReadingFacts { band_gap: Energy::kwh(2), ..base }, "band_sum"),
        (
            "2 kWh off behind a multiplier of 30",
            {
                let by30 = Ratio(30_000_000);
                ReadingFacts { band_gap: Energy::kwh(2), multiplier: by30, last_multiplier: by30, ..base }
            },
            "",
        ),
        ("all that 1 kVA carries in 31 days", ReadingFacts { capacity: Capacity::kva(1), ..facts(744) }, ""),
        ("more than that", ReadingFacts { capacity: Capacity::kva(1), ..facts(745) }, "over_capacity"),
    ] {
        assert_eq!(codes(&facts, &none), expect, "{what}");
    }
}

#[test]
fn verdicts_of_spike_and_drop() {
    let steady = history(&[("2026-07", 10_000, false), ("2025-08", 10_000, false)]);
    let summer = history(&[("2026-07", 10_000, false), ("2025-08", 40_000, false)]);
    let fresh = history(&[]);
    let home = |kwh| ReadingFacts { class: CheckClass::Residential, ..facts(kwh) };
    let small = history(&[("2026-07", 100, false)]);
    for (what, facts, history, expect) in [
        ("twice is not beyond", facts(20_000), steady, ""),
        ("beyond twice", facts(20_001), steady, "spike"),
        ("last year's summer explains it", facts(40_000), summer, ""),
        ("no history, no spike", facts(90_000), fresh, ""),
        ("a fifth is left", facts(2_000), steady, ""),
        ("less than a fifth", facts(1_999), steady, "drop"),
        ("a home triples within 500 kWh", home(600), small, ""),
        ("a home beyond 500 kWh", home(601), small, "spike"),
        ("half the days, half the quantity", ReadingFacts { days: 10, ..facts(3_200) }, steady, ""),
    ] {
        assert_eq!(codes(&facts, &history), expect, "{what}");
    }
    let mut told = Recorder::default();
    let _ = judge(&facts(20_001), &steady, &rules(), &mut told);
    assert_eq!(told.steps[0].text.en, "spike: 20001 kWh; last period 10000, same month last year 10000");
}

#[test]
fn verdicts_of_runs() {
    let zero = |n: usize| history(&[("2026-07", 0, false), ("2026-06", 0, false)][..n]);
    let estimates = |n: usize| history(&[("2026-07", 30, true), ("2026-06", 30, true)][..n]);
    let equal = |n: usize| history(&[("2026-07", 100, false), ("2026-06", 100, false)][..n]);
    let high = ReadingFacts { class: CheckClass::HighVoltage, ..facts(0) };
    let provisional = ReadingFacts { source: Source::Provisional, ..facts(30) };
    for (what, facts, history, expect) in [
        ("first zero", high, zero(0), "zero"),
        ("second zero", high, zero(1), "zero"),
        ("third zero at 10 kV: always checked", high, zero(2), "zero,site_check"),
        ("first estimate", provisional, estimates(0), ""),
        ("second estimate", provisional, estimates(1), "repeated_estimate"),
        ("a real reading after estimates", facts(30), estimates(2), ""),
        ("twice the same", facts(100), equal(1), ""),
        ("three times the same", facts(100), equal(2), "repeated_quantity"),
        ("nearly the same", facts(101), equal(2), ""),
    ] {
        assert_eq!(codes(&facts, &history), expect, "{what}");
    }
    assert_eq!(judge_missing(month(), &estimates(0), &rules()).codes(), "missed");
    assert_eq!(judge_missing(month(), &estimates(1), &rules()).codes(), "missed,repeated_estimate");
}

#[test]
fn what_an_exception_holds() {
    let check = rules().check;
    let hold = |codes: &str| check.hold(ExceptionSet::from_codes(codes));
    assert_eq!(hold(""), Hold::Nothing);
    assert_eq!(hold("zero,site_check"), Hold::Nothing);
    assert_eq!(hold("zero,spike"), Hold::Release);
    assert_eq!(hold("spike,missed"), Hold::Billing);
    assert_eq!(check.hold.len(), Exception::ALL.len(), "the book says of each exception what it holds");
}

#[test]
fn site_checks_take_their_share_and_always_the_same() {
    let site = rules().site;
    for (class, share) in
        [(CheckClass::HighVoltage, 100), (CheckClass::LowVoltage, 80), (CheckClass::Residential, 20)]
    {
        let chosen = |m| (1..=20_000).filter(|a| is_selected(*a, m, class, &site)).collect::<Vec<_>>();
        let first = chosen(month());
        assert!((first.len() as i64 - 200 * share).abs() < 200, "{class:?}: {} of 20,000", first.len());
        assert_eq!(first, chosen(month()));
        assert!(share == 100 || first != chosen(month().plus(1)), "another month, other accounts");
    }
}

#[test]
fn signs_of_a_route_written_at_a_desk() {
    let route = |seconds: i64, advance: fn(i64) -> i64, shown: fn(i64) -> i64, source| {
        let at = |n: i64| RouteReading {
            source,
            taken_at: Some(30_000 + n * seconds),
            shown: Energy::kwh(shown(n)),
            advance: Energy::kwh(advance(n)),
        };
        let readings: Vec<_> = (0..30).map(at).collect();
        route_exceptions(&readings, &rules().route, &mut Silent).codes()
    };
    let odd = |n| 101 + n * 13 % 97;
    let uneven = |n| 50 + n;
    assert_eq!(route(40, uneven, odd, Source::Field), "");
    assert_eq!(route(4, uneven, odd, Source::Field), "too_fast");
    assert_eq!(route(40, |_| 77, odd, Source::Field), "same_increment");
    assert_eq!(route(40, |_| 0, odd, Source::Field), "", "empty houses stand still");
    assert_eq!(route(40, uneven, |n| 100 + n * 10, Source::Field), "round_numbers");
    assert_eq!(route(0, |_| 77, |n| 100 + n * 10, Source::Remote), "", "a machine may be fast");
}

#[test]
fn history_looks_back_only() {
    let history = history(&[
        ("2026-08", 5, false),
        ("2026-06", 3, false),
        ("2025-08", 1, false),
        ("2025-07", 9, false),
    ]);
    let kwh = |entry: Option<Entry>| entry.map(|e| e.kwh);
    assert_eq!(
        kwh(history.before(month())),
        Some(3),
        "the month itself is not before itself; July was not billed"
    );
    assert_eq!(kwh(history.year_ago(month())), Some(1));
    assert_eq!(kwh(history.at(month())), Some(5));
    assert_eq!(kwh(history.at(month().plus(-13))), None, "thirteen months are kept");
    assert_eq!(History::from_bytes(&[0; History::BYTES]), None);
    assert_eq!(History::from_bytes(&[0; 3]), None);
}
