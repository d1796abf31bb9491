//! 账务 (foundation `ledger`): the books of an account in memory, from the load to the one write.
//!
//! A use case loads [`Books`], lets the columns decide on them, and saves everything that changed in the same
//! transaction. Numbers run per account, so the books are equal whatever the order in which accounts are worked.

use crate::error::OfficeError;
use crate::webhooks::{self, HookEvent, HookFact};
use crate::work::Work;
use denghuo_rules::collections::hold::HoldFact;
use denghuo_rules::ledger::{Entry, EntryRefusal};
use denghuo_rules::payments::Part;
use denghuo_rules::units::Money;
use denghuo_store::collections::{ChangeRow, ContractRow, DebtRow, FeeRow, ReceivableRow, WaiverRow};
use denghuo_store::day::Range;
use denghuo_store::ledger::{Balance, EntryRow};
use denghuo_store::payments::{AllocationRow, KeyRow, Numbers, PaymentRow};
use denghuo_store::{Conn, collections, ledger, payments};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashSet};

mod reports;

pub use reports::{Statement, StatementLine, TrialBalance, TrialBalanceLine, statement, trial_balance};

/// 账本: what is known of an account's money, and what changed of it.
#[derive(Clone, Debug)]
pub struct Books {
    /// The account.
    pub account_id: i64,
    /// Its balance.
    pub balance: Balance,
    /// Its bills that were not settled when it was loaded, in order, and any that were brought in.
    pub debts: Vec<DebtRow>,
    /// Its contract in force.
    pub contract: ContractRow,
    /// 破产受理日: from this day on no late fee grows.
    pub insolvent_on: Option<Date>,
    /// 暂缓: what pauses the ladder, and maybe the fee.
    pub holds: Vec<HoldFact>,
    /// Its payments with a prepayment left, in order.
    pub unused: Vec<PaymentRow>,
    changes: Vec<ChangeRow>,
    numbers: Numbers,
    out: Out,
}

/// What is to be written.
#[derive(Clone, Debug, Default)]
struct Out {
    entries: Vec<EntryRow>,
    receivables: BTreeMap<i64, ReceivableRow>,
    fees: BTreeMap<i64, FeeRow>,
    payments: BTreeMap<i64, PaymentRow>,
    allocations: Vec<AllocationRow>,
    keys: Vec<KeyRow>,
    waivers: Vec<WaiverRow>,
}

impl Books {
    fn empty(balance: Balance) -> Self {
        Self {
            account_id: balance.account_id,
            balance,
            debts: Vec::new(),
            contract: ContractRow::default(),
            insolvent_on: None,
            holds: Vec::new(),
            unused: Vec::new(),
            changes: Vec::new(),
            numbers: Numbers::default(),
            out: Out::default(),
        }
    }

    /// The books of one account, its balance locked until the end of the transaction.
    ///
    /// # Errors
    /// The database's.
    pub fn lock(conn: &mut Conn, account_id: i64, on: Date) -> Result<Self, OfficeError> {
        let balance = ledger::lock(conn, account_id)?;
        let mut books = vec![Self::empty(balance)];
        fill(conn, &mut books, Range { from: account_id, to: account_id }, on)?;
        Ok(books.swap_remove(0))
    }

    /// The books of several accounts in ascending order, their balances locked in that order so that two writers never
    /// wait for each other in a circle.
    ///
    /// # Errors
    /// The database's.
    pub fn lock_all(conn: &mut Conn, accounts: &[i64], on: Date) -> Result<Vec<Self>, OfficeError> {
        debug_assert!(accounts.is_sorted(), "locks are taken in the order of accounts");
        let (Some(first), Some(last)) = (accounts.first(), accounts.last()) else { return Ok(Vec::new()) };
        // A load by range reads what lies between the accounts too: worth it only when they lie close together.
        if last - first > 16 * accounts.len() as i64 {
            return accounts.iter().map(|account| Self::lock(conn, *account, on)).collect();
        }
        let range = Range { from: *first, to: *last };
        let locked = ledger::lock_range(conn, range)?;
        let mut books = Vec::with_capacity(accounts.len());
        for account in accounts {
            // An account without entries has no row to lock yet.
            let balance = match locked.binary_search_by_key(account, |balance| balance.account_id) {
                Ok(at) => locked[at],
                Err(_) => ledger::lock(conn, *account)?,
            };
            books.push(Self::empty(balance));
        }
        fill(conn, &mut books, range, on)?;
        Ok(books)
    }

    /// The books of every account of a range that is not settled, to look at and not to write.
    ///
    /// # Errors
    /// The database's.
    pub fn read(conn: &mut Conn, accounts: &[i64], on: Date) -> Result<Vec<Self>, OfficeError> {
        let (Some(first), Some(last)) = (accounts.first(), accounts.last()) else { return Ok(Vec::new()) };
        let mut books: Vec<Self> =
            accounts.iter().map(|account| Self::empty(Balance::new(*account))).collect();
        fill(conn, &mut books, Range { from: *first, to: *last }, on)?;
        Ok(books)
    }

