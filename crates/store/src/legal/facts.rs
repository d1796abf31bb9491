//! What may interrupt a term, from the tables of those who know it.

use crate::day::Range;
use crate::db::{Conn, StoreError};
use jiff::civil::Date;

/// Something that may interrupt the terms of some debts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HappeningRow {
    /// The account.
    pub account_id: i64,
    /// The bill; 0: those of `bills`, or every debt when that is empty.
    pub bill_no: i64,
    /// Where it comes from: notice, plan, payment, security, event, case.
    pub source: &'static str,
    /// Its number there.
    pub number: i64,
    /// Its word: kind of the notice, plan, event or case; channel of the payment.
    pub word: String,
    /// The day it took effect.
    pub on: Date,
    /// Strength of its proof, where a proof is kept.
    pub strength: Option<String>,
    /// Bills it names: JSON of the notice, or numbers with commas between.
    pub bills: Option<String>,
}

/// What may have interrupted the terms of a range of accounts, told up to a day.
///
/// # Errors
/// The database's.
pub fn happenings(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<HappeningRow>, StoreError> {
    const SOURCES: &[(&str, &str)] = &[
        (
            "notice",
            "SELECT n.account_id, n.bill_no, n.notice_no, n.kind, n.served_at / 1000000, e.strength, n.content \
             FROM notice n LEFT JOIN evidence e ON e.account_id = n.account_id AND e.evidence_no = n.evidence_no \
             WHERE n.account_id BETWEEN $1 AND $2 AND n.kind IN ('demand', 'stop_plan', 'lawyer_letter') \
             AND n.state = 'served' AND n.served_at / 1000000 <= $3",
        ),
        (
            "plan",
            "SELECT p.account_id, CAST(0 AS BIGINT), p.plan_no, p.kind, p.agreed_on, e.strength, p.bills \
             FROM payment_plan p LEFT JOIN evidence e ON e.account_id = p.account_id AND e.evidence_no = p.evidence_no \
             WHERE p.account_id BETWEEN $1 AND $2 AND p.agreed_on <= $3",
        ),
        (
            "payment",
            "SELECT a.account_id, a.bill_no, a.payment_no, p.channel, p.paid_on, CAST(NULL AS TEXT), CAST(NULL AS TEXT) \
             FROM allocation a JOIN payment p ON p.account_id = a.account_id AND p.payment_no = a.payment_no \
             WHERE a.account_id BETWEEN $1 AND $2 AND a.kind IN ('energy', 'late_fee') AND a.amount_fen > 0 \
             AND p.reversed_on IS NULL AND p.reverses_no IS NULL AND p.posted_on <= $3",
        ),
        (
            "security",
            "SELECT s.account_id, CAST(0 AS BIGINT), s.security_no, s.kind, s.from_on, e.strength, s.bills \
             FROM security s LEFT JOIN evidence e ON e.account_id = s.account_id AND e.evidence_no = s.evidence_no \
             WHERE s.account_id BETWEEN $1 AND $2 AND s.from_on <= $3",
        ),
        (
            "event",
            "SELECT l.account_id, l.bill_no, l.event_no, l.kind, l.effective_on, e.strength, CAST(NULL AS TEXT) \
             FROM limitation_event l \
             LEFT JOIN evidence e ON e.account_id = l.account_id AND e.evidence_no = l.evidence_no \
             WHERE l.account_id BETWEEN $1 AND $2 AND l.effective_on <= $3",
        ),
        (
            "case",
            "SELECT s.account_id, b.bill_no, s.case_no, c.kind, s.happened_on, e.strength, CAST(NULL AS TEXT) \
             FROM legal_step s JOIN legal_case c ON c.account_id = s.account_id AND c.case_no = s.case_no \
             JOIN legal_case_bill b ON b.account_id = s.account_id AND b.case_no = s.case_no \
             LEFT JOIN evidence e ON e.account_id = s.account_id AND e.evidence_no = s.evidence_no \
             WHERE s.account_id BETWEEN $1 AND $2 AND s.kind = 'filed' AND s.happened_on <= $3",
        ),
    ];
    let mut found = Vec::new();
    for (source, sql) in SOURCES {
        found.extend(conn.query(sql, &[range.from.into(), range.to.into(), on.into()], |row| {
            Ok(HappeningRow {
                account_id: row.int(0)?,
                bill_no: row.int(1)?,
                source,
                number: row.int(2)?,
                word: row.text(3)?,
                on: row.date(4)?,
                strength: row.text_or_null(5)?,
                bills: row.text_or_null(6)?,
            })
        })?);
    }
    found.sort_by(|a, b| {
        (a.account_id, a.on, a.source, a.number).cmp(&(b.account_id, b.on, b.source, b.number))
    });
    Ok(found)
}

/// Notes an interruption that stands in no other table.
///
/// # Errors
/// The database's.
pub fn insert_event(
    conn: &mut Conn,
    (account_id, event_no, bill_no): (i64, i64, i64),
    (kind, effective_on): (&str, Date),
    evidence_no: Option<i64>,
    (note, noted_by): (&str, &str),
) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO limitation_event (account_id, event_no, bill_no, kind, effective_on, evidence_no, note, noted_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            account_id.into(),
            event_no.into(),
            bill_no.into(),
            kind.into(),
            effective_on.into(),
            evidence_no.into(),
            note.into(),
            noted_by.into(),
        ],
    )?;
    Ok(())
}

