//! 接口令牌: other systems act as a login, with a part of its permissions, until a day.

use super::people::{LoginRefusal, known, note};
use super::secret;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_store::Conn;
use denghuo_store::access::{self as store, TokenRow};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// 令牌一览: a token as it is listed; the token itself is never shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TokenShown {
    /// Its number.
    pub token_no: i64,
    /// The login that it acts as.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Words of its permissions.
    pub permissions: Vec<String>,
    /// When it was made.
    #[schemars(with = "DateForm")]
    pub made_on: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    pub until_on: Date,
    /// Taken back on.
    #[schemars(with = "Option<DateForm>")]
    pub revoked_on: Option<Date>,
}

/// Makes a token that acts as a login with these permissions at most; gives it, told once.
///
/// # Errors
/// An unknown login or permission, or the database's.
pub fn token_add(
    conn: &mut Conn,
    work: &Work<'_>,
    (name, purpose): (&str, &str),
    permissions: &[String],
    (on, until): (Date, Date),
) -> Result<(i64, String), OfficeError> {
    for word in permissions {
        if Permission::from_word(word).is_none() {
            return Err(OfficeError::refuse(LoginRefusal::UnknownPermission(word.clone())));
        }
    }
    let token = format!("dh_{}", secret::fresh());
    conn.write(|conn| {
        known(conn, name)?;
        let token_no = store::last_token_no(conn)? + 1;
        let row = TokenRow {
            token_no,
            token_hash: secret::digest(&token),
            name: name.to_owned(),
            purpose: purpose.to_owned(),
            permissions: permissions.join(" "),
            made_by: work.by.clone(),
            made_on: on,
            until_on: until,
            revoked_on: None,
        };
        store::insert_token(conn, &row)?;
        note(conn, work, (name, "token.add"), on, Some(&row.permissions))?;
        Ok((token_no, token))
    })
}

/// Every token, by number.
///
/// # Errors
/// The database's.
pub fn token_list(conn: &mut Conn) -> Result<Vec<TokenShown>, OfficeError> {
    let shown = store::tokens(conn)?.into_iter().map(|row| TokenShown {
        token_no: row.token_no,
        name: row.name,
        purpose: row.purpose,
        permissions: row.permissions.split_whitespace().map(str::to_owned).collect(),
        made_on: row.made_on,
        until_on: row.until_on,
        revoked_on: row.revoked_on,
    });
    Ok(shown.collect())
}

/// Takes a token back.
///
/// # Errors
/// There is none that lives, or the database's.
pub fn token_revoke(conn: &mut Conn, work: &Work<'_>, token_no: i64, on: Date) -> Result<(), OfficeError> {
    conn.write(|conn| {
        if !store::revoke_token(conn, token_no, on)? {
            return Err(OfficeError::refuse(LoginRefusal::UnknownToken(token_no)));
        }
        note(conn, work, (&token_no.to_string(), "token.revoke"), on, None)
    })
}

/// The login that a token acts as, and its permissions.
///
/// # Errors
/// There is none that lives on the day, or the database's.
pub fn token_login(conn: &mut Conn, token: &str, on: Date) -> Result<(String, Vec<Permission>), OfficeError> {
    let row = store::token_by_hash(conn, &secret::digest(token))?
        .filter(|row| row.revoked_on.is_none() && on <= row.until_on)
        .ok_or_else(|| OfficeError::refuse(LoginRefusal::NotSignedIn))?;
    let permissions = row.permissions.split_whitespace().filter_map(Permission::from_word).collect();
    Ok((row.name, permissions))
}
