//! `denghuo bank`: files of collected payments, statements of our account, suspense.

use crate::context::{Global, account_id, moment_on, money_moved, print_json, today};
use anyhow::bail;
use clap::Subcommand;
use denghuo_office::error::OfficeError;
use denghuo_office::import::{Limits, Problems, Source, csv_template};
use denghuo_office::payments::{
    BankImport, COLLECTION, Imported, Reconciled, STATEMENT, import_collection, reconcile, resolve_suspense,
    return_suspense, suspense_list,
};
use denghuo_rules::units::Money;
use denghuo_store::payments::accounts_of_file;
use jiff::civil::Date;
use serde_json::json;
use std::io::Write as _;
use std::path::PathBuf;

/// Arguments of `denghuo bank`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Args)]
struct FileArgs {
    /// CSV or XLSX; UTF-8 or GB18030
    file: PathBuf,
    /// The bank's id of the file; its name when not given
    #[arg(long)]
    id: Option<String>,
    /// The bank
    #[arg(long, default_value = "")]
    bank: String,
    /// Staff code
    #[arg(long)]
    by: String,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum What {
    /// Post a file of collected payments, whole or not at all 银行代收入账
    #[command(after_help = "Example:\n  denghuo bank import abc_20260820.csv --bank 农行 --by S001")]
    Import(FileArgs),
    /// Match a statement of our account with the payments 银行对账
    Reconcile(FileArgs),
    /// An example of a file: `collection` or `statement` 文件模板
    Template {
        /// collection or statement
        #[arg(value_parser = ["collection", "statement"])]
        kind: String,
    },
    /// Money of unknown origin 暂收款
    #[command(subcommand)]
    Suspense(Suspense),
}

#[derive(Subcommand)]
enum Suspense {
    /// What waits
    List {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Give a line to an account 认领
    Resolve {
        /// The bank's id of the file
        file: String,
        /// The line
        line: i64,
        /// Account number 户号
        #[arg(long)]
        account: String,
        /// Staff code
        #[arg(long)]
        by: String,
        /// Business date; today when not given
        #[arg(long)]
        date: Option<Date>,
    },
    /// Send a line back to its payer 退回
    Return {
        /// The bank's id of the file
        file: String,
        /// The line
        line: i64,
        /// Staff code
        #[arg(long)]
        by: String,
        /// Business date; today when not given
        #[arg(long)]
        date: Option<Date>,
    },
}

/// Does what is asked.
///
/// # Errors
/// Bad lines, a refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Import(file) => {
            let done = with_file(global, &file, |conn, work, source, name, on| {
                conn.write(|conn| {
                    let done = import_collection(conn, work, source, name, on)?;
                    let paid = accounts_of_file(conn, name.0)?;
                    money_moved(conn, work, &paid, moment_on(on))?;
                    Ok(done)
                })
            })?;
            if file.json { print_json(&done) } else { tell_import(global, &done) }
        }
        What::Reconcile(file) => {
            let done = with_file(global, &file, |conn, work, source, name, on| {
                reconcile(conn, work, source, name, on)
            })?;
            if file.json { print_json(&done) } else { tell_reconciled(global, &done) }
        }
        What::Template { kind } => {
            let format = if kind == "statement" { &STATEMENT } else { &COLLECTION };
            Ok(std::io::stdout().write_all(&csv_template(format))?)
        }
        What::Suspense(what) => suspense(global, what),
    }
}

/// Opens a file, does the work with it, and tells its bad lines.
fn with_file<T>(
    global: &Global,
    file: &FileArgs,
    work: impl FnOnce(
        &mut denghuo_store::Conn,
        &denghuo_office::work::Work<'_>,
        &Source,
        (&str, &str),
        Date,
    ) -> Result<T, BankImport>,
) -> anyhow::Result<T> {
    let on = file.date.unwrap_or_else(today);
    let source = Source::open(&file.file, &Limits::default())
        .map_err(|error| anyhow::anyhow!("{}", error.sentence(global.language())))?;
    let id = file.id.clone().unwrap_or_else(|| source.name.clone());
    global.work(&file.by, |conn, circumstances| {
        match work(conn, circumstances, &source, (&id, &file.bank), on) {
            Ok(done) => Ok(done),
            Err(BankImport::Office(error)) => Err(error.into()),
            Err(BankImport::Wrong(problems)) => tell_problems(global, &problems),
        }
    })
}

