//! 服务 (column `service`): the parameter forms of its topics.

use crate::rulebook::Rule;
use serde::Deserialize;

/// 服务时限: parameters of the topics `service_promise` (what customers are told) and `service_limit` (what the 95598
/// process allows inside). Rules select on `request`, and on `area` where the place matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceLimit {
    /// 派单, minutes from acceptance.
    pub dispatch_minutes: Option<u32>,
    /// 到达现场, minutes.
    pub arrival_minutes: Option<u32>,
    /// 平均恢复供电 after arrival, minutes.
    pub mean_repair_minutes: Option<u32>,
    /// 录入 of arrival and repair, minutes.
    pub entry_minutes: Option<u32>,
    /// 联系客户, hours.
    pub contact_hours: Option<u32>,
    /// 到现场核查, hours.
    pub on_site_hours: Option<u32>,
    /// 恢复供电, hours.
    pub restore_hours: Option<u32>,
    /// 提前公告, days before.
    pub notice_days: Option<u32>,
    /// 提前通知, hours before.
    pub notice_hours: Option<u32>,
    /// 处理, working days.
    pub handle_working_days: Option<u32>,
    /// 答复, working days from acceptance, or from the completion of the work where the rule's note says so.
    pub answer_working_days: Option<u32>,
    /// 回访, working days.
    pub callback_working_days: Option<u32>,
}

impl ServiceLimit {
    /// The form of both topics: a rule names its request and sets at least one limit.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        if !rule.when.contains_key("request") {
            return Err("a service limit selects on `request`".to_owned());
        }
        if rule.form::<Self>()? == Self::default() {
            return Err("a service limit sets at least one limit".to_owned());
        }
        Ok(())
    }
}
