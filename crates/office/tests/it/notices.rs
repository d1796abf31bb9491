//! 通知: bills are told on the day of their release, by the channel that reaches the customer, with proof where it counts.

use super::world::{Shown, World, file, work};
use denghuo_office::error::OfficeError;
use denghuo_office::evidence::NewFile;
use denghuo_office::notices::desk::NoticeDesk;
use denghuo_office::notices::outbox::Desk as _;
use denghuo_office::notices::{
    LATE, NoticeOrder, ReturnsImport, ServiceReport, Templates, UNDELIVERABLE, late_list, notice_carry,
    notice_list, notice_refused, notice_request, notice_requeue, notice_serve, notice_withdraw,
    notices_request, paper_run_again, papers_arrived, papers_print, papers_return,
};
use denghuo_office::registry::{
    CALL, CheckResult, VISIT, contact_checked, contact_consent, contact_receipts, contacts_show,
};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::notices::outbox::DeliveryKey;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::notices::{Channel, DeliveryState, NoticeKind};
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::notices::{self, DeliveryRow, NoticeRow};
use denghuo_store::tasks::{self, Task};
use denghuo_store::testing::on_each_engine;
use jiff::civil::{Date, DateTime, date, datetime};

const EVERYBODY: Range = Range { from: 0, to: i64::MAX };
const RELEASED: Date = date(2026, 3, 5);

/// The company on the day of its first bills.
fn billed(store: &denghuo_store::Store) -> World {
    let mut world = World::new(store);
    world.live(27, &[Shown::More(90), Shown::More(80), Shown::More(100), Shown::More(90)]);
    assert_eq!(world.on, RELEASED);
    world
}

fn deliveries(world: &mut World) -> Vec<DeliveryRow> {
    notices::deliveries_in_range(&mut world.conn, EVERYBODY).expect("SQL")
}

fn of(world: &mut World, account: i64, kind: NoticeKind) -> NoticeRow {
    let all = notices::notices_of_account(&mut world.conn, account).expect("it is there");
    all.into_iter().find(|notice| notice.kind == kind).expect("it is there")
}

fn open_tasks(world: &mut World, kind: &str) -> Vec<Task> {
    tasks::open_of(&mut world.conn, kind, EVERYBODY).expect("it is there")
}

fn order(account_id: i64, kind: NoticeKind, subject: &str) -> NoticeOrder {
    NoticeOrder {
        account_id,
        kind,
        subject: subject.to_owned(),
        bill_no: 1,
        due_by: date(2026, 4, 20),
        deadline_on: Some(date(2026, 4, 25)),
        amount: Money::yuan(50),
        fee: Money(123),
        content: serde_json::json!({ "bills": [{ "bill_no": 1, "month": "2026-03", "due_on": "2026-03-12",
            "amount": "50.00", "open": "50.00", "late_fee": "1.23" }] }),
        rules: vec!["cn.disconnection_overdue".to_owned()],
    }
}

fn asked(world: &mut World, order: &NoticeOrder, on: Date) -> i64 {
    world.conn.write(|conn| notice_request(conn, &work("system"), order, on)).expect("it is there")
}

/// What the carrier says of the last delivery of a notice.
fn ends(world: &mut World, account: i64, notice_no: i64, state: DeliveryState, at: DateTime) {
    let clerk = work("system");
    let templates = Templates::embedded().expect("it is there");
    let desk = NoticeDesk::open(&mut world.conn, &clerk, (templates, false), at.date()).expect("it is there");
    let mut row = notices::deliveries_of(&mut world.conn, account, notice_no)
        .expect("it is there")
        .pop()
        .expect("it is there");
    if row.channel.is_electronic() && row.attempts == 0 {
        let attempt = "INSERT INTO delivery_attempt (account_id, notice_no, delivery_no, attempt_no, begun_at, ended_at, outcome) \
                       VALUES ($1, $2, $3, 1, $4, $4, 'taken')";
        let key = [account.into(), notice_no.into(), row.delivery_no.into(), at.into()];
        world.conn.execute(attempt, &key).expect("it is there");
        row.attempts = 1;
    }
    row.state = state;
    row.sent_at = Some(at);
    row.ended_at = Some(at);
    notices::save_delivery(&mut world.conn, &row).expect("it is there");
    let key = DeliveryKey { account_id: account, notice_no, delivery_no: row.delivery_no };
    let row = notices::outbox::locked(&mut world.conn, key).expect("it is there").expect("it is there");
    let done: Result<(), OfficeError> = world.conn.write(|conn| match state {
        DeliveryState::Delivered => desk.arrived(conn, &clerk, &[(row, at)]),
        _ => desk.failed(conn, &clerk, &[row], at),
    });
    done.expect("it is there");
}

