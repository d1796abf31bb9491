//! One rule as it stands in the book.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 规则层级: where a rule comes from; later layers are more specific.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// 国家: law and national regulation.
    National,
    /// 电网公司: rules of the grid company.
    Grid,
    /// 省: provincial law and tariff.
    Province,
    /// 本单位: the site's own rules.
    Site,
}

/// 可信度: how sure the book is of a rule.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum Confidence {
    /// Unsure; verify before relying on it.
    #[serde(rename = "L")]
    Low,
    /// Solid knowledge, not re-read in a source.
    #[serde(rename = "M")]
    Medium,
    /// Read in a source.
    #[serde(rename = "H")]
    High,
}

/// 依据: the legal basis of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Title of the law, notice or rule.
    pub title: String,
    /// Document number, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Article, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// What to know about the source: where it was read, what it leaves open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// 合同可否另行约定: whether a contract may set a parameter itself, and within which bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractBounds {
    /// May a contract override the rule at all?
    #[serde(default)]
    pub may_override: bool,
    /// Lower bound of an overridden value, as decimal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// Upper bound of an overridden value, as decimal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
}

/// 规则: one dated rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Unique, stable id such as `cn.late_fee.2024`.
    pub id: String,
    /// What it is about, such as `late_fee`; one parameter form per topic.
    pub topic: String,
    /// First day in force.
    pub from: Date,
    /// Last day in force; absent while it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// How sure the book is.
    pub confidence: Confidence,
    /// Legal basis.
    pub basis: Basis,
    /// What a contract may change.
    #[serde(default)]
    pub contract: ContractBounds,
    /// Selectors: the rule applies where each named key has one of the listed values
    /// (`class`, `voltage`, `category`, `company`, …). A key that is not named applies everywhere.
    #[serde(default)]
    pub when: BTreeMap<String, Vec<String>>,
    /// The parameters; their form belongs to the topic.
    #[serde(default)]
    pub params: toml::Table,
    /// Filled on loading: the layer of the file that holds it.
    #[serde(skip, default = "national")]
    pub layer: Layer,
    /// Filled on loading: the jurisdiction folder that holds it, such as `cn` or `cn-sd`.
    #[serde(skip)]
    pub jurisdiction: String,
    /// Filled on loading: the file that holds it.
    #[serde(skip)]
    pub file: String,
}

fn national() -> Layer {
    Layer::National
}

impl Rule {
    /// Is it in force on that day?
    #[must_use]
    pub fn in_force(&self, legal_day: Date) -> bool {
        self.from <= legal_day && self.until.is_none_or(|until| legal_day <= until)
    }

    /// The clause as people cite it, such as `供电营业规则 (电力工业部令第8号) 第98条`.
    #[must_use]
    pub fn clause(&self) -> String {
        let mut text = self.basis.title.clone();
        if let Some(document) = &self.basis.document {
            text.push_str(&format!(" ({document})"));
        }
        if let Some(article) = &self.basis.article {
            text.push_str(&format!(" 第{article}条"));
        }
        text
    }
}
