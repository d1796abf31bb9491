//! 规则库: the dated rules with their basis, what was in force on a day, what changed between two; rule files of the site, proposed by one
//! person and put in force by another; a month's price table; the working calendar.

mod files;
mod shown;

use crate::ask::Ask;
use crate::input::{DayQuery, Nothing};
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use axum::http::StatusCode;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::rulebook::{Rule, diff_days, diff_rules};
use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shown::{DayChangeLine, RuleLine, RuleShown, Version, change_lines};

/// The endpoints.
pub fn routes() -> Routes {
    let (see, edit, approve) = (Permission::SeeRules, Permission::EditRules, Permission::ApproveRules);
    Routes::of("rulebook", "规则库")
        .list("/rules", see, ("规则一览", "Rules of the book: dates, layer, basis, confidence"), rule_list)
        .get("/rules/{rule_id}", see, ("规则", "One rule with its parameters, and its versions"), rule_show)
        .get(
            "/rule-changes",
            see,
            ("规则变化", "What the site's law says on one day and not on another"),
            rule_changes,
        )
        .get("/calendar/{year}", see, ("工作日历", "Working days and holidays of a year"), calendar_year)
        .list(
            "/rule-files",
            see,
            ("本单位规则文件", "Rule files that the site lays over the book"),
            files::rule_file_list,
        )
        .get(
            "/rule-file",
            see,
            ("规则文件内容", "The text of a rule file of the site"),
            files::rule_file_show,
        )
        .post(
            "/rule-files/check",
            edit,
            (
                "检查规则文件",
                "What the book would be with a changed file: faults and differences; nothing is kept",
            ),
            files::rule_file_try,
        )
        .list(
            "/rule-proposals",
            see,
            ("规则变更一览", "Proposed changes, the latest first"),
            files::proposal_list,
        )
        .get(
            "/rule-proposals/{proposal_no}",
            see,
            ("规则变更", "A proposed change with its text"),
            files::proposal_show,
        )
        .post(
            "/rule-proposals",
            edit,
            ("提出规则变更", "Propose a rule file of the site"),
            files::proposal_make,
        )
        .upload(
            "/rule-proposals/prices",
            edit,
            ("提出月度电价表", "Propose a month's price table: CSV, JSON or TOML; every bad row is told"),
            files::proposal_prices,
        )
        .post(
            "/rule-proposals/{proposal_no}/accept",
            approve,
            ("批准规则变更", "Put a proposed file in force; not by who proposed it"),
            files::proposal_accept,
        )
        .post(
            "/rule-proposals/{proposal_no}/reject",
            approve,
            ("退回规则变更", "Turn a proposed file down"),
            files::proposal_reject,
        )
}

/// Which rules.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
struct RuleQuery {
    /// Only of this topic, such as `late_fee`.
    #[serde(default)]
    topic: Option<String>,
    /// Only of this jurisdiction, such as `cn-sd`.
    #[serde(default)]
    jurisdiction: Option<String>,
    /// Only with this confidence: `H`, `M` or `L`.
    #[serde(default)]
    confidence: Option<String>,
    /// Only in force on this day.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    on: Option<Date>,
    /// Also rules of jurisdictions that are not the site's.
    #[serde(default)]
    everywhere: bool,
    /// Only what holds this text in id, title, document or note.
    #[serde(default)]
    text: Option<String>,
}

fn rule_list(ask: &mut Ask<'_>, _: &Nothing, query: &RuleQuery) -> Result<List<RuleLine>, Problem> {
    let site = &ask.work.site.jurisdictions;
    let is_wanted = |rule: &&Rule| {
        query.topic.as_ref().is_none_or(|topic| rule.topic == *topic)
            && query.jurisdiction.as_ref().is_none_or(|place| rule.jurisdiction == *place)
            && query.confidence.as_ref().is_none_or(|letter| rule.confidence.letter() == letter)
            && query.on.is_none_or(|day| rule.in_force(day))
            && (query.everywhere || site.contains(&rule.jurisdiction))
            && query.text.as_ref().is_none_or(|text| holds(rule, text))
    };
    let mut rules: Vec<&Rule> = ask.work.book.rules().filter(is_wanted).collect();
    let rank = |rule: &Rule| site.iter().position(|known| *known == rule.jurisdiction).unwrap_or(usize::MAX);
    rules.sort_by_key(|rule| {
        (rule.topic.as_str(), rank(rule), rule.jurisdiction.as_str(), rule.from, rule.id.as_str())
    });
    let today = ask.today;
    ask.page.cut(rules.into_iter().map(|rule| RuleLine::of(rule, today)).collect(), |line| line.id.clone())
}

fn holds(rule: &Rule, text: &str) -> bool {
    let texts =
        [Some(&rule.id), Some(&rule.basis.title), rule.basis.document.as_ref(), rule.basis.note.as_ref()];
    texts.into_iter().flatten().any(|known| known.contains(text))
}

