//! Legal work by the API: the calendar of limitation, a letter as PDF, two persons, debts off the books; and bundles that prove themselves.

use super::disconnection::{days, fresh_key, indebted};
use super::world::{Answer, Client, World};
use axum::http::Method;
use denghuo_office::ports::{Papers, PortError};
use denghuo_server::Ports;
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;
use serde_json::{Value, json};
use std::sync::Arc;

struct Press;

impl Papers for Press {
    fn pdf(&self, template: &str, data: &str) -> Result<Vec<u8>, PortError> {
        let told: Value = serde_json::from_str(data).map_err(|error| PortError::Never(error.to_string()))?;
        Ok(format!("%PDF-1.7 {template} {}", told["code"]).into_bytes())
    }
}

fn post(who: &Client<'_>, path: &str, body: &Value) -> Answer {
    who.clone().with("idempotency-key", &fresh_key()).post(path, body)
}

fn done(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[test]
fn from_the_calendar_to_the_letter() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.reach(Ports { papers: Some(Arc::new(Press)), ..Ports::default() });
        indebted(&world);
        days(&world, date(2026, 4, 13), date(2026, 4, 14));
        let legal = world.person("S-legal");
        // The demand that arrived on 14 March began the three years again.
        let list = legal.get("/limitations").json();
        let first = list["items"]
            .as_array()
            .expect("rows")
            .iter()
            .find(|row| row["account_no"] == "A1")
            .expect("A1")
            .clone();
        assert_eq!(
            (first["due_on"].as_str(), first["runs_from"].as_str()),
            (Some("2026-03-12"), Some("2026-03-14"))
        );
        assert_eq!(first["alert"], Value::Null);
        assert!(
            list["items"].as_array().expect("rows").iter().all(|row| row["account_no"] != "A3"),
            "another unit"
        );
        let calendar = legal.get("/limitations/calendar").json();
        let alerts: Vec<&str> = calendar["alerts"]
            .as_array()
            .expect("alerts")
            .iter()
            .filter_map(|sum| sum["of"].as_str())
            .collect();
        assert_eq!(alerts, ["0", "30", "90", "180", "365"]);
        assert_eq!(calendar["months"][0]["of"], "2029-03");
        let clocks = legal.get("/accounts/A1/limitations").json();
        assert!(
            clocks["clocks"][0]["events"]
                .as_array()
                .expect("events")
                .iter()
                .any(|event| event["interrupts"] == true)
        );
        let event = json!({ "kind": "promise", "effective_on": "2026-04-13", "bill_no": 1 });
        let noted = done(&post(&legal, "/accounts/A1/limitations/events", &event));
        let promise =
            noted["clocks"][0]["events"].as_array().expect("events").last().expect("an event").clone();
        assert_eq!(
            (promise["kind"].as_str(), promise["interrupts"].as_bool()),
            (Some("promise"), Some(false))
        );
        assert!(promise["void"]["zh"].is_string());
        // A year before the end the calendar alerts.
        world.set(date(2028, 3, 20));
        let alerted = world.person("S-legal").get("/limitations?within_days=365&running=true").json();
        assert_eq!(alerted["items"][0]["alert"], 365);
        world.set(date(2026, 4, 14));
        the_letter(&world);
    });
}