fn code<T>(result: Result<T, OfficeError>) -> Option<&'static str> {
    result.err().and_then(|error| error.code())
}

#[test]
fn every_bill_is_told_on_the_day_of_its_release() {
    on_each_engine(|store| {
        let mut world = billed(store);
        let found: Vec<_> = deliveries(&mut world)
            .into_iter()
            .map(|d| (d.account_id, d.channel, d.address, d.next_at, d.due_by))
            .collect();
        let (morning, midnight) = (datetime(2026, 3, 5, 8, 0, 0, 0), datetime(2026, 3, 5, 0, 0, 0, 0));
        let paper_by = date(2026, 3, 10);
        assert_eq!(
            found,
            [
                (1, Channel::Sms, "13800000001".to_owned(), morning, RELEASED),
                (2, Channel::Email, "k2@example.com".to_owned(), morning, RELEASED),
                (3, Channel::PaperOwn, "三号".to_owned(), midnight, paper_by),
                (4, Channel::PaperOwn, "四号".to_owned(), midnight, paper_by),
            ]
        );
        let bill = of(&mut world, 1, NoticeKind::Bill);
        assert_eq!((bill.subject.as_str(), bill.content, bill.due_by), ("bill:1", None, RELEASED));
        assert_eq!(bill.rules, "sgcc.bill_delivery,sgcc.notice_channels.bill");
        world.proven();
        world.stages();
    });
}

#[test]
fn a_mail_that_comes_back_goes_by_text_message_then_by_paper_and_then_to_a_person() {
    on_each_engine(|store| {
        let mut world = billed(store);
        let no = of(&mut world, 2, NoticeKind::Bill).notice_no;
        let noon = |day| datetime(2026, 3, day, 12, 0, 0, 0);
        // A mail that seemed to have arrived and comes back a day later.
        ends(&mut world, 2, no, DeliveryState::Delivered, noon(5));
        assert_eq!(of(&mut world, 2, NoticeKind::Bill).state, "served");
        ends(&mut world, 2, no, DeliveryState::Bounced, noon(6));
        ends(&mut world, 2, no, DeliveryState::Bounced, noon(7));
        let channels: Vec<_> = deliveries(&mut world)
            .into_iter()
            .filter(|d| d.account_id == 2)
            .map(|d| (d.channel, d.state, d.due_by))
            .collect();
        assert_eq!(
            channels,
            [
                (Channel::Email, DeliveryState::Bounced, date(2026, 3, 5)),
                (Channel::Sms, DeliveryState::Bounced, date(2026, 3, 6)),
                (Channel::PaperOwn, DeliveryState::Queued, date(2026, 3, 11)),
            ]
        );
        let contacts = contacts_show(&mut world.conn, 2, true).unwrap();
        let troubles: Vec<_> = contacts.iter().map(|c| (c.trouble.as_deref(), c.events.len())).collect();
        assert_eq!(troubles, [(Some("bounced"), 1), (Some("bounced"), 1)]);
        world.proven();
        ends(&mut world, 2, no, DeliveryState::Failed, noon(9));
        assert_eq!(of(&mut world, 2, NoticeKind::Bill).state, "failed");
        assert_eq!(open_tasks(&mut world, UNDELIVERABLE).len(), 1);
        world.proven();
        // Somebody goes there once more, and finds nobody.
        notice_carry(&mut world.conn, &work("S001"), (2, no), noon(10)).unwrap();
        let doors = notices::deliveries_of(&mut world.conn, 2, no).unwrap();
        assert_eq!(
            doors.last().map(|row| (row.channel, row.state)),
            Some((Channel::Door, DeliveryState::Queued))
        );
        assert_eq!(of(&mut world, 2, NoticeKind::Bill).state, "open");
        assert!(open_tasks(&mut world, UNDELIVERABLE).is_empty());
        world.proven();
        ends(&mut world, 2, no, DeliveryState::Failed, noon(10));
        assert_eq!(open_tasks(&mut world, UNDELIVERABLE).len(), 1);
        // A new number is a new way.
        let found = (noon(10).date(), "call");
        let by = work("S001");
        let new = CheckResult::Replaced("13800000022".to_owned());
        contact_checked(&mut world.conn, &by, (2, 2), &new, found).unwrap();
        let bad = CheckResult::Replaced("12".to_owned());
        assert_eq!(
            code(contact_checked(&mut world.conn, &by, (2, 3), &bad, found)),
            Some("contact.bad_value")
        );
        notice_requeue(&mut world.conn, &by, (2, no), noon(10)).unwrap();
        assert!(open_tasks(&mut world, UNDELIVERABLE).is_empty());
        ends(&mut world, 2, no, DeliveryState::Delivered, datetime(2026, 3, 10, 12, 1, 0, 0));
        let served = of(&mut world, 2, NoticeKind::Bill);
        assert_eq!((served.state.as_str(), served.served_how), ("served", Some(Channel::Sms)));
        world.proven();
    });
}

