//! 指标 (column `targets`): targets and their nodes, what came of them, appraisals, bonus sheets.

mod actuals;
mod people;
mod records;
mod verify;

pub use actuals::{Flow, Portfolio, PriorYears, flows, portfolios, prior_years, segment_sums};
pub use people::{
    AppraisalEventRow, AppraisalRow, BonusLineRow, BonusSheetRow, appraisal, appraisal_events, appraisals,
    appraisals_of, bonus_lines, bonus_sheet, bonus_sheets, insert_appraisal_event, insert_bonus_sheet,
    save_appraisals, save_bonus_sheet,
};
pub use records::{Counted, notices_done, praise_taken, readings_done, supervision_done, tickets_done};
pub use verify::CHECKS;

use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::targets::{Method, Period, Recovery, TargetState};
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// 回收指标 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRow {
    /// Its number.
    pub target_no: i64,
    /// The period.
    pub period: Period,
    /// The unit at its root.
    pub org_id: i64,
    /// How it was shared out.
    pub method: Method,
    /// What is to be recovered.
    pub amount: Money,
    /// Where it stands.
    pub state: TargetState,
    /// Staff code of who made it.
    pub made_by: String,
    /// When.
    pub made_on: Date,
    /// Staff code of the second person.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_on: Option<Date>,
    /// When its figures were kept.
    pub closed_on: Option<Date>,
    /// Ids of the rules, with commas between.
    pub rules: String,
}

/// 指标节点 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRow {
    /// The target.
    pub target_no: i64,
    /// Its number within the target, from 1.
    pub node_no: i64,
    /// The node above.
    pub parent_no: Option<i64>,
    /// The unit; for a person the unit of the portfolio.
    pub org_id: i64,
    /// The person; none for a unit and for what nobody answers for.
    pub staff_id: Option<i64>,
    /// Is it a portfolio and not a unit?
    pub is_person: bool,
    /// Its share.
    pub weight: i64,
    /// What is to be recovered.
    pub amount: Money,
    /// Does it stay when another is corrected?
    pub fixed: bool,
    /// Why it was set by hand; empty when it was not.
    pub reason: String,
    /// Staff code of who set it last.
    pub changed_by: String,
    /// When.
    pub changed_on: Date,
}

const NODE: Table = Table {
    name: "target_node",
    columns: &[
        "target_no",
        "node_no",
        "parent_no",
        "org_id",
        "staff_id",
        "is_person",
        "weight",
        "amount_fen",
        "fixed",
        "reason",
        "changed_by",
        "changed_on",
    ],
    key: &["target_no", "node_no"],
};

const RESULT: Table = Table {
    name: "target_result",
    columns: &[
        "target_no",
        "node_no",
        "receivable_fen",
        "receivable_prior_fen",
        "received_fen",
        "received_prior_fen",
    ],
    key: &["target_no", "node_no"],
};

const COLUMNS: &str = "target_no, period, org_id, method, amount_fen, state, made_by, made_on, confirmed_by, confirmed_on, closed_on, rules";

/// A word that the database keeps.
fn word<T>(text: &str, of: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    of(text).ok_or_else(|| StoreError::Corrupt(format!("`{text}` is no word of the targets")))
}

fn read(row: &Row<'_>) -> Result<TargetRow, StoreError> {
    Ok(TargetRow {
        target_no: row.int(0)?,
        period: word(&row.text(1)?, |text| text.parse().ok())?,
        org_id: row.int(2)?,
        method: word(&row.text(3)?, Method::from_word)?,
        amount: row.money(4)?,
        state: word(&row.text(5)?, TargetState::from_word)?,
        made_by: row.text(6)?,
        made_on: row.date(7)?,
        confirmed_by: row.text_or_null(8)?,
        confirmed_on: row.date_or_null(9)?,
        closed_on: row.date_or_null(10)?,
        rules: row.text(11)?,
    })
}

