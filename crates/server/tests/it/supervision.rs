//! Supervision over the API: who does not lead sees what concerns himself, deeds follow each other, certificates come of tests.

use super::world::{Answer, Client, World};
use denghuo_store::testing::on_each_engine;
use serde_json::{Value, json};

fn send(client: &Client<'_>, path: &str, key: &str, body: &Value) -> Answer {
    client.clone().with("idempotency-key", key).post(path, body)
}

#[test]
fn a_finding_from_its_note_to_its_end() {
    on_each_engine(|store| {
        let world = World::new(store);
        let manager = world.person("S-manager");
        let company = world.person("S-company");
        let collector = world.person("S-collector");
        let reader = world.person("S-reader");
        let note = json!({ "said": "通知未按时送达", "person": "S-reader", "account_no": "A1", "about": "notice:1" });
        assert_eq!(collector.post("/findings", &note).code(), "access.not_permitted");
        let noted = send(&manager, "/findings", "k1", &note);
        assert_eq!(noted.status, 200, "{noted:?}");
        let no = noted.json()["finding_no"].as_i64().unwrap();
        let (path, deeds) = (format!("/findings/{no}"), format!("/findings/{no}/deeds"));
        // Whose act it is sees it; a colleague does not, until he has a part in it.
        assert_eq!(reader.get(&path).status, 200);
        assert_eq!(collector.get(&path).code(), "access.foreign_account");
        let mine = |client: &Client<'_>| {
            client.get("/findings?source=desk").json()["items"].as_array().unwrap().len()
        };
        assert_eq!((mine(&reader), mine(&collector), mine(&manager)), (1, 0, 1));
        let order = json!({ "deed": "order", "owner": "S-collector", "said": "补送通知" });
        assert_eq!(send(&reader, &deeds, "k2", &order).code(), "access.not_permitted");
        let ordered = send(&manager, &deeds, "k3", &order);
        assert_eq!(ordered.json()["state"], "ordered", "{ordered:?}");
        assert_eq!(mine(&collector), 1);
        let told = send(&collector, &deeds, "k4", &json!({ "deed": "tell", "said": "已补送" }));
        assert_eq!(told.json()["state"], "told", "{told:?}");
        let again = send(&collector, &deeds, "k4", &json!({ "deed": "tell", "said": "已补送" }));
        assert_eq!(again.json(), told.json(), "the same request");
        let done = send(&company, &deeds, "k5", &json!({ "deed": "accept" }));
        assert_eq!(done.json()["state"], "closed", "{done:?}");
        let fined = send(&company, &deeds, "k6", &json!({ "deed": "penalise" }));
        assert_eq!(fined.json()["penalty"]["points"], 3, "{fined:?}");
        let shown = reader.get(&path).json();
        assert!(shown["next"].as_array().unwrap().contains(&json!("appeal")), "{shown}");
        let appeal = json!({ "deed": "appeal", "said": "客户不在家" });
        assert_eq!(send(&reader, &deeds, "k7", &appeal).json()["penalty"]["state"], "appealed");
        assert_eq!(manager.get("/penalties?state=appealed").json()["items"][0]["person"], "S-reader");
        let same =
            send(&company, &deeds, "k8", &json!({ "deed": "decide", "points_left": 0, "said": "成立" }));
        assert_eq!(same.code(), "penalty.same_person");
        let decided =
            send(&manager, &deeds, "k9", &json!({ "deed": "decide", "points_left": 0, "said": "成立" }));
        assert_eq!(decided.json()["penalty"]["state"], "cancelled", "{decided:?}");
        let by_clock = send(&manager, &deeds, "k10", &json!({ "deed": "escalate", "said": "x" }));
        assert_eq!(by_clock.status, 422);
    });
}

#[test]
fn findings_of_another_unit_are_not_seen() {
    on_each_engine(|store| {
        let world = World::new(store);
        let company = world.person("S-company");
        let manager = world.person("S-manager");
        let noted = send(&company, "/findings", "k1", &json!({ "said": "河东所台账缺失", "unit": "Q" }));
        let no = noted.json()["finding_no"].as_i64().unwrap();
        assert_eq!(manager.get(&format!("/findings/{no}")).code(), "access.foreign_account");
        assert_eq!(manager.get("/findings?source=desk").json()["items"], json!([]));
        let foreign = send(&manager, "/findings", "k2", &json!({ "said": "x", "unit": "Q" }));
        assert_eq!(foreign.code(), "access.foreign_account");
        let days = json!({ "from": "2026-03-01", "until": "2026-03-20" });
        assert_eq!(send(&manager, "/finding-scans", "k3", &days).code(), "access.foreign_account");
        let scanned = send(&company, "/finding-scans", "k4", &days);
        assert_eq!(scanned.status, 200, "{scanned:?}");
        let again = send(&company, "/finding-scans", "k5", &days);
        assert_eq!(
            (again.json()["hits"].clone(), again.json()["found"].clone()),
            (scanned.json()["hits"].clone(), json!(0))
        );
        let ahead = json!({ "from": "2026-03-01", "until": "2026-03-21" });
        assert_eq!(send(&company, "/finding-scans", "k6", &ahead).code(), "supervision.bad_days");
        let checks = company.get("/supervision-checks").json();
        assert_eq!(checks["items"].as_array().unwrap().len(), 13, "{checks}");
    });
}

