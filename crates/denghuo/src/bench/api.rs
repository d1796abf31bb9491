//! `denghuo bench api`: how long people wait for an answer in a county of many accounts.
//!
//! The server runs in this process and is asked over loopback, so an answer costs what it costs in a browser, but for the
//! drawing. Requests begin at fixed moments, whether or not the one before has ended (an open loop), and a wait counts from
//! the moment at which its request should have begun: a server that stalls is not asked less.

use super::{empty_store, peak_memory_mib, reset_peak_memory};
use crate::context::{Global, print_json};
use anyhow::Context as _;
use denghuo_office::access::{login_add, password_change, token_add};
use denghuo_office::day::{DayOptions, run_day};
use denghuo_office::work::Work;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::rulebook::Rulebook;
use denghuo_server::{App, Clock, Moment, Options};
use denghuo_store::Store;
use denghuo_town::bench::{CASHIER, READ_ON, build};
use jiff::civil::DateTime;
use serde::Serialize;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// Days after the reading on which people work: every bill is overdue, so the list of debtors is as long as the county.
const DAYS_LATER: i64 = 45;
/// Threads that ask: more than the requests that are under way at a time.
const ASKERS: u64 = 32;

/// Nobody is told that he asks too often.
const NO_LIMITS: &str = r#"layer = "site"
[[rule]]
id = "site.login.bench"
topic = "login"
from = "2019-12-01"
confidence = "L"
basis = { title = "基准测试" }
params = { failures_to_lock = 5, lock_minutes = 15, password_characters = 10, password_kinds = 3, idle_minutes = 600, session_hours = 12, attempts_per_minute = 1000000, requests_per_minute = 1000000 }
"#;

/// How hard it is asked.
#[derive(Clone, Copy, clap::Args)]
pub(super) struct Load {
    /// Accounts
    #[arg(long, default_value_t = 100_000)]
    pub accounts: i64,
    /// Requests a second
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub rate: u64,
    /// Seconds of each kind of request
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub seconds: u64,
    /// JSON
    #[arg(long)]
    pub json: bool,
}

/// Waits of one kind of request, in milliseconds.
#[derive(Serialize)]
struct Waits {
    what: &'static str,
    rate: u64,
    requests: usize,
    p50_ms: f64,
    p99_ms: f64,
    most_ms: f64,
    kib: f64,
}

#[derive(Serialize)]
struct Report {
    accounts: i64,
    peak_rss_mib: f64,
    waits: Vec<Waits>,
}

pub(super) fn run(global: &Global, load: Load) -> anyhow::Result<()> {
    let (store, mut conn) = empty_store(global, load.accounts)?;
    eprintln!("{}", global.say("正在生成基准数据…", "making the county…"));
    build(&mut conn, load.accounts)?;
    let book = global.site_book(&mut conn)?;
    let work = Work::at_site(&mut conn, &book, "system", 0)?;
    let token = token(&mut conn, &book)?;
    drop(conn);
    eprintln!("{}", global.say("正在核算发行…", "billing it…"));
    run_day(&store, &work, READ_ON, DayOptions::default(), &super::Clock::default())?;
    let server = Server::start(&store, &book)?;
    reset_peak_memory();
    let asker = Asker { base: server.base.clone(), token, agent: ureq::Agent::new_with_defaults() };
    let mut waits = Vec::new();
    for what in Kind::ALL {
        eprintln!("{}", what.word());
        waits.push(measure(&asker, Load { rate: what.rate(load.rate), ..load }, what)?);
    }
    let report = Report { accounts: load.accounts, peak_rss_mib: peak_memory_mib(), waits };
    server.stop()?;
    if load.json {
        return print_json(&report);
    }
    tell(&report);
    Ok(())
}

