//! Readings are entered and judged at once, doubts are answered, bills are let through by a second person.

use super::world::{World, work};
use denghuo_office::day::{DayOptions, Quiet, run_day};
use denghuo_store::testing::on_each_engine;
use jiff::civil::{Date, date};
use serde_json::json;

fn day(world: &World, on: Date) {
    world.set(on);
    run_day(&world.store, &work("system"), on, DayOptions::default(), &Quiet).expect("a day");
}

#[test]
fn a_doubtful_reading_is_read_again_and_billed() {
    on_each_engine(|store| {
        let world = World::new(store);
        day(&world, date(2026, 4, 5));
        let reader = world.person("S-reader");
        let unread = reader.get("/unread-accounts").json();
        let numbers: Vec<&str> = unread["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["account_no"].as_str().unwrap())
            .collect();
        assert_eq!(numbers, ["A1", "A2"], "those of the station alone");
        let orders = reader.get("/reading-orders?month=2026-04").json();
        assert_eq!(orders["items"][0]["route"], "R1");
        assert_eq!(orders["items"].as_array().unwrap().len(), 1);
        let entered = reader
            .post("/accounts/A1/readings", &json!({ "registers": [{ "kind": "total", "value": "200" }] }));
        assert_eq!(entered.status, 200, "{entered:?}");
        assert_eq!(entered.json()["codes"], json!(["went_back"]), "the meter showed 250 in March");
        let again = reader
            .post("/accounts/A1/readings", &json!({ "registers": [{ "kind": "total", "value": "200" }] }));
        assert_eq!(again.json()["written"], false);
        let good = reader
            .post("/accounts/A2/readings", &json!({ "registers": [{ "kind": "total", "value": "700" }] }));
        assert_eq!(good.json()["written"], true, "{good:?}");
        day(&world, date(2026, 4, 6));
        let verifier = world.person("S-verifier");
        let codes = verifier.get("/exceptions/codes").json();
        assert!(codes["codes"].as_array().unwrap().iter().any(|line| line["code"] == "went_back"), "{codes}");
        let listed = verifier.get("/exceptions?code=went_back").json();
        assert_eq!(listed["items"][0]["account_no"], "A1");
        let subject = listed["items"][0]["subject"].as_str().unwrap().to_owned();
        let path = "/accounts/A1/exceptions/answers";
        let answer = json!({ "subject": subject, "answer": "correct", "reason": "复核为390",
            "registers": [{ "kind": "total", "value": "390" }] });
        let refused = world.person("S-reader").post(path, &answer);
        assert_eq!(refused.code(), "access.not_permitted");
        let done = verifier.post(path, &answer);
        assert_eq!(done.status, 200, "{done:?}");
        let twice = verifier.post(path, &answer);
        assert_eq!(twice.status, 409, "{twice:?}");
        day(&world, date(2026, 4, 7));
        let bills = world.person("S-verifier").get("/accounts/A1/bills").json();
        assert_eq!(bills["items"][0]["month"], "2026-04", "{bills}");
        let history = world.person("S-verifier").get("/accounts/A1/exceptions").json();
        assert_eq!(history["items"][0]["answer"], "correct");
    });
}

#[test]
fn many_doubts_have_one_answer_and_each_is_told() {
    on_each_engine(|store| {
        let world = World::new(store);
        day(&world, date(2026, 4, 5));
        let reader = world.person("S-reader");
        for account in ["A1", "A2"] {
            reader.post(
                &format!("/accounts/{account}/readings"),
                &json!({ "registers": [{ "kind": "total", "value": "120" }] }),
            );
        }
        day(&world, date(2026, 4, 6));
        let verifier = world.person("S-verifier");
        let doubt = |account: &str| json!({ "account_no": account, "subject": "reading:2026-04-05" });
        let body = json!({ "doubts": [doubt("A1"), doubt("A2"), { "account_no": "A1", "subject": "reading:2020-01-01" }],
            "answer": "re_read", "reason": "派人补抄" });
        let done = verifier.post("/exceptions/answers", &body).json();
        assert_eq!(done["answered"], 2, "{done}");
        assert_eq!(done["refused"][0]["subject"], "reading:2020-01-01");
        let foreign = json!({ "doubts": [doubt("A3")], "answer": "confirm", "reason": "x" });
        assert_eq!(verifier.post("/exceptions/answers", &foreign).code(), "access.foreign_account");
        let correct = json!({ "doubts": [doubt("A1")], "answer": "correct", "reason": "x" });
        assert_eq!(verifier.post("/exceptions/answers", &correct).status, 422);
    });
}

#[test]
fn a_bill_is_let_through_by_another_person_than_who_made_it() {
    on_each_engine(|store| {
        let world = World::new(store);
        let verifier = world.person("S-verifier");
        let reason = json!({ "reason": "抄录有误" });
        let made =
            verifier.clone().with("idempotency-key", "c1").post("/accounts/A1/bills/1/cancel", &reason);
        assert_eq!(made.status, 200, "{made:?}");
        let bill_no = made.json()["bills"][0]["bill_no"].as_i64().unwrap();
        let amount = made.json()["bills"][0]["amount"].as_str().unwrap().to_owned();
        let waiting = verifier.get("/waiting-bills").json();
        assert_eq!(waiting["items"][0]["account_no"], "A1");
        assert_eq!(waiting["items"][0]["prepared_by"], "S-verifier");
        let totals = verifier.get("/waiting-bills/totals").json();
        assert_eq!((&totals["count"], &totals["amount"]), (&json!(1), &json!(amount)));
        let path = format!("/accounts/A1/bills/{bill_no}/approve");
        let same = verifier.clone().with("idempotency-key", "a1").post(&path, &reason);
        assert_eq!(same.status, 409, "{same:?}");
        let manager = world.person("S-manager");
        let many = |amount: &str| json!({ "bills": [{ "account_no": "A1", "bill_no": bill_no }], "amount": amount, "reason": "已核" });
        let wrong =
            manager.clone().with("idempotency-key", "m1").post("/waiting-bills/approvals", &many("1.00"));
        assert_eq!(wrong.status, 422, "{wrong:?}");
        let done =
            manager.clone().with("idempotency-key", "m2").post("/waiting-bills/approvals", &many(&amount));
        assert_eq!(done.json()["approved"], 1, "{done:?}");
        let foreign = world.person("S-manager").with("idempotency-key", "f1");
        assert_eq!(foreign.post("/accounts/A3/bills/1/reject", &reason).code(), "access.foreign_account");
    });
}
