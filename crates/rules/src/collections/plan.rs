//! 分期付款与付款承诺: who may agree to what, and whether it is kept.

use super::waiver::ApprovalLevel;
use crate::calendar::{days_between, plus_days};
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::words;
use crate::units::{Money, Ratio, Rounding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// The topic in the book.
pub const TOPIC: &str = "payment_plan";

words!(
    /// 约定种类
    PlanKind {
        /// 分期付款: approved, in parts.
        Plan = "plan" / "分期付款",
        /// 付款承诺: the customer's word for one day.
        Promise = "promise" / "付款承诺",
    }
);

words!(
    /// 约定状态
    PlanState {
        /// Its days run.
        Running = "running" / "履行中",
        /// Paid as agreed.
        Kept = "kept" / "已履行",
        /// A part was not paid in time.
        Broken = "broken" / "已违约",
        /// Taken back.
        Cancelled = "cancelled" / "已取消",
    }
);

/// 期款: one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PlanPart {
    /// Last day to pay it.
    #[schemars(with = "crate::calendar::DateForm")]
    pub due_on: Date,
    /// How much.
    pub amount: Money,
}

/// 审批权限: up to which amount a level approves a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLimit {
    /// The level.
    pub level: ApprovalLevel,
    /// The largest plan; absent for any amount.
    #[serde(default)]
    pub up_to: Option<Money>,
}

/// 分期与承诺规则: parameters of the topic `payment_plan`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRules {
    /// Parts of a plan at most.
    pub parts_max: u8,
    /// Days from the agreement to the last part of a plan.
    pub days_max: u16,
    /// Share of the first part at least.
    pub first_share_min: Ratio,
    /// Days after the day of a part on which it may still come.
    pub grace_days: u16,
    /// Days that a promise may run.
    pub promise_days_max: u16,
    /// After so many broken promises or plans in a year nothing is agreed any more.
    pub broken_max: u8,
    /// Who approves a plan, from low to high.
    pub limits: Vec<PlanLimit>,
}

/// A plan or promise as it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct PlanRequest<'a> {
    /// Which.
    pub kind: PlanKind,
    /// The day of the agreement.
    pub agreed_on: Date,
    /// Its parts in the order of their days.
    pub parts: &'a [PlanPart],
    /// Open principal of its bills.
    pub owed: Money,
    /// Broken in the year before.
    pub broken: i64,
    /// Who took it.
    pub taken_by: &'a str,
    /// Who approves, and the level.
    pub approved_by: Option<(&'a str, ApprovalLevel)>,
}

/// Why a plan or promise is not agreed; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanRefusal {
    /// Nothing is owed on these bills.
    NothingOwed,
    /// One of the bills is in another plan that runs.
    AlreadyRunning(i64),
    /// Too many were broken.
    TooManyBroken {
        /// How many at most.
        most: u8,
    },
    /// No parts, too many, not in the order of their days, or one that is not positive.
    BadParts,
    /// The parts are not what is owed, or promise more than is owed.
    WrongSum {
        /// Owed.
        owed: Money,
    },
    /// The last part is too late.
    TooLong {
        /// Days at most.
        days_max: u16,
    },
    /// The first part is too small.
    FirstTooSmall {
        /// At least.
        least: Money,
    },
    /// Nobody approves, or one person asks and approves.
    NotApproved,
    /// The approver's level does not reach.
    LevelTooLow {
        /// The lowest level that may approve.
        needed: ApprovalLevel,
    },
    /// No such plan.
    UnknownPlan(i64),
    /// It does not run any more.
    Ended(i64),
}

