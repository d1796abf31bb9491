//! 随机经历: whatever happens to the company, in whatever order, every promise holds afterwards, and whatever is done
//! twice is done once.

use super::act::{Act, Given};
use super::world::{ACCOUNTS, Shown, World};
use denghuo_store::testing::sqlite;
use proptest::prelude::*;

fn shown() -> impl Strategy<Value = [Shown; ACCOUNTS]> {
    let one = prop_oneof![
        10 => (60_i64..400).prop_map(Shown::More),
        1 => (1_000_i64..20_000).prop_map(Shown::More),
        1 => Just(Shown::More(0)),
        1 => Just(Shown::Nothing),
        1 => (1_i64..90).prop_map(Shown::Less),
    ];
    prop::array::uniform4(one)
}

fn given_answer() -> impl Strategy<Value = Given> {
    prop_oneof![
        Just(Given::Confirm),
        Just(Given::Provisional),
        Just(Given::ReRead),
        (0_i64..300).prop_map(Given::Correct),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let account = 1..=ACCOUNTS as i64;
    let bill = 1_i64..5;
    let fen = 1_i64..60_000;
    prop_oneof![
        6 => (account.clone(), fen.clone(), 0_i64..20)
            .prop_map(|(account, fen, days_ago)| Act::Pay { account, fen, days_ago }),
        2 => (account.clone(), bill.clone()).prop_map(|(account, payment)| Act::Reverse { account, payment }),
        1 => (account.clone(), fen.clone()).prop_map(|(account, fen)| Act::Refund { account, fen }),
        1 => Just(Act::Approve),
        1 => (account.clone(), bill.clone()).prop_map(|(account, bill)| Act::WriteOff { account, bill }),
        1 => account.clone().prop_map(|account| Act::Recover { account }),
        2 => (account.clone(), bill.clone(), prop::option::of(1_i64..300))
            .prop_map(|(account, bill, fen)| Act::Waive { account, bill, fen }),
        4 => prop::bool::weighted(0.8).prop_map(|approve| Act::Decide { approve }),
        4 => given_answer().prop_map(Act::Answer),
        2 => (5_u8..9, bill.clone()).prop_map(|(persons, bill)| Act::Census { persons, bill }),
        1 => (account.clone(), bill).prop_map(|(account, bill)| Act::Cancel { account, bill }),
        2 => (account.clone(), fen).prop_map(|(account, fen)| Act::Bank { account, fen }),
        1 => prop::option::of(account).prop_map(|owner| Act::Suspense { owner }),
        1 => Just(Act::Close),
        3 => Just(Act::Stages),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_promise_holds_whatever_happens(
        steps in prop::collection::vec((3_i64..14, shown(), prop::collection::vec(act(), 0..4)), 4..14),
    ) {
        let database = sqlite().unwrap();
        let mut world = World::new(&database.store);
        for (days, shown, acts) in &steps {
            world.live(*days, shown);
            for act in acts {
                act.play(&mut world);
            }
            world.proven();
        }
    }
}
