//! The gates that ask for the moment itself: permitted time, last call, others behind the supply.

use super::gates::{Finding, Gate};
use super::law::CutLaw;
use super::window::{clock, minute, permitted_moment};
use super::{CutFacts, FinalCall};
use crate::calendar::YearNotCovered;
use jiff::civil::DateTime;

/// G05
pub(super) fn permitted_time(
    facts: &CutFacts,
    law: &CutLaw<'_>,
    at: DateTime,
) -> Result<Finding, YearNotCovered> {
    if let Some(no) = permitted_moment(law, &facts.declared, at)? {
        return Ok(Finding::new(Gate::PermittedTime, false, &no.source, no.why.zh, no.why.en));
    }
    let source = law.windows.first().map_or(&law.overdue.source, |rule| &rule.source);
    Ok(Finding::new(
        Gate::PermittedTime,
        true,
        source,
        format!("{}不在禁停时段", minute(at)),
        format!("{} is no protected time", minute(at)),
    ))
}

fn minutes_between(from: DateTime, to: DateTime) -> i64 {
    from.duration_until(to).as_secs().div_euclid(60)
}

/// Why a call does not count at a moment; nothing when it does.
fn fault(call: &FinalCall, law: &CutLaw<'_>, at: DateTime) -> Option<(String, String)> {
    let needed = law.call_minutes.value;
    let told = call.told_cut_at;
    if !law.counts_as_told(call.outcome) {
        let outcome = call.outcome;
        return Some((
            format!("最近一次通知未告知到({})", outcome.zh()),
            format!("the last call told nobody ({})", outcome.word()),
        ));
    }
    let before = minutes_between(call.called_at, told.min(at));
    if before < i64::from(needed) {
        return Some((
            format!("停电前{before}分钟才通知,须提前{needed}分钟"),
            format!("told {before} minutes before; {needed} are needed"),
        ));
    }
    if at < told {
        return Some((
            format!("告知的停电时间{}未到", clock(told.time())),
            format!("the told time {} has not come", clock(told.time())),
        ));
    }
    let late = law.call_good.as_ref().is_some_and(|good| minutes_between(told, at) > i64::from(good.value));
    (late || told.date() != at.date() || call.called_at.date() != at.date()).then(|| {
        (
            format!("告知的停电时间{}已过,须再次通知", minute(told)),
            format!("the told time {} has passed: the customer must be told again", minute(told)),
        )
    })
}

/// G11
pub(super) fn final_call(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let source = &law.call_minutes.source;
    let needed = law.call_minutes.value;
    let calls = facts.calls.iter().filter(|call| call.called_at <= at);
    let mut last: Option<(&FinalCall, (String, String))> = None;
    for call in calls {
        match fault(call, law, at) {
            None => {
                let (called, told) = (minute(call.called_at), call.told_cut_at);
                return Finding::new(
                    Gate::FinalCall,
                    true,
                    source,
                    format!("已于{called}告知{}停电({})", clock(told.time()), call.outcome.zh()),
                    format!(
                        "told at {called} that power goes at {} ({})",
                        clock(told.time()),
                        call.outcome.word()
                    ),
                );
            }
            Some(why) if last.as_ref().is_none_or(|(known, _)| known.called_at <= call.called_at) => {
                last = Some((call, why));
            }
            Some(_) => {}
        }
    }
    let (zh, en) = last.map_or_else(
        || {
            (
                format!("停电前{needed}分钟未再次通知"),
                format!("the customer was not told again {needed} minutes before"),
            )
        },
        |(_, why)| why,
    );
    Finding::new(Gate::FinalCall, false, source, zh, en)
}

/// G12
pub(super) fn others_supplied(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let source = law.others.as_ref().unwrap_or(&law.overdue.source);
    if law.others.is_none() || !facts.feeds_others {
        return Finding::new(
            Gate::OthersSupplied,
            true,
            source,
            "不向其他用户供电",
            "the supply feeds nobody else",
        );
    }
    match facts.others_supplied_on {
        Some(day) if day <= at.date() => Finding::new(
            Gate::OthersSupplied,
            true,
            source,
            format!("已于{day}记录其他用户供电保障"),
            format!("it was recorded on {day} that the others keep their supply"),
        ),
        _ => Finding::new(
            Gate::OthersSupplied,
            false,
            source,
            "该户向其他用户供电,停电会影响他人",
            "the supply feeds others, who would lose it",
        ),
    }
}
