//! 模拟县城: a simulated town from one seed, and a company made of real data; both live through their business days
//! by the same use cases as a real one.

pub mod bench;
pub mod clocks;
pub mod company;
pub mod crew;
pub mod days;
pub mod error;
pub mod lots;
pub mod pictures;
pub mod real;
pub mod schedule;
pub mod simulate;
pub mod site;
pub mod summary;
