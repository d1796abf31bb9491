//! 首页: one's own work, grouped by what has to be done, the most urgent first.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::problem::Problem;
use crate::route::Routes;
use crate::tasks::{TaskLine, days_between, name_of, roles_seen};
use denghuo_rules::access::{Permission, Role};
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_store::tasks::{InboxFilter, inbox, inbox_counts};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// First tasks that are told of each list.
const FIRST: i64 = 5;

/// The endpoints.
pub fn routes() -> Routes {
    Routes::of("home", "首页").get(
        "/home",
        Permission::SeeTasks,
        ("我的待办", "One's own to-do lists: counts, how many are late, the first of each"),
        home,
    )
}

/// Whose home.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct HomeQuery {
    /// Of this role instead of one's own; for managers.
    #[serde(default)]
    role: Option<Role>,
}

/// One to-do list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ToDo {
    /// What kind of work it is.
    kind: String,
    /// Its name.
    name: Bilingual,
    /// Open.
    open: i64,
    /// Open after their day.
    late: i64,
    /// The earliest day.
    #[schemars(with = "Option<DateForm>")]
    due_on: Option<Date>,
    /// 还剩 (or, negative, 已超) days.
    days_left: Option<i64>,
    /// The first of them.
    first: Vec<TaskLine>,
}

/// 首页
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Home {
    /// The business date.
    #[schemars(with = "DateForm")]
    today: Date,
    /// Whose work it is.
    roles: Vec<String>,
    /// Open tasks.
    open: i64,
    /// Open after their day.
    late: i64,
    /// The lists, that with the earliest day first.
    lists: Vec<ToDo>,
}

fn home(ask: &mut Ask<'_>, _: &Nothing, query: &HomeQuery) -> Result<Home, Problem> {
    let roles = roles_seen(ask, query.role)?;
    let today = ask.today;
    let root = ask.who.person.scope.unwrap_or(-1);
    let all = InboxFilter { roles: &roles, root, kind: None, due_by: None };
    let mut lists = Vec::new();
    for count in inbox_counts(ask.conn, &all, today)? {
        let filter = InboxFilter { kind: Some(&count.kind), ..all.clone() };
        let first = inbox(ask.conn, &filter, None, FIRST)?;
        lists.push(ToDo {
            name: name_of(&count.kind),
            open: count.open,
            late: count.late,
            due_on: count.due_on,
            days_left: count.due_on.map(|due| days_between(today, due)),
            first: first.into_iter().map(|listed| TaskLine::of(listed, today)).collect(),
            kind: count.kind,
        });
    }
    Ok(Home {
        today,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        open: lists.iter().map(|list| list.open).sum(),
        late: lists.iter().map(|list| list.late).sum(),
        lists,
    })
}
