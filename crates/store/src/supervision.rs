//! 监督 (column `supervision`): findings with what was done about them, penalties, reviews, training; the facts that checks look at.

mod facts;
mod findings;
mod orders;
mod reviews;
pub mod training;
mod verify;

pub use facts::{
    RouteAhead, acts_of_write_offs, acts_with_both_keys, certificates_wanted, estimated_shares, paces,
    population, readers_who_verify, routes_without_reader, same_shares, taken_back_shares, tickets_late,
    waiver_acts, waiver_shares,
};
pub use findings::{
    FINDING_ORDERS, FindingFilter, FindingListed, FindingRow, finding, finding_counts, findings,
    findings_due, known_keys, save_findings,
};
pub use orders::{
    FindingEventRow, PENALTY_ORDERS, PartRow, PenaltyFilter, PenaltyRow, RectificationRow, events_of,
    insert_event, orders_of, parts_of, penalties, penalties_before, penalty, save_order, save_part,
    save_penalty,
};
pub use reviews::{
    AnswerRow, REVIEW_ORDERS, ReviewRow, SampleRow, answers_of, review, reviews, samples_of, save_answers,
    save_review, save_samples,
};
pub use verify::{CHECKS, each_finding, each_sample};

use crate::db::{Conn, StoreError};

/// The next numbers of a kind, so many of them: the first. Whoever takes one keeps others waiting until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn next_numbers(conn: &mut Conn, name: &str, count: i64) -> Result<i64, StoreError> {
    conn.execute(
        "INSERT INTO supervision_counter (name, last_no) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET last_no = supervision_counter.last_no + excluded.last_no",
        &[name.into(), count.into()],
    )?;
    let last = conn.query_int("SELECT last_no FROM supervision_counter WHERE name = $1", &[name.into()])?;
    Ok(last - count + 1)
}

/// Waits until nobody else gives numbers of a kind or works on what is numbered so, and keeps everybody away until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn lock(conn: &mut Conn, name: &str) -> Result<(), StoreError> {
    conn.execute("UPDATE supervision_counter SET last_no = last_no WHERE name = $1", &[name.into()])?;
    Ok(())
}

/// A word of the database as its value.
fn word<T>(text: &str, read: fn(&str) -> Option<T>) -> Result<T, StoreError> {
    read(text).ok_or_else(|| StoreError::Corrupt(format!("`{text}` is no word of the supervision")))
}
