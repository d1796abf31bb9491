//! `denghuo bench ladder`: a county in which everybody owes.

use super::{Clock, empty_store, peak_memory_mib, reset_peak_memory};
use crate::context::{Global, print_json};
use denghuo_office::collections::DunStage;
use denghuo_office::day::{DayOptions, Stage as _, run_stage};
use denghuo_office::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_store::{Conn, Store};
use denghuo_town::bench::{DUN_ON, build_debtors, evaluate, quiet};
use serde::Serialize;
use std::time::Instant;

#[derive(Serialize)]
struct Report {
    accounts: i64,
    evaluated: i64,
    changes: i64,
    evaluation_seconds: f64,
    peak_rss_mib: f64,
    stage_seconds: f64,
    quiet_day_seconds: f64,
}

pub(super) fn run(global: &Global, accounts: i64, threads: usize, json: bool) -> anyhow::Result<()> {
    let (store, mut conn) = empty_store(global, accounts)?;
    eprintln!("{}", global.say("正在生成欠费户…", "making the debtors…"));
    build_debtors(&mut conn, accounts)?;
    conn.settle()?;
    let book = global.site_book(&mut conn)?;
    let work = Work::at_site(&mut conn, &book, "system", 0)?;
    let stage = DunStage::new(&work, DUN_ON)?;
    reset_peak_memory();
    let evaluation = evaluate(&store, &stage, threads)?;
    let peak_rss_mib = peak_memory_mib();
    let stage_seconds = stage_of(&store, &mut conn, &work, DUN_ON)?;
    quiet(&mut conn, accounts)?;
    let report = Report {
        accounts,
        evaluated: evaluation.accounts,
        changes: evaluation.changes,
        evaluation_seconds: evaluation.spent.as_secs_f64(),
        peak_rss_mib,
        stage_seconds,
        quiet_day_seconds: stage_of(&store, &mut conn, &work, plus_days(DUN_ON, 1))?,
    };
    if json {
        return print_json(&report);
    }
    println!(
        "{} debtors loaded and decided in {:.2} s ({threads} threads, peak {:.0} MiB): {} steps change",
        report.evaluated, report.evaluation_seconds, report.peak_rss_mib, report.changes
    );
    println!("the stage with its notices and writes: {:.2} s", report.stage_seconds);
    println!("a day with nothing due: {:.3} s", report.quiet_day_seconds);
    Ok(())
}

/// Seconds that the stage takes on a day.
fn stage_of(store: &Store, conn: &mut Conn, work: &Work<'_>, on: jiff::civil::Date) -> anyhow::Result<f64> {
    denghuo_store::day::open_run(conn, on, 0)?;
    let begun = Instant::now();
    let stage = DunStage::new(work, on)?;
    debug_assert_eq!(stage.name(), "dun");
    run_stage(&stage, on, store, DayOptions::default(), &Clock::default())?;
    Ok(begun.elapsed().as_secs_f64())
}
