//! 禁停时段: the days on which no power is cut, by the calendar, by the rules of every year, and declared for a time.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use denghuo_office::disconnection::{CutRefusal, NewWindow, window_declare, window_end, window_list};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, plus_days};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::disconnection::{CutLaw, Declared, ProtectedWindows, permitted_day};
use denghuo_store::disconnection::WindowRow;
use denghuo_store::registry::{descendants, orgs};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Adds the endpoints.
pub fn add(routes: Routes) -> Routes {
    use Permission::{ApproveCuts, ProposeCuts, SeeArrears};
    routes
        .list(
            "/cut-windows",
            SeeArrears,
            ("临时禁停一览", "Declared windows without cuts that have not ended, the next first"),
            cut_windows,
        )
        .get(
            "/cut-windows/kinds",
            SeeArrears,
            ("禁停类型", "The kinds of windows that a rule of the site lists, and the hours of a day in which power may be cut"),
            window_kinds,
        )
        .list(
            "/cut-windows/calendar",
            SeeArrears,
            ("禁停日历", "The protected days among so many days, each with why and the clause"),
            protected_days,
        )
        .post(
            "/cut-windows",
            ProposeCuts,
            ("公告禁停", "Declare a window for one's unit or a part of it: no cut in it"),
            window_new,
        )
        .post(
            "/cut-windows/{window_no}/end",
            ApproveCuts,
            ("结束禁停", "End a declared window of one's unit: a day is its last"),
            window_stop,
        )
}

/// 临时禁停
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct WindowTold {
    /// Its number.
    window_no: i64,
    /// Its kind, such as `extreme_heat`.
    kind: String,
    /// Code of the unit; none for the whole company.
    org: Option<String>,
    /// Name of the unit.
    org_name: Option<String>,
    /// First day.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    until_on: Date,
    /// Is it in force today?
    in_force: bool,
    /// Why.
    reason: String,
    /// Who declared it.
    declared_by: String,
}

fn told(ask: &mut Ask<'_>, rows: Vec<WindowRow>) -> Result<Vec<WindowTold>, Problem> {
    let units = orgs(ask.conn)?;
    let today = ask.today;
    let tell = |row: WindowRow| {
        let unit = units.iter().find(|org| org.org_id == row.org_id);
        WindowTold {
            window_no: row.window_no,
            kind: row.kind,
            org: unit.map(|org| org.code.clone()),
            org_name: unit.map(|org| org.name.clone()),
            from_on: row.from_on,
            until_on: row.until_on,
            in_force: row.from_on <= today && today <= row.until_on,
            reason: row.reason,
            declared_by: row.declared_by,
        }
    };
    Ok(rows.into_iter().map(tell).collect())
}

fn cut_windows(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<List<WindowTold>, Problem> {
    let mut rows = window_list(ask.conn, ask.today)?;
    rows.sort_by_key(|row| (row.from_on, row.window_no));
    let rows = told(ask, rows)?;
    ask.page.cut(rows, |row| row.window_no.to_string())
}

/// What a window can be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct WindowKinds {
    /// Words of the kinds.
    kinds: Vec<String>,
    /// No cut before this time of the day, `08:00`.
    not_before: Option<String>,
    /// No cut at or after this time.
    not_after: Option<String>,
}

fn window_kinds(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<WindowKinds, Problem> {
    let work = ask.work;
    let rules = work.book.pick_all::<ProtectedWindows>("protected_windows", &work.site, ask.today);
    let rules = rules.map_err(denghuo_office::error::OfficeError::from)?;
    let mut kinds: Vec<String> = rules.iter().flat_map(|rule| rule.params.declared.clone()).collect();
    kinds.sort();
    kinds.dedup();
    let clock = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    Ok(WindowKinds {
        kinds,
        not_before: rules.iter().filter_map(|rule| rule.params.not_before).max().map(clock),
        not_after: rules.iter().map(|rule| rule.params.not_after).min().map(clock),
    })
}

/// Which days.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct DaysQuery {
    /// The first; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    from: Option<Date>,
    /// How many, 31 when not given.
    #[serde(default)]
    #[schemars(range(min = 1, max = 366))]
    days: Option<u16>,
}

/// 禁停日
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ProtectedDay {
    /// The day.
    #[schemars(with = "DateForm")]
    on: Date,
    /// Why no power is cut on it; of a year that the calendar does not cover, that.
    why: Bilingual,
    /// Id of the rule.
    rule: Option<String>,
    /// The clause.
    clause: Option<String>,
}

/// Days at most.
const MOST: u16 = 366;