    /// Brings in a bill that was settled when the books were loaded.
    ///
    /// # Errors
    /// The database's.
    pub fn bring_in(&mut self, conn: &mut Conn, bill_no: i64) -> Result<(), OfficeError> {
        if self.position(bill_no).is_none()
            && let Some(debt) = collections::debt(conn, self.account_id, bill_no)?
        {
            self.debts.push(debt);
            self.debts.sort_by_key(|debt| debt.receivable.bill_no);
        }
        Ok(())
    }

    /// Brings in the settled bills that a bill in the customer's favour corrects.
    fn bring_in_corrected(&mut self, conn: &mut Conn) -> Result<(), OfficeError> {
        let credits = self.debts.iter().filter(|debt| debt.receivable.open < Money::ZERO);
        let corrected: Vec<i64> = credits.filter_map(|debt| debt.corrects_no).collect();
        corrected.into_iter().try_for_each(|bill_no| self.bring_in(conn, bill_no))
    }

    /// Where a bill stands among the debts.
    #[must_use]
    pub fn position(&self, bill_no: i64) -> Option<usize> {
        self.debts.iter().position(|debt| debt.receivable.bill_no == bill_no)
    }

    /// The changes of a bill's principal, in the order of their days.
    #[must_use]
    pub fn changes_of(&self, bill_no: i64) -> Vec<denghuo_rules::collections::late_fee::PrincipalChange> {
        let mut changes: Vec<_> = self
            .changes
            .iter()
            .filter(|change| change.bill_no == bill_no)
            .map(|change| denghuo_rules::collections::late_fee::PrincipalChange {
                on: change.on,
                by: change.by,
            })
            .collect();
        changes.sort_by_key(|change| change.on);
        changes
    }

    /// Writes an entry into the books. An entry that moves nothing is left out.
    ///
    /// # Panics
    /// On an entry that does not balance: a mistake in our code, never of the data.
    pub fn post(&mut self, work: &Work<'_>, entry: Result<Entry, EntryRefusal>, subject: String) {
        match entry {
            Ok(entry) => {
                let entry_no = self.balance.count(&entry);
                let (account_id, made_by) = (self.account_id, work.by.clone());
                self.out.entries.push(EntryRow { account_id, entry_no, entry, subject, made_by });
            }
            Err(EntryRefusal::Empty) => {}
            Err(EntryRefusal::Unbalanced { sum }) => panic!("{subject}: an entry that sums to {sum}"),
        }
    }

    /// Changes the principal of a debt.
    pub fn move_principal(&mut self, at: usize, by: Money, effective_on: Date, on: Date) {
        let receivable = &mut self.debts[at].receivable;
        receivable.open += by;
        receivable.settled_on = receivable.open.is_zero().then_some(on);
        let (account_id, bill_no) = (self.account_id, receivable.bill_no);
        self.out.receivables.insert(bill_no, receivable.clone());
        self.changes.push(ChangeRow { account_id, bill_no, on: effective_on, by });
    }

    /// Changes the booked fee of a debt.
    pub fn keep_fee(&mut self, at: usize, fee: FeeRow) {
        self.debts[at].fee = Some(fee);
        self.out.fees.insert(fee.bill_no, fee);
    }

    /// The number of the next payment.
    pub fn next_payment_no(&mut self) -> i64 {
        self.numbers.payment += 1;
        self.numbers.payment
    }

    /// Keeps a payment, new or changed.
    pub fn keep_payment(&mut self, payment: PaymentRow) {
        self.unused.retain(|other| other.payment_no != payment.payment_no);
        if payment.unused > Money::ZERO && payment.reversed_on.is_none() && payment.reverses_no.is_none() {
            self.unused.push(payment.clone());
            self.unused.sort_by_key(|payment| payment.payment_no);
        }
        self.out.payments.insert(payment.payment_no, payment);
    }

    /// Keeps the key of a payment.
    pub fn keep_key(&mut self, key: KeyRow) {
        self.out.keys.push(key);
    }

    /// Keeps a waiver.
    pub fn keep_waiver(&mut self, waiver: WaiverRow) {
        self.out.waivers.push(waiver);
    }

    /// Records an allocation of a payment without touching a debt.
    pub fn keep_allocation(
        &mut self,
        payment_no: i64,
        kind: &str,
        (bill_no, amount): (i64, Money),
        effective_on: Date,
        on: Date,
    ) {
        self.numbers.allocation += 1;
        self.out.allocations.push(AllocationRow {
            account_id: self.account_id,
            allocation_no: self.numbers.allocation,
            payment_no,
            bill_no,
            kind: kind.to_owned(),
            amount,
            effective_on,
            allocated_on: on,
        });
    }

