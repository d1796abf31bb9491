//! 通知 (column `notices`): what is told, by which channel, and the parameter forms of its topics.

pub mod outbox;

use crate::registry::words;
use serde::{Deserialize, Serialize};

pub mod calm;
pub mod channel;
pub mod check;
mod clock;
pub mod service;
#[cfg(test)]
mod tests;

/// The topic of [`BillDelivery`] in the book.
pub const BILL_DELIVERY: &str = "bill_delivery";

/// 账单送达期限: parameters of the topic `bill_delivery`, counted from the day of issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillDelivery {
    /// Days to the electronic bill; 0 is the same day.
    pub electronic_days: u16,
    /// Working days to the paper slip.
    pub paper_working_days: u16,
}

words!(
    /// 通知种类
    NoticeKind {
        /// The bill of a released amount; on electronic channels the e-bill.
        Bill = "bill" / "电费账单",
        /// The demand that follows on the last payment day.
        Demand = "demand" / "催缴电费通知单",
        /// A cut is planned in 3 to 7 days.
        StopPlan = "stop_plan" / "欠电费停电计划通知书",
        /// The cut is carried out: told 30 minutes before.
        StopExecution = "stop_execution" / "欠电费执行停电通知书",
        /// Posted in an estate before a cut that reaches many homes.
        EstatePosting = "estate_posting" / "停电告示",
        /// A lawyer demands.
        LawyerLetter = "lawyer_letter" / "律师催告函",
        /// Power is back.
        Restoration = "restoration" / "复电通知",
        /// A payment was received.
        Receipt = "receipt" / "缴费回执",
        /// The copy for the power administration when an important user is concerned.
        AuthorityCopy = "authority_copy" / "重要客户停电报备",
        /// Something worth knowing, told by a campaign.
        Campaign = "campaign" / "用电宣传",
    }
);

words!(
    /// 送达渠道
    Channel {
        /// E-mail.
        Email = "email" / "电子邮件",
        /// A text message.
        Sms = "sms" / "短信",
        /// Paper, by own staff.
        PaperOwn = "paper_own" / "自行派发",
        /// Paper, by a delegated company.
        PaperDelegated = "paper_delegated" / "委托派发",
        /// 邮寄 with a waybill.
        Post = "post" / "邮寄",
        /// A telephone call.
        Phone = "phone" / "电话",
        /// Handed over at the door, with a signature.
        Door = "door" / "上门送达",
        /// Posted in a public place.
        Posting = "posting" / "张贴",
    }
);

impl Channel {
    /// Does it leave without a person carrying it?
    #[must_use]
    pub const fn is_electronic(self) -> bool {
        matches!(self, Self::Email | Self::Sms)
    }
}

words!(
    /// 送达状态 of one delivery.
    DeliveryState {
        /// Waits for its turn.
        Queued = "queued" / "待发送",
        /// An attempt runs.
        Sending = "sending" / "发送中",
        /// Handed over to the carrier.
        Sent = "sent" / "已发送",
        /// Arrived.
        Delivered = "delivered" / "已送达",
        /// Came back.
        Bounced = "bounced" / "退回",
        /// The recipient refused.
        Refused = "refused" / "拒收",
        /// Given up after the last attempt.
        Failed = "failed" / "失败",
        /// Nobody knows whether the carrier took it.
        Doubtful = "doubtful" / "待确认",
        /// Not needed any more.
        Cancelled = "cancelled" / "取消",
    }
);
