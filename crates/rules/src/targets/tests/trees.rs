//! Targets are shared out to the fen, whatever the tree.

use super::super::*;
use crate::calendar::Month;
use crate::refusal::Refuse as _;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn node(no: i64, parent: i64, weight: i64) -> Node {
    Node { no, parent: (parent != 0).then_some(parent), weight, fixed: None }
}

fn code(nodes: &[Node], total: i64) -> &'static str {
    decompose(nodes, Money(total)).expect_err("a refusal").code()
}

#[test]
fn the_largest_remainder_gets_the_fen_and_the_earlier_one_at_a_tie() {
    let parts = |amount, weights: &[i64]| -> Vec<i64> {
        shared(Money(amount), weights).expect("shares").into_iter().map(|part| part.0).collect()
    };
    assert_eq!(parts(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(parts(101, &[1, 1, 1]), [34, 34, 33]);
    assert_eq!(parts(10, &[5, 3, 0]), [6, 4, 0]);
    assert_eq!(parts(0, &[0, 0]), [0, 0]);
    assert_eq!(shared(Money(1), &[0, 0]), None);
}

#[test]
fn what_is_no_tree_is_refused_with_its_code() {
    let root = node(1, 0, 1);
    assert_eq!(code(&[], 1), "target.roots");
    assert_eq!(code(&[root, node(2, 0, 1)], 1), "target.roots");
    assert_eq!(code(&[root, root], 1), "target.twice");
    assert_eq!(code(&[root, node(2, 9, 1)], 1), "target.orphan");
    assert_eq!(code(&[root, node(2, 3, 1), node(3, 2, 1)], 1), "target.cycle");
    assert_eq!(code(&[root, node(2, 2, 1)], 1), "target.cycle");
    assert_eq!(code(&[root, node(2, 1, -1)], 1), "target.negative_weight");
    assert_eq!(code(&[root, node(2, 1, 1)], -1), "target.negative_amount");
    assert_eq!(code(&[root, node(2, 1, 0), node(3, 1, 0)], 1), "target.no_weight");
}

#[test]
fn what_is_fixed_stays_and_the_rest_is_shared_anew() {
    let fixed = |no, parent, amount| Node { fixed: Some(Money(amount)), ..node(no, parent, 1) };
    let nodes = [node(1, 0, 0), fixed(2, 1, 40), node(3, 1, 1), node(4, 1, 2), node(5, 3, 1), node(6, 3, 1)];
    let amounts = decompose(&nodes, Money(100)).expect("shares");
    let shown: Vec<i64> = (1..=6).map(|no| amounts[&no].0).collect();
    assert_eq!(shown, [100, 40, 20, 40, 10, 10]);
    assert_eq!(code(&[node(1, 0, 0), fixed(2, 1, 101), node(3, 1, 1)], 100), "target.fixed_too_much");
    assert_eq!(code(&[node(1, 0, 0), fixed(2, 1, 99)], 100), "target.nothing_open");
    let deep = [node(1, 0, 0), node(2, 1, 1), node(3, 1, 1), fixed(4, 2, 60), node(5, 2, 1)];
    assert_eq!(code(&deep, 100), "target.fixed_too_much", "60 do not fit into 50");
}

#[derive(Clone, Debug)]
struct Drawn {
    nodes: Vec<Node>,
    total: Money,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let below = prop::collection::vec((any::<prop::sample::Index>(), 0_i64..1_000_000_000), 0..60);
    (below, 0_i64..9_000_000_000_000).prop_map(|(below, total)| {
        let mut nodes = vec![node(1, 0, 0)];
        for (no, (parent, weight)) in (2..).zip(below) {
            nodes.push(node(no, nodes[parent.index(nodes.len())].no, weight + 1));
        }
        Drawn { nodes, total: Money(total) }
    })
}

/// The children of each node that has some come to it.
fn sums_hold(nodes: &[Node], amounts: &BTreeMap<i64, Money>) -> bool {
    nodes.iter().all(|node| {
        let below: Vec<Money> = nodes
            .iter()
            .filter(|child| child.parent == Some(node.no))
            .map(|child| amounts[&child.no])
            .collect();
        below.is_empty() || below.into_iter().sum::<Money>() == amounts[&node.no]
    })
}

proptest! {
    #[test]
    fn children_come_to_their_parent(drawn in drawn()) {
        let amounts = decompose(&drawn.nodes, drawn.total).expect("every weight is above zero");
        prop_assert_eq!(amounts.len(), drawn.nodes.len());
        prop_assert_eq!(amounts[&1], drawn.total);
        prop_assert!(amounts.values().all(|amount| *amount >= Money::ZERO));
        prop_assert!(sums_hold(&drawn.nodes, &amounts));
        prop_assert_eq!(&amounts, &decompose(&drawn.nodes, drawn.total).expect("again"));
    }

    #[test]
    fn a_correction_moves_only_what_is_open(drawn in drawn(), which in any::<prop::sample::Index>(), by in 0_i64..=2_000_000) {
        let before = decompose(&drawn.nodes, drawn.total).expect("shares");
        let mut nodes = drawn.nodes.clone();
        let at = which.index(nodes.len());
        let to = Money(i64::try_from(i128::from(before[&nodes[at].no].0) * i128::from(by) / 1_000_000).expect("small"));
        nodes[at].fixed = Some(to);
        let Ok(after) = decompose(&nodes, drawn.total) else {
            // Refused only where it cannot fit: more than the parent has, or nothing left to give the rest to.
            let parent = nodes[at].parent.expect("the root is never refused");
            let alone = nodes.iter().filter(|node| node.parent == Some(parent)).count() == 1;
            prop_assert!(alone || to > before[&parent]);
            return Ok(());
        };
        prop_assert!(sums_hold(&nodes, &after));
        if nodes[at].parent.is_some() {
            prop_assert_eq!(after[&nodes[at].no], to);
        }
        // Only siblings and what is below them or below it may have moved.
        for node in &nodes {
            let mut way = vec![node.no];
            while let Some(parent) = nodes.iter().find(|other| Some(other.no) == way.last().copied()).and_then(|n| n.parent) {
                way.push(parent);
            }
            if !nodes[at].parent.is_some_and(|parent| way[1..].contains(&parent)) {
                prop_assert_eq!(after[&node.no], before[&node.no]);
            }
        }
    }
}

#[test]
fn periods_are_read_and_written() {
    for (text, first, last) in [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ] {
        let period: Period = text.parse().expect("a period");
        assert_eq!((period.first_day(), period.last_day(), period.to_string().as_str()), (first, last, text));
        assert!(period.before(1).last_day() < first);
    }
    for bad in ["", "26", "2026-13", "2026-Q5", "2026-1", "2026-Q", "+026", "2026-08-01"] {
        assert!(bad.parse::<Period>().is_err(), "{bad}");
    }
    let names = |on| Period::ending_on(on).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(names(date(2026, 12, 31)), "2026-12 2026-Q4 2026");
    assert_eq!(names(date(2026, 9, 30)), "2026-09 2026-Q3");
    assert_eq!(names(date(2026, 8, 31)), "2026-08");
    assert_eq!(names(date(2026, 8, 30)), "");
    let march = Period::month(Month::new(2026, 3).expect("a month"));
    assert_eq!(march.before(1).same_day(march, date(2026, 3, 31)), date(2026, 2, 28));
    assert_eq!(march.before(1).same_day(march, date(2026, 3, 9)), date(2026, 2, 9));
}

#[test]
fn a_forecast_adds_what_used_to_come_after_the_day() {
    let rule = ForecastRule { periods: 3, least_periods: 2 };
    let past = |receivable, then, end| Past {
        then: Standing { receivable: Money(receivable), received: Money(then) },
        received: Money(end),
    };
    let now = Standing { receivable: Money(2_000), received: Money(900) };
    let all = [past(1_000, 500, 900), past(1_000, 400, 700), past(500, 250, 500)];
    let band = forecast(now, &all, &rule).expect("a forecast");
    assert_eq!((band.low, band.middle, band.high), (Money(1_500), Money(1_700), Money(1_900)));
    let two = forecast(now, &all[..2], &rule).expect("a forecast");
    assert_eq!(two.middle, Money(1_600), "between the two");
    assert_eq!(forecast(now, &all[..1], &rule), None);
    assert_eq!(forecast(now, &[past(0, 0, 0), past(0, 0, 5)], &rule), None, "nothing was receivable");
}