impl Refuse for PlanRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingOwed => "plan.nothing_owed",
            Self::AlreadyRunning(_) => "plan.already_running",
            Self::TooManyBroken { .. } => "plan.too_many_broken",
            Self::BadParts => "plan.bad_parts",
            Self::WrongSum { .. } => "plan.wrong_sum",
            Self::TooLong { .. } => "plan.too_long",
            Self::FirstTooSmall { .. } => "plan.first_too_small",
            Self::NotApproved => "plan.not_approved",
            Self::LevelTooLow { .. } => "plan.level_too_low",
            Self::UnknownPlan(_) => "plan.unknown",
            Self::Ended(_) => "plan.ended",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NothingOwed => Bilingual::new("所列账单没有未缴电费", "nothing is owed on these bills"),
            Self::AlreadyRunning(no) => Bilingual::new(
                format!("账单已在约定{no}中"),
                format!("a bill is in the running plan {no} already"),
            ),
            Self::TooManyBroken { most } => Bilingual::new(
                format!("一年内已有{most}次违约,不再约定"),
                format!("{most} were broken within a year: nothing more is agreed"),
            ),
            Self::BadParts => Bilingual::new(
                "期款须大于零、按日期先后排列且不超过规定期数",
                "parts are positive, in the order of their days, and not too many",
            ),
            Self::WrongSum { owed } => Bilingual::new(
                format!("期款合计与未缴电费{owed}元不符"),
                format!("the parts do not come to the {owed} yuan that are owed"),
            ),
            Self::TooLong { days_max } => Bilingual::new(
                format!("最后一期最迟在{days_max}天内"),
                format!("the last part is due within {days_max} days"),
            ),
            Self::FirstTooSmall { least } => Bilingual::new(
                format!("首期不少于{least}元"),
                format!("the first part is at least {least} yuan"),
            ),
            Self::NotApproved => Bilingual::new(
                "分期付款须由另一人审批",
                "a plan is approved by somebody other than who took it",
            ),
            Self::LevelTooLow { needed } => Bilingual::new(
                format!("须由{}审批", needed.zh()),
                format!("the level `{}` must approve", needed.word()),
            ),
            Self::UnknownPlan(no) => {
                Bilingual::new(format!("没有约定{no}"), format!("there is no plan {no}"))
            }
            Self::Ended(no) => Bilingual::new(format!("约定{no}已结束"), format!("the plan {no} has ended")),
        }
    }
}

impl PlanRules {
    /// Decides a plan or promise. A plan covers what is owed in whole; a promise may be about a part of it.
    ///
    /// # Errors
    /// The first refusal that applies.
    pub fn decide(&self, request: &PlanRequest<'_>) -> Result<(), PlanRefusal> {
        let (parts, owed) = (request.parts, request.owed);
        if owed <= Money::ZERO {
            return Err(PlanRefusal::NothingOwed);
        }
        if request.broken >= i64::from(self.broken_max) {
            return Err(PlanRefusal::TooManyBroken { most: self.broken_max });
        }
        let is_plan = request.kind == PlanKind::Plan;
        let most = if is_plan { usize::from(self.parts_max) } else { 1 };
        let in_order = parts.windows(2).all(|pair| pair[0].due_on < pair[1].due_on);
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            return Err(PlanRefusal::BadParts);
        };
        if !in_order
            || parts.len() > most
            || parts.iter().any(|part| part.amount <= Money::ZERO)
            || first.due_on < request.agreed_on
        {
            return Err(PlanRefusal::BadParts);
        }
        let sum: Money = parts.iter().map(|part| part.amount).sum();
        if sum > owed || (is_plan && sum != owed) {
            return Err(PlanRefusal::WrongSum { owed });
        }
        let days_max = if is_plan { self.days_max } else { self.promise_days_max };
        if days_between(request.agreed_on, last.due_on) > i64::from(days_max) {
            return Err(PlanRefusal::TooLong { days_max });
        }
        if is_plan { self.approve(request, first.amount) } else { Ok(()) }
    }

    fn approve(&self, request: &PlanRequest<'_>, first: Money) -> Result<(), PlanRefusal> {
        let least = request.owed.times(self.first_share_min, Rounding::HalfUp);
        if first < least {
            return Err(PlanRefusal::FirstTooSmall { least });
        }
        let Some((approver, level)) = request.approved_by.filter(|(by, _)| *by != request.taken_by) else {
            return Err(PlanRefusal::NotApproved);
        };
        let reaches = |limit: &&PlanLimit| limit.up_to.is_none_or(|most| request.owed <= most);
        let needed = self.limits.iter().find(reaches).map_or(ApprovalLevel::Company, |limit| limit.level);
        if approver.is_empty() || level < needed {
            return Err(PlanRefusal::LevelTooLow { needed });
        }
        Ok(())
    }

    /// 履行情况 on a day, from what was received for its bills since it was agreed; with the next day on which time alone can
    /// break it.
    #[must_use]
    pub fn stands(
        &self,
        parts: &[PlanPart],
        received: Money,
        open: Money,
        day: Date,
    ) -> (PlanState, Option<Date>) {
        let mut due = Money::ZERO;
        for part in parts {
            due += part.amount;
            if received >= due {
                continue;
            }
            if open <= Money::ZERO {
                break;
            }
            let breaks_on = plus_days(part.due_on, i64::from(self.grace_days) + 1);
            let broken = day >= breaks_on;
            return if broken { (PlanState::Broken, None) } else { (PlanState::Running, Some(breaks_on)) };
        }
        (PlanState::Kept, None)
    }
}
