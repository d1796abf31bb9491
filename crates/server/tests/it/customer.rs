//! Customers: they come in with a code, see what is theirs and nothing else.

use super::world::{Client, World};
use denghuo_office::customer::codes_send;
use denghuo_office::ports::{PortError, SmsGateway};
use denghuo_store::Store;
use denghuo_store::customer::queued_codes;
use denghuo_store::day::Range;
use denghuo_store::testing::on_each_engine;
use serde_json::{Value, json};
use std::sync::Mutex;

/// The digits of the code that was queued last, and where it goes.
fn last_code(store: &Store) -> (String, String) {
    let mut conn = store.connect().expect("a connection");
    let row = queued_codes(&mut conn, 100).expect("SQL").pop().expect("a code waits");
    let text = row.message.expect("its text");
    let digits: String =
        text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    (digits, row.address)
}

fn sign_in<'w>(world: &'w World, account_no: &str) -> Client<'w> {
    let answer = world.nobody().post("/customer/code", &json!({ "account_no": account_no }));
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"minutes\":10}"));
    let (code, _) = last_code(&world.store);
    let answer = world.nobody().post("/customer/login", &json!({ "account_no": account_no, "code": code }));
    assert_eq!(answer.status, 200, "{answer:?}");
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap_or_default().to_owned();
    let csrf = answer.json()["csrf"].as_str().unwrap_or_default().to_owned();
    world.nobody().with("cookie", &pair).with("x-csrf-token", &csrf)
}

#[test]
fn a_customer_sees_his_own_and_nothing_else() {
    on_each_engine(|store| {
        let world = World::new(store);
        let customer = sign_in(&world, "A1");
        let me = customer.get("/customer/me").json();
        assert_eq!((&me["name"], &me["accounts"][0]["account_no"]), (&json!("甲某某"), &json!("A1")));
        assert_eq!(me["accounts"].as_array().unwrap().len(), 1);
        let account = customer.get("/customer/accounts/A1").json();
        assert_eq!((&account["supply"], &account["debts"][0]["bill_no"]), (&json!("none"), &json!(1)));
        assert_eq!(account["overdue"], account["debts"][0]["open"]);
        let bills = customer.get("/customer/accounts/A1/bills").json();
        let bill = &bills["items"][0];
        let one = customer.get("/customer/accounts/A1/bills/1").json();
        assert_eq!(one["bill"]["amount"], bill["amount"]);
        assert!(!one["derivation"].as_array().unwrap().is_empty() && one.get("prepared_by").is_none());
        assert_eq!(customer.get("/customer/accounts/A1/bills/9").status, 404);
        let why = customer.get("/customer/accounts/A1/bills/1/why").json();
        assert_eq!((&why["amount"], &why["beside"]), (&bill["amount"], &json!([])), "{why}");
        assert_eq!(customer.get("/customer/accounts/A1/bills/9/why").status, 404);
        let usage = customer.get("/customer/accounts/A1/usage").json();
        assert_eq!(
            (&usage["months"][0]["kwh"], &usage["months"][0]["month"]),
            (&bill["active_kwh"], &bill["month"])
        );
        let notices = customer.get("/customer/accounts/A1/notices").json();
        let text = notices["items"][0]["text"].as_str().unwrap();
        assert!(text.contains("A1"), "{text}");
        for foreign in ["A2", "A3", "A9", "x'--"] {
            for part in
                ["", "/bills", "/bills/1", "/bills/1/why", "/usage", "/notices", "/contacts", "/reports"]
            {
                let answer = customer.get(&format!("/customer/accounts/{foreign}{part}"));
                assert_eq!((answer.status, answer.code().as_str()), (403, "access.foreign_account"));
            }
        }
        for house in ["/me", "/accounts/A1", "/home", "/people", "/tasks"] {
            assert_eq!(customer.get(house).code(), "login.not_signed_in", "{house}");
        }
        assert_eq!(world.person("S-agent").get("/customer/me").code(), "login.not_signed_in");
        let unsafe_one = customer.clone().without("x-csrf-token");
        assert_eq!(unsafe_one.post("/customer/logout", &json!({})).code(), "access.csrf");
        assert_eq!(customer.post("/customer/logout", &json!({})).status, 200);
        assert_eq!(customer.get("/customer/me").code(), "login.not_signed_in");
    });
}

