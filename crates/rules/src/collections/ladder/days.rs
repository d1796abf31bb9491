//! The day of a step: the latest of its counts, later for the holds and the last contact.

use super::climb::Walk;
use super::{Act, Count, Event, OpenDebt, Step, StepChange, StepKind, StepRule, StepState};
use crate::calendar::{YearNotCovered, plus_days};
use crate::collections::hold::HoldFact;
use jiff::civil::Date;

/// Where the day of a step leads.
pub(super) enum Place {
    /// It has come.
    Come(Date),
    /// It has come and a hold forbids the step; with the day it came on.
    Held(Date, HoldFact),
    /// It is still to come.
    Later(Date),
    /// An event is missing; with the day before which nothing happens even when it comes.
    Waits(Event, Option<Date>),
}

impl Walk<'_> {
    /// Where the day of a round leads: the latest of its counts, not before anything that happened to the debt's step, later
    /// for the holds and the last contact.
    pub(super) fn place(
        &self,
        debt: &OpenDebt,
        rule: &StepRule,
        round: i64,
    ) -> Result<Place, YearNotCovered> {
        let last = self.standing(debt.bill_no, rule.kind);
        let mut at = match self.counted(debt, rule)? {
            Ok(at) => at,
            Err((event, floor)) => return Ok(Place::Waits(event, floor)),
        };
        match last {
            Some(held) if held.round == round => at = at.max(held.due_on),
            Some(before) => {
                let ended = before.done_on.unwrap_or(before.due_on);
                let from = match (before.state, rule.every) {
                    (StepState::Done, Some(every)) => every.day(ended, self.calendar)?,
                    _ => ended,
                };
                at = at.max(from);
            }
            None => {}
        }
        let fell_due = at;
        if rule.act != Act::Mark {
            for hold in self.facts.holds.iter().filter(|hold| hold.is_about(debt.bill_no)) {
                at = self.beyond(at, hold)?;
            }
            if fell_due <= self.day
                && let Some(hold) = self.held(debt.bill_no, self.day)
            {
                return Ok(Place::Held(fell_due, hold));
            }
            if let (true, Some(contact)) = (rule.spaced, self.last_contact) {
                let free = plus_days(contact, i64::from(self.ladder.params.contact_gap_days));
                if self.day > contact && self.day < free && at <= self.day {
                    return Ok(Place::Later(free));
                }
            }
        }
        Ok(if at <= self.day { Place::Come(at) } else { Place::Later(at) })
    }

    /// The day of a step when a hold that has ended lay in its way.
    fn beyond(&self, at: Date, hold: &HoldFact) -> Result<Date, YearNotCovered> {
        let Some(until) = hold.until_on.filter(|until| *until < self.day) else { return Ok(at) };
        let effect = &self.ladder.params.hold;
        // A hold that was released on its first day never was.
        if until < hold.from_on || until < at {
            return Ok(at);
        }
        Ok(at.max(effect.resume.day(until, self.calendar)?))
    }

    /// The latest of a step's counts, or the event that is missing.
    fn counted(
        &self,
        debt: &OpenDebt,
        rule: &StepRule,
    ) -> Result<Result<Date, (Event, Option<Date>)>, YearNotCovered> {
        let mut at = Date::MIN;
        let mut missing = None;
        for count in &rule.counts {
            match self.event(debt, count.from) {
                Some(start) => at = at.max(self.with_holds(debt, count, start)?),
                None => missing = missing.or(Some(count.from)),
            }
        }
        if rule.kind == StepKind::StopPlan
            && let Some(floor) = &self.ladder.floor
        {
            at = at.max(plus_days(debt.due_on, i64::from(floor.value) + 1));
        }
        for need in &rule.needs {
            let done = match need {
                StepKind::Demand => self.event(debt, Event::Demand).is_some(),
                _ => self.standing(debt.bill_no, *need).is_some_and(|step| step.state == StepState::Done),
            };
            if !done {
                missing = missing.or(Some(event_of(*need)));
            }
        }
        let by_notice = |event| matches!(event, Event::Demand | Event::DemandDeadline);
        Ok(match missing {
            // The arrival of what was sent may be noted at any time: from that day on it is looked for.
            Some(event) if by_notice(event) && rule.act == Act::HandOver && self.is_sent(debt) => {
                Err((event, Some(at)))
            }
            Some(event) => Err((event, None)),
            None => Ok(at),
        })
    }

    /// A count; when days under a hold do not count, they are added.
    fn with_holds(&self, debt: &OpenDebt, count: &Count, start: Date) -> Result<Date, YearNotCovered> {
        let mut at = count.day(start, self.calendar)?;
        if self.ladder.params.hold.time_counts {
            return Ok(at);
        }
        let mut on = plus_days(start, 1);
        while on <= at && on <= self.day {
            if self.held(debt.bill_no, on).is_some() {
                at = plus_days(at, 1);
            }
            on = plus_days(on, 1);
        }
        Ok(at)
    }

    /// The day of an event in the life of a debt.
    fn event(&self, debt: &OpenDebt, event: Event) -> Option<Date> {
        let made = |kind| {
            let step = self.standing(debt.bill_no, kind).filter(|step| step.state == StepState::Done)?;
            step.done_on
        };
        match event {
            Event::Released => Some(debt.released_on),
            Event::This | Event::Due => Some(debt.due_on),
            Event::BillNotice => made(StepKind::BillNotice),
            Event::Arrears => made(StepKind::Arrears),
            Event::PhoneCall => made(StepKind::PhoneCall),
            Event::Visit => made(StepKind::Visit),
            Event::ProtectionDecision => made(StepKind::ProtectionDecision),
            Event::Demand => self.demand(debt).map(|(on, _)| on),
            Event::DemandDeadline => self.demand(debt).map(|(on, deadline)| deadline.unwrap_or(on)),
            Event::CaseClosed => self.facts.cases.iter().filter_map(|case| case.closed_on).max(),
        }
    }

    /// Was a demand of the debt ever sent?
    fn is_sent(&self, debt: &OpenDebt) -> bool {
        let sent = |step: &Step| step.bill_no == debt.bill_no && step.notice_no.is_some();
        let asked =
            |change: &StepChange| change.step.bill_no == debt.bill_no && change.ask == Some(Act::Notice);
        self.facts.steps.iter().any(|step| sent(step) && step.kind == StepKind::Demand)
            || self.climb.changes.iter().any(asked)
    }

    /// The first demand of a debt that arrived: the day and its deadline.
    fn demand(&self, debt: &OpenDebt) -> Option<(Date, Option<Date>)> {
        let kinds = [StepKind::Demand, StepKind::DemandAgain];
        let (on, notice_no) =
            kinds.into_iter().filter_map(|kind| self.served(debt.bill_no, kind, |_| true)).min()?;
        Some((on, self.notice(Some(notice_no)).and_then(|notice| notice.deadline_on)))
    }
}

/// The event that a needed step makes.
const fn event_of(kind: StepKind) -> Event {
    match kind {
        StepKind::BillNotice => Event::BillNotice,
        StepKind::Demand | StepKind::DemandAgain => Event::Demand,
        StepKind::PhoneCall => Event::PhoneCall,
        StepKind::Visit => Event::Visit,
        StepKind::ProtectionDecision => Event::ProtectionDecision,
        _ => Event::Arrears,
    }
}
