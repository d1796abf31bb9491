//! 诉前措施: what is to be done next about a debtor who does not pay, a pure function of his debts.

use super::LegalTriggers;
use crate::derivation::Bilingual;
use crate::registry::words;
use crate::units::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

words!(
    /// 法律措施
    CaseKind {
        /// A lawyer demands.
        Letter = "letter" / "律师催告函",
        /// 督促程序: the court orders payment.
        PaymentOrder = "payment_order" / "支付令",
        /// A suit by the company's own counsel.
        Suit = "suit" / "起诉",
        /// A suit by counsel from outside.
        OutsideSuit = "outside_suit" / "外委律师起诉",
        /// The claim filed with an administrator.
        BankruptcyClaim = "bankruptcy_claim" / "申报破产债权",
    }
);

/// 欠费: an overdue debt as far as legal action looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalDebt {
    /// The bill.
    pub bill_no: i64,
    /// Year of its charging month.
    pub year: i16,
    /// Its charging month, 1 to 12.
    pub month: i8,
    /// What is unpaid of it.
    pub open: Money,
    /// Its late fee through today.
    pub fee: Money,
    /// A dispute, complaint or suspected reading stands against it, or a plan that is kept.
    pub disputed: bool,
    /// A demand of it arrived.
    pub demanded: bool,
}

/// Where a lawyer's letter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// There is none.
    None,
    /// It is being made, or its term runs.
    Running,
    /// Its term has passed.
    TermPassed,
}

/// 债务人情况: what decides about the next measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebtorFacts {
    /// His overdue debts.
    pub debts: Vec<LegalDebt>,
    /// He has given security.
    pub secured: bool,
    /// Insolvency proceedings are open.
    pub insolvent: bool,
    /// His lawyer's letter.
    pub letter: Letter,
    /// Cases that are open.
    pub open_cases: Vec<CaseKind>,
}

/// 建议措施: what is proposed, about which bills, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// What.
    pub kind: CaseKind,
    /// About these bills.
    pub bills: Vec<i64>,
    /// Principal.
    pub claim: Money,
    /// Late fee through today.
    pub fee: Money,
    /// Why.
    pub why: Bilingual,
}

/// The measure that is due, if any; in the order: bankruptcy, large arrears, suit after the letter, letter.
#[must_use]
pub fn next_measure(facts: &DebtorFacts, rules: &LegalTriggers, on: Date) -> Option<Measure> {
    let debts: Vec<&LegalDebt> = facts
        .debts
        .iter()
        .filter(|debt| debt.open > Money::ZERO && !(rules.exclude_disputed && debt.disputed))
        .collect();
    let is_open = |kind| facts.open_cases.contains(&kind);
    if debts.is_empty() {
        return None;
    }
    if facts.insolvent {
        let why =
            Bilingual::new("已受理破产,申报债权", "insolvency proceedings are open: the claim is filed");
        return (!is_open(CaseKind::BankruptcyClaim))
            .then(|| measure(CaseKind::BankruptcyClaim, &debts, why));
    }
    if facts.open_cases.iter().any(|kind| !matches!(kind, CaseKind::Letter)) {
        return None;
    }
    let total: Money = debts.iter().map(|debt| debt.open).sum();
    if total >= rules.sue_from && debts.iter().any(|debt| debt.demanded) && !facts.secured {
        let why = Bilingual::new(
            format!("欠费{total}元,达到{}元,经催告未还款也未提供担保", rules.sue_from),
            format!("arrears of {total} yuan reach {}; demanded, neither paid nor secured", rules.sue_from),
        );
        return Some(measure(CaseKind::OutsideSuit, &debts, why));
    }
    match facts.letter {
        Letter::Running => None,
        Letter::TermPassed => {
            let why = Bilingual::new(
                "律师催告函期限已过仍未缴清",
                "the term of the lawyer's letter has passed unpaid",
            );
            Some(measure(CaseKind::Suit, &debts, why))
        }
        Letter::None => {
            let periods: BTreeSet<(i16, i8)> = debts
                .iter()
                .filter(|debt| debt.year == on.year())
                .map(|debt| (debt.year, debt.month))
                .collect();
            if periods.len() < usize::from(rules.lawyer_letter_periods) {
                return None;
            }
            let why = Bilingual::new(
                format!("当年欠费{}期,达到{}期", periods.len(), rules.lawyer_letter_periods),
                format!(
                    "{} unpaid periods in the year, {} are enough",
                    periods.len(),
                    rules.lawyer_letter_periods
                ),
            );
            Some(measure(CaseKind::Letter, &debts, why))
        }
    }
}

fn measure(kind: CaseKind, debts: &[&LegalDebt], why: Bilingual) -> Measure {
    Measure {
        kind,
        bills: debts.iter().map(|debt| debt.bill_no).collect(),
        claim: debts.iter().map(|debt| debt.open).sum(),
        fee: debts.iter().map(|debt| debt.fee).sum(),
        why,
    }
}
