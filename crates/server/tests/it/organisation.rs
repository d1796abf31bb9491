//! The organisation, and files of the registry that are tried before they are taken.

use super::world::World;
use axum::http::Method;
use denghuo_store::testing::{contents, on_each_engine};
use serde_json::json;

#[test]
fn units_and_staff_are_listed() {
    let store = denghuo_store::testing::sqlite().unwrap();
    let world = World::new(&store.store);
    let admin = world.person("admin");
    let orgs = admin.get("/orgs").json();
    let lines: Vec<_> =
        orgs["items"].as_array().unwrap().iter().map(|o| (o["code"].clone(), o["depth"].clone())).collect();
    assert_eq!(
        lines,
        [(json!("C"), json!(0)), (json!("P"), json!(1)), (json!("PT"), json!(2)), (json!("Q"), json!(1))]
    );
    let staff = admin.get("/staff").json();
    let reader = staff["items"].as_array().unwrap().iter().find(|s| s["code"] == "S-reader").unwrap().clone();
    assert_eq!(
        (&reader["org"], &reader["role"], &reader["has_login"]),
        (&json!("PT"), &json!("reader"), &json!(false))
    );
    assert_eq!(admin.get("/staff?on=2019-12-31").json()["items"], json!([]));
    assert_eq!(world.person("S-manager").get("/staff").code(), "access.not_permitted");
}

#[test]
fn a_file_is_tried_told_by_its_bad_rows_and_taken_whole() {
    on_each_engine(|store| {
        let world = World::new(store);
        let admin = world.person("admin").with("content-type", "text/csv");
        let send = |how: &str, text: &str| {
            let path = format!("/api/v1/imports/customers{how}?file_name=new.csv");
            // The console sends a key with everything; a trial under a key is a trial as well.
            let key = format!("{how}{}", text.len());
            admin.clone().with("idempotency-key", &key).send(Method::POST, &path, Some(text.to_owned()))
        };
        let bad = "code,name,kind\nK7,丁某,person\nK1,重复,person\nK8,,robot\n";
        let mut conn = store.connect().unwrap();
        for how in ["/check", ""] {
            let answer = send(how, bad);
            assert_eq!((answer.status, answer.code().as_str()), (422, "file.bad_rows"), "{answer:?}");
            let problems = answer.json()["problems"].as_array().unwrap().clone();
            let lines: Vec<_> = problems
                .iter()
                .map(|p| (p["line"].as_u64().unwrap(), p["column"].as_str().unwrap().to_owned()))
                .collect();
            assert!(lines.contains(&(4, "kind".to_owned())), "{lines:?}");
        }
        let good = "code,name,kind\nK7,丁某,person\nK8,戊公司,enterprise\n";
        let customers = |conn: &mut denghuo_store::Conn| contents(conn).unwrap()["customer"].len();
        assert_eq!(send("/check", good).json(), json!({ "known": false, "rows": 2, "warnings": [] }));
        assert_eq!(customers(&mut conn), 3, "nothing of a trial is kept");
        assert_eq!(send("", good).json()["rows"], 2);
        let again =
            admin.send(Method::POST, "/api/v1/imports/customers?file_name=new.csv", Some(good.to_owned()));
        assert_eq!(again.json()["known"], true);
        assert_eq!(customers(&mut conn), 5);
        assert_eq!(admin.get("/imports").json()["items"][0]["name"], "new.csv");
        let template = admin.get("/import-kinds/customers/template");
        assert!(template.body.starts_with('\u{feff}'), "{template:?}");
        assert!(admin.get("/import-kinds").json()["kinds"].as_array().unwrap().len() > 5);
        assert_eq!(admin.get("/import-kinds/nothing/template").status, 404);
    });
}
