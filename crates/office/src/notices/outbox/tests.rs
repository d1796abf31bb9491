//! The outside is a fake that loses, delays, repeats and dies; the databases are real.

mod fakes;
mod random;

use super::*;
use denghuo_rules::notices::DeliveryState;
use denghuo_rules::notices::outbox::DeliveryKey;
use denghuo_store::notices::outbox as store;
use denghuo_store::testing::on_each_engine;
use fakes::{Answer, Gateway, TestDesk, at, queue, sender, states, work};

#[test]
fn a_message_leaves_once_and_arrives_when_nothing_comes_back() {
    on_each_engine(|db| {
        let mut conn = db.connect().unwrap();
        queue(&mut conn, Channel::Email, 1..=3);
        let (gateway, desk) = (Gateway::default(), TestDesk::default());
        let first = sender(&gateway, &desk, at("10:00"));
        let report = send_due(&first, &mut conn, &work(), at("10:00")).unwrap();
        assert_eq!((report.claimed, report.sent), (3, 3));
        assert_eq!(send_due(&first, &mut conn, &work(), at("10:00")).unwrap(), SendReport::default());
        assert_eq!(gateway.taken(), ["1-1-1", "2-1-1", "3-1-1"]);
        let attempts = store::attempts(&mut conn, key(2)).unwrap();
        assert_eq!(attempts.len(), 1);
        assert_eq!(attempts[0].outcome, Some(AttemptOutcome::Taken));
        // A day without a bounce.
        let next = at("10:00") + jiff::Span::new().days(1);
        let report = send_due(&sender(&gateway, &desk, next), &mut conn, &work(), next).unwrap();
        assert_eq!(report, SendReport { arrived: 3, ..SendReport::default() });
        assert_eq!(
            desk.told(),
            [
                "1-1-1 arrived 2026-09-01T10:00:00",
                "2-1-1 arrived 2026-09-01T10:00:00",
                "3-1-1 arrived 2026-09-01T10:00:00"
            ]
        );
    });
}

#[test]
fn what_the_carrier_refuses_is_tried_again_with_growing_pauses_and_given_up() {
    on_each_engine(|db| {
        let mut conn = db.connect().unwrap();
        queue(&mut conn, Channel::Sms, 1..=1);
        let (gateway, desk) = (Gateway::always(Answer::Later), TestDesk::default());
        let mut moments = Vec::new();
        let mut now = at("09:00");
        for _ in 0..9 {
            let report = send_due(&sender(&gateway, &desk, now), &mut conn, &work(), now).unwrap();
            let row = store::locked(&mut conn, key(1)).unwrap().unwrap();
            moments.push(row.next_at.to_string());
            now = row.next_at;
            if report.failed > 0 {
                break;
            }
        }
        // 5, 30, 120 and 480 minutes; the last falls into the quiet hours.
        assert_eq!(
            moments,
            [
                "2026-09-01T09:05:00",
                "2026-09-01T09:35:00",
                "2026-09-01T11:35:00",
                "2026-09-01T19:35:00",
                "2026-09-01T19:35:00"
            ]
        );
        assert_eq!(states(&mut conn), [("1-1-1".to_owned(), DeliveryState::Failed)]);
        assert_eq!(desk.told(), ["1-1-1 failed"]);
        let row = outbox_retry(&mut conn, &work(), "1-1-1", now).unwrap();
        assert_eq!(row.state, DeliveryState::Queued);
        let code = outbox_retry(&mut conn, &work(), "1-1-1", now).unwrap_err();
        assert_eq!(code.code(), Some("outbox.wrong_state"));
        assert_eq!(
            outbox_cancel(&mut conn, &work(), "7-1-1", now, "x").unwrap_err().code(),
            Some("outbox.unknown")
        );
        assert_eq!(
            outbox_cancel(&mut conn, &work(), "1-1-1", now, "x").unwrap().state,
            DeliveryState::Cancelled
        );
    });
}

#[test]
fn an_address_that_is_refused_goes_back_to_the_column() {
    on_each_engine(|db| {
        let mut conn = db.connect().unwrap();
        queue(&mut conn, Channel::Email, 1..=1);
        let (gateway, desk) = (Gateway::always(Answer::Never), TestDesk::default());
        let report =
            send_due(&sender(&gateway, &desk, at("10:00")), &mut conn, &work(), at("10:00")).unwrap();
        assert_eq!(report.bounced, 1);
        assert_eq!(desk.told(), ["1-1-1 failed"]);
    });
}

#[test]
fn nothing_leaves_in_the_quiet_hours_even_when_they_begin_meanwhile() {
    on_each_engine(|db| {
        let mut conn = db.connect().unwrap();
        queue(&mut conn, Channel::Sms, 1..=2);
        let (gateway, desk) = (Gateway::default(), TestDesk::default());
        let late = sender(&gateway, &desk, at("22:30"));
        assert!(send_due(&late, &mut conn, &work(), at("22:30")).unwrap().is_idle());
        // The round begins in time; the turn of the message comes too late.
        let report = late.round(&mut conn, &work(), at("19:59")).unwrap();
        assert_eq!((report.claimed, report.sent, report.later), (2, 0, 2));
        let row = store::locked(&mut conn, key(1)).unwrap().unwrap();
        assert_eq!(row.next_at.to_string(), "2026-09-02T08:00:00");
        assert!(gateway.taken().is_empty());
    });
}

