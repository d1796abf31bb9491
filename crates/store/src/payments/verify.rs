//! What must hold between payments, allocations, suspense and the ledger.

use crate::db::{Conn, StoreError};
use crate::ledger::{Finding, run_checks};

const CHECKS: &[(&str, &str)] = &[
    (
        "payments.amount_is_allocated_or_unused",
        "SELECT 'account ' || p.account_id || ' payment ' || p.payment_no || ' of ' || p.amount_fen \
           || ' is not its allocations and its rest' \
         FROM payment p LEFT JOIN (SELECT account_id, payment_no, SUM(amount_fen) AS used FROM allocation \
           GROUP BY account_id, payment_no) x ON x.account_id = p.account_id AND x.payment_no = p.payment_no \
         WHERE p.amount_fen <> COALESCE(x.used, 0) + p.unused_fen ORDER BY p.account_id, p.payment_no",
    ),
    (
        "payments.allocation_not_above_payment",
        "SELECT 'account ' || account_id || ' payment ' || payment_no || ' allocates more than it has' FROM payment \
         WHERE reverses_no IS NULL AND unused_fen < 0 ORDER BY account_id, payment_no",
    ),
    (
        "payments.allocation_has_payment",
        "SELECT 'account ' || x.account_id || ' allocation ' || x.allocation_no || ' has no payment' FROM allocation x \
         LEFT JOIN payment p ON p.account_id = x.account_id AND p.payment_no = x.payment_no \
         WHERE p.account_id IS NULL ORDER BY x.account_id, x.allocation_no",
    ),
    (
        "payments.prepaid_is_sum_of_unused",
        "SELECT 'account ' || b.account_id || ' prepayment ' || b.prepaid_fen || ' is not what its payments left' \
         FROM balance b LEFT JOIN (SELECT account_id, SUM(unused_fen) AS unused FROM payment GROUP BY account_id) p \
           ON p.account_id = b.account_id \
         WHERE b.prepaid_fen <> COALESCE(p.unused, 0) ORDER BY b.account_id",
    ),
    (
        "payments.reversal_mirrors_payment",
        "SELECT 'account ' || r.account_id || ' reversal ' || r.payment_no || ' does not mirror its payment' \
         FROM payment r LEFT JOIN payment p ON p.account_id = r.account_id AND p.payment_no = r.reverses_no \
         WHERE r.reverses_no IS NOT NULL AND (p.account_id IS NULL OR p.amount_fen <> -r.amount_fen \
           OR p.reversed_on IS NULL) ORDER BY r.account_id, r.payment_no",
    ),
    (
        "payments.key_has_payment",
        "SELECT k.channel || ' ' || k.external_id || ' names no payment' FROM payment_key k \
         LEFT JOIN payment p ON p.account_id = k.account_id AND p.payment_no = k.payment_no \
         WHERE p.account_id IS NULL ORDER BY k.channel, k.external_id",
    ),
    (
        "payments.suspense_is_unmatched_lines",
        "SELECT 'suspense of ' || s.ledger || ' is not the ' || s.lines || ' of unmatched lines' FROM (SELECT \
           (SELECT CAST(COALESCE(-SUM(amount_fen), 0) AS BIGINT) FROM posting WHERE gl = '2241') AS ledger, \
           (SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM bank_line WHERE state = 'suspense') AS lines) s \
         WHERE s.ledger <> s.lines",
    ),
    (
        "payments.file_is_sum_of_lines",
        "SELECT 'file ' || f.file_id || ' differs from its lines' FROM bank_file f \
         LEFT JOIN (SELECT file_id, COUNT(*) AS lines, SUM(amount_fen) AS total FROM bank_line GROUP BY file_id) l \
           ON l.file_id = f.file_id \
         WHERE f.rows_kept <> COALESCE(l.lines, 0) OR f.total_fen <> COALESCE(l.total, 0) ORDER BY f.file_id",
    ),
];

/// Every break of the invariants of payments.
///
/// # Errors
/// The database's.
pub fn verify(conn: &mut Conn) -> Result<Vec<Finding>, StoreError> {
    run_checks(conn, CHECKS)
}
