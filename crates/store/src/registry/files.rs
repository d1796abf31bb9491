//! Files that were imported, by name and digest.

use crate::db::{Conn, StoreError};
use jiff::civil::Date;

/// 已导入文件
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedFile {
    /// Name or batch id.
    pub name: String,
    /// SHA-256 of the content.
    pub digest: String,
    /// Kind of the file.
    pub kind: String,
    /// Rows loaded.
    pub rows_kept: i64,
    /// Business day of the import.
    pub imported_on: Date,
}

/// The file of this kind that was imported under this name, or with this content under any name.
///
/// # Errors
/// The database's.
pub fn imported_file(
    conn: &mut Conn,
    kind: &str,
    name: &str,
    digest: &str,
) -> Result<Option<ImportedFile>, StoreError> {
    conn.query_first(
        "SELECT name, digest, kind, rows_kept, imported_on FROM import_file \
         WHERE kind = $1 AND (name = $2 OR digest = $3) ORDER BY CASE WHEN digest = $3 THEN 0 ELSE 1 END",
        &[kind.into(), name.into(), digest.into()],
        |row| {
            Ok(ImportedFile {
                name: row.text(0)?,
                digest: row.text(1)?,
                kind: row.text(2)?,
                rows_kept: row.int(3)?,
                imported_on: row.date(4)?,
            })
        },
    )
}

/// Keeps that a file was imported.
///
/// # Errors
/// The database's; a duplicate when the name is taken.
pub fn keep_imported_file(conn: &mut Conn, file: &ImportedFile, recorded_at: i64) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO import_file (kind, name, digest, rows_kept, imported_on, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            (&file.kind).into(),
            (&file.name).into(),
            (&file.digest).into(),
            file.rows_kept.into(),
            file.imported_on.into(),
            recorded_at.into(),
        ],
    )?;
    Ok(())
}

/// Every file that was imported, the latest first.
///
/// # Errors
/// The database's.
pub fn imported_files(conn: &mut Conn) -> Result<Vec<ImportedFile>, StoreError> {
    conn.query(
        "SELECT name, digest, kind, rows_kept, imported_on FROM import_file ORDER BY imported_on DESC, kind, name",
        &[],
        |row| {
            Ok(ImportedFile {
                name: row.text(0)?,
                digest: row.text(1)?,
                kind: row.text(2)?,
                rows_kept: row.int(3)?,
                imported_on: row.date(4)?,
            })
        },
    )
}
