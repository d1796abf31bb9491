//! Checkpoints of the business day: runs, stages and shards.

use crate::db::{Conn, Engine, Param, StoreError, Table};
use jiff::civil::Date;

mod requests;

pub use requests::{
    OpenedPlace, OpenedTask, OpenedTasks, RequestRow, RunRow, StageProgress, ask, is_stopped, let_go,
    opened_tasks, progress, request, run, runs, seen, stop, take, tasks_opened, unattended,
};

/// A range of accounts, both ends inclusive; `0..=0` for work that belongs to no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First account.
    pub from: i64,
    /// Last account.
    pub to: i64,
}

impl Range {
    /// The range of one account.
    #[must_use]
    pub fn one(account_id: i64) -> Self {
        Self { from: account_id, to: account_id }
    }
}

/// The widest gap between two accounts that are read together: to read over it costs less than to ask once more.
const GAP: i64 = 64;

/// Ranges that hold some accounts and few others; the accounts come in order, and may come twice.
pub fn spans(accounts: impl IntoIterator<Item = i64>) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::new();
    for account in accounts {
        match ranges.last_mut() {
            Some(last) if account - last.to <= GAP => last.to = last.to.max(account),
            _ => ranges.push(Range::one(account)),
        }
    }
    ranges
}

/// One shard of one stage of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its number within the stage.
    pub no: i64,
    /// Its accounts.
    pub range: Range,
}

/// What a shard or a stage came to: `due = done + parked`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// What was due.
    pub due: i64,
    /// What was done.
    pub done: i64,
    /// What was set aside with a reason.
    pub parked: i64,
    /// Money that the stage moved, in fen.
    pub amount_fen: i64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.due += other.due;
        self.done += other.done;
        self.parked += other.parked;
        self.amount_fen += other.amount_fen;
    }
}

const SHARDS: Table = Table {
    name: "day_shard",
    columns: &["run_on", "stage", "shard_no", "from_account", "to_account", "state"],
    key: &["run_on", "stage", "shard_no"],
};

/// Opens the day when it is not open yet; tells its state, `running` or `done`.
///
/// # Errors
/// The database's.
pub fn open_run(conn: &mut Conn, run_on: Date, now: i64) -> Result<String, StoreError> {
    conn.write(|conn| {
        conn.execute(
            "INSERT INTO day_run (run_on, state, started_at) VALUES ($1, 'running', $2) ON CONFLICT (run_on) DO NOTHING",
            &[run_on.into(), now.into()],
        )?;
        let state =
            conn.query_first("SELECT state FROM day_run WHERE run_on = $1", &[run_on.into()], |row| row.text(0))?;
        Ok(state.unwrap_or_default())
    })
}

/// Ends the day with its report.
///
/// # Errors
/// The database's.
pub fn finish_run(conn: &mut Conn, run_on: Date, report: &str, now: i64) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE day_run SET state = 'done', report = $2, finished_at = $3 WHERE run_on = $1 AND state = 'running'",
        &[run_on.into(), report.into(), now.into()],
    )?;
    Ok(())
}

/// The report of a finished day.
///
/// # Errors
/// The database's.
pub fn report(conn: &mut Conn, run_on: Date) -> Result<Option<String>, StoreError> {
    let found =
        conn.query_first("SELECT report FROM day_run WHERE run_on = $1", &[run_on.into()], |row| {
            row.text_or_null(0)
        })?;
    Ok(found.flatten())
}

/// The last day that was opened, with its state.
///
/// # Errors
/// The database's.
pub fn last_run(conn: &mut Conn) -> Result<Option<(Date, String)>, StoreError> {
    conn.query_first("SELECT run_on, state FROM day_run ORDER BY run_on DESC LIMIT 1", &[], |row| {
        Ok((row.date(0)?, row.text(1)?))
    })
}

/// Keeps the shards of a stage, unless some process has planned it already; `plan` is only called then.
///
/// # Errors
/// The database's, or that of `plan`.
pub fn plan_stage<E: From<StoreError>>(
    conn: &mut Conn,
    run_on: Date,
    stage: &str,
    plan: impl FnOnce(&mut Conn) -> Result<Vec<Range>, E>,
) -> Result<(), E> {
    conn.write(|conn| {
        // The row of the day serialises the planning of several processes.
        let lock = for_update(conn, "");
        conn.query_int(&format!("SELECT run_on FROM day_run WHERE run_on = $1{lock}"), &[run_on.into()])?;
        let planned = conn.query_first(
            "SELECT shards FROM day_stage WHERE run_on = $1 AND stage = $2",
            &[run_on.into(), stage.into()],
            |row| row.int(0),
        )?;
        if planned.is_some() {
            return Ok(());
        }
        // A stage's name outlives the rows that carry it.
        let known = STAGES.iter().copied().find(|known| *known == stage);
        let name = known.ok_or_else(|| StoreError::Corrupt(format!("`{stage}` is no stage of a day")))?;
        let ranges = plan(conn)?;
        let day = crate::db::date_to_int(run_on);
        let rows: Vec<(i64, Range)> = (1..).zip(ranges).collect();
        conn.bulk(&SHARDS, &rows, |(no, range), out| {
            out.put(day).put(name).put(*no).put(range.from).put(range.to).put("open");
        })?;
        conn.execute(
            "INSERT INTO day_stage (run_on, stage, shards) VALUES ($1, $2, $3)",
            &[run_on.into(), stage.into(), (rows.len() as i64).into()],
        )?;
        Ok(())
    })
}

