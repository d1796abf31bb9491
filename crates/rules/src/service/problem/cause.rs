//! 原因线索: what the accounts of a problem have in common more often than accounts have it anyway.

use super::words::log2;
use crate::registry::words;
use serde::{Deserialize, Serialize};

words!(
    /// 线索维度
    Dimension {
        /// The line that feeds them.
        Feeder = "feeder" / "线路",
        /// The transformer district.
        District = "district" / "台区",
        /// The unit that serves them.
        Unit = "unit" / "供电所",
        /// Who reads their meters.
        Reader = "reader" / "抄表员",
        /// The route of the readings.
        Route = "route" / "抄表段",
        /// The price category.
        Category = "category" / "用电类别",
        /// Their terms changed on a day.
        TermsChange = "terms_change" / "价格条件变更",
        /// They had bills of one day's release.
        BillRun = "bill_run" / "账单发行批次",
        /// They were told something on one day.
        NoticeRun = "notice_run" / "通知批次",
    }
);

/// 线索规则
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseRule {
    /// Fewer accounts of the problem tell nothing.
    pub least: u32,
    /// Hundredths of its accounts that share it.
    pub share_percent: u32,
    /// Hundredths of the share among all accounts that this is.
    pub lift_percent: u32,
    /// Days before the first ticket in which a change or a notice counts.
    pub before_days: u16,
    /// Candidates that are named.
    pub most: usize,
}

/// 占比: how often something is shared, in the problem and among all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// What kind of thing.
    pub dimension: Dimension,
    /// Which.
    pub value: String,
    /// Accounts of the problem that share it.
    pub inside: i64,
    /// Accounts of the problem.
    pub inside_of: i64,
    /// Accounts that share it.
    pub all: i64,
    /// Accounts.
    pub all_of: i64,
}

/// 原因线索: a share that stands out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The counts.
    pub share: Share,
    /// Hundredths of the share among all that the share in the problem is.
    pub lift_percent: i64,
}

/// What stands out, the strongest first: by how many more share it than would by chance, times the bits of its lift.
#[must_use]
pub fn causes(shares: Vec<Share>, rule: &CauseRule) -> Vec<Cause> {
    let mut found: Vec<(u64, Cause)> = shares.into_iter().filter_map(|share| weighed(share, rule)).collect();
    found.sort_by(|(a, one), (b, other)| {
        let key = |cause: &Cause| (cause.share.dimension, cause.share.value.clone());
        b.cmp(a).then_with(|| key(one).cmp(&key(other)))
    });
    found.truncate(rule.most);
    found.into_iter().map(|(_, cause)| cause).collect()
}

fn weighed(share: Share, rule: &CauseRule) -> Option<(u64, Cause)> {
    let Share { inside, inside_of, all, all_of, .. } = share;
    if inside < i64::from(rule.least) || all <= 0 || inside_of <= 0 || all_of <= 0 {
        return None;
    }
    // Shares of i64 counts of accounts: their products fit into i128.
    let (over, under) = (i128::from(inside) * i128::from(all_of), i128::from(all) * i128::from(inside_of));
    let lift_percent = i64::try_from(over * 100 / under).unwrap_or(i64::MAX);
    let stands_out = inside * 100 >= inside_of * i64::from(rule.share_percent)
        && lift_percent >= i64::from(rule.lift_percent);
    if !stands_out {
        return None;
    }
    let by_chance = i128::from(inside_of) * i128::from(all) / i128::from(all_of);
    let surplus = u64::try_from(i128::from(inside) - by_chance).unwrap_or(0);
    let bits = log2(lift_percent.unsigned_abs(), 100);
    Some((surplus * bits, Cause { share, lift_percent }))
}
