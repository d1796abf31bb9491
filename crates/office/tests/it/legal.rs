//! 法律: a debtor who pays nothing, from the clock of his debts to the court and the write-off, on each database.

use super::world::{Shown, World, work};
use denghuo_office::collections::{HoldOrder, hold_set};
use denghuo_office::error::OfficeError;
use denghuo_office::evidence::{NewEvidence, evidence_add};
use denghuo_office::legal::{
    CaseStep, NewEvent, NewInsolvency, NewSecurity, WriteOffOrder, case_approve, case_propose, case_reject,
    case_step, clocks, event_note, insolvency_note, legal_run, payment_order_list, security_add, write_off,
    write_off_recover,
};
use denghuo_office::notices::{ServiceReport, notice_serve};
use denghuo_office::payments::{Payment, pay};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::evidence::EvidenceKind;
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::legal::limitation::EventKind;
use denghuo_rules::legal::terms::SecurityKind;
use denghuo_rules::legal::triggers::CaseKind;
use denghuo_rules::legal::write_off::WriteOffGround;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::payments::Channel;
use denghuo_rules::registry::CustomerKind;
use denghuo_rules::units::Money;
use denghuo_store::Store;
use denghuo_store::day::Range;
use denghuo_store::legal::{self, CaseRow};
use denghuo_store::testing::on_each_engine;
use jiff::civil::Date;

const HOME: Range = Range { from: 1, to: 1 };

/// Two unpaid periods of the first home, and the day on which the second is overdue.
fn two_periods(store: &Store) -> World {
    let mut world = World::new(store);
    world.live(85, &[Shown::More(200); 4]);
    world
}

fn cases(world: &mut World) -> Vec<CaseRow> {
    legal::cases_of(&mut world.conn, HOME).expect("SQL")
}

fn run(world: &mut World) {
    legal_run(&mut world.conn, &work("system"), world.on, HOME).expect("a run");
}

fn proof(world: &mut World, kind: EvidenceKind, subject: &str) -> i64 {
    let at = world.on.at(9, 0, 0, 0);
    evidence_add(&mut world.conn, &work("S002"), 1, &NewEvidence::new(kind, subject, at, "S002"))
        .expect("a proof")
}

fn code<T: std::fmt::Debug>(result: Result<T, OfficeError>) -> &'static str {
    result.expect_err("a refusal").code().expect("a refusal, no failure")
}

fn money(world: &mut World, fen: i64) {
    let payment = Payment {
        channel: Channel::Cash,
        external_id: format!("P{}", world.number()),
        amount: Money(fen),
        paid_on: world.on,
    };
    pay(&mut world.conn, &work("S001"), 1, &payment, world.on).expect("a payment");
}

fn tasks(world: &mut World, kind: &str) -> Vec<String> {
    let open = denghuo_store::tasks::open_of(&mut world.conn, kind, HOME).expect("SQL");
    open.into_iter().map(|task| format!("{} {}", task.subject, task.codes)).collect()
}

/// The letter's receipt comes back signed.
fn served(world: &mut World, notice_no: i64) {
    let mut report = ServiceReport::new(ServiceWay::Signed, world.on.at(9, 0, 0, 0));
    report.signer = Some("甲".to_owned());
    report.signer_role = Some(SignerRole::Oneself);
    notice_serve(&mut world.conn, &work("S002"), (1, notice_no), &report).expect("a service");
}

