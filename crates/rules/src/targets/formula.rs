//! 计分公式: what a rule may compute of a record: one measure, or one divided by another, looked up on a line of given points. There is no
//! language in it, so a rule can neither loop nor reach for what it should not know.

use super::measure::{WorkMeasure, WorkRecord};
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::units::{Money, Rounding, format_scaled};
use serde::{Deserialize, Serialize};

/// Decimals of a quotient.
const SCALE: u32 = 6;
/// One, as a quotient.
const ONE: i128 = 1_000_000;

/// 分项: one part of a score or a bonus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Stable code.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Word of the measure.
    pub of: String,
    /// Word of the measure that it is divided by; the quotient is in millionths. Absent: the measure itself is looked up.
    #[serde(default)]
    pub by: Option<String>,
    /// How much it weighs among the parts of a score.
    #[serde(default)]
    pub weight: i64,
    /// `[at, gives]` from left to right: between two points on their line, outside as at the last one.
    pub points: Vec<(i64, i64)>,
}

/// What a part came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// What was looked up.
    pub at: i64,
    /// What it gives.
    pub gives: i64,
}

/// Why a formula has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormulaRefusal {
    /// It would divide by nothing.
    DividesByZero(Bilingual, WorkMeasure),
    /// It names a measure that is none; the book is checked for it.
    NoMeasure(String),
    /// Nothing of what the rule counts is there.
    Nothing,
}

impl Refuse for FormulaRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DividesByZero(..) => "formula.divides_by_zero",
            Self::NoMeasure(_) => "formula.no_measure",
            Self::Nothing => "formula.nothing",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::DividesByZero(name, measure) => Bilingual::new(
                format!("“{}”以“{}”为除数,而其为零", name.zh, measure.zh()),
                format!("`{}` divides by {}, which is zero", name.en, measure.en()),
            ),
            Self::NoMeasure(word) => {
                Bilingual::new(format!("没有实绩项目“{word}”"), format!("there is no measure `{word}`"))
            }
            Self::Nothing => {
                Bilingual::new("规则所列各项均无实绩", "there is nothing of what the rule counts")
            }
        }
    }
}

impl Part {
    fn measure(word: &str) -> Result<WorkMeasure, FormulaRefusal> {
        WorkMeasure::from_word(word).ok_or_else(|| FormulaRefusal::NoMeasure(word.to_owned()))
    }

    /// What it comes to for a record.
    pub(super) fn value(&self, record: &WorkRecord) -> Result<Value, FormulaRefusal> {
        let of = record.of(Self::measure(&self.of)?);
        let at = match &self.by {
            None => of,
            Some(by) => {
                let by = Self::measure(by)?;
                match record.of(by) {
                    0 => return Err(FormulaRefusal::DividesByZero(self.name.clone(), by)),
                    whole => Rounding::HalfUp.divide_i128(i128::from(of) * ONE, i128::from(whole)),
                }
            }
        };
        Ok(Value { at, gives: self.on_the_line(at) })
    }

    /// Where a value lies on the line of the points.
    fn on_the_line(&self, at: i64) -> i64 {
        let after = self.points.iter().position(|(x, _)| *x >= at);
        match after {
            None => self.points.last().map_or(0, |(_, gives)| *gives),
            Some(0) => self.points[0].1,
            Some(next) => {
                let ((x0, y0), (x1, y1)) = (self.points[next - 1], self.points[next]);
                let rise = i128::from(y1 - y0) * i128::from(at - x0);
                y0 + Rounding::HalfUp.divide_i128(rise, i128::from(x1 - x0))
            }
        }
    }

    /// What was computed, in words.
    pub(super) fn sentence(&self, record: &WorkRecord, value: Value) -> Bilingual {
        let shown = |word: &str| {
            let measure = WorkMeasure::from_word(word);
            let amount = measure.map_or(0, |measure| record.of(measure));
            let text = if measure.is_some_and(WorkMeasure::is_money) {
                Money(amount).to_string()
            } else {
                amount.to_string()
            };
            (measure.map_or("", WorkMeasure::zh), measure.map_or("", WorkMeasure::en), text)
        };
        let (zh, en, of) = shown(&self.of);
        match &self.by {
            None => {
                Bilingual::new(format!("{}:{zh}{of}", self.name.zh), format!("{}: {en} {of}", self.name.en))
            }
            Some(by) => {
                let (by_zh, by_en, by) = shown(by);
                let quotient = format_scaled(value.at, SCALE, 2);
                Bilingual::new(
                    format!("{}:{zh}{of}÷{by_zh}{by}={quotient}", self.name.zh),
                    format!("{}: {en} {of} ÷ {by_en} {by} = {quotient}", self.name.en),
                )
            }
        }
    }

    /// What is wrong with it as a part of a rule.
    pub(super) fn check(&self) -> Result<(), String> {
        let said = [&self.of, self.by.as_ref().unwrap_or(&self.of), &self.code, &self.name.zh, &self.name.en];
        if let Some(text) = said.into_iter().find(|text| WorkMeasure::names_a_cut(text)) {
            return Err(format!(
                "`{text}`: collectors are not rewarded for cutting power; no rule of appraisal or bonus names cuts (催费人员不因停电受奖)"
            ));
        }
        for word in [Some(&self.of), self.by.as_ref()].into_iter().flatten() {
            if WorkMeasure::from_word(word).is_none() {
                return Err(format!("`{word}` is no measure"));
            }
        }
        if self.points.is_empty() {
            return Err(format!("`{}` has no points", self.code));
        }
        if self.points.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(format!("`{}` has two points at one place: it would divide by zero", self.code));
        }
        if !self.points.is_sorted() {
            return Err(format!("the points of `{}` do not go from left to right", self.code));
        }
        Ok(())
    }
}
