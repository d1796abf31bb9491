//! The ladder as data: the parameter form of the topic `ladder`, and the ladder that applies to a debtor.

use super::Step;
use crate::calendar::{WorkCalendar, YearNotCovered, plus_days};
use crate::disconnection::OverdueFloor;
use crate::registry::{StaffRole, words};
use crate::rulebook::{NoRule, Rule, Rulebook, Ruled, Selector, Stricter, strictest};
use crate::units::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The topic in the book.
pub const TOPIC: &str = "ladder";
/// The topic of the floor below a planned stop.
const FLOOR: &str = "disconnection_overdue";

words!(
    /// 催费步骤: a rung of the ladder.
    StepKind {
        /// The bill was told.
        BillNotice = "bill_notice" / "电费通知",
        /// A reminder, before the last payment day or after it; no demand in law.
        Reminder = "reminder" / "缴费提醒",
        /// The debt has become arrears.
        Arrears = "arrears" / "转为欠费",
        /// The demand notice with the late-fee method and a deadline.
        Demand = "demand" / "催缴通知",
        /// A text message that reminds; no demand in law.
        SmsReminder = "sms_reminder" / "短信提醒",
        /// The collector calls.
        PhoneCall = "phone_call" / "电话催收",
        /// The collector visits.
        Visit = "visit" / "上门催收",
        /// Another demand notice.
        DemandAgain = "demand_again" / "再次催缴",
        /// Somebody decides whether a protected customer may be cut.
        ProtectionDecision = "protection_decision" / "保护客户审定",
        /// Handed over to disconnection: the notice of the planned stop may be served.
        StopPlan = "stop_plan" / "停电计划",
    }
);

words!(
    /// 步骤做法: what it takes to make a step.
    Act {
        /// Nothing but the day.
        Mark = "mark" / "记载",
        /// It is seen in a notice that another column sends.
        Observe = "observe" / "跟踪",
        /// A notice is asked for; the step is made when it has arrived.
        Notice = "notice" / "发送通知",
        /// A person has to do something.
        Task = "task" / "派工",
        /// Another column takes it up.
        HandOver = "hand_over" / "移交",
    }
);

words!(
    /// 起算事件: what a count begins with.
    Event {
        /// The day of the step itself.
        This = "this" / "本步骤之日",
        /// The release of the bill.
        Released = "released" / "发行日",
        /// The last payment day.
        Due = "due" / "缴费截止日",
        /// The bill was told.
        BillNotice = "bill_notice" / "电费通知送达日",
        /// The debt became arrears.
        Arrears = "arrears" / "转为欠费之日",
        /// The demand arrived.
        Demand = "demand" / "催缴通知送达日",
        /// The deadline of the demand that arrived.
        DemandDeadline = "demand_deadline" / "催缴期限",
        /// The call was made.
        PhoneCall = "phone_call" / "电话催收之日",
        /// The visit was made.
        Visit = "visit" / "上门催收之日",
        /// The decision was made.
        ProtectionDecision = "protection_decision" / "审定之日",
        /// An earlier case of disconnection was closed.
        CaseClosed = "case_closed" / "停电流程结束之日",
    }
);

words!(
    /// 计日单位
    DayUnit {
        /// Every day counts.
        Natural = "natural" / "日",
        /// Working days count.
        Working = "working" / "工作日",
    }
);

/// 期间计算: so many days from an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// What it begins with.
    #[serde(default = "Count::this")]
    pub from: Event,
    /// How many days; negative for days before.
    pub days: i16,
    /// Of which kind.
    #[serde(default = "Count::natural")]
    pub unit: DayUnit,
    /// Is the day of the event left out (Civil Code art. 201)?
    #[serde(default = "Count::yes")]
    pub exclude_start: bool,
    /// Does a day of rest move to the next working day (Civil Code art. 203)?
    #[serde(default)]
    pub roll: bool,
}

impl Count {
    fn this() -> Event {
        Event::This
    }
    fn natural() -> DayUnit {
        DayUnit::Natural
    }
    fn yes() -> bool {
        true
    }

    /// The day that the count comes to.
    ///
    /// # Errors
    /// The calendar does not cover a year that is needed.
    pub fn day(&self, start: Date, calendar: &WorkCalendar) -> Result<Date, YearNotCovered> {
        let start = if self.exclude_start { start } else { plus_days(start, -1) };
        let day = match self.unit {
            DayUnit::Natural => plus_days(start, self.days.into()),
            DayUnit::Working => calendar.working_days_after(start, self.days.unsigned_abs().into())?,
        };
        if self.roll { calendar.same_or_next_working_day(day) } else { Ok(day) }
    }
}

