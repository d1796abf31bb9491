//! 推送 (foundation `webhooks`): other systems are told what happened. An event is written in the transaction of its fact, under a key that
//! names the fact once; it is sent at least once, signed, and again after a failure, for some days.

mod address;
mod send;
#[cfg(test)]
mod tests;

pub use address::{Target, is_public, target_of};
pub use send::{HookPort, Posted, Sent, send_due};

use crate::access::fresh_secret;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
pub use denghuo_rules::webhooks::HookEvent;
use denghuo_store::webhooks::{self as store, EventRow, HookRow};
use denghuo_store::{Conn, registry};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The event that tries an endpoint out.
pub const PING: &str = "ping";

/// Why an endpoint is not taken; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookRefusal {
    /// There is no such endpoint.
    Unknown(i64),
    /// Not an address of the web.
    BadAddress(String),
    /// No such event.
    UnknownEvent(String),
    /// It is to be told nothing.
    NoEvent,
    /// No name of a variable.
    BadVariable(String),
    /// There is no such delivery.
    UnknownDelivery(String),
}

impl Refuse for HookRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "webhook.unknown",
            Self::BadAddress(_) => "webhook.bad_address",
            Self::UnknownEvent(_) => "webhook.bad_event",
            Self::NoEvent => "webhook.no_event",
            Self::BadVariable(_) => "webhook.bad_variable",
            Self::UnknownDelivery(_) => "webhook.unknown_delivery",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(no) => {
                Bilingual::new(format!("没有推送端点{no}"), format!("there is no webhook {no}"))
            }
            Self::BadAddress(why) => Bilingual::new(
                format!("地址不可用,须为http或https:{why}"),
                format!("not a usable http or https address: {why}"),
            ),
            Self::UnknownEvent(word) => {
                Bilingual::new(format!("没有事件“{word}”"), format!("there is no event `{word}`"))
            }
            Self::NoEvent => Bilingual::new("至少选择一个事件", "choose one event at least"),
            Self::BadVariable(name) => Bilingual::new(
                format!("环境变量名须以DENGHUO_WEBHOOK_开头:{name}"),
                format!("the variable has to begin with DENGHUO_WEBHOOK_: {name}"),
            ),
            Self::UnknownDelivery(key) => {
                Bilingual::new(format!("没有推送记录{key}"), format!("there is no delivery {key}"))
            }
        }
    }
}

/// A fact that others may be told.
#[derive(Clone, Debug)]
pub struct HookFact {
    /// The account.
    pub account_id: i64,
    /// Which event.
    pub event: HookEvent,
    /// Its number among those of the account and event.
    pub no: i64,
    /// Business day.
    pub happened_on: Date,
    /// What is told beside account and day.
    pub data: Value,
}

/// Tells the endpoints that want it, in the running transaction. Costs one query where nobody wants anything.
///
/// # Errors
/// The database's.
pub fn tell(conn: &mut Conn, work: &Work<'_>, facts: &[HookFact]) -> Result<(), OfficeError> {
    if facts.is_empty() {
        return Ok(());
    }
    let hooks: Vec<HookRow> = store::hooks(conn)?.into_iter().filter(|hook| hook.state != "off").collect();
    let wanted_by = |event: HookEvent| -> Vec<i64> {
        let wants = |hook: &&HookRow| hook.events.split(' ').any(|word| word == event.word());
        hooks.iter().filter(wants).map(|hook| hook.webhook_no).collect()
    };
    let wanted: Vec<(&HookFact, Vec<i64>)> = facts
        .iter()
        .map(|fact| (fact, wanted_by(fact.event)))
        .filter(|(_, hooks)| !hooks.is_empty())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let mut accounts: Vec<i64> = wanted.iter().map(|(fact, _)| fact.account_id).collect();
    accounts.sort_unstable();
    let mut numbers = HashMap::new();
    for range in denghuo_store::day::spans(accounts) {
        let found = registry::accounts(conn, range.from, range.to)?;
        numbers.extend(found.into_iter().map(|account| (account.account_id, account.account_no)));
    }
    let rows: Vec<(EventRow, Vec<i64>)> = wanted
        .into_iter()
        .map(|(fact, hooks)| {
            let event_key = format!("{}:{}", fact.event.word(), fact.no);
            let account_no = numbers.get(&fact.account_id);
            let payload = json!({
                "event": fact.event.word(),
                "key": format!("{}:{event_key}", account_no.map_or("", String::as_str)),
                "account_no": account_no,
                "happened_on": fact.happened_on,
                "recorded_at": work.now,
                "data": fact.data,
            });
            let row = EventRow {
                account_id: fact.account_id,
                event_key,
                kind: fact.event.word().to_owned(),
                happened_on: fact.happened_on,
                payload: payload.to_string(),
            };
            (row, hooks)
        })
        .collect();
    Ok(store::insert_events(conn, &rows, work.now)?)
}

