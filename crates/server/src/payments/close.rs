//! 日结: what a day came to, for a cashier and for the company, and its close.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::payments::{CloseReport, close_day, report_of_day};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::units::Money;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/day-closes/preview",
            Permission::CloseDay,
            ("日结预览", "What a day came to by cashier and channel; a cashier sees his own"),
            close_preview,
        )
        .post(
            "/day-closes",
            Permission::CloseDay,
            ("日结", "Close a day: a cashier his own, who keeps the bank anybody's or the company's (`all`)"),
            close_do,
        )
        .once()
}

/// Which day of whom.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct CloseQuery {
    /// The business date; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    on: Option<Date>,
    /// A cashier, or `all`; oneself when not given.
    #[serde(default)]
    cashier: Option<String>,
}

/// Which day of whom, and what was counted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CloseBody {
    /// The business date; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    on: Option<Date>,
    /// A cashier, or `all`; oneself when not given.
    #[serde(default)]
    cashier: Option<String>,
    /// Cash that was counted; not compared when not given.
    #[serde(default)]
    counted: Option<Money>,
}

/// Whose part: one's own, or with the right to keep the bank anybody's.
fn part_of(ask: &Ask<'_>, cashier: Option<&str>) -> Result<String, Problem> {
    let part = cashier.filter(|name| !name.is_empty()).unwrap_or(&ask.work.by);
    if part != ask.work.by {
        ask.needs(Permission::KeepBank)?;
    }
    Ok(part.to_owned())
}

fn close_preview(ask: &mut Ask<'_>, _: &Nothing, query: &CloseQuery) -> Result<CloseReport, Problem> {
    let part = part_of(ask, query.cashier.as_deref())?;
    let on = query.on.unwrap_or(ask.today);
    let mut report = report_of_day(ask.conn, &part, on)?;
    report.already_closed = denghuo_store::payments::day_close(ask.conn, on, &part)?.is_some();
    Ok(report)
}

fn close_do(ask: &mut Ask<'_>, _: &Nothing, body: &CloseBody) -> Result<CloseReport, Problem> {
    let part = part_of(ask, body.cashier.as_deref())?;
    let on = body.on.unwrap_or(ask.today);
    if on > ask.today {
        return Err(Problem::unreadable("body", "on: a day that lies ahead is not closed"));
    }
    Ok(close_day(ask.conn, ask.work, &part, body.counted, on)?)
}
