//! Failures of the database, apart from refusals: they never reach a person as an answer.

/// A failure of the database or of what it holds.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL said no.
    #[error("PostgreSQL: {}", postgres_text(.0))]
    Postgres(#[from] postgres::Error),
    /// A migration failed.
    #[error("migration: {0}")]
    Migration(#[from] refinery::Error),
    /// The address is of no known form.
    #[error("`{0}` is no database address; use sqlite://PATH or postgres://USER@HOST/NAME")]
    BadUrl(String),
    /// A row holds what it must not.
    #[error("the database holds an impossible value: {0}")]
    Corrupt(String),
    /// The file system said no.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

fn postgres_text(error: &postgres::Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), |db| format!("{} ({})", db.message(), db.code().code()))
}

impl StoreError {
    /// True when a row with the same key is there already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        match self {
            Self::Sqlite(rusqlite::Error::SqliteFailure(failure, _)) => {
                failure.code == rusqlite::ErrorCode::ConstraintViolation
            }
            Self::Postgres(error) => error.code() == Some(&postgres::error::SqlState::UNIQUE_VIOLATION),
            _ => false,
        }
    }
}
