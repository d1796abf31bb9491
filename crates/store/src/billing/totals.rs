//! What the bills of an account came to.

use crate::db::{Conn, StoreError};
use denghuo_rules::units::{Energy, Money};

/// The bills of one account together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountTotals {
    /// The account.
    pub account_id: i64,
    /// Bills of every kind.
    pub bills: i64,
    /// Of them provisional.
    pub provisional: i64,
    /// Of them corrections and cancellations.
    pub corrections: i64,
    /// Metered bills of no energy.
    pub zero: i64,
    /// Billed energy.
    pub active: Energy,
    /// Billed money.
    pub billed: Money,
    /// Released money.
    pub released: Money,
}

/// The totals of every account that has a bill, in order.
///
/// # Errors
/// The database's.
pub fn account_totals(conn: &mut Conn) -> Result<Vec<AccountTotals>, StoreError> {
    conn.query(
        "SELECT b.account_id, COUNT(*), \
         CAST(SUM(CASE WHEN b.kind = 'provisional' THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN b.corrects_no IS NULL THEN 0 ELSE 1 END) AS BIGINT), \
         CAST(SUM(CASE WHEN b.active = 0 AND b.corrects_no IS NULL THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(b.active) AS BIGINT), CAST(SUM(b.amount_fen) AS BIGINT), \
         CAST(COALESCE(SUM(r.amount_fen), 0) AS BIGINT) FROM bill b \
         LEFT JOIN receivable r ON r.account_id = b.account_id AND r.bill_no = b.bill_no \
         GROUP BY b.account_id ORDER BY b.account_id",
        &[],
        |row| {
            Ok(AccountTotals {
                account_id: row.int(0)?,
                bills: row.int(1)?,
                provisional: row.int(2)?,
                corrections: row.int(3)?,
                zero: row.int(4)?,
                active: row.energy(5)?,
                billed: row.money(6)?,
                released: row.money(7)?,
            })
        },
    )
}
