//! What people see of problems: one with its tickets, causes, weeks and effect, and where how much is said.

use super::super::show::code_of;
use super::detect::ProblemLaw;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::{DateForm, plus_days};
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::service::Request;
use denghuo_rules::service::problem::{
    CareRefusal, Dimension, Effect, FoundBy, ProblemDeed, ProblemState, ProblemWanted, Share, bursts,
    check_care, day_number, day_of_number, effect, weekly,
};
use denghuo_store::service::problem::{self as store, Lived, ProblemFilter, ProblemRow};
use denghuo_store::{Conn, registry};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Tickets that are shown of a problem.
const TICKETS_MOST: usize = 200;
/// Characters of what was said that are shown of each.
const SAID_MOST: usize = 120;

/// 问题 on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemLine {
    /// Its number.
    pub problem_no: i64,
    /// The first words of its first ticket.
    pub title: String,
    /// How it was found.
    pub found_by: FoundBy,
    /// What most of its tickets ask for.
    pub request: Request,
    /// Name of the unit that has it.
    pub unit: String,
    /// Staff code of who has it.
    pub owner: Option<String>,
    /// Where it stands.
    pub state: ProblemState,
    /// Its state in words.
    pub state_name: Bilingual,
    /// Distinct persons.
    pub people: i64,
    /// Its tickets.
    pub tickets: i64,
    /// What problems are ordered by, as it was when it last grew.
    pub score: i64,
    /// Day of the first ticket.
    #[schemars(with = "DateForm")]
    pub first_on: Date,
    /// Day of the last.
    #[schemars(with = "DateForm")]
    pub last_on: Date,
    /// When it was found.
    #[schemars(with = "DateForm")]
    pub found_on: Date,
    /// By when the next step is due.
    #[schemars(with = "Option<DateForm>")]
    pub due_on: Option<Date>,
    /// How many levels up it was told.
    pub level: i64,
    /// The ended problem that came back.
    pub follows: Option<i64>,
    /// When it ended.
    #[schemars(with = "Option<DateForm>")]
    pub ended_on: Option<Date>,
}

/// 原因线索 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CauseShown {
    /// What kind of thing.
    pub dimension: Dimension,
    /// Its name.
    pub name: Bilingual,
    /// Which.
    pub value: String,
    /// Accounts of the problem that share it.
    pub inside: i64,
    /// Accounts of the problem.
    pub inside_of: i64,
    /// Accounts that share it.
    pub all: i64,
    /// Accounts.
    pub all_of: i64,
    /// Hundredths of the share among all that the share in the problem is.
    pub lift_percent: i64,
}

/// 周
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeekShown {
    /// Its Monday.
    #[schemars(with = "DateForm")]
    pub from_on: Date,
    /// Its tickets.
    pub tickets: u32,
}

/// 成效: as many days before the measure as after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EffectShown {
    /// Days on each side.
    pub days: u32,
    /// Tickets before.
    pub before: u32,
    /// Tickets from the measure on, with those of the problem that came back.
    pub after: u32,
    /// Hundredths of a ticket in a week before.
    pub before_weekly_centi: u32,
    /// Hundredths of a ticket in a week after.
    pub after_weekly_centi: u32,
}

/// A ticket of a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberShown {
    /// 工单号
    pub code: String,
    /// 户号
    pub account_no: Option<String>,
    /// What is asked for.
    pub request: Request,
    /// When it was taken.
    #[schemars(with = "DateForm")]
    pub accepted_on: Date,
    /// The first of what was said.
    pub said: String,
}

/// What was done about a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemEventShown {
    /// Its number.
    pub event_no: i64,
    /// What.
    pub deed: ProblemDeed,
    /// Its name.
    pub name: Bilingual,
    /// When.
    #[schemars(with = "DateForm")]
    pub happened_on: Date,
    /// Staff code, or `system`.
    pub noted_by: String,
    /// In words.
    pub said: String,
    /// The unit that was told.
    pub unit: Option<String>,
}

