//! 问题发现: the tickets of a window become problems, and new tickets find the problem that they belong to.

use super::ProblemRule;
use super::burst::bursts;
use super::cluster::topics;
use super::words::Voice;
use crate::registry::words;
use crate::service::Request;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

words!(
    /// 发现方式
    FoundBy {
        /// They speak of the same thing.
        Topic = "topic" / "诉求聚类",
        /// More than usual of one kind in one transformer district.
        DistrictBurst = "district_burst" / "台区突增",
        /// More than usual of one kind in one unit.
        UnitBurst = "unit_burst" / "单位突增",
    }
);

/// 工单 as the desk reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What was said, by whom, when.
    pub voice: Voice,
    /// What is asked for.
    pub request: Request,
    /// The unit of the place.
    pub unit: i64,
    /// The transformer district of the account.
    pub district: Option<i64>,
}

/// 发现的问题: tickets that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Places of its tickets in the list, in order.
    pub members: Vec<usize>,
    /// How it was found.
    pub by: FoundBy,
    /// Of a burst: how many in the period, and hundredths of what is usual.
    pub burst: Option<(u32, u32)>,
}

/// What the tickets of a window come to, seen before a day: topics first, then bursts among what no topic has taken.
#[must_use]
pub fn find(told: &[Told], until: i32, rule: &ProblemRule) -> Vec<Found> {
    let voices: Vec<Voice> = told.iter().map(|told| told.voice.clone()).collect();
    let mut taken = vec![false; told.len()];
    let mut all = Vec::new();
    for members in topics(&voices, &rule.likeness) {
        if people(told, &members) >= rule.least_people as usize {
            members.iter().for_each(|at| taken[*at] = true);
            all.push(Found { members, by: FoundBy::Topic, burst: None });
        }
    }
    burst(told, until, rule, &mut taken, &mut all, FoundBy::DistrictBurst, |told| told.district);
    burst(told, until, rule, &mut taken, &mut all, FoundBy::UnitBurst, |told| Some(told.unit));
    all.sort_by_key(|found| found.members[0]);
    all
}

fn burst(
    told: &[Told],
    until: i32,
    rule: &ProblemRule,
    taken: &mut [bool],
    all: &mut Vec<Found>,
    by: FoundBy,
    area: impl Fn(&Told) -> Option<i64>,
) {
    let key = |told: &Told| Some((area(told)?, told.request));
    let free = told.iter().enumerate().filter(|(at, _)| !taken[*at]);
    let events = free.filter_map(|(_, told)| Some((key(told)?, told.voice.day)));
    let from = until - i32::from(rule.burst.period_days);
    for burst in bursts(events, until, &rule.burst) {
        let is_of = |at: &usize| {
            let told = &told[*at];
            key(told) == Some(burst.key) && (from..until).contains(&told.voice.day) && !taken[*at]
        };
        let members: Vec<usize> = (0..told.len()).filter(is_of).collect();
        if people(told, &members) >= rule.least_people as usize {
            members.iter().for_each(|at| taken[*at] = true);
            all.push(Found { members, by, burst: Some((burst.count, burst.usual_centi)) });
        }
    }
}

fn people(told: &[Told], members: &[usize]) -> usize {
    members.iter().map(|at| told[*at].voice.person).collect::<BTreeSet<u64>>().len()
}

/// 归并: where the tickets of what was found belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The problem that has most of them; none: a new one.
    pub problem: Option<i64>,
    /// Of a new one: the ended problem that has most of them, so that it has come back.
    pub follows: Option<i64>,
    /// Places of the tickets that are in no problem yet, in order.
    pub fresh: Vec<usize>,
    /// What was found.
    pub found: Found,
}

/// Places what was found among the problems that hold tickets already: `held` says of each ticket which, and whether it is open. What brings
/// nothing new, and what has too few persons for a new problem, is left out.
#[must_use]
pub fn place(
    told: &[Told],
    found: Vec<Found>,
    held: &[Option<(i64, bool)>],
    least_people: u32,
) -> Vec<Placed> {
    let mut all = Vec::new();
    for found in found {
        let fresh: Vec<usize> = found.members.iter().copied().filter(|at| held[*at].is_none()).collect();
        let holds = |open: bool| {
            let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
            for (problem, is_open) in found.members.iter().filter_map(|at| held[*at]) {
                if is_open == open {
                    *counts.entry(problem).or_default() += 1;
                }
            }
            // Of as many, the older.
            counts.into_iter().max_by_key(|(problem, count)| (*count, std::cmp::Reverse(*problem)))
        };
        let problem = holds(true).map(|(problem, _)| problem);
        let is_enough = problem.is_some() || people(told, &fresh) >= least_people as usize;
        if fresh.is_empty() || !is_enough {
            continue;
        }
        let follows = if problem.is_some() { None } else { holds(false).map(|(problem, _)| problem) };
        all.push(Placed { problem, follows, fresh, found });
    }
    all
}
