//! 账销案存: a debt leaves the books as a payment of channel `write_off`, so that what is open of it stays its amount less its
//! allocations. It is pursued all the same: money that comes becomes prepayment, a task tells of it, and a person takes as much
//! of the debt back into the books as the money pays. Nothing is taken by itself: a debt that is time-barred is paid of the
//! debtor's own will or not at all (CC 192).

use super::notes::audited;
use super::refusal::LegalRefusal;
use crate::access;
use crate::collections::FeeBook;
use crate::error::OfficeError;
use crate::ledger::{Books, save};
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::legal::write_off::{
    WriteOffGround, WriteOffRefusal, WriteOffRule, decide, write_off_entry,
};
use denghuo_rules::payments::{Channel, Item, Part, prepayment_entry};
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::legal::{self, WriteOffRow};
use denghuo_store::payments::PaymentRow;
use denghuo_store::tasks::{self, NewTask, Resolution};
use denghuo_store::{Conn, evidence};
use jiff::civil::Date;

/// A write-off as it is asked for; `work.by` is who approves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteOffOrder {
    /// The account.
    pub account_id: i64,
    /// The bill.
    pub bill_no: i64,
    /// Why.
    pub ground: WriteOffGround,
    /// Its proof.
    pub evidence_no: Option<i64>,
    /// Who asks.
    pub asked_by: String,
}

/// Takes all that is open of a bill off the books, its late fee through today included.
///
/// # Errors
/// A [`WriteOffRefusal`], an approver of a lower level, or the database's.
pub fn write_off(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &WriteOffOrder,
    on: Date,
) -> Result<WriteOffRow, OfficeError> {
    work.check_date(on)?;
    let fees = FeeBook::of(work)?;
    let rule = work.book.pick::<WriteOffRule>("write_off", &work.site, on)?.params;
    conn.write(|conn| {
        access::on_staff(conn, &order.asked_by, on)?;
        let level = access::approval_level(conn, &work.by, on)?;
        let mut books = Books::lock(conn, order.account_id, on)?;
        let evidence_no = proof(conn, order)?;
        let persons = (order.asked_by.as_str(), work.by.as_str());
        decide(&rule, evidence_no.is_some(), persons, level).map_err(OfficeError::refuse)?;
        books.bring_in(conn, order.bill_no)?;
        let at = books
            .position(order.bill_no)
            .ok_or_else(|| OfficeError::refuse(LegalRefusal::UnknownBill(order.bill_no)))?;
        if order.ground == WriteOffGround::LimitationPassed {
            time_barred(conn, work, order, on)?;
        }
        books.accrue(work, &fees, at, on, on)?;
        let amount = books.debts[at].receivable.open.at_least(Money::ZERO);
        let fee = books.debts[at].fee.map_or(Money::ZERO, |fee| fee.open).at_least(Money::ZERO);
        if (amount + fee).is_zero() {
            return Err(OfficeError::refuse(WriteOffRefusal::NothingOpen(order.bill_no)));
        }
        let row = WriteOffRow {
            account_id: order.account_id,
            write_off_no: legal::last_number(conn, "write_off", order.account_id)? + 1,
            bill_no: order.bill_no,
            payment_no: take(&mut books, work, order.bill_no, (amount, fee), on),
            amount,
            fee,
            recovered: Money::ZERO,
            recovered_fee: Money::ZERO,
            ground: order.ground,
            evidence_no: evidence_no.unwrap_or_default(),
            asked_by: order.asked_by.clone(),
            approved_by: work.by.clone(),
            approved_on: on,
        };
        let subject = format!("write_off:{}", row.write_off_no);
        books.post(work, write_off_entry(on, amount, fee), subject.clone());
        save(conn, work, vec![books])?;
        legal::save_write_off(conn, &row)?;
        let told = format!("{} {}", amount + fee, order.ground.word());
        audited(conn, work, (order.account_id, &subject), ("write_off", &told), on)?;
        Ok(row)
    })
}

/// The proof that is named, when the account has it.
fn proof(conn: &mut Conn, order: &WriteOffOrder) -> Result<Option<i64>, OfficeError> {
    let Some(no) = order.evidence_no else { return Ok(None) };
    match evidence::link(conn, order.account_id, no)? {
        Some(_) => Ok(Some(no)),
        None => Err(OfficeError::refuse(LegalRefusal::UnknownEvidence(no))),
    }
}

