//! 催费时间轴: everything that happened to the debts of an account, from every column's tables; and a collector's debtors.

use crate::db::{Conn, StoreError};
use denghuo_rules::collections::worklist::WorkFacts;
use jiff::civil::Date;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TimelineRow {
    /// When.
    pub on: Date,
    /// What, such as `bill_released`, `notice_served`, `payment`, `step`.
    pub what: String,
    /// Its number in its own table.
    pub no: i64,
    /// The bill that it belongs to; 0 for the account.
    pub bill_no: i64,
    /// Words of its table, with spaces between.
    pub detail: String,
    /// The amount, in fen.
    pub amount_fen: Option<i64>,
}

/// Everything that happened to the debts of an account, in order.
///
/// # Errors
/// The database's.
pub fn timeline(conn: &mut Conn, account_id: i64) -> Result<Vec<TimelineRow>, StoreError> {
    conn.query(
        "SELECT on_day, what, no, bill_no, detail, amount_fen FROM (\
         SELECT released_on AS on_day, 1 AS place, 'bill_released' AS what, bill_no AS no, bill_no, '' AS detail, \
           amount_fen FROM receivable WHERE account_id = $1 \
         UNION ALL SELECT due_on, 2, 'last_payment_day', bill_no, bill_no, '', NULL FROM receivable WHERE account_id = $1 \
         UNION ALL SELECT decided_on, 3, 'notice', notice_no, bill_no, kind, amount_fen FROM notice WHERE account_id = $1 \
         UNION ALL SELECT served_at / 1000000, 4, 'notice_served', notice_no, bill_no, kind || ' ' || COALESCE(served_how, ''), \
           NULL FROM notice WHERE account_id = $1 AND served_at IS NOT NULL \
         UNION ALL SELECT paid_on, 5, CASE WHEN reverses_no IS NULL THEN 'payment' ELSE 'payment_taken_back' END, payment_no, \
           0, channel, amount_fen FROM payment WHERE account_id = $1 \
         UNION ALL SELECT due_on, 6, 'step', round, bill_no, kind || ' ' || state || ' ' || COALESCE(why, ''), NULL \
           FROM ladder_step WHERE account_id = $1 \
         UNION ALL SELECT from_on, 7, 'hold', hold_no, bill_no, kind || ' ' || reason, NULL FROM hold WHERE account_id = $1 \
         UNION ALL SELECT released_on, 8, 'hold_released', hold_no, bill_no, kind || ' ' || COALESCE(release_reason, ''), NULL \
           FROM hold WHERE account_id = $1 AND released_on IS NOT NULL \
         UNION ALL SELECT agreed_on, 9, 'plan', plan_no, 0, kind || ' ' || bills, amount_fen FROM payment_plan \
           WHERE account_id = $1 \
         UNION ALL SELECT ended_on, 10, 'plan_ended', plan_no, 0, kind || ' ' || state, NULL FROM payment_plan \
           WHERE account_id = $1 AND ended_on IS NOT NULL \
         UNION ALL SELECT proposed_on, 11, 'cut_case', case_no, bill_no, state, NULL FROM cut_case WHERE account_id = $1 \
         UNION ALL SELECT done_at / 1000000, 12, 'operation', operation_no, 0, kind || ' ' || state, NULL FROM operation \
           WHERE account_id = $1 AND done_at IS NOT NULL \
         UNION ALL SELECT opened_on, 13, 'legal_case', case_no, 0, kind || ' ' || state, claim_fen FROM legal_case \
           WHERE account_id = $1 \
         UNION ALL SELECT accepted_on, 14, 'insolvency', insolvency_no, 0, court, NULL FROM insolvency WHERE account_id = $1 \
         ) t ORDER BY on_day, place, bill_no, no, detail",
        &[account_id.into()],
        |row| {
            Ok(TimelineRow {
                on: row.date(0)?,
                what: row.text(1)?,
                no: row.int(2)?,
                bill_no: row.int(3)?,
                detail: row.text(4)?.trim_end().to_owned(),
                amount_fen: row.int_or_null(5)?,
            })
        },
    )
}

/// A debtor on a collector's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRow {
    /// 户号
    pub account_no: String,
    /// 户名
    pub name: String,
    /// 用电地址
    pub address: String,
    /// The highest step that stands.
    pub stands_on: String,
    /// What the order follows from.
    pub facts: WorkFacts,
    /// Is every debt held?
    pub held: bool,
}

