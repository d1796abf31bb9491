//! 应收与欠费 (column `collections`): receivables, what was booked of their late fees, contract terms, waivers.

use crate::day::{Range, ranges_of};
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::calendar::Month;
use denghuo_rules::registry::Category;
use denghuo_rules::units::{Money, Ratio};
use jiff::civil::Date;

mod approvals;
mod hold;
mod ladder;
mod lists;
mod overdue;
mod plan;
mod reports;
mod timeline;
mod verify;

pub use approvals::{
    ApprovalRow, ListedApproval, approval, approval_page, last_approval_no, open_approvals, save_approval,
};
pub use hold::{HoldRow, holds, holds_in_force, last_hold_no, save_holds};
pub use ladder::{
    LadderRow, NEVER, StepRow, Which, dunned_cases, dunned_debts, dunned_notices, dunned_steps, insolvencies,
    ladder_of, ladder_ranges, ladder_touch, ladder_touch_all, ladders_due, last_dun, save_ladders,
    save_steps, step_done,
};
pub use lists::{CollectorRow, ListedHold, ListedPlan, collectors, hold_page, plan_page};
pub use overdue::{
    BillFilter, BillOrder, BillPlace, Moved, OverdueBill, UnitMonth, overdue_by_unit, overdue_moves,
    overdue_page, recovery_by_unit,
};
pub use plan::{
    PlanRow, insert_parts, last_allocation_no, last_plan_no, plan_parts, plan_received, plans, running_plans,
    save_plans,
};
pub use reports::{OverdueAccount, OverdueFilter, overdue_accounts, recovery};
pub use timeline::{PlannedStop, TimelineRow, WorkRow, ladder_due_list, planned_stops, timeline, work_of};
pub use verify::{CHECKS, debts_with_fee};

/// 应收: what a released bill claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivableRow {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// 电费年月
    pub month: Month,
    /// 用电类别
    pub category: Category,
    /// As released; negative for a correction in the customer's favour.
    pub amount: Money,
    /// Amount − allocations.
    pub open: Money,
    /// 发行日
    pub released_on: Date,
    /// Who released it.
    pub released_by: String,
    /// 缴费截止日
    pub due_on: Date,
    /// The day on which nothing was left.
    pub settled_on: Option<Date>,
}

/// 违约金: what was booked of a bill's late fee. open = booked − waived − allocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeRow {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// Booked so far, as the function of the debt through `booked_to`.
    pub booked: Money,
    /// Booked and neither paid nor waived.
    pub open: Money,
    /// Waived.
    pub waived: Money,
    /// The last accrual day that is booked.
    pub booked_to: Date,
}

/// A bill that is not settled, principal or late fee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebtRow {
    /// Its receivable.
    pub receivable: ReceivableRow,
    /// What was booked of its late fee.
    pub fee: Option<FeeRow>,
    /// The bill that it corrects.
    pub corrects_no: Option<i64>,
}

/// 合同条款 that matter for arrears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContractRow {
    /// The account.
    pub account_id: i64,
    /// JSON of the due rule.
    pub due_rule: Option<String>,
    /// Does the contract have a late-fee clause?
    pub late_fee_clause: bool,
    /// The agreed rate per day.
    pub late_fee_rate: Option<Ratio>,
    /// Word of the agreed cross-year mode.
    pub cross_year_mode: Option<String>,
    /// Word of the agreed order of allocation.
    pub allocation: Option<String>,
    /// What secures the debt.
    pub guarantee: Option<String>,
    /// JSON of the agreed instalments.
    pub instalments: Option<String>,
}

/// A change of a bill's principal with the day that counts for its late fee; negative when paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// The day.
    pub on: Date,
    /// The change.
    pub by: Money,
}

/// 减免: a waived part of a late fee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub waiver_no: i64,
    /// The bill.
    pub bill_no: i64,
    /// The amount.
    pub amount: Money,
    /// Code of the reason.
    pub reason: String,
    /// Who asked.
    pub asked_by: String,
    /// Who approved.
    pub approved_by: String,
    /// Business day.
    pub approved_on: Date,
}

