//! What must hold of tickets.

use crate::verify::Check;

/// The invariants that SQL can tell; that a ticket stands where its events lead is derived again by the office.
pub const CHECKS: &[Check] = &[
    Check {
        name: "ticket_numbers_have_no_gap",
        promise: "the tickets of an account are numbered without a gap, and the counter knows the last",
        sql: "SELECT c.account_id, c.last_no FROM ticket_counter c LEFT JOIN (SELECT account_id, COUNT(*) AS tickets, \
                MAX(ticket_no) AS last FROM ticket GROUP BY account_id) t ON t.account_id = c.account_id \
              WHERE COALESCE(t.tickets, 0) <> c.last_no OR COALESCE(t.last, 0) <> c.last_no",
    },
    Check {
        name: "ticket_has_counter",
        promise: "every ticket was counted",
        sql: "SELECT t.account_id, t.ticket_no FROM ticket t LEFT JOIN ticket_counter c ON c.account_id = t.account_id \
              WHERE c.account_id IS NULL",
    },
    Check {
        name: "ticket_event_has_ticket",
        promise: "every deed belongs to a ticket, and the deeds of a ticket are numbered without a gap",
        sql: "SELECT e.account_id, e.ticket_no FROM (SELECT account_id, ticket_no, COUNT(*) AS deeds, MAX(event_no) AS last \
                FROM ticket_event GROUP BY account_id, ticket_no) e LEFT JOIN ticket t \
                ON t.account_id = e.account_id AND t.ticket_no = e.ticket_no WHERE t.ticket_no IS NULL OR e.deeds <> e.last",
    },
    Check {
        name: "ended_ticket_has_no_clock",
        promise: "a ticket has ended exactly when it was closed or withdrawn, and then no clock of it runs",
        sql: "SELECT account_id, ticket_no FROM ticket WHERE (ended_at IS NULL) = (state IN ('closed', 'withdrawn')) \
              OR (ended_at IS NOT NULL AND next_at <> 99991231235959)",
    },
    Check {
        name: "escalation_is_told_once",
        promise: "the same escalation is told once",
        sql: "SELECT account_id, ticket_no FROM ticket_event WHERE once_key IS NOT NULL \
              GROUP BY account_id, ticket_no, once_key HAVING COUNT(*) > 1",
    },
    Check {
        name: "hold_of_ticket_ends_with_it",
        promise: "a ticket that has ended holds no debt",
        sql: "SELECT t.account_id, t.ticket_no FROM ticket t JOIN hold h ON h.account_id = t.account_id \
              AND h.source = 'ticket:' || CAST(t.ticket_no AS TEXT) WHERE t.ended_at IS NOT NULL AND h.released_on IS NULL",
    },
];
