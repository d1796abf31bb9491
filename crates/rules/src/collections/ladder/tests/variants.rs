//! Ladders of other debtors, and a site's own.

use super::*;

fn of(class: &str, facts: &[(&str, &str)]) -> Ladder {
    let mut asked = selector(class);
    for (key, value) in facts {
        asked = asked.with(key, value);
    }
    Ladder::on(&BOOK, &asked, date(2026, 7, 1)).unwrap()
}

/// A person does what was asked on the same day.
fn through(debtor: &mut Debtor, from: &str, to: &str) -> Vec<String> {
    let (mut on, to) = (day(from), day(to));
    let mut asked = Vec::new();
    while on <= to {
        asked.extend(debtor.live(on).into_iter().map(|(kind, _)| format!("{on} {}", kind.word())));
        for step in &mut debtor.steps {
            if step.state == StepState::Due
                && matches!(step.kind, StepKind::Visit | StepKind::PhoneCall | StepKind::ProtectionDecision)
            {
                (step.state, step.done_on) = (StepState::Done, Some(on));
            }
        }
        on = crate::calendar::plus_days(on, 1);
    }
    asked
}

#[test]
fn every_kind_of_debtor_has_its_ladder() {
    for (name, ladder, expected) in [
        ("home", of("household", &[]), vec!["2026-07-22 demand", "2026-08-20 stop_plan"]),
        (
            "shop",
            of("commercial", &[]),
            vec!["2026-07-22 demand", "2026-07-30 phone_call", "2026-08-20 stop_plan"],
        ),
        (
            "farm",
            of("agriculture", &[]),
            vec!["2026-07-22 demand", "2026-07-30 visit", "2026-08-20 stop_plan"],
        ),
        (
            "large user",
            of("commercial", &[("large", "true")]),
            vec!["2026-07-21 phone_call", "2026-07-22 demand", "2026-07-27 visit", "2026-08-20 stop_plan"],
        ),
        (
            "protected home",
            of("household", &[("protected", "true")]),
            vec![
                "2026-07-22 demand",
                "2026-07-30 visit",
                "2026-08-20 protection_decision",
                "2026-08-21 demand_again",
                "2026-08-21 stop_plan",
            ],
        ),
        (
            "important user",
            of("commercial", &[("importance", "first")]),
            vec![
                "2026-07-22 demand",
                "2026-07-25 visit",
                "2026-08-20 protection_decision",
                "2026-08-21 stop_plan",
            ],
        ),
    ] {
        let mut debtor = Debtor::new(ladder, "2026-07-20");
        assert_eq!(through(&mut debtor, "2026-07-14", "2026-08-25"), expected, "{name}");
    }
}

#[test]
fn a_protected_home_is_not_cut_without_a_decision() {
    let mut debtor = Debtor::new(of("household", &[("protected", "true")]), "2026-07-20");
    let asked = debtor.through("2026-07-21", "2026-12-20");
    assert!(asked.iter().all(|(_, kind)| *kind != StepKind::StopPlan), "{asked:?}");
    // It is demanded of again, a month apart at least.
    let demands: Vec<_> =
        asked.iter().filter(|(_, kind)| *kind == StepKind::DemandAgain).map(|(on, _)| *on).collect();
    assert_eq!(demands.len(), 5, "{demands:?}");
    assert!(demands.windows(2).all(|pair| crate::calendar::days_between(pair[0], pair[1]) >= 30));
}

#[test]
fn spaced_contacts_keep_their_distance() {
    let mut debtor = Debtor::new(of("agriculture", &[]), "2026-06-20");
    debtor.owes(2, "2026-06-21");
    let asked = debtor.through("2026-06-21", "2026-07-10");
    let visits: Vec<_> =
        asked.iter().filter(|(_, kind)| *kind == StepKind::Visit).map(|(on, _)| *on).collect();
    assert_eq!(visits, [date(2026, 6, 30), date(2026, 7, 2)], "two days between two visits");
}

