//! 工单流转: what may be done on a ticket next, and why not.

use super::limit::{Limits, PauseReason, PauseRule};
use super::ticket::{Deed, Request, Satisfaction, TicketFacts, TicketKind, TicketState};
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use jiff::civil::DateTime;

/// Why a deed is not taken; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlowRefusal {
    /// The ticket has ended: only a closed one can be reopened.
    Ended(TicketState),
    /// It would lie before what was done already, or before the acceptance.
    BeforeLast(DateTime),
    /// It lies in the future.
    InFuture(DateTime),
    /// The clocks stand still: they have to go on first.
    IsPaused,
    /// They do not stand still.
    NotPaused,
    /// Something has to be done first.
    First {
        /// What is wanted.
        wanted: Deed,
        /// What has to come before.
        before: Deed,
    },
    /// The customer was asked and is not content: it is reopened, or closed with a reason.
    Unsatisfied,
    /// This does not pause such a ticket.
    NoPauseReason,
    /// It was paused too often.
    PausedTooOften(u16),
    /// There is nothing to reopen.
    NotAnswered,
    /// A call-back says what it came to, and nothing else does.
    SatisfactionMissing,
    /// Nothing is said.
    NoWords(Deed),
}

impl Refuse for FlowRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Ended(_) => "ticket.ended",
            Self::BeforeLast(_) => "ticket.before_last",
            Self::InFuture(_) => "ticket.in_future",
            Self::IsPaused => "ticket.is_paused",
            Self::NotPaused => "ticket.not_paused",
            Self::First { .. } => "ticket.first",
            Self::Unsatisfied => "ticket.unsatisfied",
            Self::NoPauseReason => "ticket.no_pause_reason",
            Self::PausedTooOften(_) => "ticket.paused_too_often",
            Self::NotAnswered => "ticket.not_answered",
            Self::SatisfactionMissing => "ticket.satisfaction_missing",
            Self::NoWords(_) => "ticket.no_words",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Ended(state) => Bilingual::new(
                format!("工单{},不能再处理", state.zh()),
                format!("the ticket is {}: nothing more is done on it", state.word()),
            ),
            Self::BeforeLast(at) => Bilingual::new(
                format!("时间早于已有记录({at})"),
                format!("it would lie before what was done already ({at})"),
            ),
            Self::InFuture(at) => Bilingual::new(format!("时间{at}尚未到"), format!("{at} has not come yet")),
            Self::IsPaused => {
                Bilingual::new("工单已挂起,请先恢复计时", "the ticket is paused: resume it first")
            }
            Self::NotPaused => Bilingual::new("工单未挂起", "the ticket is not paused"),
            Self::First { wanted, before } => Bilingual::new(
                format!("“{}”之前须先“{}”", wanted.zh(), before.zh()),
                format!("{} comes before {}", before.word(), wanted.word()),
            ),
            Self::Unsatisfied => Bilingual::new(
                "回访不满意:请重新办理,或说明理由后办结",
                "the customer is not content: reopen it, or close it with a reason",
            ),
            Self::NoPauseReason => {
                Bilingual::new("该原因不能挂起此类工单", "this reason does not pause such a ticket")
            }
            Self::PausedTooOften(times) => Bilingual::new(
                format!("已挂起{times}次,不能再挂起"),
                format!("it was paused {times} times already"),
            ),
            Self::NotAnswered => {
                Bilingual::new("尚未答复,无须重新办理", "it was not answered yet: there is nothing to reopen")
            }
            Self::SatisfactionMissing => Bilingual::new(
                "回访须填写满意度,其他动作不填",
                "a call-back tells the satisfaction, and only it does",
            ),
            Self::NoWords(deed) => Bilingual::new(
                format!("“{}”须填写说明", deed.zh()),
                format!("{} has to say why or what", deed.word()),
            ),
        }
    }
}

/// A deed as it is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// What.
    pub deed: Deed,
    /// When, Beijing time.
    pub at: DateTime,
    /// In words.
    pub words: &'w str,
    /// What a call-back came to.
    pub satisfaction: Option<Satisfaction>,
    /// Why it is paused.
    pub pause: Option<PauseReason>,
}

