//! The API as a client sees it, on both engines, without a network.

mod accounts;
mod audit;
mod collections;
mod customer;
mod day;
mod disconnection;
mod documents;
mod field;
mod home;
mod hostile;
mod legal;
mod metering;
mod notices;
mod organisation;
mod outreach;
mod payments;
mod people;
mod problems;
mod requests;
mod rights;
mod rulebook;
mod service;
mod supervision;
mod targets;
mod webhooks;
mod world;
