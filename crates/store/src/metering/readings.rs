//! Readings going in: what is there already, new rows in bulk, and new versions that take the place of old ones.

use super::due::shown;
use crate::day::Range;
use crate::db::{Conn, OPEN_END, StoreError, Table};
use denghuo_rules::metering::Shown;
use jiff::civil::Date;

/// A reading to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewReading {
    /// The account.
    pub account_id: i64,
    /// 1, or more for a correction.
    pub version: i64,
    /// Day, registers, source, installation.
    pub shown: Shown,
    /// Moment of the reading, ms since 1970.
    pub taken_at: Option<i64>,
    /// The reader.
    pub taken_by: Option<i64>,
}

const READING: Table = Table {
    name: "reading",
    columns: &[
        "account_id",
        "read_on",
        "installation_no",
        "version",
        "is_current",
        "total",
        "sharp",
        "peak",
        "flat",
        "valley",
        "deep",
        "reactive_forward",
        "reactive_reverse",
        "max_demand",
        "source",
        "taken_at",
        "taken_by",
    ],
    key: &["account_id", "read_on", "installation_no", "version"],
};

/// Inserts readings as the current ones.
///
/// # Errors
/// The database's; a duplicate when a version is there already.
pub fn write_readings(conn: &mut Conn, rows: &[NewReading]) -> Result<(), StoreError> {
    conn.bulk(&READING, rows, |row, out| {
        let registers = &row.shown.registers;
        out.put(row.account_id).put(registers.on).put(row.shown.installation_no).put(row.version).put(true);
        out.put(registers.total);
        for band in registers.bands {
            out.put(band);
        }
        out.put(registers.reactive_forward).put(registers.reactive_reverse).put(registers.max_demand);
        out.put(row.shown.source.word()).put(row.taken_at).put(row.taken_by);
    })
}

/// Takes the place of the current reading of a meter and day from it, if there is one; nothing is deleted.
///
/// # Errors
/// The database's.
pub fn supersede(
    conn: &mut Conn,
    account_id: i64,
    installation_no: i64,
    read_on: Date,
) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE reading SET is_current = 0 WHERE account_id = $1 AND read_on = $2 AND installation_no = $3 \
         AND is_current = 1",
        &[account_id.into(), read_on.into(), installation_no.into()],
    )?;
    Ok(touched > 0)
}

/// The highest version of a meter and day; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_version(
    conn: &mut Conn,
    account_id: i64,
    installation_no: i64,
    read_on: Date,
) -> Result<i64, StoreError> {
    conn.query_int(
        "SELECT MAX(version) FROM reading WHERE account_id = $1 AND read_on = $2 AND installation_no = $3",
        &[account_id.into(), read_on.into(), installation_no.into()],
    )
}

/// Where a meter hangs, and how far its account is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterPlace {
    /// The account.
    pub account_id: i64,
    /// The installation.
    pub installation_no: i64,
    /// The meter.
    pub meter_id: i64,
    /// 装表日
    pub installed_on: Date,
    /// 拆表日
    pub removed_on: Option<Date>,
    /// 整数位数
    pub digits: i64,
    /// Day of the last billed reading.
    pub billed_to: Option<Date>,
}

/// The places of every meter of a range of accounts, in order of account and installation.
///
/// # Errors
/// The database's.
pub fn meter_places(conn: &mut Conn, range: Range) -> Result<Vec<MeterPlace>, StoreError> {
    conn.query(
        "SELECT i.account_id, i.installation_no, i.meter_id, i.installed_on, i.removed_on, i.digits, s.billed_to \
         FROM installation i LEFT JOIN billing_state s ON s.account_id = i.account_id \
         WHERE i.account_id BETWEEN $1 AND $2 ORDER BY i.account_id, i.installation_no",
        &[range.from.into(), range.to.into()],
        |row| {
            Ok(MeterPlace {
                account_id: row.int(0)?,
                installation_no: row.int(1)?,
                meter_id: row.int(2)?,
                installed_on: row.date(3)?,
                removed_on: if row.int(4)? == OPEN_END { None } else { Some(row.date(4)?) },
                digits: row.int(5)?,
                billed_to: row.date_or_null(6)?,
            })
        },
    )
}

/// A reading that is there, with its highest version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownReading {
    /// The account.
    pub account_id: i64,
    /// Its version.
    pub version: i64,
    /// Is it the one that counts? A reading that was set aside for a new one is kept and does not.
    pub is_current: bool,
    /// Day, registers, source, installation.
    pub shown: Shown,
}

/// The readings of a range and a span of days, every version, in order of account, day, installation and version.
///
/// # Errors
/// The database's.
pub fn known_readings(
    conn: &mut Conn,
    range: Range,
    (first, last): (Date, Date),
) -> Result<Vec<KnownReading>, StoreError> {
    conn.query(
        "SELECT read_on, total, sharp, peak, flat, valley, deep, reactive_forward, reactive_reverse, max_demand, source, \
         installation_no, account_id, version, is_current FROM reading WHERE account_id BETWEEN $1 AND $2 \
         AND read_on BETWEEN $3 AND $4 ORDER BY account_id, read_on, installation_no, version",
        &[range.from.into(), range.to.into(), first.into(), last.into()],
        |row| {
            Ok(KnownReading {
                account_id: row.int(12)?,
                version: row.int(13)?,
                is_current: row.truth(14)?,
                shown: shown(row)?,
            })
        },
    )
}

/// The day to which an account is billed.
///
/// # Errors
/// The database's.
pub fn billed_to(conn: &mut Conn, account_id: i64) -> Result<Option<Date>, StoreError> {
    conn.query_first(
        "SELECT billed_to FROM billing_state WHERE account_id = $1",
        &[account_id.into()],
        |row| row.date(0),
    )
}