#[test]
fn a_notice_is_served_by_hand_with_its_proof_or_not_at_all() {
    on_each_engine(|store| {
        let mut world = billed(store);
        let on = date(2026, 4, 14);
        let stop = order(1, NoticeKind::StopPlan, "cut:1:1");
        let no = asked(&mut world, &stop, on);
        assert_eq!(asked(&mut world, &stop, plus_days(on, 1)), no, "asked again");
        let collector = work("S002");
        let at = datetime(2026, 4, 14, 10, 0, 0, 0);
        let serve = |world: &mut World, report: &ServiceReport| {
            notice_serve(&mut world.conn, &collector, (1, no), report)
        };
        // It waits at the door already; once nobody is there, it is brought again.
        assert_eq!(code(notice_carry(&mut world.conn, &collector, (1, no), at)), Some("notice.under_way"));
        let signed =
            ServiceReport { signer: Some("乙".into()), ..ServiceReport::new(ServiceWay::Signed, at) };
        assert_eq!(code(serve(&mut world, &signed)), Some("notice.no_signer"));
        let child = ServiceReport { signer_role: Some(SignerRole::Minor), ..signed.clone() };
        assert_eq!(code(serve(&mut world, &child)), Some("notice.signer_does_not_count"));
        let early = ServiceReport { at: datetime(2026, 4, 13, 23, 0, 0, 0), ..signed.clone() };
        assert_eq!(code(serve(&mut world, &early)), Some("notice.too_early"));
        let phone = ServiceReport::new(ServiceWay::Phone, at);
        assert_eq!(code(serve(&mut world, &phone)), Some("notice.way_does_not_count"));
        // Refused at the door: the record is kept and the post is next; left there with a picture it is served.
        let refusal =
            ServiceReport { note: Some("拒绝签收".into()), ..ServiceReport::new(ServiceWay::Left, at) };
        notice_refused(&mut world.conn, &collector, (1, no), &refusal).unwrap();
        let ways: Vec<_> = notices::deliveries_of(&mut world.conn, 1, no).unwrap();
        let ways: Vec<_> = ways.into_iter().map(|d| (d.channel, d.state)).collect();
        assert_eq!(ways, [(Channel::Door, DeliveryState::Refused), (Channel::Post, DeliveryState::Queued)]);
        world.proven();
        let left = ServiceReport::new(ServiceWay::Left, datetime(2026, 4, 14, 10, 20, 0, 0));
        assert_eq!(code(serve(&mut world, &left)), Some("notice.no_proof"));
        let left = ServiceReport {
            place: Some("一号门口".into()),
            file: Some(NewFile {
                name: "door.jpg".into(),
                media_type: "image/jpeg".into(),
                bytes: vec![0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3],
            }),
            ..left
        };
        let served = serve(&mut world, &left).unwrap();
        assert_eq!((served.state.as_str(), served.served_how), ("served", Some(Channel::Door)));
        assert!(served.evidence_no.is_some());
        let there = world.contents();
        serve(&mut world, &left).unwrap();
        world.is_still(&there, "the same service was reported again");
        let withdrawn = notice_withdraw(&mut world.conn, &collector, (1, no), "x", at);
        assert_eq!(code(withdrawn), Some("notice.served"));
        world.proven();
    });
}

