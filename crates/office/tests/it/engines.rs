//! 两种数据库: the same life ends with the same rows on both databases.

use super::act::{Act, Given};
use super::world::{ACCOUNTS, Contents, Shown, World};
use denghuo_store::Store;
use denghuo_store::testing::{first_difference, on_each_engine};
use std::cell::RefCell;

/// Half a year in which everything happens: `(days that pass, what the meters show on the fifth, what is done then)`.
pub const STORY: &[(i64, [Shown; ACCOUNTS], &[Act])] = {
    use Act::{
        Answer, Approve, Bank, Cancel, Census, Close, Decide, Pay, Refund, Reverse, Stages, Suspense, Waive,
        WriteOff,
    };
    use Shown::{Less, More, Nothing};
    &[
        (20, [More(90); 4], &[Pay { account: 1, fen: 3_000, days_ago: 0 }, Bank { account: 2, fen: 50_000 }]),
        (20, [More(260), More(300), More(2_500), More(900)], &[Decide { approve: true }, Stages]),
        (
            3,
            [More(0); 4],
            &[Reverse { account: 1, payment: 1 }, Pay { account: 3, fen: 100_000, days_ago: 9 }],
        ),
        (
            20,
            [More(240), Nothing, More(2_400), Less(50)],
            &[Suspense { owner: Some(4) }, Decide { approve: true }],
        ),
        (
            12,
            [More(240), Nothing, More(2_400), Less(50)],
            &[Answer(Given::Provisional), Answer(Given::Correct(70))],
        ),
        (
            2,
            [More(0); 4],
            &[Stages, Refund { account: 2, fen: 1_000 }, Waive { account: 1, bill: 1, fen: None }],
        ),
        (
            25,
            [More(300), More(300), More(2_600), More(800)],
            &[Census { persons: 6, bill: 2 }, Decide { approve: true }],
        ),
        (
            3,
            [More(0); 4],
            &[Stages, Waive { account: 4, bill: 1, fen: Some(5) }, Bank { account: 1, fen: 90_000 }],
        ),
        (
            2,
            [More(0); 4],
            &[
                Suspense { owner: None },
                Close,
                Reverse { account: 3, payment: 1 },
                Cancel { account: 2, bill: 1 },
            ],
        ),
        (
            1,
            [More(0); 4],
            &[Decide { approve: true }, Decide { approve: true }, Decide { approve: true }, Stages],
        ),
        (
            30,
            [More(900), More(310), More(9_000), More(850)],
            &[
                Answer(Given::Confirm),
                Answer(Given::ReRead),
                Approve,
                WriteOff { account: 3, bill: 3 },
                Approve,
            ],
        ),
        (
            1,
            [More(0); 4],
            &[Stages, Pay { account: 1, fen: 500_000, days_ago: 3 }, Decide { approve: false }],
        ),
        (30, [More(270), More(290), More(2_500), More(700)], &[Bank { account: 2, fen: 7_000 }, Stages]),
    ]
};

/// Lives the story and proves it at every step.
pub fn lived(store: &Store) -> World {
    let mut world = World::new(store);
    for (days, shown, acts) in STORY {
        world.live(*days, shown);
        for act in *acts {
            act.play(&mut world);
            world.proven();
        }
    }
    world
}

#[test]
fn the_same_life_ends_with_the_same_rows_on_every_database() {
    let ends: RefCell<Vec<(Contents, String)>> = RefCell::new(Vec::new());
    on_each_engine(|store| {
        let mut world = lived(store);
        let digest = world.proven();
        ends.borrow_mut().push((world.contents(), digest));
    });
    let ends = ends.into_inner();
    for other in &ends[1..] {
        assert_eq!(first_difference(&ends[0].0, &other.0), None);
        assert_eq!(ends[0].1, other.1);
    }
    // The story is of use only when it fills every table of the books.
    for table in [
        "bill",
        "bill_line",
        "pending_bill",
        "receivable",
        "late_fee",
        "entry",
        "posting",
        "balance",
        "payment",
        "allocation",
        "waiver",
        "refund",
        "bank_line",
        "bank_file",
        "task",
        "audit",
        "reading",
        "day_close",
        "limitation",
        "legal_case",
        "legal_case_bill",
        "legal_step",
        "write_off",
    ] {
        assert!(!ends[0].0[table].is_empty(), "nothing in {table}");
    }
    let has = |table: &str, text: &str| ends[0].0[table].iter().any(|row| row.contains(text));
    for kind in ["regular", "provisional", "correction", "cancellation"] {
        assert!(has("bill", &format!("kind={kind}")), "no bill is {kind}");
    }
    for state in ["suspense", "resolved", "returned", "posted"] {
        assert!(has("bank_line", &format!("state={state}")), "no line is {state}");
    }
}
