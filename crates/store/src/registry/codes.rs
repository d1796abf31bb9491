//! Codes of people to ids of ours, few or many at once.

use crate::db::{Conn, StoreError};
use std::collections::{HashMap, HashSet};

/// What has a code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Registered {
    /// 单位
    Org,
    /// 人员
    Staff,
    /// 客户
    Customer,
    /// 台区
    District,
    /// 小区
    Estate,
    /// 抄表段
    Route,
    /// 用电户
    Account,
    /// 电能表
    Meter,
}

impl Registered {
    /// Every one of them.
    pub const ALL: [Self; 8] = [
        Self::Org,
        Self::Staff,
        Self::Customer,
        Self::District,
        Self::Estate,
        Self::Route,
        Self::Account,
        Self::Meter,
    ];

    /// Table, key, code.
    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Org => ("org", "org_id", "code"),
            Self::Staff => ("staff", "staff_id", "code"),
            Self::Customer => ("customer", "customer_id", "code"),
            Self::District => ("district", "district_id", "code"),
            Self::Estate => ("estate", "estate_id", "code"),
            Self::Route => ("route", "route_id", "code"),
            Self::Account => ("account", "account_id", "account_no"),
            Self::Meter => ("meter", "meter_id", "meter_no"),
        }
    }
}

/// Up to so many codes are asked one by one; beyond, the table is read once.
const FEW: usize = 2_000;

/// The ids of those codes that are there.
///
/// # Errors
/// The database's.
pub fn codes(conn: &mut Conn, what: Registered, wanted: &[&str]) -> Result<HashMap<String, i64>, StoreError> {
    let (table, id, code) = what.names();
    let mut found = HashMap::with_capacity(wanted.len());
    if wanted.len() <= FEW {
        let sql = format!("SELECT {id} FROM {table} WHERE {code} = $1");
        for text in wanted {
            if let Some(id) = conn.query_first(&sql, &[(*text).into()], |row| row.int(0))? {
                found.insert((*text).to_owned(), id);
            }
        }
        return Ok(found);
    }
    let wanted: HashSet<&str> = wanted.iter().copied().collect();
    conn.for_each(&format!("SELECT {id}, {code} FROM {table}"), &[], |row| {
        let text = row.str(1)?;
        if wanted.contains(text) {
            found.insert(text.to_owned(), row.int(0)?);
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(found)
}

/// The code of an id; empty when there is none.
///
/// # Errors
/// The database's.
pub fn code_of(conn: &mut Conn, what: Registered, id: Option<i64>) -> Result<String, StoreError> {
    let (table, key, code) = what.names();
    let sql = format!("SELECT {code} FROM {table} WHERE {key} = $1");
    Ok(conn.query_first(&sql, &[id.into()], |row| row.text(0))?.unwrap_or_default())
}

/// The highest id given so far; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_id(conn: &mut Conn, what: Registered) -> Result<i64, StoreError> {
    let (table, id, _) = what.names();
    conn.query_int(&format!("SELECT MAX({id}) FROM {table}"), &[])
}

/// What is numbered within its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    /// 联系方式
    Contact,
    /// 装表
    Installation,
}

/// The highest number given within each of these accounts.
///
/// # Errors
/// The database's.
pub fn last_numbers(
    conn: &mut Conn,
    what: Numbered,
    accounts: &[i64],
) -> Result<HashMap<i64, i64>, StoreError> {
    let (table, column) = match what {
        Numbered::Contact => ("contact", "contact_no"),
        Numbered::Installation => ("installation", "installation_no"),
    };
    let Some((from, to)) = span(accounts) else { return Ok(HashMap::new()) };
    let sql = format!(
        "SELECT account_id, MAX({column}) FROM {table} WHERE account_id BETWEEN $1 AND $2 GROUP BY account_id"
    );
    let rows = conn.query(&sql, &[from.into(), to.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(rows.into_iter().collect())
}

/// The metering points, account and number, from the first to the last of these accounts.
///
/// # Errors
/// The database's.
pub fn points(conn: &mut Conn, accounts: &[i64]) -> Result<HashSet<(i64, i64)>, StoreError> {
    let Some((from, to)) = span(accounts) else { return Ok(HashSet::new()) };
    let sql = "SELECT account_id, point_no FROM metering_point WHERE account_id BETWEEN $1 AND $2";
    let rows = conn.query(sql, &[from.into(), to.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(rows.into_iter().collect())
}

/// The whole digits of each of these meters.
///
/// # Errors
/// The database's.
pub fn meter_digits(conn: &mut Conn, meters: &[i64]) -> Result<HashMap<i64, i64>, StoreError> {
    let Some((from, to)) = span(meters) else { return Ok(HashMap::new()) };
    let sql = "SELECT meter_id, digits FROM meter WHERE meter_id BETWEEN $1 AND $2";
    let rows = conn.query(sql, &[from.into(), to.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(rows.into_iter().collect())
}

/// First and last of some ids.
pub(super) fn span(ids: &[i64]) -> Option<(i64, i64)> {
    Some((*ids.iter().min()?, *ids.iter().max()?))
}
