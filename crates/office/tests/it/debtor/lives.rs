//! Ten lives that end otherwise.

use super::super::world::work;
use super::world::{COMPANY, Company, DEBTOR, Debtor, HOME};
use denghuo_office::collections::{HoldOrder, PlanOrder, hold_release, hold_set, plan_make, plans_of};
use denghuo_office::disconnection::{Channel, cut_execute, warrant_issue};
use denghuo_office::legal::{NewEvent, NewInsolvency, clocks, event_note, insolvency_note};
use denghuo_office::notices::{ServiceReport, notice_refused, notice_serve};
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::collections::ladder::StepKind;
use denghuo_rules::collections::plan::{PlanKind, PlanPart};
use denghuo_rules::disconnection::CutDocument;
use denghuo_rules::legal::limitation::EventKind;
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::testing::on_each_engine;
use jiff::civil::{Date, date};

const ME: Range = Range { from: DEBTOR, to: DEBTOR };

/// A life on each of the databases.
fn lived(debtor: &Debtor, life: impl Fn(&mut Company)) {
    on_each_engine(|store| life(&mut Company::with(store, debtor)));
}

#[test]
fn pays_on_the_eighth_day() {
    lived(&HOME, |company| {
        company.live_to(date(2026, 3, 13));
        company.pay_all(company.on.at(9, 30, 0, 0));
        company.live_to(date(2026, 4, 4));
        assert!(company.notice(NoticeKind::Demand).is_none());
        assert!(company.timeline().contains("step 1 arrears"));
        company.proven();
    });
}

#[test]
fn pays_during_the_thirty_minutes() {
    lived(&HOME, |company| {
        company.until_the_call();
        company.pay_all(company.on.at(9, 40, 0, 0));
        let refused =
            cut_execute(&mut company.conn, &work("S007"), DEBTOR, Channel::Field, company.on.at(10, 0, 0, 0));
        assert!(refused.is_err_and(|e| e.code().is_some()), "a cut after the payment");
        company.live_to(date(2026, 4, 18));
        assert!(!company.timeline().contains("operation"), "{}", company.timeline());
        company.proven();
    });
}

#[test]
fn disputes() {
    lived(&HOME, |company| {
        company.until_the_demand();
        company.live_to(date(2026, 4, 1));
        let order = HoldOrder {
            account_id: DEBTOR,
            kind: HoldKind::Dispute,
            bill_no: 1,
            until_on: None,
            reason: "对电量有异议".to_owned(),
            source: "95598-1".to_owned(),
        };
        let hold = hold_set(&mut company.conn, &work("S002"), &order, company.on).expect("a hold");
        company.live_to(date(2026, 4, 20));
        assert!(company.notice(NoticeKind::StopPlan).is_none());
        assert!(!company.timeline().contains("cut_case"), "{}", company.timeline());
        hold_release(&mut company.conn, &work("S002"), (DEBTOR, hold.hold_no), "核实无误", company.on)
            .expect("released");
        company.live_to(date(2026, 4, 23));
        assert!(company.timeline().contains("cut"), "{}", company.timeline());
        company.proven();
    });
}

#[test]
fn is_an_important_user() {
    lived(&Debtor { importance: "second", ..COMPANY }, |company| {
        company.until_the_demand();
        company.live_to(date(2026, 3, 19));
        company.step("S005", StepKind::Visit);
        company.live_to(date(2026, 4, 13));
        company.step("S002", StepKind::ProtectionDecision);
        company.live_to(date(2026, 4, 14));
        company.approve();
        company.hand_over(NoticeKind::StopPlan);
        company.live_to(date(2026, 4, 17));
        let at = company.on.at(9, 0, 0, 0);
        assert!(company.failed_gates(at).contains(&"G07".to_owned()), "{:?}", company.failed_gates(at));
        assert!(warrant_issue(&mut company.conn, &work("S007"), DEBTOR, at).is_err());
        company.document(CutDocument::AuthorityCopy, "县发展和改革局", at.date());
        assert!(!company.failed_gates(at).contains(&"G07".to_owned()), "{:?}", company.failed_gates(at));
        company.proven();
    });
}

#[test]
fn is_an_estate_of_51_households() {
    for (households, guarded) in [(50, false), (51, true)] {
        let estate = Some((households, "别的物业公司"));
        lived(&Debtor { category: "communal", estate, ..COMPANY }, |company| {
            company.until_the_window();
            let at = company.on.at(9, 0, 0, 0);
            let failed = company.failed_gates(at).contains(&"G09".to_owned());
            assert_eq!(failed, guarded, "{households} households");
        });
    }
}

#[test]
fn is_a_property_company() {
    lived(&Debtor { estate: Some((10, COMPANY.name)), ..COMPANY }, |company| {
        company.until_the_window();
        let at = company.on.at(9, 0, 0, 0);
        assert!(company.failed_gates(at).contains(&"G09".to_owned()), "{:?}", company.failed_gates(at));
        for body in ["政府", "信访维稳", "公安", "居委会"] {
            company.document(CutDocument::Talk, body, at.date());
        }
        company.document(
            CutDocument::Posting,
            "小区公告栏",
            denghuo_rules::calendar::plus_days(at.date(), -2),
        );
        assert!(!company.failed_gates(at).contains(&"G09".to_owned()), "{:?}", company.failed_gates(at));
        company.proven();
    });
}

