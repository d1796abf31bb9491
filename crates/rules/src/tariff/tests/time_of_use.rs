//! Periods of the day: the texts of notices and the seasons of Shandong.

use super::*;
use crate::rulebook::Selector;
use crate::units::Ratio;
use jiff::civil::{Date, date, time};

const DAY: &str = "00:00-06:00 valley;06:00-08:00 flat;08:00-12:00 peak;12:00-14:00 tip;14:00-24:00 flat";

#[test]
fn a_text_of_periods_becomes_a_day_and_back() {
    let day = DayBands::parse(DAY).unwrap();
    assert_eq!(day.at(time(0, 0, 0, 0)), Band::Valley);
    assert_eq!(day.at(time(5, 59, 59, 0)), Band::Valley);
    assert_eq!(day.at(time(12, 15, 0, 0)), Band::Sharp);
    assert_eq!(day.at_minute(14 * 60), Band::Flat);
    assert_eq!(day.at_minute(1439), Band::Flat);
    assert_eq!(DayBands::parse(&day.to_text()), Ok(day));
    assert_eq!(DayBands::parse("0:00-8:30 谷;8:30-24:00 平").unwrap().at(time(8, 0, 0, 0)), Band::Valley);
}

#[test]
fn a_text_that_is_no_day_is_refused() {
    for (text, expected) in [
        ("", BadPeriods::Gap("00:00".into())),
        ("00:00-23:00 flat", BadPeriods::Gap("23:00".into())),
        ("00:00-12:00 flat;11:30-24:00 peak", BadPeriods::Overlap("11:30".into())),
        ("00:00-24:00 cheap", BadPeriods::Form("00:00-24:00 cheap".into())),
        ("00:00-24:15 flat", BadPeriods::Form("00:00-24:15 flat".into())),
        ("22:00-06:00 valley", BadPeriods::Form("22:00-06:00 valley".into())),
        ("00:00-25:00 flat", BadPeriods::Form("00:00-25:00 flat".into())),
    ] {
        assert_eq!(DayBands::parse(text), Err(expected), "{text}");
    }
}

/// The hours of a day, one letter each: S sharp, P peak, F flat, V valley, D deep.
fn letters(day: DayBands) -> String {
    let letter = |band| match band {
        Band::Sharp => 'S',
        Band::Peak => 'P',
        Band::Flat => 'F',
        Band::Valley => 'V',
        Band::Deep => 'D',
    };
    (0..24).map(|hour| letter(day.0[hour * 2])).collect()
}

fn shandong(usage: &str, meter: &str, on: Date) -> Option<String> {
    let selector = SiteProfile::default().selector().with("use", usage).with("meter", meter);
    let calendar = TouCalendar::compile(&Rulebook::embedded(), &selector).unwrap();
    calendar.on(on).map(|(day, _)| letters(*day))
}

#[test]
fn shandong_by_season() {
    for (on, hours) in [
        (date(2024, 3, 1), "FFFFFFFFFFVDDDVFFSSSPPFF"),
        (date(2024, 7, 31), "VVVVVVFFFFFFFFFFPSSSSSFF"),
        (date(2024, 11, 30), "FFFFFFFFFFVDDDVFPSSPPFFF"),
        (date(2024, 12, 1), "FFFFFFFFFFVDDDVFSSSPPFFF"),
        (date(2025, 1, 15), "FFVVVVFPPFVDDDVFSSSPPFFF"),
        (date(2025, 5, 1), "FFFFFFFFFFVDDDVFFSSSPPFF"),
        (date(2025, 6, 30), "FFFFFFFVVVVVFFFFPSSSSSPF"),
        (date(2025, 8, 1), "FVVVVVFFFFFFFFFFPSSSSSPF"),
        (date(2025, 9, 1), "FFFFFFFFFFVDDDVFPSSPPFFF"),
        (date(2025, 12, 31), "FFVVVVFPPFVDDDVFSSSPPFFF"),
    ] {
        assert_eq!(shandong("commercial", "switchable", on).as_deref(), Some(hours), "{on}");
    }
    let fixed = shandong("commercial", "fixed", date(2024, 7, 1));
    assert_eq!(fixed.as_deref(), Some("FFFFFFFFFFVVVVVFFPPPPPFF"), "the same all year");
    let charger = shandong("charger", "switchable", date(2025, 7, 1));
    assert_eq!(
        charger.as_deref(),
        Some("VVVVVVVFFFFFFFFFPSSSSSPV"),
        "the peak runs to 23, the valley from there"
    );
}

