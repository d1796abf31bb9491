//! 小结: what a town came to: accounts, bills, energy and money by class, and what was doubtful.

use denghuo_office::collections::arrears;
use denghuo_office::error::OfficeError;
use denghuo_office::ledger::trial_balance;
use denghuo_office::work::Work;
use denghuo_rules::ledger::LedgerAccount;
use denghuo_rules::units::{Energy, Money};
use denghuo_store::Conn;
use denghuo_store::billing::account_totals;
use denghuo_store::tasks;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// A class of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClassTotals {
    /// Its Chinese name.
    pub name: String,
    /// Accounts.
    pub accounts: i64,
    /// Bills of every kind.
    pub bills: i64,
    /// Of them provisional.
    pub provisional: i64,
    /// Of them corrections.
    pub corrections: i64,
    /// Metered bills of no energy.
    pub zero: i64,
    /// Billed energy.
    pub active: Energy,
    /// Billed money.
    pub billed: Money,
    /// Released money.
    pub released: Money,
}

/// What a town came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The last day.
    pub until: Date,
    /// Business days that were run.
    pub days: u64,
    /// By class, by its word.
    pub classes: BTreeMap<String, ClassTotals>,
    /// All classes together.
    pub total: ClassTotals,
    /// Money that came in: cash and bank.
    pub received: Money,
    /// Unpaid principal after its last payment day.
    pub overdue: Money,
    /// Unpaid late fees.
    pub late_fee: Money,
    /// Accounts in arrears.
    pub accounts_in_arrears: i64,
    /// Tasks: code → outcome → how many.
    pub exceptions: BTreeMap<String, BTreeMap<String, i64>>,
    /// What people did.
    pub work: BTreeMap<String, u64>,
}

impl Summary {
    /// Gathers it from the books; `class_of` gives the word and the name of an account's class.
    ///
    /// # Errors
    /// The database's, or a missing rule.
    pub fn gather(
        conn: &mut Conn,
        work: &Work<'_>,
        (until, days): (Date, u64),
        classes: &[(&str, &str)],
        done: BTreeMap<String, u64>,
    ) -> Result<Self, OfficeError> {
        let by_class = by_class(conn, classes)?;
        let mut total = ClassTotals { name: "合计".to_owned(), ..ClassTotals::default() };
        by_class.values().for_each(|class| total.add(class));
        let trial = trial_balance(conn, until, None)?;
        let money = [LedgerAccount::Cash.word(), LedgerAccount::Bank.word()];
        let owed = arrears(conn, work, until, denghuo_store::collections::OverdueFilter::default())?;
        Ok(Self {
            until,
            days,
            classes: by_class,
            total,
            received: trial.lines.iter().filter(|l| money.contains(&l.code)).map(|l| l.balance).sum(),
            overdue: owed.principal,
            late_fee: owed.late_fee,
            accounts_in_arrears: owed.accounts,
            exceptions: exceptions(conn)?,
            work: done,
        })
    }
}

/// `classes` holds the class of account 1, 2, 3, …
fn by_class(conn: &mut Conn, classes: &[(&str, &str)]) -> Result<BTreeMap<String, ClassTotals>, OfficeError> {
    let mut all: BTreeMap<String, ClassTotals> = BTreeMap::new();
    for (word, name) in classes {
        let class = all.entry((*word).to_owned()).or_default();
        class.name = (*name).to_owned();
        class.accounts += 1;
    }
    for totals in account_totals(conn)? {
        let class = usize::try_from(totals.account_id - 1).ok().and_then(|n| classes.get(n));
        let Some((word, _)) = class else { continue };
        let class = all.entry((*word).to_owned()).or_default();
        class.bills += totals.bills;
        class.provisional += totals.provisional;
        class.corrections += totals.corrections;
        class.zero += totals.zero;
        class.active += totals.active;
        class.billed += totals.billed;
        class.released += totals.released;
    }
    Ok(all)
}

fn exceptions(conn: &mut Conn) -> Result<BTreeMap<String, BTreeMap<String, i64>>, OfficeError> {
    let mut all: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for row in tasks::counts(conn)? {
        for code in row.codes.split(',') {
            // What stands behind a colon is the detail of one case.
            let code = code.split(':').next().unwrap_or(code);
            *all.entry(code.to_owned()).or_default().entry(row.outcome.clone()).or_default() += row.count;
        }
    }
    Ok(all)
}

impl ClassTotals {
    fn add(&mut self, other: &Self) {
        self.accounts += other.accounts;
        self.bills += other.bills;
        self.provisional += other.provisional;
        self.corrections += other.corrections;
        self.zero += other.zero;
        self.active += other.active;
        self.billed += other.billed;
        self.released += other.released;
    }
}
