//! What must hold of cuts and restorations: no operation without a warrant, no warrant with a failing gate.

use crate::verify::Check;

/// The invariants of disconnection.
pub const CHECKS: &[Check] = &[
    Check {
        name: "cut_has_consumed_warrant",
        promise: "every cut was ordered on a warrant that was used up by it, made before it and not expired",
        sql: "SELECT o.account_id, o.operation_no FROM operation o LEFT JOIN warrant w ON w.account_id = o.account_id \
              AND w.case_no = o.case_no AND w.warrant_no = o.warrant_no WHERE o.kind = 'cut' AND (w.state IS NULL \
              OR w.state <> 'consumed' OR w.made_at > o.ordered_at OR w.expires_at < o.ordered_at \
              OR w.ended_at <> o.ordered_at OR COALESCE(o.done_at, o.ordered_at) > w.expires_at)",
    },
    Check {
        name: "warrant_used_once",
        promise: "a warrant allows one operation, and one that was used has it",
        sql: "SELECT w.account_id, w.warrant_no FROM warrant w LEFT JOIN (SELECT account_id, case_no, warrant_no, \
              COUNT(*) AS uses FROM operation WHERE kind = 'cut' GROUP BY account_id, case_no, warrant_no) o \
              ON o.account_id = w.account_id AND o.case_no = w.case_no AND o.warrant_no = w.warrant_no \
              WHERE COALESCE(o.uses, 0) <> CASE WHEN w.state = 'consumed' THEN 1 ELSE 0 END",
    },
    Check {
        name: "warrant_gates_all_held",
        promise: "a warrant keeps what its gates said: all of them held",
        sql: "SELECT account_id, warrant_no FROM warrant WHERE gates LIKE '%\"holds\":false%' \
              OR gates NOT LIKE '%\"G01\"%\"G02\"%\"G03\"%\"G04\"%\"G05\"%\"G06\"%\"G07\"%\"G08\"%\"G09\"%\"G10\"%\"G12\"%' \
              OR (state = 'consumed' AND gates NOT LIKE '%\"G11\"%')",
    },
    Check {
        name: "warrant_has_served_case",
        promise: "a warrant belongs to a case that was approved by another person and whose notice was served before",
        sql: "SELECT w.account_id, w.warrant_no FROM warrant w LEFT JOIN cut_case k ON k.account_id = w.account_id \
              AND k.case_no = w.case_no WHERE k.account_id IS NULL OR k.approved_by IS NULL \
              OR k.approved_by = k.proposed_by OR (w.state = 'live' AND (k.state <> 'served' OR k.closed_on IS NOT NULL)) \
              OR (w.state = 'consumed' AND k.served_on IS NULL)",
    },
    Check {
        name: "one_live_cut_case",
        promise: "an account has one live case, and a case one live warrant",
        sql: "SELECT account_id, COUNT(*) FROM cut_case WHERE closed_on IS NULL GROUP BY account_id HAVING COUNT(*) > 1 \
              UNION ALL SELECT account_id, COUNT(*) FROM warrant WHERE state = 'live' GROUP BY account_id HAVING COUNT(*) > 1",
    },
    Check {
        name: "cut_case_follows_operations",
        promise: "power is off where a cut was done and nothing restored it",
        sql: "SELECT k.account_id, k.case_no FROM cut_case k LEFT JOIN (SELECT account_id, case_no, \
              MAX(CASE WHEN kind = 'cut' AND state = 'done' THEN 1 ELSE 0 END) AS cut, \
              MAX(CASE WHEN kind = 'restore' AND state = 'done' THEN 1 ELSE 0 END) AS restored \
              FROM operation GROUP BY account_id, case_no) o ON o.account_id = k.account_id AND o.case_no = k.case_no \
              WHERE (k.state = 'cut') <> (COALESCE(o.cut, 0) = 1 AND o.restored = 0)",
    },
    Check {
        name: "paid_is_restored",
        promise: "who had paid before the last finished day has a restoration ordered",
        sql: "SELECT k.account_id, k.case_no FROM cut_case k WHERE k.state = 'cut' AND EXISTS (SELECT 1 FROM cut_case_bill b \
              WHERE b.account_id = k.account_id AND b.case_no = k.case_no) AND NOT EXISTS (SELECT 1 FROM cut_case_bill b \
              JOIN receivable r ON r.account_id = b.account_id AND r.bill_no = b.bill_no WHERE b.account_id = k.account_id \
              AND b.case_no = k.case_no AND (r.open_fen > 0 OR COALESCE(r.settled_on, 99991231) >= \
                COALESCE((SELECT MAX(run_on) FROM day_run WHERE state = 'done'), 0))) \
              AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.account_id = k.account_id AND o.case_no = k.case_no \
                AND o.kind = 'restore' AND o.state <> 'failed')",
    },
    Check {
        name: "restoration_has_promise",
        promise: "every restoration says by when, and belongs to a case",
        sql: "SELECT o.account_id, o.operation_no FROM operation o LEFT JOIN cut_case k ON k.account_id = o.account_id \
              AND k.case_no = o.case_no WHERE k.account_id IS NULL OR (o.kind = 'restore' AND o.due_at IS NULL)",
    },
];
