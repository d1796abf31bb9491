//! 试算平衡 and 对账单.

use crate::error::OfficeError;
use denghuo_rules::ledger::{EntryKind, LedgerAccount};
use denghuo_rules::units::Money;
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;
use serde::Serialize;

/// 试算平衡表: turnover and balance by ledger account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct TrialBalance {
    /// Entries of business dates through this day.
    #[schemars(with = "denghuo_rules::calendar::DateForm")]
    pub as_of: Date,
    /// Entries recorded through this moment, ms since 1970; all when absent.
    pub as_known: Option<i64>,
    /// One line per ledger account that moved.
    pub lines: Vec<TrialBalanceLine>,
    /// Sum of the debits.
    pub debit: Money,
    /// Sum of the credits; equal to the debits.
    pub credit: Money,
}

/// One ledger account of a trial balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct TrialBalanceLine {
    /// 科目编号
    pub code: &'static str,
    /// 科目名称
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// 借方发生额
    pub debit: Money,
    /// 贷方发生额
    pub credit: Money,
    /// 余额: debit positive.
    pub balance: Money,
}

/// 试算平衡 as of a business date and as known at a moment.
///
/// # Errors
/// The database's.
pub fn trial_balance(
    conn: &mut Conn,
    as_of: Date,
    as_known: Option<i64>,
) -> Result<TrialBalance, OfficeError> {
    let lines: Vec<TrialBalanceLine> = ledger::trial_balance(conn, as_of, as_known)?
        .into_iter()
        .map(|line| TrialBalanceLine {
            code: line.account.word(),
            zh: line.account.zh(),
            en: line.account.en(),
            debit: line.debit,
            credit: line.credit,
            balance: line.debit - line.credit,
        })
        .collect();
    let debit = lines.iter().map(|line| line.debit).sum();
    let credit = lines.iter().map(|line| line.credit).sum();
    Ok(TrialBalance { as_of, as_known, lines, debit, credit })
}

/// 对账单: what happened on an account between two days, and what it owes after each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// 户号
    pub account_no: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// 期初: owed before the first day; negative for a prepayment.
    pub opening: Money,
    /// What happened, in order.
    pub lines: Vec<StatementLine>,
    /// 期末: owed after the last day.
    pub closing: Money,
}

/// One line of an account statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementLine {
    /// 业务日期
    pub on: Date,
    /// Why.
    pub kind: EntryKind,
    /// What it is about.
    pub subject: String,
    /// Change of what is owed.
    pub amount: Money,
    /// Owed after it.
    pub owed: Money,
}

/// 对账单 of an account between two days, both inclusive. Entries that leave what is owed as it is (a prepayment that pays a
/// bill) are shown with zero.
///
/// # Errors
/// The database's.
pub fn statement(
    conn: &mut Conn,
    account_id: i64,
    account_no: &str,
    from: Date,
    to: Date,
) -> Result<Statement, OfficeError> {
    let mut lines: Vec<(i64, StatementLine)> = Vec::new();
    let (mut opening, mut owed) = (Money::ZERO, Money::ZERO);
    for posting in ledger::account_lines(conn, account_id, jiff::civil::date(1900, 1, 1), to)? {
        let customers = matches!(
            posting.account,
            LedgerAccount::Receivable | LedgerAccount::LateFeeReceivable | LedgerAccount::Prepayment
        );
        let amount = if customers { posting.amount } else { Money::ZERO };
        owed += amount;
        if posting.business_on < from {
            opening += amount;
            continue;
        }
        match lines.last_mut() {
            Some((entry_no, line)) if *entry_no == posting.entry_no => {
                line.amount += amount;
                line.owed = owed;
            }
            _ => lines.push((
                posting.entry_no,
                StatementLine {
                    on: posting.business_on,
                    kind: posting.kind,
                    subject: posting.subject,
                    amount,
                    owed,
                },
            )),
        }
    }
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    Ok(Statement { account_no: account_no.to_owned(), from, to, opening, lines, closing: owed })
}
