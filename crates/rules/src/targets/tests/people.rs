//! Scores and bonuses: what they come to, what they refuse, and what no rule may name.

use super::super::*;
use crate::derivation::{Bilingual, Recorder, Silent};
use crate::refusal::Refuse as _;
use crate::registry::Category;
use crate::rulebook::{Rulebook, Selector};
use crate::units::Ratio;
use jiff::civil::date;

fn record(of: &[(WorkMeasure, i64)]) -> WorkRecord {
    WorkRecord(of.iter().copied().collect())
}

fn part(of: &str, by: Option<&str>, weight: i64, points: &[(i64, i64)]) -> Part {
    Part {
        code: of.to_owned(),
        name: Bilingual::new("项", "part"),
        of: of.to_owned(),
        by: by.map(str::to_owned),
        weight,
        points: points.to_vec(),
    }
}

fn rule(parts: Vec<Part>, extras: Vec<Part>) -> AppraisalRule {
    AppraisalRule { parts, extras, highest: 12_000, dispute_days: 10, decide_within: 1_000 }
}

#[test]
fn a_score_weighs_its_parts_and_leaves_out_what_is_not_there() {
    let recovery = part("received_fen", Some("expected_fen"), 3, &[(0, 0), (1_000_000, 10_000)]);
    let errors = part("corrected_readings", Some("readings"), 1, &[(0, 10_000), (100_000, 0)]);
    let praise = part("praise", None, 0, &[(0, 0), (3, 300)]);
    let rule = rule(vec![recovery, errors], vec![praise]);
    let of = |record: &WorkRecord| score(record, (&rule, "r"), &mut Silent).map(|score| score.0);
    let collector = [(WorkMeasure::Received, 90), (WorkMeasure::Expected, 100)];
    assert_eq!(of(&record(&collector)), Ok(9_000));
    let both =
        [&collector[..], &[(WorkMeasure::Readings, 200), (WorkMeasure::CorrectedReadings, 10)]].concat();
    assert_eq!(of(&record(&both)), Ok(8_000), "(3 × 90 + 1 × 50) / 4");
    let praised = [&collector[..], &[(WorkMeasure::Praise, 2)]].concat();
    assert_eq!(of(&record(&praised)), Ok(9_200));
    assert_eq!(of(&record(&[])).unwrap_err().code(), "formula.nothing");
    let mut told = Recorder::default();
    score(&record(&praised), (&rule, "r"), &mut told).expect("a score");
    let codes: Vec<&str> = told.steps.iter().map(|step| step.code.as_str()).collect();
    let expect =
        ["appraisal_part", "appraisal_left_out", "appraisal_weighed", "appraisal_extra", "appraisal_score"];
    assert_eq!(codes, expect);
    assert!(told.steps[0].text.zh.contains("0.90÷预期回收1.00=0.90"), "{}", told.steps[0].text.zh);
}

#[test]
fn a_bonus_is_capped_pooled_and_never_divides_by_zero() {
    let rule = BonusRule {
        parts: vec![part(
            "received_fen",
            Some("target_fen"),
            0,
            &[(900_000, 0), (1_000_000, 500), (1_100_000, 800)],
        )],
        cap: Money(700),
        pool: Money(1_000),
    };
    let of = |received, target| {
        let record = record(&[(WorkMeasure::Received, received), (WorkMeasure::Target, target)]);
        bonus(&record, (&rule, "b"), &mut Silent).map(|amount| amount.0)
    };
    for (received, gives) in [(89, 0), (90, 0), (95, 250), (100, 500), (105, 650), (110, 700), (200, 700)] {
        assert_eq!(of(received, 100), Ok(gives), "{received} of 100");
    }
    let refused = of(5, 0).unwrap_err();
    assert_eq!(refused.code(), "formula.divides_by_zero");
    assert!(refused.text().en.contains("divides by target"), "{}", refused.text().en);
    assert_eq!(pooled(&[Money(500), Money(500)], rule.pool), [Money(500), Money(500)]);
    assert_eq!(
        pooled(&[Money(700), Money(700), Money(600)], rule.pool),
        [Money(350), Money(350), Money(300)]
    );
}

