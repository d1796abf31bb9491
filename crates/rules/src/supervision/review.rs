//! 专项稽查: records are drawn and looked at by a list of the book. The same seed draws the same records.

use super::check::Severity;
use crate::derivation::Bilingual;
use crate::registry::words;
use crate::rulebook::Rule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

words!(
    /// 抽样总体: of which records a review draws.
    Population {
        /// Readings that were taken in the period.
        Readings = "readings" / "抄表记录",
        /// Bills that were released.
        Bills = "bills" / "已发行账单",
        /// Notices that arrived.
        Notices = "notices" / "已送达通知",
        /// Tickets that ended.
        Tickets = "tickets" / "办结工单",
        /// Cuts and restorations that were done.
        Operations = "operations" / "停复电操作",
        /// Payments at the counter.
        Payments = "payments" / "收费记录",
    }
);

words!(
    /// 稽查状态
    ReviewState {
        /// Records were drawn and are looked at.
        Open = "open" / "进行中",
        /// All were looked at.
        Done = "done" / "已完成",
    }
);

words!(
    /// 检查结论
    Answer {
        /// As it should be.
        Good = "good" / "符合",
        /// Not as it should be.
        Bad = "bad" / "不符合",
        /// It does not apply.
        Without = "without" / "不适用",
    }
);

/// 检查表: parameters of the topic `review_checklist`; a rule selects on `list`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistRule {
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// What is drawn.
    pub population: Population,
    /// Percent of the records that are drawn.
    pub sample_percent: u32,
    /// So many at least, where there are so many.
    pub sample_least: u32,
    /// So many at most.
    pub sample_most: u32,
    /// Working days to look at them.
    pub working_days: u32,
    /// What is looked at.
    pub items: Vec<ListItem>,
}

/// 检查项
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListItem {
    /// Stable code within the list.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// How bad it is when it is not so.
    pub severity: Severity,
}

impl ChecklistRule {
    /// Topic of the rules.
    pub const TOPIC: &str = "review_checklist";

    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if rule.when.get("list").is_none_or(|lists| lists.len() != 1) {
            return Err("a checklist has one `list`".to_owned());
        }
        if params.sample_percent > 100 || params.sample_least > params.sample_most || params.sample_most == 0
        {
            return Err("a sample has a size: percent, and from least to most".to_owned());
        }
        if params.working_days == 0 {
            return Err("there is at least one working day to look".to_owned());
        }
        let codes: BTreeSet<&str> = params.items.iter().map(|item| item.code.as_str()).collect();
        if params.items.is_empty() || codes.len() != params.items.len() {
            return Err("items have codes of their own, and there is one at least".to_owned());
        }
        Ok(())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> Bilingual {
        Bilingual::new(&self.zh, &self.en)
    }

    /// An item by its code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&ListItem> {
        self.items.iter().find(|item| item.code == code)
    }
}

/// 样本单元: a record that may be drawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// The unit of the organisation: the stratum.
    pub org_id: i64,
    /// The account, 0 for none.
    pub account_id: i64,
    /// The record, such as `bill:3`.
    pub about: String,
    /// Staff code of who did it, when that is known.
    pub person: Option<String>,
}

/// How many are drawn of so many.
#[must_use]
pub fn sample_size(rule: &ChecklistRule, whole: usize) -> usize {
    let share = (whole * rule.sample_percent as usize).div_ceil(100);
    share.clamp(rule.sample_least as usize, rule.sample_most as usize).min(whole)
}

/// 分层配额: so many of each stratum, in proportion, at least one of each as far as the sample goes; what is left over goes to the
/// largest remainders. The quotas come to the size.
#[must_use]
pub fn quotas(strata: &BTreeMap<i64, usize>, size: usize) -> BTreeMap<i64, usize> {
    let whole: usize = strata.values().sum();
    let size = size.min(whole);
    let mut quotas: BTreeMap<i64, usize> = strata.keys().map(|org| (*org, 0)).collect();
    if whole == 0 {
        return quotas;
    }
    // One of each first, the largest strata before the others.
    let mut by_size: Vec<(i64, usize)> = strata.iter().map(|(org, count)| (*org, *count)).collect();
    by_size.sort_by_key(|(org, count)| (usize::MAX - count, *org));
    let mut left = size;
    for (org, count) in &by_size {
        if left > 0 && *count > 0 {
            quotas.insert(*org, 1);
            left -= 1;
        }
    }
    // Then in proportion: who is furthest behind his share gets the next.
    while left > 0 {
        let behind = |org: i64, count: usize| {
            let has = quotas.get(&org).copied().unwrap_or(0);
            (has < count).then(|| (count * size) as i128 - (has * whole) as i128)
        };
        let next = by_size
            .iter()
            .filter_map(|(org, count)| behind(*org, *count).map(|gap| (gap, *org)))
            .max_by_key(|(gap, org)| (*gap, -*org));
        let Some((_, org)) = next else { break };
        *quotas.entry(org).or_default() += 1;
        left -= 1;
    }
    quotas
}

/// The place of a record in the order of a seed: evenly scattered, the same for the same seed on every machine.
#[must_use]
pub fn draw_rank(seed: i64, unit: &Unit) -> i64 {
    let mut state = seed.cast_unsigned() ^ 0x9e37_79b9_7f4a_7c15;
    let mut take = |value: u64| {
        state = mixed(state.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ value);
    };
    take(unit.org_id.cast_unsigned());
    take(unit.account_id.cast_unsigned());
    for byte in unit.about.bytes() {
        take(u64::from(byte));
    }
    // A positive number: both databases keep it.
    (state >> 1).cast_signed()
}

/// The finaliser of SplitMix64: every bit of the value moves half of the result's.
const fn mixed(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// 抽样: draws a sample in strata; the records come back in order of stratum and place.
#[must_use]
pub fn draw(seed: i64, units: &[Unit], size: usize) -> Vec<Unit> {
    let mut strata: BTreeMap<i64, Vec<(i64, &Unit)>> = BTreeMap::new();
    for unit in units {
        strata.entry(unit.org_id).or_default().push((draw_rank(seed, unit), unit));
    }
    let counts = strata.iter().map(|(org, units)| (*org, units.len())).collect();
    let quotas = quotas(&counts, size);
    let mut drawn = Vec::new();
    for (org, mut ranked) in strata {
        ranked.sort();
        let quota = quotas.get(&org).copied().unwrap_or(0);
        drawn.extend(ranked.into_iter().take(quota).map(|(_, unit)| unit.clone()));
    }
    drawn
}
