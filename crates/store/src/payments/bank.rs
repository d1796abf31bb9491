//! Bank files and their lines.

use super::channel;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// 银行文件
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankFileRow {
    /// The bank's id of the file.
    pub file_id: String,
    /// `collection` or `statement`.
    pub kind: String,
    /// Digest of its content.
    pub digest: String,
    /// The bank.
    pub bank: String,
    /// The day that it tells of.
    pub statement_on: Date,
    /// Its lines.
    pub rows_kept: i64,
    /// Their sum.
    pub total: Money,
}

/// 银行流水: one line of a file and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLineRow {
    /// The file.
    pub file_id: String,
    /// The line.
    pub line_no: i64,
    /// The bank's id of the transaction.
    pub external_id: String,
    /// 户号 as the file tells it.
    pub account_no: Option<String>,
    /// 付款人
    pub payer: Option<String>,
    /// The amount.
    pub amount: Money,
    /// 起息日
    pub value_on: Date,
    /// `posted`, `matched`, `suspense`, `resolved`, `returned`.
    pub state: String,
    /// The account of its payment.
    pub account_id: Option<i64>,
    /// Its payment.
    pub payment_no: Option<i64>,
    /// Who resolved it.
    pub resolved_by: Option<String>,
    /// When.
    pub resolved_on: Option<Date>,
}

const FILE: Table = Table {
    name: "bank_file",
    columns: &["file_id", "kind", "digest", "bank", "statement_on", "rows_kept", "total_fen", "recorded_at"],
    key: &["file_id"],
};
const LINE: Table = Table {
    name: "bank_line",
    columns: &[
        "file_id",
        "line_no",
        "external_id",
        "account_no",
        "payer",
        "amount_fen",
        "value_on",
        "state",
        "account_id",
        "payment_no",
        "resolved_by",
        "resolved_on",
    ],
    key: &["file_id", "line_no"],
};
pub(super) const LINE_SELECT: &str = "SELECT file_id, line_no, external_id, account_no, payer, amount_fen, value_on, state, \
    account_id, payment_no, resolved_by, resolved_on FROM bank_line";

pub(super) fn read_line(row: &Row<'_>) -> Result<BankLineRow, StoreError> {
    Ok(BankLineRow {
        file_id: row.text(0)?,
        line_no: row.int(1)?,
        external_id: row.text(2)?,
        account_no: row.text_or_null(3)?,
        payer: row.text_or_null(4)?,
        amount: row.money(5)?,
        value_on: row.date(6)?,
        state: row.text(7)?,
        account_id: row.int_or_null(8)?,
        payment_no: row.int_or_null(9)?,
        resolved_by: row.text_or_null(10)?,
        resolved_on: row.int_or_null(11)?.and_then(crate::db::date_from_int),
    })
}

fn bind_line<'r>(row: &'r BankLineRow, out: &mut crate::db::RowWriter<'r>) {
    out.put(&row.file_id)
        .put(row.line_no)
        .put(&row.external_id)
        .put(row.account_no.as_ref())
        .put(row.payer.as_ref())
        .put(row.amount)
        .put(row.value_on)
        .put(&row.state)
        .put(row.account_id)
        .put(row.payment_no)
        .put(row.resolved_by.as_ref())
        .put(row.resolved_on);
}

/// The file with an id.
///
/// # Errors
/// The database's.
pub fn bank_file(conn: &mut Conn, file_id: &str) -> Result<Option<BankFileRow>, StoreError> {
    conn.query_first(
        "SELECT file_id, kind, digest, bank, statement_on, rows_kept, total_fen FROM bank_file WHERE file_id = $1",
        &[file_id.into()],
        |row| {
            Ok(BankFileRow {
                file_id: row.text(0)?,
                kind: row.text(1)?,
                digest: row.text(2)?,
                bank: row.text(3)?,
                statement_on: row.date(4)?,
                rows_kept: row.int(5)?,
                total: row.money(6)?,
            })
        },
    )
}

/// The accounts that lines of a file were posted to, in order.
///
/// # Errors
/// The database's.
pub fn accounts_of_file(conn: &mut Conn, file_id: &str) -> Result<Vec<i64>, StoreError> {
    conn.query(
        "SELECT DISTINCT account_id FROM bank_line WHERE file_id = $1 AND account_id IS NOT NULL ORDER BY account_id",
        &[file_id.into()],
        |row| row.int(0),
    )
}

/// Writes the head of a file.
///
/// # Errors
/// The database's; a known id is a duplicate.
pub fn insert_bank_file(conn: &mut Conn, file: &BankFileRow, recorded_at: i64) -> Result<(), StoreError> {
    conn.bulk(&FILE, std::slice::from_ref(file), |row, out| {
        out.put(&row.file_id)
            .put(&row.kind)
            .put(&row.digest)
            .put(&row.bank)
            .put(row.statement_on)
            .put(row.rows_kept)
            .put(row.total)
            .put(recorded_at);
    })
}

/// Writes the lines of a file.
///
/// # Errors
/// The database's.
pub fn insert_bank_lines(conn: &mut Conn, rows: &[BankLineRow]) -> Result<(), StoreError> {
    conn.bulk(&LINE, rows, bind_line)
}

