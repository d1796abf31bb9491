//! Plans and promises as tables.

use super::*;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::date;

fn rules() -> PlanRules {
    let site = Selector::in_jurisdictions(&["cn", "sgcc", "site"]);
    Rulebook::embedded().pick::<PlanRules>(TOPIC, &site, date(2026, 8, 1)).unwrap().params
}

fn part(day: i8, yuan: i64) -> PlanPart {
    PlanPart { due_on: date(2026, 9, day), amount: Money::yuan(yuan) }
}

#[test]
fn who_may_agree_to_what() {
    use ApprovalLevel::{Company, Team};
    use PlanKind::{Plan, Promise};
    let team = Some(("S002", Team));
    let own = Some(("S001", Team));
    let company = Some(("S003", Company));
    for (name, kind, parts, owed, broken, approved_by, answer) in [
        ("a plan", Plan, vec![part(1, 400), part(20, 600)], 1_000, 0, team, Ok(())),
        ("nothing owed", Plan, vec![part(1, 400)], 0, 0, team, Err("plan.nothing_owed")),
        ("broken twice", Plan, vec![part(1, 1_000)], 1_000, 2, team, Err("plan.too_many_broken")),
        ("no parts", Plan, vec![], 1_000, 0, team, Err("plan.bad_parts")),
        ("not in order", Plan, vec![part(20, 500), part(1, 500)], 1_000, 0, team, Err("plan.bad_parts")),
        ("less than owed", Plan, vec![part(1, 400), part(20, 500)], 1_000, 0, team, Err("plan.wrong_sum")),
        (
            "small beginning",
            Plan,
            vec![part(1, 50), part(20, 950)],
            1_000,
            0,
            team,
            Err("plan.first_too_small"),
        ),
        ("nobody approves", Plan, vec![part(1, 1_000)], 1_000, 0, None, Err("plan.not_approved")),
        ("one person", Plan, vec![part(1, 1_000)], 1_000, 0, own, Err("plan.not_approved")),
        ("too high", Plan, vec![part(1, 600_000)], 600_000, 0, team, Err("plan.level_too_low")),
        ("high enough", Plan, vec![part(1, 600_000)], 600_000, 0, company, Ok(())),
        ("a promise of a part", Promise, vec![part(1, 300)], 1_000, 0, None, Ok(())),
        ("a promise of more", Promise, vec![part(1, 1_001)], 1_000, 0, None, Err("plan.wrong_sum")),
        ("two promises", Promise, vec![part(1, 1), part(2, 1)], 1_000, 0, None, Err("plan.bad_parts")),
        ("a late promise", Promise, vec![part(30, 300)], 1_000, 0, None, Err("plan.too_long")),
    ] {
        let request = PlanRequest {
            kind,
            agreed_on: date(2026, 8, 28),
            parts: &parts,
            owed: Money::yuan(owed),
            broken,
            taken_by: "S001",
            approved_by,
        };
        assert_eq!(rules().decide(&request).map_err(|refusal| refusal.code()), answer, "{name}");
    }
}

#[test]
fn kept_or_broken_after_the_grace() {
    let parts = [part(1, 400), part(20, 600)];
    let breaks = |day| Some(date(2026, 9, day));
    for (received, open, day, state, next) in [
        (0, 1_000, 1, PlanState::Running, breaks(5)),
        (0, 1_000, 4, PlanState::Running, breaks(5)),
        (0, 1_000, 5, PlanState::Broken, None),
        (399, 601, 5, PlanState::Broken, None),
        (400, 600, 5, PlanState::Running, breaks(24)),
        (999, 1, 23, PlanState::Running, breaks(24)),
        (999, 1, 24, PlanState::Broken, None),
        (1_000, 0, 2, PlanState::Kept, None),
        // Settled by a correction in the customer's favour.
        (300, 0, 24, PlanState::Kept, None),
    ] {
        let stands = rules().stands(&parts, Money::yuan(received), Money::yuan(open), date(2026, 9, day));
        assert_eq!(stands, (state, next), "{received} received, {open} open, on the {day}th");
    }
}
