//! E-bills by a real SMTP server.

use super::relay::Relay;
use super::{on_each, queue, states};
use crate::site::Site;
use std::collections::BTreeMap;
use std::process::Stdio;

const BILLS: i64 = 60;
const MORNING: &str = "2026-09-01T09:00";
/// After every pause and every doubt of that morning.
const LATER: [&str; 6] = [
    "2026-09-01T09:31",
    "2026-09-01T10:31",
    "2026-09-01T13:00",
    "2026-09-01T14:00",
    "2026-09-01T18:00",
    "2026-09-02T08:30",
];

fn send<'a>(at: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let always = &["notices", "send", "--config", "site.toml", "--take-over", "--json", "--at", at];
    [always, more].concat()
}

/// Every bill was accepted exactly once.
fn once(relay: &Relay, bills: i64) {
    let accepted = relay.accepted();
    let ids: BTreeMap<String, usize> = (1..=bills).map(|n| (format!("<{n}-1-1@company.cn>"), 1)).collect();
    let wrong: Vec<_> = accepted.iter().filter(|(_, count)| **count != 1).collect();
    assert_eq!(accepted.len(), ids.len(), "every bill arrives");
    assert!(wrong.is_empty(), "accepted more than once: {wrong:?}");
    assert_eq!(accepted, ids);
}

fn ready(site: &Site, relay: &Relay, with_archive: bool) {
    queue(site, "email", BILLS);
    site.write("site.toml", relay.config(with_archive));
}

#[test]
fn a_days_bills_arrive_once_each() {
    on_each(|site| {
        let Some(mut relay) = Relay::start(&[]) else { return };
        ready(&site, &relay, true);
        let told = site.ok(&send(MORNING, &[]));
        assert!(told.contains(&format!("\"sent\": {BILLS}")), "{told}");
        assert_eq!(relay.settle(), BILLS as usize);
        site.ok(&send(MORNING, &[]));
        once(&relay, BILLS);
        assert_eq!(states(&site), BTreeMap::from([("sent".to_owned(), BILLS)]));
        let mail = relay.mails().into_iter().next().expect("a mail");
        assert!(mail.contains("From: =?utf-8?b?") && mail.contains("application/pdf"), "{mail}");
    });
}

#[test]
fn a_sender_killed_in_the_middle_sends_every_bill_once() {
    on_each(|site| {
        let Some(mut relay) = Relay::start(&[]) else { return };
        ready(&site, &relay, true);
        for (n, stored) in [5, 17, 31, 46].into_iter().enumerate() {
            let at = format!("2026-09-01T{:02}:00", 9 + n);
            let args = send(&at, &["--batch", "25"]);
            let mut child =
                site.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
            relay.wait_for(stored);
            child.kill().expect("it can be killed");
            assert!(!child.wait().expect("it has ended").success(), "it was killed in the middle");
            relay.settle();
        }
        site.ok(&send("2026-09-01T14:00", &[]));
        // What the last kill left in doubt is looked up when its time has come.
        site.ok(&send("2026-09-01T14:31", &[]));
        site.ok(&send("2026-09-01T15:31", &[]));
        assert_eq!(relay.settle(), BILLS as usize);
        once(&relay, BILLS);
        assert_eq!(states(&site), BTreeMap::from([("sent".to_owned(), BILLS)]));
        // A day without a bounce.
        site.ok(&send("2026-09-02T16:00", &[]));
        assert_eq!(states(&site), BTreeMap::from([("delivered".to_owned(), BILLS)]));
        let told = site.ok(&["verify", "--json"]);
        assert!(told.contains("\"ok\": true,\n  \"date\"") && !told.contains("\"ok\": false"), "{told}");
    });
}

#[test]
fn a_relay_that_refuses_every_third_mail_gets_them_all_in_the_end() {
    on_each(|site| {
        let Some(mut relay) = Relay::start(&["--refuse-every", "3"]) else { return };
        ready(&site, &relay, true);
        let told = site.ok(&send(MORNING, &["--no-papers"]));
        assert!(told.contains(&format!("\"later\": {}", BILLS / 3)), "{told}");
        for at in LATER {
            site.ok(&send(at, &["--no-papers"]));
        }
        assert_eq!(relay.settle(), BILLS as usize);
        once(&relay, BILLS);
        assert_eq!(states(&site), BTreeMap::from([("sent".to_owned(), BILLS)]));
    });
}

#[test]
fn a_connection_lost_after_the_mail_was_handed_over_is_settled_by_the_archive() {
    on_each(|site| {
        let Some(mut relay) = Relay::start(&["--drop-every", "5"]) else { return };
        ready(&site, &relay, true);
        let told = site.ok(&send(MORNING, &["--no-papers"]));
        assert!(told.contains(&format!("\"doubtful\": {}", BILLS / 5)), "{told}");
        for at in LATER {
            site.ok(&send(at, &["--no-papers"]));
        }
        relay.settle();
        once(&relay, BILLS);
        assert_eq!(states(&site), BTreeMap::from([("sent".to_owned(), BILLS)]));
    });
}

#[test]
fn without_an_archive_a_doubt_is_sent_once_more_under_the_same_id() {
    let site = Site::new();
    let Some(mut relay) = Relay::start(&["--drop-every", "10"]) else { return };
    ready(&site, &relay, false);
    site.ok(&send(MORNING, &["--no-papers"]));
    for at in LATER {
        site.ok(&send(at, &["--no-papers"]));
    }
    relay.settle();
    let accepted = relay.accepted();
    assert_eq!(accepted.len(), BILLS as usize, "nothing is lost");
    let twice = accepted.values().filter(|count| **count == 2).count() as i64;
    assert!((1..=BILLS / 10).contains(&twice), "{twice} were sent a second time");
    assert!(accepted.values().all(|count| *count <= 2));
}

#[test]
fn an_unknown_recipient_is_a_bounce_and_a_returned_mail_too() {
    on_each(|site| {
        let Some(relay) = Relay::start(&[]) else { return };
        queue(&site, "email", 3);
        let sql = "UPDATE delivery SET address = 'nobody@example.com' WHERE account_id = 2";
        site.conn().execute(sql, &[]).expect("an address");
        site.write("site.toml", relay.config(true));
        site.ok(&send(MORNING, &["--no-papers"]));
        // Who cannot be reached by mail gets paper.
        let expected = [("sent", 2), ("bounced", 1), ("queued", 1)];
        assert_eq!(states(&site), expected.map(|(state, count)| (state.to_owned(), count)).into());
        let report = "From: MAILER-DAEMON@relay\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
            --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay\r\n\r\n\
            Final-Recipient: rfc822; a3@example.com\r\nAction: failed\r\nStatus: 5.2.2\r\n\
            --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <3-1-1@company.cn>\r\n--b--\r\n";
        site.write("returned.eml", report);
        for (bounced, repeated) in [(1, 0), (0, 1)] {
            let told = site.ok(&["notices", "bounces", "returned.eml", "--json", "--at", "2026-09-01T12:00"]);
            let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
            assert_eq!((&told["bounced"], &told["repeated"]), (&bounced.into(), &repeated.into()));
        }
        let expected = [("sent", 1), ("bounced", 2), ("queued", 2)];
        assert_eq!(states(&site), expected.map(|(state, count)| (state.to_owned(), count)).into());
    });
}
