//! 实绩来源: what people did in a period, counted from the facts that the other columns keep.

use crate::db::{Conn, StoreError};
use jiff::civil::Date;

/// Counts of one person or route, in the order that the query names.
pub type Counted<const N: usize> = (i64, [i64; N]);

/// Meters that were read between two days, by the reader of their route: read, of them estimated, of them corrected later.
///
/// # Errors
/// The database's.
pub fn readings_done(conn: &mut Conn, from: Date, to: Date) -> Result<Vec<Counted<3>>, StoreError> {
    conn.query(
        "SELECT t.reader_id, COUNT(*), CAST(SUM(CASE WHEN r.source = 'provisional' THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM reading o WHERE o.account_id = r.account_id AND o.read_on = r.read_on \
           AND o.installation_no = r.installation_no AND o.version < r.version AND o.source <> 'provisional') THEN 1 ELSE 0 END) AS BIGINT) \
         FROM reading r JOIN account a ON a.account_id = r.account_id JOIN route t ON t.route_id = a.route_id \
         WHERE r.is_current = 1 AND r.read_on BETWEEN $1 AND $2 AND r.source NOT IN ('install', 'remove') \
         AND t.reader_id IS NOT NULL GROUP BY t.reader_id ORDER BY t.reader_id",
        &[from.into(), to.into()],
        |row| Ok((row.int(0)?, [row.int(1)?, row.int(2)?, row.int(3)?])),
    )
}

/// Notices whose last day of arrival lay between two days, by route: how many, of them arrived in time.
///
/// # Errors
/// The database's.
pub fn notices_done(conn: &mut Conn, from: Date, to: Date) -> Result<Vec<Counted<2>>, StoreError> {
    conn.query(
        "SELECT a.route_id, COUNT(*), CAST(SUM(CASE WHEN n.served_at IS NOT NULL AND n.served_at / 1000000 <= n.due_by \
         THEN 1 ELSE 0 END) AS BIGINT) FROM notice n JOIN account a ON a.account_id = n.account_id \
         WHERE n.due_by BETWEEN $1 AND $2 AND n.state <> 'withdrawn' GROUP BY a.route_id ORDER BY a.route_id",
        &[from.into(), to.into()],
        |row| Ok((row.int(0)?, [row.int(1)?, row.int(2)?])),
    )
}

/// Tickets that ended between two days, by the staff code of who had them: how many, of them never overdue, rated, content.
///
/// # Errors
/// The database's.
pub fn tickets_done(conn: &mut Conn, from: Date, to: Date) -> Result<Vec<(String, [i64; 4])>, StoreError> {
    conn.query(
        "SELECT owner, COUNT(*), CAST(SUM(1 - late) AS BIGINT), CAST(SUM(rated) AS BIGINT), CAST(SUM(content) AS BIGINT) FROM ( \
         SELECT t.owner, CASE WHEN EXISTS (SELECT 1 FROM ticket_event e WHERE e.account_id = t.account_id AND e.ticket_no = t.ticket_no \
             AND e.once_key LIKE '%:overdue') THEN 1 ELSE 0 END AS late, \
           CASE WHEN EXISTS (SELECT 1 FROM ticket_event e WHERE e.account_id = t.account_id AND e.ticket_no = t.ticket_no \
             AND e.satisfaction IN ('satisfied', 'neutral', 'unsatisfied')) THEN 1 ELSE 0 END AS rated, \
           CASE WHEN EXISTS (SELECT 1 FROM ticket_event e WHERE e.account_id = t.account_id AND e.ticket_no = t.ticket_no \
             AND e.satisfaction = 'satisfied') AND NOT EXISTS (SELECT 1 FROM ticket_event e WHERE e.account_id = t.account_id \
             AND e.ticket_no = t.ticket_no AND e.satisfaction IN ('neutral', 'unsatisfied')) THEN 1 ELSE 0 END AS content \
         FROM ticket t WHERE t.owner IS NOT NULL AND t.state = 'closed' AND t.ended_at / 1000000 BETWEEN $1 AND $2) y \
         GROUP BY owner ORDER BY owner",
        &[from.into(), to.into()],
        |row| Ok((row.text(0)?, [row.int(1)?, row.int(2)?, row.int(3)?, row.int(4)?])),
    )
}

/// Praise that customers gave between two days, by route.
///
/// # Errors
/// The database's.
pub fn praise_taken(conn: &mut Conn, from: Date, to: Date) -> Result<Vec<Counted<1>>, StoreError> {
    conn.query(
        "SELECT a.route_id, COUNT(*) FROM ticket t JOIN account a ON a.account_id = t.account_id \
         WHERE t.request = 'praise' AND t.state <> 'withdrawn' AND t.accepted_at / 1000000 BETWEEN $1 AND $2 \
         GROUP BY a.route_id ORDER BY a.route_id",
        &[from.into(), to.into()],
        |row| Ok((row.int(0)?, [row.int(1)?])),
    )
}

/// Findings that named somebody and had to be put right, and certificates that were won, between two days, by staff code.
///
/// # Errors
/// The database's.
pub fn supervision_done(
    conn: &mut Conn,
    from: Date,
    to: Date,
) -> Result<Vec<(String, [i64; 2])>, StoreError> {
    conn.query(
        "SELECT person, CAST(SUM(found) AS BIGINT), CAST(SUM(won) AS BIGINT) FROM ( \
         SELECT f.person, 1 AS found, 0 AS won FROM finding f WHERE f.person IS NOT NULL AND f.found_on BETWEEN $1 AND $2 \
           AND EXISTS (SELECT 1 FROM rectification r WHERE r.finding_no = f.finding_no) \
         UNION ALL SELECT c.person, 0, 1 FROM certificate c WHERE c.from_on BETWEEN $1 AND $2) y \
         GROUP BY person ORDER BY person",
        &[from.into(), to.into()],
        |row| Ok((row.text(0)?, [row.int(1)?, row.int(2)?])),
    )
}
