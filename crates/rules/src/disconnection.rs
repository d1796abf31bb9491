//! 停电 (column `disconnection`): an unlawful cut cannot be expressed. Twelve gates are asked of the facts; a [`Warrant`]
//! exists only where they hold, and an operation needs a warrant. Here also the parameter forms of the topics.

use crate::registry::{ApprovalLevel, Category, Protection, words};
use crate::rulebook::{NoRule, Rule, Rulebook, Ruled, Selector, Stricter, strictest};
use crate::units::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod facts;
mod gates;
mod law;
mod moment_gates;
mod paper_gates;
#[cfg(test)]
mod tests;
mod unblock;
mod warrant;
mod window;

pub use facts::{CutDebt, CutFacts, CutHold, Decision, Declared, Demand, EstateReach, FinalCall, PlanNotice};
pub use gates::{Finding, Gate, Stage, all_gates, amount_pressed, debts_that_ground, gates_of};
pub use law::{CutLaw, Source, Sourced, selector_of};
pub use paper_gates::days_left;
pub use unblock::unblock;
pub use warrant::{CutOrder, CutRefused, KeptWarrant, Warrant};
pub use window::{NotPermitted, Window, hours_of, last_moment, permitted_day, permitted_moment};

words!(
    /// 停电前通知结果: what came of the last call.
    CallOutcome {
        /// The customer was told.
        Reached = "reached" / "已告知本人",
        /// Somebody of the household or firm was told.
        AnsweredByOther = "answered_by_other" / "他人接听",
        /// Nobody answered.
        NoAnswer = "no_answer" / "无人接听",
        /// The customer would not hear it.
        Refused = "refused" / "拒听",
    }
);

words!(
    /// 停电流程状态
    CutState {
        /// Waits for the approval.
        Proposed = "proposed" / "待审批",
        /// Approved; the stop-plan notice is on its way.
        Approved = "approved" / "已审批",
        /// The stop-plan notice was served; the window runs.
        Served = "served" / "已送达",
        /// Power is off.
        Cut = "cut" / "已停电",
        /// Power is back.
        Restored = "restored" / "已复电",
        /// Ended without a cut.
        Closed = "closed" / "已终止",
    }
);

words!(
    /// 停电附件: what the gates ask for on paper.
    CutDocument {
        /// 沟通记录 with one of the bodies of the estate guard.
        Talk = "talk" / "沟通记录",
        /// 停电告示张贴
        Posting = "posting" / "停电告示张贴",
        /// 报备: the copy for the power administration.
        AuthorityCopy = "authority_copy" / "主管部门报备",
        /// 批准: the approval of the power administration.
        AuthorityApproval = "authority_approval" / "主管部门批准",
        /// 专项决定 about a protected user.
        ProtectionDecision = "protection_decision" / "受保护客户专项决定",
        /// Others behind the supply keep theirs.
        OthersSupplied = "others_supplied" / "其他用户供电保障",
    }
);

/// 欠费停电的法定前提: parameters of the topic `disconnection_overdue`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverdueFloor {
    /// Overdue *more than* this many days, counted from the first day of arrears, and still unpaid after a demand.
    pub more_than_days: u16,
    /// A demand must have been made.
    pub demand_required: bool,
}

/// 停电通知: parameters of the topic `disconnection_notice`. What a rule does not set it leaves to the other layers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StopNotice {
    /// The notice is served at least so many days before the cut.
    pub days_min: Option<u16>,
    /// And at most so many: past that it is withdrawn and served again.
    pub days_max: Option<u16>,
    /// 停电前再次通知, minutes before the cut.
    pub final_call_minutes: Option<u16>,
    /// The head of the unit approves user, reason and time.
    pub approval: Option<bool>,
    /// 重要客户: a copy of the notice goes to the power administration of the same level.
    pub copy_to_authority_for_important: Option<bool>,
    /// Days within which the notice is to be handed over, from the day on which it was asked for.
    pub serve_within_days: Option<u16>,
    /// Minutes after the told time for which the last call stays good.
    pub final_call_good_minutes: Option<u16>,
    /// Outcomes of the last call that count as told.
    pub call_outcomes: Option<Vec<CallOutcome>>,
}

/// 停电审批权限: parameters of the topic `disconnection_approval`. The highest level that anything asks for is needed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutApproval {
    /// By the unpaid principal, from low to high.
    pub limits: Vec<CutLimit>,
    /// By the category of the user.
    #[serde(default)]
    pub by_category: BTreeMap<Category, ApprovalLevel>,
    /// 重要客户
    #[serde(default)]
    pub important: Option<ApprovalLevel>,
    /// 受保护客户
    #[serde(default)]
    pub protected: Option<ApprovalLevel>,
    /// A cut that needs the talks of the estate guard.
    #[serde(default)]
    pub estate: Option<ApprovalLevel>,
}

