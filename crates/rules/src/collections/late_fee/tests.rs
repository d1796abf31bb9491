//! Published examples, and what must hold for every debt.

use super::*;
use crate::derivation::{Recorder, Silent};
use crate::rulebook::{Rulebook, Selector};
use proptest::prelude::*;

fn rules() -> LateFeeRules {
    LateFeeRules::load(&Rulebook::embedded(), &Selector::in_jurisdictions(&["cn"])).unwrap()
}

fn debt(class: LateFeeClass, due: &str, amount: &str) -> LateFeeDebt<'static> {
    let due_on: Date = due.parse().unwrap();
    LateFeeDebt {
        class,
        month: Month::of(due_on),
        due_on,
        principal: amount.parse().unwrap(),
        changes: &[],
        stops_on: None,
        pauses: &[],
        terms: LateFeeTerms::default(),
    }
}

fn fee(debt: &LateFeeDebt<'_>, through: &str) -> String {
    late_fee(&rules(), debt, through.parse().unwrap(), &mut Silent).unwrap().amount.to_string()
}

const SPLIT: CrossYearMode = CrossYearMode::SplitByCalendarYear;
const WHOLE: CrossYearMode = CrossYearMode::WholeDebtAtCrossYearRate;

#[test]
fn published_examples() {
    use LateFeeClass::{Household, Other};
    // example, class, mode, amount, last payment day, paid on, fee
    let cases = [
        // W-01: 10 days in the debt's year, 15 in the next; the published 31.50 is a misprint.
        ("W-01", Other, SPLIT, "900.00", "2012-12-21", "2013-01-15", "58.50"),
        ("W-02 Jan", Other, SPLIT, "3000.00", "2022-01-15", "2022-01-18", "18.00"),
        ("W-02 Dec", Other, SPLIT, "2000.00", "2021-12-15", "2022-01-18", "172.00"),
        ("W-03 Jan", Other, WHOLE, "3000.00", "2001-01-15", "2001-01-18", "18.00"),
        ("W-03 Dec", Other, WHOLE, "2000.00", "2000-12-15", "2001-01-18", "204.00"),
        ("W-04 whole", Other, WHOLE, "2000.00", "2021-12-15", "2022-01-18", "204.00"),
        ("W-05 current", Other, WHOLE, "60000.00", "2023-03-01", "2023-03-21", "2400.00"),
        ("W-05 crossing", Other, WHOLE, "90000.00", "2022-12-01", "2023-01-21", "13770.00"),
        ("W-44 1996", Household, SPLIT, "80.00", "2020-08-10", "2020-08-15", "1.00"),
        ("W-44 2024", Household, SPLIT, "80.00", "2025-08-10", "2025-08-15", "0.40"),
        ("paid in time", Household, SPLIT, "80.00", "2020-08-10", "2020-08-10", "0.00"),
        ("household over a year", Household, SPLIT, "1000.00", "2024-12-30", "2025-01-09", "10.00"),
    ];
    for (name, class, mode, amount, due, paid, expect) in cases {
        let mut debt = debt(class, due, amount);
        debt.terms.mode = Some(mode);
        assert_eq!(fee(&debt, paid), expect, "{name}");
    }
}

#[test]
fn the_december_debt_of_w02_is_explained_in_two_spans() {
    let mut told = Recorder::default();
    let w02 = debt(LateFeeClass::Other, "2021-12-15", "2000.00");
    late_fee(&rules(), &w02, date(2022, 1, 18), &mut told).unwrap();
    let spans: Vec<_> = told.steps.iter().filter(|step| step.code == "late_fee_span").collect();
    assert_eq!(
        spans.iter().map(|step| step.text.zh.as_str()).collect::<Vec<_>>(),
        [
            "2021-12-16至2021-12-31共16天: 2000.00元 × 2‰ × 16 = 64.00元",
            "2022-01-01至2022-01-18共18天: 2000.00元 × 3‰跨年 × 18 = 108.00元",
        ]
    );
    assert!(spans.iter().all(|step| step.rule.as_deref() == Some("cn.late_fee.1996")));
}

#[test]
fn each_accrual_day_takes_the_rule_of_its_day() {
    let mut told = Recorder::default();
    let spanning = debt(LateFeeClass::Other, "2024-05-29", "1000.00");
    late_fee(&rules(), &spanning, date(2024, 6, 3), &mut told).unwrap();
    let rules: Vec<_> = told.steps.iter().filter_map(|step| step.rule.as_deref()).collect();
    assert_eq!(rules, ["cn.late_fee.1996", "cn.late_fee.2024"]);
}

#[test]
fn no_rule_reaches_back_before_1996() {
    let old = debt(LateFeeClass::Other, "1995-01-01", "1000.00");
    let refused = late_fee(&rules(), &old, date(1995, 2, 1), &mut Silent);
    assert!(matches!(refused, Err(NoRule::Missing { .. })));
}

