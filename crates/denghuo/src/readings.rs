//! `denghuo readings`: the history of an account, corrections, the reading orders of a month. Files of readings come in
//! through `denghuo import`.

use crate::context::{Global, account_id, print_json, today};
use clap::Subcommand;
use denghuo_office::metering::{reading_correct, reading_with};
use denghuo_rules::calendar::Month;
use denghuo_rules::metering::RegisterKind;
use denghuo_rules::units::Energy;
use denghuo_store::metering::{PastReading, orders, reading_history};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// Arguments of `denghuo readings`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// What an account was read, every version, newest first 抄表记录
    Show {
        /// Account number 户号
        account: String,
        /// At most so many
        #[arg(long, default_value_t = 30)]
        limit: i64,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Correct a reading: a new version; on a billed day the bill is to be made again 示数更正
    Correct(CorrectArgs),
    /// The reading orders of a month and how far they are 抄表计划
    Orders {
        /// Month such as 2026-08
        month: Month,
        /// JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(clap::Args)]
struct CorrectArgs {
    /// Account number 户号
    account: String,
    /// Day of the reading
    read_on: Date,
    /// A register as it should be, such as `total=310.5`
    #[arg(long = "register", required = true, value_parser = crate::exceptions::register)]
    registers: Vec<(RegisterKind, Energy)>,
    /// Meter, where several hang
    #[arg(long)]
    meter: Option<String>,
    /// Staff code of who does it
    #[arg(long)]
    by: String,
    /// Why
    #[arg(long)]
    reason: String,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Show { account, limit, json } => show(global, &account, limit, json),
        What::Correct(args) => correct(global, &args),
        What::Orders { month, json } => month_orders(global, month, json),
    }
}

fn show(global: &Global, account: &str, limit: i64, json: bool) -> anyhow::Result<()> {
    let past = global.work("system", |conn, _| {
        let id = account_id(conn, account)?;
        Ok(reading_history(conn, id, limit)?)
    })?;
    if json {
        return print_json(&past.iter().map(as_json).collect::<Vec<_>>());
    }
    for p in &past {
        let source = global.say(p.shown.source.zh(), p.shown.source.word());
        let registers: Vec<String> = registers(p)
            .map(|(kind, value)| format!("{} {value}", global.say(kind.zh(), kind.word())))
            .collect();
        let replaced = if p.is_current { "" } else { global.say(" (已被替代)", " (replaced)") };
        println!(
            "{} {} v{}{replaced} {source}: {}",
            p.shown.registers.on,
            p.meter_no,
            p.version,
            registers.join(", ")
        );
    }
    println!("{} {}", past.len(), global.say("条示数", "readings"));
    Ok(())
}

/// Registers worth showing: the total, and the others that are not zero.
fn registers(p: &PastReading) -> impl Iterator<Item = (RegisterKind, Energy)> {
    p.shown.registers.registers().filter(|(kind, value)| *kind == RegisterKind::Total || !value.is_zero())
}

fn as_json(p: &PastReading) -> Value {
    let registers: Map<String, Value> =
        registers(p).map(|(kind, value)| (kind.word().to_owned(), json!(value))).collect();
    json!({
        "read_on": p.shown.registers.on, "meter_no": p.meter_no, "version": p.version, "is_current": p.is_current,
        "source": p.shown.source, "registers": registers, "max_demand": p.shown.registers.max_demand,
        "taken_by": p.taken_by,
    })
}

fn correct(global: &Global, args: &CorrectArgs) -> anyhow::Result<()> {
    global.work(&args.by, |conn, work| {
        let id = account_id(conn, &args.account)?;
        let shown = reading_with(conn, id, args.meter.as_deref(), args.read_on, &args.registers)?;
        reading_correct(conn, work, id, &[shown], &args.reason, args.date.unwrap_or_else(today))?;
        println!("{}", global.say("已更正", "corrected"));
        Ok(())
    })
}

fn month_orders(global: &Global, month: Month, json: bool) -> anyhow::Result<()> {
    let all = global.work("system", |conn, _| Ok(orders(conn, month)?))?;
    if json {
        let rows = all.iter().map(|o| {
            json!({
                "route": o.route, "month": o.order.month, "due_on": o.order.due_on, "state": o.state,
                "expected": o.expected, "taken": o.taken, "missed": o.missed,
            })
        });
        return print_json(&rows.collect::<Vec<_>>());
    }
    for o in &all {
        println!(
            "{:<12} {} {:<7} {} {:>7} {} {:>7} {} {:>7}",
            o.route,
            o.order.due_on,
            o.state,
            global.say("应抄", "due"),
            o.expected,
            global.say("已抄", "read"),
            o.taken,
            global.say("未抄", "missing"),
            o.missed
        );
    }
    println!("{} {}", all.len(), global.say("个抄表计划", "reading orders"));
    Ok(())
}