/// Proposed, approved by a second person and sent, printed, and ended.
fn the_letter(world: &World) {
    let legal = world.person("S-legal");
    let case = done(&post(&legal, "/accounts/A1/legal/cases", &json!({ "kind": "letter" })));
    assert_eq!(case["state"], "proposed");
    assert_eq!(
        post(&legal, "/accounts/A1/legal/cases", &json!({ "kind": "letter" })).code(),
        "legal.already_open"
    );
    assert_eq!(legal.get("/accounts/A1/legal/cases/1/letter").code(), "legal.no_letter");
    assert_eq!(post(&legal, "/accounts/A1/legal/cases/1/approve", &json!({})).code(), "access.not_permitted");
    let manager = world.person("S-manager");
    let sent = done(&post(&manager, "/accounts/A1/legal/cases/1/approve", &json!({ "counsel": "某所" })));
    assert_eq!((sent["state"].as_str(), sent["counsel"].as_str()), (Some("sent"), Some("某所")));
    assert!(sent["days_left"].as_i64().is_some_and(|days| days > 0));
    let letter = legal.get("/accounts/A1/legal/cases/1/letter");
    assert_eq!(letter.header("content-type"), Some("application/pdf"));
    assert!(letter.body.starts_with("%PDF-1.7 lawyer_letter"), "{}", letter.body);
    assert_eq!(legal.get("/accounts/A1/legal/cases/9").code(), "legal.unknown_case");
    let order = legal.get("/accounts/A1/legal/payment-order").json();
    assert!(
        order["checks"]
            .as_array()
            .is_some_and(|checks| checks.iter().all(|check| check["article"].is_string()))
    );
    let closed = done(&post(&legal, "/accounts/A1/legal/cases/1/close", &json!({ "outcome": "settled" })));
    assert_eq!((closed["state"].as_str(), closed["outcome"].as_str()), (Some("closed"), Some("settled")));
    assert_eq!(closed["next_steps"], json!([]));
}

#[test]
fn a_manager_does_not_approve_what_he_proposed() {
    on_each_engine(|store| {
        let world = World::new(store);
        indebted(&world);
        let manager = world.person("S-manager");
        done(&post(&manager, "/accounts/A1/legal/cases", &json!({ "kind": "suit" })));
        assert_eq!(
            post(&manager, "/accounts/A1/legal/cases/1/approve", &json!({})).code(),
            "legal.one_person"
        );
        let company = world.person("S-company");
        done(&post(&company, "/accounts/A1/legal/cases/1/approve", &json!({})));
        let case = company.get("/accounts/A1/legal/cases/1").json();
        assert_eq!(case["next_steps"], json!(["filed"]));
        let wrong = post(&company, "/accounts/A1/legal/cases/1/steps", &json!({ "kind": "decided" }));
        assert_eq!(wrong.code(), "legal.wrong_state");
        let filed = done(&post(
            &company,
            "/accounts/A1/legal/cases/1/steps",
            &json!({ "kind": "filed", "court": "县法院" }),
        ));
        assert_eq!((filed["state"].as_str(), filed["court"].as_str()), (Some("filed"), Some("县法院")));
        let reject = post(&company, "/accounts/A1/legal/cases/1/reject", &json!({ "reason": "x" }));
        assert_eq!(reject.code(), "legal.wrong_state");
    });
}

fn proof(world: &World, account: &str) -> i64 {
    let who =
        world.person("S-collector").with("content-type", "application/pdf").with("idempotency-key", "e");
    let path = format!(
        "/api/v1/accounts/{account}/evidence?subject=bill:1&kind=official_paper&file_name=ruling.pdf"
    );
    let kept = who.send(Method::POST, &path, Some("%PDF-1.7 a ruling".to_owned()));
    assert_eq!(kept.status, 200, "{kept:?}");
    kept.json()["evidence_no"].as_i64().expect("a number")
}

