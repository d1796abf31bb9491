//! 抄表审核: the verdict on one reading against the meter, the account's own history and its capacity.

use super::dial::Source;
use super::exception::{Exception, ExceptionSet};
use super::history::{Entry, History, Mark};
use super::parameters::MeteringRules;
use super::site_check::{CheckClass, is_selected};
use crate::calendar::Month;
use crate::derivation::{Sink, Step};
use crate::units::{Capacity, Energy, Ratio, Rounding};
use jiff::civil::Date;

/// What is known of a reading when it is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingFacts {
    /// The account.
    pub account: i64,
    /// Its class.
    pub class: CheckClass,
    /// 电费年月
    pub month: Month,
    /// The day of the reading.
    pub on: Date,
    /// Days since the last reading.
    pub days: i64,
    /// 装表日
    pub installed_on: Date,
    /// Where the reading comes from.
    pub source: Source,
    /// The energy it makes, after the multiplier, signed; nothing when a register went back.
    pub energy: Energy,
    /// How far the tariff registers are from the total.
    pub band_gap: Energy,
    /// A register passed its last digit.
    pub rolled_over: bool,
    /// A register shows less than before.
    pub went_back: bool,
    /// 综合倍率 now.
    pub multiplier: Ratio,
    /// 综合倍率 at the last reading.
    pub last_multiplier: Ratio,
    /// 合同容量; zero when not registered.
    pub capacity: Capacity,
}

/// The doubts about a reading. A reading before installation or with a register that went back has no quantity, so
/// nothing else is said about it.
#[must_use]
pub fn judge(
    facts: &ReadingFacts,
    history: &History,
    rules: &MeteringRules,
    sink: &mut impl Sink,
) -> ExceptionSet {
    let mut verdict = Verdict { found: ExceptionSet::EMPTY, sink };
    if facts.on < facts.installed_on {
        let (on, installed) = (facts.on, facts.installed_on);
        verdict.note(Exception::BeforeInstallation, || {
            (format!("{on}早于装表日{installed}"), format!("{on} is before the installation on {installed}"))
        });
    } else if facts.went_back {
        verdict.note(Exception::WentBack, || ("示数小于上次".into(), "shows less than the last time".into()));
    } else {
        verdict.about_meter(facts, rules);
        verdict.about_quantity(facts, history, rules);
        verdict.about_history(facts, history, rules);
    }
    verdict.found
}

/// The doubts about a due reading that has not come: it is missed, never zero.
#[must_use]
pub fn judge_missing(month: Month, history: &History, rules: &MeteringRules) -> ExceptionSet {
    let mut found = ExceptionSet::EMPTY;
    found.insert(Exception::Missed);
    // Billing it provisionally would be one estimate more.
    if history.run(month, |entry| entry.mark.is_estimated()) + 1 >= rules.check.estimates {
        found.insert(Exception::RepeatedEstimate);
    }
    found
}

/// The most energy that a capacity can carry in so many days, at a power factor of 1.
pub(super) fn possible_energy(capacity: Capacity, days: i64) -> Energy {
    Energy(capacity.0.saturating_mul(24 * days.max(0)))
}

/// What was found so far, and where it is told.
struct Verdict<'s, S> {
    found: ExceptionSet,
    sink: &'s mut S,
}

