//! Cuts by the API: every gate refuses in words, two persons decide, a payment wins, and power comes back in time.

use super::world::{Answer, Client, World, work};
use denghuo_office::day::{DayOptions, Quiet, run_day};
use denghuo_office::import::Source;
use denghuo_office::notices::{ServiceReport, notice_serve};
use denghuo_office::ports::{PortError, RemoteRelay};
use denghuo_office::registry::{Outcome, Request, import_kind};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::disconnection::CutOrder;
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_server::Ports;
use denghuo_store::notices::notices_of_account;
use denghuo_store::registry::{accounts, update_accounts};
use denghuo_store::testing::on_each_engine;
use jiff::civil::{Date, DateTime, date};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// Runs every day after one through another, and sets the clock to nine on the last.
pub fn days(world: &World, after: Date, until: Date) {
    let mut on = after;
    while on < until {
        on = plus_days(on, 1);
        run_day(&world.store, &work("system"), on, DayOptions::default(), &Quiet).expect("a day");
    }
    world.set(until);
}

/// The open notices of a kind of the first account are handed over and signed for.
pub fn serve(world: &World, kind: &str, at: DateTime) {
    let mut conn = world.store.connect().expect("a connection");
    let report = ServiceReport {
        signer: Some("甲".to_owned()),
        signer_role: Some(SignerRole::Oneself),
        ..ServiceReport::new(ServiceWay::Signed, at)
    };
    let open = notices_of_account(&mut conn, 1).expect("SQL");
    let open: Vec<_> = open.iter().filter(|n| n.kind.word() == kind && n.state == "open").collect();
    assert!(!open.is_empty(), "no open {kind}");
    for notice in open {
        notice_serve(&mut conn, &work("S-collector"), (1, notice.notice_no), &report).expect("a service");
    }
}

/// The first home is demanded on 14 March; today is 11 April, the day before the first lawful one.
pub fn indebted(world: &World) {
    days(world, date(2026, 3, 5), date(2026, 3, 14));
    serve(world, "demand", date(2026, 3, 14).at(10, 0, 0, 0));
    world.set(date(2026, 4, 11));
}

/// Codes of the gates of a refusal, each with a clause and with what would unblock it.
fn gates(answer: &Answer) -> Vec<String> {
    assert_eq!((answer.status, answer.code().as_str()), (409, "cuts.gate_failed"), "{answer:?}");
    let told = answer.json();
    let gates = told["gates"].as_array().expect("gates");
    for gate in gates {
        for field in ["clause", "rule", "name"] {
            assert!(gate[field].as_str().is_some_and(|text| !text.is_empty()), "{gate}");
        }
        assert!(gate["unblock"]["zh"].is_string() && gate["unblock"]["en"].is_string(), "{gate}");
        assert_eq!(gate["holds"], false);
    }
    gates.iter().map(|gate| gate["code"].as_str().expect("a code").to_owned()).collect()
}