#[test]
fn a_write_off_takes_two_persons_and_a_proof() {
    on_each_engine(|store| {
        let world = World::new(store);
        indebted(&world);
        let evidence_no = proof(&world, "A1");
        let legal = world.person("S-legal");
        let ask = |evidence_no: i64| json!({ "bill_no": 1, "ground": "death", "evidence_no": evidence_no });
        assert_eq!(post(&legal, "/accounts/A1/write-offs", &ask(99)).code(), "legal.unknown_evidence");
        let company = world.person("S-company");
        let asked = done(&post(&company, "/accounts/A1/write-offs", &ask(evidence_no)));
        assert_eq!(asked["state"], "open");
        assert_eq!(post(&legal, "/accounts/A1/write-offs", &ask(evidence_no)).code(), "legal.request_open");
        let approve = "/accounts/A1/write-offs/requests/1/approve";
        assert_eq!(post(&company, approve, &json!({})).code(), "write_off.one_person");
        let rejected = done(&post(
            &company,
            "/accounts/A1/write-offs/requests/1/reject",
            &json!({ "reason": "尚可追索" }),
        ));
        assert_eq!(rejected["state"], "rejected");
        assert_eq!(post(&company, approve, &json!({})).code(), "legal.request_decided");
        done(&post(&legal, "/accounts/A1/write-offs", &ask(evidence_no)));
        let low = world.person("S-manager");
        assert_eq!(
            post(&low, "/accounts/A1/write-offs/requests/2/approve", &json!({})).code(),
            "write_off.level_too_low"
        );
        let done_with = done(&post(&company, "/accounts/A1/write-offs/requests/2/approve", &json!({})));
        assert_eq!(done_with["write_off_no"], 1);
        let list = legal.get("/write-offs").json();
        assert_eq!(
            (list["items"][0]["account_no"].as_str(), list["items"][0]["asked_by"].as_str()),
            (Some("A1"), Some("S-legal"))
        );
        let recover = "/accounts/A1/write-offs/1/recover";
        assert_eq!(post(&legal, recover, &json!({})).code(), "write_off.no_money");
        let cashier = world.person("S-cashier");
        done(&post(&cashier, "/accounts/A1/payments", &json!({ "amount": "5.00", "channel": "cash" })));
        let back = done(&post(&legal, recover, &json!({})));
        assert_eq!(back["recovered"], "5.00");
        assert_eq!(legal.get("/write-offs/requests?open=true").json()["items"], json!([]));
    });
}

#[test]
fn a_bundle_is_exported_checked_and_a_changed_byte_is_named() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        world.reach(Ports::default());
        let evidence_no = proof(&world, "A1");
        let legal = world.person("S-legal");
        let chain = legal.get("/accounts/A1/evidence/chain").json();
        assert_eq!(
            (chain["intact"].as_bool(), chain["links"].as_i64(), chain["files"].as_i64()),
            (Some(true), Some(1), Some(1))
        );
        let graded = legal.get(&format!("/accounts/A1/evidence/{evidence_no}")).json();
        assert!(graded["clauses"].as_array().is_some_and(|rules| !rules.is_empty()), "{graded}");
        assert_eq!(legal.get("/accounts/A1/evidence/9").status, 404);
        assert_eq!(legal.get("/accounts/A1/evidence/bundle").code(), "server.no_printer");
        assert_eq!(legal.get("/accounts/A1/evidence/bundle?no_pdf=true&case=cut:7").status, 404);
        let (bundle, digest) = legal.bytes("/accounts/A1/evidence/bundle?no_pdf=true");
        let check = |bytes: Vec<u8>, query: &str| {
            let checked = legal
                .clone()
                .with("content-type", "application/zip")
                .upload(&format!("/evidence/check{query}"), bytes);
            done(&checked)
        };
        let good = check(bundle.clone(), &format!("?digest={digest}"));
        assert_eq!((good["ok"].as_bool(), good["account_no"].as_str()), (Some(true), Some("A1")));
        let other = check(bundle.clone(), &format!("?digest={}", "0".repeat(64)));
        assert_eq!(other["ok"], false);
        let at = bundle.windows(8).position(|part| part == b"a ruling").expect("the file");
        let mut changed = bundle;
        changed[at] ^= 1;
        let flaws = check(changed, "");
        assert!(flaws["flaws"][0]["file"].as_str().is_some_and(|file| file.ends_with(".pdf")), "{flaws}");
        let none = check(b"no archive".to_vec(), "");
        assert_eq!(none["ok"], false);
        assert!(
            denghuo_store::audit::looks(&mut store.connect().expect("a connection"), 1)
                .expect("SQL")
                .iter()
                .any(|look| look.what == "bundle:account")
        );
    });
}
