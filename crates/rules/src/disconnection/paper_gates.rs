//! The gates that ask for papers: approval, notice, authority, protection, estate.

use super::gates::{Finding, Gate, amount_pressed, debts_that_ground};
use super::law::CutLaw;
use super::window::{Window, minute};
use super::{CutFacts, Decision};
use crate::calendar::{YearNotCovered, days_between, plus_days};
use crate::registry::Importance;
use jiff::civil::DateTime;

/// G03
pub(super) fn approved(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let (needed, source) = law.level_needed(facts, amount_pressed(facts, law, at));
    let no = |zh: String, en: String| Finding::new(Gate::Approved, false, &source, zh, en);
    let Some(Decision { by, level, on }) = &facts.approval else {
        return no(
            format!("未审批,须由{}审批", needed.zh()),
            format!("not approved; the level `{}` must approve", needed.word()),
        );
    };
    if *by == facts.proposed_by {
        return no(
            format!("提出人与审批人同为{by}"),
            format!("{by} proposed and approved: one person may not do both"),
        );
    }
    if *on > at.date() {
        return no(format!("审批日{on}在后"), format!("approved only on {on}"));
    }
    match level {
        Some(level) if *level >= needed => Finding::new(
            Gate::Approved,
            true,
            &source,
            format!("{by}({})已于{on}审批", level.zh()),
            format!("{by} ({}) approved on {on}", level.word()),
        ),
        _ => no(
            format!("{by}的审批权限不够,须由{}审批", needed.zh()),
            format!("{by}'s level does not reach; the level `{}` must approve", needed.word()),
        ),
    }
}

