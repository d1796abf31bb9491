//! 模拟县城: a simulated town from one seed, and a company made of real data; both live through their business days
//! by the same use cases as a real one.

pub mod bench;
pub mod company;
pub mod lots;
pub mod site;
