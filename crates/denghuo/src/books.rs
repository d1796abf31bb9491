//! `denghuo close`, `denghuo trial-balance`, `denghuo statement`: the day's close and the books.

use crate::context::{Global, account_id, print_json, today};
use anyhow::Context as _;
use denghuo_office::ledger::{statement, trial_balance};
use denghuo_office::payments::{close_day, report_of_day};
use denghuo_rules::derivation::Language;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// Arguments of `denghuo close`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  denghuo close --date 2026-08-20 --cashier S001 --counted 1234.50 --by S002\n  denghuo close --date 2026-08-20 --by S002"
)]
pub struct CloseArgs {
    /// Business date
    #[arg(long)]
    date: Date,
    /// Only the part of this cashier; the whole company when not given
    #[arg(long)]
    cashier: Option<String>,
    /// Cash that was counted, in yuan
    #[arg(long)]
    counted: Option<Money>,
    /// Staff code of who closes
    #[arg(long, default_value = "system")]
    by: String,
    /// Only show what would be closed
    #[arg(long)]
    dry_run: bool,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `denghuo trial-balance`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  denghuo trial-balance --as-of 2026-08-31\n  denghuo trial-balance --as-of 2026-08-31 --as-known 2026-09-02T18:00:00+08:00"
)]
pub struct TrialArgs {
    /// Entries of business dates through this day; today when not given
    #[arg(long)]
    as_of: Option<Date>,
    /// Entries recorded through this moment; all when not given
    #[arg(long)]
    as_known: Option<String>,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `denghuo statement`.
#[derive(clap::Args)]
pub struct StatementArgs {
    /// Account number 户号
    account: String,
    /// First day; the first of January of the last day's year when not given
    #[arg(long)]
    from: Option<Date>,
    /// Last day; today when not given
    #[arg(long)]
    to: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// Closes a day.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run_close(global: &Global, args: &CloseArgs) -> anyhow::Result<()> {
    let scope = args.cashier.as_deref().unwrap_or("all");
    let report = global.work(&args.by, |conn, work| {
        if args.dry_run {
            return Ok(report_of_day(conn, scope, args.date)?);
        }
        Ok(close_day(conn, work, scope, args.counted, args.date)?)
    })?;
    if args.json {
        return print_json(&report);
    }
    if report.already_closed {
        println!("{}", global.say("该日已日结", "closed before: nothing was changed"));
    }
    for line in &report.lines {
        println!(
            "{:<8} {:<9} {:>6} {:>16} {:>6} {:>16}",
            line.cashier,
            line.channel.word(),
            line.payments,
            line.received,
            line.reversals,
            line.reversed
        );
    }
    println!(
        "{} {}  {} {}",
        global.say("净收", "net"),
        report.net,
        global.say("其中现金", "of it in cash"),
        report.cash
    );
    Ok(())
}

/// Tells the trial balance.
///
/// # Errors
/// A bad moment, or a failure of the database.
pub fn run_trial(global: &Global, args: &TrialArgs) -> anyhow::Result<()> {
    let as_known = args.as_known.as_deref().map(moment).transpose()?;
    let trial = global
        .work("system", |conn, _| Ok(trial_balance(conn, args.as_of.unwrap_or_else(today), as_known)?))?;
    if args.json {
        return print_json(&trial);
    }
    for line in &trial.lines {
        let name = if global.language() == Language::Chinese { line.zh } else { line.en };
        println!("{} {:>18} {:>18} {:>18}  {name}", line.code, line.debit, line.credit, line.balance);
    }
    println!("{} {:>18} {:>18}", global.say("合计", "sum "), trial.debit, trial.credit);
    Ok(())
}

/// Milliseconds since 1970 of a moment such as `2026-09-02T18:00:00+08:00`.
fn moment(text: &str) -> anyhow::Result<i64> {
    let moment: jiff::Timestamp =
        text.parse().with_context(|| format!("`{text}` is no moment such as 2026-09-02T18:00:00+08:00"))?;
    Ok(moment.as_millisecond())
}

/// Tells what happened on an account.
///
/// # Errors
/// The account is not known, or a failure of the database.
pub fn run_statement(global: &Global, args: &StatementArgs) -> anyhow::Result<()> {
    let to = args.to.unwrap_or_else(today);
    let from = args.from.unwrap_or_else(|| jiff::civil::date(to.year(), 1, 1));
    let told = global.work("system", |conn, _| {
        let id = account_id(conn, &args.account)?;
        Ok(statement(conn, id, &args.account, from, to)?)
    })?;
    if args.json {
        return print_json(&told);
    }
    println!("{} {:>46} {:>14}", told.from, global.say("期初", "opening"), told.opening);
    for line in &told.lines {
        let kind = if global.language() == Language::Chinese { line.kind.zh() } else { line.kind.word() };
        println!("{} {:<18} {:<14} {:>14} {:>14}", line.on, kind, line.subject, line.amount, line.owed);
    }
    println!("{} {:>46} {:>14}", told.to, global.say("期末", "closing"), told.closing);
    Ok(())
}
