//! 审计: who did what to what, with before and after.

use crate::db::{Conn, StoreError};
use jiff::civil::Date;

/// One line of the audit log.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The account it belongs to; 0 when to none.
    pub account_id: i64,
    /// Business day.
    pub happened_on: Date,
    /// What was touched, such as `bill:12`.
    pub subject: &'a str,
    /// What was done, such as `release.approve`.
    pub action: &'a str,
    /// Staff code.
    pub who: &'a str,
    /// Value before.
    pub before: Option<&'a str>,
    /// Value after.
    pub after: Option<&'a str>,
    /// Moment of recording, ms since 1970.
    pub recorded_at: i64,
}

/// Appends one line to the log of its account.
///
/// # Errors
/// The database's.
pub fn mark(conn: &mut Conn, mark: &Mark<'_>) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO audit (account_id, audit_no, happened_on, subject, action, who, before_value, after_value, \
         recorded_at) SELECT $1, COALESCE(MAX(audit_no), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM audit \
         WHERE account_id = $1",
        &[
            mark.account_id.into(),
            mark.happened_on.into(),
            mark.subject.into(),
            mark.action.into(),
            mark.who.into(),
            mark.before.into(),
            mark.after.into(),
            mark.recorded_at.into(),
        ],
    )?;
    Ok(())
}
