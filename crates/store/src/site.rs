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

/// Under this prefix a rule file of the site is kept.
const RULE_FILE: &str = "rule_file:";

/// Keeps rule files of the site, `(path, text)`, in the database: laid over the embedded book wherever it is worked on.
///
/// # Errors
/// The database's.
pub fn put_rule_files(conn: &mut Conn, files: &[(String, String)]) -> Result<(), StoreError> {
    files.iter().try_for_each(|(path, text)| put(conn, &format!("{RULE_FILE}{path}"), text))
}

/// Takes a rule file of the site away.
///
/// # Errors
/// The database's.
pub fn remove_rule_file(conn: &mut Conn, path: &str) -> Result<(), StoreError> {
    conn.execute("DELETE FROM site WHERE name = $1", &[(&format!("{RULE_FILE}{path}")).into()])?;
    Ok(())
}

/// The rule files that the database keeps, `(path, text)` in order of their paths.
///
/// # Errors
/// The database's.
pub fn rule_files(conn: &mut Conn) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT name, value FROM site WHERE name LIKE 'rule_file:%' ORDER BY name";
    conn.query(sql, &[], |row| {
        let name = row.text(0)?;
        Ok((name.strip_prefix(RULE_FILE).unwrap_or(&name).to_owned(), row.text(1)?))
    })
}