fn protected_days(ask: &mut Ask<'_>, _: &Nothing, query: &DaysQuery) -> Result<List<ProtectedDay>, Problem> {
    let days = query.days.unwrap_or(31);
    if days == 0 || days > MOST {
        return Err(Problem::unreadable("days", format!("days: 1–{MOST}")));
    }
    let from = query.from.unwrap_or(ask.today);
    let work = ask.work;
    let units = in_unit(ask)?;
    let declared: Vec<Declared> = window_list(ask.conn, from)?
        .into_iter()
        .filter(|row| row.org_id == 0 || units.as_ref().is_none_or(|units| units.contains(&row.org_id)))
        .map(|row| Declared {
            kind: row.kind,
            reason: row.reason,
            from_on: row.from_on,
            until_on: row.until_on,
        })
        .collect();
    let mut found = Vec::new();
    for n in 0..i64::from(days) {
        let on = plus_days(from, n);
        let law = CutLaw::load(work.book, &work.site, on, None)
            .map_err(denghuo_office::error::OfficeError::from)?;
        match permitted_day(&law, &declared, on) {
            Ok(None) => {}
            Ok(Some(no)) => found.push(ProtectedDay {
                on,
                why: no.why,
                rule: Some(no.source.rule),
                clause: Some(no.source.clause),
            }),
            Err(year) => {
                let why = Bilingual::new(
                    format!("日历未覆盖{}年,不得停电", year.year),
                    format!("the calendar does not cover {}: no cut", year.year),
                );
                found.push(ProtectedDay { on, why, rule: None, clause: None });
            }
        }
    }
    ask.page.cut(found, |day| day.on.to_string())
}

/// The units of who asks; none for all of them.
fn in_unit(ask: &mut Ask<'_>) -> Result<Option<Vec<i64>>, Problem> {
    match ask.root()? {
        0 => Ok(None),
        root => Ok(Some(descendants(ask.conn, root)?)),
    }
}

/// A window as it is declared.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct WindowBody {
    /// Its kind: one that a rule lists.
    kind: String,
    /// Code of the unit; one's own when not given.
    #[serde(default)]
    org: Option<String>,
    /// First day.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    until_on: Date,
    /// Why.
    #[schemars(length(min = 1))]
    reason: String,
}

fn foreign_unit() -> Problem {
    let (zh, en) = ("该单位不在您的管辖范围内", "the unit is not yours or below yours");
    Problem::new(axum::http::StatusCode::FORBIDDEN, "access.foreign_unit", zh, en)
}

fn window_new(ask: &mut Ask<'_>, _: &Nothing, body: &WindowBody) -> Result<WindowTold, Problem> {
    if body.reason.trim().is_empty() {
        return Err(Problem::unreadable("reason", "the reason is empty 未填写原因"));
    }
    let units = orgs(ask.conn)?;
    let root = ask.root()?;
    let org = match &body.org {
        None => units.iter().find(|org| org.org_id == root).map(|org| org.code.clone()),
        Some(code) => {
            let unit = units.iter().find(|org| org.code == *code);
            let unit = unit.ok_or_else(|| Problem::refuse(CutRefusal::UnknownOrg))?;
            if in_unit(ask)?.is_some_and(|units| !units.contains(&unit.org_id)) {
                return Err(foreign_unit());
            }
            Some(code.clone())
        }
    };
    let new = NewWindow {
        kind: body.kind.clone(),
        org,
        from_on: body.from_on,
        until_on: body.until_on,
        reason: body.reason.trim().to_owned(),
    };
    let row = window_declare(ask.conn, ask.work, &new, ask.today)?;
    told(ask, vec![row])?.pop().ok_or_else(Problem::not_found)
}

/// A window in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct WindowPath {
    /// Its number.
    window_no: i64,
}

/// The end of a window.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct WindowEnd {
    /// Its last day; yesterday when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    last_on: Option<Date>,
}

fn window_stop(ask: &mut Ask<'_>, path: &WindowPath, body: &WindowEnd) -> Result<WindowTold, Problem> {
    let no_window = || Problem::refuse(CutRefusal::NoWindow);
    let known = window_list(ask.conn, ask.today)?;
    let row = known.into_iter().find(|row| row.window_no == path.window_no).ok_or_else(no_window)?;
    if in_unit(ask)?.is_some_and(|units| !units.contains(&row.org_id)) {
        return Err(foreign_unit());
    }
    let last = body.last_on.unwrap_or_else(|| plus_days(ask.today, -1));
    let row = window_end(ask.conn, ask.work, path.window_no, last, ask.today)?;
    told(ask, vec![row])?.pop().ok_or_else(Problem::not_found)
}
