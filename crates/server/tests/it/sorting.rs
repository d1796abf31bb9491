//! Lists in the orders that their readers choose: every word of every list, page by page.

use super::world::{Client, World};
use denghuo_rules::derivation::Bilingual;
use denghuo_server::document;
use denghuo_store::tasks::{NewTask, open};
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;
use serde_json::{Value, json};

/// Somebody of these may read each list.
const ASKERS: [&str; 7] =
    ["S-company", "S-manager", "S-accountant", "S-legal", "S-verifier", "S-collector", "admin"];

/// Lists that the world below fills, with how many rows at least.
const FILLED: [(&str, usize); 7] = [
    ("/waiting-bills", 2),
    ("/exceptions", 6),
    ("/prepayments", 2),
    ("/payment-intents", 4),
    ("/tickets", 3),
    ("/notices", 2),
    ("/staff", 11),
];

fn fill(world: &World) {
    let person = |name: &str, key: &str| world.person(name).with("idempotency-key", key);
    let done = |answer: super::world::Answer| assert_eq!(answer.status, 200, "{answer:?}");
    for account in ["A1", "A2"] {
        let path = |what: &str| format!("/accounts/{account}/{what}");
        let cash = json!({ "amount": "5000.00", "channel": "cash" });
        done(person("S-cashier", &format!("{account}p")).post(&path("payments"), &cash));
        let reason = json!({ "reason": "抄录有误" });
        done(person("S-verifier", &format!("{account}c")).post(&path("bills/1/cancel"), &reason));
        for (key, amount) in [("i1", "30.00"), ("i2", "20.00")] {
            let body = json!({ "amount": amount });
            done(person("S-cashier", &format!("{account}{key}")).post(&path("payment-intents"), &body));
            world.wait(1);
        }
    }
    for (key, request) in [("t1", "consultation"), ("t2", "opinion"), ("t3", "complaint")] {
        let body = json!({ "request": request, "topic": "", "said": "停电" });
        done(person("S-agent", key).post("/accounts/A1/tickets", &body));
        world.wait(1);
    }
    let mut doubts = Vec::new();
    for account_id in 1..=3_i8 {
        for (at, kind) in (0_i8..).zip(["reading_notice", "reading_exception", "reading_doubt"]) {
            doubts.push(NewTask {
                account_id: account_id.into(),
                kind,
                subject: format!("reading:2026-03-0{}", 9 - account_id - at),
                codes: "went_back".to_owned(),
                detail: Bilingual::new("倒走", "went back"),
                owner_role: "verifier",
                opened_on: date(2026, 3, 10 + (account_id * 2 + at) % 4),
                due_on: None,
            });
        }
    }
    open(&mut world.store.connect().expect("a connection"), &doubts).expect("SQL");
}

/// Every list that can be ordered: its path and the words of its `sort`.
fn ordered_lists() -> Vec<(String, Vec<String>)> {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let mut lists = Vec::new();
    for (path, operations) in paths {
        let parameters = operations["get"]["parameters"].as_array().cloned().unwrap_or_default();
        let Some(sort) = parameters.iter().find(|parameter| parameter["name"] == "sort") else { continue };
        let words = sort["schema"]["enum"].as_array();
        // A list with an order of its own names its words one by one.
        let Some(words) = words else { continue };
        let words = words.iter().map(|word| word.as_str().expect("a word").to_owned()).collect();
        lists.push((path.trim_start_matches("/api/v1").replace("{account_no}", "A1"), words));
    }
    lists
}

/// The address of a list with some parameters.
fn address(path: &str, parameters: &str) -> String {
    let found = if path == "/accounts" { "q=A1&" } else { "" };
    format!("{path}?{found}{parameters}")
}

fn rows_of(client: &Client<'_>, address: &str) -> (Vec<Value>, Option<String>) {
    let answer = client.get(address);
    assert_eq!(answer.status, 200, "{address}: {answer:?}");
    let page = answer.json();
    let rows = page["items"].as_array().expect("rows").clone();
    (rows, page["next_cursor"].as_str().map(str::to_owned))
}

/// A value of a row as something that is less or more: a number, an amount, a day or a moment; nothing else is compared.
fn comparable(value: &Value) -> Option<(f64, String)> {
    match value {
        Value::Number(number) => number.as_f64().map(|number| (number, String::new())),
        Value::String(text) => match text.parse::<f64>() {
            Ok(number) => Some((number, String::new())),
            Err(_) if text.starts_with("20") => Some((0.0, text.clone())),
            Err(_) => None,
        },
        _ => None,
    }
}

#[test]
fn every_list_goes_on_in_every_order() {
    let lists = ordered_lists();
    assert!(lists.len() > 20, "{lists:?}");
    on_each_engine(|store| {
        let world = World::new(store);
        fill(&world);
        for (path, words) in &lists {
            let may = |name: &&&str| world.person(name).get(&address(path, "")).status == 200;
            let asker = ASKERS.iter().find(may).unwrap_or_else(|| panic!("nobody may read {path}"));
            let client = world.person(asker);
            let refused = client.get(&address(path, "sort=no_such_word"));
            assert_eq!((refused.status, refused.code().as_str()), (422, "request.query"), "{path}");
            let (usual, _) = rows_of(&client, &address(path, "limit=500"));
            let filled = FILLED.iter().find(|(known, _)| known == path);
            assert!(filled.is_none_or(|(_, least)| usual.len() >= *least), "{path}: {}", usual.len());
            for word in words {
                let order = format!("sort={word}&");
                let (whole, _) = rows_of(&client, &address(path, &format!("{order}limit=500")));
                assert_eq!(whole.len(), usual.len(), "{path} {word}");
                for limit in [1, 2] {
                    assert_eq!(pages(&client, path, &order, limit), whole, "{path} {word} by {limit}");
                }
                stands(path, word, &whole);
            }
            assert_eq!(pages(&client, path, "", 1), usual, "{path}");
        }
    });
}

/// A list, so many rows at once.
fn pages(client: &Client<'_>, path: &str, order: &str, limit: usize) -> Vec<Value> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    // What is found by a text has no second page.
    let limit = if path == "/accounts" { 500 } else { limit };
    loop {
        let (rows, next) = rows_of(client, &address(path, &format!("{order}limit={limit}{cursor}")));
        seen.extend(rows);
        let Some(next) = next else { return seen };
        cursor = format!("&cursor={next}");
    }
}

/// Rows stand in the order of a word, as far as they name it.
fn stands(path: &str, word: &str, rows: &[Value]) {
    let (field, descending) = word.strip_prefix('-').map_or((word, false), |field| (field, true));
    let mut values: Vec<(f64, String)> = rows.iter().filter_map(|row| comparable(&row[field])).collect();
    if descending {
        values.reverse();
    }
    assert!(values.is_sorted_by(|a, b| a <= b), "{path} {word}: {values:?}");
}
