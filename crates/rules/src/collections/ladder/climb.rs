//! The one function that walks a debtor up the ladder: what should stand on a day, less what stands.

use super::days::Place;
use super::tell;
use super::{
    Act, Arrival, Climb, Count, Event, Ladder, LadderFacts, NoticeFact, OpenDebt, Step, StepChange, StepKind,
    StepRule, StepState,
};
use crate::calendar::{WorkCalendar, YearNotCovered, plus_days};
use crate::collections::hold::HoldFact;
use crate::derivation::Sink;
use crate::notices::NoticeKind;
use jiff::civil::Date;

/// 攀登阶梯: the difference between the steps that should stand on a day and those that do. Told the same facts again with
/// its changes made, it changes nothing. The sink hears of every rung why it is taken or not.
///
/// # Errors
/// The calendar does not cover a year that a count needs.
pub fn ladder(
    facts: &LadderFacts<'_>,
    ladder: &Ladder,
    calendar: &WorkCalendar,
    day: Date,
    sink: &mut impl Sink,
) -> Result<Climb, YearNotCovered> {
    let mut walk = Walk { facts, ladder, calendar, day, climb: Climb::default(), last_contact: None };
    walk.settled(sink);
    walk.pause(sink);
    walk.last_contact = walk.last_contact();
    for debt in facts.debts {
        for rule in ladder.params.steps.iter().filter(|rule| rule.act != Act::HandOver) {
            walk.rung(debt, rule, sink)?;
        }
    }
    for rule in ladder.params.steps.iter().filter(|rule| rule.act == Act::HandOver) {
        walk.hand_over(rule, sink)?;
    }
    walk.climb.stands_on = walk.highest();
    Ok(walk.climb)
}

/// One look at one debtor.
pub(super) struct Walk<'w> {
    pub(super) facts: &'w LadderFacts<'w>,
    pub(super) ladder: &'w Ladder,
    pub(super) calendar: &'w WorkCalendar,
    pub(super) day: Date,
    pub(super) climb: Climb,
    pub(super) last_contact: Option<Date>,
}

