//! 推送: endpoints of other systems, what each was told, and the sender in the background.

use crate::app::App;
use crate::ask::Ask;
use crate::input::{Nothing, moment_of};
use crate::paging::List;
use crate::people::{DONE, Done};
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::webhooks::{
    HookEvent, HookWish, send_due, webhook, webhook_add, webhook_edit, webhook_ping, webhook_replay,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_store::webhooks::{self as store, DeliveryPlace, HookRow};
use denghuo_store::{Conn, StoreError};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The endpoints.
pub fn routes() -> Routes {
    let manage = Permission::ManageHooks;
    Routes::of("webhooks", "推送")
        .list("/webhooks", manage, ("推送端点一览", "Endpoints that are told what happened"), webhook_list)
        .post(
            "/webhooks",
            manage,
            ("新建推送端点", "Make an endpoint; its secret is told once"),
            webhook_make,
        )
        .get("/webhooks/{webhook_no}", manage, ("推送端点", "One endpoint"), webhook_show)
        .edit(
            "/webhooks/{webhook_no}",
            manage,
            ("修改推送端点", "Change an endpoint"),
            (webhook_show, webhook_change),
        )
        .post(
            "/webhooks/{webhook_no}/ping",
            manage,
            ("试推送", "Send an event that says nothing"),
            webhook_try,
        )
        .list(
            "/webhooks/{webhook_no}/deliveries",
            manage,
            ("推送记录", "What an endpoint was told"),
            webhook_deliveries,
        )
        .get(
            "/webhooks/{webhook_no}/attempts",
            manage,
            ("推送尝试", "Every attempt of a delivery"),
            webhook_attempts,
        )
        .post("/webhooks/{webhook_no}/replay", manage, ("重新推送", "Send an event once more"), webhook_again)
}

/// Has what is due sent, on a thread of its own.
pub fn tend(app: &App, conn: &mut Conn) -> Result<(), StoreError> {
    let Some(port) = app.hooks() else { return Ok(()) };
    if store::due(conn, port.now(), 1)?.is_empty() || !app.begin_sending() {
        return Ok(());
    }
    let port = port.clone();
    app.spawn(move |app| {
        let sent = app.store().connect().map_err(Into::into).and_then(|mut conn| send_due(&mut conn, &*port));
        app.end_sending();
        match sent {
            Ok(sent) => {
                tracing::info!(
                    sent = sent.sent,
                    failed = sent.failed,
                    given_up = sent.given_up,
                    "events were sent"
                );
            }
            Err(error) => tracing::error!(error = %error, "events were not sent"),
        }
    });
    Ok(())
}

/// 推送端点
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Hook {
    /// Its number.
    webhook_no: i64,
    /// Where events are posted.
    url: String,
    /// Which.
    events: Vec<String>,
    /// What it is for.
    purpose: String,
    /// `live`, `off`, or `broken` after failures in a row: nothing is sent until it is changed.
    state: String,
    /// Failures in a row.
    failures: i64,
    /// The variable of the environment that holds its secret; none when the secret was made here.
    variable: Option<String>,
    /// Who made it.
    made_by: String,
    /// When.
    #[schemars(with = "DateForm")]
    made_on: Date,
}

impl From<HookRow> for Hook {
    fn from(row: HookRow) -> Self {
        Self {
            webhook_no: row.webhook_no,
            url: row.url,
            events: row.events.split(' ').map(str::to_owned).collect(),
            purpose: row.purpose,
            state: row.state,
            failures: row.failures,
            variable: row.secret.strip_prefix("env:").map(str::to_owned),
            made_by: row.made_by,
            made_on: row.made_on,
        }
    }
}

fn webhook_list(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<Hook>, Problem> {
    let hooks = store::hooks(ask.conn)?.into_iter().map(Hook::from).collect();
    ask.page.cut(hooks, |hook: &Hook| hook.webhook_no.to_string())
}

/// An endpoint in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct HookPath {
    /// Its number.
    webhook_no: i64,
}

fn webhook_show(ask: &mut Ask<'_>, path: &HookPath, _: &Nothing) -> Result<Hook, Problem> {
    Ok(webhook(ask.conn, path.webhook_no)?.into())
}

/// An endpoint as it is to be.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HookBody {
    /// Where events are posted: http or https.
    #[schemars(length(min = 8, max = 500))]
    url: String,
    /// Which.
    events: Vec<HookEvent>,
    /// What it is for.
    #[serde(default)]
    #[schemars(length(max = 200))]
    purpose: String,
    /// Is it told?
    #[serde(default = "yes")]
    live: bool,
}

fn yes() -> bool {
    true
}

impl HookBody {
    fn wish(&self) -> Result<HookWish, Problem> {
        if self.purpose.chars().count() > 200 {
            return Err(Problem::unreadable("body", "purpose: 0–200"));
        }
        Ok(HookWish {
            url: self.url.clone(),
            events: self.events.iter().map(|event| event.word().to_owned()).collect(),
            purpose: self.purpose.trim().to_owned(),
            live: self.live,
        })
    }
}

/// A new endpoint.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewHook {
    /// The endpoint.
    hook: HookBody,
    /// The variable of the environment that holds the secret, such as `DENGHUO_WEBHOOK_BANK`; a secret is made when none is named.
    #[serde(default)]
    #[schemars(length(max = 100))]
    variable: Option<String>,
}