#[test]
fn two_periods_a_letter_its_term_a_suit() {
    on_each_engine(|store| {
        let mut world = two_periods(store);
        let letter = cases(&mut world).swap_remove(0);
        assert_eq!((letter.kind, letter.state.as_str()), (CaseKind::Letter, "proposed"));
        let on = world.on;
        let key = (1, letter.case_no);
        let no_manager = case_approve(&mut world.conn, &work("S001"), key, None, on);
        assert_eq!(code(no_manager), "access.not_a_manager");
        let letter = case_approve(&mut world.conn, &work("S003"), key, Some("某律所"), on).expect("a letter");
        assert_eq!(letter.term_on, Some(plus_days(on, 15)));
        assert_eq!(code(case_approve(&mut world.conn, &work("S003"), key, None, on)), "legal.wrong_state");
        // The term passes and the letter has not arrived: nothing follows but a task.
        world.on = plus_days(on, 16);
        run(&mut world);
        assert_eq!(cases(&mut world).len(), 1);
        assert_eq!(tasks(&mut world, "legal_term").len(), 1);
        served(&mut world, letter.notice_no.expect("a notice"));
        run(&mut world);
        let suit = cases(&mut world).swap_remove(1);
        assert_eq!((suit.kind, suit.state.as_str()), (CaseKind::Suit, "proposed"));
        assert!(suit.claim >= letter.claim && suit.fee > letter.fee);
        // What a manager turned down does not come again.
        let on = world.on;
        case_reject(&mut world.conn, &work("S003"), (1, suit.case_no), "和解", on).expect("a rejection");
        run(&mut world);
        assert_eq!(cases(&mut world).len(), 2);
        world.proven();
    });
}

#[test]
fn a_disputed_debt_is_in_no_case() {
    on_each_engine(|store| {
        let mut world = two_periods(store);
        let case_no = cases(&mut world)[0].case_no;
        let on = world.on;
        let order = HoldOrder {
            account_id: 1,
            kind: HoldKind::Dispute,
            bill_no: 0,
            until_on: None,
            reason: "异议".to_owned(),
            source: "letter:1".to_owned(),
        };
        hold_set(&mut world.conn, &work("S002"), &order, on).expect("a hold");
        let refused = case_approve(&mut world.conn, &work("S003"), (1, case_no), None, on);
        assert_eq!(code(refused), "legal.disputed");
        let list = payment_order_list(&mut world.conn, &work("system"), 1, on).expect("a list");
        assert!(!list.may_apply && list.failed().contains("order.undisputed"), "{}", list.failed());
        let refused = case_propose(&mut world.conn, &work("S002"), 1, CaseKind::Suit, on);
        assert_eq!(code(refused), "legal.nothing_to_claim");
    });
}

#[test]
fn a_paid_debt_ends_its_case() {
    on_each_engine(|store| {
        let mut world = two_periods(store);
        money(&mut world, 10_000_000);
        let on = world.on;
        let refused = case_approve(&mut world.conn, &work("S003"), (1, 1), None, on);
        assert_eq!(code(refused), "legal.nothing_to_claim");
        run(&mut world);
        assert_eq!(cases(&mut world)[0].outcome.as_deref(), Some("paid"));
        world.proven();
    });
}

#[test]
fn a_suit_walks_its_steps_and_interrupts_the_term() {
    on_each_engine(|store| {
        let mut world = two_periods(store);
        let on = world.on;
        let suit = case_propose(&mut world.conn, &work("S002"), 1, CaseKind::Suit, on).expect("a suit");
        let key = (1, suit.case_no);
        let own = case_approve(&mut world.conn, &work("S002"), key, None, on);
        assert_eq!(code(own), "legal.one_person");
        case_approve(&mut world.conn, &work("S003"), key, None, on).expect("approved");
        let mut take = |kind: &str, day: Date| {
            let step = CaseStep {
                kind: kind.to_owned(),
                happened_on: day,
                court_ref: Some("(2026)1号".to_owned()),
                ..Default::default()
            };
            case_step(&mut world.conn, &work("S002"), key, &step, plus_days(on, 60))
        };
        assert_eq!(code(take("hearing", on)), "legal.wrong_state");
        assert_eq!(code(take("ordered", on)), "legal.wrong_kind");
        assert_eq!(code(take("nonsense", on)), "legal.unknown_step");
        take("filed", plus_days(on, 1)).expect("filed");
        take("accepted", plus_days(on, 5)).expect("accepted");
        take("hearing", plus_days(on, 30)).expect("heard");
        let decided = take("decided", plus_days(on, 60)).expect("decided");
        assert_eq!(decided.term_on.map(|day| day.year()), Some(plus_days(on, 60).year() + 2));
        let clocks = clocks(&mut world.conn, &work("system"), HOME, plus_days(on, 60)).expect("clocks");
        assert!(!clocks.is_empty());
        assert!(clocks.iter().all(|debt| debt.clock.runs_from == plus_days(on, 1)), "{clocks:?}");
    });
}

