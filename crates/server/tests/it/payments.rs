//! The counter, the bank's files, refunds by two persons, payment intents and the provider's calls.

use super::world::{Answer, Client, PAY_SECRET, World};
use axum::http::Method;
use denghuo_office::notices::outbox::sign;
use denghuo_store::testing::on_each_engine;
use serde_json::{Value, json};

fn keyed<'w>(client: &Client<'w>, key: &str) -> Client<'w> {
    client.clone().with("idempotency-key", key)
}

fn sound(world: &World) {
    let mut conn = world.store.connect().expect("a connection");
    for check in denghuo_store::verify::checks() {
        let finding = denghuo_store::verify::run(&mut conn, check).expect("SQL");
        assert_eq!(finding.broken, 0, "{finding:?}");
    }
}

fn owed(world: &World, account: &str) -> String {
    let told = world.person("S-accountant").get(&format!("/accounts/{account}/statement"));
    told.json()["closing"].as_str().expect("text").to_owned()
}

fn to_pay(world: &World, account: &str, on: &str) -> String {
    let told = world.person("S-accountant").get(&format!("/accounts/{account}/debts?on={on}"));
    told.json()["to_pay"].as_str().expect("text").to_owned()
}

#[test]
fn a_payment_has_a_receipt_and_is_taken_back_by_who_may() {
    on_each_engine(|store| {
        let world = World::new(store);
        let cashier = world.person("S-cashier");
        let before = to_pay(&world, "A1", "2026-03-21");
        let paid = keyed(&cashier, "1")
            .post("/accounts/A1/payments", &json!({ "amount": "20.00", "channel": "cash" }));
        assert_eq!(paid.status, 200, "{paid:?}");
        let receipt = cashier.get("/accounts/A1/payments/1/receipt?lang=en");
        assert_eq!(receipt.header("content-type"), Some("application/pdf"));
        assert!(
            receipt.body.starts_with("%PDF receipt {") && receipt.body.contains("\"20.00\""),
            "{receipt:?}"
        );
        assert!(receipt.body.contains("甲") && !receipt.body.contains("甲某某"), "the name is masked");
        assert_eq!(cashier.get("/accounts/A1/payments/9/receipt").status, 404);

        let reverse = "/accounts/A1/payments/1/reverse";
        assert_eq!(keyed(&cashier, "2").post(reverse, &json!({ "reason": " " })).code(), "request.body");
        world.wait(24 * 60);
        let cashier = world.person("S-cashier");
        let late = keyed(&cashier, "3").post(reverse, &json!({ "reason": "错收" }));
        assert_eq!((late.status, late.code().as_str()), (403, "access.not_own_payment"));
        let accountant = world.person("S-accountant");
        let back = keyed(&accountant, "4").post(reverse, &json!({ "reason": "错收" }));
        assert_eq!((back.status, back.json()["amount"].as_str()), (200, Some("-20.00")));
        let again = keyed(&accountant, "5").post(reverse, &json!({ "reason": "错收" }));
        assert_eq!(again.status, 409, "{again:?}");
        assert_eq!(to_pay(&world, "A1", "2026-03-21"), before, "as if it had never been paid");
        sound(&world);
    });
}

#[test]
fn a_day_is_previewed_and_closed_when_the_cash_is_right() {
    on_each_engine(|store| {
        let world = World::new(store);
        let cashier = world.person("S-cashier");
        keyed(&cashier, "1").post("/accounts/A1/payments", &json!({ "amount": "20.00", "channel": "cash" }));
        let preview = cashier.get("/day-closes/preview").json();
        assert_eq!((&preview["cash"], &preview["scope"]), (&json!("20.00"), &json!("S-cashier")));
        assert_eq!(cashier.get("/day-closes/preview?cashier=all").status, 403);
        let wrong = keyed(&cashier, "2").post("/day-closes", &json!({ "counted": "19.99" }));
        assert_eq!(wrong.status, 409, "{wrong:?}");
        let closed = keyed(&cashier, "3").post("/day-closes", &json!({ "counted": "20.00" }));
        assert_eq!(closed.status, 200, "{closed:?}");
        let late = keyed(&cashier, "4")
            .post("/accounts/A1/payments", &json!({ "amount": "1.00", "channel": "cash" }));
        assert_eq!(late.status, 409, "{late:?}");
        let accountant = world.person("S-accountant");
        let all = accountant.get("/day-closes/preview?cashier=all").json();
        assert_eq!(all["lines"].as_array().unwrap().len(), 1);
        let trial = accountant.get("/ledger/trial-balance").json();
        assert_eq!(trial["debit"], trial["credit"]);
        assert_eq!(accountant.get("/ledger/trial-balance?as_known=x").status, 422);
        assert!(accountant.get("/ledger/recovery").json()["cumulative_permille"].is_i64());
        let entries = cashier.get("/accounts/A1/entries").json();
        assert!(!entries["items"].as_array().unwrap().is_empty());
    });
}

