//! 工单: what is asked for, and what was done about it.

use crate::registry::words;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

words!(
    /// 95598业务类型
    TicketKind {
        /// The power is off or faulty.
        Fault = "fault" / "故障报修",
        /// Something is applied for.
        Application = "application" / "服务申请",
        /// The customer complains of the company.
        Complaint = "complaint" / "投诉",
        /// Somebody reports theft, damage, a breach.
        Report = "report" / "举报",
        /// The customer is not content, without a complaint.
        Opinion = "opinion" / "意见",
        /// How it could be better.
        Suggestion = "suggestion" / "建议",
        /// Thanks.
        Praise = "praise" / "表扬",
        /// A question.
        Consultation = "consultation" / "业务咨询",
    }
);

words!(
    /// 业务子类: what a rule of time limits selects on as `request`.
    Request {
        /// The power is off or faulty.
        Fault = "fault" / "故障报修",
        /// Power back after payment.
        RestoreAfterPayment = "restore_after_payment" / "欠费复电登记",
        /// An appliance was damaged by the supply.
        ApplianceDamage = "appliance_damage" / "电器损坏核损",
        /// The meter looks wrong.
        MeterAbnormal = "meter_abnormal" / "电能表异常",
        /// The meter is to be tested.
        MeterTest = "meter_test" / "校验电能表",
        /// The reading is doubted.
        ReadingData = "reading_data" / "抄表数据异常",
        /// A place at a fast charger.
        EvFastCharge = "ev_fast_charge" / "电动汽车充换电预约",
        /// Any other application.
        OtherApplication = "other_application" / "其他服务申请",
        /// A complaint.
        Complaint = "complaint" / "投诉",
        /// A report.
        Report = "report" / "举报",
        /// An opinion.
        Opinion = "opinion" / "意见",
        /// A suggestion.
        Suggestion = "suggestion" / "建议",
        /// Thanks.
        Praise = "praise" / "表扬",
        /// A question.
        Consultation = "consultation" / "业务咨询",
    }
);

impl Request {
    /// The type that it belongs to.
    #[must_use]
    pub const fn kind(self) -> TicketKind {
        match self {
            Self::Fault => TicketKind::Fault,
            Self::Complaint => TicketKind::Complaint,
            Self::Report => TicketKind::Report,
            Self::Opinion => TicketKind::Opinion,
            Self::Suggestion => TicketKind::Suggestion,
            Self::Praise => TicketKind::Praise,
            Self::Consultation => TicketKind::Consultation,
            Self::RestoreAfterPayment
            | Self::ApplianceDamage
            | Self::MeterAbnormal
            | Self::MeterTest
            | Self::ReadingData
            | Self::EvFastCharge
            | Self::OtherApplication => TicketKind::Application,
        }
    }

    /// Is it about an account's meter, bill or supply, so that it cannot be taken without one?
    #[must_use]
    pub const fn needs_account(self) -> bool {
        matches!(self, Self::RestoreAfterPayment | Self::MeterAbnormal | Self::MeterTest | Self::ReadingData)
    }

    /// Do its time limits depend on the area?
    #[must_use]
    pub const fn needs_area(self) -> bool {
        matches!(self, Self::Fault)
    }
}

words!(
    /// 地域: where the promised arrival differs.
    Area {
        /// A town.
        Urban = "urban" / "城区",
        /// The country.
        Rural = "rural" / "农村",
        /// Far away, hard to reach.
        Remote = "remote" / "特殊边远地区",
    }
);

words!(
    /// 受理渠道: how a ticket came.
    TicketSource {
        /// The hotline.
        Phone = "phone" / "95598电话",
        /// A hall.
        Counter = "counter" / "营业厅",
        /// The customer's pages.
        Online = "online" / "网上",
        /// Somebody outside.
        Field = "field" / "现场",
        /// The regulator's hotline.
        Regulator = "regulator" / "12398",
        /// The company itself.
        Own = "own" / "内部发现",
    }
);

