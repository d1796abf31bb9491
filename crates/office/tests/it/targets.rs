//! 指标: shared out, corrected, confirmed, followed, closed, appraised, rewarded - and what is refused.

use super::world::{ACCOUNTS, Shown, World, work};
use denghuo_office::collections::recovery;
use denghuo_office::error::OfficeError;
use denghuo_office::targets::{
    AdjustOrder, Decision, PlanOrder, Said, SheetDecision, Wanted, appraisal_decide, appraisal_list,
    appraisal_say, appraisal_show, charge_set, sheet_decide, sheet_freeze, sheet_list, sheet_make,
    sheet_show, target_adjust, target_confirm, target_list, target_plan, target_show,
};
use denghuo_rules::calendar::Month;
use denghuo_rules::targets::{AppraisalState, Method, Period, Score, SheetState, TargetState, shared};
use denghuo_rules::units::Money;
use denghuo_store::testing::{first_difference, on_each_engine};
use denghuo_store::{Conn, tasks};
use std::cell::RefCell;

fn period(text: &str) -> Period {
    text.parse().expect("a period")
}

fn order(of: &str, yuan: i64) -> PlanOrder {
    PlanOrder {
        period: period(of),
        unit: "C".to_owned(),
        amount: Money::yuan(yuan),
        method: Method::Weights,
        weights: std::collections::BTreeMap::new(),
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, OfficeError>) -> Option<&'static str> {
    result.expect_err("a refusal").code()
}

/// A correction as it is ordered.
fn set(amount: Option<Money>, reason: &str) -> AdjustOrder {
    AdjustOrder { amount, fixed: None, reason: reason.to_owned() }
}

fn refused_corrections(conn: &mut Conn, key: i64, on: jiff::civil::Date) {
    let by = work("S003");
    let forty = Some(Money::yuan(400));
    assert_eq!(code(target_adjust(conn, &by, (key, 1), &set(forty, "x"), on)), Some("target.root"));
    assert_eq!(code(target_adjust(conn, &by, (key, 9), &set(forty, "x"), on)), Some("target.unknown_node"));
    assert_eq!(code(target_adjust(conn, &by, (key, 3), &set(forty, " "), on)), Some("target.no_reason"));
    assert_eq!(code(target_adjust(conn, &by, (key, 3), &set(None, "x"), on)), Some("target.nothing_asked"));
    let much = Some(Money::yuan(1_001));
    assert_eq!(code(target_adjust(conn, &by, (key, 3), &set(much, "x"), on)), Some("target.fixed_too_much"));
    let below = Some(Money(-1));
    assert_eq!(
        code(target_adjust(conn, &by, (key, 3), &set(below, "x"), on)),
        Some("target.negative_amount")
    );
}

/// What waits for a manager's decision.
fn waiting(conn: &mut Conn) -> Vec<String> {
    let tasks = tasks::of_account(conn, 0).expect("tasks");
    let open = tasks.into_iter().filter(|task| task.state == "open");
    let of_here = open.filter(|task| task.kind == "appraisal_dispute" || task.kind == "bonus_sheet");
    of_here.map(|task| format!("{} {} {}", task.kind, task.subject, task.codes)).collect()
}

/// A second route that S001 answers for, with the farm on it.
fn second_route(conn: &mut Conn) {
    conn.batch(
        "INSERT INTO route (route_id, code, name, org_id, reader_id, read_day, first_month) \
         SELECT 2, 'R2', '二段', org_id, reader_id, 5, first_month FROM route WHERE route_id = 1; \
         UPDATE account SET route_id = 2 WHERE account_no = 'A4'",
    )
    .expect("SQL");
}

