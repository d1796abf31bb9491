//! 银行对账: lines of our bank account against the payments that went through the bank.

use super::bank::{BankImport, hang, is_known_file, line_of};
use super::bank_format::{BankRow, STATEMENT, bank_rows};
use super::counter::check_open;
use crate::import::Source;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::units::Money;
use denghuo_store::payments::{BankFileRow, BankLineRow, Candidate};
use denghuo_store::{Conn, payments};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// 对账结果
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Reconciled {
    /// The bank's id of the statement.
    pub file_id: String,
    /// The same statement was reconciled before; nothing was changed.
    pub already_there: bool,
    /// Lines.
    pub rows: i64,
    /// Their sum.
    pub total: Money,
    /// Lines found by the id of their payment.
    pub by_id: i64,
    /// Lines found by amount and day.
    pub by_amount: i64,
    /// Lines whose money a collection file had put into suspense, or an earlier statement had told.
    pub seen: i64,
    /// Lines that nobody knows: in suspense now.
    pub unmatched: i64,
    /// Their sum.
    pub unmatched_total: Money,
    /// Payments through the bank that no line confirms.
    pub unconfirmed: Vec<Unconfirmed>,
}

/// 未达账项: a payment that the bank has not confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Unconfirmed {
    /// The payment.
    pub receipt_no: String,
    /// The id that the channel gave.
    pub external_id: String,
    /// The amount.
    pub amount: Money,
    /// The day on which the customer paid.
    #[schemars(with = "denghuo_rules::calendar::DateForm")]
    pub paid_on: Date,
}

/// Reconciles a statement: a line matches the payment with its id and amount, else the only payment with its amount on its
/// day; what is left goes to suspense.
///
/// # Errors
/// Every bad line; another file with this id; a closed day; the database's.
pub fn reconcile(
    conn: &mut Conn,
    work: &Work<'_>,
    source: &Source,
    (file_id, bank): (&str, &str),
    on: Date,
) -> Result<Reconciled, BankImport> {
    let rows = bank_rows(&STATEMENT, source, on).map_err(BankImport::Wrong)?;
    conn.write(|conn| {
        let total = rows.iter().map(|row| row.amount).sum();
        let file = BankFileRow {
            file_id: file_id.to_owned(),
            kind: "statement".to_owned(),
            digest: source.digest(),
            bank: bank.to_owned(),
            statement_on: on,
            rows_kept: rows.len() as i64,
            total,
        };
        let mut done =
            Reconciled { file_id: file_id.to_owned(), rows: file.rows_kept, total, ..Reconciled::default() };
        denghuo_store::ledger::lock(conn, denghuo_store::ledger::COMPANY)?;
        if is_known_file(conn, &file)? {
            return Ok(Reconciled { already_there: true, ..done });
        }
        check_open(conn, &work.by, on)?;
        let first = rows.iter().map(|row| row.value_on).min().unwrap_or(on);
        let open = payments::candidates(conn, plus_days(first, -DAYS_BACK), on)?;
        let mut open: Vec<Option<Candidate>> = open.into_iter().map(Some).collect();
        let mut lines: Vec<BankLineRow> = rows.iter().map(|row| line_of(file_id, row)).collect();
        payments::insert_bank_file(conn, &file, work.now)?;
        payments::insert_bank_lines(conn, &lines)?;
        let seen: BTreeSet<i64> = payments::lines_seen(conn, file_id)?.into_iter().collect();
        match_lines(&rows, &mut lines, &seen, &mut open, &mut done);
        let unknown: Vec<&mut BankLineRow> = lines.iter_mut().filter(|line| line.state == "posted").collect();
        done.unmatched = unknown.len() as i64;
        done.unmatched_total = hang(conn, work, unknown, on)?;
        payments::save_bank_lines(conn, &lines)?;
        done.unconfirmed = open.iter().flatten().map(unconfirmed).collect();
        Ok(done)
    })
}

/// A bank confirms a payment at most so many days after it was posted.
const DAYS_BACK: i64 = 7;

fn unconfirmed(candidate: &Candidate) -> Unconfirmed {
    Unconfirmed {
        receipt_no: format!("{}-{}", candidate.account_id, candidate.payment_no),
        external_id: candidate.external_id.clone(),
        amount: candidate.amount,
        paid_on: candidate.paid_on,
    }
}

/// First by id for every line, then by amount and day for what is left, so that a certain match is never taken by a guess.
fn match_lines(
    rows: &[BankRow],
    lines: &mut [BankLineRow],
    seen: &BTreeSet<i64>,
    open: &mut [Option<Candidate>],
    done: &mut Reconciled,
) {
    let by_id: BTreeMap<(String, Money), usize> = (0..open.len())
        .filter_map(|n| open[n].as_ref().map(|c| ((c.external_id.clone(), c.amount), n)))
        .collect();
    for (row, line) in rows.iter().zip(&mut *lines) {
        let found = by_id.get(&(row.external_id.clone(), row.amount));
        if let Some(candidate) = found.and_then(|n| open[*n].take()) {
            confirm(line, &candidate);
            done.by_id += 1;
        } else if seen.contains(&line.line_no) {
            "matched".clone_into(&mut line.state);
            done.seen += 1;
        }
    }
    let mut alike: BTreeMap<(Money, Date), Vec<usize>> = BTreeMap::new();
    for (n, candidate) in open.iter().enumerate() {
        if let Some(candidate) = candidate {
            alike.entry((candidate.amount, candidate.paid_on)).or_default().push(n);
        }
    }
    for (row, line) in rows.iter().zip(lines).filter(|(_, line)| line.state == "posted") {
        // Two payments alike are no match: a person decides.
        if let Some([only]) = alike.get(&(row.amount, row.value_on)).map(Vec::as_slice)
            && let Some(candidate) = open[*only].take()
        {
            confirm(line, &candidate);
            done.by_amount += 1;
        }
    }
}

fn confirm(line: &mut BankLineRow, candidate: &Candidate) {
    "matched".clone_into(&mut line.state);
    line.account_id = Some(candidate.account_id);
    line.payment_no = Some(candidate.payment_no);
}
