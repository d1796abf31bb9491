//! Arrears and recovery.

use crate::db::{Conn, Param, StoreError};
use denghuo_rules::calendar::Month;
use denghuo_rules::targets::Recovery;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// Which accounts a list of arrears shows; `None` shows all.
#[derive(Clone, Copy, Debug, Default)]
pub struct OverdueFilter<'a> {
    /// Code of the organisation.
    pub org: Option<&'a str>,
    /// Code of the route.
    pub route: Option<&'a str>,
    /// Word of the category of the bill.
    pub category: Option<&'a str>,
}

/// An account with something overdue, and whom it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverdueAccount {
    /// The account.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// 户名
    pub name: String,
    /// Code of its organisation.
    pub org: String,
    /// Code of its route.
    pub route: String,
}

/// Accounts with a principal or booked late fee that was due before a day, in order.
///
/// # Errors
/// The database's.
pub fn overdue_accounts(
    conn: &mut Conn,
    on: Date,
    filter: OverdueFilter<'_>,
) -> Result<Vec<OverdueAccount>, StoreError> {
    conn.query(
        "SELECT DISTINCT a.account_id, a.account_no, COALESCE(c.name, ''), COALESCE(o.code, ''), COALESCE(t.code, '') \
         FROM (SELECT account_id, category FROM receivable WHERE open_fen > 0 AND due_on < $1 \
           UNION SELECT f.account_id, r.category FROM late_fee f \
           JOIN receivable r ON r.account_id = f.account_id AND r.bill_no = f.bill_no WHERE f.open_fen > 0) d \
         JOIN account a ON a.account_id = d.account_id \
         LEFT JOIN customer c ON c.customer_id = a.customer_id LEFT JOIN org o ON o.org_id = a.org_id \
         LEFT JOIN route t ON t.route_id = a.route_id \
         WHERE ($2 = '' OR o.code = $2) AND ($3 = '' OR t.code = $3) AND ($4 = '' OR d.category = $4) \
         ORDER BY a.account_id",
        &[
            on.into(),
            text(filter.org),
            text(filter.route),
            text(filter.category),
        ],
        |row| {
            Ok(OverdueAccount {
                account_id: row.int(0)?,
                account_no: row.text(1)?,
                name: row.text(2)?,
                org: row.text(3)?,
                route: row.text(4)?,
            })
        },
    )
}

fn text(filter: Option<&str>) -> Param<'_> {
    Param::Text(filter.unwrap_or_default())
}

/// 应收与实收 of a period: receivable is what was open on the first day and what was released through the last; prior
/// years' debts are those of charging months before the year of the first day. Late fees are not counted, and what was
/// written off was not received.
///
/// # Errors
/// The database's.
pub fn recovery(conn: &mut Conn, from: Date, to: Date) -> Result<Recovery, StoreError> {
    let year = Month::of(from).year();
    let first_month = Param::Int(i64::from(year) * 100 + 1);
    let billed = conn.query_first(
        "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN month < $2 THEN amount_fen ELSE 0 END), 0) AS BIGINT) \
         FROM receivable WHERE released_on <= $1",
        &[to.into(), first_month],
        |row| Ok((row.money(0)?, row.money(1)?)),
    )?;
    let paid = conn.query_first(
        "SELECT CAST(COALESCE(SUM(CASE WHEN x.allocated_on < $1 THEN x.amount_fen ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN x.allocated_on < $1 AND r.month < $3 THEN x.amount_fen ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN x.allocated_on >= $1 AND p.channel <> 'write_off' THEN x.amount_fen ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN x.allocated_on >= $1 AND r.month < $3 AND p.channel <> 'write_off' THEN x.amount_fen ELSE 0 END), 0) AS BIGINT) \
         FROM allocation x JOIN receivable r ON r.account_id = x.account_id AND r.bill_no = x.bill_no \
         JOIN payment p ON p.account_id = x.account_id AND p.payment_no = x.payment_no WHERE x.kind = 'energy' AND x.allocated_on <= $2",
        &[from.into(), to.into(), first_month],
        |row| Ok([row.money(0)?, row.money(1)?, row.money(2)?, row.money(3)?]),
    )?;
    let (all, prior) = billed.unwrap_or_default();
    let [before, before_prior, received, received_prior_years] = paid.unwrap_or([Money::ZERO; 4]);
    Ok(Recovery {
        receivable: all - before,
        receivable_prior_years: prior - before_prior,
        received,
        received_prior_years,
    })
}
