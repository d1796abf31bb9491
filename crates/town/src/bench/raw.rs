//! The bare loop: the rows that the day wrote, inserted again into an empty database by prepared inserts (SQLite) or COPY
//! (PostgreSQL), range by range, and nothing else.

use denghuo_store::billing;
use denghuo_store::day::Range;
use denghuo_store::ledger;
use denghuo_store::{Conn, StoreError, collections};
use std::time::{Duration, Instant};

/// Accounts of a transaction, as the day has them.
const CHUNK: i64 = 4096;

/// What the bare loop came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawWrites {
    /// Rows inserted.
    pub rows: u64,
    /// Time of the inserts and commits alone.
    pub spent: Duration,
}

/// Copies what the day wrote for accounts `1..=accounts`; only the writing is timed.
///
/// # Errors
/// The database's.
pub fn raw_writes(source: &mut Conn, target: &mut Conn, accounts: i64) -> Result<RawWrites, StoreError> {
    let mut total = RawWrites::default();
    let mut from = 1;
    while from <= accounts {
        let range = Range { from, to: (from + CHUNK - 1).min(accounts) };
        let bills = billing::bills_of(source, range)?;
        let lines = billing::lines_of(source, range)?;
        let states = billing::states(source, range)?;
        let receivables: Vec<_> =
            collections::open_debts(source, range)?.into_iter().map(|debt| debt.receivable).collect();
        let entries = ledger::entries_of(source, range)?;
        let balances = ledger::balances(source, range)?;
        let begun = Instant::now();
        target.write(|target| {
            billing::insert_bills(target, &bills)?;
            billing::insert_lines(target, &lines)?;
            billing::save_states(target, &states)?;
            collections::insert_receivables(target, &receivables)?;
            ledger::write_entries(target, &entries, 0)?;
            ledger::save_balances(target, &balances)
        })?;
        total.spent += begun.elapsed();
        let postings: usize = entries.iter().map(|e| e.entry.postings().len()).sum();
        let rows = [
            bills.len(),
            lines.len(),
            states.len(),
            receivables.len(),
            entries.len(),
            postings,
            balances.len(),
        ];
        total.rows += rows.iter().sum::<usize>() as u64;
        from += CHUNK;
    }
    Ok(total)
}
