//! Decisions explain themselves: the same code runs with a silent sink in the batch and a recording sink for
//! `explain`, so an explanation can never disagree with the amount.

use serde::{Deserialize, Serialize};

/// The same sentence in both languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Both sentences at once.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Sentences one behind the other, with the same mark between them in both languages.
    #[must_use]
    pub fn joined(all: impl IntoIterator<Item = Self>, mark: &str) -> Self {
        let (zh, en): (Vec<String>, Vec<String>) = all.into_iter().map(|one| (one.zh, one.en)).unzip();
        Self { zh: zh.join(mark), en: en.join(mark) }
    }

    /// The sentence in the asked language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// The language of an explanation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 中文
    #[default]
    Chinese,
    /// English
    English,
}

/// One step of a derivation: what was computed, in words and figures, and under which rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Step {
    /// Stable name of the kind of step, such as `energy_charge` or `late_fee_span`.
    pub code: String,
    /// The sentence with its figures.
    pub text: Bilingual,
    /// The rule that was applied, by id, when one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

impl Step {
    /// A step without a rule of its own.
    #[must_use]
    pub fn new(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: code.to_owned(), text: Bilingual::new(zh, en), rule: None }
    }

    /// The same step under a rule.
    #[must_use]
    pub fn under(mut self, rule: &str) -> Self {
        self.rule = Some(rule.to_owned());
        self
    }
}

/// Where a calculation tells its steps.
pub trait Sink {
    /// Tells one step; a silent sink never calls `make`, so the batch pays nothing for it.
    fn step(&mut self, make: impl FnOnce() -> Step);
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Sink for Silent {
    #[inline]
    fn step(&mut self, _make: impl FnOnce() -> Step) {}
}

/// Keeps every step in order.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// The steps told so far.
    pub steps: Vec<Step>,
}

impl Sink for Recorder {
    fn step(&mut self, make: impl FnOnce() -> Step) {
        self.steps.push(make());
    }
}