/// A closed month with a decided appraisal and a frozen sheet, and a draft of the next one: what `verify` looks at.
pub fn some(world: &mut World) {
    second_route(&mut world.conn);
    let (month, on) = (Month::of(world.on), world.on);
    let conn = &mut world.conn;
    charge_set(conn, &work("S003"), ("R2", "S001"), 0, on).expect("somebody answers for it");
    let row = target_plan(conn, &work("S003"), &order(&month.to_string(), 3_000), on).expect("a plan");
    target_confirm(conn, &work("S002"), row.target_no, on).expect("a second person");
    let days = denghuo_rules::calendar::days_between(on, month.last_day());
    world.live(days, &[Shown::More(0); ACCOUNTS]);
    let (on, conn) = (world.on, &mut world.conn);
    appraisal_say(conn, &work("S004"), (month, "S004"), (Said::Comment, "抄表段较远"), on)
        .expect("a comment");
    appraisal_say(conn, &work("S004"), (month, "S004"), (Said::Dispute, "示数更正非本人差错"), on)
        .expect("a dispute");
    assert_eq!(waiting(conn), [format!("appraisal_dispute {month}/S004 S004")]);
    let decision = Decision { score: None, reason: "已核实".to_owned() };
    appraisal_decide(conn, &work("S002"), (month, "S004"), &decision, on).expect("a decision");
    let sheet_no = sheet_make(conn, &work("S003"), (row.target_no, 0), on).expect("a sheet");
    assert_eq!(waiting(conn), [format!("bonus_sheet {sheet_no} draft")]);
    sheet_decide(conn, &work("S002"), sheet_no, &SheetDecision::Approve, on).expect("a second person");
    assert_eq!(waiting(conn), [format!("bonus_sheet {sheet_no} approved")]);
    sheet_freeze(conn, &work("S002"), sheet_no, on).expect("frozen");
    assert!(waiting(conn).is_empty());
    target_plan(conn, &work("S003"), &order(&month.plus(1).to_string(), 1), on).expect("a draft");
}

#[test]
fn the_same_targets_on_every_database() {
    let ends = RefCell::new(Vec::new());
    on_each_engine(|store| {
        let mut world = super::engines::lived(store);
        some(&mut world);
        world.proven();
        world.stages();
        ends.borrow_mut().push(world.contents());
    });
    let ends = ends.into_inner();
    for other in &ends[1..] {
        assert_eq!(first_difference(&ends[0], other), None);
    }
    for table in [
        "target",
        "target_node",
        "target_result",
        "appraisal",
        "appraisal_event",
        "bonus_sheet",
        "bonus_line",
    ] {
        assert!(!ends[0][table].is_empty(), "{table} is empty");
    }
}

