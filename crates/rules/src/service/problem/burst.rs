//! 突增: where more is said in a period than usual.

use serde::Deserialize;
use std::collections::BTreeMap;

/// 突增规则
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BurstRule {
    /// Days of a period.
    pub period_days: u16,
    /// Periods before it that tell the usual level.
    pub usual_periods: u16,
    /// Fewer in the period are no burst.
    pub least: u32,
    /// It is at least so many hundredths of the usual level.
    pub percent: u32,
    /// Tenths of the standard deviation of a usual period that it lies above the usual level.
    pub deviations_tenths: u32,
}

/// 突增: one that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burst<K> {
    /// Where and what.
    pub key: K,
    /// How many in the period.
    pub count: u32,
    /// Hundredths of what is usual in a period.
    pub usual_centi: u32,
}

/// Keys with a burst in the period that ends before `until`, in order. Counts of a period scatter like those of rare events: the square of the
/// deviation is the level itself. One more than was counted stands for what could have been, so that a level of nothing is no certainty.
#[must_use]
pub fn bursts<K: Ord + Copy>(
    events: impl Iterator<Item = (K, i32)>,
    until: i32,
    rule: &BurstRule,
) -> Vec<Burst<K>> {
    let period = i32::from(rule.period_days).max(1);
    let periods = i32::from(rule.usual_periods).max(1);
    let mut counts: BTreeMap<K, (u64, u64)> = BTreeMap::new();
    for (key, day) in events {
        let ago = until - 1 - day;
        let (now, before) = counts.entry(key).or_default();
        if (0..period).contains(&ago) {
            *now += 1;
        } else if (period..period * (periods + 1)).contains(&ago) {
            *before += 1;
        }
    }
    let periods = u64::from(periods.unsigned_abs());
    let is_burst = |(now, before): (u64, u64)| {
        let total = before + 1;
        let enough = now >= u64::from(rule.least) && now * periods * 100 >= total * u64::from(rule.percent);
        // (now - total / periods)² >= z² · total / periods, without a fraction.
        let above = (now * periods).saturating_sub(total);
        let z = u64::from(rule.deviations_tenths);
        enough && above * above * 100 >= z * z * total * periods
    };
    counts
        .into_iter()
        .filter(|(_, counts)| is_burst(*counts))
        .map(|(key, (now, before))| Burst {
            key,
            count: u32::try_from(now).unwrap_or(u32::MAX),
            usual_centi: u32::try_from(before * 100 / periods).unwrap_or(u32::MAX),
        })
        .collect()
}