#[test]
fn a_site_lays_its_own_ladder_over_the_book() {
    let file = r#"layer = "site"
[[rule]]
id = "site.ladder"
topic = "ladder"
from = "2026-01-01"
confidence = "L"
when = { class = ["household"] }
basis = { title = "测试" }
[rule.params]
hold = { time_counts = true, resume = { days = 1, unit = "working" } }
steps = [
    { kind = "arrears", act = "mark", counts = [{ from = "due", days = 1 }] },
    { kind = "demand", act = "notice", counts = [{ from = "arrears", days = 3, unit = "working", roll = true }] },
    { kind = "stop_plan", act = "hand_over", counts = [{ from = "due", days = 10 }] },
]
"#;
    let book = BOOK.overlaid(vec![("site/ladder.toml".to_owned(), file.to_owned())]).unwrap();
    let ladder = Ladder::on(&book, &selector("household"), date(2026, 7, 1)).unwrap();
    // The site may not go below the law: more than 30 days overdue, and a demand.
    let mut debtor = Debtor::new(ladder, "2026-07-20");
    let asked = debtor.through("2026-07-21", "2026-08-31");
    assert_eq!(asked, [(date(2026, 7, 24), StepKind::Demand), (date(2026, 8, 20), StepKind::StopPlan)]);
}

/// A province's ladder holds there alone, above the grid company's and below a site's own.
#[test]
fn a_province_has_a_ladder_of_its_own() {
    let ladder = |layer: &str, id: &str, days: u8| {
        format!(
            r#"layer = "{layer}"
[[rule]]
id = "{id}"
topic = "ladder"
from = "2026-01-01"
confidence = "L"
when = {{ class = ["household"] }}
basis = {{ title = "测试" }}
[rule.params]
hold = {{ time_counts = true, resume = {{ days = 1 }} }}
steps = [
    {{ kind = "arrears", act = "mark", counts = [{{ from = "due", days = 1 }}] }},
    {{ kind = "demand", act = "notice", counts = [{{ from = "arrears", days = {days} }}] }},
    {{ kind = "stop_plan", act = "hand_over", counts = [{{ from = "due", days = 40 }}], needs = ["demand"] }},
]
"#
        )
    };
    let province = ("cn-ha/ladder.toml".to_owned(), ladder("province", "cn-ha.ladder", 5));
    let site = ("site/ladder.toml".to_owned(), ladder("site", "site.ladder", 9));
    let of_province = BOOK.overlaid(vec![province.clone()]).unwrap();
    let of_both = BOOK.overlaid(vec![province, site]).unwrap();
    let asked = |book: &Rulebook, province: &str| {
        let selector = Selector::in_jurisdictions(&["cn", "sgcc", province, "site"]);
        let selector = selector.with("class", "household").with("large", "false");
        let selector = selector.with("protected", "false").with("importance", "ordinary");
        let ladder = Ladder::on(book, &selector, date(2026, 7, 1)).unwrap();
        let asked = Debtor::new(ladder, "2026-07-20").through("2026-07-21", "2026-08-31");
        asked.into_iter().map(|(on, kind)| format!("{on} {}", kind.word())).collect::<Vec<_>>()
    };
    assert_eq!(asked(&of_province, "cn-ha"), ["2026-07-26 demand", "2026-08-29 stop_plan"]);
    assert_eq!(asked(&of_province, "cn-sd"), ["2026-07-22 demand", "2026-08-20 stop_plan"]);
    assert_eq!(asked(&of_both, "cn-ha"), ["2026-07-30 demand", "2026-08-29 stop_plan"]);
}

#[test]
fn a_ladder_that_cannot_be_climbed_is_an_error_of_the_book() {
    for (steps, wrong) in [
        (r#"{ kind = "visit", act = "task", counts = [] }"#, "has a count"),
        (
            r#"{ kind = "arrears", act = "mark", counts = [{ from = "due", days = 1 }] }, { kind = "arrears", act = "mark", counts = [{ from = "due", days = 2 }] }"#,
            "stands twice",
        ),
        (
            r#"{ kind = "stop_plan", act = "hand_over", counts = [{ from = "due", days = 31 }], needs = ["demand"] }"#,
            "does not stand below",
        ),
        (
            r#"{ kind = "arrears", act = "mark", counts = [{ from = "due", days = -1, unit = "working" }] }"#,
            "counted forward",
        ),
    ] {
        let file = format!(
            "layer = \"site\"\n[[rule]]\nid = \"site.ladder\"\ntopic = \"ladder\"\nfrom = \"2026-01-01\"\nconfidence = \"L\"\n\
             basis = {{ title = \"测试\" }}\n[rule.params]\nhold = {{ time_counts = true, resume = {{ days = 1 }} }}\nsteps = [{steps}]\n"
        );
        let errors = BOOK.examined(vec![("site/ladder.toml".to_owned(), file)]).1;
        assert!(errors.iter().any(|error| error.to_string().contains(wrong)), "{wrong}: {errors:?}");
    }
}
