//! 问题发现: the tickets of the last window become problems, new tickets join the problem they belong to, and what is not cared for is told upwards.

use super::super::sweep::above;
use super::{KIND, LATE, reader::read};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::service::Request;
use denghuo_rules::service::problem::{
    CareRule, FoundBy, Placed, ProblemDeed, ProblemRule, ProblemState, Share, Standing, Told, Voice, causes,
    day_number, day_of_number, find, level_wanted, place, standing, word_of,
};
use denghuo_store::day::Counts;
use denghuo_store::service::problem::{
    self as store, Lived, Population, ProblemEventRow, ProblemRow, WindowTicket,
};
use denghuo_store::tasks::{self, NewTask};
use denghuo_store::{Conn, registry};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Characters of a title.
const TITLE_MOST: usize = 60;

/// The rules of problems on a day.
pub(super) struct ProblemLaw {
    /// How they are found.
    pub find: ProblemRule,
    /// What has to follow.
    pub care: CareRule,
}

impl ProblemLaw {
    pub fn of(work: &Work<'_>, on: Date) -> Result<Self, OfficeError> {
        Ok(Self {
            find: work.book.pick::<ProblemRule>("service_problems", &work.site, on)?.params,
            care: work.book.pick::<CareRule>("service_problem_care", &work.site, on)?.params,
        })
    }
}

/// Is there anything to look at on a day: a ticket of the day before, or a step that is late?
///
/// # Errors
/// The database's.
pub fn problems_due(conn: &mut Conn, on: Date) -> Result<bool, OfficeError> {
    Ok(store::has_tickets(conn, plus_days(on, -1), on)? || !store::problems_late(conn, on)?.is_empty())
}

