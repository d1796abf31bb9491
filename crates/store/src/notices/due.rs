//! What the stage `notify` has to look at: bills that were released, where their customers are, clocks that ran out.

use super::{COLUMNS, NoticeRow, read};
use crate::day::Range;
use crate::db::{Conn, StoreError};
use denghuo_rules::calendar::Month;
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::units::{Money, Ratio};
use jiff::civil::Date;
use std::collections::HashMap;

/// 已发行未通知: a released bill that nobody was told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleasedBill {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// Charging month.
    pub month: Month,
    /// What it comes to; negative in the customer's favour.
    pub amount: Money,
    /// Last payment day.
    pub due_on: Date,
}

/// Where an account is and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// The customer.
    pub customer_id: i64,
    /// Organisation.
    pub org_id: i64,
    /// 用电地址
    pub address: String,
}

/// Ranges of the accounts whose bills were released on a day: those of the stage `issue` that released something.
///
/// # Errors
/// The database's.
pub fn released_ranges(conn: &mut Conn, on: Date) -> Result<Vec<Range>, StoreError> {
    conn.query(
        "SELECT from_account, to_account FROM day_shard WHERE run_on = $1 AND stage = 'issue' AND done > 0 \
         ORDER BY shard_no",
        &[on.into()],
        |row| Ok(Range { from: row.int(0)?, to: row.int(1)? }),
    )
}

