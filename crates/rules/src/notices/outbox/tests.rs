use super::{AttemptOutcome, DeliveryKey, Follow, OutboxRule};
use crate::notices::{Channel, DeliveryState};
use jiff::civil::date;

fn rule() -> OutboxRule {
    OutboxRule {
        attempts: 3,
        pause_minutes: vec![5, 30],
        claim_minutes: 10,
        doubt_minutes: 20,
        doubt_looks: 2,
        mail_arrives_minutes: 60,
        receipt_minutes: 40,
    }
}

#[test]
fn every_end_of_an_attempt_has_its_follow() {
    let at = date(2026, 9, 1).at(10, 0, 0, 0);
    for (channel, attempts, outcome, state, time) in [
        (Channel::Email, 1, AttemptOutcome::Taken, DeliveryState::Sent, "11:00"),
        (Channel::Sms, 1, AttemptOutcome::Taken, DeliveryState::Sent, "10:40"),
        (Channel::Email, 1, AttemptOutcome::Later, DeliveryState::Queued, "10:05"),
        (Channel::Email, 2, AttemptOutcome::Later, DeliveryState::Queued, "10:30"),
        (Channel::Email, 3, AttemptOutcome::Later, DeliveryState::Failed, "10:00"),
        (Channel::Email, 1, AttemptOutcome::Never, DeliveryState::Bounced, "10:00"),
        (Channel::Email, 1, AttemptOutcome::Unknown, DeliveryState::Doubtful, "10:20"),
        (Channel::Email, 3, AttemptOutcome::Handing, DeliveryState::Doubtful, "10:20"),
        (Channel::Email, 1, AttemptOutcome::Interrupted, DeliveryState::Queued, "10:00"),
        (Channel::Email, 3, AttemptOutcome::Interrupted, DeliveryState::Queued, "10:00"),
        (Channel::Email, 3, AttemptOutcome::Quiet, DeliveryState::Queued, "10:00"),
        (Channel::Email, 3, AttemptOutcome::NotTaken, DeliveryState::Failed, "10:00"),
        (Channel::Sms, 2, AttemptOutcome::NotTaken, DeliveryState::Queued, "10:00"),
    ] {
        let next_at = at.date().to_datetime(time.parse().unwrap());
        let follow = rule().after(channel, attempts, outcome, at);
        assert_eq!(follow, Follow { state, next_at }, "{channel:?} {attempts} {outcome:?}");
    }
}

#[test]
fn a_key_is_read_back_and_nothing_else_is_one() {
    let key = DeliveryKey { account_id: 370_000_001, notice_no: 12, delivery_no: 1 };
    assert_eq!(key.to_string(), "370000001-12-1");
    assert_eq!(DeliveryKey::parse("370000001-12-1"), Some(key));
    for text in ["", "1-2", "1-2-3-4", "1-2-x", "1--2", "+1-2-3", "99999999999999999999-1-1", "a-b-c"] {
        assert_eq!(DeliveryKey::parse(text), None, "{text}");
    }
}
