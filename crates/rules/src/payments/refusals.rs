//! What a payment or refund can be refused for.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::units::Money;
use jiff::civil::Date;

/// Why a payment is not taken or not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentRefusal {
    /// The amount is not positive.
    NotPositive {
        /// The amount given.
        amount: Money,
    },
    /// No such account.
    UnknownAccount {
        /// The account number given.
        account_no: String,
    },
    /// The channel gave the same id for another payment.
    SameIdOtherContent {
        /// The external id.
        external_id: String,
    },
    /// The day is closed.
    DayClosed {
        /// The business date.
        on: Date,
    },
    /// It is dated after the day on which it is posted.
    InTheFuture {
        /// The payment day given.
        paid_on: Date,
        /// The business date.
        posted_on: Date,
    },
    /// No such payment.
    UnknownPayment {
        /// The payment as it was asked for.
        payment: String,
    },
    /// It was taken back already.
    AlreadyReversed {
        /// The payment.
        payment: String,
    },
    /// Some of it was refunded, so it cannot be taken back as a whole.
    Refunded {
        /// The payment.
        payment: String,
        /// The refunded amount.
        amount: Money,
    },
    /// It is not money that came in, so it cannot be taken back.
    NotReversible {
        /// The payment.
        payment: String,
    },
}

impl Refuse for PaymentRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotPositive { .. } => "payment.not_positive",
            Self::UnknownAccount { .. } => "payment.unknown_account",
            Self::SameIdOtherContent { .. } => "payment.same_id_other_content",
            Self::DayClosed { .. } => "payment.day_closed",
            Self::InTheFuture { .. } => "payment.in_the_future",
            Self::UnknownPayment { .. } => "payment.unknown_payment",
            Self::AlreadyReversed { .. } => "payment.already_reversed",
            Self::Refunded { .. } => "payment.refunded",
            Self::NotReversible { .. } => "payment.not_reversible",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::NotPositive { amount } => Bilingual::new(
                format!("缴费金额须大于零,收到{amount}元"),
                format!("the amount must be positive, not {amount} yuan"),
            ),
            Self::UnknownAccount { account_no } => {
                Bilingual::new(format!("户号{account_no}不存在"), format!("there is no account {account_no}"))
            }
            Self::SameIdOtherContent { external_id } => Bilingual::new(
                format!("流水号{external_id}已入账且内容不同"),
                format!("the id {external_id} was posted already with other content"),
            ),
            Self::DayClosed { on } => {
                Bilingual::new(format!("{on}已日结,不能再记账"), format!("{on} is closed"))
            }
            Self::InTheFuture { paid_on, posted_on } => Bilingual::new(
                format!("缴费日{paid_on}晚于业务日{posted_on}"),
                format!("the payment day {paid_on} lies after the business date {posted_on}"),
            ),
            Self::UnknownPayment { payment } => {
                Bilingual::new(format!("缴费记录{payment}不存在"), format!("there is no payment {payment}"))
            }
            Self::AlreadyReversed { payment } => Bilingual::new(
                format!("缴费记录{payment}已冲正"),
                format!("the payment {payment} was taken back already"),
            ),
            Self::Refunded { payment, amount } => Bilingual::new(
                format!("缴费记录{payment}已退费{amount}元,不能冲正"),
                format!("{amount} yuan of the payment {payment} were refunded; it cannot be taken back"),
            ),
            Self::NotReversible { payment } => Bilingual::new(
                format!("记录{payment}不是收款,不能冲正"),
                format!("{payment} is no money received; it cannot be taken back"),
            ),
        }
    }
}

/// Why a refund is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundRefusal {
    /// The amount is not positive.
    NotPositive,
    /// One person asks and approves.
    OnePerson,
    /// More than the prepayment.
    MoreThanPrepaid {
        /// The prepayment.
        prepaid: Money,
    },
}

impl Refuse for RefundRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotPositive => "refund.not_positive",
            Self::OnePerson => "refund.one_person",
            Self::MoreThanPrepaid { .. } => "refund.more_than_prepaid",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::NotPositive => Bilingual::new("退费金额须大于零", "the amount must be positive"),
            Self::OnePerson => {
                Bilingual::new("申请人与审批人不得为同一人", "the same person may not request and approve")
            }
            Self::MoreThanPrepaid { prepaid } => Bilingual::new(
                format!("退费金额超过预收余额{prepaid}元"),
                format!("more than the prepayment of {prepaid} yuan"),
            ),
        }
    }
}