/// Up to which unpaid principal a level approves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutLimit {
    /// The level.
    pub level: ApprovalLevel,
    /// The largest principal; absent for any.
    #[serde(default)]
    pub up_to: Option<Money>,
}

impl CutApproval {
    /// The topic's form: somebody approves whatever the amount.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        match rule.form::<Self>()?.limits.last() {
            Some(last) if last.up_to.is_none() => Ok(()),
            _ => Err("the last limit has no `up_to`".to_owned()),
        }
    }
}

/// 主管部门批准: parameters of the topic `authority_approval`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityApproval {
    /// Protections whose users are cut only with the approval of the power administration.
    pub protections: Vec<Protection>,
}

/// 不影响其他用户: parameters of the topic `supply_of_others`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupplyOfOthers {
    /// A supply that feeds others is not cut unless it is recorded that they keep theirs.
    pub forbidden_unless_recorded: bool,
}

/// 恢复供电: parameters of the topic `restoration`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restoration {
    /// Hours after the cause has ended.
    pub hours: u16,
    /// A delay must be explained to the customer.
    #[serde(default)]
    pub explain_delay: bool,
}

/// 小区停电协调: parameters of the topic `estate_guard`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EstateGuard {
    /// It applies to a cut that reaches more than so many households of one estate.
    pub more_than_households: u32,
    /// It also applies to an estate cut for the debt of a developer or property company, whatever the number.
    pub for_property_company_debt: bool,
    /// 张贴通知, days before.
    pub post_days_before: u16,
    /// Bodies that are talked with; a record of each is attached.
    pub coordinate_with: Vec<String>,
}

/// 不停电时段: parameters of the topic `protected_windows`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectedWindows {
    /// 法定节假日
    pub statutory_holidays: bool,
    /// The day before a statutory holiday.
    pub holiday_eves: bool,
    /// Days that are not worked.
    pub weekends: bool,
    /// No cut before this time of the day.
    #[serde(default)]
    pub not_before: Option<jiff::civil::Time>,
    /// No cut at or after this time of the day.
    pub not_after: jiff::civil::Time,
    /// Yearly windows, as `MM-DD`, both inclusive.
    pub yearly: Vec<YearlyWindow>,
    /// Conditions that someone declares for a time: extreme heat, disasters, key events.
    pub declared: Vec<String>,
}

impl ProtectedWindows {
    /// The topic's form: the yearly windows are days of a calendar.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        // A leap year, so that 02-29 is a day.
        let day =
            |text: &str| format!("2024-{text}").parse::<Date>().map_err(|_| format!("`{text}` is no MM-DD"));
        rule.form::<Self>()?.yearly.iter().try_for_each(|w| day(&w.from).and(day(&w.to)).map(drop))
    }
}

/// A window that returns every year.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearlyWindow {
    /// What it is for.
    pub name: String,
    /// First day, `MM-DD`.
    pub from: String,
    /// Last day, `MM-DD`.
    pub to: String,
}

/// 受保护客户: parameters of the topic `protected_users`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectedUsers {
    /// Protections whose users are not cut without a decision of their own.
    pub kinds: Vec<Protection>,
    /// The lowest level that makes that decision.
    #[serde(default)]
    pub level: Option<ApprovalLevel>,
}

/// 暂缓停电: parameters of the topic `cut_holds`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutHolds {
    /// Words of the holds that stop a cut.
    pub kinds: Vec<String>,
}

/// 停电与复电时限: the strictest of every layer on a legal day, each value with the rule that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrictestLimits {
    /// Days of notice at least.
    pub notice_days_min: Option<Ruled<u16>>,
    /// Days of notice at most.
    pub notice_days_max: Option<Ruled<u16>>,
    /// Minutes of the last call before the cut.
    pub final_call_minutes: Option<Ruled<u16>>,
    /// Hours to restore power.
    pub restore_hours: Option<Ruled<u16>>,
}

impl StrictestLimits {
    /// The limits in force on a legal day.
    ///
    /// # Errors
    /// A rule is not of its topic's form.
    pub fn on(book: &Rulebook, selector: &Selector, legal_day: Date) -> Result<Self, NoRule> {
        let notice = book.pick_all::<StopNotice>("disconnection_notice", selector, legal_day)?;
        let restore = book.pick_all::<Restoration>("restoration", selector, legal_day)?;
        Ok(Self {
            notice_days_min: strictest(&notice, Stricter::Larger, |n| n.days_min),
            notice_days_max: strictest(&notice, Stricter::Smaller, |n| n.days_max),
            final_call_minutes: strictest(&notice, Stricter::Larger, |n| n.final_call_minutes),
            restore_hours: strictest(&restore, Stricter::Smaller, |r| Some(r.hours)),
        })
    }
}