#[test]
fn payments_count_from_the_next_day_and_the_fee_survives_the_principal() {
    let paid = [
        PrincipalChange { on: date(2025, 3, 10), by: Money::yuan(-400) },
        PrincipalChange { on: date(2025, 3, 15), by: Money::yuan(-600) },
    ];
    let mut debt = debt(LateFeeClass::Other, "2025-03-05", "1000.00");
    debt.changes = &paid;
    // 5 days on 1000, 5 days on 600
    assert_eq!(fee(&debt, "2025-03-15"), "16.00");
    assert_eq!(fee(&debt, "2026-03-15"), "16.00");
}

#[test]
fn a_reversed_payment_accrues_as_if_it_had_never_been() {
    let day = date(2025, 3, 10);
    let reversed = [
        PrincipalChange { on: day, by: Money::yuan(-1000) },
        PrincipalChange { on: day, by: Money::yuan(1000) },
    ];
    let mut bounced = debt(LateFeeClass::Other, "2025-03-05", "1000.00");
    bounced.changes = &reversed;
    assert_eq!(
        fee(&bounced, "2025-03-25"),
        fee(&debt(LateFeeClass::Other, "2025-03-05", "1000.00"), "2025-03-25")
    );
}

#[test]
fn in_whole_debt_mode_only_what_is_open_at_the_turn_bears_the_higher_rate() {
    let paid = [PrincipalChange { on: date(2024, 12, 31), by: Money::yuan(-400) }];
    let mut debt = debt(LateFeeClass::Other, "2024-12-21", "1000.00");
    debt.changes = &paid;
    debt.terms.mode = Some(WHOLE);
    assert_eq!(fee(&debt, "2024-12-31"), "20.00");
    // 400 × 10 × 2‰ + 600 × 10 × 3‰ + 600 × 1 × 3‰
    assert_eq!(fee(&debt, "2025-01-01"), "27.80");
}

#[test]
fn a_contract_rate_stays_within_the_statutory_band() {
    let rates = [("0.0005", "10.00"), ("0.0015", "15.00"), ("0.01", "30.00")];
    for (agreed, expect) in rates {
        let mut debt = debt(LateFeeClass::Other, "2025-03-05", "1000.00");
        debt.terms.current_year = Some(agreed.parse().unwrap());
        assert_eq!(fee(&debt, "2025-03-15"), expect, "{agreed}");
    }
}

#[test]
fn the_charge_month_may_decide_the_year_and_accrual_may_end() {
    let mut december = debt(LateFeeClass::Other, "2025-01-10", "1000.00");
    december.month = Month::new(2024, 12).unwrap();
    assert_eq!(fee(&december, "2025-01-20"), "20.00");
    let mut bankrupt = december;
    bankrupt.stops_on = Some(date(2025, 1, 15));
    assert_eq!(fee(&bankrupt, "2025-12-31"), "10.00");
    let book = Rulebook::embedded();
    let overlay = "layer = \"site\"\n[[rule]]\nid = \"site.late_fee\"\ntopic = \"late_fee\"\nfrom = \"2024-06-01\"\n\
        confidence = \"L\"\nbasis = { title = \"t\" }\nparams = { household = \"0.001\", current_year = \"0.002\", \
        cross_year = \"0.003\", minimum = \"0\", rounding = \"half_up\", \
        cross_year_mode = \"split_by_calendar_year\", debt_year_basis = \"charge_month\" }\n";
    let site = book.overlaid([("site/late_fee.toml".to_owned(), overlay.to_owned())]).unwrap();
    let rules = LateFeeRules::load(&site, &Selector::in_jurisdictions(&["cn", "site"])).unwrap();
    let fee = late_fee(&rules, &december, date(2025, 1, 20), &mut Silent).unwrap();
    assert_eq!(fee.amount.to_string(), "30.00");
}

/// The definition, day by day.
fn by_day(debt: &LateFeeDebt<'_>, through: Date) -> Money {
    let (mut day, mut total) = (plus_days(debt.due_on, 1), 0_i128);
    while day <= through {
        let open = open_on(debt, day);
        let rate = match debt.class {
            LateFeeClass::Household => 1_000,
            LateFeeClass::Other if day.year() > debt.due_on.year() => 3_000,
            LateFeeClass::Other => 2_000,
        };
        if !debt.pauses.iter().any(|pause| pause.covers(day)) {
            total += i128::from(open.0) * rate;
        }
        day = plus_days(day, 1);
    }
    Money(crate::units::Rounding::HalfUp.divide_i128(total, 1_000_000))
}

