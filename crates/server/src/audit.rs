//! 审计: who changed what and when, with before and after, and who looked at personal data.

use crate::app::App;
use crate::ask::Ask;
use crate::edit::Change;
use crate::input::{Nothing, moment_of};
use crate::paging::List;
use crate::perform::Around;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, Words};
use axum::http::StatusCode;
use denghuo_rules::access::{LOG_TOPIC, LogRule, Permission, Role};
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_store::audit::{NewChange, Origin, TrailFilter, TrailPlace, TrailRow, forget, log_change, trail};
use denghuo_store::{Conn, StoreError};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The endpoints.
pub fn routes() -> Routes {
    Routes::of("audit", "审计").list(
        "/audit",
        Permission::SeeAudit,
        ("审计日志", "Every change with before and after, and every look at personal data, the latest first"),
        audit_trail,
    )
}

/// Keeps in the log that a request changed something.
pub fn keep(conn: &mut Conn, around: &Around<'_>, change: Option<&Change>) -> Result<(), Problem> {
    let call = around.call;
    let operation = format!("{} {}", call.method, around.facts.name);
    let sent = call.sent.as_deref().filter(|sent| !sent.is_empty());
    log_change(
        conn,
        &NewChange {
            recorded_at: around.work.now,
            happened_on: around.moment.local.date(),
            account_id: around.account_id.unwrap_or(0),
            who: &around.work.by,
            operation: &operation,
            target: &call.target,
            digest: &call.digest,
            before: change.and_then(|change| change.before.as_deref()),
            after: change.map_or(sent, |change| change.after.as_deref()),
        },
    )?;
    Ok(())
}

/// Forgets what the rule of retention no longer keeps.
pub fn forget_old(app: &App, conn: &mut Conn) -> Result<u64, StoreError> {
    let (law, now) = (app.law(), app.now());
    let today = now.local.date();
    let Ok(rule) = law.book.pick::<LogRule>(LOG_TOPIC, &law.site, today) else { return Ok(0) };
    let months = rule.params.keep_months.max(1);
    let Ok(since) = now.local.checked_sub(jiff::Span::new().months(months)) else { return Ok(0) };
    forget(conn, ms_of(since))
}

/// Milliseconds since 1970 of a moment in Beijing time.
fn ms_of(moment: DateTime) -> i64 {
    const BEIJING: jiff::tz::Offset = jiff::tz::Offset::constant(8);
    BEIJING.to_timestamp(moment).map_or(0, jiff::Timestamp::as_millisecond)
}

/// 来源: where a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Source {
    /// A request of the API that changed something.
    Change,
    /// What a use case noted, whoever asked for it: the API, the command line, the business day.
    Mark,
    /// A look at personal data in full.
    Look,
}

impl Source {
    fn origin(self) -> Origin {
        match self {
            Self::Change => Origin::Change,
            Self::Mark => Origin::Mark,
            Self::Look => Origin::Look,
        }
    }

    fn of(origin: Origin) -> Self {
        match origin {
            Origin::Change => Self::Change,
            Origin::Mark => Self::Mark,
            Origin::Look => Self::Look,
        }
    }
}

/// Which lines.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct AuditQuery {
    /// Only of this source.
    #[serde(default)]
    source: Option<Source>,
    /// Only of this login or staff code.
    #[serde(default)]
    who: Option<String>,
    /// Only of this account.
    #[serde(default)]
    account_no: Option<String>,
    /// Only what holds this in its action, such as `person_edit`.
    #[serde(default)]
    action: Option<String>,
    /// From this day on.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    from: Option<Date>,
    /// Up to this day.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    until: Option<Date>,
    /// The order; the latest first when not given.
    #[serde(default)]
    sort: Sort<AuditLine>,
}

