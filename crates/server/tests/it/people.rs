//! Signing in: passwords, lock-out, sessions, secrets of forms, tokens.

use super::world::World;
use axum::http::Method;
use denghuo_office::access::{login_add, login_reset};
use denghuo_office::ports::{Departure, IdentityProvider, PortError};
use denghuo_server::Ports;
use denghuo_store::testing::on_each_engine;
use serde_json::json;
use std::sync::Arc;

fn cookie_of(answer: &super::world::Answer) -> String {
    answer.header("set-cookie").expect("a cookie").split(';').next().expect("a pair").to_owned()
}

#[test]
fn a_first_password_is_changed_before_anything_else() {
    on_each_engine(|store| {
        let world = World::new(store);
        let mut conn = store.connect().unwrap();
        let work = super::world::work("system");
        let first = login_add(&mut conn, &work, "S-cashier", false, jiff::civil::date(2026, 3, 20)).unwrap();
        let answer = world.nobody().post("/login", &json!({ "name": "S-cashier", "password": first }));
        assert_eq!(answer.status, 200, "{answer:?}");
        let cookie = answer.header("set-cookie").unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        assert_eq!(answer.json()["must_change"], true);
        let csrf = answer.json()["csrf"].as_str().unwrap().to_owned();
        let client = world.nobody().with("cookie", &cookie_of(&answer)).with("x-csrf-token", &csrf);
        assert_eq!(client.get("/home").code(), "login.must_change_password");
        assert_eq!(client.get("/me").status, 200);
        for (new, code) in [
            ("short", "password.short"),
            ("longenoughbut", "password.simple"),
            ("S-cashier-2026", "password.holds_name"),
            (first.as_str(), "password.same"),
        ] {
            let answer = client.post("/me/password", &json!({ "old": first, "new": new }));
            assert_eq!((answer.status, answer.code().as_str()), (422, code));
        }
        let new = "Lantern-2026-ok";
        assert_eq!(client.post("/me/password", &json!({ "old": first, "new": new })).status, 200);
        assert_eq!(client.get("/home").status, 200);
        assert_eq!(client.post("/logout", &json!({})).status, 200);
        assert_eq!(client.get("/me").code(), "login.not_signed_in");
    });
}

#[test]
fn wrong_passwords_lock_for_a_while_and_tell_nothing() {
    on_each_engine(|store| {
        let world = World::new(store);
        let mut conn = store.connect().unwrap();
        world.person("S-agent");
        let work = super::world::work("system");
        let right = login_reset(&mut conn, &work, "S-agent", jiff::civil::date(2026, 3, 20)).unwrap();
        let login = |password: &str| {
            world.nobody().post("/login", &json!({ "name": "S-agent", "password": password }))
        };
        let unknown = world.nobody().post("/login", &json!({ "name": "S-nobody", "password": "x" }));
        for _ in 0..5 {
            let answer = login("wrong");
            assert_eq!((answer.status, answer.body.clone()), (401, unknown.body.clone()));
        }
        assert_eq!(login(&right).code(), "login.locked", "the right password does not open a locked login");
        world.wait(16);
        assert_eq!(login(&right).status, 200);
        for _ in 0..30 {
            login("x");
        }
        assert_eq!(login(&right).code(), "request.too_often", "one address does not ask without end");
    });
}

#[test]
fn sessions_end_and_unsafe_requests_repeat_the_secret() {
    on_each_engine(|store| {
        let world = World::new(store);
        let client = world.person("S-cashier");
        assert_eq!(client.get("/me").status, 200);
        for bad in [client.clone().without("x-csrf-token"), client.clone().with("x-csrf-token", "0")] {
            let answer = bad.post("/logout", &json!({}));
            assert_eq!((answer.status, answer.code().as_str()), (403, "access.csrf"));
        }
        world.wait(29);
        assert_eq!(client.get("/me").status, 200, "used in time");
        world.wait(29);
        assert_eq!(client.get("/me").status, 200, "and again");
        world.wait(31);
        assert_eq!(client.get("/me").code(), "login.not_signed_in", "idle");
        let client = world.person("S-cashier");
        for _ in 0..25 {
            world.wait(29);
            client.get("/me");
        }
        assert_eq!(client.get("/me").code(), "login.not_signed_in", "older than twelve hours");
    });
}

