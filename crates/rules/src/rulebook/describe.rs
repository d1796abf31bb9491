//! A rule told to people: validity, basis, confidence, who may override it, and its parameters.

use super::{Confidence, Layer, Rule};
use crate::derivation::Language;
use std::fmt::Write as _;

impl Layer {
    /// The layer's name.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::National, Language::Chinese) => "国家",
            (Self::National, Language::English) => "national",
            (Self::Grid, Language::Chinese) => "电网公司",
            (Self::Grid, Language::English) => "grid company",
            (Self::Province, Language::Chinese) => "省",
            (Self::Province, Language::English) => "province",
            (Self::Site, Language::Chinese) => "本单位",
            (Self::Site, Language::English) => "site",
        }
    }
}

impl Confidence {
    /// The letter of the book.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::High => "H",
            Self::Medium => "M",
            Self::Low => "L",
        }
    }

    /// What the letter means.
    #[must_use]
    pub const fn meaning(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::High, Language::Chinese) => "已在来源中读到",
            (Self::High, Language::English) => "read in a source",
            (Self::Medium, Language::Chinese) => "可靠但未复核原文",
            (Self::Medium, Language::English) => "solid, source not re-read",
            (Self::Low, Language::Chinese) => "存疑,使用前须核实",
            (Self::Low, Language::English) => "unsure, verify before relying on it",
        }
    }
}

impl Rule {
    /// The rule as a short text for people.
    #[must_use]
    pub fn describe(&self, language: Language) -> String {
        let zh = language == Language::Chinese;
        let mut text = String::new();
        let mut line = |zh_label: &str, en_label: &str, value: &str| {
            let _ = writeln!(text, "  {}: {value}", if zh { zh_label } else { en_label });
        };
        let until = self.until.map_or_else(|| "…".to_owned(), |d| d.to_string());
        line("主题", "topic", &self.topic);
        line("有效期", "in force", &format!("{} – {until}", self.from));
        let place = format!("{} ({}, {})", self.layer.name(language), self.jurisdiction, self.file);
        line("层级", "layer", &place);
        line("依据", "basis", &self.clause());
        if let Some(note) = &self.basis.note {
            line("说明", "note", note);
        }
        let confidence = format!("{} ({})", self.confidence.letter(), self.confidence.meaning(language));
        line("可信度", "confidence", &confidence);
        line("合同可否另行约定", "contract may override", &self.contract_text(zh));
        for (key, values) in &self.when {
            line("适用", "applies to", &format!("{key} = {}", values.join(" | ")));
        }
        let params = toml::to_string(&self.params).unwrap_or_default();
        let _ = writeln!(text, "  {}:", if zh { "参数" } else { "parameters" });
        for param in params.lines().filter(|l| !l.is_empty()) {
            let _ = writeln!(text, "    {param}");
        }
        format!("{}\n{text}", self.id)
    }

    fn contract_text(&self, zh: bool) -> String {
        if !self.contract.may_override {
            return if zh { "否" } else { "no" }.to_owned();
        }
        let bound = |b: &Option<String>| b.clone().unwrap_or_else(|| "…".to_owned());
        let range = match (&self.contract.min, &self.contract.max) {
            (None, None) => String::new(),
            (min, max) => format!(" [{}, {}]", bound(min), bound(max)),
        };
        format!("{}{range}", if zh { "是" } else { "yes" })
    }
}
