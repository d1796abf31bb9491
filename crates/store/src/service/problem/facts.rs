//! What the desk reads: the tickets of a window, and what accounts have in common.

use super::super::word;
use crate::db::{Conn, StoreError};
use denghuo_rules::service::Request;
use denghuo_rules::service::problem::Dimension;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

/// 工单 of a window, as the desk reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowTicket {
    /// The account; 0 for none.
    pub account_id: i64,
    /// Its number.
    pub ticket_no: i64,
    /// What is asked for.
    pub request: Request,
    /// The account's unit, or the one that has the ticket.
    pub org_id: i64,
    /// The account's transformer district.
    pub district_id: Option<i64>,
    /// Its customer.
    pub customer_id: Option<i64>,
    /// 户号
    pub account_no: Option<String>,
    /// Where the caller can be reached.
    pub phone: String,
    /// What it is about.
    pub topic: String,
    /// The place.
    pub place: String,
    /// What was said.
    pub said: String,
    /// When it was taken.
    pub accepted_at: DateTime,
    /// The problem that it is in, and whether that is open.
    pub problem: Option<(i64, bool)>,
}

/// Which tickets the desk reads.
#[derive(Clone, Copy, Debug)]
pub enum Lived {
    /// Those taken from a day until before another.
    Between(Date, Date),
    /// Those of a problem.
    Of(i64),
}

/// Tickets in the order of their acceptance; what was taken back and what only praises is left out of a window.
///
/// # Errors
/// The database's.
pub fn window(conn: &mut Conn, lived: Lived) -> Result<Vec<WindowTicket>, StoreError> {
    let (condition, params) = match lived {
        Lived::Between(from, until) => (
            "t.accepted_at >= $1 AND t.accepted_at < $2 AND t.state <> 'withdrawn' AND t.request <> 'praise'",
            vec![from.at(0, 0, 0, 0).into(), until.at(0, 0, 0, 0).into()],
        ),
        Lived::Of(problem_id) => ("q.problem_id = $1", vec![problem_id.into()]),
    };
    let sql = format!(
        "SELECT t.account_id, t.ticket_no, t.request, COALESCE(a.org_id, t.org_id), a.district_id, a.customer_id, a.account_no, \
         t.phone, t.topic, t.place, t.said, t.accepted_at, q.problem_id, p.ended_on FROM ticket t \
         LEFT JOIN account a ON a.account_id = t.account_id \
         LEFT JOIN problem_ticket q ON q.account_id = t.account_id AND q.ticket_no = t.ticket_no \
         LEFT JOIN problem p ON p.problem_id = q.problem_id WHERE {condition} \
         ORDER BY t.accepted_at, t.account_id, t.ticket_no"
    );
    conn.query(&sql, &params, |row| {
        let ended = row.int_or_null(13)?;
        Ok(WindowTicket {
            account_id: row.int(0)?,
            ticket_no: row.int(1)?,
            request: word(&row.text(2)?, Request::from_word)?,
            org_id: row.int(3)?,
            district_id: row.int_or_null(4)?,
            customer_id: row.int_or_null(5)?,
            account_no: row.text_or_null(6)?,
            phone: row.text(7)?,
            topic: row.text(8)?,
            place: row.text(9)?,
            said: row.text(10)?,
            accepted_at: row.moment(11)?,
            problem: row.int_or_null(12)?.map(|problem| (problem, ended.is_none())),
        })
    })
}

