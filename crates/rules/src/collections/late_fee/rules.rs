//! The late-fee rules of a site, read from the book once and laid out by day.

use super::{CrossYearMode, DebtYearBasis, LateFeeClass, LateFeeTerms};
use crate::rulebook::{NoRule, Picked, Rulebook, Selector};
use crate::units::{Money, Ratio, Rounding};
use jiff::civil::Date;
use serde::Deserialize;

/// The topic in the book.
pub const TOPIC: &str = "late_fee";

/// 违约金参数: the parameters of the topic `late_fee`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateFeeParams {
    /// 居民: per day.
    pub household: Ratio,
    /// 其他用户当年欠费: per day.
    pub current_year: Ratio,
    /// 其他用户跨年欠费: per day.
    pub cross_year: Ratio,
    /// 最低收取额 of a debt's fee; zero for none. The rule of the first overdue day decides.
    pub minimum: Money,
    /// How the fee of a debt ends in fen. The rule of the first overdue day decides.
    pub rounding: Rounding,
    /// 跨年计算方式. The rule of the first overdue day decides.
    pub cross_year_mode: CrossYearMode,
    /// 欠费年度口径. The rule of the first overdue day decides.
    pub debt_year_basis: DebtYearBasis,
}

/// One rule over the days on which it is the most specific one.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) from: Date,
    pub(super) until: Date,
    pub(super) params: LateFeeParams,
    band: Option<(Ratio, Ratio)>,
}

impl Version {
    /// The rate per day; a contract's own rate is clamped to the band, and ignored where the rule admits none.
    pub(super) fn rate(&self, class: LateFeeClass, crossed: bool, terms: &LateFeeTerms) -> Ratio {
        let (agreed, statutory) = match (class, crossed) {
            (LateFeeClass::Household, _) => (terms.current_year, self.params.household),
            (LateFeeClass::Other, false) => (terms.current_year, self.params.current_year),
            (LateFeeClass::Other, true) => (terms.cross_year, self.params.cross_year),
        };
        match (agreed, self.band) {
            (Some(rate), Some((min, max))) => rate.clamp(min, max),
            _ => statutory,
        }
    }
}

/// The late-fee rules of a site, by day.
#[derive(Clone, Debug)]
pub struct LateFeeRules {
    versions: Vec<Version>,
    selector: Selector,
}

impl LateFeeRules {
    /// Reads the rules that apply to a site.
    ///
    /// # Errors
    /// A rule's parameters are not of the topic's form.
    pub fn load(book: &Rulebook, selector: &Selector) -> Result<Self, NoRule> {
        let stretches = book.timeline::<LateFeeParams>(TOPIC, selector)?;
        let versions = stretches
            .into_iter()
            .map(|(from, until, picked)| version(picked, from, until))
            .collect::<Result<_, _>>()?;
        Ok(Self { versions, selector: selector.clone() })
    }

    /// 日比例: the rate per day of a debt of its current year on a day; what weighs on the debtor.
    ///
    /// # Errors
    /// No rule is in force on that day.
    pub fn daily_rate(&self, class: LateFeeClass, terms: &LateFeeTerms, day: Date) -> Result<Ratio, NoRule> {
        Ok(self.on(day)?.rate(class, false, terms))
    }

    /// The rule of an accrual day.
    pub(super) fn on(&self, day: Date) -> Result<&Version, NoRule> {
        let after = self.versions.partition_point(|version| version.from <= day);
        self.versions[..after].last().filter(|version| day <= version.until).ok_or_else(|| NoRule::Missing {
            topic: TOPIC.to_owned(),
            legal_day: day,
            facts: self.selector.facts.clone(),
        })
    }
}

fn version(picked: Picked<'_, LateFeeParams>, from: Date, until: Date) -> Result<Version, NoRule> {
    let rule = picked.rule;
    let bound = |text: &Option<String>| -> Result<Option<Ratio>, NoRule> {
        let parse = |text: &String| {
            text.parse::<Ratio>().map_err(|e| NoRule::BadParams {
                id: rule.id.clone(),
                reason: format!("contract bound `{text}`: {e}"),
            })
        };
        text.as_ref().map(parse).transpose()
    };
    let bounds = (bound(&rule.contract.min)?, bound(&rule.contract.max)?);
    let band = match bounds {
        (Some(min), Some(max)) if rule.contract.may_override && min <= max => Some((min, max)),
        _ => None,
    };
    Ok(Version { id: rule.id.clone(), from, until, params: picked.params, band })
}