fn upload(client: &Client<'_>, path: &str, text: &str) -> Answer {
    let client = client.clone().with("content-type", "text/csv");
    client.send(Method::POST, &format!("/api/v1{path}"), Some(text.to_owned()))
}

#[test]
fn a_bank_file_is_tried_then_posted_and_suspense_is_resolved_within_the_unit() {
    on_each_engine(|store| {
        let world = World::new(store);
        let bank = world.person("S-accountant");
        let head = "external_id,account_no,amount,value_on,payer\n";
        let bad = format!("{head}b1,A1,x,2026-03-19,甲\nb2,A2,5.00,2026-03-21,乙\n");
        let told = upload(&keyed(&bank, "0"), "/bank/collections?file_id=F0", &bad);
        assert_eq!((told.status, told.code().as_str()), (422, "file.bad_rows"));
        let lines: Vec<i64> = told.json()["problems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| cell["line"].as_i64().unwrap())
            .collect();
        assert_eq!(lines, [2, 3]);

        let good = format!(
            "{head}b1,A1,10.00,2026-03-19,甲某\nb2,A77,5.00,2026-03-19,乙某\nb3,,7.00,2026-03-19,丙某\n"
        );
        let tried = upload(&bank, "/bank/collections/check?file_id=F1", &good);
        assert_eq!((tried.status, &tried.json()["suspense"]), (200, &json!(2)), "{tried:?}");
        assert!(
            bank.get("/bank/files").json()["items"].as_array().unwrap().is_empty(),
            "a trial keeps nothing"
        );
        assert_eq!(upload(&bank, "/bank/collections?file_id=F1", &good).code(), "idempotency.missing_key");
        for (key, there) in [("1", false), ("2", true)] {
            let done = upload(&keyed(&bank, key), "/bank/collections?file_id=F1", &good);
            assert_eq!(done.json()["already_there"], json!(there), "{done:?}");
        }
        let waits = bank.get("/bank/suspense").json();
        assert_eq!(waits["items"].as_array().unwrap().len(), 2);
        assert_eq!(waits["items"][0]["payer"], json!("乙*"));
        let resolve = |key: &str, line: i64, account: &str| {
            let body = json!({ "file_id": "F1", "line_no": line, "account_no": account });
            keyed(&bank, key).post("/bank/suspense/resolve", &body)
        };
        assert_eq!(resolve("3", 3, "A3").code(), "access.foreign_account");
        assert_eq!(resolve("4", 3, "A2").status, 200);
        assert_eq!(resolve("5", 3, "A2").code(), "bank.not_in_suspense");
        let back = keyed(&bank, "6").post("/bank/suspense/return", &json!({ "file_id": "F1", "line_no": 4 }));
        assert_eq!(back.json()["amount"], json!("7.00"));
        let file = bank.get("/bank/files").json()["items"][0].clone();
        assert_eq!((&file["posted"], &file["suspense"], &file["decided"]), (&json!(1), &json!(0), &json!(2)));
        assert_eq!(bank.get("/bank/lines?file_id=F1").json()["items"].as_array().unwrap().len(), 3);

        let statement = format!("{head}b1,A1,10.00,2026-03-19,甲某\nz9,,3.00,2026-03-20,\n");
        let matched = upload(&keyed(&bank, "7"), "/bank/statements?file_id=S1&bank=abc", &statement);
        assert_eq!(
            (&matched.json()["by_id"], &matched.json()["unmatched"]),
            (&json!(1), &json!(1)),
            "{matched:?}"
        );
        sound(&world);
    });
}

#[test]
fn a_refund_needs_a_second_person() {
    on_each_engine(|store| {
        let world = World::new(store);
        let cashier = world.person("S-cashier");
        keyed(&cashier, "1")
            .post("/accounts/A1/payments", &json!({ "amount": "5000.00", "channel": "cash" }));
        let (bank, manager) = (world.person("S-accountant"), world.person("S-manager"));
        let ask = |key: &str, amount: &str| {
            let body = json!({ "amount": amount, "channel": "transfer", "reason": "多收" });
            keyed(&bank, key).post("/accounts/A1/refund-requests", &body)
        };
        assert_eq!(ask("2", "9999.00").status, 409);
        assert_eq!(ask("3", "100.00").status, 200);
        assert_eq!(ask("4", "50.00").status, 200);
        let prepaid = bank.get("/prepayments").json()["items"][0].clone();
        assert_eq!(prepaid["account_no"], "A1");
        let approve = "/accounts/A1/refund-requests/1/approve";
        assert_eq!(keyed(&bank, "5").post(approve, &json!({})).code(), "access.not_permitted");
        let done = keyed(&manager, "6").post(approve, &json!({}));
        assert_eq!((done.status, &done.json()["state"]), (200, &json!("paid")), "{done:?}");
        assert_eq!(keyed(&manager, "7").post(approve, &json!({})).code(), "refund_request.decided");
        let no = keyed(&manager, "8")
            .post("/accounts/A1/refund-requests/2/reject", &json!({ "reason": "无依据" }));
        assert_eq!(no.json()["state"], json!("rejected"));
        assert_eq!(manager.get("/refund-requests").json()["items"].as_array().unwrap().len(), 2);
        sound(&world);
    });
}

fn call<'w>(world: &'w World, body: &Value) -> Client<'w> {
    let seconds = (world.app.now().recorded_at / 1000).to_string();
    let signature = sign(PAY_SECRET, &seconds, body.to_string().as_bytes());
    world.nobody().with("x-denghuo-timestamp", &seconds).with("x-denghuo-signature", &signature)
}

