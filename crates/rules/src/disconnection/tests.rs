//! Boundary tables of the gates and of the warrant.

use super::*;
use crate::registry::Importance;
use crate::rulebook::Layer;
use jiff::civil::{DateTime, date};
use std::sync::LazyLock;

mod warrants;

static BOOK: LazyLock<Rulebook> = LazyLock::new(Rulebook::embedded);

fn user() -> Selector {
    Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd", "site"])
}

fn law(on: Date) -> CutLaw<'static> {
    CutLaw::load(&BOOK, &user(), on, None).expect("a law of cuts")
}

fn at(text: &str) -> DateTime {
    text.parse().expect("a moment")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// A home that may be cut on Tuesday 2026-09-08 at 10:30: due on 20 July, demanded on 21 August, noticed on 3 September.
fn lawful() -> CutFacts {
    let debt = CutDebt {
        bill_no: 3,
        due_on: date(2026, 7, 20),
        open: Money::yuan(300),
        secured: Money::ZERO,
        demands: vec![Demand { notice_no: 2, arrived_at: at("2026-07-21T10:00") }],
    };
    CutFacts {
        account_id: 1,
        case_no: 1,
        round: 1,
        entry_no: 7,
        category: Category::Household,
        importance: Importance::Ordinary,
        protection: None,
        debts: vec![debt],
        credit: Money::ZERO,
        proposed_by: "S001".to_owned(),
        approval: Some(Decision {
            by: "S002".to_owned(),
            level: Some(ApprovalLevel::Team),
            on: date(2026, 9, 2),
        }),
        notice: Some(PlanNotice { served_at: Some(at("2026-09-03T15:00")), told: None, bills: vec![3] }),
        authority_copy_on: None,
        authority_approval_on: None,
        protection_decision: None,
        holds: Vec::new(),
        declared: Vec::new(),
        estate: EstateReach::default(),
        talks: Vec::new(),
        posted_on: None,
        feeds_others: false,
        others_supplied_on: None,
        calls: vec![FinalCall {
            called_at: at("2026-09-08T10:00"),
            told_cut_at: at("2026-09-08T10:30"),
            outcome: CallOutcome::Reached,
        }],
    }
}

const MOMENT: &str = "2026-09-08T10:30";

/// Gates that do not hold at a moment.
fn failed(facts: &CutFacts, moment: &str) -> Vec<&'static str> {
    let moment = at(moment);
    let served = facts.notice.as_ref().and_then(|n| n.served_at).map(DateTime::date);
    let law = CutLaw::load(&BOOK, &user(), moment.date(), served).expect("a law");
    let findings = all_gates(facts, &law, moment).expect("a covered year");
    assert_eq!(findings.len(), Gate::ALL.len());
    findings.iter().filter(|f| !f.holds).map(|f| f.gate.word()).collect()
}

/// The lawful facts with one change.
fn with(change: impl FnOnce(&mut CutFacts)) -> CutFacts {
    let mut facts = lawful();
    change(&mut facts);
    facts
}

#[test]
fn a_lawful_cut_passes_every_gate_and_names_a_clause_for_each() {
    assert!(failed(&lawful(), MOMENT).is_empty(), "{:?}", failed(&lawful(), MOMENT));
    for finding in all_gates(&lawful(), &law(date(2026, 9, 8)), at(MOMENT)).unwrap() {
        assert!(BOOK.rules().any(|rule| rule.id == finding.rule), "{finding:?}");
        assert!(!finding.clause.is_empty() && !finding.text.zh.is_empty() && !finding.text.en.is_empty());
    }
}

#[test]
fn thirty_days_are_not_enough_and_thirty_one_are() {
    // The last payment day D is 2026-07-20; the first lawful procedural day is D+31.
    for (on, days, long) in [("2026-08-18", 29, false), ("2026-08-19", 30, false), ("2026-08-20", 31, true)] {
        let debt = &lawful().debts[0];
        assert_eq!((debt.days_overdue(day(on)), debt.is_long_overdue(&law(day(on)), day(on))), (days, long));
    }
    let facts = with(|f| f.notice = None);
    assert!(failed(&facts, "2026-08-19T10:00").contains(&"G01"));
    assert!(!failed(&facts, "2026-08-20T10:00").contains(&"G01"));
}

