//! 暂缓、约定、催费人员: lists over the accounts of a unit.

use crate::db::{Condition, Conn, StoreError};
use jiff::civil::Date;

/// A member of staff who collects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectorRow {
    /// Staff code.
    pub code: String,
    /// Name.
    pub name: String,
    /// A `StaffRole`.
    pub role: String,
    /// Name of the unit.
    pub org: String,
}

/// Who reads and collects in a unit and those below it on a day, by code.
///
/// # Errors
/// The database's.
pub fn collectors(conn: &mut Conn, root: i64, on: Date) -> Result<Vec<CollectorRow>, StoreError> {
    let mut which = Condition::of("s.role IN ('collector', 'reader', 'manager')");
    let on = which.place(on);
    which.add(&format!("s.from_on <= {on} AND s.until_on >= {on}"));
    which.within("s.org_id", root);
    let sql = format!(
        "SELECT s.code, s.name, s.role, o.name FROM staff s JOIN org o ON o.org_id = s.org_id WHERE {} ORDER BY s.code",
        which.sql()
    );
    conn.query(&sql, which.params(), |row| {
        Ok(CollectorRow { code: row.text(0)?, name: row.text(1)?, role: row.text(2)?, org: row.text(3)? })
    })
}

/// A hold in force with its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedHold {
    /// 户号
    pub account_no: String,
    /// 户名
    pub customer: String,
    /// A `CustomerKind`.
    pub customer_kind: String,
    /// The hold.
    pub hold: super::HoldRow,
}

/// Holds in force on a day in a unit and those below it, by account and number, after a place.
///
/// # Errors
/// The database's.
pub fn hold_page(
    conn: &mut Conn,
    (root, kind): (i64, Option<&str>),
    on: Date,
    after: Option<(i64, i64)>,
    limit: usize,
) -> Result<Vec<ListedHold>, StoreError> {
    let mut which = Condition::default();
    let day = which.place(on);
    which.add(&format!(
        "h.from_on <= {day} AND h.until_on >= {day} AND (h.released_on IS NULL OR h.released_on > {day})"
    ));
    which.and_if("h.kind = ?", kind);
    which.within("a.org_id", root);
    if let Some((account_id, hold_no)) = after {
        let names = [which.place(account_id), which.place(hold_no)].join(", ");
        which.add(&format!("(h.account_id, h.hold_no) > ({names})"));
    }
    let most = which.place(limit as i64);
    let sql = format!(
        "SELECT {}, a.account_no, COALESCE(c.name, ''), COALESCE(c.kind, '') FROM hold h \
         JOIN account a ON a.account_id = h.account_id LEFT JOIN customer c ON c.customer_id = a.customer_id \
         WHERE {} ORDER BY h.account_id, h.hold_no LIMIT {most}",
        super::hold::COLUMNS
            .split(", ")
            .map(|column| format!("h.{}", column.trim()))
            .collect::<Vec<_>>()
            .join(", "),
        which.sql()
    );
    conn.query(&sql, which.params(), |row| {
        Ok(ListedHold {
            hold: super::hold::read(row)?,
            account_no: row.text(12)?,
            customer: row.text(13)?,
            customer_kind: row.text(14)?,
        })
    })
}

/// A plan or promise with its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPlan {
    /// 户号
    pub account_no: String,
    /// 户名
    pub customer: String,
    /// A `CustomerKind`.
    pub customer_kind: String,
    /// The plan.
    pub plan: super::PlanRow,
    /// The day of its next part that lies not before the day of the question; none when all lie before.
    pub next_on: Option<Date>,
}

/// Plans and promises in a unit and those below it, the latest first, after a place (day, account, number).
///
/// # Errors
/// The database's.
pub fn plan_page(
    conn: &mut Conn,
    (root, kind, state): (i64, Option<&str>, Option<&str>),
    on: Date,
    after: Option<(Date, i64, i64)>,
    limit: usize,
) -> Result<Vec<ListedPlan>, StoreError> {
    let mut which = Condition::of("1 = 1");
    let day = which.place(on);
    which.and_if("p.kind = ?", kind);
    which.and_if("p.state = ?", state);
    which.within("a.org_id", root);
    if let Some((agreed_on, account_id, plan_no)) = after {
        let names = [which.place(agreed_on), which.place(account_id), which.place(plan_no)].join(", ");
        which.add(&format!("(p.agreed_on, p.account_id, p.plan_no) < ({names})"));
    }
    let most = which.place(limit as i64);
    let sql = format!(
        "SELECT {}, a.account_no, COALESCE(c.name, ''), COALESCE(c.kind, ''), (SELECT MIN(x.due_on) FROM plan_part x \
         WHERE x.account_id = p.account_id AND x.plan_no = p.plan_no AND x.due_on >= {day}) FROM payment_plan p \
         JOIN account a ON a.account_id = p.account_id LEFT JOIN customer c ON c.customer_id = a.customer_id \
         WHERE {} ORDER BY p.agreed_on DESC, p.account_id DESC, p.plan_no DESC LIMIT {most}",
        super::plan::COLUMNS
            .split(", ")
            .map(|column| format!("p.{}", column.trim()))
            .collect::<Vec<_>>()
            .join(", "),
        which.sql()
    );
    conn.query(&sql, which.params(), |row| {
        Ok(ListedPlan {
            plan: super::plan::read(row)?,
            account_no: row.text(15)?,
            customer: row.text(16)?,
            customer_kind: row.text(17)?,
            next_on: row.date_or_null(18)?,
        })
    })
}
