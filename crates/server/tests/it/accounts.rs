//! Search and the customer's page.

use super::world::World;
use denghuo_store::audit::looks;
use denghuo_store::testing::on_each_engine;
use serde_json::{Value, json};

fn names(found: &Value) -> Vec<(String, String)> {
    let items = found["items"].as_array().expect("a list");
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    items.iter().map(|item| (text(item, "account_no"), text(item, "by"))).collect()
}

#[test]
fn accounts_are_found_by_what_is_known_within_ones_unit() {
    on_each_engine(|store| {
        let world = World::new(store);
        let agent = world.person("S-agent");
        let found = |query: &str| names(&agent.get(&format!("/accounts?q={query}")).json());
        let one = |no: &str, by: &str| vec![(no.to_owned(), by.to_owned())];
        assert_eq!(found("A1"), one("A1", "account_no"));
        assert_eq!(found("13800000001"), one("A1", "contact"));
        assert_eq!(found("M2"), one("A2", "meter_no"));
        assert_eq!(found("%E7%94%B2"), one("A1", "name"));
        assert_eq!(found("%E8%A7%A3%E6%94%BE%E8%B7%AF").len(), 2);
        for foreign in
            ["A3", "13800000003", "M3", "%E4%B8%99%E6%9F%90", "%E6%B2%B3%E4%B8%9C", "%25", "'%20OR%201=1--"]
        {
            assert_eq!(found(foreign), [], "{foreign}");
        }
        let company = world.person("S-company");
        assert_eq!(names(&company.get("/accounts?q=A3").json()), one("A3", "account_no"));
        assert_eq!(company.get("/accounts?q=A3").json()["items"][0]["customer"], "丙*");
    });
}

#[test]
fn personal_data_is_masked_and_a_look_is_kept() {
    on_each_engine(|store| {
        let world = World::new(store);
        let agent = world.person("S-agent");
        let masked = agent.get("/accounts/A1").json();
        assert_eq!(masked["account"]["customer"], "甲**");
        assert_eq!(masked["account"]["address"], "城关镇解放路**");
        assert_eq!(masked["account"]["contacts"][0]["value"], "138****0001");
        let mut conn = store.connect().unwrap();
        assert_eq!(looks(&mut conn, 1).unwrap(), []);
        let full = agent.get("/accounts/A1?personal=true").json();
        assert_eq!(full["account"]["customer"], "甲某某");
        assert_eq!(full["account"]["contacts"][0]["value"], "13800000001");
        let kept = looks(&mut conn, 1).unwrap();
        assert_eq!(
            kept.iter().map(|look| (look.who.as_str(), look.what.as_str())).collect::<Vec<_>>(),
            [("S-agent", "account")]
        );
        let cashier = world.person("S-cashier");
        assert_eq!(cashier.get("/accounts/A1?personal=true").code(), "access.not_permitted");
        assert_eq!(cashier.get("/accounts?q=A1&personal=true").code(), "access.not_permitted");
    });
}

/// One customer on one page, with his lists; looked at as a snapshot.
#[test]
fn the_customers_page() {
    on_each_engine(|store| {
        let world = World::new(store);
        let cashier = world.person("S-cashier").with("idempotency-key", "k1");
        let paid = cashier.post("/accounts/A1/payments", &json!({ "amount": "20.00", "channel": "cash" }));
        assert_eq!(paid.status, 200, "{paid:?}");
        world.set(jiff::civil::date(2026, 6, 20));
        let manager = world.person("S-manager");
        let get = |path: &str| {
            let answer = manager.get(path);
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            answer.json()
        };
        insta::assert_json_snapshot!("account", get("/accounts/A1"));
        insta::assert_json_snapshot!("timeline", get("/accounts/A1/timeline"));
        insta::assert_json_snapshot!("bills", get("/accounts/A1/bills"));
        insta::assert_json_snapshot!("bill", get("/accounts/A1/bills/1"));
        insta::assert_json_snapshot!("why_bill", get("/accounts/A1/bills/1/why"));
        insta::assert_json_snapshot!("readings", get("/accounts/A1/readings"));
        insta::assert_json_snapshot!("payments", get("/accounts/A1/payments"));
        insta::assert_json_snapshot!("notices", get("/accounts/A1/notices"));
        insta::assert_json_snapshot!("contacts", get("/accounts/A1/contacts"));
        insta::assert_json_snapshot!("debts", get("/accounts/A1/debts"));
        insta::assert_json_snapshot!("ladder", get("/accounts/A1/ladder"));
        insta::assert_json_snapshot!("evidence", get("/accounts/A1/evidence"));
    });
}

#[test]
fn lists_come_in_pages_and_as_files() {
    on_each_engine(|store| {
        let world = World::new(store);
        let manager = world.person("S-manager");
        let whole = manager.get("/accounts/A1/timeline").json();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = manager.get(&format!("/accounts/A1/timeline?limit=2{cursor}")).json();
            seen.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(json!(seen), whole["items"]);
        let csv = manager.get("/accounts/A1/timeline?format=csv");
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        assert_eq!(csv.body.lines().count(), seen.len() + 1);
        assert!(csv.body.starts_with("\u{feff}on,at,what,no,"), "{}", csv.body);
        let columns = manager.get("/accounts/A1/timeline?format=parquet");
        assert_eq!(columns.header("content-type"), Some("application/vnd.apache.parquet"));
        assert!(columns.body.starts_with("PAR1"), "{}", columns.body);
        let book = manager.get("/accounts/A1/timeline?format=xlsx");
        assert!(book.status == 200 && book.body.starts_with("PK"), "{}", book.status);
        assert_eq!(manager.get("/accounts/A3/timeline?format=csv").code(), "access.foreign_account");
    });
}
