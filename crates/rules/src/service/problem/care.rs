//! 整改: who owns a problem, by when it has a plan and an end, and who is told when it has not.

use crate::calendar::{WorkCalendar, YearNotCovered};
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words!(
    /// 问题状态
    ProblemState {
        /// Found, nobody has it.
        Found = "found" / "待认领",
        /// Somebody has it, there is no plan.
        Owned = "owned" / "待定方案",
        /// There is a plan with a day.
        Planned = "planned" / "整改中",
        /// It has ended, with what came of it.
        Closed = "closed" / "已办结",
        /// It was none.
        Dismissed = "dismissed" / "不成立",
    }
);

impl ProblemState {
    /// Has it come to an end?
    #[must_use]
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Closed | Self::Dismissed)
    }
}

words!(
    /// 问题处理动作
    ProblemDeed {
        /// The desk found it.
        Find = "find" / "发现",
        /// Further tickets belong to it.
        Grow = "grow" / "新增诉求",
        /// Somebody has it.
        Own = "own" / "认领",
        /// What is done, from which day, until which day.
        Plan = "plan" / "制定方案",
        /// The next level was told.
        Escalate = "escalate" / "升级",
        /// Anything worth keeping.
        Note = "note" / "记录",
        /// It has ended.
        Close = "close" / "办结",
        /// It was none.
        Dismiss = "dismiss" / "判为不成立",
    }
);

/// 整改规则: parameters of the topic `service_problem_care`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CareRule {
    /// Working days until somebody has it.
    pub own_days: u32,
    /// Working days from then until it has a plan.
    pub plan_days: u32,
    /// Days at most from the plan until its end.
    pub end_days_most: u16,
    /// Working days after which the next level is told again.
    pub again_days: u32,
    /// Levels that are told at most.
    pub levels: u8,
    /// Days that the effect of the measure has to be seen before it is closed.
    pub effect_days: u16,
    /// Days on each side of the measure that are compared at most.
    pub effect_days_most: u16,
}

impl CareRule {
    /// By when the next step is due for a problem that came into its state on a day; a plan names its own end.
    ///
    /// # Errors
    /// The calendar does not cover a year.
    pub fn due_on(
        &self,
        state: ProblemState,
        since: Date,
        plan_until: Option<Date>,
        calendar: &WorkCalendar,
    ) -> Result<Option<Date>, YearNotCovered> {
        Ok(match state {
            ProblemState::Found => Some(calendar.working_days_after(since, self.own_days)?),
            ProblemState::Owned => Some(calendar.working_days_after(since, self.plan_days)?),
            ProblemState::Planned => plan_until,
            ProblemState::Closed | ProblemState::Dismissed => None,
        })
    }
}

/// How many levels have to know by a day that a step was due: the next one when its day has passed, one more each time it stays so.
///
/// # Errors
/// The calendar does not cover a year.
pub fn level_wanted(
    due_on: Date,
    on: Date,
    rule: &CareRule,
    calendar: &WorkCalendar,
) -> Result<u8, YearNotCovered> {
    let mut passed = due_on;
    let mut level = 0;
    while level < rule.levels && passed < on {
        level += 1;
        passed = calendar.working_days_after(passed, rule.again_days.max(1))?;
    }
    Ok(level)
}

/// Why something is not done about a problem; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CareRefusal {
    /// There is no such problem.
    Unknown(i64),
    /// It has ended.
    Ended(ProblemState),
    /// It has to be owned first.
    NotOwned,
    /// It has to have a plan first.
    NotPlanned,
    /// Nothing is said.
    NoWords(ProblemDeed),
    /// The end lies before the measure, or before today.
    EndBefore(Date),
    /// The end lies too far away.
    EndTooFar(Date),
    /// The effect of the measure was not seen long enough; it can be from this day on.
    EffectTooShort(Date),
    /// Only the desk does this.
    NotByHand(ProblemDeed),
}

