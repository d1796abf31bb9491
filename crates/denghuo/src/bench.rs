//! `denghuo bench`: what a day costs on this machine.

mod api;
mod ladders;
mod problems;

use crate::context::{Global, print_json};
use clap::Subcommand;
use denghuo_office::day::{DayOptions, Progress, run_day};
use denghuo_office::work::Work;
use denghuo_rules::metering::MeteringRules;
use denghuo_rules::rulebook::Rulebook;
use denghuo_store::day::Counts;
use denghuo_store::{Conn, Engine, Store};
use denghuo_town::bench::{County, READ_ON, RawWrites, SMALL_DAY, build, history_checks, raw_writes};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Arguments of `denghuo bench`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A day on which every account is read and billed, and a day on which one in a hundred is
    #[command(
        after_help = "The database named by --db has to be empty; a second one beside it (sqlite: PATH.raw, PostgreSQL: schema raw_writes) takes the bare loop."
    )]
    Day {
        /// Accounts
        #[arg(long, default_value_t = 100_000)]
        accounts: i64,
        /// Workers of this process on PostgreSQL
        #[arg(long, default_value_t = 2)]
        workers: usize,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// The console's requests at a fixed rate: searches, the customer's page, the list of debtors, payments
    #[command(after_help = "The database named by --db has to be empty.")]
    Api(api::Load),
    /// A county in which everybody owes: every ladder looked at on one day, and a day on which none is
    #[command(after_help = "The database named by --db has to be empty.")]
    Ladder {
        /// Debtors
        #[arg(long, default_value_t = 100_000)]
        accounts: i64,
        /// Threads that load and decide
        #[arg(long, default_value_t = 2)]
        threads: usize,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Very many tickets of one month, read and put together
    #[command(after_help = "No database is needed.")]
    Problems {
        /// Tickets
        #[arg(long, default_value_t = 100_000)]
        tickets: u64,
        /// JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Serialize)]
struct Report {
    engine: &'static str,
    accounts: i64,
    seconds: f64,
    peak_rss_mib: f64,
    ratio_to_raw_writes: f64,
    stages: BTreeMap<String, f64>,
    raw_rows: u64,
    raw_seconds: f64,
    billed: i64,
    small_day_accounts: i64,
    small_day_seconds: f64,
    small_day_share: f64,
    history_checks_seconds: f64,
    history_checks_share: f64,
}

/// Runs the benchmark.
///
/// # Errors
/// The database is not empty or fails.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let (accounts, workers, json) = match args.what {
        What::Day { accounts, workers, json } => (accounts, workers, json),
        What::Api(load) => return api::run(global, load),
        What::Problems { tickets, json } => return problems::run(global, tickets, json),
        What::Ladder { accounts, threads, json } => return ladders::run(global, accounts, threads, json),
    };
    let (store, mut conn) = empty_store(global, accounts)?;
    eprintln!("{}", global.say("正在生成基准数据…", "making the county…"));
    let county = build(&mut conn, accounts)?;
    conn.settle()?;
    let report = measure(global, &store, &mut conn, county, workers)?;
    if json {
        return print_json(&report);
    }
    tell(&report);
    Ok(())
}

/// The database of a benchmark, which has to be empty.
fn empty_store(global: &Global, accounts: i64) -> anyhow::Result<(Store, Conn)> {
    anyhow::ensure!(
        accounts > 0,
        "{}",
        global.say("户数须大于零", "the number of accounts must be positive")
    );
    let store = global.new_store()?;
    let mut conn = store.connect()?;
    let occupied = denghuo_store::registry::last_id(&mut conn, denghuo_store::registry::Registered::Account)?;
    anyhow::ensure!(
        occupied == 0,
        "{}",
        global.say("基准测试需要空数据库", "the benchmark needs an empty database")
    );
    Ok((store, conn))
}

fn measure(
    global: &Global,
    store: &Store,
    conn: &mut Conn,
    county: County,
    workers: usize,
) -> anyhow::Result<Report> {
    let book = global.site_book(conn)?;
    reset_peak_memory();
    let (stages, seconds, billed) = timed_day(store, conn, &book, READ_ON, workers)?;
    let peak = peak_memory_mib();
    let (_, small_seconds, _) = timed_day(store, conn, &book, SMALL_DAY, workers)?;
    let raw = raw(store, conn, county)?;
    let total = seconds.as_secs_f64();
    let rules = MeteringRules::load(&book, &Work::at_site(conn, &book, "system", 0)?.site, READ_ON)?;
    let (checks, _) = history_checks(conn, &rules, county.accounts)?;
    Ok(Report {
        engine: match conn.engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        },
        accounts: county.accounts,
        seconds: total,
        peak_rss_mib: peak,
        ratio_to_raw_writes: total / raw.spent.as_secs_f64(),
        stages,
        raw_rows: raw.rows,
        raw_seconds: raw.spent.as_secs_f64(),
        billed,
        small_day_accounts: county.small,
        small_day_seconds: small_seconds.as_secs_f64(),
        small_day_share: small_seconds.as_secs_f64() / total,
        history_checks_seconds: checks.as_secs_f64(),
        history_checks_share: checks.as_secs_f64() / total,
    })
}