/// Looks at what was said before a day, and at what is late; doing it again changes nothing.
///
/// # Errors
/// A missing rule, a year without calendar, or the database's.
pub fn problems_detect(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Counts, OfficeError> {
    let law = ProblemLaw::of(work, on)?;
    let from = plus_days(on, -i64::from(law.find.window_days));
    let tickets = store::window(conn, Lived::Between(from, on))?;
    let told: Vec<Told> = tickets.par_iter().map(told_of).collect();
    let held: Vec<Option<(i64, bool)>> = tickets.iter().map(|ticket| ticket.problem).collect();
    let found = find(&told, day_number(on), &law.find);
    let placed = place(&told, found, &held, law.find.least_people);
    conn.write(|conn| {
        let touched = keep(conn, work, &law, (&tickets, placed), on)?;
        let late = tell_late(conn, work, &law, on)?;
        let done = i64::try_from(touched).unwrap_or(i64::MAX) + late;
        Ok(Counts { due: done, done, ..Counts::default() })
    })
}

/// A ticket as the desk reads it. Who has an account is that customer; who has none is his telephone number, or somebody of his own.
fn told_of(ticket: &WindowTicket) -> Told {
    let person = match (ticket.customer_id, ticket.phone.as_str()) {
        (Some(customer), _) => word_of(&format!("customer {customer}"), false),
        (None, "") => word_of(&format!("ticket {} {}", ticket.account_id, ticket.ticket_no), false),
        (None, phone) => word_of(phone, false),
    };
    let heading = format!("{} {}", ticket.topic, ticket.place);
    Told {
        voice: read(day_number(ticket.accepted_at.date()), person, (&heading, &ticket.said)),
        request: ticket.request,
        unit: ticket.org_id,
        district: ticket.district_id,
    }
}

/// Keeps what was found; gives how many problems it touched.
fn keep(
    conn: &mut Conn,
    work: &Work<'_>,
    law: &ProblemLaw,
    (tickets, placed): (&[WindowTicket], Vec<Placed>),
    on: Date,
) -> Result<usize, OfficeError> {
    if placed.is_empty() {
        return Ok(0);
    }
    let mut touched: BTreeMap<i64, ProblemRow> = BTreeMap::new();
    let mut last = store::last_problem(conn)?;
    for placed in placed {
        let mut row = match placed.problem {
            Some(problem_id) => match touched
                .remove(&problem_id)
                .map_or_else(|| store::lock_problem(conn, problem_id), |row| Ok(Some(row)))?
            {
                // Somebody may have ended it since its tickets were read.
                Some(row) if row.ended_on.is_none() => row,
                _ => continue,
            },
            None => {
                last += 1;
                new_problem(work, law, last, (tickets, &placed), on)?
            }
        };
        let fresh = i64::try_from(placed.fresh.len()).unwrap_or(i64::MAX);
        let is_new = row.tickets == 0;
        row.tickets += fresh;
        store::save_problems(conn, std::slice::from_ref(&row))?;
        let keys: Vec<(i64, i64, i64)> = placed
            .fresh
            .iter()
            .map(|at| (tickets[*at].account_id, tickets[*at].ticket_no, row.problem_id))
            .collect();
        store::place_tickets(conn, &keys, on)?;
        let (deed, said) = if is_new {
            (ProblemDeed::Find, found_words(&placed))
        } else {
            (ProblemDeed::Grow, format!("新增{fresh}张工单"))
        };
        note(conn, &row, (deed, &said, None), (&work.by, on))?;
        touched.insert(row.problem_id, row);
    }
    let days = (plus_days(on, -i64::from(law.find.window_days) - i64::from(law.find.cause.before_days)), on);
    let population = store::population(conn, days)?;
    for row in touched.values_mut() {
        measure(conn, law, row, on)?;
        store::save_problems(conn, std::slice::from_ref(row))?;
        weigh(conn, law, row.problem_id, days, &population)?;
        tasks::open(conn, &[task_of(row, on)])?;
    }
    Ok(touched.len())
}

fn new_problem(
    work: &Work<'_>,
    law: &ProblemLaw,
    problem_id: i64,
    (tickets, placed): (&[WindowTicket], &Placed),
    on: Date,
) -> Result<ProblemRow, OfficeError> {
    let of = || placed.fresh.iter().map(|at| &tickets[*at]);
    let first = &tickets[placed.fresh[0]];
    let is_district = placed.found.by == FoundBy::DistrictBurst;
    Ok(ProblemRow {
        problem_id,
        found_by: placed.found.by,
        title: shortened(&format!("{} {}", first.topic, first.said)),
        request: most(of().map(|ticket| ticket.request)).unwrap_or(Request::Opinion),
        org_id: most(of().map(|ticket| ticket.org_id)).unwrap_or(first.org_id),
        district_id: if is_district { first.district_id } else { None },
        owner: None,
        state: ProblemState::Found,
        found_on: on,
        since_on: on,
        measure_on: None,
        plan_until: None,
        due_on: law.care.due_on(ProblemState::Found, on, None, work.book.calendar())?,
        level: 0,
        people: 0,
        tickets: 0,
        score: 0,
        first_on: on,
        last_on: on,
        follows: placed.follows,
        ended_on: None,
    })
}

/// What most of them are; of as many, the least.
fn most<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut best = None;
    for (value, count) in counts {
        if best.as_ref().is_none_or(|(_, most)| count > *most) {
            best = Some((value, count));
        }
    }
    best.map(|(value, _)| value)
}

fn shortened(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(TITLE_MOST).collect()
}

fn found_words(placed: &Placed) -> String {
    let by = placed.found.by.zh();
    match placed.found.burst {
        Some((count, usual)) => {
            format!("{by}: 本期{count}张,通常每期{}.{:02}张", usual / 100, usual % 100)
        }
        None => format!("{by}: {}张工单", placed.fresh.len()),
    }
}

/// Counts a problem anew from its tickets.
fn measure(conn: &mut Conn, law: &ProblemLaw, row: &mut ProblemRow, on: Date) -> Result<(), OfficeError> {
    let tickets = store::window(conn, Lived::Of(row.problem_id))?;
    let voices: Vec<Voice> = tickets.par_iter().map(|ticket| told_of(ticket).voice).collect();
    let Standing { people, voices, first, last, score, .. } =
        standing(voices.iter(), day_number(on), &law.find.rank);
    row.people = i64::from(people);
    row.tickets = i64::from(voices);
    row.score = i64::try_from(score).unwrap_or(i64::MAX);
    (row.first_on, row.last_on) = (day_of_number(first), day_of_number(last));
    Ok(())
}

