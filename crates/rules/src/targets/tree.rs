//! 指标分解: an amount is shared out over a tree, so that the children of a node come to it, to the fen.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::words;
use crate::units::Money;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

words!(
    /// 分解办法: what the shares of a target are measured by.
    Method {
        /// By given weights; where none is given, by the number of accounts.
        Weights = "weights" / "按权重",
        /// By what can be expected to be recovered: receivable by segment times the usual rate of the segment.
        Expected = "expected" / "按预期回收",
    }
);

words!(
    /// 指标状态
    TargetState {
        /// Made, not yet agreed to by a second person.
        Draft = "draft" / "待确认",
        /// In force.
        Confirmed = "confirmed" / "已下达",
        /// The period is over and its figures are kept.
        Closed = "closed" / "已结账",
    }
);

/// 指标节点: a unit or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its number.
    pub no: i64,
    /// The node above; none for the root.
    pub parent: Option<i64>,
    /// Its share among its siblings.
    pub weight: i64,
    /// Set by hand or agreed to: it stays as it is.
    pub fixed: Option<Money>,
}

/// Why an amount is not shared out; checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeRefusal {
    /// There is no root, or more than one.
    Roots(usize),
    /// Two nodes have one number.
    Twice(i64),
    /// The node above is not there.
    Orphan(i64),
    /// It stands below itself.
    Cycle(i64),
    /// A weight is negative.
    NegativeWeight(i64),
    /// The amount, or one that is fixed, is negative.
    NegativeAmount(Money),
    /// What is fixed below a node is more than the node has.
    FixedTooMuch(i64, Money, Money),
    /// Everything below a node is fixed, and it does not come to the node.
    NothingOpen(i64, Money, Money),
    /// What is open below a node has no weight.
    NoWeight(i64),
}

impl Refuse for TreeRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Roots(_) => "target.roots",
            Self::Twice(_) => "target.twice",
            Self::Orphan(_) => "target.orphan",
            Self::Cycle(_) => "target.cycle",
            Self::NegativeWeight(_) => "target.negative_weight",
            Self::NegativeAmount(_) => "target.negative_amount",
            Self::FixedTooMuch(..) => "target.fixed_too_much",
            Self::NothingOpen(..) => "target.nothing_open",
            Self::NoWeight(_) => "target.no_weight",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Roots(count) => Bilingual::new(
                format!("指标树须有且只有一个根节点,现有{count}个"),
                format!("a tree of targets has one root, this one has {count}"),
            ),
            Self::Twice(no) => {
                Bilingual::new(format!("节点{no}重复"), format!("node {no} is there more than once"))
            }
            Self::Orphan(no) => Bilingual::new(
                format!("节点{no}的上级不存在"),
                format!("what stands above node {no} is not there"),
            ),
            Self::Cycle(no) => {
                Bilingual::new(format!("节点{no}的上级成环"), format!("node {no} stands below itself"))
            }
            Self::NegativeWeight(no) => {
                Bilingual::new(format!("节点{no}的权重为负"), format!("the weight of node {no} is negative"))
            }
            Self::NegativeAmount(amount) => Bilingual::new(
                format!("指标不能为负:{amount}元"),
                format!("a target is not negative: {amount} yuan"),
            ),
            Self::FixedTooMuch(no, fixed, amount) => Bilingual::new(
                format!("节点{no}下已定的指标合计{fixed}元,超过其指标{amount}元"),
                format!("what is fixed below node {no} comes to {fixed} yuan, more than its {amount} yuan"),
            ),
            Self::NothingOpen(no, fixed, amount) => Bilingual::new(
                format!("节点{no}的下级均已固定,合计{fixed}元,与其指标{amount}元不符"),
                format!(
                    "everything below node {no} is fixed and comes to {fixed} yuan, not to its {amount} yuan"
                ),
            ),
            Self::NoWeight(no) => Bilingual::new(
                format!("节点{no}下未定部分的权重合计为零,无法分解"),
                format!("what is open below node {no} has no weight, so nothing can be shared out"),
            ),
        }
    }
}

