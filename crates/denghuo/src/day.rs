//! `denghuo day`: runs a business day.

use crate::context::{Global, print_json, recorded_now};
use denghuo_office::day::{DayOptions, DayReport, Progress, next_day, run_day};
use denghuo_office::work::Work;
use denghuo_store::day::Counts;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use std::sync::Mutex;

/// Arguments of `denghuo day`.
#[derive(clap::Args)]
#[command(
    group(clap::ArgGroup::new("which").required(true).args(["date", "next"])),
    after_help = "Examples:\n  denghuo day --date 2026-08-01\n  denghuo day --next --json\n\nA killed day is resumed by running it again; a finished day changes nothing. On PostgreSQL several processes may run the same day."
)]
pub struct Args {
    /// The business date
    #[arg(long)]
    date: Option<Date>,
    /// The day that comes next: an unfinished one, or the one after the last
    #[arg(long)]
    next: bool,
    /// Workers of this process on PostgreSQL
    #[arg(long, default_value_t = 2)]
    workers: usize,
    /// Accounts that are written in one transaction
    #[arg(long, default_value_t = 4096, value_name = "ACCOUNTS")]
    shard: usize,
    /// JSON: date, stages with due, done, parked and amount, totals
    #[arg(long)]
    json: bool,
}

/// Runs the day and tells its end report.
///
/// # Errors
/// A refusal, a missing rule, or a failure of the database; what was done stays done.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let store = global.store()?;
    let mut conn = store.connect()?;
    let book = global.site_book(&mut conn)?;
    let work = Work::at_site(&mut conn, &book, "system", recorded_now())?;
    let on = match args.date {
        Some(date) => date,
        None => next_day(&mut conn)?,
    };
    let bar = Bar::default();
    let report = run_day(&store, &work, on, DayOptions { workers: args.workers, shard: args.shard }, &bar)?;
    if args.json {
        return print_json(&report);
    }
    tell(global, &report);
    Ok(())
}

/// Prints the end report as a table.
pub fn tell(global: &Global, report: &DayReport) {
    println!("{} {}", global.say("营业日", "business day"), report.date);
    println!(
        "{:<10} {:>10} {:>10} {:>10} {:>18}",
        global.say("环节", "stage"),
        global.say("应办", "due"),
        global.say("已办", "done"),
        global.say("搁置", "parked"),
        global.say("金额(元)", "yuan")
    );
    for stage in &report.stages {
        println!(
            "{:<10} {:>10} {:>10} {:>10} {:>18}",
            stage.stage, stage.due, stage.done, stage.parked, stage.amount
        );
    }
    for (name, amount) in &report.totals {
        println!("{name:<16} {amount:>18}");
    }
}

/// A bar per stage on the terminal; nothing where standard error is no terminal.
#[derive(Default)]
struct Bar {
    bar: Mutex<Option<ProgressBar>>,
}

impl Bar {
    fn with(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        act(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Bar {
    fn begin(&self, stage: &str, shards: usize) {
        let style = ProgressStyle::with_template("{prefix:10} {bar:40} {pos}/{len} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(shards as u64).with_style(style).with_prefix(stage.to_owned());
        self.with(|slot| *slot = Some(bar));
    }
    fn shard_done(&self, _: Counts) {
        self.with(|slot| {
            if let Some(bar) = slot {
                bar.inc(1);
            }
        });
    }
    fn end(&self, _: &str, _: Counts) {
        self.with(|slot| {
            if let Some(bar) = slot.take() {
                bar.finish_and_clear();
            }
        });
    }
}