#[test]
fn a_customer_pays_by_his_own_code_and_sees_it_paid() {
    on_each_engine(|store| {
        let world = World::new(store);
        let customer = sign_in(&world, "A1").with("idempotency-key", "pay-1");
        let owed = customer.get("/customer/accounts/A1").json()["to_pay"].clone();
        let intents = "/customer/accounts/A1/payment-intents";
        assert_eq!(customer.post(intents, &json!({ "bills": [9] })).code(), "intent.not_owed");
        let intent = customer.clone().with("idempotency-key", "pay-2").post(intents, &json!({})).json();
        assert_eq!((&intent["amount"], &intent["state"]), (&owed, &json!("open")));
        let one = format!("{intents}/{}", intent["intent_no"]);
        assert_eq!(customer.get(&one).json()["qr_text"], intent["qr_text"]);
        let told = world.nobody().post("/provider/simulate", &json!({ "qr_text": intent["qr_text"] }));
        assert_eq!(told.json()["outcome"], json!("paid"), "{told:?}");
        assert_eq!(customer.get(&one).json()["state"], json!("paid"));
        assert_eq!(customer.get("/customer/accounts/A1").json()["to_pay"], json!("0.00"));
        assert_eq!(customer.get("/customer/accounts/A1/payment-intents/7").status, 404);
        let foreign = customer.clone().with("idempotency-key", "pay-3");
        let refused = foreign.post("/customer/accounts/A2/payment-intents", &json!({}));
        assert_eq!((refused.status, refused.code().as_str()), (403, "access.foreign_account"));
    });
}

#[test]
fn codes_end_and_tell_nothing() {
    on_each_engine(|store| {
        let world = World::new(store);
        let login = |account_no: &str, code: &str| {
            world.nobody().post("/customer/login", &json!({ "account_no": account_no, "code": code }))
        };
        // No contact, no account: the same answer, and nothing is sent.
        for account_no in ["A2", "A9"] {
            let answer = world.nobody().post("/customer/code", &json!({ "account_no": account_no }));
            assert_eq!((answer.status, answer.body.as_str()), (200, "{\"minutes\":10}"));
        }
        assert!(queued_codes(&mut store.connect().unwrap(), 9).unwrap().is_empty());
        let unknown = login("A9", "000000");
        assert_eq!((unknown.status, unknown.code().as_str()), (401, "customer.wrong_code"));
        world.nobody().post("/customer/code", &json!({ "account_no": "A1" }));
        let (code, address) = last_code(store);
        assert_eq!((code.len(), address.as_str()), (6, "13800000001"));
        let row = queued_codes(&mut store.connect().unwrap(), 9).unwrap().remove(0);
        assert!(row.code_hash.starts_with("$argon2id$"), "only its digest is kept");
        world.wait(2);
        for _ in 0..5 {
            assert_eq!(login("A1", "x").body, unknown.body);
        }
        assert_eq!(login("A1", &code).code(), "customer.wrong_code", "five wrong ones end it");
        world.nobody().post("/customer/code", &json!({ "account_no": "A1" }));
        let (code, _) = last_code(store);
        world.wait(11);
        assert_eq!(login("A1", &code).code(), "customer.wrong_code", "over");
        let customer = sign_in(&world, "A1");
        world.wait(31);
        assert_eq!(customer.get("/customer/me").code(), "login.not_signed_in", "idle");
        for _ in 0..8 {
            world.nobody().post("/customer/code", &json!({ "account_no": "A1" }));
        }
        let mut conn = store.connect().unwrap();
        let made = denghuo_store::customer::codes_since(&mut conn, 1, 0).unwrap();
        assert_eq!(made, 5, "five in an hour");
    });
}

#[test]
fn a_new_contact_counts_when_its_code_was_entered() {
    on_each_engine(|store| {
        let world = World::new(store);
        let customer = sign_in(&world, "A1");
        let path = "/customer/accounts/A1/contacts";
        let before = customer.get(path).json();
        assert_eq!(before["contacts"][0]["value"], "138****0001");
        let code_path = format!("{path}/code");
        for bad in [json!({ "kind": "mobile", "value": "12" }), json!({ "kind": "address", "value": "某处" })]
        {
            assert_eq!(customer.post(&code_path, &bad).code(), "customer.bad_contact", "{bad}");
        }
        let new = json!({ "kind": "mobile", "value": "13900000009" });
        assert_eq!(customer.post(&code_path, &new).status, 200);
        let (code, address) = last_code(store);
        assert_eq!(address, "13900000009", "the code goes to the new number");
        let prove = |value: &str, code: &str| {
            customer.post(path, &json!({ "kind": "mobile", "value": value, "code": code }))
        };
        assert_eq!(prove("13900000009", "x").code(), "customer.wrong_code");
        let open = denghuo_store::customer::open_code(&mut store.connect().unwrap(), 1, "contact:mobile");
        assert_eq!(open.unwrap().unwrap().tries, 1, "a wrong entry is counted");
        let kept = prove("13900000009", &code);
        assert_eq!((kept.status, kept.json()["replaces"].clone()), (200, json!(1)), "{kept:?}");
        assert_eq!(prove("13900000009", &code).code(), "customer.wrong_code", "a code is used up");
        let shown = world.person("S-agent").get("/accounts/A1/contacts?personal=true").json();
        let live: Vec<&Value> =
            shown["contacts"].as_array().unwrap().iter().filter(|c| c["value"] == "13900000009").collect();
        assert_eq!(live[0]["preferred"], true, "{shown}");
        let mail = json!({ "kind": "email", "value": "a@example.com" });
        assert_eq!(customer.post(&code_path, &mail).status, 200);
        let (code, _) = last_code(store);
        let proof = json!({ "kind": "email", "value": "a@example.com", "code": code });
        assert_eq!(customer.post(path, &proof).json()["replaces"], Value::Null);
    });
}

