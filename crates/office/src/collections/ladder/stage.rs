//! 催费 (stage `dun`): the accounts whose ladder is to be looked at today.

use super::ask::{self, Asked};
use super::facts::{Ladders, debtors_due};
use crate::day::Stage;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::collections::ladder::{Climb, Ladder, OpenDebt, StepChange};
use denghuo_rules::derivation::Silent;
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
    pub(super) parked: Vec<(i64, String)>,
}

impl DunDecision {
    /// How many accounts were looked at.
    #[must_use]
    pub fn due(&self) -> i64 {
        self.due
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
        debtors_due(conn, range, self.on)?.try_each(|debtor| {
            decision.due += 1;
            let rules = self.ladders.of(&debtor, self.on)?;
            match debtor.climb(self.work, rules, self.on, &mut Silent) {
                Ok(climb) => {
                    let held = |debt: &OpenDebt| {
                        debtor.facts.holds.iter().any(|hold| hold.covers(debt.bill_no, self.on))
                    };
                    let overdue =
                        debtor.facts.debts.iter().filter(|debt| debt.due_on < self.on && !held(debt));
                    let climbed = climbed(debtor.row, climb, rules, overdue.copied().collect(), self.on);
                    decision.climbed.extend(climbed);
                }
                Err(missing) => decision.parked.push((debtor.row.account_id, missing.to_string())),
            }
            Ok::<_, OfficeError>(())
        })?;
        Ok(decision)
    }

    fn write(&self, conn: &mut Conn, mut decision: DunDecision) -> Result<Counts, OfficeError> {
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

/// What is to be written of an account; nothing when it stays as it is.
fn climbed(
    row: &LadderRow,
    climb: Climb,
    rules: &Ladder,
    overdue: Vec<OpenDebt>,
    on: Date,
) -> Option<Climbed> {
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
    Some(Climbed { row: after, changes: changes.collect(), asked, overdue })
}
