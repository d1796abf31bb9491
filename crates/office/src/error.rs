//! What can go wrong in the office: refusals, which are answers, and failures, which are not.

use denghuo_rules::calendar::YearNotCovered;
use denghuo_rules::refusal::{Refusal, Refuse};
use denghuo_rules::rulebook::NoRule;
use denghuo_store::StoreError;

/// A refusal or a failure.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The answer is no, with a code and a sentence.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The rulebook has no rule for it.
    #[error(transparent)]
    Rule(#[from] NoRule),
    /// The calendar does not cover a year.
    #[error(transparent)]
    Calendar(#[from] YearNotCovered),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OfficeError {
    /// A refusal from a column's own enum.
    pub fn refuse(refusal: impl Refuse) -> Self {
        Self::Refused(refusal.into())
    }

    /// The code of the refusal, when it is one.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.code),
            _ => None,
        }
    }
}
