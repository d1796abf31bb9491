//! Tickets over the API: taken once, worked on in their order, told upwards, seen in one's own unit alone.

use super::world::{Client, World};
use denghuo_store::testing::on_each_engine;
use serde_json::{Value, json};

fn complaint() -> Value {
    json!({ "request": "complaint", "said": "催费人员态度恶劣", "caller": "甲某某", "phone": "13800000001", "about": ["bill:1"] })
}

fn deed(client: &Client<'_>, path: &str, key: &str, body: &Value) -> super::world::Answer {
    client.clone().with("idempotency-key", key).post(path, body)
}

#[test]
fn a_complaint_from_its_acceptance_to_its_end() {
    on_each_engine(|store| {
        let world = World::new(store);
        let agent = world.person("S-agent");
        let without_key = agent.post("/accounts/A1/tickets", &complaint());
        assert_eq!(without_key.status, 422, "{without_key:?}");
        let taken = deed(&agent, "/accounts/A1/tickets", "k1", &complaint());
        assert_eq!(taken.status, 200, "{taken:?}");
        let again = deed(&agent, "/accounts/A1/tickets", "k1", &complaint());
        assert_eq!(again.json(), taken.json(), "the same request is the same ticket");
        let ticket = taken.json();
        assert_eq!(ticket["code"], "A1-1");
        assert_eq!(ticket["phone"], "138****0001", "masked");
        assert_eq!(ticket["clocks"].as_array().unwrap().len(), 4, "{ticket}");
        assert_eq!(ticket["clocks"][0]["kind"], "dispatch");
        let path = "/accounts/A1/tickets/1/deeds";
        let early = deed(&agent, path, "k2", &json!({ "deed": "answer", "said": "已答复" }));
        assert_eq!((early.status, early.code().as_str()), (409, "ticket.first"));
        for (key, body) in [
            ("k3", json!({ "deed": "dispatch", "owner": "S-collector" })),
            ("k4", json!({ "deed": "contact" })),
            ("k5", json!({ "deed": "answer", "said": "已致歉并整改" })),
            ("k6", json!({ "deed": "call_back", "satisfaction": "satisfied" })),
            ("k7", json!({ "deed": "close" })),
        ] {
            world.wait(10);
            let done = deed(&agent, path, key, &body);
            assert_eq!(done.status, 200, "{done:?}");
        }
        let shown = agent.get("/accounts/A1/tickets/1").json();
        assert_eq!(shown["state"], "closed");
        assert!(shown["clocks"].as_array().unwrap().iter().all(|clock| clock["state"] == "met"), "{shown}");
        let list = agent.get("/tickets?open=true").json();
        assert_eq!(list["items"], json!([]));
        let list = agent.get("/accounts/A1/tickets").json();
        assert_eq!(list["items"][0]["code"], "A1-1");
    });
}

#[test]
fn tickets_of_another_unit_are_not_seen() {
    on_each_engine(|store| {
        let world = World::new(store);
        let company = world.person("S-company");
        let fault = |unit: &str| json!({ "request": "fault", "area": "urban", "said": "停电", "unit": unit });
        let other = deed(&company, "/tickets", "k1", &fault("Q"));
        assert_eq!(other.status, 200, "{other:?}");
        let agent = world.person("S-agent");
        assert_eq!(agent.get("/tickets").json()["items"], json!([]));
        assert_eq!(agent.get("/tickets/1").code(), "access.foreign_account");
        let foreign = deed(&agent, "/tickets", "k2", &fault("Q"));
        assert_eq!((foreign.status, foreign.code().as_str()), (403, "access.foreign_account"));
        assert_eq!(company.get("/tickets").json()["items"].as_array().unwrap().len(), 1);
        let foreign = deed(&agent, "/tickets/1/deeds", "k3", &json!({ "deed": "note", "said": "x" }));
        assert_eq!(foreign.status, 403);
    });
}

#[test]
fn what_is_late_is_told_by_a_sweep() {
    on_each_engine(|store| {
        let world = World::new(store);
        let agent = world.person("S-agent");
        deed(&agent, "/accounts/A1/tickets", "k1", &complaint());
        world.wait(60 * 24 + 1);
        let agent = world.person("S-agent");
        assert_eq!(agent.get("/tickets?late=true").json()["items"].as_array().unwrap().len(), 1);
        let manager = world.person("S-manager");
        let swept = manager.post("/ticket-sweeps", &json!({}));
        assert_eq!(swept.json()["looked_at"], 1, "{swept:?}");
        assert_eq!(manager.post("/ticket-sweeps", &json!({})).json()["looked_at"], 0);
        let shown = agent.get("/accounts/A1/tickets/1").json();
        assert!(shown["level"].as_i64().unwrap() >= 1, "{shown}");
        assert!(shown["events"].as_array().unwrap().iter().any(|event| event["deed"] == "escalate"));
        assert_eq!(agent.post("/ticket-sweeps", &json!({})).status, 403);
    });
}

#[test]
fn what_cannot_be_taken_is_told_with_its_code() {
    on_each_engine(|store| {
        let world = World::new(store);
        let agent = world.person("S-agent");
        for (at, (body, status, code)) in [
            (json!({ "request": "reading_data", "said": "多抄", "unit": "P" }), 409, "ticket.no_account"),
            (json!({ "request": "fault", "said": "停电", "unit": "P" }), 409, "ticket.no_area"),
            (json!({ "request": "consultation", "said": "问价" }), 409, "ticket.no_unit"),
            (json!({ "request": "gift", "said": "x" }), 422, "request.body"),
        ]
        .into_iter()
        .enumerate()
        {
            let answer = deed(&agent, "/tickets", &format!("k{at}"), &body);
            assert_eq!((answer.status, answer.code().as_str()), (status, code), "{body}");
        }
    });
}
