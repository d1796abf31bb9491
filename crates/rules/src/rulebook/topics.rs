//! The topics of the book and the parameter form of each: an unknown topic or a wrong parameter is an error of the book.

use super::load::BookError;
use super::pick::params_of;
use super::rule::Rule;
use super::{NoRule, Rulebook};
use crate::collections::{ageing, due, hold, ladder, late_fee, plan, waiver, worklist};
use crate::metering::{self, verification::parameters as verification};
use crate::{
    access, billing, customer, disconnection, evidence, legal, notices, outreach, payments, registry,
    service, supervision, targets, tariff,
};
use serde::de::DeserializeOwned;

/// Checks one rule against its topic's form and says what is wrong.
pub type Form = fn(&Rule) -> Result<(), String>;

/// Every topic with its form. A column registers a topic with one line.
pub static TOPICS: &[(&str, Form)] = &[
    ("act_certificate", supervision::training::ActRule::check),
    ("ageing", form::<ageing::Ageing>),
    ("allocation", form::<payments::AllocationPolicy>),
    ("appraisal", targets::AppraisalRule::check),
    ("article_review", outreach::ArticleRule::check),
    ("authority_approval", form::<disconnection::AuthorityApproval>),
    ("back_billing", form::<billing::BackBillingParams>),
    ("bill_delivery", form::<notices::BillDelivery>),
    ("bonus", targets::BonusRule::check),
    ("breach", form::<billing::BreachParams>),
    ("campaign", outreach::CampaignRule::check),
    ("cut_holds", form::<disconnection::CutHolds>),
    ("contact_check", form::<notices::check::ContactCheck>),
    ("contact_limits", form::<notices::calm::ContactLimits>),
    ("customer_login", form::<customer::CustomerRule>),
    ("demand", form::<billing::DemandParams>),
    ("disconnection_approval", disconnection::CutApproval::check),
    ("disconnection_notice", form::<disconnection::StopNotice>),
    ("disconnection_overdue", form::<disconnection::OverdueFloor>),
    ("due", form::<due::DueRule>),
    ("estate_guard", form::<disconnection::EstateGuard>),
    ("evidence_arrival", form::<evidence::ArrivalRule>),
    ("evidence_file", form::<evidence::FileRule>),
    ("evidence_retention", form::<evidence::RetentionRule>),
    ("evidence_strength", form::<evidence::StrengthRule>),
    ("evidence_together", form::<evidence::TogetherRule>),
    ("fixed_parts", form::<billing::FixedPartsParams>),
    ("flat_price", form::<billing::FlatPriceParams>),
    ("funds", form::<tariff::Funds>),
    ("holds", form::<hold::HoldRules>),
    ("late_fee_pause", form::<late_fee::PauseParams>),
    ("household_large_family", form::<billing::LargeFamilyParams>),
    ("household_tiers", form::<billing::HouseholdTiersParams>),
    ("household_tou", form::<billing::HouseholdTouParams>),
    ("ladder", ladder::LadderParams::check),
    ("late_fee", form::<late_fee::LateFeeParams>),
    ("legal_triggers", form::<legal::LegalTriggers>),
    ("legal_terms", legal::terms::LegalTerms::check),
    ("limitation", legal::Limitation::check),
    ("limitation_alerts", legal::terms::LimitationAlerts::check),
    ("limitation_transition", legal::LimitationTransition::check),
    ("log_retention", form::<access::LogRule>),
    ("login", form::<access::LoginRule>),
    ("monthly_items", form::<tariff::MonthlyItems>),
    ("network_tariff", form::<tariff::NetworkTariff>),
    ("notice_channels", form::<notices::channel::ChannelPolicy>),
    ("notice_service", form::<notices::service::ServiceRule>),
    ("outbox", notices::outbox::OutboxRule::check),
    ("payment_plan", form::<plan::PlanRules>),
    ("power_factor", billing::PowerFactorParams::check),
    ("price_fallback", tariff::PriceFallback::check),
    ("prices", tariff::Prices::check),
    ("proration", form::<billing::ProrationParams>),
    ("protected_users", form::<disconnection::ProtectedUsers>),
    ("protected_windows", disconnection::ProtectedWindows::check),
    ("reading", form::<metering::ReadingRules>),
    ("reading_check", form::<metering::CheckRules>),
    ("recovery_forecast", form::<targets::ForecastRule>),
    ("recovery_segments", form::<targets::SegmentRule>),
    ("rectification", supervision::RectificationRule::check),
    ("restoration", form::<disconnection::Restoration>),
    ("review_checklist", supervision::ChecklistRule::check),
    ("rounding", form::<billing::RoundingParams>),
    ("route_check", form::<metering::RouteRules>),
    ("service_escalation", service::EscalationRule::check),
    ("service_limit", service::ServiceLimit::check),
    ("service_pause", form::<service::PauseRule>),
    ("service_problem_care", form::<service::problem::CareRule>),
    ("service_problems", service::problem::ProblemRule::check),
    ("service_promise", service::ServiceLimit::check),
    ("site_check", form::<metering::SiteCheckRules>),
    ("supervision_check", supervision::CheckRule::check),
    ("supervision_points", supervision::PenaltyRule::check),
    ("supply_of_others", form::<disconnection::SupplyOfOthers>),
    ("theft", form::<billing::TheftParams>),
    ("tou_float", form::<tariff::TouFloat>),
    ("tou_periods", |rule| rule.form::<tariff::TouPeriods>()?.months().map(drop)),
    ("training_course", supervision::training::CourseRule::check),
    ("two_part", form::<registry::TwoPartRule>),
    ("verification_q01", form::<verification::Q01>),
    ("verification_q02", form::<verification::Q02>),
    ("verification_q03", form::<verification::Q03>),
    ("verification_q04", form::<verification::Q04>),
    ("verification_q05", form::<verification::Q05>),
    ("verification_q06", form::<verification::Q06>),
    ("verification_q07", form::<verification::Q07>),
    ("verification_q08", form::<verification::Q08>),
    ("verification_q09", form::<verification::OnFact>),
    ("verification_q10", form::<verification::OnFact>),
    ("verification_q11", form::<verification::Q11>),
    ("verification_q12", form::<verification::OnFact>),
    ("verification_q13", form::<verification::Q13>),
    ("waiver", form::<waiver::WaiverRule>),
    ("worklist", form::<worklist::WorklistRules>),
    ("write_off", form::<legal::write_off::WriteOffRule>),
];

