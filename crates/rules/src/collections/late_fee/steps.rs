//! The sentences of a late fee's derivation.

use super::{LateFeeDebt, Pause, Span, rules::Version};
use crate::calendar::plus_days;
use crate::derivation::Step;
use crate::units::{Money, Ratio, format_scaled};
use jiff::civil::Date;

/// A ratio in per mille: 0.002 is `2`.
fn per_mille(rate: Ratio) -> String {
    format_scaled(rate.raw(), 3, 0)
}

pub(super) fn not_overdue(due_on: Date, through: Date) -> Step {
    Step::new(
        "late_fee_none",
        format!("截至{through}未逾期(缴费截止日{due_on})"),
        format!("not overdue on {through} (last payment day {due_on})"),
    )
}

pub(super) fn start(debt: &LateFeeDebt<'_>, first: Date, last: Date) -> Step {
    Step::new(
        "late_fee_start",
        format!(
            "{}电费{}元,缴费截止日{},自次日{first}起逾期,计至{last}(含)",
            debt.month, debt.principal, debt.due_on
        ),
        format!(
            "charge of {} for {} yuan, last payment day {}: overdue from {first}, counted through {last}",
            debt.month, debt.principal, debt.due_on
        ),
    )
}

pub(super) fn paused(pause: &Pause, first: Date, last: Date) -> Step {
    let from = pause.from.max(first);
    let until = pause.until.map_or(last, |until| until.min(last));
    let why = pause.kind;
    Step::new(
        "late_fee_paused",
        format!("{from}至{until}因{}暂停计收", why.zh()),
        format!("{from} to {until} bears no fee: {}", why.word()),
    )
    .under(&pause.rule)
}

pub(super) fn span(span: &Span<'_>, crossed: bool) -> Step {
    let Span { first, days, open, rate, rule } = span;
    let last = plus_days(*first, days - 1);
    let exact = format_scaled(open.raw() * rate.raw() * days, 8, 2);
    let (zh, en) = if crossed { ("跨年", ", cross-year rate") } else { ("", "") };
    Step::new(
        "late_fee_span",
        format!("{first}至{last}共{days}天: {open}元 × {}‰{zh} × {days} = {exact}元", per_mille(*rate)),
        format!(
            "{first} to {last}, {days} days: {open} yuan × {}‰{en} × {days} = {exact} yuan",
            per_mille(*rate)
        ),
    )
    .under(&rule.id)
}

pub(super) fn minimum(exact: Money, amount: Money, rule: &Version) -> Step {
    Step::new(
        "late_fee_minimum",
        format!("违约金{exact}元不足{amount}元,按{amount}元收取"),
        format!("{exact} yuan is below the minimum: {amount} yuan is collected"),
    )
    .under(&rule.id)
}

pub(super) fn total(amount: Money, days: i64) -> Step {
    Step::new(
        "late_fee_total",
        format!("违约金合计{amount}元,逾期{days}天"),
        format!("late fee {amount} yuan, {days} days overdue"),
    )
}
