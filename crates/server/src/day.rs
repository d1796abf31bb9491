//! 营业日运行: a day is tried, asked for, watched while it runs, stopped between two shards, and looked at afterwards.

mod shown;
mod worker;

pub use worker::tend;

use crate::ask::Ask;
use crate::input::{Nothing, moment_of};
use crate::paging::List;
use crate::people::{DONE, Done};
use crate::problem::Problem;
use crate::route::Routes;
use crate::tasks::name_of;
use axum::http::StatusCode;
use denghuo_office::day::{DayOptions, DayReport, day_check, day_preview, next_day};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_store::day::{self as store, OpenedPlace};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shown::{DayRun, Found, StageLine, Total, found, run_of, totals_of};

/// The endpoints.
pub fn routes() -> Routes {
    let (see, run) = (Permission::SeeReports, Permission::RunDay);
    Routes::of("day", "营业日")
        .list("/day-runs", see, ("营业日运行一览", "Runs of business days, the latest first"), day_runs)
        .get("/day-runs/next", see, ("下一营业日", "The day that comes next"), day_next)
        .post(
            "/day-runs/preview",
            run,
            ("试运行营业日", "What a day would come to: counts, money and tasks; nothing is kept"),
            day_try,
        )
        .alone()
        .post("/day-runs", run, ("运行营业日", "Ask for a day; it runs in the background"), day_start)
        .once()
        .get(
            "/day-runs/{run_on}",
            see,
            ("营业日运行情况", "One run: how far each stage has come; as events while it runs"),
            day_run,
        )
        .live()
        .post(
            "/day-runs/{run_on}/stop",
            run,
            ("中止营业日", "Stop a running day between two shards; asked for again, it goes on"),
            day_stop,
        )
        .list(
            "/day-runs/{run_on}/exceptions",
            see,
            ("营业日例外", "Tasks that were opened on the day, such as parked accounts, by kind and account"),
            day_exceptions,
        )
}

/// A day in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RunPath {
    /// The business date.
    #[schemars(with = "DateForm")]
    run_on: Date,
}

fn day_runs(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<DayRun>, Problem> {
    let before = match &ask.page.after {
        None => None,
        Some(key) => Some(key.parse().map_err(|_| Problem::unreadable("cursor", "cursor"))?),
    };
    let limit = ask.page.limit;
    let rows = store::runs(ask.conn, before, i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1)?;
    let page = List::of_one_more(rows, limit, |row| row.run_on.to_string());
    let items = page.items.into_iter().map(|row| run_of(ask, &row)).collect::<Result<_, _>>()?;
    Ok(List { items, next_cursor: page.next_cursor })
}

/// The day that comes next.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct NextDay {
    /// The business date.
    #[schemars(with = "DateForm")]
    run_on: Date,
    /// Was it begun and not finished?
    begun: bool,
    /// Does it lie after the business date of today?
    is_ahead: bool,
}

fn day_next(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<NextDay, Problem> {
    let run_on = next_day(ask.conn)?;
    let begun = store::run(ask.conn, run_on)?.is_some_and(|run| run.state.is_some());
    Ok(NextDay { run_on, begun, is_ahead: run_on > ask.today })
}

/// Which day.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DayBody {
    /// The business date; the day that comes next when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    run_on: Option<Date>,
}

/// The day that is asked for, when it may be run.
fn day_of(ask: &mut Ask<'_>, body: &DayBody) -> Result<Date, Problem> {
    let run_on = match body.run_on {
        Some(run_on) => run_on,
        None => next_day(ask.conn)?,
    };
    day_check(ask.conn, ask.work, run_on)?;
    Ok(run_on)
}

/// What a day would come to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct DayTry {
    /// The business date.
    #[schemars(with = "DateForm")]
    run_on: Date,
    /// The stages in their order.
    stages: Vec<StageLine>,
    /// Totals of money.
    totals: Vec<Total>,
    /// The tasks that it would open.
    exceptions: Vec<Found>,
}