#[test]
fn a_target_is_shared_out_corrected_and_followed_in_the_ledger() {
    on_each_engine(|store| {
        let mut world = super::engines::lived(store);
        second_route(&mut world.conn);
        let (on, conn) = (world.on, &mut world.conn);
        let this = Month::of(on).to_string();
        charge_set(conn, &work("S003"), ("R2", "S001"), 0, on).expect("somebody answers for it");
        let row = target_plan(conn, &work("S003"), &order(&this, 1_000), on).expect("a plan");
        let key = row.target_no;
        let show =
            |conn: &mut Conn| target_show(conn, &work("S003"), key, Wanted::default(), on).expect("a target");
        let told = |conn: &mut Conn| -> Vec<(String, i64)> {
            let name =
                |node: &denghuo_office::targets::NodeShown| node.staff.clone().unwrap_or(node.unit.clone());
            show(conn).nodes.iter().map(|node| (name(node), node.amount.0)).collect()
        };
        // One account of four is on the second route.
        let expect = |s4: i64, s1: i64| -> Vec<(String, i64)> {
            [("C", 100_000), ("P", 100_000), ("S001", s1), ("S004", s4)]
                .map(|(n, a)| (n.to_owned(), a))
                .to_vec()
        };
        assert_eq!(told(conn), expect(75_000, 25_000));
        let by = work("S003");
        refused_corrections(conn, key, on);
        let forty = Some(Money::yuan(400));
        let changed = target_adjust(conn, &by, (key, 3), &set(forty, "大户停产"), on).expect("a correction");
        assert_eq!(changed.len(), 2);
        assert_eq!(told(conn), expect(60_000, 40_000));
        // What stays on both sides leaves nothing to share.
        let other = Some(Money::yuan(500));
        assert_eq!(
            code(target_adjust(conn, &by, (key, 4), &set(other, "x"), on)),
            Some("target.nothing_open")
        );
        assert_eq!(code(target_confirm(conn, &by, key, on)), Some("target.same_person"));
        assert_eq!(code(target_confirm(conn, &work("S001"), key, on)), Some("access.not_a_manager"));
        target_confirm(conn, &work("S002"), key, on).expect("a second person");
        assert_eq!(code(target_confirm(conn, &work("S002"), key, on)), Some("target.not_draft"));
        assert_eq!(code(target_plan(conn, &by, &order(&this, 1), on)), Some("target.exists"));
        // The ledger and the debts beside it tell the same.
        let shown = show(conn);
        let (beside, rates) = recovery(conn, period(&this).first_day(), on).expect("recovery");
        assert_eq!(
            (shown.nodes[0].receivable, shown.nodes[0].received),
            (beside.receivable, beside.received)
        );
        assert_eq!(shown.nodes[0].cumulative, rates.cumulative.map(|rate| rate.to_string()));
        let sum = |n: usize| shown.nodes[n].receivable;
        assert_eq!(sum(1), sum(2) + sum(3));
        let unknown = Wanted { as_known: Some(0), ..Wanted::default() };
        let before = target_show(conn, &work("S003"), key, unknown, on).expect("a target");
        assert_eq!((before.nodes[0].receivable, before.nodes[0].received), (Money::ZERO, Money::ZERO));
        assert!(before.nodes[0].amount == Money::yuan(1_000));
        assert!(shown.nodes.iter().all(|node| node.rank.is_some() == node.parent_no.is_some()), "{shown:?}");
        assert_eq!(target_list(conn, 0, on).expect("targets").len(), 1);
        world.proven();
    });
}

#[test]
fn the_shares_by_expected_recovery_come_to_the_whole() {
    on_each_engine(|store| {
        let mut world = super::engines::lived(store);
        second_route(&mut world.conn);
        let (on, conn) = (world.on, &mut world.conn);
        charge_set(conn, &work("S003"), ("R2", "S001"), 0, on).expect("somebody answers for it");
        let order = PlanOrder { method: Method::Expected, amount: Money(1_000_001), ..order("2026", 0) };
        let row = target_plan(conn, &work("S003"), &order, on).expect("a plan");
        assert_eq!(row.rules, "sgcc.recovery_segments");
        let shown = target_show(conn, &work("S003"), row.target_no, Wanted::default(), on).expect("a target");
        let people = || shown.nodes.iter().filter(|node| node.is_person);
        let weights: Vec<i64> = people().map(|node| node.weight).collect();
        let amounts: Vec<Money> = people().map(|node| node.amount).collect();
        assert_eq!(Some(amounts), shared(Money(1_000_001), &weights), "{weights:?}");
        assert!(weights.len() == 2 && weights.iter().sum::<i64>() > 0, "{weights:?}");
    });
}

#[test]
fn a_province_reaches_its_people() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        let (on, conn) = (world.on, &mut world.conn);
        conn.batch(
            "INSERT INTO org (org_id, code, name, kind, parent_id) VALUES (91, 'PR', '省公司', 'province', NULL), \
               (92, 'CI', '市公司', 'city', 91), (93, 'CI2', '另一市公司', 'city', 91); \
             UPDATE org SET parent_id = 92 WHERE code = 'C'",
        )
        .expect("SQL");
        let order = PlanOrder { unit: "PR".to_owned(), ..order("2026-Q2", 777) };
        let row = target_plan(conn, &work("S003"), &order, on).expect("a plan");
        let shown = target_show(conn, &work("S003"), row.target_no, Wanted::default(), on).expect("a target");
        let way: Vec<&str> = shown.nodes.iter().map(|node| node.unit.as_str()).collect();
        assert_eq!(way, ["PR", "CI", "C", "P", "P"], "a city that supplies nobody has no share");
        assert_eq!(shown.nodes[4].staff.as_deref(), Some("S004"));
        assert!(shown.nodes.iter().all(|node| node.amount == Money::yuan(777)));
    });
}

