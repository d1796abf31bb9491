//! Two books compared: what was added, removed and changed, field by field.

use super::{Rule, Rulebook, Selector};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One field that differs, as text; `None` where it is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Path of the field, such as `params.bands.peak`.
    pub field: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// A rule that stands in both books and differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// The rule's id.
    pub id: String,
    /// Every field that differs.
    pub fields: Vec<FieldChange>,
}

/// The difference of two books.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BookDiff {
    /// Ids that only the second book has.
    pub added: Vec<String>,
    /// Ids that only the first book has.
    pub removed: Vec<String>,
    /// Rules that differ.
    pub changed: Vec<RuleChange>,
}

impl BookDiff {
    /// The books say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// From the first book to the second.
#[must_use]
pub fn diff(before: &Rulebook, after: &Rulebook) -> BookDiff {
    let by_id = |book| -> BTreeMap<_, _> { Rulebook::rules(book).map(|r| (r.id.as_str(), r)).collect() };
    let (old, new) = (by_id(before), by_id(after));
    let mut diff = BookDiff::default();
    for id in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        match (old.get(id), new.get(id)) {
            (Some(_), None) => diff.removed.push((*id).to_owned()),
            (None, Some(_)) => diff.added.push((*id).to_owned()),
            (Some(old), Some(new)) => {
                let fields = fields(&leaves(old), &leaves(new));
                if !fields.is_empty() {
                    diff.changed.push(RuleChange { id: (*id).to_owned(), fields });
                }
            }
            (None, None) => {}
        }
    }
    diff
}

/// What changed about one rule of the law between two days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayChange {
    /// Topic.
    pub topic: String,
    /// Jurisdiction.
    pub jurisdiction: String,
    /// The rule in force on the first day.
    pub before: Option<String>,
    /// The rule in force on the second day.
    pub after: Option<String>,
    /// Every field that differs, where there is a rule on both days.
    pub fields: Vec<FieldChange>,
}

/// What a site's law says on one day and not on another: rules of one topic, jurisdiction and selection follow each other.
#[must_use]
pub fn diff_days(book: &Rulebook, site: &Selector, first: Date, second: Date) -> Vec<DayChange> {
    let on = |day: Date| -> BTreeMap<_, &Rule> {
        let known =
            book.rules().filter(|rule| rule.in_force(day) && site.jurisdictions.contains(&rule.jurisdiction));
        known.map(|rule| ((rule.topic.as_str(), rule.jurisdiction.as_str(), &rule.when), rule)).collect()
    };
    let (old, new) = (on(first), on(second));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    keys.into_iter()
        .filter_map(|key| {
            let (before, after) = (old.get(&key).copied(), new.get(&key).copied());
            let id = |rule: Option<&Rule>| rule.map(|rule| rule.id.clone());
            if id(before) == id(after) {
                return None;
            }
            let fields = match (before, after) {
                (Some(before), Some(after)) => fields(&leaves(before), &leaves(after)),
                _ => Vec::new(),
            };
            let (topic, jurisdiction) = (key.0.to_owned(), key.1.to_owned());
            Some(DayChange { topic, jurisdiction, before: id(before), after: id(after), fields })
        })
        .collect()
}

/// What two rules say differently, field by field.
#[must_use]
pub fn diff_rules(before: &Rule, after: &Rule) -> Vec<FieldChange> {
    fields(&leaves(before), &leaves(after))
}

fn fields(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<FieldChange> {
    old.keys()
        .chain(new.keys())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter(|field| old.get(*field) != new.get(*field))
        .map(|field| FieldChange {
            field: field.clone(),
            before: old.get(field).cloned(),
            after: new.get(field).cloned(),
        })
        .collect()
}

/// Every value of a rule by its path; the folder counts, the file's name does not.
fn leaves(rule: &Rule) -> BTreeMap<String, String> {
    let mut leaves = BTreeMap::new();
    leaves.insert("jurisdiction".to_owned(), rule.jurisdiction.clone());
    let value = serde_json::to_value(rule).unwrap_or_default();
    collect("", &value, &mut leaves);
    leaves
}

fn collect(path: &str, value: &serde_json::Value, leaves: &mut BTreeMap<String, String>) {
    let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        serde_json::Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| collect(&under(key), value, leaves));
        }
        serde_json::Value::Array(items) if items.iter().any(serde_json::Value::is_object) => {
            items.iter().enumerate().for_each(|(n, value)| collect(&under(&n.to_string()), value, leaves));
        }
        serde_json::Value::String(text) => {
            leaves.insert(path.to_owned(), text.clone());
        }
        other => {
            leaves.insert(path.to_owned(), other.to_string());
        }
    }
}
