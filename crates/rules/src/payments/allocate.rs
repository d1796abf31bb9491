//! 清偿抵充: spreading one amount over several debts under a policy.

use crate::ledger::LedgerAccount;
use crate::registry::words;
use crate::units::{Money, Ratio};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// The topic in the book. The fact `allocation` carries the contract's choice.
pub const TOPIC: &str = "allocation";

words!(
    /// 债务顺序: which debt is paid first.
    DebtOrder {
        /// The oldest bill first.
        OldestFirst = "oldest_first" / "先旧后新",
        /// Civil Code art. 560: due ones first, then the least secured, the heaviest burden, the earliest due, pro rata.
        CivilCode = "civil_code" / "民法典第560条",
    }
);

words!(
    /// 项目顺序: which part of a debt is paid first.
    ItemOrder {
        /// Bill by bill, principal and its late fee together; a part payment is spread in proportion.
        Together = "together" / "本金违约金同销",
        /// Bill by bill, the late fee before the principal.
        FeeFirst = "fee_first" / "先违约金后本金",
        /// Bill by bill, the principal before the late fee.
        PrincipalFirst = "principal_first" / "先本金后违约金",
        /// Civil Code art. 561, over all bills: cost of enforcement, late fee, principal.
        CostFeePrincipal = "cost_fee_principal" / "费用、违约金、本金",
    }
);

/// 销账规则: the parameters of the topic `allocation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationPolicy {
    /// 债务顺序
    pub debts: DebtOrder,
    /// 项目顺序
    pub items: ItemOrder,
}

words!(
    /// 销账项目: what an amount settles.
    Item {
        /// Cost of enforcement.
        Cost = "cost" / "实现债权费用",
        /// The energy charge.
        Energy = "energy" / "电费",
        /// The late fee.
        LateFee = "late_fee" / "违约金",
    }
);

impl Item {
    /// The ledger account that carries the debt.
    #[must_use]
    pub const fn ledger_account(self) -> LedgerAccount {
        match self {
            Self::Cost | Self::Energy => LedgerAccount::Receivable,
            Self::LateFee => LedgerAccount::LateFeeReceivable,
        }
    }
}

/// 欠费: what is unpaid of one bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    /// The bill.
    pub bill_no: i64,
    /// 缴费截止日
    pub due_on: Date,
    /// Is it secured by a guarantee or pledge?
    pub secured: bool,
    /// The rate per day at which it grows.
    pub burden: Ratio,
    /// Unpaid cost of enforcement.
    pub cost: Money,
    /// Unpaid late fee.
    pub fee: Money,
    /// Unpaid energy charge.
    pub principal: Money,
}

impl Debt {
    fn open(&self, item: Item) -> Money {
        match item {
            Item::Cost => self.cost,
            Item::Energy => self.principal,
            Item::LateFee => self.fee,
        }
    }
}

/// 销账明细: an amount for one item of one bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The bill.
    pub bill_no: i64,
    /// The item.
    pub item: Item,
    /// The amount.
    pub amount: Money,
}

/// 销账结果: where an amount goes. The parts and the prepayment sum to the amount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allocation {
    /// What is settled, none zero.
    pub parts: Vec<Part>,
    /// What is left, kept as prepayment.
    pub prepayment: Money,
}

impl Allocation {
    /// The allocation that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let parts = self.parts.iter().map(|part| Part { amount: -part.amount, ..*part }).collect();
        Self { parts, prepayment: -self.prepayment }
    }

    /// All that is settled.
    #[must_use]
    pub fn settled(&self) -> Money {
        self.parts.iter().map(|part| part.amount).sum()
    }
}

/// Spreads an amount over debts; what is left becomes prepayment. Negative debts are not touched.
#[must_use]
pub fn allocate(policy: AllocationPolicy, debts: &[Debt], amount: Money, on: Date) -> Allocation {
    let groups = in_order(policy.debts, debts, on);
    let mut pool = Pool { left: amount, parts: Vec::with_capacity(debts.len() * 2) };
    match policy.items {
        ItemOrder::Together => {
            for group in &groups {
                pool.pour_together(group);
            }
        }
        ItemOrder::FeeFirst => pool.pour_by_bill(&groups, &[Item::Cost, Item::LateFee, Item::Energy]),
        ItemOrder::PrincipalFirst => pool.pour_by_bill(&groups, &[Item::Cost, Item::Energy, Item::LateFee]),
        ItemOrder::CostFeePrincipal => {
            for item in [Item::Cost, Item::LateFee, Item::Energy] {
                for group in &groups {
                    pool.pour(group, &[item]);
                }
            }
        }
    }
    pool.parts.sort_by_key(|part| (part.bill_no, part.item));
    Allocation { parts: pool.parts, prepayment: pool.left }
}

/// Debts in their order; debts of equal rank stand in one group and share pro rata.
fn in_order(order: DebtOrder, debts: &[Debt], on: Date) -> Vec<Vec<&Debt>> {
    let mut sorted: Vec<&Debt> = debts.iter().collect();
    match order {
        DebtOrder::OldestFirst => {
            sorted.sort_by_key(|debt| (debt.due_on, debt.bill_no));
            sorted.into_iter().map(|debt| vec![debt]).collect()
        }
        DebtOrder::CivilCode => {
            let rank = |debt: &Debt| (debt.due_on >= on, debt.secured, Reverse(debt.burden), debt.due_on);
            sorted.sort_by_key(|debt| (rank(debt), debt.bill_no));
            sorted.chunk_by(|a, b| rank(a) == rank(b)).map(<[&Debt]>::to_vec).collect()
        }
    }
}

struct Pool {
    left: Money,
    parts: Vec<Part>,
}

impl Pool {
    fn pour_by_bill(&mut self, groups: &[Vec<&Debt>], items: &[Item]) {
        for group in groups {
            for item in items {
                self.pour(group, &[*item]);
            }
        }
    }

    fn pour_together(&mut self, group: &[&Debt]) {
        self.pour(group, &[Item::Cost, Item::Energy, Item::LateFee]);
    }

    /// Gives what is left to the open items of a group, in proportion when it does not suffice.
    fn pour(&mut self, group: &[&Debt], items: &[Item]) {
        let open = || {
            group
                .iter()
                .flat_map(|debt| items.iter().map(|item| (debt.bill_no, *item, debt.open(*item))))
                .filter(|(_, _, open)| *open > Money::ZERO)
        };
        let total: Money = open().map(|(_, _, open)| open).sum();
        let given = self.left.min(total);
        if given <= Money::ZERO {
            return;
        }
        // Cumulative shares rounded down: they sum to what is given, and no share exceeds what is open.
        let (mut asked, mut gone) = (Money::ZERO, Money::ZERO);
        for (bill_no, item, open) in open() {
            asked += open;
            let reached = given.prorate(asked.0, total.0, crate::units::Rounding::Truncate);
            let amount = reached - gone;
            gone = reached;
            if !amount.is_zero() {
                self.parts.push(Part { bill_no, item, amount });
            }
        }
        self.left -= given;
    }
}
