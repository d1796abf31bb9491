//! `denghuo problems`: what many customers speak of.

use crate::context::{Global, print_json, today};
use anyhow::Context as _;
use clap::{Args as ClapArgs, Subcommand};
use denghuo_office::service::problem::{
    MonthOfHotspots, ProblemOrder, ProblemShown, hotspots, messages_of_csv, problem_do, problem_list,
    problem_show, problems_detect,
};
use denghuo_rules::rulebook::SiteProfile;
use denghuo_rules::service::problem::{ProblemDeed, ProblemRule};
use denghuo_store::service::problem::ProblemFilter;
use jiff::civil::Date;
use std::fs::File;
use std::path::PathBuf;
use std::time::Instant;

/// Arguments of `denghuo problems`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  denghuo problems report ../shared/data/teddy2020c_citizen_messages_hotspot.csv.gz\n  \
        denghuo problems report 2026-06.csv 2026-07.csv --top 5 --samples 20\n  \
        denghuo problems find --on 2026-09-08\n  denghuo problems list --open\n  denghuo problems own 3 --owner S001 --by S005\n  \
        denghuo problems plan 3 --from 2026-09-10 --until 2026-10-10 --said 更换变压器 --by S001\n  \
        denghuo problems close 3 --said 已更换变压器 --by S001"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Look at what was said before a day, as the business day does; again changes nothing 问题发现
    Find {
        /// The day; today when not given
        #[arg(long)]
        on: Option<Date>,
    },
    /// Problems: open ones first, the worst first 集中问题清单
    List {
        /// Only those that have not ended
        #[arg(long)]
        open: bool,
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: i64,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// A problem with its tickets, what may lie behind it, its weeks and its effect 集中问题
    Show {
        /// Its number
        problem: i64,
        /// The day as of which; today when not given
        #[arg(long)]
        on: Option<Date>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Take a problem, or give it to somebody 认领
    Own {
        #[command(flatten)]
        deed: Deed,
        /// Staff code; who does it when not given
        #[arg(long)]
        owner: Option<String>,
    },
    /// Say what is done, from when and until when 制定方案
    Plan {
        #[command(flatten)]
        deed: Deed,
        /// From which day something is done
        #[arg(long)]
        from: Date,
        /// By when that ends
        #[arg(long)]
        until: Date,
    },
    /// Note something 记录
    Note(Deed),
    /// Close it, when its effect was seen 办结
    Close(Deed),
    /// It is none 判为不成立
    Dismiss(Deed),
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

#[derive(ClapArgs)]
struct Deed {
    /// Number of the problem
    problem: i64,
    /// In words
    #[arg(long, default_value = "")]
    said: String,
    /// Staff code
    #[arg(long)]
    by: String,
    /// The day; today when not given
    #[arg(long)]
    on: Option<Date>,
}

/// Runs the command.
///
/// # Errors
/// Refusals in words; the database's.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Find { on } => global.work("system", |conn, work| {
            let touched = problems_detect(conn, work, on.unwrap_or_else(today))?.done;
            println!("{touched} {}", global.say("个问题有变动", "problems changed"));
            Ok(())
        }),
        What::List { open, limit, json } => list(global, (open, limit), json),
        What::Show { problem, on, json } => global.work("system", |conn, work| {
            let shown = problem_show(conn, work, problem, on.unwrap_or_else(today))?;
            if json { print_json(&shown) } else { tell_one(global, &shown) }
        }),
        What::Own { deed, owner } => done(global, &deed, (ProblemDeed::Own, owner, None)),
        What::Plan { deed, from, until } => {
            done(global, &deed, (ProblemDeed::Plan, None, Some((from, until))))
        }
        What::Note(deed) => done(global, &deed, (ProblemDeed::Note, None, None)),
        What::Close(deed) => done(global, &deed, (ProblemDeed::Close, None, None)),
        What::Dismiss(deed) => done(global, &deed, (ProblemDeed::Dismiss, None, None)),
        What::Report { files, top, people, samples, json } => {
            report(global, &files, (top, people, samples), json)
        }
    }
}

fn done(
    global: &Global,
    args: &Deed,
    (deed, owner, plan): (ProblemDeed, Option<String>, Option<(Date, Date)>),
) -> anyhow::Result<()> {
    let on = args.on.unwrap_or_else(today);
    global.work(&args.by, |conn, work| {
        let order = ProblemOrder { deed, said: args.said.clone(), owner, plan };
        problem_do(conn, work, args.problem, &order, on)?;
        tell_one(global, &problem_show(conn, work, args.problem, on)?)
    })
}

fn list(global: &Global, (open, limit): (bool, i64), json: bool) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let lines = problem_list(&mut conn, ProblemFilter { open, ..ProblemFilter::default() }, limit)?;
    if json {
        return print_json(&lines);
    }
    for line in &lines {
        let due = line.due_on.map_or_else(|| "-".to_owned(), |due| due.to_string());
        println!(
            "{:<5} {} {} {}{} {}{} {} {due}  {}",
            line.problem_no,
            line.state_name.in_language(global.language()),
            line.unit,
            line.people,
            global.say("人", " people"),
            line.tickets,
            global.say("张", " tickets"),
            line.last_on,
            line.title
        );
    }
    println!("{} {}", lines.len(), global.say("个问题", "problems"));
    Ok(())
}

fn tell_one(global: &Global, shown: &ProblemShown) -> anyhow::Result<()> {
    let (line, language) = (&shown.line, global.language());
    println!("{} {}  {}", line.problem_no, line.title, line.state_name.in_language(language));
    println!(
        "{} {} — {}  {}{} {}{}",
        line.unit,
        line.first_on,
        line.last_on,
        line.people,
        global.say("人", " people"),
        line.tickets,
        global.say("张工单", " tickets")
    );
    for cause in &shown.causes {
        println!(
            "  {} {}  {}/{}  {}/{}  ×{}.{:02}",
            cause.name.in_language(language),
            cause.value,
            cause.inside,
            cause.inside_of,
            cause.all,
            cause.all_of,
            cause.lift_percent / 100,
            cause.lift_percent % 100
        );
    }
    for week in &shown.weeks {
        println!("  {}  {}", week.from_on, week.tickets);
    }
    if let Some(effect) = &shown.effect {
        println!(
            "  {} {}: {} → {}",
            global.say("整改前后各天数", "days before and after"),
            effect.days,
            effect.before,
            effect.after
        );
    }
    for event in &shown.events {
        println!(
            "  {} {} {} {}",
            event.happened_on,
            event.name.in_language(language),
            event.noted_by,
            event.said
        );
    }
    Ok(())
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