fn told(world: &World, id: &str, token: &str, amount: &str) -> Answer {
    let body = json!({ "provider_id": id, "token": token, "amount": amount, "paid_on": "2026-03-20" });
    call(world, &body).post("/provider/payments", &body)
}

fn intent(world: &World, key: &str, body: &Value) -> (i64, String, String) {
    let made = keyed(&world.person("S-cashier"), key).post("/accounts/A1/payment-intents", body);
    assert_eq!(made.status, 200, "{made:?}");
    let made = made.json();
    let token = made["qr_text"].as_str().expect("text").strip_prefix("pay:").expect("a link").to_owned();
    (made["intent_no"].as_i64().expect("a number"), token, made["amount"].as_str().expect("text").to_owned())
}

#[test]
fn a_provider_pays_an_intent_once_for_twelve_calls_at_once() {
    on_each_engine(|store| {
        let world = World::new(store);
        let (no, token, amount) = intent(&world, "1", &json!({ "bills": [1] }));
        assert_eq!(amount, to_pay(&world, "A1", "2026-03-20"), "the late fee to the day is in it");
        let body = json!({ "provider_id": "p1", "token": token, "amount": amount, "paid_on": "2026-03-20" });
        let answers = call(&world, &body).post_at_once(12, "/provider/payments", &body);
        let fresh = answers.iter().filter(|answer| answer.json()["already_there"] == json!(false)).count();
        assert_eq!(fresh, 1, "{answers:?}");
        assert!(answers.iter().all(|answer| answer.json()["outcome"] == json!("paid")), "{answers:?}");
        let cashier = world.person("S-cashier");
        assert_eq!(cashier.get("/accounts/A1/payments").json()["items"].as_array().unwrap().len(), 1);
        let paid = cashier.get(&format!("/accounts/A1/payment-intents/{no}")).json();
        assert_eq!((&paid["state"], &paid["qr_text"]), (&json!("paid"), &Value::Null));
        assert_eq!(owed(&world, "A1"), "0.00");
        // Paid again under another id: the customer's all the same.
        assert_eq!(told(&world, "p2", &token, &amount).json()["outcome"], json!("again"));
        assert_eq!(owed(&world, "A1"), format!("-{amount}"));
        assert_eq!(told(&world, "p1", &token, "1.00").code(), "provider.same_id_other_content");
        sound(&world);
    });
}

