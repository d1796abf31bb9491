//! What a payment, an offset or a reversal does to the books of an account.

use crate::collections::FeeBook;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::ledger::{Entry, EntryKind, LedgerAccount};
use denghuo_rules::payments::{
    Allocation, AllocationPolicy, Channel, Debt, Item, Part, PaymentRefusal, TOPIC, allocate, payment_entry,
    prepayment_entry,
};
use denghuo_rules::units::Money;
use denghuo_store::payments::{AllocationRow, PaymentRow};
use jiff::civil::Date;

/// The rules that a payment needs, loaded once for many accounts.
#[derive(Clone, Debug)]
pub struct Terms {
    /// 违约金规则
    pub fees: FeeBook,
    /// 销账规则 of accounts whose contract chooses none.
    pub policy: AllocationPolicy,
}

impl Terms {
    /// The rules of the site on a business date.
    ///
    /// # Errors
    /// The calendar does not cover the day; a rule is missing or not of its topic's form.
    pub fn of(work: &Work<'_>, on: Date) -> Result<Self, OfficeError> {
        work.check_date(on)?;
        let policy = work.book.pick::<AllocationPolicy>(TOPIC, &work.site, on)?.params;
        Ok(Self { fees: FeeBook::of(work)?, policy })
    }

    fn policy_of(&self, work: &Work<'_>, books: &Books, on: Date) -> Result<AllocationPolicy, OfficeError> {
        let Some(chosen) = &books.contract.allocation else { return Ok(self.policy) };
        let site = work.site.clone().with("allocation", chosen);
        Ok(work.book.pick::<AllocationPolicy>(TOPIC, &site, on)?.params)
    }
}

/// 收款: money for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// 渠道
    pub channel: Channel,
    /// The id that the channel gave; empty for none.
    pub external_id: String,
    /// The amount, positive.
    pub amount: Money,
    /// The day on which the customer paid: the last day that accrues a late fee.
    pub paid_on: Date,
}

/// The day from which a part counts for the late fee: its payment's, or the due day of a bill that was wrong.
type EffectiveOn<'a> = &'a dyn Fn(&Part) -> Date;

impl Books {
    /// Takes a payment: books the fees of the debts it touches, settles them, keeps the rest as prepayment.
    ///
    /// # Errors
    /// A rule is missing.
    pub fn pay(
        &mut self,
        work: &Work<'_>,
        terms: &Terms,
        payment: &Payment,
        on: Date,
    ) -> Result<PaymentRow, OfficeError> {
        self.pay_for(work, terms, payment, &[], on)
    }

    /// Takes a payment for bills that the payer names: they are settled first, which is the debtor's to say (CC 560); what is
    /// left goes where the policy says.
    ///
    /// # Errors
    /// A rule is missing.
    pub fn pay_for(
        &mut self,
        work: &Work<'_>,
        terms: &Terms,
        payment: &Payment,
        bills: &[i64],
        on: Date,
    ) -> Result<PaymentRow, OfficeError> {
        let policy = terms.policy_of(work, self, on)?;
        let debts = self.claims(&terms.fees, payment.paid_on)?;
        let (named, others): (Vec<Debt>, Vec<Debt>) =
            debts.into_iter().partition(|debt| bills.contains(&debt.bill_no));
        let mut allocation = allocate(policy, &named, payment.amount, payment.paid_on);
        let rest = allocate(policy, &others, allocation.prepayment, payment.paid_on);
        allocation.parts.extend(rest.parts);
        allocation.prepayment = rest.prepayment;
        let payment_no = self.next_payment_no();
        let row = PaymentRow {
            account_id: self.account_id,
            payment_no,
            channel: payment.channel,
            external_id: payment.external_id.clone(),
            amount: payment.amount,
            unused: allocation.prepayment,
            paid_on: payment.paid_on,
            posted_on: on,
            received_by: work.by.clone(),
            receipt_no: Some(format!("{}-{payment_no}", self.account_id)),
            reverses_no: None,
            reversed_on: None,
        };
        let parts: Vec<(i64, Part)> = allocation.parts.iter().map(|part| (payment_no, *part)).collect();
        let entry = payment_entry(payment.channel, on, payment.amount, &allocation);
        let paid_on = payment.paid_on;
        self.settle_all(work, &terms.fees, &parts, paid_on, on, &|_| paid_on)?;
        self.post(work, entry, format!("payment:{payment_no}"));
        self.keep_payment(row.clone());
        self.settle_credits(work, terms, on)?;
        Ok(row)
    }

