//! 客户自助 (column `customer`): codes that were sent, and sessions of customers. Moments are milliseconds since 1970.

use crate::db::{Conn, Row, StoreError};
use jiff::civil::Date;

/// 验证码
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// The account.
    pub account_id: i64,
    /// Number within the account.
    pub code_no: i64,
    /// `sign_in`, or `contact:` and the kind of contact that it proves.
    pub purpose: String,
    /// `sms` or `email`.
    pub channel: String,
    /// Where it went.
    pub address: String,
    /// Argon2id, in PHC form.
    pub code_hash: String,
    /// When it was made.
    pub made_at: i64,
    /// Until when it is good.
    pub ends_at: i64,
    /// Wrong entries.
    pub tries: i64,
    /// `open`, `used`, `locked`, `replaced`.
    pub state: String,
    /// The text, until it has left.
    pub message: Option<String>,
    /// `queued`, `handing`, `sent`, `failed`.
    pub sending: String,
}

const CODE: &str = "account_id, code_no, purpose, channel, address, code_hash, made_at, ends_at, tries, state, message, sending";

fn code(row: &Row<'_>) -> Result<CodeRow, StoreError> {
    Ok(CodeRow {
        account_id: row.int(0)?,
        code_no: row.int(1)?,
        purpose: row.text(2)?,
        channel: row.text(3)?,
        address: row.text(4)?,
        code_hash: row.text(5)?,
        made_at: row.int(6)?,
        ends_at: row.int(7)?,
        tries: row.int(8)?,
        state: row.text(9)?,
        message: row.text_or_null(10)?,
        sending: row.text(11)?,
    })
}

/// Keeps a new code in place of the open ones for the same purpose; gives its number. In a transaction with the account's lock.
///
/// # Errors
/// The database's.
pub fn insert_code(conn: &mut Conn, new: &CodeRow) -> Result<i64, StoreError> {
    conn.execute(
        "UPDATE access_code SET state = 'replaced', message = NULL WHERE account_id = $1 AND purpose = $2 AND state = 'open'",
        &[new.account_id.into(), (&new.purpose).into()],
    )?;
    let code_no = conn.query_int(
        "SELECT COALESCE(MAX(code_no), 0) + 1 FROM access_code WHERE account_id = $1",
        &[new.account_id.into()],
    )?;
    let sql = format!(
        "INSERT INTO access_code ({CODE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    conn.execute(
        &sql,
        &[
            new.account_id.into(),
            code_no.into(),
            (&new.purpose).into(),
            (&new.channel).into(),
            (&new.address).into(),
            (&new.code_hash).into(),
            new.made_at.into(),
            new.ends_at.into(),
            new.tries.into(),
            (&new.state).into(),
            new.message.as_deref().into(),
            (&new.sending).into(),
        ],
    )?;
    Ok(code_no)
}

/// Codes that were made for an account since a moment.
///
/// # Errors
/// The database's.
pub fn codes_since(conn: &mut Conn, account_id: i64, since: i64) -> Result<i64, StoreError> {
    conn.query_int(
        "SELECT COUNT(*) FROM access_code WHERE account_id = $1 AND made_at > $2",
        &[account_id.into(), since.into()],
    )
}

/// The open code of an account for a purpose.
///
/// # Errors
/// The database's.
pub fn open_code(conn: &mut Conn, account_id: i64, purpose: &str) -> Result<Option<CodeRow>, StoreError> {
    let sql = format!(
        "SELECT {CODE} FROM access_code WHERE account_id = $1 AND purpose = $2 AND state = 'open' ORDER BY code_no DESC"
    );
    conn.query_first(&sql, &[account_id.into(), purpose.into()], code)
}

/// Ends an open code, or counts a wrong entry; the text of an ended one is forgotten. False when another was faster.
///
/// # Errors
/// The database's.
pub fn settle_code(conn: &mut Conn, row: &CodeRow, state: &str, tries: i64) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE access_code SET state = $3, tries = $4, message = CASE WHEN $3 = 'open' THEN message ELSE NULL END \
         WHERE account_id = $1 AND code_no = $2 AND state = 'open' AND tries = $5",
        &[row.account_id.into(), row.code_no.into(), state.into(), tries.into(), row.tries.into()],
    )?;
    Ok(touched == 1)
}

/// Codes that wait to be sent, the oldest first.
///
/// # Errors
/// The database's.
pub fn queued_codes(conn: &mut Conn, limit: i64) -> Result<Vec<CodeRow>, StoreError> {
    let sql = format!(
        "SELECT {CODE} FROM access_code WHERE sending = 'queued' ORDER BY made_at, account_id, code_no LIMIT $1"
    );
    conn.query(&sql, &[limit.into()], code)
}

