//! Orders of lists: words, directions, rows without a value, and a cursor that goes on in the order.

use super::{InMemory as _, Sort, Words as _};
use crate::paging::{Page, opened};
use denghuo_rules::units::Money;
use jiff::civil::{Date, date};
use serde_json::json;

#[derive(Clone, Debug)]
struct Line {
    no: i64,
    amount: Money,
    due_on: Option<Date>,
    state: String,
}

by!(Line { amount, due_on, state });

fn lines() -> Vec<Line> {
    let rows = [
        (1, 30, 12, "open"),
        (2, 10, 0, "done"),
        (3, 20, 11, "open"),
        (4, 20, 0, "late"),
        (5, 20, 10, "done"),
    ];
    let line = |(no, amount, day, state): (i64, i64, i8, &str)| Line {
        no,
        amount: Money(amount),
        due_on: (day > 0).then(|| date(2026, 3, day)),
        state: state.to_owned(),
    };
    rows.map(line).to_vec()
}

fn sort(word: Option<&str>) -> Result<Sort<Line>, serde_json::Error> {
    word.map_or_else(|| Ok(Sort::default()), |word| serde_json::from_value(json!(word)))
}

#[test]
fn rows_stand_in_the_order_that_is_asked_for_on_every_page() {
    let cases: &[(Option<&str>, [i64; 5])] = &[
        (None, [1, 2, 3, 4, 5]),
        (Some("amount"), [2, 3, 4, 5, 1]),
        (Some("-amount"), [1, 3, 4, 5, 2]),
        (Some("due_on"), [5, 3, 1, 2, 4]),
        (Some("-due_on"), [1, 3, 5, 2, 4]),
        (Some("state"), [2, 5, 4, 1, 3]),
    ];
    for (word, expected) in cases {
        let sort = sort(*word).unwrap();
        for limit in 1..=6 {
            let (mut seen, mut page) = (Vec::new(), Page { after: None, limit });
            loop {
                let list = page.cut_sorted(lines(), &sort, |line| line.no.to_string()).unwrap();
                seen.extend(list.items.into_iter().map(|line| line.no));
                let Some(next) = list.next_cursor else { break };
                page.after = opened(&next);
            }
            assert_eq!(seen, expected, "{word:?}, pages of {limit}");
        }
    }
}

#[test]
fn words_of_others_are_refused_and_the_document_names_ours() {
    assert_eq!(Line::words(), ["amount", "due_on", "state"]);
    assert_eq!(Line::BY.len(), 3);
    for bad in ["", "-", "no", "--amount", "Amount", "amount "] {
        assert!(sort(Some(bad)).is_err(), "{bad}");
    }
    let schema = schemars::schema_for!(Sort<Line>);
    let words = ["amount", "-amount", "due_on", "-due_on", "state", "-state"];
    assert_eq!(schema.get("enum"), Some(&json!(words)));
}
