//! 工作实绩: what is counted of a person's work in a period. How often power was cut is not among it, and no rule can name it.

use crate::registry::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words!(
    /// 实绩项目: a count, or an amount in fen.
    WorkMeasure {
        /// Meters of one's routes that were read.
        Readings = "readings" / "抄表户数",
        /// Of them, estimated.
        EstimatedReadings = "estimated_readings" / "估抄户数",
        /// Of them, corrected later.
        CorrectedReadings = "corrected_readings" / "差错户数",
        /// Notices of one's portfolio that were to arrive.
        Notices = "notices" / "应送达通知",
        /// Of them, in time.
        NoticesOnTime = "notices_on_time" / "按时送达通知",
        /// 应收 of the portfolio: open at the beginning and released in the period, in fen.
        Receivable = "receivable_fen" / "应收电费",
        /// 实收 of it, in fen.
        Received = "received_fen" / "实收电费",
        /// 预期回收: what the usual rates of its segments let expect, in fen.
        Expected = "expected_fen" / "预期回收",
        /// 回收指标 of the period, in fen.
        Target = "target_fen" / "回收指标",
        /// Tickets that one had and that ended or ran out of time.
        Tickets = "tickets" / "办理工单",
        /// Of them, every clock was met.
        TicketsInTime = "tickets_in_time" / "按时工单",
        /// Of them, the customer was asked and said something.
        TicketsRated = "tickets_rated" / "回访评价工单",
        /// Of those, he was content.
        TicketsSatisfied = "tickets_satisfied" / "满意工单",
        /// Praise by customers of the portfolio.
        Praise = "praise" / "表扬",
        /// Findings of audits that name the person.
        Findings = "findings" / "稽查问题",
        /// Courses and tests that were passed.
        Trainings = "trainings" / "培训合格",
    }
);

impl WorkMeasure {
    /// The English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Readings => "meters read",
            Self::EstimatedReadings => "estimated readings",
            Self::CorrectedReadings => "readings corrected later",
            Self::Notices => "notices due",
            Self::NoticesOnTime => "notices in time",
            Self::Receivable => "receivable",
            Self::Received => "received",
            Self::Expected => "expected recovery",
            Self::Target => "target",
            Self::Tickets => "tickets handled",
            Self::TicketsInTime => "tickets in time",
            Self::TicketsRated => "tickets rated",
            Self::TicketsSatisfied => "tickets with a content customer",
            Self::Praise => "praise",
            Self::Findings => "findings of audits",
            Self::Trainings => "trainings passed",
        }
    }

    /// Is it an amount in fen?
    #[must_use]
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Receivable | Self::Received | Self::Expected | Self::Target)
    }

    /// Does a word name the cutting of power? Collectors are not rewarded for it.
    #[must_use]
    pub fn names_a_cut(text: &str) -> bool {
        const WORDS: [&str; 6] = ["cut", "disconnect", "warrant", "outage", "blackout", "poweroff"];
        let parts = text.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_ascii_lowercase);
        parts.into_iter().any(|part| WORDS.iter().any(|word| part.starts_with(word)))
            || ["停电", "断电", "停复电", "停限电"].iter().any(|word| text.contains(word))
    }
}

/// 工作实绩 of a person in a period; what is not there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WorkRecord(pub BTreeMap<WorkMeasure, i64>);

impl WorkRecord {
    /// How much there is of something.
    #[must_use]
    pub fn of(&self, measure: WorkMeasure) -> i64 {
        self.0.get(&measure).copied().unwrap_or(0)
    }

    /// Counts something in.
    pub fn add(&mut self, measure: WorkMeasure, more: i64) {
        *self.0.entry(measure).or_default() += more;
    }

    /// Is there nothing of anything?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|value| *value == 0)
    }
}
