use super::*;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::date;

#[test]
fn buckets_of_the_book() {
    let book = Rulebook::embedded();
    let on = date(2026, 8, 20);
    let ageing = book.pick::<Ageing>(TOPIC, &Selector::in_jurisdictions(&["cn", "sgcc"]), on).unwrap().params;
    let cases = [
        ("2026-09", "current_month"),
        ("2026-08", "current_month"),
        ("2026-07", "this_year"),
        ("2026-01", "this_year"),
        ("2025-12", "last_year"),
        ("2024-12", "two_years"),
        ("2023-01", "three_years"),
        ("2022-12", "older"),
    ];
    for (month, expect) in cases {
        let bucket = &ageing.buckets[ageing.position(month.parse().unwrap(), on)];
        assert_eq!(bucket.code, expect, "{month}");
    }
}
