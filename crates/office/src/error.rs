//! What can go wrong in the office: refusals, which are answers, and failures, which are not.

use denghuo_rules::calendar::YearNotCovered;
use denghuo_rules::derivation::Bilingual;
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

    /// The sentence for people.
    #[must_use]
    pub fn text(&self) -> Bilingual {
        match self {
            Self::Refused(refusal) => refusal.text.clone(),
            Self::Rule(missing) => {
                Bilingual::new(format!("规则库中没有所需规则:{missing}"), missing.to_string())
            }
            Self::Calendar(missing) => missing.text(),
            Self::Store(error) => Bilingual::new(format!("数据库出错:{error}"), error.to_string()),
        }
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
