//! 欠费清单: overdue bills page by page, and how old they are by unit and over time.

use super::word;
use crate::db::{Condition, Conn, StoreError};
use denghuo_rules::calendar::Month;
use denghuo_rules::registry::Category;
use denghuo_rules::targets::Recovery;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// Which overdue bills.
#[derive(Clone, Copy, Debug, Default)]
pub struct BillFilter<'a> {
    /// The unit whose accounts and those below it count; 0 for all.
    pub root: i64,
    /// Of this unit and those below it.
    pub org: Option<&'a str>,
    /// Code of the route.
    pub route: Option<&'a str>,
    /// 用电类别 of the bill.
    pub category: Option<&'a str>,
    /// A `CustomerKind`.
    pub customer: Option<&'a str>,
    /// Charging months, both inclusive.
    pub months: Option<(Month, Month)>,
    /// Unpaid at least.
    pub least: Option<Money>,
    /// Unpaid at most.
    pub most: Option<Money>,
    /// Staff code of who collects.
    pub collector: Option<&'a str>,
    /// The step of the ladder on which the account stands.
    pub stage: Option<&'a str>,
    /// Is the account or the bill held?
    pub held: Option<bool>,
}

/// In which order: by the last payment day, or by the amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BillOrder {
    /// By the amount?
    pub by_amount: bool,
    /// The latest or largest first?
    pub descending: bool,
}

/// Where a page begins: day or fen, account and bill of the last row of the page before.
pub type BillPlace = (i64, i64, i64);

/// An overdue bill on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverdueBill {
    /// The account.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// 户名
    pub customer: String,
    /// A `CustomerKind`.
    pub customer_kind: String,
    /// Name of its unit.
    pub org: String,
    /// Code of its route.
    pub route: String,
    /// The bill.
    pub bill_no: i64,
    /// 电费年月
    pub month: Month,
    /// 用电类别
    pub category: Category,
    /// 缴费截止日
    pub due_on: Date,
    /// Unpaid principal.
    pub open: Money,
    /// The highest step that stands.
    pub stands_on: String,
    /// Does a hold pause it?
    pub held: bool,
}

impl OverdueBill {
    /// Where it stands on the list.
    #[must_use]
    pub fn place(&self, order: BillOrder) -> BillPlace {
        let first = if order.by_amount { self.open.0 } else { crate::db::date_to_int(self.due_on) };
        (first, self.account_id, self.bill_no)
    }
}

/// The routes that a member of staff reads, or of the units whose debts he collects; `?` is his code.
const ROUTES_OF: &str = "a.route_id IN (SELECT t.route_id FROM staff s JOIN route t ON t.reader_id = s.staff_id \
    OR (s.role IN ('collector', 'manager') AND t.org_id IN \
    (SELECT u.org_id FROM org u WHERE u.org_id = s.org_id OR u.parent_id = s.org_id)) WHERE s.code = ?)";

fn condition<'a>(filter: &BillFilter<'a>, on: Date) -> (Condition<'a>, String) {
    let mut which = Condition::of("r.open_fen > 0");
    let today = which.place(on);
    which.add(&format!("r.due_on < {today}"));
    which.within("a.org_id", filter.root);
    which.within_code("a.org_id", filter.org);
    which.and_if("a.route_id IN (SELECT route_id FROM route WHERE code = ?)", filter.route);
    which.and_if("r.category = ?", filter.category);
    which.and_if("c.kind = ?", filter.customer);
    which.and_if("r.month >= ?", filter.months.map(|(from, _)| from));
    which.and_if("r.month <= ?", filter.months.map(|(_, to)| to));
    which.and_if("r.open_fen >= ?", filter.least);
    which.and_if("r.open_fen <= ?", filter.most);
    which.and_if(ROUTES_OF, filter.collector);
    which.and_if("l.stands_on = ?", filter.stage);
    let held = format!(
        "EXISTS (SELECT 1 FROM hold h WHERE h.account_id = r.account_id AND h.bill_no IN (0, r.bill_no) \
         AND h.from_on <= {today} AND h.until_on >= {today} AND (h.released_on IS NULL OR h.released_on > {today}))"
    );
    match filter.held {
        Some(true) => which.add(&held),
        Some(false) => which.add(&format!("NOT {held}")),
        None => {}
    }
    (which, held)
}