    /// What the account owes on a day, running late fees included.
    pub(super) fn claims(&self, fees: &FeeBook, through: Date) -> Result<Vec<Debt>, OfficeError> {
        let secured = self.contract.guarantee.is_some();
        let mut claims = Vec::with_capacity(self.debts.len());
        for (at, debt) in self.debts.iter().enumerate() {
            let receivable = &debt.receivable;
            let fee =
                debt.fee.map_or(Money::ZERO, |fee| fee.open) + self.fee_difference(fees, at, through)?;
            claims.push(Debt {
                bill_no: receivable.bill_no,
                due_on: receivable.due_on,
                secured,
                burden: fees.daily_rate(self, debt, through)?,
                cost: Money::ZERO,
                fee: fee.at_least(Money::ZERO),
                principal: receivable.open.at_least(Money::ZERO),
            });
        }
        Ok(claims)
    }

    /// Settles parts of bills from payments, with the fees of the touched bills booked before and set right after.
    fn settle_all(
        &mut self,
        work: &Work<'_>,
        fees: &FeeBook,
        parts: &[(i64, Part)],
        through: Date,
        on: Date,
        effective_on: EffectiveOn<'_>,
    ) -> Result<(), OfficeError> {
        let mut touched: Vec<(i64, Date)> = Vec::new();
        for (_, part) in parts {
            if !touched.iter().any(|(bill_no, _)| *bill_no == part.bill_no) {
                let at = self.position(part.bill_no).expect("an allocated bill is among the debts");
                let booked_to = self.debts[at].fee.map_or(through, |fee| fee.booked_to.max(through));
                touched.push((part.bill_no, booked_to));
                self.accrue(work, fees, at, through, on)?;
            }
        }
        for (payment_no, part) in parts {
            self.settle(*payment_no, part, effective_on(part), on);
        }
        // What was booked beyond the day of the payment, or on a principal that was wrong, is set right.
        for (bill_no, booked_to) in touched {
            let at = self.position(bill_no).expect("a settled bill is among the debts");
            self.accrue(work, fees, at, booked_to, on)?;
        }
        Ok(())
    }

    /// 预收结转: pays open bills from the prepayment, the oldest payments first; gives the amount.
    ///
    /// # Errors
    /// A rule is missing.
    pub fn apply_prepayment(
        &mut self,
        work: &Work<'_>,
        terms: &Terms,
        on: Date,
    ) -> Result<Money, OfficeError> {
        let available: Money = self.unused.iter().map(|payment| payment.unused).sum();
        if available <= Money::ZERO {
            return Ok(Money::ZERO);
        }
        let policy = terms.policy_of(work, self, on)?;
        let allocation = allocate(policy, &self.claims(&terms.fees, on)?, available, on);
        if allocation.parts.is_empty() {
            return Ok(Money::ZERO);
        }
        let mut parts = Vec::new();
        for part in &allocation.parts {
            for (payment_no, amount) in self.take_unused(part.amount) {
                parts.push((payment_no, Part { amount, ..*part }));
            }
        }
        self.settle_all(work, &terms.fees, &parts, on, on, &|_| on)?;
        let subject = format!("prepayment:{}", parts[0].0);
        self.post(work, prepayment_entry(on, &allocation.parts), subject);
        Ok(allocation.settled())
    }

