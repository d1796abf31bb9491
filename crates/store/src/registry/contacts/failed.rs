//! 失败清单: contacts that do not reach anybody, with the work about them.

use crate::db::{Condition, Conn, Key, Orders, Placed, Slice, StoreError};
use jiff::civil::Date;

/// A contact that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedContact {
    /// The account.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// 户名
    pub customer: String,
    /// A `CustomerKind`.
    pub customer_kind: String,
    /// Number within the account.
    pub contact_no: i64,
    /// A `ContactKind`.
    pub kind: String,
    /// Number or address.
    pub value: String,
    /// A `ContactTrouble`; none for one that is silent.
    pub trouble: Option<String>,
    /// Since when.
    pub trouble_on: Option<Date>,
    /// Kind of the open task about it.
    pub task: Option<String>,
    /// By when it is to be done.
    pub due_on: Option<Date>,
}

/// What contacts that fail are ordered by: account and number.
pub const FAILURE_ORDERS: Orders = Orders {
    words: &[
        ("account_no", Key::Text("a.account_no")),
        ("since", Key::Int("COALESCE(k.trouble_on, 99991231)")),
        ("due_on", Key::Int("COALESCE(x.due_on, 99991231)")),
    ],
    usual: &[(Key::Int("k.account_id"), false), (Key::Int("k.contact_no"), false)],
    rest: &[Key::Int("k.account_id"), Key::Int("k.contact_no")],
};

/// From both sides: what is in trouble, and what somebody has to look at.
const FROM: &str = "(SELECT account_id, contact_no FROM contact WHERE trouble IS NOT NULL \
    UNION SELECT account_id, CAST(SUBSTR(subject, 9) AS BIGINT) FROM task \
    WHERE kind IN ('contact_call', 'contact_visit') AND state = 'open') f \
    JOIN contact k ON k.account_id = f.account_id AND k.contact_no = f.contact_no \
    JOIN account a ON a.account_id = k.account_id LEFT JOIN customer c ON c.customer_id = a.customer_id \
    LEFT JOIN task x ON x.account_id = k.account_id AND x.kind IN ('contact_call', 'contact_visit') \
    AND x.subject = 'contact:' || k.contact_no AND x.state = 'open'";

/// Contacts in trouble, and silent ones about which a task is open, of a unit and those below it, by account and number, after a place.
///
/// # Errors
/// The database's.
pub fn failed_contacts(
    conn: &mut Conn,
    (root, reason): (i64, Option<&str>),
    slice: &Slice,
) -> Result<Placed<FailedContact>, StoreError> {
    let mut which = Condition::of("k.until_on = 99991231");
    match reason {
        Some("silent") => which.add("k.trouble IS NULL AND x.kind IS NOT NULL"),
        Some(reason) => which.and("k.trouble = ?", reason),
        None => which.add("(k.trouble IS NOT NULL OR x.kind IS NOT NULL)"),
    }
    which.within("a.org_id", root);
    let columns = "k.account_id, a.account_no, COALESCE(c.name, ''), COALESCE(c.kind, ''), k.contact_no, k.kind, k.value, k.trouble, \
        k.trouble_on, x.kind, x.due_on";
    slice.rows(conn, (columns, 11, FROM), which, |row| {
        Ok(FailedContact {
            account_id: row.int(0)?,
            account_no: row.text(1)?,
            customer: row.text(2)?,
            customer_kind: row.text(3)?,
            contact_no: row.int(4)?,
            kind: row.text(5)?,
            value: row.text(6)?,
            trouble: row.text_or_null(7)?,
            trouble_on: row.date_or_null(8)?,
            task: row.text_or_null(9)?,
            due_on: row.date_or_null(10)?,
        })
    })
}