/// The overdue accounts of the routes that a member of staff reads, or of the organisation whose debts he collects. `since` is
/// a year before.
///
/// # Errors
/// The database's.
pub fn work_of(conn: &mut Conn, staff: &str, on: Date, since: Date) -> Result<Vec<WorkRow>, StoreError> {
    conn.query(
        "SELECT a.account_no, COALESCE(c.name, ''), a.address, l.stands_on, d.open_fen, d.due_on, \
         (SELECT COUNT(*) FROM payment m WHERE m.account_id = a.account_id AND m.reverses_no IS NULL AND m.posted_on >= $3), \
         (SELECT COUNT(*) FROM contact k WHERE k.account_id = a.account_id AND k.until_on >= $2), \
         (SELECT COUNT(*) FROM payment_plan p WHERE p.account_id = a.account_id AND p.state = 'broken'), \
         (SELECT MIN(x.due_on) FROM task x WHERE x.account_id = a.account_id AND x.kind = 'dunning' AND x.state = 'open'), \
         (SELECT COUNT(*) FROM hold h WHERE h.account_id = a.account_id AND h.bill_no = 0 AND h.from_on <= $2 \
           AND h.until_on >= $2 AND h.released_on IS NULL) \
         FROM staff s JOIN route t ON t.reader_id = s.staff_id OR (s.role IN ('collector', 'manager') AND t.org_id IN \
           (SELECT o.org_id FROM org o WHERE o.org_id = s.org_id OR o.parent_id = s.org_id)) \
         JOIN account a ON a.route_id = t.route_id JOIN ladder l ON l.account_id = a.account_id \
         JOIN (SELECT account_id, CAST(SUM(open_fen) AS BIGINT) AS open_fen, MIN(due_on) AS due_on FROM receivable \
           WHERE open_fen > 0 AND due_on < $2 GROUP BY account_id) d ON d.account_id = a.account_id \
         LEFT JOIN customer c ON c.customer_id = a.customer_id WHERE s.code = $1 ORDER BY a.account_id",
        &[staff.into(), on.into(), since.into()],
        |row| {
            let facts = WorkFacts {
                value: row.money(4)?,
                due_on: row.date(5)?,
                paid_lately: row.int(6)? > 0,
                has_contact: row.int(7)? > 0,
                broken: row.int(8)?,
                deadline_on: row.date_or_null(9)?,
            };
            Ok(WorkRow {
                account_no: row.text(0)?,
                name: row.text(1)?,
                address: row.text(2)?,
                stands_on: row.text(3)?,
                facts,
                held: row.int(10)? > 0,
            })
        },
    )
}

/// The accounts whose ladder is looked at by a day: number, day and the step that stands, in order of day and number.
///
/// # Errors
/// The database's.
pub fn ladder_due_list(conn: &mut Conn, on: Date) -> Result<Vec<(String, Date, String)>, StoreError> {
    conn.query(
        "SELECT a.account_no, l.next_on, l.stands_on FROM ladder l JOIN account a ON a.account_id = l.account_id \
         WHERE l.next_on <= $1 ORDER BY l.next_on, a.account_no",
        &[on.into()],
        |row| Ok((row.text(0)?, row.date(1)?, row.text(2)?)),
    )
}

/// 停电计划步骤 with what makes it lawful.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedStop {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// The day of the step.
    pub on: Date,
    /// Last payment day of the bill.
    pub due_on: Date,
    /// The first arrival of a demand of the bill.
    pub demanded_on: Option<Date>,
}

/// Every planned stop, in order.
///
/// # Errors
/// The database's.
pub fn planned_stops(conn: &mut Conn) -> Result<Vec<PlannedStop>, StoreError> {
    conn.query(
        "SELECT s.account_id, s.bill_no, s.due_on, r.due_on, (SELECT MIN(d.done_on) FROM ladder_step d \
           WHERE d.account_id = s.account_id AND d.bill_no = s.bill_no AND d.kind IN ('demand', 'demand_again') \
           AND d.state = 'done') \
         FROM ladder_step s JOIN receivable r ON r.account_id = s.account_id AND r.bill_no = s.bill_no \
         WHERE s.kind = 'stop_plan' AND s.state <> 'held' ORDER BY s.account_id, s.bill_no, s.round",
        &[],
        |row| {
            Ok(PlannedStop {
                account_id: row.int(0)?,
                bill_no: row.int(1)?,
                on: row.date(2)?,
                due_on: row.date(3)?,
                demanded_on: row.date_or_null(4)?,
            })
        },
    )
}
