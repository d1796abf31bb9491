//! 监督: what the records give away is found once, put right by orders, verified by another; reviews are drawn again by their seed;
//! certificates are given, end, and are asked for where the site says so.

use super::world::{BOOK, JURISDICTIONS, Shown, World, work};
use denghuo_office::error::OfficeError;
use denghuo_office::import::Source as File;
use denghuo_office::metering::{ReadingRow, readings_register};
use denghuo_office::registry::{Request, import_kind};
use denghuo_office::supervision::training::{
    Attended, NewCourse, attendance_note, certificate_gate, certificate_revoke, course_add, session_plan,
};
use denghuo_office::supervision::{
    FindingOrder, Look, NewFinding, NewReview, finding_do, finding_note, finding_show, review_draw,
    review_look, review_show, scan, supervise,
};
use denghuo_office::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::metering::{RegisterSet, Source};
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_rules::supervision::training::CertifiedAct;
use denghuo_rules::supervision::{Answer, FindingDeed, FindingSource, FindingState, PenaltyState, Severity};
use denghuo_rules::units::Energy;
use denghuo_store::day::Range;
use denghuo_store::supervision::FINDING_ORDERS;
use denghuo_store::supervision::training::CERTIFICATE_ORDERS;
use denghuo_store::supervision::training::{CertificateFilter, certificates};
use denghuo_store::supervision::{FindingFilter, FindingRow, findings};
use denghuo_store::testing::{first_difference, on_each_engine};
use denghuo_store::{Conn, tasks};
use jiff::civil::{Date, date};
use std::cell::RefCell;

fn deed(deed: FindingDeed, said: &str) -> FindingOrder {
    FindingOrder { deed: Some(deed), said: said.to_owned(), ..FindingOrder::default() }
}

fn done(
    conn: &mut Conn,
    by: &str,
    no: i64,
    order: &FindingOrder,
    on: Date,
) -> Result<FindingRow, OfficeError> {
    finding_do(conn, &work(by), no, order, on)
}

fn code(result: Result<FindingRow, OfficeError>) -> &'static str {
    result.expect_err("a refusal").code().expect("a code")
}

fn note(conn: &mut Conn, on: Date) -> FindingRow {
    let new = NewFinding {
        account_id: 1,
        about: "bill:1".to_owned(),
        person: Some("S001".to_owned()),
        severity: Some(Severity::Ordinary),
        said: "收费未出具凭证".to_owned(),
        ..NewFinding::default()
    };
    finding_note(conn, &work("S003"), &new, on).expect("a finding")
}

/// Findings in every state, a penalty that was objected to, a part of another department, a review, a certificate: what `verify` looks at.
pub fn some(world: &mut World) {
    let on = world.on;
    let conn = &mut world.conn;
    let first = note(conn, on).finding_no;
    let order = FindingOrder { owner: Some("S002".to_owned()), ..deed(FindingDeed::Order, "补开凭证") };
    done(conn, "S003", first, &order, on).expect("an order");
    let ask = FindingOrder { owner: Some("S004".to_owned()), ..deed(FindingDeed::Ask, "核对票据") };
    done(conn, "S003", first, &ask, on).expect("a part");
    let part = FindingOrder { part_no: Some(1), ..deed(FindingDeed::Answer, "已核对") };
    done(conn, "S004", first, &part, on).expect("an answer");
    done(conn, "S002", first, &deed(FindingDeed::Tell, "已补开"), on).expect("a measure");
    done(conn, "S003", first, &deed(FindingDeed::Reject, "凭证不全"), on).expect("sent back");
    done(conn, "S002", first, &deed(FindingDeed::Tell, "已补全"), on).expect("a measure");
    done(conn, "S003", first, &deed(FindingDeed::Accept, ""), on).expect("verified");
    done(conn, "S003", first, &deed(FindingDeed::Penalise, ""), on).expect("points");
    done(conn, "S001", first, &deed(FindingDeed::Appeal, "客户当时未要求"), on).expect("an appeal");
    let decide = FindingOrder { points_left: Some(1), ..deed(FindingDeed::Decide, "情节轻微") };
    done(conn, "S004", first, &decide, on).expect("a decision");
    let second = note(conn, on).finding_no;
    done(conn, "S003", second, &deed(FindingDeed::Dismiss, "经查不属实"), on).expect("dismissed");
    let third = note(conn, on).finding_no;
    done(conn, "S003", third, &order, on).expect("an order");
    let review = review_draw(conn, &work("S003"), &bills(7, on), on).expect("a review");
    let bad = Look { answers: answers(Answer::Bad), note: "电价类别有误".to_owned() };
    review_look(conn, &work("S002"), (review.review_no, 1), &bad, on).expect("a look");
    certified(conn, "S004", "safety", 95, on);
}

