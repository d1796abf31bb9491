//! 回执与退信: what carriers tell later. A receipt is believed when its signature is good and fresh; the same again changes
//! nothing.

use super::Desk;
use super::look::{close_task, delivered};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::outbox::{AttemptOutcome, DeliveryKey};
use denghuo_rules::notices::{Channel, DeliveryState};
use denghuo_rules::refusal::Refuse;
use denghuo_store::Conn;
use denghuo_store::notices::outbox::{self as store, OutboxRow};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt::Write as _;

/// Seconds by which the clock of a carrier may differ from ours, and within which a call is not a replay.
const FRESH_SECONDS: i64 = 300;

/// A call as it came: its timestamp, signature and body.
#[derive(Clone, Copy, Debug)]
pub struct SignedCall<'c> {
    /// Seconds since 1970, as the caller wrote them.
    pub timestamp: &'c str,
    /// Hexadecimal HMAC-SHA256 over timestamp, a full stop and the body.
    pub signature: &'c str,
    /// The body.
    pub body: &'c [u8],
}

/// Why a call is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CallRefusal {
    BadSignature,
    Stale,
    Unreadable,
}

impl Refuse for CallRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::BadSignature => "receipt.bad_signature",
            Self::Stale => "receipt.stale",
            Self::Unreadable => "receipt.unreadable",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::BadSignature => Bilingual::new("回执签名不符", "the signature of the receipt is wrong"),
            Self::Stale => Bilingual::new(
                "回执时间与本机相差超过5分钟",
                "the receipt's time differs from ours by more than 5 minutes",
            ),
            Self::Unreadable => Bilingual::new("回执内容无法识别", "the receipt cannot be read"),
        }
    }
}

/// One receipt.
#[derive(Clone, Debug, Deserialize)]
pub struct ReceiptNews {
    /// Our key.
    #[serde(default)]
    pub key: Option<String>,
    /// The carrier's reference, where the key is not known to it.
    #[serde(default, rename = "ref")]
    pub reference: Option<String>,
    /// `delivered` or `failed`; any other word tells nothing new.
    pub state: String,
    /// Why it failed.
    #[serde(default)]
    pub reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Many { receipts: Vec<ReceiptNews> },
    One(ReceiptNews),
}

/// What receipts came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Received {
    /// Messages that are known as arrived now.
    pub arrived: usize,
    /// Messages that are known as not arrived now.
    pub bounced: usize,
    /// Receipts that told nothing new.
    pub repeated: usize,
    /// Keys or references that belong to no message of ours.
    pub unknown: Vec<String>,
}

/// The signature of a body at a moment, hexadecimal: HMAC-SHA256 over `timestamp.body`.
#[must_use]
pub fn sign(key: &[u8], timestamp: &str, body: &[u8]) -> String {
    mac(key, timestamp, body).map_or_else(String::new, |mac| {
        mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    })
}

