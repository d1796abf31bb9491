//! 支付令: may the company ask the court for a payment order? A check list after CPL 225 and CPI 427–436.

use crate::derivation::Bilingual;
use serde::Serialize;

/// What the check list asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderFacts {
    /// Every claimed debt is overdue.
    pub all_due: bool,
    /// A bill waits for correction, or a reading is suspected: the amount may change.
    pub amount_may_change: bool,
    /// A dispute or complaint stands against a claimed debt.
    pub disputed: bool,
    /// The company owes the debtor something: a credit bill, a prepayment, a refund.
    pub owes_in_return: bool,
    /// A notice reached the debtor within the time that the rule asks.
    pub reachable: bool,
    /// Assets were preserved before a suit.
    pub preserved: bool,
    /// Insolvency proceedings are open.
    pub insolvent: bool,
    /// A signed contract has the late-fee clause.
    pub late_fee_clause: bool,
}

/// One line of the check list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderCheck {
    /// Stable code.
    pub code: &'static str,
    /// What is asked.
    pub text: Bilingual,
    /// The article.
    pub article: &'static str,
    /// Does it hold?
    pub holds: bool,
    /// Is the application refused without it? The late-fee clause only leaves the late fee out of the claim.
    pub needed: bool,
}

/// The list for a claim; the application may be made when every needed line holds.
#[must_use]
pub fn order_checks(facts: &OrderFacts) -> Vec<OrderCheck> {
    let line = |code, zh: &str, en: &str, article, holds, needed| OrderCheck {
        code,
        text: Bilingual::new(zh, en),
        article,
        holds,
        needed,
    };
    vec![
        line(
            "order.due",
            "请求给付的金钱已到期",
            "the money is due",
            "民事诉讼法第225条; 解释第427条",
            facts.all_due,
            true,
        ),
        line("order.fixed", "数额确定", "the amount is fixed", "解释第427条", !facts.amount_may_change, true),
        line(
            "order.undisputed",
            "双方没有其他债务纠纷",
            "no dispute between the parties",
            "民事诉讼法第225条",
            !facts.disputed,
            true,
        ),
        line(
            "order.no_counter_duty",
            "债权人没有对待给付义务",
            "the company owes nothing in return",
            "解释第427条",
            !facts.owes_in_return,
            true,
        ),
        line(
            "order.reachable",
            "债务人在境内且未下落不明,支付令能够送达",
            "the debtor is in the country and can be served",
            "民事诉讼法第225条; 解释第427条",
            facts.reachable,
            true,
        ),
        line(
            "order.no_preservation",
            "未申请诉前保全",
            "no preservation before a suit",
            "解释第427条",
            !facts.preserved,
            true,
        ),
        line(
            "order.no_insolvency",
            "债务人未进入破产程序",
            "no insolvency proceedings",
            "企业破产法",
            !facts.insolvent,
            true,
        ),
        line(
            "order.late_fee_clause",
            "书面合同约定了违约金;否则不得主张违约金",
            "a signed contract has the late-fee clause; else the late fee is left out",
            "解释第428条第2项",
            facts.late_fee_clause,
            false,
        ),
    ]
}

/// May the application be made?
#[must_use]
pub fn may_apply(checks: &[OrderCheck]) -> bool {
    checks.iter().all(|check| check.holds || !check.needed)
}

#[cfg(test)]
mod tests {
    use super::{OrderFacts, may_apply, order_checks};

    const GOOD: OrderFacts = OrderFacts {
        all_due: true,
        amount_may_change: false,
        disputed: false,
        owes_in_return: false,
        reachable: true,
        preserved: false,
        insolvent: false,
        late_fee_clause: true,
    };

    #[test]
    fn every_line_of_the_list() {
        assert!(may_apply(&order_checks(&GOOD)));
        let cases = [
            ("order.due", OrderFacts { all_due: false, ..GOOD }, false),
            ("order.fixed", OrderFacts { amount_may_change: true, ..GOOD }, false),
            ("order.undisputed", OrderFacts { disputed: true, ..GOOD }, false),
            ("order.no_counter_duty", OrderFacts { owes_in_return: true, ..GOOD }, false),
            ("order.reachable", OrderFacts { reachable: false, ..GOOD }, false),
            ("order.no_preservation", OrderFacts { preserved: true, ..GOOD }, false),
            ("order.no_insolvency", OrderFacts { insolvent: true, ..GOOD }, false),
            // Without the clause the order is asked for, and the late fee left out.
            ("order.late_fee_clause", OrderFacts { late_fee_clause: false, ..GOOD }, true),
        ];
        for (code, facts, may) in cases {
            let checks = order_checks(&facts);
            let failed: Vec<_> = checks.iter().filter(|check| !check.holds).map(|check| check.code).collect();
            assert_eq!(failed, [code]);
            assert_eq!(may_apply(&checks), may, "{code}");
        }
    }
}
