//! 扣分与申诉: what a finding costs who did it, and how he objects.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::words;
use crate::rulebook::Rule;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words!(
    /// 扣分状态
    PenaltyState {
        /// It stands.
        Standing = "standing" / "已生效",
        /// Somebody objects.
        Appealed = "appealed" / "申诉中",
        /// It was looked at again and stands.
        Upheld = "upheld" / "维持",
        /// Fewer points.
        Reduced = "reduced" / "减轻",
        /// None.
        Cancelled = "cancelled" / "撤销",
    }
);

/// 扣分规则: parameters of the topic `supervision_points`; a rule selects on `severity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyRule {
    /// Points of one finding.
    pub points: u32,
    /// An earlier penalty of the same kind within so many months makes it a repetition.
    pub repeat_months: u32,
    /// Points of every repetition on top.
    pub repeat_points: u32,
    /// Points at most.
    pub points_max: u32,
    /// Working days to object.
    pub appeal_working_days: u32,
    /// Working days to decide on it.
    pub decide_working_days: u32,
}

impl PenaltyRule {
    /// Topic of the rules.
    pub const TOPIC: &str = "supervision_points";

    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if params.points == 0 || params.points > params.points_max {
            return Err("`points` lie between 1 and `points_max`".to_owned());
        }
        if params.appeal_working_days == 0 || params.decide_working_days == 0 {
            return Err("there is time to object and to decide".to_owned());
        }
        Ok(())
    }
}

/// Points of a finding after so many earlier ones of the same kind.
#[must_use]
pub fn points(rule: &PenaltyRule, earlier: i64) -> i64 {
    let repeated = earlier.max(0).saturating_mul(i64::from(rule.repeat_points));
    i64::from(rule.points).saturating_add(repeated).min(i64::from(rule.points_max))
}

/// 扣分, as far as it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PenaltyFacts {
    /// Who lost points.
    pub person: String,
    /// How many.
    pub points: i64,
    /// Who took them off.
    pub decided_by: String,
    /// The last day to object.
    pub appeal_by: Date,
    /// Where it stands.
    pub state: PenaltyState,
}

/// Why an appeal or a decision on it is not taken; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PenaltyRefusal {
    /// There is none.
    Missing,
    /// Only who lost the points objects.
    NotYours(String),
    /// It was objected to already, or decided.
    Twice(PenaltyState),
    /// The time to object has passed.
    TooLate(Date),
    /// Nobody objects.
    NotAppealed,
    /// Another person decides than who took the points off or lost them.
    SamePerson,
    /// More points than before, or fewer than none.
    BadPoints(i64),
}

impl Refuse for PenaltyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "penalty.missing",
            Self::NotYours(_) => "penalty.not_yours",
            Self::Twice(_) => "penalty.twice",
            Self::TooLate(_) => "penalty.too_late",
            Self::NotAppealed => "penalty.not_appealed",
            Self::SamePerson => "penalty.same_person",
            Self::BadPoints(_) => "penalty.bad_points",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Missing => Bilingual::new("该问题没有扣分", "no points were taken off for it"),
            Self::NotYours(person) => Bilingual::new(
                format!("只有被扣分人{person}可以申诉"),
                format!("only {person}, who lost the points, objects"),
            ),
            Self::Twice(state) => Bilingual::new(
                format!("扣分{},不能再申诉", state.zh()),
                format!("the penalty is {}: it is objected to once", state.word()),
            ),
            Self::TooLate(day) => {
                Bilingual::new(format!("申诉期限{day}已过"), format!("the time to object ended on {day}"))
            }
            Self::NotAppealed => Bilingual::new("没有待裁定的申诉", "nobody objects"),
            Self::SamePerson => Bilingual::new(
                "裁定人不能是扣分人或被扣分人",
                "another person decides than who took the points off or lost them",
            ),
            Self::BadPoints(most) => Bilingual::new(
                format!("裁定分值应在0至{most}之间"),
                format!("points lie between 0 and {most}"),
            ),
        }
    }
}

/// May somebody object to a penalty on a day?
///
/// # Errors
/// A [`PenaltyRefusal`].
pub fn check_appeal(facts: &PenaltyFacts, by: &str, on: Date) -> Result<(), PenaltyRefusal> {
    if facts.person != by {
        return Err(PenaltyRefusal::NotYours(facts.person.clone()));
    }
    if facts.state != PenaltyState::Standing {
        return Err(PenaltyRefusal::Twice(facts.state));
    }
    if on > facts.appeal_by { Err(PenaltyRefusal::TooLate(facts.appeal_by)) } else { Ok(()) }
}

/// What somebody's decision on an appeal makes of a penalty: so many points are left.
///
/// # Errors
/// A [`PenaltyRefusal`].
pub fn check_decision(
    facts: &PenaltyFacts,
    by: &str,
    points_left: i64,
) -> Result<PenaltyState, PenaltyRefusal> {
    if facts.state != PenaltyState::Appealed {
        return Err(PenaltyRefusal::NotAppealed);
    }
    if by == facts.person || by == facts.decided_by {
        return Err(PenaltyRefusal::SamePerson);
    }
    match points_left {
        0 => Ok(PenaltyState::Cancelled),
        left if left == facts.points => Ok(PenaltyState::Upheld),
        left if (1..facts.points).contains(&left) => Ok(PenaltyState::Reduced),
        _ => Err(PenaltyRefusal::BadPoints(facts.points)),
    }
}
