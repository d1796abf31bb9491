//! One look at the cases of a range: what is known of them, loaded at once under their locks, and what is written at once.

use super::known::{Known, grouped};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::units::Money;
use denghuo_store::audit::{self, Mark};
use denghuo_store::day::Range;
use denghuo_store::disconnection::{self as store, CutCase, GroundRow, OperationRow, WarrantRow};
use denghuo_store::ledger::Balance;
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

/// 轮次: the accounts of a range on a day, their locks held until the end of the transaction.
pub(super) struct Round {
    /// What the gates look at.
    pub known: Known,
    /// The live cases.
    pub cases: BTreeMap<i64, CutCase>,
    /// What is to be written.
    pub out: Out,
    balances: HashMap<i64, Balance>,
    numbers: HashMap<i64, i64>,
    grounds: HashMap<i64, Vec<GroundRow>>,
    warrants: HashMap<i64, WarrantRow>,
    operations: HashMap<i64, Vec<OperationRow>>,
}

impl Round {
    /// Locks and loads a range.
    ///
    /// # Errors
    /// The database's.
    pub fn open(conn: &mut Conn, range: Range, on: Date) -> Result<Self, OfficeError> {
        let locked = store::lock_watched(conn, range)?;
        let mut balances: HashMap<i64, Balance> = locked.into_iter().map(|b| (b.account_id, b)).collect();
        let cases = store::live_cases_of(conn, range)?.into_iter().map(|case| (case.account_id, case));
        let cases: BTreeMap<i64, CutCase> = cases.collect();
        for account_id in cases.keys() {
            if !balances.contains_key(account_id) {
                balances.insert(*account_id, ledger::lock(conn, *account_id)?);
            }
        }
        let operations = store::operations_of_live(conn, range)?;
        Ok(Self {
            known: Known::load(conn, range, on)?,
            cases,
            out: Out::default(),
            balances,
            numbers: store::last_case_numbers(conn, range)?.into_iter().collect(),
            grounds: grouped(store::grounds_of_live(conn, range)?),
            warrants: store::warrants_of_live(conn, range)?.into_iter().map(|w| (w.account_id, w)).collect(),
            operations: grouped(operations.into_iter().map(|o| (o.account_id, o))),
        })
    }

    /// The balance of an account that is locked.
    pub fn balance(&self, account_id: i64) -> Option<&Balance> {
        self.balances.get(&account_id)
    }

    /// The number of the next case of an account.
    pub fn next_case_no(&self, account_id: i64) -> i64 {
        self.numbers.get(&account_id).map_or(1, |last| last + 1)
    }

    /// The debts that the live case of an account rests on.
    pub fn grounds(&self, account_id: i64) -> &[GroundRow] {
        self.grounds.get(&account_id).map_or(&[], Vec::as_slice)
    }

    /// The live warrant of the live case of an account.
    pub fn warrant(&self, account_id: i64) -> Option<&WarrantRow> {
        self.warrants.get(&account_id)
    }

    /// The operations of the live case of an account that have not ended.
    pub fn operations(&self, account_id: i64) -> &[OperationRow] {
        self.operations.get(&account_id).map_or(&[], Vec::as_slice)
    }
}

/// 待写: what looking at many cases came to, as far as it is not an event of one case.
#[derive(Default)]
pub(super) struct Out {
    /// Cases, new or changed; each of them once.
    pub cases: Vec<CutCase>,
    /// The debts that new cases rest on: account, case, bill, what is open.
    pub bills: Vec<(i64, i64, i64, Money)>,
    /// Tasks to be opened.
    pub tasks: Vec<NewTask>,
    /// Proposals, for the audit: the case, and the amount in words.
    pub proposed: Vec<(i64, String, String)>,
}

impl Out {
    /// Writes it.
    ///
    /// # Errors
    /// The database's.
    pub fn write(&self, conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<(), OfficeError> {
        store::save_cases(conn, &self.cases)?;
        store::insert_case_bills(conn, &self.bills)?;
        tasks::open(conn, &self.tasks)?;
        let marks = self.proposed.iter().map(|(account_id, subject, pressed)| Mark {
            account_id: *account_id,
            happened_on: on,
            subject,
            action: "cut.propose",
            who: &work.by,
            before: None,
            after: Some(pressed),
            recorded_at: work.now,
        });
        Ok(audit::mark_all(conn, &marks.collect::<Vec<_>>())?)
    }
}
