//! Deeds that were done without a line: once, each for itself, and nothing is lost.

use super::world::{Client, World, work};
use denghuo_office::day::{DayOptions, Quiet, run_day};
use denghuo_office::metering::{ReadingRow, readings_register};
use denghuo_office::notices::{NoticeOrder, notice_request, notice_withdraw};
use denghuo_rules::metering::{RegisterSet, Source};
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::units::{Energy, Money};
use denghuo_store::Store;
use denghuo_store::day::Range;
use denghuo_store::testing::on_each_engine;
use jiff::civil::{DateTime, date};
use serde_json::{Value, json};

const TODAY: jiff::civil::Date = date(2026, 4, 5);
/// The first bytes of a PNG, base64.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// The world on the day on which the routes are open again.
fn open_routes(store: &Store) -> World {
    let world = World::new(store);
    run_day(store, &work("system"), TODAY, DayOptions::default(), &Quiet).expect("a day");
    world.set(TODAY);
    world
}

fn deed(id: u8, account_no: &str, act: &Value) -> Value {
    json!({
        "deed_id": format!("00000000-0000-4000-8000-0000000000{id:02x}"),
        "account_no": account_no,
        "happened_at": "2026-04-05T08:30:00",
        "place": { "latitude": "36.65", "longitude": "117.12", "accuracy_m": 12 },
        "act": act,
    })
}

fn reading(meter_no: &str, total: &str) -> Value {
    json!({ "kind": "reading", "meter_no": meter_no, "last_on": "2026-03-05",
        "registers": [{ "kind": "total", "value": total }],
        "photo": { "name": "m.png", "media_type": "image/png", "data": PNG } })
}

fn sync(client: &Client<'_>, deeds: &[Value]) -> Vec<Value> {
    let answer = client.post("/field/sync", &json!({ "deeds": deeds }));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["answers"].as_array().expect("answers").clone()
}

fn told(answer: &Value) -> String {
    format!(
        "{} {} {}",
        answer["outcome"].as_str().unwrap_or_default(),
        answer["code"].as_str().unwrap_or("-"),
        answer["again"]
    )
}

#[test]
fn a_package_and_what_comes_back() {
    on_each_engine(|store| {
        let world = open_routes(store);
        let reader = world.person("S-reader");
        let package = reader.get("/field/package").json();
        let meters = package["meters"].as_array().unwrap();
        assert_eq!(meters.len(), 2, "{package}");
        assert_eq!((&meters[0]["account_no"], &meters[0]["customer"]), (&json!("A1"), &json!("甲**")));
        assert_eq!(meters[0]["address"], "城关镇解放路一号");
        assert_eq!(meters[0]["last"], json!([{ "kind": "total", "value": "250" }]), "{}", meters[0]);
        assert_eq!(meters[0]["last_on"], "2026-03-05");
        assert_eq!(meters[0]["last_use"]["kwh"], 150);
        assert!(package["verdict"]["residential"]["rise"].is_string());
        let deeds = [
            deed(1, "A1", &reading("M1", "420")),
            json!({ "deed_id": "x" }),
            deed(2, "A3", &reading("M3", "700")),
            deed(3, "A2", &reading("M2", "9999999")),
            deed(4, "A9", &reading("M2", "500")),
            deed(5, "A2", &json!({ "kind": "cut_confirm", "done": true })),
        ];
        let answers = sync(&reader, &deeds);
        let all: Vec<String> = answers.iter().map(told).collect();
        assert_eq!(
            all,
            [
                "done - false",
                "refused field.unreadable false",
                "refused access.foreign_account false",
                "refused reading.beyond_dial false",
                "refused account.unknown false",
                "refused access.not_permitted false",
            ]
        );
        assert_eq!(answers[0]["evidence"], json!([1]));
        let twice: Vec<String> = sync(&reader, &deeds).iter().map(told).collect();
        assert_eq!(twice[0], "done - true");
        assert_eq!(twice[3], "refused reading.beyond_dial true");
        let other = sync(&reader, &[deed(1, "A1", &reading("M1", "421"))]);
        assert_eq!(told(&other[0]), "refused field.other_content false");
        let readings = world.person("S-verifier").get("/accounts/A1/readings").json();
        let mine: Vec<_> =
            readings["items"].as_array().unwrap().iter().filter(|r| r["source"] == "field").collect();
        assert_eq!((mine.len(), &mine[0]["taken_by"]), (1, &json!("S-reader")));
        assert_eq!(reader.get("/field/package").json()["meters"].as_array().unwrap().len(), 1);
        let tasks = world.person("S-verifier").get("/tasks?kind=field_conflict").json();
        assert_eq!(tasks["items"].as_array().unwrap().len(), 1, "{tasks}");
        let foreign = denghuo_store::tasks::of_account(&mut store.connect().unwrap(), 3).unwrap();
        assert!(foreign.iter().all(|task| task.kind != "field_conflict"), "nothing is written there");
    });
}