/// A line of the audit log.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct AuditLine {
    /// When it was recorded.
    #[schemars(with = "MomentForm")]
    at: DateTime,
    /// Where it comes from.
    source: Source,
    /// Who: login or staff code; `system` for the business day.
    who: String,
    /// What was done.
    action: String,
    /// What was touched.
    subject: String,
    /// 户号
    account_no: Option<String>,
    /// Business day.
    #[schemars(with = "DateForm")]
    happened_on: Date,
    /// Before; a text where it is no JSON.
    before: Option<Value>,
    /// After, or what was sent.
    after: Option<Value>,
    /// Are before and after kept back, because the account is not in one's scope?
    kept_back: bool,
}

impl Words for AuditLine {
    fn words() -> Vec<&'static str> {
        vec!["at"]
    }
}

fn audit_trail(ask: &mut Ask<'_>, _: &Nothing, query: &AuditQuery) -> Result<List<AuditLine>, Problem> {
    // An administrator sees that something was done at every account, and what only where no account is concerned.
    let sees_all = ask.who.holds(Role::Administrator);
    let root = if sees_all { 0 } else { ask.root()? };
    let account_id = match &query.account_no {
        None => None,
        Some(account_no) => Some(account(ask, account_no, root)?),
    };
    let day = |date: Option<Date>| date.map(|date| ms_of(date.at(0, 0, 0, 0)));
    let until = query.until.and_then(|until| until.tomorrow().ok());
    let filter = TrailFilter {
        origin: query.source.map(Source::origin),
        who: query.who.as_deref(),
        account_id,
        action: query.action.as_deref(),
        from: day(query.from).unwrap_or(0),
        until: day(until).unwrap_or(i64::MAX),
        root,
        ascending: query.sort.chosen().is_some_and(|(_, descending)| !descending),
    };
    let after = match &ask.page.after {
        None => None,
        Some(key) => Some(place_of(key).ok_or_else(|| Problem::unreadable("cursor", "cursor"))?),
    };
    let limit = ask.page.limit;
    let rows = trail(ask.conn, &filter, after.as_ref(), limit + 1)?;
    let page = List::of_one_more(rows, limit, key_of);
    let hides = ask.who.person.scope.is_none();
    let items = page.items.into_iter().map(|row| line(row, hides)).collect();
    Ok(List { items, next_cursor: page.next_cursor })
}

fn account(ask: &mut Ask<'_>, account_no: &str, root: i64) -> Result<i64, Problem> {
    match denghuo_store::access::account_in_scope(ask.conn, account_no, root)? {
        Some((account_id, true)) => Ok(account_id),
        Some((_, false)) => Err(Problem::foreign_account()),
        None => Err(Problem::new(
            StatusCode::NOT_FOUND,
            "account.unknown",
            format!("没有户号{account_no}"),
            format!("there is no account {account_no}"),
        )),
    }
}

fn line(row: TrailRow, hides: bool) -> AuditLine {
    let kept_back = hides && row.account_id != 0 && (row.before.is_some() || row.after.is_some());
    let value = |text: Option<String>| {
        text.filter(|_| !kept_back).map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text)))
    };
    AuditLine {
        at: moment_of(row.recorded_at),
        source: Source::of(row.origin),
        who: row.who,
        action: row.action,
        subject: row.subject,
        account_no: row.account_no,
        happened_on: row.happened_on,
        before: value(row.before),
        after: value(row.after),
        kept_back,
    }
}

fn key_of(row: &TrailRow) -> String {
    let origin = match row.origin {
        Origin::Change => 0,
        Origin::Mark => 1,
        Origin::Look => 2,
    };
    format!("{}\n{origin}\n{}\n{}\n{}", row.recorded_at, row.key.0, row.key.1, row.key.2)
}

fn place_of(key: &str) -> Option<TrailPlace> {
    let mut parts = key.splitn(5, '\n');
    let at = parts.next()?.parse().ok()?;
    let origin = match parts.next()? {
        "0" => Origin::Change,
        "1" => Origin::Mark,
        "2" => Origin::Look,
        _ => return None,
    };
    let key = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.to_owned());
    Some((at, origin, key))
}
