//! 发行 (stage `issue`): bills that may be released become receivables and enter the ledger.

use crate::day::Stage;
use crate::error::OfficeError;
use crate::webhooks::{self, HookEvent, HookFact};
use crate::work::Work;
use denghuo_rules::collections::due::{self, DueFacts, DueRule, InstalmentTerm};
use denghuo_rules::ledger::bill_released;
use denghuo_rules::registry::Category;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::billing::{self, PendingBill, StandingRelease};
use denghuo_store::collections::{self, ContractRow, ReceivableRow};
use denghuo_store::day::{Counts, Range};
use denghuo_store::ledger::{self, Balance, EntryRow};
use denghuo_store::registry;
use jiff::civil::Date;
use std::collections::HashMap;

/// 发行: releases what has a second person's word: an approval, or a standing order for bills without findings.
pub struct IssueStage<'w> {
    work: &'w Work<'w>,
    on: Date,
    default_due: DueRule,
    standing: HashMap<i64, StandingRelease>,
}

impl<'w> IssueStage<'w> {
    /// The stage of a day.
    ///
    /// # Errors
    /// The book lacks a due rule; a failure of the database.
    pub fn new(conn: &mut Conn, work: &'w Work<'w>, on: Date) -> Result<Self, OfficeError> {
        let default_due = work.book.pick(due::TOPIC, &work.site, on)?.params;
        let mut standing = HashMap::new();
        for order in billing::standing_releases(conn, on)? {
            // A child's own order comes later in the list and replaces its parent's.
            for org in registry::descendants(conn, order.org_id)? {
                standing.insert(org, order.clone());
            }
        }
        Ok(Self { work, on, default_due, standing })
    }

    /// Who releases the bill; nobody when it has to wait for a person.
    fn released_by<'p>(&'p self, bill: &'p PendingBill) -> Option<&'p str> {
        match bill.state.as_str() {
            "approved" => bill.decided_by.as_deref(),
            "ready" => self
                .standing
                .get(&bill.org_id)
                .filter(|order| bill.amount <= order.max_bill && order.granted_by != bill.prepared_by)
                .map(|order| order.granted_by.as_str()),
            _ => None,
        }
    }

    fn receivable(
        &self,
        bill: &PendingBill,
        by: &str,
        contract: Option<&ContractRow>,
    ) -> Result<ReceivableRow, OfficeError> {
        let agreed =
            contract.and_then(|c| c.due_rule.as_deref()).and_then(|json| serde_json::from_str(json).ok());
        let facts = DueFacts { month: bill.month, issued_on: self.on, noticed_on: None };
        // A debt agreed in instalments falls due with its last one (Civil Code art. 189).
        let last_instalment = contract
            .and_then(|c| c.instalments.as_deref())
            .and_then(|json| serde_json::from_str::<Vec<InstalmentTerm>>(json).ok())
            .and_then(|terms| {
                due::instalments(&terms, bill.month, bill.amount).last().map(|part| part.due_on)
            });
        let due_on =
            due::due_on(agreed.as_ref().unwrap_or(&self.default_due), &facts, self.work.book.calendar())?;
        Ok(ReceivableRow {
            account_id: bill.account_id,
            bill_no: bill.bill_no,
            month: bill.month,
            category: Category::from_word(&bill.category).unwrap_or(Category::Commercial),
            amount: bill.amount,
            open: bill.amount,
            released_on: self.on,
            released_by: by.to_owned(),
            due_on: last_instalment.map_or(due_on, |last| last.max(due_on)),
            settled_on: bill.amount.is_zero().then_some(self.on),
        })
    }
}

/// What other systems are told of a released bill.
fn told(row: &ReceivableRow, on: Date) -> HookFact {
    HookFact {
        account_id: row.account_id,
        event: HookEvent::BillReleased,
        no: row.bill_no,
        happened_on: on,
        data: serde_json::json!({ "bill_no": row.bill_no, "month": row.month, "amount": row.amount, "due_on": row.due_on }),
    }
}

/// The receivables of a shard with their entries.
pub struct IssueDecision {
    range: Range,
    waiting: i64,
    receivables: Vec<ReceivableRow>,
    funds: Vec<Money>,
}

impl Stage for IssueStage<'_> {
    type Decision = IssueDecision;

    fn name(&self) -> &'static str {
        "issue"
    }

    fn plan(&self, conn: &mut Conn, shard: usize) -> Result<Vec<Range>, OfficeError> {
        Ok(billing::pending_ranges(conn, shard)?)
    }

    fn decide(&self, conn: &mut Conn, range: Range) -> Result<IssueDecision, OfficeError> {
        let mut decision = IssueDecision { range, waiting: 0, receivables: Vec::new(), funds: Vec::new() };
        let contracts = collections::contracts(conn, range, self.on)?;
        let contracts: HashMap<i64, &ContractRow> = contracts.iter().map(|c| (c.account_id, c)).collect();
        for bill in billing::pending(conn, range)? {
            if bill.state == "held" || bill.state == "rejected" {
                continue;
            }
            let Some(by) = self.released_by(&bill) else {
                decision.waiting += 1;
                continue;
            };
            let receivable = self.receivable(&bill, by, contracts.get(&bill.account_id).copied())?;
            decision.receivables.push(receivable);
            decision.funds.push(bill.funds);
        }
        Ok(decision)
    }

    fn write(&self, conn: &mut Conn, decision: IssueDecision) -> Result<Counts, OfficeError> {
        let IssueDecision { range, waiting, receivables, funds } = decision;
        let done = receivables.len() as i64;
        let amount: Money = receivables.iter().map(|r| r.amount).sum();
        // Balances are locked here, inside the transaction that writes them: a counter may be at work on the same account.
        let mut balances: HashMap<i64, Balance> =
            ledger::lock_range(conn, range)?.into_iter().map(|b| (b.account_id, b)).collect();
        let mut entries = Vec::with_capacity(receivables.len());
        let mut touched: Vec<i64> = Vec::with_capacity(receivables.len());
        for (receivable, funds) in receivables.iter().zip(funds) {
            if receivable.amount.is_zero() {
                continue;
            }
            let entry = bill_released(self.on, receivable.amount, funds).map_err(OfficeError::refuse)?;
            let account_id = receivable.account_id;
            let balance = balances.entry(account_id).or_insert_with(|| Balance::new(account_id));
            entries.push(EntryRow {
                account_id,
                entry_no: balance.count(&entry),
                entry,
                subject: format!("bill:{}", receivable.bill_no),
                made_by: receivable.released_by.clone(),
            });
            if touched.last() != Some(&account_id) {
                touched.push(account_id);
            }
        }
        collections::insert_receivables(conn, &receivables)?;
        ledger::write_entries(conn, &entries, self.work.now)?;
        let changed: Vec<Balance> = touched.iter().filter_map(|id| balances.get(id)).copied().collect();
        ledger::save_balances(conn, &changed)?;
        let told: Vec<HookFact> = receivables.iter().map(|row| told(row, self.on)).collect();
        webhooks::tell(conn, self.work, &told)?;
        billing::take_released(conn, range)?;
        Ok(Counts { due: done + waiting, done, parked: waiting, amount_fen: amount.0 })
    }
}
