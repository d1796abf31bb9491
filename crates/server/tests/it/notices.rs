//! Notices of a unit, serving them with proof, runs of paper, and the contacts that they go to.

use super::collections::overdue;
use super::world::{Answer, Client, World};
use axum::http::Method;
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;
use serde_json::{Value, json};

fn items(client: &Client<'_>, path: &str) -> Vec<Value> {
    let answer = client.get(path);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json()["items"].as_array().expect("a list").clone()
}

/// The number of the demand notice of an account.
fn demand(client: &Client<'_>, account_no: &str) -> i64 {
    let all = items(client, "/notices?kind=demand");
    let found = all.iter().find(|row| row["account_no"] == account_no);
    found.unwrap_or_else(|| panic!("no demand for {account_no} in {all:?}"))["notice_no"]
        .as_i64()
        .expect("a number")
}

fn upload(client: &Client<'_>, key: &str, path: &str, body: &str) -> Answer {
    let client = client.clone().with("idempotency-key", key).with("content-type", "application/pdf");
    client.send(Method::POST, &format!("/api/v1{path}"), Some(body.to_owned()))
}

/// The least that is a paper for the check of files.
const PAPER: &str = "%PDF-1.7\n";

fn world(store: &denghuo_store::Store) -> World {
    overdue(store, date(2026, 4, 20))
}

#[test]
fn lists_of_notices_are_those_of_ones_unit() {
    on_each_engine(|store| {
        let world = world(store);
        let collector = world.person("S-collector");
        let all = items(&collector, "/notices");
        assert!(all.iter().all(|row| row["account_no"] != "A3"), "{all:?}");
        assert!(items(&world.person("S-company"), "/notices").iter().any(|row| row["account_no"] == "A3"));
        let demands = items(&collector, "/notices?kind=demand&from=2026-04-20&until=2026-04-20");
        assert_eq!(demands.len(), 2);
        assert_eq!(items(&collector, "/notices?kind=demand&until=2026-04-19"), Vec::<Value>::new());
        assert_eq!(items(&collector, "/notices?state=withdrawn"), Vec::<Value>::new());
        let mut cursor = String::new();
        let mut seen = 0;
        loop {
            let page = collector.get(&format!("/notices?limit=1{cursor}")).json();
            seen += page["items"].as_array().unwrap().len();
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, all.len());
        assert_eq!(items(&collector, "/notices/late?kind=demand"), Vec::<Value>::new());
        world.set(date(2026, 5, 20));
        let collector = world.person("S-collector");
        let late = items(&collector, "/notices/late?kind=demand");
        assert_eq!(late.len(), 2);
        assert!(late[0]["days_left"].as_i64().unwrap() < 0);
    });
}

#[test]
fn a_notice_is_served_with_a_receipt_and_refused_with_a_record() {
    on_each_engine(|store| {
        let world = world(store);
        let collector = world.person("S-collector");
        let no = demand(&collector, "A1");
        let path = format!("/accounts/A1/notices/{no}");
        let words = collector.get(&format!("{path}/text?channel=sms"));
        assert!(words.json()["text"].as_str().unwrap().contains("户号A1"), "{words:?}");
        assert_eq!(world.person("S-cashier").get(&format!("{path}/text")).code(), "access.not_permitted");
        let unsigned = upload(&collector, "s0", &format!("{path}/serve?way=signed&file_name=a.pdf"), PAPER);
        assert_eq!(unsigned.status, 409, "{unsigned:?}");
        let later =
            upload(&collector, "s1", &format!("{path}/serve?way=signed&at=2026-04-20T23:00:00"), PAPER);
        assert_eq!(later.code(), "request.at");
        let query = "way=signed&signer=%E7%94%B2&signer_role=self&place=%E8%A7%A3%E6%94%BE%E8%B7%AF&file_name=receipt.pdf";
        let served = upload(&collector, "s2", &format!("{path}/serve?{query}"), PAPER);
        assert_eq!((served.status, served.json()["state"].as_str()), (200, Some("served")), "{served:?}");
        let again = upload(&collector, "s2", &format!("{path}/serve?{query}"), PAPER);
        assert_eq!(again.json(), served.json());
        let proofs = items(&collector, "/accounts/A1/evidence");
        assert_eq!(proofs[0]["kind"], "signed_receipt");
        assert_eq!(proofs[0]["file_name"], "receipt.pdf");
        let door = upload(&collector, "s3", &format!("{path}/photo?file_name=door.pdf"), PAPER);
        assert_eq!(door.status, 200, "{door:?}");
        let proofs = items(&collector, "/accounts/A1/evidence");
        assert_eq!(
            (proofs[0]["kind"].as_str(), proofs[1]["kind"].as_str()),
            (Some("photo"), Some("signed_receipt"))
        );
        assert_eq!(proofs[0]["subject"], proofs[1]["subject"], "both are about the notice");
        assert_eq!(
            collector.post(&format!("{path}/withdraw"), &json!({ "why": "已缴" })).code(),
            "notice.served"
        );
        let other = demand(&collector, "A2");
        let path = format!("/accounts/A2/notices/{other}");
        let refused =
            upload(&collector, "r1", &format!("{path}/refuse?signer=%E4%B9%99&note=%E6%8B%92%E6%94%B6"), "");
        assert_eq!(refused.status, 200, "{refused:?}");
        assert_eq!(refused.json()["notice"]["state"], "open");
        let withdrawn = collector.post(&format!("{path}/withdraw"), &json!({ "why": "已缴清" }));
        assert_eq!(withdrawn.json()["state"], "withdrawn", "{withdrawn:?}");
        assert_eq!(collector.get("/accounts/A2/notices/99").code(), "notice.unknown");
    });
}

