//! The program as its users meet it.

mod quote;
mod readme;
mod rules;
