//! The stages of the day in their order, and the day itself.

use super::report::{DayReport, StageReport};
use super::runner::{Progress, Stage, run_stage};
use crate::billing::{BillStage, IssueStage};
use crate::error::OfficeError;
use crate::notices::NotifyStage;
use crate::work::Work;
use crate::{
    collections, disconnection, evidence, legal, metering, outreach, payments, service, supervision, targets,
};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::units::Money;
use denghuo_store::day::{self, Counts, Range};
use denghuo_store::{Conn, Store};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How a day is run.
#[derive(Clone, Copy, Debug)]
pub struct DayOptions {
    /// Workers of this process on PostgreSQL; the embedded database has one writer.
    pub workers: usize,
    /// Accounts of a shard: what is written in one transaction.
    pub shard: usize,
}

impl Default for DayOptions {
    fn default() -> Self {
        Self { workers: 2, shard: 4096 }
    }
}

/// Why a day is not run; checked in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayRefusal {
    /// The first day of a database has to be named.
    NoFirstDay,
    /// An earlier day was begun and has to end first.
    Unfinished(Date),
    /// Later days were run already.
    Past(Date),
    /// Somebody stopped it between two shards.
    Stopped,
}

impl Refuse for DayRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoFirstDay => "day.no_first_day",
            Self::Unfinished(_) => "day.unfinished",
            Self::Past(_) => "day.past",
            Self::Stopped => "day.stopped",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::NoFirstDay => Bilingual::new(
                "尚未运行过营业日,请用 --date 指定",
                "no day was run yet: name one with --date",
            ),
            Self::Unfinished(day) => Bilingual::new(
                format!("营业日{day}未完成,请先运行它"),
                format!("the day {day} was begun and not finished: run it first"),
            ),
            Self::Past(last) => Bilingual::new(
                format!("最近的营业日是{last},不能倒着运行"),
                format!("the last day is {last}: days do not run backwards"),
            ),
            Self::Stopped => Bilingual::new(
                "营业日已中止,再次运行时从中止处继续",
                "the day was stopped; running it again goes on from there",
            ),
        }
    }
}

/// The day that comes next: the one that was begun and not finished, or the one after the last.
///
/// # Errors
/// No day was run yet; a failure of the database.
pub fn next_day(conn: &mut Conn) -> Result<Date, OfficeError> {
    match day::last_run(conn)? {
        None => Err(OfficeError::refuse(DayRefusal::NoFirstDay)),
        Some((date, state)) if state == "running" => Ok(date),
        Some((date, _)) => Ok(plus_days(date, 1)),
    }
}

/// May a day be run now? One that was begun may, and one after every other.
///
/// # Errors
/// A [`DayRefusal`], a year that the calendar does not cover, or the database's.
pub fn day_check(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<(), OfficeError> {
    match day::last_run(conn)? {
        Some((last, _)) if last > on => return Err(OfficeError::refuse(DayRefusal::Past(last))),
        Some((last, state)) if last < on && state == "running" => {
            return Err(OfficeError::refuse(DayRefusal::Unfinished(last)));
        }
        _ => {}
    }
    work.check_date(on)
}

/// Runs a business day, or what is left of it. A finished day changes nothing and tells its report again.
///
/// # Errors
/// A [`DayRefusal`], a missing rule, or a failure of the database.
pub fn run_day(
    store: &Store,
    work: &Work<'_>,
    on: Date,
    options: DayOptions,
    progress: &dyn Progress,
) -> Result<DayReport, OfficeError> {
    let mut conn = store.connect()?;
    day_check(&mut conn, work, on)?;
    // A day for which a rule is missing is refused before it is begun: a day that was begun has to be ended.
    let stages = Stages::new(&mut conn, work, on)?;
    if day::open_run(&mut conn, on, work.now)? == "done" {
        return finished_report(&mut conn, on);
    }
    let stages = stages.each(&mut Run { store, on, options, progress })?;
    let report = report(&mut conn, on, stages)?;
    let text = serde_json::to_string(&report).unwrap_or_default();
    day::finish_run(&mut conn, on, &text, work.now)?;
    Ok(report)
}

/// Every stage of one day, ready to run.
pub(super) struct Stages<'w, 'b> {
    work: &'w Work<'b>,
    on: Date,
    verify: metering::VerifyStage,
    bill: BillStage<'w>,
    issue: IssueStage<'w>,
    notify: NotifyStage<'w>,
    dun: collections::DunStage<'w>,
}

/// What is done with each stage: run it, or try it.
pub(super) trait Runner {
    /// Does the next stage.
    fn stage<S: Stage>(&mut self, stage: &S) -> Result<StageReport, OfficeError>;
}

impl<'w, 'b> Stages<'w, 'b> {
    /// Reads the rules of the day.
    pub(super) fn new(conn: &mut Conn, work: &'w Work<'b>, on: Date) -> Result<Self, OfficeError> {
        Ok(Self {
            work,
            on,
            verify: metering::VerifyStage::new(work, on)?,
            bill: BillStage::new(work, on)?,
            issue: IssueStage::new(conn, work, on)?,
            notify: NotifyStage::new(conn, work, on)?,
            dun: collections::DunStage::new(work, on)?,
        })
    }

    /// The stages in their order.
    pub(super) fn each(&self, runner: &mut impl Runner) -> Result<Vec<StageReport>, OfficeError> {
        let (work, on) = (self.work, self.on);
        // What ran out before the day began; what runs out during it is told by the sweep of the service.
        let morning = on.at(0, 0, 0, 0);
        Ok(vec![
            runner.stage(&RangeStage {
                name: "collect",
                plan: &|_, _| Ok(vec![WHOLE]),
                run: &|conn, _| collect(conn, work, on),
            })?,
            runner.stage(&self.verify)?,
            runner.stage(&self.bill)?,
            runner.stage(&self.issue)?,
            runner.stage(&self.notify)?,
            runner.stage(&RangeStage {
                name: "post",
                plan: &|conn, shard| payments::prepaid_ranges(conn, shard),
                run: &|conn, range| payments::apply_prepayments(conn, work, on, range),
            })?,
            runner.stage(&RangeStage {
                name: "accrue",
                plan: &|conn, shard| collections::late_fee_ranges(conn, on, shard),
                run: &|conn, range| collections::book_late_fees(conn, work, on, range),
            })?,
            runner.stage(&self.dun)?,
            runner.stage(&RangeStage {
                name: "disconnect",
                plan: &|conn, shard| disconnection::disconnect_ranges(conn, on, shard),
                run: &|conn, range| disconnection::disconnect_stage(conn, work, on, range),
            })?,
            runner.stage(&RangeStage {
                name: "legal",
                plan: &|conn, shard| legal::legal_ranges(conn, work, on, shard),
                run: &|conn, range| legal::legal_run(conn, work, on, range),
            })?,
            runner.stage(&RangeStage {
                name: "serve",
                plan: &|conn, shard| service::service_ranges(conn, morning, shard),
                run: &|conn, range| service::service_sweep(conn, work, range, morning),
            })?,
            runner.stage(&RangeStage {
                name: "measure",
                plan: &|_, _| Ok(targets::measure_ranges(on)),
                run: &|conn, _| targets::measure_run(conn, work, on),
            })?,
            runner.stage(&RangeStage {
                name: "supervise",
                plan: &|_, _| Ok(vec![WHOLE]),
                run: &|conn, _| supervision::supervise(conn, work, on),
            })?,
            runner.stage(&RangeStage {
                name: "outreach",
                plan: &|_, _| Ok(vec![WHOLE]),
                run: &|conn, _| outreach::outreach(conn, work, on),
            })?,
            runner.stage(&RangeStage {
                name: "detect",
                plan: &|conn, _| {
                    Ok(if service::problem::problems_due(conn, on)? { vec![WHOLE] } else { Vec::new() })
                },
                run: &|conn, _| service::problem::problems_detect(conn, work, on),
            })?,
            runner.stage(&RangeStage {
                name: "close",
                plan: &|_, _| Ok(vec![WHOLE]),
                run: &|conn, _| close(conn, on),
            })?,
        ])
    }
}

/// Work that belongs to no range of accounts.
const WHOLE: Range = Range { from: 0, to: 0 };

struct Run<'r> {
    store: &'r Store,
    on: Date,
    options: DayOptions,
    progress: &'r dyn Progress,
}