/// 步骤规则: one rung as the book has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRule {
    /// Which rung.
    pub kind: StepKind,
    /// What it takes.
    pub act: Act,
    /// Its day: the latest of these.
    pub counts: Vec<Count>,
    /// Steps of the same debt that have to be made before.
    #[serde(default)]
    pub needs: Vec<StepKind>,
    /// Day by which a notice asks to pay, counted from the day it is asked for.
    #[serde(default)]
    pub deadline: Option<Count>,
    /// Day by which a notice has to have arrived, or a task has to be done; after it a notice counts as not arrived.
    #[serde(default)]
    pub within: Option<Count>,
    /// How often it is made at most, repeated after it failed or by `every`.
    #[serde(default = "StepRule::once")]
    pub rounds: u8,
    /// When it was made, it is made again after this.
    #[serde(default)]
    pub every: Option<Count>,
    /// 岗位 that a task is for.
    #[serde(default)]
    pub role: Option<StaffRole>,
    /// Does it wait for `contact_gap_days`?
    #[serde(default)]
    pub spaced: bool,
    /// Only for a debt of at least so much.
    #[serde(default)]
    pub at_least: Money,
}

impl StepRule {
    fn once() -> u8 {
        1
    }
}

/// 暂缓的效力: what a hold does to the days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldEffect {
    /// Do the days under a hold count? When not, they are added to the day of the step.
    pub time_counts: bool,
    /// The first day on which a held step may be taken, counted from the last day of the hold.
    pub resume: Count,
}

/// 催费阶梯: parameters of the topic `ladder`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderParams {
    /// What a hold does.
    pub hold: HoldEffect,
    /// Days between two contacts that are `spaced`.
    #[serde(default)]
    pub contact_gap_days: u16,
    /// The rungs from low to high.
    pub steps: Vec<StepRule>,
}

impl LadderParams {
    /// The topic's form: rungs stand once, below what they need, and have a day; working days are counted forward.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if params.hold.resume.days < 0 {
            return Err("a held step is resumed after the hold".to_owned());
        }
        for (at, step) in params.steps.iter().enumerate() {
            let word = step.kind.word();
            let below = &params.steps[..at];
            if below.iter().any(|other| other.kind == step.kind) {
                return Err(format!("the step `{word}` stands twice"));
            }
            if let Some(need) = step.needs.iter().find(|need| !below.iter().any(|other| other.kind == **need))
            {
                return Err(format!("`{word}` needs `{}`, which does not stand below it", need.word()));
            }
            if step.counts.is_empty() || step.rounds == 0 {
                return Err(format!("the step `{word}` has a count and a round"));
            }
            let counts = step.counts.iter().chain(&step.deadline).chain(&step.within).chain(&step.every);
            if counts.into_iter().any(|c| c.days < 0 && c.unit == DayUnit::Working) {
                return Err(format!("`{word}`: working days are counted forward"));
            }
        }
        Ok(())
    }
}

/// 适用阶梯: the ladder that applies to a kind of debtor on a day, compiled once for many accounts.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// The rule.
    pub rule: String,
    /// Its parameters.
    pub params: LadderParams,
    /// More than so many days overdue before a planned stop, with the rule that says so.
    pub floor: Option<Ruled<u16>>,
}

impl Ladder {
    /// The ladder in force on a day for the facts of a selector: `class`, `large`, `protected`, `importance`. Where the law
    /// below the planned stop demands a demand, the step needs one whatever the ladder says.
    ///
    /// # Errors
    /// No rule, or one that is not of its topic's form.
    pub fn on(book: &Rulebook, selector: &Selector, day: Date) -> Result<Self, NoRule> {
        let picked = book.pick::<LadderParams>(TOPIC, selector, day)?;
        let floors = book.pick_all::<OverdueFloor>(FLOOR, selector, day)?;
        let mut params = picked.params;
        if floors.iter().any(|floor| floor.params.demand_required) {
            for step in params.steps.iter_mut().filter(|step| step.kind == StepKind::StopPlan) {
                if !step.needs.contains(&StepKind::Demand) {
                    step.needs.push(StepKind::Demand);
                }
            }
        }
        let floor = strictest(&floors, Stricter::Larger, |floor| Some(floor.more_than_days));
        Ok(Self { rule: picked.rule.id.clone(), params, floor })
    }

    /// The rule of a rung.
    #[must_use]
    pub fn step(&self, kind: StepKind) -> Option<&StepRule> {
        self.params.steps.iter().find(|step| step.kind == kind)
    }

    /// Ids of the rules that a step rests on, with commas between.
    #[must_use]
    pub fn rules_of(&self, step: &Step) -> String {
        match &self.floor {
            Some(floor) if step.kind == StepKind::StopPlan => format!("{},{}", self.rule, floor.rule),
            _ => self.rule.clone(),
        }
    }
}