impl Refuse for CareRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "problem.unknown",
            Self::Ended(_) => "problem.ended",
            Self::NotOwned => "problem.not_owned",
            Self::NotPlanned => "problem.not_planned",
            Self::NoWords(_) => "problem.no_words",
            Self::EndBefore(_) => "problem.end_before",
            Self::EndTooFar(_) => "problem.end_too_far",
            Self::EffectTooShort(_) => "problem.effect_too_short",
            Self::NotByHand(_) => "problem.not_by_hand",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(no) => Bilingual::new(format!("没有问题{no}"), format!("there is no problem {no}")),
            Self::Ended(state) => Bilingual::new(
                format!("问题{},不能再处理", state.zh()),
                format!("the problem is {}: nothing more is done about it", state.word()),
            ),
            Self::NotOwned => Bilingual::new("请先认领问题", "somebody has to own the problem first"),
            Self::NotPlanned => Bilingual::new("请先制定整改方案", "the problem has to have a plan first"),
            Self::NoWords(deed) => Bilingual::new(
                format!("“{}”须填写说明", deed.zh()),
                format!("{} has to say why or what", deed.word()),
            ),
            Self::EndBefore(day) => {
                Bilingual::new(format!("整改期限不得早于{day}"), format!("the end cannot lie before {day}"))
            }
            Self::EndTooFar(day) => {
                Bilingual::new(format!("整改期限最迟为{day}"), format!("the end cannot lie after {day}"))
            }
            Self::EffectTooShort(day) => Bilingual::new(
                format!("整改成效观察期未满,{day}起方可办结"),
                format!("the effect was not seen long enough: it can be closed from {day} on"),
            ),
            Self::NotByHand(deed) => Bilingual::new(
                format!("“{}”由系统自动进行", deed.zh()),
                format!("{} is done by the desk alone", deed.word()),
            ),
        }
    }
}

/// What is wanted to be done about a problem.
#[derive(Clone, Copy, Debug)]
pub struct ProblemWanted<'w> {
    /// What.
    pub deed: ProblemDeed,
    /// In words.
    pub words: &'w str,
    /// Of a plan: from which day something is done, and by when it ends.
    pub plan: Option<(Date, Date)>,
}

/// May it be done? `state`: where it stands; `measure`: the day from which something is done, as far as it is planned.
///
/// # Errors
/// A [`CareRefusal`].
pub fn check_care(
    state: ProblemState,
    measure: Option<Date>,
    wanted: ProblemWanted<'_>,
    on: Date,
    rule: &CareRule,
) -> Result<ProblemState, CareRefusal> {
    if state.is_ended() {
        return Err(CareRefusal::Ended(state));
    }
    match wanted.deed {
        ProblemDeed::Plan | ProblemDeed::Close if state == ProblemState::Found => {
            return Err(CareRefusal::NotOwned);
        }
        ProblemDeed::Close if state == ProblemState::Owned => return Err(CareRefusal::NotPlanned),
        ProblemDeed::Find | ProblemDeed::Grow | ProblemDeed::Escalate => {
            return Err(CareRefusal::NotByHand(wanted.deed));
        }
        _ => {}
    }
    if wanted.words.trim().is_empty() && wanted.deed != ProblemDeed::Own {
        return Err(CareRefusal::NoWords(wanted.deed));
    }
    let later = |day: Date, days: u16| crate::calendar::plus_days(day, i64::from(days));
    Ok(match wanted.deed {
        ProblemDeed::Own if state == ProblemState::Found => ProblemState::Owned,
        ProblemDeed::Plan => {
            let (from, until) = wanted.plan.ok_or(CareRefusal::NotPlanned)?;
            if until < from.max(on) {
                return Err(CareRefusal::EndBefore(from.max(on)));
            }
            let last = later(on, rule.end_days_most);
            if until > last {
                return Err(CareRefusal::EndTooFar(last));
            }
            ProblemState::Planned
        }
        ProblemDeed::Close => {
            let seen = later(measure.ok_or(CareRefusal::NotPlanned)?, rule.effect_days);
            if on < seen {
                return Err(CareRefusal::EffectTooShort(seen));
            }
            ProblemState::Closed
        }
        ProblemDeed::Dismiss => ProblemState::Dismissed,
        _ => state,
    })
}
