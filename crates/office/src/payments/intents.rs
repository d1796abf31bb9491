//! 支付单: an amount that a customer or the counter asks to pay for bills of an account, carried by a QR code.

use super::decide::Terms;
use crate::access::fresh_token;
use crate::error::OfficeError;
use crate::ledger::Books;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::units::Money;
use denghuo_store::payments::{IntentRow, intent, next_intent_no, save_intent};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;

/// How long an intent stands when nothing else is said, in minutes.
pub const INTENT_MINUTES: i64 = 30;
/// Minutes at most: a day.
const MOST_MINUTES: i64 = 24 * 60;

/// Why an intent is not made or not cancelled; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentRefusal {
    /// A bill that is not open.
    NotOwed(i64),
    /// Nothing is owed, and no amount was named.
    NothingOwed,
    /// The amount is not above zero.
    NotPositive(Money),
    /// It stands too short or too long.
    BadMinutes(i64),
    /// There is none with the number.
    Unknown(i64),
    /// It is not open any more.
    NotOpen(i64),
}

impl Refuse for IntentRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotOwed(_) => "intent.not_owed",
            Self::NothingOwed => "intent.nothing_owed",
            Self::NotPositive(_) => "intent.not_positive",
            Self::BadMinutes(_) => "intent.bad_minutes",
            Self::Unknown(_) => "intent.unknown",
            Self::NotOpen(_) => "intent.not_open",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::NotOwed(bill_no) => Bilingual::new(
                format!("{bill_no}号账单没有欠费"),
                format!("nothing is owed of bill {bill_no}"),
            ),
            Self::NothingOwed => Bilingual::new("没有欠费,请填写金额", "nothing is owed: name an amount"),
            Self::NotPositive(amount) => Bilingual::new(
                format!("金额须大于零:{amount}"),
                format!("the amount must be above zero: {amount}"),
            ),
            Self::BadMinutes(minutes) => Bilingual::new(
                format!("有效期须为1至{MOST_MINUTES}分钟:{minutes}"),
                format!("an intent stands for 1 to {MOST_MINUTES} minutes: {minutes}"),
            ),
            Self::Unknown(no) => {
                Bilingual::new(format!("没有{no}号支付单"), format!("there is no intent {no}"))
            }
            Self::NotOpen(no) => Bilingual::new(
                format!("{no}号支付单已不在待付状态"),
                format!("intent {no} is not open any more"),
            ),
        }
    }
}

/// An intent as it is asked for; `work.by` is who makes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntentOrder {
    /// The bills that it is for; none for everything that is owed.
    pub bills: Vec<i64>,
    /// The amount; when not given, what is owed of these bills today with the late fee.
    pub amount: Option<Money>,
    /// How long it stands, in minutes; [`INTENT_MINUTES`] when not given.
    pub minutes: Option<i64>,
}

/// Makes an intent of an account. The moment is `work.now`, the business date `on`.
///
/// # Errors
/// A refusal (see [`IntentRefusal`]), a missing rule, or the database's.
pub fn intent_make(
    conn: &mut Conn,
    work: &Work<'_>,
    account_id: i64,
    order: &IntentOrder,
    on: Date,
) -> Result<IntentRow, OfficeError> {
    let terms = Terms::of(work, on)?;
    let minutes = order.minutes.unwrap_or(INTENT_MINUTES);
    conn.write(|conn| {
        let books = Books::lock(conn, account_id, on)?;
        let claims = books.claims(&terms.fees, on)?;
        for bill_no in &order.bills {
            if !claims
                .iter()
                .any(|claim| claim.bill_no == *bill_no && !(claim.principal + claim.fee).is_zero())
            {
                return Err(OfficeError::refuse(IntentRefusal::NotOwed(*bill_no)));
            }
        }
        let chosen =
            claims.iter().filter(|claim| order.bills.is_empty() || order.bills.contains(&claim.bill_no));
        let owed: Money = chosen.map(|claim| claim.cost + claim.fee + claim.principal).sum();
        let amount = match order.amount {
            Some(amount) => amount,
            None if owed.is_zero() => return Err(OfficeError::refuse(IntentRefusal::NothingOwed)),
            None => owed,
        };
        if amount <= Money::ZERO {
            return Err(OfficeError::refuse(IntentRefusal::NotPositive(amount)));
        }
        if !(1..=MOST_MINUTES).contains(&minutes) {
            return Err(OfficeError::refuse(IntentRefusal::BadMinutes(minutes)));
        }
        let row = IntentRow {
            account_id,
            intent_no: next_intent_no(conn, account_id)?,
            token: fresh_token(),
            amount,
            bills: order.bills.clone(),
            made_by: work.by.clone(),
            made_at: work.now,
            expires_at: work.now + minutes * 60_000,
            state: "open".to_owned(),
            payment_no: None,
        };
        save_intent(conn, &row)?;
        Ok(row)
    })
}

/// One intent of an account, its state `expired` where its time has passed.
///
/// # Errors
/// There is none, or the database's.
pub fn intent_show(
    conn: &mut Conn,
    account_id: i64,
    intent_no: i64,
    now: i64,
) -> Result<IntentRow, OfficeError> {
    let mut row = intent(conn, account_id, intent_no)?
        .ok_or_else(|| OfficeError::refuse(IntentRefusal::Unknown(intent_no)))?;
    row.state = intent_state(&row, now).to_owned();
    Ok(row)
}

/// The state of an intent at a moment (ms since 1970): an open one expires.
#[must_use]
pub fn intent_state(row: &IntentRow, now: i64) -> &str {
    if row.state == "open" && row.expires_at <= now { "expired" } else { &row.state }
}

/// Cancels an open intent. Money that comes for it afterwards goes to the account all the same.
///
/// # Errors
/// There is none, it is not open, or the database's.
pub fn intent_cancel(conn: &mut Conn, account_id: i64, intent_no: i64) -> Result<IntentRow, OfficeError> {
    conn.write(|conn| {
        ledger::lock(conn, account_id)?;
        let mut row = intent(conn, account_id, intent_no)?
            .ok_or_else(|| OfficeError::refuse(IntentRefusal::Unknown(intent_no)))?;
        if row.state != "open" {
            return Err(OfficeError::refuse(IntentRefusal::NotOpen(intent_no)));
        }
        "cancelled".clone_into(&mut row.state);
        save_intent(conn, &row)?;
        Ok(row)
    })
}