#[test]
fn a_notice_before_d31_never_counts_and_the_earliest_cut_is_d34() {
    let served = |text: &str| {
        let served_at = Some(at(text));
        with(|f| {
            f.notice = Some(PlanNotice { served_at, told: None, bills: vec![3] });
            f.approval = Some(Decision {
                by: "S002".to_owned(),
                level: Some(ApprovalLevel::Team),
                on: date(2026, 8, 19),
            });
        })
    };
    // D+30 is 19 August: served a day too early, no later day makes it good.
    for moment in ["2026-08-24T10:00", "2026-08-25T10:00", "2026-08-26T10:00"] {
        assert!(failed(&served("2026-08-19T10:00"), moment).contains(&"G04"), "{moment}");
    }
    // Served on D+31, Thursday 20 August; D+34 is Sunday 23 August, so Monday is the first working day.
    let facts = served("2026-08-20T10:00");
    assert!(failed(&facts, "2026-08-22T10:00").contains(&"G04"));
    assert!(!failed(&facts, "2026-08-23T10:00").contains(&"G04"));
    assert!(failed(&facts, "2026-08-23T10:00").contains(&"G05"));
    let law = law(day("2026-08-24"));
    let window = Window::of(&law, &[], day("2026-08-20"), None).unwrap();
    assert_eq!((window.from, window.to), (day("2026-08-23"), day("2026-08-27")));
    let days = ["2026-08-24", "2026-08-25", "2026-08-26", "2026-08-27"].map(day);
    assert_eq!(window.days, days);
}

#[test]
fn the_demand_arrives_after_the_due_day_and_before_the_notice() {
    for (arrived, holds) in [
        (Some("2026-07-20T23:59"), false),
        (Some("2026-07-21T00:00"), true),
        (Some("2026-09-03T15:00"), true),
        (Some("2026-09-03T15:01"), false),
        (None, false),
    ] {
        let facts = with(|f| {
            f.debts[0].demands =
                arrived.map(|text| Demand { notice_no: 2, arrived_at: at(text) }).into_iter().collect();
        });
        assert_eq!(!failed(&facts, MOMENT).contains(&"G02"), holds, "{arrived:?}");
        assert_eq!(failed(&facts, MOMENT).is_empty(), holds, "{arrived:?}");
    }
}

#[test]
fn the_notice_window_has_sharp_ends() {
    // Days after service; 2026-09-08 is a Tuesday.
    for (served, days, holds) in [
        ("2026-09-06T09:00", 2, false),
        ("2026-09-05T23:59", 3, true),
        ("2026-09-01T00:00", 7, true),
        ("2026-08-31T23:59", 8, false),
    ] {
        let facts = with(|f| {
            f.notice.as_mut().expect("a notice").served_at = Some(at(served));
            f.approval.as_mut().expect("an approval").on = date(2026, 8, 25);
        });
        assert_eq!(failed(&facts, MOMENT).is_empty(), holds, "{days} days: {:?}", failed(&facts, MOMENT));
        if !holds {
            assert_eq!(failed(&facts, MOMENT), ["G04"]);
        }
    }
    // What the paper tells binds too, and a bill that it does not tell is none that grounds a cut.
    let early = with(|f| {
        f.notice.as_mut().expect("a notice").told = Some((date(2026, 9, 9), date(2026, 9, 10)));
    });
    assert_eq!(failed(&early, MOMENT), ["G04"]);
    let other = with(|f| f.notice.as_mut().expect("a notice").bills = vec![9]);
    assert_eq!(failed(&other, MOMENT), ["G04", "G10"]);
}

#[test]
fn hours_and_days_that_are_protected() {
    for (moment, permitted) in [
        ("2026-09-08T07:59", false),
        ("2026-09-08T08:00", true),
        ("2026-09-08T15:59", true),
        ("2026-09-08T16:00", false),
        ("2026-09-12T10:00", false), // Saturday
        ("2026-09-20T10:00", true),  // a Sunday that is worked
        ("2026-09-24T10:00", false), // eve of the Mid-Autumn holiday
        ("2026-09-25T10:00", false), // the holiday
        ("2026-09-28T10:00", true),
        ("2026-09-30T10:00", false), // eve of the National Day
        ("2026-10-07T10:00", false),
        ("2026-10-08T10:00", true),
        ("2026-06-05T10:00", true),
        ("2026-06-08T10:00", false), // the examination
        ("2026-06-10T10:00", false),
        ("2026-06-11T10:00", true),
    ] {
        let on = at(moment).date();
        let found = permitted_moment(&law(on), &[], at(moment)).unwrap();
        assert_eq!(found.is_none(), permitted, "{moment} {found:?}");
    }
    let heat = Declared {
        kind: "extreme_heat".to_owned(),
        reason: "高温红色预警".to_owned(),
        from_on: date(2026, 9, 8),
        until_on: date(2026, 9, 9),
    };
    assert_eq!(failed(&with(|f| f.declared = vec![heat]), MOMENT), ["G05"]);
    // The day before a year that nobody has published may be an eve: that is an error, not a permission.
    let last = permitted_day(&law(date(2026, 12, 31)), &[], date(2026, 12, 31));
    assert_eq!(last.map(|no| no.is_none()), Err(crate::calendar::YearNotCovered { year: 2027 }));
}

