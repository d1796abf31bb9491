//! What must hold between receivables, late fees, payments and allocations.

use super::{DEBT, DebtRow, read_debt};
use crate::db::{Conn, StoreError};
use crate::ledger::{Finding, run_checks};

const CHECKS: &[(&str, &str)] = &[
    (
        "collections.open_is_amount_less_allocations",
        "SELECT 'account ' || r.account_id || ' bill ' || r.bill_no || ' is open with ' || r.open_fen \
         FROM receivable r LEFT JOIN (SELECT account_id, bill_no, SUM(amount_fen) AS paid FROM allocation \
           WHERE kind = 'energy' GROUP BY account_id, bill_no) x \
           ON x.account_id = r.account_id AND x.bill_no = r.bill_no \
         WHERE r.open_fen <> r.amount_fen - COALESCE(x.paid, 0) ORDER BY r.account_id, r.bill_no",
    ),
    (
        "collections.settled_is_closed",
        "SELECT 'account ' || account_id || ' bill ' || bill_no || ' is settled and open, or neither' FROM receivable \
         WHERE (settled_on IS NULL AND open_fen = 0 AND amount_fen <> 0) OR (settled_on IS NOT NULL AND open_fen <> 0) \
         ORDER BY account_id, bill_no",
    ),
    (
        "collections.fee_open_is_booked_less_paid",
        "SELECT 'account ' || f.account_id || ' bill ' || f.bill_no || ' late fee is open with ' || f.open_fen \
         FROM late_fee f LEFT JOIN (SELECT account_id, bill_no, SUM(amount_fen) AS paid FROM allocation \
           WHERE kind = 'late_fee' GROUP BY account_id, bill_no) x \
           ON x.account_id = f.account_id AND x.bill_no = f.bill_no \
         WHERE f.open_fen <> f.booked_fen - f.waived_fen - COALESCE(x.paid, 0) ORDER BY f.account_id, f.bill_no",
    ),
    (
        "collections.waived_is_sum_of_waivers",
        "SELECT 'account ' || f.account_id || ' bill ' || f.bill_no || ' waived sum differs' \
         FROM late_fee f LEFT JOIN (SELECT account_id, bill_no, SUM(amount_fen) AS waived FROM waiver \
           GROUP BY account_id, bill_no) w ON w.account_id = f.account_id AND w.bill_no = f.bill_no \
         WHERE f.waived_fen <> COALESCE(w.waived, 0) ORDER BY f.account_id, f.bill_no",
    ),
    (
        "collections.balance_is_sum_of_debts",
        "SELECT 'account ' || b.account_id || ' balance differs from its debts' FROM balance b \
         LEFT JOIN (SELECT account_id, SUM(open_fen) AS open FROM receivable GROUP BY account_id) r \
           ON r.account_id = b.account_id \
         LEFT JOIN (SELECT account_id, SUM(open_fen) AS open FROM late_fee GROUP BY account_id) f \
           ON f.account_id = b.account_id \
         WHERE b.receivable_fen <> COALESCE(r.open, 0) OR b.late_fee_fen <> COALESCE(f.open, 0) ORDER BY b.account_id",
    ),
];

/// Every break of the invariants of receivables and late fees, but the recomputation of the fees, which needs the rules.
///
/// # Errors
/// The database's.
pub fn verify(conn: &mut Conn) -> Result<Vec<Finding>, StoreError> {
    run_checks(conn, CHECKS)
}

/// Every bill for which a late fee was booked, in order: what the recomputation of the fees walks over.
///
/// # Errors
/// The database's.
pub fn all_debts(conn: &mut Conn, from: i64, to: i64) -> Result<Vec<DebtRow>, StoreError> {
    let sql = format!(
        "{DEBT} WHERE r.account_id BETWEEN $1 AND $2 AND f.account_id IS NOT NULL ORDER BY r.account_id, r.bill_no"
    );
    conn.query(&sql, &[from.into(), to.into()], read_debt)
}
