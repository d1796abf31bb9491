//! 诉讼时效: the clock of one debt, a pure function of its due day and what happened since.
//!
//! The term is law (CC 188): two years until 2017-09-30, three since; a two-year term that still ran on the day of change
//! became three years, an expired one did not revive (法释〔2018〕12号). What interrupts (CC 195, LIM 8–14) starts the full
//! term again, and nothing runs beyond twenty years from the breach. Where the law leaves room the earliest reading is taken:
//! the term counts from the due day itself, and a payment that the debtor did not make himself interrupts nothing.

use super::{Limitation, LimitationTransition};
use crate::calendar::WorkCalendar;
use crate::derivation::Bilingual;
use crate::evidence::Strength;
use crate::registry::words;
use crate::rulebook::{NoRule, Rule, Rulebook, Selector};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

words!(
    /// 时效中断事由: what may start the term again.
    EventKind {
        /// 催缴: a demand that arrived (LIM 8).
        Demand = "demand" / "催缴送达",
        /// 公告催缴 in national or provincial media, the whereabouts being unknown (LIM 8(4)).
        PublicNotice = "public_notice" / "公告催缴",
        /// The debtor promises, asks for time, or agrees to a plan (LIM 14).
        Promise = "promise" / "承诺付款",
        /// The debtor pays a part (LIM 14).
        PartPayment = "part_payment" / "部分付款",
        /// The debtor gives security (LIM 14).
        Security = "security" / "提供担保",
        /// 起诉 or arbitration; from the day of filing (LIM 10).
        Suit = "suit" / "提起诉讼",
        /// 支付令申请 (LIM 11).
        PaymentOrder = "payment_order" / "申请支付令",
        /// 申报债权 or a petition of bankruptcy (LIM 11).
        BankruptcyClaim = "bankruptcy_claim" / "申报破产债权",
        /// 诉前保全 or enforcement (LIM 11).
        Preservation = "preservation" / "保全执行",
        /// Mediation by a body that may mediate (LIM 12).
        Mediation = "mediation" / "申请调解",
        /// A report to police or prosecutors (LIM 13).
        Report = "report" / "报案控告",
        /// 代扣: a debit that the company itself started. No demand by a financial institution (LIM 8(3)): it interrupts nothing.
        DirectDebit = "direct_debit" / "银行代扣",
    }
);

impl EventKind {
    /// Must it be proved to have arrived?
    #[must_use]
    pub const fn has_to_arrive(self) -> bool {
        matches!(self, Self::Demand)
    }

    /// Is it the debtor's own act?
    #[must_use]
    pub const fn is_consent(self) -> bool {
        matches!(self, Self::Promise | Self::PartPayment | Self::Security)
    }
}

/// Something that happened, with the day it took effect: the arrival of a demand, not its dispatch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What it was.
    pub kind: EventKind,
    /// The day it took effect.
    pub on: Date,
    /// How strong its proof is.
    pub strength: Strength,
    /// Where it is found, such as `notice:3`.
    pub reference: String,
}

/// Why an event changes nothing; checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidReason {
    /// The debt was not due yet.
    BeforeDue,
    /// A utility's debit through a bank is no demand.
    NoDemand,
    /// It is not proved, or not proved to have arrived.
    NotProved,
    /// The term had ended. What the debtor consents to then he must keep (CC 192), yet the term does not start again by itself.
    TooLate,
}

impl VoidReason {
    /// In words.
    #[must_use]
    pub fn text(self) -> Bilingual {
        let (zh, en) = match self {
            Self::BeforeDue => ("债务尚未到期,不中断时效", "the debt was not due yet"),
            Self::NoDemand => {
                ("供电企业发起的代扣不构成催告(诉讼时效规定第8条)", "a utility's debit is no demand (LIM 8)")
            }
            Self::NotProved => ("没有足够证据", "it is not proved, or not proved to have arrived"),
            Self::TooLate => (
                "时效已届满;债务人同意履行的不得反悔(民法典第192条)",
                "the term had ended; consent given then is binding (CC 192)",
            ),
        };
        Bilingual::new(zh, en)
    }
}

/// An event and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// The event.
    pub event: Event,
    /// Why it changed nothing; none when it interrupted.
    pub void: Option<VoidReason>,
    /// Last day of the term after it.
    pub expires_on: Date,
}

/// 时效结论: where the clock of a debt stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// Last day to pay: the term counts from it.
    pub due_on: Date,
    /// The last interruption, or the due day.
    pub runs_from: Date,
    /// Last day of the term, moved off rest days where the calendar is known.
    pub expires_on: Date,
    /// The calendar of that year is known, and CC 203 was applied.
    pub rest_days_known: bool,
    /// 二十年 from the due day.
    pub long_stop_on: Date,
    /// Every event in order, and what it did.
    pub events: Vec<Judged>,
    /// Ids of the rules.
    pub rules: Vec<String>,
}

impl Clock {
    /// Has the term ended before a day?
    #[must_use]
    pub fn has_ended(&self, on: Date) -> bool {
        on > self.expires_on
    }
}

/// A version of the law of terms: the days it is in force, its years, its id.
#[derive(Clone, Debug)]
struct Version<T> {
    from: Date,
    until: Option<Date>,
    params: T,
    id: String,
}

