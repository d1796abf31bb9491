//! 随机: carriers that do as they like and senders that die between any two writes. Nobody is told one thing twice, and
//! nothing is lost.

use super::fakes::{Answer, Gateway, TestDesk, at, queue, sender, states, work};
use crate::notices::outbox::send_due;
use denghuo_rules::notices::{Channel, DeliveryState};
use denghuo_store::notices::outbox as store;
use denghuo_store::testing::{TestStore, postgres, sqlite};
use jiff::Span;
use proptest::prelude::*;

const MESSAGES: i64 = 7;

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        3 => Just(Answer::Take),
        1 => Just(Answer::Later),
        1 => Just(Answer::Never),
        2 => Just(Answer::TakeAndLose),
        2 => Just(Answer::Lose),
        2 => Just(Answer::DieBefore),
        2 => Just(Answer::DieAfter),
        1 => Just(Answer::Silent),
    ]
}

/// Sends until nothing is left to do, however often the sender dies; the clock moves a while after each run.
fn play(db: &TestStore, gateway: &Gateway, channel: Channel, minutes: u32) {
    let desk = TestDesk::default();
    queue(&mut db.store.connect().expect("a connection"), channel, 1..=MESSAGES);
    let mut now = at("08:00");
    for _ in 0..400 {
        let run = std::panic::AssertUnwindSafe(|| {
            let mut conn = db.store.connect().expect("a connection");
            let report = send_due(&sender(gateway, &desk, now), &mut conn, &work(), now);
            report.expect("a database")
        });
        let idle = std::panic::catch_unwind(run).is_ok_and(|report| report.is_idle());
        let mut conn = db.store.connect().expect("a connection");
        if idle && ended(&mut conn) {
            return;
        }
        now = now.saturating_add(Span::new().minutes(minutes));
    }
    panic!("it never ends");
}

/// Is every message where only a person, or nobody, can move it?
fn ended(conn: &mut denghuo_store::Conn) -> bool {
    let open = [DeliveryState::Queued, DeliveryState::Sending, DeliveryState::Sent];
    let tasks = denghuo_store::tasks::counts(conn).expect("tasks");
    let tasks: i64 = tasks.iter().filter(|task| task.kind == "delivery_doubt").map(|task| task.count).sum();
    let states = states(conn);
    let doubts = states.iter().filter(|(_, state)| *state == DeliveryState::Doubtful).count() as i64;
    states.iter().all(|(_, state)| !open.contains(state)) && doubts <= tasks
}

fn check(db: &TestStore, gateway: &Gateway, most: usize) -> Result<(), TestCaseError> {
    let mut conn = db.store.connect().expect("a connection");
    let states = states(&mut conn);
    prop_assert_eq!(states.len() as i64, MESSAGES, "nothing is lost");
    for check in store::CHECKS {
        let found = denghuo_store::verify::run(&mut conn, check).expect("a readable database");
        prop_assert!(found.broken == 0, "{}: {:?}", check.name, found.sample);
    }
    prop_assert!(gateway.most() <= most, "told more than {} times", most);
    let taken = gateway.taken();
    for (key, state) in states {
        match state {
            DeliveryState::Delivered => prop_assert!(taken.contains(&key), "{} did not arrive", key),
            DeliveryState::Failed | DeliveryState::Bounced => {
                prop_assert!(!taken.contains(&key), "{} arrived and is sent by another channel too", key);
            }
            _ => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_told_twice_and_nothing_is_lost(
        script in proptest::collection::vec(answer(), 0..60),
        is_sms in any::<bool>(),
        minutes in 20_u32..400,
    ) {
        let channel = if is_sms { Channel::Sms } else { Channel::Email };
        let db = sqlite().expect("a database");
        let gateway = Gateway::scripted(script);
        play(&db, &gateway, channel, minutes);
        check(&db, &gateway, 1)?;
    }

    #[test]
    fn where_nobody_can_be_asked_a_doubt_is_sent_once_more_and_then_left_to_a_person(
        script in proptest::collection::vec(answer(), 0..40),
        minutes in 20_u32..400,
    ) {
        let db = sqlite().expect("a database");
        let gateway = Gateway::scripted(script).mute();
        play(&db, &gateway, Channel::Email, minutes);
        let mut conn = db.store.connect().expect("a connection");
        prop_assert!(gateway.most() <= 2);
        prop_assert_eq!(states(&mut conn).len() as i64, MESSAGES);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_a_server_too(script in proptest::collection::vec(answer(), 0..60), minutes in 20_u32..400) {
        let Some(db) = postgres().expect("a schema") else { return Ok(()) };
        let gateway = Gateway::scripted(script);
        play(&db, &gateway, Channel::Email, minutes);
        check(&db, &gateway, 1)?;
    }
}