/// One target.
///
/// # Errors
/// The database's.
pub fn target(conn: &mut Conn, target_no: i64) -> Result<Option<TargetRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM target WHERE target_no = $1");
    conn.query_first(&sql, &[target_no.into()], read)
}

/// The target of a unit for a period.
///
/// # Errors
/// The database's.
pub fn target_of(conn: &mut Conn, period: Period, org_id: i64) -> Result<Option<TargetRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM target WHERE period = $1 AND org_id = $2");
    conn.query_first(&sql, &[(&period.to_string()).into(), org_id.into()], read)
}

/// Every target, the newest first.
///
/// # Errors
/// The database's.
pub fn targets(conn: &mut Conn) -> Result<Vec<TargetRow>, StoreError> {
    conn.query(&format!("SELECT {COLUMNS} FROM target ORDER BY target_no DESC"), &[], read)
}

/// The number of the next target.
///
/// # Errors
/// The database's.
pub fn next_target_no(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(conn.query_int("SELECT MAX(target_no) FROM target", &[])? + 1)
}

/// Keeps a target, new or changed.
///
/// # Errors
/// The database's.
pub fn save_target(conn: &mut Conn, row: &TargetRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO target (target_no, period, org_id, method, amount_fen, state, made_by, made_on, confirmed_by, confirmed_on, \
         closed_on, rules) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (target_no) DO UPDATE SET method = excluded.method, amount_fen = excluded.amount_fen, state = excluded.state, \
         made_by = excluded.made_by, made_on = excluded.made_on, confirmed_by = excluded.confirmed_by, \
         confirmed_on = excluded.confirmed_on, closed_on = excluded.closed_on, rules = excluded.rules",
        &[
            row.target_no.into(),
            (&row.period.to_string()).into(),
            row.org_id.into(),
            row.method.word().into(),
            row.amount.into(),
            row.state.word().into(),
            (&row.made_by).into(),
            row.made_on.into(),
            row.confirmed_by.as_deref().into(),
            row.confirmed_on.into(),
            row.closed_on.into(),
            (&row.rules).into(),
        ],
    )?;
    Ok(())
}

/// Every node of a target, in order.
///
/// # Errors
/// The database's.
pub fn nodes(conn: &mut Conn, target_no: i64) -> Result<Vec<NodeRow>, StoreError> {
    conn.query(
        "SELECT target_no, node_no, parent_no, org_id, staff_id, is_person, weight, amount_fen, fixed, reason, changed_by, \
         changed_on FROM target_node WHERE target_no = $1 ORDER BY node_no",
        &[target_no.into()],
        |row| {
            Ok(NodeRow {
                target_no: row.int(0)?,
                node_no: row.int(1)?,
                parent_no: row.int_or_null(2)?,
                org_id: row.int(3)?,
                staff_id: row.int_or_null(4)?,
                is_person: row.truth(5)?,
                weight: row.int(6)?,
                amount: row.money(7)?,
                fixed: row.truth(8)?,
                reason: row.text(9)?,
                changed_by: row.text(10)?,
                changed_on: row.date(11)?,
            })
        },
    )
}

/// Keeps nodes, new or changed.
///
/// # Errors
/// The database's.
pub fn save_nodes(conn: &mut Conn, rows: &[NodeRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&NODE, rows, |row, out| {
        out.put(row.target_no).put(row.node_no).put(row.parent_no).put(row.org_id).put(row.staff_id);
        out.put(row.is_person).put(row.weight).put(row.amount).put(row.fixed).put(&row.reason);
        out.put(&row.changed_by).put(row.changed_on);
    })
}

/// Takes the nodes of a draft away, before it is shared out anew.
///
/// # Errors
/// The database's.
pub fn drop_nodes(conn: &mut Conn, target_no: i64) -> Result<(), StoreError> {
    conn.execute("DELETE FROM target_node WHERE target_no = $1", &[target_no.into()])?;
    Ok(())
}

