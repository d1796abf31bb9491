//! 联系方式核查: which contacts somebody has to make sure of, month by month.

use super::channel::{ContactFacts, ContactTrouble};
use crate::calendar::{Month, WorkCalendar, YearNotCovered};
use crate::registry::words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const TOPIC: &str = "contact_check";

words!(
    /// 核查原因
    CheckReason {
        /// Messages come back.
        Bounced = "bounced" / "退回",
        /// The recipient refused.
        Refused = "refused" / "拒收",
        /// Nobody answers.
        Unreachable = "unreachable" / "无法接通",
        /// Nothing was heard of it for long.
        Silent = "silent" / "长期未核实",
    }
);

words!(
    /// 联系方式事件: what happened to a contact.
    ContactEventKind {
        /// Somebody made sure of it.
        Verified = "verified" / "核实",
        /// A message came back.
        Bounced = "bounced" / "退回",
        /// The recipient refused.
        Refused = "refused" / "拒收",
        /// Nobody answers.
        Unreachable = "unreachable" / "无法接通",
        /// It was on the list because nothing was heard of it.
        Silent = "silent" / "长期未核实",
        /// Another one took its place.
        Replaced = "replaced" / "更换",
        /// The contract names it as the address of electronic service.
        Designated = "designated" / "约定",
        /// The customer agreed to be told there.
        Consented = "consented" / "同意",
        /// He took that back, or the contact ended.
        Withdrawn = "withdrawn" / "撤回",
    }
);

/// 联系方式核查规则: parameters of the topic `contact_check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactCheck {
    /// A contact that was neither verified nor reached for so many months is silent.
    pub silent_months: u16,
    /// At most so many silent contacts a month become work, the longest silent first.
    pub silent_at_most: u32,
    /// Working days for the call; after them the reader goes there.
    pub call_working_days: u16,
    /// Working days for the visit.
    pub visit_working_days: u16,
}

impl ContactCheck {
    /// Why somebody has to make sure of a contact. `heard_on` is the last day on which something reached it.
    #[must_use]
    pub fn reason(&self, contact: &ContactFacts, heard_on: Option<Date>, on: Date) -> Option<CheckReason> {
        match contact.trouble {
            Some(ContactTrouble::Bounced) => Some(CheckReason::Bounced),
            Some(ContactTrouble::Refused) => Some(CheckReason::Refused),
            Some(ContactTrouble::Unreachable) => Some(CheckReason::Unreachable),
            None => {
                let sign_of_life = contact.verified_on.max(heard_on);
                let silent = sign_of_life.is_none_or(|day| day < self.silent_since(on));
                silent.then_some(CheckReason::Silent)
            }
        }
    }

    /// What was last heard of before this day is silent on `on`.
    #[must_use]
    pub fn silent_since(&self, on: Date) -> Date {
        Month::of(on).plus(-i32::from(self.silent_months)).day_or_last(on.day())
    }
}

/// 核查日: is it the first working day of its month?
///
/// # Errors
/// The calendar does not cover the year.
pub fn is_check_day(on: Date, calendar: &WorkCalendar) -> Result<bool, YearNotCovered> {
    Ok(calendar.same_or_next_working_day(on.first_of_month())? == on)
}

/// The day by which the work of a check is to be done.
///
/// # Errors
/// The calendar does not cover a year.
pub fn work_due(on: Date, working_days: u16, calendar: &WorkCalendar) -> Result<Date, YearNotCovered> {
    calendar.working_days_after(on, working_days.into())
}
