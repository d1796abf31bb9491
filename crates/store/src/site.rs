//! 本单位: what the site itself is, as names and values.

use crate::db::{Conn, StoreError};

/// The value kept under a name.
///
/// # Errors
/// The database's.
pub fn get(conn: &mut Conn, name: &str) -> Result<Option<String>, StoreError> {
    conn.query_first("SELECT value FROM site WHERE name = $1", &[name.into()], |row| row.text(0))
}

/// Keeps a value under a name, replacing an older one.
///
/// # Errors
/// The database's.
pub fn put(conn: &mut Conn, name: &str, value: &str) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO site (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[name.into(), value.into()],
    )?;
    Ok(())
}
