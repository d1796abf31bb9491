//! 规则变更: rule files of the site as they were proposed and decided.

use crate::db::{Conn, Row, StoreError};
use jiff::civil::Date;

/// A proposed change of a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalRow {
    /// Its number.
    pub proposal_no: i64,
    /// `<jurisdiction>/<topic>.toml`.
    pub path: String,
    /// The new text; none to take the file away.
    pub body: Option<String>,
    /// Why.
    pub reason: String,
    /// `open`, `accepted` or `rejected`.
    pub state: String,
    /// Login.
    pub proposed_by: String,
    /// Business day.
    pub proposed_on: Date,
    /// Login of the second person.
    pub decided_by: Option<String>,
    /// Business day.
    pub decided_on: Option<Date>,
    /// What the second person wrote.
    pub note: Option<String>,
    /// The text that an accepted one replaced.
    pub replaced_body: Option<String>,
}

const COLUMNS: &str = "proposal_no, path, body, reason, state, proposed_by, proposed_on, decided_by, decided_on, note, \
    replaced_body";

fn read(row: &Row<'_>) -> Result<ProposalRow, StoreError> {
    Ok(ProposalRow {
        proposal_no: row.int(0)?,
        path: row.text(1)?,
        body: row.text_or_null(2)?,
        reason: row.text(3)?,
        state: row.text(4)?,
        proposed_by: row.text(5)?,
        proposed_on: row.date(6)?,
        decided_by: row.text_or_null(7)?,
        decided_on: row.date_or_null(8)?,
        note: row.text_or_null(9)?,
        replaced_body: row.text_or_null(10)?,
    })
}

/// Writes a proposal, replacing the one of its number.
///
/// # Errors
/// The database's.
pub fn save_proposal(conn: &mut Conn, row: &ProposalRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO rule_proposal (proposal_no, path, body, reason, state, proposed_by, proposed_on, decided_by, decided_on, \
         note, replaced_body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (proposal_no) DO UPDATE SET \
         state = excluded.state, decided_by = excluded.decided_by, decided_on = excluded.decided_on, note = excluded.note, \
         replaced_body = excluded.replaced_body",
        &[
            row.proposal_no.into(),
            (&row.path).into(),
            row.body.as_deref().into(),
            (&row.reason).into(),
            (&row.state).into(),
            (&row.proposed_by).into(),
            row.proposed_on.into(),
            row.decided_by.as_deref().into(),
            row.decided_on.into(),
            row.note.as_deref().into(),
            row.replaced_body.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// A proposal by its number.
///
/// # Errors
/// The database's.
pub fn proposal(conn: &mut Conn, proposal_no: i64) -> Result<Option<ProposalRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM rule_proposal WHERE proposal_no = $1");
    conn.query_first(&sql, &[proposal_no.into()], read)
}

/// Proposals, the latest first, below a number.
///
/// # Errors
/// The database's.
pub fn proposals(conn: &mut Conn, below: i64, limit: i64) -> Result<Vec<ProposalRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM rule_proposal WHERE proposal_no < $1 ORDER BY proposal_no DESC LIMIT $2"
    );
    conn.query(&sql, &[below.into(), limit.into()], read)
}

/// The number of the last proposal; 0 before the first.
///
/// # Errors
/// The database's.
pub fn last_proposal_no(conn: &mut Conn) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(proposal_no) FROM rule_proposal", &[])
}

/// How many proposals were accepted: a book that was read at another count is stale.
///
/// # Errors
/// The database's.
pub fn accepted_count(conn: &mut Conn) -> Result<i64, StoreError> {
    conn.query_int("SELECT COUNT(*) FROM rule_proposal WHERE state = 'accepted'", &[])
}