#[test]
fn a_sender_whose_claim_was_taken_sends_nothing() {
    on_each_engine(|db| {
        let (mut conn, mut other) = (db.connect().unwrap(), db.connect().unwrap());
        queue(&mut conn, Channel::Email, 1..=1);
        let (gateway, desk) = (Gateway::default(), TestDesk::default());
        // While the first prepares its messages the second takes everything over and sends it.
        let second = std::sync::Mutex::new(Some(move || {
            let (gateway, desk) =
                (&*Box::leak(Box::new(Gateway::default())), &*Box::leak(Box::new(TestDesk::default())));
            let mut second = sender(gateway, desk, at("10:00"));
            second.options.alone = true;
            let report = send_due(&second, &mut other, &work(), at("10:00")).unwrap();
            assert_eq!((report.taken_over, report.sent), (1, 1));
        }));
        desk.when_asked(Box::new(move || {
            second.lock().unwrap().take().into_iter().for_each(|mut run| run());
        }));
        let report =
            send_due(&sender(&gateway, &desk, at("10:00")), &mut conn, &work(), at("10:00")).unwrap();
        assert_eq!((report.claimed, report.sent), (1, 0));
        assert!(gateway.taken().is_empty());
        let attempts = store::attempts(&mut conn, key(1)).unwrap();
        let outcomes: Vec<_> = attempts.iter().map(|one| one.outcome.unwrap()).collect();
        assert_eq!(outcomes, [AttemptOutcome::Interrupted, AttemptOutcome::Taken]);
    });
}

#[test]
fn receipts_are_believed_when_signed_and_fresh_and_change_things_once() {
    on_each_engine(|db| {
        let mut conn = db.connect().unwrap();
        queue(&mut conn, Channel::Sms, 1..=2);
        let (gateway, desk) = (Gateway::default(), TestDesk::default());
        send_due(&sender(&gateway, &desk, at("10:00")), &mut conn, &work(), at("10:00")).unwrap();
        let key = b"secret".as_slice();
        let body = br#"{"receipts":[{"key":"1-1-1","state":"delivered"},{"ref":"ref-2-1-1","state":"failed","reason":"off"},
            {"key":"9-9-9","state":"delivered"},{"ref":"of nobody","state":"delivered"}]}"#;
        let mut call = |timestamp: &str, signature: &str, body: &[u8]| {
            let call = SignedCall { timestamp, signature, body };
            sms_receipt(&mut conn, &work(), &desk, (&call, key), at("10:05"))
        };
        let good = sign(key, "1000", body);
        let unknown = vec!["9-9-9".to_owned(), "of nobody".to_owned()];
        let first = call("1000", &good, body).unwrap();
        assert_eq!(first, Received { arrived: 1, bounced: 1, repeated: 0, unknown: unknown.clone() });
        let again = call("1000", &good, body).unwrap();
        assert_eq!(again, Received { arrived: 0, bounced: 0, repeated: 2, unknown });
        let refused = |error: OfficeError| error.code().map(str::to_owned);
        for (timestamp, signature, body, code) in [
            ("1000", sign(b"other", "1000", body), body.as_slice(), "receipt.bad_signature"),
            ("1001", good.clone(), body, "receipt.bad_signature"),
            ("1000", "zz".to_owned(), body, "receipt.bad_signature"),
            ("1000", String::new(), body, "receipt.bad_signature"),
            ("600", sign(key, "600", body), body, "receipt.stale"),
            ("1000", sign(key, "1000", b"{}"), b"{}", "receipt.unreadable"),
        ] {
            let said = call(timestamp, &signature, body).map_err(refused).unwrap_err();
            assert_eq!(said.as_deref(), Some(code), "{timestamp} {signature}");
        }
        assert_eq!(desk.told(), ["1-1-1 arrived 2026-09-01T10:05:00", "2-1-1 failed"]);
    });
}

#[test]
fn a_returned_mail_is_found_by_its_key_and_by_its_address() {
    on_each_engine(|db| {
        let mut conn = db.connect().unwrap();
        queue(&mut conn, Channel::Email, 1..=3);
        let (gateway, desk) = (Gateway::default(), TestDesk::default());
        send_due(&sender(&gateway, &desk, at("10:00")), &mut conn, &work(), at("10:00")).unwrap();
        let mut take = |key: Option<&str>, address: &str, action: &str| {
            let (key, address, action) = (key.map(str::to_owned), address.to_owned(), action.to_owned());
            let bounce = Bounce { key, address, action, status: "5.1.1 no such user".to_owned() };
            let received = bounce_take(&mut conn, &work(), &desk, &bounce, at("11:00")).unwrap();
            (received.bounced, received.repeated, received.unknown.len())
        };
        assert_eq!(take(Some("1-1-1"), "", "failed"), (1, 0, 0));
        assert_eq!(take(Some("1-1-1"), "", "failed"), (0, 1, 0));
        assert_eq!(take(Some("2-1-1"), "", "delayed"), (0, 1, 0));
        assert_eq!(take(None, "nobody@example.com", "failed"), (0, 0, 1));
        assert_eq!(desk.told(), ["1-1-1 failed"]);
    });
}

fn key(account_id: i64) -> DeliveryKey {
    DeliveryKey { account_id, notice_no: 1, delivery_no: 1 }
}
