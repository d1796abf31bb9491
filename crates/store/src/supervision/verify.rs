//! What must hold of findings, orders, reviews and certificates.

use super::word;
use crate::db::{Conn, StoreError};
use crate::verify::Check;
use denghuo_rules::supervision::{FindingFacts, FindingState, OrderFacts, Severity, Unit};

/// The invariants that SQL can tell; that findings stand where their orders lead, and samples where their seed puts them, is derived
/// again by the office.
pub const CHECKS: &[Check] = &[
    Check {
        name: "supervision_numbers_have_no_gap",
        promise: "findings, reviews, courses and certificates are numbered without a gap, and the counter knows the last",
        sql: "SELECT q.kind, q.last_no FROM (\
              SELECT CAST(1 AS BIGINT) AS kind, COUNT(*) AS rows_kept, COALESCE(MAX(finding_no), 0) AS last_no, 'finding' AS name FROM finding \
              UNION ALL SELECT 2, COUNT(*), COALESCE(MAX(review_no), 0), 'review' FROM review \
              UNION ALL SELECT 3, COUNT(*), COALESCE(MAX(course_no), 0), 'course' FROM course \
              UNION ALL SELECT 4, COUNT(*), COALESCE(MAX(certificate_no), 0), 'certificate' FROM certificate) q \
              LEFT JOIN supervision_counter c ON c.name = q.name \
              WHERE q.rows_kept <> q.last_no OR q.last_no <> COALESCE(c.last_no, 0)",
    },
    Check {
        name: "ended_finding_waits_for_nothing",
        promise: "a finding has ended exactly when it was closed or dismissed, and then nobody has to look at it",
        sql: "SELECT finding_no, level FROM finding WHERE (ended_on IS NULL) = (state IN ('closed', 'dismissed')) \
              OR (ended_on IS NOT NULL AND next_on <> 99991231)",
    },
    Check {
        name: "rectification_is_verified_by_another",
        promise: "who verifies an order neither has it nor told its measure, and nobody verifies what was not told",
        sql: "SELECT finding_no, round FROM rectification WHERE verified_by = owner OR verified_by = told_by \
              OR (verified_on IS NOT NULL AND told_on IS NULL) OR (verified_on IS NULL) <> (good IS NULL)",
    },
    Check {
        name: "rectification_rounds_follow_each_other",
        promise: "the orders of a finding are numbered without a gap, and only the last may be open or good",
        sql: "SELECT r.finding_no, MAX(r.round) FROM rectification r GROUP BY r.finding_no \
              HAVING COUNT(*) <> MAX(r.round) OR SUM(CASE WHEN r.good = 0 THEN 1 ELSE 0 END) < COUNT(*) - 1",
    },
    Check {
        name: "closed_finding_has_no_open_part",
        promise: "a finding is closed when every department has done its part",
        sql: "SELECT p.finding_no, p.part_no FROM finding_part p JOIN finding f ON f.finding_no = p.finding_no \
              WHERE f.state = 'closed' AND p.done_on IS NULL",
    },
    Check {
        name: "finding_escalation_is_told_once",
        promise: "the same escalation of a finding is told once",
        sql: "SELECT finding_no, COUNT(*) FROM finding_event WHERE once_key IS NOT NULL GROUP BY finding_no, once_key HAVING COUNT(*) > 1",
    },
    Check {
        name: "penalty_is_of_who_did_it",
        promise: "points are taken off who did it, by another, and somebody else decides on an appeal",
        sql: "SELECT p.finding_no, p.points FROM penalty p JOIN finding f ON f.finding_no = p.finding_no \
              WHERE f.person IS NULL OR f.person <> p.person OR p.decided_by = p.person OR f.state = 'dismissed' \
              OR p.points_left > p.points OR p.points_left < 0 OR p.answered_by = p.decided_by OR p.answered_by = p.person \
              OR (p.answered_on IS NOT NULL AND p.appealed_on IS NULL)",
    },
    Check {
        name: "review_is_its_samples",
        promise: "a review has as many records as it says, and it is done when all were looked at",
        sql: "SELECT v.review_no, v.size FROM review v LEFT JOIN (SELECT review_no, COUNT(*) AS drawn, \
                SUM(CASE WHEN looked_on IS NULL THEN 1 ELSE 0 END) AS waiting FROM review_sample GROUP BY review_no) s \
              ON s.review_no = v.review_no WHERE COALESCE(s.drawn, 0) <> v.size OR v.size > v.whole \
              OR (v.state = 'done') <> (COALESCE(s.waiting, 0) = 0) OR (v.state = 'done') <> (v.done_on IS NOT NULL)",
    },
    Check {
        name: "what_a_review_saw_is_found",
        promise: "what is not as it should be became a finding, and nothing else did",
        sql: "SELECT a.review_no, a.sample_no FROM review_answer a LEFT JOIN finding f ON f.finding_no = a.finding_no \
              AND f.source = 'review' LEFT JOIN review_sample s ON s.review_no = a.review_no AND s.sample_no = a.sample_no \
              WHERE (a.answer = 'bad') <> (f.finding_no IS NOT NULL) OR s.looked_on IS NULL",
    },
    Check {
        name: "certificate_stands_on_a_test",
        promise: "a certificate stands on a test that was passed, and is good for a time",
        sql: "SELECT c.certificate_no, c.score FROM certificate c LEFT JOIN attendance a ON a.certificate_no = c.certificate_no \
              AND a.person = c.person AND a.course_no = c.course_no AND a.session_no = c.session_no AND a.came = 1 \
              WHERE a.person IS NULL OR a.score <> c.score OR c.score < c.pass_mark OR c.until_on < c.from_on",
    },
    Check {
        name: "test_has_its_certificate",
        promise: "a certificate that a test names is there, and who has a test came to a session that was planned",
        sql: "SELECT a.course_no, a.session_no FROM attendance a LEFT JOIN certificate c ON c.certificate_no = a.certificate_no \
              LEFT JOIN course_session s ON s.course_no = a.course_no AND s.session_no = a.session_no \
              WHERE (a.certificate_no IS NOT NULL AND c.certificate_no IS NULL) OR (a.score IS NOT NULL AND a.came = 0) \
              OR s.session_no IS NULL",
    },
];