#[test]
fn a_review_is_looked_at_by_its_auditor() {
    on_each_engine(|store| {
        let world = World::new(store);
        let manager = world.person("S-manager");
        let verifier = world.person("S-verifier");
        let draw = json!({ "list": "bill", "unit": "P", "from_on": "2026-03-01", "until_on": "2026-03-20", "seed": 7,
            "auditor": "S-verifier" });
        let drawn = send(&manager, "/reviews", "k1", &draw);
        assert_eq!(drawn.status, 200, "{drawn:?}");
        let no = drawn.json()["review_no"].as_i64().unwrap();
        assert_eq!(drawn.json()["size"], 2, "A1 and A2 belong to the station");
        assert_eq!(world.person("S-agent").get(&format!("/reviews/{no}")).code(), "access.foreign_account");
        let items = ["price", "quantity", "second", "day"];
        let look = |bad: &str| {
            let answer =
                |item: &&str| json!({ "item": item, "answer": if *item == bad { "bad" } else { "good" } });
            json!({ "answers": items.iter().map(answer).collect::<Vec<_>>(), "note": "电价类别有误" })
        };
        let path = |sample: i64| format!("/reviews/{no}/samples/{sample}");
        assert_eq!(send(&manager, &path(1), "k2", &look("price")).code(), "supervision.not_auditor");
        let seen = send(&verifier, &path(1), "k3", &look("price"));
        assert_eq!(seen.status, 200, "{seen:?}");
        let done = send(&verifier, &path(2), "k4", &look("none"));
        assert_eq!((done.json()["state"].clone(), done.json()["looked"].clone()), (json!("done"), json!(2)));
        let found = manager.get("/findings?source=review").json();
        assert_eq!(found["items"][0]["subject"], "price", "{found}");
        let lists = manager.get("/checklists").json();
        assert_eq!(lists["items"].as_array().unwrap().len(), 6);
        let foreign = send(
            &manager,
            "/reviews",
            "k5",
            &json!({ "list": "bill", "unit": "C", "from_on": "2026-03-01",
            "until_on": "2026-03-20", "seed": 7, "auditor": "S-verifier" }),
        );
        assert_eq!(foreign.code(), "access.foreign_account");
    });
}

#[test]
fn a_test_that_is_passed_gives_a_certificate() {
    on_each_engine(|store| {
        let world = World::new(store);
        let manager = world.person("S-manager");
        let inspector = world.person("S-inspector");
        let course = json!({ "code": "safety", "title": "安全规程", "title_en": "Safety rules", "hours": 8 });
        assert_eq!(send(&inspector, "/courses", "k0", &course).code(), "access.not_permitted");
        assert_eq!(send(&manager, "/courses", "k1", &course).status, 200);
        assert_eq!(send(&manager, "/courses", "k2", &course).code(), "training.course_exists");
        let session = json!({ "held_on": "2026-03-19", "place": "会议室", "teacher": "S-company" });
        let planned = send(&manager, "/courses/safety/sessions", "k3", &session);
        assert_eq!(planned.json()["session_no"], 1, "{planned:?}");
        let note = |score: i64| json!({ "person": "S-inspector", "came": true, "score": score });
        let path = "/courses/safety/sessions/1/attendance";
        assert_eq!(
            send(&manager, path, "k4", &note(80)).json()["certificate_no"],
            Value::Null,
            "90 is wanted"
        );
        assert_eq!(send(&manager, path, "k5", &note(95)).json()["certificate_no"], 1);
        let held = inspector.get("/certificates?mine=true").json();
        assert_eq!(
            (held["items"][0]["good"].clone(), held["items"][0]["until_on"].clone()),
            (json!(true), json!("2027-03-19"))
        );
        let shown = inspector.get("/courses/safety/sessions/1").json();
        assert_eq!(shown["people"][0]["score"], 95);
        let courses = inspector.get("/courses").json();
        assert_eq!(courses["items"][0]["pass_mark"], 90, "{courses}");
        let revoked = manager.post("/certificates/1/revocation", &json!({ "reason": "违章" }));
        assert_eq!(revoked.json()["good"], false, "{revoked:?}");
        assert_eq!(inspector.get("/certificates?good=true").json()["items"], json!([]));
    });
}
