//! Holds, plans, promises, insolvency, and the collector's list.

use super::*;
use crate::collections::{
    HoldOrder, PlanOrder, hold_release, hold_set, holds_of, ladder_show, plan_cancel, plan_make, plans_of,
    step_done, verify_fees, worklist,
};
use crate::payments::{Payment, pay};
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::collections::ladder::StepKind;
use denghuo_rules::collections::plan::{PlanKind, PlanPart, PlanState};
use denghuo_rules::payments::Channel;

fn days(store: &Store, from: Date, to: Date) {
    let mut on = from;
    while on <= to {
        run(store, on);
        on = plus_days(on, 1);
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, crate::error::OfficeError>) -> &'static str {
    result.unwrap_err().code().unwrap()
}

fn dispute(account_id: i64) -> HoldOrder {
    HoldOrder {
        account_id,
        kind: HoldKind::Dispute,
        bill_no: 1,
        until_on: None,
        reason: "对电量有异议".to_owned(),
        source: "C-1".to_owned(),
    }
}

fn paid(conn: &mut Conn, account_id: i64, yuan: i64, on: Date) {
    let payment = Payment {
        channel: Channel::Cash,
        external_id: format!("P{account_id}-{on}"),
        amount: Money::yuan(yuan),
        paid_on: on,
    };
    pay(conn, &work("S001"), account_id, &payment, on).unwrap();
}

/// Every promise of the store that these accounts without bills can keep.
fn proven(conn: &mut Conn) {
    let of_ladder = [
        "step_has_debt",
        "demand_has_notice",
        "step_ends_on_a_day",
        "one_planned_stop",
        "hold_is_whole",
        "plan_is_sum_of_parts",
        "plan_holds_while_it_runs",
    ];
    for check in denghuo_store::verify::checks().filter(|check| of_ladder.contains(&check.name)) {
        let finding = denghuo_store::verify::run(conn, check).unwrap();
        assert_eq!(finding.broken, 0, "{}: {:?}", check.promise, finding.sample);
    }
    assert_eq!(crate::collections::verify_stops(conn, &work("system")).unwrap().sample, [""; 0]);
    assert_eq!(verify_fees(conn, &work("system")).unwrap().sample, [""; 0]);
}

#[test]
fn a_hold_pauses_says_why_and_is_released_with_a_reason() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        company(&mut conn, 1);
        owes(&mut conn, 1, 1, date(2026, 7, 20));
        run(store, date(2026, 7, 21));
        let set = date(2026, 7, 21);
        let hold = hold_set(&mut conn, &work("S004"), &dispute(1), set).unwrap();
        assert_eq!((hold.hold_no, hold.until_on), (1, Some(date(2026, 9, 18))));
        assert_eq!(hold_set(&mut conn, &work("S004"), &dispute(1), plus_days(set, 1)).unwrap(), hold);
        let other = HoldOrder { reason: "另一原因".to_owned(), ..dispute(1) };
        let same_source = hold_set(&mut conn, &work("S004"), &other, set);
        assert_eq!(code(same_source), "hold.same_source_other_content");
        let by_hand = HoldOrder { kind: HoldKind::Plan, source: "x".to_owned(), ..dispute(1) };
        assert_eq!(code(hold_set(&mut conn, &work("S004"), &by_hand, set)), "hold.not_by_hand");
        assert_eq!(
            code(hold_set(
                &mut conn,
                &work("S001"),
                &HoldOrder { source: "y".to_owned(), ..dispute(1) },
                set
            )),
            "hold.wrong_role"
        );
        let unknown = HoldOrder { bill_no: 7, source: "z".to_owned(), ..dispute(1) };
        assert_eq!(code(hold_set(&mut conn, &work("S004"), &unknown, set)), "hold.unknown_bill");
        days(store, date(2026, 7, 22), date(2026, 7, 30));
        assert_eq!(steps(&mut conn, 1), ["arrears:1:1 done 2026-07-21", "demand:1:1 held 2026-07-22"]);
        let shown = ladder_show(&mut conn, &work("system"), 1, date(2026, 7, 30)).unwrap();
        assert!(
            shown.why.iter().any(|step| step.code == "ladder_held" && step.text.zh.contains("争议")),
            "{shown:?}"
        );
        let release = date(2026, 7, 31);
        assert_eq!(code(hold_release(&mut conn, &work("S004"), (1, 1), " ", release)), "hold.no_reason");
        let released = hold_release(&mut conn, &work("S004"), (1, 1), "已复核", release).unwrap();
        assert_eq!(
            hold_release(&mut conn, &work("S004"), (1, 1), "再次", plus_days(release, 1)).unwrap(),
            released
        );
        days(store, release, release);
        assert_eq!(steps(&mut conn, 1), ["arrears:1:1 done 2026-07-21", "demand:1:1 due 2026-07-31"]);
        proven(&mut conn);
    });
}

