//! Targets, appraisals and bonus sheets over the API: by two persons, each in his own sight.

use super::world::{Client, World};
use denghuo_office::targets::measure_run;
use denghuo_office::work::Work;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;
use serde_json::{Value, json};

fn once(client: &Client<'_>, path: &str, key: &str, body: &Value) -> super::world::Answer {
    client.clone().with("idempotency-key", key).post(path, body)
}

fn plan(period: &str, unit: &str) -> Value {
    json!({ "period": period, "unit": unit, "amount": "900.00", "method": "weights" })
}

/// Closes March, as the business day of its end does.
fn close_march(world: &World) {
    let book = Rulebook::embedded();
    let names = ["cn", "sgcc", "cn-sd", "sgcc-jiangsu", "site"];
    let site = Selector::in_jurisdictions(&names);
    let work = Work { book: &book, site, by: "system".to_owned(), now: 1 };
    let mut conn = world.store.connect().expect("a connection");
    measure_run(&mut conn, &work, date(2026, 3, 31)).expect("the end of March");
}

#[test]
fn a_target_is_made_by_one_and_put_in_force_by_another() {
    on_each_engine(|store| {
        let world = World::new(store);
        let (company, station) = (world.person("S-company"), world.person("S-manager"));
        let foreign = once(&station, "/targets", "k0", &plan("2026-03", "C"));
        assert_eq!((foreign.status, foreign.code().as_str()), (403, "access.foreign_account"), "{foreign:?}");
        let made = once(&company, "/targets", "k1", &plan("2026-03", "C"));
        assert_eq!(made.status, 200, "{made:?}");
        let path = format!("/targets/{}", made.json()["no"]);
        let shown = company.get(&path).json();
        let amounts: Vec<(String, String)> = shown["nodes"]
            .as_array()
            .expect("nodes")
            .iter()
            .map(|node| {
                let who = node["staff"].as_str().unwrap_or(if node["is_person"] == true { "-" } else { "" });
                let unit = node["unit"].as_str().unwrap_or_default();
                (format!("{unit}/{who}"), node["amount"].as_str().unwrap_or_default().to_owned())
            })
            .collect();
        let expect = [
            ("C/", "900.00"),
            ("P/", "600.00"),
            ("P/S-reader", "600.00"),
            ("Q/", "300.00"),
            ("Q/-", "300.00"),
        ];
        assert_eq!(amounts, expect.map(|(who, amount)| (who.to_owned(), amount.to_owned())));
        // The station sees its own branch, and cannot put the whole in force.
        let below = station.get(&path).json();
        assert_eq!(below["nodes"].as_array().expect("nodes").len(), 2, "{below}");
        assert_eq!(station.post(&format!("{path}/confirm"), &json!({})).status, 403);
        let own = company.post(&format!("{path}/confirm"), &json!({}));
        assert_eq!(own.code(), "target.same_person");
        let set = json!({ "amount": "500.00", "reason": "停产" });
        assert_eq!(
            station.post(&format!("{path}/nodes/2"), &set).status,
            403,
            "its siblings are not its own"
        );
        let set = company.post(&format!("{path}/nodes/2"), &set);
        assert_eq!(set.json()["changed"], json!([2, 3, 4, 5]), "{set:?}");
        let unreadable = company.get(&format!("{path}?as_of=yesterday"));
        assert_eq!(unreadable.status, 422);
        let known = company.get(&format!("{path}?as_of=2026-03-20&as_known=2020-01-01T00:00:00")).json();
        assert_eq!(known["nodes"][0]["received"], "0.00");
        assert_eq!(company.get("/targets").json()["items"].as_array().expect("targets").len(), 1);
        assert_eq!(world.person("S-other").get("/targets").status, 403);
    });
}

#[test]
fn an_employee_sees_his_own_appraisal_and_his_manager_decides() {
    on_each_engine(|store| {
        let world = World::new(store);
        close_march(&world);
        let (reader, manager) = (world.person("S-reader"), world.person("S-manager"));
        let path = "/appraisals/2026-03/S-reader";
        let shown = reader.get(path);
        assert_eq!(shown.status, 200, "{shown:?}");
        assert!(shown.json()["steps"].as_array().expect("steps").len() > 2, "{shown:?}");
        assert_eq!(reader.get("/appraisals").json()["items"].as_array().expect("a list").len(), 1);
        let cashier = world.person("S-cashier");
        assert_eq!(cashier.get(path).code(), "appraisal.unknown", "another's is not seen");
        assert_eq!(cashier.get("/appraisals").json()["items"], json!([]));
        let remark = json!({ "dispute": true, "said": "非本人差错" });
        assert_eq!(cashier.post(&format!("{path}/remarks"), &remark).code(), "appraisal.not_oneself");
        let disputed = reader.post(&format!("{path}/remarks"), &remark);
        assert_eq!(disputed.json()["state"], "disputed", "{disputed:?}");
        let decision = json!({ "reason": "已核实" });
        assert_eq!(reader.post(&format!("{path}/decision"), &decision).status, 403);
        let bad = manager.post(&format!("{path}/decision"), &json!({ "score": "x", "reason": "x" }));
        assert_eq!(bad.status, 422, "{bad:?}");
        let decided = manager.post(&format!("{path}/decision"), &decision).json();
        assert_eq!((&decided["state"], &decided["decided"]), (&json!("decided"), &decided["score"]));
        assert_eq!(manager.post(&format!("{path}/decision"), &decision).code(), "appraisal.decided");
    });
}

#[test]
fn a_bonus_sheet_takes_two_persons() {
    on_each_engine(|store| {
        let world = World::new(store);
        let (company, station) = (world.person("S-company"), world.person("S-manager"));
        let no = once(&station, "/targets", "k1", &plan("2026-03", "P")).json()["no"].clone();
        let early = once(&station, "/bonus-sheets", "k2", &json!({ "target_no": no }));
        assert_eq!(early.code(), "bonus.not_closed");
        assert_eq!(company.post(&format!("/targets/{no}/confirm"), &json!({})).status, 200);
        let paid = json!({ "amount": "20.00", "channel": "cash" });
        assert_eq!(once(&world.person("S-cashier"), "/accounts/A1/payments", "k9", &paid).status, 200);
        close_march(&world);
        let accountant = world.person("S-accountant");
        let sheet = once(&accountant, "/bonus-sheets", "k3", &json!({ "target_no": no }));
        assert_eq!(sheet.status, 200, "{sheet:?}");
        let path = format!("/bonus-sheets/{}", sheet.json()["sheet_no"]);
        assert_eq!(sheet.json()["lines"][0]["staff"], "S-reader");
        let yes = json!({ "approve": true });
        assert_eq!(accountant.post(&format!("{path}/decision"), &yes).status, 403);
        assert_eq!(station.post(&format!("{path}/freeze"), &json!({})).code(), "bonus.state");
        let back = station.post(&format!("{path}/decision"), &json!({ "approve": false }));
        assert_eq!(back.code(), "target.no_reason");
        assert_eq!(station.post(&format!("{path}/decision"), &yes).json()["state"], "approved");
        assert_eq!(station.post(&format!("{path}/freeze"), &json!({})).json()["state"], "frozen");
        assert_eq!(world.person("S-reader").get(&path).status, 403);
    });
}
