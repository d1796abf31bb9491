//! 时限计时: the clocks of a ticket, with what pauses them.
//!
//! Minutes and hours run day and night. Working days end with the day: the day of acceptance is not counted, and the n-th working day
//! after it is the last on which the customer can be answered in time. A day at whose end the ticket is paused does not count.

use super::limit::{AnswerFrom, Limits, Term, Terms};
use super::ticket::{Deed, Event, TicketFacts, TicketState};
use crate::calendar::{WorkCalendar, YearNotCovered, plus_days};
use crate::registry::words;
use jiff::Span;
use jiff::civil::{DateTime, Time};
use serde::{Deserialize, Serialize};

words!(
    /// 时限种类
    ClockKind {
        /// Until somebody has it.
        Dispatch = "dispatch" / "派单",
        /// Until the customer was spoken to.
        Contact = "contact" / "联系客户",
        /// Until somebody stands at the place.
        Arrival = "arrival" / "到达现场",
        /// Until an arrival or a repair is written down.
        Entry = "entry" / "录入",
        /// Until the power is back.
        Restore = "restore" / "恢复供电",
        /// Until it was handled and answered.
        Handle = "handle" / "处理",
        /// Until the customer has the answer.
        Answer = "answer" / "答复",
        /// Until the customer was asked whether he is content.
        CallBack = "call_back" / "回访",
    }
);

words!(
    /// 时限来源
    Measure {
        /// Told to the customer.
        Promise = "promise" / "对外承诺",
        /// Of the process inside.
        Limit = "limit" / "内部时限",
    }
);

words!(
    /// 计时状态
    ClockState {
        /// It runs.
        Running = "running" / "计时中",
        /// It stands still.
        Paused = "paused" / "已暂停",
        /// It ran out, and what it waits for has not happened.
        Overdue = "overdue" / "已超时",
        /// What it waits for happened in time.
        Met = "met" / "按时",
        /// It happened too late.
        Missed = "missed" / "超时完成",
        /// The ticket ended without it.
        Dropped = "dropped" / "终止",
    }
);

/// 计时
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What it waits for.
    pub kind: ClockKind,
    /// To whom it was said.
    pub measure: Measure,
    /// The round of the ticket, from 1.
    pub round: u16,
    /// Where it begins, Beijing time.
    pub from_at: DateTime,
    /// The last moment in time; none while it stands still.
    pub due_at: Option<DateTime>,
    /// When what it waits for happened.
    pub ended_at: Option<DateTime>,
    /// Where it stands.
    pub state: ClockState,
    /// The rule that sets it.
    pub rule: String,
}

/// Every clock of a ticket at a moment, in the order of [`ClockKind`], promise before limit, round by round. One whose
/// beginning has not happened is not there yet.
///
/// # Errors
/// The calendar does not cover a year.
pub fn clocks(
    facts: &TicketFacts,
    limits: &Limits,
    calendar: &WorkCalendar,
    now: DateTime,
) -> Result<Vec<Clock>, YearNotCovered> {
    let mut all = Vec::new();
    let rounds = facts.rounds();
    for (at, (from, events)) in rounds.iter().enumerate() {
        let is_over = at + 1 < rounds.len() || facts.state().is_ended();
        let round = Round {
            no: u16::try_from(at + 1).unwrap_or(u16::MAX),
            from: *from,
            events,
            pauses: pauses(events),
            is_over,
            calendar,
            now,
        };
        for (measure, terms) in [(Measure::Promise, &limits.promise), (Measure::Limit, &limits.limit)] {
            round.of(measure, terms, &mut all)?;
        }
    }
    all.sort_by_key(|clock| (clock.round, clock.kind, clock.measure, clock.from_at));
    Ok(all)
}

/// From when until when the clocks of a round stand still.
fn pauses(events: &[Event]) -> Vec<(DateTime, Option<DateTime>)> {
    let mut pauses: Vec<(DateTime, Option<DateTime>)> = Vec::new();
    for event in events {
        match (event.deed, pauses.last_mut()) {
            (Deed::Pause, _) => pauses.push((event.at, None)),
            (Deed::Resume | Deed::Close | Deed::Withdraw, Some((_, to @ None))) => *to = Some(event.at),
            _ => {}
        }
    }
    pauses
}

struct Round<'f> {
    no: u16,
    from: DateTime,
    events: &'f [Event],
    pauses: Vec<(DateTime, Option<DateTime>)>,
    is_over: bool,
    calendar: &'f WorkCalendar,
    now: DateTime,
}

