//! 分解: a target is shared out over units, teams and people.

use super::house::House;
use super::records::{segments_of, usual_rates};
use super::refusal::TargetRefusal;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::targets::{
    Method, Node, Period, SEGMENT_TOPIC, SegmentRule, TargetState, TreeRefusal, decompose, expected,
};
use denghuo_rules::units::Money;
use denghuo_store::targets::{self as store, NodeRow, TargetRow};
use denghuo_store::{Conn, audit};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// 分解单: what is to be shared out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOrder {
    /// For which period.
    pub period: Period,
    /// Code of the unit at the root.
    pub unit: String,
    /// How much is to be recovered.
    pub amount: Money,
    /// By what.
    pub method: Method,
    /// Weights by the code of a unit, or by unit and person as `P01/S003`; nobody's: `P01/-`.
    pub weights: BTreeMap<String, i64>,
}

/// Shares a target out, as a draft that a second person confirms. A draft that is there is made anew.
///
/// # Errors
/// A [`TargetRefusal`] or [`TreeRefusal`], no manager, a missing rule, or the database's.
pub fn target_plan(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &PlanOrder,
    on: Date,
) -> Result<TargetRow, OfficeError> {
    work.check_date(on)?;
    work.check_date(order.period.last_day())?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        let house = House::on(conn, on)?;
        let root = house.unit(&order.unit)?.org_id;
        let there = store::target_of(conn, order.period, root)?;
        if let Some(there) = there.as_ref().filter(|there| there.state != TargetState::Draft) {
            return Err(OfficeError::refuse(TargetRefusal::Exists(order.period, there.target_no)));
        }
        let target_no = match &there {
            Some(there) => there.target_no,
            None => store::next_target_no(conn)?,
        };
        let (weights, rules) = leaf_weights(conn, work, &house, order, on)?;
        let mut tree =
            Tree { house: &house, order, weights: &weights, nodes: Vec::new(), used: BTreeSet::new() };
        let whole = tree.grow(root, None, &mut BTreeSet::new())?;
        if whole.is_none() {
            return Err(OfficeError::refuse(TargetRefusal::NoAccounts(order.unit.clone())));
        }
        if let Some(key) = order.weights.keys().find(|key| !tree.used.contains(*key)) {
            return Err(OfficeError::refuse(TargetRefusal::UnknownWeight(key.clone())));
        }
        let nodes = tree.rows(target_no, work, on)?;
        let row = TargetRow {
            target_no,
            period: order.period,
            org_id: root,
            method: order.method,
            amount: order.amount,
            state: TargetState::Draft,
            made_by: work.by.clone(),
            made_on: on,
            confirmed_by: None,
            confirmed_on: None,
            closed_on: None,
            rules,
        };
        store::save_target(conn, &row)?;
        store::drop_nodes(conn, target_no)?;
        store::save_nodes(conn, &nodes)?;
        let after = format!("{} {} {} {}", order.period, order.unit, order.method.word(), order.amount);
        mark(conn, work, (target_no, "target.plan"), (None, &after), on)?;
        Ok(row)
    })
}

/// A line of the audit log about a target.
pub(super) fn mark(
    conn: &mut Conn,
    work: &Work<'_>,
    (target_no, action): (i64, &str),
    (before, after): (Option<&str>, &str),
    on: Date,
) -> Result<(), OfficeError> {
    audit::mark(
        conn,
        &audit::Mark {
            account_id: 0,
            happened_on: on,
            subject: &format!("target:{target_no}"),
            action,
            who: &work.by,
            before,
            after: Some(after),
            recorded_at: work.now,
        },
    )?;
    Ok(())
}

/// Unit and person (or nobody): a leaf of the tree.
type Leaf = (i64, Option<i64>);

