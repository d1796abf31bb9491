//! Many rows at once: a prepared loop on SQLite, a binary COPY on PostgreSQL.

use super::param::Param;

/// A table as the bulk methods see it: its name, the columns they write and, for upserts, its key.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Name of the table.
    pub name: &'static str,
    /// Columns in the order in which rows give them.
    pub columns: &'static [&'static str],
    /// Columns of the primary key.
    pub key: &'static [&'static str],
}

impl Table {
    /// `INSERT INTO … VALUES ($1, …)`.
    #[must_use]
    pub fn insert_sql(&self) -> String {
        let places: Vec<String> = (1..=self.columns.len()).map(|n| format!("${n}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, self.columns.join(", "), places.join(", "))
    }

    /// `ON CONFLICT (key) DO UPDATE SET …` for every column outside the key.
    #[must_use]
    pub fn conflict_sql(&self) -> String {
        let sets: Vec<String> = self
            .columns
            .iter()
            .filter(|c| !self.key.contains(c))
            .map(|c| format!("{c} = excluded.{c}"))
            .collect();
        format!(" ON CONFLICT ({}) DO UPDATE SET {}", self.key.join(", "), sets.join(", "))
    }

    pub(super) fn copy_sql(&self, target: &str) -> String {
        format!("COPY {target} ({}) FROM STDIN (FORMAT binary)", self.columns.join(", "))
    }
}

/// Takes the values of one row in the order of the table's columns.
#[derive(Debug)]
pub struct RowWriter<'r> {
    params: Vec<Param<'r>>,
}

impl<'r> RowWriter<'r> {
    pub(super) fn with_columns(columns: usize) -> Self {
        Self { params: Vec::with_capacity(columns) }
    }

    pub(super) fn clear(&mut self) {
        self.params.clear();
    }

    /// Gives the next value.
    pub fn put(&mut self, value: impl Into<Param<'r>>) -> &mut Self {
        self.params.push(value.into());
        self
    }

    pub(super) fn params(&self) -> &[Param<'r>] {
        &self.params
    }

    /// Appends the row in PostgreSQL's binary copy form.
    pub(super) fn copy_into(&self, out: &mut Vec<u8>) {
        out.extend((self.params.len() as i16).to_be_bytes());
        for param in &self.params {
            let bytes: &[u8] = match param {
                Param::Int(value) => {
                    out.extend(8_i32.to_be_bytes());
                    out.extend(value.to_be_bytes());
                    continue;
                }
                Param::Null => {
                    out.extend((-1_i32).to_be_bytes());
                    continue;
                }
                Param::Text(text) => text.as_bytes(),
                Param::Blob(bytes) => bytes,
            };
            out.extend((bytes.len() as i32).to_be_bytes());
            out.extend(bytes);
        }
    }
}

/// What opens a binary copy: signature, flags, no extension.
pub(super) const COPY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What ends it.
pub(super) const COPY_TRAILER: &[u8] = &(-1_i16).to_be_bytes();