/// Shares an amount by weights, largest remainder first, the earlier one at equal remainders; none when there is something to share and the
/// weights come to nothing. Weights and amount are not negative.
#[must_use]
pub fn shared(amount: Money, weights: &[i64]) -> Option<Vec<Money>> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if amount.is_zero() {
        return Some(vec![Money::ZERO; weights.len()]);
    }
    if whole == 0 {
        return None;
    }
    let products: Vec<i128> =
        weights.iter().map(|weight| i128::from(amount.0) * i128::from(*weight)).collect();
    let mut parts: Vec<i64> =
        products.iter().map(|product| i64::try_from(product / whole).unwrap_or(i64::MAX)).collect();
    let mut left = amount.0 - parts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| (-(products[*at] % whole), *at));
    for at in order {
        if left == 0 {
            break;
        }
        parts[at] += 1;
        left -= 1;
    }
    Some(parts.into_iter().map(Money).collect())
}

/// Shares a total out from the root down. What is fixed stays; what is open shares the rest by weight, siblings in the order in which
/// they are given. The root's own weight says nothing.
///
/// # Errors
/// The tree is none, or what is fixed does not fit.
pub fn decompose(nodes: &[Node], total: Money) -> Result<BTreeMap<i64, Money>, TreeRefusal> {
    let root = check(nodes, total)?;
    let mut children: BTreeMap<i64, Vec<&Node>> = BTreeMap::new();
    for node in nodes {
        if let Some(parent) = node.parent {
            children.entry(parent).or_default().push(node);
        }
    }
    let mut amounts = BTreeMap::from([(root, total)]);
    let mut open = vec![root];
    while let Some(no) = open.pop() {
        let Some(below) = children.get(&no) else { continue };
        let amount = amounts.get(&no).copied().unwrap_or_default();
        for (child, part) in below.iter().zip(share_below(no, below, amount)?) {
            amounts.insert(child.no, part);
            open.push(child.no);
        }
    }
    Ok(amounts)
}

fn share_below(no: i64, below: &[&Node], amount: Money) -> Result<Vec<Money>, TreeRefusal> {
    let fixed: Money = below.iter().filter_map(|node| node.fixed).sum();
    if fixed > amount {
        return Err(TreeRefusal::FixedTooMuch(no, fixed, amount));
    }
    let weights: Vec<i64> =
        below.iter().filter(|node| node.fixed.is_none()).map(|node| node.weight).collect();
    if weights.is_empty() && fixed != amount {
        return Err(TreeRefusal::NothingOpen(no, fixed, amount));
    }
    let mut parts = shared(amount - fixed, &weights).ok_or(TreeRefusal::NoWeight(no))?.into_iter();
    Ok(below.iter().map(|node| node.fixed.or_else(|| parts.next()).unwrap_or_default()).collect())
}

/// The root of a sound tree.
fn check(nodes: &[Node], total: Money) -> Result<i64, TreeRefusal> {
    let mut above: BTreeMap<i64, Option<i64>> = BTreeMap::new();
    for node in nodes {
        if above.insert(node.no, node.parent).is_some() {
            return Err(TreeRefusal::Twice(node.no));
        }
    }
    if let Some(node) = nodes.iter().find(|node| node.parent.is_some_and(|no| !above.contains_key(&no))) {
        return Err(TreeRefusal::Orphan(node.no));
    }
    let mut sound: BTreeSet<i64> = BTreeSet::new();
    for node in nodes {
        let mut way = BTreeSet::new();
        let mut at = Some(node.no);
        while let Some(no) = at.filter(|no| !sound.contains(no)) {
            if !way.insert(no) {
                return Err(TreeRefusal::Cycle(no));
            }
            at = above.get(&no).copied().flatten();
        }
        sound.extend(way);
    }
    let roots: Vec<i64> = nodes.iter().filter(|node| node.parent.is_none()).map(|node| node.no).collect();
    let [root] = roots[..] else { return Err(TreeRefusal::Roots(roots.len())) };
    if let Some(node) = nodes.iter().find(|node| node.weight < 0) {
        return Err(TreeRefusal::NegativeWeight(node.no));
    }
    let negative =
        nodes.iter().filter_map(|node| node.fixed).chain([total]).find(|amount| *amount < Money::ZERO);
    match negative {
        Some(amount) => Err(TreeRefusal::NegativeAmount(amount)),
        None => Ok(root),
    }
}
