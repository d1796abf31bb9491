//! Every change is kept with before and after, every look with its reader, and nobody reads more of it than he may.

use super::world::{Client, World};
use axum::http::Method;
use denghuo_store::audit::forget;
use denghuo_store::testing::on_each_engine;
use serde_json::{Value, json};

fn lines(client: &Client<'_>, query: &str) -> Vec<Value> {
    let answer = client.get(&format!("/audit?{query}"));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["items"].as_array().expect("items").clone()
}

#[test]
fn an_edit_is_kept_with_before_and_after() {
    on_each_engine(|store| {
        let world = World::new(store);
        let admin = world.person("admin");
        world.person("S-cashier");
        let tag = admin.get("/people/S-cashier").header("etag").unwrap().to_owned();
        let body = Some(json!({ "administrator": false, "disabled": true }).to_string());
        let edit = admin.clone().with("if-match", &tag);
        assert_eq!(edit.send(Method::PUT, "/api/v1/people/S-cashier", body.clone()).status, 200);
        assert_eq!(edit.send(Method::PUT, "/api/v1/people/S-cashier", body).status, 412);
        let changes = lines(&admin, "source=change");
        assert_eq!(changes.len(), 1, "what was refused has changed nothing: {changes:?}");
        let change = &changes[0];
        assert_eq!(
            (change["who"].as_str(), change["action"].as_str()),
            (Some("admin"), Some("PUT person_edit"))
        );
        assert_eq!(change["subject"], "/api/v1/people/S-cashier");
        assert_eq!(
            (&change["before"]["disabled_on"], &change["after"]["disabled_on"]),
            (&Value::Null, &json!("2026-03-20"))
        );
        assert_eq!(lines(&admin, "source=mark&action=login.edit").len(), 1, "the office notes it too");
    });
}

#[test]
fn money_is_kept_with_what_was_sent_once() {
    on_each_engine(|store| {
        let world = World::new(store);
        let cashier = world.person("S-cashier").with("idempotency-key", "k1");
        let payment = json!({ "amount": "20.00", "channel": "cash" });
        for _ in 0..2 {
            assert_eq!(cashier.post("/accounts/A1/payments", &payment).status, 200);
        }
        let manager = world.person("S-manager");
        let kept = lines(&manager, "source=change&account_no=A1");
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert_eq!(kept[0]["after"], payment);
        // The administrator sees that it was done, not what.
        let seen = lines(&world.person("admin"), "source=change&account_no=A1");
        assert_eq!((&seen[0]["after"], &seen[0]["kept_back"]), (&Value::Null, &json!(true)));
        assert_eq!(manager.get("/audit?account_no=A3").code(), "access.foreign_account");
        assert_eq!(manager.get("/audit?account_no=A9").code(), "account.unknown");
        assert_eq!(world.person("S-agent").get("/audit").code(), "access.not_permitted");
    });
}

#[test]
fn the_trail_pages_through_all_sources_in_order() {
    on_each_engine(|store| {
        let world = World::new(store);
        let collector = world.person("S-collector");
        let cashier = world.person("S-cashier");
        for n in 0..4 {
            world.wait(1);
            assert_eq!(collector.get("/accounts/A1?personal=true").status, 200);
            let keyed = cashier.clone().with("idempotency-key", &n.to_string());
            keyed.post("/accounts/A1/payments", &json!({ "amount": "1.00", "channel": "cash" }));
        }
        let manager = world.person("S-company");
        let whole = lines(&manager, "limit=500");
        let count = |source: &str| whole.iter().filter(|line| line["source"] == source).count();
        assert_eq!((count("change"), count("look")), (4, 4));
        assert!(count("mark") > 0);
        let moments: Vec<&str> = whole.iter().map(|line| line["at"].as_str().unwrap()).collect();
        assert!(moments.is_sorted_by(|a, b| a >= b), "{moments:?}");
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = manager.get(&format!("/audit?limit=3{cursor}")).json();
            paged.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(paged, whole);
        assert_eq!(lines(&manager, "who=S-collector").len(), 4);
        assert_eq!(lines(&manager, "from=2026-03-21").len(), 0);
        assert_eq!(lines(&manager, "from=2026-03-20&until=2026-03-20&source=look").len(), 4);
        let mut conn = store.connect().unwrap();
        assert_eq!(
            forget(&mut conn, world.app.now().recorded_at).unwrap(),
            6,
            "those of the last minute are younger"
        );
        assert_eq!(lines(&manager, "source=look").len(), 1);
    });
}