/// A new endpoint and its secret.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct HookMade {
    /// Its number.
    webhook_no: i64,
    /// The secret, told once; none when it stands in the environment.
    secret: Option<String>,
}

fn webhook_make(ask: &mut Ask<'_>, _: &Nothing, body: &NewHook) -> Result<HookMade, Problem> {
    let wish = body.hook.wish()?;
    let (webhook_no, secret) = webhook_add(ask.conn, ask.work, &wish, body.variable.as_deref(), ask.today)?;
    Ok(HookMade { webhook_no, secret })
}

fn webhook_change(ask: &mut Ask<'_>, path: &HookPath, body: &HookBody) -> Result<Hook, Problem> {
    webhook_edit(ask.conn, ask.work, path.webhook_no, &body.wish()?)?;
    ask.app.wake();
    Ok(webhook(ask.conn, path.webhook_no)?.into())
}

fn webhook_try(ask: &mut Ask<'_>, path: &HookPath, _: &Nothing) -> Result<Done, Problem> {
    webhook_ping(ask.conn, ask.work, path.webhook_no, ask.today)?;
    ask.app.wake();
    Ok(DONE)
}

/// Which deliveries.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct DeliveryQuery {
    /// Only `waiting`, `sent` or `given_up`.
    #[serde(default)]
    state: Option<String>,
}

/// 推送记录: an event and what became of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct DeliveryLine {
    /// Names the event among those of its account.
    event_key: String,
    /// Word of the event.
    kind: String,
    /// 户号
    account_no: Option<String>,
    /// Business day.
    #[schemars(with = "DateForm")]
    happened_on: Date,
    /// `waiting`, `sent` or `given_up`.
    state: String,
    /// Attempts since it was last asked for.
    attempts: i64,
    /// When it is due, or was sent or given up.
    #[schemars(with = "MomentForm")]
    at: DateTime,
    /// What is posted.
    payload: Value,
}

fn webhook_deliveries(
    ask: &mut Ask<'_>,
    path: &HookPath,
    query: &DeliveryQuery,
) -> Result<List<DeliveryLine>, Problem> {
    webhook(ask.conn, path.webhook_no)?;
    let after = match &ask.page.after {
        None => None,
        Some(key) => Some(place_of(key).ok_or_else(|| Problem::unreadable("cursor", "cursor"))?),
    };
    let limit = ask.page.limit;
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let rows =
        store::deliveries(ask.conn, path.webhook_no, query.state.as_deref(), after.as_ref(), one_more)?;
    let page = List::of_one_more(rows, limit, |row| {
        format!("{}\n{}\n{}", row.next_at, row.account_id, row.event_key)
    });
    let items = page
        .items
        .into_iter()
        .map(|row| DeliveryLine {
            at: moment_of(row.next_at),
            payload: serde_json::from_str(&row.payload).unwrap_or_default(),
            event_key: row.event_key,
            kind: row.kind,
            account_no: row.account_no,
            happened_on: row.happened_on,
            state: row.state,
            attempts: row.attempts,
        })
        .collect();
    Ok(List { items, next_cursor: page.next_cursor })
}

fn place_of(key: &str) -> Option<DeliveryPlace> {
    let mut parts = key.splitn(3, '\n');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.to_owned()))
}

/// A delivery.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeliveryName {
    /// 户号; none for an event of no account.
    #[serde(default)]
    account_no: Option<String>,
    /// The event, such as `bill.released:12`.
    event_key: String,
}

fn account_of(ask: &mut Ask<'_>, name: &DeliveryName) -> Result<i64, Problem> {
    match &name.account_no {
        None => Ok(0),
        Some(account_no) => Ok(denghuo_office::payments::find_account(ask.conn, account_no)?),
    }
}

/// Every attempt.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Attempts {
    /// In order.
    attempts: Vec<Attempt>,
}

/// One attempt.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Attempt {
    /// From 1.
    attempt_no: i64,
    /// When it began.
    #[schemars(with = "MomentForm")]
    begun_at: DateTime,
    /// How long it took.
    took_ms: i64,
    /// HTTP status; 0 when there was no answer.
    status: i64,
    /// Why it failed.
    failure: Option<String>,
}

fn webhook_attempts(ask: &mut Ask<'_>, path: &HookPath, name: &DeliveryName) -> Result<Attempts, Problem> {
    webhook(ask.conn, path.webhook_no)?;
    let account_id = account_of(ask, name)?;
    let rows = store::attempts(ask.conn, path.webhook_no, account_id, &name.event_key)?;
    let attempt = |row: store::AttemptRow| Attempt {
        attempt_no: row.attempt_no,
        begun_at: moment_of(row.begun_at),
        took_ms: row.took_ms,
        status: row.status,
        failure: row.failure,
    };
    Ok(Attempts { attempts: rows.into_iter().map(attempt).collect() })
}

fn webhook_again(ask: &mut Ask<'_>, path: &HookPath, name: &DeliveryName) -> Result<Done, Problem> {
    let account_id = account_of(ask, name)?;
    webhook_replay(ask.conn, ask.work, path.webhook_no, (account_id, &name.event_key))?;
    ask.app.wake();
    Ok(DONE)
}