fn bills(seed: i64, on: Date) -> NewReview {
    NewReview {
        list: "bill".to_owned(),
        unit: "C".to_owned(),
        person: None,
        from_on: date(2026, 2, 1),
        until_on: on,
        seed,
        auditor: "S002".to_owned(),
    }
}

fn answers(price: Answer) -> Vec<(String, Answer)> {
    let good = ["quantity", "second", "day"].map(|item| (item.to_owned(), Answer::Good));
    [("price".to_owned(), price)].into_iter().chain(good).collect()
}

/// A course, a session, a test; gives the number of the certificate.
fn certified(conn: &mut Conn, person: &str, course: &str, score: i64, on: Date) -> Option<i64> {
    let new = NewCourse {
        code: course.to_owned(),
        title: "安全规程".to_owned(),
        title_en: "Safety rules".to_owned(),
        hours: 8,
        ..NewCourse::default()
    };
    match course_add(conn, &work("S003"), &new, on) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.code(), Some("training.course_exists")),
    }
    let session = session_plan(conn, &work("S003"), (course, on), ("会议室", "S002")).expect("a session");
    let attended = Attended { person: person.to_owned(), came: true, score: Some(score) };
    attendance_note(conn, &work("S003"), (course, session), &attended, on).expect("a test").certificate_no
}

fn all(conn: &mut Conn) -> Vec<FindingRow> {
    let rows = findings(conn, &FindingFilter::default(), &FINDING_ORDERS.first(1_000)).expect("findings");
    rows.into_iter().map(|(listed, _)| listed.finding).rev().collect()
}

fn open_tasks(conn: &mut Conn, kind: &str) -> Vec<String> {
    let whole = Range { from: 0, to: i64::MAX };
    let tasks = tasks::open_of(conn, kind, whole).expect("tasks");
    tasks.into_iter().map(|task| task.subject).collect()
}

