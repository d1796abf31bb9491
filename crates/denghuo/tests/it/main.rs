//! The program as its users meet it.

mod import;
mod quote;
mod readme;
mod rules;