const RECEIVABLE: Table = Table {
    name: "receivable",
    columns: &[
        "account_id",
        "bill_no",
        "month",
        "category",
        "amount_fen",
        "open_fen",
        "released_on",
        "released_by",
        "due_on",
        "settled_on",
    ],
    key: &["account_id", "bill_no"],
};
const FEE: Table = Table {
    name: "late_fee",
    columns: &["account_id", "bill_no", "booked_fen", "open_fen", "waived_fen", "booked_to"],
    key: &["account_id", "bill_no"],
};
const WAIVER: Table = Table {
    name: "waiver",
    columns: &[
        "account_id",
        "waiver_no",
        "bill_no",
        "amount_fen",
        "reason",
        "asked_by",
        "approved_by",
        "approved_on",
    ],
    key: &["account_id", "waiver_no"],
};

fn bind_receivable<'r>(row: &'r ReceivableRow, out: &mut crate::db::RowWriter<'r>) {
    out.put(row.account_id)
        .put(row.bill_no)
        .put(row.month)
        .put(row.category.word())
        .put(row.amount)
        .put(row.open)
        .put(row.released_on)
        .put(&row.released_by)
        .put(row.due_on)
        .put(row.settled_on);
}

/// Writes the receivables of released bills.
///
/// # Errors
/// The database's; a bill that was released already is a duplicate.
pub fn insert_receivables(conn: &mut Conn, rows: &[ReceivableRow]) -> Result<(), StoreError> {
    conn.bulk(&RECEIVABLE, rows, bind_receivable)
}

/// Keeps receivables after a change.
///
/// # Errors
/// The database's.
pub fn save_receivables(conn: &mut Conn, rows: &[ReceivableRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&RECEIVABLE, rows, bind_receivable)
}

/// Keeps booked late fees after a change.
///
/// # Errors
/// The database's.
pub fn save_fees(conn: &mut Conn, rows: &[FeeRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&FEE, rows, |row, out| {
        out.put(row.account_id)
            .put(row.bill_no)
            .put(row.booked)
            .put(row.open)
            .put(row.waived)
            .put(row.booked_to);
    })
}

/// Writes waivers.
///
/// # Errors
/// The database's.
pub fn insert_waivers(conn: &mut Conn, rows: &[WaiverRow]) -> Result<(), StoreError> {
    conn.bulk(&WAIVER, rows, |row, out| {
        out.put(row.account_id)
            .put(row.waiver_no)
            .put(row.bill_no)
            .put(row.amount)
            .put(&row.reason)
            .put(&row.asked_by)
            .put(&row.approved_by)
            .put(row.approved_on);
    })
}

/// The number of an account's next waiver.
///
/// # Errors
/// The database's.
pub fn next_waiver_no(conn: &mut Conn, account_id: i64) -> Result<i64, StoreError> {
    Ok(conn.query_int("SELECT MAX(waiver_no) FROM waiver WHERE account_id = $1", &[account_id.into()])? + 1)
}

const DEBT: &str = "SELECT r.account_id, r.bill_no, r.month, r.category, r.amount_fen, r.open_fen, r.released_on, \
    r.released_by, r.due_on, r.settled_on, f.booked_fen, f.open_fen, f.waived_fen, f.booked_to, b.corrects_no \
    FROM receivable r LEFT JOIN late_fee f ON f.account_id = r.account_id AND f.bill_no = r.bill_no \
    LEFT JOIN bill b ON b.account_id = r.account_id AND b.bill_no = r.bill_no";

/// Reads a word of a closed list.
fn word<T>(row: &Row<'_>, column: usize, from_word: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let word = row.str(column)?;
    from_word(word).ok_or_else(|| StoreError::Corrupt(format!("`{word}` is no known word")))
}

fn read_debt(row: &Row<'_>) -> Result<DebtRow, StoreError> {
    let (account_id, bill_no) = (row.int(0)?, row.int(1)?);
    let fee = match row.int_or_null(10)? {
        None => None,
        Some(booked) => Some(FeeRow {
            account_id,
            bill_no,
            booked: Money(booked),
            open: row.money(11)?,
            waived: row.money(12)?,
            booked_to: row.date(13)?,
        }),
    };
    let receivable = ReceivableRow {
        account_id,
        bill_no,
        month: row.month(2)?,
        category: word(row, 3, Category::from_word)?,
        amount: row.money(4)?,
        open: row.money(5)?,
        released_on: row.date(6)?,
        released_by: row.text(7)?,
        due_on: row.date(8)?,
        settled_on: row.int_or_null(9)?.and_then(crate::db::date_from_int),
    };
    Ok(DebtRow { receivable, fee, corrects_no: row.int_or_null(14)? })
}