/// A token of the cashier, who sees accounts and arrears and takes payments.
fn token(conn: &mut denghuo_store::Conn, book: &Rulebook) -> anyhow::Result<String> {
    let by = |conn: &mut _, who: &str| Work::at_site(conn, book, who, 0);
    let work = by(conn, "system")?;
    let first = login_add(conn, &work, CASHIER, false, READ_ON)?;
    let work = by(conn, CASHIER)?;
    password_change(conn, &work, (&first, "Denghuo-2026"), "", READ_ON)?;
    let words = [Permission::SeeAccounts, Permission::SeeArrears, Permission::TakePayments]
        .map(|permission| permission.word().to_owned());
    let until = plus_days(READ_ON, 365);
    Ok(token_add(conn, &work, (CASHIER, "bench"), &words, (READ_ON, until))?.1)
}

/// The server of this process.
struct Server {
    base: String,
    runtime: tokio::runtime::Runtime,
    end: tokio::sync::oneshot::Sender<()>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Server {
    fn start(store: &Store, book: &Rulebook) -> anyhow::Result<Self> {
        let rules = vec![("site/login.toml".to_owned(), NO_LIMITS.to_owned())];
        let (book, errors) = book.examined(rules.clone());
        anyhow::ensure!(errors.is_empty(), "{errors:?}");
        let options = Options { rule_folder: rules, ..Options::default() };
        let app = App::new(store.clone(), book, clock(), options)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let base = format!("http://{}/api/v1", listener.local_addr()?);
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let served = runtime.spawn(denghuo_server::serve(app, listener, async {
            // The sender that is gone ends it as well.
            let _ = ended.await;
        }));
        Ok(Self { base, runtime, end, served })
    }

    fn stop(self) -> anyhow::Result<()> {
        let _ = self.end.send(());
        self.runtime.block_on(self.served)??;
        Ok(())
    }
}

/// A clock that stands at ten in the morning of the day and counts on, so that every moment is another.
fn clock() -> Clock {
    let on = plus_days(READ_ON, DAYS_LATER);
    let begun = on.at(10, 0, 0, 0);
    let ticks = AtomicI64::new(0);
    Arc::new(move || Moment {
        local: DateTime::from_parts(on, begun.time()),
        recorded_at: 1_790_000_000_000 + ticks.fetch_add(1, Ordering::Relaxed),
    })
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    ByNumber,
    ByMeter,
    ByName,
    ByPart,
    Page,
    Timeline,
    Debtors,
    Pay,
    Mixed,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::ByNumber,
        Self::ByMeter,
        Self::ByName,
        Self::ByPart,
        Self::Page,
        Self::Timeline,
        Self::Debtors,
        Self::Pay,
        Self::Mixed,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::ByNumber => "search by account number",
            Self::ByMeter => "search by meter number",
            Self::ByName => "search by whole name",
            Self::ByPart => "search by a part of the address",
            Self::Page => "360° page",
            Self::Timeline => "timeline of the 360° page",
            Self::Debtors => "list of debtors, 50 a page, the largest first",
            Self::Pay => "payment posted",
            Self::Mixed => "all of them in turn",
        }
    }

    /// Requests a second: a search that reads everybody is asked for as seldom as people do.
    fn rate(self, asked: u64) -> u64 {
        if self == Self::ByPart { asked.min(2) } else { asked }
    }

    /// The kind of the `at`-th request.
    fn at(self, at: u64) -> Self {
        match self {
            Self::Mixed => {
                let turn =
                    [Self::ByNumber, Self::Page, Self::Timeline, Self::Debtors, Self::ByName, Self::Pay];
                turn[usize::try_from(at).unwrap_or(0) % turn.len()]
            }
            alone => alone,
        }
    }
}

struct Asker {
    base: String,
    token: String,
    agent: ureq::Agent,
}

