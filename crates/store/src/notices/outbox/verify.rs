//! What must hold of the outbox.

use crate::verify::Check;

/// The invariants of deliveries that leave by themselves, and of their attempts.
pub const CHECKS: &[Check] = &[
    Check {
        name: "attempts_are_counted",
        promise: "the attempts of a delivery are numbered without a gap, and it knows how many there were",
        sql: "SELECT COALESCE(d.account_id, a.account_id), COALESCE(d.notice_no, a.notice_no) \
              FROM (SELECT account_id, notice_no, delivery_no, COUNT(*) AS attempts, MAX(attempt_no) AS last \
                FROM delivery_attempt GROUP BY account_id, notice_no, delivery_no) a \
              FULL JOIN delivery d ON d.account_id = a.account_id AND d.notice_no = a.notice_no \
                AND d.delivery_no = a.delivery_no \
              WHERE d.channel IS NULL OR (d.channel IN ('email', 'sms') \
                AND (COALESCE(a.attempts, 0) <> d.attempts OR COALESCE(a.last, 0) <> d.attempts))",
    },
    Check {
        name: "only_a_claim_is_under_way",
        promise: "an attempt that has not ended is the last of a delivery that is claimed, and the other way round",
        sql: "SELECT COALESCE(d.account_id, a.account_id), COALESCE(d.notice_no, a.notice_no) \
              FROM (SELECT account_id, notice_no, delivery_no, attempt_no FROM delivery_attempt \
                WHERE outcome IS NULL OR outcome = 'handing') a \
              FULL JOIN (SELECT account_id, notice_no, delivery_no, attempts FROM delivery WHERE state = 'sending') d \
                ON d.account_id = a.account_id AND d.notice_no = a.notice_no AND d.delivery_no = a.delivery_no \
                AND d.attempts = a.attempt_no \
              WHERE d.account_id IS NULL OR a.account_id IS NULL",
    },
    Check {
        name: "sent_was_taken",
        promise: "what was sent by mail or SMS has its moment, and an attempt that the carrier took",
        sql: "SELECT d.account_id, d.notice_no FROM delivery d WHERE d.channel IN ('email', 'sms') \
              AND d.state IN ('sent', 'delivered') AND (d.sent_at IS NULL OR NOT EXISTS (SELECT 1 FROM delivery_attempt a \
                WHERE a.account_id = d.account_id AND a.notice_no = d.notice_no AND a.delivery_no = d.delivery_no \
                AND a.outcome = 'taken'))",
    },
];