fn time_barred(conn: &mut Conn, work: &Work<'_>, order: &WriteOffOrder, on: Date) -> Result<(), OfficeError> {
    let range = Range { from: order.account_id, to: order.account_id };
    let clocks = super::clock::clocks(conn, work, range, on)?;
    match clocks.into_iter().find(|clock| clock.bill_no == order.bill_no) {
        Some(debt) if debt.clock.has_ended(on) => Ok(()),
        Some(debt) => Err(OfficeError::refuse(WriteOffRefusal::NotExpired(debt.clock.expires_on))),
        None => Err(OfficeError::refuse(WriteOffRefusal::NothingOpen(order.bill_no))),
    }
}

fn parts(bill_no: i64, (amount, fee): (Money, Money)) -> Vec<Part> {
    [(Item::Energy, amount), (Item::LateFee, fee)]
        .into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(item, amount)| Part { bill_no, item, amount })
        .collect()
}

/// Settles a bill by a payment that is no money; negative amounts put it back. Gives the payment's number.
fn take(books: &mut Books, work: &Work<'_>, bill_no: i64, sums: (Money, Money), on: Date) -> i64 {
    let payment_no = books.next_payment_no();
    for part in parts(bill_no, sums) {
        books.settle(payment_no, &part, on, on);
    }
    books.keep_payment(PaymentRow {
        account_id: books.account_id,
        payment_no,
        channel: Channel::WriteOff,
        external_id: format!("bill {bill_no}"),
        amount: sums.0 + sums.1,
        unused: Money::ZERO,
        paid_on: on,
        posted_on: on,
        received_by: work.by.clone(),
        receipt_no: None,
        reverses_no: None,
        reversed_on: None,
    });
    payment_no
}

/// Takes as much of a written-off debt back into the books as the account's prepayment pays, principal first, and pays it.
///
/// # Errors
/// A [`WriteOffRefusal`], or the database's.
pub fn write_off_recover(
    conn: &mut Conn,
    work: &Work<'_>,
    (account_id, write_off_no): (i64, i64),
    on: Date,
) -> Result<WriteOffRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        access::on_staff(conn, &work.by, on)?;
        let mut books = Books::lock(conn, account_id, on)?;
        let nothing = || OfficeError::refuse(WriteOffRefusal::NothingWrittenOff(write_off_no));
        let mut row = legal::write_offs_of(conn, Range { from: account_id, to: account_id })?
            .into_iter()
            .find(|row| row.write_off_no == write_off_no && row.left() != (Money::ZERO, Money::ZERO))
            .ok_or_else(nothing)?;
        let money: Money = books.unused.iter().map(|payment| payment.unused).sum();
        if money <= Money::ZERO {
            return Err(OfficeError::refuse(WriteOffRefusal::NoMoney));
        }
        let (amount, fee) = row.left();
        let amount = amount.min(money);
        let fee = fee.min(money - amount);
        books.bring_in(conn, row.bill_no)?;
        take(&mut books, work, row.bill_no, (-amount, -fee), on);
        let subject = format!("write_off:{write_off_no}");
        books.post(work, write_off_entry(on, -amount, -fee), subject.clone());
        let back = parts(row.bill_no, (amount, fee));
        for part in &back {
            for (payment_no, amount) in books.take_unused(part.amount) {
                books.settle(payment_no, &Part { amount, ..*part }, on, on);
            }
        }
        books.post(work, prepayment_entry(on, &back), subject.clone());
        save(conn, work, vec![books])?;
        row.recovered += amount;
        row.recovered_fee += fee;
        legal::save_write_off(conn, &row)?;
        let resolution = Resolution { decision: "recovered", by: &work.by, on, note: "" };
        tasks::resolve(conn, (account_id, "write_off_recovery", &subject), &resolution)?;
        let told = (amount + fee).to_string();
        audited(conn, work, (account_id, &subject), ("recover", &told), on)?;
        Ok(row)
    })
}

/// Tells that money came for accounts with a written-off debt.
pub(super) fn tell_money(conn: &mut Conn, (range, on): (Range, Date)) -> Result<(), OfficeError> {
    let told: Vec<NewTask> = legal::recoverable(conn, range)?
        .into_iter()
        .map(|(account_id, write_off_no, prepaid)| NewTask {
            account_id,
            kind: "write_off_recovery",
            subject: format!("write_off:{write_off_no}"),
            codes: prepaid.to_string(),
            detail: Bilingual::new(
                format!("已核销的欠费尚在追索,该户现有预收{prepaid}元"),
                format!(
                    "a debt written off is still pursued, and the account now holds {prepaid} yuan prepaid"
                ),
            ),
            owner_role: "accountant",
            opened_on: on,
            due_on: None,
        })
        .collect();
    Ok(tasks::open(conn, &told)?)
}
