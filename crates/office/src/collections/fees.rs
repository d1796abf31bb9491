//! The late fees of an account's books: target minus booked.

use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::collections::late_fee::{
    CrossYearMode, LateFeeClass, LateFeeDebt, LateFeeRules, LateFeeTerms, PauseRules, late_fee,
};
use denghuo_rules::derivation::{Silent, Sink};
use denghuo_rules::payments::fee_entry;
use denghuo_rules::units::{Money, Ratio};
use denghuo_store::collections::{DebtRow, FeeRow};
use jiff::civil::Date;

/// 违约金规则 of the site, loaded once for many accounts.
#[derive(Clone, Debug)]
pub struct FeeBook {
    rules: LateFeeRules,
    pauses: PauseRules,
}

impl FeeBook {
    /// The late-fee rules of the site.
    ///
    /// # Errors
    /// A rule is not of the topic's form.
    pub fn of(work: &Work<'_>) -> Result<Self, OfficeError> {
        Ok(Self {
            rules: LateFeeRules::load(work.book, &work.site)?,
            pauses: PauseRules::load(work.book, &work.site)?,
        })
    }

    /// The whole fee of a debt through a day, whatever of it is booked, paid or waived.
    ///
    /// # Errors
    /// No rule for an accrual day.
    pub fn target(
        &self,
        books: &Books,
        debt: &DebtRow,
        through: Date,
        sink: &mut impl Sink,
    ) -> Result<Money, OfficeError> {
        let receivable = &debt.receivable;
        // A bill in the customer's favour is never overdue.
        if receivable.amount <= Money::ZERO || through <= receivable.due_on {
            return Ok(Money::ZERO);
        }
        let changes = books.changes_of(receivable.bill_no);
        let pauses = self.pauses.of(receivable.bill_no, &books.holds);
        let debt = LateFeeDebt {
            class: LateFeeClass::of(receivable.category),
            month: receivable.month,
            due_on: receivable.due_on,
            principal: receivable.amount,
            changes: &changes,
            // Interest stops with the day before the court accepts the petition.
            stops_on: books.insolvent_on.map(|on| plus_days(on, -1)),
            pauses: &pauses,
            terms: terms_of(books),
        };
        Ok(late_fee(&self.rules, &debt, through, sink)?.amount)
    }

    /// 日比例 at which a debt grows on a day.
    ///
    /// # Errors
    /// No rule on that day.
    pub fn daily_rate(&self, books: &Books, debt: &DebtRow, day: Date) -> Result<Ratio, OfficeError> {
        let class = LateFeeClass::of(debt.receivable.category);
        Ok(self.rules.daily_rate(class, &terms_of(books), day)?)
    }
}

/// The late-fee clause of the account's contract.
fn terms_of(books: &Books) -> LateFeeTerms {
    LateFeeTerms {
        current_year: books.contract.late_fee_rate,
        cross_year: None,
        mode: books.contract.cross_year_mode.as_deref().and_then(CrossYearMode::from_word),
    }
}

impl Books {
    /// What is to be booked so that the fee of a debt stands as of a day: target minus booked, negative when less is owed.
    ///
    /// # Errors
    /// No rule for an accrual day.
    pub fn fee_difference(&self, fees: &FeeBook, at: usize, through: Date) -> Result<Money, OfficeError> {
        let debt = &self.debts[at];
        let booked = debt.fee.map_or(Money::ZERO, |fee| fee.booked);
        Ok(fees.target(self, debt, through, &mut Silent)? - booked)
    }

    /// 计提违约金: books the fee of a debt through a day; gives the difference.
    ///
    /// # Errors
    /// No rule for an accrual day.
    pub fn accrue(
        &mut self,
        work: &Work<'_>,
        fees: &FeeBook,
        at: usize,
        through: Date,
        on: Date,
    ) -> Result<Money, OfficeError> {
        let difference = self.fee_difference(fees, at, through)?;
        if difference.is_zero() {
            return Ok(difference);
        }
        let debt = &self.debts[at];
        let (account_id, bill_no) = (self.account_id, debt.receivable.bill_no);
        let mut fee = debt.fee.unwrap_or(FeeRow {
            account_id,
            bill_no,
            booked: Money::ZERO,
            open: Money::ZERO,
            waived: Money::ZERO,
            booked_to: through,
        });
        fee.booked += difference;
        fee.open += difference;
        fee.booked_to = through;
        self.keep_fee(at, fee);
        self.post(work, fee_entry(on, difference), format!("bill:{bill_no}"));
        Ok(difference)
    }
}