/// The bills of a range of accounts that are not settled, in order of account and bill.
///
/// # Errors
/// The database's.
pub fn open_debts(conn: &mut Conn, range: Range) -> Result<Vec<DebtRow>, StoreError> {
    let sql = format!(
        "{DEBT} WHERE r.account_id BETWEEN $1 AND $2 AND (r.open_fen <> 0 OR COALESCE(f.open_fen, 0) <> 0) \
         ORDER BY r.account_id, r.bill_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read_debt)
}

/// One bill with its late fee, settled or not.
///
/// # Errors
/// The database's.
pub fn debt(conn: &mut Conn, account_id: i64, bill_no: i64) -> Result<Option<DebtRow>, StoreError> {
    let sql = format!("{DEBT} WHERE r.account_id = $1 AND r.bill_no = $2");
    conn.query_first(&sql, &[account_id.into(), bill_no.into()], read_debt)
}

/// Every bill of an account, settled or not, in order.
///
/// # Errors
/// The database's.
pub fn debts_of(conn: &mut Conn, account_id: i64) -> Result<Vec<DebtRow>, StoreError> {
    let sql = format!("{DEBT} WHERE r.account_id = $1 ORDER BY r.bill_no");
    conn.query(&sql, &[account_id.into()], read_debt)
}

/// The changes of principal of a range of accounts, in order of account, bill and day.
///
/// # Errors
/// The database's.
pub fn principal_changes(conn: &mut Conn, range: Range) -> Result<Vec<ChangeRow>, StoreError> {
    conn.query(
        "SELECT account_id, bill_no, effective_on, -amount_fen FROM allocation \
         WHERE account_id BETWEEN $1 AND $2 AND kind = 'energy' \
         ORDER BY account_id, bill_no, effective_on, allocation_no",
        &[range.from.into(), range.to.into()],
        |row| {
            Ok(ChangeRow {
                account_id: row.int(0)?,
                bill_no: row.int(1)?,
                on: row.date(2)?,
                by: row.money(3)?,
            })
        },
    )
}

/// The contracts of a range in force on a day, in order of account.
///
/// # Errors
/// The database's.
pub fn contracts(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<ContractRow>, StoreError> {
    conn.query(
        "SELECT account_id, due_rule, late_fee_clause, late_fee_rate, cross_year_mode, allocation, guarantee, instalments \
         FROM contract WHERE account_id BETWEEN $1 AND $2 AND from_on <= $3 AND until_on >= $3 ORDER BY account_id",
        &[range.from.into(), range.to.into(), on.into()],
        |row| {
            Ok(ContractRow {
                account_id: row.int(0)?,
                due_rule: row.text_or_null(1)?,
                late_fee_clause: row.int(2)? != 0,
                late_fee_rate: row.int_or_null(3)?.map(Ratio),
                cross_year_mode: row.text_or_null(4)?,
                allocation: row.text_or_null(5)?,
                guarantee: row.text_or_null(6)?,
                instalments: row.text_or_null(7)?,
            })
        },
    )
}

/// Ranges of accounts that have something overdue on a day, principal or late fee.
///
/// # Errors
/// The database's.
pub fn overdue_ranges(conn: &mut Conn, on: Date, size: usize) -> Result<Vec<Range>, StoreError> {
    ranges_of(
        conn,
        "SELECT account_id FROM receivable WHERE open_fen > 0 AND due_on < $1 ORDER BY account_id",
        &[on.into()],
        size,
    )
}

/// Ranges of accounts for which a late fee was booked.
///
/// # Errors
/// The database's.
pub fn fee_ranges(conn: &mut Conn, size: usize) -> Result<Vec<Range>, StoreError> {
    ranges_of(conn, "SELECT account_id FROM late_fee ORDER BY account_id", &[], size)
}
