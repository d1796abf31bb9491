//! What must hold of targets, appraisals and bonuses.

use crate::verify::Check;

/// The invariants that SQL can tell; that scores and bonuses derive from their records is derived again by the office.
pub const CHECKS: &[Check] = &[
    Check {
        name: "target_is_sum_of_children",
        promise: "what is below a node of a target comes to the node, to the fen",
        sql: "SELECT p.target_no, p.node_no FROM target_node p JOIN (SELECT target_no, parent_no, SUM(amount_fen) AS total \
                FROM target_node GROUP BY target_no, parent_no) c ON c.target_no = p.target_no AND c.parent_no = p.node_no \
              WHERE c.total <> p.amount_fen",
    },
    Check {
        name: "target_has_one_root",
        promise: "a target has one root, which carries its amount, and every other node stands below one that is there",
        sql: "SELECT t.target_no, CAST(0 AS BIGINT) FROM target t WHERE (SELECT COUNT(*) FROM target_node n WHERE n.target_no = t.target_no \
                AND n.parent_no IS NULL AND n.amount_fen = t.amount_fen AND n.org_id = t.org_id) <> 1 \
                OR (SELECT COUNT(*) FROM target_node n WHERE n.target_no = t.target_no AND n.parent_no IS NULL) <> 1 \
              UNION ALL SELECT n.target_no, n.node_no FROM target_node n LEFT JOIN target t ON t.target_no = n.target_no \
                LEFT JOIN target_node p ON p.target_no = n.target_no AND p.node_no = n.parent_no \
              WHERE t.target_no IS NULL OR (n.parent_no IS NOT NULL AND (p.node_no IS NULL OR p.node_no >= n.node_no))",
    },
    Check {
        name: "target_is_confirmed_by_another",
        promise: "a target in force was confirmed by somebody who did not make it",
        sql: "SELECT target_no, CAST(0 AS BIGINT) FROM target WHERE (state = 'draft') <> (confirmed_by IS NULL) OR confirmed_by = made_by \
              OR (state = 'closed') <> (closed_on IS NOT NULL)",
    },
    Check {
        name: "closed_target_keeps_its_figures",
        promise: "a closed target keeps what came of every node, and only a closed one does",
        sql: "SELECT n.target_no, n.node_no FROM target_node n JOIN target t ON t.target_no = n.target_no \
              LEFT JOIN target_result r ON r.target_no = n.target_no AND r.node_no = n.node_no \
              WHERE (t.state = 'closed') <> (r.node_no IS NOT NULL)",
    },
    Check {
        name: "appraisal_is_decided_by_another",
        promise: "an appraisal is decided exactly when a manager who is not appraised himself has said so",
        sql: "SELECT a.month, a.staff_id FROM appraisal a LEFT JOIN staff s ON s.staff_id = a.staff_id \
              WHERE s.staff_id IS NULL OR (a.state = 'decided') <> (a.decided_by IS NOT NULL) \
              OR (a.decided_by IS NULL) <> (a.decided IS NULL) OR a.decided_by = s.code",
    },
    Check {
        name: "appraisal_event_has_appraisal",
        promise: "what was said belongs to an appraisal",
        sql: "SELECT e.month, e.staff_id FROM appraisal_event e LEFT JOIN appraisal a ON a.month = e.month AND a.staff_id = e.staff_id \
              WHERE a.staff_id IS NULL",
    },
    Check {
        name: "bonus_sheet_is_sum_of_lines",
        promise: "a bonus sheet is the sum of its lines, none of them below zero or above its worth",
        sql: "SELECT s.sheet_no, CAST(0 AS BIGINT) FROM bonus_sheet s LEFT JOIN (SELECT sheet_no, SUM(amount_fen) AS total FROM bonus_line \
                GROUP BY sheet_no) l ON l.sheet_no = s.sheet_no WHERE COALESCE(l.total, 0) <> s.total_fen \
              UNION ALL SELECT sheet_no, staff_id FROM bonus_line WHERE amount_fen < 0 OR amount_fen > worth_fen",
    },
    Check {
        name: "bonus_is_approved_by_another",
        promise: "a bonus sheet is decided by somebody who did not make it, and frozen only after that",
        sql: "SELECT sheet_no, CAST(0 AS BIGINT) FROM bonus_sheet WHERE (state = 'draft') <> (decided_by IS NULL) OR decided_by = made_by \
              OR (state = 'frozen') <> (frozen_by IS NOT NULL)",
    },
    Check {
        name: "bonus_is_paid_once",
        promise: "nobody is on two sheets of a target that were not sent back",
        sql: "SELECT s.target_no, l.staff_id FROM bonus_sheet s JOIN bonus_line l ON l.sheet_no = s.sheet_no \
              WHERE s.state <> 'rejected' GROUP BY s.target_no, l.staff_id HAVING COUNT(*) > 1",
    },
];
