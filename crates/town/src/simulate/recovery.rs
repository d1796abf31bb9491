//! 催收: the collectors, managers, inspectors and lawyers of a town at work on those who do not pay.

use super::Resident;
use super::fate::Fate;
use super::money::Till;
use super::post::{Bag, Gateway};
use crate::crew::Tally;
use crate::error::TownError;
use crate::lots::{Lots, Topic};
use denghuo_office::collections::step_done;
use denghuo_office::disconnection::sweep_after;
use denghuo_office::error::OfficeError;
use denghuo_office::ledger::Books;
use denghuo_office::payments::{Payment, pay};
use denghuo_office::registry::{CheckResult, contact_checked};
use denghuo_office::work::Work;
use denghuo_rules::calendar::days_between;
use denghuo_rules::collections::ladder::StepKind;
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use denghuo_store::day::Range;
use denghuo_store::tasks::{self, Task};
use jiff::civil::{Date, DateTime};
use std::collections::{BTreeMap, BTreeSet};

/// Every account.
const ALL: Range = Range { from: 1, to: i64::MAX };

/// How numbers begin that were put right.
pub(super) const NEW_NUMBERS: &str = "138";

/// Those who recover what is owed.
pub struct Recovery<'c, 'b> {
    /// The people with the cashier's window.
    pub till: &'c Till<'c, 'b>,
    /// 催费员
    pub collector: String,
    /// 用电检查员
    pub inspector: String,
    /// 法务
    pub legal: String,
    /// The seed.
    pub seed: u64,
    /// The last day of the history.
    pub until: Date,
    /// What becomes of debtors.
    pub fates: BTreeMap<i64, Fate>,
    /// The gateway.
    pub gateway: Gateway,
    /// Papers on their way.
    pub bag: Bag,
    /// Who has agreed on something.
    pub agreed: BTreeSet<i64>,
}

/// What was tried: done, or refused with a code that is counted.
pub(super) fn tried<T>(
    result: Result<T, OfficeError>,
    what: &str,
    tally: &mut Tally,
) -> Result<Option<T>, TownError> {
    match result {
        Ok(done) => {
            *tally.entry(what.to_owned()).or_default() += 1;
            Ok(Some(done))
        }
        Err(error) => match error.code() {
            Some(code) => {
                *tally.entry(format!("refused:{code}")).or_default() += 1;
                Ok(None)
            }
            None => Err(error.into()),
        },
    }
}

impl<'c, 'b> Recovery<'c, 'b> {
    /// Those who recover, in a town of residents.
    #[must_use]
    pub fn new(
        till: &'c Till<'c, 'b>,
        residents: &[Resident],
        (collector, inspector, legal): (&str, &str, &str),
        (seed, until): (u64, Date),
    ) -> Self {
        let drawn = |of: i64, chance: i64| {
            residents
                .iter()
                .map(|resident| resident.id)
                .filter(move |id| *id > 16 && Lots::of(seed, Topic::Phone, *id, of).per_mille(chance))
        };
        let fates: BTreeMap<i64, Fate> =
            residents.iter().filter_map(|resident| Some((resident.id, Fate::of(resident)?))).collect();
        let gone = fates.iter().filter(|(_, fate)| **fate == Fate::MovedAway).map(|(id, _)| *id);
        let dead = gone.chain(drawn(1, 20)).collect();
        let mute = drawn(2, 8).collect();
        Self {
            till,
            collector: collector.to_owned(),
            inspector: inspector.to_owned(),
            legal: legal.to_owned(),
            seed,
            until,
            fates,
            gateway: Gateway { dead, mute },
            bag: Bag::new(),
            agreed: BTreeSet::new(),
        }
    }

