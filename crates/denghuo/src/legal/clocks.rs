//! `denghuo legal clock`, `denghuo legal alerts`.

use crate::context::{Global, account_id, account_numbers, print_json, today};
use denghuo_office::legal::clocks;
use denghuo_rules::calendar::{days_between, plus_days};
use denghuo_store::day::Range;
use jiff::civil::Date;
use serde_json::json;

#[derive(clap::Args)]
pub struct ClockArgs {
    /// Account number 户号
    account: String,
    /// Only this bill
    #[arg(long)]
    bill: Option<i64>,
    /// As of this day; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct AlertArgs {
    /// Terms that end within so many days
    #[arg(long, default_value_t = 365)]
    days: u16,
    /// At most so many
    #[arg(long, default_value_t = 1000)]
    limit: u32,
    /// From this day; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// Tells the clocks of an account, with every event, used or void, and why.
pub fn clock(global: &Global, args: &ClockArgs) -> anyhow::Result<()> {
    let on = args.date.unwrap_or_else(today);
    let mut debts = global.work("system", |conn, work| {
        let id = account_id(conn, &args.account)?;
        Ok(clocks(conn, work, Range { from: id, to: id }, on)?)
    })?;
    debts.retain(|debt| args.bill.is_none_or(|bill| bill == debt.bill_no));
    if args.json {
        return print_json(&debts);
    }
    if debts.is_empty() {
        println!("{}", global.say("没有逾期欠费", "nothing is overdue"));
    }
    for debt in &debts {
        let clock = &debt.clock;
        let state = if clock.has_ended(on) {
            global.say("已届满", "ended")
        } else {
            global.say("进行中", "runs")
        };
        println!(
            "#{} {} {}: {} {} {} ({}; {} {})",
            debt.bill_no,
            debt.open,
            global.say("元", "yuan"),
            global.say("时效至", "through"),
            clock.expires_on,
            state,
            if clock.rest_days_known {
                global.say("已按休息日顺延", "rest days counted")
            } else {
                global.say("日历未覆盖,未顺延", "calendar unknown: not moved off rest days")
            },
            global.say("最长至", "at most through"),
            clock.long_stop_on
        );
        println!(
            "  {} {}",
            clock.due_on,
            global.say("缴费截止日,期间自此起算", "due day: the term counts from it")
        );
        for judged in &clock.events {
            let event = &judged.event;
            let name =
                if global.lang == crate::context::Lang::Zh { event.kind.zh() } else { event.kind.word() };
            let what = match judged.void {
                None => {
                    format!("{} {}", global.say("中断,重新计算至", "interrupts; through"), judged.expires_on)
                }
                Some(why) => {
                    let why = why.text();
                    format!("{}: {}", global.say("不中断", "void"), why.in_language(global.language()))
                }
            };
            println!("  {} {name} [{}] {what}", event.on, event.reference);
        }
        println!("  {}", clock.rules.join(", "));
    }
    Ok(())
}

/// Lists terms that end soon or have ended.
pub fn alerts(global: &Global, args: &AlertArgs) -> anyhow::Result<()> {
    let on = args.date.unwrap_or_else(today);
    let until = plus_days(on, i64::from(args.days));
    let mut conn = global.connect()?;
    let rows = denghuo_store::legal::limitations_ending(&mut conn, until, i64::from(args.limit))?;
    let numbers = account_numbers(&mut conn, rows.iter().map(|row| row.account_id))?;
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "account_no": numbers.get(&row.account_id),
                "bill_no": row.bill_no,
                "runs_from": row.base_on,
                "expires_on": row.expires_on,
                "days_left": days_between(on, row.expires_on),
                "alerted_days": row.alerted_days,
                "long_stop_on": row.long_stop_on,
            })
        })
        .collect();
    if args.json {
        return print_json(&told);
    }
    for row in &rows {
        println!(
            "{:<14} #{:<4} {} {:>5} {}",
            numbers.get(&row.account_id).map_or("", String::as_str),
            row.bill_no,
            row.expires_on,
            days_between(on, row.expires_on),
            global.say("天", "days")
        );
    }
    Ok(())
}
