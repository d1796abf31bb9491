use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const DAY: Date = date(2026, 8, 20);

#[test]
fn an_entry_that_does_not_balance_is_refused() {
    let lines = [(LedgerAccount::Bank, Money(100)), (LedgerAccount::Receivable, Money(-99))];
    assert_eq!(Entry::new(EntryKind::Payment, DAY, lines), Err(EntryRefusal::Unbalanced { sum: Money(1) }));
    let nothing =
        Entry::transfer(EntryKind::Payment, DAY, LedgerAccount::Bank, LedgerAccount::Receivable, Money::ZERO);
    assert_eq!(nothing, Err(EntryRefusal::Empty));
}

#[test]
fn lines_of_one_account_are_added_up_and_zero_lines_vanish() {
    let entry = Entry::new(
        EntryKind::Payment,
        DAY,
        [
            (LedgerAccount::Receivable, Money(-60)),
            (LedgerAccount::Prepayment, Money::ZERO),
            (LedgerAccount::Bank, Money(100)),
            (LedgerAccount::Receivable, Money(-40)),
        ],
    )
    .unwrap();
    let lines: Vec<_> = entry.postings().iter().map(|p| (p.account.word(), p.amount.raw())).collect();
    assert_eq!(lines, [("1002", 100), ("1122", -100)]);
}

#[test]
fn codes_and_words_agree_and_are_unique() {
    for account in LedgerAccount::ALL {
        assert_eq!(account.word(), account.code().to_string());
        assert_eq!(LedgerAccount::from_code(account.code()), Some(*account));
    }
}

proptest! {
    #[test]
    fn every_entry_sums_to_zero_and_its_reversal_undoes_it(amounts in prop::collection::vec(-1_000_000_i64..1_000_000, 1..8)) {
        let rest: i64 = amounts.iter().sum();
        let lines = amounts.iter().zip(LedgerAccount::ALL.iter().cycle()).map(|(a, l)| (*l, Money(*a)))
            .chain([(LedgerAccount::BadDebt, Money(-rest))]);
        if let Ok(entry) = Entry::new(EntryKind::Payment, DAY, lines) {
            prop_assert_eq!(entry.postings().iter().map(|p| p.amount).sum::<Money>(), Money::ZERO);
            prop_assert!(entry.postings().iter().all(|p| !p.amount.is_zero()));
            let back = entry.reversed(EntryKind::PaymentReversal, DAY);
            prop_assert_eq!(back.reversed(EntryKind::Payment, DAY), entry);
        }
    }
}