/// A book with one more rule of the house.
fn errors_of(topic: &str, params: &str) -> Vec<String> {
    let text = format!(
        "layer = \"site\"\n[[rule]]\nid = \"site.x\"\ntopic = \"{topic}\"\nfrom = \"2026-01-01\"\nconfidence = \"L\"\n\
         basis = {{ title = \"本单位\" }}\n[rule.params]\n{params}\n"
    );
    match Rulebook::embedded().overlaid(vec![("site/x.toml".to_owned(), text)]) {
        Ok(book) => book.check_all().iter().map(ToString::to_string).collect(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn no_rule_rewards_cutting_power_or_divides_by_zero() {
    let bonus = |of: &str, name: &str, points: &str| {
        let part = format!(
            "parts = [{{ code = \"p\", name = {{ zh = \"{name}\", en = \"part\" }}, of = \"{of}\", points = {points} }}]"
        );
        errors_of("bonus", &format!("cap = \"1.00\"\npool = \"1.00\"\n{part}"))
    };
    assert_eq!(bonus("praise", "表扬", "[[0, 0], [1, 1]]"), Vec::<String>::new());
    for (of, name, points, says) in [
        ("cuts", "停", "[[0, 0], [1, 1]]", "not rewarded for cutting power"),
        ("cut_orders_done", "项", "[[0, 0], [1, 1]]", "not rewarded for cutting power"),
        ("warrants", "项", "[[0, 0], [1, 1]]", "not rewarded for cutting power"),
        ("praise", "停电户数", "[[0, 0], [1, 1]]", "not rewarded for cutting power"),
        ("gifts", "项", "[[0, 0], [1, 1]]", "no measure"),
        ("praise", "项", "[]", "no points"),
        ("praise", "项", "[[1, 0], [1, 1]]", "divide by zero"),
        ("praise", "项", "[[2, 0], [1, 1]]", "left to right"),
    ] {
        let errors = bonus(of, name, points);
        assert!(errors.iter().any(|error| error.contains(says)), "{of} {name} {points}: {errors:?}");
    }
    let weightless = "highest = 1\ndispute_days = 1\ndecide_within = 0\nparts = [{ code = \"p\", \
        name = { zh = \"项\", en = \"part\" }, of = \"praise\", points = [[0, 0]] }]";
    assert!(errors_of("appraisal", weightless).iter().any(|error| error.contains("weight")));
    assert!(!WorkMeasure::ALL.iter().any(|measure| WorkMeasure::names_a_cut(measure.word())));
    assert!(!WorkMeasure::ALL.iter().any(|measure| WorkMeasure::names_a_cut(measure.zh())));
}

#[test]
fn the_rules_of_the_book_score_an_ordinary_month() {
    let site = Selector::in_jurisdictions(&["cn", "sgcc"]);
    let book = Rulebook::embedded();
    let picked = book.pick::<AppraisalRule>(APPRAISAL_TOPIC, &site, date(2026, 8, 31)).expect("a rule");
    let ordinary = record(&[
        (WorkMeasure::Received, 100),
        (WorkMeasure::Expected, 100),
        (WorkMeasure::Readings, 300),
        (WorkMeasure::EstimatedReadings, 3),
        (WorkMeasure::CorrectedReadings, 1),
        (WorkMeasure::Notices, 300),
        (WorkMeasure::NoticesOnTime, 294),
    ]);
    let got = score(&ordinary, (&picked.params, &picked.rule.id), &mut Silent).expect("a score");
    assert!((8_500..=9_800).contains(&got.0), "{got}");
    let bonus_rule = book.pick::<BonusRule>(BONUS_TOPIC, &site, date(2026, 8, 31)).expect("a rule");
    let good =
        record(&[(WorkMeasure::Received, 105), (WorkMeasure::Expected, 100), (WorkMeasure::Target, 100)]);
    let paid = bonus(&good, (&bonus_rule.params, "b"), &mut Silent).expect("a bonus");
    assert_eq!(paid, Money(65_000 + 40_000));
}

#[test]
fn a_segment_that_is_too_small_borrows_the_rate_of_a_wider_one() {
    let rule = SegmentRule {
        old_days: 30,
        very_old_days: 365,
        look_back_months: 12,
        often_late: 3,
        least_bills: 10,
        base_months: 6,
    };
    let sum = |age, history, bills, receivable, received| SegmentSum {
        route_id: 1,
        segment: Segment { category: Category::Household, age, history },
        bills,
        receivable: Money(receivable),
        received: Money(received),
    };
    let all = [sum(0, 0, 20, 1_000, 990), sum(0, 2, 5, 100, 10), sum(1, 2, 3, 500, 100)];
    let rates = Rates::of(&all, &rule);
    assert_eq!(rates.rate(all[0].segment), Ratio(990_000), "its own");
    assert_eq!(rates.rate(all[1].segment), Ratio(909_091), "of the age: 1000 of 1100");
    assert_eq!(rates.rate(all[2].segment), Ratio(687_500), "of the class: 1100 of 1600");
    let elsewhere = Segment { category: Category::Commercial, age: 0, history: 0 };
    assert_eq!(rates.rate(elsewhere), Ratio(687_500), "of everything");
    assert_eq!(Rates::default().rate(elsewhere), Ratio(0));
    assert_eq!(expected(&all[..1], &rates), Money(990));
}
