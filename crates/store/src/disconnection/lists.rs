//! Cases and operations of a unit and those below it, with the place where they are.

use super::warrants::read_operation;
use super::{CutCase, OperationRow, read_case};
use crate::db::{Conn, Row, StoreError};
use denghuo_rules::units::Money;
use jiff::civil::{Date, DateTime};

/// Where something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// 户号
    pub account_no: String,
    /// 用电地址
    pub address: String,
}

/// A case on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCase {
    /// The case.
    pub case: CutCase,
    /// Where.
    pub place: Place,
    /// What is open now of the debts that it rests on.
    pub open: Money,
}

/// An operation on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedOperation {
    /// The operation.
    pub operation: OperationRow,
    /// Where.
    pub place: Place,
}

/// Of the unit `$1` and those below it; of every unit where it is 0.
const WITHIN: &str = "($1 = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org WHERE org_id = $1 \
    UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) SELECT org_id FROM below))";

fn place(row: &Row<'_>, from: usize) -> Result<Place, StoreError> {
    Ok(Place { account_no: row.text(from)?, address: row.text(from + 1)? })
}

/// Cases of a unit that are live or were closed on a day or later; those whose window ends first stand first.
///
/// # Errors
/// The database's.
pub fn cases_within(conn: &mut Conn, root: i64, closed_from: Date) -> Result<Vec<ListedCase>, StoreError> {
    let columns: Vec<String> = super::CASE.columns.iter().map(|column| format!("c.{column}")).collect();
    let sql = format!(
        "SELECT {}, a.account_no, a.address, CAST(COALESCE((SELECT SUM(r.open_fen) FROM cut_case_bill b \
         JOIN receivable r ON r.account_id = b.account_id AND r.bill_no = b.bill_no \
         WHERE b.account_id = c.account_id AND b.case_no = c.case_no), 0) AS BIGINT) \
         FROM cut_case c JOIN account a ON a.account_id = c.account_id \
         WHERE (c.closed_on IS NULL OR c.closed_on >= $2) AND {WITHIN} \
         ORDER BY COALESCE(c.closed_on, 0), COALESCE(c.window_to, 99991231), c.proposed_on, c.account_id, c.case_no",
        columns.join(", ")
    );
    let last = super::CASE.columns.len();
    conn.query(&sql, &[root.into(), closed_from.into()], |row| {
        Ok(ListedCase { case: read_case(row)?, place: place(row, last)?, open: row.money(last + 2)? })
    })
}

/// Operations of a kind (`cut`, `restore`) of a unit that have not ended or were done at a moment or later; what is due first
/// stands first.
///
/// # Errors
/// The database's.
pub fn operations_within(
    conn: &mut Conn,
    root: i64,
    kind: &str,
    done_from: DateTime,
) -> Result<Vec<ListedOperation>, StoreError> {
    let columns: Vec<String> = super::warrants::OPERATION.columns.iter().map(|c| format!("o.{c}")).collect();
    let sql = format!(
        "SELECT {}, a.account_no, a.address FROM operation o JOIN account a ON a.account_id = o.account_id \
         WHERE o.kind = $2 AND (o.state IN ('ordered', 'confirm_at_meter', 'doubtful') OR o.done_at >= $3) AND {WITHIN} \
         ORDER BY CASE WHEN o.done_at IS NULL THEN 0 ELSE 1 END, COALESCE(o.due_at, o.ordered_at), o.account_id, o.operation_no",
        columns.join(", ")
    );
    let last = super::warrants::OPERATION.columns.len();
    conn.query(&sql, &[root.into(), kind.into(), done_from.into()], |row| {
        Ok(ListedOperation { operation: read_operation(row)?, place: place(row, last)? })
    })
}
