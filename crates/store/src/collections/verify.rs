//! What must hold between receivables, late fees, payments and allocations.

use super::{DEBT, DebtRow, read_debt};
use crate::day::Range;
use crate::db::{Conn, StoreError};
use crate::verify::Check;

/// The invariants of receivables and late fees, but the recomputation of the fees, which needs the rules.
pub const CHECKS: &[Check] = &[
    Check {
        name: "open_is_amount_less_allocations",
        promise: "what is open of a receivable is its amount less what was allocated to it",
        sql: "SELECT r.account_id, r.bill_no FROM receivable r LEFT JOIN (SELECT account_id, bill_no, \
                SUM(amount_fen) AS paid FROM allocation WHERE kind = 'energy' GROUP BY account_id, bill_no) x \
                ON x.account_id = r.account_id AND x.bill_no = r.bill_no \
              WHERE r.open_fen <> r.amount_fen - COALESCE(x.paid, 0)",
    },
    Check {
        name: "allocation_has_target",
        promise: "every allocation names the bill, late fee or refund that it went to",
        sql: "SELECT x.account_id, x.allocation_no FROM allocation x \
              LEFT JOIN receivable r ON r.account_id = x.account_id AND r.bill_no = x.bill_no \
              LEFT JOIN late_fee f ON f.account_id = x.account_id AND f.bill_no = x.bill_no \
              LEFT JOIN refund p ON p.account_id = x.account_id AND p.refund_no = x.bill_no \
              WHERE CASE x.kind WHEN 'late_fee' THEN f.account_id WHEN 'refund' THEN p.account_id ELSE r.account_id END IS NULL",
    },
    Check {
        name: "settled_is_closed",
        promise: "a receivable has a day of settlement exactly when nothing of it is open",
        sql: "SELECT account_id, bill_no FROM receivable WHERE (settled_on IS NULL AND open_fen = 0 AND amount_fen <> 0) \
              OR (settled_on IS NOT NULL AND open_fen <> 0)",
    },
    Check {
        name: "fee_open_is_booked_less_paid",
        promise: "what is open of a late fee is what was booked less what was waived and paid",
        sql: "SELECT f.account_id, f.bill_no FROM late_fee f LEFT JOIN (SELECT account_id, bill_no, \
                SUM(amount_fen) AS paid FROM allocation WHERE kind = 'late_fee' GROUP BY account_id, bill_no) x \
                ON x.account_id = f.account_id AND x.bill_no = f.bill_no \
              WHERE f.open_fen <> f.booked_fen - f.waived_fen - COALESCE(x.paid, 0)",
    },
    Check {
        name: "late_fee_has_receivable",
        promise: "every late fee belongs to a released bill",
        sql: "SELECT f.account_id, f.bill_no FROM late_fee f LEFT JOIN receivable r \
              ON r.account_id = f.account_id AND r.bill_no = f.bill_no WHERE r.account_id IS NULL",
    },
    Check {
        name: "waived_is_sum_of_waivers",
        promise: "what was waived of a late fee is the sum of its approved waivers",
        sql: "SELECT f.account_id, f.bill_no FROM late_fee f LEFT JOIN (SELECT account_id, bill_no, \
                SUM(amount_fen) AS waived FROM waiver GROUP BY account_id, bill_no) w \
                ON w.account_id = f.account_id AND w.bill_no = f.bill_no WHERE f.waived_fen <> COALESCE(w.waived, 0)",
    },
    Check {
        name: "waiver_has_late_fee",
        promise: "every waiver is of a late fee that was booked",
        sql: "SELECT w.account_id, w.waiver_no FROM waiver w LEFT JOIN late_fee f \
                ON f.account_id = w.account_id AND f.bill_no = w.bill_no WHERE f.account_id IS NULL",
    },
    Check {
        name: "money_has_balance",
        promise: "an account with a released bill or a payment has a balance",
        sql: "SELECT m.account_id, m.no FROM (SELECT account_id, bill_no AS no FROM receivable WHERE amount_fen <> 0 \
                UNION ALL SELECT account_id, payment_no FROM payment) m \
              LEFT JOIN balance b ON b.account_id = m.account_id WHERE b.account_id IS NULL",
    },
    Check {
        name: "step_has_debt",
        promise: "every step of a ladder is about a released bill of an account with a ladder",
        sql: "SELECT s.account_id, s.bill_no FROM ladder_step s \
              LEFT JOIN receivable r ON r.account_id = s.account_id AND r.bill_no = s.bill_no \
              LEFT JOIN ladder l ON l.account_id = s.account_id WHERE r.account_id IS NULL OR l.account_id IS NULL",
    },
    Check {
        name: "demand_has_notice",
        promise: "a demand that was asked for has its notice, and one that is made has a notice that arrived on its day",
        sql: "SELECT s.account_id, s.bill_no FROM ladder_step s LEFT JOIN notice n \
                ON n.account_id = s.account_id AND n.notice_no = s.notice_no AND n.kind = 'demand' \
              WHERE s.kind IN ('demand', 'demand_again') AND s.state IN ('due', 'done', 'failed') AND (n.account_id IS NULL \
                OR (s.state = 'done' AND COALESCE(n.served_at / 1000000, 0) <> s.done_on))",
    },
    Check {
        name: "step_ends_on_a_day",
        promise: "a step has a day of its end exactly when it has ended, never before it began",
        sql: "SELECT account_id, bill_no FROM ladder_step WHERE (state IN ('done', 'withdrawn') AND done_on IS NULL) \
              OR (state IN ('due', 'held') AND done_on IS NOT NULL) OR (kind <> 'bill_notice' AND done_on < due_on)",
    },
    Check {
        name: "one_planned_stop",
        promise: "an account has one planned stop at a time",
        sql: "SELECT account_id, MIN(bill_no) FROM ladder_step WHERE kind = 'stop_plan' AND state = 'due' \
              GROUP BY account_id HAVING COUNT(*) > 1",
    },
    Check {
        name: "hold_is_whole",
        promise: "a hold does not end before it begins, and its release has a day, a person and a reason",
        sql: "SELECT account_id, hold_no FROM hold WHERE until_on < from_on \
              OR (CASE WHEN released_on IS NULL THEN 0 ELSE 1 END) <> (CASE WHEN released_by IS NULL THEN 0 ELSE 1 END) \
              OR (CASE WHEN released_on IS NULL THEN 0 ELSE 1 END) <> (CASE WHEN release_reason IS NULL THEN 0 ELSE 1 END)",
    },
    Check {
        name: "plan_is_sum_of_parts",
        promise: "a payment plan or promise is the sum of its parts",
        sql: "SELECT p.account_id, p.plan_no FROM payment_plan p LEFT JOIN (SELECT account_id, plan_no, \
                SUM(amount_fen) AS total FROM plan_part GROUP BY account_id, plan_no) x \
                ON x.account_id = p.account_id AND x.plan_no = p.plan_no WHERE p.amount_fen <> COALESCE(x.total, 0)",
    },
    Check {
        name: "plan_holds_while_it_runs",
        promise: "a payment plan or promise has a hold that is in force exactly while it runs, and a day when it has ended",
        sql: "SELECT p.account_id, p.plan_no FROM payment_plan p LEFT JOIN hold h \
                ON h.account_id = p.account_id AND h.hold_no = p.hold_no AND h.kind = p.kind \
              WHERE h.account_id IS NULL OR (CASE WHEN p.state = 'running' THEN 0 ELSE 1 END) \
                <> (CASE WHEN h.released_on IS NULL THEN 0 ELSE 1 END) \
                OR (CASE WHEN p.state = 'running' THEN 0 ELSE 1 END) <> (CASE WHEN p.ended_on IS NULL THEN 0 ELSE 1 END)",
    },
    Check {
        name: "balance_is_sum_of_debts",
        promise: "what an account owes is the sum of its open bills and late fees",
        sql: "SELECT b.account_id, b.next_entry_no FROM balance b \
              LEFT JOIN (SELECT account_id, SUM(open_fen) AS open FROM receivable GROUP BY account_id) r \
                ON r.account_id = b.account_id \
              LEFT JOIN (SELECT account_id, SUM(open_fen) AS open FROM late_fee GROUP BY account_id) f \
                ON f.account_id = b.account_id \
              WHERE b.receivable_fen <> COALESCE(r.open, 0) OR b.late_fee_fen <> COALESCE(f.open, 0)",
    },
];

/// The bills of a range for which a late fee was booked, in order: what the recomputation of the fees walks over.
///
/// # Errors
/// The database's.
pub fn debts_with_fee(conn: &mut Conn, range: Range) -> Result<Vec<DebtRow>, StoreError> {
    let sql = format!(
        "{DEBT} WHERE r.account_id BETWEEN $1 AND $2 AND f.account_id IS NOT NULL ORDER BY r.account_id, r.bill_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read_debt)
}