fn plan(parts: &[(Date, i64)], approved_by: Option<&str>) -> PlanOrder {
    PlanOrder {
        account_id: 1,
        kind: if approved_by.is_some() { PlanKind::Plan } else { PlanKind::Promise },
        bills: vec![1],
        parts: parts
            .iter()
            .map(|(due_on, yuan)| PlanPart { due_on: *due_on, amount: Money::yuan(*yuan) })
            .collect(),
        agreed_how: "written".to_owned(),
        approved_by: approved_by.map(str::to_owned),
        evidence_no: None,
    }
}

#[test]
fn a_plan_is_kept_or_broken_by_what_comes_in() {
    // (what is paid on which day, how it ends, on which day)
    for (pays, state, ended) in [
        (vec![(date(2026, 7, 31), 400), (date(2026, 8, 12), 700)], PlanState::Kept, Some(date(2026, 8, 12))),
        (vec![(date(2026, 8, 4), 400)], PlanState::Broken, Some(date(2026, 8, 14))),
        (vec![(date(2026, 8, 4), 399)], PlanState::Broken, Some(date(2026, 8, 5))),
        (vec![], PlanState::Broken, Some(date(2026, 8, 5))),
    ] {
        on_each_engine(|store| {
            let mut conn = store.connect().unwrap();
            company(&mut conn, 1);
            owes(&mut conn, 1, 1, date(2026, 7, 20));
            run(store, date(2026, 7, 21));
            let on = date(2026, 7, 22);
            let order = plan(&[(date(2026, 8, 1), 400), (date(2026, 8, 10), 600)], Some("S002"));
            let made = plan_make(&mut conn, &work("S001"), &order, on).unwrap();
            assert_eq!(plan_make(&mut conn, &work("S001"), &order, on).unwrap(), made);
            let other = plan(&[(date(2026, 8, 2), 1_000)], Some("S002"));
            assert_eq!(code(plan_make(&mut conn, &work("S001"), &other, on)), "plan.already_running");
            let mut day = on;
            while day <= date(2026, 8, 15) {
                for (paid_on, yuan) in pays.iter().filter(|(paid_on, _)| *paid_on == day) {
                    paid(&mut conn, 1, *yuan, *paid_on);
                }
                run(store, day);
                day = plus_days(day, 1);
            }
            let plans = plans_of(&mut conn, 1).unwrap();
            assert_eq!((plans[0].row.state, plans[0].row.ended_on), (state, ended), "{pays:?}");
            let holds = holds_of(&mut conn, 1).unwrap();
            assert_eq!(holds[0].released_on, ended);
            if state == PlanState::Broken {
                let tasks = denghuo_store::tasks::of_account(&mut conn, 1).unwrap();
                assert!(tasks.iter().any(|task| task.kind == "plan_broken"), "{tasks:?}");
                let demand =
                    steps(&mut conn, 1).into_iter().find(|step| step.starts_with("demand:1:1")).unwrap();
                assert!(demand.ends_with(&ended.unwrap().to_string()), "{demand}");
            }
            proven(&mut conn);
        });
    }
}