fn timed_day(
    store: &Store,
    conn: &mut Conn,
    book: &Rulebook,
    on: jiff::civil::Date,
    workers: usize,
) -> anyhow::Result<(BTreeMap<String, f64>, Duration, i64)> {
    let work = Work::at_site(conn, book, "system", 0)?;
    let clock = Clock::default();
    let begun = Instant::now();
    let report = run_day(store, &work, on, DayOptions { workers, ..DayOptions::default() }, &clock)?;
    let spent = begun.elapsed();
    let billed = report.stage("bill").map_or(0, |stage| stage.done);
    let stages = clock.stages.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok((stages, spent, billed))
}

fn raw(store: &Store, conn: &mut Conn, county: County) -> anyhow::Result<RawWrites> {
    let target = store.beside("raw")?;
    let mut target_conn = target.connect()?;
    let raw = raw_writes(conn, &mut target_conn, county.accounts)?;
    drop(target_conn);
    target.destroy()?;
    Ok(raw)
}

/// Seconds per stage.
#[derive(Default)]
struct Clock {
    begun: Mutex<Option<Instant>>,
    stages: Mutex<BTreeMap<String, f64>>,
}

impl Progress for Clock {
    fn begin(&self, _: &str, _: usize) {
        *self.begun.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Instant::now());
    }
    fn shard_done(&self, _: Counts) {}
    fn end(&self, stage: &str, _: Counts) {
        let begun = self.begun.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let spent = begun.map_or(0.0, |begun| begun.elapsed().as_secs_f64());
        let mut stages = self.stages.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        stages.insert(stage.to_owned(), spent);
    }
}

/// Lets the kernel count the peak anew, so that making the county does not enter it (Linux; elsewhere it does).
fn reset_peak_memory() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn peak_memory_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}

fn tell(report: &Report) {
    println!("{} {} accounts, {} billed", report.engine, report.accounts, report.billed);
    for (stage, seconds) in &report.stages {
        println!("  {stage:<8} {seconds:>8.2} s");
    }
    println!("  day      {:>8.2} s, peak {:.0} MiB", report.seconds, report.peak_rss_mib);
    println!(
        "  raw      {:>8.2} s for {} rows: ratio {:.2}",
        report.raw_seconds, report.raw_rows, report.ratio_to_raw_writes
    );
    println!("  history checks {:.1} % of the day", report.history_checks_share * 100.0);
    println!(
        "  a day with {} due: {:.2} s, {:.1} % of it",
        report.small_day_accounts,
        report.small_day_seconds,
        report.small_day_share * 100.0
    );
}
