//! 登录与会话 (foundation `access`): logins, sessions, tokens of other systems, answers kept for repeated requests.
//!
//! Moments here are milliseconds since 1970.

use crate::db::{Conn, Row, StoreError};
use jiff::civil::Date;

mod departures;
mod tokens;

pub use departures::{DepartureRow, insert_departure, take_departure};
pub use tokens::{
    KeptAnswer, TokenRow, forget_answers, insert_token, kept_answer, last_token_no, put_answer,
    reserve_answer, revoke_token, token_by_hash, tokens,
};

/// Holds the edit of a resource, named by its path, until the running transaction ends: of two who edit it at once, the second sees what
/// the first has written.
///
/// # Errors
/// The database's.
pub fn lock_edit(conn: &mut Conn, path: &str) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO edit_lock (path, edits) VALUES ($1, 1) ON CONFLICT (path) DO UPDATE SET edits = edit_lock.edits + 1",
        &[path.into()],
    )?;
    Ok(())
}

/// 登录
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRow {
    /// Its name: a staff code.
    pub name: String,
    /// Argon2id, in PHC form.
    pub password_hash: String,
    /// Is it an administrator's?
    pub administrator: bool,
    /// Has its password to be changed before anything else?
    pub must_change: bool,
    /// Wrong passwords in a row.
    pub failures: i64,
    /// Locked until.
    pub locked_until: Option<i64>,
    /// Shut since this day.
    pub disabled_on: Option<Date>,
    /// Who made it.
    pub made_by: String,
    /// When it was last changed.
    pub changed_at: i64,
}

const LOGIN: &str = "name, password_hash, administrator, must_change, failures, locked_until, disabled_on, made_by, changed_at";

fn login_row(row: &Row<'_>) -> Result<LoginRow, StoreError> {
    Ok(LoginRow {
        name: row.text(0)?,
        password_hash: row.text(1)?,
        administrator: row.truth(2)?,
        must_change: row.truth(3)?,
        failures: row.int(4)?,
        locked_until: row.int_or_null(5)?,
        disabled_on: row.date_or_null(6)?,
        made_by: row.text(7)?,
        changed_at: row.int(8)?,
    })
}

/// A login by its name.
///
/// # Errors
/// The database's.
pub fn login(conn: &mut Conn, name: &str) -> Result<Option<LoginRow>, StoreError> {
    conn.query_first(&format!("SELECT {LOGIN} FROM login WHERE name = $1"), &[name.into()], login_row)
}

/// Every login, by name.
///
/// # Errors
/// The database's.
pub fn logins(conn: &mut Conn) -> Result<Vec<LoginRow>, StoreError> {
    conn.query(&format!("SELECT {LOGIN} FROM login ORDER BY name"), &[], login_row)
}

/// Is there any login?
///
/// # Errors
/// The database's.
pub fn has_logins(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(conn.query_int("SELECT COUNT(*) FROM login", &[])? > 0)
}

/// Writes a login, replacing the one of its name.
///
/// # Errors
/// The database's.
pub fn save_login(conn: &mut Conn, row: &LoginRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO login (name, password_hash, administrator, must_change, failures, locked_until, disabled_on, made_by, \
         changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (name) DO UPDATE SET \
         password_hash = excluded.password_hash, administrator = excluded.administrator, \
         must_change = excluded.must_change, failures = excluded.failures, locked_until = excluded.locked_until, \
         disabled_on = excluded.disabled_on, made_by = excluded.made_by, changed_at = excluded.changed_at",
        &[
            (&row.name).into(),
            (&row.password_hash).into(),
            row.administrator.into(),
            row.must_change.into(),
            row.failures.into(),
            row.locked_until.into(),
            row.disabled_on.into(),
            (&row.made_by).into(),
            row.changed_at.into(),
        ],
    )?;
    Ok(())
}

/// Counts one more wrong password and tells how many there are in a row.
///
/// # Errors
/// The database's.
pub fn count_failure(conn: &mut Conn, name: &str) -> Result<i64, StoreError> {
    conn.execute("UPDATE login SET failures = failures + 1 WHERE name = $1", &[name.into()])?;
    conn.query_int("SELECT failures FROM login WHERE name = $1", &[name.into()])
}

/// Locks a login until a moment and begins to count anew.
///
/// # Errors
/// The database's.
pub fn lock_login(conn: &mut Conn, name: &str, until: i64) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE login SET locked_until = $2, failures = 0 WHERE name = $1",
        &[name.into(), until.into()],
    )?;
    Ok(())
}

/// Forgets the wrong passwords of a login.
///
/// # Errors
/// The database's.
pub fn clear_failures(conn: &mut Conn, name: &str) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE login SET failures = 0, locked_until = NULL WHERE name = $1 AND (failures > 0 OR locked_until > 0)",
        &[name.into()],
    )?;
    Ok(())
}

