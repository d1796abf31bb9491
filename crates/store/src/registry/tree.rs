//! The organisation and its routes.

use super::rows::{Org, Route, Staff};
use crate::db::{Conn, StoreError};
use jiff::civil::Date;

/// Every unit, parents before their children by key.
///
/// # Errors
/// The database's.
pub fn orgs(conn: &mut Conn) -> Result<Vec<Org>, StoreError> {
    conn.query("SELECT org_id, code, name, kind, parent_id FROM org ORDER BY org_id", &[], |row| {
        Ok(Org {
            org_id: row.int(0)?,
            code: row.text(1)?,
            name: row.text(2)?,
            kind: row.text(3)?,
            parent_id: row.int_or_null(4)?,
        })
    })
}

/// A unit and every unit below it.
///
/// # Errors
/// The database's.
pub fn descendants(conn: &mut Conn, org_id: i64) -> Result<Vec<i64>, StoreError> {
    conn.query(
        "WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org WHERE org_id = $1 \
         UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) \
         SELECT org_id FROM below ORDER BY org_id",
        &[org_id.into()],
        |row| row.int(0),
    )
}

/// A route.
///
/// # Errors
/// The database's.
pub fn route(conn: &mut Conn, route_id: i64) -> Result<Option<Route>, StoreError> {
    conn.query_first(
        "SELECT route_id, code, name, org_id, reader_id, verifier_id, read_day, cycle_months, first_month FROM route \
         WHERE route_id = $1",
        &[route_id.into()],
        |row| {
            Ok(Route {
                route_id: row.int(0)?,
                code: row.text(1)?,
                name: row.text(2)?,
                org_id: row.int(3)?,
                reader_id: row.int_or_null(4)?,
                verifier_id: row.int_or_null(5)?,
                read_day: row.int(6)?,
                cycle_months: row.int(7)?,
                first_month: row.int(8)?,
            })
        },
    )
}

/// The account with a number.
///
/// # Errors
/// The database's.
pub fn account_by_no(conn: &mut Conn, account_no: &str) -> Result<Option<i64>, StoreError> {
    conn.query_first("SELECT account_id FROM account WHERE account_no = $1", &[account_no.into()], |row| {
        row.int(0)
    })
}

/// The role of a person and the kind of the organisation, as words, when the person is on the staff list on a day.
///
/// # Errors
/// The database's.
pub fn staff_place(conn: &mut Conn, code: &str, on: Date) -> Result<Option<(String, String)>, StoreError> {
    conn.query_first(
        "SELECT s.role, o.kind FROM staff s JOIN org o ON o.org_id = s.org_id \
         WHERE s.code = $1 AND s.from_on <= $2 AND s.until_on >= $2",
        &[code.into(), on.into()],
        |row| Ok((row.text(0)?, row.text(1)?)),
    )
}

/// Everybody on the staff list on a day, by code.
///
/// # Errors
/// The database's.
pub fn staff_on(conn: &mut Conn, on: Date) -> Result<Vec<Staff>, StoreError> {
    conn.query(
        "SELECT staff_id, code, name, org_id, role, phone, from_on, until_on FROM staff WHERE from_on <= $1 AND until_on >= $1 \
         ORDER BY code, from_on",
        &[on.into()],
        |row| {
            Ok(Staff {
                staff_id: row.int(0)?,
                code: row.text(1)?,
                name: row.text(2)?,
                org_id: row.int(3)?,
                role: row.text(4)?,
                phone: row.text_or_null(5)?,
                from_on: row.date(6)?,
                until_on: row.date_or_null(7)?,
            })
        },
    )
}
