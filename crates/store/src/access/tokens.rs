//! 接口令牌 of other systems, and the answers that are kept for requests that come twice.

use crate::db::{Conn, Row, StoreError};
use jiff::civil::Date;

/// 接口令牌
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Its number.
    pub token_no: i64,
    /// SHA-256 of it, in lower-case hex.
    pub token_hash: String,
    /// The login that it acts as.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Words of the permissions it has at most, with spaces between.
    pub permissions: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_on: Date,
    /// Last day.
    pub until_on: Date,
    /// Taken back on.
    pub revoked_on: Option<Date>,
}

const TOKEN: &str =
    "token_no, token_hash, name, purpose, permissions, made_by, made_on, until_on, revoked_on";

fn token(row: &Row<'_>) -> Result<TokenRow, StoreError> {
    Ok(TokenRow {
        token_no: row.int(0)?,
        token_hash: row.text(1)?,
        name: row.text(2)?,
        purpose: row.text(3)?,
        permissions: row.text(4)?,
        made_by: row.text(5)?,
        made_on: row.date(6)?,
        until_on: row.date(7)?,
        revoked_on: row.date_or_null(8)?,
    })
}

/// Keeps a token.
///
/// # Errors
/// The database's.
pub fn insert_token(conn: &mut Conn, row: &TokenRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO api_token (token_no, token_hash, name, purpose, permissions, made_by, made_on, until_on, revoked_on) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            row.token_no.into(),
            (&row.token_hash).into(),
            (&row.name).into(),
            (&row.purpose).into(),
            (&row.permissions).into(),
            (&row.made_by).into(),
            row.made_on.into(),
            row.until_on.into(),
            row.revoked_on.into(),
        ],
    )?;
    Ok(())
}

/// A token by its hash.
///
/// # Errors
/// The database's.
pub fn token_by_hash(conn: &mut Conn, token_hash: &str) -> Result<Option<TokenRow>, StoreError> {
    conn.query_first(
        &format!("SELECT {TOKEN} FROM api_token WHERE token_hash = $1"),
        &[token_hash.into()],
        token,
    )
}

/// Every token, by number.
///
/// # Errors
/// The database's.
pub fn tokens(conn: &mut Conn) -> Result<Vec<TokenRow>, StoreError> {
    conn.query(&format!("SELECT {TOKEN} FROM api_token ORDER BY token_no"), &[], token)
}

/// The last number of a token; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_token_no(conn: &mut Conn) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(token_no) FROM api_token", &[])
}

/// Takes a token back; false when there is none that lives.
///
/// # Errors
/// The database's.
pub fn revoke_token(conn: &mut Conn, token_no: i64, on: Date) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE api_token SET revoked_on = $2 WHERE token_no = $1 AND revoked_on IS NULL",
        &[token_no.into(), on.into()],
    )?;
    Ok(touched == 1)
}

/// An answer that was given under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Digest of the request.
    pub digest: String,
    /// Status of the answer; 0 while the work runs.
    pub status: i64,
    /// Its body.
    pub body: String,
}

/// The answer that a login was given under a key.
///
/// # Errors
/// The database's.
pub fn kept_answer(conn: &mut Conn, name: &str, key: &str) -> Result<Option<KeptAnswer>, StoreError> {
    conn.query_first(
        "SELECT digest, status, body FROM idempotency WHERE name = $1 AND idempotency_key = $2",
        &[name.into(), key.into()],
        |row| Ok(KeptAnswer { digest: row.text(0)?, status: row.int(1)?, body: row.text(2)? }),
    )
}

/// Takes a key in the running transaction; false when it is taken. Of two that come at once, the second waits for the first.
///
/// # Errors
/// The database's.
pub fn reserve_answer(
    conn: &mut Conn,
    (name, key): (&str, &str),
    digest: &str,
    now: i64,
) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "INSERT INTO idempotency (name, idempotency_key, digest, status, body, recorded_at) VALUES ($1, $2, $3, 0, '', $4) \
         ON CONFLICT (name, idempotency_key) DO NOTHING",
        &[name.into(), key.into(), digest.into(), now.into()],
    )?;
    Ok(touched == 1)
}

/// Keeps the answer under a key that was taken.
///
/// # Errors
/// The database's.
pub fn put_answer(
    conn: &mut Conn,
    (name, key): (&str, &str),
    status: i64,
    body: &str,
) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE idempotency SET status = $3, body = $4 WHERE name = $1 AND idempotency_key = $2",
        &[name.into(), key.into(), status.into(), body.into()],
    )?;
    Ok(())
}

/// Removes answers that were recorded before a moment.
///
/// # Errors
/// The database's.
pub fn forget_answers(conn: &mut Conn, before: i64) -> Result<(), StoreError> {
    conn.execute("DELETE FROM idempotency WHERE recorded_at < $1", &[before.into()])?;
    Ok(())
}