#[test]
fn from_a_finding_to_its_end() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[Shown::More(200); 4]);
        let on = world.on;
        let conn = &mut world.conn;
        let no = note(conn, on).finding_no;
        assert!(open_tasks(conn, "finding").contains(&no.to_string()));
        let order =
            FindingOrder { owner: Some("S002".to_owned()), ..deed(FindingDeed::Order, "补开凭证") };
        assert_eq!(code(done(conn, "S001", no, &order, on)), "finding.own_act");
        let late = FindingOrder { due_on: Some(plus_days(on, 60)), ..order.clone() };
        assert_eq!(code(done(conn, "S003", no, &late, on)), "supervision.bad_deadline");
        assert_eq!(done(conn, "S003", no, &order, on).expect("an order").state, FindingState::Ordered);
        assert!(!open_tasks(conn, "finding").contains(&no.to_string()));
        assert_eq!(open_tasks(conn, "rectification"), [no.to_string()]);
        let shown = finding_show(conn, &work("S002"), no, on).expect("shown");
        // Five working days for an ordinary fault.
        let five = BOOK.calendar().working_days_after(on, 5).expect("a covered year");
        assert_eq!(shown.orders[0].due_on, five);
        assert!(shown.next.contains(&FindingDeed::Tell) && !shown.next.contains(&FindingDeed::Accept));
        assert_eq!(code(done(conn, "S004", no, &deed(FindingDeed::Tell, "已改"), on)), "finding.not_owner");
        let ask = FindingOrder { owner: Some("S004".to_owned()), ..deed(FindingDeed::Ask, "核对票据") };
        done(conn, "S003", no, &ask, on).expect("a part");
        done(conn, "S002", no, &deed(FindingDeed::Tell, "已补开"), on).expect("a measure");
        assert_eq!(code(done(conn, "S002", no, &deed(FindingDeed::Accept, ""), on)), "finding.same_person");
        assert_eq!(code(done(conn, "S003", no, &deed(FindingDeed::Accept, ""), on)), "finding.parts_open");
        let part = FindingOrder { part_no: Some(1), ..deed(FindingDeed::Answer, "已核对") };
        assert_eq!(code(done(conn, "S003", no, &part, on)), "supervision.not_part_owner");
        done(conn, "S004", no, &part, on).expect("an answer");
        assert_eq!(code(done(conn, "S004", no, &part, on)), "supervision.part_done");
        let back = done(conn, "S003", no, &deed(FindingDeed::Reject, "凭证不全"), on).expect("sent back");
        assert_eq!(back.state, FindingState::Ordered);
        assert_eq!(open_tasks(conn, "rectification"), [no.to_string()], "once more");
        done(conn, "S002", no, &deed(FindingDeed::Tell, "已补全"), on).expect("a measure");
        let closed = done(conn, "S003", no, &deed(FindingDeed::Accept, ""), on).expect("verified");
        assert_eq!((closed.state, closed.ended_on), (FindingState::Closed, Some(on)));
        for kind in ["finding", "rectification", "rectification_verify", "finding_part"] {
            let of_it = |subject: &String| subject.split(':').next() == Some(no.to_string().as_str());
            assert!(!open_tasks(conn, kind).iter().any(of_it), "{kind}");
        }
        assert_eq!(code(done(conn, "S003", no, &order, on)), "finding.ended");
        let shown = finding_show(conn, &work("S003"), no, on).expect("shown");
        assert_eq!(
            shown.orders.iter().map(|order| order.good).collect::<Vec<_>>(),
            [Some(false), Some(true)]
        );
        world.proven();
    });
}

#[test]
fn points_are_objected_to_and_decided_by_another() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[Shown::More(200); 4]);
        let on = world.on;
        let conn = &mut world.conn;
        let (first, second) = (note(conn, on).finding_no, note(conn, on).finding_no);
        done(conn, "S003", first, &deed(FindingDeed::Penalise, ""), on).expect("points");
        assert_eq!(
            code(done(conn, "S003", first, &deed(FindingDeed::Penalise, ""), on)),
            "finding.already_penalised"
        );
        done(conn, "S003", second, &deed(FindingDeed::Penalise, ""), on).expect("points");
        let points =
            |conn: &mut Conn, no| finding_show(conn, &work("S001"), no, on).unwrap().penalty.unwrap().points;
        assert_eq!((points(conn, first), points(conn, second)), (3, 5), "the second is a repetition");
        let appeal = deed(FindingDeed::Appeal, "客户当时未要求");
        assert_eq!(code(done(conn, "S002", first, &appeal, on)), "penalty.not_yours");
        assert_eq!(code(done(conn, "S001", first, &appeal, plus_days(on, 30))), "penalty.too_late");
        done(conn, "S001", first, &appeal, on).expect("an appeal");
        assert_eq!(open_tasks(conn, "penalty_appeal"), [first.to_string()]);
        let decide =
            |left| FindingOrder { points_left: Some(left), ..deed(FindingDeed::Decide, "情节轻微") };
        assert_eq!(code(done(conn, "S003", first, &decide(0), on)), "penalty.same_person");
        assert_eq!(code(done(conn, "S004", first, &decide(4), on)), "penalty.bad_points");
        done(conn, "S004", first, &decide(1), on).expect("a decision");
        assert!(open_tasks(conn, "penalty_appeal").is_empty());
        let shown = finding_show(conn, &work("S001"), first, on).unwrap().penalty.unwrap();
        assert_eq!((shown.state, shown.points_left), (PenaltyState::Reduced, 1));
        world.proven();
    });
}