impl<S: Sink> Verdict<'_, S> {
    fn note(&mut self, exception: Exception, say: impl FnOnce() -> (String, String)) {
        self.found.insert(exception);
        self.sink.step(|| {
            let (zh, en) = say();
            let (term, word) = (exception.zh(), exception.word());
            Step::new(word, format!("{term}: {zh}"), format!("{word}: {en}"))
        });
    }

    /// Rollover, multiplier, tariff registers, capacity.
    fn about_meter(&mut self, facts: &ReadingFacts, rules: &MeteringRules) {
        if facts.rolled_over {
            self.note(Exception::RolledOver, || ("示数过零".into(), "passed its last digit".into()));
        }
        if facts.multiplier != facts.last_multiplier {
            let (last, now) = (facts.last_multiplier, facts.multiplier);
            self.note(Exception::MultiplierChanged, || {
                (format!("倍率{last}→{now}"), format!("{last} → {now}"))
            });
        }
        let tolerated = rules.check.band_gap.times(facts.multiplier, Rounding::HalfUp);
        if facts.band_gap > tolerated {
            let gap = facts.band_gap;
            self.note(Exception::BandSum, || (format!("相差{gap}千瓦时"), format!("{gap} kWh apart")));
        }
        let (energy, possible) = (facts.energy, possible_energy(facts.capacity, facts.days));
        if !facts.capacity.is_zero() && facts.days > 0 && energy > possible {
            self.note(Exception::OverCapacity, || {
                (
                    format!("{energy}超过容量可用电量{possible}"),
                    format!("{energy} kWh, the capacity carries {possible}"),
                )
            });
        }
    }

    /// Negative, zero, spike, drop.
    fn about_quantity(&mut self, facts: &ReadingFacts, history: &History, rules: &MeteringRules) {
        let energy = facts.energy;
        if energy < Energy::ZERO {
            self.note(Exception::Negative, || (format!("{energy}千瓦时"), format!("{energy} kWh")));
            return;
        }
        if energy.is_zero() {
            self.note(Exception::Zero, || ("本期无电量".into(), "nothing was used".into()));
        }
        let jump = rules.check.jump(facts.class);
        let last = history.before(facts.month).map(|entry| entry.over(facts.days));
        let year_ago = history.year_ago(facts.month).map(|entry| entry.over(facts.days));
        // A season explains a change that the year before had too: where both are known, both must agree.
        let both = |beyond: &dyn Fn(Energy) -> bool| match (last, year_ago) {
            (Some(last), Some(year_ago)) => beyond(last) && beyond(year_ago),
            (Some(then), None) | (None, Some(then)) => beyond(then),
            (None, None) => false,
        };
        let say = || {
            let shown = |then: Option<Energy>| then.map_or_else(|| "-".to_owned(), |e| e.to_string());
            let (last, year_ago) = (shown(last), shown(year_ago));
            (
                format!("本期{energy},上期折算{last},去年同期折算{year_ago}"),
                format!("{energy} kWh; last period {last}, same month last year {year_ago}"),
            )
        };
        if both(&|then| jump.is_rise(energy, then)) {
            self.note(Exception::Spike, say);
        }
        if both(&|then| jump.is_fall(energy, then)) {
            self.note(Exception::Drop, say);
        }
    }

    /// Runs: zeros, estimates, equal quantities.
    fn about_history(&mut self, facts: &ReadingFacts, history: &History, rules: &MeteringRules) {
        let say = |run: u8| move || (format!("连续{run}期"), format!("{run} periods in a row"));
        if facts.energy.is_zero() {
            let zeros = history.run(facts.month, |entry| entry.mark.is_zero()) + 1;
            if zeros >= rules.site.zero_cycles
                && is_selected(facts.account, facts.month, facts.class, &rules.site)
            {
                self.note(Exception::SiteCheck, say(zeros));
            }
        }
        if facts.source == Source::Provisional {
            let estimates = history.run(facts.month, |entry| entry.mark.is_estimated()) + 1;
            if estimates >= rules.check.estimates {
                self.note(Exception::RepeatedEstimate, say(estimates));
            }
        } else if facts.energy >= rules.check.equal_above {
            let now = Entry::new(facts.energy, facts.days, Mark::REAL).kwh;
            let equal = history.run(facts.month, |entry| entry.kwh == now && !entry.mark.is_estimated()) + 1;
            if equal >= rules.check.equal_quantities {
                self.note(Exception::RepeatedQuantity, say(equal));
            }
        }
    }
}
