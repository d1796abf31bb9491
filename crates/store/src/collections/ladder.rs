//! 催费阶梯: when an account is to be looked at next, its steps, and what the ladder of a range of accounts is decided from.

use super::word;
use crate::day::{Range, ranges_of};
use crate::db::{Conn, StoreError, Table};
use denghuo_rules::collections::hold::HoldFact;
use denghuo_rules::collections::ladder::{
    Arrival, CaseFact, NoticeFact, OpenDebt, Step, StepKind, StepState,
};
use denghuo_rules::notices::NoticeKind;
use denghuo_rules::registry::Category;
use jiff::civil::Date;

/// The day on which nothing is looked at any more.
pub const NEVER: Date = jiff::civil::date(9999, 12, 31);

/// An account that is to be looked at, with what decides about its ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderRow {
    /// The account.
    pub account_id: i64,
    /// The day on which it is looked at.
    pub next_on: Date,
    /// The highest step that stands, such as `demand:3`.
    pub stands_on: String,
    /// When a step last changed.
    pub changed_on: Date,
    /// Word of its importance.
    pub importance: String,
    /// Is it a protected customer?
    pub protected: bool,
    /// Does its contract agree instalments?
    pub large: bool,
}

/// A step as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// The account.
    pub account_id: i64,
    /// The step.
    pub step: Step,
    /// Ids of the rules, with commas between.
    pub rules: String,
}

const LADDER: Table = Table {
    name: "ladder",
    columns: &["account_id", "next_on", "stands_on", "changed_on"],
    key: &["account_id"],
};
const STEP: Table = Table {
    name: "ladder_step",
    columns: &[
        "account_id",
        "bill_no",
        "kind",
        "round",
        "state",
        "due_on",
        "done_on",
        "notice_no",
        "why",
        "rules",
    ],
    key: &["account_id", "bill_no", "kind", "round"],
};

/// Accounts that the facts of the days `since..=on` concern are looked at on `on`: debts that became overdue (or will within
/// `lead` days), payments and payments taken back, insolvencies. Without `since` every overdue account is.
///
/// # Errors
/// The database's.
pub fn ladder_touch_all(conn: &mut Conn, since: Option<Date>, on: Date, lead: i64) -> Result<(), StoreError> {
    let from = since.unwrap_or(Date::constant(1, 1, 1));
    let until = denghuo_rules::calendar::plus_days(on, lead - 1);
    conn.execute(
        "INSERT INTO ladder (account_id, next_on, stands_on, changed_on) \
         SELECT DISTINCT account_id, CAST($3 AS BIGINT), '', CAST($3 AS BIGINT) FROM receivable \
         WHERE open_fen > 0 AND due_on BETWEEN $1 AND $2 \
         ON CONFLICT (account_id) DO UPDATE SET next_on = excluded.next_on WHERE ladder.next_on > excluded.next_on",
        &[from.into(), until.into(), on.into()],
    )?;
    let Some(since) = since else { return Ok(()) };
    conn.execute(
        "INSERT INTO ladder (account_id, next_on, stands_on, changed_on) \
         SELECT DISTINCT p.account_id, CAST($2 AS BIGINT), '', CAST($2 AS BIGINT) FROM payment p \
         JOIN receivable r ON r.account_id = p.account_id AND r.open_fen > 0 AND r.due_on < $2 \
         WHERE p.posted_on BETWEEN $1 AND $2 \
         ON CONFLICT (account_id) DO UPDATE SET next_on = excluded.next_on WHERE ladder.next_on > excluded.next_on",
        &[since.into(), on.into()],
    )?;
    conn.execute(
        "UPDATE ladder SET next_on = $2 WHERE next_on > $2 AND account_id IN \
         (SELECT account_id FROM payment WHERE posted_on BETWEEN $1 AND $2)",
        &[since.into(), on.into()],
    )?;
    conn.execute(
        "UPDATE ladder SET next_on = $2 WHERE next_on > $2 AND account_id IN \
         (SELECT account_id FROM insolvency WHERE ended_on IS NULL OR ended_on >= $1)",
        &[since.into(), on.into()],
    )?;
    Ok(())
}

/// An account is looked at on a day at the latest: something about it was decided.
///
/// # Errors
/// The database's.
pub fn ladder_touch(conn: &mut Conn, account_id: i64, on: Date) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO ladder (account_id, next_on, stands_on, changed_on) VALUES ($1, $2, '', $2) \
         ON CONFLICT (account_id) DO UPDATE SET next_on = excluded.next_on WHERE ladder.next_on > excluded.next_on",
        &[account_id.into(), on.into()],
    )?;
    Ok(())
}

/// The last day before another on which the stage `dun` was planned.
///
/// # Errors
/// The database's.
pub fn last_dun(conn: &mut Conn, before: Date) -> Result<Option<Date>, StoreError> {
    let last = conn.query_int(
        "SELECT MAX(run_on) FROM day_stage WHERE stage = 'dun' AND run_on < $1",
        &[before.into()],
    )?;
    Ok(crate::db::date_from_int(last))
}