/// Keeps what came of the nodes of a target.
///
/// # Errors
/// The database's.
pub fn save_results(conn: &mut Conn, target_no: i64, rows: &[(i64, Recovery)]) -> Result<(), StoreError> {
    conn.bulk_upsert(&RESULT, rows, |(node_no, result), out| {
        out.put(target_no).put(*node_no).put(result.receivable).put(result.receivable_prior_years);
        out.put(result.received).put(result.received_prior_years);
    })
}

/// What came of the nodes of a closed target, in order.
///
/// # Errors
/// The database's.
pub fn results(conn: &mut Conn, target_no: i64) -> Result<Vec<(i64, Recovery)>, StoreError> {
    conn.query(
        "SELECT node_no, receivable_fen, receivable_prior_fen, received_fen, received_prior_fen FROM target_result \
         WHERE target_no = $1 ORDER BY node_no",
        &[target_no.into()],
        |row| {
            let recovery = Recovery {
                receivable: row.money(1)?,
                receivable_prior_years: row.money(2)?,
                received: row.money(3)?,
                received_prior_years: row.money(4)?,
            };
            Ok((row.int(0)?, recovery))
        },
    )
}

/// What each person is to recover in a period, from the confirmed and closed targets of that period, in order; of several targets that name
/// him the largest.
///
/// # Errors
/// The database's.
pub fn targets_of_people(conn: &mut Conn, period: Period) -> Result<Vec<(i64, Money)>, StoreError> {
    conn.query(
        "SELECT staff_id, CAST(MAX(amount) AS BIGINT) FROM (SELECT t.target_no, n.staff_id, SUM(n.amount_fen) AS amount \
         FROM target t JOIN target_node n ON n.target_no = t.target_no WHERE t.period = $1 AND t.state <> 'draft' \
         AND n.staff_id IS NOT NULL GROUP BY t.target_no, n.staff_id) y GROUP BY staff_id ORDER BY staff_id",
        &[(&period.to_string()).into()],
        |row| Ok((row.int(0)?, row.money(1)?)),
    )
}

/// Says who answers for the money of a route from a day on.
///
/// # Errors
/// The database's.
pub fn save_charge(
    conn: &mut Conn,
    (route_id, from_on): (i64, Date),
    staff_id: i64,
    made_by: &str,
) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO route_charge (route_id, from_on, staff_id, made_by) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (route_id, from_on) DO UPDATE SET staff_id = excluded.staff_id, made_by = excluded.made_by",
        &[route_id.into(), from_on.into(), staff_id.into(), made_by.into()],
    )?;
    Ok(())
}

/// 责任路线: a route and who answers for its money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeRow {
    /// The route.
    pub route_id: i64,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub org_id: i64,
    /// Who reads it.
    pub reader_id: Option<i64>,
    /// Who answers for its money; the reader where nobody was named.
    pub staff_id: Option<i64>,
    /// Was somebody named?
    pub named: bool,
}

/// Every route with who answers for its money on a day, in order.
///
/// # Errors
/// The database's.
pub fn charges(conn: &mut Conn, on: Date) -> Result<Vec<ChargeRow>, StoreError> {
    conn.query(
        "SELECT t.route_id, t.code, t.name, t.org_id, t.reader_id, (SELECT c.staff_id FROM route_charge c \
           WHERE c.route_id = t.route_id AND c.from_on <= $1 ORDER BY c.from_on DESC LIMIT 1) FROM route t ORDER BY t.route_id",
        &[on.into()],
        |row| {
            let (reader_id, named) = (row.int_or_null(4)?, row.int_or_null(5)?);
            Ok(ChargeRow {
                route_id: row.int(0)?,
                code: row.text(1)?,
                name: row.text(2)?,
                org_id: row.int(3)?,
                reader_id,
                staff_id: named.or(reader_id),
                named: named.is_some(),
            })
        },
    )
}