/// Keeps what its accounts share more often than all do.
fn weigh(
    conn: &mut Conn,
    law: &ProblemLaw,
    problem_id: i64,
    days: (Date, Date),
    (all_of, all): &(i64, Population),
) -> Result<(), OfficeError> {
    let (inside_of, inside) = store::lives(conn, days, problem_id)?;
    let share = |((dimension, value), inside): ((_, String), i64)| Share {
        dimension,
        inside,
        inside_of,
        all: all.get(&(dimension, value.clone())).copied().unwrap_or(0),
        all_of: *all_of,
        value,
    };
    let found = causes(inside.into_iter().map(share).collect(), &law.find.cause);
    let shares: Vec<Share> = found.into_iter().map(|cause| cause.share).collect();
    store::save_causes(conn, problem_id, &shares)?;
    Ok(())
}

/// Tells the next level what was not cared for in time, each level once.
fn tell_late(conn: &mut Conn, work: &Work<'_>, law: &ProblemLaw, on: Date) -> Result<i64, OfficeError> {
    let late = store::problems_late(conn, on)?;
    if late.is_empty() {
        return Ok(0);
    }
    let units = registry::orgs(conn)?;
    let mut told = 0;
    for late in late {
        let Some(mut row) = store::lock_problem(conn, late.problem_id)? else { continue };
        let Some(due_on) = row.due_on else { continue };
        let wanted = level_wanted(due_on, on, &law.care, work.book.calendar())?;
        if i64::from(wanted) <= row.level {
            continue;
        }
        row.level = i64::from(wanted);
        store::save_problems(conn, std::slice::from_ref(&row))?;
        let said = format!("“{}”应于{due_on}前完成,已超期", row.state.zh());
        note(
            conn,
            &row,
            (ProblemDeed::Escalate, &said, Some(above(&units, row.org_id, wanted))),
            (&work.by, on),
        )?;
        let task = NewTask {
            kind: LATE,
            codes: format!("problem.late,{},{wanted}", row.state.word()),
            detail: Bilingual::new(
                format!("问题{}“{}”{said}", row.problem_id, row.title),
                format!(
                    "problem {} \"{}\": \"{}\" was to be over by {due_on} and is late",
                    row.problem_id,
                    row.title,
                    row.state.in_english()
                ),
            ),
            due_on: Some(on),
            ..task_of(&row, on)
        };
        tasks::open(conn, &[task])?;
        told += 1;
    }
    Ok(told)
}

/// Notes what was done about a problem.
pub(super) fn note(
    conn: &mut Conn,
    row: &ProblemRow,
    (deed, said, org_id): (ProblemDeed, &str, Option<i64>),
    (by, on): (&str, Date),
) -> Result<(), OfficeError> {
    let event = ProblemEventRow {
        problem_id: row.problem_id,
        event_no: 0,
        deed,
        happened_on: on,
        noted_by: by.to_owned(),
        said: said.to_owned(),
        org_id,
    };
    Ok(store::insert_problem_event(conn, &event)?)
}

/// The task of the unit's manager; another state makes it a new one.
pub(super) fn task_of(row: &ProblemRow, on: Date) -> NewTask {
    let (people, tickets) = (row.people, row.tickets);
    NewTask {
        account_id: 0,
        kind: KIND,
        subject: row.problem_id.to_string(),
        codes: format!("problem.{}", row.state.word()),
        detail: Bilingual::new(
            format!("{}: {} ({people}人,{tickets}张工单)", row.state.zh(), row.title),
            format!("{}: {} ({people} people, {tickets} tickets)", row.state.in_english(), row.title),
        ),
        owner_role: "manager",
        opened_on: on,
        due_on: row.due_on,
    }
}