/// Every stage of the day, in order.
pub const STAGES: &[&str] = &[
    "collect",
    "verify",
    "bill",
    "issue",
    "notify",
    "post",
    "accrue",
    "dun",
    "disconnect",
    "legal",
    "serve",
    "measure",
    "supervise",
    "outreach",
    "detect",
    "close",
];

/// Open shards of a stage, in order.
///
/// # Errors
/// The database's.
pub fn open_shards(conn: &mut Conn, run_on: Date, stage: &str) -> Result<Vec<Shard>, StoreError> {
    conn.query(
        "SELECT shard_no, from_account, to_account FROM day_shard WHERE run_on = $1 AND stage = $2 AND state = 'open' \
         ORDER BY shard_no",
        &[run_on.into(), stage.into()],
        read_shard,
    )
}

/// Claims the next open shard for the running transaction. With `wait` it waits for a shard that another process
/// holds, so that no stage begins before the one before it has ended.
///
/// # Errors
/// The database's.
pub fn claim_shard(
    conn: &mut Conn,
    run_on: Date,
    stage: &str,
    wait: bool,
) -> Result<Option<Shard>, StoreError> {
    let lock = for_update(conn, if wait { "" } else { " SKIP LOCKED" });
    conn.query_first(
        &format!(
            "SELECT shard_no, from_account, to_account FROM day_shard WHERE run_on = $1 AND stage = $2 \
             AND state = 'open' ORDER BY shard_no LIMIT 1{lock}"
        ),
        &[run_on.into(), stage.into()],
        read_shard,
    )
}

/// Is the shard still to be done? Asked inside the transaction that does it.
///
/// # Errors
/// The database's.
pub fn shard_is_open(conn: &mut Conn, run_on: Date, stage: &str, no: i64) -> Result<bool, StoreError> {
    let open = conn.query_int(
        "SELECT COUNT(*) FROM day_shard WHERE run_on = $1 AND stage = $2 AND shard_no = $3 AND state = 'open'",
        &[run_on.into(), stage.into(), no.into()],
    )?;
    Ok(open > 0)
}

/// Marks a shard as done with its counts, in the transaction that did it.
///
/// # Errors
/// The database's.
pub fn finish_shard(
    conn: &mut Conn,
    run_on: Date,
    stage: &str,
    no: i64,
    counts: Counts,
) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE day_shard SET state = 'done', due = $4, done = $5, parked = $6, amount_fen = $7 \
         WHERE run_on = $1 AND stage = $2 AND shard_no = $3",
        &[
            run_on.into(),
            stage.into(),
            no.into(),
            counts.due.into(),
            counts.done.into(),
            counts.parked.into(),
            counts.amount_fen.into(),
        ],
    )?;
    Ok(())
}

/// What a stage came to on a day.
///
/// # Errors
/// The database's.
pub fn stage_counts(conn: &mut Conn, run_on: Date, stage: &str) -> Result<Counts, StoreError> {
    let counts = conn.query_first(
        "SELECT CAST(COALESCE(SUM(due), 0) AS BIGINT), CAST(COALESCE(SUM(done), 0) AS BIGINT), \
         CAST(COALESCE(SUM(parked), 0) AS BIGINT), CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) \
         FROM day_shard WHERE run_on = $1 AND stage = $2",
        &[run_on.into(), stage.into()],
        |row| {
            Ok(Counts { due: row.int(0)?, done: row.int(1)?, parked: row.int(2)?, amount_fen: row.int(3)? })
        },
    )?;
    Ok(counts.unwrap_or_default())
}

/// Ranges of at most `size` accounts over the accounts that a query lists in order. A range ends before a wide gap, so
/// that a load by range reads little that is not due.
///
/// # Errors
/// The database's.
pub fn ranges_of(
    conn: &mut Conn,
    accounts_in_order: &str,
    params: &[Param<'_>],
    size: usize,
) -> Result<Vec<Range>, StoreError> {
    let mut ranges: Vec<Range> = Vec::new();
    let mut in_last = 0;
    conn.for_each(accounts_in_order, params, |row| {
        let account = row.int(0)?;
        match ranges.last_mut() {
            Some(last) if last.to == account => {}
            Some(last) if in_last < size && account - last.to <= 4 * size as i64 => {
                last.to = account;
                in_last += 1;
            }
            _ => {
                ranges.push(Range { from: account, to: account });
                in_last = 1;
            }
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(ranges)
}

fn for_update(conn: &Conn, how: &str) -> String {
    match conn.engine() {
        Engine::Sqlite => String::new(),
        Engine::Postgres => format!(" FOR UPDATE{how}"),
    }
}

fn read_shard(row: &crate::db::Row<'_>) -> Result<Shard, StoreError> {
    Ok(Shard { no: row.int(0)?, range: Range { from: row.int(1)?, to: row.int(2)? } })
}