/// Every finding as far as it decides, in order, with the state that is kept.
///
/// # Errors
/// The database's.
pub fn each_finding(
    conn: &mut Conn,
    mut look: impl FnMut(i64, FindingState, &FindingFacts),
) -> Result<(), StoreError> {
    let mut at: Option<(i64, FindingState, FindingFacts)> = None;
    conn.for_each(
        "SELECT f.finding_no, f.state, f.person, f.severity, \
         (SELECT COUNT(*) FROM finding_event e WHERE e.finding_no = f.finding_no AND e.deed = 'dismiss'), \
         r.owner, r.due_on, r.told_by, r.good FROM finding f LEFT JOIN rectification r ON r.finding_no = f.finding_no \
         ORDER BY f.finding_no, r.round",
        &[],
        |row| -> Result<(), StoreError> {
            let no = row.int(0)?;
            if at.as_ref().is_none_or(|(last, _, _)| *last != no) {
                if let Some((no, state, facts)) = at.take() {
                    look(no, state, &facts);
                }
                let facts = FindingFacts {
                    person: row.text_or_null(2)?,
                    severity: word(row.str(3)?, Severity::from_word)?,
                    dismissed: row.int(4)? > 0,
                    orders: Vec::new(),
                    parts_open: 0,
                    penalised: false,
                };
                at = Some((no, word(row.str(1)?, FindingState::from_word)?, facts));
            }
            if let (Some(owner), Some((_, _, facts))) = (row.text_or_null(5)?, at.as_mut()) {
                facts.orders.push(OrderFacts {
                    owner,
                    due_on: row.date(6)?,
                    told_by: row.text_or_null(7)?,
                    good: row.int_or_null(8)?.map(|good| good != 0),
                });
            }
            Ok(())
        },
    )?;
    if let Some((no, state, facts)) = at {
        look(no, state, &facts);
    }
    Ok(())
}

/// Every record that was drawn, with its review, its number, the seed and the place that is kept.
///
/// # Errors
/// The database's.
pub fn each_sample(
    conn: &mut Conn,
    mut look: impl FnMut((i64, i64), i64, i64, &Unit),
) -> Result<(), StoreError> {
    conn.for_each(
        "SELECT s.review_no, s.sample_no, v.seed, s.draw_rank, s.org_id, s.account_id, s.about, s.person FROM review_sample s \
         JOIN review v ON v.review_no = s.review_no ORDER BY s.review_no, s.sample_no",
        &[],
        |row| -> Result<(), StoreError> {
            let unit = Unit {
                org_id: row.int(4)?,
                account_id: row.int(5)?,
                about: row.text(6)?,
                person: row.text_or_null(7)?,
            };
            look((row.int(0)?, row.int(1)?), row.int(2)?, row.int(3)?, &unit);
            Ok(())
        },
    )
}