#[test]
fn papers_leave_in_runs_and_their_receipts_come_back() {
    on_each_engine(|store| {
        let world = world(store);
        let collector = world.person("S-collector");
        let waits = collector.get("/papers-waiting").json();
        let company = world.person("S-company");
        let count = |told: &Value| -> i64 {
            let lines = told["waiting"].as_array().unwrap();
            lines
                .iter()
                .filter(|one| one["channel"] == "paper_own")
                .map(|one| one["papers"].as_i64().unwrap())
                .sum()
        };
        let own = count(&waits);
        assert!(own > 0 && own <= count(&company.get("/papers-waiting").json()), "{waits}");
        let make = |key: &str, body: Value| {
            collector.clone().with("idempotency-key", key).post("/paper-runs", &body)
        };
        assert_eq!(make("p0", json!({ "channel": "sms" })).code(), "request.body");
        assert_eq!(make("p1", json!({ "channel": "paper_delegated" })).code(), "request.body");
        let run = make("p2", json!({ "channel": "paper_own" })).json();
        assert_eq!(run["papers"].as_i64(), Some(own), "{run}");
        let run_id = run["run_id"].as_str().unwrap();
        assert_eq!(items(&collector, "/paper-runs")[0]["run_id"], run_id);
        assert_eq!(count(&collector.get("/papers-waiting").json()), 0);
        // Nothing is printed twice.
        let again = make("p3", json!({ "channel": "paper_own" }));
        assert_eq!((again.json()["run_id"].clone(), again.json()["papers"].clone()), (Value::Null, json!(0)));
        let arrived = collector.clone().with("idempotency-key", "p5");
        let served = arrived.post(&format!("/paper-runs/{run_id}/arrived"), &json!({}));
        assert_eq!(served.status, 200, "{served:?}");
        let code =
            company.get("/accounts/A3/notices").json()["items"][0]["code"].as_str().unwrap().to_owned();
        let file = format!("code,result,at\n{code},failed,2026-04-20 08:00\n");
        let back = collector.clone().with("idempotency-key", "p6").with("content-type", "text/csv");
        let back = back.send(Method::POST, "/api/v1/paper-returns?file_name=back.csv", Some(file));
        assert_eq!(back.code(), "file.bad_rows", "another station's notice is unknown here");
    });
}

#[test]
fn a_contact_is_added_checked_and_replaced_by_who_saw_it_last() {
    on_each_engine(|store| {
        let world = world(store);
        let agent = world.person("S-agent");
        let bad = json!({ "kind": "email", "value": "no address", "source": "call" });
        assert_eq!(
            agent.clone().with("idempotency-key", "c1").post("/accounts/A1/contacts", &bad).code(),
            "contact.bad_value"
        );
        let new = json!({ "kind": "email", "value": "jia@example.com", "consent": true, "verified_how": "call", "source": "call" });
        let added = agent.clone().with("idempotency-key", "c2").post("/accounts/A1/contacts", &new);
        assert_eq!(
            (added.status, added.json()["value"].as_str()),
            (200, Some("j***@example.com")),
            "{added:?}"
        );
        let path = "/accounts/A1/contacts/1";
        let seen = agent.get(path);
        let tag = seen.header("etag").unwrap().to_owned();
        let change = |client: &Client<'_>, body: Value| {
            client.send(Method::PUT, &format!("/api/v1{path}"), Some(body.to_string()))
        };
        let unreachable = json!({ "what": "unreachable", "source": "call" });
        assert_eq!(change(&agent, unreachable.clone()).code(), "edit.missing_if_match");
        let done = change(&agent.clone().with("if-match", &tag), unreachable.clone());
        assert_eq!(done.json()["contact"]["trouble"], "unreachable", "{done:?}");
        assert_eq!(change(&agent.clone().with("if-match", &tag), unreachable).code(), "edit.stale");
        let failures = items(&agent, "/contact-failures");
        assert_eq!((failures.len(), failures[0]["reason"].as_str()), (1, Some("unreachable")));
        assert_eq!(failures[0]["value"], "138****0001");
        let tag = agent.get(path).header("etag").unwrap().to_owned();
        let replaced = json!({ "what": "replaced", "value": "13800000009", "source": "visit" });
        let done = change(&agent.clone().with("if-match", &tag), replaced);
        assert_eq!(done.json()["contact_no"], 3, "{done:?}");
        assert_eq!(items(&agent, "/contact-failures"), Vec::<Value>::new());
        assert_eq!(agent.get(path).json()["until_on"], "2026-04-20", "the old one has ended");
    });
}