#[test]
fn what_is_not_done_is_told_upwards_each_level_once() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(20, &[Shown::More(200); 4]);
        let on = world.on;
        let no = note(&mut world.conn, on).finding_no;
        let order =
            FindingOrder { owner: Some("S002".to_owned()), ..deed(FindingDeed::Order, "补开凭证") };
        done(&mut world.conn, "S003", no, &order, on).expect("an order");
        let due_on = finding_show(&mut world.conn, &work("S003"), no, on).unwrap().orders[0].due_on;
        supervise(&mut world.conn, &work("system"), due_on).expect("a stage");
        assert!(open_tasks(&mut world.conn, "finding_late").is_empty(), "the deadline itself is in time");
        supervise(&mut world.conn, &work("system"), plus_days(due_on, 1)).expect("a stage");
        assert_eq!(open_tasks(&mut world.conn, "finding_late"), [no.to_string()]);
        let there = world.contents();
        supervise(&mut world.conn, &work("system"), plus_days(due_on, 1)).expect("the same stage");
        world.is_still(&there, "a stage was run again");
        supervise(&mut world.conn, &work("system"), plus_days(due_on, 10)).expect("a stage");
        let shown = finding_show(&mut world.conn, &work("S003"), no, on).unwrap();
        let told: Vec<_> = shown.events.iter().filter(|event| event.deed == FindingDeed::Escalate).collect();
        // The station itself, the company above it; above the company there is nobody.
        assert_eq!(
            told.iter().map(|event| event.unit.clone().unwrap()).collect::<Vec<_>>(),
            ["城关所", "县公司", "县公司"]
        );
        assert_eq!(shown.level, 2);
        assert!(shown.orders[0].due_on < plus_days(due_on, 10));
        done(&mut world.conn, "S002", no, &deed(FindingDeed::Tell, "已补开"), plus_days(due_on, 10))
            .expect("told");
        assert!(open_tasks(&mut world.conn, "finding_late").is_empty());
    });
}

/// The meters are read in the field by one reader, all within some seconds of each other, and show what they showed.
fn read_too_fast(world: &mut World, on: Date) {
    let meters = [(1, "A1", "M1", world.totals[0], 0), (2, "A4", "M4", world.totals[3], 2_000)];
    let rows = meters.map(|(line, account_no, meter_no, shown, after)| ReadingRow {
        line,
        account_no: Some(account_no.to_owned()),
        meter_no: Some(meter_no.to_owned()),
        registers: RegisterSet::total_only(on, Energy::kwh(shown)),
        source: Source::Field,
        taken_at: Some(1_777_000_000_000 + after),
        taken_by: Some("S004".to_owned()),
    });
    readings_register(&mut world.conn, &rows, on).expect("SQL").expect("good readings");
}

fn strict() -> Rulebook {
    let check = |word: &str, limit: i64, least: i64| {
        format!(
            "[[rule]]\nid = \"site.check.{word}\"\ntopic = \"supervision_check\"\nfrom = \"2024-01-01\"\nconfidence = \"L\"\n\
             basis = {{ title = \"测试\" }}\nwhen = {{ check = [\"{word}\"] }}\n\
             params = {{ severity = \"ordinary\", limit = {limit}, least = {least} }}\n"
        )
    };
    let act = "[[rule]]\nid = \"site.act.cut\"\ntopic = \"act_certificate\"\nfrom = \"2024-01-01\"\nconfidence = \"L\"\n\
        basis = { title = \"测试\" }\nwhen = { act = [\"cut\", \"read\"] }\nparams = { course = \"safety\", demand = \"refuse\" }\n\
        [[rule]]\nid = \"site.act.verify\"\ntopic = \"act_certificate\"\nfrom = \"2024-01-01\"\nconfidence = \"L\"\n\
        basis = { title = \"测试\" }\nwhen = { act = [\"verify\"] }\nparams = { course = \"safety\", demand = \"warn\" }\n";
    let text = format!(
        "layer = \"site\"\n{}{}{}{act}",
        check("reading_too_fast", 5, 1),
        check("read_equals_last", 10, 1),
        check("late_notice", 0, 1)
    );
    BOOK.overlaid(vec![("site/strict.toml".to_owned(), text)]).expect("a sound book")
}