impl Runner for Run<'_> {
    fn stage<S: Stage>(&mut self, stage: &S) -> Result<StageReport, OfficeError> {
        let counts = run_stage(stage, self.on, self.store, self.options, self.progress)?;
        Ok(StageReport::new(stage.name(), counts))
    }
}

/// Tells the due ranges of at most so many accounts.
type Plan<'s> = dyn Fn(&mut Conn, usize) -> Result<Vec<Range>, OfficeError> + Sync + 's;

/// A stage that is one use case per range: it loads, decides and writes by itself.
struct RangeStage<'s> {
    name: &'static str,
    plan: &'s Plan<'s>,
    run: &'s (dyn Fn(&mut Conn, Range) -> Result<Counts, OfficeError> + Sync),
}

impl Stage for RangeStage<'_> {
    type Decision = Range;

    fn name(&self) -> &'static str {
        self.name
    }
    fn plan(&self, conn: &mut Conn, shard: usize) -> Result<Vec<Range>, OfficeError> {
        (self.plan)(conn, shard)
    }
    fn decide(&self, _: &mut Conn, range: Range) -> Result<Range, OfficeError> {
        Ok(range)
    }
    fn write(&self, conn: &mut Conn, range: Range) -> Result<Counts, OfficeError> {
        (self.run)(conn, range)
    }
}

/// 采集: opens the reading orders of the day and looks for readings that were written at a desk.
fn collect(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Counts, OfficeError> {
    let opened = metering::orders_open(conn, on)? as i64;
    metering::routes_judge(conn, work, on)?;
    Ok(Counts { due: opened, done: opened, ..Counts::default() })
}

/// 结束: closes the reading orders whose accounts are all billed, and anchors the proofs that were added.
fn close(conn: &mut Conn, on: Date) -> Result<Counts, OfficeError> {
    let closed = i64::try_from(metering::orders_close(conn, on)?).unwrap_or(i64::MAX);
    let anchored = evidence::evidence_anchor(conn, on)?;
    Ok(Counts { due: closed + anchored, done: closed + anchored, ..Counts::default() })
}

pub(super) fn report(conn: &mut Conn, on: Date, stages: Vec<StageReport>) -> Result<DayReport, OfficeError> {
    let mut totals = BTreeMap::new();
    for (name, stage) in
        [("billed", "bill"), ("released", "issue"), ("prepaid_applied", "post"), ("late_fee", "accrue")]
    {
        let amount = stages.iter().filter(|s| s.stage == stage).map(|s| s.amount).sum::<Money>();
        totals.insert(name.to_owned(), amount);
    }
    totals.insert("received".to_owned(), denghuo_store::payments::received_on(conn, on)?);
    Ok(DayReport { date: on, stages, totals })
}

fn finished_report(conn: &mut Conn, on: Date) -> Result<DayReport, OfficeError> {
    let text = day::report(conn, on)?.unwrap_or_default();
    serde_json::from_str(&text)
        .map_err(|e| denghuo_store::StoreError::Corrupt(format!("the report of {on}: {e}")).into())
}
