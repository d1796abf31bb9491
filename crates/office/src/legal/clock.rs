//! 时效计算: the clocks of debts from everything that is known to have happened.

use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::evidence::Strength;
use denghuo_rules::legal::limitation::{Clock, Event, EventKind, LimitationLaw};
use denghuo_rules::payments::Channel;
use denghuo_store::collections::{self, DebtRow};
use denghuo_store::day::Range;
use denghuo_store::legal::{self, HappeningRow};
use denghuo_store::{Conn, StoreError};
use jiff::civil::Date;
use serde::Serialize;

/// 债权时效: a debt and its clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DebtClock {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// What is unpaid.
    pub open: denghuo_rules::units::Money,
    /// The clock.
    pub clock: Clock,
}

/// From this strength of proof on a demand has arrived.
const ARRIVAL: Strength = Strength::Medium;

/// The clocks of the debts of a range that are overdue and unpaid on a day, in order of account and bill.
///
/// # Errors
/// The database's, or no law for a day.
pub fn clocks(
    conn: &mut Conn,
    work: &Work<'_>,
    range: Range,
    on: Date,
) -> Result<Vec<DebtClock>, OfficeError> {
    let debts = collections::open_debts(conn, range)?;
    clocks_of(conn, work, (range, on), debts)
}

/// The clocks of given debts; those that are not due yet or in the customer's favour have none.
///
/// # Errors
/// The database's, or no law for a day.
pub(super) fn clocks_of(
    conn: &mut Conn,
    work: &Work<'_>,
    (range, on): (Range, Date),
    debts: Vec<DebtRow>,
) -> Result<Vec<DebtClock>, OfficeError> {
    let law = LimitationLaw::new(work.book, &work.site, ARRIVAL)?;
    let happened = legal::happenings(conn, range, on)?;
    let mut clocks = Vec::with_capacity(debts.len());
    for debt in debts {
        let receivable = debt.receivable;
        if receivable.open.raw() <= 0 || receivable.due_on >= on {
            continue;
        }
        let from = happened.partition_point(|row| row.account_id < receivable.account_id);
        let mut events = Vec::new();
        for row in happened[from..].iter().take_while(|row| row.account_id == receivable.account_id) {
            if row.on <= on && concerns(row, receivable.bill_no)? {
                events.push(event(row)?);
            }
        }
        let clock = law.clock(receivable.due_on, &events)?;
        clocks.push(DebtClock {
            account_id: receivable.account_id,
            bill_no: receivable.bill_no,
            open: receivable.open,
            clock,
        });
    }
    Ok(clocks)
}

/// Is a happening about a bill?
fn concerns(row: &HappeningRow, bill_no: i64) -> Result<bool, OfficeError> {
    if row.bill_no != 0 {
        return Ok(row.bill_no == bill_no || named(row, bill_no)?);
    }
    match &row.bills {
        None => Ok(true),
        Some(text) if row.source == "notice" => {
            let _ = text;
            named(row, bill_no)
        }
        Some(numbers) => {
            Ok(numbers.is_empty() || numbers.split(',').any(|number| number.trim().parse() == Ok(bill_no)))
        }
    }
}

/// Does a notice name the bill among those it demands?
fn named(row: &HappeningRow, bill_no: i64) -> Result<bool, OfficeError> {
    let Some(content) = row.bills.as_deref().filter(|_| row.source == "notice") else { return Ok(false) };
    let content: serde_json::Value = serde_json::from_str(content)
        .map_err(|e| StoreError::Corrupt(format!("the content of notice {}: {e}", row.number)))?;
    let bills = content.get("bills").and_then(serde_json::Value::as_array);
    Ok(bills.is_some_and(|bills| bills.iter().any(|bill| bill["bill_no"].as_i64() == Some(bill_no))))
}

/// A happening as the law sees it.
fn event(row: &HappeningRow) -> Result<Event, OfficeError> {
    let proof = row.strength.as_deref().and_then(Strength::from_word);
    let (kind, strength) = match row.source {
        // What left by our own records alone is kept in the ordinary course of business (EV 94).
        "notice" => (EventKind::Demand, proof.unwrap_or(Strength::Medium)),
        // A promise that nobody can prove interrupts nothing.
        "plan" => (EventKind::Promise, proof.unwrap_or(Strength::Void)),
        "security" => (EventKind::Security, proof.unwrap_or(Strength::Void)),
        "payment" => (payment(&row.word), Strength::Strong),
        "case" => (filing(&row.word), Strength::Strong),
        _ => (known(&row.word)?, proof.unwrap_or(Strength::Void)),
    };
    let number = row.number;
    Ok(Event { kind, on: row.on, strength, reference: format!("{}:{number}", row.source) })
}

/// Only money that the debtor himself brings is his consent; a collection by the bank or a credit of ours is none.
fn payment(channel: &str) -> EventKind {
    match Channel::from_word(channel) {
        Some(Channel::Cash | Channel::Pos | Channel::Transfer | Channel::Online) => EventKind::PartPayment,
        _ => EventKind::DirectDebit,
    }
}

fn filing(kind: &str) -> EventKind {
    match kind {
        "payment_order" => EventKind::PaymentOrder,
        "bankruptcy_claim" => EventKind::BankruptcyClaim,
        _ => EventKind::Suit,
    }
}

fn known(word: &str) -> Result<EventKind, OfficeError> {
    EventKind::from_word(word)
        .ok_or_else(|| StoreError::Corrupt(format!("`{word}` is no kind of interruption")).into())
}