    /// Settles a part of a bill from a payment; a negative part opens it again.
    ///
    /// # Panics
    /// On a bill that is not among the debts, or a late fee that was never booked: mistakes in our code.
    pub fn settle(&mut self, payment_no: i64, part: &Part, effective_on: Date, on: Date) {
        use denghuo_rules::payments::Item;
        let at = self.position(part.bill_no).expect("an allocated bill is among the debts");
        self.keep_allocation(payment_no, part.item.word(), (part.bill_no, part.amount), effective_on, on);
        match part.item {
            Item::LateFee => {
                let mut fee = self.debts[at].fee.expect("an allocated late fee is booked");
                fee.open -= part.amount;
                self.keep_fee(at, fee);
            }
            Item::Energy | Item::Cost => self.move_principal(at, -part.amount, effective_on, on),
        }
    }

    /// Did anything change?
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let out = &self.out;
        !(out.entries.is_empty()
            && out.receivables.is_empty()
            && out.fees.is_empty()
            && out.payments.is_empty()
            && out.allocations.is_empty()
            && out.keys.is_empty()
            && out.waivers.is_empty())
    }
}

/// Writes all that changed in the books of several accounts.
///
/// # Errors
/// The database's.
pub fn save(conn: &mut Conn, work: &Work<'_>, books: Vec<Books>) -> Result<(), OfficeError> {
    let mut all = Out::default();
    let (mut balances, mut receivables, mut fees, mut paid) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for books in books.into_iter().filter(Books::is_changed) {
        balances.push(books.balance);
        let out = books.out;
        all.entries.extend(out.entries);
        all.allocations.extend(out.allocations);
        all.keys.extend(out.keys);
        all.waivers.extend(out.waivers);
        receivables.extend(out.receivables.into_values());
        fees.extend(out.fees.into_values());
        paid.extend(out.payments.into_values());
    }
    ledger::write_entries(conn, &all.entries, work.now)?;
    ledger::save_balances(conn, &balances)?;
    collections::save_receivables(conn, &receivables)?;
    collections::save_fees(conn, &fees)?;
    collections::insert_waivers(conn, &all.waivers)?;
    payments::save_payments(conn, &paid)?;
    payments::insert_allocations(conn, &all.allocations)?;
    payments::insert_keys(conn, &all.keys)?;
    // A payment that is new has an entry of its own with it; others have moved only.
    let entered: HashSet<(i64, &str)> =
        all.entries.iter().map(|entry| (entry.account_id, entry.subject.as_str())).collect();
    let is_new = |row: &&PaymentRow| {
        let is_taken = row.amount > Money(0) && row.reversed_on.is_none();
        is_taken && entered.contains(&(row.account_id, format!("payment:{}", row.payment_no).as_str()))
    };
    let told: Vec<HookFact> = paid.iter().filter(is_new).map(told).collect();
    webhooks::tell(conn, work, &told)?;
    Ok(())
}

/// What other systems are told of a payment.
fn told(row: &PaymentRow) -> HookFact {
    HookFact {
        account_id: row.account_id,
        event: HookEvent::PaymentPosted,
        no: row.payment_no,
        happened_on: row.posted_on,
        data: serde_json::json!({ "payment_no": row.payment_no, "channel": row.channel.word(), "amount": row.amount,
            "paid_on": row.paid_on, "receipt_no": row.receipt_no }),
    }
}

/// Fills books, which stand in ascending order, from loads over one range.
fn fill(conn: &mut Conn, books: &mut [Books], range: Range, on: Date) -> Result<(), OfficeError> {
    let place: BTreeMap<i64, usize> = books.iter().enumerate().map(|(n, b)| (b.account_id, n)).collect();
    for debt in collections::open_debts(conn, range)? {
        if let Some(at) = place.get(&debt.receivable.account_id) {
            books[*at].debts.push(debt);
        }
    }
    for change in collections::principal_changes(conn, range)? {
        if let Some(at) = place.get(&change.account_id) {
            books[*at].changes.push(change);
        }
    }
    for contract in collections::contracts(conn, range, on)? {
        if let Some(at) = place.get(&contract.account_id) {
            books[*at].contract = contract;
        }
    }
    for (account_id, insolvency) in collections::insolvencies(conn, range)? {
        if let Some(at) = place.get(&account_id) {
            let first = books[*at].insolvent_on.map_or(insolvency.from_on, |on| on.min(insolvency.from_on));
            books[*at].insolvent_on = Some(first);
        }
    }
    for hold in collections::holds(conn, range)? {
        if let Some(at) = place.get(&hold.account_id) {
            books[*at].holds.push(hold.fact());
        }
    }
    for payment in payments::unused_payments(conn, range)? {
        if let Some(at) = place.get(&payment.account_id) {
            books[*at].unused.push(payment);
        }
    }
    for (account_id, numbers) in payments::numbers(conn, range)? {
        if let Some(at) = place.get(&account_id) {
            books[*at].numbers = numbers;
        }
    }
    for books in books {
        books.bring_in_corrected(conn)?;
    }
    Ok(())
}
