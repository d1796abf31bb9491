//! 升级: who is told when a clock runs short, and with which reason.

use super::clock::{Clock, ClockKind, ClockState, Measure};
use crate::calendar::{WorkCalendar, YearNotCovered, plus_days};
use crate::derivation::Bilingual;
use crate::rulebook::Rule;
use jiff::Span;
use jiff::civil::{DateTime, Time};
use serde::Deserialize;

/// 升级规则: parameters of the topic `service_escalation`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationRule {
    /// From the gentlest on.
    pub steps: Vec<EscalationStep>,
}

/// 升级步骤: exactly one of the three says when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationStep {
    /// When so much of the time has passed.
    #[serde(default)]
    pub percent: Option<u16>,
    /// So many hours after it ran out.
    #[serde(default)]
    pub overdue_hours: Option<u16>,
    /// So many working days after the day on which it ran out.
    #[serde(default)]
    pub overdue_working_days: Option<u16>,
    /// Levels above the unit that has the ticket: 0 its own head, 1 the next organisation, and so on.
    pub level: u8,
}

impl EscalationRule {
    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        for step in &params.steps {
            let said =
                [step.percent.is_some(), step.overdue_hours.is_some(), step.overdue_working_days.is_some()];
            if said.iter().filter(|is| **is).count() != 1 {
                return Err("a step says `percent`, `overdue_hours` or `overdue_working_days`".to_owned());
            }
            if step.percent.is_some_and(|percent| percent == 0 || percent >= 100) {
                return Err("`percent` lies between 1 and 99".to_owned());
            }
        }
        if params.steps.is_sorted_by_key(|step| step.level) {
            Ok(())
        } else {
            Err("levels do not go down again".to_owned())
        }
    }
}

/// 应有的升级: one that should exist.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Escalation {
    /// When it became due, Beijing time.
    pub at: DateTime,
    /// Levels above the unit.
    pub level: u8,
    /// The clock.
    pub kind: ClockKind,
    /// To whom the clock was said.
    pub measure: Measure,
    /// The round of the ticket.
    pub round: u16,
    /// Has the clock run out?
    pub is_overdue: bool,
}

impl Escalation {
    /// The same escalation is told once.
    #[must_use]
    pub fn key(&self) -> String {
        let when = if self.is_overdue { "overdue" } else { "soon" };
        format!("{}:{}:{}:{}:{when}", self.round, self.kind.word(), self.measure.word(), self.level)
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> Bilingual {
        let (zh, en) =
            if self.is_overdue { ("已超时", "ran out") } else { ("即将到期", "runs out soon") };
        Bilingual::new(
            format!("{}“{}”{zh}", self.measure.zh(), self.kind.zh()),
            format!("the {} for {} {en}", self.measure.word(), self.kind.word()),
        )
    }
}

/// Every escalation that should exist by now, in order of time. A clock that met its end in time asks for none.
///
/// # Errors
/// The calendar does not cover a year.
pub fn escalations(
    clocks: &[Clock],
    rule: &EscalationRule,
    calendar: &WorkCalendar,
    now: DateTime,
) -> Result<Vec<Escalation>, YearNotCovered> {
    let mut due = moments(clocks, rule, calendar)?;
    due.retain(|escalation| escalation.at <= now);
    due.sort();
    Ok(due)
}

/// The next moment at which a clock runs out or an escalation becomes due, if nothing is done.
///
/// # Errors
/// The calendar does not cover a year.
pub fn next_moment(
    clocks: &[Clock],
    rule: &EscalationRule,
    calendar: &WorkCalendar,
    now: DateTime,
) -> Result<Option<DateTime>, YearNotCovered> {
    let ends =
        clocks.iter().filter(|clock| clock.state == ClockState::Running).filter_map(|clock| clock.due_at);
    let steps = moments(clocks, rule, calendar)?.into_iter().map(|escalation| escalation.at);
    Ok(ends.chain(steps).filter(|at| *at > now).min())
}

/// When each step of each open clock becomes due.
fn moments(
    clocks: &[Clock],
    rule: &EscalationRule,
    calendar: &WorkCalendar,
) -> Result<Vec<Escalation>, YearNotCovered> {
    let mut all = Vec::new();
    let open = |clock: &&Clock| matches!(clock.state, ClockState::Running | ClockState::Overdue);
    for clock in clocks.iter().filter(open) {
        let Some(due) = clock.due_at else { continue };
        for step in &rule.steps {
            let (at, is_overdue) = match (step.percent, step.overdue_hours, step.overdue_working_days) {
                (Some(percent), _, _) => (share(clock.from_at, due, percent), false),
                (None, Some(hours), _) => (due.saturating_add(Span::new().hours(hours).seconds(1)), true),
                (None, None, days) => {
                    let day = calendar.working_days_after(due.date(), days.unwrap_or(0).into())?;
                    (plus_days(day, 1).to_datetime(Time::midnight()), true)
                }
            };
            all.push(Escalation {
                at,
                level: step.level,
                kind: clock.kind,
                measure: clock.measure,
                round: clock.round,
                is_overdue,
            });
        }
    }
    Ok(all)
}

/// The moment when so many percent of the time have passed.
fn share(from: DateTime, due: DateTime, percent: u16) -> DateTime {
    let whole = from.duration_until(due).as_secs();
    from.saturating_add(Span::new().seconds(whole * i64::from(percent) / 100))
}
