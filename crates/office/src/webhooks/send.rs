//! Sends what is due: each delivery is taken, posted, and kept with what came of it.

use crate::error::OfficeError;
use crate::notices::outbox::sign;
use denghuo_store::Conn;
use denghuo_store::webhooks::{self as store, AttemptRow, DueRow, HookRow};
use std::collections::{HashMap, HashSet};

/// Attempts of a delivery.
const ATTEMPTS: i64 = 12;
/// Wait after the first failure, in ms; four times as long after each further one.
const FIRST_WAIT: i64 = 30_000;
/// Longest wait, in ms: six hours.
const LONGEST_WAIT: i64 = 6 * 60 * 60 * 1_000;
/// Failures in a row after which an endpoint is left alone until somebody looks.
const BREAKS: i64 = 40;
/// How long a sender may hold a delivery, in ms: it is sent again when he died with it.
const LEASE: i64 = 120_000;
/// Deliveries of a look.
const BATCH: i64 = 100;

/// One request of the sender.
#[derive(Clone, Debug)]
pub struct Posted<'a> {
    /// Where to.
    pub url: &'a str,
    /// The body, JSON.
    pub body: &'a str,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
}

/// 推送: posts events to other systems.
pub trait HookPort: Send + Sync {
    /// Posts and gives the HTTP status.
    ///
    /// # Errors
    /// There was no answer: why.
    fn post(&self, request: &Posted<'_>) -> Result<u16, String>;
    /// A secret of the environment.
    fn secret(&self, name: &str) -> Option<String>;
    /// This moment, ms since 1970.
    fn now(&self) -> i64;
}

/// What was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Taken over by the endpoint.
    pub sent: u64,
    /// Failed for now.
    pub failed: u64,
    /// Failed for good.
    pub given_up: u64,
}

/// Sends everything that is due; an endpoint that fails is left until its next turn.
///
/// # Errors
/// The database's.
pub fn send_due(conn: &mut Conn, port: &dyn HookPort) -> Result<Sent, OfficeError> {
    let mut sent = Sent::default();
    let mut failing: HashSet<i64> = HashSet::new();
    loop {
        let due = store::due(conn, port.now(), BATCH)?;
        let hooks: HashMap<i64, HookRow> =
            store::hooks(conn)?.into_iter().map(|hook| (hook.webhook_no, hook)).collect();
        let mut moved = false;
        for row in due {
            let Some(hook) = hooks.get(&row.webhook_no).filter(|_| !failing.contains(&row.webhook_no)) else {
                continue;
            };
            if !store::claim(conn, &row, port.now() + LEASE)? {
                continue;
            }
            moved = true;
            let state = one(conn, port, hook, &row)?;
            match state {
                "sent" => sent.sent += 1,
                "given_up" => sent.given_up += 1,
                _ => sent.failed += 1,
            }
            if state != "sent" {
                failing.insert(row.webhook_no);
            }
        }
        if !moved {
            return Ok(sent);
        }
    }
}

/// Posts one delivery and keeps what came of it.
fn one(
    conn: &mut Conn,
    port: &dyn HookPort,
    hook: &HookRow,
    row: &DueRow,
) -> Result<&'static str, OfficeError> {
    let begun_at = port.now();
    let (status, failure) = match post(port, hook, row, begun_at) {
        Ok(status @ 200..=299) => (status, None),
        Ok(status) => (status, Some(format!("HTTP {status}"))),
        Err(why) => (0, Some(why.chars().take(300).collect())),
    };
    let ended_at = port.now();
    let tried = row.attempts + 1;
    let (state, next_at) = match &failure {
        None => ("sent", ended_at),
        Some(_) if tried >= ATTEMPTS => ("given_up", ended_at),
        Some(_) => ("waiting", ended_at + wait_after(tried)),
    };
    let attempt =
        AttemptRow { attempt_no: 0, begun_at, took_ms: ended_at - begun_at, status: status.into(), failure };
    conn.write(|conn| {
        store::save_attempt(conn, row, &attempt, (state, next_at))?;
        store::count_hook(conn, row.webhook_no, state != "sent", BREAKS)?;
        Ok(state)
    })
}

/// How long is waited after so many attempts, in ms.
pub(super) fn wait_after(attempts: i64) -> i64 {
    let times = u32::try_from(attempts - 1).unwrap_or(0).min(15);
    FIRST_WAIT.saturating_mul(4_i64.saturating_pow(times)).min(LONGEST_WAIT)
}

fn post(port: &dyn HookPort, hook: &HookRow, row: &DueRow, now: i64) -> Result<u16, String> {
    let secret = match hook.secret.strip_prefix("env:") {
        Some(name) => port.secret(name).ok_or_else(|| format!("{name} is not set: 未设置"))?,
        None => hook.secret.clone(),
    };
    let timestamp = now.div_euclid(1_000).to_string();
    let signature = sign(secret.as_bytes(), &timestamp, row.payload.as_bytes());
    let headers = vec![
        ("Content-Type", "application/json".to_owned()),
        ("X-Denghuo-Event", row.kind.clone()),
        ("X-Denghuo-Delivery", format!("{}-{}", row.account_id, row.event_key)),
        ("X-Denghuo-Timestamp", timestamp),
        ("X-Denghuo-Signature", signature),
    ];
    port.post(&Posted { url: &hook.url, body: &row.payload, headers })
}
