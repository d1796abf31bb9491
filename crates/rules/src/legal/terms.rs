//! 法律期限: the clocks of cases, guarantees and insolvency, and the alerts of limitation; all dated rules.

use crate::calendar::plus_days;
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::{CustomerKind, words};
use crate::rulebook::{Layer, Rule};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 时效预警: parameters of the topic `limitation_alerts`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitationAlerts {
    /// Days before the last day of the term, from early to late.
    pub days: Vec<u16>,
}

impl LimitationAlerts {
    /// The topic's form: thresholds fall, and no contract sets them.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if rule.contract.may_override {
            return Err("the alerts of limitation are not set by contract".to_owned());
        }
        if params.days.is_empty() || !params.days.is_sorted_by(|a, b| a > b) {
            return Err("`days` fall from early to late".to_owned());
        }
        Ok(())
    }

    /// The alert that is due on a day: the smallest threshold that was reached; 0 when the term has ended.
    #[must_use]
    pub fn reached(&self, expires_on: Date, on: Date) -> Option<u16> {
        let left = crate::calendar::days_between(on, expires_on);
        if left < 0 {
            return Some(0);
        }
        self.days.iter().copied().filter(|days| left <= i64::from(*days)).min()
    }

    /// The next day on which an alert is due after `on`: the first threshold to come, or the day after the term.
    #[must_use]
    pub fn next_on(&self, expires_on: Date, on: Date) -> Option<Date> {
        let days = self.days.iter().map(|days| plus_days(expires_on, -i64::from(*days)));
        days.chain([plus_days(expires_on, 1)]).filter(|day| *day > on).min()
    }
}

/// 法律程序期限: parameters of the topic `legal_terms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalTerms {
    /// 律师催告函 gives so many days to pay.
    pub letter_days: u16,
    /// 支付令: the court tells in so many days whether it accepts.
    pub order_accept_days: u16,
    /// And orders within so many days.
    pub order_issue_days: u16,
    /// The debtor pays or objects within so many days.
    pub order_debtor_days: u16,
    /// After an objection the applicant may decline a suit within so many days.
    pub order_decline_days: u16,
    /// An order that is not delivered within so many days ends.
    pub order_deliver_days: u16,
    /// 申请执行, years.
    pub enforcement_years: u8,
    /// 申报债权 at least so many days from the notice.
    pub claim_days: u16,
    /// 保证期间 in months when nothing was agreed.
    pub guarantee_months: u8,
    /// Guarantees and claim windows are told so many days before they end.
    pub alert_days: u16,
    /// 可送达: a notice that arrived within so many days shows that the debtor can be served.
    pub reachable_days: u16,
}

impl LegalTerms {
    /// The topic's form: a contract may not change court terms.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        rule.form::<Self>()?;
        if rule.contract.may_override || rule.layer == Layer::Site && rule.basis.title.is_empty() {
            return Err("terms of law are not set by contract".to_owned());
        }
        Ok(())
    }
}

words!(
    /// 担保种类
    SecurityKind {
        /// 一般保证; also where the form is not clear (CC 686).
        GeneralGuarantee = "general_guarantee" / "一般保证",
        /// 连带责任保证
        JointGuarantee = "joint_guarantee" / "连带责任保证",
        /// 最高额保证 for a running account (CC 690).
        MaximumGuarantee = "maximum_guarantee" / "最高额保证",
        /// 质押
        Pledge = "pledge" / "质押",
        /// 抵押
        Mortgage = "mortgage" / "抵押",
    }
);

impl SecurityKind {
    /// Is it a guarantee by a person, with a term of its own?
    #[must_use]
    pub const fn is_guarantee(self) -> bool {
        matches!(self, Self::GeneralGuarantee | Self::JointGuarantee | Self::MaximumGuarantee)
    }

    /// What has to be done within the term (CC 693).
    #[must_use]
    pub fn duty(self) -> Bilingual {
        match self {
            Self::GeneralGuarantee => {
                Bilingual::new("须在保证期间内对债务人起诉或申请仲裁", "sue the debtor within the term")
            }
            Self::JointGuarantee | Self::MaximumGuarantee => Bilingual::new(
                "须在保证期间内要求保证人承担责任",
                "demand from the guarantor within the term",
            ),
            Self::Pledge | Self::Mortgage => {
                Bilingual::new("须在主债权诉讼时效内行使", "use it while the debt's limitation runs")
            }
        }
    }
}

