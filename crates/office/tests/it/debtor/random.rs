//! 随机经历: people do anything at any moment; whatever is refused, what the law asks for holds.

use super::super::luck::played;
use super::super::world::{allowed, work};
use super::world::{COMPANY, Company, DEBTOR, HOME};
use denghuo_office::collections::{HoldOrder, PlanOrder, hold_release, hold_set, plan_make, step_done};
use denghuo_office::disconnection::{
    Channel, CutCall, CutProposal, cut_approve, cut_call, cut_confirm, cut_execute, cut_propose,
    cut_withdraw, sweep, warrant_issue,
};
use denghuo_office::legal::{NewInsolvency, case_approve, insolvency_end, insolvency_note};
use denghuo_office::notices::{ServiceReport, notice_refused, notice_serve};
use denghuo_office::payments::{Payment, pay, reverse};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::collections::ladder::StepKind;
use denghuo_rules::collections::plan::{PlanKind, PlanPart};
use denghuo_rules::disconnection::CallOutcome;
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::payments::Channel as PayChannel;
use denghuo_rules::units::Money;
use denghuo_store::testing::sqlite;
use jiff::civil::DateTime;
use proptest::prelude::*;

/// Something that somebody does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Pay(i64),
    Reverse(i64),
    Hold(bool),
    Release(i64),
    Plan,
    Serve(i64),
    Refuse(i64),
    Visit,
    Propose,
    Approve,
    Warrant,
    Call,
    Execute,
    Confirm(bool),
    Sweep,
    Withdraw,
    Letter(i64),
    Insolvent(bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    // What leads to a cut comes often: else no history ever gets there.
    prop_oneof![
        2 => (1_i64..40_000).prop_map(Deed::Pay),
        1 => (1_i64..4).prop_map(Deed::Reverse),
        1 => any::<bool>().prop_map(Deed::Hold),
        2 => (1_i64..4).prop_map(Deed::Release),
        1 => Just(Deed::Plan),
        12 => (1_i64..14).prop_map(Deed::Serve),
        1 => (1_i64..14).prop_map(Deed::Refuse),
        1 => Just(Deed::Visit),
        1 => Just(Deed::Propose),
        6 => Just(Deed::Approve),
        6 => Just(Deed::Warrant),
        6 => Just(Deed::Call),
        6 => Just(Deed::Execute),
        4 => any::<bool>().prop_map(Deed::Confirm),
        2 => Just(Deed::Sweep),
        1 => Just(Deed::Withdraw),
        1 => (1_i64..4).prop_map(Deed::Letter),
        1 => any::<bool>().prop_map(Deed::Insolvent),
    ]
}

/// Does it; a refusal is an answer, anything else a defect.
fn play(company: &mut Company, deed: Deed, at: DateTime) {
    let on = at.date();
    let conn = &mut company.conn;
    let (collector, inspector, manager) = (work("S005"), work("S007"), work("S003"));
    match deed {
        Deed::Pay(_) | Deed::Reverse(_) | Deed::Hold(_) | Deed::Release(_) | Deed::Plan => {
            money(company, deed, at);
        }
        Deed::Serve(no) => {
            let mut report = ServiceReport::new(ServiceWay::Signed, at);
            report.signer = Some("甲".to_owned());
            report.signer_role = Some(SignerRole::Oneself);
            allowed(notice_serve(conn, &collector, (DEBTOR, no), &report));
        }
        Deed::Refuse(no) => {
            let mut report = ServiceReport::new(ServiceWay::Signed, at);
            report.witness = Some("居委会工作人员".to_owned());
            allowed(notice_refused(conn, &collector, (DEBTOR, no), &report));
        }
        Deed::Visit => drop(allowed(step_done(conn, &collector, DEBTOR, (1, StepKind::Visit), "已访", on))),
        Deed::Propose => {
            let proposal = CutProposal { account_id: DEBTOR, reason: "arrears".to_owned(), step: None };
            allowed(cut_propose(conn, &collector, &proposal, at));
        }
        Deed::Approve => drop(allowed(cut_approve(conn, &manager, DEBTOR, at))),
        Deed::Warrant => drop(allowed(warrant_issue(conn, &inspector, DEBTOR, at))),
        Deed::Call => {
            let told_cut_at = at.checked_add(jiff::Span::new().minutes(30)).expect("a moment");
            let outcome = CallOutcome::Reached;
            let call = CutCall { account_id: DEBTOR, told_cut_at, outcome, evidence_no: None };
            allowed(cut_call(conn, &inspector, &call, at));
        }
        Deed::Execute => drop(allowed(cut_execute(conn, &inspector, DEBTOR, Channel::Field, at))),
        Deed::Confirm(done) => drop(allowed(cut_confirm(conn, &inspector, DEBTOR, (done, None), at))),
        Deed::Sweep => drop(allowed(sweep(conn, &work("system"), at))),
        Deed::Withdraw => drop(allowed(cut_withdraw(conn, &manager, DEBTOR, "不停", at))),
        Deed::Letter(no) => drop(allowed(case_approve(conn, &manager, (DEBTOR, no), None, on))),
        Deed::Insolvent(true) => {
            let court = "县人民法院".to_owned();
            let new = NewInsolvency {
                accepted_on: on,
                claims_until: None,
                court,
                administrator: None,
                evidence_no: None,
            };
            allowed(insolvency_note(conn, &manager, DEBTOR, &new, on));
        }
        Deed::Insolvent(false) => drop(allowed(insolvency_end(conn, &manager, DEBTOR, on))),
    }
}