#[test]
fn somebody_else_read_the_meter_meanwhile() {
    on_each_engine(|store| {
        let world = open_routes(store);
        let row = ReadingRow {
            line: 1,
            account_no: Some("A1".to_owned()),
            meter_no: Some("M1".to_owned()),
            registers: RegisterSet::total_only(date(2026, 4, 4), Energy::kwh(400)),
            source: Source::Field,
            taken_at: None,
            taken_by: None,
        };
        let mut conn = store.connect().unwrap();
        readings_register(&mut conn, &[row], TODAY).unwrap().unwrap();
        let reader = world.person("S-reader");
        let answers = sync(&reader, &[deed(1, "A1", &reading("M1", "420"))]);
        assert_eq!(told(&answers[0]), "refused field.read_meanwhile false");
        assert_eq!((&answers[0]["task"], &answers[0]["evidence"]), (&json!(true), &json!([1])));
        let task = denghuo_store::tasks::of_account(&mut conn, 1).unwrap();
        let task = task.iter().find(|task| task.kind == "field_conflict").unwrap();
        assert!(task.detail.zh.contains("有功总420") && task.owner_role == "verifier", "{task:?}");
        let proofs = denghuo_store::evidence::chains(&mut conn, Range { from: 1, to: 1 }).unwrap();
        assert_eq!(proofs[0].subject, "reading:20260405");
    });
}

/// A demand to an account without contacts: it has to be carried.
fn demand(store: &Store) -> i64 {
    let order = NoticeOrder {
        account_id: 2,
        kind: NoticeKind::Demand,
        subject: "bill:1".to_owned(),
        bill_no: 1,
        due_by: date(2026, 4, 8),
        deadline_on: Some(date(2026, 4, 12)),
        amount: Money::yuan(100),
        fee: Money::ZERO,
        content: json!({}),
        rules: Vec::new(),
    };
    let mut conn = store.connect().expect("a connection");
    notice_request(&mut conn, &work("system"), &order, date(2026, 4, 2)).expect("a notice")
}

