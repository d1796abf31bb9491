//! 实绩: what the ledger says of the recovery of each portfolio, as of a day and as known at a moment.

use super::word;
use crate::db::{Conn, StoreError};
use denghuo_rules::calendar::Month;
use denghuo_rules::registry::Category;
use denghuo_rules::targets::{Segment, SegmentRule, SegmentSum};
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// A portfolio: the accounts of a unit that are read on a route.
pub type Portfolio = (i64, i64);

/// 流量: what the books of a portfolio moved on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Unit and route.
    pub portfolio: Portfolio,
    /// The business day; none for everything before the first day that was asked for.
    pub on: Option<Date>,
    /// What became receivable: released bills and their corrections; before the first day, what was left open.
    pub receivable: Money,
    /// What was received of it; what was written off was not.
    pub received: Money,
    /// What was written off; before the first day nothing, because it is no longer open.
    pub written_off: Money,
}

/// The books of every portfolio from a day to another, day by day, with what had been left open before; in order.
///
/// # Errors
/// The database's.
pub fn flows(
    conn: &mut Conn,
    (from, to): (Date, Date),
    as_known: Option<i64>,
) -> Result<Vec<Flow>, StoreError> {
    conn.query(
        "SELECT a.org_id, a.route_id, CASE WHEN e.business_on < $1 THEN 0 ELSE e.business_on END AS happened_on, \
         CAST(SUM(CASE WHEN e.business_on < $1 OR e.kind IN ('bill_release', 'bill_correction') THEN p.amount_fen ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN e.business_on >= $1 AND e.kind NOT IN ('bill_release', 'bill_correction', 'write_off') \
           THEN -p.amount_fen ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN e.business_on >= $1 AND e.kind = 'write_off' THEN -p.amount_fen ELSE 0 END) AS BIGINT) \
         FROM posting p JOIN entry e ON e.account_id = p.account_id AND e.entry_no = p.entry_no \
         JOIN account a ON a.account_id = p.account_id \
         WHERE p.gl = '1122' AND e.business_on <= $2 AND e.recorded_at <= $3 GROUP BY a.org_id, a.route_id, 3 ORDER BY 1, 2, 3",
        &[from.into(), to.into(), as_known.unwrap_or(i64::MAX).into()],
        |row| {
            Ok(Flow {
                portfolio: (row.int(0)?, row.int(1)?),
                on: if row.int(2)? == 0 { None } else { Some(row.date(2)?) },
                receivable: row.money(3)?,
                received: row.money(4)?,
                written_off: row.money(5)?,
            })
        },
    )
}

/// 陈欠: what was open of prior years at the beginning of a period, and what was received of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriorYears {
    /// Unit and route.
    pub portfolio: Portfolio,
    /// Open on the first day, and released since.
    pub receivable: Money,
    /// Received until the last day.
    pub received: Money,
}

/// Debts of charging months before the year of the first day, by portfolio, in order; a payment counts when its entry was known.
///
/// # Errors
/// The database's.
pub fn prior_years(
    conn: &mut Conn,
    (from, to): (Date, Date),
    as_known: Option<i64>,
) -> Result<Vec<PriorYears>, StoreError> {
    let first_month = i64::from(Month::of(from).year()) * 100 + 1;
    conn.query(
        "SELECT org_id, route_id, CAST(SUM(open_fen) AS BIGINT), CAST(SUM(paid_fen) AS BIGINT) FROM ( \
         SELECT a.org_id, a.route_id, r.amount_fen - COALESCE((SELECT SUM(x.amount_fen) FROM allocation x \
             WHERE x.account_id = r.account_id AND x.bill_no = r.bill_no AND x.kind = 'energy' AND x.allocated_on < $1), 0) AS open_fen, \
           COALESCE((SELECT SUM(x.amount_fen) FROM allocation x JOIN payment p ON p.account_id = x.account_id \
             AND p.payment_no = x.payment_no WHERE x.account_id = r.account_id AND x.bill_no = r.bill_no AND x.kind = 'energy' \
             AND x.allocated_on BETWEEN $1 AND $2 AND p.channel <> 'write_off' AND NOT EXISTS (SELECT 1 FROM entry e \
               WHERE e.account_id = x.account_id AND e.subject = 'payment:' || CAST(x.payment_no AS TEXT) AND e.recorded_at > $4)), 0) AS paid_fen \
         FROM receivable r JOIN account a ON a.account_id = r.account_id WHERE r.month < $3 AND r.released_on <= $2 \
           AND (r.settled_on IS NULL OR r.settled_on >= $1)) y \
         GROUP BY org_id, route_id ORDER BY org_id, route_id",
        &[from.into(), to.into(), first_month.into(), as_known.unwrap_or(i64::MAX).into()],
        |row| {
            Ok(PriorYears {
                portfolio: (row.int(0)?, row.int(1)?),
                receivable: row.money(2)?,
                received: row.money(3)?,
            })
        },
    )
}