fn strict_work<'b>(book: &'b Rulebook, by: &str) -> Work<'b> {
    let names: Vec<&str> = JURISDICTIONS.split(',').collect();
    Work { book, site: Selector::in_jurisdictions(&names), by: by.to_owned(), now: 1_770_000_000_000 }
}

#[test]
fn what_the_records_give_away_is_found_once() {
    let ends = RefCell::new(Vec::new());
    on_each_engine(|store| {
        let book = strict();
        let mut world = World::new(store);
        world.live(60, &[Shown::More(200); 4]);
        let on = world.on;
        read_too_fast(&mut world, on);
        let work = strict_work(&book, "system");
        let month_later = plus_days(on.last_of_month(), 1);
        let first = scan(&mut world.conn, &work, (on, month_later), month_later).expect("a scan");
        assert!(first.found > 0 && first.hits >= first.found);
        let found = all(&mut world.conn);
        let subjects: Vec<&str> = found.iter().map(|row| row.subject.as_str()).collect();
        for wanted in ["reading_too_fast", "read_equals_last", "certificate_missing"] {
            assert!(subjects.contains(&wanted), "{wanted}: {subjects:?}");
        }
        let fast = found.iter().find(|row| row.subject == "reading_too_fast").unwrap();
        assert_eq!((fast.person.as_deref(), fast.measured, fast.limit), (Some("S004"), 2, 5));
        assert_eq!(fast.rule, "site.check.reading_too_fast");
        assert!(found.iter().all(|row| row.source == FindingSource::Rule && row.state == FindingState::Open));
        let there = world.contents();
        let again = scan(&mut world.conn, &work, (on, month_later), month_later).expect("the same scan");
        assert_eq!((again.hits, again.found), (first.hits, 0));
        world.is_still(&there, "the same days were looked at again");
        world.proven();
        ends.borrow_mut().push(there);
    });
    let ends = ends.into_inner();
    for other in &ends[1..] {
        assert_eq!(first_difference(&ends[0], other), None);
    }
}

#[test]
fn one_person_with_both_keys_and_a_large_waiver_are_found() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(60, &[Shown::More(200); 4]);
        let on = world.on;
        for (no, fen, asked, approved) in [(1, 60_000, "S001", "S003"), (2, 100, "S002", "S002")] {
            let sql = "INSERT INTO waiver (account_id, waiver_no, bill_no, amount_fen, reason, asked_by, approved_by, approved_on) \
                VALUES (1, $1, 1, $2, 'x', $3, $4, $5)";
            let params =
                [i64::from(no).into(), i64::from(fen).into(), asked.into(), approved.into(), on.into()];
            world.conn.execute(sql, &params).expect("SQL");
        }
        scan(&mut world.conn, &work("system"), (on, on), on).expect("a scan");
        let found: Vec<(String, String, Option<String>)> =
            // The day found that notices had not left; they are no part of this.
            all(&mut world.conn)
                .into_iter()
                .filter(|row| row.subject != "late_notice")
                .map(|row| (row.subject, row.about, row.person))
                .collect();
        assert_eq!(
            found,
            [
                ("same_person_both_keys".to_owned(), "waiver:2".to_owned(), Some("S002".to_owned())),
                ("waiver_amount".to_owned(), "waiver:1".to_owned(), Some("S003".to_owned())),
            ]
        );
    });
}

