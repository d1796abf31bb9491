//! Two books compared: what was added, removed and changed, field by field.

use super::{Rule, Rulebook};
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