/// Moves a code on its way; its text is forgotten once it is there. False when another sender was faster.
///
/// # Errors
/// The database's.
pub fn move_code(conn: &mut Conn, row: &CodeRow, (from, to): (&str, &str)) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE access_code SET sending = $4, message = CASE WHEN $4 = 'handing' THEN message ELSE NULL END \
         WHERE account_id = $1 AND code_no = $2 AND sending = $3",
        &[row.account_id.into(), row.code_no.into(), from.into(), to.into()],
    )?;
    Ok(touched == 1)
}

/// 客户会话
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSession {
    /// SHA-256 of the token.
    pub token_hash: String,
    /// The customer.
    pub customer_id: i64,
    /// The account with which he signed in.
    pub account_no: String,
    /// What unsafe requests repeat.
    pub csrf: String,
    /// When it began.
    pub begun_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// Its last moment.
    pub ends_at: i64,
}

/// Keeps a session, and forgets those that are over.
///
/// # Errors
/// The database's.
pub fn insert_session(conn: &mut Conn, row: &CustomerSession) -> Result<(), StoreError> {
    conn.execute("DELETE FROM customer_session WHERE ends_at < $1", &[row.begun_at.into()])?;
    conn.execute(
        "INSERT INTO customer_session (token_hash, customer_id, account_no, csrf, begun_at, seen_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            (&row.token_hash).into(),
            row.customer_id.into(),
            (&row.account_no).into(),
            (&row.csrf).into(),
            row.begun_at.into(),
            row.seen_at.into(),
            row.ends_at.into(),
        ],
    )?;
    Ok(())
}

/// The session of a token's digest.
///
/// # Errors
/// The database's.
pub fn session(conn: &mut Conn, token_hash: &str) -> Result<Option<CustomerSession>, StoreError> {
    conn.query_first(
        "SELECT token_hash, customer_id, account_no, csrf, begun_at, seen_at, ends_at FROM customer_session \
         WHERE token_hash = $1",
        &[token_hash.into()],
        |row| {
            Ok(CustomerSession {
                token_hash: row.text(0)?,
                customer_id: row.int(1)?,
                account_no: row.text(2)?,
                csrf: row.text(3)?,
                begun_at: row.int(4)?,
                seen_at: row.int(5)?,
                ends_at: row.int(6)?,
            })
        },
    )
}

/// Notes that a session was used.
///
/// # Errors
/// The database's.
pub fn touch_session(conn: &mut Conn, token_hash: &str, now: i64) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE customer_session SET seen_at = $2 WHERE token_hash = $1",
        &[token_hash.into(), now.into()],
    )?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// The database's.
pub fn end_session(conn: &mut Conn, token_hash: &str) -> Result<(), StoreError> {
    conn.execute("DELETE FROM customer_session WHERE token_hash = $1", &[token_hash.into()])?;
    Ok(())
}

/// 客户本人的一户
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAccount {
    /// The account.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// The customer.
    pub customer_id: i64,
    /// His name.
    pub name: String,
    /// 用电地址
    pub address: String,
    /// 销户日
    pub closed_on: Option<Date>,
}

const OWN: &str = "SELECT a.account_id, a.account_no, a.customer_id, c.name, a.address, a.closed_on FROM account a \
    JOIN customer c ON c.customer_id = a.customer_id";

fn own(row: &Row<'_>) -> Result<OwnAccount, StoreError> {
    let closed_on = row.date(5)?;
    Ok(OwnAccount {
        account_id: row.int(0)?,
        account_no: row.text(1)?,
        customer_id: row.int(2)?,
        name: row.text(3)?,
        address: row.text(4)?,
        closed_on: (closed_on != jiff::civil::date(9999, 12, 31)).then_some(closed_on),
    })
}

/// The accounts of a customer, by number.
///
/// # Errors
/// The database's.
pub fn accounts_of(conn: &mut Conn, customer_id: i64) -> Result<Vec<OwnAccount>, StoreError> {
    let sql = format!("{OWN} WHERE a.customer_id = $1 ORDER BY a.account_no");
    conn.query(&sql, &[customer_id.into()], own)
}

/// The account with a number, whoever's it is.
///
/// # Errors
/// The database's.
pub fn account(conn: &mut Conn, account_no: &str) -> Result<Option<OwnAccount>, StoreError> {
    conn.query_first(&format!("{OWN} WHERE a.account_no = $1"), &[account_no.into()], own)
}
