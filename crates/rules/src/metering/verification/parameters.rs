//! The parameter forms of the topics `verification_q01` … `verification_q13`.

use super::super::exception::Hold;
use super::super::parameters::Jump;
use super::Rule;
use crate::rulebook::{NoRule, Rulebook, Selector};
use crate::units::{Capacity, Energy, Money, Ratio};
use jiff::civil::Date;
use serde::Deserialize;

/// Which of the two comparisons Q01 needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// Last period or same month last year.
    Either,
    /// Both, where both are known: a season explains what last year had too.
    Both,
}

/// Q01
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q01 {
    pub(super) hold: Hold,
    pub(super) compare: Compare,
    pub(super) residential: Jump,
    pub(super) other: Jump,
}

/// Q02: hits at every zero, holds from so many in a row on.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q02 {
    pub(super) hold: Hold,
    pub(super) hold_from: u8,
}

/// Q03: a rollover may hold less than a negative quantity.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q03 {
    pub(super) hold: Hold,
    pub(super) hold_rollover: Hold,
}

/// Q04
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q04 {
    pub(super) hold: Hold,
    /// kWh per unit of the multiplier.
    pub(super) gap: Energy,
}

/// Q05
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q05 {
    pub(super) hold: Hold,
    pub(super) least_pf: Ratio,
    pub(super) most_reactive: Ratio,
}

/// Q06
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q06 {
    pub(super) hold: Hold,
    pub(super) two_part_above: Capacity,
    pub(super) single_part_below: Capacity,
}

/// Q07
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q07 {
    pub(super) hold: Hold,
    pub(super) beyond_contract: Ratio,
}

/// Q08
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q08 {
    pub(super) hold: Hold,
    pub(super) load_factor: Ratio,
}

/// Q09, Q10 and Q12 hit on a fact alone.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnFact {
    pub(super) hold: Hold,
}

/// Q11
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q11 {
    pub(super) hold: Hold,
    pub(super) hold_first: Hold,
    pub(super) residential_from: Money,
    pub(super) other_from: Money,
}

/// Q13
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Q13 {
    pub(super) hold: Hold,
    pub(super) estimates: u8,
}

/// Q01–Q13 as in force on one legal day, read once for a whole batch.
#[derive(Clone, Debug)]
pub struct VerificationRules {
    pub(super) q01: Q01,
    pub(super) q02: Q02,
    pub(super) q03: Q03,
    pub(super) q04: Q04,
    pub(super) q05: Q05,
    pub(super) q06: Q06,
    pub(super) q07: Q07,
    pub(super) q08: Q08,
    pub(super) q09: OnFact,
    pub(super) q10: OnFact,
    pub(super) q11: Q11,
    pub(super) q12: OnFact,
    pub(super) q13: Q13,
    ids: [String; 13],
}

impl VerificationRules {
    /// The rules in force there on that day.
    ///
    /// # Errors
    /// A topic has no rule in force, or one with other parameters.
    pub fn load(book: &Rulebook, selector: &Selector, day: Date) -> Result<Self, NoRule> {
        let mut ids: [String; 13] = Default::default();
        macro_rules! pick {
            ($rule:ident) => {{
                let topic = concat!("verification_", stringify!($rule)).to_ascii_lowercase();
                let picked = book.pick(&topic, selector, day)?;
                ids[Rule::$rule as usize].clone_from(&picked.rule.id);
                picked.params
            }};
        }
        Ok(Self {
            q01: pick!(Q01),
            q02: pick!(Q02),
            q03: pick!(Q03),
            q04: pick!(Q04),
            q05: pick!(Q05),
            q06: pick!(Q06),
            q07: pick!(Q07),
            q08: pick!(Q08),
            q09: pick!(Q09),
            q10: pick!(Q10),
            q11: pick!(Q11),
            q12: pick!(Q12),
            q13: pick!(Q13),
            ids,
        })
    }

    /// The id of the rule of the book behind a code.
    #[must_use]
    pub fn id(&self, rule: Rule) -> &str {
        &self.ids[rule as usize]
    }
}