impl Walk<'_> {
    /// Steps of bills that are paid are not needed any more.
    fn settled(&mut self, sink: &mut impl Sink) {
        for step in self.facts.steps {
            let live = matches!(step.state, StepState::Due | StepState::Held);
            if live && !self.facts.debts.iter().any(|debt| debt.bill_no == step.bill_no) {
                sink.step(|| tell::paid(step));
                self.end(step, StepState::Withdrawn, self.day, Some("paid"));
            }
        }
    }

    /// Tasks that were given out pause while a hold is in force.
    fn pause(&mut self, sink: &mut impl Sink) {
        for step in self.facts.steps.iter().filter(|step| step.state == StepState::Due) {
            let is_task = self.ladder.step(step.kind).is_some_and(|rule| rule.act == Act::Task);
            let open = self.facts.debts.iter().any(|debt| debt.bill_no == step.bill_no);
            if let (true, true, Some(hold)) = (is_task, open, self.held(step.bill_no, self.day)) {
                self.hold(step, &hold, sink);
            }
        }
    }

    /// The last day on which a spaced step reached out to the customer.
    fn last_contact(&self) -> Option<Date> {
        if self.ladder.params.contact_gap_days == 0 {
            return None;
        }
        let spaced = |kind| self.ladder.step(kind).is_some_and(|rule| rule.spaced);
        let paused = |step: &Step| {
            let same = |other: &Step| {
                (other.bill_no, other.kind, other.round) == (step.bill_no, step.kind, step.round)
            };
            self.climb.changes.iter().any(|change| same(&change.step))
        };
        let reached = |step: &&Step| {
            let made = matches!(step.state, StepState::Due | StepState::Done | StepState::Failed);
            spaced(step.kind) && (step.notice_no.is_some() || made && !paused(step))
        };
        self.facts.steps.iter().filter(reached).map(|step| step.due_on).filter(|on| *on <= self.day).max()
    }

    pub(super) fn steps_of(&self, bill_no: i64, kind: StepKind) -> impl Iterator<Item = &Step> {
        self.facts.steps.iter().filter(move |step| step.bill_no == bill_no && step.kind == kind)
    }

    /// The step as it stands after the changes so far.
    pub(super) fn standing(&self, bill_no: i64, kind: StepKind) -> Option<&Step> {
        let changed = self.climb.changes.iter().map(|change| &change.step);
        let changed = changed.filter(|step| step.bill_no == bill_no && step.kind == kind);
        // Of two with one round the later one in the chain wins, which is the changed one.
        self.steps_of(bill_no, kind).chain(changed).max_by_key(|step| step.round)
    }

    pub(super) fn notice(&self, notice_no: Option<i64>) -> Option<&NoticeFact> {
        self.facts.notices.iter().find(|notice| Some(notice.notice_no) == notice_no)
    }

    /// One rung of one debt.
    fn rung(&mut self, debt: &OpenDebt, rule: &StepRule, sink: &mut impl Sink) -> Result<(), YearNotCovered> {
        if debt.open < rule.at_least {
            sink.step(|| tell::too_small(debt, rule, &self.ladder.rule));
            return Ok(());
        }
        if rule.act == Act::Observe {
            self.observe(debt, rule, sink);
            return Ok(());
        }
        let last = self.standing(debt.bill_no, rule.kind).cloned();
        let round = match &last {
            None => 1,
            Some(step) => match self.follow(debt, rule, step, sink)? {
                Some(round) => round,
                None => return Ok(()),
            },
        };
        self.take(debt, rule, round, sink)
    }

    /// What became of the last round of a step; gives the number of the round that is to be made, if one is.
    fn follow(
        &mut self,
        debt: &OpenDebt,
        rule: &StepRule,
        step: &Step,
        sink: &mut impl Sink,
    ) -> Result<Option<i64>, YearNotCovered> {
        let next = (step.round < i64::from(rule.rounds)).then_some(step.round + 1);
        if rule.act == Act::Notice && self.arrived(debt, rule, step, sink) {
            return Ok(rule.every.and(next));
        }
        match step.state {
            StepState::Held => Ok(Some(step.round)),
            StepState::Withdrawn => Ok(Some(step.round + 1)),
            StepState::Done => {
                sink.step(|| tell::done(step));
                Ok(rule.every.and(next))
            }
            StepState::Failed => {
                if next.is_none() {
                    sink.step(|| tell::exhausted(step));
                }
                Ok(next)
            }
            StepState::Due if rule.act == Act::Notice => {
                let failed = self.is_overdue(rule, step, sink)?;
                if failed && next.is_none() {
                    sink.step(|| tell::exhausted(step));
                }
                Ok(next.filter(|_| failed))
            }
            StepState::Due => {
                sink.step(|| tell::due(step));
                Ok(None)
            }
        }
    }

    /// Has a notice of the step arrived? Then that round is made, and a later one that still runs is not needed.
    fn arrived(&mut self, debt: &OpenDebt, rule: &StepRule, step: &Step, sink: &mut impl Sink) -> bool {
        let own = step.notice_no;
        let served =
            self.served(debt.bill_no, rule.kind, |notice_no| rule.every.is_none() || own == Some(notice_no));
        let Some((on, notice_no)) = served else { return false };
        let made =
            self.steps_of(debt.bill_no, rule.kind).find(|made| made.notice_no == Some(notice_no)).cloned();
        let Some(made) = made else { return false };
        if made.state != StepState::Done {
            self.end(&made, StepState::Done, on, None);
        }
        if made.round != step.round && matches!(step.state, StepState::Due | StepState::Held) {
            self.end(step, StepState::Withdrawn, self.day, Some("arrived_otherwise"));
        }
        let done = Step { state: StepState::Done, done_on: Some(on), ..made };
        sink.step(|| tell::done(&done));
        true
    }

    /// A notice that has not arrived in time has failed; gives true then.
    fn is_overdue(
        &mut self,
        rule: &StepRule,
        step: &Step,
        sink: &mut impl Sink,
    ) -> Result<bool, YearNotCovered> {
        let limit = match (rule.within, self.notice(step.notice_no)) {
            (_, Some(notice)) if notice.arrival == Arrival::Failed => plus_days(self.day, -1),
            (Some(within), _) => within.day(step.due_on, self.calendar)?,
            (None, Some(notice)) => notice.due_by,
            (None, None) => Date::MAX,
        };
        if limit < self.day {
            sink.step(|| tell::not_arrived(step, limit));
            self.end(step, StepState::Failed, self.day, Some("not_arrived"));
            return Ok(true);
        }
        sink.step(|| tell::on_its_way(step, limit));
        if limit < Date::MAX {
            self.look(plus_days(limit, 1));
        }
        Ok(false)
    }

    /// The first notice of a step that arrived: its day and number.
    pub(super) fn served(
        &self,
        bill_no: i64,
        kind: StepKind,
        counts: impl Fn(i64) -> bool,
    ) -> Option<(Date, i64)> {
        let arrived = self.steps_of(bill_no, kind).filter_map(|step| {
            let notice = self.notice(step.notice_no).filter(|notice| counts(notice.notice_no))?;
            match notice.arrival {
                Arrival::Served(on) if on <= self.day => Some((on, notice.notice_no)),
                _ => None,
            }
        });
        arrived.min()
    }

    /// A rung that another column makes: it is seen in the notice about the bill.
    fn observe(&mut self, debt: &OpenDebt, rule: &StepRule, sink: &mut impl Sink) {
        let started = self.facts.steps.iter().any(|step| step.bill_no == debt.bill_no);
        let begins = self.ladder.params.steps.iter().filter(|rule| rule.act != Act::Observe);
        let first = begins.flat_map(|rule| &rule.counts).filter(|count| count.from == Event::Due);
        let first = first.map(|count| plus_days(debt.due_on, count.days.into())).min();
        if !started && first.is_none_or(|first| first > self.day) {
            return;
        }
        let about = self
            .facts
            .notices
            .iter()
            .find(|n| n.bill_no == debt.bill_no && n.kind == NoticeKind::Bill)
            .copied();
        let (state, done_on, why) = match about.map(|notice| notice.arrival) {
            Some(Arrival::Served(on)) => (StepState::Done, Some(on), None),
            Some(Arrival::Failed) => (StepState::Failed, None, Some("not_arrived")),
            Some(Arrival::Open) => (StepState::Due, None, None),
            // A bill of before the notices were kept.
            None => (StepState::Done, Some(debt.released_on), Some("not_recorded")),
        };
        let step = Step {
            bill_no: debt.bill_no,
            kind: rule.kind,
            round: 1,
            state,
            due_on: debt.released_on,
            done_on,
            notice_no: about.map(|notice| notice.notice_no),
            why: why.map(str::to_owned),
        };
        sink.step(|| tell::done(&step));
        let stands = self.standing(debt.bill_no, rule.kind);
        // What was seen to arrive stays so.
        if stands.is_none_or(|stands| *stands != step && stands.state != StepState::Done) {
            self.climb.changes.push(StepChange { step, ask: None });
        }
    }

    /// Takes a round of a step when its day has come.
    fn take(
        &mut self,
        debt: &OpenDebt,
        rule: &StepRule,
        round: i64,
        sink: &mut impl Sink,
    ) -> Result<(), YearNotCovered> {
        let place = self.place(debt, rule, round)?;
        let step = |state, due_on| Step {
            bill_no: debt.bill_no,
            kind: rule.kind,
            round,
            state,
            due_on,
            done_on: None,
            notice_no: None,
            why: None,
        };
        match place {
            Place::Later(on) => {
                sink.step(|| tell::later(debt, rule, on, self.ladder));
                self.look(on);
            }
            Place::Waits(event, floor) => {
                sink.step(|| tell::waits(debt, rule, event, &self.ladder.rule));
                if let Some(floor) = floor {
                    self.look(floor.max(plus_days(self.day, 1)));
                }
            }
            Place::Held(on, hold) => self.hold(&step(StepState::Due, on), &hold, sink),
            Place::Come(on) if rule.act == Act::Mark => {
                let step = Step { done_on: Some(on), ..step(StepState::Done, on) };
                sink.step(|| tell::done(&step));
                self.climb.changes.push(StepChange { step, ask: None });
            }
            Place::Come(_) => {
                // It is made today, on whichever day it could have been made.
                let step = step(StepState::Due, self.day);
                sink.step(|| tell::due(&step));
                if let (Act::Notice, Some(within)) = (rule.act, rule.within) {
                    self.look(plus_days(within.day(self.day, self.calendar)?, 1));
                }
                if rule.act == Act::HandOver {
                    self.look(plus_days(self.day, 1));
                }
                self.climb.changes.push(StepChange { step, ask: Some(rule.act) });
            }
        }
        Ok(())
    }

    /// Keeps a step held.
    fn hold(&mut self, step: &Step, hold: &HoldFact, sink: &mut impl Sink) {
        let held = Step {
            state: StepState::Held,
            why: Some(format!("hold:{}:{}", hold.kind.word(), hold.hold_no)),
            ..step.clone()
        };
        sink.step(|| tell::held(&held, hold));
        if let Some(until) = hold.until_on {
            self.look(plus_days(until, 1));
        }
        let stands = self.standing(held.bill_no, held.kind);
        if stands.is_none_or(|stands| *stands != held) {
            self.climb.changes.push(StepChange { step: held, ask: None });
        }
    }

    /// The hold that covers a debt on a day; of several the one that lasts longest.
    pub(super) fn held(&self, bill_no: i64, day: Date) -> Option<HoldFact> {
        let covering = self.facts.holds.iter().filter(|hold| hold.covers(bill_no, day));
        covering.max_by_key(|hold| hold.until_on.unwrap_or(Date::MAX)).copied()
    }

    /// A rung of the account: the oldest debt for which it has come hands over, one at a time.
    fn hand_over(&mut self, rule: &StepRule, sink: &mut impl Sink) -> Result<(), YearNotCovered> {
        let running = self.facts.cases.iter().any(|case| case.closed_on.is_none());
        let mut live = running;
        for debt in self.facts.debts {
            let Some(step) = self.standing(debt.bill_no, rule.kind).cloned() else { continue };
            if step.state != StepState::Due {
                continue;
            }
            let taken =
                |case: &&super::CaseFact| case.bill_no == step.bill_no && case.proposed_on >= step.due_on;
            if let Some(case) = self.facts.cases.iter().rfind(taken) {
                self.end(&step, StepState::Done, case.proposed_on, None);
                live |= case.closed_on.is_none();
            } else if let Some(hold) = self.held(debt.bill_no, self.day) {
                self.hold(&step, &hold, sink);
            } else {
                live = true;
                sink.step(|| tell::due(&step));
            }
        }
        if live {
            // Its end has to be seen.
            self.look(plus_days(self.day, 1));
            return Ok(());
        }
        for debt in self.facts.debts.iter().filter(|debt| debt.open >= rule.at_least) {
            let round = match self.standing(debt.bill_no, rule.kind) {
                None => 1,
                Some(step) if step.state == StepState::Held => step.round,
                Some(step) => step.round + 1,
            };
            let again = self.again(rule)?;
            let place = self.place(debt, rule, round)?;
            if let (Some(again), Place::Come(_)) = (again, &place)
                && again > self.day
            {
                sink.step(|| tell::later(debt, rule, again, self.ladder));
                self.look(again);
                continue;
            }
            let come = matches!(place, Place::Come(_));
            self.take(debt, rule, round, sink)?;
            if come {
                return Ok(());
            }
        }
        Ok(())
    }

    /// After a case has ended, the next one is proposed no earlier than this.
    fn again(&self, rule: &StepRule) -> Result<Option<Date>, YearNotCovered> {
        let closed = self.facts.cases.iter().filter_map(|case| case.closed_on).max();
        let every = rule.every.map_or(Count { days: 1, ..self.ladder.params.hold.resume }, |every| every);
        closed.map(|closed| every.day(closed, self.calendar)).transpose()
    }

    /// Ends a step, once.
    fn end(&mut self, step: &Step, state: StepState, on: Date, why: Option<&str>) {
        // Nothing ends before it began.
        let done_on = Some(if state == StepState::Done { on } else { on.max(step.due_on) });
        let step = Step { state, done_on, why: why.map(str::to_owned), ..step.clone() };
        self.climb.changes.push(StepChange { step, ask: None });
    }

    /// The highest rung that stands, over all open debts.
    fn highest(&self) -> Option<(StepKind, i64)> {
        let rungs = self.ladder.params.steps.iter().rev();
        let stands = |bill_no, kind| {
            let step = self.standing(bill_no, kind)?;
            matches!(step.state, StepState::Done | StepState::Due | StepState::Held)
                .then_some((kind, bill_no))
        };
        rungs
            .into_iter()
            .find_map(|rule| self.facts.debts.iter().find_map(|debt| stands(debt.bill_no, rule.kind)))
    }

    fn look(&mut self, on: Date) {
        if on > self.day && self.climb.next_on.is_none_or(|next| on < next) {
            self.climb.next_on = Some(on);
        }
    }
}
