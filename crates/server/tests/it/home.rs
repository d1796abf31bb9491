//! To-do lists of a role within its unit.

use super::world::World;
use denghuo_rules::derivation::Bilingual;
use denghuo_store::tasks::{NewTask, open};
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;
use serde_json::json;

fn task(account_id: i64, subject: &str, role: &'static str, due: i8) -> NewTask {
    NewTask {
        account_id,
        kind: "dunning",
        subject: subject.to_owned(),
        codes: "a,b".to_owned(),
        detail: Bilingual::new("催费", "collect"),
        owner_role: role,
        opened_on: date(2026, 3, 10),
        due_on: (due > 0).then(|| date(2026, 3, due)),
    }
}

#[test]
fn work_comes_to_the_people_of_its_role_and_unit() {
    on_each_engine(|store| {
        let world = World::new(store);
        let mut conn = store.connect().unwrap();
        let tasks = [
            task(1, "x:1", "collector", 18),
            task(1, "x:2", "collector", 25),
            task(2, "x:1", "collector", 0),
            task(3, "x:1", "collector", 1),
            task(0, "file", "collector", 30),
            task(1, "y:1", "inspector", 19),
        ];
        open(&mut conn, &tasks).unwrap();
        let collector = world.person("S-collector");
        let home = collector.get("/home").json();
        assert_eq!((home["open"].clone(), home["late"].clone()), (json!(4), json!(1)), "{home}");
        let list = &home["lists"][0];
        assert_eq!(
            (list["name"].clone(), list["days_left"].clone()),
            (json!({"zh": "催费", "en": "Collect"}), json!(-2))
        );
        let told = |query: &str| -> Vec<String> {
            let list = collector.get(&format!("/tasks{query}")).json();
            let items = list["items"].as_array().unwrap().clone();
            items
                .iter()
                .map(|t| {
                    format!(
                        "{}/{}/{}",
                        t["account_no"].as_str().unwrap_or("-"),
                        t["subject"].as_str().unwrap(),
                        t["days_left"]
                    )
                })
                .collect()
        };
        let all = ["A1/x:1/-2", "A1/x:2/5", "-/file/10", "A2/x:1/null"];
        assert_eq!(told(""), all);
        assert_eq!(told("?due_by=2026-03-25"), all[..2]);
        assert_eq!(told("?kind=dunning").len(), 4);
        assert_eq!(told("?kind=other").len(), 0);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = collector.get(&format!("/tasks?limit=1{cursor}")).json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|t| t["subject"].clone()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, ["x:1", "x:2", "file", "x:1"]);
        assert_eq!(collector.get("/tasks?role=inspector").code(), "access.not_permitted");
        let manager = world.person("S-manager");
        assert_eq!(manager.get("/home?role=inspector").json()["open"], 1);
        let company = world.person("S-company");
        assert_eq!(company.get("/home?role=collector").json()["open"], 5);
    });
}
