//! `denghuo problems`: what many customers speak of.

use crate::context::{Global, print_json};
use anyhow::Context as _;
use clap::{Args as ClapArgs, Subcommand};
use denghuo_office::service::problem::{MonthOfHotspots, hotspots, messages_of_csv};
use denghuo_rules::rulebook::SiteProfile;
use denghuo_rules::service::problem::ProblemRule;
use std::fs::File;
use std::path::PathBuf;
use std::time::Instant;

/// Arguments of `denghuo problems`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  denghuo problems report ../shared/data/teddy2020c_citizen_messages_hotspot.csv.gz\n  \
        denghuo problems report 2026-06.csv 2026-07.csv --top 5 --samples 20"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The problems in files of messages, month by month 留言热点; no database is needed
    Report {
        /// CSV, or CSV.GZ, with the columns time, subject, body, and user_id and likes as far as they are there
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Problems of a month
        #[arg(long, default_value_t = 10)]
        top: usize,
        /// Persons of the month that make one
        #[arg(long, default_value_t = 2)]
        people: u32,
        /// Headings shown of each
        #[arg(long, default_value_t = 3)]
        samples: usize,
        /// JSON, with every heading
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
///
/// # Errors
/// Refusals in words; the database's.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Report { files, top, people, samples, json } => {
            report(global, &files, (top, people, samples), json)
        }
    }
}

fn report(
    global: &Global,
    files: &[PathBuf],
    (top, people, samples): (usize, u32, usize),
    json: bool,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut messages = Vec::new();
    for path in files {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        let packed = path.extension().is_some_and(|extension| extension == "gz");
        let read =
            if packed { messages_of_csv(flate2::read::GzDecoder::new(file)) } else { messages_of_csv(file) };
        messages.extend(read.with_context(|| path.display().to_string())?);
    }
    let (count, book) = (messages.len(), global.book()?);
    // The thresholds in force on the day of the newest message, or the earliest there are: the messages may be older than the rule.
    let newest = messages.iter().map(|message| message.at.date()).max();
    let newest = newest.with_context(|| global.say("没有留言", "there is no message").to_owned())?;
    let site = SiteProfile::default().selector();
    let first = jiff::civil::date(2022, 1, 1);
    let rule = book.pick::<ProblemRule>("service_problems", &site, newest.max(first))?.params;
    let months = hotspots(messages, &rule, people, top);
    if json {
        return print_json(&months);
    }
    for month in &months {
        tell(global, month, samples);
    }
    eprintln!("{count} {} {:.1} s", global.say("条留言,用时", "messages in"), begun.elapsed().as_secs_f64());
    Ok(())
}

fn tell(global: &Global, month: &MonthOfHotspots, samples: usize) {
    println!("## {} ({} {})", month.month, month.messages, global.say("条留言", "messages"));
    println!();
    println!(
        "| # | {} | {} | {} | {} | {} |",
        global.say("人数", "people"),
        global.say("留言", "messages"),
        global.say("赞", "likes"),
        global.say("首末日", "first and last day"),
        global.say("标题", "headings")
    );
    println!("| ---: | ---: | ---: | ---: | --- | --- |");
    for (at, hotspot) in month.hotspots.iter().enumerate() {
        let every = (hotspot.subjects.len() / samples.max(1)).max(1);
        let shown: Vec<String> = hotspot
            .subjects
            .iter()
            .step_by(every)
            .take(samples)
            .map(|(_, subject)| subject.replace('|', "/"))
            .collect();
        println!(
            "| {} | {} | {} | {} | {} — {} | {} |",
            at + 1,
            hotspot.people,
            hotspot.messages,
            hotspot.likes,
            hotspot.first_on,
            hotspot.last_on,
            shown.join("; ")
        );
    }
    println!();
}
