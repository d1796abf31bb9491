//! Bills, their lines, where billing stands, and the rule sets they were made under.

use super::load::StateRow;
use crate::day::Range;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::calendar::Month;
use denghuo_rules::units::{Energy, Money, Price};
use jiff::civil::Date;
use std::borrow::Cow;

/// 电费账单. Never changed after it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub bill_no: i64,
    /// Charging month.
    pub month: Month,
    /// `regular`, `provisional`, `correction`, `cancellation`, `error`, `theft`, `breach`.
    pub kind: String,
    /// First day.
    pub from_on: Date,
    /// Day after the last.
    pub to_on: Date,
    /// Business day of the calculation.
    pub calculated_on: Date,
    /// Billed active energy.
    pub active: Energy,
    /// The sum of its lines.
    pub amount: Money,
    /// Of which funds collected for the State.
    pub funds: Money,
    /// Word of the category.
    pub category: String,
    /// The rules it was made under.
    pub rule_set_id: i64,
    /// JSON of the inputs, from which it can be derived again.
    pub facts: String,
    /// The bill it corrects or cancels.
    pub corrects_no: Option<i64>,
    /// Who made it; `system` for the business day.
    pub prepared_by: String,
    /// Why, for bills made by hand.
    pub reason: Option<String>,
}

/// One line of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// Its number within the bill.
    pub line_no: i64,
    /// Word of the item.
    pub item: Cow<'static, str>,
    /// Tariff period, when it is of one.
    pub band: Option<Cow<'static, str>>,
    /// Tier 1…3, 0 where tiers play no part.
    pub tier: i64,
    /// Word of the unit.
    pub unit: Cow<'static, str>,
    /// Quantity in 0.0001 of the unit.
    pub quantity: i64,
    /// Price per unit.
    pub price: Price,
    /// 折算: the part of a month as `15/31`, nothing for a whole one.
    pub share: Option<String>,
    /// Amount.
    pub amount: Money,
}

/// The ids of rules that were used together, kept once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetRow {
    /// Derived from the ids, so that it is the same everywhere.
    pub rule_set_id: i64,
    /// The ids, sorted, separated by spaces.
    pub rules: String,
}

const BILL: Table = Table {
    name: "bill",
    columns: &[
        "account_id",
        "bill_no",
        "month",
        "kind",
        "from_on",
        "to_on",
        "calculated_on",
        "active",
        "amount_fen",
        "funds_fen",
        "category",
        "rule_set_id",
        "facts",
        "corrects_no",
        "prepared_by",
        "reason",
    ],
    key: &["account_id", "bill_no"],
};
const LINE: Table = Table {
    name: "bill_line",
    columns: &[
        "account_id",
        "bill_no",
        "line_no",
        "item",
        "band",
        "tier",
        "unit",
        "quantity",
        "price",
        "share",
        "amount_fen",
    ],
    key: &["account_id", "bill_no", "line_no"],
};
const PENDING: Table = Table {
    name: "pending_bill",
    columns: &[
        "account_id",
        "bill_no",
        "state",
        "codes",
        "calculated_on",
        "month",
        "kind",
        "category",
        "amount_fen",
        "funds_fen",
        "prepared_by",
    ],
    key: &["account_id", "bill_no"],
};
const STATE: Table = Table {
    name: "billing_state",
    columns: &[
        "account_id",
        "next_bill_no",
        "billed_to",
        "tier_year",
        "tier_used",
        "provisional_runs",
        "zero_runs",
        "history",
    ],
    key: &["account_id"],
};

/// Inserts bills.
///
/// # Errors
/// The database's.
pub fn insert_bills(conn: &mut Conn, bills: &[BillRow]) -> Result<(), StoreError> {
    conn.bulk(&BILL, bills, |bill, out| {
        out.put(bill.account_id).put(bill.bill_no).put(bill.month).put(&bill.kind).put(bill.from_on);
        out.put(bill.to_on).put(bill.calculated_on).put(bill.active).put(bill.amount).put(bill.funds);
        out.put(&bill.category).put(bill.rule_set_id).put(&bill.facts).put(bill.corrects_no);
        out.put(&bill.prepared_by).put(bill.reason.as_ref());
    })
}

/// Inserts lines.
///
/// # Errors
/// The database's.
pub fn insert_lines(conn: &mut Conn, lines: &[LineRow]) -> Result<(), StoreError> {
    conn.bulk(&LINE, lines, |line, out| {
        out.put(line.account_id).put(line.bill_no).put(line.line_no).put(line.item.as_ref());
        out.put(line.band.as_deref())
            .put(line.tier)
            .put(line.unit.as_ref())
            .put(line.quantity)
            .put(line.price);
        out.put(line.share.as_ref()).put(line.amount);
    })
}

/// Puts bills among those that wait for release: `(bill, finding codes)`, ready when there is no code.
///
/// # Errors
/// The database's.
pub fn insert_pending(conn: &mut Conn, bills: &[(&BillRow, String)]) -> Result<(), StoreError> {
    conn.bulk(&PENDING, bills, |(bill, codes), out| {
        let state = if codes.is_empty() { "ready" } else { "held" };
        out.put(bill.account_id).put(bill.bill_no).put(state).put(codes).put(bill.calculated_on);
        out.put(bill.month).put(&bill.kind).put(&bill.category).put(bill.amount).put(bill.funds);
        out.put(&bill.prepared_by);
    })
}