words!(
    /// 处理动作: one thing done on a ticket.
    Deed {
        /// Given to a unit and a person.
        Dispatch = "dispatch" / "派单",
        /// The customer was spoken to.
        Contact = "contact" / "联系客户",
        /// Somebody stands at the place.
        Arrive = "arrive" / "到达现场",
        /// Power is back, the work is done.
        Restore = "restore" / "恢复供电",
        /// The customer has the answer.
        Answer = "answer" / "答复",
        /// The customer was asked whether he is content.
        CallBack = "call_back" / "回访",
        /// The clocks stand still, for a listed reason.
        Pause = "pause" / "挂起",
        /// They go on.
        Resume = "resume" / "恢复计时",
        /// Told to the next level.
        Escalate = "escalate" / "升级",
        /// Anything worth keeping.
        Note = "note" / "记录",
        /// It begins again: the answer did not hold.
        Reopen = "reopen" / "重新办理",
        /// It has ended.
        Close = "close" / "办结",
        /// The customer takes it back.
        Withdraw = "withdraw" / "撤销",
    }
);

words!(
    /// 满意度
    Satisfaction {
        /// Content.
        Satisfied = "satisfied" / "满意",
        /// So so.
        Neutral = "neutral" / "一般",
        /// Not content.
        Unsatisfied = "unsatisfied" / "不满意",
        /// Nobody answered.
        Unreached = "unreached" / "未接通",
    }
);

words!(
    /// 工单状态
    TicketState {
        /// Taken, nobody has it yet.
        Accepted = "accepted" / "已受理",
        /// Somebody has it.
        Dispatched = "dispatched" / "已派单",
        /// Somebody works on it.
        Working = "working" / "处理中",
        /// Its clocks stand still.
        Paused = "paused" / "已挂起",
        /// The customer has the answer.
        Answered = "answered" / "已答复",
        /// Ended.
        Closed = "closed" / "已办结",
        /// Taken back.
        Withdrawn = "withdrawn" / "已撤销",
    }
);

impl TicketState {
    /// Has it come to an end?
    #[must_use]
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn)
    }
}

/// 处理记录
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What was done.
    pub deed: Deed,
    /// When, Beijing time.
    pub at: DateTime,
    /// When it was written down, Beijing time.
    pub noted_at: DateTime,
    /// What a call-back came to.
    pub satisfaction: Option<Satisfaction>,
}

/// 客户工单, as far as time is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    /// What is asked for.
    pub request: Request,
    /// When it was taken, Beijing time.
    pub accepted_at: DateTime,
    /// What was done, in order of time.
    pub events: Vec<Event>,
}

impl TicketFacts {
    /// Where it stands: the last deed that moves it decides.
    #[must_use]
    pub fn state(&self) -> TicketState {
        let mut state = TicketState::Accepted;
        let mut before_pause = state;
        for event in &self.events {
            state = match event.deed {
                Deed::Dispatch | Deed::Reopen if !matches!(state, TicketState::Working) => {
                    TicketState::Dispatched
                }
                Deed::Contact | Deed::Arrive | Deed::Restore if state != TicketState::Answered => {
                    TicketState::Working
                }
                Deed::Answer => TicketState::Answered,
                Deed::Pause => {
                    before_pause = state;
                    TicketState::Paused
                }
                Deed::Resume => before_pause,
                Deed::Close => TicketState::Closed,
                Deed::Withdraw => TicketState::Withdrawn,
                _ => state,
            };
        }
        state
    }

    /// 轮次: what was done in each round; the first begins with the acceptance, each other one where it was reopened.
    #[must_use]
    pub fn rounds(&self) -> Vec<(DateTime, &[Event])> {
        let mut rounds = Vec::new();
        let (mut from, mut first) = (self.accepted_at, 0);
        for (at, event) in self.events.iter().enumerate() {
            if event.deed == Deed::Reopen {
                rounds.push((from, &self.events[first..at]));
                (from, first) = (event.at, at + 1);
            }
        }
        rounds.push((from, &self.events[first..]));
        rounds
    }
}
