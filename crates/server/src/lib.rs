//! The HTTP API under `/api/v1` and the files of the console.
//!
//! An endpoint is a plain function `fn(&mut Ask, &path, &input) -> Result<answer, Problem>` and one line in the `routes()` of
//! its column, which names its permission. What stands around it - who asks, his rights and scope, the connection, the
//! transaction of an idempotency key, paging, exports, the OpenAPI document - is done once, in [`route`] and [`perform`].

mod api;
mod app;
mod ask;
mod audit;
mod billing;
mod collections;
mod customer;
mod day;
mod disconnection;
mod edge;
mod edit;
mod events;
mod evidence;
mod export;
mod field;
mod home;
mod idempotency;
mod input;
mod ledger;
mod legal;
mod limits;
mod metering;
mod metrics;
mod notices;
mod openapi;
mod organisation;
mod outreach;
mod page;
mod paging;
mod payments;
mod people;
mod perform;
mod pool;
mod principal;
mod problem;
mod registry;
mod route;
mod rulebook;
mod serve;
mod service;
mod sorting;
mod supervision;
mod targets;
mod tasks;
mod webhooks;

pub use api::{endpoints, router};
pub use app::{App, Clock, Moment, Options, PayPort, Ports};
pub use day::tend;
pub use openapi::document;
pub use route::{Access, Endpoint};
pub use serve::serve;
