//! Addresses, waits, and a receiver that fails.

use super::*;
use denghuo_rules::rulebook::{Rulebook, Selector};
use denghuo_store::testing::on_each_engine;
use jiff::civil::date;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

#[test]
fn addresses() {
    let target = |host: &str, port| Some(Target { host: host.to_owned(), port });
    for (url, expected) in [
        ("https://example.com/hook?a=1", target("example.com", 443)),
        ("http://Example.com:8080", target("example.com", 8080)),
        ("http://[::1]:9/x", target("::1", 9)),
        ("http://10.0.0.1", target("10.0.0.1", 80)),
        ("ftp://example.com", None),
        ("file:///etc/passwd", None),
        ("http://user@example.com", None),
        ("http://example.com:0", None),
        ("http://exa mple.com", None),
        ("http://example.com\r\nX: y", None),
        ("http://", None),
        ("http://a\\@b", None),
    ] {
        assert_eq!(target_of(url).ok(), expected, "{url}");
    }
}

#[test]
fn only_the_public_network_is_public() {
    let inside = [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "::ffff:127.0.0.1",
        "2001:db8::1",
        "2002:7f00:1::",
        "ff02::1",
        "64:ff9b::7f00:1",
    ];
    for text in inside {
        assert!(!is_public(text.parse().unwrap()), "{text}");
    }
    for text in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2400:3200::1", "::ffff:8.8.8.8"] {
        assert!(is_public(text.parse().unwrap()), "{text}");
    }
}

#[test]
fn waits_grow_to_six_hours() {
    let seconds: Vec<i64> = (1..=7).map(|n| send::wait_after(n) / 1_000).collect();
    assert_eq!(seconds, [30, 120, 480, 1_920, 7_680, 21_600, 21_600]);
}

/// Keeps what it was told; fails as often as it was told to.
struct Receiver {
    clock: AtomicI64,
    fails: AtomicI64,
    got: Mutex<Vec<(String, String, bool)>>,
}

impl HookPort for Receiver {
    fn post(&self, request: &Posted<'_>) -> Result<u16, String> {
        let header = |name: &str| request.headers.iter().find(|(known, _)| *known == name).unwrap().1.clone();
        let signed =
            crate::notices::outbox::sign(b"s3cret", &header("X-Denghuo-Timestamp"), request.body.as_bytes());
        let body: Value = serde_json::from_str(request.body).unwrap();
        let is_right = signed == header("X-Denghuo-Signature");
        self.got.lock().unwrap().push((
            request.url.to_owned(),
            body["key"].as_str().unwrap().to_owned(),
            is_right,
        ));
        if self.fails.fetch_sub(1, Ordering::Relaxed) > 0 { Err("no answer".to_owned()) } else { Ok(204) }
    }
    fn secret(&self, name: &str) -> Option<String> {
        (name == "DENGHUO_WEBHOOK_ONE").then(|| "s3cret".to_owned())
    }
    fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }
}

fn fact(no: i64, event: HookEvent) -> HookFact {
    HookFact { account_id: 7, event, no, happened_on: date(2026, 3, 5), data: json!({ "amount": "1.00" }) }
}

