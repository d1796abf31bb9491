//! 问题与整改: where a finding stands, what may be done about it next, and who is told when nothing is.

use super::check::Severity;
use crate::calendar::{WorkCalendar, YearNotCovered};
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::words;
use crate::rulebook::Rule;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words!(
    /// 问题来源
    FindingSource {
        /// A check of the book hit.
        Rule = "rule" / "规则命中",
        /// A review of drawn records.
        Review = "review" / "专项稽查",
        /// Somebody noted it.
        Desk = "desk" / "人工登记",
    }
);

words!(
    /// 问题状态
    FindingState {
        /// Nobody was told to put it right.
        Open = "open" / "待处理",
        /// Somebody has to put it right.
        Ordered = "ordered" / "整改中",
        /// He says how; nobody has looked.
        Told = "told" / "待验证",
        /// Another person has seen that it is right.
        Closed = "closed" / "已销号",
        /// It was none.
        Dismissed = "dismissed" / "不成立",
    }
);

words!(
    /// 问题处理动作
    FindingDeed {
        /// Order it to be put right.
        Order = "order" / "下达整改通知单",
        /// Say what was done.
        Tell = "tell" / "反馈整改措施",
        /// It is right now.
        Accept = "accept" / "验证通过",
        /// It is not: once more.
        Reject = "reject" / "退回整改",
        /// It was no fault.
        Dismiss = "dismiss" / "认定不成立",
        /// Another department has a part in it.
        Ask = "ask" / "请协同部门处理",
        /// That department has done its part.
        Answer = "answer" / "协同办结",
        /// Time ran out, and the next level is told.
        Escalate = "escalate" / "逾期升级",
        /// Points are taken off.
        Penalise = "penalise" / "扣分",
        /// Who lost points objects.
        Appeal = "appeal" / "申诉",
        /// Somebody else decides on it.
        Decide = "decide" / "申诉裁定",
        /// Something to know.
        Note = "note" / "记录",
    }
);

impl FindingState {
    /// Is there nothing left to do?
    #[must_use]
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Closed | Self::Dismissed)
    }
}

/// 整改规则: parameters of the topic `rectification`; a rule selects on `severity`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RectificationRule {
    /// Working days to put it right.
    pub working_days: u32,
    /// Working days to look at what was done.
    pub verify_working_days: u32,
    /// Who is told when they have run out, from the gentlest on.
    pub steps: Vec<EscalationStep>,
}

/// 逾期升级步骤
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationStep {
    /// Working days after the deadline.
    pub overdue_working_days: u32,
    /// Levels above the unit that has the order.
    pub level: u8,
}

impl RectificationRule {
    /// Topic of the rules.
    pub const TOPIC: &str = "rectification";

    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if params.working_days == 0 || params.verify_working_days == 0 {
            return Err("a deadline lies at least one working day ahead".to_owned());
        }
        let sorted = params.steps.is_sorted_by_key(|step| (step.overdue_working_days, step.level));
        if sorted { Ok(()) } else { Err("steps come in the order of their days and levels".to_owned()) }
    }
}

/// 整改通知单, as far as it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFacts {
    /// Who has to put it right.
    pub owner: String,
    /// By when.
    pub due_on: Date,
    /// Who told the measure.
    pub told_by: Option<String>,
    /// Was it seen to be right? None until somebody has looked.
    pub good: Option<bool>,
}

/// 问题, as far as it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingFacts {
    /// Whose act it is.
    pub person: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// Was it found to be none?
    pub dismissed: bool,
    /// Its orders, the first first.
    pub orders: Vec<OrderFacts>,
    /// Parts of other departments that are not done.
    pub parts_open: i64,
    /// Is there a penalty?
    pub penalised: bool,
}

impl FindingFacts {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> FindingState {
        match self.orders.last() {
            _ if self.dismissed => FindingState::Dismissed,
            None => FindingState::Open,
            Some(OrderFacts { good: Some(true), .. }) => FindingState::Closed,
            Some(OrderFacts { told_by: Some(_), good: None, .. }) => FindingState::Told,
            Some(_) => FindingState::Ordered,
        }
    }
}

/// Why something is not done about a finding; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingRefusal {
    /// It has ended.
    Ended(FindingState),
    /// Nothing is said.
    NoWords(FindingDeed),
    /// It does not come next.
    NotNow(FindingDeed, FindingState),
    /// Who did it does not decide on it.
    OwnAct(FindingDeed),
    /// Only who has the order tells what was done.
    NotOwner(String),
    /// Another person has to look.
    SamePerson,
    /// Other departments have not done their parts.
    PartsOpen(i64),
    /// Nobody in particular did it.
    NoPerson,
    /// Points were taken off already.
    AlreadyPenalised,
}

