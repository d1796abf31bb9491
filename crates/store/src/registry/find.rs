//! 找户: an account by number, name, telephone, meter or address.

use crate::db::{Conn, Key, OPEN_END, Orders, Row, Slice, StoreError};

/// One account that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Key.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// 客户名称
    pub customer: String,
    /// A `CustomerKind`.
    pub customer_kind: String,
    /// 用电地址
    pub address: String,
    /// What matched: `account_no`, `contact`, `meter_no`, `name` or `address`.
    pub by: &'static str,
}

/// The ways to look, exact and indexed ones first.
const WAYS: [(&str, &str); 7] = [
    ("account_no", "a.account_no = $1"),
    (
        "contact",
        "a.account_id IN (SELECT k.account_id FROM contact k WHERE k.value = $1 AND k.until_on = $3)",
    ),
    (
        "meter_no",
        "a.account_id IN (SELECT i.account_id FROM installation i JOIN meter m ON m.meter_id = i.meter_id \
         WHERE m.meter_no = $1)",
    ),
    ("name", "c.name = $1"),
    ("address", "a.address = $1"),
    // These two read everybody's name and address: a tenth of a second each where there are a million.
    ("name", "a.customer_id IN (SELECT p.customer_id FROM customer p WHERE p.name LIKE $1 ESCAPE '!')"),
    ("address", "a.account_id IN (SELECT p.account_id FROM account p WHERE p.address LIKE $1 ESCAPE '!')"),
];

/// What found accounts are ordered by: as they were opened.
pub const FIND_ORDERS: Orders = Orders {
    words: &[
        ("account_no", Key::Text("a.account_no")),
        ("customer", Key::Text("c.name")),
        ("address", Key::Text("a.address")),
    ],
    usual: &[(Key::Int("a.account_id"), false)],
    rest: &[Key::Int("a.account_id")],
};

/// Of a unit and of those below it.
const WITHIN: &str = "AND a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org WHERE org_id = $root \
     UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) SELECT org_id FROM below)";

/// Accounts that match the text, at most `limit` of the first in an order: the first way that finds something counts. Names and addresses match as
/// a whole, otherwise in any part. Only accounts of the unit `root` and of those below it; of every unit where it is 0.
///
/// # Errors
/// The database's.
pub fn find(
    conn: &mut Conn,
    text: &str,
    (limit, root): (i64, i64),
    order: &Slice,
) -> Result<Vec<Found>, StoreError> {
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let part = format!("%{escaped}%");
    let scope = if root == 0 { "" } else { WITHIN };
    for (by, condition) in WAYS {
        let sql = format!(
            "SELECT a.account_id, a.account_no, c.name, a.address, c.kind FROM account a \
             JOIN customer c ON c.customer_id = a.customer_id WHERE ({condition}) {scope} ORDER BY {} LIMIT $2",
            order.order()
        );
        let asked = if condition.contains("LIKE") { part.as_str() } else { text };
        let mut params = vec![asked.into(), limit.into()];
        if condition.contains("$3") {
            params.push(OPEN_END.into());
        }
        // Both engines want the numbers of the parameters without a gap.
        let sql = sql.replace("$root", &format!("${}", params.len() + 1));
        if root != 0 {
            params.push(root.into());
        }
        let found = conn.query(&sql, &params, |row| read(row, by))?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

fn read(row: &Row<'_>, by: &'static str) -> Result<Found, StoreError> {
    Ok(Found {
        account_id: row.int(0)?,
        account_no: row.text(1)?,
        customer: row.text(2)?,
        address: row.text(3)?,
        customer_kind: row.text(4)?,
        by,
    })
}
