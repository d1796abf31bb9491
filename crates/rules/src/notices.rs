//! 通知 (column `notices`): the parameter forms of its topics.

use serde::Deserialize;

/// 账单送达期限: parameters of the topic `bill_delivery`, counted from the day of issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillDelivery {
    /// Days to the electronic bill; 0 is the same day.
    pub electronic_days: u16,
    /// Working days to the paper slip.
    pub paper_working_days: u16,
}
