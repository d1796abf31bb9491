//! 待办: what the people of a role have to look at, the most urgent first.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::registry::{Personal, mask};
use denghuo_rules::access::{Permission, Role};
use denghuo_rules::calendar::DateForm;
use denghuo_store::tasks::{After, InboxFilter, Listed, inbox};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The endpoints.
pub fn routes() -> Routes {
    Routes::of("tasks", "待办").list(
        "/tasks",
        Permission::SeeTasks,
        (
            "待办清单",
            "Open tasks of one's role in one's unit, the earliest day first; a manager may ask for any role",
        ),
        task_list,
    )
}

/// Which tasks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct TaskQuery {
    /// Only of this kind, such as `reading_exception`.
    #[serde(default)]
    kind: Option<String>,
    /// Of this role instead of one's own; for managers.
    #[serde(default)]
    role: Option<Role>,
    /// Only due on or before this day.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    due_by: Option<Date>,
}

/// A task on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TaskLine {
    /// What kind of work it is.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// 户号; none for a task of no account.
    pub account_no: Option<String>,
    /// 用电地址, its first characters.
    pub address: Option<String>,
    /// What it is about, such as `2026-08`.
    pub subject: String,
    /// Codes of the findings.
    pub codes: Vec<String>,
    /// The findings in words.
    pub detail: String,
    /// Role that has to act.
    pub role: String,
    /// When it was opened.
    #[schemars(with = "DateForm")]
    pub opened_on: Date,
    /// By when it is to be done.
    #[schemars(with = "Option<DateForm>")]
    pub due_on: Option<Date>,
    /// 还剩 (or, negative, 已超) days.
    pub days_left: Option<i64>,
}

impl TaskLine {
    /// As it is shown on a day.
    pub fn of(listed: Listed, today: Date) -> Self {
        let task = listed.task;
        Self {
            name: name_of(&task.kind).to_owned(),
            account_no: listed.account_no,
            address: listed.address.map(|address| mask(&address, Personal::Address)),
            subject: task.subject,
            codes: task.codes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
            detail: task.detail,
            role: task.owner_role,
            opened_on: task.opened_on,
            due_on: task.due_on,
            days_left: task.due_on.map(|due| days_between(today, due)),
            kind: task.kind,
        }
    }
}

/// Whole days from one day to another.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// The Chinese name of a kind of task; the word itself where there is none.
pub fn name_of(kind: &str) -> &str {
    NAMES.iter().find(|(word, _)| *word == kind).map_or(kind, |(_, name)| name)
}

/// The kinds of tasks and their names.
const NAMES: &[(&str, &str)] = &[
    ("approval_request", "减免与分期审批"),
    ("bill_parked", "核算搁置"),
    ("bill_rebill", "重算电费"),
    ("claims_end", "债权申报到期"),
    ("contact_call", "电话核实联系方式"),
    ("contact_visit", "上门核实联系方式"),
    ("cut_after_payment", "停电前后已缴费"),
    ("cut_approval", "停电审批"),
    ("cut_doubtful", "停复电结果待核实"),
    ("cut_due", "停电作业"),
    ("cut_parked", "停电流程搁置"),
    ("cut_unserved", "停电通知未送达"),
    ("delivery_doubt", "发送结果待核实"),
    ("dunning", "催费"),
    ("field_conflict", "现场作业待核实"),
    ("field_no_reading", "现场未抄"),
    ("legal_proposal", "法律事务审批"),
    ("legal_term", "法律期限"),
    ("limitation_alert", "诉讼时效预警"),
    ("notice_late", "通知逾期未达"),
    ("notice_undeliverable", "通知无法送达"),
    ("parked", "业务搁置"),
    ("plan_broken", "缴费计划违约"),
    ("problem", "集中问题整改"),
    ("problem_late", "集中问题超期督办"),
    ("reading_doubt", "抄表存疑"),
    ("reading_exception", "抄表异常"),
    ("reading_notice", "抄表提示"),
    ("restoration", "复电作业"),
    ("restoration_late", "复电超时"),
    ("security_ends", "担保到期"),
    ("ticket", "客户工单"),
    ("ticket_late", "工单超时督办"),
    ("write_off_recovery", "核销收回"),
    ("write_off_request", "核销审批"),
];

/// The roles whose tasks somebody sees: his own, or the one a manager asks for.
pub fn roles_seen(ask: &Ask<'_>, asked: Option<Role>) -> Result<Vec<&'static str>, Problem> {
    match asked {
        None => Ok(ask.who.person.roles.iter().map(|role| role.word()).collect()),
        Some(role) if ask.who.holds(role) || ask.who.holds(Role::Manager) => Ok(vec![role.word()]),
        Some(_) => Err(Problem::not_permitted(Permission::SeeTasks)),
    }
}

fn task_list(ask: &mut Ask<'_>, _: &Nothing, query: &TaskQuery) -> Result<List<TaskLine>, Problem> {
    let roles = roles_seen(ask, query.role)?;
    // Who belongs to no unit sees the tasks of no account.
    let root = ask.who.person.scope.unwrap_or(-1);
    let filter = InboxFilter { roles: &roles, root, kind: query.kind.as_deref(), due_by: query.due_by };
    let after = match &ask.page.after {
        None => None,
        Some(key) => Some(place_of(key).ok_or_else(|| Problem::unreadable("cursor", "cursor"))?),
    };
    let limit = ask.page.limit;
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let rows = inbox(ask.conn, &filter, after.as_ref(), one_more)?;
    let page = List::of_one_more(rows, limit, |listed| key_of(&listed.place()));
    let today = ask.today;
    let items = page.items.into_iter().map(|listed| TaskLine::of(listed, today)).collect();
    Ok(List { items, next_cursor: page.next_cursor })
}

fn key_of(place: &After) -> String {
    [place.due_on.to_string(), place.account_id.to_string(), place.kind.clone(), place.subject.clone()]
        .join("\n")
}

fn place_of(key: &str) -> Option<After> {
    let mut parts = key.splitn(4, '\n');
    let (due_on, account_id) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(After { due_on, account_id, kind: parts.next()?.to_owned(), subject: parts.next()?.to_owned() })
}