proptest! {
    #[test]
    fn spans_agree_with_days(
        principal in 1_i64..10_000_000,
        due in 0_i64..700,
        overdue in 0_i64..900,
        payments in prop::collection::vec((0_i64..900, 1_i64..4_000_000), 0..5),
        paused in prop::collection::vec((0_i64..900, 0_i64..90), 0..3),
        household in any::<bool>(),
    ) {
        let due_on = plus_days(date(2024, 6, 1), due);
        let mut changes: Vec<_> = payments.iter()
            .map(|(after, amount)| PrincipalChange { on: plus_days(due_on, after - 20), by: Money(-amount) }).collect();
        changes.sort_by_key(|change| change.on);
        let mut pauses: Vec<_> = paused.iter().map(|(after, days)| Pause {
            from: plus_days(due_on, *after),
            // One that lasts very long has no end.
            until: (*days < 80).then(|| plus_days(due_on, after + days)),
            kind: crate::collections::hold::HoldKind::Complaint,
            rule: String::new(),
        }).collect();
        pauses.sort_by_key(|pause| pause.from);
        let debt = LateFeeDebt {
            class: if household { LateFeeClass::Household } else { LateFeeClass::Other },
            month: Month::of(due_on), due_on, principal: Money(principal), changes: &changes,
            stops_on: None, pauses: &pauses, terms: LateFeeTerms::default(),
        };
        let through = plus_days(due_on, overdue);
        let rules = rules();
        let fee = late_fee(&rules, &debt, through, &mut Silent).unwrap();
        prop_assert_eq!(fee.amount, by_day(&debt, through));
        prop_assert!(late_fee(&rules, &debt, plus_days(through, 1), &mut Silent).unwrap().amount >= fee.amount);
    }
}

/// A pause takes its days out and nothing else.
#[test]
fn days_of_a_pause_bear_no_fee() {
    use crate::collections::hold::{HoldFact, HoldKind};
    let selector = Selector::in_jurisdictions(&["cn", "sgcc"]);
    let pauses = PauseRules::load(&Rulebook::embedded(), &selector).unwrap();
    let hold = |kind, bill_no, from: &str, until: Option<&str>| HoldFact {
        hold_no: 1,
        kind,
        bill_no,
        from_on: from.parse().unwrap(),
        until_on: until.map(|until| until.parse().unwrap()),
    };
    // 1000 yuan of a shop, due 2025-08-10, 2 yuan a day from the 11th on.
    let cases = [
        ("no hold", vec![], "20.00"),
        ("a plan pauses the ladder, not the fee", vec![hold(HoldKind::Plan, 0, "2025-08-11", None)], "20.00"),
        ("three days", vec![hold(HoldKind::Complaint, 1, "2025-08-12", Some("2025-08-14"))], "14.00"),
        ("of another bill", vec![hold(HoldKind::Complaint, 2, "2025-08-12", Some("2025-08-14"))], "20.00"),
        ("still open", vec![hold(HoldKind::SuspectedReading, 0, "2025-08-13", None)], "4.00"),
        ("since before it was due", vec![hold(HoldKind::Complaint, 0, "2025-08-01", None)], "0.00"),
        (
            "two that overlap count once",
            vec![
                hold(HoldKind::Complaint, 1, "2025-08-12", Some("2025-08-14")),
                hold(HoldKind::SuspectedReading, 0, "2025-08-13", Some("2025-08-16")),
            ],
            "10.00",
        ),
        (
            "through the last day",
            vec![hold(HoldKind::Complaint, 1, "2025-08-19", Some("2025-09-01"))],
            "16.00",
        ),
        (
            "a hold that was released on its first day",
            vec![hold(HoldKind::Complaint, 1, "2025-08-12", Some("2025-08-11"))],
            "20.00",
        ),
    ];
    for (name, holds, expect) in cases {
        let pauses = pauses.of(1, &holds);
        let mut debt = debt(LateFeeClass::Other, "2025-08-10", "1000.00");
        debt.pauses = &pauses;
        assert_eq!(fee(&debt, "2025-08-20"), expect, "{name}");
    }
}

#[test]
fn a_pause_is_told_with_its_reason_and_rule() {
    use crate::collections::hold::HoldKind;
    let pauses = [Pause {
        from: "2025-08-12".parse().unwrap(),
        until: Some("2025-08-14".parse().unwrap()),
        kind: HoldKind::Complaint,
        rule: "sgcc.late_fee_pause".into(),
    }];
    let mut debt = debt(LateFeeClass::Other, "2025-08-10", "1000.00");
    debt.pauses = &pauses;
    let mut told = Recorder::default();
    late_fee(&rules(), &debt, "2025-08-20".parse().unwrap(), &mut told).unwrap();
    let lines: Vec<String> = told.steps.iter().map(|step| step.text.zh.clone()).collect();
    assert!(lines.iter().any(|line| line == "2025-08-12至2025-08-14因投诉未结暂停计收"), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("2025-08-15至2025-08-20共6天")), "{lines:?}");
}