/// Keeps where billing stands.
///
/// # Errors
/// The database's.
pub fn save_states(conn: &mut Conn, states: &[StateRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&STATE, states, |state, out| {
        out.put(state.account_id).put(state.next_bill_no).put(state.billed_to).put(state.tier_year);
        out.put(state.tier_used)
            .put(state.provisional_runs)
            .put(state.zero_runs)
            .put(state.history.as_slice());
    })
}

/// Keeps rule sets that are not kept yet.
///
/// # Errors
/// The database's.
pub fn keep_rule_sets(conn: &mut Conn, sets: &[RuleSetRow]) -> Result<(), StoreError> {
    let mut in_order: Vec<&RuleSetRow> = sets.iter().collect();
    // Several writers keep the same sets: in one order none waits for another in a circle.
    in_order.sort_by_key(|set| set.rule_set_id);
    for set in in_order {
        conn.execute(
            "INSERT INTO rule_set (rule_set_id, rules) VALUES ($1, $2) ON CONFLICT (rule_set_id) DO NOTHING",
            &[set.rule_set_id.into(), (&set.rules).into()],
        )?;
    }
    Ok(())
}

/// The rule ids of a set.
///
/// # Errors
/// The database's.
pub fn rule_set(conn: &mut Conn, id: i64) -> Result<Option<String>, StoreError> {
    conn.query_first("SELECT rules FROM rule_set WHERE rule_set_id = $1", &[id.into()], |row| row.text(0))
}

const BILL_COLUMNS: &str = "account_id, bill_no, month, kind, from_on, to_on, calculated_on, active, amount_fen, \
    funds_fen, category, rule_set_id, facts, corrects_no, prepared_by, reason";

fn read_bill(row: &Row<'_>) -> Result<BillRow, StoreError> {
    Ok(BillRow {
        account_id: row.int(0)?,
        bill_no: row.int(1)?,
        month: row.month(2)?,
        kind: row.text(3)?,
        from_on: row.date(4)?,
        to_on: row.date(5)?,
        calculated_on: row.date(6)?,
        active: row.energy(7)?,
        amount: row.money(8)?,
        funds: row.money(9)?,
        category: row.text(10)?,
        rule_set_id: row.int(11)?,
        facts: row.text(12)?,
        corrects_no: row.int_or_null(13)?,
        prepared_by: row.text(14)?,
        reason: row.text_or_null(15)?,
    })
}

/// One bill.
///
/// # Errors
/// The database's.
pub fn bill(conn: &mut Conn, account_id: i64, bill_no: i64) -> Result<Option<BillRow>, StoreError> {
    let sql = format!("SELECT {BILL_COLUMNS} FROM bill WHERE account_id = $1 AND bill_no = $2");
    conn.query_first(&sql, &[account_id.into(), bill_no.into()], read_bill)
}

/// Every bill of a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn bills_of(conn: &mut Conn, range: Range) -> Result<Vec<BillRow>, StoreError> {
    let sql = format!(
        "SELECT {BILL_COLUMNS} FROM bill WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, bill_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], read_bill)
}

/// The lines of a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn lines_of(conn: &mut Conn, range: Range) -> Result<Vec<LineRow>, StoreError> {
    conn.query(
        "SELECT account_id, bill_no, line_no, item, band, tier, unit, quantity, price, share, amount_fen \
         FROM bill_line WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, bill_no, line_no",
        &[range.from.into(), range.to.into()],
        |row| {
            Ok(LineRow {
                account_id: row.int(0)?,
                bill_no: row.int(1)?,
                line_no: row.int(2)?,
                item: row.text(3)?.into(),
                band: row.text_or_null(4)?.map(Into::into),
                tier: row.int(5)?,
                unit: row.text(6)?.into(),
                quantity: row.int(7)?,
                price: row.price(8)?,
                share: row.text_or_null(9)?,
                amount: row.money(10)?,
            })
        },
    )
}

/// The lines of one bill, in order.
///
/// # Errors
/// The database's.
pub fn bill_lines(conn: &mut Conn, account_id: i64, bill_no: i64) -> Result<Vec<LineRow>, StoreError> {
    let mut lines = lines_of(conn, Range { from: account_id, to: account_id })?;
    lines.retain(|line| line.bill_no == bill_no);
    Ok(lines)
}

/// Closes the tasks of parked accounts that got their bill on `on`.
///
/// # Errors
/// The database's.
pub fn close_parked_tasks(conn: &mut Conn, on: Date, range: Range) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE task SET state = 'done', resolution = 'billed', resolved_by = 'system', resolved_on = $1 \
         WHERE kind = 'bill_parked' AND state = 'open' AND account_id BETWEEN $2 AND $3 AND EXISTS \
         (SELECT 1 FROM bill b WHERE b.account_id = task.account_id AND b.calculated_on = $1)",
        &[on.into(), range.from.into(), range.to.into()],
    )?;
    Ok(())
}
