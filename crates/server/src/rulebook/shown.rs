//! Rules as they are shown.

use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Language;
use denghuo_rules::rulebook::{Confidence, DayChange, FieldChange, Rule, Rulebook};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A rule on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleLine {
    /// Its id.
    pub id: String,
    /// Its topic.
    topic: String,
    /// Its jurisdiction, such as `cn-sd`.
    jurisdiction: String,
    /// Its layer: `national`, `grid`, `province`, `site`.
    layer: String,
    /// Its layer in Chinese.
    layer_name: String,
    /// First day in force.
    #[schemars(with = "DateForm")]
    from: Date,
    /// Last day in force.
    #[schemars(with = "Option<DateForm>")]
    until: Option<Date>,
    /// Is it in force today?
    is_in_force: bool,
    /// How sure the book is.
    confidence: Confidence,
    /// Title of the law or notice.
    title: String,
    /// Document number.
    document: Option<String>,
    /// Article.
    article: Option<String>,
    /// May a contract set another value?
    may_override: bool,
}

impl RuleLine {
    /// As it stands on a day.
    pub fn of(rule: &Rule, today: Date) -> Self {
        Self {
            id: rule.id.clone(),
            topic: rule.topic.clone(),
            jurisdiction: rule.jurisdiction.clone(),
            layer: rule.layer.name(Language::English).split(' ').next().unwrap_or_default().to_owned(),
            layer_name: rule.layer.name(Language::Chinese).to_owned(),
            from: rule.from,
            until: rule.until,
            is_in_force: rule.in_force(today),
            confidence: rule.confidence,
            title: rule.basis.title.clone(),
            document: rule.basis.document.clone(),
            article: rule.basis.article.clone(),
            may_override: rule.contract.may_override,
        }
    }
}

/// A field that differs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FieldLine {
    /// Path of the field, such as `params.bands.peak`.
    field: String,
    /// Before; none where it was absent.
    before: Option<String>,
    /// After.
    after: Option<String>,
}

/// As they are shown: what a rule says, not what it is called.
pub fn change_lines(changes: Vec<FieldChange>) -> Vec<FieldLine> {
    let says = |change: &FieldChange| change.field != "id";
    let line =
        |change: FieldChange| FieldLine { field: change.field, before: change.before, after: change.after };
    changes.into_iter().filter(says).map(line).collect()
}

/// 版本: a rule among those that follow each other.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Version {
    /// Its id.
    pub id: String,
    /// First day in force.
    #[schemars(with = "DateForm")]
    pub from: Date,
    /// Last day in force.
    #[schemars(with = "Option<DateForm>")]
    pub until: Option<Date>,
    /// The clause as people cite it.
    pub clause: String,
    /// What it says differently from the version before.
    pub changes: Vec<FieldLine>,
}

/// 规则: one rule with everything that it says.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleShown {
    /// As on a list.
    rule: RuleLine,
    /// The clause as people cite it.
    clause: String,
    /// What to know about the source.
    note: Option<String>,
    /// What the confidence means: Chinese, English.
    confidence_means: (String, String),
    /// Lower bound of a value that a contract sets.
    contract_min: Option<String>,
    /// Upper bound.
    contract_max: Option<String>,
    /// To whom it applies: keys and values; empty for everybody.
    when: BTreeMap<String, Vec<String>>,
    /// Its parameters, in the form of its topic.
    params: Value,
    /// Its parameters as they stand in the file.
    params_text: String,
    /// The file that holds it.
    file: String,
    /// Rules of the topic that follow each other there, the oldest first.
    versions: Vec<Version>,
}

impl RuleShown {
    /// As it stands on a day.
    pub fn of(rule: &Rule, today: Date, versions: Vec<Version>) -> Self {
        let value = serde_json::to_value(rule).unwrap_or_default();
        let says = serde_json::to_value(rule.describe(Language::English)).unwrap_or_default();
        let text = says.as_str().unwrap_or_default();
        let params_text = text.split_once("parameters:\n").map_or(String::new(), |(_, lines)| {
            lines.lines().map(str::trim_start).collect::<Vec<_>>().join("\n")
        });
        Self {
            rule: RuleLine::of(rule, today),
            clause: rule.clause(),
            note: rule.basis.note.clone(),
            confidence_means: (
                rule.confidence.meaning(Language::Chinese).to_owned(),
                rule.confidence.meaning(Language::English).to_owned(),
            ),
            contract_min: rule.contract.min.clone(),
            contract_max: rule.contract.max.clone(),
            when: rule.when.clone(),
            params: value.get("params").cloned().unwrap_or_default(),
            params_text,
            file: rule.file.clone(),
            versions,
        }
    }
}

/// What changed about one rule between two days.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DayChangeLine {
    /// Topic.
    topic: String,
    /// Jurisdiction.
    jurisdiction: String,
    /// The rule on the first day.
    before: Option<String>,
    /// The rule on the second day.
    after: Option<String>,
    /// The clause of the rule that is in force then: of the second day, or of the first where it ended.
    clause: String,
    /// Every field that differs.
    fields: Vec<FieldLine>,
}

impl DayChangeLine {
    /// With the clauses of a book.
    pub fn of(change: DayChange, book: &Rulebook) -> Self {
        let rule = change.after.as_deref().or(change.before.as_deref()).and_then(|id| book.rule(id));
        Self {
            clause: rule.map(Rule::clause).unwrap_or_default(),
            topic: change.topic,
            jurisdiction: change.jurisdiction,
            before: change.before,
            after: change.after,
            fields: change_lines(change.fields),
        }
    }
}
