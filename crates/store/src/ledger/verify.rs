//! What must hold in the ledger, as scans that give what does not.

use crate::db::{Conn, StoreError};

/// 核验发现: one place where the database breaks an invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the check, such as `ledger.entry_balanced`.
    pub check: &'static str,
    /// Where and how.
    pub detail: String,
}

/// Each check: its name, and a query that gives a line of text for every break.
const CHECKS: &[(&str, &str)] = &[
    (
        "ledger.entry_balanced",
        "SELECT 'account ' || account_id || ' entry ' || entry_no || ' sums to ' || CAST(SUM(amount_fen) AS BIGINT) \
         FROM posting GROUP BY account_id, entry_no HAVING SUM(amount_fen) <> 0 ORDER BY account_id, entry_no",
    ),
    (
        "ledger.posting_has_entry",
        "SELECT 'account ' || p.account_id || ' entry ' || p.entry_no || ' has lines and no head' FROM posting p \
         LEFT JOIN entry e ON e.account_id = p.account_id AND e.entry_no = p.entry_no \
         WHERE e.account_id IS NULL ORDER BY p.account_id, p.entry_no, p.line_no",
    ),
    (
        "ledger.entry_has_postings",
        "SELECT 'account ' || e.account_id || ' entry ' || e.entry_no || ' has no lines' FROM entry e \
         LEFT JOIN posting p ON p.account_id = e.account_id AND p.entry_no = e.entry_no AND p.line_no = 1 \
         WHERE p.account_id IS NULL ORDER BY e.account_id, e.entry_no",
    ),
    (
        "ledger.balance_is_sum",
        "SELECT 'account ' || COALESCE(b.account_id, s.account_id) || ' balance differs from its postings' \
         FROM balance b FULL JOIN (SELECT account_id, \
           SUM(CASE WHEN gl = '1122' THEN amount_fen ELSE 0 END) AS receivable, \
           SUM(CASE WHEN gl = '1221' THEN amount_fen ELSE 0 END) AS late_fee, \
           SUM(CASE WHEN gl = '2203' THEN -amount_fen ELSE 0 END) AS prepaid \
           FROM posting GROUP BY account_id) s ON s.account_id = b.account_id \
         WHERE COALESCE(b.receivable_fen, 0) <> COALESCE(s.receivable, 0) \
           OR COALESCE(b.late_fee_fen, 0) <> COALESCE(s.late_fee, 0) \
           OR COALESCE(b.prepaid_fen, 0) <> COALESCE(s.prepaid, 0) ORDER BY 1",
    ),
    (
        "ledger.entry_numbers",
        "SELECT 'account ' || e.account_id || ' has a gap in its entries or a wrong next number' \
         FROM (SELECT account_id, COUNT(*) AS entries, MAX(entry_no) AS last FROM entry GROUP BY account_id) e \
         LEFT JOIN balance b ON b.account_id = e.account_id \
         WHERE e.entries <> e.last OR COALESCE(b.next_entry_no, 0) <> e.last + 1 ORDER BY e.account_id",
    ),
];

/// Every break of the ledger's invariants.
///
/// # Errors
/// The database's.
pub fn verify(conn: &mut Conn) -> Result<Vec<Finding>, StoreError> {
    run(conn, CHECKS)
}

/// Runs checks of the form `(name, query that gives a text per break)`.
pub(crate) fn run(conn: &mut Conn, checks: &[(&'static str, &str)]) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for (check, sql) in checks {
        findings.extend(conn.query(sql, &[], |row| Ok(Finding { check, detail: row.text(0)? }))?);
    }
    Ok(findings)
}
