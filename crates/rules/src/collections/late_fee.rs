//! 电费违约金: the late fee as a function of one debt.
//!
//! The fee runs from the day after the last payment day through the payment day, simple, on the unpaid energy charge
//! only. The rule version is picked per accrual day, so a debt that spans a change of the law uses both. Work is done by
//! spans of equal principal, rule and year, never by day.

use crate::calendar::{Month, days_between, plus_days};
use crate::derivation::Sink;
use crate::registry::{Category, words};
use crate::rulebook::NoRule;
use crate::units::{Money, Ratio};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

mod pause;
mod rules;
mod steps;
#[cfg(test)]
mod tests;

pub use pause::{Pause, PauseParams, PauseRules};
pub use rules::{LateFeeParams, LateFeeRules, TOPIC};

words!(
    /// 跨年计算方式: what the higher rate of a new calendar year applies to. The wording of the rule leaves it open.
    CrossYearMode {
        /// Days of the debt's own year at the current-year rate, later days at the cross-year rate.
        SplitByCalendarYear = "split_by_calendar_year" / "按日历年分段",
        /// Once the year has turned, what is then still unpaid bears the cross-year rate for all its overdue days.
        WholeDebtAtCrossYearRate = "whole_debt_at_cross_year_rate" / "跨年后全期按跨年标准",
    }
);

words!(
    /// 欠费年度口径: which day decides the year of a debt.
    DebtYearBasis {
        /// The last payment day.
        DueDate = "due_date" / "按缴费截止日",
        /// The charging month.
        ChargeMonth = "charge_month" / "按电费年月",
    }
);

words!(
    /// 违约金用户类别
    LateFeeClass {
        /// Residential users: one rate, no current/cross-year split.
        Household = "household" / "居民",
        /// Everybody else.
        Other = "other" / "其他用户",
    }
);

impl LateFeeClass {
    /// The class of a price category; residential use billed together (合表) counts as residential, the lenient reading.
    #[must_use]
    pub const fn of(category: Category) -> Self {
        match category {
            Category::Household | Category::Communal => Self::Household,
            Category::Agriculture | Category::Commercial => Self::Other,
        }
    }
}

/// 合同违约金条款: what a contract says instead of the rule; rates are clamped to the statutory band.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LateFeeTerms {
    /// 当年欠费日比例 (for a household, its only rate).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_year: Option<Ratio>,
    /// 跨年欠费日比例
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_year: Option<Ratio>,
    /// 跨年计算方式
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<CrossYearMode>,
}

/// 本金变动: a change of the unpaid energy charge. It counts from the next day on: the payment day itself still accrues.
/// A reversal of a payment carries the payment's own day, so that the debt accrues as if it had never been paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrincipalChange {
    /// The day.
    pub on: Date,
    /// Negative when paid, positive when restored or billed in addition.
    pub by: Money,
}

/// 欠费: everything the fee of one debt depends on.
#[derive(Clone, Copy, Debug)]
pub struct LateFeeDebt<'a> {
    /// 用户类别
    pub class: LateFeeClass,
    /// 电费年月
    pub month: Month,
    /// 缴费截止日: the last payment day.
    pub due_on: Date,
    /// 应收电费 as released.
    pub principal: Money,
    /// Changes of the principal in the order of their days.
    pub changes: &'a [PrincipalChange],
    /// The last day of accrual, when something ends it (the court accepts a bankruptcy petition).
    pub stops_on: Option<Date>,
    /// 暂停计收: stretches of days that bear no fee, by their first days.
    pub pauses: &'a [Pause],
    /// The contract's own clause.
    pub terms: LateFeeTerms,
}

/// 违约金: the fee of one debt through a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LateFee {
    /// The whole fee since the debt became overdue, whatever of it was paid or waived.
    pub amount: Money,
    /// Days on which something was overdue.
    pub days: i64,
}

/// A stretch of days with one principal, one rule and one rate.
struct Span<'r> {
    first: Date,
    days: i64,
    open: Money,
    rate: Ratio,
    rule: &'r rules::Version,
}