#[test]
fn a_review_is_drawn_again_by_its_seed() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.live(120, &[Shown::More(200); 4]);
        let on = world.on;
        let conn = &mut world.conn;
        let drawn = |conn: &mut Conn, seed| {
            let review = review_draw(conn, &work("S003"), &bills(seed, on), on).expect("a review");
            let shown = review_show(conn, &work("S003"), review.review_no).expect("shown");
            let samples: Vec<_> =
                shown.samples.iter().map(|s| (s.account_no.clone(), s.about.clone())).collect();
            (review, samples)
        };
        let (review, samples) = drawn(conn, 7);
        assert_eq!(samples.len(), 5, "five at least");
        assert!(review.whole > review.size);
        assert_eq!(drawn(conn, 7).1, samples, "the same seed");
        assert_ne!(drawn(conn, 8).1, samples, "another seed");
        let key = (review.review_no, 1);
        let look = |by: &str, look: &Look, conn: &mut Conn| review_look(conn, &work(by), key, look, on);
        let good = Look { answers: answers(Answer::Good), note: String::new() };
        let refused = |result: Result<_, OfficeError>| {
            result.map(|_: denghuo_store::supervision::ReviewRow| ()).unwrap_err().code()
        };
        assert_eq!(refused(look("S004", &good, conn)), Some("supervision.not_auditor"));
        let some = Look { answers: good.answers[1..].to_vec(), note: String::new() };
        assert_eq!(refused(look("S002", &some, conn)), Some("supervision.answers"));
        let bad = Look { answers: answers(Answer::Bad), note: String::new() };
        assert_eq!(refused(look("S002", &bad, conn)), Some("supervision.missing"), "what is wrong is said");
        look("S002", &Look { note: "电价类别有误".to_owned(), ..bad }, conn).expect("a look");
        assert_eq!(refused(look("S002", &good, conn)), Some("supervision.looked_already"));
        let found =
            all(conn).into_iter().filter(|row| row.source == FindingSource::Review).collect::<Vec<_>>();
        assert_eq!(
            (found.len(), found[0].subject.as_str(), found[0].severity),
            (1, "price", Severity::Serious)
        );
        assert_eq!(open_tasks(conn, "review").len(), 3);
        for sample_no in 2..=5 {
            review_look(conn, &work("S002"), (review.review_no, sample_no), &good, on).expect("a look");
        }
        assert_eq!(open_tasks(conn, "review").len(), 2, "all was looked at");
        let own = NewReview { person: Some("S002".to_owned()), ..bills(7, on) };
        assert_eq!(refused(review_draw(conn, &work("S003"), &own, on)), Some("supervision.own_record"));
        let ahead = NewReview { until_on: plus_days(on, 1), ..bills(7, on) };
        assert_eq!(refused(review_draw(conn, &work("S003"), &ahead, on)), Some("supervision.bad_days"));
        let none = NewReview { list: "none".to_owned(), ..bills(7, on) };
        assert_eq!(refused(review_draw(conn, &work("S003"), &none, on)), Some("supervision.unknown_list"));
        world.proven();
    });
}

#[test]
fn acts_ask_for_certificates_where_the_site_says_so() {
    on_each_engine(|store| {
        let book = strict();
        let mut world = World::new(store);
        world.live(10, &[Shown::More(200); 4]);
        let on = world.on;
        let conn = &mut world.conn;
        let gate = |conn: &mut Conn, book: &Rulebook, act, on| {
            let result = certificate_gate(conn, &strict_work(book, "S004"), (act, "S004"), on);
            result.err().and_then(|error| error.code())
        };
        // The book of the house wants nothing.
        certificate_gate(conn, &work("S004"), (CertifiedAct::Cut, "S004"), on)
            .expect("no certificate is wanted");
        assert_eq!(gate(conn, &book, CertifiedAct::Cut, on), Some("training.certificate_missing"));
        assert_eq!(gate(conn, &book, CertifiedAct::Verify, on), None, "it is told, and done all the same");
        assert_eq!(open_tasks(conn, "certificate_missing"), ["S004:safety"]);
        assert_eq!(certified(conn, "S004", "safety", 89, on), None, "the mark of this course is 90");
        let number = certified(conn, "S004", "safety", 90, on).expect("a certificate");
        assert!(open_tasks(conn, "certificate_missing").is_empty());
        assert_eq!(gate(conn, &book, CertifiedAct::Cut, on), None);
        let until = certificates(conn, &CertificateFilter::default(), &CERTIFICATE_ORDERS.first(10)).unwrap()
            [0]
        .0
        .0
        .until_on;
        assert_eq!(gate(conn, &book, CertifiedAct::Cut, until), None, "its last day");
        assert_eq!(
            gate(conn, &book, CertifiedAct::Cut, plus_days(until, 1)),
            Some("training.certificate_missing")
        );
        certificate_revoke(conn, &work("S003"), number, "违章", plus_days(on, 5)).expect("revoked");
        assert_eq!(gate(conn, &book, CertifiedAct::Cut, plus_days(on, 4)), None);
        assert_eq!(
            gate(conn, &book, CertifiedAct::Cut, plus_days(on, 5)),
            Some("training.certificate_missing")
        );
        let refused = certificate_revoke(conn, &work("S003"), number, "违章", on).unwrap_err();
        assert_eq!(refused.code(), Some("training.unknown_certificate"));
        world.proven();
    });
}

