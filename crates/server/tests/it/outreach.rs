//! Articles and campaigns over the API: customers read what was let out, campaigns want two persons.

use super::world::{Answer, Client, World};
use denghuo_store::testing::on_each_engine;
use serde_json::{Value, json};

fn send(client: &Client<'_>, path: &str, key: &str, body: &Value) -> Answer {
    client.clone().with("idempotency-key", key).post(path, body)
}

#[test]
fn a_customer_reads_what_another_than_the_writer_let_out() {
    on_each_engine(|store| {
        let world = World::new(store);
        let (agent, manager) = (world.person("S-agent"), world.person("S-manager"));
        let body = json!({ "code": "summer", "topic": "saving", "audience": "everybody", "title": "夏季空调节电",
            "title_en": "Air conditioning", "body": "设定26℃以上。", "body_en": "26 °C or more." });
        assert_eq!(send(&world.person("S-reader"), "/articles", "k0", &body).code(), "access.not_permitted");
        let written = send(&agent, "/articles", "k1", &body);
        assert_eq!((written.status, written.json()["state"].clone()), (200, json!("draft")), "{written:?}");
        let customer = world.customer("A1");
        assert_eq!(customer.get("/customer/articles/summer").code(), "article.unknown");
        let publish = json!({ "deed": "publish" });
        assert_eq!(agent.post("/articles/summer/deeds", &publish).code(), "article.same_person");
        assert_eq!(manager.post("/articles/summer/deeds", &publish).json()["state"], "published");
        assert_eq!(customer.get("/customer/articles/summer").json()["title"]["zh"], "夏季空调节电");
        assert_eq!(customer.get("/customer/articles?q=空调").json()["items"].as_array().unwrap().len(), 1);
        assert_eq!(customer.get("/customer/articles?q=充电桩").json()["items"], json!([]));
        assert_eq!(agent.get("/articles?topic=saving").json()["items"][0]["code"], "summer");
    });
}

#[test]
fn a_campaign_wants_two_persons_and_is_seen_in_its_unit() {
    on_each_engine(|store| {
        let world = World::new(store);
        let (agent, manager) = (world.person("S-agent"), world.person("S-manager"));
        let body = json!({ "title": "夏季安全用电", "said": "请检查漏电保护器。", "segment": { "category": "household" },
            "answer": "ticket", "respond_days": 14 });
        let counted = agent.post("/campaign-segments", &json!({ "segment": { "category": "household" } }));
        assert_eq!(counted.json()["accounts"], 1, "one home belongs to the station: {counted:?}");
        let made = send(&agent, "/campaigns", "k1", &body);
        assert_eq!((made.status, made.json()["state"].clone()), (200, json!("draft")), "{made:?}");
        let no = made.json()["campaign_no"].as_i64().unwrap();
        let path = format!("/campaigns/{no}/decision");
        assert_eq!(send(&agent, &path, "k2", &json!({ "approve": true })).code(), "campaign.same_person");
        let running = send(&manager, &path, "k3", &json!({ "approve": true }));
        assert_eq!(running.json()["state"], "running", "{running:?}");
        assert_eq!(running.json()["effect"]["told"], 1, "{running:?}");
        let told = agent.get(&format!("/campaigns/{no}/members")).json();
        assert_eq!(
            (told["items"][0]["account_no"].clone(), told["items"][0]["state"].clone()),
            (json!("A1"), json!("open"))
        );
        let notices = agent.get("/accounts/A1/notices").json();
        assert!(
            notices["items"].as_array().unwrap().iter().any(|row| row["kind"] == "campaign"),
            "{notices}"
        );
        let company = send(&world.person("S-company"), "/campaigns", "k4", &body);
        assert_eq!(
            agent.get(&format!("/campaigns/{}", company.json()["campaign_no"])).code(),
            "access.foreign_account"
        );
    });
}
