//! `denghuo serve`: the HTTP API and the console, until it is told to stop.

use crate::adapters::hooks::Hooks;
use crate::adapters::identity::Provider;
use crate::adapters::papers::Printer;
use crate::context::{Global, now_local, recorded_now};
use anyhow::Context as _;
use denghuo_office::access::first_administrator;
use denghuo_office::ports::Papers;
use denghuo_office::work::Work;
use denghuo_server::{App, Clock, Moment, Options, PayPort, Ports};
use jiff::civil::{Date, DateTime, Time};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Arguments of `denghuo serve`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  denghuo serve
  denghuo --db postgres://denghuo@127.0.0.1/denghuo serve --listen 0.0.0.0:8460 --behind-tls
  denghuo --db sqlite://var/demo.db serve --date 2026-09-01 --open")]
pub struct Args {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8460", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Open the console in the browser
    #[arg(long)]
    open: bool,
    /// A proxy with TLS stands in front: cookies by TLS only, clients by X-Forwarded-For
    #[arg(long)]
    behind_tls: bool,
    /// Connections to the database, and requests that work at the same time
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    connections: u16,
    /// The business date, for a demonstration; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// The time of day at the start, for a demonstration; the machine's when not given
    #[arg(long, requires = "date", value_name = "HH:MM")]
    time: Option<Time>,
    /// A site's folder of templates, laid over the standard ones file by file
    #[arg(long, env = "DENGHUO_TEMPLATES", value_name = "DIR")]
    templates: Option<PathBuf>,
    /// A folder of fonts, used instead of the machine's
    #[arg(long, env = "DENGHUO_FONTS", value_name = "DIR")]
    fonts: Option<PathBuf>,
    /// What stands before the token in the QR code of a payment intent
    #[arg(long, env = "DENGHUO_PAY_LINK", default_value = "denghuo-pay:", value_name = "URL")]
    pay_link: String,
    /// Play the payment provider: payments are simulated, for a demonstration; never where real money is
    #[arg(long)]
    simulate_payments: bool,
    /// What is logged: error, warn, info, debug, trace
    #[arg(long, default_value = "info")]
    log: tracing::Level,
    /// Log as JSON, one object a line
    #[arg(long)]
    log_json: bool,
}

impl Args {
    /// The usual way, with a business date.
    #[must_use]
    pub fn on(date: Date) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8460)),
            open: false,
            behind_tls: false,
            connections: 8,
            date: Some(date),
            time: None,
            templates: None,
            fonts: None,
            pay_link: "denghuo-pay:".to_owned(),
            simulate_payments: true,
            log: tracing::Level::WARN,
            log_json: false,
        }
    }
}

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// The database or the rulebook cannot be opened, or the address is taken.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    log_to_stderr(args);
    let store = global.store()?;
    let mut conn = store.connect()?;
    let book = global.site_book(&mut conn)?;
    let clock = clock(args.date, args.time);
    let moment = clock();
    let work = Work::at_site(&mut conn, &book, "system", moment.recorded_at)?;
    if let Some((name, password)) = first_administrator(&mut conn, &work, moment.local.date())? {
        println!("{} {name}", global.say("首个系统管理员:", "the first administrator:"));
        println!(
            "{} {password}",
            global.say("一次性密码 (仅显示这一次):", "one-time password (shown only now):")
        );
    }
    drop(conn);
    let options = Options {
        connections: args.connections.into(),
        behind_tls: args.behind_tls,
        rule_folder: global.rule_folder()?,
        ..Options::default()
    };
    let app = App::new(store, book, clock, options)?.telling(Arc::new(Hooks::new())).with_ports(ports(args)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        let listener = TcpListener::bind(args.listen)
            .await
            .with_context(|| format!("cannot listen on {}", args.listen))?;
        let address = format!("http://{}", listener.local_addr()?);
        println!("{} {address}", global.say("服务已启动:", "serving at"));
        if args.open {
            open_browser(&address);
        }
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let stop = async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        };
        denghuo_server::serve(app, listener, stop).await?;
        println!("{}", global.say("服务已停止", "stopped"));
        Ok(())
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    result
}

/// Environment variable of the secret that the payment provider signs with.
const PAY_SECRET: &str = "DENGHUO_PAY_SECRET";

/// What the server reaches outside: the press where a Chinese font is found, the payment provider where its secret is known, the
/// identity provider where its address is.
///
/// # Errors
/// The identity provider is named in part only.
fn ports(args: &Args) -> anyhow::Result<Ports> {
    let papers: Option<Arc<dyn Papers + Send + Sync>> =
        match Printer::open(args.templates.as_deref(), args.fonts.as_deref()) {
            Ok(printer) => Some(Arc::new(printer)),
            Err(refusal) => {
                tracing::warn!(error = refusal.text.en, "no papers are printed");
                None
            }
        };
    let secret = std::env::var(PAY_SECRET).ok().filter(|secret| !secret.is_empty());
    // A simulated provider needs no agreed secret: one of this process does.
    let simulated = args.simulate_payments.then(|| format!("simulated-{}", recorded_now()));
    let pay = secret.or(simulated).map(|secret| PayPort {
        secret: secret.into_bytes(),
        link: args.pay_link.clone(),
        simulated: args.simulate_payments,
    });
    let identity = Provider::of_environment()?.map(|provider| Arc::new(provider) as Arc<_>);
    Ok(Ports { papers, relay: None, pay, identity: identity.map(|provider| provider as _) })
}

/// The clock of the machine; with a given business date, its time of day on that date, or the given time and what has passed since.
fn clock(date: Option<Date>, time: Option<Time>) -> Clock {
    let start = now_local();
    Arc::new(move || {
        let now = now_local();
        let local = match (date, time) {
            (Some(date), Some(time)) => {
                let passed = now.duration_since(start);
                DateTime::from_parts(date, time).checked_add(passed).unwrap_or(now)
            }
            (Some(date), None) => DateTime::from_parts(date, now.time()),
            (None, _) => now,
        };
        Moment { local, recorded_at: recorded_now() }
    })
}

fn log_to_stderr(args: &Args) {
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(args.log);
    if args.log_json {
        log.json().init();
    } else {
        log.init();
    }
}

/// Opens an address in the browser, where there is one; nothing depends on it.
fn open_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let _ = std::process::Command::new(opener).arg(address).spawn();
}