#[test]
fn an_administrator_keeps_logins_and_tokens() {
    on_each_engine(|store| {
        let world = World::new(store);
        let admin = world.person("admin");
        let made = admin.post("/people", &json!({ "name": "S-reader" }));
        assert_eq!(made.status, 200, "{made:?}");
        assert_eq!(admin.post("/people", &json!({ "name": "S-reader" })).code(), "login.exists");
        assert_eq!(admin.post("/people", &json!({ "name": "S-gone" })).code(), "login.not_on_staff");
        assert_eq!(admin.post("/people/admin/disable", &json!({})).code(), "login.last_administrator");
        let people = admin.get("/people").json();
        let reader =
            people["people"].as_array().unwrap().iter().find(|p| p["name"] == "S-reader").unwrap().clone();
        assert_eq!((reader["roles"].clone(), reader["org"].clone()), (json!(["reader"]), json!("PT")));

        world.person("S-cashier");
        let order = json!({ "name": "S-cashier", "purpose": "银行前置", "permissions": ["see_accounts"], "until_on": "2026-12-31" });
        let token = admin.post("/tokens", &order).json();
        let bank =
            world.nobody().with("authorization", &format!("Bearer {}", token["token"].as_str().unwrap()));
        assert_eq!(bank.get("/accounts/A1").status, 200);
        assert_eq!(bank.get("/accounts/A3").code(), "access.foreign_account");
        let payment = json!({ "amount": "1.00", "channel": "cash" });
        let answer = bank.clone().with("idempotency-key", "k").post("/accounts/A1/payments", &payment);
        assert_eq!(answer.code(), "access.not_permitted", "a token does not do more than it was given");
        assert!(!admin.get("/tokens").body.contains(token["token"].as_str().unwrap()));
        let path = format!("/api/v1/tokens/{}", token["token_no"]);
        assert_eq!(admin.send(Method::DELETE, &path, None).status, 200);
        assert_eq!(bank.get("/accounts/A1").code(), "login.not_signed_in");
        assert_eq!(admin.post("/people/S-cashier/disable", &json!({})).status, 200);
    });
}

#[test]
fn an_edit_names_the_state_that_was_seen() {
    on_each_engine(|store| {
        let world = World::new(store);
        let admin = world.person("admin");
        world.person("S-cashier");
        let path = "/api/v1/people/S-cashier";
        let seen = admin.send(Method::GET, path, None);
        let tag = seen.header("etag").expect("a tag").to_owned();
        let shut = || Some(json!({ "administrator": false, "disabled": true }).to_string());
        let bare = admin.send(Method::PUT, path, shut());
        assert_eq!((bare.status, bare.code().as_str()), (428, "edit.missing_if_match"));
        let edited = admin.clone().with("if-match", &tag).send(Method::PUT, path, shut());
        assert_eq!((edited.status, edited.json()["disabled_on"].as_str()), (200, Some("2026-03-20")));
        let stale = admin.clone().with("if-match", &tag).send(Method::PUT, path, shut());
        assert_eq!((stale.status, stale.code().as_str()), (412, "edit.stale"));
        let fresh = admin.send(Method::GET, path, None);
        assert_eq!(fresh.header("etag"), edited.header("etag"), "the edit tells the tag of what stands now");
        let open = Some(json!({ "administrator": false, "disabled": false }).to_string());
        let again = admin.clone().with("if-match", fresh.header("etag").unwrap());
        assert_eq!(again.send(Method::PUT, path, open).status, 200);
        assert_eq!(admin.send(Method::GET, path, None).header("etag"), Some(tag.as_str()));
        let last = admin.clone().with("if-match", "*").send(Method::PUT, "/api/v1/people/admin", shut());
        assert_eq!(last.code(), "login.last_administrator");
        let nobody = admin.clone().with("if-match", "*").send(Method::PUT, "/api/v1/people/nobody", shut());
        assert_eq!((nobody.status, nobody.code().as_str()), (404, "login.unknown"));
    });
}