impl Round<'_> {
    fn of(&self, measure: Measure, terms: &Terms, all: &mut Vec<Clock>) -> Result<(), YearNotCovered> {
        let minutes = [
            (ClockKind::Dispatch, &terms.dispatch_minutes, Deed::Dispatch),
            (ClockKind::Contact, &terms.contact_minutes, Deed::Contact),
            (ClockKind::Arrival, &terms.arrival_minutes, Deed::Arrive),
            (ClockKind::Restore, &terms.restore_minutes, Deed::Restore),
        ];
        for (kind, term, until) in minutes {
            if let Some(term) = term {
                let due = self.after_minutes(self.from, term.value);
                all.push(self.clock(kind, measure, term, self.from, due, self.first(until)));
            }
        }
        self.entries(measure, terms, all);
        let answered = self.first(Deed::Answer);
        if let Some(term) = &terms.handle_days {
            let due = self.after_days(self.from, term.value)?;
            all.push(self.clock(ClockKind::Handle, measure, term, self.from, due, answered));
        }
        if let Some(term) = &terms.answer_days {
            let (days, counted_from) = term.value;
            let from = match counted_from {
                AnswerFrom::Acceptance => Some(self.from),
                AnswerFrom::Completion => self.first(Deed::Restore).or_else(|| self.first(Deed::Arrive)),
            };
            if let Some(from) = from {
                let due = self.after_days(from, days)?;
                all.push(self.clock(ClockKind::Answer, measure, term, from, due, answered));
            }
        }
        if let (Some(term), Some(from)) = (&terms.callback_days, answered) {
            let due = self.after_days(from, term.value)?;
            all.push(self.clock(ClockKind::CallBack, measure, term, from, due, self.first(Deed::CallBack)));
        }
        Ok(())
    }

    /// An arrival and a repair are written down within minutes; a pause changes nothing about that.
    fn entries(&self, measure: Measure, terms: &Terms, all: &mut Vec<Clock>) {
        let Some(term) = &terms.entry_minutes else { return };
        for event in self.events.iter().filter(|event| matches!(event.deed, Deed::Arrive | Deed::Restore)) {
            let due = Some(event.at.saturating_add(Span::new().minutes(term.value)));
            all.push(self.clock(ClockKind::Entry, measure, term, event.at, due, Some(event.noted_at)));
        }
    }

    fn clock<T>(
        &self,
        kind: ClockKind,
        measure: Measure,
        term: &Term<T>,
        from_at: DateTime,
        due_at: Option<DateTime>,
        ended_at: Option<DateTime>,
    ) -> Clock {
        let state = match (ended_at, due_at) {
            (Some(ended), Some(due)) if ended > due => ClockState::Missed,
            (Some(_), _) => ClockState::Met,
            (None, _) if self.is_over => ClockState::Dropped,
            (None, None) => ClockState::Paused,
            (None, Some(due)) if self.now > due => ClockState::Overdue,
            (None, Some(_)) => ClockState::Running,
        };
        let rule = term.rule.clone();
        Clock { kind, measure, round: self.no, from_at, due_at, ended_at, state, rule }
    }

    fn first(&self, deed: Deed) -> Option<DateTime> {
        self.events.iter().find(|event| event.deed == deed).map(|event| event.at)
    }

    /// So many minutes after `from`, with every pause that begins before the end added; none while one is open.
    fn after_minutes(&self, from: DateTime, minutes: u32) -> Option<DateTime> {
        let mut due = from.saturating_add(Span::new().minutes(minutes));
        for (begins, ends) in &self.pauses {
            if *begins >= due {
                break;
            }
            let ends = (*ends)?;
            let begins = (*begins).max(from);
            if ends > begins {
                due = due.saturating_add(begins.until(ends).unwrap_or_default());
            }
        }
        Some(due)
    }

    /// The end of the n-th working day after `from`; days at whose end the ticket is paused do not count.
    fn after_days(&self, from: DateTime, days: u32) -> Result<Option<DateTime>, YearNotCovered> {
        let mut day = from.date();
        let mut left = days;
        while left > 0 {
            day = plus_days(day, 1);
            let end = end_of(day);
            let pause = self
                .pauses
                .iter()
                .find(|(begins, ends)| *begins <= end && ends.is_none_or(|ends| ends > end));
            match pause {
                Some((_, None)) => return Ok(None),
                Some(_) => {}
                None if self.calendar.is_working_day(day)? => left -= 1,
                None => {}
            }
        }
        Ok(Some(end_of(day)))
    }
}

/// The last second of a day.
fn end_of(day: jiff::civil::Date) -> DateTime {
    day.to_datetime(Time::constant(23, 59, 59, 0))
}

impl TicketState {
    /// May its clocks still run out?
    #[must_use]
    pub const fn has_clocks(self) -> bool {
        !self.is_ended()
    }
}
