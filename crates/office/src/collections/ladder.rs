//! 催费阶梯: every debtor is walked down the ladder that applies to him, and what it asks for is asked for.

mod ask;
mod demand;
mod facts;
mod show;
mod stage;
#[cfg(test)]
pub(crate) mod tests;

pub use demand::{DemandRefusal, demand_now};
pub use facts::{Debtor, Debtors, Ladders, debtors, debtors_due};
pub use show::{LadderShown, StepRefusal, ladder_show, step_done};
pub use stage::{DunDecision, DunStage};
