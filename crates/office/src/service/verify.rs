//! Every ticket stands where its deeds lead.

use crate::error::OfficeError;
use denghuo_rules::service::TicketFacts;
use denghuo_store::Conn;
use denghuo_store::service::each_ticket;

/// Offenders that are named.
const SAMPLE: usize = 20;

/// What the check of the tickets found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketCheck {
    /// How many are wrong.
    pub broken: u64,
    /// The first of them.
    pub sample: Vec<String>,
}

/// Derives the state of every ticket again, and looks that its deeds stand in the order of time.
///
/// # Errors
/// The database's.
pub fn verify_tickets(conn: &mut Conn) -> Result<TicketCheck, OfficeError> {
    let mut found = TicketCheck::default();
    each_ticket(conn, |(account_id, ticket_no), state, facts: &TicketFacts| {
        if facts.state() != state || !facts.events.is_sorted_by_key(|event| event.at) {
            found.broken += 1;
            if found.sample.len() < SAMPLE {
                found.sample.push(format!("{account_id}/{ticket_no}"));
            }
        }
    })?;
    Ok(found)
}