/// An endpoint as somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookWish {
    /// Where events are posted.
    pub url: String,
    /// Which.
    pub events: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// Is it told?
    pub live: bool,
}

fn checked(wish: &HookWish) -> Result<String, OfficeError> {
    target_of(&wish.url).map_err(|why| OfficeError::refuse(HookRefusal::BadAddress(why)))?;
    if let Some(word) = wish.events.iter().find(|word| HookEvent::from_word(word).is_none()) {
        return Err(OfficeError::refuse(HookRefusal::UnknownEvent(word.clone())));
    }
    let words: Vec<&str> = HookEvent::ALL
        .iter()
        .map(|event| event.word())
        .filter(|word| wish.events.iter().any(|w| w == word))
        .collect();
    if words.is_empty() {
        return Err(OfficeError::refuse(HookRefusal::NoEvent));
    }
    Ok(words.join(" "))
}

/// Makes an endpoint. Its secret is made and told once, or stands in a variable of the environment that is named.
///
/// # Errors
/// A [`HookRefusal`], or the database's.
pub fn webhook_add(
    conn: &mut Conn,
    work: &Work<'_>,
    wish: &HookWish,
    variable: Option<&str>,
    on: Date,
) -> Result<(i64, Option<String>), OfficeError> {
    let events = checked(wish)?;
    let is_name = |name: &str| {
        name.starts_with("DENGHUO_WEBHOOK_")
            && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    if let Some(name) = variable.filter(|name| !is_name(name)) {
        return Err(OfficeError::refuse(HookRefusal::BadVariable(name.to_owned())));
    }
    let made = variable.is_none().then(fresh_secret);
    let secret = made.clone().unwrap_or_else(|| format!("env:{}", variable.unwrap_or_default()));
    conn.write(|conn| {
        let webhook_no = store::hooks(conn)?.last().map_or(1, |hook| hook.webhook_no + 1);
        let row = HookRow {
            webhook_no,
            url: wish.url.clone(),
            events,
            secret,
            purpose: wish.purpose.clone(),
            state: if wish.live { "live" } else { "off" }.to_owned(),
            failures: 0,
            made_by: work.by.clone(),
            made_on: on,
            changed_at: work.now,
        };
        store::save_hook(conn, &row)?;
        Ok((webhook_no, made))
    })
}

/// The endpoint with a number.
///
/// # Errors
/// There is none, or the database's.
pub fn webhook(conn: &mut Conn, webhook_no: i64) -> Result<HookRow, OfficeError> {
    let found = store::hooks(conn)?.into_iter().find(|hook| hook.webhook_no == webhook_no);
    found.ok_or_else(|| OfficeError::refuse(HookRefusal::Unknown(webhook_no)))
}

/// Changes an endpoint; one that broke begins anew.
///
/// # Errors
/// A [`HookRefusal`], or the database's.
pub fn webhook_edit(
    conn: &mut Conn,
    work: &Work<'_>,
    webhook_no: i64,
    wish: &HookWish,
) -> Result<(), OfficeError> {
    let events = checked(wish)?;
    let row = webhook(conn, webhook_no)?;
    let state = if wish.live { "live" } else { "off" }.to_owned();
    let (url, purpose) = (wish.url.clone(), wish.purpose.clone());
    Ok(store::save_hook(
        conn,
        &HookRow { url, events, purpose, state, failures: 0, changed_at: work.now, ..row },
    )?)
}

/// Sends a first event to an endpoint, which says nothing but that it is one.
///
/// # Errors
/// There is no such endpoint, or the database's.
pub fn webhook_ping(conn: &mut Conn, work: &Work<'_>, webhook_no: i64, on: Date) -> Result<(), OfficeError> {
    webhook(conn, webhook_no)?;
    let event_key = format!("{PING}:{}", fresh_secret().get(..16).unwrap_or_default());
    let payload = json!({ "event": PING, "key": format!(":{event_key}"), "account_no": null, "happened_on": on,
        "recorded_at": work.now, "data": {} });
    let row = EventRow {
        account_id: 0,
        event_key,
        kind: PING.to_owned(),
        happened_on: on,
        payload: payload.to_string(),
    };
    Ok(store::insert_events(conn, &[(row, vec![webhook_no])], work.now)?)
}

/// Sends an event once more, whatever became of it.
///
/// # Errors
/// There is no such delivery, or the database's.
pub fn webhook_replay(
    conn: &mut Conn,
    work: &Work<'_>,
    webhook_no: i64,
    (account_id, event_key): (i64, &str),
) -> Result<(), OfficeError> {
    webhook(conn, webhook_no)?;
    if store::replay(conn, webhook_no, account_id, event_key, work.now)? {
        return Ok(());
    }
    Err(OfficeError::refuse(HookRefusal::UnknownDelivery(event_key.to_owned())))
}
