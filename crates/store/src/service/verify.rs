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
    Check {
        name: "problem_ticket_has_both",
        promise: "what is placed in a problem is a ticket, and the problem is there",
        sql: "SELECT q.account_id, q.ticket_no FROM problem_ticket q LEFT JOIN ticket t ON t.account_id = q.account_id \
              AND t.ticket_no = q.ticket_no LEFT JOIN problem p ON p.problem_id = q.problem_id \
              WHERE t.ticket_no IS NULL OR p.problem_id IS NULL",
    },
    Check {
        name: "problem_counts_its_tickets",
        promise: "a problem knows how many tickets it has, and has at least as many as persons",
        sql: "SELECT CAST(0 AS BIGINT), p.problem_id FROM problem p LEFT JOIN (SELECT problem_id, COUNT(*) AS tickets FROM problem_ticket \
                GROUP BY problem_id) q ON q.problem_id = p.problem_id \
              WHERE p.tickets <> COALESCE(q.tickets, 0) OR p.people > p.tickets OR p.people < 1 OR p.first_on > p.last_on",
    },
    Check {
        name: "problem_stands_where_it_is_cared_for",
        promise: "a problem that is owned names who, one with a plan its days, one that ended its day, and only an open one is due",
        sql: "SELECT CAST(0 AS BIGINT), problem_id FROM problem WHERE (state IN ('owned', 'planned', 'closed') AND owner IS NULL) \
              OR (state IN ('planned', 'closed') AND (measure_on IS NULL OR plan_until IS NULL)) \
              OR (state IN ('closed', 'dismissed')) = (ended_on IS NULL) OR (ended_on IS NULL) = (due_on IS NULL)",
    },
    Check {
        name: "problem_events_begin_with_its_find",
        promise: "what was done about a problem is numbered without a gap and begins with its find",
        sql: "SELECT CAST(0 AS BIGINT), p.problem_id FROM problem p LEFT JOIN (SELECT problem_id, COUNT(*) AS deeds, MAX(event_no) AS last, \
                SUM(CASE WHEN event_no = 1 AND deed = 'find' THEN 1 ELSE 0 END) AS finds FROM problem_event GROUP BY problem_id) e \
                ON e.problem_id = p.problem_id WHERE COALESCE(e.deeds, 0) <> COALESCE(e.last, 0) OR COALESCE(e.finds, 0) <> 1",
    },
    Check {
        name: "problem_follows_an_ended_one",
        promise: "a problem that came back follows an earlier one that had ended",
        sql: "SELECT CAST(0 AS BIGINT), p.problem_id FROM problem p LEFT JOIN problem f ON f.problem_id = p.follows WHERE p.follows IS NOT NULL \
              AND (f.problem_id IS NULL OR f.ended_on IS NULL OR f.problem_id >= p.problem_id)",
    },
    Check {
        name: "cause_is_counted_within_all",
        promise: "what accounts of a problem share is shared by as many of all at least, and the problem is there",
        sql: "SELECT CAST(0 AS BIGINT), c.problem_id FROM problem_cause c LEFT JOIN problem p ON p.problem_id = c.problem_id \
              WHERE p.problem_id IS NULL OR c.inside > c.inside_of OR c.inside > c.among OR c.among > c.among_of",
    },
];