const FROM: &str = "FROM receivable r JOIN account a ON a.account_id = r.account_id \
    LEFT JOIN customer c ON c.customer_id = a.customer_id LEFT JOIN ladder l ON l.account_id = r.account_id";

/// Overdue bills in an order, at most `limit` after a place.
///
/// # Errors
/// The database's.
pub fn overdue_page(
    conn: &mut Conn,
    (filter, order): (&BillFilter<'_>, BillOrder),
    on: Date,
    after: Option<BillPlace>,
    limit: usize,
) -> Result<Vec<OverdueBill>, StoreError> {
    let (mut which, held) = condition(filter, on);
    let first = if order.by_amount { "r.open_fen" } else { "r.due_on" };
    let (way, compare) = if order.descending { (" DESC", "<") } else { ("", ">") };
    if let Some((value, account_id, bill_no)) = after {
        let names = [which.place(value), which.place(account_id), which.place(bill_no)].join(", ");
        which.add(&format!("({first}, r.account_id, r.bill_no) {compare} ({names})"));
    }
    let most = which.place(limit as i64);
    let sql = format!(
        "SELECT r.account_id, a.account_no, COALESCE(c.name, ''), COALESCE(c.kind, ''), COALESCE(o.name, ''), \
         COALESCE(t.code, ''), r.bill_no, r.month, r.category, r.due_on, r.open_fen, COALESCE(l.stands_on, ''), \
         CAST(CASE WHEN {held} THEN 1 ELSE 0 END AS BIGINT) {FROM} LEFT JOIN org o ON o.org_id = a.org_id \
         LEFT JOIN route t ON t.route_id = a.route_id WHERE {} ORDER BY {first}{way}, r.account_id{way}, r.bill_no{way} LIMIT {most}",
        which.sql()
    );
    conn.query(&sql, which.params(), |row| {
        Ok(OverdueBill {
            account_id: row.int(0)?,
            account_no: row.text(1)?,
            customer: row.text(2)?,
            customer_kind: row.text(3)?,
            org: row.text(4)?,
            route: row.text(5)?,
            bill_no: row.int(6)?,
            month: row.month(7)?,
            category: word(row, 8, Category::from_word)?,
            due_on: row.date(9)?,
            open: row.money(10)?,
            stands_on: row.text(11)?,
            held: row.int(12)? != 0,
        })
    })
}

/// Overdue principal of a unit and charging month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitMonth {
    /// Code of the unit.
    pub org: String,
    /// Its name.
    pub name: String,
    /// 电费年月
    pub month: Month,
    /// Bills.
    pub bills: i64,
    /// Unpaid principal.
    pub open: Money,
    /// Late fee that is booked and unpaid.
    pub late_fee: Money,
}

/// What is overdue, by unit and charging month, in that order.
///
/// # Errors
/// The database's.
pub fn overdue_by_unit(
    conn: &mut Conn,
    filter: &BillFilter<'_>,
    on: Date,
) -> Result<Vec<UnitMonth>, StoreError> {
    let (which, _) = condition(filter, on);
    let sql = format!(
        "SELECT COALESCE(o.code, ''), COALESCE(o.name, ''), r.month, COUNT(*), CAST(SUM(r.open_fen) AS BIGINT), \
         CAST(COALESCE(SUM(f.open_fen), 0) AS BIGINT) {FROM} LEFT JOIN org o ON o.org_id = a.org_id \
         LEFT JOIN late_fee f ON f.account_id = r.account_id AND f.bill_no = r.bill_no \
         WHERE {} GROUP BY o.code, o.name, r.month ORDER BY 1, 3",
        which.sql()
    );
    conn.query(&sql, which.params(), |row| {
        Ok(UnitMonth {
            org: row.text(0)?,
            name: row.text(1)?,
            month: row.month(2)?,
            bills: row.int(3)?,
            open: row.money(4)?,
            late_fee: row.money(5)?,
        })
    })
}

/// Bills of a charging month that went the same way between two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// 电费年月
    pub month: Month,
    /// Overdue at the first day?
    pub was: bool,
    /// Overdue at the second day?
    pub is: bool,
    /// Bills.
    pub bills: i64,
    /// Overdue at the first day; 0 when it was not.
    pub before: Money,
    /// Overdue at the second day.
    pub after: Money,
}

