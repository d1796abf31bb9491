use super::{CaseKind, DebtorFacts, LegalDebt, Letter, next_measure};
use crate::legal::LegalTriggers;
use crate::units::Money;
use jiff::civil::date;

const RULES: LegalTriggers =
    LegalTriggers { lawyer_letter_periods: 2, sue_from: Money::yuan(500_000), exclude_disputed: true };

/// A debt of `(bill, month of 2026, fen)`, demanded.
fn debt((bill_no, month, fen): (i64, i8, i64)) -> LegalDebt {
    LegalDebt { bill_no, year: 2026, month, open: Money(fen), fee: Money(1), disputed: false, demanded: true }
}

fn facts(debts: &[(i64, i8, i64)]) -> DebtorFacts {
    DebtorFacts {
        debts: debts.iter().copied().map(debt).collect(),
        secured: false,
        insolvent: false,
        letter: Letter::None,
        open_cases: Vec::new(),
    }
}

fn kind(facts: &DebtorFacts) -> Option<CaseKind> {
    next_measure(facts, &RULES, date(2026, 8, 10)).map(|measure| measure.kind)
}

#[test]
fn one_period_and_two() {
    assert_eq!(kind(&facts(&[])), None);
    assert_eq!(kind(&facts(&[(1, 5, 10_000)])), None);
    assert_eq!(kind(&facts(&[(1, 5, 10_000), (2, 6, 1)])), Some(CaseKind::Letter));
    // Two bills of one month are one period.
    assert_eq!(kind(&facts(&[(1, 5, 10_000), (2, 5, 10_000)])), None);
    // A period of the year before does not count among those of this year.
    let mut across = facts(&[(1, 12, 10_000), (2, 1, 10_000)]);
    across.debts[0].year = 2025;
    assert_eq!(kind(&across), None);
}

#[test]
fn half_a_million_to_the_fen() {
    assert_eq!(kind(&facts(&[(1, 5, 49_999_999)])), None);
    assert_eq!(kind(&facts(&[(1, 5, 50_000_000)])), Some(CaseKind::OutsideSuit));
    let mut secured = facts(&[(1, 5, 50_000_000)]);
    secured.secured = true;
    assert_eq!(kind(&secured), None);
    let mut not_demanded = facts(&[(1, 5, 50_000_000)]);
    not_demanded.debts[0].demanded = false;
    assert_eq!(kind(&not_demanded), None);
}

#[test]
fn a_dispute_is_left_out() {
    let mut disputed = facts(&[(1, 5, 30_000_000), (2, 6, 30_000_000)]);
    disputed.debts[1].disputed = true;
    assert_eq!(kind(&disputed), None);
    disputed.debts[1].disputed = false;
    assert_eq!(kind(&disputed), Some(CaseKind::OutsideSuit));
}

#[test]
fn one_measure_after_the_other() {
    let mut debtor = facts(&[(1, 5, 10_000), (2, 6, 10_000)]);
    debtor.letter = Letter::Running;
    debtor.open_cases = vec![CaseKind::Letter];
    assert_eq!(kind(&debtor), None);
    debtor.letter = Letter::TermPassed;
    let measure = next_measure(&debtor, &RULES, date(2026, 8, 10)).expect("a suit");
    assert_eq!((measure.kind, measure.claim, measure.fee), (CaseKind::Suit, Money(20_000), Money(2)));
    assert_eq!(measure.bills, [1, 2]);
    debtor.open_cases = vec![CaseKind::Suit];
    assert_eq!(kind(&debtor), None);
    debtor.insolvent = true;
    assert_eq!(kind(&debtor), Some(CaseKind::BankruptcyClaim));
    debtor.open_cases.push(CaseKind::BankruptcyClaim);
    assert_eq!(kind(&debtor), None);
}
