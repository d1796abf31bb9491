//! What must hold of the chains and anchors of evidence that SQL can tell; the hashes are computed again in the office.

use crate::verify::Check;

/// The invariants of evidence.
pub const CHECKS: &[Check] = &[
    Check {
        name: "evidence_numbers_have_no_gap",
        promise: "the chain of an account is numbered from 1 without a gap",
        sql: "SELECT account_id, MAX(evidence_no) FROM evidence GROUP BY account_id \
              HAVING COUNT(*) <> MAX(evidence_no) OR MIN(evidence_no) <> 1",
    },
    Check {
        name: "evidence_has_its_file",
        promise: "a proof with a digest has its file, and a file is that of a proof",
        sql: "SELECT e.account_id, e.evidence_no FROM evidence e LEFT JOIN evidence_file f \
              ON f.account_id = e.account_id AND f.file_hash = e.file_hash \
              WHERE e.file_hash IS NOT NULL AND f.file_hash IS NULL \
              UNION ALL SELECT f.account_id, 0 FROM evidence_file f WHERE NOT EXISTS (SELECT 1 FROM evidence e \
              WHERE e.account_id = f.account_id AND e.file_hash = f.file_hash)",
    },
    Check {
        name: "chain_is_anchored_or_waits",
        promise: "the end of every chain is under an anchor or waits for one",
        sql: "SELECT COALESCE(e.account_id, u.account_id), COALESCE(u.last, 0) FROM \
                (SELECT account_id, MAX(evidence_no) AS last FROM evidence GROUP BY account_id) e \
              FULL JOIN (SELECT account_id, MAX(evidence_no) AS last FROM (SELECT account_id, evidence_no \
                FROM evidence_anchor_chain UNION ALL SELECT account_id, evidence_no FROM evidence_unanchored) x \
                GROUP BY account_id) u ON u.account_id = e.account_id \
              WHERE e.last IS NULL OR u.last IS NULL OR e.last <> u.last",
    },
    Check {
        name: "anchor_counts_its_chains",
        promise: "an anchor has as many chains as it says, and a chain under an anchor ends in a proof with that hash",
        sql: "SELECT a.anchored_on, a.chains FROM evidence_anchor a WHERE a.chains <> (SELECT COUNT(*) \
                FROM evidence_anchor_chain c WHERE c.anchored_on = a.anchored_on) \
              UNION ALL SELECT c.account_id, c.evidence_no FROM evidence_anchor_chain c \
              LEFT JOIN evidence e ON e.account_id = c.account_id AND e.evidence_no = c.evidence_no \
              LEFT JOIN evidence_anchor a ON a.anchored_on = c.anchored_on \
              WHERE e.hash IS NULL OR e.hash <> c.hash OR a.anchored_on IS NULL",
    },
    Check {
        name: "proof_is_there",
        promise: "a proof that is named is in the account's chain",
        sql: "SELECT r.account_id, r.evidence_no FROM (SELECT account_id, evidence_no FROM notice \
              UNION ALL SELECT account_id, evidence_no FROM payment_plan UNION ALL SELECT account_id, evidence_no FROM cut_document \
              UNION ALL SELECT account_id, evidence_no FROM final_call UNION ALL SELECT account_id, evidence_no FROM operation \
              UNION ALL SELECT account_id, evidence_no FROM limitation_event UNION ALL SELECT account_id, evidence_no FROM legal_step \
              UNION ALL SELECT account_id, evidence_no FROM security UNION ALL SELECT account_id, evidence_no FROM insolvency \
              UNION ALL SELECT account_id, evidence_no FROM write_off) r \
              LEFT JOIN evidence e ON e.account_id = r.account_id AND e.evidence_no = r.evidence_no \
              WHERE r.evidence_no IS NOT NULL AND e.evidence_no IS NULL",
    },
];
