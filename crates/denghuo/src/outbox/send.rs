//! `denghuo notices send`.

use super::ConfigArg;
use super::desk::Wired;
use crate::adapters::papers::Printer;
use crate::context::{Global, now_local, print_json, recorded_now};
use anyhow::bail;
use denghuo_office::customer::codes_send;
use denghuo_office::notices::Templates;
use denghuo_office::notices::desk::NoticeDesk;
use denghuo_office::notices::outbox::{CHANNELS, Carriers, SendOptions, SendReport, Sender};
use denghuo_office::ports::{Mailer, Papers, SmsGateway};
use denghuo_office::work::Work;
use denghuo_store::Conn;
use denghuo_store::notices::outbox::waiting;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::DateTime;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Arguments of `denghuo notices send`.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigArg,
    /// Moment at which it is sent, for a replay; the clock when not given
    #[arg(long)]
    at: Option<DateTime>,
    /// One round only: at most a batch of each channel
    #[arg(long, conflicts_with = "until_empty")]
    once: bool,
    /// Until nothing is due any more (the default)
    #[arg(long)]
    until_empty: bool,
    /// Messages a second, of all connections together
    #[arg(long, value_name = "MESSAGES")]
    rate: Option<u32>,
    /// Connections at once
    #[arg(long, default_value_t = 4)]
    workers: usize,
    /// Messages that are claimed in one transaction
    #[arg(long, default_value_t = 256)]
    batch: usize,
    /// Messages under one mark "being handed over"; after a kill so many may be in doubt
    #[arg(long, default_value_t = 16)]
    group: usize,
    /// Mails without their paper attached
    #[arg(long)]
    no_papers: bool,
    /// A site's folder of paper templates, laid over the standard ones file by file
    #[arg(long, env = "DENGHUO_TEMPLATES", value_name = "DIR")]
    templates: Option<PathBuf>,
    /// A folder of fonts, used instead of the machine's
    #[arg(long, env = "DENGHUO_FONTS", value_name = "DIR")]
    fonts: Option<PathBuf>,
    /// No other sender runs: take over at once what a killed one has left
    #[arg(long)]
    take_over: bool,
    /// JSON: what was claimed, sent, tried later, bounced, failed, doubtful, settled, arrived
    #[arg(long)]
    json: bool,
}

/// Sends, with a bar on the terminal.
///
/// # Errors
/// An unusable configuration or a failure of the database; what was sent stays sent.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let wired = Wired::new(&args.config)?;
    if wired.mail.is_none() && wired.sms.is_none() {
        bail!(
            "{}",
            global.say(
                "没有配置邮件中继或短信网关:用 --config 指定文件,见 docs/outbox.md",
                "neither a mail relay nor an SMS gateway is configured: name a file with --config, see docs/outbox.md"
            )
        );
    }
    let printer = match (&wired.mail, args.no_papers) {
        (Some(_), false) => Some(Printer::open(args.templates.as_deref(), args.fonts.as_deref())?),
        _ => None,
    };
    let pace = Pace::new(args.rate);
    let turn = || {
        pace.wait();
        args.at.unwrap_or_else(now_local)
    };
    let carriers = Carriers {
        mail: wired.mail.as_ref().map(|mail| mail as &dyn Mailer),
        sms: wired.sms.as_ref().map(|sms| sms as &dyn SmsGateway),
        papers: printer.as_ref().map(|printer| printer as &dyn Papers),
        turn: &turn,
    };
    let mut conn = global.connect()?;
    let book = global.site_book(&mut conn)?;
    let work = Work::at_site(&mut conn, &book, "system", recorded_now())?;
    let now = args.at.unwrap_or_else(now_local);
    let desk = NoticeDesk::open(&mut conn, &work, (Templates::embedded()?, printer.is_some()), now.date())?;
    // A claim is not to run out because the rate is low.
    let batch = args.rate.map_or(args.batch, |rate| args.batch.min(rate.max(1) as usize * 30));
    let options = SendOptions { batch, workers: args.workers, group: args.group, alone: args.take_over };
    let sender = Sender::new(carriers, &desk, options)?;
    // A customer waits for his code: it leaves before anything else.
    let codes = codes_send(&mut conn, (carriers.mail, carriers.sms), recorded_now())?;
    let mut total = rounds(args, &mut conn, &work, &sender)?;
    total.sent += codes.sent;
    total.failed += codes.failed;
    tell(global, args, total)
}

fn rounds(args: &Args, conn: &mut Conn, work: &Work<'_>, sender: &Sender<'_>) -> anyhow::Result<SendReport> {
    let moment = || args.at.unwrap_or_else(now_local);
    let mut due = 0;
    for channel in CHANNELS {
        due += waiting(conn, channel, moment())?;
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(due.unsigned_abs()).with_style(style);
    let mut total = SendReport::default();
    loop {
        let report = sender.round(conn, work, moment())?;
        bar.inc(report.claimed as u64);
        total += report;
        if args.once || report.is_idle() {
            bar.finish_and_clear();
            return Ok(total);
        }
    }
}

fn tell(global: &Global, args: &Args, total: SendReport) -> anyhow::Result<()> {
    if args.json {
        return print_json(&total);
    }
    for (zh, en, count) in [
        ("已发送", "sent", total.sent),
        ("稍后再试", "later", total.later),
        ("退回", "bounced", total.bounced),
        ("失败", "failed", total.failed),
        ("待确认", "doubtful", total.doubtful),
        ("取消", "cancelled", total.cancelled),
        ("接管", "taken over", total.taken_over),
        ("已核实", "settled", total.settled),
        ("视为送达", "arrived", total.arrived),
        ("转人工", "tasks", total.tasks),
    ] {
        if count > 0 {
            println!("{} {count}", global.say(zh, en));
        }
    }
    Ok(())
}

/// 限速: each message gets the next free moment.
struct Pace {
    step: Option<Duration>,
    next: Mutex<Instant>,
}

impl Pace {
    fn new(rate: Option<u32>) -> Self {
        Self { step: rate.map(|rate| Duration::from_secs(1) / rate.max(1)), next: Mutex::new(Instant::now()) }
    }

    fn wait(&self) {
        let Some(step) = self.step else { return };
        let mine = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let mine = (*next).max(Instant::now());
            *next = mine + step;
            mine
        };
        #[expect(clippy::disallowed_methods, reason = "a rate limit is a wait by the clock")]
        std::thread::sleep(mine.saturating_duration_since(Instant::now()));
    }
}
