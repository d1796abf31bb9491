//! What must hold of clocks and cases.

use crate::day::{Range, ranges_of};
use crate::db::{Conn, StoreError};
use crate::verify::Check;
use jiff::civil::Date;

/// The invariants of legal action, but the recomputation of the clocks, which needs the rules.
pub const CHECKS: &[Check] = &[
    Check {
        name: "legal_claim_is_sum_of_bills",
        promise: "what a case claims is the sum of what it claims of its bills",
        sql: "SELECT c.account_id, c.case_no FROM legal_case c LEFT JOIN (SELECT account_id, case_no, \
                SUM(amount_fen) AS claim, SUM(fee_fen) AS fee FROM legal_case_bill GROUP BY account_id, case_no) b \
                ON b.account_id = c.account_id AND b.case_no = c.case_no \
              WHERE COALESCE(b.claim, 0) <> c.claim_fen OR COALESCE(b.fee, 0) <> c.fee_fen",
    },
    Check {
        name: "legal_bill_is_receivable",
        promise: "a case claims of a bill no more than the bill",
        sql: "SELECT b.account_id, b.bill_no FROM legal_case_bill b LEFT JOIN receivable r \
              ON r.account_id = b.account_id AND r.bill_no = b.bill_no \
              WHERE r.bill_no IS NULL OR b.amount_fen > r.amount_fen",
    },
    Check {
        name: "legal_case_is_approved",
        promise: "nothing is sent or filed without the word of a second person",
        sql: "SELECT account_id, case_no FROM legal_case WHERE state NOT IN ('proposed', 'rejected', 'closed') \
              AND (approved_by IS NULL OR approved_by = opened_by)",
    },
    Check {
        name: "legal_step_has_case",
        promise: "every step belongs to a case",
        sql: "SELECT s.account_id, s.case_no FROM legal_step s LEFT JOIN legal_case c \
              ON c.account_id = s.account_id AND c.case_no = s.case_no WHERE c.case_no IS NULL",
    },
    Check {
        name: "write_off_has_entry",
        promise: "every write-off has its entry, and the payment of its channel that took the debt off",
        sql: "SELECT w.account_id, w.write_off_no FROM write_off w LEFT JOIN payment p \
              ON p.account_id = w.account_id AND p.payment_no = w.payment_no \
              LEFT JOIN entry e ON e.account_id = w.account_id AND e.kind = 'write_off' \
              AND e.subject = 'write_off:' || CAST(w.write_off_no AS TEXT) \
              WHERE e.account_id IS NULL OR p.account_id IS NULL OR p.channel <> 'write_off' \
              OR p.amount_fen <> w.amount_fen + w.fee_fen",
    },
    Check {
        name: "write_offs_are_in_the_ledger",
        promise: "what an account lost to bad debts is what was written off and has not come back",
        sql: "SELECT m.account_id, COUNT(*) FROM (SELECT account_id, amount_fen AS fen FROM posting WHERE gl = '6702' \
                UNION ALL SELECT account_id, recovered_fen + recovered_fee_fen - amount_fen - fee_fen FROM write_off) m \
              GROUP BY m.account_id HAVING SUM(m.fen) <> 0",
    },
    Check {
        name: "write_off_is_proved",
        promise: "every write-off has its proof and two persons, and no more of it came back than went",
        sql: "SELECT w.account_id, w.write_off_no FROM write_off w LEFT JOIN evidence e \
              ON e.account_id = w.account_id AND e.evidence_no = w.evidence_no WHERE e.account_id IS NULL \
              OR w.asked_by = w.approved_by OR w.recovered_fen > w.amount_fen OR w.recovered_fee_fen > w.fee_fen \
              OR w.recovered_fen < 0 OR w.recovered_fee_fen < 0",
    },
    Check {
        name: "overdue_debt_has_clock",
        promise: "after the stage has run, every overdue debt has a clock of limitation, but where money moved since",
        sql: "SELECT r.account_id, r.bill_no FROM receivable r \
              LEFT JOIN limitation l ON l.account_id = r.account_id AND l.bill_no = r.bill_no \
              WHERE r.open_fen > 0 AND l.bill_no IS NULL AND r.due_on < (SELECT COALESCE(MAX(s.run_on), 0) FROM day_stage s \
                JOIN day_run d ON d.run_on = s.run_on WHERE s.stage = 'legal' AND d.state = 'done') \
                AND r.released_on < (SELECT COALESCE(MAX(s.run_on), 0) FROM day_stage s \
                JOIN day_run d ON d.run_on = s.run_on WHERE s.stage = 'legal' AND d.state = 'done') \
                AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.account_id = r.account_id AND p.posted_on >= \
                (SELECT COALESCE(MAX(s.run_on), 0) FROM day_stage s JOIN day_run d ON d.run_on = s.run_on \
                WHERE s.stage = 'legal' AND d.state = 'done'))",
    },
];

/// The last finished day on which the stage `legal` ran.
///
/// # Errors
/// The database's.
pub fn last_done(conn: &mut Conn) -> Result<Option<Date>, StoreError> {
    let last = conn.query_int(
        "SELECT MAX(s.run_on) FROM day_stage s JOIN day_run d ON d.run_on = s.run_on \
         WHERE s.stage = 'legal' AND d.state = 'done'",
        &[],
    )?;
    Ok(crate::db::date_from_int(last))
}

/// Ranges of accounts that have a clock of limitation.
///
/// # Errors
/// The database's.
pub fn clock_ranges(conn: &mut Conn, size: usize) -> Result<Vec<Range>, StoreError> {
    ranges_of(conn, "SELECT account_id FROM limitation ORDER BY account_id", &[], size)
}

/// Accounts of a range with a clock about which something was noted on or after a day that may interrupt a term or take an
/// interruption back.
///
/// # Errors
/// The database's.
pub fn touched_since(conn: &mut Conn, range: Range, since: Date) -> Result<Vec<i64>, StoreError> {
    conn.query(
        "SELECT account_id FROM payment WHERE account_id BETWEEN $1 AND $2 AND posted_on >= $3 \
         UNION SELECT account_id FROM notice WHERE account_id BETWEEN $1 AND $2 AND served_at / 1000000 >= $3 \
         UNION SELECT account_id FROM payment_plan WHERE account_id BETWEEN $1 AND $2 AND agreed_on >= $3",
        &[range.from.into(), range.to.into(), since.into()],
        |row| row.int(0),
    )
}
