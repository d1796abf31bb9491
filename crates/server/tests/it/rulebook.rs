//! The rulebook by the API: what is in force, what changed, and a site's own rule that two persons put in force.

use super::world::World;
use denghuo_store::testing::on_each_engine;
use serde_json::json;

const FASTER: &str = r#"layer = "site"
[[rule]]
id = "site.login.numbers"
topic = "login"
from = "2026-01-01"
confidence = "L"
basis = { title = "本单位规定" }
params = { failures_to_lock = 2, lock_minutes = 15, password_characters = 12, password_kinds = 3, idle_minutes = 30, session_hours = 12, attempts_per_minute = 20, requests_per_minute = 1200 }
"#;

#[test]
fn rules_are_listed_shown_and_compared() {
    let store = denghuo_store::testing::sqlite().unwrap();
    let world = World::new(&store.store);
    let verifier = world.person("S-verifier");
    let fees = verifier.get("/rules?topic=late_fee").json();
    let ids: Vec<_> =
        fees["items"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["cn.late_fee.1996", "cn.late_fee.2024"]);
    assert_eq!(
        (&fees["items"][0]["is_in_force"], &fees["items"][1]["is_in_force"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        verifier.get("/rules?topic=late_fee&on=2000-01-01").json()["items"].as_array().unwrap().len(),
        1
    );
    let shown = verifier.get("/rules/cn.late_fee.2024").json();
    assert_eq!(shown["params"]["household"], "0.001");
    let changes = shown["versions"][1]["changes"].as_array().unwrap();
    assert!(
        changes
            .iter()
            .any(|c| c["field"] == "params.minimum" && c["before"] == "1.00" && c["after"] == "0.00")
    );
    let days = verifier.get("/rule-changes?from=2024-05-31&to=2024-06-01").json();
    let fee = days["changes"].as_array().unwrap().iter().find(|c| c["topic"] == "late_fee").unwrap().clone();
    assert_eq!((&fee["before"], &fee["after"]), (&json!("cn.late_fee.1996"), &json!("cn.late_fee.2024")));
    assert_eq!(verifier.get("/rule-changes?from=2024-06-01&to=2024-06-01").json()["changes"], json!([]));
    let year = verifier.get("/calendar/2026?on=2026-10-01").json();
    assert_eq!((&year["on_is_working"], year["year"].as_i64()), (&json!(false), Some(2026)));
    assert!(year["holidays"].as_array().unwrap().iter().any(|day| day["on"] == "2026-10-01"));
    assert_eq!(verifier.get("/calendar/1900").code(), "calendar.not_covered");
    assert_eq!(verifier.get("/rules/no.such").code(), "rule.unknown");
}

#[test]
fn a_rule_file_counts_when_a_second_person_says_so() {
    on_each_engine(|store| {
        let world = World::new(store);
        let (admin, manager) = (world.person("admin"), world.person("S-manager"));
        let path = "site/login.toml";
        let wrong =
            json!({ "path": path, "body": FASTER.replace("lock_minutes = 15", "lock_minutes = \"x\"") });
        let checked = admin.post("/rule-files/check", &wrong).json();
        assert_eq!(checked["ok"], false);
        assert!(checked["errors"][0].as_str().unwrap().contains("site.login.numbers"), "{checked}");
        let mut wrong = wrong;
        wrong["reason"] = json!("试");
        assert_eq!(admin.post("/rule-proposals", &wrong).code(), "rule.wrong");
        let good = json!({ "path": path, "body": FASTER, "reason": "收紧登录" });
        let checked = admin.post("/rule-files/check", &json!({ "path": path, "body": FASTER })).json();
        assert_eq!((&checked["ok"], &checked["added"]), (&json!(true), &json!(["site.login.numbers"])));
        assert_eq!(admin.post("/rule-proposals", &good).json(), json!({ "proposals": [1] }));
        let before = admin.get("/rules?topic=login").json()["items"].as_array().unwrap().len();
        assert_eq!(admin.post("/rule-proposals/1/accept", &json!({})).code(), "rule.same_person");
        let shown = manager.get("/rule-proposals/1").json();
        assert_eq!((shown["after"].as_str(), &shown["check"]["ok"]), (Some(FASTER), &json!(true)));
        let accepted = manager.post("/rule-proposals/1/accept", &json!({ "note": "同意" }));
        assert_eq!(
            (accepted.status, accepted.json()["state"].as_str()),
            (200, Some("accepted")),
            "{accepted:?}"
        );
        assert_eq!(manager.post("/rule-proposals/1/accept", &json!({})).code(), "rule.decided");
        let after = admin.get("/rules?topic=login").json()["items"].as_array().unwrap().len();
        assert_eq!(after, before + 1, "it is in force without a restart");
        for _ in 0..2 {
            world.nobody().post("/login", &json!({ "name": "admin", "password": "wrong" }));
        }
        let locked = world.nobody().post("/login", &json!({ "name": "admin", "password": "wrong" }));
        assert_eq!(locked.code(), "login.locked", "two wrong passwords lock now");
        assert_eq!(admin.get("/rule-file?path=site/login.toml").json()["body"], FASTER);
        let away = json!({ "path": path, "reason": "撤销" });
        assert_eq!(admin.post("/rule-proposals", &away).json(), json!({ "proposals": [2] }));
        assert_eq!(manager.post("/rule-proposals/2/accept", &json!({})).status, 200);
        assert_eq!(admin.get("/rules?topic=login").json()["items"].as_array().unwrap().len(), before);
        assert_eq!(admin.get("/rule-proposals/2").json()["before"], FASTER);
        assert_eq!(admin.get("/rule-file?path=site/login.toml").code(), "rule.unknown_file");
        for bad in ["../etc/passwd", "site/x.toml/..", "SITE/a.toml", "a.toml"] {
            let answer = admin.post("/rule-files/check", &json!({ "path": bad, "body": FASTER }));
            assert_eq!(answer.code(), "rule.bad_path", "{bad}");
        }
    });
}

#[test]
fn a_price_table_is_proposed_or_told_by_its_bad_rows() {
    let store = denghuo_store::testing::sqlite().unwrap();
    let world = World::new(&store.store);
    let admin = world.person("admin").with("content-type", "text/csv");
    let head = "province,month,category,voltage,sharp,peak,flat,valley,deep,purchase,line_loss,transmission,system,funds,demand,capacity,periods,policy,source";
    let row = "江苏,2026-09,单一制-工商业,不满1kV,,0.95,0.62,0.3,,0.39,0.0115,0.1279,0.0612,0.0294,,,00:00-08:00 valley;08:00-19:00 peak;19:00-24:00 flat,,国网江苏";
    let send = |text: String| {
        let path =
            "/api/v1/rule-proposals/prices?file_name=prices.csv&reason=%E4%B9%9D%E6%9C%88%E7%94%B5%E4%BB%B7";
        admin.send(axum::http::Method::POST, path, Some(text))
    };
    let bad = send(format!("{head}\n{}\n{}\n", row.replace("0.62", "x"), row.replace("2026-09", "2026-13")));
    assert_eq!((bad.status, bad.code().as_str()), (422, "file.bad_rows"));
    let lines: Vec<_> =
        bad.json()["problems"].as_array().unwrap().iter().map(|p| p["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 3], "{bad:?}");
    let good = send(format!("{head}\n{row}\n"));
    assert_eq!(good.json(), json!({ "proposals": [1] }), "{good:?}");
    assert_eq!(admin.get("/rule-proposals/1").json()["proposal"]["path"], "sgcc-jiangsu/prices_2026_09.toml");
}
