//! Hostile requests: what a stranger, a colleague with bad intentions, or a broken program may send. The findings are told in
//! `docs/security.md`.

use super::world::{Answer, World};
use axum::http::Method;
use denghuo_rules::access::{Role, may};
use denghuo_server::{Access, endpoints};
use denghuo_store::testing::{contents, on_each_engine, sqlite};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

const INJECTIONS: &[&str] = &[
    "' OR '1'='1",
    "1; DROP TABLE login; --",
    "') UNION SELECT name, password_hash FROM login --",
    "\" OR \"\"=\"",
    "%27%3B",
    "$1",
    "\\",
    "a%' ESCAPE '",
];

/// `text` as it may stand in a query.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        if byte.is_ascii_alphanumeric() {
            all.push(char::from(byte));
        } else {
            all.push_str(&format!("%{byte:02X}"));
        }
        all
    })
}

fn is_answer(answer: &Answer, what: &str) {
    assert!(answer.status < 500, "{what}: {answer:?}");
    for leak in ["argon2", "SQLITE", "syntax error", "postgres", "panicked"] {
        assert!(!answer.body.contains(leak), "{what} tells {leak}: {answer:?}");
    }
}

/// Every parameter of every reading operation takes every injection: no failure of the machine, no table gone, nothing told.
#[test]
fn sql_stands_in_no_parameter() {
    on_each_engine(|store| {
        let world = World::new(store);
        let people = [
            (Role::Manager, "S-company"),
            (Role::Administrator, "admin"),
            (Role::Verifier, "S-verifier"),
            (Role::Reader, "S-reader"),
            (Role::Cashier, "S-cashier"),
            (Role::Accountant, "S-accountant"),
            (Role::Collector, "S-collector"),
            (Role::Legal, "S-legal"),
        ];
        let document = denghuo_server::document();
        let tables = || contents(&mut store.connect().expect("a connection")).expect("tables");
        // The first sign-in of each is no answer to a request.
        for (_, name) in &people {
            world.person(name);
        }
        let before = tables();
        for endpoint in endpoints() {
            let facts = &endpoint.facts;
            if facts.method != Method::GET || matches!(facts.access, Access::Open | Access::Customer) {
                continue;
            }
            let may_call = |role: Role| match facts.access {
                Access::Needs(permission) => may(role, permission),
                Access::Open | Access::Signed | Access::Customer => true,
            };
            let Some((_, person)) = people.iter().find(|(role, _)| may_call(*role)) else {
                panic!("say who may call {}", facts.path)
            };
            // Nobody is told that he asks too often, or that his session has ended.
            world.wait(1);
            let person = world.person(person);
            let path = facts.path.replace("{account_no}", "A1");
            let operation = &document["paths"][format!("/api/v1{}", facts.path)]["get"];
            let names = operation["parameters"].as_array().expect("parameters").iter();
            let query: Vec<&str> =
                names.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str()).collect();
            for text in INJECTIONS {
                let text = encoded(text);
                let mut path = path.clone();
                while let Some(begin) = path.find('{') {
                    let end = path[begin..].find('}').expect("a parameter") + begin;
                    path.replace_range(begin..=end, &text);
                }
                for name in query.iter().chain(&["unknown"]) {
                    let asked = format!("{path}?{name}={text}");
                    let answer = person.get(&asked);
                    is_answer(&answer, &asked);
                    // Another cashier's day is not his to see: that is an answer too.
                    let is_his = facts.path != "/day-closes/preview";
                    assert!(!matches!(answer.status, 401 | 429), "{asked}: {answer:?}");
                    assert!(answer.status != 403 || !is_his, "{asked}: {answer:?}");
                }
            }
        }
        let after = tables();
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        for table in ["login", "payment", "bill", "account", "entry", "receivable"] {
            assert_eq!(before[table], after[table], "{table}");
        }
    });
}

/// The same for who is not signed in: signing in by password, by the identity provider, and as a customer.
#[test]
fn sql_stands_in_no_body_of_a_stranger() {
    on_each_engine(|store| {
        let world = World::new(store);
        let tables = || contents(&mut store.connect().expect("a connection")).expect("tables");
        world.person("admin");
        let before = tables();
        for text in INJECTIONS {
            let asked = [
                ("/login", json!({ "name": text, "password": text })),
                ("/login/sso", json!({})),
                ("/login/sso/back", json!({ "state": text, "code": text })),
                ("/customer/code", json!({ "account_no": text })),
                ("/customer/login", json!({ "account_no": text, "code": text })),
            ];
            for (path, body) in asked {
                world.wait(1);
                let answer = world.nobody().post(path, &body);
                is_answer(&answer, &format!("{path} {body}"));
                assert!(answer.status >= 400 || path == "/customer/code", "{path} {body}: {answer:?}");
            }
        }
        let after = tables();
        for table in ["login", "session", "customer_session", "account", "contact"] {
            assert_eq!(before.get(table), after.get(table), "{table}");
        }
    });
}

