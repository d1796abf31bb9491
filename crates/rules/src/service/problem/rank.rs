//! 排序: which problem comes first: how many it touches, for how long, and whether it grows.

use super::words::Voice;
use serde::Deserialize;
use std::collections::BTreeSet;

/// 排序规则
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankRule {
    /// Who agrees counts so many hundredths of a person; all of them together at most as much as those who spoke.
    pub like_percent: u32,
    /// Hundredths that the longest persistence adds.
    pub persistence_percent: u32,
    /// Days from which on persistence adds no more.
    pub persistence_days: u32,
    /// Hundredths that growth adds at most.
    pub growth_percent: u32,
    /// Days of the half that is compared with the one before it.
    pub recent_days: u16,
}

/// 轻重: how a problem stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Distinct persons.
    pub people: u32,
    /// Voices.
    pub voices: u32,
    /// How many agreed.
    pub likes: u64,
    /// Day of the first.
    pub first: i32,
    /// Day of the last.
    pub last: i32,
    /// Of the last days.
    pub recent: u32,
    /// Of as many days before them.
    pub before: u32,
    /// What they are ordered by; more is worse.
    pub score: u64,
}

/// How a problem stands before a day.
#[must_use]
pub fn standing<'v>(voices: impl Iterator<Item = &'v Voice>, until: i32, rule: &RankRule) -> Standing {
    let mut people = BTreeSet::new();
    let mut is = Standing { first: i32::MAX, last: i32::MIN, ..Standing::default() };
    let recent = i32::from(rule.recent_days).max(1);
    for voice in voices {
        people.insert(voice.person);
        is.voices += 1;
        is.likes += u64::from(voice.likes);
        is.first = is.first.min(voice.day);
        is.last = is.last.max(voice.day);
        let ago = until - 1 - voice.day;
        is.recent += u32::from((0..recent).contains(&ago));
        is.before += u32::from((recent..2 * recent).contains(&ago));
    }
    if is.voices == 0 {
        return Standing::default();
    }
    is.people = u32::try_from(people.len()).unwrap_or(u32::MAX);
    let spoke = u64::from(is.people) * 100;
    let touched = spoke + (is.likes * u64::from(rule.like_percent)).min(spoke);
    let longest = u64::from(rule.persistence_days.max(1));
    let lasted = u64::from((is.last - is.first).unsigned_abs()).min(longest);
    let persistence = 100 + lasted * u64::from(rule.persistence_percent) / longest;
    let grown = u64::from(is.recent.saturating_sub(is.before));
    let growth = 100 + grown * u64::from(rule.growth_percent) / u64::from((is.recent + is.before).max(1));
    is.score = touched * persistence * growth / 10_000;
    is
}
