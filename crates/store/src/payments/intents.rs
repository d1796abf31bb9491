//! Payment intents, and the money that a provider told of.

use crate::db::{Condition, Conn, Key, Orders, Placed, Row, Slice, StoreError, Table};
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// 支付单
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub intent_no: i64,
    /// What the QR code and the provider carry.
    pub token: String,
    /// The amount.
    pub amount: Money,
    /// The bills that it is for; none for the account as a whole.
    pub bills: Vec<i64>,
    /// Who made it.
    pub made_by: String,
    /// When, in milliseconds since 1970.
    pub made_at: i64,
    /// From when on it is expired, in milliseconds since 1970.
    pub expires_at: i64,
    /// `open`, `paid`, `cancelled`.
    pub state: String,
    /// Of state `paid`: the payment.
    pub payment_no: Option<i64>,
}

/// 支付通知: money that the provider told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRow {
    /// The provider's id of the payment.
    pub provider_id: String,
    /// The intent that it names.
    pub token: String,
    /// The amount.
    pub amount: Money,
    /// The day on which the customer paid.
    pub paid_on: Date,
    /// Digest of what makes two of them the same.
    pub digest: String,
    /// `paid`, `late`, `again`, `suspense`.
    pub outcome: String,
    /// The account; 0 in suspense.
    pub account_id: i64,
    /// The intent.
    pub intent_no: Option<i64>,
    /// The payment.
    pub payment_no: Option<i64>,
}

const INTENT: Table = Table {
    name: "payment_intent",
    columns: &[
        "account_id",
        "intent_no",
        "token",
        "amount_fen",
        "bills",
        "made_by",
        "made_at",
        "expires_at",
        "state",
        "payment_no",
    ],
    key: &["account_id", "intent_no"],
};
const PROVIDER: Table = Table {
    name: "provider_payment",
    columns: &[
        "provider_id",
        "token",
        "amount_fen",
        "paid_on",
        "digest",
        "outcome",
        "account_id",
        "intent_no",
        "payment_no",
        "recorded_at",
    ],
    key: &["provider_id"],
};
const COLUMNS: &str = "i.account_id, i.intent_no, i.token, i.amount_fen, i.bills, i.made_by, i.made_at, i.expires_at, \
    i.state, i.payment_no";

fn read(row: &Row<'_>) -> Result<IntentRow, StoreError> {
    let bills = row.str(4)?.split_whitespace().filter_map(|bill_no| bill_no.parse().ok()).collect();
    Ok(IntentRow {
        account_id: row.int(0)?,
        intent_no: row.int(1)?,
        token: row.text(2)?,
        amount: row.money(3)?,
        bills,
        made_by: row.text(5)?,
        made_at: row.int(6)?,
        expires_at: row.int(7)?,
        state: row.text(8)?,
        payment_no: row.int_or_null(9)?,
    })
}

/// Keeps an intent, new or changed.
///
/// # Errors
/// The database's.
pub fn save_intent(conn: &mut Conn, row: &IntentRow) -> Result<(), StoreError> {
    let bills: Vec<String> = row.bills.iter().map(i64::to_string).collect();
    let bills = bills.join(" ");
    conn.bulk_upsert(&INTENT, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id)
            .put(row.intent_no)
            .put(&row.token)
            .put(row.amount)
            .put(&bills)
            .put(&row.made_by)
            .put(row.made_at)
            .put(row.expires_at)
            .put(&row.state)
            .put(row.payment_no);
    })
}

/// The number of an account's next intent.
///
/// # Errors
/// The database's.
pub fn next_intent_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    Ok(conn
        .query_int("SELECT MAX(intent_no) FROM payment_intent WHERE account_id = $1", &[account_id.into()])?
        + 1)
}

/// One intent.
///
/// # Errors
/// The database's.
pub fn intent(conn: &mut Conn, account_id: i64, intent_no: i64) -> Result<Option<IntentRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM payment_intent i WHERE i.account_id = $1 AND i.intent_no = $2");
    conn.query_first(&sql, &[account_id.into(), intent_no.into()], read)
}

/// The intent with a token.
///
/// # Errors
/// The database's.
pub fn intent_by_token(conn: &mut Conn, token: &str) -> Result<Option<IntentRow>, StoreError> {
    conn.query_first(
        &format!("SELECT {COLUMNS} FROM payment_intent i WHERE i.token = $1"),
        &[token.into()],
        read,
    )
}

/// The intents of an account, the newest first.
///
/// # Errors
/// The database's.
pub fn intents_of(conn: &mut Conn, account_id: i64) -> Result<Vec<IntentRow>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM payment_intent i WHERE i.account_id = $1 ORDER BY i.intent_no DESC");
    conn.query(&sql, &[account_id.into()], read)
}

/// What intents are ordered by: the newest first.
pub const INTENT_ORDERS: Orders = Orders {
    words: &[
        ("made_at", Key::Int("i.made_at")),
        ("expires_at", Key::Int("i.expires_at")),
        ("amount", Key::Int("i.amount_fen")),
        ("account_no", Key::Text("a.account_no")),
    ],
    usual: &[
        (Key::Int("i.made_at"), true),
        (Key::Int("i.account_id"), true),
        (Key::Int("i.intent_no"), true),
    ],
    rest: &[Key::Int("i.account_id"), Key::Int("i.intent_no")],
};

/// A page of the intents of the accounts of a unit and those below it (0: all) with the account's number, each with its place.
///
/// # Errors
/// The database's.
pub fn intent_page(
    conn: &mut Conn,
    root: i64,
    slice: &Slice,
) -> Result<Placed<(String, IntentRow)>, StoreError> {
    let mut which = Condition::default();
    which.within("a.org_id", root);
    let columns = format!("{COLUMNS}, a.account_no");
    let from = "payment_intent i JOIN account a ON a.account_id = i.account_id";
    slice.rows(conn, (&columns, 11, from), which, |row| Ok((row.text(10)?, read(row)?)))
}

/// What the provider told under an id.
///
/// # Errors
/// The database's.
pub fn provider_payment(conn: &mut Conn, provider_id: &str) -> Result<Option<ProviderRow>, StoreError> {
    conn.query_first(
        "SELECT provider_id, token, amount_fen, paid_on, digest, outcome, account_id, intent_no, payment_no \
         FROM provider_payment WHERE provider_id = $1",
        &[provider_id.into()],
        |row| {
            Ok(ProviderRow {
                provider_id: row.text(0)?,
                token: row.text(1)?,
                amount: row.money(2)?,
                paid_on: row.date(3)?,
                digest: row.text(4)?,
                outcome: row.text(5)?,
                account_id: row.int(6)?,
                intent_no: row.int_or_null(7)?,
                payment_no: row.int_or_null(8)?,
            })
        },
    )
}

/// Keeps what the provider told.
///
/// # Errors
/// The database's; a known id is a duplicate.
pub fn insert_provider_payment(
    conn: &mut Conn,
    row: &ProviderRow,
    recorded_at: i64,
) -> Result<(), StoreError> {
    conn.bulk(&PROVIDER, std::slice::from_ref(row), |row, out| {
        out.put(&row.provider_id)
            .put(&row.token)
            .put(row.amount)
            .put(row.paid_on)
            .put(&row.digest)
            .put(&row.outcome)
            .put(row.account_id)
            .put(row.intent_no)
            .put(row.payment_no)
            .put(recorded_at);
    })
}