/// 时效规则: the law of terms, loaded once for many debts.
#[derive(Clone, Debug)]
pub struct LimitationLaw<'b> {
    calendar: &'b WorkCalendar,
    terms: Vec<Version<Limitation>>,
    changes: Vec<Version<LimitationTransition>>,
    facts: std::collections::BTreeMap<String, String>,
    /// A demand has arrived from this strength of proof on.
    arrival: Strength,
}

fn versions<T: serde::de::DeserializeOwned>(
    book: &Rulebook,
    site: &Selector,
    topic: &str,
) -> Result<Vec<Version<T>>, NoRule> {
    let rules = book.of_jurisdictions(topic, site).into_iter().filter(|rule| site.admits(rule));
    let read = |rule: &Rule| {
        let params = rule.form().map_err(|reason| NoRule::BadParams { id: rule.id.clone(), reason })?;
        Ok(Version { from: rule.from, until: rule.until, params, id: rule.id.clone() })
    };
    rules.map(read).collect()
}

/// The most specific version in force on a day.
fn on<T>(versions: &[Version<T>], day: Date) -> Option<&Version<T>> {
    versions.iter().rev().find(|v| v.from <= day && v.until.is_none_or(|until| day <= until))
}

impl<'b> LimitationLaw<'b> {
    /// The law of a site. `arrival`: the weakest proof that shows an arrival.
    ///
    /// # Errors
    /// A rule is not of its topic's form.
    pub fn new(book: &'b Rulebook, site: &Selector, arrival: Strength) -> Result<Self, NoRule> {
        Ok(Self {
            calendar: book.calendar(),
            terms: versions(book, site, "limitation")?,
            changes: versions(book, site, "limitation_transition")?,
            facts: site.facts.clone(),
            arrival,
        })
    }

    fn term_on(&self, day: Date) -> Result<&Version<Limitation>, NoRule> {
        on(&self.terms, day).ok_or_else(|| NoRule::Missing {
            topic: "limitation".to_owned(),
            legal_day: day,
            facts: self.facts.clone(),
        })
    }

    /// The clock of a debt whose last day to pay is `due_on`. Events in any order.
    ///
    /// # Errors
    /// No law for a day.
    pub fn clock(&self, due_on: Date, events: &[Event]) -> Result<Clock, NoRule> {
        let mut rules = Vec::new();
        let long_stop_on = self.long_stop(due_on, &mut rules)?;
        let mut runs_from = due_on;
        let mut ends = self.term_end(due_on, &mut rules)?.min(long_stop_on);
        let mut ordered: Vec<&Event> = events.iter().collect();
        ordered.sort_by(|a, b| (a.on, a.kind, &a.reference).cmp(&(b.on, b.kind, &b.reference)));
        let mut judged = Vec::with_capacity(ordered.len());
        for event in ordered {
            let void = self.void(event, due_on, self.rolled(ends).0);
            if void.is_none() && event.on >= runs_from {
                runs_from = event.on;
                ends = self.term_end(event.on, &mut rules)?.min(long_stop_on);
            }
            judged.push(Judged { event: event.clone(), void, expires_on: self.rolled(ends).0 });
        }
        let (expires_on, rest_days_known) = self.rolled(ends);
        Ok(Clock { due_on, runs_from, expires_on, rest_days_known, long_stop_on, events: judged, rules })
    }

    fn void(&self, event: &Event, due_on: Date, ends: Date) -> Option<VoidReason> {
        if event.on <= due_on {
            return Some(VoidReason::BeforeDue);
        }
        if event.kind == EventKind::DirectDebit {
            return Some(VoidReason::NoDemand);
        }
        let least = if event.kind.has_to_arrive() { self.arrival } else { Strength::Weak };
        if event.strength < least {
            return Some(VoidReason::NotProved);
        }
        (event.on > ends).then_some(VoidReason::TooLate)
    }

    /// Last day of a full term that starts on a day, by the law of that day and of the transition.
    fn term_end(&self, from: Date, rules: &mut Vec<String>) -> Result<Date, NoRule> {
        let law = self.term_on(from)?;
        note(rules, &law.id);
        let end = years_later(from, law.params.years);
        // The transition is in force from its own first day on: a term that had ended before it stays ended.
        let Some(change) = on(&self.changes, end) else { return Ok(end) };
        let change_applies = from < change.params.cutover
            && law.params.years == change.params.old_years
            && end >= change.params.cutover;
        if !change_applies {
            return Ok(end);
        }
        note(rules, &change.id);
        Ok(years_later(from, change.params.new_years))
    }

    /// 最长保护期 by the law in force when it would end, or by the last one known.
    fn long_stop(&self, due_on: Date, rules: &mut Vec<String>) -> Result<Date, NoRule> {
        let law = self.term_on(due_on)?;
        note(rules, &law.id);
        Ok(years_later(due_on, law.params.long_stop_years))
    }

    /// CC 203: a last day on a rest day moves to the next working day; unknown calendars move nothing.
    fn rolled(&self, end: Date) -> (Date, bool) {
        self.calendar.same_or_next_working_day(end).map_or((end, false), |day| (day, true))
    }
}

/// The corresponding day some years later; 29 February ends on the 28th (CC 202).
fn years_later(from: Date, years: u8) -> Date {
    from.saturating_add(i32::from(years).years())
}

fn note(rules: &mut Vec<String>, id: &str) {
    if !rules.iter().any(|known| known == id) {
        rules.push(id.to_owned());
    }
}