/// The form of a topic whose parameters are just `T`.
///
/// # Errors
/// The parameters are not of that form.
pub fn form<T: DeserializeOwned>(rule: &Rule) -> Result<(), String> {
    rule.form::<T>().map(drop)
}

/// What every rule needs whatever its topic: an id, a basis, and days that people live in.
fn citable(rule: &Rule) -> Result<(), String> {
    if rule.id.trim().is_empty() || rule.basis.title.trim().is_empty() {
        return Err("a rule has an id and the title of its basis".to_owned());
    }
    if let Some(day) =
        [Some(rule.from), rule.until].into_iter().flatten().find(|d| !(1949..2100).contains(&d.year()))
    {
        return Err(format!("{day} is not a day of a rule"));
    }
    Ok(())
}

impl Rule {
    /// Its parameters in the topic's form.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn form<T: DeserializeOwned>(&self) -> Result<T, String> {
        params_of(self).map_err(|e| match e {
            NoRule::BadParams { reason, .. } => reason.trim().to_owned(),
            NoRule::Missing { .. } => e.to_string(),
        })
    }
}

impl Rulebook {
    /// Everything that is wrong with the book: its order in time and the parameters of every rule.
    #[must_use]
    pub fn check_all(&self) -> Vec<BookError> {
        let mut errors = self.check();
        for rule in self.rules() {
            let (file, id) = (rule.file.clone(), rule.id.clone());
            if let Err(reason) = citable(rule) {
                errors.push(BookError::BadParams { file: file.clone(), id: id.clone(), reason });
            }
            match TOPICS.iter().find(|(topic, _)| *topic == rule.topic) {
                None => errors.push(BookError::UnknownTopic { file, id, topic: rule.topic.clone() }),
                Some((_, check)) => {
                    if let Err(reason) = check(rule) {
                        errors.push(BookError::BadParams { file, id, reason });
                    }
                }
            }
        }
        errors
    }
}
