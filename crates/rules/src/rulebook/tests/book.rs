//! The embedded book as a whole: what it says on which day.

use super::super::*;
use crate::derivation::Language;
use crate::disconnection::{EstateGuard, OverdueFloor, StrictestLimits};
use crate::legal::{LegalTriggers, Limitation};
use crate::service::ServiceLimit;
use crate::tariff::NetworkTariff;
use crate::units::Money;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn the_embedded_book_is_whole() {
    assert_eq!(Rulebook::embedded().check_all(), []);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    let mut on_disk = Vec::new();
    for jurisdiction in std::fs::read_dir(&folder).unwrap() {
        let jurisdiction = jurisdiction.unwrap().path();
        for file in std::fs::read_dir(&jurisdiction).unwrap() {
            let path = file.unwrap().path();
            on_disk.push(path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned());
        }
    }
    on_disk.sort();
    let mut embedded: Vec<_> = EMBEDDED.iter().map(|(path, _)| (*path).to_owned()).collect();
    embedded.sort();
    assert_eq!(on_disk, embedded, "rulebook/embedded.rs lists every file of rulebook/");
}

#[test]
fn every_topic_of_the_book_is_registered_once_and_used() {
    let names: BTreeSet<&str> = TOPICS.iter().map(|(topic, _)| *topic).collect();
    assert_eq!(names.len(), TOPICS.len(), "a topic is registered twice");
    let book = Rulebook::embedded();
    let used: BTreeSet<&str> = book.rules().map(|rule| rule.topic.as_str()).collect();
    let idle: Vec<_> = names.difference(&used).collect();
    assert_eq!(idle, [&"price_fallback"], "only a site can assume");
}

#[test]
fn every_rule_names_its_basis_and_confidence() {
    for rule in Rulebook::embedded().rules() {
        assert!(!rule.basis.title.is_empty(), "{}", rule.id);
        let said = rule.describe(Language::Chinese);
        assert!(said.contains(rule.confidence.letter()) && said.contains(&rule.clause()), "{said}");
        if rule.confidence != Confidence::High {
            assert!(
                rule.basis.note.is_some() || rule.basis.article.is_some(),
                "{}: say what is unsure",
                rule.id
            );
        }
    }
}

/// No rule that is less than sure is a constant: a site replaces it by its id.
#[test]
fn an_unsure_rule_can_be_replaced_by_a_site() {
    let book = Rulebook::embedded();
    for rule in book.rules().filter(|rule| rule.confidence != Confidence::High) {
        let mut mine = rule.clone();
        mine.confidence = Confidence::High;
        mine.basis.title = "verified by the site".to_owned();
        let layer = serde_json::to_string(&rule.layer).unwrap();
        let rules = toml::to_string(&std::collections::BTreeMap::from([("rule", [mine])])).unwrap();
        let file = (format!("{}/site.toml", rule.jurisdiction), format!("layer = {layer}\n{rules}"));
        let (over, errors) = book.examined([file]);
        assert_eq!(errors, [], "{}", rule.id);
        assert_eq!(over.rule(&rule.id).unwrap().basis.title, "verified by the site");
        assert_eq!(diff(&book, &over).changed.len(), 1, "{}", rule.id);
    }
}

fn home() -> Selector {
    SiteProfile::default().selector()
}

#[test]
fn limitation_by_day_of_the_breach() {
    let book = Rulebook::embedded();
    for (on, years, id) in [
        (date(2017, 9, 30), 2, "cn.limitation.1987"),
        (date(2017, 10, 1), 3, "cn.limitation.2017"),
        (date(2020, 12, 31), 3, "cn.limitation.2017"),
        (date(2021, 1, 1), 3, "cn.limitation.2021"),
    ] {
        let picked = book.pick::<Limitation>("limitation", &home(), on).unwrap();
        assert_eq!(
            (picked.params.years, picked.params.long_stop_years, picked.rule.id.as_str()),
            (years, 20, id)
        );
        assert!(!picked.rule.contract.may_override);
    }
}

