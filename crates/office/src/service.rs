//! 客户服务 (column `service`): tickets are taken, worked on, watched.

mod deed;
mod open;
pub mod problem;
mod refusal;
mod show;
mod sweep;
mod verify;
mod watch;

pub use deed::{DeedOrder, ticket_do};
pub use open::{NewTicket, ticket_open};
pub use refusal::TicketRefusal;
pub use show::{ClockShown, EventShown, TicketShown, code_of, key_of, ticket_show};
pub use sweep::{service_ranges, service_sweep};
pub use verify::{TicketCheck, verify_tickets};

/// Task of who has a ticket.
pub const WORK: &str = "ticket";
/// Task of who was told that a ticket is late.
pub const LATE: &str = "ticket_late";
