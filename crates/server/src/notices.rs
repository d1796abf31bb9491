//! 通知: what customers were told, how it arrived, what did not, and what people do about it.

mod papers;
mod serve;

use crate::ask::Ask;
use crate::input::{Nothing, PersonalQuery};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, ordered_by};
use crate::tasks::days_between;
use denghuo_office::notices::{
    General, NoticeShown, Templates, message, notice_carry, notice_list, notice_requeue, notice_show,
    notice_withdraw,
};
use denghuo_office::registry::{Personal, mask};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_rules::notices::{Channel, DeliveryState, NoticeKind};
use denghuo_rules::registry::CustomerKind;
use denghuo_rules::units::Money;
use denghuo_store::notices::{self as store, LATE_ORDERS, ListedNotice, NOTICE_ORDERS, NoticeFilter};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    let (see, work) = (Permission::SeeAccounts, Permission::ServeNotices);
    let routes = Routes::of("notices", "通知")
        .list(
            "/notices",
            see,
            ("通知清单", "Notices of one's unit with their last delivery, the latest first"),
            notices,
        )
        .list(
            "/notices/late",
            see,
            ("逾期未送达", "Open notices whose clock has run out, the oldest clock first"),
            late,
        )
        .list(
            "/accounts/{account_no}/notices",
            see,
            ("通知与送达", "What an account was told, with every delivery, the newest first"),
            account_notices,
        )
        .get(
            "/accounts/{account_no}/notices/{notice_no}",
            see,
            ("通知", "One notice with its deliveries"),
            one,
        )
        .get(
            "/accounts/{account_no}/notices/{notice_no}/text",
            Permission::SeePersonal,
            ("通知文字", "The words of a notice as it leaves by a channel"),
            text,
        )
        .post(
            "/accounts/{account_no}/notices/{notice_no}/withdraw",
            work,
            ("撤回通知", "A notice that was not served is not needed any more"),
            withdraw,
        )
        .post(
            "/accounts/{account_no}/notices/{notice_no}/repeat",
            work,
            ("重新送达", "A notice that found no way is tried again, with the contacts as they are now"),
            repeat,
        )
        .once()
        .post(
            "/accounts/{account_no}/notices/{notice_no}/carry",
            work,
            ("安排上门送达", "Somebody brings it to the door: it goes with the next package of the field"),
            carry,
        );
    papers::add(serve::add(routes))
}

/// A notice in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct NoticePath {
    /// Number of the notice within the account.
    notice_no: i64,
}

/// Which notices.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct NoticeQuery {
    /// Of this kind.
    #[serde(default)]
    kind: Option<NoticeKind>,
    /// In this state: `open`, `served`, `failed`, `withdrawn`.
    #[serde(default)]
    state: Option<NoticeState>,
    /// Whose last delivery goes by this channel.
    #[serde(default)]
    channel: Option<Channel>,
    /// Whose last delivery stands so.
    #[serde(default)]
    delivery: Option<DeliveryState>,
    /// Code of a unit; it and those below it.
    #[serde(default)]
    org: Option<String>,
    /// Decided from this day on.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    from: Option<Date>,
    /// Decided through this day.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    until: Option<Date>,
    /// The order; the latest first when not given.
    #[serde(default)]
    sort: Sort<NoticeLine>,
}

/// 通知状态
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum NoticeState {
    /// Not served yet.
    Open,
    /// Served.
    Served,
    /// No way was left.
    Failed,
    /// Not needed any more.
    Withdrawn,
}