/// What was overdue on a day and what became of it by another, by charging month. A bill that is overdue at neither is left out.
///
/// # Errors
/// The database's.
pub fn overdue_moves(
    conn: &mut Conn,
    root: i64,
    (first, second): (Date, Date),
) -> Result<Vec<Moved>, StoreError> {
    let mut which = Condition::default();
    let (a, b) = (which.place(first), which.place(second));
    which.add("r.amount_fen > 0");
    which.add(&format!(
        "r.due_on < {b} AND r.released_on <= {b} AND (r.settled_on IS NULL OR r.settled_on > {a})"
    ));
    which.within("a.org_id", root);
    let paid = |day: &str| {
        format!(
            "COALESCE((SELECT SUM(x.amount_fen) FROM allocation x WHERE x.account_id = r.account_id AND x.bill_no = r.bill_no \
             AND x.kind = 'energy' AND x.allocated_on <= {day}), 0)"
        )
    };
    let sql = format!(
        "SELECT month, was, remains, COUNT(*), CAST(SUM(was * open_a) AS BIGINT), CAST(SUM(remains * open_b) AS BIGINT) FROM (\
         SELECT month, open_a, open_b, CAST(CASE WHEN due_on < {a} AND released_on <= {a} AND open_a > 0 THEN 1 ELSE 0 END AS BIGINT) AS was, \
         CAST(CASE WHEN open_b > 0 THEN 1 ELSE 0 END AS BIGINT) AS remains FROM (SELECT r.month, r.due_on, r.released_on, \
         r.amount_fen - {} AS open_a, r.amount_fen - {} AS open_b FROM receivable r \
         JOIN account a ON a.account_id = r.account_id WHERE {}) y) z WHERE was = 1 OR remains = 1 \
         GROUP BY month, was, remains ORDER BY month, was, remains",
        paid(&a),
        paid(&b),
        which.sql()
    );
    conn.query(&sql, which.params(), |row| {
        Ok(Moved {
            month: row.month(0)?,
            was: row.int(1)? != 0,
            is: row.int(2)? != 0,
            bills: row.int(3)?,
            before: row.money(4)?,
            after: row.money(5)?,
        })
    })
}

/// 应收与实收 of a period by unit, as [`super::recovery`] counts it; code and name of the unit first, in order of the code.
///
/// # Errors
/// The database's.
pub fn recovery_by_unit(
    conn: &mut Conn,
    root: i64,
    (from, to): (Date, Date),
) -> Result<Vec<(String, String, Recovery)>, StoreError> {
    let first_month = Month::of(from).year();
    let first_month = i64::from(first_month) * 100 + 1;
    let mut which = Condition::default();
    let (from, to, year) = (which.place(from), which.place(to), which.place(first_month));
    which.add(&format!("r.released_on <= {to}"));
    which.within("a.org_id", root);
    let paid = |condition: &str| {
        format!(
            "COALESCE((SELECT SUM(x.amount_fen) FROM allocation x JOIN payment p ON p.account_id = x.account_id \
             AND p.payment_no = x.payment_no WHERE x.account_id = r.account_id AND x.bill_no = r.bill_no \
             AND x.kind = 'energy' AND {condition}), 0)"
        )
    };
    let sql = format!(
        "SELECT COALESCE(o.code, ''), COALESCE(o.name, ''), CAST(SUM(open_fen) AS BIGINT), \
         CAST(SUM(CASE WHEN month < {year} THEN open_fen ELSE 0 END) AS BIGINT), CAST(SUM(paid_fen) AS BIGINT), \
         CAST(SUM(CASE WHEN month < {year} THEN paid_fen ELSE 0 END) AS BIGINT) FROM (SELECT a.org_id, r.month, \
         r.amount_fen - {} AS open_fen, {} AS paid_fen FROM receivable r JOIN account a ON a.account_id = r.account_id \
         WHERE {}) y LEFT JOIN org o ON o.org_id = y.org_id GROUP BY o.code, o.name ORDER BY 1",
        paid(&format!("x.allocated_on < {from}")),
        paid(&format!("x.allocated_on BETWEEN {from} AND {to} AND p.channel <> 'write_off'")),
        which.sql()
    );
    conn.query(&sql, which.params(), |row| {
        let recovery = Recovery {
            receivable: row.money(2)?,
            receivable_prior_years: row.money(3)?,
            received: row.money(4)?,
            received_prior_years: row.money(5)?,
        };
        Ok((row.text(0)?, row.text(1)?, recovery))
    })
}
