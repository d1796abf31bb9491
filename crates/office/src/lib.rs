//! The work of each column, and the business day.

pub mod access;
pub mod billing;
pub mod collections;
pub mod customer;
pub mod day;
pub mod disconnection;
pub mod error;
pub mod evidence;
pub mod field;
pub mod import;
pub mod ledger;
pub mod legal;
pub mod metering;
pub mod notices;
pub mod outreach;
pub mod payments;
pub mod ports;
pub mod registry;
pub mod rulebook;
pub mod service;
pub mod supervision;
pub mod targets;
pub mod verify;
pub mod webhooks;
pub mod work;
