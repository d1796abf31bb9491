//! What must hold in the ledger.

use crate::verify::Check;

/// The invariants of entries, postings and balances.
pub const CHECKS: &[Check] = &[
    Check {
        name: "posting_has_entry",
        promise: "every posting belongs to an entry",
        sql: "SELECT p.account_id, p.entry_no FROM posting p \
              LEFT JOIN entry e ON e.account_id = p.account_id AND e.entry_no = p.entry_no WHERE e.account_id IS NULL",
    },
    Check {
        name: "entry_has_postings",
        promise: "every entry moves money",
        sql: "SELECT e.account_id, e.entry_no FROM entry e LEFT JOIN posting p \
              ON p.account_id = e.account_id AND p.entry_no = e.entry_no AND p.line_no = 1 WHERE p.account_id IS NULL",
    },
    Check {
        name: "balance_is_sum_of_postings",
        promise: "the balances of an account are the sums of its postings",
        sql: "SELECT s.account_id, COALESCE(b.next_entry_no, 0) FROM (SELECT account_id, \
                SUM(CASE WHEN gl = '1122' THEN amount_fen ELSE 0 END) AS receivable, \
                SUM(CASE WHEN gl = '1221' THEN amount_fen ELSE 0 END) AS late_fee, \
                SUM(CASE WHEN gl = '2203' THEN -amount_fen ELSE 0 END) AS prepaid \
                FROM posting GROUP BY account_id) s LEFT JOIN balance b ON b.account_id = s.account_id \
              WHERE COALESCE(b.receivable_fen, 0) <> s.receivable OR COALESCE(b.late_fee_fen, 0) <> s.late_fee \
                OR COALESCE(b.prepaid_fen, 0) <> s.prepaid \
              UNION ALL SELECT b.account_id, b.next_entry_no FROM balance b \
              WHERE (b.receivable_fen <> 0 OR b.late_fee_fen <> 0 OR b.prepaid_fen <> 0) \
                AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.account_id = b.account_id)",
    },
    Check {
        name: "entry_numbers_have_no_gap",
        promise: "the entries of an account are numbered without a gap, and its balance knows the next number",
        sql: "SELECT e.account_id, e.last FROM (SELECT account_id, COUNT(*) AS entries, MAX(entry_no) AS last \
                FROM entry GROUP BY account_id) e LEFT JOIN balance b ON b.account_id = e.account_id \
              WHERE e.entries <> e.last OR COALESCE(b.next_entry_no, 0) <> e.last + 1",
    },
];