/// 问题 with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemShown {
    /// What stands on the list.
    #[serde(flatten)]
    pub line: ProblemLine,
    /// From when something is done.
    #[schemars(with = "Option<DateForm>")]
    pub measure_on: Option<Date>,
    /// By when that ends.
    #[schemars(with = "Option<DateForm>")]
    pub plan_until: Option<Date>,
    /// What may lie behind it, the strongest first.
    pub causes: Vec<CauseShown>,
    /// Tickets by week.
    pub weeks: Vec<WeekShown>,
    /// What came of the measure.
    pub effect: Option<EffectShown>,
    /// Its last tickets.
    pub members: Vec<MemberShown>,
    /// What was done.
    pub events: Vec<ProblemEventShown>,
    /// What may be done now.
    pub next: Vec<ProblemDeed>,
}

fn line(row: &ProblemRow, unit: String) -> ProblemLine {
    ProblemLine {
        problem_no: row.problem_id,
        title: row.title.clone(),
        found_by: row.found_by,
        request: row.request,
        unit,
        owner: row.owner.clone(),
        state: row.state,
        state_name: Bilingual::new(row.state.zh(), row.state.word()),
        people: row.people,
        tickets: row.tickets,
        score: row.score,
        first_on: row.first_on,
        last_on: row.last_on,
        found_on: row.found_on,
        due_on: row.due_on,
        level: row.level,
        follows: row.follows,
        ended_on: row.ended_on,
    }
}

/// Problems, open ones first, the worst first.
///
/// # Errors
/// The database's.
pub fn problem_list(
    conn: &mut Conn,
    filter: ProblemFilter,
    most: i64,
) -> Result<Vec<ProblemLine>, OfficeError> {
    let rows = store::problems(conn, filter, (0, most))?;
    Ok(rows.into_iter().map(|(row, unit)| line(&row, unit)).collect())
}

/// A problem with everything that is known of it.
///
/// # Errors
/// There is none; a missing rule; the database's.
pub fn problem_show(
    conn: &mut Conn,
    work: &Work<'_>,
    problem_id: i64,
    on: Date,
) -> Result<ProblemShown, OfficeError> {
    let row = store::problem(conn, problem_id)?
        .ok_or_else(|| OfficeError::refuse(CareRefusal::Unknown(problem_id)))?;
    let law = ProblemLaw::of(work, on)?;
    let units = registry::orgs(conn)?;
    let unit = |org_id: i64| {
        units.iter().find(|unit| unit.org_id == org_id).map_or_else(String::new, |unit| unit.name.clone())
    };
    let tickets = store::window(conn, Lived::Of(problem_id))?;
    let days: Vec<i32> = tickets.iter().map(|ticket| day_number(ticket.accepted_at.date())).collect();
    let until = day_number(row.ended_on.unwrap_or(on));
    let event = |event: store::ProblemEventRow| ProblemEventShown {
        event_no: event.event_no,
        name: Bilingual::new(event.deed.zh(), event.deed.word()),
        deed: event.deed,
        happened_on: event.happened_on,
        noted_by: event.noted_by,
        said: event.said,
        unit: event.org_id.map(unit),
    };
    let may = |deed: &ProblemDeed| {
        let wanted = ProblemWanted { deed: *deed, words: "-", plan: Some((on, on)) };
        check_care(row.state, row.measure_on, wanted, on, &law.care).is_ok()
    };
    let weeks = weekly(&days, until.max(day_number(row.last_on) + 1));
    Ok(ProblemShown {
        line: line(&row, unit(row.org_id)),
        measure_on: row.measure_on,
        plan_until: row.plan_until,
        causes: store::causes_of(conn, problem_id)?.into_iter().map(cause_shown).collect(),
        weeks: weeks
            .into_iter()
            .map(|(day, tickets)| WeekShown { from_on: day_of_number(day), tickets })
            .collect(),
        effect: effect_of(conn, &law, &row, on)?.map(|seen| EffectShown {
            days: seen.days,
            before: seen.before,
            after: seen.after,
            before_weekly_centi: seen.before_weekly_centi,
            after_weekly_centi: seen.after_weekly_centi,
        }),
        members: tickets.iter().rev().take(TICKETS_MOST).map(member_shown).collect(),
        events: store::problem_events(conn, problem_id)?.into_iter().map(event).collect(),
        next: ProblemDeed::ALL.iter().copied().filter(may).collect(),
    })
}

