//! 支付通知: a payment provider tells of money, signed, perhaps late, twice or wrongly. It is posted once for each id of the provider, and
//! never lost: for an intent of ours it pays the account, also when the intent was paid, cancelled or has expired; with another amount
//! than the intent's, or without an intent, it waits in suspense for a person.

use super::bank::hang;
use super::counter::content_digest;
use super::decide::{Payment, Terms};
use super::intents::intent_state;
use crate::error::OfficeError;
use crate::ledger::{Books, save};
use crate::notices::outbox::{is_signed, sign};
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::payments::Channel;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::notices::places;
use denghuo_store::payments::{
    BankFileRow, BankLineRow, IntentRow, ProviderRow, insert_provider_payment, intent_by_token,
    provider_payment, save_bank_lines, save_intent,
};
use denghuo_store::{Conn, ledger, payments};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Longest age of a call, in seconds, before or after our clock.
const FRESH_SECONDS: i64 = 300;

/// Why a call of the provider is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderRefusal {
    /// Not signed with the shared secret.
    BadSignature,
    /// Its time is too far from ours.
    Stale,
    /// No JSON of the agreed form.
    Unreadable(String),
    /// The amount is not above zero.
    NotPositive(Money),
    /// The id was told before with other content.
    SameIdOtherContent(String),
}

impl Refuse for ProviderRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::BadSignature => "provider.bad_signature",
            Self::Stale => "provider.stale",
            Self::Unreadable(_) => "provider.unreadable",
            Self::NotPositive(_) => "provider.not_positive",
            Self::SameIdOtherContent(_) => "provider.same_id_other_content",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::BadSignature => Bilingual::new("支付通知签名不符", "the signature of the call is wrong"),
            Self::Stale => Bilingual::new(
                "支付通知时间与本机相差超过5分钟",
                "the call's time differs from ours by more than 5 minutes",
            ),
            Self::Unreadable(why) => {
                Bilingual::new(format!("支付通知无法识别:{why}"), format!("the call cannot be read: {why}"))
            }
            Self::NotPositive(amount) => Bilingual::new(
                format!("金额须大于零:{amount}"),
                format!("the amount must be above zero: {amount}"),
            ),
            Self::SameIdOtherContent(id) => Bilingual::new(
                format!("支付流水号{id}已入账且内容不同"),
                format!("the id {id} was posted already with other content"),
            ),
        }
    }
}

/// What the provider tells of one payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderCall {
    /// The provider's id of the payment.
    pub provider_id: String,
    /// The intent that was paid: what its QR code carries.
    pub token: String,
    /// The amount that was paid.
    pub amount: Money,
    /// The day on which the customer paid; a day that lies ahead counts as today.
    #[schemars(with = "denghuo_rules::calendar::DateForm")]
    pub paid_on: Date,
}

/// What became of the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProviderOutcome {
    /// It paid its intent.
    Paid,
    /// It paid its intent after the time of it.
    Late,
    /// The intent was paid or cancelled before: it is the account's all the same.
    Again,
    /// It waits for a person.
    Suspense,
}

impl ProviderOutcome {
    fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Late => "late",
            Self::Again => "again",
            Self::Suspense => "suspense",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "paid" => Self::Paid,
            "late" => Self::Late,
            "again" => Self::Again,
            _ => Self::Suspense,
        }
    }
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProviderDone {
    /// The provider's id.
    pub provider_id: String,
    /// What became of the money.
    pub outcome: ProviderOutcome,
    /// It was posted before; nothing was changed.
    pub already_there: bool,
    /// The account that it paid.
    #[serde(skip)]
    pub account_id: Option<i64>,
}

/// A call as it came: signed over `timestamp.body`; its age is told by `now` (ms since 1970).
///
/// # Errors
/// A bad signature, a stale or unreadable call.
pub fn provider_call(
    key: &[u8],
    (timestamp, signature): (&str, &str),
    body: &[u8],
    now: i64,
) -> Result<ProviderCall, ProviderRefusal> {
    if !is_signed(key, timestamp, body, signature) {
        return Err(ProviderRefusal::BadSignature);
    }
    let seconds: i64 = timestamp.parse().map_err(|_| ProviderRefusal::Stale)?;
    if now.div_euclid(1_000).abs_diff(seconds) > FRESH_SECONDS.unsigned_abs() {
        return Err(ProviderRefusal::Stale);
    }
    let call: ProviderCall =
        serde_json::from_slice(body).map_err(|error| ProviderRefusal::Unreadable(error.to_string()))?;
    if call.provider_id.is_empty() || call.provider_id.len() > 64 || call.token.len() > 128 {
        return Err(ProviderRefusal::Unreadable("provider_id, token".to_owned()));
    }
    if call.amount <= Money::ZERO {
        return Err(ProviderRefusal::NotPositive(call.amount));
    }
    Ok(call)
}

/// Timestamp, signature and body of a call at a moment (ms since 1970), as a provider sends it.
#[must_use]
pub fn provider_body(key: &[u8], call: &ProviderCall, now: i64) -> (String, String, Vec<u8>) {
    let body = serde_json::to_vec(call).unwrap_or_default();
    let timestamp = now.div_euclid(1_000).to_string();
    let signature = sign(key, &timestamp, &body);
    (timestamp, signature, body)
}