/// Money, holds and plans.
fn money(company: &mut Company, deed: Deed, at: DateTime) {
    let on = at.date();
    let conn = &mut company.conn;
    let collector = work("S005");
    match deed {
        Deed::Pay(fen) => {
            let id = format!("P{at}{fen}");
            let payment =
                Payment { channel: PayChannel::Cash, external_id: id, amount: Money(fen), paid_on: on };
            allowed(pay(conn, &work("S001"), DEBTOR, &payment, on));
        }
        Deed::Reverse(no) => drop(allowed(reverse(conn, &work("S001"), (DEBTOR, no), "误收", on))),
        Deed::Hold(dispute) => {
            let kind = if dispute { HoldKind::Dispute } else { HoldKind::SuspectedReading };
            let source = format!("{at}");
            let reason = "有异议".to_owned();
            let order = HoldOrder { account_id: DEBTOR, kind, bill_no: 0, until_on: None, reason, source };
            allowed(hold_set(conn, &work("S002"), &order, on));
        }
        Deed::Release(no) => drop(allowed(hold_release(conn, &work("S002"), (DEBTOR, no), "核实", on))),
        Deed::Plan => {
            let part = |days, fen| PlanPart { due_on: plus_days(on, days), amount: Money(fen) };
            let order = PlanOrder {
                account_id: DEBTOR,
                kind: PlanKind::Plan,
                bills: vec![1],
                parts: vec![part(10, 5_000), part(20, 5_938)],
                agreed_how: "written".to_owned(),
                approved_by: Some("S002".to_owned()),
                evidence_no: None,
            };
            allowed(plan_make(conn, &collector, &order, on));
        }
        _ => {}
    }
}

/// What no history may come to, beyond what verify proves.
fn check(company: &mut Company, before: &str) -> String {
    let mut count = |sql: &str| company.conn.query_int(sql, &[]).expect("SQL");
    let unwarranted = "SELECT COUNT(*) FROM operation o WHERE o.kind = 'cut' AND NOT EXISTS (SELECT 1 FROM warrant w \
        WHERE w.account_id = o.account_id AND w.case_no = o.case_no AND w.warrant_no = o.warrant_no \
        AND w.state = 'consumed' AND w.made_at <= o.ordered_at AND o.ordered_at <= w.expires_at)";
    assert_eq!(count(unwarranted), 0, "a cut without a warrant");
    let twice = "SELECT COUNT(*) FROM (SELECT account_id, notice_no, delivery_no FROM delivery_attempt \
        WHERE outcome IN ('sent', 'delivered', 'taken') GROUP BY account_id, notice_no, delivery_no HAVING COUNT(*) > 1) x";
    assert_eq!(count(twice), 0, "told twice");
    let at_night = "SELECT COUNT(*) FROM delivery_attempt WHERE begun_at / 10000 % 100 NOT BETWEEN 8 AND 20";
    assert_eq!(count(at_night), 0, "told at night");
    let silent = "SELECT COUNT(*) FROM receivable r WHERE NOT EXISTS (SELECT 1 FROM notice n \
        WHERE n.account_id = r.account_id AND n.kind = 'bill' AND n.bill_no = r.bill_no)";
    assert_eq!(count(silent), 0, "a released bill that nobody was told of");
    let steps = "SELECT COUNT(*) FROM ladder_step WHERE done_on IS NOT NULL AND done_on < due_on AND kind <> 'bill_notice'";
    assert_eq!(count(steps), 0, "a step before its day");
    let now = company.timeline();
    assert!(now.lines().count() >= before.lines().count(), "history is not taken back:\n{before}\n{now}");
    now
}

/// Histories of a test, of some 55 deeds each, with up to two business days before every one.
const CASES: u32 = 12;

fn histories(seed: u8) {
    let deeds = prop::collection::vec((0_i64..3, 8_i8..18, deed()), 40..70);
    let steps = played(seed, CASES, &(any::<bool>(), deeds), |(home, deeds)| {
        let mut company =
            Company::keeping(sqlite().expect("a database"), if home { &HOME } else { &COMPANY });
        // The first demand was signed for, so that there is something to cut for.
        company.until_the_demand();
        let mut timeline = String::new();
        let steps = deeds.len() as u64;
        for (days, hour, deed) in deeds {
            company.live_to(plus_days(company.on, days));
            let at = company.on.at(hour, 30, 0, 0);
            play(&mut company, deed, at);
            timeline = check(&mut company, &timeline);
        }
        company.proven();
        steps
    });
    assert!(steps >= 45 * u64::from(CASES), "{steps} steps");
}

#[test]
fn what_the_law_asks_for_holds() {
    histories(1);
}

#[test]
fn what_the_law_asks_for_holds_in_other_histories() {
    histories(2);
}
