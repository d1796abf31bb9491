//! 缴费: how the town's money comes in on a day: at the counter, by the bank's file, ahead of its bills; and what has to
//! be put right afterwards.

use super::payer::Payer;
use super::resident::Resident;
use crate::crew::{Crew, Tally};
use crate::error::TownError;
use denghuo_office::collections::{FeeBook, WaiveOrder, waive};
use denghuo_office::import::Source;
use denghuo_office::ledger::Books;
use denghuo_office::payments::{
    BankImport, Payment, Posted, Receipt, RefundOrder, import_collection, pay, refund, resolve_suspense,
    reverse, suspense_list,
};
use denghuo_rules::calendar::days_between;
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use denghuo_store::Conn;
use jiff::civil::Date;

/// The cashier's window and the bank.
pub struct Till<'c, 'b> {
    /// The people.
    pub crew: &'c Crew<'b>,
    /// 收费员
    pub cashier: String,
    /// 账务员
    pub accountant: String,
}

/// What an account owes on a day.
struct Owed {
    all: Money,
    old: Money,
    fee_of: Option<i64>,
    prepaid: Money,
}

impl Till<'_, '_> {
    /// A day's money of those whose day of the month it is.
    ///
    /// # Errors
    /// The database's, or a refusal that our own payers never run into.
    pub fn day(
        &self,
        conn: &mut Conn,
        residents: &[Resident],
        on: Date,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let today: Vec<&Resident> = residents.iter().filter(|r| r.pay_day == on.day()).collect();
        let fees = FeeBook::of(&self.crew.work(&self.cashier, on))?;
        let mut lines = Vec::new();
        conn.write(|conn| {
            for resident in &today {
                let owed = owed(conn, &fees, (resident.id, resident.payer.patience()), on)?;
                if resident.payer.is_by_bank() {
                    if owed.all > Money::ZERO {
                        lines.push((resident.account_no.clone(), owed.all));
                    }
                    continue;
                }
                self.at_the_counter(conn, resident, &owed, on, tally)?;
            }
            Ok::<_, TownError>(())
        })?;
        self.bank_file(conn, &mut lines, on, tally)?;
        self.put_right(conn, residents, on, tally)
    }

    /// Everything that an account owes on a day, the running part of its late fees included.
    ///
    /// # Errors
    /// The database's, or a missing rule.
    pub fn owed_all(&self, conn: &mut Conn, account_id: i64, on: Date) -> Result<Money, TownError> {
        let fees = FeeBook::of(&self.crew.work(&self.cashier, on))?;
        Ok(owed(conn, &fees, (account_id, 0), on)?.all)
    }

    fn at_the_counter(
        &self,
        conn: &mut Conn,
        resident: &Resident,
        owed: &Owed,
        on: Date,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        if resident.id % 9 == 0 && owed.fee_of.is_some() {
            self.waive_fee(conn, resident, owed, on, tally)?;
        }
        if resident.payer == Payer::Over && resident.id % 3 == 0 && owed.prepaid > Money::yuan(60) {
            self.refund(conn, resident, owed.prepaid, on)?;
            *tally.entry("refund".to_owned()).or_default() += 1;
        }
        let amount = match resident.payer {
            Payer::Prepaid if on.month() % 3 == 0 => Money((resident.daily.0 * 100 / 10_000) * 60),
            payer => payer.pays(owed.old),
        };
        if amount <= Money::ZERO {
            return Ok(());
        }
        let external_id = format!("K{}{:07}", on.strftime("%Y%m%d"), resident.id);
        let payment = Payment { channel: Channel::Cash, external_id, amount, paid_on: on };
        let posted = pay(conn, &self.crew.work(&self.cashier, on), resident.id, &payment, on)?;
        *tally.entry(format!("counter:{}", word(resident.payer))).or_default() += 1;
        // One payment in some hundred was booked on the wrong account: it is taken back and paid again.
        if (resident.id == 17 || resident.id % 151 == 0)
            && on.month() % 4 == 2
            && let Posted::New(receipt) = posted
        {
            self.pay_again(conn, resident, &payment, &receipt, on)?;
            *tally.entry("reversal".to_owned()).or_default() += 1;
        }
        Ok(())
    }

    fn pay_again(
        &self,
        conn: &mut Conn,
        resident: &Resident,
        payment: &Payment,
        receipt: &Receipt,
        on: Date,
    ) -> Result<(), TownError> {
        let work = self.crew.work(&self.cashier, on);
        // The receipt is numbered by account and payment.
        let payment_no = receipt.receipt_no.rsplit('-').next().and_then(|no| no.parse().ok()).unwrap_or(0);
        reverse(conn, &work, (resident.id, payment_no), "记错户", on)?;
        let again = Payment { external_id: format!("{}R", payment.external_id), ..payment.clone() };
        pay(conn, &work, resident.id, &again, on)?;
        Ok(())
    }