/// A rule in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct RulePath {
    /// Its id, such as `cn.late_fee.2024`.
    rule_id: String,
}

fn rule_show(ask: &mut Ask<'_>, path: &RulePath, _: &Nothing) -> Result<RuleShown, Problem> {
    let book = ask.work.book;
    let rule = book.rule(&path.rule_id).ok_or_else(|| {
        let (zh, en) = (format!("没有规则{}", path.rule_id), format!("there is no rule {}", path.rule_id));
        Problem::new(StatusCode::NOT_FOUND, "rule.unknown", zh, en)
    })?;
    let is_version = |other: &&Rule| {
        other.topic == rule.topic && other.jurisdiction == rule.jurisdiction && other.when == rule.when
    };
    let mut versions: Vec<&Rule> = book.rules().filter(is_version).collect();
    versions.sort_by_key(|version| version.from);
    let mut last: Option<&Rule> = None;
    let mut shown = Vec::new();
    for version in versions {
        let changes = last.map(|last| change_lines(diff_rules(last, version))).unwrap_or_default();
        shown.push(Version {
            id: version.id.clone(),
            from: version.from,
            until: version.until,
            clause: version.clause(),
            changes,
        });
        last = Some(version);
    }
    Ok(RuleShown::of(rule, ask.today, shown))
}

/// Two days.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct TwoDays {
    /// The first day.
    #[schemars(with = "DateForm")]
    from: Date,
    /// The second day; today when not given.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    to: Option<Date>,
}

/// What changed between two days.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RuleChanges {
    /// The first day.
    #[schemars(with = "DateForm")]
    from: Date,
    /// The second day.
    #[schemars(with = "DateForm")]
    to: Date,
    /// By topic and jurisdiction.
    changes: Vec<DayChangeLine>,
}

fn rule_changes(ask: &mut Ask<'_>, _: &Nothing, query: &TwoDays) -> Result<RuleChanges, Problem> {
    let to = query.to.unwrap_or(ask.today);
    let changes = diff_days(ask.work.book, &ask.work.site, query.from, to);
    let book = ask.work.book;
    Ok(RuleChanges {
        from: query.from,
        to,
        changes: changes.into_iter().map(|change| DayChangeLine::of(change, book)).collect(),
    })
}

/// A year in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct YearPath {
    /// Such as 2026.
    #[schemars(range(min = 1, max = 9999))]
    year: i16,
}

/// 工作日历: a year.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CalendarShown {
    /// The year.
    year: i16,
    /// The notice that published it.
    basis: String,
    /// Years that the calendar covers.
    covered: Vec<i16>,
    /// Is the day that was asked for a working day?
    on_is_working: Option<bool>,
    /// 节假日: published days off, those that are shifted included.
    holidays: Vec<DayShown>,
    /// 调休上班: Saturdays and Sundays that are working days.
    working_weekends: Vec<DayShown>,
    /// Working days of the year.
    working_days: usize,
}

/// A day of the calendar.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct DayShown {
    /// The day.
    #[schemars(with = "DateForm")]
    on: Date,
    /// Day of the week, 1 for Monday.
    weekday: i8,
}

fn calendar_year(ask: &mut Ask<'_>, path: &YearPath, query: &DayQuery) -> Result<CalendarShown, Problem> {
    let calendar = ask.work.book.calendar();
    let covered: Vec<i16> = calendar.coverage().map(|(year, _)| year).collect();
    let Some((_, basis)) = calendar.coverage().find(|(year, _)| *year == path.year) else {
        let (zh, en) =
            (format!("日历未覆盖{}年", path.year), format!("the calendar does not cover {}", path.year));
        return Err(Problem::new(StatusCode::NOT_FOUND, "calendar.not_covered", zh, en));
    };
    let days = std::iter::successors(Some(date(path.year, 1, 1)), |day| day.tomorrow().ok());
    let (mut holidays, mut working_weekends, mut working_days) = (Vec::new(), Vec::new(), 0);
    for on in days.take_while(|day| day.year() == path.year) {
        let weekday = on.weekday().to_monday_one_offset();
        let works = calendar.is_working_day(on).unwrap_or(false);
        working_days += usize::from(works);
        if calendar.is_holiday(on).unwrap_or(false) {
            holidays.push(DayShown { on, weekday });
        } else if works && weekday > 5 {
            working_weekends.push(DayShown { on, weekday });
        }
    }
    let on_is_working = query.on.and_then(|on| calendar.is_working_day(on).ok());
    Ok(CalendarShown {
        year: path.year,
        basis: basis.to_owned(),
        covered,
        on_is_working,
        holidays,
        working_weekends,
        working_days,
    })
}