/// What takes a debt out of legal action: a hold in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeRow {
    /// The account.
    pub account_id: i64,
    /// The bill, or 0 for all.
    pub bill_no: i64,
    /// Kind of the hold.
    pub kind: String,
}

/// The holds of a range in force on a day, but those that only follow from an insolvency.
///
/// # Errors
/// The database's.
pub fn disputes(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<DisputeRow>, StoreError> {
    conn.query(
        "SELECT account_id, bill_no, kind FROM hold WHERE account_id BETWEEN $1 AND $2 AND from_on <= $3 \
         AND until_on >= $3 AND released_on IS NULL AND kind <> 'bankruptcy' ORDER BY account_id, hold_no",
        &[range.from.into(), range.to.into(), on.into()],
        |row| Ok(DisputeRow { account_id: row.int(0)?, bill_no: row.int(1)?, kind: row.text(2)? }),
    )
}

/// Was a notice served on an account on or after a day?
///
/// # Errors
/// The database's.
pub fn noticed(conn: &mut Conn, account_id: i64, since: Date) -> Result<bool, StoreError> {
    let since = crate::db::date_to_int(since) * 1_000_000;
    let found = conn.query_int(
        "SELECT COUNT(*) FROM notice WHERE account_id = $1 AND served_at >= $2",
        &[account_id.into(), since.into()],
    )?;
    Ok(found > 0)
}

/// Does the company owe the account something: a bill in its favour, a prepayment?
///
/// # Errors
/// The database's.
pub fn refunds_due(conn: &mut Conn, account_id: i64) -> Result<bool, StoreError> {
    let found = conn.query_int(
        "SELECT (SELECT COUNT(*) FROM receivable WHERE account_id = $1 AND open_fen < 0) + \
         (SELECT COUNT(*) FROM balance WHERE account_id = $1 AND prepaid_fen > 0)",
        &[account_id.into()],
    )?;
    Ok(found > 0)
}

/// 经催告: bills of a range that a proved demand reached whose day to pay has passed, as (account, bill).
///
/// # Errors
/// The database's.
pub fn demanded(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<(i64, i64)>, StoreError> {
    conn.query(
        "SELECT account_id, bill_no FROM notice WHERE account_id BETWEEN $1 AND $2 AND kind = 'demand' AND bill_no > 0 \
         AND state = 'served' AND served_at / 1000000 <= $3 AND (deadline_on IS NULL OR deadline_on < $3)",
        &[range.from.into(), range.to.into(), on.into()],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )
}

/// Lawyers' letters of a range that arrived, as (account, notice).
///
/// # Errors
/// The database's.
pub fn letters_arrived(
    conn: &mut Conn,
    range: Range,
    on: Date,
) -> Result<std::collections::BTreeSet<(i64, i64)>, StoreError> {
    let found = conn.query(
        "SELECT account_id, notice_no FROM notice WHERE account_id BETWEEN $1 AND $2 AND kind = 'lawyer_letter' \
         AND state = 'served' AND served_at / 1000000 <= $3",
        &[range.from.into(), range.to.into(), on.into()],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?;
    Ok(found.into_iter().collect())
}
