//! 解释: why a late fee and why a balance is what it is, from the same code that books them.

use super::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::{Bilingual, Recorder, Step};
use denghuo_rules::refusal::Refuse;
use denghuo_rules::units::Money;
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;
use serde::Serialize;

/// 违约金解释: the fee of one debt through a day.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FeeExplained {
    /// The bill.
    pub bill_no: i64,
    /// The last payment day.
    #[schemars(with = "DateForm")]
    pub due_on: Date,
    /// The day through which the fee is computed.
    #[schemars(with = "DateForm")]
    pub through: Date,
    /// The energy charge as released.
    pub principal: Money,
    /// What of it is unpaid now.
    pub open: Money,
    /// The whole fee through the day.
    pub fee: Money,
    /// What of it is booked.
    pub booked: Money,
    /// What was waived.
    pub waived: Money,
    /// What of the booked fee is unpaid.
    pub unpaid: Money,
    /// The spans with their rates and clauses.
    pub steps: Vec<Step>,
}

/// 余额解释: what an account owes and has, debt by debt.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct BalanceExplained {
    /// The day of the question.
    #[schemars(with = "DateForm")]
    pub as_of: Date,
    /// Unpaid energy charges.
    pub receivable: Money,
    /// Late fees booked and unpaid.
    pub late_fee: Money,
    /// Late fees that have grown since and are not booked.
    pub running_fee: Money,
    /// Paid ahead.
    pub prepaid: Money,
    /// What has to be paid today to owe nothing.
    pub to_pay: Money,
    /// The debts that are not settled.
    pub debts: Vec<FeeExplained>,
}

/// Why nothing is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDebt(pub i64);

impl Refuse for NoDebt {
    fn code(&self) -> &'static str {
        "late_fee.no_debt"
    }
    fn text(&self) -> Bilingual {
        Bilingual::new(format!("第{}号账单未发行", self.0), format!("bill {} was not released", self.0))
    }
}

/// Explains the late fee of a bill through a day.
///
/// # Errors
/// The bill was never released, a missing rule, or a failure of the database.
pub fn explain_late_fee(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, bill_no): (i64, i64),
    through: Date,
) -> Result<FeeExplained, OfficeError> {
    let mut books = read_one(conn, account_id, through)?;
    books.bring_in(conn, bill_no)?;
    let at = books.position(bill_no).ok_or_else(|| OfficeError::refuse(NoDebt(bill_no)))?;
    explained(&books, &FeeBook::of(work)?, at, through)
}

/// Explains the balance of an account on a day.
///
/// # Errors
/// A missing rule, or a failure of the database.
pub fn explain_balance(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    as_of: Date,
) -> Result<BalanceExplained, OfficeError> {
    let books = read_one(conn, account_id, as_of)?;
    let fees = FeeBook::of(work)?;
    let balance = ledger::balance(conn, account_id)?;
    let debts = (0..books.debts.len())
        .map(|at| explained(&books, &fees, at, as_of))
        .collect::<Result<Vec<_>, _>>()?;
    let running: Money = debts.iter().map(|debt| debt.fee - debt.booked).sum();
    Ok(BalanceExplained {
        as_of,
        receivable: balance.receivable,
        late_fee: balance.late_fee,
        running_fee: running,
        prepaid: balance.prepaid,
        to_pay: (balance.receivable + balance.late_fee + running - balance.prepaid).at_least(Money::ZERO),
        debts,
    })
}

fn read_one(conn: &mut Conn, account_id: i64, on: Date) -> Result<Books, OfficeError> {
    Ok(Books::read(conn, &[account_id], on)?.swap_remove(0))
}

fn explained(books: &Books, fees: &FeeBook, at: usize, through: Date) -> Result<FeeExplained, OfficeError> {
    let debt = &books.debts[at];
    let mut told = Recorder::default();
    let fee = fees.target(books, debt, through, &mut told)?;
    let receivable = &debt.receivable;
    Ok(FeeExplained {
        bill_no: receivable.bill_no,
        due_on: receivable.due_on,
        through,
        principal: receivable.amount,
        open: receivable.open,
        fee,
        booked: debt.fee.map_or(Money::ZERO, |f| f.booked),
        waived: debt.fee.map_or(Money::ZERO, |f| f.waived),
        unpaid: debt.fee.map_or(Money::ZERO, |f| f.open),
        steps: told.steps,
    })
}
