//! Other systems are told what happened, once for each fact, by an endpoint that an administrator keeps.

use super::world::World;
use axum::http::Method;
use denghuo_office::webhooks::{HookPort, Posted};
use denghuo_store::testing::on_each_engine;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Receiver(Mutex<Vec<Value>>);

impl HookPort for Receiver {
    fn post(&self, request: &Posted<'_>) -> Result<u16, String> {
        let body = serde_json::from_str(request.body).expect("JSON");
        self.0.lock().expect("a list").push(body);
        Ok(200)
    }
    fn secret(&self, _: &str) -> Option<String> {
        Some("s3cret".to_owned())
    }
    fn now(&self) -> i64 {
        i64::MAX / 2
    }
}

#[test]
fn a_payment_and_a_bill_are_told_once() {
    on_each_engine(|store| {
        let world = World::new(store);
        let receiver = Arc::new(Receiver::default());
        let app = world.app.clone().telling(receiver.clone());
        let admin = world.person("admin");
        let hook = json!({ "url": "https://bank.example/in", "events": ["payment.posted", "bill.released"], "purpose": "银行" });
        let made = admin.post("/webhooks", &json!({ "hook": hook }));
        assert_eq!(made.status, 200, "{made:?}");
        let secret = made.json()["secret"].as_str().unwrap().to_owned();
        for path in ["/webhooks", "/webhooks/1", "/audit"] {
            assert!(!admin.get(path).body.contains(&secret), "the secret is told once: {path}");
        }
        for (bad, code) in [
            (json!({ "url": "file:///etc/passwd", "events": ["bill.released"] }), "webhook.bad_address"),
            (json!({ "url": "https://a.example", "events": [] }), "webhook.no_event"),
            (json!({ "url": "https://a.example", "events": ["x"] }), "request.body"),
        ] {
            let answer = admin.post("/webhooks", &json!({ "hook": bad }));
            assert_eq!((answer.status, answer.code().as_str()), (422, code));
        }
        let cashier = world.person("S-cashier").with("idempotency-key", "k1");
        for _ in 0..2 {
            assert_eq!(
                cashier
                    .post("/accounts/A1/payments", &json!({ "amount": "20.00", "channel": "cash" }))
                    .status,
                200
            );
        }
        assert_eq!(admin.post("/webhooks/1/ping", &json!({})).status, 200);
        app.join();
        let told = receiver.0.lock().unwrap().clone();
        let mut keys: Vec<&str> = told.iter().map(|event| event["event"].as_str().unwrap()).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["payment.posted", "ping"], "{told:?}");
        let payment = told.iter().find(|event| event["event"] == "payment.posted").unwrap();
        assert_eq!((&payment["account_no"], &payment["data"]["amount"]), (&json!("A1"), &json!("20.00")));
        let list = admin.get("/webhooks/1/deliveries?state=sent").json();
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        let key = "account_no=A1&event_key=payment.posted:1";
        assert_eq!(admin.get(&format!("/webhooks/1/attempts?{key}")).json()["attempts"][0]["status"], 200);
        let again = json!({ "account_no": "A1", "event_key": "payment.posted:1" });
        assert_eq!(admin.post("/webhooks/1/replay", &again).status, 200);
        app.join();
        assert_eq!(receiver.0.lock().unwrap().len(), 3);
        assert_eq!(
            admin.post("/webhooks/1/replay", &json!({ "event_key": "x" })).code(),
            "webhook.unknown_delivery"
        );

        let tag = admin.get("/webhooks/1").header("etag").unwrap().to_owned();
        let off = json!({ "url": "https://bank.example/in", "events": ["payment.posted"], "live": false });
        let edited = admin.clone().with("if-match", &tag).send(
            Method::PUT,
            "/api/v1/webhooks/1",
            Some(off.to_string()),
        );
        assert_eq!((edited.status, edited.json()["state"].as_str()), (200, Some("off")), "{edited:?}");
        let more = cashier
            .with("idempotency-key", "k2")
            .post("/accounts/A1/payments", &json!({ "amount": "1.00", "channel": "cash" }));
        assert_eq!(more.status, 200);
        assert_eq!(
            admin.get("/webhooks/1/deliveries").json()["items"].as_array().unwrap().len(),
            2,
            "nothing for who is off"
        );
        assert_eq!(world.person("S-manager").get("/webhooks").code(), "access.not_permitted");
    });
}

#[test]
fn the_bills_of_a_day_are_told() {
    on_each_engine(|store| {
        let world = World::new(store);
        let admin = world.person("admin");
        let hook = json!({ "url": "https://bank.example/in", "events": ["bill.released"] });
        let made = admin.post("/webhooks", &json!({ "hook": hook, "variable": "DENGHUO_WEBHOOK_BANK" }));
        assert_eq!(made.json()["secret"], Value::Null);
        super::world::read_month(store, jiff::civil::date(2026, 4, 5), 400);
        let run = world
            .person("S-company")
            .with("idempotency-key", "d")
            .post("/day-runs", &json!({ "run_on": "2026-04-05" }));
        assert_eq!(run.status, 200, "{run:?}");
        world.app.join();
        let list = admin.get("/webhooks/1/deliveries?state=waiting").json();
        let told: Vec<_> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["account_no"].as_str().unwrap())
            .collect();
        let run = world.person("S-company").get("/day-runs/2026-04-05").json();
        let issued =
            run["stages"].as_array().unwrap().iter().find(|stage| stage["stage"] == "issue").unwrap()["done"]
                .as_u64();
        assert_eq!((Some(told.len() as u64), told.is_empty()), (issued, false), "{list}");
        assert!(list["items"][0]["payload"]["data"]["amount"].is_string());
    });
}
