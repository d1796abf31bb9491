//! 案件事实: what the tables of all columns say about an account, as it is stored, for a bundle that goes to court.

use crate::db::{Conn, StoreError};
use serde_json::{Map, Value};

/// The tables that go into a bundle, and their order within an account.
pub const FACTS: &[(&str, &str)] = &[
    ("contract", "from_on"),
    ("contact", "contact_no"),
    ("contact_event", "event_no"),
    ("receivable", "bill_no"),
    ("late_fee", "bill_no"),
    ("payment", "payment_no"),
    ("allocation", "allocation_no"),
    ("waiver", "waiver_no"),
    ("refund", "refund_no"),
    ("notice", "notice_no"),
    ("delivery", "notice_no, delivery_no"),
    ("delivery_attempt", "notice_no, delivery_no, attempt_no"),
    ("ladder_step", "bill_no, kind, round"),
    ("hold", "hold_no"),
    ("payment_plan", "plan_no"),
    ("plan_part", "plan_no, part_no"),
    ("cut_case", "case_no"),
    ("cut_document", "case_no, document_no"),
    ("final_call", "case_no, call_no"),
    ("warrant", "case_no, warrant_no"),
    ("operation", "operation_no"),
    ("limitation", "bill_no"),
    ("limitation_event", "event_no"),
    ("legal_case", "case_no"),
    ("legal_case_bill", "case_no, bill_no"),
    ("legal_step", "case_no, step_no"),
    ("security", "security_no"),
    ("insolvency", "insolvency_no"),
    ("write_off", "write_off_no"),
];

/// Every row that a table has of an account, by the names of its columns: days `yyyymmdd`, moments `yyyymmddhhmmss`, money in
/// fen.
///
/// # Errors
/// The database's.
pub fn facts_of(
    conn: &mut Conn,
    (table, order): (&str, &str),
    account_id: i64,
) -> Result<Vec<Map<String, Value>>, StoreError> {
    let sql = format!("SELECT * FROM {table} WHERE account_id = $1 ORDER BY {order}");
    conn.query(&sql, &[account_id.into()], |row| row.to_json())
}

/// Who is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concerned {
    /// 户号
    pub account_no: String,
    /// 用电地址
    pub address: String,
    /// The customer's name.
    pub customer: String,
    /// Word of the customer's kind.
    pub kind: String,
    /// The unit that the account belongs to.
    pub org: String,
}

/// The account as a court knows it; nothing when there is none.
///
/// # Errors
/// The database's.
pub fn concerned(conn: &mut Conn, account_id: i64) -> Result<Option<Concerned>, StoreError> {
    conn.query_first(
        "SELECT a.account_no, a.address, c.name, c.kind, o.name FROM account a \
         LEFT JOIN customer c ON c.customer_id = a.customer_id LEFT JOIN org o ON o.org_id = a.org_id \
         WHERE a.account_id = $1",
        &[account_id.into()],
        |row| {
            Ok(Concerned {
                account_no: row.text(0)?,
                address: row.text(1)?,
                customer: row.text_or_null(2)?.unwrap_or_default(),
                kind: row.text_or_null(3)?.unwrap_or_default(),
                org: row.text_or_null(4)?.unwrap_or_default(),
            })
        },
    )
}