#[test]
fn a_long_holiday_can_leave_no_day_in_the_window() {
    // Served on 25 September 2026, window 28 September to 2 October: 28 and 29 are left, 30 is an eve.
    let law = law(date(2026, 9, 28));
    let days = |served: &str| Window::of(&law, &[], day(served), None).unwrap().days;
    assert_eq!(days("2026-09-25"), ["2026-09-28", "2026-09-29"].map(day));
    assert_eq!(days("2026-09-29"), Vec::<Date>::new());
    assert_eq!(days("2026-10-01"), [day("2026-10-08")]);
}

#[test]
fn approval_needs_another_person_and_the_level_of_the_matrix() {
    let approved = |by: &str, level, yuan: i64| {
        with(|f| {
            f.debts[0].open = Money::yuan(yuan);
            f.approval = Some(Decision { by: by.to_owned(), level, on: date(2026, 9, 2) });
        })
    };
    use ApprovalLevel::{Company, Department, Team};
    for (by, level, yuan, holds) in [
        ("S002", Some(Team), 5_000, true),
        ("S002", Some(Team), 5_001, false),
        ("S002", Some(Department), 5_001, true),
        ("S002", Some(Department), 100_001, false),
        ("S002", Some(Company), 100_001, true),
        ("S001", Some(Company), 300, false),
        ("S002", None, 300, false),
    ] {
        let failed = failed(&approved(by, level, yuan), MOMENT);
        assert_eq!(failed.is_empty(), holds, "{by} {level:?} {yuan}: {failed:?}");
    }
    assert_eq!(failed(&with(|f| f.approval = None), MOMENT), ["G03"]);
    assert_eq!(failed(&with(|f| f.category = Category::Commercial), MOMENT), ["G03"]);
}

#[test]
fn holds_stop_and_one_of_a_bill_stops_that_bill() {
    let hold = |kind: &str, bill_no, until: &str| CutHold {
        kind: kind.to_owned(),
        bill_no,
        from_on: date(2026, 9, 1),
        until_on: day(until),
    };
    for kind in ["dispute", "complaint", "suspected_reading", "plan", "promise", "bankruptcy", "protection"] {
        let facts = with(|f| f.holds = vec![hold(kind, 0, "2026-09-08")]);
        assert!(failed(&facts, MOMENT).contains(&"G06"), "{kind}");
        let ended = with(|f| f.holds = vec![hold(kind, 0, "2026-09-07")]);
        assert!(failed(&ended, MOMENT).is_empty(), "{kind}");
    }
    // The disputed bill grounds nothing; another debt of the same account does.
    let one = with(|f| f.holds = vec![hold("dispute", 3, "2026-12-31")]);
    assert!(failed(&one, MOMENT).contains(&"G06"));
    let mut two = one;
    two.debts.push(CutDebt { bill_no: 4, ..two.debts[0].clone() });
    two.notice.as_mut().expect("a notice").bills.push(4);
    assert!(failed(&two, MOMENT).is_empty());
}

#[test]
fn important_and_high_risk_users_need_the_authority() {
    let important = |change: fn(&mut CutFacts)| {
        with(|f| {
            f.importance = Importance::Second;
            f.approval.as_mut().expect("an approval").level = Some(ApprovalLevel::Company);
            change(f);
        })
    };
    assert_eq!(failed(&important(|_| {}), MOMENT), ["G07"]);
    let copied = important(|f| f.authority_copy_on = Some(date(2026, 9, 4)));
    assert!(failed(&copied, MOMENT).is_empty());
    assert_eq!(failed(&important(|f| f.authority_copy_on = Some(date(2026, 9, 9))), MOMENT), ["G07"]);
    let risky = |approved| {
        with(|f| {
            f.protection = Some(Protection::HighRisk);
            f.approval.as_mut().expect("an approval").level = Some(ApprovalLevel::Company);
            f.authority_approval_on = approved;
        })
    };
    assert_eq!(failed(&risky(None), MOMENT), ["G07"]);
    assert!(failed(&risky(Some(date(2026, 9, 4))), MOMENT).is_empty());
}

