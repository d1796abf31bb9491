//! 电费核算与发行 (column `billing`): from accepted readings to bills, from bills to receivables.
//!
//! [`BillStage`] calculates what is due, the stage `issue` releases what may be released. A bill is never changed: a
//! late correction is a bill of the difference, a cancellation a bill of the opposite.

mod assess;
mod calculate;
mod correct;
mod explain;
mod issue;
mod prices;
mod release;
mod shard;
mod stage;
#[cfg(test)]
mod tests;
mod why;

pub(crate) use assess::answer_again;
pub use assess::{AssessRefusal, bill_assess};
pub(crate) use correct::line;
pub use correct::{Correction, bill_cancel, bill_rebill};
pub use explain::{Explained, bill_derivation, bill_explain};
pub use issue::IssueStage;
pub use prices::PriceBook;
pub use release::{ReleaseRefusal, pending_approve, pending_list, standing_release_grant};
pub use stage::BillStage;
pub use why::{Beside, Earlier, WhyBill, WhyRefusal, why_bill};
