//! The program as its users meet it.

mod bad_input;
mod evidence;
mod identity;
mod import;
mod kill;
mod outbox;
mod papers;
mod payments;
mod quote;
mod readme;
mod rules;
mod serve;
mod site;