impl NoticeState {
    const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Served => "served",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Which notices are late.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct LateQuery {
    /// Of this kind.
    #[serde(default)]
    kind: Option<NoticeKind>,
    /// Whose last delivery goes by this channel.
    #[serde(default)]
    channel: Option<Channel>,
    /// Code of a unit; it and those below it.
    #[serde(default)]
    org: Option<String>,
    /// The order; the oldest clock first when not given.
    #[serde(default)]
    sort: Sort<NoticeLine>,
}

/// A notice on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct NoticeLine {
    /// 户号
    account_no: String,
    /// 户名
    customer: String,
    /// Name of the unit.
    org: String,
    /// Number within the account.
    notice_no: i64,
    /// What is told.
    kind: NoticeKind,
    /// Business day of the decision.
    #[schemars(with = "DateForm")]
    decided_on: Date,
    /// Day by which it has to arrive.
    #[schemars(with = "DateForm")]
    due_by: Date,
    /// 还剩 (or, negative, 已超) days of an open one.
    days_left: Option<i64>,
    /// Principal it tells.
    amount: Money,
    /// `open`, `served`, `failed`, `withdrawn`.
    state: String,
    /// The arrival that counts.
    #[schemars(with = "Option<MomentForm>")]
    served_at: Option<DateTime>,
    /// Its channel.
    served_how: Option<Channel>,
    /// Why it ended without arriving.
    ended_why: Option<String>,
    /// Channel of the last delivery.
    channel: Option<Channel>,
    /// How that stands.
    delivery: Option<DeliveryState>,
    /// What the carrier said.
    detail: Option<String>,
    /// What helps now: `serve` by hand, `wait` for the carrier, `print`, `repeat`; none when nothing has to be done.
    next: Option<&'static str>,
    /// By when the task about it is to be done.
    #[schemars(with = "Option<DateForm>")]
    task_due_on: Option<Date>,
}

ordered_by!(NoticeLine, NOTICE_ORDERS);

impl NoticeLine {
    fn of(row: ListedNotice, today: Date) -> Self {
        let notice = row.notice;
        let (channel, delivery, detail) = match row.last {
            Some((channel, delivery, detail)) => (Some(channel), Some(delivery), detail),
            None => (None, None, None),
        };
        let is_open = notice.state == "open" || notice.state == "failed";
        Self {
            customer: shown_name(row.customer, &row.customer_kind, false),
            account_no: row.account_no,
            org: row.org,
            notice_no: notice.notice_no,
            kind: notice.kind,
            decided_on: notice.decided_on,
            due_by: notice.due_by,
            days_left: is_open.then(|| days_between(today, notice.due_by)),
            amount: notice.amount,
            next: next_of(&notice.state, channel, delivery),
            state: notice.state,
            served_at: notice.served_at,
            served_how: notice.served_how,
            ended_why: notice.ended_why,
            channel,
            delivery,
            detail,
            task_due_on: row.task.and_then(|(_, due_on)| due_on),
        }
    }
}

/// What helps a notice that was not served.
fn next_of(state: &str, channel: Option<Channel>, delivery: Option<DeliveryState>) -> Option<&'static str> {
    match (state, channel, delivery) {
        ("failed", ..) => Some("repeat"),
        ("open", Some(channel), Some(state)) if channel.is_electronic() => match state {
            DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Sent => Some("wait"),
            _ => Some("serve"),
        },
        ("open", Some(Channel::Door | Channel::Posting | Channel::Phone), _) => Some("serve"),
        ("open", Some(_), Some(DeliveryState::Queued)) => Some("print"),
        ("open", ..) => Some("serve"),
        _ => None,
    }
}

/// The name of a customer, a person's masked unless asked for in full.
pub fn shown_name(name: String, kind: &str, in_full: bool) -> String {
    if kind == CustomerKind::Person.word() && !in_full { mask(&name, Personal::Name) } else { name }
}

fn notices(ask: &mut Ask<'_>, _: &Nothing, query: &NoticeQuery) -> Result<List<NoticeLine>, Problem> {
    let filter = NoticeFilter {
        root: ask.root()?,
        org: query.org.as_deref(),
        kind: query.kind,
        state: query.state.map(NoticeState::word),
        channel: query.channel,
        delivery: query.delivery,
        from: query.from,
        until: query.until,
        late_on: None,
    };
    page_of(ask, &filter, &query.sort)
}

fn late(ask: &mut Ask<'_>, _: &Nothing, query: &LateQuery) -> Result<List<NoticeLine>, Problem> {
    let filter = NoticeFilter {
        root: ask.root()?,
        org: query.org.as_deref(),
        kind: query.kind,
        channel: query.channel,
        late_on: Some(ask.today),
        ..NoticeFilter::default()
    };
    page_of(ask, &filter, &query.sort)
}

