//! 客户反映: outages, faults, doubts and praise become work of the agents.

use super::CustomerRefusal;
use super::codes::customer_rule;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{DateForm, plus_days};
use denghuo_rules::customer::ReportKind;
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;
use serde::Serialize;

/// Kind of the task about a report.
pub const REPORT: &str = "customer_feedback";

/// What a customer tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it is about.
    pub kind: ReportKind,
    /// In his words.
    pub text: String,
    /// How to reach him about it.
    pub reach: Option<String>,
}

/// 反映记录 as its customer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ReportShown {
    /// Its number within the account.
    pub report_no: i64,
    /// A `ReportKind`.
    pub kind: String,
    /// What was told.
    pub text: String,
    /// When.
    #[schemars(with = "DateForm")]
    pub told_on: Date,
    /// `open` or `done`.
    pub state: String,
    /// What was answered.
    pub answer: Option<String>,
    /// When.
    #[schemars(with = "Option<DateForm>")]
    pub answered_on: Option<Date>,
}

/// Takes a report; gives its number.
///
/// # Errors
/// A [`CustomerRefusal`], a missing rule, or the database's.
pub fn report(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    report: &Report,
    on: Date,
) -> Result<i64, OfficeError> {
    let text = report.text.trim();
    if text.is_empty() {
        return Err(OfficeError::refuse(CustomerRefusal::Empty));
    }
    let rule = customer_rule(work, on)?;
    conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        let known = tasks::of_account(conn, account_id)?;
        let own = || known.iter().filter(|task| task.kind == REPORT);
        if own().filter(|task| task.opened_on == on).count() as i64 >= rule.reports_per_day {
            return Err(OfficeError::refuse(CustomerRefusal::TooManyReports));
        }
        let report_no = own().filter_map(|task| number(&task.subject)).max().unwrap_or(0) + 1;
        let reach = report.reach.as_deref().map(str::trim).filter(|reach| !reach.is_empty());
        let reach = reach.map(|reach| format!("\n{REACH}{reach}")).unwrap_or_default();
        let task = NewTask {
            account_id,
            kind: REPORT,
            subject: format!("report:{report_no}"),
            codes: report.kind.word().to_owned(),
            detail: format!("{text}{reach}"),
            owner_role: "agent",
            opened_on: on,
            due_on: Some(if report.kind.is_urgent() { on } else { plus_days(on, 1) }),
        };
        tasks::open(conn, &[task])?;
        Ok(report_no)
    })
}

const REACH: &str = "联系:";

fn number(subject: &str) -> Option<i64> {
    subject.strip_prefix("report:")?.parse().ok()
}

/// What was told of an account, the newest first.
///
/// # Errors
/// The database's.
pub fn reports_of(conn: &mut Conn, account_id: i64) -> Result<Vec<ReportShown>, OfficeError> {
    let own = tasks::of_account(conn, account_id)?.into_iter().filter(|task| task.kind == REPORT);
    let mut shown: Vec<ReportShown> = own
        .filter_map(|task| {
            Some(ReportShown {
                report_no: number(&task.subject)?,
                kind: task.codes,
                text: task.detail,
                told_on: task.opened_on,
                state: task.state,
                answer: task.note.filter(|note| !note.is_empty()),
                answered_on: task.resolved_on,
            })
        })
        .collect();
    shown.sort_by_key(|report| std::cmp::Reverse(report.report_no));
    Ok(shown)
}
