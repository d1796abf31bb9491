//! Picking the rule that is in force on a legal day for a selector.

use super::load::Rulebook;
use super::rule::Rule;
use crate::calendar::plus_days;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// Where and for whom a rule is asked: the jurisdictions that apply to the site, from general to specific, and
/// the facts that rules select on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// Such as `["cn", "sgcc", "cn-sd", "site"]`.
    pub jurisdictions: Vec<String>,
    /// Such as `class = household`, `voltage = 1-10kV`.
    pub facts: BTreeMap<String, String>,
}

impl Selector {
    /// A selector for the jurisdictions of a site, given from general to specific.
    #[must_use]
    pub fn in_jurisdictions(jurisdictions: &[&str]) -> Self {
        Self { jurisdictions: jurisdictions.iter().map(|j| (*j).to_owned()).collect(), ..Self::default() }
    }

    /// The same selector with one more fact.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.facts.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Does the rule belong to these jurisdictions and select these facts, whatever the day?
    #[must_use]
    pub fn admits(&self, rule: &Rule) -> bool {
        self.jurisdictions.contains(&rule.jurisdiction)
            && rule.when.iter().all(|(key, values)| self.facts.get(key).is_some_and(|v| values.contains(v)))
    }
}

/// No rule of the topic is in force there on that day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRule {
    /// Nothing in the book applies.
    #[error("no rule `{topic}` is in force on {legal_day} for {facts:?}: 规则库中{legal_day}无“{topic}”规则")]
    Missing {
        /// The topic asked.
        topic: String,
        /// The legal day asked.
        legal_day: Date,
        /// The facts asked.
        facts: BTreeMap<String, String>,
    },
    /// The rule is there but its parameters are not of the form its topic needs.
    #[error("rule `{id}`: {reason}")]
    BadParams {
        /// The rule.
        id: String,
        /// What is wrong.
        reason: String,
    },
}

/// A rule together with its parameters in the topic's form.
#[derive(Clone, Debug)]
pub struct Picked<'b, T> {
    /// The rule.
    pub rule: &'b Rule,
    /// Its parameters.
    pub params: T,
}

impl Rulebook {
    /// Every rule of the topic that applies on the legal day, from general to specific (layer order of the selector,
    /// then fewer selectors first, then older first).
    #[must_use]
    pub fn applicable(&self, topic: &str, selector: &Selector, legal_day: Date) -> Vec<&Rule> {
        let mut rules: Vec<&Rule> = self
            .rules
            .get(topic)
            .into_iter()
            .flatten()
            .filter(|rule| rule.in_force(legal_day) && selector.admits(rule))
            .collect();
        let rank = |rule: &Rule| selector.jurisdictions.iter().position(|j| *j == rule.jurisdiction);
        rules.sort_by_key(|rule| (rank(rule), rule.when.len(), rule.from));
        rules
    }

    /// Every rule of the topic in the selector's jurisdictions whatever its dates and facts, from general to specific:
    /// for tables that are compiled once.
    #[must_use]
    pub fn of_jurisdictions(&self, topic: &str, selector: &Selector) -> Vec<&Rule> {
        let rank = |rule: &Rule| selector.jurisdictions.iter().position(|j| *j == rule.jurisdiction);
        let mut rules: Vec<&Rule> =
            self.rules.get(topic).into_iter().flatten().filter(|rule| rank(rule).is_some()).collect();
        rules.sort_by_key(|rule| (rank(rule), rule.when.len(), rule.from));
        rules
    }

    /// The most specific rule of the topic on the legal day.
    ///
    /// # Errors
    /// None applies, or its parameters are not of the form `T`.
    pub fn pick<T: DeserializeOwned>(
        &self,
        topic: &str,
        selector: &Selector,
        legal_day: Date,
    ) -> Result<Picked<'_, T>, NoRule> {
        let rule = self.applicable(topic, selector, legal_day).pop().ok_or_else(|| NoRule::Missing {
            topic: topic.to_owned(),
            legal_day,
            facts: selector.facts.clone(),
        })?;
        Ok(Picked { rule, params: params_of(rule)? })
    }

    /// The most specific rule of the topic over all its days, as stretches (first day, last day, rule) in their order. Days
    /// without a rule are in none of them.
    ///
    /// # Errors
    /// A rule's parameters are not of the form `T`.
    pub fn timeline<T: DeserializeOwned>(
        &self,
        topic: &str,
        selector: &Selector,
    ) -> Result<Vec<(Date, Date, Picked<'_, T>)>, NoRule> {
        let mut days = BTreeSet::new();
        for rule in self.rules.get(topic).into_iter().flatten() {
            days.insert(rule.from);
            days.extend(rule.until.map(|until| plus_days(until, 1)));
        }
        let days: Vec<Date> = days.into_iter().collect();
        let mut stretches = Vec::with_capacity(days.len());
        for (n, from) in days.iter().enumerate() {
            let until = days.get(n + 1).map_or(Date::MAX, |next| plus_days(*next, -1));
            match self.pick(topic, selector, *from) {
                Ok(picked) => stretches.push((*from, until, picked)),
                Err(NoRule::Missing { .. }) => {}
                Err(bad) => return Err(bad),
            }
        }
        Ok(stretches)
    }

    /// Every applicable rule with its parameters, from general to specific: for protective topics, where the
    /// strictest wins and the topic's own code knows what "strict" means.
    ///
    /// # Errors
    /// A rule's parameters are not of the form `T`.
    pub fn pick_all<T: DeserializeOwned>(
        &self,
        topic: &str,
        selector: &Selector,
        legal_day: Date,
    ) -> Result<Vec<Picked<'_, T>>, NoRule> {
        self.applicable(topic, selector, legal_day)
            .into_iter()
            .map(|rule| Ok(Picked { rule, params: params_of(rule)? }))
            .collect()
    }
}

/// The parameters of a rule in the topic's form.
pub(super) fn params_of<T: DeserializeOwned>(rule: &Rule) -> Result<T, NoRule> {
    rule.params
        .clone()
        .try_into()
        .map_err(|e: toml::de::Error| NoRule::BadParams { id: rule.id.clone(), reason: e.to_string() })
}
