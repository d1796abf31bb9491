//! 柜台收费: a payment for one account, once per id, and its reversal.

use super::decide::{Payment, Terms};
use crate::error::OfficeError;
use crate::ledger::{Books, save};
use crate::work::Work;
use denghuo_rules::payments::{Channel, PaymentRefusal};
use denghuo_rules::units::Money;
use denghuo_store::payments::{KeyRow, PaymentRow};
use denghuo_store::{Conn, audit, payments, registry};
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// 收据: what a payment did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Receipt {
    /// 收据号, which also names the payment.
    pub receipt_no: String,
    /// 渠道
    pub channel: Channel,
    /// The amount.
    pub amount: Money,
    /// Settled of energy charges.
    pub energy: Money,
    /// Settled of late fees.
    pub late_fee: Money,
    /// Kept as prepayment.
    pub prepayment: Money,
    /// Still owed by the account: energy charges and booked late fees.
    pub still_owed: Money,
}

/// What became of a payment that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "state", content = "receipt", rename_all = "snake_case")]
pub enum Posted {
    /// It was posted now.
    New(Receipt),
    /// The same id with the same content was posted before; nothing was changed.
    AlreadyThere(Receipt),
}

/// The account with a number.
///
/// # Errors
/// There is none, or the database's.
pub fn find_account(conn: &mut Conn, account_no: &str) -> Result<i64, OfficeError> {
    registry::account_by_no(conn, account_no)?.ok_or_else(|| {
        OfficeError::refuse(PaymentRefusal::UnknownAccount { account_no: account_no.to_owned() })
    })
}

/// Digest of what makes two payments the same.
pub(super) fn content_digest(account_id: i64, payment: &Payment) -> String {
    let text = format!("{account_id} {} {}", payment.amount, payment.paid_on);
    Sha256::digest(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Refuses a business date that is closed for a cashier or for the company.
pub(super) fn check_open(conn: &mut Conn, cashier: &str, on: Date) -> Result<(), OfficeError> {
    match payments::closed_through(conn, cashier)? {
        Some(closed) if on <= closed => Err(OfficeError::refuse(PaymentRefusal::DayClosed { on })),
        _ => Ok(()),
    }
}

/// The payment that was posted under a channel's id; `None` when the id is new.
///
/// # Errors
/// The id was posted with other content.
pub(super) fn known(
    conn: &mut Conn,
    account_id: i64,
    payment: &Payment,
) -> Result<Option<KeyRow>, OfficeError> {
    if payment.external_id.is_empty() {
        return Ok(None);
    }
    match payments::key(conn, payment.channel, &payment.external_id)? {
        Some(key) if key.digest != content_digest(account_id, payment) => {
            let external_id = payment.external_id.clone();
            Err(OfficeError::refuse(PaymentRefusal::SameIdOtherContent { external_id }))
        }
        found => Ok(found),
    }
}

/// Takes a payment for one account; `work.by` is the cashier.
///
/// # Errors
/// A refusal (see [`PaymentRefusal`]), a missing rule, or the database's.
pub fn pay(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    payment: &Payment,
    on: Date,
) -> Result<Posted, OfficeError> {
    if payment.amount <= Money::ZERO {
        return Err(OfficeError::refuse(PaymentRefusal::NotPositive { amount: payment.amount }));
    }
    if payment.paid_on > on {
        return Err(OfficeError::refuse(PaymentRefusal::InTheFuture {
            paid_on: payment.paid_on,
            posted_on: on,
        }));
    }
    work.check_date(payment.paid_on)?;
    let terms = Terms::of(work, on)?;
    conn.write(|conn| {
        let mut books = Books::lock(conn, account_id, on)?;
        if let Some(key) = known(conn, account_id, payment)? {
            return Ok(Posted::AlreadyThere(receipt_of(conn, account_id, key.payment_no)?));
        }
        check_open(conn, &work.by, on)?;
        let row = books.pay(work, &terms, payment, on)?;
        books.keep_payment_key(payment, row.payment_no);
        save(conn, work, vec![books])?;
        Ok(Posted::New(receipt_of(conn, account_id, row.payment_no)?))
    })
}

impl Books {
    /// Keeps the channel's id of a payment, when it gave one.
    pub(super) fn keep_payment_key(&mut self, payment: &Payment, payment_no: i64) {
        if !payment.external_id.is_empty() {
            self.keep_key(KeyRow {
                channel: payment.channel,
                external_id: payment.external_id.clone(),
                digest: content_digest(self.account_id, payment),
                account_id: self.account_id,
                payment_no,
            });
        }
    }
}

/// The receipt of a payment as the database has it.
pub(super) fn receipt_of(conn: &mut Conn, account_id: i64, payment_no: i64) -> Result<Receipt, OfficeError> {
    let row = load_payment(conn, account_id, payment_no)?;
    let settled = payments::allocations_of(conn, account_id, payment_no)?;
    let of =
        |kind: &str| settled.iter().filter(|part| part.kind == kind).map(|part| part.amount).sum::<Money>();
    let balance = denghuo_store::ledger::balance(conn, account_id)?;
    Ok(Receipt {
        receipt_no: row.receipt_no.clone().unwrap_or_default(),
        channel: row.channel,
        amount: row.amount,
        energy: of("energy"),
        late_fee: of("late_fee"),
        prepayment: row.unused,
        still_owed: balance.receivable + balance.late_fee,
    })
}

pub(super) fn load_payment(
    conn: &mut Conn,
    account_id: i64,
    payment_no: i64,
) -> Result<PaymentRow, OfficeError> {
    payments::payment(conn, account_id, payment_no)?.ok_or_else(|| {
        OfficeError::refuse(PaymentRefusal::UnknownPayment { payment: format!("{account_id}-{payment_no}") })
    })
}

/// 冲正: takes a payment back as if it had never been paid; gives the reversal.
///
/// # Errors
/// A refusal (see [`PaymentRefusal`]), a missing rule, or the database's.
pub fn reverse(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, payment_no): (i64, i64),
    reason: &str,
    on: Date,
) -> Result<PaymentRow, OfficeError> {
    let terms = Terms::of(work, on)?;
    conn.write(|conn| {
        check_open(conn, &work.by, on)?;
        let mut books = Books::lock(conn, account_id, on)?;
        let payment = load_payment(conn, account_id, payment_no)?;
        let settled = payments::allocations_of(conn, account_id, payment_no)?;
        for part in settled.iter().filter(|part| part.kind != "refund") {
            books.bring_in(conn, part.bill_no)?;
        }
        let reversal = books.reverse(work, &terms, &payment, &settled, on)?;
        save(conn, work, vec![books])?;
        if payment.channel == Channel::Suspense {
            super::suspense::reopen(conn, account_id, payment_no)?;
        }
        let subject = format!("payment:{payment_no}");
        let mark = audit::Mark {
            account_id,
            happened_on: on,
            subject: &subject,
            action: "payment.reverse",
            who: &work.by,
            before: None,
            after: Some(reason),
            recorded_at: work.now,
        };
        audit::mark(conn, &mark)?;
        Ok(reversal)
    })
}
