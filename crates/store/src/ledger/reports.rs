//! Trial balance and account statement.

use super::{kind, ledger_account};
use crate::db::{Conn, StoreError};
use denghuo_rules::ledger::{EntryKind, LedgerAccount};
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// 试算表行: the turnover of one ledger account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrialLine {
    /// 科目
    pub account: LedgerAccount,
    /// 借方发生额
    pub debit: Money,
    /// 贷方发生额, positive.
    pub credit: Money,
}

/// 试算平衡: debits and credits by ledger account, as of a business date and as known at a moment.
///
/// # Errors
/// The database's.
pub fn trial_balance(
    conn: &mut Conn,
    as_of: Date,
    as_known: Option<i64>,
) -> Result<Vec<TrialLine>, StoreError> {
    conn.query(
        "SELECT p.gl, CAST(SUM(CASE WHEN p.amount_fen > 0 THEN p.amount_fen ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN p.amount_fen < 0 THEN -p.amount_fen ELSE 0 END) AS BIGINT) \
         FROM posting p JOIN entry e ON e.account_id = p.account_id AND e.entry_no = p.entry_no \
         WHERE e.business_on <= $1 AND e.recorded_at <= $2 GROUP BY p.gl ORDER BY p.gl",
        &[as_of.into(), as_known.unwrap_or(i64::MAX).into()],
        |row| Ok(TrialLine { account: ledger_account(row, 0)?, debit: row.money(1)?, credit: row.money(2)? }),
    )
}

/// 明细账: one posting of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLine {
    /// Number of the entry.
    pub entry_no: i64,
    /// Why it was written.
    pub kind: EntryKind,
    /// 业务日期
    pub business_on: Date,
    /// What it is about.
    pub subject: String,
    /// 科目
    pub account: LedgerAccount,
    /// Debit positive.
    pub amount: Money,
}

/// The postings of one customer's account between two business dates, both inclusive, in order of their entries.
///
/// # Errors
/// The database's.
pub fn account_lines(
    conn: &mut Conn,
    account_id: i64,
    from: Date,
    to: Date,
) -> Result<Vec<AccountLine>, StoreError> {
    conn.query(
        "SELECT e.entry_no, e.kind, e.business_on, e.subject, p.gl, p.amount_fen \
         FROM entry e JOIN posting p ON p.account_id = e.account_id AND p.entry_no = e.entry_no \
         WHERE e.account_id = $1 AND e.business_on >= $2 AND e.business_on <= $3 ORDER BY e.entry_no, p.line_no",
        &[account_id.into(), from.into(), to.into()],
        |row| {
            Ok(AccountLine {
                entry_no: row.int(0)?,
                kind: kind(row, 1)?,
                business_on: row.date(2)?,
                subject: row.text(3)?,
                account: ledger_account(row, 4)?,
                amount: row.money(5)?,
            })
        },
    )
}
