//! 录入示数: a reading is entered and judged at once; a wrong one is corrected.

use crate::ask::Ask;
use crate::input::{AccountPath, Nothing};
use crate::people::{DONE, Done};
use crate::problem::Problem;
use denghuo_office::metering::{
    ReadingRow, account_doubts, reading_correct, reading_with, readings_register,
};
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::derivation::Step;
use denghuo_rules::metering::{Exception, RegisterKind, Source};
use denghuo_rules::units::Energy;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one register shows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterBody {
    /// Which.
    pub kind: RegisterKind,
    /// What it shows, before the multiplier.
    pub value: Energy,
}

/// A reading as it is entered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingBody {
    /// The day; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    read_on: Option<Date>,
    /// 表号; needed where several meters hang.
    #[serde(default)]
    meter_no: Option<String>,
    /// The registers; the total has to be among them.
    #[schemars(length(min = 1, max = 16))]
    registers: Vec<RegisterBody>,
    /// 抄表方式: `field` (when not given), `customer` or `remote`.
    #[serde(default)]
    source: Option<Source>,
}

/// What verification says of an account as it is read now.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct VerdictShown {
    /// Was the reading new? A reading that was there with the same value is not.
    written: bool,
    /// Is there nothing to doubt?
    clean: bool,
    /// Codes of the doubts, such as `spike`.
    codes: Vec<String>,
    /// Their names.
    names: Vec<Bilingual>,
    /// Why each was found.
    why: Vec<Step>,
}

pub(super) fn reading_enter(
    ask: &mut Ask<'_>,
    path: &AccountPath,
    body: &ReadingBody,
) -> Result<VerdictShown, Problem> {
    let account_id = ask.account()?;
    let read_on = body.read_on.unwrap_or(ask.today);
    let told: Vec<(RegisterKind, Energy)> =
        body.registers.iter().map(|register| (register.kind, register.value)).collect();
    if told.iter().any(|(_, value)| *value < Energy::ZERO) {
        return Err(Problem::unreadable("body", "registers: 0 …"));
    }
    let source = body.source.unwrap_or(Source::Field);
    if !matches!(source, Source::Field | Source::Customer | Source::Remote) {
        return Err(Problem::unreadable("body", "source: field, customer, remote"));
    }
    let shown = reading_with(ask.conn, account_id, body.meter_no.as_deref(), read_on, &told)?;
    let row = ReadingRow {
        line: 1,
        account_no: Some(path.account_no.clone()),
        meter_no: body.meter_no.clone(),
        registers: shown.registers,
        source,
        taken_at: Some(ask.work.now),
        taken_by: Some(ask.who.person.name.clone()),
    };
    let taken = readings_register(ask.conn, &[row], ask.today)?;
    let taken = taken.map_err(|mut rejected| {
        rejected.pop().map_or_else(Problem::not_found, |(_, refusal)| Problem::refuse(refusal))
    })?;
    let (found, why) = account_doubts(ask.conn, ask.work, account_id, ask.today)?;
    Ok(VerdictShown {
        written: taken.written > 0,
        clean: found.is_empty(),
        codes: found.iter().map(|exception| exception.word().to_owned()).collect(),
        names: found.iter().map(words_of).collect(),
        why,
    })
}

fn words_of(exception: Exception) -> Bilingual {
    Bilingual::new(exception.zh(), exception.word().replace('_', " "))
}

/// A correction of a reading.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectionBody {
    /// The day of the reading.
    #[schemars(with = "DateForm")]
    read_on: Date,
    /// 表号; needed where several meters hang.
    #[serde(default)]
    meter_no: Option<String>,
    /// What it really showed.
    #[schemars(length(min = 1, max = 16))]
    registers: Vec<RegisterBody>,
    /// Why.
    #[schemars(length(min = 1, max = 400))]
    reason: String,
}

pub(super) fn reading_correction(
    ask: &mut Ask<'_>,
    _: &Nothing,
    body: &CorrectionBody,
) -> Result<Done, Problem> {
    let account_id = ask.account()?;
    let told: Vec<(RegisterKind, Energy)> =
        body.registers.iter().map(|register| (register.kind, register.value)).collect();
    let shown = reading_with(ask.conn, account_id, body.meter_no.as_deref(), body.read_on, &told)?;
    reading_correct(ask.conn, ask.work, account_id, &[shown], &body.reason, ask.today)?;
    Ok(DONE)
}
