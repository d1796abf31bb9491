use super::{CaseRefusal, CaseState as S, StepKind as T, after};
use crate::legal::terms::LegalTerms;
use crate::legal::triggers::CaseKind as K;
use crate::rulebook::{Rulebook, Selector};
use jiff::civil::date;

#[test]
fn a_payment_order_runs_by_its_clocks() {
    let book = Rulebook::embedded();
    let site = Selector::in_jurisdictions(&["cn", "sgcc"]);
    let on = date(2026, 8, 3);
    let clocks: LegalTerms = book.pick("legal_terms", &site, on).expect("a rule").params;
    for (state, until) in [
        (S::Filed, Some(date(2026, 8, 8))),
        (S::Accepted, Some(date(2026, 8, 18))),
        (S::Issued, Some(date(2026, 9, 2))),
        (S::Served, Some(date(2026, 8, 18))),
        (S::Objected, Some(date(2026, 8, 10))),
        (S::Decided, Some(date(2028, 8, 3))),
        (S::Enforcing, None),
    ] {
        assert_eq!(clocks.until(K::PaymentOrder, state, on), until, "{state:?}");
    }
    assert_eq!(clocks.until(K::Suit, S::Filed, on), None);
    assert_eq!(clocks.until(K::Letter, S::Sent, on), Some(date(2026, 8, 18)));
}

#[test]
fn only_the_right_step_follows() {
    for (kind, state, step, next) in [
        (K::PaymentOrder, S::Approved, T::Filed, Ok(S::Filed)),
        (K::PaymentOrder, S::Served, T::Objection, Ok(S::Objected)),
        (K::PaymentOrder, S::Objected, T::SuitDeclined, Ok(S::Closed)),
        (K::PaymentOrder, S::Issued, T::NotDelivered, Ok(S::Closed)),
        (K::Suit, S::Accepted, T::Hearing, Ok(S::Heard)),
        (K::Suit, S::Heard, T::Decided, Ok(S::Decided)),
        (K::OutsideSuit, S::Decided, T::Enforcement, Ok(S::Enforcing)),
        (K::BankruptcyClaim, S::Filed, T::Decided, Ok(S::Decided)),
        (K::Suit, S::Accepted, T::Preserved, Ok(S::Preserved)),
        (K::Suit, S::Preserved, T::Decided, Ok(S::Decided)),
        (K::Suit, S::Filed, T::Dismissed, Ok(S::Closed)),
        (K::Suit, S::Proposed, T::Filed, Err(CaseRefusal::WrongState(S::Proposed))),
        (K::Suit, S::Closed, T::Hearing, Err(CaseRefusal::WrongState(S::Closed))),
        (K::Suit, S::Accepted, T::OrderIssued, Err(CaseRefusal::WrongKind(K::Suit))),
        (K::Letter, S::Approved, T::Filed, Err(CaseRefusal::WrongKind(K::Letter))),
        (K::BankruptcyClaim, S::Decided, T::Enforcement, Err(CaseRefusal::WrongKind(K::BankruptcyClaim))),
    ] {
        assert_eq!(after(kind, state, step), next, "{kind:?} {state:?} {step:?}");
    }
}