#[test]
fn protected_users_need_a_decision_of_their_own() {
    let school = |decision: Option<(&str, ApprovalLevel)>| {
        with(|f| {
            f.protection = Some(Protection::School);
            f.approval.as_mut().expect("an approval").level = Some(ApprovalLevel::Company);
            f.protection_decision = decision.map(|(by, level)| Decision {
                by: by.to_owned(),
                level: Some(level),
                on: date(2026, 9, 4),
            });
        })
    };
    assert_eq!(failed(&school(None), MOMENT), ["G08"]);
    assert_eq!(failed(&school(Some(("S003", ApprovalLevel::Department))), MOMENT), ["G08"]);
    assert_eq!(failed(&school(Some(("S001", ApprovalLevel::Company))), MOMENT), ["G08"]);
    assert!(failed(&school(Some(("S003", ApprovalLevel::Company))), MOMENT).is_empty());
}

#[test]
fn fifty_one_households_or_a_property_companys_debt_need_talks_and_posting() {
    let estate = |households, of_company, talks: &[&str], posted: Option<&str>| {
        with(|f| {
            f.estate = EstateReach { households, of_company };
            f.approval.as_mut().expect("an approval").level = Some(ApprovalLevel::Company);
            f.talks = talks.iter().map(|body| ((*body).to_owned(), date(2026, 9, 4))).collect();
            f.posted_on = posted.map(day);
        })
    };
    let all = ["政府", "信访维稳", "公安", "居委会"];
    assert!(failed(&estate(50, false, &[], None), MOMENT).is_empty());
    assert_eq!(failed(&estate(51, false, &[], None), MOMENT), ["G09"]);
    assert_eq!(failed(&estate(1, true, &[], None), MOMENT), ["G09"]);
    assert_eq!(failed(&estate(51, false, &all[..3], Some("2026-09-04")), MOMENT), ["G09"]);
    assert_eq!(failed(&estate(51, false, &all, Some("2026-09-07")), MOMENT), ["G09"]);
    assert!(failed(&estate(51, false, &all, Some("2026-09-06")), MOMENT).is_empty());
}

#[test]
fn an_amount_is_due_this_second_and_not_secured() {
    assert!(failed(&with(|f| f.debts[0].open = Money::ZERO), MOMENT).contains(&"G10"));
    assert_eq!(failed(&with(|f| f.debts[0].secured = Money::yuan(300)), MOMENT), ["G10"]);
    assert!(failed(&with(|f| f.debts[0].secured = Money::yuan(299)), MOMENT).is_empty());
    assert_eq!(failed(&with(|f| f.credit = Money::yuan(300)), MOMENT), ["G10"]);
}

#[test]
fn the_last_call_comes_thirty_minutes_before_and_the_told_time_is_kept() {
    let called = |called: &str, told: &str, outcome| {
        with(|f| {
            f.calls = vec![FinalCall { called_at: at(called), told_cut_at: at(told), outcome }];
        })
    };
    use CallOutcome::{AnsweredByOther, NoAnswer, Reached, Refused};
    for (call, told, outcome, moment, holds) in [
        ("2026-09-08T10:00", "2026-09-08T10:30", Reached, "2026-09-08T10:30", true),
        ("2026-09-08T10:01", "2026-09-08T10:30", Reached, "2026-09-08T10:30", false), // told 29 minutes ahead
        ("2026-09-08T10:01", "2026-09-08T10:30", Reached, "2026-09-08T10:31", false), // and never good for that time
        ("2026-09-08T10:00", "2026-09-08T10:30", Reached, "2026-09-08T10:29", false), // the told time has not come
        ("2026-09-08T09:00", "2026-09-08T09:30", Reached, "2026-09-08T11:30", true),
        ("2026-09-08T09:00", "2026-09-08T09:30", Reached, "2026-09-08T11:31", false), // stale
        ("2026-09-07T10:00", "2026-09-08T10:30", Reached, "2026-09-08T10:30", false), // not the day before
        ("2026-09-08T10:00", "2026-09-08T10:30", NoAnswer, "2026-09-08T10:30", false),
        ("2026-09-08T10:00", "2026-09-08T10:30", Refused, "2026-09-08T10:30", true),
        ("2026-09-08T10:00", "2026-09-08T10:30", AnsweredByOther, "2026-09-08T10:30", true),
    ] {
        let failed = failed(&called(call, told, outcome), moment);
        assert_eq!(failed.is_empty(), holds, "{call} {told} {outcome:?} {moment}: {failed:?}");
    }
    assert_eq!(failed(&with(|f| f.calls.clear()), MOMENT), ["G11"]);
}

