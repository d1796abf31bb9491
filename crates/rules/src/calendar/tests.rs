//! The published vectors of `facts.md` §6 and the missing year.

use super::*;
use jiff::civil::date;

fn book() -> WorkCalendar {
    WorkCalendar::parse(include_str!("../../../../rulebook/cn/calendar.toml")).unwrap()
}

#[test]
fn working_days_after_vectors() {
    let cases = [
        ("2025-01-24", 3, "2025-02-05"),
        ("2025-09-29", 3, "2025-10-10"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-09-18", 3, "2026-09-22"),
        ("2024-09-30", 3, "2024-10-10"),
        ("2023-04-21", 3, "2023-04-25"),
        ("2025-12-31", 3, "2026-01-06"),
        ("2024-04-30", 5, "2024-05-10"),
    ];
    for (start, n, expected) in cases {
        let start: Date = start.parse().unwrap();
        assert_eq!(book().working_days_after(start, n).unwrap().to_string(), expected, "{start} + {n}");
    }
}

#[test]
fn working_days_of_each_year() {
    for (year, expected) in [(2023, 249), (2024, 251), (2025, 248), (2026, 248)] {
        let first = date(year, 1, 1);
        let days = days_between(first, date(year + 1, 1, 1));
        let working = (0..days).filter(|n| book().is_working_day(plus_days(first, *n)).unwrap()).count();
        assert_eq!(working, expected, "{year}");
    }
}

#[test]
fn a_missing_year_is_an_error() {
    assert_eq!(book().is_working_day(date(2027, 3, 1)), Err(YearNotCovered { year: 2027 }));
    assert_eq!(book().working_days_after(date(2026, 12, 31), 1), Err(YearNotCovered { year: 2027 }));
    assert!(book().working_days_after(date(2022, 12, 30), 1).is_err());
}

#[test]
fn months_count_and_clip() {
    let month: Month = "2024-02".parse().unwrap();
    assert_eq!(month.days(), 29);
    assert_eq!(month.day_or_last(31).to_string(), "2024-02-29");
    assert_eq!(month.plus(-2).to_string(), "2023-12");
    assert_eq!(Month::from_yyyymm(202_402), Some(month));
    for bad in ["2024-13", "24-02", "2024-2", "2999", "0000-01", ""] {
        assert!(bad.parse::<Month>().is_err(), "{bad}");
    }
}
