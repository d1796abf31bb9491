//! 暂收款: money of unknown origin waits until its owner is found, or goes back.

use super::counter::check_open;
use super::decide::{Payment, Terms};
use crate::error::OfficeError;
use crate::ledger::{Books, save};
use crate::work::Work;
use denghuo_rules::ledger::{Entry, EntryKind, LedgerAccount};
use denghuo_rules::payments::Channel;
use denghuo_rules::refusal::Refusal;
use denghuo_store::payments::{BankLineRow, PaymentRow};
use denghuo_store::{Conn, payments};
use jiff::civil::Date;

/// The lines in suspense, in order of file and line.
///
/// # Errors
/// The database's.
pub fn suspense_list(conn: &mut Conn) -> Result<Vec<BankLineRow>, OfficeError> {
    Ok(payments::lines_in_state(conn, "suspense")?)
}

/// Gives a line in suspense to an account: a payment of the day on which the money arrived.
///
/// # Errors
/// The line is not in suspense; a closed day; a missing rule; the database's.
pub fn resolve_suspense(
    conn: &mut Conn,
    work: &Work<'_>,
    (file_id, line_no): (&str, i64),
    account_id: i64,
    on: Date,
) -> Result<PaymentRow, OfficeError> {
    let terms = Terms::of(work, on)?;
    conn.write(|conn| {
        check_open(conn, &work.by, on)?;
        // The company's row is the gate of suspense, and the smallest account: it is locked first.
        Books::lock(conn, denghuo_store::ledger::COMPANY, on)?;
        let line = waiting(conn, file_id, line_no)?;
        let mut books = Books::lock(conn, account_id, on)?;
        let payment = Payment {
            channel: Channel::Suspense,
            external_id: format!("{file_id}:{line_no}"),
            amount: line.amount,
            paid_on: line.value_on,
        };
        let row = books.pay(work, &terms, &payment, on)?;
        save(conn, work, vec![books])?;
        claim(conn, work, (file_id, line_no), &row, on)?;
        Ok(row)
    })
}

/// Marks a line in suspense as the money of a payment.
pub(super) fn claim(
    conn: &mut Conn,
    work: &Work<'_>,
    (file_id, line_no): (&str, i64),
    payment: &PaymentRow,
    on: Date,
) -> Result<(), OfficeError> {
    let mut line = waiting(conn, file_id, line_no)?;
    line.account_id = Some(payment.account_id);
    line.payment_no = Some(payment.payment_no);
    close(conn, work, line, "resolved", on)?;
    Ok(())
}

/// Sends a line in suspense back to its payer.
///
/// # Errors
/// The line is not in suspense; a closed day; the database's.
pub fn return_suspense(
    conn: &mut Conn,
    work: &Work<'_>,
    (file_id, line_no): (&str, i64),
    on: Date,
) -> Result<BankLineRow, OfficeError> {
    conn.write(|conn| {
        check_open(conn, &work.by, on)?;
        let mut company = Books::lock(conn, denghuo_store::ledger::COMPANY, on)?;
        let line = waiting(conn, file_id, line_no)?;
        let entry = Entry::transfer(
            EntryKind::SuspenseOut,
            on,
            LedgerAccount::Suspense,
            LedgerAccount::Bank,
            line.amount,
        );
        company.post(work, entry, format!("bank:{file_id}:{line_no}"));
        save(conn, work, vec![company])?;
        close(conn, work, line, "returned", on)
    })
}

fn close(
    conn: &mut Conn,
    work: &Work<'_>,
    mut line: BankLineRow,
    state: &str,
    on: Date,
) -> Result<BankLineRow, OfficeError> {
    state.clone_into(&mut line.state);
    line.resolved_by = Some(work.by.clone());
    line.resolved_on = Some(on);
    payments::save_bank_lines(conn, std::slice::from_ref(&line))?;
    Ok(line)
}

fn waiting(conn: &mut Conn, file_id: &str, line_no: i64) -> Result<BankLineRow, OfficeError> {
    payments::line(conn, file_id, line_no)?.filter(|line| line.state == "suspense").ok_or_else(|| {
        OfficeError::Refused(Refusal::new(
            "bank.not_in_suspense",
            format!("{file_id}第{line_no}行不在暂收款中"),
            format!("line {line_no} of {file_id} is not in suspense"),
        ))
    })
}

/// Puts the line of a payment that was taken back into suspense again.
pub(super) fn reopen(conn: &mut Conn, account_id: i64, payment_no: i64) -> Result<(), OfficeError> {
    let mut lines = payments::lines_of_payment(conn, account_id, payment_no)?;
    lines.retain(|line| line.state == "resolved");
    for line in &mut lines {
        "suspense".clone_into(&mut line.state);
        (line.account_id, line.payment_no) = (None, None);
        (line.resolved_by, line.resolved_on) = (None, None);
    }
    payments::save_bank_lines(conn, &lines)?;
    Ok(())
}
