use super::*;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::date;
use proptest::prelude::*;

#[test]
fn last_payment_days() {
    let book = Rulebook::embedded();
    let founding =
        book.pick::<DueRule>(TOPIC, &Selector::in_jurisdictions(&["cn", "sgcc"]), date(2026, 8, 1));
    let founding = founding.unwrap().params;
    let strict = DueRule::DaysAfterNotice { days: 7, exclude_start: false, roll: false };
    let rolling = DueRule::DaysAfterNotice { days: 7, exclude_start: true, roll: true };
    let working = DueRule::WorkingDaysAfterIssue { days: 3 };
    let fifteenth = DueRule::FixedDay { day: 15, months_later: 1, roll: false };
    let month_end = DueRule::FixedDay { day: 31, months_later: 0, roll: false };
    let after = DueRule::DaysAfterIssue { days: 10, roll: false };
    // rule, charging month, released, notice sent, last payment day
    let cases = [
        ("the 8th day after the notice is arrears", founding, "2026-08", "2026-08-03", None, "2026-08-10"),
        (
            "counted from the notice, not from the release",
            founding,
            "2026-08",
            "2026-08-03",
            Some("2026-08-05"),
            "2026-08-12",
        ),
        ("counting the first day", strict, "2026-08", "2026-08-03", None, "2026-08-09"),
        ("the last day is a Sunday", rolling, "2026-08", "2026-08-02", None, "2026-08-10"),
        ("the last day is a holiday", rolling, "2026-09", "2026-09-25", None, "2026-10-08"),
        ("working days over the holiday", working, "2025-09", "2025-09-29", None, "2025-10-10"),
        ("a fixed day of the next month", fifteenth, "2026-08", "2026-08-28", None, "2026-09-15"),
        ("a fixed day that has passed", fifteenth, "2026-08", "2026-09-16", None, "2026-10-15"),
        ("a short month", month_end, "2026-02", "2026-02-20", None, "2026-02-28"),
        ("days after the release", after, "2026-08", "2026-08-28", None, "2026-09-07"),
    ];
    for (name, rule, month, issued, noticed, expect) in cases {
        let facts = DueFacts {
            month: month.parse().unwrap(),
            issued_on: issued.parse().unwrap(),
            noticed_on: noticed.map(|day| day.parse().unwrap()),
        };
        assert_eq!(due_on(&rule, &facts, book.calendar()).unwrap().to_string(), expect, "{name}");
    }
}

#[test]
fn a_year_without_calendar_is_an_error_where_working_days_count() {
    let facts =
        DueFacts { month: Month::new(2030, 1).unwrap(), issued_on: date(2030, 1, 5), noticed_on: None };
    let calendar = Rulebook::embedded().calendar().clone();
    let rule = DueRule::WorkingDaysAfterIssue { days: 3 };
    assert_eq!(due_on(&rule, &facts, &calendar), Err(YearNotCovered { year: 2030 }));
}

#[test]
fn overdue_begins_on_the_day_after() {
    let due = date(2026, 8, 10);
    assert_eq!([date(2026, 8, 9), due, date(2026, 8, 11)].map(|day| days_overdue(due, day)), [0, 0, 1]);
}

proptest! {
    #[test]
    fn instalments_sum_to_the_total(total in 0_i64..100_000_000, shares in prop::collection::vec(0_i64..400_000, 1..5)) {
        let terms: Vec<_> = shares.iter().map(|s| InstalmentTerm { day: 10, months_later: 0, share: Ratio(*s) }).collect();
        let parts = instalments(&terms, Month::new(2026, 8).unwrap(), Money(total));
        prop_assert_eq!(parts.iter().map(|p| p.amount).sum::<Money>(), Money(total));
    }
}
