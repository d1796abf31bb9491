//! 催费 (stage `dun`): the accounts whose ladder is to be looked at today.

use super::ask::{self, Asked};
use super::facts::{Ladders, debtors_due};
use crate::collections::FeeBook;
use crate::collections::plan::{self, Watched};
use crate::day::Stage;
use crate::error::OfficeError;
use crate::ledger::{Books, save};
use crate::work::Work;
use denghuo_rules::collections::hold::HoldKind;
use denghuo_rules::collections::ladder::{Climb, Ladder, OpenDebt, StepChange};
use denghuo_rules::collections::plan::PlanState;
use denghuo_rules::derivation::{Bilingual, Silent};
use denghuo_store::Conn;
use denghuo_store::collections::{self, LadderRow, NEVER};
use denghuo_store::day::{Counts, Range};
use jiff::civil::Date;

/// 催费: walks every debtor whose day has come.
pub struct DunStage<'w> {
    work: &'w Work<'w>,
    on: Date,
    ladders: Ladders,
}

impl<'w> DunStage<'w> {
    /// The stage of a day.
    ///
    /// # Errors
    /// The book lacks a ladder.
    pub fn new(work: &'w Work<'w>, on: Date) -> Result<Self, OfficeError> {
        Ok(Self { work, on, ladders: Ladders::on(work, on)? })
    }
}

/// 攀登: what an account's ladder came to, as it is to be written.
#[derive(Clone, Debug)]
pub(super) struct Climbed {
    /// Its ladder after the look.
    pub row: LadderRow,
    /// What changes, each step with the ids of its rules.
    pub changes: Vec<(StepChange, String)>,
    /// Notices and tasks that are asked for.
    pub asked: Vec<Asked>,
    /// Overdue debts that nothing holds: what a demand tells.
    pub overdue: Vec<OpenDebt>,
}

/// What the ladders of a shard came to.
#[derive(Clone, Debug, Default)]
pub struct DunDecision {
    due: i64,
    pub(super) climbed: Vec<Climbed>,
    /// Accounts that cannot be decided, with the reason.
    pub(super) parked: Vec<(i64, Bilingual)>,
    /// Running plans, and what became of them.
    plans: Vec<Watched>,
    /// Insolvent accounts, whose late fees have stopped.
    insolvent: Vec<i64>,
}

impl DunDecision {
    /// How many accounts were looked at.
    #[must_use]
    pub fn due(&self) -> i64 {
        self.due
    }

    /// Is a notice to a customer asked for?
    pub(super) fn asks_for_notice(&self) -> bool {
        self.climbed.iter().any(|climbed| climbed.asked.iter().any(Asked::is_notice))
    }

    /// How many steps change.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.climbed.iter().map(|climbed| climbed.changes.len()).sum()
    }
}

impl Stage for DunStage<'_> {
    type Decision = DunDecision;

    fn name(&self) -> &'static str {
        "dun"
    }

    fn plan(&self, conn: &mut Conn, shard: usize) -> Result<Vec<Range>, OfficeError> {
        let since = collections::last_dun(conn, self.on)?;
        collections::ladder_touch_all(conn, since, self.on, self.ladders.lead())?;
        Ok(collections::ladder_ranges(conn, self.on, shard)?)
    }

    fn decide(&self, conn: &mut Conn, range: Range) -> Result<DunDecision, OfficeError> {
        let mut decision = DunDecision::default();
        let mut debtors = debtors_due(conn, range, self.on)?;
        decision.plans = plan::watch(conn, self.work, range, self.on)?;
        decision.plans.retain(|plan| debtors.has(plan.row.account_id));
        for plan in decision.plans.iter().filter(|plan| plan.state != PlanState::Running) {
            debtors.end_hold(plan.row.account_id, plan.row.hold_no, self.on);
        }
        debtors.try_each(|debtor| {
            decision.due += 1;
            let account_id = debtor.row.account_id;
            if debtor.facts.holds.iter().any(|hold| hold.kind == HoldKind::Bankruptcy) {
                decision.insolvent.push(account_id);
            }
            let rules = self.ladders.of(&debtor, self.on)?;
            match debtor.climb(self.work, rules, self.on, &mut Silent) {
                Ok(mut climb) => {
                    let plans = decision.plans.iter().filter(|plan| plan.row.account_id == account_id);
                    climb.next_on = plans.filter_map(|plan| plan.next_on).chain(climb.next_on).min();
                    let held = |debt: &OpenDebt| {
                        debtor.facts.holds.iter().any(|hold| hold.covers(debt.bill_no, self.on))
                    };
                    let overdue =
                        debtor.facts.debts.iter().filter(|debt| debt.due_on < self.on && !held(debt));
                    let climbed = climbed(debtor.row, climb, rules, overdue.copied().collect(), self.on);
                    decision.climbed.push(climbed);
                }
                Err(missing) => decision.parked.push((debtor.row.account_id, missing.text())),
            }
            Ok::<_, OfficeError>(())
        })?;
        Ok(decision)
    }

    fn write(&self, conn: &mut Conn, mut decision: DunDecision) -> Result<Counts, OfficeError> {
        // What the shards of a killed run have ended is ended: a plan is settled with the ladder of its account.
        plan::settle(conn, self.work, std::mem::take(&mut decision.plans), self.on)?;
        stop_fees(conn, self.work, &decision.insolvent, self.on)?;
        ask::carry_out(conn, self.work, &mut decision, self.on)?;
        let (mut rows, mut steps) = (Vec::new(), Vec::new());
        for climbed in decision.climbed {
            let account_id = climbed.row.account_id;
            steps.extend(climbed.changes.into_iter().map(|(change, rules)| collections::StepRow {
                account_id,
                step: change.step,
                rules,
            }));
            rows.push(climbed.row);
        }
        collections::save_steps(conn, &steps)?;
        collections::save_ladders(conn, &rows)?;
        let parked = decision.parked.len() as i64;
        Ok(Counts { due: decision.due, done: decision.due - parked, parked, amount_fen: 0 })
    }
}

/// What is to be written of an account.
fn climbed(row: &LadderRow, climb: Climb, rules: &Ladder, overdue: Vec<OpenDebt>, on: Date) -> Climbed {
    let stands_on =
        climb.stands_on.map_or_else(String::new, |(kind, bill_no)| format!("{}:{bill_no}", kind.word()));
    let changed = !climb.changes.is_empty() || stands_on != row.stands_on;
    let after = LadderRow {
        next_on: climb.next_on.unwrap_or(NEVER),
        stands_on,
        changed_on: if changed { on } else { row.changed_on },
        ..row.clone()
    };
    let asked = climb.changes.iter().filter_map(|change| Asked::of(change, rules)).collect();
    let changes = climb.changes.into_iter().map(|change| {
        let ids = rules.rules_of(&change.step);
        (change, ids)
    });
    Climbed { row: after, changes: changes.collect(), asked, overdue }
}

/// Late fees of insolvent accounts that were booked before the insolvency was known are set right.
fn stop_fees(conn: &mut Conn, work: &Work<'_>, accounts: &[i64], on: Date) -> Result<(), OfficeError> {
    if accounts.is_empty() {
        return Ok(());
    }
    let fees = FeeBook::of(work)?;
    let mut all = Books::lock_all(conn, accounts, on)?;
    for books in &mut all {
        for at in 0..books.debts.len() {
            if books.debts[at].fee.is_some() {
                books.accrue(work, &fees, at, on, on)?;
            }
        }
    }
    save(conn, work, all)
}