/// Ranges of accounts that are to be looked at on a day.
///
/// # Errors
/// The database's.
pub fn ladder_ranges(conn: &mut Conn, on: Date, size: usize) -> Result<Vec<Range>, StoreError> {
    ranges_of(
        conn,
        "SELECT account_id FROM ladder WHERE next_on <= $1 ORDER BY account_id",
        &[on.into()],
        size,
    )
}

const DUE: &str = "SELECT l.account_id, l.next_on, l.stands_on, l.changed_on, COALESCE(a.importance, 'ordinary'), \
    CAST(CASE WHEN a.protection IS NULL THEN 0 ELSE 1 END AS BIGINT), \
    CAST(CASE WHEN c.instalments IS NULL THEN 0 ELSE 1 END AS BIGINT) \
    FROM ladder l LEFT JOIN account a ON a.account_id = l.account_id \
    LEFT JOIN contract c ON c.account_id = l.account_id AND c.from_on <= $3 AND c.until_on >= $3 \
    WHERE l.account_id BETWEEN $1 AND $2";

fn read_due(row: &crate::db::Row<'_>) -> Result<LadderRow, StoreError> {
    Ok(LadderRow {
        account_id: row.int(0)?,
        next_on: row.date(1)?,
        stands_on: row.text(2)?,
        changed_on: row.date(3)?,
        importance: row.text(4)?,
        protected: row.int(5)? != 0,
        large: row.int(6)? != 0,
    })
}

/// The accounts of a range that are to be looked at on a day, in order.
///
/// # Errors
/// The database's.
pub fn ladders_due(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<LadderRow>, StoreError> {
    let sql = format!("{DUE} AND l.next_on <= $3 ORDER BY l.account_id");
    conn.query(&sql, &[range.from.into(), range.to.into(), on.into()], read_due)
}

/// The ladder of one account, whenever it is looked at.
///
/// # Errors
/// The database's.
pub fn ladder_of(conn: &mut Conn, account_id: i64, on: Date) -> Result<Option<LadderRow>, StoreError> {
    let sql = format!("{DUE} ORDER BY l.account_id");
    conn.query_first(&sql, &[account_id.into(), account_id.into(), on.into()], read_due)
}

/// Keeps the ladders of accounts after a look.
///
/// # Errors
/// The database's.
pub fn save_ladders(conn: &mut Conn, rows: &[LadderRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&LADDER, rows, |row, out| {
        out.put(row.account_id).put(row.next_on).put(&row.stands_on).put(row.changed_on);
    })
}

/// Keeps steps, new or changed.
///
/// # Errors
/// The database's.
pub fn save_steps(conn: &mut Conn, rows: &[StepRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&STEP, rows, |row, out| {
        let step = &row.step;
        out.put(row.account_id)
            .put(step.bill_no)
            .put(step.kind.word())
            .put(step.round)
            .put(step.state.word());
        out.put(step.due_on).put(step.done_on).put(step.notice_no).put(step.why.as_deref()).put(&row.rules);
    })
}

/// Which accounts of a range are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those whose ladder is looked at on a day.
    DueOn(Date),
}

impl Which {
    /// A day that every ladder to be read is looked at by.
    fn until(self) -> Date {
        match self {
            Self::All => NEVER,
            Self::DueOn(on) => on,
        }
    }
}

/// What is open of the accounts with a ladder, in order of account and last payment day, with the account and category.
///
/// # Errors
/// The database's.
pub fn dunned_debts(
    conn: &mut Conn,
    range: Range,
    which: Which,
) -> Result<Vec<(i64, Category, OpenDebt)>, StoreError> {
    conn.query(
        "SELECT r.account_id, r.category, r.bill_no, r.released_on, r.due_on, r.open_fen FROM ladder l \
         JOIN receivable r ON r.account_id = l.account_id AND r.open_fen > 0 \
         WHERE l.account_id BETWEEN $1 AND $2 AND l.next_on <= $3 ORDER BY r.account_id, r.due_on, r.bill_no",
        &[range.from.into(), range.to.into(), which.until().into()],
        |row| {
            let debt = OpenDebt {
                bill_no: row.int(2)?,
                released_on: row.date(3)?,
                due_on: row.date(4)?,
                open: row.money(5)?,
            };
            Ok((row.int(0)?, word(row, 1, Category::from_word)?, debt))
        },
    )
}