#[test]
fn every_month_of_a_life_reconciles_with_the_debts() {
    on_each_engine(|store| {
        let mut world = super::engines::lived(store);
        let (on, conn) = (world.on, &mut world.conn);
        let mut month = Month::new(2026, 3).expect("a month");
        while month < Month::of(on) {
            let text = month.to_string();
            let row = target_plan(conn, &work("S003"), &order(&text, 10), on).expect("a plan");
            let wanted = Wanted { as_of: Some(month.last_day()), ..Wanted::default() };
            let shown = target_show(conn, &work("S003"), row.target_no, wanted, on).expect("a target");
            let (beside, _) = recovery(conn, month.first_day(), month.last_day()).expect("recovery");
            let root = &shown.nodes[0];
            assert_eq!((&text, root.receivable, root.received), (&text, beside.receivable, beside.received));
            month = month.plus(1);
        }
    });
}

#[test]
fn an_appraisal_is_seen_disputed_and_decided() {
    on_each_engine(|store| {
        let mut world = super::engines::lived(store);
        world.live(10, &[Shown::More(100); ACCOUNTS]);
        let (on, conn) = (world.on, &mut world.conn);
        let month = Month::of(on).plus(-1);
        let key = (month, "S004");
        let shown = appraisal_show(conn, &work("S004"), key, None, on).expect("an appraisal");
        assert_eq!(shown.state, AppraisalState::Open);
        assert!(
            shown.steps.len() > 3 && shown.steps.iter().all(|step| step.rule.is_some()),
            "{:?}",
            shown.steps
        );
        let by = work("S004");
        assert_eq!(
            code(appraisal_say(conn, &work("S002"), key, (Said::Comment, "x"), on)),
            Some("appraisal.not_oneself")
        );
        assert_eq!(code(appraisal_say(conn, &by, key, (Said::Comment, " "), on)), Some("appraisal.words"));
        assert_eq!(
            code(appraisal_say(conn, &by, (month, "S001"), (Said::Comment, "x"), on)),
            Some("appraisal.unknown")
        );
        let late = denghuo_rules::calendar::plus_days(month.last_day(), 11);
        assert_eq!(
            code(appraisal_say(conn, &by, key, (Said::Dispute, "x"), late)),
            Some("appraisal.too_late")
        );
        appraisal_say(conn, &by, key, (Said::Dispute, "示数更正非本人差错"), on).expect("a dispute");
        let lead = work("S002");
        let decide = |conn: &mut Conn, who: &str, score: Option<Score>, reason: &str| {
            let decision = Decision { score, reason: reason.to_owned() };
            appraisal_decide(conn, &work(who), key, &decision, on)
        };
        assert_eq!(code(decide(conn, "S001", None, "x")), Some("access.not_a_manager"));
        assert_eq!(
            code(decide(conn, "S002", None, "")),
            Some("appraisal.words"),
            "a dispute wants an answer"
        );
        let far = Some(Score(shown.score.0 - 1_001));
        assert_eq!(code(decide(conn, "S002", far, "x")), Some("appraisal.too_far"));
        let near = Score(shown.score.0 - 50);
        decide(conn, "S002", Some(near), "更正已核实").expect("a decision");
        assert_eq!(code(decide(conn, "S003", None, "x")), Some("appraisal.decided"));
        assert_eq!(code(appraisal_say(conn, &by, key, (Said::Comment, "x"), on)), Some("appraisal.decided"));
        let shown = appraisal_show(conn, &lead, key, Some(2), on).expect("in sight of the station");
        assert_eq!((shown.state, shown.decided), (AppraisalState::Decided, Some(near)));
        assert_eq!(
            shown.said.iter().map(|said| said.deed.as_str()).collect::<Vec<_>>(),
            ["dispute", "decide"]
        );
        let all = appraisal_list(conn, &lead, (0, None, Some(month)), on).expect("a list");
        assert!(all.iter().any(|row| row.staff == "S004"));
        world.proven();
    });
}

