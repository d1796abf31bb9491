//! 收费 (column `payments`): payments, allocations, idempotency keys, refunds, bank files, day closes.

use crate::day::Range;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use jiff::civil::Date;

mod bank;
mod close;
mod intents;
mod lists;
mod requests;
mod verify;

pub use bank::{
    BankFileRow, BankLineRow, Candidate, KnownLine, accounts_of_file, bank_file, candidates,
    insert_bank_file, insert_bank_lines, known_lines, line, lines_in_state, lines_of_payment, lines_seen,
    save_bank_lines,
};
pub use close::{CashierTotal, closed_through, day_close, insert_day_close, totals_of_day};
pub use intents::{
    INTENT_ORDERS, IntentRow, ProviderRow, insert_provider_payment, intent, intent_by_token, intent_page,
    intents_of, next_intent_no, provider_payment, save_intent,
};
pub use lists::{ListedFile, PREPAID_ORDERS, PrepaidAccount, bank_files, lines_of_file, prepaid_page};
pub use requests::{
    ListedRequest, RequestRow, next_request_no, refund_request, refund_requests_in, save_refund_request,
};
pub use verify::CHECKS;

/// 收费记录: money that came in, or its reversal. amount = allocations + unused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub payment_no: i64,
    /// 渠道
    pub channel: Channel,
    /// The id that the channel gave.
    pub external_id: String,
    /// Negative for a reversal, zero for the offset of a credit.
    pub amount: Money,
    /// What of it is prepayment.
    pub unused: Money,
    /// The day on which the customer paid.
    pub paid_on: Date,
    /// Business day of the posting.
    pub posted_on: Date,
    /// 收费员
    pub received_by: String,
    /// 收据号
    pub receipt_no: Option<String>,
    /// The payment that it takes back.
    pub reverses_no: Option<i64>,
    /// The day on which it was taken back.
    pub reversed_on: Option<Date>,
}

/// 销账记录: a part of a payment that settled a part of a bill, or was refunded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocationRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub allocation_no: i64,
    /// The payment.
    pub payment_no: i64,
    /// The bill; of kind `refund`, the refund.
    pub bill_no: i64,
    /// Word of the item, or `refund`.
    pub kind: String,
    /// Negative where it was taken back.
    pub amount: Money,
    /// The day that counts for the late fee.
    pub effective_on: Date,
    /// Business day of the decision.
    pub allocated_on: Date,
}

/// The key under which a channel's id is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// 渠道
    pub channel: Channel,
    /// The id that the channel gave.
    pub external_id: String,
    /// Digest of what was posted under it.
    pub digest: String,
    /// The account.
    pub account_id: i64,
    /// The payment.
    pub payment_no: i64,
}

/// 退费: a prepayment given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub refund_no: i64,
    /// The amount.
    pub amount: Money,
    /// How it was paid out.
    pub channel: Channel,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: String,
    /// Who approved.
    pub approved_by: String,
    /// Business day.
    pub paid_on: Date,
}

/// Where the numbers of an account stand: its last payment and its last allocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Last payment; 0 for none.
    pub payment: i64,
    /// Last allocation; 0 for none.
    pub allocation: i64,
}

const PAYMENT: Table = Table {
    name: "payment",
    columns: &[
        "account_id",
        "payment_no",
        "channel",
        "external_id",
        "amount_fen",
        "unused_fen",
        "paid_on",
        "posted_on",
        "received_by",
        "receipt_no",
        "reverses_no",
        "reversed_on",
    ],
    key: &["account_id", "payment_no"],
};
const ALLOCATION: Table = Table {
    name: "allocation",
    columns: &[
        "account_id",
        "allocation_no",
        "payment_no",
        "bill_no",
        "kind",
        "amount_fen",
        "effective_on",
        "allocated_on",
    ],
    key: &["account_id", "allocation_no"],
};
const KEY: Table = Table {
    name: "payment_key",
    columns: &["channel", "external_id", "digest", "account_id", "payment_no"],
    key: &["channel", "external_id"],
};
const REFUND: Table = Table {
    name: "refund",
    columns: &[
        "account_id",
        "refund_no",
        "amount_fen",
        "channel",
        "reason",
        "asked_by",
        "approved_by",
        "paid_on",
    ],
    key: &["account_id", "refund_no"],
};
const PAYMENT_SELECT: &str = "SELECT account_id, payment_no, channel, external_id, amount_fen, unused_fen, paid_on, \
    posted_on, received_by, receipt_no, reverses_no, reversed_on FROM payment";