fn day_try(ask: &mut Ask<'_>, _: &Nothing, body: &DayBody) -> Result<DayTry, Problem> {
    let run_on = day_of(ask, body)?;
    let work = denghuo_office::work::Work { by: "system".to_owned(), ..ask.work.clone() };
    let tried = day_preview(ask.conn, &work, run_on, DayOptions::default().shard)?;
    let DayReport { stages, totals, .. } = tried.report;
    Ok(DayTry {
        run_on,
        stages: stages.into_iter().map(StageLine::of_report).collect(),
        totals: totals_of(totals),
        exceptions: tried.opened.into_iter().map(found).collect(),
    })
}

fn day_start(ask: &mut Ask<'_>, _: &Nothing, body: &DayBody) -> Result<DayRun, Problem> {
    let run_on = day_of(ask, body)?;
    let is_done = store::run(ask.conn, run_on)?.is_some_and(|run| run.state.as_deref() == Some("done"));
    if !is_done && !store::ask(ask.conn, run_on, &ask.work.by, ask.work.now)? {
        return Err(already(run_on));
    }
    ask.app.wake();
    let row = store::run(ask.conn, run_on)?.ok_or_else(Problem::not_found)?;
    run_of(ask, &row)
}

fn already(run_on: Date) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "day.running",
        format!("营业日{run_on}正在运行"),
        format!("the day {run_on} is running"),
    )
}

fn known(ask: &mut Ask<'_>, run_on: Date) -> Result<store::RunRow, Problem> {
    store::run(ask.conn, run_on)?.ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "day.unknown",
            format!("营业日{run_on}未曾运行"),
            format!("the day {run_on} was never run"),
        )
    })
}

fn day_run(ask: &mut Ask<'_>, path: &RunPath, _: &Nothing) -> Result<DayRun, Problem> {
    let row = known(ask, path.run_on)?;
    let shown = run_of(ask, &row)?;
    ask.extra.goes_on = shown.is_under_way();
    Ok(shown)
}

fn day_stop(ask: &mut Ask<'_>, path: &RunPath, _: &Nothing) -> Result<Done, Problem> {
    known(ask, path.run_on)?;
    if !store::stop(ask.conn, path.run_on, &ask.work.by)? {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "day.not_running",
            format!("营业日{}没有在运行", path.run_on),
            format!("the day {} is not running", path.run_on),
        ));
    }
    ask.app.wake();
    Ok(DONE)
}

/// Which exceptions.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct ExceptionQuery {
    /// Only tasks of this kind, such as `bill_parked`.
    #[serde(default)]
    kind: Option<String>,
}

/// A task that was opened on a day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ExceptionLine {
    /// What kind of work it is.
    kind: String,
    /// Its name.
    name: Bilingual,
    /// 户号; none for a task of no account.
    account_no: Option<String>,
    /// What it is about.
    subject: String,
    /// Codes of the findings.
    codes: Vec<String>,
    /// The findings in words.
    detail: Bilingual,
    /// `open` or `done`.
    state: String,
}

fn day_exceptions(
    ask: &mut Ask<'_>,
    path: &RunPath,
    query: &ExceptionQuery,
) -> Result<List<ExceptionLine>, Problem> {
    let root = ask.who.person.scope.unwrap_or(-1);
    let after = match &ask.page.after {
        None => None,
        Some(key) => Some(place_of(key).ok_or_else(|| Problem::unreadable("cursor", "cursor"))?),
    };
    let limit = ask.page.limit;
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let which = (path.run_on, query.kind.as_deref());
    let rows = store::opened_tasks(ask.conn, which, root, after.as_ref(), one_more)?;
    let page = List::of_one_more(rows, limit, |task| {
        format!("{}\n{}\n{}", task.kind, task.account_id, task.subject)
    });
    let items = page
        .items
        .into_iter()
        .map(|task| ExceptionLine {
            name: name_of(&task.kind),
            account_no: task.account_no,
            subject: task.subject,
            codes: task.codes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
            detail: task.detail,
            state: task.state,
            kind: task.kind,
        })
        .collect();
    Ok(List { items, next_cursor: page.next_cursor })
}

fn place_of(key: &str) -> Option<OpenedPlace> {
    let mut parts = key.splitn(3, '\n');
    let kind = parts.next()?.to_owned();
    Some((kind, parts.next()?.parse().ok()?, parts.next()?.to_owned()))
}

/// A moment of the machine as it is shown.
fn shown_at(ms: Option<i64>) -> Option<jiff::civil::DateTime> {
    ms.filter(|ms| *ms > 0).map(moment_of)
}
