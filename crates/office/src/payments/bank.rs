//! 银行代收: a file of collected payments, checked whole and posted whole.

use super::bank_format::{BankRow, COLLECTION, bank_rows};
use super::counter::{check_open, content_digest};
use super::decide::{Payment, Terms};
use crate::error::OfficeError;
use crate::import::{Problems, RowError, Source};
use crate::ledger::{Books, save};
use crate::work::Work;
use denghuo_rules::ledger::{Entry, EntryKind, LedgerAccount};
use denghuo_rules::payments::{Channel, PaymentRefusal};
use denghuo_rules::refusal::Refuse as _;
use denghuo_rules::units::Money;
use denghuo_store::payments::{BankFileRow, BankLineRow, KnownLine};
use denghuo_store::{Conn, payments};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// Accounts whose books are held in memory at a time.
const CHUNK: usize = 2_000;

/// What a file came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Imported {
    /// The bank's id of the file.
    pub file_id: String,
    /// The same file was posted before; nothing was changed.
    pub already_there: bool,
    /// Lines.
    pub rows: i64,
    /// Their sum.
    pub total: Money,
    /// Lines that became payments.
    pub posted: i64,
    /// Lines whose payment was there already.
    pub known: i64,
    /// Lines of unknown accounts.
    pub suspense: i64,
    /// Their sum.
    pub suspense_total: Money,
}

/// Why a file is not posted: it is wrong, or something else is.
#[derive(Debug, thiserror::Error)]
pub enum BankImport {
    /// Lines are wrong; nothing was posted.
    #[error("{} lines are wrong", .0.count())]
    Wrong(Problems),
    /// A refusal or a failure.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<denghuo_store::StoreError> for BankImport {
    fn from(error: denghuo_store::StoreError) -> Self {
        Self::Office(error.into())
    }
}

/// Posts a file of collected payments: every line or none. Money for unknown accounts goes to suspense.
///
/// # Errors
/// Every bad line; another file with this id; a closed day; a missing rule; the database's.
pub fn import_collection(
    conn: &mut Conn,
    work: &Work<'_>,
    source: &Source,
    (file_id, bank): (&str, &str),
    on: Date,
) -> Result<Imported, BankImport> {
    let rows = bank_rows(&COLLECTION, source, on).map_err(BankImport::Wrong)?;
    let terms = Terms::of(work, on)?;
    conn.write(|conn| {
        let total = rows.iter().map(|row| row.amount).sum();
        let file = BankFileRow {
            file_id: file_id.to_owned(),
            kind: "collection".to_owned(),
            digest: source.digest(),
            bank: bank.to_owned(),
            statement_on: on,
            rows_kept: rows.len() as i64,
            total,
        };
        let mut done =
            Imported { file_id: file_id.to_owned(), rows: file.rows_kept, total, ..Imported::default() };
        // Files stand in line: the company's row is locked before any account's, here and wherever suspense moves.
        denghuo_store::ledger::lock(conn, denghuo_store::ledger::COMPANY)?;
        if is_known_file(conn, &file)? {
            return Ok(Imported { already_there: true, ..done });
        }
        check_open(conn, &work.by, on)?;
        let mut lines: Vec<BankLineRow> = rows.iter().map(|row| line_of(file_id, row)).collect();
        payments::insert_bank_file(conn, &file, work.now)?;
        payments::insert_bank_lines(conn, &lines)?;
        let known = payments::known_lines(conn, file_id)?;
        check_ids(&rows, &known).map_err(BankImport::Wrong)?;
        post_known(conn, work, &terms, (&rows, &known), &mut lines, on, &mut done)?;
        let mut unknown = Vec::new();
        for (line, known) in lines.iter_mut().zip(&known).filter(|(_, known)| known.account_id.is_none()) {
            if known.waiting.is_some() {
                "matched".clone_into(&mut line.state);
                done.known += 1;
            } else {
                unknown.push(line);
            }
        }
        done.suspense_total = hang(conn, work, unknown, on)?;
        done.suspense = lines.iter().filter(|line| line.state == "suspense").count() as i64;
        payments::save_bank_lines(conn, &lines)?;
        Ok(done)
    })
}