fn cause_shown(share: Share) -> CauseShown {
    let (over, under) =
        (share.inside.saturating_mul(share.all_of), share.all.saturating_mul(share.inside_of).max(1));
    CauseShown {
        dimension: share.dimension,
        name: Bilingual::new(share.dimension.zh(), share.dimension.word().replace('_', " ")),
        value: share.value,
        inside: share.inside,
        inside_of: share.inside_of,
        all: share.all,
        all_of: share.all_of,
        lift_percent: over.saturating_mul(100) / under,
    }
}

fn member_shown(ticket: &store::WindowTicket) -> MemberShown {
    MemberShown {
        code: code_of(ticket.account_no.as_deref(), ticket.ticket_no),
        account_no: ticket.account_no.clone(),
        request: ticket.request,
        accepted_on: ticket.accepted_at.date(),
        said: ticket.said.chars().take(SAID_MOST).collect(),
    }
}

/// What came of the measure of a problem as it is seen on a day: with the tickets of the problem that came back.
pub(super) fn effect_of(
    conn: &mut Conn,
    law: &ProblemLaw,
    row: &ProblemRow,
    on: Date,
) -> Result<Option<Effect>, OfficeError> {
    let Some(measure_on) = row.measure_on else { return Ok(None) };
    let mut days = Vec::new();
    for problem_id in std::iter::once(row.problem_id).chain(store::followers(conn, row.problem_id)?) {
        let tickets = store::window(conn, Lived::Of(problem_id))?;
        days.extend(tickets.iter().map(|ticket| day_number(ticket.accepted_at.date())));
    }
    Ok(effect(&days, day_number(measure_on), day_number(on) + 1, law.care.effect_days_most))
}

/// 热力格: how much of one kind is said in one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HeatCell {
    /// Name of the unit.
    pub unit: String,
    /// What is asked for.
    pub request: Request,
    /// Tickets of the last period.
    pub tickets: u32,
    /// Hundredths of what is usual in a period.
    pub usual_centi: u32,
    /// Is it more than usual, by the rule?
    pub is_burst: bool,
}

/// Where how much is said in the period that ends with a day, in a unit and those below it; 0 for all.
///
/// # Errors
/// A missing rule, or the database's.
pub fn problem_map(
    conn: &mut Conn,
    work: &Work<'_>,
    root: i64,
    on: Date,
) -> Result<Vec<HeatCell>, OfficeError> {
    let rule = ProblemLaw::of(work, on)?.find.burst;
    let until = plus_days(on, 1);
    let (period, periods) = (i64::from(rule.period_days), i64::from(rule.usual_periods));
    let from = plus_days(until, -period * (periods + 1));
    let now = plus_days(until, -period);
    let seen: Option<BTreeSet<i64>> = (root != 0)
        .then(|| registry::descendants(conn, root))
        .transpose()?
        .map(|units| units.into_iter().collect());
    let mut tickets = store::window(conn, Lived::Between(from, until))?;
    tickets.retain(|ticket| seen.as_ref().is_none_or(|seen| seen.contains(&ticket.org_id)));
    let events = || {
        tickets.iter().map(|ticket| ((ticket.org_id, ticket.request), day_number(ticket.accepted_at.date())))
    };
    let burst: BTreeSet<(i64, Request)> =
        bursts(events(), day_number(until), &rule).into_iter().map(|burst| burst.key).collect();
    let mut cells: BTreeMap<(i64, Request), (u32, u32)> = BTreeMap::new();
    for (key, day) in events() {
        let (last, before) = cells.entry(key).or_default();
        if day >= day_number(now) {
            *last += 1;
        } else {
            *before += 1;
        }
    }
    let units = registry::orgs(conn)?;
    let name = |org_id: i64| {
        units.iter().find(|unit| unit.org_id == org_id).map_or_else(String::new, |unit| unit.name.clone())
    };
    let usual = |before: u32| u32::try_from(i64::from(before) * 100 / periods.max(1)).unwrap_or(u32::MAX);
    Ok(cells
        .into_iter()
        .map(|(key, (tickets, before))| HeatCell {
            unit: name(key.0),
            request: key.1,
            tickets,
            usual_centi: usual(before),
            is_burst: burst.contains(&key),
        })
        .collect())
}
