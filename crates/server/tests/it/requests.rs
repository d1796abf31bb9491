//! Requests that are repeated, broken, too large or of a wrong kind.

use super::world::World;
use axum::http::Method;
use denghuo_store::testing::on_each_engine;
use serde_json::json;

#[test]
fn the_same_key_does_it_once() {
    on_each_engine(|store| {
        let world = World::new(store);
        let cashier = world.person("S-cashier");
        let payment = json!({ "amount": "20.00", "channel": "cash" });
        assert_eq!(cashier.post("/accounts/A1/payments", &payment).code(), "idempotency.missing_key");
        let keyed = cashier.clone().with("idempotency-key", "k1");
        let first = keyed.post("/accounts/A1/payments", &payment);
        assert_eq!(first.status, 200, "{first:?}");
        let again = keyed.post("/accounts/A1/payments", &payment);
        assert_eq!((again.status, &again.body), (200, &first.body));
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        let other = keyed.post("/accounts/A1/payments", &json!({ "amount": "21.00", "channel": "cash" }));
        assert_eq!((other.status, other.code().as_str()), (422, "idempotency.other_body"));
        let elsewhere = keyed.post("/accounts/A2/payments", &payment);
        assert_eq!(elsewhere.code(), "idempotency.other_body");
        assert_eq!(cashier.get("/accounts/A1/payments").json()["items"].as_array().unwrap().len(), 1);
        let refused = cashier.clone().with("idempotency-key", "k2");
        for _ in 0..2 {
            let answer =
                refused.post("/accounts/A1/payments", &json!({ "amount": "-1.00", "channel": "cash" }));
            assert_eq!(answer.status, 409, "a refusal is not kept: {answer:?}");
        }
        assert_eq!(refused.post("/accounts/A1/payments", &payment).status, 200);
    });
}

#[test]
fn the_same_key_many_times_at_once_does_it_once() {
    on_each_engine(|store| {
        let world = World::new(store);
        let cashier = world.person("S-cashier").with("idempotency-key", "k1");
        let payment = json!({ "amount": "20.00", "channel": "cash" });
        let answers = cashier.post_at_once(12, "/accounts/A1/payments", &payment);
        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (200, &answers[0].body));
        }
        let replayed = answers.iter().filter(|answer| answer.header("idempotent-replayed").is_some()).count();
        assert_eq!(replayed, 11);
        assert_eq!(cashier.get("/accounts/A1/payments").json()["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn broken_requests_are_told_in_words() {
    let store = denghuo_store::testing::sqlite().unwrap();
    let world = World::new(&store.store);
    let cashier = world.person("S-cashier").with("idempotency-key", "k");
    let payments = "/api/v1/accounts/A1/payments";
    let send = |client: &super::world::Client<'_>, body: &str| {
        client.send(Method::POST, payments, Some(body.to_owned()))
    };
    let told = |answer: &super::world::Answer| (answer.status, answer.code());
    for (body, code) in [
        ("{", "request.body"),
        ("[]", "request.body"),
        ("{\"amount\":1.5}", "request.body"),
        ("null", "request.body"),
        ("", "request.body"),
    ] {
        assert_eq!(told(&send(&cashier, body)), (422, code.to_owned()), "{body}");
    }
    let form = cashier.clone().with("content-type", "application/x-www-form-urlencoded");
    assert_eq!(told(&send(&form, "amount=1")), (415, "request.media_type".to_owned()));
    let large = format!("{{\"amount\":\"{}\"}}", "1".repeat(300_000));
    assert_eq!(told(&send(&cashier, &large)), (413, "request.too_large".to_owned()));
    let get = |path: &str| cashier.get(path);
    assert_eq!(told(&get("/accounts/A1/bills/x")), (422, "request.path".to_owned()));
    assert_eq!(told(&get("/accounts/A1/bills/99")), (404, "bill.unknown".to_owned()));
    assert_eq!(told(&get("/accounts/A9")), (404, "account.unknown".to_owned()));
    assert_eq!(told(&get("/accounts/A1/bills?limit=0")), (422, "request.limit".to_owned()));
    assert_eq!(told(&get("/accounts/A1/bills?limit=x")), (422, "request.query".to_owned()));
    assert_eq!(told(&get("/accounts/A1/bills?cursor=zz")), (422, "request.cursor".to_owned()));
    assert_eq!(told(&get("/accounts")), (422, "request.query".to_owned()));
    assert_eq!(told(&get("/nowhere")), (404, "request.not_found".to_owned()));
    assert_eq!(told(&cashier.send(Method::PUT, "/api/v1/home", None)), (405, "request.method".to_owned()));
}

#[test]
fn every_answer_protects_the_browser() {
    let store = denghuo_store::testing::sqlite().unwrap();
    let world = World::new(&store.store);
    for path in [
        "/",
        "/accounts/A1",
        "/api/v1/me",
        "/api/docs",
        "/api/v1/openapi.json",
        "/healthz",
        "/../../etc/passwd",
        "/a.b",
    ] {
        let answer = world.nobody().send(Method::GET, path, None);
        assert!(
            answer.header("content-security-policy").is_some_and(|csp| csp.starts_with("default-src 'self'"))
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert!(!answer.body.contains("root:"), "{path}");
    }
    let metrics = world.nobody().send(Method::GET, "/metrics", None);
    assert!(metrics.body.contains("route=\"/healthz\",method=\"GET\",status=\"200\""), "{}", metrics.body);
}

#[test]
fn a_proof_is_handed_in_with_its_file_and_read_again() {
    on_each_engine(|store| {
        let world = World::new(store);
        let collector = world.person("S-collector").with("content-type", "image/jpeg");
        let path = "/api/v1/accounts/A1/evidence?subject=notice:1&kind=photo&happened_at=2026-03-18T10:30:00&file_name=door.jpg";
        let picture = || Some("\u{fffd}".to_owned());
        let wrong = collector.send(Method::POST, path, picture());
        assert_eq!((wrong.status, wrong.code().as_str()), (409, "evidence.not_its_type"));
        let pdf = collector.clone().with("content-type", "application/pdf");
        for _ in 0..2 {
            let kept = pdf.send(Method::POST, path, Some("%PDF-1.7 a proof".to_owned()));
            assert_eq!((kept.status, kept.body.as_str()), (200, "{\"evidence_no\":1}"));
        }
        let list = collector.get("/accounts/A1/evidence").json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(list["items"][0]["file_name"], "door.jpg");
        let file = collector.get("/accounts/A1/evidence/1/file");
        assert_eq!(
            (file.body.as_str(), file.header("content-type")),
            ("%PDF-1.7 a proof", Some("application/pdf"))
        );
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"door.jpg\""));
        assert_eq!(denghuo_store::audit::looks(&mut store.connect().unwrap(), 1).unwrap().len(), 1);
        let foreign = pdf.send(Method::POST, &path.replace("A1", "A3"), Some("%PDF-1.7".to_owned()));
        assert_eq!(foreign.code(), "access.foreign_account");
    });
}
