//! 分期付款与付款承诺: what was agreed, and what came in for it since.

use super::word;
use crate::day::Range;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::collections::plan::{PlanKind, PlanPart, PlanState};
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// A plan or promise as it is kept, without its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub plan_no: i64,
    /// Which.
    pub kind: PlanKind,
    /// Numbers of its bills, with commas between.
    pub bills: String,
    /// The day of the agreement.
    pub agreed_on: Date,
    /// The sum of its parts.
    pub amount: Money,
    /// Where it stands.
    pub state: PlanState,
    /// How it was agreed, such as `written`, `phone`.
    pub agreed_how: String,
    /// Who took it: staff code.
    pub agreed_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Its proof.
    pub evidence_no: Option<i64>,
    /// The hold that it sets.
    pub hold_no: Option<i64>,
    /// The last allocation of the account before it; later ones count.
    pub after_allocation: i64,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// Why.
    pub ended_why: Option<String>,
}

impl PlanRow {
    /// Is a bill in it?
    #[must_use]
    pub fn covers(&self, bill_no: i64) -> bool {
        self.bills.split(',').any(|bill| bill.parse() == Ok(bill_no))
    }
}

const PLAN: Table = Table {
    name: "payment_plan",
    columns: &[
        "account_id",
        "plan_no",
        "kind",
        "bills",
        "agreed_on",
        "amount_fen",
        "state",
        "agreed_how",
        "agreed_by",
        "approved_by",
        "evidence_no",
        "hold_no",
        "after_allocation",
        "ended_on",
        "ended_why",
    ],
    key: &["account_id", "plan_no"],
};
const PART: Table = Table {
    name: "plan_part",
    columns: &["account_id", "plan_no", "part_no", "due_on", "amount_fen"],
    key: &["account_id", "plan_no", "part_no"],
};

pub(super) const COLUMNS: &str = "account_id, plan_no, kind, bills, agreed_on, amount_fen, state, agreed_how, agreed_by, approved_by, \
    evidence_no, hold_no, after_allocation, ended_on, ended_why";

pub(super) fn read(row: &Row<'_>) -> Result<PlanRow, StoreError> {
    Ok(PlanRow {
        account_id: row.int(0)?,
        plan_no: row.int(1)?,
        kind: word(row, 2, PlanKind::from_word)?,
        bills: row.text(3)?,
        agreed_on: row.date(4)?,
        amount: row.money(5)?,
        state: word(row, 6, PlanState::from_word)?,
        agreed_how: row.text(7)?,
        agreed_by: row.text(8)?,
        approved_by: row.text_or_null(9)?,
        evidence_no: row.int_or_null(10)?,
        hold_no: row.int_or_null(11)?,
        after_allocation: row.int(12)?,
        ended_on: row.date_or_null(13)?,
        ended_why: row.text_or_null(14)?,
    })
}

/// Keeps plans, new or ended.
///
/// # Errors
/// The database's.
pub fn save_plans(conn: &mut Conn, rows: &[PlanRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&PLAN, rows, |row, out| {
        out.put(row.account_id).put(row.plan_no).put(row.kind.word()).put(&row.bills).put(row.agreed_on);
        out.put(row.amount).put(row.state.word()).put(&row.agreed_how).put(&row.agreed_by);
        out.put(row.approved_by.as_deref()).put(row.evidence_no).put(row.hold_no).put(row.after_allocation);
        out.put(row.ended_on).put(row.ended_why.as_deref());
    })
}

/// Writes the parts of a plan.
///
/// # Errors
/// The database's.
pub fn insert_parts(conn: &mut Conn, plan: &PlanRow, parts: &[PlanPart]) -> Result<(), StoreError> {
    let numbered: Vec<(i64, PlanPart)> = (1..).zip(parts.iter().copied()).collect();
    let (account_id, plan_no) = (plan.account_id, plan.plan_no);
    conn.bulk(&PART, &numbered, |(part_no, part), out| {
        out.put(account_id).put(plan_no).put(*part_no).put(part.due_on).put(part.amount);
    })
}

/// Every plan of a range of accounts, in order of account and number.
///
/// # Errors
/// The database's.
pub fn plans(conn: &mut Conn, range: Range) -> Result<Vec<PlanRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM payment_plan WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, plan_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read)
}

/// The plans of a range that run, in order of account and number.
///
/// # Errors
/// The database's.
pub fn running_plans(conn: &mut Conn, range: Range) -> Result<Vec<PlanRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM payment_plan WHERE account_id BETWEEN $1 AND $2 AND state = 'running' \
         ORDER BY account_id, plan_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read)
}

/// The parts of the plans of a range, with account and plan, in order.
///
/// # Errors
/// The database's.
pub fn plan_parts(conn: &mut Conn, range: Range) -> Result<Vec<(i64, i64, PlanPart)>, StoreError> {
    conn.query(
        "SELECT account_id, plan_no, due_on, amount_fen FROM plan_part WHERE account_id BETWEEN $1 AND $2 \
         ORDER BY account_id, plan_no, part_no",
        &[range.from.into(), range.to.into()],
        |row| Ok((row.int(0)?, row.int(1)?, PlanPart { due_on: row.date(2)?, amount: row.money(3)? })),
    )
}

/// What was allocated to each bill of an account since a running plan of it was agreed: `(account, plan, bill, amount)`.
///
/// # Errors
/// The database's.
pub fn plan_received(conn: &mut Conn, range: Range) -> Result<Vec<(i64, i64, i64, Money)>, StoreError> {
    conn.query(
        "SELECT p.account_id, p.plan_no, x.bill_no, CAST(SUM(x.amount_fen) AS BIGINT) FROM payment_plan p \
         JOIN allocation x ON x.account_id = p.account_id AND x.allocation_no > p.after_allocation \
         AND x.kind IN ('energy', 'late_fee') \
         WHERE p.account_id BETWEEN $1 AND $2 AND p.state = 'running' GROUP BY p.account_id, p.plan_no, x.bill_no",
        &[range.from.into(), range.to.into()],
        |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?, row.money(3)?)),
    )
}

/// The last number of a plan of an account; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_plan_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(plan_no) FROM payment_plan WHERE account_id = $1", &[account_id.into()])
}

/// The last number of an allocation of an account; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_allocation_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(allocation_no) FROM allocation WHERE account_id = $1", &[account_id.into()])
}
