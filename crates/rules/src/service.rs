//! 客户服务 (column `service`): what customers ask for, by when it has been promised, and who is told when it is late.
//!
//! A ticket is its moment of acceptance and the deeds done on it. Everything else - its state, its clocks, what is to be
//! escalated - is computed from them, so a late entry corrects the clocks by itself.

mod clock;
mod escalation;
mod flow;
mod limit;
pub mod problem;
#[cfg(test)]
mod tests;
mod ticket;

pub use clock::{Clock, ClockKind, ClockState, Measure, clocks};
pub use escalation::{Escalation, EscalationRule, EscalationStep, escalations, next_moment};
pub use flow::{FlowRefusal, Wanted, check_deed};
pub use limit::{AnswerFrom, Limits, PauseReason, PauseRule, ServiceLimit, Term, Terms};
pub use ticket::{
    Area, Deed, Event, Request, Satisfaction, TicketFacts, TicketKind, TicketSource, TicketState,
};
