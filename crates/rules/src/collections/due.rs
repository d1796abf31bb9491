//! 缴费期限: the last payment day of a bill, and the instalments of a large user's month.

use crate::calendar::{Month, WorkCalendar, YearNotCovered, plus_days};
use crate::units::{Money, Ratio, Rounding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// The topic in the book.
pub const TOPIC: &str = "due";

/// 缴费期限规则: how the last payment day follows from the bill. The parameters of the topic `due`, and what a contract may agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum DueRule {
    /// 自通知单发出之日起: so many days, from the day the notice went out.
    DaysAfterNotice {
        /// The number of days.
        days: u16,
        /// Is the day of the notice left out of the count (Civil Code art. 201)? The lenient reading.
        exclude_start: bool,
        /// Does a last day on a rest day move to the next working day (Civil Code art. 203)?
        #[serde(default)]
        roll: bool,
    },
    /// So many days after the release; the day of the release is not counted.
    DaysAfterIssue {
        /// The number of days.
        days: u16,
        /// Does a last day on a rest day move to the next working day?
        #[serde(default)]
        roll: bool,
    },
    /// So many working days after the release; the day of the release is not counted.
    WorkingDaysAfterIssue {
        /// The number of working days.
        days: u16,
    },
    /// 固定日: a day of the month, or the month's last day when it is shorter.
    FixedDay {
        /// Day of the month, 1…31.
        day: i8,
        /// Months after the charging month.
        #[serde(default)]
        months_later: u8,
        /// Does a last day on a rest day move to the next working day?
        #[serde(default)]
        roll: bool,
    },
}

/// What the last payment day of a bill follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueFacts {
    /// 电费年月
    pub month: Month,
    /// 发行日
    pub issued_on: Date,
    /// 通知单发出日, when it is not the day of the release.
    pub noticed_on: Option<Date>,
}

/// 缴费截止日: the last payment day. A fixed day that lies before the release moves to the same day of the next month, so
/// that nobody is in arrears with a bill that did not exist.
///
/// # Errors
/// The calendar does not cover a year that is needed.
pub fn due_on(rule: &DueRule, facts: &DueFacts, calendar: &WorkCalendar) -> Result<Date, YearNotCovered> {
    let rolled = |day, roll| if roll { calendar.same_or_next_working_day(day) } else { Ok(day) };
    match *rule {
        DueRule::DaysAfterNotice { days, exclude_start, roll } => {
            let start = facts.noticed_on.unwrap_or(facts.issued_on);
            rolled(plus_days(start, i64::from(days) - i64::from(!exclude_start)), roll)
        }
        DueRule::DaysAfterIssue { days, roll } => rolled(plus_days(facts.issued_on, i64::from(days)), roll),
        DueRule::WorkingDaysAfterIssue { days } => calendar.working_days_after(facts.issued_on, days.into()),
        DueRule::FixedDay { day, months_later, roll } => {
            let mut month = facts.month.plus(months_later.into());
            while month.day_or_last(day) < facts.issued_on {
                month = month.plus(1);
            }
            rolled(month.day_or_last(day), roll)
        }
    }
}

/// 逾期天数: days overdue on a day; zero through the last payment day.
#[must_use]
pub fn days_overdue(due_on: Date, on: Date) -> i64 {
    crate::calendar::days_between(due_on, on).max(0)
}

/// 分期: one instalment as the contract agrees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstalmentTerm {
    /// Day of the month, or its last day when it is shorter.
    pub day: i8,
    /// Months after the charging month.
    #[serde(default)]
    pub months_later: u8,
    /// Share of the month's amount, 0…1. The last instalment takes the rest whatever its share says.
    pub share: Ratio,
}

/// 分期应收: an instalment with its day and amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// 缴费截止日
    pub due_on: Date,
    /// 应收金额
    pub amount: Money,
}

/// Splits a month's amount by the agreed instalments; the parts sum to the total exactly.
#[must_use]
pub fn instalments(terms: &[InstalmentTerm], month: Month, total: Money) -> Vec<Instalment> {
    let mut left = total;
    let mut parts = Vec::with_capacity(terms.len());
    for (n, term) in terms.iter().enumerate() {
        let amount = if n + 1 == terms.len() { left } else { total.times(term.share, Rounding::Truncate) };
        left -= amount;
        parts.push(Instalment { due_on: month.plus(term.months_later.into()).day_or_last(term.day), amount });
    }
    parts
}
