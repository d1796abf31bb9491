//! 催费工作清单: a collector's debtors, ranked.

use super::plan::year_before;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::collections::worklist::{Score, TOPIC, WorklistRules};
use denghuo_rules::units::Money;
use denghuo_store::{Conn, collections};
use jiff::civil::Date;
use serde::Serialize;

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct WorkLine {
    /// 户号
    pub account_no: String,
    /// 户名
    pub name: String,
    /// 用电地址
    pub address: String,
    /// Overdue principal.
    pub overdue: Money,
    /// Last payment day of the oldest overdue bill.
    #[schemars(with = "DateForm")]
    pub due_on: Date,
    /// The highest step that stands.
    pub stands_on: String,
    /// Why it stands where it does.
    #[serde(flatten)]
    pub score: Score,
}

/// The debtors of a member of staff on a day, the most urgent first; accounts whose every debt is held are left out.
///
/// # Errors
/// Not on the staff list, a missing rule, or the database's.
pub fn worklist(
    conn: &mut Conn,
    work: &Work<'_>,
    staff: &str,
    on: Date,
) -> Result<Vec<WorkLine>, OfficeError> {
    access::on_staff(conn, staff, on)?;
    let rules = work.book.pick::<WorklistRules>(TOPIC, &work.site, on)?.params;
    let rows = collections::work_of(conn, staff, on, year_before(on))?;
    let mut lines: Vec<WorkLine> = rows
        .into_iter()
        .filter(|row| !row.held)
        .map(|row| WorkLine {
            score: rules.score(&row.facts, on),
            account_no: row.account_no,
            name: row.name,
            address: row.address,
            overdue: row.facts.value,
            due_on: row.facts.due_on,
            stands_on: row.stands_on,
        })
        .collect();
    lines.sort_by(|a, b| {
        (b.score.score, b.overdue)
            .cmp(&(a.score.score, a.overdue))
            .then_with(|| a.account_no.cmp(&b.account_no))
    });
    Ok(lines)
}
