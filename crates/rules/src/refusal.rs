//! A refusal is an answer, not a failure: it has a stable code and a sentence for people in both languages.

use crate::derivation::Bilingual;

/// What every refusal enum of a column can say about itself.
pub trait Refuse {
    /// Stable code, such as `payment.same_id_other_content`.
    fn code(&self) -> &'static str;
    /// The sentence for people.
    fn text(&self) -> Bilingual;
}

/// A refusal detached from its enum, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code.
    pub code: &'static str,
    /// The sentence for people.
    pub text: Bilingual,
}

impl Refusal {
    /// A refusal with its code and both sentences.
    #[must_use]
    pub fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, text: Bilingual::new(zh, en) }
    }
}

impl<R: Refuse> From<R> for Refusal {
    fn from(refusal: R) -> Self {
        Self { code: refusal.code(), text: refusal.text() }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}] {} / {}", self.code, self.text.zh, self.text.en)
    }
}

impl std::error::Error for Refusal {}