impl Refuse for FindingRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Ended(_) => "finding.ended",
            Self::NoWords(_) => "finding.no_words",
            Self::NotNow(..) => "finding.not_now",
            Self::OwnAct(_) => "finding.own_act",
            Self::NotOwner(_) => "finding.not_owner",
            Self::SamePerson => "finding.same_person",
            Self::PartsOpen(_) => "finding.parts_open",
            Self::NoPerson => "finding.no_person",
            Self::AlreadyPenalised => "finding.already_penalised",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Ended(state) => Bilingual::new(
                format!("问题{},不能再处理", state.zh()),
                format!("the finding is {}: nothing more is done about it", state.word()),
            ),
            Self::NoWords(deed) => Bilingual::new(
                format!("“{}”须写明内容", deed.zh()),
                format!("`{}` says something in words", deed.word()),
            ),
            Self::NotNow(deed, state) => Bilingual::new(
                format!("问题{},不能“{}”", state.zh(), deed.zh()),
                format!("`{}` does not come next: the finding is {}", deed.word(), state.word()),
            ),
            Self::OwnAct(deed) => Bilingual::new(
                format!("当事人不能“{}”", deed.zh()),
                format!("whose act it is does not `{}`", deed.word()),
            ),
            Self::NotOwner(owner) => Bilingual::new(
                format!("整改责任人是{owner},由本人反馈"),
                format!("{owner} has the order and tells what was done"),
            ),
            Self::SamePerson => Bilingual::new(
                "验证人不能是整改责任人或反馈人",
                "another person than the owner and the teller verifies it",
            ),
            Self::PartsOpen(count) => Bilingual::new(
                format!("尚有{count}项协同事项未办结"),
                format!("{count} parts of other departments are not done"),
            ),
            Self::NoPerson => Bilingual::new("问题未关联责任人", "nobody in particular did it"),
            Self::AlreadyPenalised => Bilingual::new("已扣分", "points were taken off already"),
        }
    }
}

/// May somebody do this about a finding?
///
/// # Errors
/// A [`FindingRefusal`].
pub fn check_deed(
    facts: &FindingFacts,
    deed: FindingDeed,
    by: &str,
    words: &str,
) -> Result<(), FindingRefusal> {
    use FindingDeed as Deed;
    let state = facts.state();
    // A penalty and what follows it may come after the fault is mended.
    let after_end = matches!(deed, Deed::Note | Deed::Penalise | Deed::Appeal | Deed::Decide)
        && state != FindingState::Dismissed;
    if state.is_ended() && !after_end {
        return Err(FindingRefusal::Ended(state));
    }
    let is_own = facts.person.as_deref() == Some(by);
    let says = !matches!(deed, Deed::Accept | Deed::Escalate | Deed::Penalise | Deed::Decide);
    if says && words.trim().is_empty() {
        return Err(FindingRefusal::NoWords(deed));
    }
    let in_time = match deed {
        Deed::Order => state == FindingState::Open,
        Deed::Tell => state == FindingState::Ordered,
        Deed::Accept | Deed::Reject => state == FindingState::Told,
        Deed::Dismiss => matches!(state, FindingState::Open | FindingState::Ordered),
        Deed::Ask | Deed::Answer => matches!(state, FindingState::Ordered | FindingState::Told),
        _ => true,
    };
    if !in_time {
        return Err(FindingRefusal::NotNow(deed, state));
    }
    if is_own && matches!(deed, Deed::Order | Deed::Accept | Deed::Reject | Deed::Dismiss | Deed::Penalise) {
        return Err(FindingRefusal::OwnAct(deed));
    }
    let order = facts.orders.last();
    match deed {
        Deed::Tell => match order {
            Some(order) if order.owner != by => Err(FindingRefusal::NotOwner(order.owner.clone())),
            _ => Ok(()),
        },
        Deed::Accept | Deed::Reject => {
            let same = order.is_some_and(|order| order.owner == by || order.told_by.as_deref() == Some(by));
            if same {
                return Err(FindingRefusal::SamePerson);
            }
            if deed == Deed::Accept && facts.parts_open > 0 {
                return Err(FindingRefusal::PartsOpen(facts.parts_open));
            }
            Ok(())
        }
        Deed::Penalise if facts.person.is_none() => Err(FindingRefusal::NoPerson),
        Deed::Penalise if facts.penalised => Err(FindingRefusal::AlreadyPenalised),
        _ => Ok(()),
    }
}

/// Levels that have to be told by now that a deadline has passed, each with the day on which that became due.
///
/// # Errors
/// The calendar does not cover a year.
pub fn escalation_due(
    rule: &RectificationRule,
    calendar: &WorkCalendar,
    due_on: Date,
    on: Date,
) -> Result<Vec<(u8, Date)>, YearNotCovered> {
    let mut told = Vec::new();
    for step in &rule.steps {
        // The deadline itself is still in time.
        let day = calendar.working_days_after(due_on, step.overdue_working_days)?;
        if day < on {
            told.push((step.level, day));
        }
    }
    Ok(told)
}