    /// Takes an amount from the prepayments, the oldest payment first; gives what each payment gives.
    ///
    /// # Panics
    /// When the prepayments do not hold it: the caller has looked.
    pub fn take_unused(&mut self, amount: Money) -> Vec<(i64, Money)> {
        let mut left = amount;
        let mut taken = Vec::new();
        while left > Money::ZERO {
            let mut payment = self.unused.first().cloned().expect("the prepayments hold what is taken");
            let part = left.min(payment.unused);
            payment.unused -= part;
            left -= part;
            taken.push((payment.payment_no, part));
            self.keep_payment(payment);
        }
        taken
    }

    /// 退补冲抵: turns bills and late fees that are in the customer's favour against the bill they correct; what is then
    /// overpaid goes against other debts, then into prepayment.
    ///
    /// # Errors
    /// A rule is missing.
    pub fn settle_credits(&mut self, work: &Work<'_>, terms: &Terms, on: Date) -> Result<(), OfficeError> {
        // Setting a wrong principal right may leave a bill or a fee that was paid already overpaid: that is the second round.
        for _ in 0..3 {
            let credits = self.credits();
            if credits.is_empty() {
                return Ok(());
            }
            let total: Money = credits.iter().map(|(part, _)| -part.amount).sum();
            let policy = terms.policy_of(work, self, on)?;
            let claims = self.claims(&terms.fees, on)?;
            let allocation = spread_credits(policy, &claims, &credits, on);
            let payment_no = self.next_payment_no();
            let corrected: Vec<i64> = credits.iter().filter_map(|(_, corrects)| *corrects).collect();
            let due: Vec<(i64, Date)> =
                self.debts.iter().map(|d| (d.receivable.bill_no, d.receivable.due_on)).collect();
            let effective = |part: &Part| {
                let due_on =
                    due.iter().find(|(bill_no, _)| *bill_no == part.bill_no).map(|(_, due_on)| *due_on);
                due_on.filter(|due_on| corrected.contains(&part.bill_no) && *due_on < on).unwrap_or(on)
            };
            let mut parts: Vec<(i64, Part)> = credits.iter().map(|(part, _)| (payment_no, *part)).collect();
            parts.extend(allocation.parts.iter().map(|part| (payment_no, *part)));
            let lines = parts.iter().map(|(_, part)| (part.item.ledger_account(), -part.amount));
            let lines: Vec<_> = lines.chain([(LedgerAccount::Prepayment, -allocation.prepayment)]).collect();
            self.settle_all(work, &terms.fees, &parts, on, on, &effective)?;
            let entry = Entry::new(EntryKind::BillCorrection, on, lines);
            self.post(work, entry, format!("payment:{payment_no}"));
            self.keep_payment(PaymentRow {
                account_id: self.account_id,
                payment_no,
                channel: Channel::Credit,
                external_id: format!("credit {total}"),
                amount: Money::ZERO,
                unused: allocation.prepayment,
                paid_on: on,
                posted_on: on,
                received_by: work.by.clone(),
                receipt_no: None,
                reverses_no: None,
                reversed_on: None,
            });
        }
        Ok(())
    }

    /// Bills and late fees in the customer's favour as (negative part, the bill it corrects).
    fn credits(&self) -> Vec<(Part, Option<i64>)> {
        let mut credits = Vec::new();
        for debt in &self.debts {
            let bill_no = debt.receivable.bill_no;
            if debt.receivable.open < Money::ZERO {
                let part = Part { bill_no, item: Item::Energy, amount: debt.receivable.open };
                credits.push((part, debt.corrects_no));
            }
            if let Some(fee) = debt.fee.filter(|fee| fee.open < Money::ZERO) {
                // Only what was paid comes back; a waived fee does not.
                let paid = fee.booked - fee.waived - fee.open;
                let amount = fee.open.at_least(-paid.at_least(Money::ZERO));
                if !amount.is_zero() {
                    credits.push((Part { bill_no, item: Item::LateFee, amount }, None));
                }
            }
        }
        credits
    }

