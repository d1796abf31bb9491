//! Cases of metering errors, theft and breach.

use super::{Jurisdictions, NEWEST, Quote};
use crate::billing::{
    Assessment, Breach, MeteringFault, Recorded, Theft, assess_breach, assess_theft, back_bill,
    correction_rate,
};
use crate::derivation::Recorder;
use crate::refusal::Refusal;
use crate::rulebook::{NoRule, Rulebook};
use crate::units::format_scaled;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

fn no_rule(missing: NoRule) -> Refusal {
    crate::billing::CompileRefusal::from(missing).into()
}

fn quote(assessment: &Assessment, recorder: Recorder) -> Quote {
    Quote::of(&assessment.lines, recorder)
}

/// 计量差错退补
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeteringErrorCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// What was wrong.
    pub fault: MeteringFault,
    /// What was registered meanwhile.
    pub recorded: Vec<Recorded>,
    /// The day whose rules apply; the newest when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// Where.
    #[serde(default)]
    pub jurisdictions: Jurisdictions,
}

impl MeteringErrorCase {
    pub(super) fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        let mut compiler = self.jurisdictions.compiler(book);
        let (params, rule) = compiler.back_billing(self.on.unwrap_or(NEWEST)).map_err(no_rule)?;
        let mut recorder = Recorder::default();
        let out = back_bill(&self.fault, &self.recorded, (&params, rule), &compiler.rules, &mut recorder)?;
        let mut quote = quote(&out, recorder);
        if let Some(rate) = correction_rate(&self.fault, &params)? {
            quote.value("correction_rate_percent", &format_scaled(rate.0, 4, 0));
        }
        Ok(quote)
    }
}

/// 窃电
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TheftCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// What was found.
    pub theft: Theft,
    /// The day whose rules apply; the newest when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// Where.
    #[serde(default)]
    pub jurisdictions: Jurisdictions,
}

impl TheftCase {
    pub(super) fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        let mut compiler = self.jurisdictions.compiler(book);
        let (params, rule) = compiler.theft(self.on.unwrap_or(NEWEST)).map_err(no_rule)?;
        let mut recorder = Recorder::default();
        let out = assess_theft(&self.theft, (&params, rule), &compiler.rules, &mut recorder)?;
        Ok(quote(&out, recorder))
    }
}

/// 违约用电
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BreachCase {
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// What was found.
    pub breach: Breach,
    /// The day whose rules apply; the newest when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// Where.
    #[serde(default)]
    pub jurisdictions: Jurisdictions,
}

impl BreachCase {
    pub(super) fn answer(&self, book: &Rulebook) -> Result<Quote, Refusal> {
        let mut compiler = self.jurisdictions.compiler(book);
        let (params, rule) = compiler.breach(self.on.unwrap_or(NEWEST)).map_err(no_rule)?;
        let mut recorder = Recorder::default();
        let out = assess_breach(&self.breach, (&params, rule), &compiler.rules, &mut recorder)?;
        Ok(quote(&out, recorder))
    }
}