fn page_of(
    ask: &mut Ask<'_>,
    filter: &NoticeFilter<'_>,
    sort: &Sort<NoticeLine>,
) -> Result<List<NoticeLine>, Problem> {
    let orders = if filter.late_on.is_some() { &LATE_ORDERS } else { &NOTICE_ORDERS };
    let slice = ask.page.slice(orders, sort)?;
    let rows = store::notice_page(ask.conn, filter, &slice)?;
    let today = ask.today;
    Ok(List::of_placed(rows, ask.page.limit).map(|row| NoticeLine::of(row, today)))
}

/// A place in a list: day, account and number.
pub fn place_of(key: &str) -> Result<(Date, i64, i64), Problem> {
    let mut parts = key.split(' ');
    let read = (|| {
        let day = parts.next()?.parse().ok()?;
        Some((day, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    })();
    read.ok_or_else(|| Problem::unreadable("cursor", "cursor"))
}

fn account_notices(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &PersonalQuery,
) -> Result<List<NoticeShown>, Problem> {
    let account_id = ask.account()?;
    let in_full = ask.in_full(query.personal, account_id, "notices")?;
    let notices = notice_list(ask.conn, account_id, in_full)?;
    ask.page.cut(notices, |notice| notice.notice_no.to_string())
}

fn one(ask: &mut Ask<'_>, path: &NoticePath, query: &PersonalQuery) -> Result<NoticeShown, Problem> {
    let account_id = ask.account()?;
    let in_full = ask.in_full(query.personal, account_id, &format!("notice:{}", path.notice_no))?;
    Ok(notice_show(ask.conn, (account_id, path.notice_no), in_full)?)
}

/// By which channel.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct TextQuery {
    /// `email`, `sms` or `phone`; `sms` when not given.
    #[serde(default)]
    channel: Option<Channel>,
}

/// The words of a notice.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Words {
    /// Subject line.
    subject: String,
    /// The text.
    text: String,
}

fn text(ask: &mut Ask<'_>, path: &NoticePath, query: &TextQuery) -> Result<Words, Problem> {
    let account_id = ask.account()?;
    ask.in_full(true, account_id, &format!("notice:{}:text", path.notice_no))?;
    let notice = store::notice(ask.conn, account_id, path.notice_no)?.ok_or_else(Problem::not_found)?;
    let general = General::of(ask.conn, ask.work, notice.decided_on)?;
    let templates = Templates::with_site(&[])?;
    let channel = query.channel.unwrap_or(Channel::Sms);
    let said = message(ask.conn, ask.work, (&general, &templates), &notice, channel)?;
    Ok(Words { subject: said.subject, text: said.text })
}

/// Why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhyBody {
    /// Why it is not needed any more.
    #[schemars(length(min = 1, max = 200))]
    why: String,
}

fn withdraw(ask: &mut Ask<'_>, path: &NoticePath, body: &WhyBody) -> Result<NoticeShown, Problem> {
    let key = (ask.account()?, path.notice_no);
    if body.why.trim().is_empty() {
        return Err(Problem::unreadable("body", "why: 1–200"));
    }
    notice_withdraw(ask.conn, ask.work, key, &body.why, ask.now)?;
    Ok(notice_show(ask.conn, key, false)?)
}

fn repeat(ask: &mut Ask<'_>, path: &NoticePath, _: &Nothing) -> Result<NoticeShown, Problem> {
    let key = (ask.account()?, path.notice_no);
    notice_requeue(ask.conn, ask.work, key, ask.now)?;
    Ok(notice_show(ask.conn, key, false)?)
}

fn carry(ask: &mut Ask<'_>, path: &NoticePath, _: &Nothing) -> Result<NoticeShown, Problem> {
    let key = (ask.account()?, path.notice_no);
    notice_carry(ask.conn, ask.work, key, ask.now)?;
    Ok(notice_show(ask.conn, key, false)?)
}
