//! 纸质通知: papers that wait to be printed or handed over, and the runs they left in.

use super::deliveries::{COLUMNS, DeliveryRow, read};
use crate::db::{Condition, Conn, Row, StoreError};
use denghuo_rules::notices::Channel;
use jiff::civil::{Date, DateTime};

/// 打印批次, 委托派发批次
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperRunRow {
    /// Its id, such as `2026-09-08-paper_own`.
    pub run_id: String,
    /// How the papers leave.
    pub channel: Channel,
    /// The delegated company.
    pub agent: Option<String>,
    /// Business day.
    pub made_on: Date,
    /// Who made it.
    pub made_by: String,
    /// Papers in it.
    pub rows_kept: i64,
    /// Digest of the file that left.
    pub digest: String,
}

/// Keeps a run.
///
/// # Errors
/// The database's; an id that is taken is a duplicate.
pub fn insert_paper_run(conn: &mut Conn, row: &PaperRunRow, recorded_at: i64) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO paper_run (run_id, channel, agent, made_on, made_by, rows_kept, digest, recorded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            (&row.run_id).into(),
            row.channel.word().into(),
            row.agent.as_deref().into(),
            row.made_on.into(),
            (&row.made_by).into(),
            row.rows_kept.into(),
            (&row.digest).into(),
            recorded_at.into(),
        ],
    )?;
    Ok(())
}

/// A run by its id.
///
/// # Errors
/// The database's.
pub fn paper_run(conn: &mut Conn, run_id: &str) -> Result<Option<PaperRunRow>, StoreError> {
    let sql = format!("{RUN} WHERE run_id = $1");
    conn.query_first(&sql, &[run_id.into()], read_run)
}

/// The runs from a day on, the latest first, at most so many.
///
/// # Errors
/// The database's.
pub fn paper_runs(conn: &mut Conn, since: Date, limit: i64) -> Result<Vec<PaperRunRow>, StoreError> {
    let sql = format!("{RUN} WHERE made_on >= $1 ORDER BY made_on DESC, run_id DESC LIMIT $2");
    conn.query(&sql, &[since.into(), limit.into()], read_run)
}

const RUN: &str = "SELECT run_id, channel, agent, made_on, made_by, rows_kept, digest FROM paper_run";

fn read_run(row: &Row<'_>) -> Result<PaperRunRow, StoreError> {
    let channel = row.str(1)?;
    Ok(PaperRunRow {
        channel: Channel::from_word(channel)
            .ok_or_else(|| StoreError::Corrupt(format!("`{channel}` is no channel")))?,
        run_id: row.text(0)?,
        agent: row.text_or_null(2)?,
        made_on: row.date(3)?,
        made_by: row.text(4)?,
        rows_kept: row.int(5)?,
        digest: row.text(6)?,
    })
}

/// Papers that wait on a channel at a moment, by account and notice.
///
/// # Errors
/// The database's.
pub fn queued_papers(
    conn: &mut Conn,
    channel: Channel,
    until: DateTime,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery d WHERE d.channel = $1 AND d.next_at <= $2 AND d.state = 'queued' \
         ORDER BY d.account_id, d.notice_no, d.delivery_no"
    );
    conn.query(&sql, &[channel.word().into(), until.into()], read)
}

/// The papers of a run, by account and notice.
///
/// # Errors
/// The database's.
pub fn in_paper_run(conn: &mut Conn, run_id: &str) -> Result<Vec<DeliveryRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery d WHERE d.gateway_ref = $1 ORDER BY d.account_id, d.notice_no, d.delivery_no"
    );
    conn.query(&sql, &[run_id.into()], read)
}

/// Marks every paper of a unit and those below it (0: of all) that waits on a channel at a moment as handed over in a run; tells how
/// many.
///
/// # Errors
/// The database's.
pub fn take_into_paper_run(
    conn: &mut Conn,
    run_id: &str,
    (channel, root): (Channel, i64),
    until: DateTime,
    sent_at: DateTime,
) -> Result<u64, StoreError> {
    let mut which = Condition::of("state = 'queued'");
    let (run, sent) = (which.place(run_id), which.place(sent_at));
    which.and("channel = ?", channel.word());
    which.and("next_at <= ?", until);
    which.accounts_within("account_id", root);
    let sql = format!(
        "UPDATE delivery SET state = 'sent', sent_at = {sent}, gateway_ref = {run}, attempts = attempts + 1 WHERE {}",
        which.sql()
    );
    conn.execute(&sql, which.params())
}

/// Do all papers of a run belong to a unit and those below it? 0: whatever they belong to.
///
/// # Errors
/// The database's.
pub fn run_is_within(conn: &mut Conn, run_id: &str, root: i64) -> Result<bool, StoreError> {
    if root == 0 {
        return Ok(true);
    }
    let mut which = Condition::default();
    which.and("d.gateway_ref = ?", run_id);
    which.within("a.org_id", root);
    let sql = format!(
        "SELECT COUNT(*) FROM delivery d WHERE d.gateway_ref = $1 AND NOT EXISTS \
         (SELECT 1 FROM account a WHERE a.account_id = d.account_id AND {})",
        which.sql()
    );
    Ok(conn.query_int(&sql, which.params())? == 0)
}