/// Two who edit the same thing at once: one of them is told that it has changed.
#[test]
fn of_two_edits_at_once_one_is_stale() {
    on_each_engine(|store| {
        let world = World::new(store);
        let admin = world.person("admin");
        world.person("S-cashier");
        let tag = admin.get("/people/S-cashier").header("etag").unwrap().to_owned();
        let body = json!({ "administrator": false, "disabled": true });
        let editor = admin.with("if-match", &tag);
        let answers = editor.send_at_once(8, &Method::PUT, "/people/S-cashier", &body);
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        let stale = answers.iter().filter(|answer| answer.status == 412).count();
        assert_eq!((done, stale), (1, 7));
    });
}

/// Says that everybody is who his code names.
struct Gullible;

impl IdentityProvider for Gullible {
    fn called(&self) -> String {
        "单点登录".to_owned()
    }
    fn begin(&self) -> Result<Departure, PortError> {
        Ok(Departure {
            url: "https://id.example/".to_owned(),
            state: "s".to_owned(),
            nonce: "n".to_owned(),
            verifier: "v".to_owned(),
        })
    }
    fn finish(&self, code: &str, nonce: &str, verifier: &str) -> Result<String, PortError> {
        assert_eq!((nonce, verifier), ("n", "v"), "what was kept is what was given");
        if code == "broken" { Err(PortError::Never("bad code".to_owned())) } else { Ok(code.to_owned()) }
    }
}

#[test]
fn the_provider_says_who_it_is_and_the_house_what_he_may_do() {
    on_each_engine(|store| {
        let mut world = World::new(store);
        let nobody = world.nobody();
        assert_eq!(nobody.get("/login/ways").json()["sso"], serde_json::Value::Null);
        assert_eq!(nobody.post("/login/sso", &json!({})).code(), "login.no_provider");
        world.reach(Ports { identity: Some(Arc::new(Gullible)), ..Ports::default() });
        let mut conn = store.connect().unwrap();
        let work = super::world::work("system");
        let on = jiff::civil::date(2026, 3, 20);
        let first = login_add(&mut conn, &work, "S-cashier", false, on).unwrap();
        login_add(&mut conn, &work, "S-agent", false, on).unwrap();
        denghuo_office::access::login_disable(&mut conn, &work, "S-agent", on).unwrap();
        let back = |code: &str, minutes: i64| {
            let away = world.nobody().post("/login/sso", &json!({}));
            assert_eq!(away.json()["url"], "https://id.example/");
            world.wait(minutes);
            let client = world.nobody().with("cookie", &cookie_of(&away));
            client.post("/login/sso/back", &json!({ "state": "s", "code": code }))
        };
        for (code, minutes, refused) in [
            ("broken", 0, "login.provider_failed"),
            ("S-nobody", 0, "login.no_login_for"),
            ("S-agent", 0, "login.no_login_for"),
            ("S-cashier", 11, "login.not_awaited"),
        ] {
            assert_eq!(back(code, minutes).code(), refused, "{code}");
        }
        let answer = back("S-cashier", 9);
        assert_eq!((answer.status, &answer.json()["must_change"]), (200, &json!(false)), "{answer:?}");
        let cookie = answer.headers.iter().find(|(_, value)| value.starts_with("denghuo_session="));
        let cookie = cookie.expect("a session").1.split(';').next().unwrap().to_owned();
        assert_eq!(world.nobody().with("cookie", &cookie).get("/me").json()["name"], "S-cashier");
        let by_password = json!({ "name": "S-cashier", "password": first });
        let told = world.nobody().post("/login", &by_password);
        assert_eq!(told.code(), "login.wrong", "the first password that was never changed is good no more");
    });
}
