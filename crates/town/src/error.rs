//! What can go wrong when a town is made.

use denghuo_office::error::OfficeError;
use denghuo_rules::refusal::Refusal;
use denghuo_rules::rulebook::NoRule;
use denghuo_store::StoreError;
use std::fmt::Display;
use std::path::Path;

/// A failure to make a town.
#[derive(Debug, thiserror::Error)]
pub enum TownError {
    /// The answer is no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A use case failed or refused.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The rulebook has no rule for it.
    #[error(transparent)]
    Rule(#[from] NoRule),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of the data folder cannot be read.
    #[error("{file}: {reason}")]
    Data {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

impl TownError {
    pub(crate) fn unreadable(path: &Path, reason: impl Display) -> Self {
        Self::Data { file: path.display().to_string(), reason: reason.to_string() }
    }

    pub(crate) fn bad(file: &str, row: &csv::StringRecord, reason: &impl Display) -> Self {
        let line = row.position().map_or(0, csv::Position::line);
        Self::Data { file: file.to_owned(), reason: format!("line {line}: {reason}") }
    }
}
