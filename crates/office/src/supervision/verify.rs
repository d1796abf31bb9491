//! Every finding stands where its orders lead, every record of a review where its seed puts it.

use crate::error::OfficeError;
use denghuo_rules::supervision::draw_rank;
use denghuo_store::Conn;
use denghuo_store::supervision::{each_finding, each_sample};

/// Offenders that are named.
const SAMPLE: usize = 20;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupervisionCheck {
    /// How many are wrong.
    pub broken: u64,
    /// The first of them.
    pub sample: Vec<String>,
}

impl SupervisionCheck {
    fn add(&mut self, what: String) {
        self.broken += 1;
        if self.sample.len() < SAMPLE {
            self.sample.push(what);
        }
    }
}

/// Derives the state of every finding again.
///
/// # Errors
/// The database's.
pub fn verify_findings(conn: &mut Conn) -> Result<SupervisionCheck, OfficeError> {
    let mut found = SupervisionCheck::default();
    each_finding(conn, |no, state, facts| {
        if facts.state() != state {
            found.add(no.to_string());
        }
    })?;
    Ok(found)
}

/// Computes the place of every drawn record again: nobody put another in.
///
/// # Errors
/// The database's.
pub fn verify_samples(conn: &mut Conn) -> Result<SupervisionCheck, OfficeError> {
    let mut found = SupervisionCheck::default();
    each_sample(conn, |(review, sample), seed, rank, unit| {
        if draw_rank(seed, unit) != rank {
            found.add(format!("{review}/{sample}"));
        }
    })?;
    Ok(found)
}