#[test]
fn a_bonus_sheet_is_drawn_up_agreed_to_and_frozen() {
    on_each_engine(|store| {
        let mut world = super::engines::lived(store);
        some(&mut world);
        let (on, conn) = (world.on, &mut world.conn);
        let sheets = sheet_list(conn, &work("S003"), 0, on).expect("sheets");
        assert_eq!(sheets.len(), 1);
        let sheet = sheet_show(conn, &work("S003"), (sheets[0].sheet_no, 0), on).expect("a sheet");
        assert_eq!(sheet.state, SheetState::Frozen);
        assert_eq!(sheet.lines.iter().map(|line| line.staff.as_str()).collect::<Vec<_>>(), ["S001", "S004"]);
        assert_eq!(sheet.total, sheet.lines.iter().map(|line| line.amount).sum());
        assert!(sheet.lines.iter().all(|line| line.steps.len() == 3), "{:?}", sheet.lines);
        let by = work("S003");
        assert_eq!(code(sheet_make(conn, &by, (sheet.target_no, 0), on)), Some("bonus.paid_twice"));
        assert_eq!(code(sheet_freeze(conn, &work("S002"), sheet.sheet_no, on)), Some("bonus.state"));
        let draft =
            target_list(conn, 0, on).expect("targets").into_iter().find(|t| t.state == TargetState::Draft);
        let draft = draft.expect("the next month").target_no;
        assert_eq!(code(sheet_make(conn, &by, (draft, 0), on)), Some("bonus.not_closed"));
    });
}

#[test]
fn a_sheet_that_would_divide_by_zero_is_refused() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        let (on, conn) = (world.on, &mut world.conn);
        let row = target_plan(conn, &work("S003"), &order("2026-02", 100), on).expect("a plan");
        target_confirm(conn, &work("S002"), row.target_no, on).expect("a second person");
        world.live(22, &[Shown::Nothing; ACCOUNTS]);
        let (on, conn) = (world.on, &mut world.conn);
        let refused =
            sheet_make(conn, &work("S003"), (row.target_no, 0), on).expect_err("nothing was expected");
        assert_eq!(refused.code(), Some("formula.divides_by_zero"));
        assert!(refused.to_string().contains("S004"), "{refused}");
        world.proven();
    });
}

#[test]
fn what_is_no_plan_is_refused() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        let (on, conn) = (world.on, &mut world.conn);
        let by = work("S003");
        let elsewhere = PlanOrder { unit: "Z".to_owned(), ..order("2026-03", 1) };
        assert_eq!(code(target_plan(conn, &by, &elsewhere, on)), Some("target.unknown_unit"));
        assert_eq!(code(target_plan(conn, &by, &order("2026-03", -1), on)), Some("target.negative_amount"));
        let weighed = |key: &str, weight| PlanOrder {
            weights: [(key.to_owned(), weight)].into(),
            ..order("2026-03", 1)
        };
        assert_eq!(code(target_plan(conn, &by, &weighed("P/S001", 1), on)), Some("target.unknown_weight"));
        assert_eq!(code(target_plan(conn, &by, &weighed("P/S004", -1), on)), Some("target.negative_weight"));
        assert_eq!(code(target_plan(conn, &by, &weighed("P/S004", 0), on)), Some("target.no_weight"));
        assert_eq!(
            code(target_plan(conn, &work("S001"), &order("2026-03", 1), on)),
            Some("access.not_a_manager")
        );
        assert!(target_plan(conn, &by, &order("2031", 1), on).is_err(), "no calendar for 2031");
        conn.batch(
            "UPDATE org SET parent_id = (SELECT o.org_id FROM org o WHERE o.code = 'P') WHERE code = 'C'",
        )
        .expect("SQL");
        assert_eq!(code(target_plan(conn, &by, &order("2026-03", 1), on)), Some("target.cycle"));
    });
}
