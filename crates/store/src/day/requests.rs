//! 营业日运行: days that somebody asked a server to run, how far each has come, and what it found.

use crate::db::{Conn, Param, Row, StoreError};
use crate::tasks::both;
use denghuo_rules::derivation::Bilingual;
use jiff::civil::Date;

/// A day that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// The business date.
    pub run_on: Date,
    /// `running`, `stopped`, `failed` or `done`.
    pub state: String,
    /// Staff code.
    pub asked_by: String,
    /// When, ms since 1970.
    pub asked_at: i64,
    /// The process that runs it; empty before one has taken it.
    pub worker: String,
    /// Its last sign of life, ms since 1970.
    pub seen_at: i64,
    /// Who stopped it.
    pub stop_by: Option<String>,
    /// Why it failed, as JSON: code and both sentences.
    pub failure: Option<String>,
}

const REQUEST: &str = "run_on, state, asked_by, asked_at, worker, seen_at, stop_by, failure";

fn request_row(row: &Row<'_>) -> Result<RequestRow, StoreError> {
    Ok(RequestRow {
        run_on: row.date(0)?,
        state: row.text(1)?,
        asked_by: row.text(2)?,
        asked_at: row.int(3)?,
        worker: row.text(4)?,
        seen_at: row.int(5)?,
        stop_by: row.text_or_null(6)?,
        failure: row.text_or_null(7)?,
    })
}

/// The request for a day.
///
/// # Errors
/// The database's.
pub fn request(conn: &mut Conn, run_on: Date) -> Result<Option<RequestRow>, StoreError> {
    let sql = format!("SELECT {REQUEST} FROM day_request WHERE run_on = $1");
    conn.query_first(&sql, &[run_on.into()], request_row)
}

/// Asks for a day; tells whether it was not asked for already. One that was stopped or has failed is asked for anew.
///
/// # Errors
/// The database's.
pub fn ask(conn: &mut Conn, run_on: Date, by: &str, now: i64) -> Result<bool, StoreError> {
    let fresh = conn.execute(
        "INSERT INTO day_request (run_on, state, asked_by, asked_at, worker, seen_at) VALUES ($1, 'running', $2, $3, '', 0) \
         ON CONFLICT (run_on) DO UPDATE SET state = 'running', asked_by = excluded.asked_by, asked_at = excluded.asked_at, \
         worker = '', seen_at = 0, stop_by = NULL, failure = NULL WHERE day_request.state <> 'running'",
        &[run_on.into(), by.into(), now.into()],
    )?;
    Ok(fresh > 0)
}

/// Days that were asked for and have no living worker.
///
/// # Errors
/// The database's.
pub fn unattended(conn: &mut Conn, stale: i64) -> Result<Vec<Date>, StoreError> {
    conn.query(
        "SELECT run_on FROM day_request WHERE state = 'running' AND seen_at < $1 ORDER BY run_on",
        &[stale.into()],
        |row| row.date(0),
    )
}

/// Takes a day that has no living worker; tells whether it is ours now.
///
/// # Errors
/// The database's.
pub fn take(
    conn: &mut Conn,
    run_on: Date,
    worker: &str,
    (stale, now): (i64, i64),
) -> Result<bool, StoreError> {
    let taken = conn.execute(
        "UPDATE day_request SET worker = $2, seen_at = $4 WHERE run_on = $1 AND state = 'running' AND seen_at < $3",
        &[run_on.into(), worker.into(), stale.into(), now.into()],
    )?;
    Ok(taken > 0)
}

/// A sign of life of every day that a worker has.
///
/// # Errors
/// The database's.
pub fn seen(conn: &mut Conn, worker: &str, now: i64) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE day_request SET seen_at = $2 WHERE worker = $1 AND state = 'running'",
        &[worker.into(), now.into()],
    )?;
    Ok(())
}

/// Asks a running day to stop; tells whether there was one.
///
/// # Errors
/// The database's.
pub fn stop(conn: &mut Conn, run_on: Date, by: &str) -> Result<bool, StoreError> {
    let told = conn.execute(
        "UPDATE day_request SET stop_by = $2 WHERE run_on = $1 AND state = 'running'",
        &[run_on.into(), by.into()],
    )?;
    Ok(told > 0)
}