#[test]
fn an_order_with_an_objection_goes_on_as_a_suit() {
    on_each_engine(|store| {
        let mut world = two_periods(store);
        let on = world.on;
        let order = case_propose(&mut world.conn, &work("S002"), 1, CaseKind::PaymentOrder, on);
        assert_eq!(code(order), "legal.order_not_allowed", "nobody has reached the debtor yet");
        let letter = case_approve(&mut world.conn, &work("S003"), (1, 1), None, on).expect("a letter");
        served(&mut world, letter.notice_no.expect("a notice"));
        let order =
            case_propose(&mut world.conn, &work("S002"), 1, CaseKind::PaymentOrder, on).expect("an order");
        assert_eq!(order.fee, Money::ZERO, "no contract agrees a late fee");
        let key = (1, order.case_no);
        case_approve(&mut world.conn, &work("S003"), key, None, on).expect("approved");
        for (kind, days) in
            [("filed", 1), ("accepted", 3), ("ordered", 10), ("delivered", 12), ("objected", 20)]
        {
            let step =
                CaseStep { kind: kind.to_owned(), happened_on: plus_days(on, days), ..Default::default() };
            case_step(&mut world.conn, &work("S002"), key, &step, plus_days(on, 20)).expect(kind);
        }
        world.on = plus_days(on, 28);
        run(&mut world);
        let all = cases(&mut world);
        let ended = all.iter().find(|case| case.case_no == order.case_no).expect("the order");
        assert_eq!(ended.outcome.as_deref(), Some("became_suit"));
        let suit = all.iter().find(|case| case.kind == CaseKind::Suit).expect("a suit");
        assert_eq!((suit.state.as_str(), suit.claim), ("filed", order.claim));
        world.proven();
    });
}

#[test]
fn alerts_come_once_and_a_proved_event_moves_the_end() {
    on_each_engine(|store| {
        let mut world = two_periods(store);
        // An old debt: its last day to pay was three years ago but for 100 days.
        let on = world.on;
        let due = plus_days(Date::new(on.year() - 3, on.month(), on.day()).expect("a day"), 100);
        let sql = "UPDATE receivable SET due_on = $1 WHERE account_id = 1 AND bill_no = 1";
        world.conn.execute(sql, &[due.into()]).expect("SQL");
        run(&mut world);
        run(&mut world);
        assert_eq!(tasks(&mut world, "limitation_alert"), ["bill:1 180"]);
        let mut event = NewEvent {
            bill_no: 1,
            kind: EventKind::Promise,
            effective_on: on,
            evidence_no: None,
            note: "电话中承诺".to_owned(),
        };
        let first = |world: &mut World| {
            let clocks = clocks(&mut world.conn, &work("system"), HOME, on).expect("clocks");
            clocks.into_iter().find(|debt| debt.bill_no == 1).expect("a clock").clock
        };
        event_note(&mut world.conn, &work("S002"), 1, &event, on).expect("noted");
        assert_eq!(first(&mut world).runs_from, due, "nobody can prove it");
        event.evidence_no = Some(proof(&mut world, EvidenceKind::Agreement, "bill:1"));
        event_note(&mut world.conn, &work("S002"), 1, &event, on).expect("noted");
        assert_eq!(first(&mut world).runs_from, on);
        event.evidence_no = Some(99);
        let unknown = event_note(&mut world.conn, &work("S002"), 1, &event, on);
        assert_eq!(code(unknown), "legal.unknown_evidence");
    });
}

