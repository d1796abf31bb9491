//! 账销案存: what left the books, on which ground, and what of it came back.

use crate::day::Range;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::legal::write_off::WriteOffGround;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// 核销
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteOffRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub write_off_no: i64,
    /// The bill.
    pub bill_no: i64,
    /// The payment of channel `write_off` that took it off.
    pub payment_no: i64,
    /// Principal taken off.
    pub amount: Money,
    /// Late fee taken off.
    pub fee: Money,
    /// Principal that came back.
    pub recovered: Money,
    /// Late fee that came back.
    pub recovered_fee: Money,
    /// Why.
    pub ground: WriteOffGround,
    /// Its proof.
    pub evidence_no: i64,
    /// Who asked.
    pub asked_by: String,
    /// Who approved.
    pub approved_by: String,
    /// Business day.
    pub approved_on: Date,
}

impl WriteOffRow {
    /// What is still pursued: principal, late fee.
    #[must_use]
    pub fn left(&self) -> (Money, Money) {
        (self.amount - self.recovered, self.fee - self.recovered_fee)
    }
}

pub(super) const WRITE_OFF: Table = Table {
    name: "write_off",
    columns: &[
        "account_id",
        "write_off_no",
        "bill_no",
        "payment_no",
        "amount_fen",
        "fee_fen",
        "recovered_fen",
        "recovered_fee_fen",
        "ground",
        "evidence_no",
        "asked_by",
        "approved_by",
        "approved_on",
    ],
    key: &["account_id", "write_off_no"],
};
const WRITE_OFFS: &str = "SELECT account_id, write_off_no, bill_no, payment_no, amount_fen, fee_fen, recovered_fen, \
    recovered_fee_fen, ground, evidence_no, asked_by, approved_by, approved_on FROM write_off";

pub(super) fn read(row: &Row<'_>) -> Result<WriteOffRow, StoreError> {
    let ground = row.str(8)?;
    Ok(WriteOffRow {
        account_id: row.int(0)?,
        write_off_no: row.int(1)?,
        bill_no: row.int(2)?,
        payment_no: row.int(3)?,
        amount: row.money(4)?,
        fee: row.money(5)?,
        recovered: row.money(6)?,
        recovered_fee: row.money(7)?,
        ground: WriteOffGround::from_word(ground)
            .ok_or_else(|| StoreError::Corrupt(format!("`{ground}` is no ground of a write-off")))?,
        evidence_no: row.int(9)?,
        asked_by: row.text(10)?,
        approved_by: row.text(11)?,
        approved_on: row.date(12)?,
    })
}

/// Keeps a write-off, new or partly recovered.
///
/// # Errors
/// The database's.
pub fn save_write_off(conn: &mut Conn, row: &WriteOffRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&WRITE_OFF, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id).put(row.write_off_no).put(row.bill_no).put(row.payment_no);
        out.put(row.amount).put(row.fee).put(row.recovered).put(row.recovered_fee).put(row.ground.word());
        out.put(row.evidence_no).put(&row.asked_by).put(&row.approved_by).put(row.approved_on);
    })
}

/// The write-offs of a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn write_offs_of(conn: &mut Conn, range: Range) -> Result<Vec<WriteOffRow>, StoreError> {
    let sql = format!("{WRITE_OFFS} WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, write_off_no");
    conn.query(&sql, &[range.from.into(), range.to.into()], read)
}

/// Write-offs of a range that are still pursued while their account has a prepayment, as (account, number, prepayment).
///
/// # Errors
/// The database's.
pub fn recoverable(conn: &mut Conn, range: Range) -> Result<Vec<(i64, i64, Money)>, StoreError> {
    conn.query(
        "SELECT w.account_id, w.write_off_no, b.prepaid_fen FROM write_off w JOIN balance b ON b.account_id = w.account_id \
         WHERE w.account_id BETWEEN $1 AND $2 AND b.prepaid_fen > 0 \
         AND w.amount_fen + w.fee_fen > w.recovered_fen + w.recovered_fee_fen ORDER BY w.account_id, w.write_off_no",
        &[range.from.into(), range.to.into()],
        |row| Ok((row.int(0)?, row.int(1)?, row.money(2)?)),
    )
}