#[test]
fn what_was_withdrawn_is_not_told_and_what_nobody_asked_for_neither() {
    on_each_engine(|store| {
        let mut world = billed(store);
        let on = date(2026, 4, 14);
        let at = datetime(2026, 4, 14, 9, 0, 0, 0);
        let no = asked(&mut world, &order(3, NoticeKind::Demand, "bill:1"), on);
        notice_withdraw(&mut world.conn, &work("system"), (3, no), "paid", at).unwrap();
        let there = world.contents();
        notice_withdraw(&mut world.conn, &work("system"), (3, no), "paid", at).unwrap();
        world.is_still(&there, "withdrawn again");
        let states: Vec<_> = notices::deliveries_of(&mut world.conn, 3, no).unwrap();
        assert!(states.iter().all(|d| d.state == DeliveryState::Cancelled));
        let report = ServiceReport::new(ServiceWay::Signed, at);
        let served = notice_serve(&mut world.conn, &work("S002"), (3, no), &report);
        assert_eq!(code(served), Some("notice.withdrawn"));
        asked(&mut world, &order(4, NoticeKind::Receipt, "payment:1"), on);
        assert_eq!(of(&mut world, 4, NoticeKind::Receipt).ended_why.as_deref(), Some("not_asked_for"));
        world.proven();
    });
}

#[test]
fn demands_of_one_batch_keep_their_distance() {
    on_each_engine(|store| {
        let mut world = billed(store);
        let on = date(2026, 4, 14);
        let orders: Vec<NoticeOrder> = (1..=5)
            .map(|n| order(1, NoticeKind::Demand, &format!("bill:{n}")))
            .chain([order(3, NoticeKind::Demand, "bill:1"), order(1, NoticeKind::Demand, "bill:1")])
            .collect();
        let batch =
            |world: &mut World| world.conn.write(|conn| notices_request(conn, &work("system"), &orders, on));
        let numbers = batch(&mut world).unwrap();
        assert_eq!(numbers[6], numbers[0], "one notice for a kind and subject");
        assert_eq!(batch(&mut world).unwrap(), numbers);
        let mut leave: Vec<_> = deliveries(&mut world);
        leave.retain(|d| d.account_id == 1 && d.due_by == date(2026, 4, 20));
        let days: Vec<_> = leave.iter().map(|d| (d.channel, d.next_at.date().day())).collect();
        let sms = Channel::Sms;
        assert_eq!(days, [(sms, 14), (sms, 15), (sms, 16), (sms, 21), (sms, 22)]);
        let content = of(&mut world, 3, NoticeKind::Demand).content.unwrap();
        let told: serde_json::Value = serde_json::from_str(&content).unwrap();
        assert_eq!(told["code"], "N-A3-2");
        assert_eq!(told["customer"]["name"], "丙商店");
        assert_eq!(told["late_fee"]["total"], "1.23");
        assert!(told["late_fee"]["method_zh"].as_str().unwrap().contains("2‰"));
        world.proven();
    });
}