#[test]
fn a_notice_is_served_with_a_signature_or_its_refusal_is_kept() {
    on_each_engine(|store| {
        let world = open_routes(store);
        let no = demand(store);
        let collector = world.person("S-collector");
        let package = collector.get("/field/package").json();
        let notice =
            package["notices"].as_array().unwrap().iter().find(|n| n["notice_no"] == no).unwrap().clone();
        assert_eq!((&notice["account_no"], &notice["kind"]), (&json!("A2"), &json!("demand")));
        assert!(notice["ways"].as_array().unwrap().contains(&json!("signed")), "{notice}");
        assert!(package["meters"].as_array().unwrap().is_empty(), "a collector reads no meters");
        let file = json!({ "name": "s.png", "media_type": "image/png", "data": PNG });
        let signer = json!({ "name": "乙某", "role": "self" });
        let refused = json!({ "kind": "notice_refused", "notice_no": no, "witness": "丁某", "note": "拒收", "photo": file });
        let served = json!({ "kind": "notice_served", "notice_no": no, "way": "signed", "signer": signer, "signature": file,
            "photo": { "name": "p.png", "media_type": "image/png", "data": PNG } });
        let unsigned = json!({ "kind": "notice_served", "notice_no": no, "way": "signed" });
        let unknown = json!({ "kind": "notice_served", "notice_no": 99, "way": "signed", "signer": signer });
        let deeds = [
            deed(1, "A2", &refused),
            deed(2, "A2", &unsigned),
            deed(3, "A2", &unknown),
            deed(4, "A2", &served),
        ];
        let all: Vec<String> = sync(&collector, &deeds).iter().map(told).collect();
        assert_eq!(
            all,
            [
                "done - false",
                "refused notice.no_signer false",
                "refused notice.unknown false",
                "done - false"
            ]
        );
        let notices = world.person("S-agent").get("/accounts/A2/notices").json();
        let kept =
            notices["items"].as_array().unwrap().iter().find(|n| n["notice_no"] == no).unwrap().clone();
        assert_eq!((&kept["state"], &kept["served_at"]), (&json!("served"), &json!("2026-04-05T08:30:00")));
        let mut conn = store.connect().unwrap();
        let proofs = denghuo_store::evidence::about(&mut conn, 2, &format!("notice:{no}")).unwrap();
        let kinds: Vec<&str> = proofs.iter().map(|proof| proof.kind.as_str()).collect();
        assert_eq!(kinds, ["refusal_record", "signed_receipt", "photo"]);
        assert_eq!(proofs[1].place.as_deref(), Some("36.65,117.12 ±12m"));
    });
}

#[test]
fn what_was_withdrawn_is_not_served() {
    on_each_engine(|store| {
        let world = open_routes(store);
        let no = demand(store);
        let at: DateTime = date(2026, 4, 5).at(7, 0, 0, 0);
        notice_withdraw(&mut store.connect().unwrap(), &work("system"), (2, no), "paid", at).unwrap();
        let collector = world.person("S-collector");
        let served = json!({ "kind": "notice_served", "notice_no": no, "way": "signed",
            "signer": { "name": "乙某", "role": "self" },
            "signature": { "name": "s.png", "media_type": "image/png", "data": PNG } });
        let answers = sync(&collector, &[deed(1, "A2", &served)]);
        assert_eq!(told(&answers[0]), "refused notice.withdrawn false");
        assert_eq!((&answers[0]["task"], &answers[0]["evidence"]), (&json!(true), &json!([1])));
        let bad = json!({ "kind": "photo", "subject": "notice:1",
            "photo": { "name": "x.png", "media_type": "image/png", "data": "AAAA" } });
        let answers = sync(&collector, &[deed(2, "A2", &bad)]);
        assert_eq!(
            (told(&answers[0]).as_str(), &answers[0]["task"]),
            ("refused evidence.not_its_type false", &json!(true))
        );
    });
}

#[test]
fn no_cut_without_a_live_warrant() {
    on_each_engine(|store| {
        let world = open_routes(store);
        let inspector = world.person("S-inspector").with("idempotency-key", "c1");
        let cut = inspector.post("/field/accounts/A2/cut", &json!({}));
        assert_eq!((cut.status, cut.code().as_str()), (409, "cuts.no_case"));
        let act = json!({ "kind": "restore_confirm", "done": true });
        let answers =
            sync(&inspector, &[deed(1, "A2", &act), deed(2, "A2", &json!({ "kind": "cut_execute" }))]);
        assert_eq!(told(&answers[0]), "refused field.no_operation false");
        assert_eq!(told(&answers[1]), "refused field.unreadable false", "no deed executes a cut");
        let future = json!({ "deed_id": "00000000-0000-4000-8000-0000000000aa", "account_no": "A2",
            "happened_at": "2026-04-06T08:30:00", "act": act });
        assert_eq!(told(&sync(&inspector, &[future])[0]), "refused field.wrong_moment false");
    });
}