#[test]
fn a_date_without_a_table_is_an_error() {
    for (usage, meter, on) in [
        ("commercial", "switchable", date(2023, 12, 31)),
        ("commercial", "switchable", date(2026, 1, 1)),
        ("commercial", "fixed", date(2025, 1, 1)),
        ("charger", "switchable", date(2024, 6, 1)),
    ] {
        assert_eq!(shandong(usage, meter, on), None, "{usage} {meter} {on}");
    }
}

#[test]
fn seasons_nest_and_cover_the_year() {
    for (params, fault) in [
        ("seasons = [{ months = [1], valley = [], peak = [] }]", "month 2 stands in 0 seasons"),
        (
            "seasons = [{ months = [1,2,3,4,5,6,7,8,9,10,11,12], valley = [\"0-6\"], deep = [\"6-7\"], peak = [] }]",
            "deep",
        ),
        (
            "seasons = [{ months = [1,2,3,4,5,6,7,8,9,10,11,12], valley = [\"0-6\"], peak = [\"5-9\"] }]",
            "peak",
        ),
    ] {
        let read: TouPeriods = toml::from_str(params).unwrap();
        assert!(read.months().unwrap_err().contains(fault), "{params}");
    }
}

#[test]
fn what_floats_in_shandong() {
    let book = Rulebook::embedded();
    let here = SiteProfile::default().selector();
    let float = |on| book.pick::<TouFloat>("tou_float", &here, on).map(|p| p.params);
    let rule = float(date(2025, 6, 1)).unwrap();
    let factors = Band::ALL.iter().map(|b| rule.factor(*b).to_string()).collect::<Vec<_>>();
    assert_eq!(factors, ["2", "1.7", "1", "0.3", "0.1"]);
    assert!(rule.fixed.contains(&"输配电价".to_owned()) && !rule.floats.contains(&"输配电价".to_owned()));
    assert!(float(date(2026, 1, 1)).is_err());
    assert!(book.pick::<NetworkTariff>("network_tariff", &Selector::default(), date(2025, 1, 1)).is_err());
}

#[test]
fn w_37_floats_to_six_decimals_before_the_fixed_parts() {
    let price = |text: &str| text.parse::<crate::units::Price>().unwrap();
    let (agency, flat) = (price("0.389702"), price("0.79696575"));
    for (factor, expect) in [("1.71", "1.07365375"), ("1", "0.79696575"), ("0.36", "0.54755675")] {
        let factor: Ratio = factor.parse().unwrap();
        assert_eq!(floated(agency, flat - agency, factor, 6), price(expect));
    }
    let Some(text) = shared("cases/worked_examples.toml") else { return };
    let cases: toml::Table = text.parse().unwrap();
    let case =
        cases["tou_price"].as_array().unwrap().iter().find(|c| c["id"].as_str() == Some("W-37")).unwrap();
    let (agency, flat) = (price(case["agency"].as_str().unwrap()), price(case["flat"].as_str().unwrap()));
    for (band, expect) in case["expect"].as_table().unwrap() {
        let factor: Ratio = case["ratio"][band].as_str().unwrap().parse().unwrap();
        assert_eq!(floated(agency, flat - agency, factor, 6), price(expect.as_str().unwrap()), "{band}");
    }
}