/// Was a ticket taken from a day until before another?
///
/// # Errors
/// The database's.
pub fn has_tickets(conn: &mut Conn, from: Date, until: Date) -> Result<bool, StoreError> {
    let found = conn.query_first(
        "SELECT account_id FROM ticket WHERE accepted_at >= $1 AND accepted_at < $2 LIMIT 1",
        &[from.at(0, 0, 0, 0).into(), until.at(0, 0, 0, 0).into()],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// Statements that list what accounts share, as `(account, value)`, by kind; each ends with a condition, so that a further one can follow.
const SHARED: &[(Dimension, &str)] = &[
    (
        Dimension::Feeder,
        "SELECT a.account_id AS account_id, d.feeder AS value FROM account a JOIN district d ON d.district_id = a.district_id \
         WHERE d.feeder IS NOT NULL AND a.closed_on = 99991231",
    ),
    (
        Dimension::District,
        "SELECT a.account_id AS account_id, d.code || ' ' || d.name AS value FROM account a \
         JOIN district d ON d.district_id = a.district_id WHERE a.closed_on = 99991231",
    ),
    (
        Dimension::Unit,
        "SELECT a.account_id AS account_id, o.code || ' ' || o.name AS value FROM account a JOIN org o ON o.org_id = a.org_id \
         WHERE a.closed_on = 99991231",
    ),
    (
        Dimension::Reader,
        "SELECT a.account_id AS account_id, s.code AS value FROM account a JOIN route r ON r.route_id = a.route_id \
         JOIN staff s ON s.staff_id = r.reader_id WHERE a.closed_on = 99991231",
    ),
    (
        Dimension::Route,
        "SELECT a.account_id AS account_id, r.code || ' ' || r.name AS value FROM account a \
         JOIN route r ON r.route_id = a.route_id WHERE a.closed_on = 99991231",
    ),
    (
        Dimension::Category,
        "SELECT a.account_id AS account_id, s.category AS value FROM account a JOIN supply_terms s \
         ON s.account_id = a.account_id AND s.until_on = 99991231 WHERE a.closed_on = 99991231",
    ),
    (
        Dimension::TermsChange,
        "SELECT DISTINCT a.account_id AS account_id, CAST(s.from_on AS TEXT) AS value FROM account a JOIN supply_terms s \
         ON s.account_id = a.account_id AND s.from_on BETWEEN $1 AND $2 AND s.from_on > a.opened_on WHERE a.closed_on = 99991231",
    ),
    (
        Dimension::BillRun,
        "SELECT DISTINCT a.account_id AS account_id, CAST(r.released_on AS TEXT) AS value FROM account a JOIN receivable r \
         ON r.account_id = a.account_id AND r.released_on BETWEEN $1 AND $2 WHERE a.closed_on = 99991231",
    ),
    (
        Dimension::NoticeRun,
        "SELECT DISTINCT a.account_id AS account_id, n.kind || ' ' || CAST(n.decided_on AS TEXT) AS value FROM account a \
         JOIN notice n ON n.account_id = a.account_id AND n.decided_on BETWEEN $1 AND $2 WHERE a.closed_on = 99991231",
    ),
];

/// How many accounts share what: by kind and value.
pub type Population = BTreeMap<(Dimension, String), i64>;

/// How many accounts there are, and how many share what, as far as days matter between two.
///
/// # Errors
/// The database's.
pub fn population(conn: &mut Conn, days: (Date, Date)) -> Result<(i64, Population), StoreError> {
    let all = conn.query_int("SELECT COUNT(*) FROM account WHERE closed_on = 99991231", &[])?;
    Ok((all, counted(conn, days, None)?))
}

/// How many of the accounts of a problem are supplied, and how many of them share what.
///
/// # Errors
/// The database's.
pub fn lives(conn: &mut Conn, days: (Date, Date), problem_id: i64) -> Result<(i64, Population), StoreError> {
    let all = conn.query_int(
        "SELECT COUNT(*) FROM account WHERE closed_on = 99991231 AND account_id IN \
         (SELECT account_id FROM problem_ticket WHERE problem_id = $1)",
        &[problem_id.into()],
    )?;
    Ok((all, counted(conn, days, Some(problem_id))?))
}

fn counted(
    conn: &mut Conn,
    (from, to): (Date, Date),
    problem: Option<i64>,
) -> Result<Population, StoreError> {
    let mut counts = Population::new();
    for (dimension, shared) in SHARED {
        let has_days = shared.contains("$1");
        let mut params = if has_days { vec![from.into(), to.into()] } else { Vec::new() };
        let who = match problem {
            None => String::new(),
            Some(problem_id) => {
                params.push(problem_id.into());
                let place = params.len();
                format!(
                    " AND a.account_id IN (SELECT account_id FROM problem_ticket WHERE problem_id = ${place})"
                )
            }
        };
        let sql = format!("SELECT x.value, COUNT(*) FROM ({shared}{who}) x GROUP BY x.value");
        conn.for_each(&sql, &params, |row| -> Result<(), StoreError> {
            counts.insert((*dimension, row.text(0)?), row.int(1)?);
            Ok(())
        })?;
    }
    Ok(counts)
}
