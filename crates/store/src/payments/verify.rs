//! What must hold between payments, allocations, suspense and the ledger.

use crate::verify::Check;

/// The invariants of payments and bank files.
pub const CHECKS: &[Check] = &[
    Check {
        name: "payment_is_allocated_or_unused",
        promise: "a payment is what was allocated of it and what is left as prepayment",
        sql: "SELECT p.account_id, p.payment_no FROM payment p LEFT JOIN (SELECT account_id, payment_no, \
                SUM(amount_fen) AS used FROM allocation GROUP BY account_id, payment_no) x \
                ON x.account_id = p.account_id AND x.payment_no = p.payment_no \
              WHERE p.amount_fen <> COALESCE(x.used, 0) + p.unused_fen",
    },
    Check {
        name: "allocation_not_above_payment",
        promise: "no payment allocates more than it has",
        sql: "SELECT account_id, payment_no FROM payment WHERE reverses_no IS NULL AND unused_fen < 0",
    },
    Check {
        name: "allocation_has_payment",
        promise: "every allocation belongs to a payment",
        sql: "SELECT x.account_id, x.allocation_no FROM allocation x LEFT JOIN payment p \
              ON p.account_id = x.account_id AND p.payment_no = x.payment_no WHERE p.account_id IS NULL",
    },
    Check {
        name: "prepaid_is_sum_of_unused",
        promise: "the prepayment of an account is what its payments left",
        sql: "SELECT b.account_id, b.next_entry_no FROM balance b LEFT JOIN (SELECT account_id, \
                SUM(unused_fen) AS unused FROM payment GROUP BY account_id) p ON p.account_id = b.account_id \
              WHERE b.prepaid_fen <> COALESCE(p.unused, 0)",
    },
    Check {
        name: "payments_are_in_the_ledger",
        promise: "what an account paid, less what it was refunded, is what its entries moved through cash, bank and suspense",
        sql: "SELECT m.account_id, COUNT(*) FROM (SELECT account_id, amount_fen AS fen FROM payment WHERE channel NOT IN ('credit', 'write_off') \
                UNION ALL SELECT account_id, -amount_fen FROM refund \
                UNION ALL SELECT account_id, -amount_fen FROM posting \
                  WHERE account_id <> 0 AND gl IN ('1001', '1002', '2241')) m \
              GROUP BY m.account_id HAVING SUM(m.fen) <> 0",
    },
    Check {
        name: "refund_is_sum_of_allocations",
        promise: "a refund is what was taken for it from the payments of its account",
        sql: "SELECT r.account_id, r.refund_no FROM refund r LEFT JOIN (SELECT account_id, bill_no, SUM(amount_fen) AS taken \
                FROM allocation WHERE kind = 'refund' GROUP BY account_id, bill_no) x \
                ON x.account_id = r.account_id AND x.bill_no = r.refund_no WHERE r.amount_fen <> COALESCE(x.taken, 0)",
    },
    Check {
        name: "reversal_mirrors_payment",
        promise: "a reversal is its payment with the other sign",
        sql: "SELECT r.account_id, r.payment_no FROM payment r LEFT JOIN payment p \
              ON p.account_id = r.account_id AND p.payment_no = r.reverses_no WHERE r.reverses_no IS NOT NULL \
              AND (p.account_id IS NULL OR p.amount_fen <> -r.amount_fen OR p.reversed_on IS NULL)",
    },
    Check {
        name: "key_has_payment",
        promise: "every known id of a channel names its payment",
        sql: "SELECT k.account_id, k.payment_no FROM payment_key k LEFT JOIN payment p \
              ON p.account_id = k.account_id AND p.payment_no = k.payment_no WHERE p.account_id IS NULL",
    },
    Check {
        name: "suspense_is_unmatched_lines",
        promise: "the suspense account is the sum of the bank lines that wait",
        sql: "SELECT CAST(0 AS BIGINT), s.ledger FROM (SELECT \
                (SELECT COALESCE(CAST(-SUM(amount_fen) AS BIGINT), 0) FROM posting WHERE gl = '2241') AS ledger, \
                (SELECT COALESCE(CAST(SUM(amount_fen) AS BIGINT), 0) FROM bank_line WHERE state = 'suspense') AS waits) s \
              WHERE s.ledger <> s.waits",
    },
    Check {
        name: "bank_file_is_sum_of_lines",
        promise: "a bank file is the sum of its lines",
        sql: "SELECT f.rows_kept, f.total_fen FROM bank_file f LEFT JOIN (SELECT file_id, COUNT(*) AS lines, \
                SUM(amount_fen) AS total FROM bank_line GROUP BY file_id) l ON l.file_id = f.file_id \
              WHERE f.rows_kept <> COALESCE(l.lines, 0) OR f.total_fen <> COALESCE(l.total, 0)",
    },
    Check {
        name: "bank_line_has_file",
        promise: "every line of a bank belongs to a file",
        sql: "SELECT l.line_no, l.amount_fen FROM bank_line l LEFT JOIN bank_file f ON f.file_id = l.file_id WHERE f.file_id IS NULL",
    },
    Check {
        name: "provider_money_is_booked",
        promise: "what a provider told of is a payment of its account, or a bank line that waits or was decided on, once and to the fen",
        sql: "SELECT r.account_id, r.amount_fen FROM provider_payment r \
              LEFT JOIN payment p ON p.account_id = r.account_id AND p.payment_no = r.payment_no AND p.amount_fen = r.amount_fen \
                AND p.external_id = r.provider_id AND p.channel = 'online' \
              LEFT JOIN bank_line l ON l.file_id = 'pay:' || r.provider_id AND l.line_no = 1 AND l.amount_fen = r.amount_fen \
                AND l.state IN ('suspense', 'resolved', 'returned') \
              WHERE (r.outcome <> 'suspense' AND p.account_id IS NULL) OR (r.outcome = 'suspense' AND l.file_id IS NULL) \
                OR (r.outcome = 'suspense' AND r.account_id <> 0) OR (r.outcome <> 'suspense' AND l.file_id IS NOT NULL)",
    },
    Check {
        name: "intent_is_paid_once",
        promise: "a payment intent is paid by one payment of its amount, and only a paid one has a payment",
        sql: "SELECT i.account_id, i.intent_no FROM payment_intent i LEFT JOIN (SELECT account_id, intent_no, COUNT(*) AS times, \
                MIN(amount_fen) AS fen, MIN(payment_no) AS payment_no FROM provider_payment WHERE outcome IN ('paid', 'late') \
                GROUP BY account_id, intent_no) r ON r.account_id = i.account_id AND r.intent_no = i.intent_no \
              WHERE (i.state = 'paid') <> (i.payment_no IS NOT NULL) OR (i.state = 'paid') <> (r.times IS NOT NULL) \
                OR r.times > 1 OR r.fen <> i.amount_fen OR r.payment_no <> i.payment_no",
    },
    Check {
        name: "refund_request_is_decided_by_another",
        promise: "a refund that was asked for is decided by another person, and paid as one refund of its amount",
        sql: "SELECT q.account_id, q.request_no FROM refund_request q LEFT JOIN refund r \
              ON r.account_id = q.account_id AND r.refund_no = q.refund_no AND r.amount_fen = q.amount_fen \
              WHERE (q.state = 'paid') <> (q.refund_no IS NOT NULL) OR (q.state = 'paid' AND r.account_id IS NULL) \
                OR (q.state = 'waiting') <> (q.decided_by IS NULL) OR q.decided_by = q.asked_by",
    },
];
