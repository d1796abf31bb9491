//! 统一身份认证: who was sent to the identity provider and is awaited back.

use crate::db::{Conn, StoreError};

/// Somebody on his way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartureRow {
    /// Digest of the state that the provider gives back.
    pub state_hash: String,
    /// Digest of what the cookie of his browser carries.
    pub browser_hash: String,
    /// What the provider's word has to repeat.
    pub nonce: String,
    /// The secret that proves that who fetches the word sent him.
    pub verifier: String,
    /// He is awaited until, ms since 1970.
    pub until_at: i64,
}

/// Keeps a departure; those whose time is over are forgotten.
///
/// # Errors
/// The database's.
pub fn insert_departure(conn: &mut Conn, row: &DepartureRow, now: i64) -> Result<(), StoreError> {
    conn.execute("DELETE FROM sso_departure WHERE until_at <= $1", &[now.into()])?;
    conn.execute(
        "INSERT INTO sso_departure (state_hash, browser_hash, nonce, verifier, until_at) VALUES ($1, $2, $3, $4, $5)",
        &[
            row.state_hash.as_str().into(),
            row.browser_hash.as_str().into(),
            row.nonce.as_str().into(),
            row.verifier.as_str().into(),
            row.until_at.into(),
        ],
    )?;
    Ok(())
}

/// The departure of a state, once: whoever asks again finds nothing.
///
/// # Errors
/// The database's.
pub fn take_departure(conn: &mut Conn, state_hash: &str) -> Result<Option<DepartureRow>, StoreError> {
    let found = conn.query_first(
        "SELECT state_hash, browser_hash, nonce, verifier, until_at FROM sso_departure WHERE state_hash = $1",
        &[state_hash.into()],
        |row| {
            Ok(DepartureRow {
                state_hash: row.text(0)?,
                browser_hash: row.text(1)?,
                nonce: row.text(2)?,
                verifier: row.text(3)?,
                until_at: row.int(4)?,
            })
        },
    )?;
    // Of two who come back with the same state, one deletes it.
    let taken = conn.execute("DELETE FROM sso_departure WHERE state_hash = $1", &[state_hash.into()])?;
    Ok(found.filter(|_| taken == 1))
}
