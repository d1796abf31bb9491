//! 客户自助 (column `customer`): how customers sign in, and what they may ask for.

use crate::registry::words;
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const TOPIC: &str = "customer_login";

const MINUTE: i64 = 60_000;

/// 客户登录规则: the parameters of the topic `customer_login`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerRule {
    /// How long a code is good.
    pub code_minutes: i64,
    /// Wrong entries that end a code.
    pub tries: i64,
    /// Codes that are sent for an account in an hour.
    pub codes_per_hour: i64,
    /// A session ends after so long without a request.
    pub idle_minutes: i64,
    /// A session ends so long after it began.
    pub session_hours: i64,
    /// Requests of one customer in a minute.
    pub requests_per_minute: u32,
    /// What one account may report in a day.
    pub reports_per_day: i64,
}

impl CustomerRule {
    /// The last moment of a code that is made now; ms since 1970.
    #[must_use]
    pub fn code_ends_at(&self, now: i64) -> i64 {
        now + self.code_minutes * MINUTE
    }

    /// The last moment of a session that begins now.
    #[must_use]
    pub fn session_ends_at(&self, now: i64) -> i64 {
        now + self.session_hours * 60 * MINUTE
    }

    /// Since when codes count for the limit of an hour.
    #[must_use]
    pub fn hour_before(&self, now: i64) -> i64 {
        now - 60 * MINUTE
    }

    /// Does a session live that was last used at `seen` and ends at `ends`?
    #[must_use]
    pub fn lives(&self, seen: i64, ends: i64, now: i64) -> bool {
        now < ends && now < seen + self.idle_minutes * MINUTE
    }
}

words!(
    /// 反映类别: what a customer reports.
    ReportKind {
        /// No power.
        Outage = "outage" / "停电报修",
        /// Something is broken or dangerous.
        Fault = "fault" / "故障与隐患",
        /// About a bill or a reading.
        Bill = "bill" / "电费电量疑问",
        /// Something was done wrongly.
        Complaint = "complaint" / "投诉",
        /// An idea.
        Suggestion = "suggestion" / "意见建议",
        /// Praise.
        Praise = "praise" / "表扬",
    }
);

#[cfg(test)]
mod tests {
    use super::CustomerRule;

    #[test]
    fn codes_and_sessions_end() {
        let rule = CustomerRule {
            code_minutes: 10,
            tries: 5,
            codes_per_hour: 5,
            idle_minutes: 30,
            session_hours: 12,
            requests_per_minute: 120,
            reports_per_day: 20,
        };
        assert_eq!(rule.code_ends_at(0), 600_000);
        assert_eq!(rule.hour_before(3_600_000), 0);
        let ends = rule.session_ends_at(0);
        assert!(rule.lives(0, ends, 29 * 60_000));
        assert!(!rule.lives(0, ends, 30 * 60_000), "idle");
        assert!(!rule.lives(ends - 1, ends, ends), "too old");
    }
}
