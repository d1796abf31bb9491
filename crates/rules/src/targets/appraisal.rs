//! 考核: the score of a person's work in a period, by a rule that tells its derivation.
//!
//! Recovery is measured against what can be expected of the portfolio, so a hard district is not punished. A part that has nothing to be
//! divided by - somebody who reads no meters has no errors in reading - is left out, and the others weigh more.

use super::formula::{FormulaRefusal, Part};
use super::measure::WorkRecord;
use crate::derivation::{Sink, Step};
use crate::registry::words;
use crate::rulebook::Rule;
use crate::units::{Rounding, format_scaled};
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const APPRAISAL_TOPIC: &str = "appraisal";

words!(
    /// 考核状态
    AppraisalState {
        /// The score is there; the employee sees it and may say something.
        Open = "open" / "待本人确认",
        /// The employee disputes it.
        Disputed = "disputed" / "有异议",
        /// A manager has decided; nothing changes any more.
        Decided = "decided" / "已核定",
    }
);

/// 得分: in hundredths of a point; 86.5 points are `Score(8650)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(pub i64);

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format_scaled(self.0, 2, 2))
    }
}

impl Serialize for Score {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl schemars::JsonSchema for Score {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Score".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^-?[0-9]+\\.[0-9]{2}$" })
    }
}

/// 考核规则: the parameters of the topic `appraisal`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppraisalRule {
    /// What is weighed; the points give hundredths of a point.
    pub parts: Vec<Part>,
    /// What is added or taken away after that.
    #[serde(default)]
    pub extras: Vec<Part>,
    /// The highest score, in hundredths of a point.
    pub highest: i64,
    /// Days from the end of the period in which the employee may dispute his score.
    pub dispute_days: u16,
    /// How far the manager's word may lie from the score, in hundredths of a point.
    pub decide_within: i64,
}

impl AppraisalRule {
    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if params.parts.is_empty() || params.parts.iter().any(|part| part.weight <= 0) {
            return Err("a score has parts, each with a weight above zero".to_owned());
        }
        if params.highest <= 0 || params.decide_within < 0 {
            return Err("`highest` is above zero and `decide_within` not below".to_owned());
        }
        params.parts.iter().chain(&params.extras).try_for_each(Part::check)
    }
}

/// The score of a record. Every part tells its step.
///
/// # Errors
/// There is nothing in the record that the rule weighs.
pub fn score(
    record: &WorkRecord,
    (rule, id): (&AppraisalRule, &str),
    sink: &mut impl Sink,
) -> Result<Score, FormulaRefusal> {
    let (mut sum, mut weights) = (0_i128, 0_i128);
    for part in &rule.parts {
        let value = match part.value(record) {
            Ok(value) => value,
            Err(FormulaRefusal::DividesByZero(name, by)) => {
                sink.step(|| {
                    let (zh, en) = (
                        format!("{}:无{},不计此项", name.zh, by.zh()),
                        format!("{}: no {}, left out", name.en, by.en()),
                    );
                    Step::new("appraisal_left_out", zh, en).under(id)
                });
                continue;
            }
            Err(other) => return Err(other),
        };
        sum += i128::from(value.gives) * i128::from(part.weight);
        weights += i128::from(part.weight);
        sink.step(|| {
            let said = part.sentence(record, value);
            let (points, weight) = (Score(value.gives), part.weight);
            Step::new(
                "appraisal_part",
                format!("{},得{points}分,权重{weight}", said.zh),
                format!("{}: {points} points, weight {weight}", said.en),
            )
            .under(id)
        });
    }
    if weights == 0 {
        return Err(FormulaRefusal::Nothing);
    }
    let weighed = Rounding::HalfUp.divide_i128(sum, weights);
    sink.step(|| {
        let shown = Score(weighed);
        Step::new("appraisal_weighed", format!("加权得分{shown}"), format!("weighed: {shown}")).under(id)
    });
    let mut whole = weighed;
    for part in &rule.extras {
        let value = part.value(record)?;
        if value.gives != 0 {
            whole += value.gives;
            sink.step(|| {
                let said = part.sentence(record, value);
                let points = Score(value.gives);
                Step::new(
                    "appraisal_extra",
                    format!("{},加减{points}分", said.zh),
                    format!("{}: {points} points", said.en),
                )
                .under(id)
            });
        }
    }
    let score = Score(whole.clamp(0, rule.highest));
    sink.step(|| {
        Step::new("appraisal_score", format!("考核得分{score}"), format!("score {score}")).under(id)
    });
    Ok(score)
}