/// Posts what the provider tells, once for each of its ids; `work.now` is the moment. When the company's day is closed it is posted on the
/// next one: a provider does not wait.
///
/// # Errors
/// The id was told with other content; a missing rule; the database's.
pub fn provider_pay(
    conn: &mut Conn,
    work: &Work<'_>,
    call: &ProviderCall,
    today: Date,
) -> Result<ProviderDone, OfficeError> {
    conn.write(|conn| {
        // Every call stands in line at the company's row, which is locked before any account's: twelve at once are one after another.
        ledger::lock(conn, ledger::COMPANY)?;
        let paid_on = call.paid_on.min(today);
        let digest = content_digest(0, &payment_of(call, paid_on)) + &call.token;
        if let Some(known) = provider_payment(conn, &call.provider_id)? {
            let same = known.token == call.token && known.amount == call.amount;
            if !same {
                return Err(OfficeError::refuse(ProviderRefusal::SameIdOtherContent(
                    call.provider_id.clone(),
                )));
            }
            return Ok(done(&known, true));
        }
        let on = match payments::closed_through(conn, &work.by)? {
            Some(closed) if today <= closed => plus_days(closed, 1),
            _ => today,
        };
        let found = intent_by_token(conn, &call.token)?;
        let mut row = ProviderRow {
            provider_id: call.provider_id.clone(),
            token: call.token.clone(),
            amount: call.amount,
            paid_on,
            digest,
            outcome: String::new(),
            account_id: 0,
            intent_no: found.as_ref().map(|intent| intent.intent_no),
            payment_no: None,
        };
        let outcome = match found {
            Some(intent) if intent.amount == call.amount => settle(conn, work, (intent, on), &mut row)?,
            other => wait(conn, work, (other.as_ref(), on), &row)?,
        };
        outcome.word().clone_into(&mut row.outcome);
        insert_provider_payment(conn, &row, work.now)?;
        Ok(done(&row, false))
    })
}

fn done(row: &ProviderRow, already_there: bool) -> ProviderDone {
    ProviderDone {
        provider_id: row.provider_id.clone(),
        outcome: ProviderOutcome::from_word(&row.outcome),
        already_there,
        account_id: (row.account_id != 0).then_some(row.account_id),
    }
}

fn payment_of(call: &ProviderCall, paid_on: Date) -> Payment {
    Payment { channel: Channel::Online, external_id: call.provider_id.clone(), amount: call.amount, paid_on }
}

/// Pays the account of an intent; the named bills first.
fn settle(
    conn: &mut Conn,
    work: &Work<'_>,
    (mut intent, on): (IntentRow, Date),
    row: &mut ProviderRow,
) -> Result<ProviderOutcome, OfficeError> {
    let terms = Terms::of(work, on)?;
    let payment = Payment {
        channel: Channel::Online,
        external_id: row.provider_id.clone(),
        amount: row.amount,
        paid_on: row.paid_on,
    };
    let mut books = Books::lock(conn, intent.account_id, on)?;
    let paid = books.pay_for(work, &terms, &payment, &intent.bills, on)?;
    save(conn, work, vec![books])?;
    (row.account_id, row.payment_no) = (intent.account_id, Some(paid.payment_no));
    let outcome = match intent_state(&intent, work.now) {
        "open" => ProviderOutcome::Paid,
        "expired" => ProviderOutcome::Late,
        _ => return Ok(ProviderOutcome::Again),
    };
    "paid".clone_into(&mut intent.state);
    intent.payment_no = Some(paid.payment_no);
    save_intent(conn, &intent)?;
    Ok(outcome)
}

fn account_no(conn: &mut Conn, account_id: i64) -> Result<Option<String>, OfficeError> {
    let there = places(conn, Range { from: account_id, to: account_id })?;
    Ok(there.into_iter().next().map(|place| place.account_no))
}

/// Puts the money into suspense, as the only line of a bank file of its own.
fn wait(
    conn: &mut Conn,
    work: &Work<'_>,
    (intent, on): (Option<&IntentRow>, Date),
    row: &ProviderRow,
) -> Result<ProviderOutcome, OfficeError> {
    let account_no = match intent {
        Some(intent) => account_no(conn, intent.account_id)?,
        None => None,
    };
    let file_id = format!("pay:{}", row.provider_id);
    let file = BankFileRow {
        file_id: file_id.clone(),
        kind: "provider".to_owned(),
        digest: row.digest.clone(),
        bank: String::new(),
        statement_on: on,
        rows_kept: 1,
        total: row.amount,
    };
    let mut line = BankLineRow {
        file_id,
        line_no: 1,
        external_id: row.provider_id.clone(),
        account_no,
        payer: None,
        amount: row.amount,
        value_on: row.paid_on,
        state: "posted".to_owned(),
        account_id: None,
        payment_no: None,
        resolved_by: None,
        resolved_on: None,
    };
    payments::insert_bank_file(conn, &file, work.now)?;
    payments::insert_bank_lines(conn, std::slice::from_ref(&line))?;
    hang(conn, work, vec![&mut line], on)?;
    save_bank_lines(conn, &[line])?;
    Ok(ProviderOutcome::Suspense)
}