/// A script that somebody stored comes back as the data that it is: JSON that says so, a CSV cell that no spreadsheet runs.
#[test]
fn stored_scripts_stay_data() {
    let store = sqlite().expect("a database");
    let world = World::new(&store.store);
    let admin = world.person("admin");
    let script = "<script>alert(1)</script>=cmd|'/c calc'!A0";
    let hook = json!({ "url": "https://a.example", "events": ["bill.released"], "purpose": script });
    assert_eq!(admin.post("/webhooks", &json!({ "hook": hook })).status, 200);
    let formula = json!({ "url": "https://b.example", "events": ["bill.released"], "purpose": "=HYPERLINK(\"http://x\")" });
    assert_eq!(admin.post("/webhooks", &json!({ "hook": formula })).status, 200);
    let list = admin.get("/webhooks");
    assert_eq!(list.header("content-type"), Some("application/json"));
    assert_eq!(list.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(list.json()["items"][0]["purpose"], script);
    let csv = admin.get("/webhooks?format=csv").body;
    assert!(csv.contains("'=HYPERLINK"), "{csv}");
    for path in ["/%3Cscript%3E", "/accounts/%3Cscript%3Ealert(1)%3C/script%3E", "/x.js%3Cscript%3E"] {
        let page = world.nobody().send(Method::GET, path, None);
        assert!(!page.body.contains("<script>alert"), "{path}: {page:?}");
        let csp = page.header("content-security-policy").expect("a policy");
        assert!(csp.contains("default-src 'self'") && !csp.contains("script-src 'unsafe"), "{csp}");
    }
    let problem = admin.get("/rules/%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
}

/// Neither a form of another site nor a picture of it can act for somebody who is signed in.
#[test]
fn another_site_cannot_act() {
    let store = sqlite().expect("a database");
    let world = World::new(&store.store);
    let cashier = world.person("S-cashier").with("idempotency-key", "k");
    let payment = json!({ "amount": "1.00", "channel": "cash" });
    let path = "/accounts/A1/payments";
    for forged in [
        cashier.clone().without("x-csrf-token"),
        cashier.clone().with("x-csrf-token", ""),
        cashier.clone().with("x-csrf-token", "0".repeat(64).as_str()),
    ] {
        let answer = forged.with("origin", "https://evil.example").post(path, &payment);
        assert_eq!((answer.status, answer.code().as_str()), (403, "access.csrf"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
    ] {
        assert_eq!(cashier.clone().with("content-type", kind).post(path, &payment).status, 415, "{kind}");
    }
    assert_eq!(cashier.get(path).json()["items"], json!([]), "nothing was done");
    let preflight =
        cashier.with("origin", "https://evil.example").send(Method::OPTIONS, &format!("/api/v1{path}"), None);
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (405, None));
}

/// Paths of files lead nowhere but to the console's own files and to proofs by their number.
#[test]
fn no_path_leads_out() {
    let store = sqlite().expect("a database");
    let world = World::new(&store.store);
    for path in [
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/assets/../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/.git/config",
        "/%00.js",
        "/....//....//etc/passwd",
        "/assets/..%5c..%5cwin.ini",
        "//etc/passwd.txt",
    ] {
        let answer = world.nobody().send(Method::GET, path, None);
        assert!(
            answer.status < 500 && !answer.body.contains("root:") && !answer.body.contains("[core]"),
            "{path}"
        );
    }
    let collector = world.person("S-collector");
    for number in ["..%2f1", "1%2f..%2f..", "-1", "9223372036854775807", "9223372036854775808", "1%00"] {
        let answer = collector.get(&format!("/accounts/A1/evidence/{number}/file"));
        assert!(matches!(answer.status, 404 | 422), "{number}: {answer:?}");
    }
    for path in ["../../etc/passwd", "/etc/passwd", "site/../../x.toml"] {
        let answer = world.person("admin").get(&format!("/rule-file?path={}", encoded(path)));
        assert_eq!(answer.code(), "rule.unknown_file", "{path}");
    }
}

/// A name of a file cannot add a header to an answer.
#[test]
fn a_file_name_is_no_header() {
    let store = sqlite().expect("a database");
    let world = World::new(&store.store);
    let pdf = world.person("S-collector").with("content-type", "application/pdf");
    let name = encoded("x\r\nSet-Cookie: a=b\"; filename=y.exe\u{0}.pdf");
    let path = format!(
        "/api/v1/accounts/A1/evidence?subject=notice:1&kind=photo&happened_at=2026-03-18T10:30:00&file_name={name}"
    );
    let kept = pdf.send(Method::POST, &path, Some("%PDF-1.7 a proof".to_owned()));
    assert!(kept.status < 500, "{kept:?}");
    if kept.status == 200 {
        let file = pdf.get(&format!("/accounts/A1/evidence/{}/file", kept.json()["evidence_no"]));
        assert_eq!(file.header("set-cookie"), None);
        let disposition = file.header("content-disposition").expect("a disposition");
        assert!(
            !disposition.contains(['\r', '\n']) && disposition.matches('"').count() == 2,
            "{disposition}"
        );
    }
}

/// A server on a port of its own, for what has to be sent byte by byte.
fn listening(world: &World) -> (SocketAddr, tokio::sync::oneshot::Sender<()>, std::thread::JoinHandle<()>) {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (tell, told) = std::sync::mpsc::channel();
    let app = world.app.clone();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address")).expect("somebody who waits");
            denghuo_server::serve(app, listener, async {
                let _ = stopped.await;
            })
            .await
            .expect("a service");
        });
    });
    (told.recv().expect("an address"), stop, thread)
}

fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(40))).expect("a timeout");
    stream.write_all(bytes).expect("sent");
    let mut answer = Vec::new();
    // A connection that is cut off has answered what it wanted to.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Requests that two programs read differently are refused, or read in one way: the second request hidden in the first is never answered.
#[test]
fn requests_are_read_in_one_way() {
    let store = sqlite().expect("a database");
    let world = World::new(&store.store);
    let (address, stop, thread) = listening(&world);
    let hidden = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for (what, head) in [
        ("both lengths", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n"),
        ("two lengths", "Content-Length: 0\r\nContent-Length: 60\r\n"),
        ("a bad length", "Content-Length: +5\r\n"),
        ("an unknown coding", "Transfer-Encoding: xchunked\r\n"),
        ("a space before the colon", "Content-Length : 5\r\n"),
    ] {
        let body = "0\r\n\r\n";
        let answer = raw(
            address,
            format!("POST /api/v1/login HTTP/1.1\r\nHost: a\r\n{head}\r\n{body}{hidden}").as_bytes(),
        );
        let answers = answer.matches("HTTP/1.1 ").count();
        assert!(answers <= 2, "{what}: {answer}");
        if what != "both lengths" {
            assert!(answer.starts_with("HTTP/1.1 400"), "{what}: {answer}");
            assert_eq!(answers, 1, "{what}: {answer}");
        }
    }
    let folded = raw(address, b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c: d\r\n\r\n");
    assert!(folded.starts_with("HTTP/1.1 400"), "{folded}");
    let nothing = raw(address, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    assert!(nothing.is_empty() || nothing.starts_with("HTTP/1.1 400"), "{nothing}");
    let many = format!("GET /healthz HTTP/1.1\r\nHost: a\r\n{}\r\n", "X-A: b\r\n".repeat(500));
    let many = raw(address, many.as_bytes());
    assert!(many.starts_with("HTTP/1.1 431") || many.starts_with("HTTP/1.1 400"), "{many}");
    stop.send(()).expect("a service");
    thread.join().expect("an end");
}

/// Who sends a head or a body drop by drop is cut off, and others are served meanwhile.
#[test]
fn slow_clients_hold_nothing_up() {
    let store = sqlite().expect("a database");
    let world = World::new(&store.store);
    let (address, stop, thread) = listening(&world);
    let slow: Vec<TcpStream> = (0..200)
        .map(|n| {
            let mut stream = TcpStream::connect(address).expect("a connection");
            let head = if n % 2 == 0 {
                "GET /healthz HTTP/1.1\r\nHost: a\r\nX-".to_owned()
            } else {
                "POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"
                    .to_owned()
            };
            stream.write_all(head.as_bytes()).expect("sent");
            stream
        })
        .collect();
    let began = Instant::now();
    let well = raw(address, b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(well.starts_with("HTTP/1.1 200"), "{well}");
    assert!(began.elapsed() < Duration::from_secs(5), "others wait for the slow ones: {:?}", began.elapsed());
    let mut head = slow[0].try_clone().expect("a connection");
    head.set_read_timeout(Some(Duration::from_secs(40))).expect("a timeout");
    let mut rest = Vec::new();
    let ended = head.read_to_end(&mut rest);
    assert!(ended.is_ok() || began.elapsed() < Duration::from_secs(39), "a slow head is cut off");
    drop(slow);
    stop.send(()).expect("a service");
    thread.join().expect("an end");
}

#[test]
fn sizes_are_bounded() {
    let store = sqlite().expect("a database");
    let world = World::new(&store.store);
    let cashier = world.person("S-cashier").with("idempotency-key", "k");
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(4_990));
    for (body, status) in
        [("x".repeat(400_000), 413), (deep, 422), (format!("{{\"amount\":\"{}\"}}", "9".repeat(5_000)), 422)]
    {
        let answer = cashier.send(Method::POST, "/api/v1/accounts/A1/payments", Some(body));
        assert_eq!(answer.status, status, "{answer:?}");
    }
    let long = cashier.get(&format!("/accounts?q={}", "a".repeat(5_000)));
    assert_eq!((long.status, long.code().as_str()), (422, "request.q"));
    let key = cashier.clone().with("idempotency-key", &"k".repeat(500));
    assert_eq!(
        key.post("/accounts/A1/payments", &json!({ "amount": "1.00", "channel": "cash" })).status,
        422
    );
}
