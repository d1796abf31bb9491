//! 监督 (column `supervision`): what the records of the work give away, who has to put it right by when, and what it costs him.
//!
//! Checks turn facts into hits; a hit becomes a finding once. A finding is put right by orders: each has an owner and a deadline,
//! a measure is told, and another person verifies it. Reviews look at records that were drawn, by a list of the book.

mod check;
mod finding;
mod penalty;
mod review;
#[cfg(test)]
mod tests;
pub mod training;

pub use check::{
    Act, Check, CheckRule, Hit, Pace, Phase, Severity, Share, acts, acts_within, paces, shares, statement,
};
pub use finding::{
    EscalationStep, FindingDeed, FindingFacts, FindingRefusal, FindingSource, FindingState, OrderFacts,
    RectificationRule, check_deed, escalation_due,
};
pub use penalty::{
    PenaltyFacts, PenaltyRefusal, PenaltyRule, PenaltyState, check_appeal, check_decision, points,
};
pub use review::{
    Answer, ChecklistRule, ListItem, Population, ReviewState, Unit, draw, draw_rank, quotas, sample_size,
};