#[test]
fn breaks_a_plan() {
    lived(&HOME, |company| {
        company.until_the_demand();
        let half = |due_on| PlanPart { due_on, amount: Money(5_469) };
        let order = PlanOrder {
            account_id: DEBTOR,
            kind: PlanKind::Plan,
            bills: vec![1],
            parts: vec![half(date(2026, 4, 1)), half(date(2026, 4, 15))],
            agreed_how: "written".to_owned(),
            approved_by: Some("S002".to_owned()),
            evidence_no: None,
        };
        plan_make(&mut company.conn, &work("S005"), &order, company.on).expect("a plan");
        company.live_to(date(2026, 3, 31));
        assert!(plans_of(&mut company.conn, DEBTOR).expect("SQL")[0].row.state.word() == "running");
        company.live_to(date(2026, 4, 16));
        assert!(plans_of(&mut company.conn, DEBTOR).expect("SQL")[0].row.state.word() == "broken");
        assert!(company.timeline().contains("cut"), "{}", company.timeline());
        company.proven();
    });
}

#[test]
fn refuses_to_sign() {
    lived(&HOME, |company| {
        company.until_the_approval();
        let notice = company.notice(NoticeKind::StopPlan).expect("a notice");
        let key = (DEBTOR, notice.notice_no);
        let mut refusal = ServiceReport::new(ServiceWay::Signed, company.on.at(10, 0, 0, 0));
        refusal.signer = Some("甲".to_owned());
        refusal.witness = Some("居委会工作人员".to_owned());
        refusal.note = Some("拒绝签收".to_owned());
        notice_refused(&mut company.conn, &work("S005"), key, &refusal).expect("a refusal");
        assert_eq!(company.notice(NoticeKind::StopPlan).expect("it").state, "open");
        let mut left = ServiceReport::new(ServiceWay::Left, company.on.at(10, 10, 0, 0));
        left.place = Some("一号".to_owned());
        left.witness = Some("居委会工作人员".to_owned());
        left.file = refusal_photo();
        notice_serve(&mut company.conn, &work("S005"), key, &left).expect("left with a witness");
        let served = company.notice(NoticeKind::StopPlan).expect("it");
        assert_eq!(served.state, "served");
        company.live_to(date(2026, 4, 16));
        let at = company.on.at(9, 0, 0, 0);
        assert!(!company.failed_gates(at).contains(&"G04".to_owned()), "{:?}", company.failed_gates(at));
        company.proven();
    });
}

fn refusal_photo() -> Option<denghuo_office::evidence::NewFile> {
    Some(denghuo_office::evidence::NewFile {
        name: "left.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        bytes: vec![0xff, 0xd8, 0xff, 0],
    })
}

#[test]
fn has_moved_away() {
    lived(&HOME, |company| {
        // Nothing that was sent is ever known to have arrived.
        company.live_to(date(2026, 4, 30));
        assert!(company.notice(NoticeKind::StopPlan).is_none(), "a cut without a demand that arrived");
        assert!(!company.timeline().contains("cut_case"), "{}", company.timeline());
        let due = date(2026, 3, 12);
        let before = clocks(&mut company.conn, &work("S003"), ME, company.on).expect("clocks");
        assert_eq!((before[0].clock.due_on, before[0].clock.runs_from), (due, due));
        let published = NewEvent {
            bill_no: 0,
            kind: EventKind::PublicNotice,
            effective_on: date(2026, 4, 28),
            evidence_no: Some(company.newspaper()),
            note: "省级报纸公告".to_owned(),
        };
        event_note(&mut company.conn, &work("S003"), DEBTOR, &published, company.on).expect("an event");
        let after = clocks(&mut company.conn, &work("S003"), ME, company.on).expect("clocks");
        assert_eq!(after[0].clock.runs_from, date(2026, 4, 28));
        company.proven();
    });
}

#[test]
fn is_bankrupt() {
    lived(&COMPANY, |company| {
        company.until_the_demand();
        company.live_to(date(2026, 4, 1));
        let new = NewInsolvency {
            accepted_on: date(2026, 4, 1),
            claims_until: None,
            court: "县人民法院".to_owned(),
            administrator: None,
            evidence_no: None,
        };
        let noted =
            insolvency_note(&mut company.conn, &work("S003"), DEBTOR, &new, company.on).expect("noted");
        assert_eq!(noted.claims_until, Date::constant(2026, 5, 1));
        company.live_to(date(2026, 5, 20));
        assert!(!company.timeline().contains("cut_case"), "{}", company.timeline());
        assert!(company.timeline().contains("bankruptcy_claim"), "{}", company.timeline());
        company.proven();
    });
}