/// The weight of every leaf, with the ids of the rules.
fn leaf_weights(
    conn: &mut Conn,
    work: &Work<'_>,
    house: &House,
    order: &PlanOrder,
    on: Date,
) -> Result<(BTreeMap<Leaf, i64>, String), OfficeError> {
    let mut weights: BTreeMap<Leaf, i64> = BTreeMap::new();
    let portfolios = store::portfolios(conn, on)?;
    if order.method == Method::Weights {
        for ((org_id, route_id), accounts) in portfolios {
            *weights.entry((org_id, house.owner(route_id))).or_default() += accounts;
        }
        return Ok((weights, String::new()));
    }
    // What can be expected is seen in the last month that has ended.
    let last = Month::of(on).plus(-1);
    let base = Period::month(last);
    let picked = work.book.pick::<SegmentRule>(SEGMENT_TOPIC, &work.site, last.last_day())?;
    let rates = usual_rates(conn, &picked.params, base)?;
    let sums = segments_of(conn, &picked.params, base)?;
    for ((org_id, route_id), _) in &portfolios {
        let of_route = sums.iter().filter(|sum| sum.route_id == *route_id);
        *weights.entry((*org_id, house.owner(*route_id))).or_default() += expected(of_route, &rates).0;
    }
    Ok((weights, picked.rule.id.clone()))
}

struct Tree<'t> {
    house: &'t House,
    order: &'t PlanOrder,
    weights: &'t BTreeMap<Leaf, i64>,
    nodes: Vec<(Node, i64, Option<i64>, bool)>,
    used: BTreeSet<String>,
}

impl Tree<'_> {
    /// A unit with all that is below it; its weight, or nothing when it supplies nobody.
    fn grow(
        &mut self,
        org_id: i64,
        parent: Option<i64>,
        way: &mut BTreeSet<i64>,
    ) -> Result<Option<i64>, OfficeError> {
        if !way.insert(org_id) {
            return Err(OfficeError::refuse(TreeRefusal::Cycle(org_id)));
        }
        let at = self.nodes.len();
        let no = at as i64 + 1;
        self.nodes.push((Node { no, parent, weight: 0, fixed: None }, org_id, None, false));
        let mut sum = None;
        let below: Vec<i64> = self
            .house
            .units
            .iter()
            .filter(|unit| unit.parent_id == Some(org_id))
            .map(|unit| unit.org_id)
            .collect();
        for unit in below {
            if let Some(weight) = self.grow(unit, Some(no), way)? {
                sum = Some(sum.unwrap_or(0) + weight);
            }
        }
        let code = self.house.unit_of(org_id).map_or_else(String::new, |unit| unit.code.clone());
        let people: Vec<(Option<i64>, i64)> = self
            .weights
            .range((org_id, None)..=(org_id, Some(i64::MAX)))
            .map(|(leaf, w)| (leaf.1, *w))
            .collect();
        for (staff_id, weight) in people {
            let name = staff_id.map_or_else(|| "-".to_owned(), |staff_id| self.house.called(staff_id).0);
            let weight = self.given(&format!("{code}/{name}")).unwrap_or(weight);
            let leaf = Node { no: self.nodes.len() as i64 + 1, parent: Some(no), weight, fixed: None };
            self.nodes.push((leaf, org_id, staff_id, true));
            sum = Some(sum.unwrap_or(0) + weight);
        }
        way.remove(&org_id);
        match sum {
            None => {
                self.nodes.truncate(at);
                Ok(None)
            }
            Some(sum) => {
                let weight = self.given(&code).unwrap_or(sum);
                self.nodes[at].0.weight = weight;
                Ok(Some(weight))
            }
        }
    }

    fn given(&mut self, key: &str) -> Option<i64> {
        let weight = self.order.weights.get(key).copied()?;
        self.used.insert(key.to_owned());
        Some(weight)
    }

    fn rows(self, target_no: i64, work: &Work<'_>, on: Date) -> Result<Vec<NodeRow>, OfficeError> {
        let nodes: Vec<Node> = self.nodes.iter().map(|(node, ..)| *node).collect();
        let amounts = decompose(&nodes, self.order.amount).map_err(OfficeError::refuse)?;
        let row = |(node, org_id, staff_id, is_person): (Node, i64, Option<i64>, bool)| NodeRow {
            target_no,
            node_no: node.no,
            parent_no: node.parent,
            org_id,
            staff_id,
            is_person,
            weight: node.weight,
            amount: amounts.get(&node.no).copied().unwrap_or_default(),
            fixed: false,
            reason: String::new(),
            changed_by: work.by.clone(),
            changed_on: on,
        };
        Ok(self.nodes.into_iter().map(row).collect())
    }
}
