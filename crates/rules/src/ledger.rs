//! 总账 (foundation `ledger`): the chart of accounts and entries that cannot be out of balance.
//!
//! Debits are positive and credits negative, so a balanced entry sums to zero. An [`Entry`] exists only balanced:
//! its constructor refuses everything else.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::words;
use crate::units::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

words!(
    /// 会计科目: the chart of accounts. Called a ledger account, because "account" is the customer's (户).
    LedgerAccount {
        /// Cash in the drawers and the safe.
        Cash = "1001" / "库存现金",
        /// Money at the banks.
        Bank = "1002" / "银行存款",
        /// Energy charges owed by customers.
        Receivable = "1122" / "应收电费",
        /// Late fees owed by customers.
        LateFeeReceivable = "1221" / "应收违约金",
        /// Prepayments of customers.
        Prepayment = "2203" / "预收电费",
        /// Money that arrived and that nobody is known to have paid.
        Suspense = "2241" / "暂收款",
        /// Refunds approved and not yet paid out.
        RefundPayable = "2242" / "应付退款",
        /// 代征: funds collected for the State.
        Funds = "2243" / "代征基金及附加",
        /// Revenue from energy.
        Revenue = "6001" / "电费收入",
        /// Income from late fees.
        LateFeeIncome = "6301" / "违约金收入",
        /// Debts written off and still pursued (账销案存).
        BadDebt = "6702" / "坏账损失",
        /// Late fees given up with approval.
        Waiver = "6711" / "违约金减免",
    }
);

impl LedgerAccount {
    /// The English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Cash => "Cash",
            Self::Bank => "Bank",
            Self::Receivable => "Energy receivable",
            Self::LateFeeReceivable => "Late-fee receivable",
            Self::Prepayment => "Prepayments",
            Self::Suspense => "Suspense",
            Self::RefundPayable => "Refunds payable",
            Self::Funds => "State funds collected",
            Self::Revenue => "Energy revenue",
            Self::LateFeeIncome => "Late-fee income",
            Self::Waiver => "Late fees waived",
            Self::BadDebt => "Bad debts",
        }
    }

    /// 科目编号 as the number the database keeps.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Cash => 1001,
            Self::Bank => 1002,
            Self::Receivable => 1122,
            Self::LateFeeReceivable => 1221,
            Self::Prepayment => 2203,
            Self::Suspense => 2241,
            Self::RefundPayable => 2242,
            Self::Funds => 2243,
            Self::Revenue => 6001,
            Self::LateFeeIncome => 6301,
            Self::Waiver => 6711,
            Self::BadDebt => 6702,
        }
    }

    /// From the number the database keeps.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|account| account.code() == code)
    }
}

words!(
    /// 凭证类别: why an entry was written.
    EntryKind {
        /// A bill was released.
        BillRelease = "bill_release" / "电费发行",
        /// A released bill was cancelled or corrected.
        BillCorrection = "bill_correction" / "退补冲正",
        /// Late fees accrued.
        LateFee = "late_fee" / "违约金计提",
        /// A payment arrived.
        Payment = "payment" / "收费",
        /// A payment was taken back.
        PaymentReversal = "payment_reversal" / "收费冲正",
        /// A prepayment paid a bill.
        PrepaymentApplied = "prepayment_applied" / "预收结转",
        /// A late fee was waived.
        Waiver = "waiver" / "违约金减免",
        /// A refund was approved.
        RefundApproved = "refund_approved" / "退费审批",
        /// A refund was paid out.
        RefundPaid = "refund_paid" / "退费支付",
        /// Money of unknown origin arrived.
        SuspenseIn = "suspense_in" / "暂收挂账",
        /// Money of unknown origin found its owner or went back.
        SuspenseOut = "suspense_out" / "暂收销账",
        /// A debt was written off.
        WriteOff = "write_off" / "坏账核销",
    }
);

/// 分录: one line of an entry; debit positive, credit negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// 科目
    pub account: LedgerAccount,
    /// Signed amount: debit positive, credit negative.
    pub amount: Money,
}

/// 凭证: a balanced entry. Zero lines are left out; lines of one ledger account are added up; the order is that of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    kind: EntryKind,
    business_date: Date,
    postings: Vec<Posting>,
}

/// Why an entry cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryRefusal {
    /// The lines do not sum to zero.
    Unbalanced {
        /// What they sum to.
        sum: Money,
    },
    /// Nothing is left to be written.
    Empty,
}

impl Refuse for EntryRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unbalanced { .. } => "ledger.unbalanced",
            Self::Empty => "ledger.empty",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::Unbalanced { sum } => Bilingual::new(
                format!("凭证借贷不平,差额{sum}元"),
                format!("the entry does not balance: it sums to {sum} yuan"),
            ),
            Self::Empty => Bilingual::new("凭证无金额", "the entry moves no money"),
        }
    }
}

impl Entry {
    /// An entry from its lines, debit positive and credit negative.
    ///
    /// # Errors
    /// The lines do not sum to zero, or all are zero.
    pub fn new(
        kind: EntryKind,
        business_date: Date,
        lines: impl IntoIterator<Item = (LedgerAccount, Money)>,
    ) -> Result<Self, EntryRefusal> {
        let mut postings: Vec<Posting> = Vec::with_capacity(4);
        let mut sum = Money::ZERO;
        for (account, amount) in lines {
            sum += amount;
            match postings.iter_mut().find(|p| p.account == account) {
                Some(posting) => posting.amount += amount,
                None => postings.push(Posting { account, amount }),
            }
        }
        if !sum.is_zero() {
            return Err(EntryRefusal::Unbalanced { sum });
        }
        postings.retain(|posting| !posting.amount.is_zero());
        if postings.is_empty() {
            return Err(EntryRefusal::Empty);
        }
        postings.sort_by_key(|posting| posting.account);
        Ok(Self { kind, business_date, postings })
    }

    /// Moves an amount: debits `to` and credits `from`.
    ///
    /// # Errors
    /// The amount is zero.
    pub fn transfer(
        kind: EntryKind,
        business_date: Date,
        to: LedgerAccount,
        from: LedgerAccount,
        amount: Money,
    ) -> Result<Self, EntryRefusal> {
        Self::new(kind, business_date, [(to, amount), (from, -amount)])
    }

    /// The entry that takes this one back on a later day.
    #[must_use]
    pub fn reversed(&self, kind: EntryKind, business_date: Date) -> Self {
        let postings =
            self.postings.iter().map(|p| Posting { account: p.account, amount: -p.amount }).collect();
        Self { kind, business_date, postings }
    }

    /// Why it was written.
    #[must_use]
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// 业务日期
    #[must_use]
    pub fn business_date(&self) -> Date {
        self.business_date
    }

    /// Its lines, none zero, one per ledger account, in the order of the chart.
    #[must_use]
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }
}

/// 电费发行: the entry of a released bill: the customer owes; revenue and State funds are credited. A negative bill (退补) gives the opposite.
///
/// # Errors
/// The bill is of zero yuan.
pub fn bill_released(business_date: Date, total: Money, funds: Money) -> Result<Entry, EntryRefusal> {
    Entry::new(
        EntryKind::BillRelease,
        business_date,
        [
            (LedgerAccount::Receivable, total),
            (LedgerAccount::Revenue, funds - total),
            (LedgerAccount::Funds, -funds),
        ],
    )
}