#[test]
fn a_supply_that_feeds_others_is_not_cut() {
    assert_eq!(failed(&with(|f| f.feeds_others = true), MOMENT), ["G12"]);
    let recorded = with(|f| {
        f.feeds_others = true;
        f.others_supplied_on = Some(date(2026, 9, 7));
    });
    assert!(failed(&recorded, MOMENT).is_empty());
}

#[test]
fn the_strictest_layer_wins() {
    let site = r#"layer = "site"
[[rule]]
id = "site.disconnection_notice"
topic = "disconnection_notice"
from = "2026-01-01"
confidence = "L"
basis = { title = "测试" }
params = { days_min = 5, days_max = 10, final_call_minutes = 60 }
[[rule]]
id = "site.protected_windows"
topic = "protected_windows"
from = "2026-01-01"
confidence = "L"
basis = { title = "测试" }
params = { statutory_holidays = false, holiday_eves = false, weekends = false, not_after = "15:00", yearly = [], declared = [] }
"#;
    let book = BOOK.overlaid([("site/disconnection.toml".to_owned(), site.to_owned())]).unwrap();
    assert!(book.rules().any(|rule| rule.layer == Layer::Site));
    let law = CutLaw::load(&book, &user(), date(2026, 9, 8), Some(date(2026, 9, 3))).unwrap();
    assert_eq!((law.notice_min.value, law.notice_max.value, law.call_minutes.value), (5, 7, 60));
    assert_eq!(law.notice_min.source.rule, "site.disconnection_notice");
    assert_eq!(law.notice_max.source.rule, "cn.disconnection_notice.2024");
    let at_three = permitted_moment(&law, &[], at("2026-09-08T15:00")).unwrap();
    assert_eq!(at_three.map(|no| no.source.rule), Some("site.protected_windows".to_owned()));
    // The other layer still protects rest days.
    assert!(permitted_day(&law, &[], date(2026, 9, 12)).unwrap().is_some());
    let findings = all_gates(&lawful(), &law, at(MOMENT)).unwrap();
    let holds = |gate| findings.iter().find(|f| f.gate == gate).map(|f| f.holds);
    assert_eq!((holds(Gate::Noticed), holds(Gate::FinalCall)), (Some(true), Some(false)));
}

#[test]
fn restoration_in_24_hours_by_the_strictest_layer() {
    let hours = law(date(2026, 9, 8)).restore_hours.expect("a rule");
    assert_eq!((hours.value, hours.source.rule.as_str()), (24, "cn.restoration.2024"));
    let old = law(date(2015, 9, 8));
    assert_eq!((old.restore_hours.expect("a rule").value, old.notice_min.value), (24, 7));
}

/// Henan asked for power back within a day when the nation still left three; without the grid company's promise that counts.
#[test]
fn a_province_protects_above_the_nation() {
    let no_promise = r#"layer = "grid"
[[rule]]
id = "sgcc.restoration.2011"
topic = "restoration"
from = "2011-01-01"
until = "2021-12-31"
confidence = "L"
basis = { title = "测试" }
params = { hours = 96 }
"#;
    let book = BOOK.overlaid([("sgcc/restoration.toml".to_owned(), no_promise.to_owned())]).unwrap();
    for (province, hours, by) in [("cn-ha", 24, "cn-ha.restoration"), ("cn-sd", 72, "cn.restoration.1996")] {
        let user = Selector::in_jurisdictions(&["cn", "sgcc", province]);
        let law = CutLaw::load(&book, &user, date(2015, 9, 8), None).expect("a law of cuts");
        let restored = law.restore_hours.expect("a rule");
        assert_eq!((restored.value, restored.source.rule.as_str()), (hours, by));
    }
}

#[test]
fn every_gate_says_what_would_unblock_it() {
    let facts = lawful();
    let law = law(date(2026, 9, 8));
    for gate in Gate::ALL {
        let told = unblock(*gate, &facts, &law);
        assert!(!told.zh.is_empty() && !told.en.is_empty(), "{gate:?}");
    }
    // Due on 20 July: overdue for more than 30 days from 20 August on.
    assert!(unblock(Gate::Overdue, &facts, &law).en.contains("2026-08-20"));
    let nothing = with(|facts| facts.debts.clear());
    assert!(unblock(Gate::Overdue, &nothing, &law).en.starts_with("nothing is overdue"));
}