fn channel(row: &Row<'_>, column: usize) -> Result<Channel, StoreError> {
    let word = row.str(column)?;
    Channel::from_word(word).ok_or_else(|| StoreError::Corrupt(format!("`{word}` is no channel")))
}

fn read_payment(row: &Row<'_>) -> Result<PaymentRow, StoreError> {
    Ok(PaymentRow {
        account_id: row.int(0)?,
        payment_no: row.int(1)?,
        channel: channel(row, 2)?,
        external_id: row.text(3)?,
        amount: row.money(4)?,
        unused: row.money(5)?,
        paid_on: row.date(6)?,
        posted_on: row.date(7)?,
        received_by: row.text(8)?,
        receipt_no: row.text_or_null(9)?,
        reverses_no: row.int_or_null(10)?,
        reversed_on: row.int_or_null(11)?.and_then(crate::db::date_from_int),
    })
}

/// Keeps payments, new or changed.
///
/// # Errors
/// The database's.
pub fn save_payments(conn: &mut Conn, rows: &[PaymentRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&PAYMENT, rows, |row, out| {
        out.put(row.account_id)
            .put(row.payment_no)
            .put(row.channel.word())
            .put(&row.external_id)
            .put(row.amount)
            .put(row.unused)
            .put(row.paid_on)
            .put(row.posted_on)
            .put(&row.received_by)
            .put(row.receipt_no.as_ref())
            .put(row.reverses_no)
            .put(row.reversed_on);
    })
}

/// Writes allocations.
///
/// # Errors
/// The database's.
pub fn insert_allocations(conn: &mut Conn, rows: &[AllocationRow]) -> Result<(), StoreError> {
    conn.bulk(&ALLOCATION, rows, |row, out| {
        out.put(row.account_id)
            .put(row.allocation_no)
            .put(row.payment_no)
            .put(row.bill_no)
            .put(&row.kind)
            .put(row.amount)
            .put(row.effective_on)
            .put(row.allocated_on);
    })
}

/// Writes idempotency keys.
///
/// # Errors
/// The database's; a known id is a duplicate.
pub fn insert_keys(conn: &mut Conn, rows: &[KeyRow]) -> Result<(), StoreError> {
    conn.bulk(&KEY, rows, |row, out| {
        out.put(row.channel.word())
            .put(&row.external_id)
            .put(&row.digest)
            .put(row.account_id)
            .put(row.payment_no);
    })
}

/// Writes a refund.
///
/// # Errors
/// The database's.
pub fn insert_refund(conn: &mut Conn, row: &RefundRow) -> Result<(), StoreError> {
    conn.bulk(&REFUND, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id)
            .put(row.refund_no)
            .put(row.amount)
            .put(row.channel.word())
            .put(&row.reason)
            .put(&row.asked_by)
            .put(&row.approved_by)
            .put(row.paid_on);
    })
}

/// The number of an account's next refund.
///
/// # Errors
/// The database's.
pub fn next_refund_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    Ok(conn.query_int("SELECT MAX(refund_no) FROM refund WHERE account_id = $1", &[account_id.into()])? + 1)
}

/// What was posted under a channel's id.
///
/// # Errors
/// The database's.
pub fn key(conn: &mut Conn, by: Channel, external_id: &str) -> Result<Option<KeyRow>, StoreError> {
    conn.query_first(
        "SELECT channel, external_id, digest, account_id, payment_no FROM payment_key \
         WHERE channel = $1 AND external_id = $2",
        &[by.word().into(), external_id.into()],
        |row| {
            Ok(KeyRow {
                channel: channel(row, 0)?,
                external_id: row.text(1)?,
                digest: row.text(2)?,
                account_id: row.int(3)?,
                payment_no: row.int(4)?,
            })
        },
    )
}

/// One payment.
///
/// # Errors
/// The database's.
pub fn payment(conn: &mut Conn, account_id: i64, payment_no: i64) -> Result<Option<PaymentRow>, StoreError> {
    let sql = format!("{PAYMENT_SELECT} WHERE account_id = $1 AND payment_no = $2");
    conn.query_first(&sql, &[account_id.into(), payment_no.into()], read_payment)
}

