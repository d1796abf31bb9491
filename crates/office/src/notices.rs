//! 通知 (column `notices`): what a customer is told, once, on the channels that reach him, with the proof that it arrived.

mod check;
mod content;
pub mod desk;
mod late;
mod list;
mod message;
pub mod outbox;
mod papers;
mod policies;
mod receipts;
mod request;
mod serve;
mod stage;
#[cfg(test)]
mod tests;

pub use content::{General, code, notice_content, paper_template};
pub use late::{LATE, late_list};
pub use list::{DeliveryShown, NoticeShown, notice_list, notice_show};
pub use message::{EMBEDDED, Templates, message};
pub use papers::{
    HandOver, NoticePaper, PaperRun, RETURNS, Returned, ReturnsImport, hand_over_again, notice_paper,
    paper_run_again, papers_arrived, papers_hand_over, papers_print, papers_return,
};
pub use policies::{Policies, Reach, UNDELIVERABLE, facts_of};
pub use request::{notice_request, notices_request};
pub use serve::{
    NoticeRefusal, ServiceReport, delivery_ended, notice_carry, notice_refused, notice_requeue, notice_serve,
    notice_withdraw,
};
pub use stage::{NotifyDecision, NotifyStage};

use denghuo_rules::notices::NoticeKind;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// 通知单: something that another column wants told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeOrder {
    /// The account.
    pub account_id: i64,
    /// What is told.
    pub kind: NoticeKind,
    /// What it is about, such as `bill:3` or `cut:2:1`; one notice for each kind and subject.
    pub subject: String,
    /// The bill, or 0.
    pub bill_no: i64,
    /// Day by which it has to arrive.
    pub due_by: Date,
    /// Day by which the customer is asked to pay.
    pub deadline_on: Option<Date>,
    /// Principal that is told.
    pub amount: Money,
    /// Late fee that is told.
    pub fee: Money,
    /// JSON object of the parts of the paper that only the asking column knows; merged over the general ones.
    pub content: serde_json::Value,
    /// Ids of the rules.
    pub rules: Vec<String>,
}
