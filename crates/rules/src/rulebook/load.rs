//! Reading a book from files, laying a site's folder over it, and checking it.

use super::embedded::EMBEDDED;
use super::rule::{Layer, Rule};
use crate::calendar::WorkCalendar;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What is wrong with a book, with the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// The file cannot be read as a rule file.
    #[error("{file}: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the reader said, with line and column.
        reason: String,
    },
    /// Two rules share an id.
    #[error("{file}: rule `{id}` stands twice")]
    DuplicateId {
        /// The file of the second one.
        file: String,
        /// The id.
        id: String,
    },
    /// `until` lies before `from`.
    #[error("{file}: rule `{id}` ends before it begins")]
    EndsBeforeBegin {
        /// The file.
        file: String,
        /// The id.
        id: String,
    },
    /// Two rules of one jurisdiction and topic are in force on the same day for the same selectors.
    #[error("{file}: rules `{first}` and `{second}` overlap")]
    Overlap {
        /// The file of the second one.
        file: String,
        /// The first rule.
        first: String,
        /// The second rule.
        second: String,
    },
    /// No column knows the topic.
    #[error("{file}: rule `{id}`: the topic `{topic}` is not known")]
    UnknownTopic {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The topic.
        topic: String,
    },
    /// The parameters are not of the topic's form.
    #[error("{file}: rule `{id}`: {reason}")]
    BadParams {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// What is wrong.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    layer: Layer,
    #[serde(default)]
    rule: Vec<Rule>,
}

/// 规则库: the loaded book: every rule of every jurisdiction, and the working calendar.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    pub(super) rules: BTreeMap<String, Vec<Rule>>,
    calendar: WorkCalendar,
}

impl Rulebook {
    /// The book that the program carries; its text is read once per process.
    ///
    /// # Panics
    /// When the embedded book is broken, which the tests forbid.
    #[must_use]
    pub fn embedded() -> Self {
        static BOOK: LazyLock<Rulebook> = LazyLock::new(|| {
            Rulebook::parse(EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
                .unwrap_or_else(|errors| panic!("the embedded rulebook is broken: {errors:?}"))
        });
        BOOK.clone()
    }

    /// Reads a whole book from `(path, text)` pairs; `path` is `<jurisdiction>/<topic>.toml`.
    ///
    /// # Errors
    /// Every error that was found, not just the first.
    pub fn parse(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, Vec<BookError>> {
        Self::default().overlaid(files)
    }

    /// Lays a site's files over this book: a rule with a known id replaces it, a new one is added.
    ///
    /// # Errors
    /// Every error that was found.
    pub fn overlaid(
        &self,
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<BookError>> {
        let mut book = self.clone();
        let mut errors = book.lay_over(files);
        errors.extend(book.check());
        if errors.is_empty() { Ok(book) } else { Err(errors) }
    }

    /// Lays a site's files over this book and tells everything that is wrong with the result, the parameters of every
    /// rule too. A book with errors is for looking at, not for use.
    #[must_use]
    pub fn examined(&self, files: impl IntoIterator<Item = (String, String)>) -> (Self, Vec<BookError>) {
        let mut book = self.clone();
        let mut errors = book.lay_over(files);
        errors.extend(book.check_all());
        (book, errors)
    }

    /// Lays files over the book and returns what could not be read.
    fn lay_over(&mut self, files: impl IntoIterator<Item = (String, String)>) -> Vec<BookError> {
        let mut errors = Vec::new();
        let mut seen = BTreeSet::new();
        for (file, text) in files {
            if file.ends_with("/calendar.toml") {
                match WorkCalendar::parse(&text) {
                    Ok(calendar) => self.calendar = self.calendar.merged(calendar),
                    Err(e) => errors.push(BookError::Unreadable { file, reason: e.to_string() }),
                }
                continue;
            }
            let read = match toml::from_str::<RuleFile>(&text) {
                Ok(read) => read,
                Err(e) => {
                    errors.push(BookError::Unreadable { file, reason: e.to_string() });
                    continue;
                }
            };
            let jurisdiction = file.split('/').next().unwrap_or_default().to_owned();
            for mut rule in read.rule {
                rule.layer = read.layer;
                rule.jurisdiction.clone_from(&jurisdiction);
                rule.file.clone_from(&file);
                if !seen.insert(rule.id.clone()) {
                    errors.push(BookError::DuplicateId { file: file.clone(), id: rule.id.clone() });
                    continue;
                }
                self.put(rule);
            }
        }
        errors
    }

    fn put(&mut self, rule: Rule) {
        for rules in self.rules.values_mut() {
            rules.retain(|old| old.id != rule.id);
        }
        self.rules.entry(rule.topic.clone()).or_default().push(rule);
    }

    /// Every inconsistency of the book.
    #[must_use]
    pub fn check(&self) -> Vec<BookError> {
        let mut errors = Vec::new();
        for rules in self.rules.values() {
            for (n, rule) in rules.iter().enumerate() {
                if rule.until.is_some_and(|until| until < rule.from) {
                    errors.push(BookError::EndsBeforeBegin { file: rule.file.clone(), id: rule.id.clone() });
                }
                let clash = rules[..n].iter().find(|other| {
                    other.jurisdiction == rule.jurisdiction
                        && other.when == rule.when
                        && other.from <= rule.until.unwrap_or(jiff::civil::Date::MAX)
                        && rule.from <= other.until.unwrap_or(jiff::civil::Date::MAX)
                });
                if let Some(other) = clash {
                    errors.push(BookError::Overlap {
                        file: rule.file.clone(),
                        first: other.id.clone(),
                        second: rule.id.clone(),
                    });
                }
            }
        }
        errors
    }

    /// The working calendar of the book.
    #[must_use]
    pub fn calendar(&self) -> &WorkCalendar {
        &self.calendar
    }

    /// Every rule, by topic and in the order of the files.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values().flatten()
    }

    /// The rule with an id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules().find(|rule| rule.id == id)
    }
}