    fn waive_fee(
        &self,
        conn: &mut Conn,
        resident: &Resident,
        owed: &Owed,
        on: Date,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let Some(bill_no) = owed.fee_of else { return Ok(()) };
        let order = WaiveOrder {
            account_id: resident.id,
            bill_no,
            amount: None,
            reason: "bank_failure".to_owned(),
            asked_by: self.cashier.clone(),
        };
        match waive(conn, &self.crew.work(&self.crew.manager, on), &order, on) {
            Ok(_) => *tally.entry("waiver".to_owned()).or_default() += 1,
            Err(refused) if refused.code().is_some() => {
                *tally.entry("waiver_refused".to_owned()).or_default() += 1;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn refund(&self, conn: &mut Conn, resident: &Resident, amount: Money, on: Date) -> Result<(), TownError> {
        let order = RefundOrder {
            account_id: resident.id,
            amount,
            channel: Channel::Cash,
            reason: "用户申请退预收".to_owned(),
            asked_by: self.cashier.clone(),
        };
        refund(conn, &self.crew.work(&self.crew.manager, on), &order, on)?;
        Ok(())
    }

    /// The bank's file of the day. On the fifth it holds a payer whom nobody knows, and comes twice; on the 28th one more.
    fn bank_file(
        &self,
        conn: &mut Conn,
        lines: &mut Vec<(String, Money)>,
        on: Date,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        let unknown = on.day() == 5;
        // The one of the 28th is still looked for at the end of the month.
        if unknown || on.day() == 28 {
            lines.push((format!("99{:04}{:04}", on.month(), on.day()), Money::yuan(88)));
        }
        if lines.is_empty() {
            return Ok(());
        }
        let day = on.strftime("%Y%m%d").to_string();
        let mut text = String::from("external_id,account_no,amount,value_on,payer\n");
        for (n, (account_no, amount)) in lines.iter().enumerate() {
            text.push_str(&format!("B{day}{n:05},{account_no},{amount},{on},\n"));
        }
        let source = Source { name: format!("bank-{day}.csv"), bytes: text.into_bytes() };
        let work = self.crew.work(&self.accountant, on);
        for _ in 0..=usize::from(unknown) {
            let imported = import_collection(conn, &work, &source, (&format!("BF{day}"), "农商行"), on)
                .map_err(|error| bank_error(&source.name, error))?;
            let key = if imported.already_there { "bank_file:repeated" } else { "bank_file:posted" };
            *tally.entry(key.to_owned()).or_default() += 1;
            *tally.entry("bank_line:posted".to_owned()).or_default() += imported.posted as u64;
            *tally.entry("bank_line:suspense".to_owned()).or_default() += imported.suspense as u64;
        }
        Ok(())
    }

    /// On the twentieth the money of the unknown payer of that month finds its account, in every other month.
    fn put_right(
        &self,
        conn: &mut Conn,
        residents: &[Resident],
        on: Date,
        tally: &mut Tally,
    ) -> Result<(), TownError> {
        if on.day() != 20 || on.month() % 2 == 1 {
            return Ok(());
        }
        let Some(resident) = residents.iter().find(|resident| resident.payer.is_by_bank()) else {
            return Ok(());
        };
        for line in suspense_list(conn)? {
            let key = (line.file_id.as_str(), line.line_no);
            resolve_suspense(conn, &self.crew.work(&self.accountant, on), key, resident.id, on)?;
            *tally.entry("suspense:resolved".to_owned()).or_default() += 1;
        }
        Ok(())
    }
}

/// What an account owes, the running part of its late fees included.
fn owed(
    conn: &mut Conn,
    fees: &FeeBook,
    (account_id, patience): (i64, i64),
    on: Date,
) -> Result<Owed, TownError> {
    let mut owed = Owed { all: Money::ZERO, old: Money::ZERO, fee_of: None, prepaid: Money::ZERO };
    for books in Books::read(conn, &[account_id], on)? {
        for (at, debt) in books.debts.iter().enumerate() {
            let booked = debt.fee.map_or(Money::ZERO, |fee| fee.open);
            let fee = booked + books.fee_difference(fees, at, on)?;
            let open = debt.receivable.open + fee;
            owed.all += open;
            if days_between(debt.receivable.released_on, on) >= patience {
                owed.old += open;
            }
            if fee > Money::ZERO {
                owed.fee_of = Some(debt.receivable.bill_no);
            }
        }
        owed.prepaid += books.unused.iter().map(|payment| payment.unused).sum();
    }
    Ok(owed)
}

fn bank_error(file: &str, error: BankImport) -> TownError {
    match error {
        BankImport::Office(error) => TownError::Office(error),
        wrong => TownError::Data { file: file.to_owned(), reason: wrong.to_string() },
    }
}

/// The habit as a word.
const fn word(payer: Payer) -> &'static str {
    match payer {
        Payer::OnTime => "on_time",
        Payer::Bank => "bank",
        Payer::Late => "late",
        Payer::Partial => "partial",
        Payer::Over => "over",
        Payer::Prepaid => "prepaid",
        Payer::Never => "never",
    }
}
