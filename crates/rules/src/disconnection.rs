//! 停电 (column `disconnection`): the parameter forms of its topics.

use crate::rulebook::{NoRule, Rule, Rulebook, Ruled, Selector, Stricter, strictest};
use jiff::civil::Date;
use serde::Deserialize;

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
    /// Kinds of users that are not cut without a decision of their own.
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