/// Is the day to stop?
///
/// # Errors
/// The database's.
pub fn is_stopped(conn: &mut Conn, run_on: Date) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM day_request WHERE run_on = $1 AND stop_by IS NOT NULL";
    Ok(conn.query_int(sql, &[run_on.into()])? > 0)
}

/// A worker lets go of a day: `running` gives it to the next worker, everything else ends the request.
///
/// # Errors
/// The database's.
pub fn let_go(
    conn: &mut Conn,
    (run_on, worker): (Date, &str),
    state: &str,
    failure: Option<&str>,
) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE day_request SET state = $3, failure = $4, worker = '', seen_at = 0 WHERE run_on = $1 AND worker = $2",
        &[run_on.into(), worker.into(), state.into(), failure.into()],
    )?;
    Ok(())
}

/// How far a stage has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageProgress {
    /// Its name.
    pub stage: String,
    /// Shards that were planned.
    pub shards: i64,
    /// Shards that are done.
    pub shards_done: i64,
    /// What they came to.
    pub counts: super::Counts,
}

/// How far the stages of a day have come, in their order; those that are not planned yet are left out.
///
/// # Errors
/// The database's.
pub fn progress(conn: &mut Conn, run_on: Date) -> Result<Vec<StageProgress>, StoreError> {
    let planned = conn.query(
        "SELECT g.stage, g.shards, CAST(COALESCE(SUM(CASE WHEN s.state = 'done' THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(s.due), 0) AS BIGINT), CAST(COALESCE(SUM(s.done), 0) AS BIGINT), \
         CAST(COALESCE(SUM(s.parked), 0) AS BIGINT), CAST(COALESCE(SUM(s.amount_fen), 0) AS BIGINT) \
         FROM day_stage g LEFT JOIN day_shard s ON s.run_on = g.run_on AND s.stage = g.stage WHERE g.run_on = $1 \
         GROUP BY g.stage, g.shards",
        &[run_on.into()],
        |row| {
            Ok(StageProgress {
                stage: row.text(0)?,
                shards: row.int(1)?,
                shards_done: row.int(2)?,
                counts: super::Counts {
                    due: row.int(3)?,
                    done: row.int(4)?,
                    parked: row.int(5)?,
                    amount_fen: row.int(6)?,
                },
            })
        },
    )?;
    let place = |stage: &str| super::STAGES.iter().position(|known| *known == stage);
    let mut ordered = planned;
    ordered.sort_by_key(|stage| place(&stage.stage));
    Ok(ordered)
}

/// A run of a day as the database keeps it, with the request for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// The business date.
    pub run_on: Date,
    /// `running` or `done`; none when it was asked for and has not begun.
    pub state: Option<String>,
    /// Its report as JSON, when it is done.
    pub report: Option<String>,
    /// When it began, ms since 1970.
    pub started_at: Option<i64>,
    /// When it ended, ms since 1970.
    pub finished_at: Option<i64>,
}

const RUNS: &str = "SELECT d.run_on, r.state, r.report, r.started_at, r.finished_at FROM \
    (SELECT run_on FROM day_run UNION SELECT run_on FROM day_request) d LEFT JOIN day_run r ON r.run_on = d.run_on";

fn run_row(row: &Row<'_>) -> Result<RunRow, StoreError> {
    Ok(RunRow {
        run_on: row.date(0)?,
        state: row.text_or_null(1)?,
        report: row.text_or_null(2)?,
        started_at: row.int_or_null(3)?,
        finished_at: row.int_or_null(4)?,
    })
}

/// Runs of days, the latest first, before a day.
///
/// # Errors
/// The database's.
pub fn runs(conn: &mut Conn, before: Option<Date>, limit: i64) -> Result<Vec<RunRow>, StoreError> {
    let before = before.unwrap_or(Date::MAX);
    let sql = format!("{RUNS} WHERE d.run_on < $1 ORDER BY d.run_on DESC LIMIT $2");
    conn.query(&sql, &[before.into(), limit.into()], run_row)
}

