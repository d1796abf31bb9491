//! The topics of the book and the parameter form of each: an unknown topic or a wrong parameter is an error of the book.

use super::load::BookError;
use super::pick::params_of;
use super::rule::Rule;
use super::{NoRule, Rulebook};
use crate::collections::{ageing, deadlines, due, late_fee, waiver};
use crate::{disconnection, legal, notices, payments, service, tariff};
use serde::de::DeserializeOwned;

/// Checks one rule against its topic's form and says what is wrong.
pub type Form = fn(&Rule) -> Result<(), String>;

/// Every topic with its form. A column registers a topic with one line.
pub static TOPICS: &[(&str, Form)] = &[
    ("ageing", form::<ageing::Ageing>),
    ("allocation", form::<payments::AllocationPolicy>),
    ("bill_delivery", form::<notices::BillDelivery>),
    ("collection_deadlines", form::<deadlines::CollectionDeadlines>),
    ("disconnection_notice", form::<disconnection::StopNotice>),
    ("disconnection_overdue", form::<disconnection::OverdueFloor>),
    ("due", form::<due::DueRule>),
    ("estate_guard", form::<disconnection::EstateGuard>),
    ("funds", form::<tariff::Funds>),
    ("late_fee", form::<late_fee::LateFeeParams>),
    ("legal_triggers", form::<legal::LegalTriggers>),
    ("limitation", legal::Limitation::check),
    ("limitation_transition", legal::LimitationTransition::check),
    ("monthly_items", form::<tariff::MonthlyItems>),
    ("network_tariff", form::<tariff::NetworkTariff>),
    ("price_fallback", tariff::PriceFallback::check),
    ("prices", tariff::Prices::check),
    ("protected_users", form::<disconnection::ProtectedUsers>),
    ("protected_windows", disconnection::ProtectedWindows::check),
    ("restoration", form::<disconnection::Restoration>),
    ("service_limit", service::ServiceLimit::check),
    ("service_promise", service::ServiceLimit::check),
    ("tou_float", form::<tariff::TouFloat>),
    ("tou_periods", |rule| rule.form::<tariff::TouPeriods>()?.check()),
    ("waiver", form::<waiver::WaiverRule>),
];

/// The form of a topic whose parameters are just `T`.
///
/// # Errors
/// The parameters are not of that form.
pub fn form<T: DeserializeOwned>(rule: &Rule) -> Result<(), String> {
    rule.form::<T>().map(drop)
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
