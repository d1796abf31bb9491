//! 纸质通知: papers that wait to be printed or handed over, and the runs they left in.

use super::deliveries::{COLUMNS, DeliveryRow, read};
use crate::db::{Conn, StoreError};
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
    let sql =
        "SELECT run_id, channel, agent, made_on, made_by, rows_kept, digest FROM paper_run WHERE run_id = $1";
    conn.query_first(sql, &[run_id.into()], |row| {
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

/// Marks every paper that waits on a channel at a moment as handed over in a run; tells how many.
///
/// # Errors
/// The database's.
pub fn take_into_paper_run(
    conn: &mut Conn,
    run_id: &str,
    channel: Channel,
    until: DateTime,
    sent_at: DateTime,
) -> Result<u64, StoreError> {
    conn.execute(
        "UPDATE delivery SET state = 'sent', sent_at = $4, gateway_ref = $3, attempts = attempts + 1 \
         WHERE channel = $1 AND next_at <= $2 AND state = 'queued'",
        &[channel.word().into(), until.into(), run_id.into(), sent_at.into()],
    )
}