#[test]
fn disconnection_by_day_and_the_strictest_layer() {
    let book = Rulebook::embedded();
    for (on, days_min, min_rule, restore, restore_rule) in [
        (date(2005, 6, 1), 3, "cn.disconnection_notice.1996", 72, "cn.restoration.1996"),
        (date(2015, 6, 1), 7, "sgcc.disconnection_notice.2011", 24, "sgcc.restoration.2011"),
        (date(2023, 6, 1), 3, "cn.disconnection_notice.1996", 24, "sgcc.restoration.95598"),
        (date(2024, 5, 31), 3, "cn.disconnection_notice.1996", 24, "sgcc.restoration.95598"),
        (date(2024, 6, 1), 3, "cn.disconnection_notice.2024", 24, "cn.restoration.2024"),
    ] {
        let limits = StrictestLimits::on(&book, &home(), on).unwrap();
        let named = |value, rule: &str| Some(Ruled { value, rule: rule.to_owned() });
        assert_eq!(limits.notice_days_min, named(days_min, min_rule), "{on}");
        assert_eq!(limits.restore_hours, named(restore, restore_rule), "{on}");
        assert_eq!(limits.notice_days_max.unwrap().value, 7, "{on}");
        assert_eq!(limits.final_call_minutes.unwrap().value, 30, "{on}");
    }
    let floor = book.pick::<OverdueFloor>("disconnection_overdue", &home(), date(2026, 1, 1)).unwrap().params;
    assert_eq!(floor, OverdueFloor { more_than_days: 30, demand_required: true });
    let estate = book.pick::<EstateGuard>("estate_guard", &home(), date(2026, 1, 1)).unwrap().params;
    assert_eq!((estate.more_than_households, estate.post_days_before), (50, 2));
    let triggers = book.pick::<LegalTriggers>("legal_triggers", &home(), date(2026, 1, 1)).unwrap().params;
    assert_eq!((triggers.lawyer_letter_periods, triggers.sue_from), (2, Money::yuan(500_000)));
}

#[test]
fn service_limits_by_request() {
    let book = Rulebook::embedded();
    let limit = |topic: &str, request: &str, area: &str| {
        let selector = home().with("request", request).with("area", area);
        book.pick::<ServiceLimit>(topic, &selector, date(2026, 6, 1)).unwrap().params
    };
    for (area, minutes) in [("urban", 45), ("rural", 90), ("remote", 120)] {
        assert_eq!(limit("service_promise", "fault", area).arrival_minutes, Some(minutes), "{area}");
    }
    assert_eq!(limit("service_promise", "complaint", "urban").answer_working_days, Some(5));
    assert_eq!(limit("service_promise", "reading_data", "urban").answer_working_days, Some(5));
    assert_eq!(limit("service_limit", "reading_data", "urban").answer_working_days, Some(6));
    assert_eq!(limit("service_limit", "restore_after_payment", "urban").restore_hours, Some(24));
}

#[test]
fn the_network_tariff_of_shandong_ends_with_its_period() {
    let book = Rulebook::embedded();
    let tariff = |scheme: &str, voltage: &str, on: Date| {
        let selector = home().with("category", "commercial").with("scheme", scheme).with("voltage", voltage);
        book.pick::<NetworkTariff>("network_tariff", &selector, on).map(|picked| {
            assert_eq!(picked.rule.confidence, Confidence::Medium);
            picked.params.energy.to_string()
        })
    };
    assert_eq!(tariff("single_part", "below_1kv", date(2025, 1, 1)).unwrap(), "0.2219");
    assert_eq!(tariff("contract_demand", "110kv", date(2026, 5, 31)).unwrap(), "0.1191");
    assert!(tariff("contract_demand", "110kv", date(2026, 6, 1)).is_err(), "the fourth period was not read");
    assert!(tariff("single_part", "110kv", date(2025, 1, 1)).is_err());
    assert!(tariff("capacity", "below_1kv", date(2025, 1, 1)).is_err());
}

fn any_day() -> impl Strategy<Value = Date> {
    (1990_i16..2031, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

proptest! {
    /// Later days never pick an older version, and never two at once.
    #[test]
    fn versions_follow_each_other_in_time(first in any_day(), second in any_day()) {
        static BOOK: std::sync::LazyLock<Rulebook> = std::sync::LazyLock::new(Rulebook::embedded);
        let book = &*BOOK;
        let (first, second) = (first.min(second), first.max(second));
        let versions: BTreeSet<_> =
            book.rules().map(|r| (r.topic.clone(), r.jurisdiction.clone(), r.when.clone())).collect();
        for (topic, jurisdiction, when) in versions {
            let mut selector = Selector::in_jurisdictions(&[&jurisdiction]);
            selector.facts = when.iter().map(|(k, v)| (k.clone(), v[0].clone())).collect();
            let on = |day| {
                let mut rules = book.applicable(&topic, &selector, day);
                rules.retain(|rule| rule.when == when);
                prop_assert!(rules.len() <= 1, "{topic} {jurisdiction} {day}");
                Ok(rules.pop().map(|rule| rule.from))
            };
            if let (Some(early), Some(late)) = (on(first)?, on(second)?) {
                prop_assert!(early <= late && late <= second, "{topic} {jurisdiction}");
            }
        }
    }
}