/// 会话
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of its token, in lower-case hex.
    pub token_hash: String,
    /// The login.
    pub name: String,
    /// What unsafe requests have to repeat.
    pub csrf: String,
    /// When it began.
    pub begun_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// Its last moment.
    pub ends_at: i64,
}

/// Begins a session.
///
/// # Errors
/// The database's.
pub fn insert_session(conn: &mut Conn, row: &SessionRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO session (token_hash, name, csrf, begun_at, seen_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            (&row.token_hash).into(),
            (&row.name).into(),
            (&row.csrf).into(),
            row.begun_at.into(),
            row.seen_at.into(),
            row.ends_at.into(),
        ],
    )?;
    Ok(())
}

/// A session by the hash of its token.
///
/// # Errors
/// The database's.
pub fn session(conn: &mut Conn, token_hash: &str) -> Result<Option<SessionRow>, StoreError> {
    conn.query_first(
        "SELECT token_hash, name, csrf, begun_at, seen_at, ends_at FROM session WHERE token_hash = $1",
        &[token_hash.into()],
        |row| {
            Ok(SessionRow {
                token_hash: row.text(0)?,
                name: row.text(1)?,
                csrf: row.text(2)?,
                begun_at: row.int(3)?,
                seen_at: row.int(4)?,
                ends_at: row.int(5)?,
            })
        },
    )
}

/// Notes that a session was used.
///
/// # Errors
/// The database's.
pub fn touch_session(conn: &mut Conn, token_hash: &str, now: i64) -> Result<(), StoreError> {
    conn.execute("UPDATE session SET seen_at = $2 WHERE token_hash = $1", &[token_hash.into(), now.into()])?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// The database's.
pub fn end_session(conn: &mut Conn, token_hash: &str) -> Result<(), StoreError> {
    conn.execute("DELETE FROM session WHERE token_hash = $1", &[token_hash.into()])?;
    Ok(())
}

/// Ends the sessions of a login, but one.
///
/// # Errors
/// The database's.
pub fn end_sessions_of(conn: &mut Conn, name: &str, except: &str) -> Result<(), StoreError> {
    conn.execute("DELETE FROM session WHERE name = $1 AND token_hash <> $2", &[name.into(), except.into()])?;
    Ok(())
}

/// Removes the sessions that are over.
///
/// # Errors
/// The database's.
pub fn forget_sessions(conn: &mut Conn, now: i64) -> Result<(), StoreError> {
    conn.execute("DELETE FROM session WHERE ends_at <= $1", &[now.into()])?;
    Ok(())
}

/// 人员的岗位与单位 of a staff code on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffPlace {
    /// 姓名 or the code again.
    pub name: String,
    /// A `StaffRole`.
    pub role: String,
    /// 所属单位
    pub org_id: i64,
}

/// Where a person stands on a day; none who is not on the staff list.
///
/// # Errors
/// The database's.
pub fn staff_place(conn: &mut Conn, code: &str, on: Date) -> Result<Option<StaffPlace>, StoreError> {
    conn.query_first(
        "SELECT name, role, org_id FROM staff WHERE code = $1 AND from_on <= $2 AND until_on >= $2",
        &[code.into(), on.into()],
        |row| Ok(StaffPlace { name: row.text(0)?, role: row.text(1)?, org_id: row.int(2)? }),
    )
}

/// The account with a number, and whether it belongs to a unit or to one below it (unit 0: to any).
///
/// # Errors
/// The database's.
pub fn account_in_scope(
    conn: &mut Conn,
    account_no: &str,
    root: i64,
) -> Result<Option<(i64, bool)>, StoreError> {
    conn.query_first(
        "SELECT a.account_id, CAST(CASE WHEN $2 = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (\
         SELECT org_id FROM org WHERE org_id = $2 UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) \
         SELECT org_id FROM below) THEN 1 ELSE 0 END AS BIGINT) FROM account a WHERE a.account_no = $1",
        &[account_no.into(), root.into()],
        |row| Ok((row.int(0)?, row.truth(1)?)),
    )
}

/// One person of every role that is on the staff list on a day: code and role, in order of the role.
///
/// # Errors
/// The database's.
pub fn one_of_each_role(conn: &mut Conn, on: Date) -> Result<Vec<(String, String)>, StoreError> {
    conn.query(
        "SELECT MIN(code), role FROM staff WHERE from_on <= $1 AND until_on >= $1 GROUP BY role ORDER BY role",
        &[on.into()],
        |row| Ok((row.text(0)?, row.text(1)?)),
    )
}