#[test]
fn money_that_does_not_fit_is_never_lost() {
    on_each_engine(|store| {
        let world = World::new(store);
        let (no, token, amount) = intent(&world, "1", &json!({ "minutes": 5, "amount": "30.00" }));
        assert_eq!(told(&world, "w1", &token, "29.99").json()["outcome"], json!("suspense"));
        assert_eq!(told(&world, "w2", "no such token", "8.00").json()["outcome"], json!("suspense"));
        let waits = world.person("S-accountant").get("/bank/suspense").json();
        assert_eq!(waits["items"].as_array().unwrap().len(), 2, "{waits}");
        assert_eq!(waits["items"][0]["account_no"], json!("A1"), "who it may belong to is told");
        world.wait(6);
        let cashier = world.person("S-cashier");
        assert_eq!(
            cashier.get(&format!("/accounts/A1/payment-intents/{no}")).json()["state"],
            json!("expired")
        );
        assert_eq!(told(&world, "w3", &token, &amount).json()["outcome"], json!("late"));
        let (no, token, amount) = intent(&world, "2", &json!({ "amount": "9.00" }));
        let cancel = format!("/accounts/A1/payment-intents/{no}/cancel");
        assert_eq!(cashier.post(&cancel, &json!({})).json()["state"], json!("cancelled"));
        assert_eq!(cashier.post(&cancel, &json!({})).code(), "intent.not_open");
        assert_eq!(told(&world, "w4", &token, &amount).json()["outcome"], json!("again"));
        let list = cashier.get("/payment-intents").json();
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        // When the company's day is closed, the provider's money is booked on the next one.
        let closed =
            keyed(&world.person("S-accountant"), "c").post("/day-closes", &json!({ "cashier": "all" }));
        assert_eq!(closed.status, 200, "{closed:?}");
        let (_, token, amount) = intent(&world, "3", &json!({ "amount": "2.00" }));
        assert_eq!(told(&world, "w5", &token, &amount).json()["outcome"], json!("paid"));
        let last = cashier.get("/accounts/A1/payments").json()["items"][0].clone();
        assert_eq!(last["posted_on"], json!("2026-03-21"));
        sound(&world);
    });
}

#[test]
fn a_call_that_is_not_the_providers_changes_nothing() {
    let store = denghuo_store::testing::sqlite().unwrap();
    let world = World::new(&store.store);
    let (_, token, amount) = intent(&world, "1", &json!({}));
    let body = json!({ "provider_id": "p1", "token": token, "amount": amount, "paid_on": "2026-03-20" });
    let good = call(&world, &body);
    let other = json!({ "provider_id": "p1", "token": token, "amount": "1.00", "paid_on": "2026-03-20" });
    assert_eq!(good.post("/provider/payments", &other).code(), "provider.bad_signature");
    assert_eq!(world.nobody().post("/provider/payments", &body).code(), "provider.bad_signature");
    let hex = good.clone().with("x-denghuo-signature", "zz");
    assert_eq!(hex.post("/provider/payments", &body).code(), "provider.bad_signature");
    let odd = json!({ "provider_id": "p1" });
    assert_eq!(call(&world, &odd).post("/provider/payments", &odd).code(), "provider.unreadable");
    world.wait(6);
    assert_eq!(good.post("/provider/payments", &body).code(), "provider.stale");
    assert!(
        world.person("S-cashier").get("/accounts/A1/payments").json()["items"].as_array().unwrap().is_empty()
    );
    let simulated = world.nobody().post("/provider/simulate", &json!({ "qr_text": format!("pay:{token}") }));
    assert_eq!(simulated.json()["outcome"], json!("paid"), "{simulated:?}");
    sound(&world);
}
