//! Every rung in words: why it is taken, or why not yet.

use super::{Event, Ladder, OpenDebt, Step, StepKind, StepRule, StepState};
use crate::collections::hold::HoldFact;
use crate::derivation;
use jiff::civil::Date;

fn named(kind: StepKind) -> String {
    kind.word().replace('_', " ")
}

pub(super) fn paid(step: &Step) -> derivation::Step {
    derivation::Step::new(
        "ladder_paid",
        format!("账单{}已结清,{}不再需要", step.bill_no, step.kind.zh()),
        format!("bill {} is paid: its {} is not needed any more", step.bill_no, named(step.kind)),
    )
}

pub(super) fn too_small(debt: &OpenDebt, rule: &StepRule, id: &str) -> derivation::Step {
    derivation::Step::new(
        "ladder_too_small",
        format!("账单{}欠{}元,不足{}元,不作{}", debt.bill_no, debt.open, rule.at_least, rule.kind.zh()),
        format!(
            "bill {} owes {} yuan, less than {}: no {}",
            debt.bill_no,
            debt.open,
            rule.at_least,
            named(rule.kind)
        ),
    )
    .under(id)
}

pub(super) fn done(step: &Step) -> derivation::Step {
    let on = step.done_on.unwrap_or(step.due_on);
    let (zh, en) = match (step.state, step.why.as_deref()) {
        (_, Some("not_recorded")) => {
            (format!("账单{}于{on}发行", step.bill_no), format!("bill {} was released on {on}", step.bill_no))
        }
        (StepState::Done, _) => (
            format!("账单{}:{}于{on}完成", step.bill_no, step.kind.zh()),
            format!("bill {}: {} was made on {on}", step.bill_no, named(step.kind)),
        ),
        (state, _) => (
            format!("账单{}:{}{}", step.bill_no, step.kind.zh(), state.zh()),
            format!("bill {}: {} is {}", step.bill_no, named(step.kind), state.word()),
        ),
    };
    derivation::Step::new("ladder_done", zh, en)
}

pub(super) fn due(step: &Step) -> derivation::Step {
    derivation::Step::new(
        "ladder_due",
        format!("账单{}:{}自{}起应办(第{}次)", step.bill_no, step.kind.zh(), step.due_on, step.round),
        format!(
            "bill {}: {} is due since {} (round {})",
            step.bill_no,
            named(step.kind),
            step.due_on,
            step.round
        ),
    )
}

pub(super) fn exhausted(step: &Step) -> derivation::Step {
    derivation::Step::new(
        "ladder_exhausted",
        format!("账单{}:{}已试{}次均未送达,须由人员办理送达", step.bill_no, step.kind.zh(), step.round),
        format!(
            "bill {}: {} was tried {} times and never arrived: a person has to serve it",
            step.bill_no,
            named(step.kind),
            step.round
        ),
    )
}

pub(super) fn not_arrived(step: &Step, limit: Date) -> derivation::Step {
    derivation::Step::new(
        "ladder_not_arrived",
        format!(
            "账单{}:第{}次{}至{limit}未送达,改以更可靠的方式再次送达,期间不计入下一步",
            step.bill_no,
            step.round,
            step.kind.zh()
        ),
        format!(
            "bill {}: round {} of {} had not arrived by {limit}; it is repeated by a stronger channel and the ladder waits",
            step.bill_no,
            step.round,
            named(step.kind)
        ),
    )
}

pub(super) fn on_its_way(step: &Step, limit: Date) -> derivation::Step {
    let (zh, en) = if limit == Date::MAX {
        (String::new(), String::new())
    } else {
        (format!(",应于{limit}前送达"), format!(", to arrive by {limit}"))
    };
    derivation::Step::new(
        "ladder_on_its_way",
        format!("账单{}:{}已于{}发出,尚未送达{zh}", step.bill_no, step.kind.zh(), step.due_on),
        format!(
            "bill {}: {} left on {} and has not arrived{en}",
            step.bill_no,
            named(step.kind),
            step.due_on
        ),
    )
}

pub(super) fn later(debt: &OpenDebt, rule: &StepRule, on: Date, ladder: &Ladder) -> derivation::Step {
    let floor = match &ladder.floor {
        Some(floor) if rule.kind == StepKind::StopPlan => Some(&floor.rule),
        _ => None,
    };
    derivation::Step::new(
        "ladder_later",
        format!("账单{}(缴费截止日{}):{}最早于{on}", debt.bill_no, debt.due_on, rule.kind.zh()),
        format!(
            "bill {} (last payment day {}): {} on {on} at the earliest",
            debt.bill_no,
            debt.due_on,
            named(rule.kind)
        ),
    )
    .under(floor.unwrap_or(&ladder.rule))
}

pub(super) fn waits(debt: &OpenDebt, rule: &StepRule, event: Event, id: &str) -> derivation::Step {
    derivation::Step::new(
        "ladder_waits",
        format!("账单{}:{}须待{}", debt.bill_no, rule.kind.zh(), event.zh()),
        format!(
            "bill {}: {} waits for the day of: {}",
            debt.bill_no,
            named(rule.kind),
            event.word().replace('_', " ")
        ),
    )
    .under(id)
}

pub(super) fn held(step: &Step, hold: &HoldFact) -> derivation::Step {
    let (zh, en) = hold
        .until_on
        .map_or_else(Default::default, |until| (format!(",至{until}止"), format!(" until {until}")));
    derivation::Step::new(
        "ladder_held",
        format!("账单{}:{}因{}暂缓(自{}起{zh})", step.bill_no, step.kind.zh(), hold.kind.zh(), hold.from_on),
        format!(
            "bill {}: {} is held since {} for {}{en}",
            step.bill_no,
            named(step.kind),
            hold.from_on,
            hold.kind.word().replace('_', " ")
        ),
    )
}
