//! `denghuo exceptions`: doubtful and missing readings, and the answers to them.

use crate::context::{Global, account_id, account_numbers, print_json, today};
use clap::{Subcommand, ValueEnum};
use denghuo_office::metering::{
    Answer, ExceptionKind, ExceptionRefusal, Resolution, exception_list, exception_resolve, exception_show,
    reading_with,
};
use denghuo_rules::metering::RegisterKind;
use denghuo_rules::refusal::Refusal;
use denghuo_rules::units::Energy;
use denghuo_store::Conn;
use denghuo_store::day::Range;
use denghuo_store::tasks::Task;
use jiff::civil::Date;
use serde_json::{Value, json};

/// Arguments of `denghuo exceptions`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Open exceptions, the strictest first 未处理异常
    List {
        /// Only of this account 户号
        #[arg(long)]
        account: Option<String>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// The exceptions of an account, open and answered 某户异常
    Show {
        /// Account number 户号
        account: String,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Answer an exception 处理异常
    Resolve(ResolveArgs),
}

#[derive(clap::Args)]
struct ResolveArgs {
    /// Account number 户号
    account: String,
    /// What it is about, as listed, such as `reading:2026-08-10`
    subject: String,
    /// The answer
    #[arg(long)]
    answer: AnswerWord,
    /// Staff code of who answers
    #[arg(long)]
    by: String,
    /// Why
    #[arg(long)]
    reason: String,
    /// A register of the corrected reading, such as `total=310.5` (with --answer correct)
    #[arg(long = "register", value_parser = register)]
    registers: Vec<(RegisterKind, Energy)>,
    /// Day of the corrected reading; that of the subject when not given
    #[arg(long)]
    read_on: Option<Date>,
    /// Meter of the corrected reading, where several hang
    #[arg(long)]
    meter: Option<String>,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

#[derive(Clone, Copy, ValueEnum)]
enum AnswerWord {
    /// The reading is right 确认
    Confirm,
    /// The meter shows something else 更正
    Correct,
    /// Read again; a missing reading is waited for longer 补抄
    ReRead,
    /// Bill the previous period's quantity, settled at the next reading 暂计
    Provisional,
    /// The reading is right, the estimates before it were too high 暂计结清
    Settle,
}

/// Reads `total=310.5`.
pub fn register(text: &str) -> Result<(RegisterKind, Energy), String> {
    let (word, value) =
        text.split_once('=').ok_or_else(|| format!("`{text}` is not of the form total=310.5"))?;
    let kind = RegisterKind::from_word(word).ok_or_else(|| format!("`{word}` is no register"))?;
    let value: Energy = value.parse().map_err(|e| format!("{e}"))?;
    if value < Energy::ZERO {
        return Err(format!("`{text}` is negative"));
    }
    Ok((kind, value))
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::List { account, json } => global.work("system", |conn, _| {
            let id = account.as_deref().map(|no| account_id(conn, no)).transpose()?;
            let range = id.map_or(Range { from: 0, to: i64::MAX }, |id| Range { from: id, to: id });
            let tasks = exception_list(conn, range)?;
            tell(global, conn, &tasks, json)
        }),
        What::Show { account, json } => global.work("system", |conn, _| {
            let id = account_id(conn, &account)?;
            let tasks = exception_show(conn, id)?;
            tell(global, conn, &tasks, json)
        }),
        What::Resolve(args) => resolve(global, &args),
    }
}

fn resolve(global: &Global, args: &ResolveArgs) -> anyhow::Result<()> {
    global.work(&args.by, |conn, work| {
        let id = account_id(conn, &args.account)?;
        let open = exception_list(conn, Range { from: id, to: id })?;
        let found = open.iter().find(|task| task.subject == args.subject);
        let kind = found.and_then(|task| ExceptionKind::from_word(&task.kind));
        let kind = kind.ok_or_else(|| Refusal::from(ExceptionRefusal::NotOpen))?;
        let answer = match args.answer {
            AnswerWord::Confirm => Answer::Confirm,
            AnswerWord::ReRead => Answer::ReRead,
            AnswerWord::Provisional => Answer::Provisional,
            AnswerWord::Settle => Answer::Settle,
            AnswerWord::Correct => {
                let of_subject = args.subject.strip_prefix("reading:").and_then(|day| day.parse().ok());
                let day = args.read_on.or(of_subject);
                let day = day.ok_or_else(|| Refusal::from(ExceptionRefusal::NothingToCorrect))?;
                Answer::Correct(vec![reading_with(conn, id, args.meter.as_deref(), day, &args.registers)?])
            }
        };
        let resolution = Resolution { answer, reason: args.reason.clone() };
        let on = args.date.unwrap_or_else(today);
        exception_resolve(conn, work, (id, kind, &args.subject), &resolution, on)?;
        println!("{}", global.say("已处理", "answered"));
        Ok(())
    })
}

fn tell(global: &Global, conn: &mut Conn, tasks: &[Task], json: bool) -> anyhow::Result<()> {
    let numbers = account_numbers(conn, tasks.iter().map(|task| task.account_id))?;
    let number = |t: &Task| numbers.get(&t.account_id).map_or("-", String::as_str);
    if json {
        return print_json(&tasks.iter().map(|t| as_json(t, number(t))).collect::<Vec<_>>());
    }
    for t in tasks {
        let answer = match (&t.resolution, &t.resolved_by) {
            (Some(resolution), Some(by)) => format!(" → {resolution} ({by})"),
            _ => String::new(),
        };
        let detail = global.say(&t.detail.zh, &t.detail.en);
        println!("{:<14} {:<18} {:<20} {:<24} {detail}{answer}", number(t), t.kind, t.subject, t.codes);
    }
    println!("{} {}", tasks.len(), global.say("项异常", "exceptions"));
    Ok(())
}

fn as_json(t: &Task, account_no: &str) -> Value {
    json!({
        "account_id": t.account_id, "account_no": account_no, "kind": t.kind, "subject": t.subject,
        "codes": t.codes.split(',').collect::<Vec<_>>(), "detail": t.detail, "state": t.state,
        "owner_role": t.owner_role, "opened_on": t.opened_on, "due_on": t.due_on, "resolution": t.resolution,
        "resolved_by": t.resolved_by, "resolved_on": t.resolved_on, "note": t.note,
    })
}