/// The late fee of a debt through a day, that day included.
///
/// # Errors
/// The book has no late-fee rule for an accrual day.
pub fn late_fee(
    rules: &LateFeeRules,
    debt: &LateFeeDebt<'_>,
    through: Date,
    sink: &mut impl Sink,
) -> Result<LateFee, NoRule> {
    debug_assert!(
        debt.changes.is_sorted_by_key(|change| change.on),
        "changes are in the order of their days"
    );
    let first = plus_days(debt.due_on, 1);
    let last = debt.stops_on.map_or(through, |stop| stop.min(through));
    if last < first {
        sink.step(|| steps::not_overdue(debt.due_on, through));
        return Ok(LateFee::default());
    }
    let first_rule = rules.on(first)?;
    let year_end = debt_year_end(debt, first_rule);
    let mode = debt.terms.mode.unwrap_or(first_rule.params.cross_year_mode);
    sink.step(|| steps::start(debt, first, last));
    for pause in debt.pauses.iter().filter(|pause| pause.touches(first, last)) {
        sink.step(|| steps::paused(pause, first, last));
    }
    let carried = (mode == CrossYearMode::WholeDebtAtCrossYearRate && last > year_end)
        .then(|| open_on(debt, plus_days(year_end, 1)));
    let mut total: i128 = 0;
    let mut days = 0;
    let mut spans = Spans { rules, debt, next: first, last, year_end };
    while let Some((first, length, open, rule)) = spans.advance()? {
        let crossed = first > year_end;
        let at_cross = if crossed { open } else { carried.unwrap_or_default().min(open) };
        days += length;
        for (open, crossed) in [(open - at_cross, false), (at_cross, true)] {
            if !open.is_zero() {
                let rate = rule.rate(debt.class, crossed, &debt.terms);
                let span = Span { first, days: length, open, rate, rule };
                total += i128::from(open.0) * i128::from(rate.0) * i128::from(length);
                sink.step(|| steps::span(&span, crossed));
            }
        }
    }
    let exact = Money(first_rule.params.rounding.divide_i128(total, 1_000_000));
    let amount = if total > 0 { exact.at_least(first_rule.params.minimum) } else { exact };
    if amount != exact {
        sink.step(|| steps::minimum(exact, amount, first_rule));
    }
    sink.step(|| steps::total(amount, days));
    Ok(LateFee { amount, days })
}

/// 31 December of the year that the debt belongs to.
fn debt_year_end(debt: &LateFeeDebt<'_>, rule: &rules::Version) -> Date {
    let year = match rule.params.debt_year_basis {
        DebtYearBasis::DueDate => debt.due_on.year(),
        DebtYearBasis::ChargeMonth => debt.month.year(),
    };
    date(year, 12, 31)
}

/// What is unpaid at the start of a day.
fn open_on(debt: &LateFeeDebt<'_>, day: Date) -> Money {
    let changed: Money = debt.changes.iter().take_while(|c| c.on < day).map(|c| c.by).sum();
    (debt.principal + changed).at_least(Money::ZERO)
}

/// Walks the stretches of equal principal, rule and calendar side.
struct Spans<'a, 'd, 'r> {
    rules: &'r LateFeeRules,
    debt: &'a LateFeeDebt<'d>,
    next: Date,
    last: Date,
    year_end: Date,
}

impl<'r> Spans<'_, '_, 'r> {
    /// The next stretch on which something is unpaid: first day, days, principal, rule.
    fn advance(&mut self) -> Result<Option<(Date, i64, Money, &'r rules::Version)>, NoRule> {
        while self.next <= self.last {
            let first = self.next;
            if let Some(pause) = self.debt.pauses.iter().find(|pause| pause.covers(first)) {
                let Some(until) = pause.until else { return Ok(None) };
                self.next = plus_days(until, 1);
                continue;
            }
            let open = open_on(self.debt, first);
            let rule = self.rules.on(first)?;
            let mut end = self.last.min(rule.until);
            if first <= self.year_end {
                end = end.min(self.year_end);
            }
            if let Some(pause) =
                self.debt.pauses.iter().filter(|pause| pause.from > first).map(|p| p.from).min()
            {
                end = end.min(plus_days(pause, -1));
            }
            if let Some(change) = self.debt.changes.iter().find(|c| c.on >= first) {
                end = end.min(change.on);
            } else if open.is_zero() {
                return Ok(None);
            }
            self.next = plus_days(end, 1);
            if !open.is_zero() {
                return Ok(Some((first, days_between(first, end) + 1, open, rule)));
            }
        }
        Ok(None)
    }
}