#[test]
fn security_and_insolvency_are_told_before_they_end() {
    on_each_engine(|store| {
        let mut world = two_periods(store);
        let on = world.on;
        let mut new = NewSecurity {
            kind: SecurityKind::JointGuarantee,
            giver: "乙".to_owned(),
            giver_kind: CustomerKind::Institution,
            amount: Money::yuan(1_000),
            from_on: on,
            agreed_until: Some(plus_days(on, 40)),
            bills: Vec::new(),
            evidence_no: None,
        };
        let refused = security_add(&mut world.conn, &work("S002"), 1, &new, on);
        assert_eq!(code(refused), "security.public_body");
        new.giver_kind = CustomerKind::Enterprise;
        security_add(&mut world.conn, &work("S002"), 1, &new, on).expect("a security");
        assert!(tasks(&mut world, "security_ends").is_empty());
        let insolvency = NewInsolvency {
            accepted_on: on,
            claims_until: None,
            court: "县法院".to_owned(),
            administrator: None,
            evidence_no: None,
        };
        insolvency_note(&mut world.conn, &work("S002"), 1, &insolvency, on).expect("noted");
        let claim = cases(&mut world).into_iter().find(|case| case.kind == CaseKind::BankruptcyClaim);
        assert!(claim.is_some(), "a claim is proposed");
        world.on = plus_days(on, 10);
        run(&mut world);
        assert_eq!(tasks(&mut world, "security_ends").len(), 1);
        assert_eq!(tasks(&mut world, "claims_end").len(), 1);
    });
}

#[test]
fn what_is_written_off_comes_back_as_far_as_money_pays_it() {
    on_each_engine(|store| {
        let mut world = two_periods(store);
        let on = world.on;
        let mut order = WriteOffOrder {
            account_id: 1,
            bill_no: 1,
            ground: WriteOffGround::CourtTermination,
            evidence_no: None,
            asked_by: "S002".to_owned(),
        };
        let by = |world: &mut World, who: &str, order: &WriteOffOrder| {
            write_off(&mut world.conn, &work(who), order, on)
        };
        assert_eq!(code(by(&mut world, "S003", &order)), "write_off.no_evidence");
        order.evidence_no = Some(proof(&mut world, EvidenceKind::OfficialPaper, "bill:1"));
        assert_eq!(code(by(&mut world, "S002", &order)), "write_off.one_person");
        order.asked_by = "S001".to_owned();
        assert_eq!(code(by(&mut world, "S002", &order)), "write_off.level_too_low");
        order.ground = WriteOffGround::LimitationPassed;
        assert_eq!(code(by(&mut world, "S003", &order)), "write_off.not_expired");
        order.ground = WriteOffGround::CourtTermination;
        let gone = by(&mut world, "S003", &order).expect("written off");
        assert!(gone.amount > Money::ZERO && gone.fee > Money::ZERO, "{gone:?}");
        assert_eq!(code(by(&mut world, "S003", &order)), "write_off.nothing_open");
        world.proven();
        assert_eq!(denghuo_store::payments::received_on(&mut world.conn, on).expect("SQL"), Money::ZERO);
        let none = write_off_recover(&mut world.conn, &work("S002"), (1, 1), on);
        assert_eq!(code(none), "write_off.no_money");
        // Money that pays every open debt and a part of the principal.
        let owed = denghuo_office::collections::explain_balance(&mut world.conn, &work("system"), 1, on);
        let owed = owed.expect("a balance").to_pay;
        money(&mut world, owed.raw() + 500);
        run(&mut world);
        assert_eq!(tasks(&mut world, "write_off_recovery"), ["write_off:1 5.00"]);
        let back = write_off_recover(&mut world.conn, &work("S002"), (1, 1), on).expect("recovered");
        assert_eq!((back.recovered, back.recovered_fee), (Money(500), Money::ZERO));
        assert!(tasks(&mut world, "write_off_recovery").is_empty());
        world.proven();
        // The rest, and more.
        let rest = gone.amount + gone.fee - Money(500);
        money(&mut world, rest.raw() + 700);
        let back = write_off_recover(&mut world.conn, &work("S002"), (1, 1), on).expect("recovered");
        assert_eq!(back.left(), (Money::ZERO, Money::ZERO));
        let balance = denghuo_store::ledger::balance(&mut world.conn, 1).expect("SQL");
        assert_eq!((balance.prepaid, balance.receivable), (Money(700), Money::ZERO));
        world.proven();
    });
}
