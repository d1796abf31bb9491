//! 日志留存: how long the log of operations is kept.

use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const LOG_TOPIC: &str = "log_retention";

/// 日志留存规则: the parameters of the topic `log_retention`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRule {
    /// Months after which a line of the log may be forgotten.
    pub keep_months: i64,
}