/// Was this very file posted before?
///
/// # Errors
/// Another file was posted under the id.
pub(super) fn is_known_file(conn: &mut Conn, file: &BankFileRow) -> Result<bool, OfficeError> {
    match payments::bank_file(conn, &file.file_id)? {
        None => Ok(false),
        Some(known) if known.digest == file.digest && known.kind == file.kind => Ok(true),
        Some(_) => Err(OfficeError::Refused(denghuo_rules::refusal::Refusal::new(
            "bank.same_file_other_content",
            format!("银行文件{}已入账且内容不同", file.file_id),
            format!("the bank file {} was posted already with other content", file.file_id),
        ))),
    }
}

pub(super) fn line_of(file_id: &str, row: &BankRow) -> BankLineRow {
    BankLineRow {
        file_id: file_id.to_owned(),
        line_no: row.line_no,
        external_id: row.external_id.clone(),
        account_no: row.account_no.clone(),
        payer: row.payer.clone(),
        amount: row.amount,
        value_on: row.value_on,
        state: "posted".to_owned(),
        account_id: None,
        payment_no: None,
        resolved_by: None,
        resolved_on: None,
    }
}

fn payment_of(row: &BankRow) -> Payment {
    Payment {
        channel: Channel::Bank,
        external_id: row.external_id.clone(),
        amount: row.amount,
        paid_on: row.value_on,
    }
}

/// Every line whose id was posted before with other content.
fn check_ids(rows: &[BankRow], known: &[KnownLine]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for (row, known) in rows.iter().zip(known) {
        let digest = content_digest(known.account_id.unwrap_or(0), &payment_of(row));
        if known.posted.as_ref().is_some_and(|(_, posted)| *posted != digest) {
            let refusal = PaymentRefusal::SameIdOtherContent { external_id: row.external_id.clone() };
            let (code, reason) = (refusal.code(), refusal.text());
            problems.push(RowError::at(row.line_no as u64, "external_id", &row.external_id, code, reason));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Posts the lines of known accounts, account by account in ascending order, each account's lines in the file's order.
fn post_known(
    conn: &mut Conn,
    work: &Work<'_>,
    terms: &Terms,
    (rows, known): (&[BankRow], &[KnownLine]),
    lines: &mut [BankLineRow],
    on: Date,
    done: &mut Imported,
) -> Result<(), OfficeError> {
    let mut by_account: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (n, line) in known.iter().enumerate() {
        if let Some(account_id) = line.account_id {
            by_account.entry(account_id).or_default().push(n);
        }
    }
    let accounts: Vec<i64> = by_account.keys().copied().collect();
    for chunk in accounts.chunks(CHUNK) {
        let mut all = Books::lock_all(conn, chunk, on)?;
        for books in &mut all {
            for n in &by_account[&books.account_id] {
                let line = &mut lines[*n];
                line.account_id = Some(books.account_id);
                if let Some((payment_no, _)) = &known[*n].posted {
                    "matched".clone_into(&mut line.state);
                    line.payment_no = Some(*payment_no);
                    done.known += 1;
                    continue;
                }
                let payment = payment_of(&rows[*n]);
                let waiting = known[*n].waiting.as_ref();
                // Money that a statement told first stands in suspense already: it moves from there.
                let channel = if waiting.is_some() { Channel::Suspense } else { Channel::Bank };
                let row = books.pay(work, terms, &Payment { channel, ..payment.clone() }, on)?;
                books.keep_payment_key(&payment, row.payment_no);
                line.payment_no = Some(row.payment_no);
                done.posted += 1;
                if let Some((file_id, line_no)) = waiting {
                    super::suspense::claim(conn, work, (file_id, *line_no), &row, on)?;
                }
            }
        }
        save(conn, work, all)?;
    }
    Ok(())
}

/// 暂收挂账: hangs lines in suspense; gives their sum.
pub(super) fn hang(
    conn: &mut Conn,
    work: &Work<'_>,
    lines: Vec<&mut BankLineRow>,
    on: Date,
) -> Result<Money, OfficeError> {
    let mut total = Money::ZERO;
    if lines.is_empty() {
        return Ok(total);
    }
    let mut company = Books::lock(conn, denghuo_store::ledger::COMPANY, on)?;
    for line in lines {
        "suspense".clone_into(&mut line.state);
        total += line.amount;
        let entry = Entry::transfer(
            EntryKind::SuspenseIn,
            on,
            LedgerAccount::Bank,
            LedgerAccount::Suspense,
            line.amount,
        );
        company.post(work, entry, format!("bank:{}:{}", line.file_id, line.line_no));
    }
    save(conn, work, vec![company])?;
    Ok(total)
}
