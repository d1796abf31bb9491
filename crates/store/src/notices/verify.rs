//! What must hold of notices and their deliveries.

use crate::verify::Check;

/// The invariants of notices.
pub const CHECKS: &[Check] = &[
    Check {
        name: "released_bill_is_noticed",
        promise: "every bill released on a finished day that had the stage has its notice",
        sql: "SELECT r.account_id, r.bill_no FROM receivable r JOIN day_run d ON d.run_on = r.released_on AND d.state = 'done' \
              JOIN day_stage s ON s.run_on = d.run_on AND s.stage = 'notify' \
              LEFT JOIN notice n ON n.account_id = r.account_id AND n.kind = 'bill' AND n.bill_no = r.bill_no \
              WHERE n.account_id IS NULL",
    },
    Check {
        name: "notice_leaves_or_is_listed",
        promise: "an open notice has a delivery that is not over, or is on the list of what cannot be told",
        sql: "SELECT n.account_id, n.notice_no FROM notice n WHERE n.state = 'open' \
              AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.account_id = n.account_id AND d.notice_no = n.notice_no \
              AND d.state IN ('queued', 'sending', 'sent', 'doubtful', 'delivered')) \
              AND NOT EXISTS (SELECT 1 FROM task t WHERE t.account_id = n.account_id AND t.kind = 'notice_undeliverable' \
              AND t.subject = n.kind || ':' || n.subject)",
    },
    Check {
        name: "delivery_has_notice",
        promise: "every delivery belongs to a notice",
        sql: "SELECT d.account_id, d.notice_no FROM delivery d LEFT JOIN notice n ON n.account_id = d.account_id \
              AND n.notice_no = d.notice_no WHERE n.account_id IS NULL",
    },
    Check {
        name: "served_is_proved",
        promise: "a served notice has an arrival, a channel, and a proof or a delivery that arrived; no other has one",
        sql: "SELECT n.account_id, n.notice_no FROM notice n \
              WHERE (n.state = 'served' AND (n.served_at IS NULL OR n.served_how IS NULL OR (n.evidence_no IS NULL \
              AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.account_id = n.account_id AND d.notice_no = n.notice_no \
              AND d.state = 'delivered')))) OR (n.state <> 'served' AND n.served_at IS NOT NULL)",
    },
    Check {
        name: "nobody_is_told_twice",
        promise: "no two deliveries of a notice that are not over go to the same address by the same channel",
        sql: "SELECT account_id, notice_no FROM delivery WHERE state NOT IN ('bounced', 'refused', 'failed', 'cancelled') \
              GROUP BY account_id, notice_no, channel, address HAVING COUNT(*) > 1",
    },
    Check {
        name: "quiet_after_the_end",
        promise: "nothing of a notice that was served, has failed or was withdrawn still waits to be sent",
        sql: "SELECT d.account_id, d.notice_no FROM delivery d JOIN notice n ON n.account_id = d.account_id \
              AND n.notice_no = d.notice_no WHERE d.state = 'queued' AND n.state <> 'open'",
    },
    Check {
        name: "paper_run_is_sum_of_papers",
        promise: "a run of papers holds as many as it says",
        sql: "SELECT r.made_on, r.rows_kept FROM paper_run r LEFT JOIN (SELECT gateway_ref, COUNT(*) AS papers FROM delivery \
              WHERE gateway_ref IS NOT NULL GROUP BY gateway_ref) p ON p.gateway_ref = r.run_id \
              WHERE COALESCE(p.papers, 0) <> r.rows_kept",
    },
    Check {
        name: "contact_event_has_contact",
        promise: "every event of a contact belongs to one",
        sql: "SELECT e.account_id, e.event_no FROM contact_event e LEFT JOIN contact c ON c.account_id = e.account_id \
              AND c.contact_no = e.contact_no WHERE c.account_id IS NULL",
    },
];