/// A key that no other request has.
pub fn fresh_key() -> String {
    static KEYS: AtomicU32 = AtomicU32::new(0);
    format!("k{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

fn post(who: &Client<'_>, deed: &str, body: &Value) -> Answer {
    who.clone().with("idempotency-key", &fresh_key()).post(&format!("/accounts/A1/cuts{deed}"), body)
}

fn done(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn failing(world: &World, at: &str) -> Vec<String> {
    let told = world.person("S-collector").get(&format!("/accounts/A1/cuts/gates?at={at}")).json();
    let gates = told["gates"].as_array().expect("gates").clone();
    assert_eq!(gates.len(), 12);
    let failing = gates.iter().filter(|gate| gate["holds"] == false);
    failing.map(|gate| gate["code"].as_str().expect("a code").to_owned()).collect()
}

#[test]
fn a_cut_is_proposed_only_where_the_debt_allows_it() {
    on_each_engine(|store| {
        let world = World::new(store);
        let collector = world.person("S-collector");
        let propose = |who: &Client<'_>| post(who, "", &json!({}));
        let theft = post(&collector, "", &json!({ "reason": "theft" }));
        assert_eq!(theft.code(), "cuts.not_arrears");
        assert_eq!(gates(&propose(&collector)), ["G01", "G02", "G10"]);
        indebted(&world);
        let early = propose(&world.person("S-collector"));
        // The demand that arrived is one of a debt that is not overdue for long enough yet.
        assert_eq!(gates(&early), ["G01", "G02", "G10"]);
        assert!(early.json()["gates"][0]["unblock"]["en"].as_str().expect("words").contains("2026-04-12"));
        world.set(date(2026, 4, 12));
        let collector = world.person("S-collector");
        // Overdue, but never demanded with proof.
        let other = collector.clone().with("idempotency-key", "a2").post("/accounts/A2/cuts", &json!({}));
        assert_eq!(gates(&other), ["G02", "G10"]);
        // Security covers the debt.
        let legal = world.person("S-legal").with("idempotency-key", "s1");
        let security =
            json!({ "kind": "pledge", "giver": "丁某", "giver_kind": "person", "amount": "5000.00" });
        done(&legal.post("/accounts/A1/legal/securities", &security));
        assert_eq!(gates(&propose(&collector)), ["G10"]);
        let manager = world.person("S-manager").with("idempotency-key", "s2");
        done(&manager.post("/accounts/A1/legal/securities/1/release", &json!({})));
        // Insolvency holds everything.
        let opened = json!({ "accepted_on": "2026-04-10", "court": "县法院" });
        done(&legal.clone().with("idempotency-key", "i1").post("/accounts/A1/legal/insolvencies", &opened));
        assert!(gates(&propose(&collector)).contains(&"G06".to_owned()));
        done(&manager.with("idempotency-key", "i2").post("/accounts/A1/legal/insolvencies/end", &json!({})));
        let told = done(&propose(&collector));
        assert_eq!(
            (told["state"].as_str(), told["proposed_by"].as_str()),
            (Some("proposed"), Some("S-collector"))
        );
        assert_eq!(propose(&collector).code(), "cuts.already_live");
        // A list of one's unit, and of another.
        let list = world.person("S-manager").get("/cuts?live=true").json();
        assert_eq!(list["items"][0]["account_no"], "A1");
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn two_persons_decide() {
    on_each_engine(|store| {
        let world = World::new(store);
        indebted(&world);
        world.set(date(2026, 4, 13));
        let manager = world.person("S-manager");
        done(&post(&manager, "", &json!({})));
        assert_eq!(post(&manager, "/approve", &json!({})).code(), "cuts.one_person");
        assert_eq!(post(&world.person("S-collector"), "/approve", &json!({})).code(), "access.not_permitted");
        let company = world.person("S-company");
        assert_eq!(post(&company, "/reject", &json!({ "reason": " " })).code(), "request.reason");
        let told = done(&post(&company, "/approve", &json!({})));
        assert_eq!(
            (told["state"].as_str(), told["approved_by"].as_str()),
            (Some("approved"), Some("S-company"))
        );
        assert_eq!(post(&company, "/reject", &json!({ "reason": "x" })).code(), "cuts.wrong_state");
        let withdrawn =
            done(&post(&world.person("S-collector"), "/withdraw", &json!({ "reason": "客户已联系" })));
        assert_eq!(withdrawn["outcome"], "withdrawn");
    });
}

/// Approved on Monday 13 April and served that day; the clock stands at nine on Thursday the 16th, the first day of the window.
fn noticed(world: &World) {
    indebted(world);
    world.set(date(2026, 4, 13));
    done(&post(&world.person("S-collector"), "", &json!({})));
    done(&post(&world.person("S-manager"), "/approve", &json!({})));
    serve(world, "stop_plan", date(2026, 4, 13).at(15, 0, 0, 0));
    world.set(date(2026, 4, 16));
}

/// The first account, changed.
fn changed(world: &World, change: impl FnOnce(&mut denghuo_store::registry::Account)) {
    let mut conn = world.store.connect().expect("a connection");
    let mut rows = accounts(&mut conn, 1, 1).expect("SQL");
    let mut account = rows.pop().expect("the first account");
    assert_eq!(account.account_no, "A1");
    change(&mut account);
    update_accounts(&mut conn, &[account]).expect("SQL");
}

/// An estate of 51 homes whose property company is the first customer; its key.
fn estate_of_the_debtor(world: &World) -> i64 {
    let mut conn = world.store.connect().expect("a connection");
    let text = "code,name,households,property_company\nE1,东苑,51,甲某某\n";
    let file = Source { name: "estates".to_owned(), bytes: text.as_bytes().to_vec() };
    let request = Request { work: &work("S-company"), on: date(2026, 3, 20), batch: None };
    let outcome = import_kind(&mut conn, &request, "estates", &file);
    assert!(matches!(outcome, Ok(Outcome::Loaded(_))), "{outcome:?}");
    denghuo_store::disconnection::estates(&mut conn).expect("SQL")[0].estate_id
}

#[test]
fn every_gate_of_the_warrant_refuses() {
    on_each_engine(|store| {
        let world = World::new(store);
        noticed(&world);
        let inspector = |world: &World| post(&world.person("S-inspector"), "/warrants", &json!({}));
        world.set(date(2026, 4, 15));
        assert_eq!(gates(&inspector(&world)), ["G04"]);
        world.set(date(2026, 4, 18));
        assert_eq!(gates(&inspector(&world)), ["G05"]);
        world.set(date(2026, 4, 16));
        // A declared window, until it is ended.
        let manager = world.person("S-manager");
        let heat = json!({ "kind": "extreme_heat", "from_on": "2026-04-15", "until_on": "2026-04-17", "reason": "高温红色预警" });
        let window = done(&manager.post("/cut-windows", &heat));
        assert_eq!((window["org"].as_str(), window["in_force"].as_bool()), (Some("P"), Some(true)));
        assert_eq!(gates(&inspector(&world)), ["G05"]);
        let calendar = manager.get("/cut-windows/calendar?from=2026-04-16&days=1").json();
        assert!(
            calendar["items"][0]["why"]["zh"].as_str().is_some_and(|why| why.contains("高温")),
            "{calendar}"
        );
        let foreign = json!({ "kind": "extreme_heat", "org": "Q", "from_on": "2026-04-15", "until_on": "2026-04-17", "reason": "x" });
        assert_eq!(manager.post("/cut-windows", &foreign).code(), "access.foreign_unit");
        let unknown =
            json!({ "kind": "rain", "from_on": "2026-04-15", "until_on": "2026-04-17", "reason": "x" });
        assert_eq!(manager.post("/cut-windows", &unknown).code(), "cuts.no_window");
        done(&manager.post(&format!("/cut-windows/{}/end", window["window_no"]), &json!({})));
        // An important user, a protected one.
        changed(&world, |account| account.importance = "first".to_owned());
        assert!(gates(&inspector(&world)).contains(&"G07".to_owned()));
        changed(&world, |account| account.importance = "ordinary".to_owned());
        changed(&world, |account| account.protection = Some("medical".to_owned()));
        let protected = gates(&inspector(&world));
        changed(&world, |account| account.protection = None);
        // A higher level has to approve such a cut, and to decide about it.
        assert!(
            protected.contains(&"G08".to_owned()) && protected.contains(&"G03".to_owned()),
            "{protected:?}"
        );
        done(&inspector(&world));
        assert_eq!(failing(&world, "2026-04-16T10:00:00"), ["G11"]);
        // The debtor turns out to be the property company of an estate: the warrant that was made is good no more.
        let estate_id = estate_of_the_debtor(&world);
        changed(&world, |account| account.estate_id = Some(estate_id));
        assert!(gates(&inspector(&world)).contains(&"G09".to_owned()));
        let told = world.person("S-inspector").get("/accounts/A1/cuts").json();
        let warrant = &told["cases"][0]["warrants"][0];
        assert_eq!(
            (warrant["state"].as_str(), warrant["ended_why"].as_str()),
            (Some("revoked"), Some("cuts.gate_failed"))
        );
    });
}

#[test]
fn power_goes_off_on_one_warrant_and_comes_back_after_payment() {
    on_each_engine(|store| {
        let world = World::new(store);
        noticed(&world);
        let inspector = world.person("S-inspector");
        // The service of the notice is taken up with the warrant.
        assert_eq!(post(&inspector, "/execute", &json!({})).code(), "cuts.wrong_state");
        let made = done(&post(&inspector, "/warrants", &json!({})));
        assert_eq!(made["warrants"][0]["state"], "live");
        assert_eq!(gates(&post(&inspector, "/execute", &json!({}))), ["G11"]);
        let told = |at: &str| json!({ "told_cut_at": at, "outcome": "reached" });
        assert_eq!(post(&inspector, "/calls", &told("2026-04-16T09:20:00")).code(), "cuts.told_too_soon");
        let unknown =
            json!({ "told_cut_at": "2026-04-16T10:00:00", "outcome": "reached", "evidence_no": 99 });
        assert_eq!(post(&inspector, "/calls", &unknown).status, 404);
        done(&post(&inspector, "/calls", &told("2026-04-16T10:00:00")));
        world.wait(65);
        let inspector = world.person("S-inspector");
        assert_eq!(post(&inspector, "/execute", &json!({ "channel": "remote" })).code(), "cuts.no_relay");
        let ordered = done(&post(&inspector, "/execute", &json!({})));
        assert_eq!(ordered["warrants"][0]["state"], "consumed");
        assert_eq!(post(&inspector, "/execute", &json!({})).code(), "cuts.wrong_state");
        let dark = done(&post(&inspector, "/confirm", &json!({ "done": true })));
        assert_eq!(dark["state"], "cut");
        // Paid at the counter: ordered back in the same transaction, within 24 hours.
        let cashier = world.person("S-cashier").with("idempotency-key", "p1");
        let paid = cashier.post("/accounts/A1/payments", &json!({ "amount": "900.00", "channel": "cash" }));
        assert_eq!(paid.status, 200, "{paid:?}");
        let list = inspector.get("/restorations?open=true").json();
        assert_eq!(
            (list["items"][0]["minutes_left"].as_i64(), list["items"][0]["late"].as_bool()),
            (Some(1_440), Some(false))
        );
        world.wait(25 * 60);
        let inspector = world.person("S-inspector");
        let late = inspector.get("/restorations?late=true").json();
        assert_eq!(late["items"][0]["minutes_left"], -60);
        let back = done(&post(&inspector, "/confirm", &json!({ "done": true })));
        assert_eq!((back["state"].as_str(), back["outcome"].as_str()), (Some("restored"), Some("restored")));
        assert_eq!(world.person("S-company").get("/restorations?open=true").json()["items"], json!([]));
    });
}

#[test]
fn a_payment_in_between_revokes_the_warrant_and_shows_why() {
    on_each_engine(|store| {
        let world = World::new(store);
        noticed(&world);
        let inspector = world.person("S-inspector");
        done(&post(&inspector, "/warrants", &json!({})));
        let cashier = world.person("S-cashier").with("idempotency-key", "p1");
        assert_eq!(
            cashier.post("/accounts/A1/payments", &json!({ "amount": "1.00", "channel": "cash" })).status,
            200
        );
        let told = inspector.get("/accounts/A1/cuts").json();
        let warrant = &told["cases"][0]["warrants"][0];
        assert_eq!(warrant["state"], "revoked");
        assert!(warrant["ended_why"].is_string() && warrant["ended_at"].is_string(), "{warrant}");
        assert_eq!(post(&inspector, "/execute", &json!({})).code(), "cuts.no_warrant");
    });
}

/// A relay that does what it is told to.
struct Relay(Mutex<Vec<String>>);

impl RemoteRelay for Relay {
    fn open(&self, _: &CutOrder, key: &str, meter_no: &str) -> Result<(), PortError> {
        self.0.lock().expect("no panic").push(format!("open {key} {meter_no}"));
        Ok(())
    }
    fn close(&self, key: &str, meter_no: &str) -> Result<bool, PortError> {
        self.0.lock().expect("no panic").push(format!("close {key} {meter_no}"));
        Ok(true)
    }
}

#[test]
fn the_relay_hears_of_each_order_once() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        let relay = Arc::new(Relay(Mutex::new(Vec::new())));
        world.reach(Ports { relay: Some(relay.clone()), ..Ports::default() });
        noticed(&world);
        let inspector = world.person("S-inspector");
        done(&post(&inspector, "/warrants", &json!({})));
        done(&post(
            &inspector,
            "/calls",
            &json!({ "told_cut_at": "2026-04-16T10:00:00", "outcome": "reached" }),
        ));
        world.wait(60);
        let inspector = world.person("S-inspector");
        let told = done(&post(&inspector, "/execute", &json!({ "channel": "remote" })));
        assert_eq!(
            (told["state"].as_str(), told["operations"][0]["state"].as_str()),
            (Some("cut"), Some("done"))
        );
        assert_eq!(post(&inspector, "/execute", &json!({ "channel": "remote" })).code(), "cuts.wrong_state");
        let manager = world.person("S-manager");
        done(&post(&manager, "/restore", &json!({ "reason": "误停" })));
        let sent = done(&post(&inspector, "/restore/send", &json!({})));
        assert_eq!(sent["operations"][0]["state"], "confirm_at_meter");
        assert_eq!(post(&inspector, "/restore/send", &json!({})).code(), "cuts.wrong_state");
        done(&post(&inspector, "/confirm", &json!({ "done": true })));
        assert_eq!(*relay.0.lock().expect("no panic"), ["open 1-1 M1", "close 1-2 M1"]);
    });
}
