//! Arrears, the collector's list and card, promises, holds, and what two persons decide.

use super::world::{Client, World, work};
use denghuo_office::day::{DayOptions, Quiet, run_day};
use denghuo_store::Store;
use denghuo_store::testing::on_each_engine;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

/// The world on a day on which the bills of March are overdue and the ladder has been walked.
pub fn overdue(store: &Store, on: Date) -> World {
    let world = World::new(store);
    run_day(store, &work("system"), on, DayOptions::default(), &Quiet).expect("a day");
    world.set(on);
    world
}

fn items(client: &Client<'_>, path: &str) -> Vec<Value> {
    let answer = client.get(path);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json()["items"].as_array().expect("a list").clone()
}

fn numbers(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["account_no"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn arrears_are_those_of_ones_unit_by_filter_and_order() {
    on_each_engine(|store| {
        let world = overdue(store, date(2026, 4, 20));
        let collector = world.person("S-collector");
        let all = items(&collector, "/arrears");
        assert_eq!(numbers(&all), ["A1", "A2"]);
        assert_eq!(all[0]["customer"], "甲**");
        assert_eq!(all[1]["customer"], "乙商店");
        assert!(all[0]["days_overdue"].as_i64().unwrap() > 0);
        assert_ne!(all[0]["late_fee"], "0.00");
        assert_eq!(numbers(&items(&world.person("S-company"), "/arrears")), ["A1", "A2", "A3"]);
        assert_eq!(numbers(&items(&collector, "/arrears?category=commercial")), ["A2"]);
        assert_eq!(numbers(&items(&collector, "/arrears?customer_kind=person")), ["A1"]);
        assert_eq!(numbers(&items(&collector, "/arrears?collector=S-reader")), ["A1", "A2"]);
        assert_eq!(numbers(&items(&collector, "/arrears?org=Q")), Vec::<String>::new());
        let largest = items(&collector, "/arrears?sort=-amount");
        assert_eq!(numbers(&largest), ["A2", "A1"]);
        let least = largest[0]["principal"].as_str().unwrap();
        assert_eq!(numbers(&items(&collector, &format!("/arrears?least={least}"))), ["A2"]);
        let first = collector.get("/arrears?limit=1&sort=-amount").json();
        let cursor = first["next_cursor"].as_str().unwrap();
        assert_eq!(
            numbers(&items(&collector, &format!("/arrears?limit=1&sort=-amount&cursor={cursor}"))),
            ["A1"]
        );
        assert_eq!(collector.get("/arrears?age=nothing").code(), "request.age");
        assert_eq!(collector.get("/arrears?cursor=ff").code(), "request.cursor");
    });
}

#[test]
fn ages_and_their_moves_keep_the_money() {
    on_each_engine(|store| {
        let world = overdue(store, date(2026, 4, 20));
        let manager = world.person("S-company");
        let ageing = manager.get("/arrears/ageing").json();
        let rows = ageing["rows"].as_array().unwrap();
        assert!(
            rows.iter().any(|row| row["org"] == "P") && rows.iter().any(|row| row["org"] == "Q"),
            "{ageing}"
        );
        let age = rows[0]["age"].as_str().unwrap();
        assert_eq!(items(&manager, &format!("/arrears?age={age}")).len(), 3);
        let own = world.person("S-manager").get("/arrears/ageing").json();
        assert!(own["rows"].as_array().unwrap().iter().all(|row| row["org"] == "P"), "{own}");
        // What was overdue at the end of March is older now, and one debt was paid.
        let cashier = world.person("S-cashier").with("idempotency-key", "paid");
        let debts = cashier.get("/accounts/A1/debts").json();
        let paid = json!({ "amount": debts["to_pay"], "channel": "cash" });
        assert_eq!(cashier.post("/accounts/A1/payments", &paid).status, 200);
        let moves = manager.get("/arrears/migration?from=2026-03&to=2026-04").json();
        let flows = moves["flows"].as_array().unwrap();
        let to_paid = flows.iter().find(|flow| flow["to"] == "paid").expect("a debt that was paid");
        assert_eq!(to_paid["bills"], 1);
        assert_eq!(to_paid["amount"], debts["receivable"]);
        assert_eq!(
            flows
                .iter()
                .filter(|flow| flow["to"] != "paid")
                .map(|flow| flow["bills"].as_i64().unwrap())
                .sum::<i64>(),
            2
        );
        let recovery = manager.get("/arrears/recovery").json();
        let station =
            recovery["units"].as_array().unwrap().iter().find(|unit| unit["org"] == "P").cloned().unwrap();
        assert_eq!(station["received"], debts["receivable"]);
        assert_eq!(manager.get("/arrears/migration?from=2026-05&to=2026-04").code(), "request.from");
    });
}

#[test]
fn the_list_of_a_collector_and_those_of_others() {
    on_each_engine(|store| {
        let world = overdue(store, date(2026, 4, 20));
        let collector = world.person("S-collector");
        let own = items(&collector, "/worklist");
        assert_eq!(own.len(), 2);
        assert!(own[0]["score"].as_i64() >= own[1]["score"].as_i64());
        assert_eq!(collector.get("/worklist?staff=S-reader").code(), "access.not_permitted");
        let manager = world.person("S-manager");
        assert_eq!(items(&manager, "/worklist?staff=S-collector").len(), 2);
        assert_eq!(manager.get("/worklist?staff=S-company").status, 404);
        let staff = manager.get("/collectors").json();
        assert!(staff["collectors"].as_array().unwrap().iter().any(|one| one["code"] == "S-collector"));
    });
}

#[test]
fn a_call_keeps_the_quiet_hours_and_a_promise_pauses_the_ladder() {
    on_each_engine(|store| {
        let world = overdue(store, date(2026, 4, 20));
        let collector = world.person("S-collector").with("idempotency-key", "call-1");
        let card = collector.get("/accounts/A2/call-card").json();
        assert_eq!(card["hours"]["allowed"], true, "{card}");
        assert_eq!(card["customer"], "乙商店");
        let call = |outcome: &str| json!({ "outcome": outcome, "note": "说好周五交", "bill_no": 1 });
        assert_eq!(collector.post("/accounts/A2/calls", &call("delivered")).code(), "request.body");
        let noted = collector.post("/accounts/A2/calls", &call("reached"));
        assert_eq!(noted.status, 200, "{noted:?}");
        let again = collector.post("/accounts/A2/calls", &call("reached"));
        assert_eq!(again.json(), noted.json());
        let card = collector.get("/accounts/A2/call-card").json();
        assert_eq!(card["calls"][0]["note"], "说好周五交");
        let promise = json!({ "bills": [1], "until": "2026-04-24", "amount": card["owes"]["receivable"], "how": "phone" });
        let promising = collector.clone().with("idempotency-key", "promise-1");
        let made = promising.post("/accounts/A2/promises", &promise);
        assert_eq!(made.status, 200, "{made:?}");
        let card = collector.get("/accounts/A2/call-card").json();
        let acts = card["acts"].as_array().unwrap();
        let act = |what: &str| acts.iter().find(|act| act["what"] == what).cloned().unwrap();
        assert_eq!(act("promise")["code"], "plan.already_running");
        assert_eq!(numbers(&items(&collector, "/plans?state=running")), ["A2"]);
        assert_eq!(numbers(&items(&collector, "/holds?kind=promise")), ["A2"]);
        assert_eq!(numbers(&items(&collector, "/arrears?held=true")), ["A2"]);
        assert_eq!(numbers(&items(&world.person("S-company"), "/holds")), ["A2"]);
        let ended = collector
            .clone()
            .with("idempotency-key", "e1")
            .post("/accounts/A2/plans/1/cancel", &json!({ "reason": "客户撤回" }))
            .json();
        assert_eq!(ended["state"], "cancelled");
        assert_eq!(items(&collector, "/holds"), Vec::<Value>::new());
        // At ten in the evening nobody calls, but who is called may note it.
        world.wait(13 * 60);
        let collector = world.person("S-collector");
        let late = collector.clone().with("idempotency-key", "call-2");
        let blocked = late.post("/accounts/A1/calls", &call("reached"));
        assert_eq!((blocked.status, blocked.code().as_str()), (409, "contact.quiet_hours"));
        let card = collector.get("/accounts/A1/call-card").json();
        assert_eq!(card["hours"]["allowed"], false);
        assert_eq!(card["hours"]["rules"], json!(["sgcc.contact_limits"]));
        assert_eq!(card["hours"]["next_at"], "2026-04-21T08:00:00");
        let mut incoming = call("reached");
        incoming["incoming"] = json!(true);
        let incoming =
            collector.clone().with("idempotency-key", "call-3").post("/accounts/A1/calls", &incoming);
        assert_eq!(incoming.status, 200, "{incoming:?}");
    });
}

#[test]
fn holds_are_set_and_released_with_a_reason() {
    on_each_engine(|store| {
        let world = overdue(store, date(2026, 4, 20));
        let agent = world.person("S-collector").with("idempotency-key", "h1");
        let wrong = json!({ "kind": "dispute", "reason": "有异议", "source": "C-0814" });
        assert_eq!(agent.post("/accounts/A2/holds", &wrong).code(), "hold.wrong_role");
        let agent = agent.with("idempotency-key", "h2");
        let hold = json!({ "kind": "complaint", "bill_no": 1, "reason": "对电量有异议", "source": "C-0815" });
        let set = agent.post("/accounts/A2/holds", &hold);
        assert_eq!(set.status, 200, "{set:?}");
        assert_eq!(agent.get("/accounts/A2/agreements").json()["holds"][0]["reason"], "对电量有异议");
        let empty = agent.clone().with("idempotency-key", "h3");
        assert_eq!(
            empty.post("/accounts/A2/holds/1/release", &json!({ "reason": " " })).code(),
            "request.body"
        );
        let manager = world.person("S-manager");
        let released = manager.post("/accounts/A2/holds/1/release", &json!({ "reason": "已复核" }));
        assert_eq!(released.json()["released_by"], "S-manager", "{released:?}");
    });
}

#[test]
fn a_waiver_takes_two_persons() {
    on_each_engine(|store| {
        let world = overdue(store, date(2026, 4, 20));
        let collector = world.person("S-collector").with("idempotency-key", "w1");
        let choices = collector.get("/accounts/A1/waiver-choices").json();
        let open = choices["fees"][0]["open"].clone();
        let wish = |reason: &str, amount: Value| json!({ "waiver": { "bill_no": 1, "reason": reason, "amount": amount }, "reason": "抄表差错" });
        let ask = |key: &str, body: &Value| {
            collector.clone().with("idempotency-key", key).post("/accounts/A1/approvals", body)
        };
        assert_eq!(ask("w0", &wish("because", open.clone())).code(), "waiver.unknown_reason");
        assert_eq!(ask("w00", &wish("own_error", json!("9999.00"))).code(), "waiver.more_than_open");
        let asked = ask("w1", &wish("own_error", open.clone()));
        assert_eq!(asked.status, 200, "{asked:?}");
        assert_eq!(asked.json()["amount"], open);
        assert_eq!(ask("w2", &wish("own_error", open.clone())).json()["request_no"], 1, "the same again");
        assert_eq!(ask("w3", &wish("bank_failure", open.clone())).code(), "approval.open");
        assert_eq!(
            collector.post("/accounts/A1/approvals/1/approve", &json!({})).code(),
            "access.not_permitted"
        );
        let manager = world.person("S-manager").with("idempotency-key", "m1");
        assert_eq!(items(&manager, "/approvals?state=open").len(), 1);
        assert!(items(&manager, "/tasks?kind=approval_request").len() == 1);
        let done = manager.post("/accounts/A1/approvals/1/approve", &json!({ "note": "属实" }));
        assert_eq!((done.status, done.json()["state"].as_str()), (200, Some("approved")), "{done:?}");
        let debts = manager.get("/accounts/A1/debts").json();
        assert_eq!(debts["debts"][0]["waived"], open);
        assert_eq!(debts["debts"][0]["unpaid"], "0.00");
        assert_eq!(items(&manager, "/tasks?kind=approval_request"), Vec::<Value>::new());
        let other = manager.clone().with("idempotency-key", "m2");
        assert_eq!(other.post("/accounts/A1/approvals/1/reject", &json!({})).code(), "approval.decided");
        // A manager who asks does not approve; the company's does.
        let own = json!({ "waiver": { "bill_no": 1, "reason": "own_error" }, "reason": "差错" });
        let own = manager.clone().with("idempotency-key", "m3").post("/accounts/A2/approvals", &own);
        assert_eq!(own.status, 200, "{own:?}");
        let alone = manager.clone().with("idempotency-key", "m4");
        assert_eq!(alone.post("/accounts/A2/approvals/1/approve", &json!({})).code(), "approval.one_person");
        let company = world.person("S-company").with("idempotency-key", "c1");
        assert_eq!(company.post("/accounts/A2/approvals/1/approve", &json!({})).status, 200);
    });
}

#[test]
fn a_plan_is_tried_asked_for_and_approved() {
    on_each_engine(|store| {
        let world = overdue(store, date(2026, 4, 20));
        let collector = world.person("S-collector").with("idempotency-key", "p1");
        let open = collector.get("/accounts/A2/debts").json()["receivable"].as_str().unwrap().to_owned();
        let parts = |first: &str, second: &str| {
            json!({ "bills": [1], "agreed_how": "written", "parts": [
                { "due_on": "2026-04-25", "amount": first }, { "due_on": "2026-05-10", "amount": second }] })
        };
        let wrong = collector.post("/accounts/A2/plans/preview", &parts("1.00", "2.00"));
        assert_eq!(wrong.code(), "plan.wrong_sum");
        let fen: i64 = open.replace('.', "").parse().unwrap();
        let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        let plan = parts(&yuan(fen / 2), &yuan(fen - fen / 2));
        let collector = collector.with("idempotency-key", "p11");
        let tried = collector.post("/accounts/A2/plans/preview", &plan);
        assert_eq!((tried.status, tried.json()["owed"].as_str()), (200, Some(open.as_str())), "{tried:?}");
        assert_eq!(items(&collector, "/plans"), Vec::<Value>::new());
        let asker = collector.clone().with("idempotency-key", "p12");
        let asked = asker.post("/accounts/A2/approvals", &json!({ "plan": plan, "reason": "资金周转" }));
        assert_eq!(asked.status, 200, "{asked:?}");
        let manager = world.person("S-manager").with("idempotency-key", "p2");
        let done = manager.post("/accounts/A2/approvals/1/approve", &json!({}));
        assert_eq!(done.status, 200, "{done:?}");
        let shown = manager.get("/accounts/A2/agreements").json();
        assert_eq!(shown["plans"][0]["agreed_by"], "S-collector");
        assert_eq!(shown["plans"][0]["approved_by"], "S-manager");
        assert_eq!(shown["plans"][0]["parts"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn demand_notices_of_many_are_asked_for_at_once_and_each_is_told() {
    on_each_engine(|store| {
        // The ladders know the debtors, and nobody has walked them since.
        let world = overdue(store, date(2026, 3, 20));
        world.set(date(2026, 4, 20));
        let collector = world.person("S-collector");
        let ask = |key: &str, accounts: &[&str]| {
            let body = json!({ "accounts": accounts });
            collector.clone().with("idempotency-key", key).post("/worklist/demands", &body)
        };
        assert_eq!(ask("f", &["A1", "A3"]).code(), "access.foreign_account");
        assert_eq!(ask("e", &[]).status, 422);
        let done = ask("1", &["A1", "A2", "A1"]);
        assert_eq!(done.status, 200, "{done:?}");
        let told = done.json();
        assert_eq!(numbers(told["asked"].as_array().unwrap()), ["A1", "A2"], "{told}");
        let notice_no = told["asked"][0]["notice_no"].as_i64().unwrap();
        let notice = collector.get(&format!("/accounts/A1/notices/{notice_no}")).json();
        assert_eq!(notice["kind"], "demand", "{notice}");
        assert_eq!(ask("1", &["A1", "A2", "A1"]).json(), told, "the same key is the same deed");
        let again = ask("2", &["A1", "A2"]).json();
        assert_eq!(again["asked"], json!([]), "{again}");
        assert_eq!(again["refused"][0]["code"], "ladder.no_demand");
        let reader = world.person("S-accountant").with("idempotency-key", "3");
        assert_eq!(
            reader.post("/worklist/demands", &json!({ "accounts": ["A1"] })).code(),
            "access.not_permitted"
        );
    });
}
