//! What law, tariff and contract say: pure functions from facts and a date to decisions.
//!
//! This floor has no clock, no randomness, no I/O and no database. Foundations are [`units`],
//! [`calendar`], [`access`], [`refusal`], [`derivation`], [`evidence`], [`ledger`] and [`rulebook`]; every other module is a column.
#![deny(clippy::float_arithmetic)]

pub mod access;
pub mod billing;
pub mod calendar;
pub mod collections;
pub mod customer;
pub mod derivation;
pub mod disconnection;
pub mod evidence;
pub mod field;
pub mod ledger;
pub mod legal;
pub mod metering;
pub mod notices;
pub mod outreach;
pub mod payments;
pub mod refusal;
pub mod registry;
pub mod rulebook;
pub mod service;
pub mod supervision;
pub mod targets;
pub mod tariff;
pub mod units;
pub mod webhooks;