fn tell_problems<T>(global: &Global, problems: &Problems) -> anyhow::Result<T> {
    for error in &problems.rows {
        eprintln!("{}", error.sentence(global.language()));
    }
    bail!(
        "{} {}",
        problems.count(),
        global.say("处有误,整个文件未入账", "things are wrong: nothing was posted")
    )
}

fn tell_import(global: &Global, done: &Imported) -> anyhow::Result<()> {
    if done.already_there {
        println!("{}", global.say("该文件已入账,未重复记账", "posted before: nothing was changed"));
    }
    println!("{} {}  {}", global.say("文件", "file"), done.file_id, done.total);
    println!("{}\t{:>8}", global.say("入账", "posted"), done.posted);
    println!("{}\t{:>8}", global.say("已在账", "known"), done.known);
    println!("{}\t{:>8}  {}", global.say("暂收", "suspense"), done.suspense, done.suspense_total);
    println!("{}\t{:>8}", global.say("合计", "lines"), done.rows);
    Ok(())
}

fn tell_reconciled(global: &Global, done: &Reconciled) -> anyhow::Result<()> {
    if done.already_there {
        println!("{}", global.say("该对账单已对账", "reconciled before: nothing was changed"));
        return Ok(());
    }
    println!("{} {}  {}", global.say("对账单", "statement"), done.file_id, done.total);
    println!("{}\t{:>8}", global.say("按流水号", "by id"), done.by_id);
    println!("{}\t{:>8}", global.say("按金额日期", "by amount"), done.by_amount);
    println!("{}\t{:>8}", global.say("已在账", "known"), done.seen);
    println!("{}\t{:>8}  {}", global.say("新挂暂收", "unmatched"), done.unmatched, done.unmatched_total);
    println!("{}\t{:>8}", global.say("合计", "lines"), done.rows);
    for payment in &done.unconfirmed {
        println!(
            "{} {:<16} {:<24} {} {:>14}",
            global.say("未达", "unconfirmed"),
            payment.receipt_no,
            payment.external_id,
            payment.paid_on,
            payment.amount
        );
    }
    Ok(())
}

fn suspense(global: &Global, what: Suspense) -> anyhow::Result<()> {
    match what {
        Suspense::List { json } => list(global, json),
        Suspense::Resolve { file, line, account, by, date } => {
            let row = global.work(&by, |conn, work| {
                let id = account_id(conn, &account)?;
                let on = date.unwrap_or_else(today);
                Ok(conn.write(|conn| {
                    let row = resolve_suspense(conn, work, (&file, line), id, on)?;
                    money_moved(conn, work, &[id], moment_on(on))?;
                    Ok::<_, OfficeError>(row)
                })?)
            })?;
            println!("{} {} {account}", global.say("已认领", "resolved:"), row.amount);
            Ok(())
        }
        Suspense::Return { file, line, by, date } => {
            let row = global.work(&by, |conn, work| {
                Ok(return_suspense(conn, work, (&file, line), date.unwrap_or_else(today))?)
            })?;
            println!("{} {}", global.say("已退回", "sent back:"), row.amount);
            Ok(())
        }
    }
}

fn list(global: &Global, json: bool) -> anyhow::Result<()> {
    let lines = global.work("system", |conn, _| Ok(suspense_list(conn)?))?;
    if json {
        return print_json(
            &lines
                .iter()
                .map(|line| {
                    json!({
                        "file": line.file_id, "line": line.line_no, "external_id": line.external_id,
                        "account_no": line.account_no, "payer": line.payer, "amount": line.amount,
                        "value_on": line.value_on,
                    })
                })
                .collect::<Vec<_>>(),
        );
    }
    for line in &lines {
        println!(
            "{:<24} {:>6} {} {:>14} {:<16} {}",
            line.file_id,
            line.line_no,
            line.value_on,
            line.amount,
            line.account_no.as_deref().unwrap_or("-"),
            line.payer.as_deref().unwrap_or("-")
        );
    }
    let total: Money = lines.iter().map(|line| line.amount).sum();
    println!("{} {} {total}", lines.len(), global.say("笔暂收款,合计", "lines in suspense, total"));
    Ok(())
}