#[test]
fn who_holds_a_certificate_is_reminded_before_it_ends() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        let on = world.on;
        certified(&mut world.conn, "S004", "safety", 95, on);
        let until =
            certificates(&mut world.conn, &CertificateFilter::default(), &CERTIFICATE_ORDERS.first(10))
                .unwrap()[0]
                .0
                .0
                .until_on;
        // A year whose calendar is not there yet ends nothing: the certificate itself is counted in months.
        world.conn.execute("UPDATE certificate SET until_on = 20261120", &[]).expect("SQL");
        assert_eq!(until, date(2027, 2, 5));
        supervise(&mut world.conn, &work("system"), date(2026, 10, 20)).expect("a stage");
        assert!(open_tasks(&mut world.conn, "certificate_ending").is_empty(), "31 days before");
        supervise(&mut world.conn, &work("system"), date(2026, 10, 21)).expect("a stage");
        assert_eq!(open_tasks(&mut world.conn, "certificate_ending"), ["S004:safety"], "30 days before");
        certified(&mut world.conn, "S004", "safety", 92, date(2026, 11, 2));
        assert!(open_tasks(&mut world.conn, "certificate_ending").is_empty());
        supervise(&mut world.conn, &work("system"), date(2026, 11, 3)).expect("a stage");
        assert!(open_tasks(&mut world.conn, "certificate_ending").is_empty(), "the newer one replaces it");
    });
}

#[test]
fn a_test_is_noted_once_and_only_of_who_was_there() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        let on = world.on;
        let conn = &mut world.conn;
        certified(conn, "S004", "safety", 95, on);
        let noted = |conn: &mut Conn, course: &str, session, person: &str, came, score| {
            let attended = Attended { person: person.to_owned(), came, score };
            let result = attendance_note(conn, &work("S003"), (course, session), &attended, on);
            result.err().and_then(|error| error.code())
        };
        assert_eq!(noted(conn, "safety", 1, "S004", true, Some(95)), None, "the same again");
        assert_eq!(noted(conn, "safety", 1, "S004", true, Some(60)), Some("training.has_certificate"));
        assert_eq!(noted(conn, "safety", 1, "S002", false, Some(60)), Some("training.not_there"));
        assert_eq!(noted(conn, "safety", 1, "S002", true, Some(101)), Some("training.bad_score"));
        assert_eq!(noted(conn, "safety", 9, "S002", true, None), Some("training.unknown_session"));
        assert_eq!(noted(conn, "none", 1, "S002", true, None), Some("training.unknown_course"));
        let ahead =
            session_plan(conn, &work("S003"), ("safety", plus_days(on, 9)), ("会议室", "S002")).unwrap();
        assert_eq!(noted(conn, "safety", ahead, "S002", true, None), Some("training.not_held"));
        // A file cannot name somebody who is not on the staff list.
        let work = work("S003");
        let request = Request { work: &work, on, batch: None };
        let file = File {
            name: "staff-2".to_owned(),
            bytes: b"code,org,role,from\nS009,P,reader,2020-01-01\n".to_vec(),
        };
        import_kind(conn, &request, "staff", &file).expect("a staff file");
        assert_eq!(noted(conn, "safety", 1, "S009", true, Some(90)), None);
        assert!(noted(conn, "safety", 1, "S999", true, Some(90)).is_some());
        world.proven();
    });
}