/// The bills of a range that were released on a day and have no notice, by account and number.
///
/// # Errors
/// The database's.
pub fn released_unnoticed(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<ReleasedBill>, StoreError> {
    conn.query(
        "SELECT r.account_id, r.bill_no, r.month, r.amount_fen, r.due_on FROM receivable r \
         WHERE r.account_id BETWEEN $1 AND $2 AND r.released_on = $3 \
         AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.account_id = r.account_id AND n.kind = 'bill' \
         AND n.bill_no = r.bill_no) ORDER BY r.account_id, r.bill_no",
        &[range.from.into(), range.to.into(), on.into()],
        |row| {
            Ok(ReleasedBill {
                account_id: row.int(0)?,
                bill_no: row.int(1)?,
                month: row.month(2)?,
                amount: row.money(3)?,
                due_on: row.date(4)?,
            })
        },
    )
}

/// The last number of a notice of each account of a range that has one.
///
/// # Errors
/// The database's.
pub fn last_notice_numbers(conn: &mut Conn, range: Range) -> Result<HashMap<i64, i64>, StoreError> {
    let rows = conn.query(
        "SELECT account_id, MAX(notice_no) FROM notice WHERE account_id BETWEEN $1 AND $2 GROUP BY account_id",
        &[range.from.into(), range.to.into()],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// Where the accounts of a range are, in order.
///
/// # Errors
/// The database's.
pub fn places(conn: &mut Conn, range: Range) -> Result<Vec<Place>, StoreError> {
    conn.query(
        "SELECT account_id, account_no, customer_id, org_id, address FROM account WHERE account_id BETWEEN $1 AND $2 \
         ORDER BY account_id",
        &[range.from.into(), range.to.into()],
        |row| {
            Ok(Place {
                account_id: row.int(0)?,
                account_no: row.text(1)?,
                customer_id: row.int(2)?,
                org_id: row.int(3)?,
                address: row.text(4)?,
            })
        },
    )
}

/// Where one account is.
///
/// # Errors
/// The database's.
pub fn place_of(conn: &mut Conn, account_id: i64) -> Result<Option<Place>, StoreError> {
    Ok(places(conn, Range { from: account_id, to: account_id })?.into_iter().next())
}

/// 逾期未送达: a notice whose clock ran out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateNotice {
    /// The notice.
    pub notice: NoticeRow,
    /// The organisation of the account.
    pub org_id: i64,
}

/// Open notices whose clock ran out from `from` to `to`, both inclusive. A bill that a carrier has taken is not late.
///
/// # Errors
/// The database's.
pub fn late_notices(conn: &mut Conn, from: Date, to: Date) -> Result<Vec<LateNotice>, StoreError> {
    let columns = COLUMNS.split(", ").map(|name| format!("n.{name}")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT {columns}, a.org_id FROM notice n JOIN account a ON a.account_id = n.account_id \
         WHERE n.state = 'open' AND n.due_by BETWEEN $1 AND $2 AND NOT (n.kind = 'bill' AND EXISTS (SELECT 1 FROM delivery d \
         WHERE d.account_id = n.account_id AND d.notice_no = n.notice_no AND d.state IN ('sent', 'doubtful'))) \
         ORDER BY n.account_id, n.notice_no"
    );
    conn.query(&sql, &[from.into(), to.into()], |row| {
        Ok(LateNotice { notice: read(row)?, org_id: row.int(18)? })
    })
}

/// The last business day before a day; none when there was none.
///
/// # Errors
/// The database's.
pub fn previous_day(conn: &mut Conn, on: Date) -> Result<Option<Date>, StoreError> {
    let day = conn.query_int("SELECT MAX(run_on) FROM day_run WHERE run_on < $1", &[on.into()])?;
    Ok(crate::db::date_from_int(day))
}

/// 客户与合同, as a paper tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The account.
    pub account_id: i64,
    /// 客户名称
    pub customer: String,
    /// Word of the price category; none where no terms are in force.
    pub category: Option<String>,
    /// 违约金日费率, where the contract sets one.
    pub late_fee_rate: Option<Ratio>,
}

/// Who the accounts of a range are on a day, in order.
///
/// # Errors
/// The database's.
pub fn faces(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<Face>, StoreError> {
    conn.query(
        "SELECT a.account_id, c.name, t.category, k.late_fee_rate FROM account a \
         JOIN customer c ON c.customer_id = a.customer_id \
         LEFT JOIN supply_terms t ON t.account_id = a.account_id AND t.from_on <= $3 AND t.until_on >= $3 \
         LEFT JOIN contract k ON k.account_id = a.account_id AND k.from_on <= $3 AND k.until_on >= $3 \
         WHERE a.account_id BETWEEN $1 AND $2 ORDER BY a.account_id",
        &[range.from.into(), range.to.into(), on.into()],
        |row| {
            Ok(Face {
                account_id: row.int(0)?,
                customer: row.text(1)?,
                category: row.text_or_null(2)?,
                late_fee_rate: row.int_or_null(3)?.map(Ratio),
            })
        },
    )
}

/// The notices of a range by what they are about: `(account, kind, subject)` and their numbers.
///
/// # Errors
/// The database's.
pub fn notice_keys(
    conn: &mut Conn,
    range: Range,
) -> Result<HashMap<(i64, NoticeKind, String), i64>, StoreError> {
    let rows = conn.query(
        "SELECT account_id, kind, subject, notice_no FROM notice WHERE account_id BETWEEN $1 AND $2",
        &[range.from.into(), range.to.into()],
        |row| Ok((row.int(0)?, NoticeKind::from_word(row.str(1)?), row.text(2)?, row.int(3)?)),
    )?;
    let known =
        rows.into_iter().filter_map(|(account, kind, subject, no)| Some(((account, kind?, subject), no)));
    Ok(known.collect())
}

/// 待发回执: a payment whose customer wants a receipt and has none yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreceiptedPayment {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub payment_no: i64,
    /// How it came.
    pub channel: String,
    /// How much.
    pub amount: Money,
    /// When it was paid.
    pub paid_on: Date,
    /// Its receipt number.
    pub receipt_no: Option<String>,
    /// What is prepaid now.
    pub prepaid: Money,
}

/// Payments posted from `from` to `to`, both inclusive, that stand and whose customer wants a receipt and has none.
///
/// # Errors
/// The database's.
pub fn unreceipted(conn: &mut Conn, from: Date, to: Date) -> Result<Vec<UnreceiptedPayment>, StoreError> {
    conn.query(
        "SELECT p.account_id, p.payment_no, p.channel, p.amount_fen, p.paid_on, p.receipt_no, COALESCE(b.prepaid_fen, 0) \
         FROM payment p LEFT JOIN balance b ON b.account_id = p.account_id WHERE p.posted_on BETWEEN $1 AND $2 \
         AND p.reverses_no IS NULL AND p.reversed_on IS NULL AND EXISTS (SELECT 1 FROM contact c \
         WHERE c.account_id = p.account_id AND c.receipts = 1 AND c.until_on = 99991231) \
         AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.account_id = p.account_id AND n.kind = 'receipt' \
         AND n.subject = 'payment:' || p.payment_no) ORDER BY p.account_id, p.payment_no",
        &[from.into(), to.into()],
        |row| {
            Ok(UnreceiptedPayment {
                account_id: row.int(0)?,
                payment_no: row.int(1)?,
                channel: row.text(2)?,
                amount: row.money(3)?,
                paid_on: row.date(4)?,
                receipt_no: row.text_or_null(5)?,
                prepaid: row.money(6)?,
            })
        },
    )
}
