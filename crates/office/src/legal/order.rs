//! 支付令: the facts of the check list.

use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::legal::payment_order::{OrderCheck, OrderFacts, may_apply, order_checks};
use denghuo_rules::legal::terms::LegalTerms;
use denghuo_store::day::Range;
use denghuo_store::{Conn, collections, legal};
use jiff::civil::Date;
use serde::Serialize;

/// 支付令条件: the check list and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderList {
    /// Every line.
    pub checks: Vec<OrderCheck>,
    /// May the application be made?
    pub may_apply: bool,
    /// May the late fee be claimed with it?
    pub with_late_fee: bool,
}

impl OrderList {
    /// Codes of what is needed and does not hold.
    #[must_use]
    pub fn failed(&self) -> String {
        let failed = self.checks.iter().filter(|check| check.needed && !check.holds);
        failed.map(|check| check.code).collect::<Vec<_>>().join(",")
    }
}

/// The check list of a payment order for an account on a day.
///
/// # Errors
/// A missing rule, or the database's.
pub fn payment_order_list(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    on: Date,
) -> Result<OrderList, OfficeError> {
    list(conn, work, account_id, on)
}

pub(super) fn list(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    on: Date,
) -> Result<OrderList, OfficeError> {
    let range = Range { from: account_id, to: account_id };
    let terms = work.book.pick::<LegalTerms>("legal_terms", &work.site, on)?.params;
    let debts = collections::open_debts(conn, range)?;
    let overdue = debts.iter().filter(|d| d.receivable.open.raw() > 0 && d.receivable.due_on < on).count();
    let holds = legal::disputes(conn, range, on)?;
    let cases = legal::cases_of(conn, range)?;
    let mut preserved = false;
    for case in cases.iter().filter(|case| case.closed_on.is_none()) {
        let steps = legal::steps_of(conn, account_id, case.case_no)?;
        preserved |= steps.iter().any(|step| step.kind == "preserved");
    }
    let insolvent = legal::insolvencies_of(conn, range)?
        .iter()
        .any(|row| row.accepted_on <= on && row.ended_on.is_none_or(|day| day > on));
    let clause = collections::contracts(conn, range, on)?.iter().any(|contract| contract.late_fee_clause);
    let facts = OrderFacts {
        all_due: overdue > 0,
        amount_may_change: holds.iter().any(|hold| hold.kind == "suspected_reading"),
        disputed: holds.iter().any(|hold| matches!(hold.kind.as_str(), "dispute" | "complaint")),
        owes_in_return: legal::refunds_due(conn, account_id)?,
        reachable: legal::noticed(conn, account_id, plus_days(on, -i64::from(terms.reachable_days)))?,
        preserved,
        insolvent,
        late_fee_clause: clause,
    };
    let checks = order_checks(&facts);
    Ok(OrderList { may_apply: may_apply(&checks), with_late_fee: clause, checks })
}