    /// A piece of work of one person on a day.
    pub(super) fn work(&self, by: &str, on: Date) -> Work<'b> {
        self.till.crew.work(by, on)
    }

    pub(super) fn fate(&self, account_id: i64) -> Option<Fate> {
        self.fates.get(&account_id).copied()
    }

    /// Days to the end of the history.
    pub(super) fn left(&self, on: Date) -> i64 {
        days_between(on, self.until)
    }

    /// The work of a day, in daylight.
    ///
    /// # Errors
    /// The database's, or a missing rule.
    pub fn day(&mut self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        conn.write(|conn| {
            self.carry(conn, on, tally)?;
            self.call_and_visit(conn, on, tally)?;
            self.check_contacts(conn, on, tally)?;
            self.agree(conn, on, tally)?;
            self.cuts(conn, on, tally)?;
            self.court(conn, on, tally)
        })
    }

    /// 催办: calls and visits that the ladder asks for. Those of the last days are still to be made.
    fn call_and_visit(&self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        if self.left(on) < 5 {
            return Ok(());
        }
        for task in tasks::open_of(conn, "dunning", ALL)? {
            let mut parts = task.subject.split(':');
            let kind = parts.next().and_then(StepKind::from_word);
            let bill_no = parts.next().and_then(|no| no.parse().ok());
            let (Some(kind), Some(bill_no)) = (kind, bill_no) else { continue };
            if !matches!(kind, StepKind::PhoneCall | StepKind::Visit | StepKind::ProtectionDecision) {
                continue;
            }
            // Every fourth decision about protected customers is left open.
            let is_manager = task.owner_role == "manager";
            if is_manager && task.account_id % 4 != 1 {
                continue;
            }
            let by = if is_manager { &self.till.crew.manager } else { &self.collector };
            let done = step_done(conn, &self.work(by, on), task.account_id, (bill_no, kind), "已办", on);
            tried(done, &format!("step:{}", kind.word()), tally)?;
        }
        Ok(())
    }

    /// 联系方式核查: of three failed contacts one is put right, one cannot be reached, one is left for later.
    fn check_contacts(&self, conn: &mut Conn, on: Date, tally: &mut Tally) -> Result<(), TownError> {
        for task in tasks::open_of(conn, "contact_call", ALL)? {
            let Some(contact_no) = task.subject.strip_prefix("contact:").and_then(|no| no.parse().ok())
            else {
                continue;
            };
            let result = match task.account_id % 3 {
                0 => CheckResult::Replaced(format!("{NEW_NUMBERS}{:08}", task.account_id)),
                1 => CheckResult::Unreachable,
                _ => continue,
            };
            let key = (task.account_id, contact_no);
            let work = self.work(&self.collector, on);
            tried(contact_checked(conn, &work, key, &result, (on, "电话核查")), "contact:checked", tally)?;
        }
        Ok(())
    }

    /// The open principal of bills that were due so many days ago, oldest first.
    pub(super) fn overdue(
        &self,
        conn: &mut Conn,
        account_id: i64,
        on: Date,
        days: i64,
    ) -> Result<Vec<(i64, Money)>, TownError> {
        let books = Books::read(conn, &[account_id], on)?;
        let debts = books.into_iter().flat_map(|books| books.debts).map(|debt| debt.receivable);
        Ok(debts
            .filter(|debt| debt.open > Money::ZERO && days_between(debt.due_on, on) >= days)
            .map(|debt| (debt.bill_no, debt.open))
            .collect())
    }

    /// Everything that an account owes, the late fees with it.
    pub(super) fn pays_all(
        &self,
        conn: &mut Conn,
        account_id: i64,
        at: DateTime,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let amount = self.till.owed_all(conn, account_id, at.date())?;
        self.pays(conn, account_id, amount, at, tally)
    }

    /// A payment at the counter, at its moment: it ends a warrant and orders power back.
    pub(super) fn pays(
        &self,
        conn: &mut Conn,
        account_id: i64,
        amount: Money,
        at: DateTime,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        if amount <= Money::ZERO {
            return Ok(());
        }
        let external_id = format!("C{}{account_id:07}", at.date().strftime("%Y%m%d"));
        let payment = Payment { channel: Channel::Cash, external_id, amount, paid_on: at.date() };
        let work = self.work(&self.till.cashier, at.date());
        conn.write(|conn| {
            pay(conn, &work, account_id, &payment, at.date())?;
            sweep_after(conn, &work, &[account_id], at)?;
            Ok::<_, OfficeError>(())
        })?;
        *tally.entry("counter:debtor".to_owned()).or_default() += 1;
        Ok(())
    }

    /// Open tasks of a kind.
    pub(super) fn open(&self, conn: &mut Conn, kind: &str) -> Result<Vec<Task>, TownError> {
        Ok(tasks::open_of(conn, kind, ALL)?)
    }
}