/// 保证期间: last day of a guarantee: what was agreed, else so many months from the last due day; nothing interrupts it (CC 692).
#[must_use]
pub fn guarantee_until(due_on: Date, agreed_until: Option<Date>, terms: &LegalTerms) -> Date {
    match agreed_until {
        // An agreed end that is not later than the due day counts as not agreed (CC 692).
        Some(day) if day > due_on => day,
        _ => due_on.saturating_add(i32::from(terms.guarantee_months).months()),
    }
}

/// Why a security is not taken; checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityRefusal {
    /// State organs and institutions in the public interest do not guarantee (CC 683).
    PublicBody,
    /// The amount is not positive.
    NotPositive,
}

impl Refuse for SecurityRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::PublicBody => "security.public_body",
            Self::NotPositive => "security.not_positive",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::PublicBody => Bilingual::new(
                "机关法人和以公益为目的的非营利法人不得为保证人(民法典第683条)",
                "State organs and bodies in the public interest may not guarantee (CC 683)",
            ),
            Self::NotPositive => Bilingual::new("担保金额须大于零", "the amount must be positive"),
        }
    }
}

/// May this giver guarantee?
///
/// # Errors
/// The first refusal that applies.
pub fn may_secure(kind: SecurityKind, giver: CustomerKind, amount_fen: i64) -> Result<(), SecurityRefusal> {
    if kind.is_guarantee() && giver == CustomerKind::Institution {
        return Err(SecurityRefusal::PublicBody);
    }
    if amount_fen <= 0 {
        return Err(SecurityRefusal::NotPositive);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{LegalTerms, LimitationAlerts, SecurityKind, SecurityRefusal, guarantee_until, may_secure};
    use crate::registry::CustomerKind;
    use crate::rulebook::{Rulebook, Selector};
    use jiff::civil::date;

    fn terms() -> LegalTerms {
        let site = Selector::in_jurisdictions(&["cn", "sgcc"]);
        Rulebook::embedded().pick("legal_terms", &site, date(2026, 8, 1)).expect("terms").params
    }

    #[test]
    fn alerts_come_once_each() {
        let alerts = LimitationAlerts { days: vec![365, 180, 90, 30] };
        let end = date(2027, 12, 31);
        let cases = [
            (date(2026, 12, 30), None, date(2026, 12, 31)),
            (date(2026, 12, 31), Some(365), date(2027, 7, 4)),
            (date(2027, 7, 3), Some(365), date(2027, 7, 4)),
            (date(2027, 7, 4), Some(180), date(2027, 10, 2)),
            (date(2027, 10, 2), Some(90), date(2027, 12, 1)),
            (date(2027, 12, 1), Some(30), date(2028, 1, 1)),
            (date(2027, 12, 31), Some(30), date(2028, 1, 1)),
        ];
        for (on, reached, next) in cases {
            assert_eq!(alerts.reached(end, on), reached, "{on}");
            assert_eq!(alerts.next_on(end, on), Some(next), "{on}");
        }
        assert_eq!(alerts.reached(end, date(2028, 1, 1)), Some(0));
        assert_eq!(alerts.next_on(end, date(2028, 1, 1)), None);
    }

    #[test]
    fn a_guarantee_lasts_six_months_when_nothing_was_agreed() {
        let cases = [
            (date(2026, 3, 15), None, date(2026, 9, 15)),
            (date(2026, 8, 31), None, date(2027, 2, 28)),
            (date(2026, 3, 15), Some(date(2027, 1, 1)), date(2027, 1, 1)),
            (date(2026, 3, 15), Some(date(2026, 3, 15)), date(2026, 9, 15)),
        ];
        for (due, agreed, until) in cases {
            assert_eq!(guarantee_until(due, agreed, &terms()), until, "{due}");
        }
    }

    #[test]
    fn public_bodies_do_not_guarantee() {
        let guarantee = SecurityKind::GeneralGuarantee;
        assert_eq!(may_secure(guarantee, CustomerKind::Institution, 1), Err(SecurityRefusal::PublicBody));
        assert_eq!(may_secure(SecurityKind::Mortgage, CustomerKind::Institution, 1), Ok(()));
        assert_eq!(may_secure(guarantee, CustomerKind::Enterprise, 0), Err(SecurityRefusal::NotPositive));
    }
}
