//! The rules of a cut in force for a user on a day; where several layers speak, the strictest wins.

use super::{
    AuthorityApproval, CallOutcome, CutApproval, CutFacts, CutHolds, EstateGuard, OverdueFloor,
    ProtectedUsers, ProtectedWindows, Restoration, StopNotice, SupplyOfOthers,
};
use crate::calendar::WorkCalendar;
use crate::registry::{ApprovalLevel, Category, Importance, Protection};
use crate::rulebook::{Confidence, NoRule, Picked, Rule, Rulebook, Ruled, Selector, Stricter, strictest};
use crate::units::Money;
use jiff::civil::Date;
use serde::de::DeserializeOwned;

/// Where a value of the law comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The rule's id.
    pub rule: String,
    /// The clause as people cite it.
    pub clause: String,
    /// How sure the book is.
    pub confidence: Confidence,
}

impl Source {
    fn of(rule: &Rule) -> Self {
        Self { rule: rule.id.clone(), clause: rule.clause(), confidence: rule.confidence }
    }
}

/// A value with the rule that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<V> {
    /// The value.
    pub value: V,
    /// Where it comes from.
    pub source: Source,
}

/// 停电法则: what the book says about a cut of one user.
#[derive(Clone, Debug)]
pub struct CutLaw<'b> {
    /// 工作日历
    pub calendar: &'b WorkCalendar,
    /// 欠费停电的法定前提
    pub overdue: Sourced<OverdueFloor>,
    /// Days of notice at least.
    pub notice_min: Sourced<u16>,
    /// Days of notice at most.
    pub notice_max: Sourced<u16>,
    /// Minutes of the last call before the cut.
    pub call_minutes: Sourced<u16>,
    /// Minutes after the told time for which the last call stays good.
    pub call_good: Option<Sourced<u16>>,
    /// Days within which the notice is handed over.
    pub serve_within: u16,
    outcomes: Vec<Vec<CallOutcome>>,
    /// A copy goes to the power administration when the user is important.
    pub copy_to_authority: Option<Source>,
    /// 恢复供电 in so many hours; none where no rule says it.
    pub restore_hours: Option<Sourced<u16>>,
    pub(super) approvals: Vec<Sourced<CutApproval>>,
    pub(super) authority: Vec<Sourced<AuthorityApproval>>,
    pub(super) protected: Vec<Sourced<ProtectedUsers>>,
    pub(super) estate: Vec<Sourced<EstateGuard>>,
    pub(super) windows: Vec<Sourced<ProtectedWindows>>,
    pub(super) others: Option<Source>,
    pub(super) holds: Vec<Sourced<CutHolds>>,
}

impl<'b> CutLaw<'b> {
    /// The law for a user: notices by the day of their service, everything else by the day of the cut.
    ///
    /// # Errors
    /// The book has no rule for what the law asks of every cut, or a rule is not of its topic's form.
    pub fn load(
        book: &'b Rulebook,
        user: &Selector,
        cut_on: Date,
        served_on: Option<Date>,
    ) -> Result<Self, NoRule> {
        let notice_day = served_on.unwrap_or(cut_on);
        let served = book.pick_all::<StopNotice>("disconnection_notice", user, notice_day)?;
        let notices = book.pick_all::<StopNotice>("disconnection_notice", user, cut_on)?;
        let missing = |topic: &str| NoRule::Missing {
            topic: topic.to_owned(),
            legal_day: cut_on,
            facts: user.facts.clone(),
        };
        let overdue = book.pick_all::<OverdueFloor>("disconnection_overdue", user, cut_on)?;
        let overdue = overdue.iter().max_by_key(|rule| rule.params.more_than_days);
        let restore = book.pick_all::<Restoration>("restoration", user, cut_on)?;
        let minutes = strictest(&notices, Stricter::Larger, |n| n.final_call_minutes);
        let good = strictest(&notices, Stricter::Smaller, |n| n.final_call_good_minutes);
        let min = strictest(&served, Stricter::Larger, |n| n.days_min);
        let max = strictest(&served, Stricter::Smaller, |n| n.days_max);
        let hours = strictest(&restore, Stricter::Smaller, |r| Some(r.hours));
        let within = strictest(&served, Stricter::Smaller, |n| n.serve_within_days);
        let copy = notices.iter().find(|n| n.params.copy_to_authority_for_important == Some(true));
        let approvals = all(book, "disconnection_approval", user, cut_on)?;
        if approvals.is_empty() {
            return Err(missing("disconnection_approval"));
        }
        let others: Vec<Sourced<SupplyOfOthers>> = all(book, "supply_of_others", user, cut_on)?;
        Ok(Self {
            calendar: book.calendar(),
            overdue: overdue
                .map(|rule| Sourced { value: rule.params, source: Source::of(rule.rule) })
                .ok_or_else(|| missing("disconnection_overdue"))?,
            notice_min: sourced(&served, min).ok_or_else(|| missing("disconnection_notice"))?,
            notice_max: sourced(&served, max).ok_or_else(|| missing("disconnection_notice"))?,
            call_minutes: sourced(&notices, minutes).ok_or_else(|| missing("disconnection_notice"))?,
            call_good: sourced(&notices, good),
            serve_within: within.map_or(1, |days| days.value),
            outcomes: notices.iter().filter_map(|n| n.params.call_outcomes.clone()).collect(),
            copy_to_authority: copy.map(|picked| Source::of(picked.rule)),
            restore_hours: sourced(&restore, hours),
            approvals,
            authority: all(book, "authority_approval", user, cut_on)?,
            protected: all(book, "protected_users", user, cut_on)?,
            estate: all(book, "estate_guard", user, cut_on)?,
            windows: all(book, "protected_windows", user, cut_on)?,
            others: others
                .into_iter()
                .find(|rule| rule.value.forbidden_unless_recorded)
                .map(|rule| rule.source),
            holds: all(book, "cut_holds", user, cut_on)?,
        })
    }

