//! 结账: at the end of a month the targets of the periods that end keep their figures, and everybody's work of the month is appraised.

use super::appraise::appraisals_measure;
use super::books::Books;
use super::house::House;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::Month;
use denghuo_rules::targets::{Period, TargetState};
use denghuo_store::Conn;
use denghuo_store::day::{Counts, Range};
use denghuo_store::targets::{self as store, TargetRow};
use jiff::civil::Date;

/// The whole company at the end of a month, nothing on other days.
#[must_use]
pub fn measure_ranges(on: Date) -> Vec<Range> {
    if Period::ending_on(on).is_empty() { Vec::new() } else { vec![Range { from: 0, to: 0 }] }
}

/// Closes the periods that end on a day and appraises the month; doing it again changes nothing.
///
/// # Errors
/// A missing rule, or the database's.
pub fn measure_run(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Counts, OfficeError> {
    conn.write(|conn| {
        let mut done = 0;
        let periods = Period::ending_on(on);
        if periods.is_empty() {
            return Ok(Counts::default());
        }
        for target in store::targets(conn)? {
            if target.state == TargetState::Confirmed && periods.contains(&target.period) {
                close(conn, target, on)?;
                done += 1;
            }
        }
        done += appraisals_measure(conn, work, Month::of(on), on)?;
        Ok(Counts { due: done, done, ..Counts::default() })
    })
}

fn close(conn: &mut Conn, mut target: TargetRow, on: Date) -> Result<(), OfficeError> {
    let house = House::on(conn, on)?;
    let books = Books::of(conn, (target.period, 0), on, None)?;
    let mut results = Vec::new();
    for node in store::nodes(conn, target.target_no)? {
        let portfolios = books.portfolios_of(&house, &node)?;
        results.push((node.node_no, books.recovery(&portfolios)));
    }
    store::save_results(conn, target.target_no, &results)?;
    target.state = TargetState::Closed;
    target.closed_on = Some(on);
    Ok(store::save_target(conn, &target)?)
}