/// Keeps lines after a change.
///
/// # Errors
/// The database's.
pub fn save_bank_lines(conn: &mut Conn, rows: &[BankLineRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&LINE, rows, bind_line)
}

/// One line.
///
/// # Errors
/// The database's.
pub fn line(conn: &mut Conn, file_id: &str, line_no: i64) -> Result<Option<BankLineRow>, StoreError> {
    let sql = format!("{LINE_SELECT} WHERE file_id = $1 AND line_no = $2");
    conn.query_first(&sql, &[file_id.into(), line_no.into()], read_line)
}

/// The lines in a state, in order of file and line.
///
/// # Errors
/// The database's.
pub fn lines_in_state(conn: &mut Conn, state: &str) -> Result<Vec<BankLineRow>, StoreError> {
    let sql = format!("{LINE_SELECT} WHERE state = $1 ORDER BY file_id, line_no");
    conn.query(&sql, &[state.into()], read_line)
}

/// The lines that name a payment, in order of file and line.
///
/// # Errors
/// The database's.
pub fn lines_of_payment(
    conn: &mut Conn,
    account_id: i64,
    payment_no: i64,
) -> Result<Vec<BankLineRow>, StoreError> {
    let sql = format!("{LINE_SELECT} WHERE account_id = $1 AND payment_no = $2 ORDER BY file_id, line_no");
    conn.query(&sql, &[account_id.into(), payment_no.into()], read_line)
}

/// What is known about a line of a collection file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownLine {
    /// The account that it names.
    pub account_id: Option<i64>,
    /// The payment that was posted under its id, with the digest of its content.
    pub posted: Option<(i64, String)>,
    /// File and line of the same money in suspense.
    pub waiting: Option<(String, i64)>,
}

/// What is known about each line of a collection file that was just written, in order of its lines.
///
/// # Errors
/// The database's.
pub fn known_lines(conn: &mut Conn, file_id: &str) -> Result<Vec<KnownLine>, StoreError> {
    conn.query(
        "SELECT a.account_id, k.payment_no, k.digest, w.file_id, w.line_no FROM bank_line l \
         LEFT JOIN account a ON a.account_no = l.account_no \
         LEFT JOIN payment_key k ON k.channel = 'bank' AND k.external_id = l.external_id \
         LEFT JOIN bank_line w ON w.external_id = l.external_id AND w.amount_fen = l.amount_fen \
           AND w.state = 'suspense' AND w.file_id <> l.file_id \
         WHERE l.file_id = $1 ORDER BY l.line_no",
        &[file_id.into()],
        |row| {
            let posted = match row.int_or_null(1)? {
                Some(payment_no) => Some((payment_no, row.text(2)?)),
                None => None,
            };
            let waiting = match row.text_or_null(3)? {
                Some(file_id) => Some((file_id, row.int(4)?)),
                None => None,
            };
            Ok(KnownLine { account_id: row.int_or_null(0)?, posted, waiting })
        },
    )
}

/// The lines of a statement whose money is in the books already, by id and amount: put into suspense by a collection file,
/// or told by an earlier statement.
///
/// # Errors
/// The database's.
pub fn lines_seen(conn: &mut Conn, file_id: &str) -> Result<Vec<i64>, StoreError> {
    conn.query(
        "SELECT DISTINCT l.line_no FROM bank_line l \
         JOIN bank_line c ON c.external_id = l.external_id AND c.amount_fen = l.amount_fen \
           AND c.file_id <> l.file_id \
         JOIN bank_file f ON f.file_id = c.file_id AND (f.kind = 'statement' OR c.payment_no IS NULL) \
         WHERE l.file_id = $1 ORDER BY l.line_no",
        &[file_id.into()],
        |row| row.int(0),
    )
}

/// 待核对收款: a payment that went through the bank and that no statement line confirms yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The account.
    pub account_id: i64,
    /// The payment.
    pub payment_no: i64,
    /// 渠道
    pub channel: Channel,
    /// The id that the channel gave.
    pub external_id: String,
    /// The amount.
    pub amount: Money,
    /// The day on which the customer paid.
    pub paid_on: Date,
}

/// Payments through the bank between two posting days that no statement line confirms, in order.
///
/// # Errors
/// The database's.
pub fn candidates(conn: &mut Conn, from: Date, to: Date) -> Result<Vec<Candidate>, StoreError> {
    conn.query(
        "SELECT p.account_id, p.payment_no, p.channel, p.external_id, p.amount_fen, p.paid_on FROM payment p \
         WHERE p.posted_on BETWEEN $1 AND $2 AND p.channel IN ('pos', 'transfer', 'bank', 'online') \
         AND p.reverses_no IS NULL AND p.reversed_on IS NULL AND NOT EXISTS (SELECT 1 FROM bank_line l \
           JOIN bank_file f ON f.file_id = l.file_id AND f.kind = 'statement' \
           WHERE l.account_id = p.account_id AND l.payment_no = p.payment_no) \
         ORDER BY p.posted_on, p.account_id, p.payment_no",
        &[from.into(), to.into()],
        |row| {
            Ok(Candidate {
                account_id: row.int(0)?,
                payment_no: row.int(1)?,
                channel: channel(row, 2)?,
                external_id: row.text(3)?,
                amount: row.money(4)?,
                paid_on: row.date(5)?,
            })
        },
    )
}
