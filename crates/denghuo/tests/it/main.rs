//! The program as its users meet it.

mod bad_input;
mod import;
mod payments;
mod kill;
mod quote;
mod readme;
mod rules;
mod site;