#[test]
fn a_promise_is_taken_back_and_the_ladder_goes_on() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        company(&mut conn, 1);
        owes(&mut conn, 1, 1, date(2026, 7, 20));
        run(store, date(2026, 7, 21));
        let promise = plan(&[(date(2026, 7, 31), 300)], None);
        plan_make(&mut conn, &work("S001"), &promise, date(2026, 7, 21)).unwrap();
        days(store, date(2026, 7, 22), date(2026, 7, 23));
        assert_eq!(steps(&mut conn, 1)[1], "demand:1:1 held 2026-07-22");
        plan_cancel(&mut conn, &work("S001"), (1, 1), "客户撤回", date(2026, 7, 24)).unwrap();
        plan_cancel(&mut conn, &work("S001"), (1, 1), "客户撤回", date(2026, 7, 24)).unwrap();
        assert_eq!(
            code(plan_cancel(&mut conn, &work("S001"), (1, 2), "", date(2026, 7, 24))),
            "plan.unknown"
        );
        days(store, date(2026, 7, 24), date(2026, 7, 24));
        assert_eq!(steps(&mut conn, 1)[1], "demand:1:1 due 2026-07-24");
        let shown = ladder_show(&mut conn, &work("system"), 1, date(2026, 7, 24)).unwrap();
        let what: Vec<&str> = shown.timeline.iter().map(|row| row.what.as_str()).collect();
        for expected in [
            "bill_released",
            "last_payment_day",
            "step",
            "hold",
            "plan",
            "plan_ended",
            "hold_released",
            "notice",
        ] {
            assert!(what.contains(&expected), "{what:?}");
        }
        proven(&mut conn);
    });
}

#[test]
fn late_fees_and_the_ladder_stop_at_insolvency() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        company(&mut conn, 1);
        owes(&mut conn, 1, 1, date(2026, 7, 20));
        days(store, date(2026, 7, 30), date(2026, 7, 31));
        let fee = |conn: &mut Conn| {
            conn.query_int("SELECT booked_fen FROM late_fee WHERE account_id = 1", &[]).unwrap()
        };
        assert_eq!(fee(&mut conn), 1_100, "eleven days of 1‰, booked at the end of the month");
        conn.execute(
            "INSERT INTO insolvency (account_id, insolvency_no, accepted_on, claims_until, court, noted_by) \
             VALUES (1, 1, 20260726, 20260926, '县法院', 'S002')",
            &[],
        )
        .unwrap();
        proven(&mut conn);
        days(store, date(2026, 8, 1), date(2026, 8, 1));
        assert_eq!(fee(&mut conn), 500, "through the 25th");
        proven(&mut conn);
        served(&mut conn, 1, date(2026, 8, 1));
        days(store, date(2026, 8, 2), date(2026, 8, 31));
        assert_eq!(fee(&mut conn), 500);
        assert_eq!(steps(&mut conn, 1).last().unwrap(), "stop_plan:1:1 held 2026-08-20");
        proven(&mut conn);
    });
}

#[test]
fn a_collector_has_a_list_and_notes_what_was_done() {
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        company(&mut conn, 3);
        conn.batch("UPDATE account SET protection = 'low_income' WHERE account_id = 2").unwrap();
        for account in 1..=3 {
            owes(&mut conn, account, 1, date(2026, 7, 20));
        }
        owes(&mut conn, 3, 2, date(2026, 7, 20));
        let mut on = date(2026, 7, 21);
        while on <= date(2026, 8, 8) {
            run(store, on);
            served(&mut conn, 2, on);
            on = plus_days(on, 1);
        }
        let lines = worklist(&mut conn, &work("system"), "S001", on).unwrap();
        let order: Vec<&str> = lines.iter().map(|line| line.account_no.as_str()).collect();
        assert_eq!(order, ["A2", "A3", "A1"], "a visit is near, then the larger debt: {lines:?}");
        let done = |conn: &mut Conn, by: &str, kind| step_done(conn, &work(by), 2, (1, kind), "已上门", on);
        assert_eq!(code(done(&mut conn, "S004", StepKind::Visit)), "ladder.wrong_role");
        assert_eq!(code(done(&mut conn, "S001", StepKind::Demand)), "ladder.no_task");
        assert_eq!(code(done(&mut conn, "S002", StepKind::ProtectionDecision)), "ladder.not_due");
        done(&mut conn, "S001", StepKind::Visit).unwrap();
        days(store, on, date(2026, 8, 20));
        assert!(
            steps(&mut conn, 2).contains(&"visit:1:1 done 2026-08-07".to_owned()),
            "{:?}",
            steps(&mut conn, 2)
        );
        assert!(steps(&mut conn, 2).contains(&"protection_decision:1:1 due 2026-08-20".to_owned()));
        proven(&mut conn);
    });
}
