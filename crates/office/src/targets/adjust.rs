//! 调整与下达: a share is set by hand or agreed to, the rest is shared anew; a second person puts the target in force.

use super::plan::mark;
use super::refusal::TargetRefusal;
use crate::access;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::targets::{Node, TargetState, decompose};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::targets::{self as store, NodeRow, TargetRow};
use jiff::civil::Date;

/// Characters of a reason at most.
const REASON_MOST: usize = 500;

/// 调整单: what is to become of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdjustOrder {
    /// The amount that it gets; as it is when not given.
    pub amount: Option<Money>,
    /// Does it stay from now on when others are corrected? An amount that is given stays unless this says no.
    pub fixed: Option<bool>,
    /// Why.
    pub reason: String,
}

/// Sets a node by hand or agrees to it, and shares what is open anew: its siblings and what is below them and it.
///
/// # Errors
/// A [`TargetRefusal`], what is fixed does not fit, no manager, or the database's.
pub fn target_adjust(
    conn: &mut Conn,
    work: &Work<'_>,
    (target_no, node_no): (i64, i64),
    order: &AdjustOrder,
    on: Date,
) -> Result<Vec<NodeRow>, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        let target = open_target(conn, target_no)?;
        let before = store::nodes(conn, target_no)?;
        let mut nodes = before.clone();
        let node = nodes
            .iter_mut()
            .find(|node| node.node_no == node_no)
            .ok_or_else(|| OfficeError::refuse(TargetRefusal::UnknownNode(node_no)))?;
        check(node, order).map_err(OfficeError::refuse)?;
        let told = format!("{} {}", node.amount, if node.fixed { "fixed" } else { "open" });
        node.amount = order.amount.unwrap_or(node.amount);
        node.fixed = order.fixed.unwrap_or(node.fixed || order.amount.is_some());
        order.reason.trim().clone_into(&mut node.reason);
        let became = format!("{} {} {}", node.amount, if node.fixed { "fixed" } else { "open" }, node.reason);
        // The amount that is given counts in this sharing out even where it does not stay.
        let asked: Vec<Node> = nodes
            .iter()
            .map(|row| Node {
                no: row.node_no,
                parent: row.parent_no,
                weight: row.weight,
                fixed: (row.fixed || (row.node_no == node_no && order.amount.is_some()))
                    .then_some(row.amount),
            })
            .collect();
        let amounts = decompose(&asked, target.amount).map_err(OfficeError::refuse)?;
        for row in &mut nodes {
            row.amount = amounts.get(&row.node_no).copied().unwrap_or_default();
        }
        let mut changed = Vec::new();
        for (row, old) in nodes.iter_mut().zip(&before) {
            if row != old {
                row.changed_by.clone_from(&work.by);
                row.changed_on = on;
                changed.push(row.clone());
            }
        }
        store::save_nodes(conn, &changed)?;
        let subject = format!("{node_no}: {told}");
        mark(
            conn,
            work,
            (target_no, "target.adjust"),
            (Some(&subject), &format!("{node_no}: {became}")),
            on,
        )?;
        Ok(changed)
    })
}

fn check(node: &NodeRow, order: &AdjustOrder) -> Result<(), TargetRefusal> {
    if node.parent_no.is_none() {
        return Err(TargetRefusal::Root);
    }
    if order.amount.is_none_or(|amount| amount == node.amount)
        && order.fixed.is_none_or(|fixed| fixed == node.fixed)
    {
        return Err(TargetRefusal::NothingAsked);
    }
    if let Some(amount) = order.amount.filter(|amount| *amount < Money::ZERO) {
        return Err(TargetRefusal::Negative(amount));
    }
    let said = order.reason.trim().chars().count();
    if (order.amount.is_some() && said == 0) || said > REASON_MOST {
        return Err(TargetRefusal::NoReason);
    }
    Ok(())
}

/// A target whose period is not closed.
fn open_target(conn: &mut Conn, target_no: i64) -> Result<TargetRow, OfficeError> {
    let target = store::target(conn, target_no)?
        .ok_or_else(|| OfficeError::refuse(TargetRefusal::Unknown(target_no)))?;
    match target.state {
        TargetState::Closed => Err(OfficeError::refuse(TargetRefusal::Closed(target.period))),
        _ => Ok(target),
    }
}

/// Puts a draft in force; somebody other than who made it does so.
///
/// # Errors
/// A [`TargetRefusal`], no manager, or the database's.
pub fn target_confirm(
    conn: &mut Conn,
    work: &Work<'_>,
    target_no: i64,
    on: Date,
) -> Result<TargetRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::approval_level(conn, &work.by, on)?;
        let mut target = open_target(conn, target_no)?;
        if target.state != TargetState::Draft {
            return Err(OfficeError::refuse(TargetRefusal::NotDraft));
        }
        if target.made_by == work.by {
            return Err(OfficeError::refuse(TargetRefusal::SamePerson(target.made_by)));
        }
        target.state = TargetState::Confirmed;
        target.confirmed_by = Some(work.by.clone());
        target.confirmed_on = Some(on);
        store::save_target(conn, &target)?;
        mark(conn, work, (target_no, "target.confirm"), (Some("draft"), "confirmed"), on)?;
        Ok(target)
    })
}