    /// 冲正: takes a payment back: its parts open again as if they had never been paid, its prepayment goes.
    ///
    /// # Errors
    /// It was taken back already, some of it was refunded, or it was no money; or a rule is missing.
    pub fn reverse(
        &mut self,
        work: &Work<'_>,
        terms: &Terms,
        payment: &PaymentRow,
        allocations: &[AllocationRow],
        on: Date,
    ) -> Result<PaymentRow, OfficeError> {
        let name = format!("{}-{}", payment.account_id, payment.payment_no);
        check_reversible(payment, allocations, &name).map_err(OfficeError::refuse)?;
        let reversal_no = self.next_payment_no();
        let mut settled = Vec::with_capacity(allocations.len());
        let mut through = on;
        for row in allocations {
            let item = Item::from_word(&row.kind).expect("a payment's allocations are items of bills");
            let part = Part { bill_no: row.bill_no, item, amount: -row.amount };
            let at = self.position(part.bill_no).expect("the bills of a payment were brought in");
            if let Some(fee) = self.debts[at].fee {
                through = through.max(fee.booked_to);
            }
            self.settle(reversal_no, &part, row.effective_on, on);
            settled.push(part);
        }
        let inverse = Allocation { parts: settled, prepayment: -payment.unused };
        let lines = payment_entry(payment.channel, on, -payment.amount, &inverse).map(|entry| {
            let lines = entry.postings().iter().map(|line| (line.account, line.amount));
            Entry::new(EntryKind::PaymentReversal, on, lines)
        });
        self.post(work, lines.and_then(|entry| entry), format!("payment:{}", payment.payment_no));
        let mut bills: Vec<i64> = inverse.parts.iter().map(|part| part.bill_no).collect();
        bills.dedup();
        for bill_no in bills {
            let at = self.position(bill_no).expect("the bills of a payment were brought in");
            self.accrue(work, &terms.fees, at, through, on)?;
        }
        let reversal = PaymentRow {
            payment_no: reversal_no,
            external_id: format!("reverses {name}"),
            amount: -payment.amount,
            unused: -payment.unused,
            posted_on: on,
            received_by: work.by.clone(),
            receipt_no: None,
            reverses_no: Some(payment.payment_no),
            reversed_on: None,
            ..payment.clone()
        };
        self.keep_payment(PaymentRow { reversed_on: Some(on), ..payment.clone() });
        self.keep_payment(reversal.clone());
        Ok(reversal)
    }
}

/// A credit goes to the bill that it corrects, even beyond what is open of it, so that what was never owed accrues nothing;
/// a credit of no known bill goes where the policy says.
fn spread_credits(
    policy: AllocationPolicy,
    claims: &[Debt],
    credits: &[(Part, Option<i64>)],
    on: Date,
) -> Allocation {
    let mut claims = claims.to_vec();
    let mut left = Money::ZERO;
    let mut parts: Vec<Part> = Vec::new();
    for (credit, corrects) in credits {
        let mut amount = -credit.amount;
        if let Some(claim) = claims.iter_mut().find(|claim| Some(claim.bill_no) == *corrects) {
            claim.principal -= amount;
            parts.push(Part { bill_no: claim.bill_no, item: Item::Energy, amount });
            // The fee on what was never owed falls away; it is not paid from the credit.
            claim.fee = Money::ZERO;
            amount = Money::ZERO;
        }
        left += amount;
    }
    let rest = allocate(policy, &claims, left, on);
    parts.extend(rest.parts);
    Allocation { parts, prepayment: rest.prepayment }
}

fn check_reversible(
    payment: &PaymentRow,
    allocations: &[AllocationRow],
    name: &str,
) -> Result<(), PaymentRefusal> {
    if payment.reverses_no.is_some() || !payment.channel.is_money() {
        return Err(PaymentRefusal::NotReversible { payment: name.to_owned() });
    }
    if payment.reversed_on.is_some() {
        return Err(PaymentRefusal::AlreadyReversed { payment: name.to_owned() });
    }
    let refunded: Money = allocations.iter().filter(|row| row.kind == "refund").map(|row| row.amount).sum();
    if !refunded.is_zero() {
        return Err(PaymentRefusal::Refunded { payment: name.to_owned(), amount: refunded });
    }
    Ok(())
}