#[test]
fn papers_leave_in_a_run_and_their_receipts_come_back_by_file() {
    on_each_engine(|store| {
        let mut world = billed(store);
        let at = datetime(2026, 3, 5, 9, 0, 0, 0);
        let by = work("S002");
        let no = asked(&mut world, &order(3, NoticeKind::Demand, "bill:1"), RELEASED);
        let run = papers_print(&mut world.conn, &by, (Channel::PaperOwn, 0), at).unwrap();
        assert_eq!(run.run_id.as_deref(), Some("2026-03-05-paper_own-1"));
        assert_eq!(run.papers, 3);
        let kinds: Vec<_> =
            run.lines.iter().map(|(kind, text)| (kind.as_str(), text.lines().count())).collect();
        assert_eq!(kinds, [("bill", 2), ("demand", 1)]);
        let none = papers_print(&mut world.conn, &by, (Channel::PaperOwn, 0), at).unwrap();
        assert_eq!((none.run_id, none.papers), (None, 0));
        let again = paper_run_again(&mut world.conn, &by, "2026-03-05-paper_own-1", at).unwrap();
        assert_eq!(again, run);
        world.proven();
        let take = |world: &mut World, text: &str| {
            papers_return(
                &mut world.conn,
                &by,
                (&file("back.csv", text), 0),
                datetime(2026, 3, 9, 9, 0, 0, 0),
            )
        };
        let there = world.contents();
        let head = "code,result,at,signer,signer_role\n";
        let wrong = format!(
            "{head}N-A3-1,已送达,2026-03-06 10:00,,\nN-A3-99,已送达,2026-03-06 10:00,,\n\
             N-A3-{no},已送达,2026-03-06 10:00,乙,其他人\nN-A4-1,已送达,2026-03-10 10:00,,\n"
        );
        let Err(ReturnsImport::Wrong(problems)) = take(&mut world, &wrong) else {
            panic!("bad rows are kept")
        };
        assert_eq!(problems.rows.iter().map(|row| row.code).collect::<Vec<_>>(), ["notice.in_the_future"]);
        let wrong: String = wrong.lines().take(4).map(|line| format!("{line}\n")).collect();
        let Err(ReturnsImport::Wrong(problems)) = take(&mut world, &wrong) else {
            panic!("bad rows are kept")
        };
        let codes: Vec<_> = problems.rows.iter().map(|row| row.code).collect();
        assert_eq!(codes, ["notice.unknown", "notice.signer_does_not_count"]);
        world.is_still(&there, "a bad file was handed in");
        let good = format!(
            "{head}N-A3-1,已送达,2026-03-06 10:00,,\nN-A3-{no},已送达,2026-03-06 10:00,乙,被授权人\n\
             N-A4-1,拒收,2026-03-06 11:00,,\n"
        );
        let done = take(&mut world, &good).unwrap();
        assert_eq!((done.served, done.ended, done.known), (2, 1, 0));
        let there = world.contents();
        let again = take(&mut world, &good).unwrap();
        assert_eq!((again.served, again.ended, again.known), (0, 0, 3));
        world.is_still(&there, "the same receipts were handed in again");
        assert_eq!(of(&mut world, 3, NoticeKind::Demand).state, "served");
        assert_eq!(of(&mut world, 4, NoticeKind::Bill).state, "failed", "nothing is left to try");
        assert_eq!(papers_arrived(&mut world.conn, &by, "2026-03-05-paper_own-1", at).unwrap(), 0);
        world.proven();
    });
}

#[test]
fn clocks_that_run_out_become_work_and_service_ends_it() {
    on_each_engine(|store| {
        let mut world = billed(store);
        let no = asked(&mut world, &order(3, NoticeKind::LawyerLetter, "legal:1"), RELEASED);
        for day in [date(2026, 3, 31), date(2026, 4, 21)] {
            world.on = day;
            world.day();
        }
        let late: Vec<_> = open_tasks(&mut world, LATE)
            .into_iter()
            .map(|task| (task.account_id, task.subject, task.detail.zh))
            .filter(|(_, subject, _)| !subject.starts_with("demand:"))
            .collect();
        assert_eq!(
            late,
            [
                (0, "org:2:2026-03-05".into(), "2份电费账单应于2026-03-05前送达,尚无送达记录".into()),
                (0, "org:2:2026-03-10".into(), "2份电费账单应于2026-03-10前送达,尚无送达记录".into()),
                (
                    3,
                    "lawyer_letter:legal:1".into(),
                    format!("律师催告函(通知{no})应于2026-04-20前送达,尚未送达")
                ),
            ]
        );
        let all = late_list(&mut world.conn, world.on).unwrap();
        assert_eq!(all.iter().filter(|late| late.kind != NoticeKind::Demand).count(), 5);
        let post = ServiceReport {
            reference: Some("EMS0001".into()),
            ..ServiceReport::new(ServiceWay::Post, datetime(2026, 4, 21, 15, 0, 0, 0))
        };
        notice_serve(&mut world.conn, &work("S002"), (3, no), &post).unwrap();
        assert!(!open_tasks(&mut world, LATE).iter().any(|task| task.subject.starts_with("lawyer")));
        world.proven();
    });
}