/// Every portfolio with the number of its accounts that are supplied on a day, in order.
///
/// # Errors
/// The database's.
pub fn portfolios(conn: &mut Conn, on: Date) -> Result<Vec<(Portfolio, i64)>, StoreError> {
    conn.query(
        "SELECT org_id, route_id, COUNT(*) FROM account WHERE opened_on <= $1 AND closed_on >= $1 \
         GROUP BY org_id, route_id ORDER BY org_id, route_id",
        &[on.into()],
        |row| Ok(((row.int(0)?, row.int(1)?), row.int(2)?)),
    )
}

/// What was to be recovered in a period and was, by route and segment, in order: bills that were open on its first day or released in it.
/// `look_from` is the first day on which late payments of the past count.
///
/// # Errors
/// The database's.
pub fn segment_sums(
    conn: &mut Conn,
    (from, to): (Date, Date),
    rule: &SegmentRule,
    look_from: Date,
) -> Result<Vec<SegmentSum>, StoreError> {
    let before = |days: i64| denghuo_rules::calendar::plus_days(from, -days);
    conn.query(
        "SELECT route_id, category, age, history, COUNT(*), CAST(SUM(open_fen) AS BIGINT), CAST(SUM(paid_fen) AS BIGINT) FROM ( \
         SELECT a.route_id, r.category, \
           CAST(CASE WHEN r.due_on < $4 THEN 2 WHEN r.due_on < $3 THEN 1 ELSE 0 END AS BIGINT) AS age, \
           CAST(CASE WHEN COALESCE(h.late, 0) >= $6 THEN 2 WHEN COALESCE(h.late, 0) >= 1 THEN 1 ELSE 0 END AS BIGINT) AS history, \
           r.amount_fen - COALESCE((SELECT SUM(x.amount_fen) FROM allocation x WHERE x.account_id = r.account_id \
             AND x.bill_no = r.bill_no AND x.kind = 'energy' AND x.allocated_on < $1), 0) AS open_fen, \
           COALESCE((SELECT SUM(x.amount_fen) FROM allocation x JOIN payment p ON p.account_id = x.account_id \
             AND p.payment_no = x.payment_no WHERE x.account_id = r.account_id AND x.bill_no = r.bill_no AND x.kind = 'energy' \
             AND x.allocated_on BETWEEN $1 AND $2 AND p.channel <> 'write_off'), 0) AS paid_fen \
         FROM receivable r JOIN account a ON a.account_id = r.account_id \
         LEFT JOIN (SELECT account_id, COUNT(*) AS late FROM receivable WHERE due_on >= $5 AND due_on < $1 AND amount_fen > 0 \
           AND (settled_on IS NULL OR settled_on > due_on) GROUP BY account_id) h ON h.account_id = a.account_id \
         WHERE r.released_on <= $2 AND r.amount_fen > 0 AND (r.settled_on IS NULL OR r.settled_on >= $1)) y WHERE open_fen > 0 \
         GROUP BY route_id, category, age, history ORDER BY route_id, category, age, history",
        &[
            from.into(),
            to.into(),
            before(rule.old_days).into(),
            before(rule.very_old_days).into(),
            look_from.into(),
            rule.often_late.into(),
        ],
        |row| {
            let level = |column| Ok::<u8, StoreError>(u8::try_from(row.int(column)?).unwrap_or(u8::MAX));
            Ok(SegmentSum {
                route_id: row.int(0)?,
                segment: Segment {
                    category: word(row.str(1)?, Category::from_word)?,
                    age: level(2)?,
                    history: level(3)?,
                },
                bills: row.int(4)?,
                receivable: row.money(5)?,
                received: row.money(6)?,
            })
        },
    )
}
