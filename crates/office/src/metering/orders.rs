//! 抄表例日: a route's order opens on its reading day and closes when all its accounts are billed to that day.

use super::exceptions::ExceptionKind;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::derivation::{Bilingual, Recorder};
use denghuo_rules::metering::{MeteringRules, RouteReading, Source, route_exceptions};
use denghuo_store::Conn;
use denghuo_store::metering::{self, ReadingOrder, TakenReading};
use denghuo_store::registry::Route;
use denghuo_store::tasks::{self, NewTask};
use jiff::civil::Date;
use std::collections::HashMap;

/// Opens the orders that are due by a day and not open yet, those of days without a run too; gives how many. A route
/// without any order begins with the month of the day.
///
/// # Errors
/// A failure of the database.
pub fn orders_open(conn: &mut Conn, on: Date) -> Result<usize, OfficeError> {
    conn.write(|conn| {
        let last: HashMap<i64, Month> = metering::last_orders(conn)?.into_iter().collect();
        let mut due = Vec::new();
        for route in metering::routes(conn)? {
            due.extend(orders_due(&route, last.get(&route.route_id).copied(), on));
        }
        metering::insert_orders(conn, &due)?;
        Ok(due.len())
    })
}

/// Closes the orders whose accounts are all billed; gives how many.
///
/// # Errors
/// A failure of the database.
pub fn orders_close(conn: &mut Conn, on: Date) -> Result<u64, OfficeError> {
    Ok(metering::close_finished(conn, on)?)
}

/// 估抄嫌疑: judges the field readings of every open route and opens a task where they look written at a desk; gives how
/// many routes are suspicious. The same finding again is the same task.
///
/// # Errors
/// The book has no rule for it; a failure of the database.
pub fn routes_judge(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<usize, OfficeError> {
    let rules = MeteringRules::load(work.book, &work.site, on)?.route;
    let orders = metering::orders_in_work(conn, on)?;
    let Some(since) = orders.iter().map(|(order, _)| order.due_on).min() else { return Ok(0) };
    let taken = metering::field_readings(conn, (since, on))?;
    let mut found = Vec::new();
    for (order, code) in orders {
        let start = taken.partition_point(|(route, _)| *route < order.route_id);
        let own = taken[start..].iter().take_while(|(route, _)| *route == order.route_id);
        let readings: Vec<RouteReading> = own
            .filter(|(_, taken)| taken.read_on >= order.due_on)
            .map(|(_, taken)| as_taken(taken))
            .collect();
        let mut told = Recorder::default();
        let exceptions = route_exceptions(&readings, &rules, &mut told);
        if exceptions.is_empty() {
            continue;
        }
        let said = told.steps.into_iter().map(|step| step.text);
        found.push(NewTask {
            account_id: 0,
            kind: ExceptionKind::Notice.word(),
            subject: format!("route:{code}:{}", order.month),
            codes: exceptions.codes(),
            detail: Bilingual::joined(said, "; "),
            owner_role: "verifier",
            opened_on: on,
            due_on: None,
        });
    }
    conn.write(|conn| tasks::open(conn, &found))?;
    Ok(found.len())
}

fn as_taken(reading: &TakenReading) -> RouteReading {
    RouteReading {
        source: Source::Field,
        taken_at: reading.taken_at.map(|at| at / 1000),
        shown: reading.shown,
        advance: reading.advance.unwrap_or_default(),
    }
}

/// The orders of a route after its last one, up to a day.
fn orders_due(route: &Route, last: Option<Month>, on: Date) -> Vec<ReadingOrder> {
    let cycle = i32::try_from(route.cycle_months.max(1)).unwrap_or(1);
    let Some(first) = Month::from_yyyymm(route.first_month) else { return Vec::new() };
    let now = Month::of(on);
    let from = last.map_or(now, |month| month.plus(1)).max(first);
    (0..=now.since(from))
        .map(|n| from.plus(n))
        .filter(|month| month.since(first).rem_euclid(cycle) == 0)
        .map(|month| {
            let due_on = month.day_or_last(i8::try_from(route.read_day).unwrap_or(31));
            ReadingOrder { route_id: route.route_id, month, due_on }
        })
        .filter(|order| order.due_on <= on)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(read_day: i64, cycle_months: i64, last: Option<&str>, on: &str) -> Vec<String> {
        let route = Route {
            route_id: 1,
            code: "R001".into(),
            name: "昌邑一段".into(),
            org_id: 1,
            reader_id: None,
            verifier_id: None,
            read_day,
            cycle_months,
            first_month: 202_601,
        };
        let last = last.map(|m| m.parse().unwrap());
        orders_due(&route, last, on.parse().unwrap())
            .iter()
            .map(|o| format!("{} {}", o.month, o.due_on))
            .collect()
    }

    #[test]
    fn a_route_comes_due_on_its_day() {
        assert_eq!(due(10, 1, None, "2026-02-09"), [""; 0]);
        assert_eq!(due(10, 1, None, "2026-02-10"), ["2026-02 2026-02-10"]);
        assert_eq!(due(10, 1, Some("2026-02"), "2026-02-28"), [""; 0]);
        assert_eq!(
            due(31, 1, Some("2026-01"), "2026-02-28"),
            ["2026-02 2026-02-28"],
            "a short month's last day"
        );
        assert_eq!(due(10, 2, Some("2026-01"), "2026-02-28"), [""; 0], "every other month");
        assert_eq!(due(10, 2, Some("2026-01"), "2026-03-10"), ["2026-03 2026-03-10"]);
        assert_eq!(
            due(10, 1, Some("2026-01"), "2026-03-11"),
            ["2026-02 2026-02-10", "2026-03 2026-03-10"],
            "days without a run are made up for"
        );
        assert_eq!(due(10, 1, None, "2025-12-31"), [""; 0], "not before the route begins");
    }
}
