//! 报告: what came of the real data: the gaps, the largest bills with their derivation, the proof of the books.

use super::build::RealCompany;
use super::registers::shifted_moment;
use crate::error::TownError;
use crate::summary::Summary;
use denghuo_office::billing::{Explained, bill_explain};
use denghuo_office::verify::Verification;
use denghuo_office::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::derivation::Step;
use denghuo_rules::units::{Energy, Money};
use denghuo_store::Conn;
use denghuo_store::billing::bills_of;
use denghuo_store::day::Range;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What came of the real data.
#[derive(Debug, Serialize)]
pub struct RealReport {
    /// Accounts, bills, energy and money by class; exceptions by kind.
    pub summary: Summary,
    /// The gaps of the half-hourly homes.
    pub gaps: GapReport,
    /// Consumption by data set: in the files, and between the first and the last reading of each account.
    pub measured: BTreeMap<String, (Energy, Energy)>,
    /// The largest bills of each class, explained.
    pub largest: Vec<LargestBill>,
    /// The proof of the books.
    pub verification: Verification,
}

/// 缺采 in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GapReport {
    /// Half-hourly intervals that were read.
    pub intervals: usize,
    /// Gaps found.
    pub gaps: usize,
    /// Intervals missing in them.
    pub missing_intervals: i64,
    /// Homes with a gap.
    pub homes: usize,
    /// Gaps kept as tasks.
    pub tasks: usize,
    /// Monthly readings that fall into a gap.
    pub unread: usize,
    /// Of them found as missed by the day.
    pub found_missed: usize,
    /// Bills over a gap.
    pub bills_over_gaps: usize,
    /// Of them of no energy between two real readings: the meter stood still in the hours that were measured.
    pub measured_zero: usize,
    /// Of them of no energy without a real reading: none.
    pub billed_as_zero: Vec<String>,
}

/// One of the largest bills.
#[derive(Debug, Serialize)]
pub struct LargestBill {
    /// Word of the class.
    pub class: String,
    /// The account.
    pub account_id: i64,
    /// Number of the bill.
    pub bill_no: i64,
    /// 电费年月
    pub month: Month,
    /// Billed energy.
    pub active: Energy,
    /// Amount.
    pub amount: Money,
    /// What the derivation comes to; equal to the amount.
    pub derived: Money,
    /// Its derivation, step by step.
    pub steps: Vec<Step>,
    /// The rules it was made under: id, clause, confidence.
    pub rules: Vec<(String, String, String)>,
}

/// The largest bills of each class, explained.
///
/// # Errors
/// The database's, or a bill that cannot be derived again.
pub fn largest(
    conn: &mut Conn,
    work: &Work<'_>,
    classes: &[(&str, &str)],
    each: usize,
) -> Result<Vec<LargestBill>, TownError> {
    let mut top: BTreeMap<&str, Vec<(Money, i64, i64)>> = BTreeMap::new();
    let accounts = classes.len() as i64;
    for from in (1..=accounts).step_by(500) {
        for bill in bills_of(conn, Range { from, to: from + 499 })? {
            let class = usize::try_from(bill.account_id - 1).ok().and_then(|n| classes.get(n));
            let Some((class, _)) = class.filter(|_| bill.corrects_no.is_none()) else { continue };
            let bills = top.entry(class).or_default();
            bills.push((bill.amount, bill.account_id, bill.bill_no));
            bills.sort_by_key(|bill| std::cmp::Reverse(*bill));
            bills.truncate(each);
        }
    }
    let mut all = Vec::new();
    for (class, bills) in top {
        for (amount, account_id, bill_no) in bills {
            let Explained { bill, steps, derived, rules, .. } =
                bill_explain(conn, work, (account_id, bill_no))?;
            let (class, month, active) = (class.to_owned(), bill.month, bill.active);
            all.push(LargestBill {
                class,
                account_id,
                bill_no,
                month,
                active,
                amount,
                derived,
                steps,
                rules,
            });
        }
    }
    all.sort_by_key(|bill| std::cmp::Reverse(bill.amount));
    Ok(all)
}

/// The gaps with what became of them in the books.
///
/// # Errors
/// The database's.
pub fn gap_report(conn: &mut Conn, real: &RealCompany) -> Result<GapReport, TownError> {
    let homes: BTreeSet<&str> = real.gaps.iter().map(|(account_no, _)| account_no.as_str()).collect();
    let mut report = GapReport {
        intervals: real.intervals,
        gaps: real.gaps.len(),
        missing_intervals: real.gaps.iter().map(|(_, gap)| gap.missing).sum(),
        homes: homes.len(),
        unread: real.unread.len(),
        ..GapReport::default()
    };
    for account_no in homes {
        let id = real.account_id(account_no);
        let of_account = denghuo_store::tasks::of_account(conn, id)?;
        report.tasks += of_account.iter().filter(|task| task.kind == "interval_gap").count();
        for bill in bills_of(conn, Range { from: id, to: id })?.iter().filter(|b| b.corrects_no.is_none()) {
            let over = real.gaps.iter().any(|(no, gap)| {
                no == account_no
                    && shifted_moment(gap.from).day() < bill.to_on
                    && bill.from_on < shifted_moment(gap.to).day()
            });
            report.bills_over_gaps += usize::from(over);
            if !over || !bill.active.is_zero() {
                continue;
            }
            if bill.kind == "regular" {
                report.measured_zero += 1;
            } else {
                report.billed_as_zero.push(format!("{account_no}/{}", bill.month));
            }
        }
    }
    for (account_no, on) in &real.unread {
        let of_account = denghuo_store::tasks::of_account(conn, real.account_id(account_no))?;
        let subject = format!("missing:{}", Month::of(*on));
        report.found_missed += usize::from(of_account.iter().any(|task| task.subject == subject));
    }
    Ok(report)
}
