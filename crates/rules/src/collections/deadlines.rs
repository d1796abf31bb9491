//! 催费期限: the parameter form of the topic `collection_deadlines`.

use serde::Deserialize;

/// 催费期限: parameters of the topic `collection_deadlines`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollectionDeadlines {
    /// Days from the first day of arrears to the demand.
    pub demand_after_days: u16,
    /// Days after the demand that follows on long arrears to the notice of a planned stop.
    pub stop_plan_after_days: u16,
}