#[test]
fn reports_are_tickets() {
    on_each_engine(|store| {
        let world = World::new(store);
        let customer = sign_in(&world, "A1");
        let path = "/customer/accounts/A1/reports";
        let outage = json!({ "kind": "outage", "text": "家里没电", "reach": "13700000000" });
        assert_eq!(customer.post(path, &outage).code(), "idempotency.missing_key");
        let keyed = customer.clone().with("idempotency-key", "r1");
        for _ in 0..2 {
            assert_eq!(keyed.post(path, &outage).body, "{\"report_no\":1}");
        }
        let blank = customer.clone().with("idempotency-key", "r2");
        assert_eq!(blank.post(path, &json!({ "kind": "praise", "text": "  " })).code(), "customer.empty");
        let list = customer.get(path).json();
        assert_eq!(
            (&list["items"][0]["state"], &list["items"][0]["kind"]),
            (&json!("open"), &json!("fault"))
        );
        let agent = world.person("S-agent");
        let ticket = agent.get("/accounts/A1/tickets/1").json();
        assert_eq!((&ticket["request"], &ticket["said"]), (&json!("fault"), &json!("家里没电")));
        let complaint = customer.clone().with("idempotency-key", "r3");
        let told = complaint.post(path, &json!({ "kind": "complaint", "text": "电费不对" }));
        assert_eq!(told.body, "{\"report_no\":2}");
        let mut conn = store.connect().unwrap();
        let holds = denghuo_store::collections::holds(&mut conn, Range { from: 1, to: 1 }).unwrap();
        let sources: Vec<_> = holds.iter().map(|hold| hold.source.as_str()).collect();
        assert_eq!(sources, ["ticket:2"], "a complaint holds, however it came");
    });
}

/// A gateway that fails every second time.
#[derive(Default)]
struct Gateway {
    taken: Mutex<Vec<(String, String)>>,
}

impl SmsGateway for Gateway {
    fn send(&self, key: &str, to: &str, text: &str) -> Result<String, PortError> {
        let mut taken = self.taken.lock().expect("a list");
        taken.push((to.to_owned(), text.to_owned()));
        if taken.len().is_multiple_of(2) {
            Err(PortError::Later("busy".to_owned()))
        } else {
            Ok(key.to_owned())
        }
    }
}

#[test]
fn a_code_is_sent_at_most_once_and_its_text_forgotten() {
    on_each_engine(|store| {
        let world = World::new(store);
        let ask =
            |account_no: &str| world.nobody().post("/customer/code", &json!({ "account_no": account_no }));
        ask("A1");
        ask("A3");
        let mut conn = store.connect().unwrap();
        let now = queued_codes(&mut conn, 9).unwrap()[0].made_at;
        let gateway = Gateway::default();
        let post = codes_send(&mut conn, (None, Some(&gateway)), now).unwrap();
        assert_eq!((post.sent, post.failed), (1, 1));
        let again = codes_send(&mut conn, (None, Some(&gateway)), now).unwrap();
        assert_eq!((again.sent, again.failed), (0, 0));
        assert_eq!(gateway.taken.lock().unwrap().len(), 2);
        let row = denghuo_store::customer::open_code(&mut conn, 1, "sign_in").unwrap().unwrap();
        assert_eq!((row.sending.as_str(), row.message), ("sent", None));
        ask("A1");
        let post = codes_send(&mut conn, (None, Some(&gateway)), now + 11 * 60_000).unwrap();
        assert_eq!((post.sent, post.failed), (0, 1), "what is over does not leave");
    });
}