    /// Does an outcome of the last call count as told? Where no layer says it, only a call that was heard does.
    #[must_use]
    pub fn counts_as_told(&self, outcome: CallOutcome) -> bool {
        match self.outcomes.as_slice() {
            [] => matches!(outcome, CallOutcome::Reached | CallOutcome::AnsweredByOther),
            layers => layers.iter().all(|outcomes| outcomes.contains(&outcome)),
        }
    }

    /// Does a hold of this kind stop a cut? Where no rule lists kinds, every hold does.
    #[must_use]
    pub fn stops(&self, kind: &str) -> bool {
        self.holds.is_empty()
            || self.holds.iter().any(|rule| rule.value.kinds.iter().any(|listed| listed == kind))
    }

    /// The highest level that a layer asks for, with the rule that asks.
    #[must_use]
    pub fn level_needed(&self, facts: &CutFacts, amount: Money) -> (ApprovalLevel, Source) {
        let mut needed: Option<(ApprovalLevel, &Source)> = None;
        for rule in &self.approvals {
            let mut level = rule
                .value
                .limits
                .iter()
                .find(|limit| limit.up_to.is_none_or(|most| amount <= most))
                .map_or(ApprovalLevel::Company, |limit| limit.level);
            level = level.max(self.level_of_user(&rule.value, facts));
            if needed.is_none_or(|(highest, _)| level > highest) {
                needed = Some((level, &rule.source));
            }
        }
        // `load` refuses a book without a matrix.
        needed.map_or_else(
            || (ApprovalLevel::Company, self.overdue.source.clone()),
            |(level, source)| (level, source.clone()),
        )
    }

    fn level_of_user(&self, rule: &CutApproval, facts: &CutFacts) -> ApprovalLevel {
        let mut level = rule.by_category.get(&facts.category).copied().unwrap_or(ApprovalLevel::Team);
        let mut ask = |asked: bool, wanted: Option<ApprovalLevel>| {
            if let (true, Some(wanted)) = (asked, wanted) {
                level = level.max(wanted);
            }
        };
        ask(facts.importance != Importance::Ordinary, rule.important);
        ask(facts.protection.is_some(), rule.protected);
        ask(self.estate_rule(facts).is_some(), rule.estate);
        level
    }

    /// The estate guard that applies.
    #[must_use]
    pub fn estate_rule(&self, facts: &CutFacts) -> Option<&Sourced<EstateGuard>> {
        self.estate.iter().find(|rule| {
            facts.estate.households > i64::from(rule.value.more_than_households)
                || (rule.value.for_property_company_debt && facts.estate.of_company)
        })
    }

    /// The bodies that are talked with before an estate is cut.
    #[must_use]
    pub fn bodies(&self) -> Vec<&str> {
        self.estate.iter().flat_map(|rule| &rule.value.coordinate_with).map(String::as_str).collect()
    }

    /// Ids of every rule that decides a cut.
    #[must_use]
    pub fn rule_ids(&self) -> Vec<String> {
        let mut ids = vec![
            self.overdue.source.rule.clone(),
            self.notice_min.source.rule.clone(),
            self.notice_max.source.rule.clone(),
            self.call_minutes.source.rule.clone(),
        ];
        ids.extend(self.call_good.iter().map(|v| v.source.rule.clone()));
        ids.extend(self.copy_to_authority.iter().map(|source| source.rule.clone()));
        ids.extend(self.approvals.iter().map(|v| v.source.rule.clone()));
        ids.extend(self.authority.iter().map(|v| v.source.rule.clone()));
        ids.extend(self.protected.iter().map(|v| v.source.rule.clone()));
        ids.extend(self.estate.iter().map(|v| v.source.rule.clone()));
        ids.extend(self.windows.iter().map(|v| v.source.rule.clone()));
        ids.extend(self.others.iter().map(|source| source.rule.clone()));
        ids.extend(self.holds.iter().map(|v| v.source.rule.clone()));
        ids.sort();
        ids.dedup();
        ids
    }
}

/// The site's selector with the facts of a user that rules select on.
#[must_use]
pub fn selector_of(
    site: &Selector,
    category: Category,
    importance: Importance,
    protection: Option<Protection>,
) -> Selector {
    let user = site.clone().with("category", category.word()).with("importance", importance.word());
    match protection {
        Some(protection) => user.with("protection", protection.word()),
        None => user,
    }
}

fn sourced<T, V>(rules: &[Picked<'_, T>], ruled: Option<Ruled<V>>) -> Option<Sourced<V>> {
    let ruled = ruled?;
    let rule = rules.iter().find(|picked| picked.rule.id == ruled.rule)?;
    Some(Sourced { value: ruled.value, source: Source::of(rule.rule) })
}

fn all<T: DeserializeOwned>(
    book: &Rulebook,
    topic: &str,
    user: &Selector,
    on: Date,
) -> Result<Vec<Sourced<T>>, NoRule> {
    let rules = book.pick_all::<T>(topic, user, on)?;
    Ok(rules.into_iter().map(|p| Sourced { value: p.params, source: Source::of(p.rule) }).collect())
}
