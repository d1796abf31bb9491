//! 收费与销账 (column `payments`): how money is spread over debts, and the entries that it writes.

use crate::ledger::{Entry, EntryKind, EntryRefusal, LedgerAccount};
use crate::registry::words;
use crate::units::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod allocate;
mod refusals;
#[cfg(test)]
mod tests;

pub use allocate::{Allocation, AllocationPolicy, Debt, DebtOrder, Item, ItemOrder, Part, TOPIC, allocate};
pub use refusals::{PaymentRefusal, RefundRefusal};

words!(
    /// 缴费渠道: how money arrived.
    Channel {
        /// Cash at the counter.
        Cash = "cash" / "现金",
        /// A card at the counter.
        Pos = "pos" / "刷卡",
        /// A bank transfer told at the counter.
        Transfer = "transfer" / "转账",
        /// A line of a bank's file.
        Bank = "bank" / "银行代收",
        /// The customer's pages or an app.
        Online = "online" / "网上缴费",
        /// Money that waited in suspense.
        Suspense = "suspense" / "暂收结转",
        /// A bill or fee that became negative; no money moves.
        Credit = "credit" / "退补冲抵",
        /// A debt that left the books (账销案存); no money moves.
        WriteOff = "write_off" / "核销",
    }
);

impl Channel {
    /// The ledger account that the money stands on.
    #[must_use]
    pub const fn ledger_account(self) -> LedgerAccount {
        match self {
            Self::Cash => LedgerAccount::Cash,
            Self::Pos | Self::Transfer | Self::Bank | Self::Online => LedgerAccount::Bank,
            Self::Suspense => LedgerAccount::Suspense,
            Self::Credit => LedgerAccount::Prepayment,
            Self::WriteOff => LedgerAccount::BadDebt,
        }
    }

    /// Does money move?
    #[must_use]
    pub const fn is_money(self) -> bool {
        !matches!(self, Self::Credit | Self::WriteOff)
    }

    /// Is it taken by a person at the counter?
    #[must_use]
    pub const fn at_counter(self) -> bool {
        matches!(self, Self::Cash | Self::Pos | Self::Transfer)
    }
}

/// What the parts of an allocation credit, as entry lines.
fn allocated_lines(allocation: &Allocation) -> impl Iterator<Item = (LedgerAccount, Money)> + '_ {
    allocation
        .parts
        .iter()
        .map(|part| (part.item.ledger_account(), -part.amount))
        .chain([(LedgerAccount::Prepayment, -allocation.prepayment)])
}

/// 收费: the entry of a payment with its allocation. Taken back, the same entry is [`Entry::reversed`].
///
/// # Errors
/// The allocation is not the payment's.
pub fn payment_entry(
    channel: Channel,
    on: Date,
    amount: Money,
    allocation: &Allocation,
) -> Result<Entry, EntryRefusal> {
    let kind = if channel == Channel::Suspense { EntryKind::SuspenseOut } else { EntryKind::Payment };
    Entry::new(kind, on, [(channel.ledger_account(), amount)].into_iter().chain(allocated_lines(allocation)))
}

/// 预收结转: the entry of debts paid from the prepayment.
///
/// # Errors
/// Nothing is allocated.
pub fn prepayment_entry(on: Date, parts: &[Part]) -> Result<Entry, EntryRefusal> {
    let total: Money = parts.iter().map(|part| part.amount).sum();
    let lines = parts.iter().map(|part| (part.item.ledger_account(), -part.amount));
    Entry::new(
        EntryKind::PrepaymentApplied,
        on,
        [(LedgerAccount::Prepayment, total)].into_iter().chain(lines),
    )
}

/// 违约金计提: the entry that brings the booked fee to its target; a negative difference takes back.
///
/// # Errors
/// The difference is zero.
pub fn fee_entry(on: Date, difference: Money) -> Result<Entry, EntryRefusal> {
    Entry::transfer(
        EntryKind::LateFee,
        on,
        LedgerAccount::LateFeeReceivable,
        LedgerAccount::LateFeeIncome,
        difference,
    )
}

/// 违约金减免: the entry of a waiver.
///
/// # Errors
/// The amount is zero.
pub fn waiver_entry(on: Date, amount: Money) -> Result<Entry, EntryRefusal> {
    Entry::transfer(EntryKind::Waiver, on, LedgerAccount::Waiver, LedgerAccount::LateFeeReceivable, amount)
}

/// 退费: the entries of a refund: approved, then paid out.
///
/// # Errors
/// The amount is zero.
pub fn refund_entries(on: Date, amount: Money, channel: Channel) -> Result<[Entry; 2], EntryRefusal> {
    Ok([
        Entry::transfer(
            EntryKind::RefundApproved,
            on,
            LedgerAccount::Prepayment,
            LedgerAccount::RefundPayable,
            amount,
        )?,
        Entry::transfer(
            EntryKind::RefundPaid,
            on,
            LedgerAccount::RefundPayable,
            channel.ledger_account(),
            amount,
        )?,
    ])
}

/// Decides a refund: two persons, and no more than the prepayment.
///
/// # Errors
/// The first refusal that applies.
pub fn decide_refund(
    amount: Money,
    prepaid: Money,
    asked_by: &str,
    approved_by: &str,
) -> Result<(), RefundRefusal> {
    if amount <= Money::ZERO {
        return Err(RefundRefusal::NotPositive);
    }
    if asked_by == approved_by {
        return Err(RefundRefusal::OnePerson);
    }
    if amount > prepaid {
        return Err(RefundRefusal::MoreThanPrepaid { prepaid });
    }
    Ok(())
}
