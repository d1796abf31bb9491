//! 服务时限: the promises and limits that apply to a request on a day, and what may pause them.

use super::ticket::{Area, Request};
use crate::registry::words;
use crate::rulebook::{NoRule, Picked, Rule, Rulebook, Selector};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Topic of what customers are told.
const PROMISE: &str = "service_promise";
/// Topic of what the process allows inside.
const LIMIT: &str = "service_limit";

words!(
    /// 答复时限起算: from where the working days of an answer are counted.
    AnswerFrom {
        /// The ticket was taken.
        Acceptance = "acceptance" / "受理",
        /// The work was done.
        Completion = "completion" / "办完",
    }
);

/// 服务时限: parameters of the topics `service_promise` (what customers are told) and `service_limit` (what the 95598
/// process allows inside). Rules select on `request`, and on `area` where the place matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceLimit {
    /// 派单, minutes from acceptance.
    pub dispatch_minutes: Option<u32>,
    /// 到达现场, minutes.
    pub arrival_minutes: Option<u32>,
    /// 平均恢复供电 after arrival, minutes: the mean of many tickets, and no clock of one.
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
    /// 答复, working days.
    pub answer_working_days: Option<u32>,
    /// From where they are counted; from the acceptance when not given.
    pub answer_from: Option<AnswerFrom>,
    /// 回访, working days from the answer.
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
        let params = rule.form::<Self>()?;
        if params == (Self { answer_from: params.answer_from, ..Self::default() }) {
            return Err("a service limit sets at least one limit".to_owned());
        }
        Ok(())
    }
}

words!(
    /// 挂起原因
    PauseReason {
        /// The customer is away or has asked for another day.
        CustomerAsked = "customer_asked" / "客户要求延后",
        /// Weather or another force keeps everybody away.
        ForceMajeure = "force_majeure" / "不可抗力",
        /// A test, an authority or a court has to speak first.
        ThirdParty = "third_party" / "等待第三方结论",
        /// The customer has to hand something in.
        CustomerPapers = "customer_papers" / "等待客户补充资料",
    }
);

/// 挂起规则: parameters of the topic `service_pause`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseRule {
    /// What may pause a ticket.
    pub reasons: Vec<PauseReason>,
    /// How often a ticket may be paused.
    pub times_max: u16,
}

/// A limit with the rule that sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term<T> {
    /// The limit.
    pub value: T,
    /// Id of the rule.
    pub rule: String,
}

/// 时限: of one topic, each the strictest of the rules that apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Minutes until it is dispatched.
    pub dispatch_minutes: Option<Term<u32>>,
    /// Minutes until somebody stands at the place.
    pub arrival_minutes: Option<Term<u32>>,
    /// Minutes until an arrival or a repair is written down.
    pub entry_minutes: Option<Term<u32>>,
    /// Minutes until the customer was spoken to.
    pub contact_minutes: Option<Term<u32>>,
    /// Minutes until the power is back.
    pub restore_minutes: Option<Term<u32>>,
    /// Working days until it was handled and answered.
    pub handle_days: Option<Term<u32>>,
    /// Working days until it was answered, and from where they count.
    pub answer_days: Option<Term<(u32, AnswerFrom)>>,
    /// Working days until the call-back.
    pub callback_days: Option<Term<u32>>,
}

/// 一个工单的时限: the promise to the customer and the limit inside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// What was promised.
    pub promise: Terms,
    /// What the process allows.
    pub limit: Terms,
}

impl Limits {
    /// What applies to a request in an area that was taken on a day. No rule at all means no clock: praise has none.
    ///
    /// # Errors
    /// A rule's parameters are not of their form.
    pub fn of(
        book: &Rulebook,
        site: &Selector,
        (request, area): (Request, Option<Area>),
        on: Date,
    ) -> Result<Self, NoRule> {
        let mut selector = site.clone().with("request", request.word());
        if let Some(area) = area {
            selector = selector.with("area", area.word());
        }
        Ok(Self {
            promise: Terms::strictest(&book.pick_all(PROMISE, &selector, on)?),
            limit: Terms::strictest(&book.pick_all(LIMIT, &selector, on)?),
        })
    }

    /// Has the customer to be called back before it is closed?
    #[must_use]
    pub const fn wants_call_back(&self) -> bool {
        self.promise.callback_days.is_some() || self.limit.callback_days.is_some()
    }
}

impl Terms {
    fn strictest(rules: &[Picked<'_, ServiceLimit>]) -> Self {
        let least = |of: fn(&ServiceLimit) -> Option<u32>| least(rules, of);
        // A visit for an inspection is an arrival with another word.
        let arrival = least(|limit| limit.arrival_minutes.or(limit.on_site_hours.map(|hours| hours * 60)));
        let answer = rules.iter().filter_map(|picked| {
            let days = picked.params.answer_working_days?;
            let from = picked.params.answer_from.unwrap_or(AnswerFrom::Acceptance);
            Some(Term { value: (days, from), rule: picked.rule.id.clone() })
        });
        Self {
            dispatch_minutes: least(|limit| limit.dispatch_minutes),
            arrival_minutes: arrival,
            entry_minutes: least(|limit| limit.entry_minutes),
            contact_minutes: least(|limit| limit.contact_hours.map(|hours| hours * 60)),
            restore_minutes: least(|limit| limit.restore_hours.map(|hours| hours * 60)),
            handle_days: least(|limit| limit.handle_working_days),
            answer_days: answer.min_by_key(|term| term.value.0),
            callback_days: least(|limit| limit.callback_working_days),
        }
    }
}

/// The least value of the rules, with its rule: a limit protects the customer, so the strictest holds.
fn least(rules: &[Picked<'_, ServiceLimit>], of: fn(&ServiceLimit) -> Option<u32>) -> Option<Term<u32>> {
    let terms = rules
        .iter()
        .filter_map(|picked| Some(Term { value: of(&picked.params)?, rule: picked.rule.id.clone() }));
    terms.min_by_key(|term| term.value)
}
