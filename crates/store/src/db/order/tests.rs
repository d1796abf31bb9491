//! Pages of a table in every direction, on both engines.

use super::{Key, Orders, Slice, without_places};
use crate::db::{Condition, Conn};
use crate::tasks::{NewTask, open};
use crate::testing::on_each_engine;
use denghuo_rules::derivation::Bilingual;
use jiff::civil::date;

const DAY: Key = Key::Int("t.opened_on");
const DUE: Key = Key::Int("COALESCE(t.due_on, 99991231)");
const SUBJECT: Key = Key::Text("t.subject");

const MIXED: Orders = Orders {
    words: &[("opened_on", DAY), ("due_on", DUE), ("codes", Key::Text("t.codes"))],
    usual: &[(DAY, true), (DUE, false), (SUBJECT, false)],
    rest: &[SUBJECT],
};

fn page(conn: &mut Conn, slice: &Slice) -> Vec<(String, String)> {
    let which = Condition::of("t.kind = 'parked'");
    slice.rows(conn, ("t.subject", 1, "task t"), which, |row| row.text(0)).unwrap()
}

/// The subjects of all pages one behind the other.
fn walked(conn: &mut Conn, chosen: Option<(&str, bool)>, limit: usize) -> String {
    let (mut all, mut after) = (Vec::new(), None::<String>);
    loop {
        let slice = MIXED.slice(chosen, after.as_deref(), limit).unwrap();
        let mut rows = page(conn, &slice);
        let more = rows.len() > limit;
        rows.truncate(limit);
        after = rows.last().map(|(_, place)| place.clone());
        all.extend(without_places(rows));
        if !more {
            return all.concat();
        }
    }
}

#[test]
fn pages_follow_each_other_in_every_order() {
    let cases = [
        (None, "debac"),
        (Some(("opened_on", false)), "acbde"),
        (Some(("opened_on", true)), "edbca"),
        (Some(("due_on", false)), "bdace"),
        (Some(("due_on", true)), "ecadb"),
        (Some(("codes", false)), "aebcd"),
        (Some(("codes", true)), "dcbea"),
    ];
    let tasks = [("a", 1, 9, "x"), ("b", 2, 3, "y"), ("c", 1, 0, "y"), ("d", 3, 3, "z"), ("e", 3, 0, "x")];
    // `d` and `b` are due on the same day, `c` and `e` on none.
    on_each_engine(|store| {
        let mut conn = store.connect().unwrap();
        let task = |(subject, opened, due, codes): (&str, i8, i8, &str)| NewTask {
            account_id: 1,
            kind: "parked",
            subject: subject.to_owned(),
            codes: codes.to_owned(),
            detail: Bilingual::default(),
            owner_role: "manager",
            opened_on: date(2026, 3, opened),
            due_on: (due > 0).then(|| date(2026, 3, due)),
        };
        open(&mut conn, &tasks.map(task)).unwrap();
        for (chosen, expected) in cases {
            for limit in 1..=6 {
                assert_eq!(walked(&mut conn, chosen, limit), expected, "{chosen:?} by {limit}");
            }
        }
        assert_eq!(without_places(page(&mut conn, &MIXED.first(2))).concat(), "de");
    });
}

#[test]
fn other_words_and_places_are_refused() {
    let order = |chosen, after| MIXED.slice(chosen, after, 5).is_some();
    assert!(order(Some(("due_on", true)), Some("20260301\na")));
    assert!(!order(Some(("subject", true)), None));
    for place in ["", "20260301", "a\nb", "20260301\n20260301"] {
        assert!(!order(None, Some(place)), "{place:?}");
    }
    assert!(order(None, Some("20260301\n20260302\na\nb")), "a text may hold the mark");
}