impl Asker {
    /// Asks once and reads the whole answer; gives its bytes.
    fn ask(&self, what: Kind, account: i64, at: u64) -> anyhow::Result<usize> {
        let no = format!("37{account:08}");
        let path = match what {
            Kind::ByNumber => format!("/accounts?q={no}"),
            Kind::ByMeter => format!("/accounts?q=M{account:010}"),
            // 客户…
            Kind::ByName => format!("/accounts?q=%E5%AE%A2%E6%88%B7{account}"),
            Kind::ByPart => format!("/accounts?q={account}%E5%8F%B7%20%E4%B8%9C&limit=20"),
            Kind::Page | Kind::Mixed => format!("/accounts/{no}"),
            Kind::Timeline => format!("/accounts/{no}/timeline"),
            Kind::Debtors => "/arrears?sort=-amount&limit=50".to_owned(),
            Kind::Pay => format!("/accounts/{no}/payments"),
        };
        let url = format!("{}{path}", self.base);
        let bearer = format!("Bearer {}", self.token);
        let mut answer = if what == Kind::Pay {
            let body =
                serde_json::json!({ "amount": "10.00", "channel": "cash", "external_id": format!("b{at}") });
            let request = self.agent.post(&url).header("authorization", bearer);
            request
                .header("idempotency-key", format!("bench-{at}"))
                .header("content-type", "application/json")
                .send(body.to_string())
        } else {
            self.agent.get(&url).header("authorization", bearer).call()
        }
        .with_context(|| format!("{url} was not answered"))?;
        Ok(answer.body_mut().read_to_vec()?.len())
    }
}

/// Payments of all measurements have numbers of their own.
static PAYMENTS: AtomicU64 = AtomicU64::new(0);

fn measure(asker: &Asker, load: Load, what: Kind) -> anyhow::Result<Waits> {
    let count = load.rate * load.seconds;
    let next = AtomicU64::new(0);
    let waits = Mutex::new(Vec::new());
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..ASKERS.min(count))
            .map(|_| scope.spawn(|| ask_in_time(asker, load, what, (&next, count), begun, &waits)))
            .collect();
        asking.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a thread of the benchmark broke")))
        })
    })?;
    let mut waits = waits.into_inner().unwrap_or_else(PoisonError::into_inner);
    waits.sort_unstable();
    let part = |per_mille: usize| waits[(waits.len() * per_mille / 1000).min(waits.len() - 1)].0;
    let ms = |wait: Duration| wait.as_secs_f64() * 1000.0;
    let bytes: usize = waits.iter().map(|(_, bytes)| bytes).sum();
    #[expect(clippy::cast_precision_loss, reason = "a report of sizes")]
    let kib = bytes as f64 / waits.len() as f64 / 1024.0;
    Ok(Waits {
        what: what.word(),
        rate: load.rate,
        requests: waits.len(),
        p50_ms: ms(part(500)),
        p99_ms: ms(part(990)),
        most_ms: ms(part(1000)),
        kib,
    })
}

fn ask_in_time(
    asker: &Asker,
    load: Load,
    what: Kind,
    (next, count): (&AtomicU64, u64),
    begun: Instant,
    waits: &Mutex<Vec<(Duration, usize)>>,
) -> anyhow::Result<()> {
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at >= count {
            return Ok(());
        }
        let due = begun + Duration::from_nanos(1_000_000_000 / load.rate * at);
        #[expect(
            clippy::disallowed_methods,
            reason = "an open loop asks at its moments, not when it is answered"
        )]
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        // Spread over the county: a prime walks through it without a pattern.
        let account = i64::try_from(at * 7_368_787 % load.accounts.unsigned_abs())? + 1;
        let bytes = asker.ask(what.at(at), account, PAYMENTS.fetch_add(1, Ordering::Relaxed))?;
        waits.lock().unwrap_or_else(PoisonError::into_inner).push((due.elapsed(), bytes));
    }
}

fn tell(report: &Report) {
    println!("{} accounts, peak {:.0} MiB", report.accounts, report.peak_rss_mib);
    println!("| request | a second | requests | p50 ms | p99 ms | most ms | KiB |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for w in &report.waits {
        println!(
            "| {} | {} | {} | {:.1} | {:.1} | {:.1} | {:.1} |",
            w.what, w.rate, w.requests, w.p50_ms, w.p99_ms, w.most_ms, w.kib
        );
    }
}