#[test]
fn an_event_is_sent_until_it_is_taken_over() {
    on_each_engine(|store| {
        let book = Rulebook::embedded();
        let work = Work { book: &book, site: Selector::default(), by: "admin".to_owned(), now: 1_000_000 };
        let mut conn = store.connect().unwrap();
        let on = date(2026, 3, 5);
        let wish = |events: &[&str], url: &str| HookWish {
            url: url.to_owned(),
            events: events.iter().map(|word| (*word).to_owned()).collect(),
            purpose: String::new(),
            live: true,
        };
        let refused = |conn: &mut Conn, wish: HookWish, variable: Option<&str>| {
            webhook_add(conn, &work, &wish, variable, on).unwrap_err().code().unwrap()
        };
        assert_eq!(refused(&mut conn, wish(&["x"], "http://a.b"), None), "webhook.bad_event");
        assert_eq!(refused(&mut conn, wish(&[], "http://a.b"), None), "webhook.no_event");
        assert_eq!(refused(&mut conn, wish(&["bill.released"], "gopher://a"), None), "webhook.bad_address");
        assert_eq!(
            refused(&mut conn, wish(&["bill.released"], "http://a.b"), Some("PATH")),
            "webhook.bad_variable"
        );
        let one = wish(&["payment.posted", "bill.released"], "https://one.example/x");
        let (no, told) = webhook_add(&mut conn, &work, &one, Some("DENGHUO_WEBHOOK_ONE"), on).unwrap();
        assert_eq!((no, told), (1, None));
        let (_, told) =
            webhook_add(&mut conn, &work, &wish(&["cut.executed"], "https://two.example"), None, on).unwrap();
        assert_eq!(told.unwrap().len(), 64);

        tell(&mut conn, &work, &[fact(1, HookEvent::PaymentPosted), fact(2, HookEvent::PowerRestored)])
            .unwrap();
        let port = Receiver {
            clock: AtomicI64::new(1_000_000),
            fails: AtomicI64::new(2),
            got: Mutex::new(Vec::new()),
        };
        assert_eq!(send_due(&mut conn, &port).unwrap(), Sent { failed: 1, ..Sent::default() });
        assert_eq!(send_due(&mut conn, &port).unwrap(), Sent::default(), "not before its time");
        port.clock.fetch_add(30_000, Ordering::Relaxed);
        assert_eq!(send_due(&mut conn, &port).unwrap(), Sent { failed: 1, ..Sent::default() });
        port.clock.fetch_add(120_000, Ordering::Relaxed);
        assert_eq!(send_due(&mut conn, &port).unwrap(), Sent { sent: 1, ..Sent::default() });
        port.clock.fetch_add(10_000_000, Ordering::Relaxed);
        assert_eq!(send_due(&mut conn, &port).unwrap(), Sent::default(), "once");
        let got = port.got.lock().unwrap().clone();
        let all = ("https://one.example/x".to_owned(), ":payment.posted:1".to_owned(), true);
        assert_eq!(got, [all.clone(), all.clone(), all]);
        let tried = denghuo_store::webhooks::attempts(&mut conn, 1, 7, "payment.posted:1").unwrap();
        let outcome: Vec<_> = tried.iter().map(|a| (a.attempt_no, a.status, a.failure.as_deref())).collect();
        assert_eq!(outcome, [(1, 0, Some("no answer")), (2, 0, Some("no answer")), (3, 204, None)]);

        webhook_replay(&mut conn, &Work { now: port.now(), ..work.clone() }, 1, (7, "payment.posted:1"))
            .unwrap();
        assert_eq!(send_due(&mut conn, &port).unwrap().sent, 1, "by hand once more");
        assert!(webhook_replay(&mut conn, &work, 1, (7, "payment.posted:9")).is_err());
    });
}

#[test]
fn an_endpoint_that_never_answers_is_left_alone() {
    on_each_engine(|store| {
        let book = Rulebook::embedded();
        let work = Work { book: &book, site: Selector::default(), by: "admin".to_owned(), now: 1_000_000 };
        let mut conn = store.connect().unwrap();
        let on = date(2026, 3, 5);
        let wish = HookWish {
            url: "https://one.example".to_owned(),
            events: vec!["bill.released".to_owned()],
            purpose: String::new(),
            live: true,
        };
        webhook_add(&mut conn, &work, &wish, Some("DENGHUO_WEBHOOK_ONE"), on).unwrap();
        let facts: Vec<HookFact> = (1..=10).map(|no| fact(no, HookEvent::BillReleased)).collect();
        tell(&mut conn, &work, &facts).unwrap();
        let port = Receiver {
            clock: AtomicI64::new(1_000_000),
            fails: AtomicI64::new(i64::MAX),
            got: Mutex::new(Vec::new()),
        };
        for _ in 0..60 {
            send_due(&mut conn, &port).unwrap();
            port.clock.fetch_add(6 * 60 * 60 * 1_000, Ordering::Relaxed);
        }
        assert_eq!(webhook(&mut conn, 1).unwrap().state, "broken");
        assert_eq!(port.got.lock().unwrap().len(), 40, "forty failures in a row, and no more");
        port.fails.store(0, Ordering::Relaxed);
        webhook_edit(&mut conn, &work, 1, &wish).unwrap();
        let sent = send_due(&mut conn, &port).unwrap();
        assert!(sent.sent >= 6, "what was not given up is sent when it lives again: {sent:?}");
    });
}
