//! Allocation as tables, and what no allocation may break.

use super::*;
use crate::refusal::Refuse as _;
use crate::rulebook::{Rulebook, Selector};
use crate::units::Ratio;
use jiff::civil::date;
use proptest::prelude::*;

const ON: Date = date(2026, 8, 20);

fn debt(bill_no: i64, due: &str, principal: i64, fee: i64) -> Debt {
    Debt {
        bill_no,
        due_on: due.parse().unwrap(),
        secured: false,
        burden: Ratio::per_mille(2),
        cost: Money::ZERO,
        fee: Money(fee),
        principal: Money(principal),
    }
}

fn told(allocation: &Allocation) -> String {
    let mut parts: Vec<String> = allocation
        .parts
        .iter()
        .map(|part| format!("{}:{}={}", part.bill_no, part.item.word(), part.amount.raw()))
        .collect();
    parts.push(format!("rest={}", allocation.prepayment.raw()));
    parts.join(" ")
}

fn of_book(selector: &Selector) -> AllocationPolicy {
    Rulebook::embedded().pick(TOPIC, selector, ON).unwrap().params
}

#[test]
fn amounts_go_where_the_policy_says() {
    let company = Selector::in_jurisdictions(&["cn", "sgcc", "cn-sd"]);
    let oldest = of_book(&company);
    let civil = of_book(&company.clone().with("allocation", "civil_code"));
    assert_eq!(civil, of_book(&Selector::in_jurisdictions(&["cn"])));
    let fee_first = AllocationPolicy { items: ItemOrder::FeeFirst, ..oldest };
    let principal_first = AllocationPolicy { items: ItemOrder::PrincipalFirst, ..oldest };
    let debts = [
        debt(2, "2026-07-10", 10_000, 500),
        debt(1, "2026-06-10", 20_000, 1_000),
        debt(3, "2026-09-10", 3_000, 0),
    ];
    let cases = [
        (
            "all and more",
            oldest,
            40_000,
            "1:energy=20000 1:late_fee=1000 2:energy=10000 2:late_fee=500 3:energy=3000 rest=5500",
        ),
        (
            "oldest with its fee, then a part",
            oldest,
            21_105,
            "1:energy=20000 1:late_fee=1000 2:energy=100 2:late_fee=5 rest=0",
        ),
        ("a part of the oldest", oldest, 2_100, "1:energy=2000 1:late_fee=100 rest=0"),
        ("one fen", oldest, 1, "1:late_fee=1 rest=0"),
        ("fee first", fee_first, 2_100, "1:energy=1100 1:late_fee=1000 rest=0"),
        ("principal first", principal_first, 20_100, "1:energy=20000 1:late_fee=100 rest=0"),
        (
            "Civil Code: fees of all, then principals",
            civil,
            2_000,
            "1:energy=500 1:late_fee=1000 2:late_fee=500 rest=0",
        ),
        (
            "Civil Code: what is not due comes last",
            civil,
            31_600,
            "1:energy=20000 1:late_fee=1000 2:energy=10000 2:late_fee=500 3:energy=100 rest=0",
        ),
    ];
    for (name, policy, amount, expect) in cases {
        assert_eq!(told(&allocate(policy, &debts, Money(amount), ON)), expect, "{name}");
    }
}

#[test]
fn the_civil_code_ranks_security_and_burden_and_shares_ties() {
    let civil = of_book(&Selector::in_jurisdictions(&["cn"]));
    let secured = Debt { secured: true, ..debt(1, "2026-06-10", 1_000, 0) };
    let heavy = Debt { burden: Ratio::per_mille(3), ..debt(2, "2026-07-10", 1_000, 0) };
    let tie = [debt(3, "2026-07-10", 1_000, 0), debt(4, "2026-07-10", 2_000, 0)];
    let debts = [secured, heavy, tie[0], tie[1]];
    let allocation = allocate(civil, &debts, Money(1_300), ON);
    assert_eq!(told(&allocation), "2:energy=1000 3:energy=100 4:energy=200 rest=0");
}

#[test]
fn refunds_need_two_persons_and_a_prepayment() {
    let refund = |amount, a, b| decide_refund(Money(amount), Money(100), a, b).map_err(|r| r.code());
    assert_eq!(refund(100, "S001", "S002"), Ok(()));
    assert_eq!(refund(0, "S001", "S002"), Err("refund.not_positive"));
    assert_eq!(refund(100, "S001", "S001"), Err("refund.one_person"));
    assert_eq!(refund(101, "S001", "S002"), Err("refund.more_than_prepaid"));
}

prop_compose! {
    fn any_debt()(bill_no in 1_i64..50, due in 0_i64..60, secured: bool, burden in 1_i64..4,
        cost in 0_i64..500, fee in 0_i64..5_000, principal in 0_i64..100_000) -> Debt {
        Debt {
            bill_no, due_on: crate::calendar::plus_days(date(2026, 7, 20), due), secured,
            burden: Ratio::per_mille(burden), cost: Money(cost), fee: Money(fee), principal: Money(principal),
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_is_overpaid(
        mut debts in prop::collection::vec(any_debt(), 0..8),
        amount in 0_i64..500_000,
        order in prop::sample::select(DebtOrder::ALL),
        items in prop::sample::select(ItemOrder::ALL),
    ) {
        debts.sort_by_key(|debt| debt.bill_no);
        debts.dedup_by_key(|debt| debt.bill_no);
        let allocation = allocate(AllocationPolicy { debts: order, items }, &debts, Money(amount), ON);
        prop_assert_eq!(allocation.settled() + allocation.prepayment, Money(amount));
        let owed: Money = debts.iter().map(|d| d.cost + d.fee + d.principal).sum();
        prop_assert_eq!(allocation.prepayment, (Money(amount) - owed).at_least(Money::ZERO));
        for part in &allocation.parts {
            let debt = debts.iter().find(|debt| debt.bill_no == part.bill_no).unwrap();
            let open = match part.item { Item::Cost => debt.cost, Item::Energy => debt.principal, Item::LateFee => debt.fee };
            prop_assert!(part.amount > Money::ZERO && part.amount <= open);
        }
        if amount > 0 {
            let entry = payment_entry(Channel::Cash, ON, Money(amount), &allocation).unwrap();
            let back = payment_entry(Channel::Cash, ON, Money(-amount), &allocation.inverse()).unwrap();
            let reversed = entry.reversed(EntryKind::Payment, ON);
            prop_assert_eq!(reversed, back);
        }
    }
}