/// Every payment of an account, in order.
///
/// # Errors
/// The database's.
pub fn payments_of(conn: &mut Conn, account_id: i64) -> Result<Vec<PaymentRow>, StoreError> {
    let sql = format!("{PAYMENT_SELECT} WHERE account_id = $1 ORDER BY payment_no");
    conn.query(&sql, &[account_id.into()], read_payment)
}

/// Payments of a range with a prepayment left that may be used, in order of account and payment.
///
/// # Errors
/// The database's.
pub fn unused_payments(conn: &mut Conn, range: Range) -> Result<Vec<PaymentRow>, StoreError> {
    let sql = format!(
        "{PAYMENT_SELECT} WHERE account_id BETWEEN $1 AND $2 AND unused_fen > 0 AND reversed_on IS NULL \
         ORDER BY account_id, payment_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read_payment)
}

/// Last payment and allocation numbers of a range, in order of account; accounts without any are left out.
///
/// # Errors
/// The database's.
pub fn numbers(conn: &mut Conn, range: Range) -> Result<Vec<(i64, Numbers)>, StoreError> {
    conn.query(
        "SELECT p.account_id, MAX(p.payment_no), COALESCE(MAX(x.last), 0) FROM payment p \
         LEFT JOIN (SELECT account_id, MAX(allocation_no) AS last FROM allocation \
           WHERE account_id BETWEEN $1 AND $2 GROUP BY account_id) x ON x.account_id = p.account_id \
         WHERE p.account_id BETWEEN $1 AND $2 GROUP BY p.account_id ORDER BY p.account_id",
        &[range.from.into(), range.to.into()],
        |row| Ok((row.int(0)?, Numbers { payment: row.int(1)?, allocation: row.int(2)? })),
    )
}

/// The allocations of one payment, in order.
///
/// # Errors
/// The database's.
pub fn allocations_of(
    conn: &mut Conn,
    account_id: i64,
    payment_no: i64,
) -> Result<Vec<AllocationRow>, StoreError> {
    conn.query(
        "SELECT account_id, allocation_no, payment_no, bill_no, kind, amount_fen, effective_on, allocated_on \
         FROM allocation WHERE account_id = $1 AND payment_no = $2 ORDER BY allocation_no",
        &[account_id.into(), payment_no.into()],
        |row| {
            Ok(AllocationRow {
                account_id: row.int(0)?,
                allocation_no: row.int(1)?,
                payment_no: row.int(2)?,
                bill_no: row.int(3)?,
                kind: row.text(4)?,
                amount: row.money(5)?,
                effective_on: row.date(6)?,
                allocated_on: row.date(7)?,
            })
        },
    )
}

/// Accounts in `$1..=$2` with a prepayment beside a bill to pay, or with a bill or late fee in the customer's favour; each
/// branch walks a partial index, so a quiet day costs what there is and not what exists.
const PREPAID: &str = "SELECT account_id FROM balance WHERE prepaid_fen > 0 AND receivable_fen + late_fee_fen > 0 \
    AND account_id <> 0 AND account_id BETWEEN $1 AND $2 \
    UNION SELECT account_id FROM receivable WHERE open_fen < 0 AND account_id BETWEEN $1 AND $2 \
    UNION SELECT account_id FROM late_fee WHERE open_fen < 0 AND account_id BETWEEN $1 AND $2 ORDER BY account_id";

/// Ranges of accounts that have both a prepayment and a bill to pay, or a bill or late fee in the customer's favour.
///
/// # Errors
/// The database's.
pub fn prepaid_ranges(conn: &mut Conn, size: usize) -> Result<Vec<Range>, StoreError> {
    crate::day::ranges_of(conn, PREPAID, &[1.into(), i64::MAX.into()], size)
}

/// The accounts of [`prepaid_ranges`] in a range, in order.
///
/// # Errors
/// The database's.
pub fn prepaid_accounts(conn: &mut Conn, range: Range) -> Result<Vec<i64>, StoreError> {
    conn.query(PREPAID, &[range.from.into(), range.to.into()], |row| row.int(0))
}

/// Money that was posted on a day, reversals taken off.
///
/// # Errors
/// The database's.
pub fn received_on(conn: &mut Conn, on: Date) -> Result<Money, StoreError> {
    let sum = conn.query_int(
        "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM payment WHERE posted_on = $1 AND channel <> 'write_off'",
        &[on.into()],
    )?;
    Ok(Money(sum))
}