/// The steps of the accounts with a ladder: those of open bills, and those that are not ended; in order of account, bill, kind
/// and round.
///
/// # Errors
/// The database's.
pub fn dunned_steps(conn: &mut Conn, range: Range, which: Which) -> Result<Vec<StepRow>, StoreError> {
    conn.query(
        "SELECT s.account_id, s.bill_no, s.kind, s.round, s.state, s.due_on, s.done_on, s.notice_no, s.why, s.rules \
         FROM ladder l JOIN ladder_step s ON s.account_id = l.account_id \
         WHERE l.account_id BETWEEN $1 AND $2 AND l.next_on <= $3 \
         ORDER BY s.account_id, s.bill_no, s.kind, s.round",
        &[range.from.into(), range.to.into(), which.until().into()],
        |row| {
            Ok(StepRow {
                account_id: row.int(0)?,
                step: Step {
                    bill_no: row.int(1)?,
                    kind: word(row, 2, StepKind::from_word)?,
                    round: row.int(3)?,
                    state: word(row, 4, StepState::from_word)?,
                    due_on: row.date(5)?,
                    done_on: row.date_or_null(6)?,
                    notice_no: row.int_or_null(7)?,
                    why: row.text_or_null(8)?,
                },
                rules: row.text(9)?,
            })
        },
    )
}

/// The notices that the ladders of a range look at: demands and reminders, and the notices of open bills.
///
/// # Errors
/// The database's.
pub fn dunned_notices(
    conn: &mut Conn,
    range: Range,
    which: Which,
) -> Result<Vec<(i64, NoticeFact)>, StoreError> {
    conn.query(
        "SELECT n.account_id, n.notice_no, n.kind, n.bill_no, n.due_by, n.deadline_on, n.state, n.served_at FROM ladder l \
         JOIN notice n ON n.account_id = l.account_id \
         WHERE l.account_id BETWEEN $1 AND $2 AND l.next_on <= $3 AND (n.kind IN ('demand', 'reminder') OR (n.kind = 'bill' \
         AND EXISTS (SELECT 1 FROM receivable r WHERE r.account_id = n.account_id AND r.bill_no = n.bill_no \
         AND r.open_fen > 0))) ORDER BY n.account_id, n.notice_no",
        &[range.from.into(), range.to.into(), which.until().into()],
        |row| {
            let state = row.str(6)?;
            let arrival = match (row.moment_or_null(7)?, state) {
                (Some(at), "served") => Arrival::Served(at.date()),
                (_, "open") => Arrival::Open,
                _ => Arrival::Failed,
            };
            let notice = NoticeFact {
                notice_no: row.int(1)?,
                kind: word(row, 2, NoticeKind::from_word)?,
                bill_no: row.int(3)?,
                due_by: row.date(4)?,
                deadline_on: row.date_or_null(5)?,
                arrival,
            };
            Ok((row.int(0)?, notice))
        },
    )
}

/// The cases of disconnection of a range, in order of account and number.
///
/// # Errors
/// The database's.
pub fn dunned_cases(conn: &mut Conn, range: Range) -> Result<Vec<(i64, CaseFact)>, StoreError> {
    conn.query(
        "SELECT account_id, bill_no, proposed_on, closed_on FROM cut_case WHERE account_id BETWEEN $1 AND $2 \
         ORDER BY account_id, case_no",
        &[range.from.into(), range.to.into()],
        |row| {
            let case =
                CaseFact { bill_no: row.int(1)?, proposed_on: row.date(2)?, closed_on: row.date_or_null(3)? };
            Ok((row.int(0)?, case))
        },
    )
}

/// The insolvencies of a range as holds of every debt, in order of account.
///
/// # Errors
/// The database's.
pub fn insolvencies(conn: &mut Conn, range: Range) -> Result<Vec<(i64, HoldFact)>, StoreError> {
    conn.query(
        "SELECT account_id, accepted_on, ended_on FROM insolvency WHERE account_id BETWEEN $1 AND $2 \
         ORDER BY account_id, insolvency_no",
        &[range.from.into(), range.to.into()],
        |row| {
            let hold = HoldFact {
                hold_no: 0,
                kind: denghuo_rules::collections::hold::HoldKind::Bankruptcy,
                bill_no: 0,
                from_on: row.date(1)?,
                until_on: row.date_or_null(2)?.map(|ended| denghuo_rules::calendar::plus_days(ended, -1)),
            };
            Ok((row.int(0)?, hold))
        },
    )
}

/// Marks a step as made by a person; false when it is not due.
///
/// # Errors
/// The database's.
pub fn step_done(
    conn: &mut Conn,
    account_id: i64,
    (bill_no, kind): (i64, StepKind),
    on: Date,
    why: &str,
) -> Result<bool, StoreError> {
    let touched = conn.execute(
        "UPDATE ladder_step SET state = 'done', done_on = $4, why = $5 \
         WHERE account_id = $1 AND bill_no = $2 AND kind = $3 AND state = 'due' AND due_on <= $4",
        &[account_id.into(), bill_no.into(), kind.word().into(), on.into(), why.into()],
    )?;
    Ok(touched > 0)
}