/// The run of a day.
///
/// # Errors
/// The database's.
pub fn run(conn: &mut Conn, run_on: Date) -> Result<Option<RunRow>, StoreError> {
    conn.query_first(&format!("{RUNS} WHERE d.run_on = $1"), &[run_on.into()], run_row)
}

/// Tasks of a kind that were opened on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedTasks {
    /// The kind.
    pub kind: String,
    /// How many.
    pub count: i64,
    /// How many of them are open still.
    pub open: i64,
}

/// The condition on tasks `t` of accounts `a` below a unit; none for all.
fn below(root: i64, place: usize) -> String {
    if root == 0 {
        return String::new();
    }
    format!(
        " AND (t.account_id = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org \
         WHERE org_id = ${place} UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) \
         SELECT org_id FROM below))"
    )
}

/// Tasks that were opened on a day, counted by kind, of a unit and those below it (0: all).
///
/// # Errors
/// The database's.
pub fn tasks_opened(conn: &mut Conn, on: Date, root: i64) -> Result<Vec<OpenedTasks>, StoreError> {
    let mut params: Vec<Param<'_>> = vec![on.into()];
    params.extend((root != 0).then(|| Param::from(root)));
    let sql = format!(
        "SELECT t.kind, COUNT(*), CAST(SUM(CASE WHEN t.state = 'open' THEN 1 ELSE 0 END) AS BIGINT) FROM task t \
         LEFT JOIN account a ON a.account_id = t.account_id WHERE t.opened_on = $1{} GROUP BY t.kind ORDER BY t.kind",
        below(root, 2)
    );
    conn.query(&sql, &params, |row| {
        Ok(OpenedTasks { kind: row.text(0)?, count: row.int(1)?, open: row.int(2)? })
    })
}

/// A task that was opened on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedTask {
    /// Its account, 0 for none.
    pub account_id: i64,
    /// 户号
    pub account_no: Option<String>,
    /// What kind of work it is.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// Codes of the findings.
    pub codes: String,
    /// The findings in words.
    pub detail: Bilingual,
    /// `open` or `done`.
    pub state: String,
}

/// Where a page of opened tasks begins: kind, account and subject of the last one before.
pub type OpenedPlace = (String, i64, String);

/// Tasks that were opened on a day, of one kind or of all, by kind and account, of a unit and those below it (0: all).
///
/// # Errors
/// The database's.
pub fn opened_tasks(
    conn: &mut Conn,
    (on, kind): (Date, Option<&str>),
    root: i64,
    after: Option<&OpenedPlace>,
    limit: i64,
) -> Result<Vec<OpenedTask>, StoreError> {
    let mut params: Vec<Param<'_>> = vec![on.into()];
    let mut sql = String::from(
        "SELECT t.account_id, a.account_no, t.kind, t.subject, t.codes, t.detail, t.detail_en, t.state FROM task t \
         LEFT JOIN account a ON a.account_id = t.account_id WHERE t.opened_on = $1",
    );
    if root != 0 {
        params.push(root.into());
        sql += &below(root, params.len());
    }
    if let Some(kind) = kind {
        params.push(kind.into());
        sql += &format!(" AND t.kind = ${}", params.len());
    }
    if let Some((kind, account_id, subject)) = after {
        let at = params.len();
        params.extend([kind.into(), Param::from(*account_id), subject.into()]);
        sql += &format!(" AND (t.kind, t.account_id, t.subject) > (${}, ${}, ${})", at + 1, at + 2, at + 3);
    }
    params.push(limit.into());
    sql += &format!(" ORDER BY t.kind, t.account_id, t.subject LIMIT ${}", params.len());
    conn.query(&sql, &params, |row| {
        Ok(OpenedTask {
            account_id: row.int(0)?,
            account_no: row.text_or_null(1)?,
            kind: row.text(2)?,
            subject: row.text(3)?,
            codes: row.text(4)?,
            detail: both(row.text(5)?, row.text(6)?),
            state: row.text(7)?,
        })
    })
}
