//! Runs one stage shard by shard: a pipeline of a reader and a writer on the embedded database, claimed shards on
//! PostgreSQL.

use super::stages::{DayOptions, DayRefusal};
use crate::error::OfficeError;
use denghuo_store::day::{self, Counts, Range, Shard};
use denghuo_store::{Conn, Engine, Store};
use jiff::civil::Date;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

/// Decisions that may wait for the writer.
const READ_AHEAD: usize = 2;

/// A stage of the day: what is due, what to decide about a range of accounts, how to write it.
pub trait Stage: Sync {
    /// What is decided about one shard.
    type Decision: Send;
    /// Its name, one of [`day::STAGES`].
    fn name(&self) -> &'static str;
    /// The ranges of at most `shard` accounts that are due, planned once a day.
    ///
    /// # Errors
    /// A failure of the database.
    fn plan(&self, conn: &mut Conn, shard: usize) -> Result<Vec<Range>, OfficeError>;
    /// Load and decide; writes nothing.
    ///
    /// # Errors
    /// A failure; what is wrong with one account parks that account instead.
    fn decide(&self, conn: &mut Conn, range: Range) -> Result<Self::Decision, OfficeError>;
    /// Writes the decision, in the transaction of the shard.
    ///
    /// # Errors
    /// A failure of the database.
    fn write(&self, conn: &mut Conn, decision: Self::Decision) -> Result<Counts, OfficeError>;
}

/// Is told how far a stage has come.
pub trait Progress: Sync {
    /// A stage begins with so many open shards.
    fn begin(&self, stage: &str, shards: usize);
    /// A shard has ended.
    fn shard_done(&self, counts: Counts);
    /// The stage has ended.
    fn end(&self, stage: &str, counts: Counts);
    /// Is the day to stop? Asked between two shards; what was done stays done, and the day goes on from there another time.
    fn stops(&self) -> bool {
        false
    }
}

/// Tells nobody.
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: &str, _: usize) {}
    fn shard_done(&self, _: Counts) {}
    fn end(&self, _: &str, _: Counts) {}
}

/// Plans the stage when it is not planned yet, does every open shard and tells what the whole stage came to.
///
/// # Errors
/// The first failure; shards that were done stay done.
pub fn run_stage<S: Stage>(
    stage: &S,
    on: Date,
    store: &Store,
    options: DayOptions,
    progress: &dyn Progress,
) -> Result<Counts, OfficeError> {
    let mut conn = store.connect()?;
    day::plan_stage(&mut conn, on, stage.name(), |conn| stage.plan(conn, options.shard.max(1)))?;
    let open = day::open_shards(&mut conn, on, stage.name())?;
    progress.begin(stage.name(), open.len());
    match conn.engine() {
        Engine::Sqlite => pipeline(stage, on, store, &mut conn, &open, progress)?,
        Engine::Postgres if open.is_empty() => {}
        Engine::Postgres => {
            let workers = options.workers.clamp(1, open.len());
            claim_all(stage, on, (store, &mut conn), workers, progress)?;
        }
    }
    stop_between(progress)?;
    let counts = day::stage_counts(&mut conn, on, stage.name())?;
    progress.end(stage.name(), counts);
    Ok(counts)
}

fn stop_between(progress: &dyn Progress) -> Result<(), OfficeError> {
    if progress.stops() { Err(OfficeError::refuse(DayRefusal::Stopped)) } else { Ok(()) }
}

/// Threads that read and decide ahead of the one writer of the embedded database.
const READERS: usize = 2;

/// Some threads read and decide ahead, this one writes.
fn pipeline<S: Stage>(
    stage: &S,
    on: Date,
    store: &Store,
    writer: &mut Conn,
    open: &[Shard],
    progress: &dyn Progress,
) -> Result<(), OfficeError> {
    if let [only] = open {
        let decision = stage.decide(writer, only.range)?;
        let counts = write_shard(stage, on, writer, *only, decision)?;
        progress.shard_done(counts.unwrap_or_default());
        return Ok(());
    }
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (give, take) = sync_channel(READ_AHEAD);
        for _ in 0..READERS.min(open.len()) {
            let give = give.clone();
            let next = &next;
            scope.spawn(move || read_ahead(stage, store, open, next, &give));
        }
        drop(give);
        for decided in take {
            let (shard, decision) = decided?;
            stop_between(progress)?;
            let counts = write_shard(stage, on, writer, shard, decision)?;
            progress.shard_done(counts.unwrap_or_default());
        }
        Ok(())
    })
}

/// Decides the next open shards until none is left, one fails, or the writer has gone.
fn read_ahead<S: Stage>(
    stage: &S,
    store: &Store,
    open: &[Shard],
    next: &AtomicUsize,
    give: &SyncSender<Result<(Shard, S::Decision), OfficeError>>,
) {
    let mut reader = match store.connect() {
        Ok(reader) => reader,
        Err(error) => {
            // Nobody listens any more only when the writer has failed and tells why itself.
            let _ = give.send(Err(error.into()));
            return;
        }
    };
    while let Some(shard) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
        let decided = stage.decide(&mut reader, shard.range).map(|decision| (*shard, decision));
        let failed = decided.is_err();
        if give.send(decided).is_err() || failed {
            return;
        }
    }
}

/// Writes one decided shard unless another process has done it meanwhile.
fn write_shard<S: Stage>(
    stage: &S,
    on: Date,
    conn: &mut Conn,
    shard: Shard,
    decision: S::Decision,
) -> Result<Option<Counts>, OfficeError> {
    conn.write(|conn| {
        if !day::shard_is_open(conn, on, stage.name(), shard.no)? {
            return Ok(None);
        }
        let counts = stage.write(conn, decision)?;
        day::finish_shard(conn, on, stage.name(), shard.no, counts)?;
        Ok(Some(counts))
    })
}

/// Each worker claims a shard, decides and writes it in one transaction, and takes the next; this thread is one of them.
fn claim_all<S: Stage>(
    stage: &S,
    on: Date,
    (store, conn): (&Store, &mut Conn),
    workers: usize,
    progress: &dyn Progress,
) -> Result<(), OfficeError> {
    let work = |conn: &mut Conn| {
        stop_between(progress)?;
        while let Some(counts) = claim_one(stage, on, conn)? {
            progress.shard_done(counts);
            stop_between(progress)?;
        }
        Ok::<_, OfficeError>(())
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(|| work(&mut store.connect()?))).collect();
        let own = work(conn);
        others
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .fold(own, Result::and)
    })
}

fn claim_one<S: Stage>(stage: &S, on: Date, conn: &mut Conn) -> Result<Option<Counts>, OfficeError> {
    loop {
        let done = claim(stage, on, conn, false)?;
        if done.is_some() {
            return Ok(done);
        }
        // Nothing is free: what is left is in other hands, and this stage has not ended before they let go.
        let done = claim(stage, on, conn, true)?;
        if done.is_some() || day::open_shards(conn, on, stage.name())?.is_empty() {
            return Ok(done);
        }
    }
}

fn claim<S: Stage>(stage: &S, on: Date, conn: &mut Conn, wait: bool) -> Result<Option<Counts>, OfficeError> {
    conn.write(|conn| {
        let Some(shard) = day::claim_shard(conn, on, stage.name(), wait)? else { return Ok(None) };
        let decision = stage.decide(conn, shard.range)?;
        let counts = stage.write(conn, decision)?;
        day::finish_shard(conn, on, stage.name(), shard.no, counts)?;
        Ok(Some(counts))
    })
}
