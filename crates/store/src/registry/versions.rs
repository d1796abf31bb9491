//! Changes that keep what was: a new version ends the one before, an account's own fields go with an audit line.

use super::rows::{Account, MeterUse};
use super::terms::{end, end_param};
use crate::db::{Conn, OPEN_END, StoreError};
use jiff::civil::Date;
use std::collections::HashSet;

/// Ends the open version of each account's terms on the given last day.
///
/// # Errors
/// The database's.
pub fn close_terms(conn: &mut Conn, accounts: &[i64], last_day: Date) -> Result<(), StoreError> {
    for account_id in accounts {
        conn.execute(
            "UPDATE supply_terms SET until_on = $2 WHERE account_id = $1 AND until_on = $3",
            &[(*account_id).into(), last_day.into(), OPEN_END.into()],
        )?;
    }
    Ok(())
}

/// Writes the own fields of accounts that are there (customer, organisation, route, district, estate, address, days, flags).
///
/// # Errors
/// The database's.
pub fn update_accounts(conn: &mut Conn, accounts: &[Account]) -> Result<(), StoreError> {
    for a in accounts {
        conn.execute(
            "UPDATE account SET customer_id = $2, org_id = $3, route_id = $4, district_id = $5, estate_id = $6, \
             address = $7, opened_on = $8, closed_on = $9, importance = $10, protection = $11 WHERE account_id = $1",
            &[
                a.account_id.into(),
                a.customer_id.into(),
                a.org_id.into(),
                a.route_id.into(),
                a.district_id.into(),
                a.estate_id.into(),
                (&a.address).into(),
                a.opened_on.into(),
                end_param(a.closed_on),
                (&a.importance).into(),
                a.protection.as_ref().into(),
            ],
        )?;
    }
    Ok(())
}

/// Sets importance and protection of an account.
///
/// # Errors
/// The database's.
pub fn update_flags(
    conn: &mut Conn,
    account_id: i64,
    importance: &str,
    protection: Option<&str>,
) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE account SET importance = $2, protection = $3 WHERE account_id = $1",
        &[account_id.into(), importance.into(), protection.into()],
    )?;
    Ok(())
}

/// Where these meters hung and hang, and what else hung at the points of these accounts.
///
/// # Errors
/// The database's.
pub fn meter_uses(
    conn: &mut Conn,
    meters: &HashSet<i64>,
    accounts: &HashSet<i64>,
) -> Result<Vec<MeterUse>, StoreError> {
    const COLUMNS: &str = "SELECT meter_id, account_id, point_no, installed_on, removed_on FROM installation";
    /// Up to so many keys are asked one by one; beyond, the table is read once.
    const FEW: usize = 1_000;
    let mut uses = Vec::new();
    let read = |row: &crate::db::Row<'_>| {
        Ok(MeterUse {
            meter_id: row.int(0)?,
            account_id: row.int(1)?,
            point_no: row.int(2)?,
            installed_on: row.date(3)?,
            removed_on: end(row, 4)?,
        })
    };
    if meters.len() + accounts.len() <= FEW {
        for meter_id in meters {
            uses.extend(conn.query(
                &format!("{COLUMNS} WHERE meter_id = $1"),
                &[(*meter_id).into()],
                read,
            )?);
        }
        for account_id in accounts {
            let sql = format!("{COLUMNS} WHERE account_id = $1");
            let at_account = conn.query(&sql, &[(*account_id).into()], read)?;
            uses.extend(at_account.into_iter().filter(|u| !meters.contains(&u.meter_id)));
        }
        return Ok(uses);
    }
    conn.for_each(COLUMNS, &[], |row| {
        let found = read(row)?;
        if meters.contains(&found.meter_id) || accounts.contains(&found.account_id) {
            uses.push(found);
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(uses)
}

/// Ends contracts: account, first day, last day.
///
/// # Errors
/// The database's.
pub fn close_contracts(conn: &mut Conn, ended: &[(i64, Date, Date)]) -> Result<(), StoreError> {
    for (account_id, from_on, last_day) in ended {
        conn.execute(
            "UPDATE contract SET until_on = $3 WHERE account_id = $1 AND from_on = $2",
            &[(*account_id).into(), (*from_on).into(), (*last_day).into()],
        )?;
    }
    Ok(())
}
