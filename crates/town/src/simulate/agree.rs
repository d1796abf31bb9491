//! 约定与暂缓: promises, plans, disputes and insolvencies of a town's debtors.

use super::fate::Fate;
use super::recovery::{Recovery, tried};
use crate::crew::Tally;
use crate::error::TownError;
use denghuo_office::collections::{HoldOrder, PlanOrder, hold_set, plan_make, plans_of};
use denghuo_office::legal::{NewInsolvency, insolvency_note};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::collections::plan::{PlanKind, PlanPart, PlanState};
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use jiff::civil::Date;

/// Days overdue after which debtors begin to talk.
const TALKS_AFTER: i64 = 12;

impl Recovery<'_, '_> {
    /// What debtors agree on and pay on a day.
    ///
    /// # Errors
    /// The database's, or a missing rule.
    pub(super) fn agree(&mut self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        let fates: Vec<(i64, Fate)> = self.fates.iter().map(|(id, fate)| (*id, *fate)).collect();
        let left = self.left(on);
        for (account_id, fate) in fates {
            match fate {
                Fate::PromiseKept | Fate::PromiseBroken => {
                    self.once(conn, (account_id, on), PlanKind::Promise, true, tally)?;
                }
                Fate::PlanKept | Fate::PlanBroken => {
                    self.once(conn, (account_id, on), PlanKind::Plan, true, tally)?;
                }
                Fate::PromiseRuns => {
                    self.once(conn, (account_id, on), PlanKind::Promise, left == 3, tally)?;
                }
                Fate::PlanRuns => self.once(conn, (account_id, on), PlanKind::Plan, left == 10, tally)?,
                Fate::Disputes if left == 8 => {
                    self.hold(conn, (account_id, on), HoldKind::Dispute, "对电量有异议", tally)?;
                }
                Fate::Doubted if left == 6 => {
                    self.hold(conn, (account_id, on), HoldKind::SuspectedReading, "现场复核示数", tally)?;
                }
                Fate::Complains if left == 1 => {
                    self.hold(conn, (account_id, on), HoldKind::Complaint, "95598投诉未结", tally)?;
                }
                Fate::Insolvent if left == 20 => self.insolvent(conn, account_id, on, tally)?,
                _ => {}
            }
            if matches!(fate, Fate::PromiseKept | Fate::PlanKept | Fate::PlanBroken | Fate::PlanRuns) {
                self.keeps(conn, (account_id, fate), on, tally)?;
            }
        }
        Ok(())
    }

    fn once(
        &mut self,
        conn: &mut Conn,
        (account_id, on): (i64, Date),
        kind: PlanKind,
        now: bool,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        if !now || self.agreed.contains(&account_id) {
            return Ok(());
        }
        let owed = self.overdue(conn, account_id, on, TALKS_AFTER)?;
        let total: Money = owed.iter().map(|(_, open)| *open).sum();
        if total < Money::yuan(2) {
            return Ok(());
        }
        self.agreed.insert(account_id);
        let half = Money(total.0 / 2);
        let part = |days, amount| PlanPart { due_on: plus_days(on, days), amount };
        let parts = match kind {
            PlanKind::Promise => vec![part(10, total)],
            PlanKind::Plan => vec![part(7, half), part(28, total - half)],
        };
        let order = PlanOrder {
            account_id,
            kind,
            bills: owed.iter().map(|(bill_no, _)| *bill_no).collect(),
            parts,
            agreed_how: if kind == PlanKind::Plan { "written" } else { "phone" }.to_owned(),
            approved_by: (kind == PlanKind::Plan).then(|| self.till.crew.manager.clone()),
            evidence_no: None,
        };
        let made = plan_make(conn, &self.work(&self.collector, on), &order, on);
        tried(made, &format!("agreed:{}", kind.word()), tally)?;
        Ok(())
    }

    /// Pays what falls due: the whole of a promise or plan, or its first part only.
    fn keeps(
        &self,
        conn: &mut Conn,
        (account_id, fate): (i64, Fate),
        on: Date,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        if !self.agreed.contains(&account_id) {
            return Ok(());
        }
        for plan in plans_of(conn, account_id)? {
            if plan.row.state != PlanState::Running {
                continue;
            }
            let at = plan.parts.iter().position(|part| part.due_on == on);
            if let Some(at) = at.filter(|at| *at == 0 || fate != Fate::PlanBroken) {
                self.pays(conn, account_id, plan.parts[at].amount, on.at(9, 0, 0, 0), tally)?;
            }
        }
        Ok(())
    }

    fn hold(
        &self,
        conn: &mut Conn,
        (account_id, on): (i64, Date),
        kind: HoldKind,
        reason: &str,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let overdue = self.overdue(conn, account_id, on, 1)?;
        let Some((bill_no, _)) = overdue.first() else { return Ok(()) };
        let order = HoldOrder {
            account_id,
            kind,
            bill_no: if kind == HoldKind::Dispute { *bill_no } else { 0 },
            until_on: None,
            reason: reason.to_owned(),
            source: format!("95598-{account_id}"),
        };
        let set = hold_set(conn, &self.work(&self.till.crew.verifier, on), &order, on);
        tried(set, &format!("hold:{}", kind.word()), tally)?;
        Ok(())
    }

    fn insolvent(
        &self,
        conn: &mut Conn,
        account_id: i64,
        on: Date,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let new = NewInsolvency {
            accepted_on: plus_days(on, -3),
            claims_until: None,
            court: "灯火县人民法院".to_owned(),
            administrator: Some("管理人".to_owned()),
            evidence_no: None,
        };
        tried(insolvency_note(conn, &self.work(&self.legal, on), account_id, &new, on), "insolvency", tally)?;
        Ok(())
    }
}
