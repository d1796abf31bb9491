//! 催费阶梯: the ladder of the book, interpreted. From facts, rules and a day it gives the difference between the steps that
//! should stand and those that do.

mod climb;
mod days;
mod facts;
mod params;
mod tell;
#[cfg(test)]
mod tests;

pub use climb::ladder;
pub use facts::{Arrival, CaseFact, Climb, LadderFacts, NoticeFact, OpenDebt, Step, StepChange, StepState};
pub use params::{Act, Count, DayUnit, Event, HoldEffect, Ladder, LadderParams, StepKind, StepRule, TOPIC};