fn mac(key: &[u8], timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

/// Was a body signed with the key at a moment? Compared in constant time; an empty key signs nothing.
#[must_use]
pub fn is_signed(key: &[u8], timestamp: &str, body: &[u8], signature: &str) -> bool {
    let bytes: Option<Vec<u8>> = (0..signature.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(signature.get(at..at + 2)?, 16).ok())
        .collect();
    !key.is_empty()
        && bytes.zip(mac(key, timestamp, body)).is_some_and(|(bytes, mac)| mac.verify_slice(&bytes).is_ok())
}

/// Is it signed with the key, and fresh?
fn check(call: &SignedCall<'_>, key: &[u8], now: i64) -> Result<(), CallRefusal> {
    if !is_signed(key, call.timestamp, call.body, call.signature) {
        return Err(CallRefusal::BadSignature);
    }
    let seconds: i64 = call.timestamp.parse().map_err(|_| CallRefusal::Stale)?;
    if now.abs_diff(seconds) > FRESH_SECONDS.unsigned_abs() {
        return Err(CallRefusal::Stale);
    }
    Ok(())
}

/// Takes a call of the SMS gateway; its age is told by `work.now`.
///
/// # Errors
/// A bad signature, a stale or unreadable call; the database's.
pub fn sms_receipt(
    conn: &mut Conn,
    work: &Work<'_>,
    desk: &dyn Desk,
    (call, key): (&SignedCall<'_>, &[u8]),
    at: DateTime,
) -> Result<Received, OfficeError> {
    check(call, key, work.now / 1000).map_err(OfficeError::refuse)?;
    let body: Body =
        serde_json::from_slice(call.body).map_err(|_| OfficeError::refuse(CallRefusal::Unreadable))?;
    let news = match body {
        Body::Many { receipts } => receipts,
        Body::One(one) => vec![one],
    };
    let mut received = Received::default();
    for one in news {
        conn.write(|conn| take_news(conn, work, desk, &one, at, &mut received))?;
    }
    Ok(received)
}

fn take_news(
    conn: &mut Conn,
    work: &Work<'_>,
    desk: &dyn Desk,
    news: &ReceiptNews,
    at: DateTime,
    received: &mut Received,
) -> Result<(), OfficeError> {
    let by_key = news.key.as_deref().and_then(DeliveryKey::parse);
    let key = match (by_key, news.reference.as_deref()) {
        (Some(key), _) => Some(key),
        (None, Some(reference)) => store::key_of_ref(conn, reference)?,
        (None, None) => None,
    };
    let row = match key {
        Some(key) => store::locked(conn, key)?,
        None => None,
    };
    let Some(row) = row.filter(|row| row.channel == Channel::Sms && row.attempts > 0) else {
        received.unknown.extend(news.key.clone().or_else(|| news.reference.clone()));
        return Ok(());
    };
    let changed = match news.state.as_str() {
        "delivered" => arrive(conn, work, desk, row, at)?,
        "failed" => come_back(conn, work, desk, row, (at, news.reason.as_deref().unwrap_or("failed")))?,
        _ => false,
    };
    match (changed, news.state.as_str()) {
        (true, "delivered") => received.arrived += 1,
        (true, _) => received.bounced += 1,
        (false, _) => received.repeated += 1,
    }
    Ok(())
}

/// Notes an arrival; false when it was known, or the delivery had ended by a person's word.
fn arrive(
    conn: &mut Conn,
    work: &Work<'_>,
    desk: &dyn Desk,
    mut row: OutboxRow,
    at: DateTime,
) -> Result<bool, OfficeError> {
    if matches!(row.state, DeliveryState::Delivered | DeliveryState::Cancelled | DeliveryState::Refused) {
        return Ok(false);
    }
    store::end_attempt(conn, (row.key, row.attempts), AttemptOutcome::Taken, at, None)?;
    // A receipt tells the arrival itself.
    row.sent_at = row.sent_at.or(Some(at));
    let (row, _) = delivered(row, at);
    store::save(conn, std::slice::from_ref(&row))?;
    close_task(conn, work, row.key, at, "delivered")?;
    desk.arrived(conn, work, &[(row, at)])?;
    Ok(true)
}

/// Notes that a message came back; false when it was known. A message that arrived does not come back.
fn come_back(
    conn: &mut Conn,
    work: &Work<'_>,
    desk: &dyn Desk,
    mut row: OutboxRow,
    (at, why): (DateTime, &str),
) -> Result<bool, OfficeError> {
    let may = matches!(row.state, DeliveryState::Sent | DeliveryState::Sending | DeliveryState::Doubtful)
        || (row.state == DeliveryState::Queued && row.attempts > 0)
        || (row.state == DeliveryState::Delivered && row.channel == Channel::Email);
    if !may {
        return Ok(false);
    }
    if matches!(row.state, DeliveryState::Sending | DeliveryState::Doubtful) {
        // Who could not bring it had taken it.
        store::end_attempt(conn, (row.key, row.attempts), AttemptOutcome::Taken, at, Some(why))?;
    }
    row.state = DeliveryState::Bounced;
    row.ended_at = Some(at);
    row.next_at = at;
    row.detail = Some(why.to_owned());
    store::save(conn, std::slice::from_ref(&row))?;
    close_task(conn, work, row.key, at, "bounced")?;
    desk.failed(conn, work, &[row], at)?;
    Ok(true)
}

/// 退信: what a mail system reported about one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The key in the Message-ID of the returned mail, where it was found.
    pub key: Option<String>,
    /// The recipient.
    pub address: String,
    /// `failed`, `delayed`, `delivered`, `relayed`, `expanded` (RFC 3464, 2.3.3).
    pub action: String,
    /// Its status code and words.
    pub status: String,
}

/// Notes a report of a mail system: the message of the Message-ID, else the last one to that address.
///
/// # Errors
/// The database's.
pub fn bounce_take(
    conn: &mut Conn,
    work: &Work<'_>,
    desk: &dyn Desk,
    bounce: &Bounce,
    at: DateTime,
) -> Result<Received, OfficeError> {
    conn.write(|conn| {
        let mut received = Received::default();
        let key = match bounce.key.as_deref().and_then(DeliveryKey::parse) {
            Some(key) => Some(key),
            None => store::last_mail_to(conn, &bounce.address)?,
        };
        let row = match key {
            Some(key) => store::locked(conn, key)?,
            None => None,
        };
        let Some(row) = row.filter(|row| row.channel == Channel::Email && row.attempts > 0) else {
            received.unknown.push(bounce.key.clone().unwrap_or_else(|| bounce.address.clone()));
            return Ok(received);
        };
        let news = match bounce.action.as_str() {
            "failed" => {
                come_back(conn, work, desk, row, (at, &bounce.status))?.then_some(&mut received.bounced)
            }
            "delivered" => arrive(conn, work, desk, row, at)?.then_some(&mut received.arrived),
            _ => None,
        };
        match news {
            Some(count) => *count += 1,
            None => received.repeated += 1,
        }
        Ok(received)
    })
}
