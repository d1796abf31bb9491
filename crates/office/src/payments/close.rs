//! 日结: what each cashier took, against what was counted; a closed day takes no more payments.

use crate::error::OfficeError;
use crate::ledger::trial_balance;
use crate::work::Work;
use denghuo_rules::payments::Channel;
use denghuo_rules::refusal::Refusal;
use denghuo_rules::units::Money;
use denghuo_store::payments::{CashierTotal, totals_of_day};
use denghuo_store::{Conn, payments};
use jiff::civil::Date;
use serde::Serialize;

/// 日结报告 of a day, for one cashier or for the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CloseReport {
    /// 业务日期
    #[schemars(with = "denghuo_rules::calendar::DateForm")]
    pub on: Date,
    /// Staff code, or `all`.
    pub scope: String,
    /// By cashier and channel.
    pub lines: Vec<CloseLine>,
    /// Received less taken back.
    pub net: Money,
    /// Of it in cash.
    pub cash: Money,
    /// What was counted in the drawer, when it was told.
    pub counted: Option<Money>,
    /// It was closed before; nothing was changed.
    pub already_closed: bool,
}

/// One cashier's payments through one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CloseLine {
    /// 收费员
    pub cashier: String,
    /// 渠道
    pub channel: Channel,
    /// Payments.
    pub payments: i64,
    /// Their sum.
    pub received: Money,
    /// Reversals.
    pub reversals: i64,
    /// Their sum.
    pub reversed: Money,
}

impl From<CashierTotal> for CloseLine {
    fn from(total: CashierTotal) -> Self {
        Self {
            cashier: total.cashier,
            channel: total.channel,
            payments: total.payments,
            received: total.received,
            reversals: total.reversals,
            reversed: total.reversed,
        }
    }
}

/// The report of a day without closing it. Refunds paid out are not in it: they are not the cashier's takings.
///
/// # Errors
/// The database's.
pub fn report_of_day(conn: &mut Conn, scope: &str, on: Date) -> Result<CloseReport, OfficeError> {
    let totals = totals_of_day(conn, on)?;
    let lines: Vec<CloseLine> =
        totals.into_iter().filter(|t| scope == "all" || t.cashier == scope).map(CloseLine::from).collect();
    let net = lines.iter().map(|line| line.received - line.reversed).sum();
    let cash = lines
        .iter()
        .filter(|line| line.channel == Channel::Cash)
        .map(|line| line.received - line.reversed)
        .sum();
    Ok(CloseReport { on, scope: scope.to_owned(), lines, net, cash, counted: None, already_closed: false })
}

/// Closes a day for a cashier or for the company (`all`).
///
/// # Errors
/// The counted cash differs; the books do not balance; the database's.
pub fn close_day(
    conn: &mut Conn,
    work: &Work<'_>,
    scope: &str,
    counted: Option<Money>,
    on: Date,
) -> Result<CloseReport, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        let mut report = report_of_day(conn, scope, on)?;
        report.counted = counted;
        if payments::day_close(conn, on, scope)?.is_some() {
            return Ok(CloseReport { already_closed: true, ..report });
        }
        if let Some(counted) = counted.filter(|counted| *counted != report.cash) {
            return Err(cash_differs(report.cash, counted));
        }
        let trial = trial_balance(conn, on, None)?;
        if trial.debit != trial.credit {
            return Err(OfficeError::Refused(Refusal::new(
                "close.unbalanced",
                format!("试算不平衡: 借方{} 贷方{}", trial.debit, trial.credit),
                format!("the books do not balance: debit {} credit {}", trial.debit, trial.credit),
            )));
        }
        let text = format!("net {} cash {}", report.net, report.cash);
        payments::insert_day_close(conn, on, scope, &work.by, &text, work.now)?;
        Ok(report)
    })
}

fn cash_differs(booked: Money, counted: Money) -> OfficeError {
    OfficeError::Refused(Refusal::new(
        "close.cash_differs",
        format!("清点现金{counted}元与账面{booked}元不符"),
        format!("{counted} yuan were counted, the books have {booked}"),
    ))
}