/// G04
pub(super) fn noticed(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Result<Finding, YearNotCovered> {
    let (min, max) = (law.notice_min.value, law.notice_max.value);
    let no = |zh: String, en: String| Ok(Finding::new(Gate::Noticed, false, &law.notice_min.source, zh, en));
    let Some(served_at) = facts.notice.as_ref().and_then(|notice| notice.served_at) else {
        return no("停电计划通知书未送达".to_owned(), "the stop-plan notice was not served".to_owned());
    };
    if served_at > at {
        return no(
            format!("停电计划通知书送达时间{}在后", minute(served_at)),
            format!("the stop-plan notice is served only at {}", minute(served_at)),
        );
    }
    let served_on = served_at.date();
    if debts_that_ground(facts, law, at).is_empty() {
        return no(
            format!("通知送达日{served_on}时没有符合条件的欠费,或通知书未载明"),
            format!("on {served_on} no debt allowed the notice, or the paper does not tell it"),
        );
    }
    let days = days_between(served_on, at.date());
    let told = facts.notice.as_ref().and_then(|notice| notice.told);
    let outside_told = told.is_some_and(|(from, to)| at.date() < from || to < at.date());
    if days < i64::from(min) {
        return no(
            format!("通知于{served_on}送达,距今{days}天,不足{min}天"),
            format!("served on {served_on}, {days} days ago: fewer than {min}"),
        );
    }
    if days > i64::from(max) || outside_told {
        let source = &law.notice_max.source;
        return Ok(Finding::new(
            Gate::Noticed,
            false,
            source,
            format!("通知于{served_on}送达,已过{days}天,超出通知期限({max}天),须撤回后重新送达"),
            format!(
                "served on {served_on}, {days} days ago: the window ({max} days) has passed; withdraw and serve again"
            ),
        ));
    }
    let (from, to) = (plus_days(served_on, min.into()), plus_days(served_on, max.into()));
    Ok(Finding::new(
        Gate::Noticed,
        true,
        &law.notice_min.source,
        format!("通知于{served_on}送达,停电窗口{from}至{to}"),
        format!("served on {served_on}; the window is {from} to {to}"),
    ))
}

/// G07
pub(super) fn authority(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let on = at.date();
    let asks = facts.protection.and_then(|protection| {
        law.authority.iter().find(|rule| rule.value.protections.contains(&protection))
    });
    if let Some(rule) = asks
        && facts.authority_approval_on.is_none_or(|day| day > on)
    {
        return Finding::new(
            Gate::Authority,
            false,
            &rule.source,
            "高危或连续生产用户停电须经电力主管部门批准",
            "the power administration must approve the cut of such a user",
        );
    }
    let important = facts.importance != Importance::Ordinary;
    let copy = law.copy_to_authority.as_ref();
    let source = copy.or(asks.map(|rule| &rule.source)).unwrap_or(&law.overdue.source);
    match (important.then_some(copy).flatten(), facts.authority_copy_on) {
        (Some(source), None) => Finding::new(
            Gate::Authority,
            false,
            source,
            format!("{}重要客户,通知书未报同级电力主管部门", facts.importance.zh()),
            "an important user: the power administration has no copy of the notice",
        ),
        (Some(source), Some(day)) if day > on => Finding::new(
            Gate::Authority,
            false,
            source,
            format!("报备日{day}在后"),
            format!("the copy goes only on {day}"),
        ),
        (Some(source), Some(day)) => Finding::new(
            Gate::Authority,
            true,
            source,
            format!("已于{day}报同级电力主管部门"),
            format!("the power administration had its copy on {day}"),
        ),
        (None, _) if asks.is_some() => Finding::new(
            Gate::Authority,
            true,
            source,
            "电力主管部门已批准",
            "the power administration has approved",
        ),
        (None, _) => Finding::new(
            Gate::Authority,
            true,
            source,
            "不是重要或高危用户",
            "not an important or high-risk user",
        ),
    }
}

/// G08
pub(super) fn protected(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let fallback = law.protected.first().map_or(&law.overdue.source, |rule| &rule.source);
    let Some(protection) = facts.protection else {
        return Finding::new(Gate::Protected, true, fallback, "不是受保护客户", "not a protected user");
    };
    for rule in law.protected.iter().filter(|rule| rule.value.kinds.contains(&protection)) {
        let decided = facts.protection_decision.as_ref().is_some_and(|decision| {
            decision.on <= at.date()
                && decision.by != facts.proposed_by
                && rule.value.level.is_none_or(|needed| decision.level.is_some_and(|level| level >= needed))
        });
        if !decided {
            return Finding::new(
                Gate::Protected,
                false,
                &rule.source,
                format!("受保护客户({}),未作专项决定", protection.zh()),
                format!("a protected user ({}) without a decision of its own", protection.word()),
            );
        }
    }
    Finding::new(
        Gate::Protected,
        true,
        fallback,
        format!("{}:无需或已有专项决定", protection.zh()),
        format!("{}: no decision is needed, or it was made", protection.word()),
    )
}

/// G09
pub(super) fn estate(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Finding {
    let reached = facts.estate.households;
    let Some(rule) = law.estate_rule(facts) else {
        let source = law.estate.first().map_or(&law.overdue.source, |rule| &rule.source);
        return Finding::new(
            Gate::Estate,
            true,
            source,
            format!("影响同一小区{reached}户,且不是开发商或物业欠费"),
            format!("{reached} households of one estate; no debt of a developer or property company"),
        );
    };
    let on = at.date();
    let missing: Vec<&str> = rule
        .value
        .coordinate_with
        .iter()
        .filter(|body| !facts.talks.iter().any(|(with, day)| with == *body && *day <= on))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        let missing = missing.join("、");
        return Finding::new(
            Gate::Estate,
            false,
            &rule.source,
            format!("影响{reached}户或属开发商、物业欠费,缺少沟通记录:{missing}"),
            format!(
                "{reached} households, or a developer's or property company's debt: no recorded talk with {missing}"
            ),
        );
    }
    let days = rule.value.post_days_before;
    match facts.posted_on {
        Some(day) if days_between(day, on) >= i64::from(days) => Finding::new(
            Gate::Estate,
            true,
            &rule.source,
            format!("各方已沟通,告示于{day}张贴"),
            format!("every body was talked with; posted on {day}"),
        ),
        posted => Finding::new(
            Gate::Estate,
            false,
            &rule.source,
            format!(
                "停电告示须提前{days}天张贴({})",
                posted.map_or("未张贴".to_owned(), |day| day.to_string())
            ),
            format!(
                "the cut must be posted {days} days before ({})",
                posted.map_or("not posted".to_owned(), |day| day.to_string())
            ),
        ),
    }
}

/// Is there a day left in the window of the served notice?
///
/// # Errors
/// The calendar does not cover a day that is needed.
pub fn days_left(facts: &CutFacts, law: &CutLaw<'_>, at: DateTime) -> Result<Option<Window>, YearNotCovered> {
    let window = Window::of_facts(law, facts)?;
    Ok(window.map(|mut window| {
        window.days.retain(|day| *day >= at.date());
        window
    }))
}