/// May this be done on the ticket now?
///
/// # Errors
/// Why not.
pub fn check_deed(
    facts: &TicketFacts,
    limits: &Limits,
    pause_rule: Option<&PauseRule>,
    wanted: Wanted<'_>,
    now: DateTime,
) -> Result<(), FlowRefusal> {
    let state = facts.state();
    if state.is_ended() && !(state == TicketState::Closed && wanted.deed == Deed::Reopen) {
        return Err(FlowRefusal::Ended(state));
    }
    let last = facts.events.last().map_or(facts.accepted_at, |event| event.at);
    if wanted.at < last {
        return Err(FlowRefusal::BeforeLast(last));
    }
    if wanted.at > now {
        return Err(FlowRefusal::InFuture(wanted.at));
    }
    pauses(facts, state, pause_rule, wanted)?;
    order(facts, limits, state, wanted)?;
    if wanted.satisfaction.is_some() != (wanted.deed == Deed::CallBack) {
        return Err(FlowRefusal::SatisfactionMissing);
    }
    let has_to_say = matches!(
        wanted.deed,
        Deed::Answer | Deed::Pause | Deed::Note | Deed::Reopen | Deed::Withdraw | Deed::Escalate
    );
    if has_to_say && wanted.words.trim().is_empty() {
        return Err(FlowRefusal::NoWords(wanted.deed));
    }
    Ok(())
}

fn pauses(
    facts: &TicketFacts,
    state: TicketState,
    rule: Option<&PauseRule>,
    wanted: Wanted<'_>,
) -> Result<(), FlowRefusal> {
    let is_paused = state == TicketState::Paused;
    let goes_while_paused =
        matches!(wanted.deed, Deed::Resume | Deed::Note | Deed::Withdraw | Deed::Escalate);
    if is_paused && !goes_while_paused {
        return Err(FlowRefusal::IsPaused);
    }
    if !is_paused && wanted.deed == Deed::Resume {
        return Err(FlowRefusal::NotPaused);
    }
    if wanted.deed == Deed::Pause {
        let (Some(rule), Some(reason)) = (rule, wanted.pause) else { return Err(FlowRefusal::NoPauseReason) };
        if !rule.reasons.contains(&reason) {
            return Err(FlowRefusal::NoPauseReason);
        }
        let times = facts.events.iter().filter(|event| event.deed == Deed::Pause).count();
        if times >= usize::from(rule.times_max) {
            return Err(FlowRefusal::PausedTooOften(rule.times_max));
        }
    }
    Ok(())
}

/// What has to come before what.
fn order(
    facts: &TicketFacts,
    limits: &Limits,
    state: TicketState,
    wanted: Wanted<'_>,
) -> Result<(), FlowRefusal> {
    let rounds = facts.rounds();
    let events = rounds.last().map_or(&[][..], |(_, events)| events);
    let done = |deed: Deed| events.iter().any(|event| event.deed == deed);
    let first = |before: Deed| Err(FlowRefusal::First { wanted: wanted.deed, before });
    let needs = |before: Deed| if done(before) { Ok(()) } else { first(before) };
    // A question may be answered by who takes it.
    let at_once = matches!(facts.request.kind(), TicketKind::Consultation | TicketKind::Praise);
    // Who has it once keeps it when it begins again.
    let somebody_has_it = at_once || facts.events.iter().any(|event| event.deed == Deed::Dispatch);
    match wanted.deed {
        Deed::Contact | Deed::Arrive | Deed::Restore | Deed::Answer if !somebody_has_it => {
            first(Deed::Dispatch)
        }
        Deed::Restore if facts.request == Request::Fault => needs(Deed::Arrive),
        Deed::Answer if facts.request == Request::Complaint => needs(Deed::Contact),
        Deed::Answer if facts.request == Request::Fault => needs(Deed::Restore),
        Deed::CallBack => needs(Deed::Answer),
        Deed::Close => {
            needs(Deed::Answer)?;
            if limits.wants_call_back() {
                needs(Deed::CallBack)?;
            }
            let last = events.iter().rev().find_map(|event| event.satisfaction);
            if last == Some(Satisfaction::Unsatisfied) && wanted.words.trim().is_empty() {
                return Err(FlowRefusal::Unsatisfied);
            }
            Ok(())
        }
        Deed::Reopen if !matches!(state, TicketState::Answered | TicketState::Closed) => {
            Err(FlowRefusal::NotAnswered)
        }
        _ => Ok(()),
    }
}
