//! Schema, migrations and queries: the only floor that knows SQL.
//!
//! [`db`] is the seam over the two kept drivers; [`testing`] opens throw-away databases on both engines. Every
//! other module is a column or a foundation with its queries.

pub mod access;
pub mod audit;
pub mod billing;
pub mod collections;
pub mod customer;
pub mod day;
pub mod db;
pub mod disconnection;
pub mod evidence;
pub mod field;
pub mod ledger;
pub mod legal;
pub mod metering;
mod migrate;
pub mod notices;
pub mod outreach;
pub mod payments;
pub mod registry;
pub mod rulebook;
pub mod service;
pub mod site;
pub mod supervision;
pub mod targets;
pub mod tasks;
pub mod testing;
pub mod verify;
pub mod webhooks;

pub use db::{Conn, Engine, Param, Row, Store, StoreError, Table};
