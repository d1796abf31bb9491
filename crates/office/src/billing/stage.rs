//! The stage `bill` of the day.

use super::calculate::{BLOCKED, Billed, CheckBook, MISSING, Outcome, calculate};
use super::prices::PriceBook;
use super::shard::ShardLoad;
use crate::day::Stage;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::billing::BillDraft;
use denghuo_rules::refusal::Refusal;
use denghuo_store::Conn;
use denghuo_store::billing::{self, RuleSetRow};
use denghuo_store::day::{Counts, Range};
use denghuo_store::tasks::{self, NewTask};
use jiff::civil::Date;

/// 算费: calculates the bills of the accounts that were read.
pub struct BillStage<'w> {
    work: &'w Work<'w>,
    on: Date,
    checks: CheckBook,
}

impl<'w> BillStage<'w> {
    /// The stage of a day.
    ///
    /// # Errors
    /// The book lacks a rule of metering or verification on that day.
    pub fn new(work: &'w Work<'w>, on: Date) -> Result<Self, OfficeError> {
        Ok(Self { work, on, checks: CheckBook::load(work, on)? })
    }
}

/// The bills of a shard and the accounts that were parked.
pub struct BillDecision {
    range: Range,
    billed: Vec<Billed>,
    parked: i64,
    tasks: Vec<NewTask>,
    rule_sets: Vec<RuleSetRow>,
}

impl Stage for BillStage<'_> {
    type Decision = BillDecision;

    fn name(&self) -> &'static str {
        "bill"
    }

    fn plan(&self, conn: &mut Conn, shard: usize) -> Result<Vec<Range>, OfficeError> {
        Ok(billing::due_ranges(conn, self.on, shard)?)
    }

    fn decide(&self, conn: &mut Conn, range: Range) -> Result<BillDecision, OfficeError> {
        let load = ShardLoad::load(conn, self.on, range)?;
        let mut prices = PriceBook::new(self.work.book, &self.work.site);
        let mut draft = BillDraft::new();
        let mut decision =
            BillDecision { range, billed: Vec::new(), parked: 0, tasks: Vec::new(), rule_sets: Vec::new() };
        load.each(|account| match calculate(&account, self.on, &mut prices, &self.checks, &mut draft) {
            Outcome::Billed(billed) => decision.billed.push(*billed),
            Outcome::Parked(refusal) => {
                decision.parked += 1;
                // A missing or doubtful reading has its own task: the exception of the reading.
                if refusal.code != BLOCKED && refusal.code != MISSING {
                    let account = account.account;
                    decision.tasks.push(parked_task(account.account_id, &account.month, &refusal, self.on));
                }
            }
        });
        decision.rule_sets = prices.take_new_sets();
        Ok(decision)
    }

    fn write(&self, conn: &mut Conn, decision: BillDecision) -> Result<Counts, OfficeError> {
        let BillDecision { range, billed, parked, tasks: parked_tasks, rule_sets } = decision;
        let mut counts =
            Counts { due: billed.len() as i64 + parked, done: billed.len() as i64, parked, amount_fen: 0 };
        let (mut bills, mut lines, mut states, mut codes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for one in billed {
            counts.amount_fen += one.bill.amount.0;
            bills.push(one.bill);
            lines.extend(one.lines);
            states.push(one.state);
            codes.push(one.codes);
        }
        billing::keep_rule_sets(conn, &rule_sets)?;
        billing::insert_bills(conn, &bills)?;
        billing::insert_lines(conn, &lines)?;
        let pending: Vec<_> = bills.iter().zip(codes).collect();
        billing::insert_pending(conn, &pending)?;
        billing::save_states(conn, &states)?;
        tasks::open(conn, &parked_tasks)?;
        billing::close_parked_tasks(conn, self.on, range)?;
        Ok(counts)
    }
}

/// An account without a bill becomes work for the verifier.
fn parked_task(account_id: i64, month: &impl std::fmt::Display, refusal: &Refusal, on: Date) -> NewTask {
    NewTask {
        account_id,
        kind: "bill_parked",
        subject: month.to_string(),
        codes: refusal.code.to_owned(),
        detail: refusal.text.clone(),
        owner_role: "verifier",
        opened_on: on,
        due_on: None,
    }
}
