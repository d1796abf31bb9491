//! 抄表记录 of one account, every version.

use super::due::shown;
use crate::db::{Conn, StoreError};
use denghuo_rules::metering::Shown;

/// A reading as it stands in the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastReading {
    /// Day, registers, source, installation.
    pub shown: Shown,
    /// 表号
    pub meter_no: String,
    /// 1 for the first, more for corrections.
    pub version: i64,
    /// Is it the one that counts?
    pub is_current: bool,
    /// Staff code of the reader, when known.
    pub taken_by: Option<String>,
}

/// Every version of the latest `limit` readings of an account, newest day first.
///
/// # Errors
/// The database's.
pub fn reading_history(conn: &mut Conn, account_id: i64, limit: i64) -> Result<Vec<PastReading>, StoreError> {
    conn.query(
        "SELECT r.read_on, r.total, r.sharp, r.peak, r.flat, r.valley, r.deep, r.reactive_forward, r.reactive_reverse, \
         r.max_demand, r.source, r.installation_no, m.meter_no, r.version, r.is_current, w.code FROM reading r \
         JOIN installation i ON i.account_id = r.account_id AND i.installation_no = r.installation_no \
         JOIN meter m ON m.meter_id = i.meter_id LEFT JOIN staff w ON w.staff_id = r.taken_by \
         WHERE r.account_id = $1 ORDER BY r.read_on DESC, r.installation_no, r.version DESC LIMIT $2",
        &[account_id.into(), limit.into()],
        |row| {
            Ok(PastReading {
                shown: shown(row)?,
                meter_no: row.text(12)?,
                version: row.int(13)?,
                is_current: row.truth(14)?,
                taken_by: row.text_or_null(15)?,
            })
        },
    )
}
