//! Problems of many over the API: seen in one's own unit alone, owned, planned, closed when the effect was seen.

use super::world::{Client, World, work};
use denghuo_office::service::problem::problems_detect;
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;
use serde_json::{Value, json};

/// Four people of a station say the same on 2026-03-20, and the desk looks on the day after.
fn found(world: &World, unit: &str) {
    let agent = world.person("S-company");
    for phone in 1..=4 {
        let body = json!({ "request": "opinion", "unit": unit, "phone": format!("1390000000{phone}"),
            "said": "每天晚上电压太低,空调无法启动,请更换变压器", "topic": "电压" });
        let key = format!("t{phone}");
        let taken = agent.clone().with("idempotency-key", &key).post("/tickets", &body);
        assert_eq!(taken.status, 200, "{taken:?}");
    }
    let mut conn = world.store.connect().expect("a connection");
    let looked = problems_detect(&mut conn, &work("system"), date(2026, 3, 21)).expect("a look");
    assert_eq!(looked.done, 1);
}

fn deed(client: &Client<'_>, key: &str, body: &Value) -> super::world::Answer {
    client.clone().with("idempotency-key", key).post("/problems/1/deeds", body)
}

#[test]
fn a_problem_is_owned_planned_and_closed() {
    on_each_engine(|store| {
        let world = World::new(store);
        found(&world, "P");
        world.set(date(2026, 3, 21));
        let manager = world.person("S-manager");
        let list = manager.get("/problems?open=true").json();
        assert_eq!(list["items"][0]["people"], 4, "{list}");
        assert_eq!(list["items"][0]["state"], "found");
        let early = deed(&manager, "d1", &json!({ "deed": "plan", "said": "换变压器" }));
        assert_eq!((early.status, early.code().as_str()), (409, "problem.not_owned"));
        let owned = deed(&manager, "d2", &json!({ "deed": "own" }));
        assert_eq!(owned.json()["owner"], "S-manager", "{owned:?}");
        let body = json!({ "deed": "plan", "said": "更换变压器", "measure_on": "2026-03-22", "plan_until": "2026-04-10" });
        let planned = deed(&manager, "d3", &body);
        assert_eq!(planned.json()["due_on"], "2026-04-10", "{planned:?}");
        let soon = deed(&manager, "d4", &json!({ "deed": "close", "said": "好了" }));
        assert_eq!((soon.status, soon.code().as_str()), (409, "problem.effect_too_short"));
        world.set(date(2026, 4, 8));
        let manager = world.person("S-manager");
        let closed = deed(&manager, "d5", &json!({ "deed": "close", "said": "已更换" }));
        let closed = closed.json();
        assert_eq!(
            (closed["state"].as_str(), closed["effect"]["after"].as_i64()),
            (Some("closed"), Some(0)),
            "{closed}"
        );
        assert_eq!(closed["effect"]["before"], 4);
        assert_eq!(closed["next"], json!([]));
        assert_eq!(manager.get("/problems?open=true").json()["items"], json!([]));
    });
}

#[test]
fn problems_of_another_unit_are_not_seen() {
    on_each_engine(|store| {
        let world = World::new(store);
        found(&world, "Q");
        world.set(date(2026, 3, 21));
        let reader = world.person("S-reader");
        let refused = deed(&reader, "d1", &json!({ "deed": "own" }));
        assert_eq!(refused.status, 403, "{refused:?}");
        let manager = world.person("S-manager");
        assert_eq!(manager.get("/problems/1").code(), "access.foreign_account");
        let refused = deed(&manager, "d3", &json!({ "deed": "own" }));
        assert_eq!((refused.status, refused.code().as_str()), (403, "access.foreign_account"));
        assert_eq!(manager.get("/problems").json()["items"], json!([]));
        assert_eq!(manager.get("/problem-map").json()["cells"], json!([]));
        let company = world.person("S-company");
        assert_eq!(company.get("/problems/1").json()["unit"], "河东所");
        assert_eq!(company.get("/problems/9").status, 404);
        let map = company.get("/problem-map").json();
        assert_eq!(map["cells"][0]["tickets"], 4, "{map}");
        let unknown = deed(&company, "d2", &json!({ "deed": "grow" }));
        assert_eq!((unknown.status, unknown.code().as_str()), (409, "problem.not_by_hand"));
    });
}
