//! Lists over accounts and files for the desks.

use super::bank::{BankFileRow, BankLineRow, LINE_SELECT, read_line};
use crate::db::{Condition, Conn, Key, Orders, Placed, Slice, StoreError};
use denghuo_rules::units::Money;

/// The account `a` belongs to unit `$1` or one below it; 0 for all.
pub(super) const WITHIN: &str = "(CAST($1 AS BIGINT) = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org \
    WHERE org_id = $1 UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) SELECT org_id FROM below))";

/// 预收余额 of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrepaidAccount {
    /// 户号
    pub account_no: String,
    /// Its prepayment.
    pub prepaid: Money,
    /// What it owes beside: energy charges and booked late fees.
    pub owed: Money,
}

/// What prepayments are ordered by: the largest first.
pub const PREPAID_ORDERS: Orders = Orders {
    words: &[
        ("prepaid", Key::Int("b.prepaid_fen")),
        ("owed", Key::Int("(b.receivable_fen + b.late_fee_fen)")),
        ("account_no", Key::Text("a.account_no")),
    ],
    usual: &[(Key::Int("b.prepaid_fen"), true), (Key::Text("a.account_no"), false)],
    rest: &[Key::Int("b.account_id")],
};

/// A page of the accounts with a prepayment in a unit and those below it (0: all), each with its place.
///
/// # Errors
/// The database's.
pub fn prepaid_page(conn: &mut Conn, root: i64, slice: &Slice) -> Result<Placed<PrepaidAccount>, StoreError> {
    let mut which = Condition::of("b.prepaid_fen > 0");
    which.within("a.org_id", root);
    let columns = "a.account_no, b.prepaid_fen, b.receivable_fen + b.late_fee_fen";
    let from = "balance b JOIN account a ON a.account_id = b.account_id";
    slice.rows(conn, (columns, 3, from), which, |row| {
        Ok(PrepaidAccount { account_no: row.text(0)?, prepaid: row.money(1)?, owed: row.money(2)? })
    })
}

/// A bank file with what became of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFile {
    /// The file.
    pub file: BankFileRow,
    /// Lines that became payments.
    pub posted: i64,
    /// Lines whose money was there already.
    pub matched: i64,
    /// Lines that wait in suspense.
    pub suspense: i64,
    /// Lines that waited and were decided on.
    pub decided: i64,
}

/// The bank files, the latest first.
///
/// # Errors
/// The database's.
pub fn bank_files(conn: &mut Conn) -> Result<Vec<ListedFile>, StoreError> {
    let of = |states: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN l.state IN ({states}) THEN 1 ELSE 0 END), 0) AS BIGINT)")
    };
    let sql = format!(
        "SELECT f.file_id, f.kind, f.digest, f.bank, f.statement_on, f.rows_kept, f.total_fen, {}, {}, {}, {} FROM bank_file f \
         LEFT JOIN bank_line l ON l.file_id = f.file_id GROUP BY f.file_id, f.kind, f.digest, f.bank, f.statement_on, f.rows_kept, \
         f.total_fen, f.recorded_at ORDER BY f.recorded_at DESC, f.file_id",
        of("'posted'"),
        of("'matched'"),
        of("'suspense'"),
        of("'resolved', 'returned'")
    );
    conn.query(&sql, &[], |row| {
        let file = BankFileRow {
            file_id: row.text(0)?,
            kind: row.text(1)?,
            digest: row.text(2)?,
            bank: row.text(3)?,
            statement_on: row.date(4)?,
            rows_kept: row.int(5)?,
            total: row.money(6)?,
        };
        Ok(ListedFile {
            file,
            posted: row.int(7)?,
            matched: row.int(8)?,
            suspense: row.int(9)?,
            decided: row.int(10)?,
        })
    })
}

/// The lines of a file, in order.
///
/// # Errors
/// The database's.
pub fn lines_of_file(conn: &mut Conn, file_id: &str) -> Result<Vec<BankLineRow>, StoreError> {
    conn.query(&format!("{LINE_SELECT} WHERE file_id = $1 ORDER BY line_no"), &[file_id.into()], read_line)
}
