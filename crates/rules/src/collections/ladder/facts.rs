//! What the ladder is decided from, and what it decides.

use super::{Act, StepKind};
use crate::collections::hold::HoldFact;
use crate::notices::NoticeKind;
use crate::registry::words;
use crate::units::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words!(
    /// 步骤状态
    StepState {
        /// Its day has come and it is being made.
        Due = "due" / "应办",
        /// It was made; a notice has arrived.
        Done = "done" / "已办",
        /// Its day has come and a hold forbids it.
        Held = "held" / "暂缓",
        /// It did not arrive.
        Failed = "failed" / "未送达",
        /// Not needed any more.
        Withdrawn = "withdrawn" / "撤销",
    }
);

/// 欠款: a bill with something open, overdue or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenDebt {
    /// The bill.
    pub bill_no: i64,
    /// 发行日
    pub released_on: Date,
    /// 缴费截止日
    pub due_on: Date,
    /// Principal that is open; positive.
    pub open: Money,
}

/// 阶梯步骤: a step that was taken or is to be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The debt.
    pub bill_no: i64,
    /// Which rung.
    pub kind: StepKind,
    /// How often it was made, from 1.
    pub round: i64,
    /// Where it stands.
    pub state: StepState,
    /// The day on which it became due.
    pub due_on: Date,
    /// The day on which it was made, arrived, failed or was withdrawn.
    pub done_on: Option<Date>,
    /// The notice that makes it.
    pub notice_no: Option<i64>,
    /// Why it is held, failed or withdrawn: a code such as `hold:dispute:3`, `not_arrived`, `paid`.
    pub why: Option<String>,
}

/// How a notice came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// On its way.
    Open,
    /// Arrived on a day.
    Served(Date),
    /// Given up or withdrawn.
    Failed,
}

/// 通知, as far as the ladder looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeFact {
    /// Its number.
    pub notice_no: i64,
    /// What it tells.
    pub kind: NoticeKind,
    /// The bill, or 0.
    pub bill_no: i64,
    /// Day by which it has to have arrived.
    pub due_by: Date,
    /// Day by which it asks to pay.
    pub deadline_on: Option<Date>,
    /// How it came out.
    pub arrival: Arrival,
}

/// 停电流程, as far as the ladder looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseFact {
    /// The bill that it was proposed for.
    pub bill_no: i64,
    /// When.
    pub proposed_on: Date,
    /// When it ended; none while it runs.
    pub closed_on: Option<Date>,
}

/// Everything that the ladder of one account is decided from.
#[derive(Clone, Copy, Debug, Default)]
pub struct LadderFacts<'f> {
    /// Open bills, the earliest last payment day first.
    pub debts: &'f [OpenDebt],
    /// Steps so far, in order of bill, kind and round.
    pub steps: &'f [Step],
    /// Its notices.
    pub notices: &'f [NoticeFact],
    /// Its holds, in force or not.
    pub holds: &'f [HoldFact],
    /// Its cases of disconnection.
    pub cases: &'f [CaseFact],
}

/// 步骤变动: what is to be written, and whether something is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepChange {
    /// The step as it is to stand.
    pub step: Step,
    /// What has to be done now.
    pub ask: Option<Act>,
}

/// What the ladder of an account comes to on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Climb {
    /// The difference between the steps that should stand and those that do.
    pub changes: Vec<StepChange>,
    /// The next day on which time alone can change something; none when only a new fact can.
    pub next_on: Option<Date>,
    /// The highest step that stands, with its bill.
    pub stands_on: Option<(StepKind, i64)>,
}
