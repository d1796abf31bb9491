//! The program as its users meet it.

mod import;
mod payments;
mod quote;
mod readme;
mod rules;
