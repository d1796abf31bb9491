//! `denghuo notices print|hand-over|returns|distributed`: papers that leave in runs, and what comes back of them.

use crate::context::{Global, now_local, print_json, today};
use anyhow::{Context as _, bail};
use denghuo_office::import::{Limits, Source};
use denghuo_office::notices::{
    PaperRun, ReturnsImport, paper_run_again, papers_arrived, papers_hand_over, papers_print, papers_return,
};
use denghuo_rules::notices::Channel;
use jiff::civil::{Date, DateTime, Time};
use std::path::{Path, PathBuf};

/// What is done with papers.
#[derive(clap::Subcommand)]
pub enum What {
    /// Take what waits to be printed into a run, its data one file a template 打印
    #[command(
        after_help = "Examples:\n  denghuo notices print --out-dir run --by S001\n  denghuo papers render bill --many run/bill.jsonl --joined bills.pdf\n  denghuo notices print --run 2026-09-08-paper_own-1 --out-dir again --by S001"
    )]
    Print {
        /// paper_own, post, door or posting
        #[arg(long, default_value = "paper_own")]
        channel: String,
        /// Folder for the files, TEMPLATE.jsonl
        #[arg(long, value_name = "DIR")]
        out_dir: PathBuf,
        /// A run that was made before, once more
        #[arg(long)]
        run: Option<String>,
        /// Day up to which papers are due; today when not given
        #[arg(long)]
        date: Option<Date>,
        /// Staff code
        #[arg(long)]
        by: String,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Hand what waits over to a delegated company, in a file 委托派发
    #[command(
        after_help = "Example:\n  denghuo notices hand-over --agent 样例快递 -o run.csv --by S001\n\nThe company gives the codes back in a file for `denghuo notices returns`."
    )]
    HandOver {
        /// The delegated company
        #[arg(long)]
        agent: String,
        /// Day up to which papers are due; today when not given
        #[arg(long)]
        date: Option<Date>,
        /// The file, CSV
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
        /// Folder for the data of the papers, TEMPLATE.jsonl
        #[arg(long, value_name = "DIR")]
        out_dir: Option<PathBuf>,
        /// Staff code
        #[arg(long)]
        by: String,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Receipts of papers by file: every row or none 派发回执
    #[command(
        after_help = "Example:\n  denghuo notices returns receipts.csv --by S001\n\nColumns: code, result (delivered, refused, failed), at, signer, signer_role, reference, reason."
    )]
    Returns {
        /// CSV or XLSX
        file: PathBuf,
        /// Staff code
        #[arg(long)]
        by: String,
        /// Moment of recording; now when not given
        #[arg(long)]
        at: Option<DateTime>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Own staff has distributed the bills of a run 派发完成
    #[command(after_help = "Example:\n  denghuo notices distributed 2026-09-08-paper_own-1 --by S001")]
    Distributed {
        /// The run
        run: String,
        /// Staff code
        #[arg(long)]
        by: String,
        /// When; now when not given
        #[arg(long)]
        at: Option<DateTime>,
    },
}

/// The end of a day, or now when that is earlier.
fn until(date: Option<Date>) -> DateTime {
    let day = date.unwrap_or_else(today);
    if day == today() { now_local() } else { day.to_datetime(Time::constant(23, 59, 59, 0)) }
}

/// Does what is asked.
///
/// # Errors
/// A refusal, a file that cannot be read or written, or a failure of the database.
pub fn run(global: &Global, what: What) -> anyhow::Result<()> {
    match what {
        What::Print { channel, out_dir, run, date, by, json } => {
            let channel =
                Channel::from_word(&channel).with_context(|| format!("`{channel}` is no channel"))?;
            let made = global.work(&by, |conn, work| match &run {
                Some(run) => Ok(paper_run_again(conn, work, run, until(date))?),
                None => Ok(papers_print(conn, work, (channel, 0), until(date))?),
            })?;
            write_lines(&made, &out_dir)?;
            tell_run(global, &made, json)
        }
        What::HandOver { agent, date, out, out_dir, by, json } => {
            let made =
                global.work(&by, |conn, work| Ok(papers_hand_over(conn, work, (&agent, 0), until(date))?))?;
            if made.run.run_id.is_some() {
                std::fs::write(&out, &made.file)
                    .with_context(|| format!("cannot write {}", out.display()))?;
                if let Some(folder) = out_dir {
                    write_lines(&made.run, &folder)?;
                }
            }
            if json {
                return print_json(&made);
            }
            tell_run(global, &made.run, false)
        }
        What::Returns { file, by, at, json } => returns(global, &file, &by, at, json),
        What::Distributed { run, by, at } => global.work(&by, |conn, work| {
            let served = papers_arrived(conn, work, &run, at.unwrap_or_else(now_local))?;
            println!("{served} {}", global.say("份账单已送达", "bills are served"));
            Ok(())
        }),
    }
}

fn write_lines(run: &PaperRun, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (template, lines) in &run.lines {
        let path = folder.join(format!("{template}.jsonl"));
        std::fs::write(&path, lines).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn tell_run(global: &Global, run: &PaperRun, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return print_json(run);
    }
    match &run.run_id {
        Some(id) => println!("{id}  {} {}", run.papers, global.say("份", "papers")),
        None => println!("{}", global.say("没有待打印的通知", "nothing waits")),
    }
    Ok(())
}

fn returns(
    global: &Global,
    path: &Path,
    by: &str,
    at: Option<DateTime>,
    as_json: bool,
) -> anyhow::Result<()> {
    let source = match Source::open(path, &Limits::default()) {
        Ok(source) => source,
        Err(error) => bail!("{}", error.sentence(global.language())),
    };
    let at = at.unwrap_or_else(now_local);
    let done = global.work(by, |conn, work| Ok(papers_return(conn, work, (&source, 0), at)))?;
    match done {
        Ok(done) if as_json => print_json(&done),
        Ok(done) => {
            println!("{}\t{}", global.say("行数", "rows"), done.rows);
            println!("{}\t{}", global.say("已送达", "served"), done.served);
            println!("{}\t{}", global.say("另行送达", "another way"), done.ended);
            println!("{}\t{}", global.say("已登记", "known"), done.known);
            Ok(())
        }
        Err(ReturnsImport::Office(error)) => Err(error.into()),
        Err(ReturnsImport::Wrong(problems)) => {
            for error in &problems.rows {
                eprintln!("{}", error.sentence(global.language()));
            }
            bail!(
                "{} {}",
                problems.count(),
                global.say("处有误,整个文件未登记", "things are wrong: nothing was kept")
            )
        }
    }
}