#[test]
fn contacts_that_fail_are_called_and_then_visited() {
    on_each_engine(|store| {
        let mut world = billed(store);
        let no = of(&mut world, 2, NoticeKind::Bill).notice_no;
        ends(&mut world, 2, no, DeliveryState::Bounced, datetime(2026, 3, 6, 9, 0, 0, 0));
        let first = date(2026, 4, 1);
        for day in [date(2026, 3, 31), first] {
            world.on = day;
            world.day();
        }
        let calls: Vec<_> = open_tasks(&mut world, CALL)
            .into_iter()
            .map(|task| (task.account_id, task.subject, task.codes, task.due_on))
            .collect();
        // The mail bounced; the telephone was never verified. The first home's was verified in February.
        let due = Some(date(2026, 4, 9));
        assert_eq!(
            calls,
            [
                (2, "contact:1".into(), "contact.bounced.202604".into(), due),
                (2, "contact:2".into(), "contact.silent.202604".into(), due),
            ]
        );
        world.stages();
        let by = work("S001");
        let done = CheckResult::Verified("电话".to_owned());
        contact_checked(&mut world.conn, &by, (2, 1), &done, (date(2026, 4, 2), "call")).unwrap();
        assert_eq!(open_tasks(&mut world, CALL).len(), 1);
        for day in [date(2026, 4, 30), date(2026, 5, 6)] {
            world.on = day;
            world.day();
        }
        let visits = open_tasks(&mut world, VISIT);
        assert_eq!(visits.iter().map(|task| task.subject.as_str()).collect::<Vec<_>>(), ["contact:2"]);
        assert!(open_tasks(&mut world, CALL).is_empty());
        contact_checked(&mut world.conn, &by, (2, 2), &CheckResult::Ended, (date(2026, 5, 7), "visit"))
            .unwrap();
        assert!(open_tasks(&mut world, VISIT).is_empty());
        contact_consent(&mut world.conn, &by, (2, 1), false, (date(2026, 5, 7), "letter")).unwrap();
        let left = contacts_show(&mut world.conn, 2, false).unwrap();
        let events: Vec<_> = left[0].events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!((left.len(), left[0].value.as_str()), (1, "k***@example.com"));
        assert_eq!(events, ["bounced", "verified", "withdrawn"]);
        world.proven();
    });
}

#[test]
fn receipts_go_to_those_who_want_them() {
    on_each_engine(|store| {
        let mut world = billed(store);
        contact_receipts(&mut world.conn, &work("S001"), (1, 1), true, (world.on, "counter")).unwrap();
        for account in [1, 2] {
            let payment = denghuo_office::payments::Payment {
                channel: denghuo_rules::payments::Channel::Cash,
                external_id: format!("R{account}"),
                amount: Money::yuan(10),
                paid_on: world.on,
            };
            let on = world.on;
            denghuo_office::payments::pay(&mut world.conn, &work("S001"), account, &payment, on).unwrap();
        }
        world.on = plus_days(world.on, 1);
        world.day();
        let receipts = notice_list(&mut world.conn, 1, false).unwrap();
        assert_eq!(receipts[0].kind, NoticeKind::Receipt);
        assert_eq!(receipts[0].deliveries[0].address, "138****0001");
        let others = notice_list(&mut world.conn, 2, false).unwrap();
        assert!(others.iter().all(|notice| notice.kind == NoticeKind::Bill));
        world.stages();
        world.proven();
    });
}
