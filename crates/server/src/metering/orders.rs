//! 抄表计划: the reading orders of a month and how far they are; who is still to be read.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::sorting::{Sort, by};
use denghuo_rules::calendar::{DateForm, Month};
use denghuo_store::metering::{orders, unread_of};
use denghuo_store::registry::descendants;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which month.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(super) struct MonthQuery {
    /// 电费年月, such as `2026-08`; that of today when not given.
    #[serde(default)]
    month: Option<Month>,
    /// The order; by route when not given.
    #[serde(default)]
    sort: Sort<OrderLine>,
}

/// A reading order.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct OrderLine {
    /// Code of the route.
    route: String,
    /// 电费年月
    month: Month,
    /// 抄表例日
    #[schemars(with = "DateForm")]
    due_on: Date,
    /// `open` or `closed`.
    state: String,
    /// Accounts to be read.
    expected: i64,
    /// With a reading.
    taken: i64,
    /// Without.
    missed: i64,
}

by!(OrderLine { route, due_on, expected, taken, missed, state });

pub(super) fn order_list(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &MonthQuery,
) -> Result<List<OrderLine>, Problem> {
    let month = query.month.unwrap_or_else(|| Month::of(ask.today));
    let root = ask.root()?;
    let seen = if root == 0 { None } else { Some(descendants(ask.conn, root)?) };
    let mut lines = Vec::new();
    for counts in orders(ask.conn, month)? {
        let route = denghuo_store::registry::route(ask.conn, counts.order.route_id)?;
        if route.is_some_and(|route| seen.as_ref().is_none_or(|units| units.contains(&route.org_id))) {
            lines.push(OrderLine {
                route: counts.route,
                month: counts.order.month,
                due_on: counts.order.due_on,
                state: counts.state,
                expected: counts.expected,
                taken: counts.taken,
                missed: counts.missed,
            });
        }
    }
    ask.page.cut_sorted(lines, &query.sort, |line| line.route.clone())
}

/// Which accounts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(super) struct UnreadQuery {
    /// Only of this route.
    #[serde(default)]
    route: Option<String>,
    /// The order; as they are due when not given.
    #[serde(default)]
    sort: Sort<UnreadLine>,
}

/// An account that is due and not read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct UnreadLine {
    /// 户号
    account_no: String,
    /// 用电地址, its first characters.
    address: String,
    /// Code of the route.
    route: String,
    /// 电费年月
    month: Month,
    /// 抄表例日
    #[schemars(with = "DateForm")]
    due_on: Date,
    /// Days since then.
    days_late: i64,
}

by!(UnreadLine { account_no, route, due_on, days_late });

pub(super) fn unread_list(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &UnreadQuery,
) -> Result<List<UnreadLine>, Problem> {
    use denghuo_office::registry::{Personal, mask};
    let root = ask.root()?;
    let today = ask.today;
    let rows = unread_of(ask.conn, today, root)?.into_iter();
    let lines: Vec<UnreadLine> = rows
        .filter(|row| query.route.as_ref().is_none_or(|route| *route == row.route))
        .map(|row| UnreadLine {
            address: mask(&row.address, Personal::Address),
            days_late: denghuo_rules::calendar::days_between(row.due_on, today),
            account_no: row.account_no,
            route: row.route,
            month: row.month,
            due_on: row.due_on,
        })
        .collect();
    ask.page.cut_sorted(lines, &query.sort, |line| line.account_no.clone())
}
