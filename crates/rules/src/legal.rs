//! 法律 (column `legal`): limitation, and the parameter forms of the topics.

pub mod case;
pub mod limitation;
pub mod payment_order;
pub mod terms;
pub mod triggers;
pub mod write_off;

use crate::rulebook::{Layer, Rule};
use crate::units::Money;
use jiff::civil::Date;
use serde::Deserialize;

/// 诉讼时效: parameters of the topic `limitation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limitation {
    /// Years of the term.
    pub years: u8,
    /// 最长保护期, years from the breach.
    pub long_stop_years: u8,
}

/// 时效过渡: parameters of the topic `limitation_transition`: a term of `old_years` that still runs on `cutover`
/// becomes `new_years`; one that has expired does not revive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitationTransition {
    /// First day of the new term.
    pub cutover: Date,
    /// Years of the old term.
    pub old_years: u8,
    /// Years of the new term.
    pub new_years: u8,
}

/// Limitation is law: no contract, company or site may change it (Civil Code art. 197).
fn only_law(rule: &Rule) -> Result<(), String> {
    if rule.contract.may_override {
        return Err("limitation cannot be changed by contract (民法典第197条)".to_owned());
    }
    if rule.layer != Layer::National {
        return Err("limitation is set by national law only (民法典第197条)".to_owned());
    }
    Ok(())
}

impl Limitation {
    /// The topic's form.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        only_law(rule)?;
        rule.form::<Self>().map(drop)
    }
}

impl LimitationTransition {
    /// The topic's form.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        only_law(rule)?;
        rule.form::<Self>().map(drop)
    }
}

/// 诉前措施触发条件: parameters of the topic `legal_triggers`; the company's own thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalTriggers {
    /// 律师函 from this many unpaid periods in the year on.
    pub lawyer_letter_periods: u8,
    /// 起诉 by outside counsel from these arrears on, when a demand brought neither payment nor security.
    pub sue_from: Money,
    /// Disputed debts are left out.
    pub exclude_disputed: bool,
}
