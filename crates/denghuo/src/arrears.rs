//! `denghuo arrears`, `denghuo waive`, `denghuo recovery`: what is overdue, what is given up, what came back.

use crate::context::{Global, account_id, print_json, today};
use denghuo_office::collections::{Arrears, WaiveOrder, arrears, recovery, waive};
use denghuo_rules::derivation::Language;
use denghuo_rules::registry::Category;
use denghuo_rules::units::Money;
use denghuo_store::collections::OverdueFilter;
use jiff::civil::Date;
use serde_json::json;

/// Arguments of `denghuo arrears`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  denghuo arrears --date 2026-08-31\n  denghuo arrears --org 0101 --totals"
)]
pub struct Args {
    /// The day; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// Only of this organisation (its code)
    #[arg(long)]
    org: Option<String>,
    /// Only of this route (its code)
    #[arg(long)]
    route: Option<String>,
    /// Only of this price category: household, communal, agriculture, commercial
    #[arg(long, value_parser = category)]
    category: Option<Category>,
    /// Only the totals by age
    #[arg(long)]
    totals: bool,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `denghuo waive`.
#[derive(clap::Args)]
pub struct WaiveArgs {
    /// Account number 户号
    account: String,
    /// Number of the bill within the account
    bill: i64,
    /// Code of the reason: own_error, bank_failure, system_failure, wrong_master_data, disaster
    #[arg(long)]
    reason: String,
    /// Amount in yuan; all that is unpaid when not given
    #[arg(long)]
    amount: Option<Money>,
    /// Staff code of who asks 申请人
    #[arg(long)]
    asked_by: String,
    /// Staff code of who approves 审批人
    #[arg(long)]
    by: String,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

/// Arguments of `denghuo recovery`.
#[derive(clap::Args)]
pub struct RecoveryArgs {
    /// First day
    #[arg(long)]
    from: Date,
    /// Last day
    #[arg(long)]
    to: Date,
    /// JSON
    #[arg(long)]
    json: bool,
}

fn category(text: &str) -> Result<Category, String> {
    Category::from_word(text).ok_or_else(|| "household, communal, agriculture, commercial".to_owned())
}

/// Lists what is overdue.
///
/// # Errors
/// A missing rule, or a failure of the database.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let filter = OverdueFilter {
        org: args.org.as_deref(),
        route: args.route.as_deref(),
        category: args.category.map(Category::word),
    };
    let mut list = global
        .work("system", |conn, work| Ok(arrears(conn, work, args.date.unwrap_or_else(today), filter)?))?;
    if args.totals {
        list.rows.clear();
    }
    if args.json { print_json(&list) } else { tell(global, &list) }
}

fn tell(global: &Global, list: &Arrears) -> anyhow::Result<()> {
    for row in &list.rows {
        println!(
            "{:<14} #{:<4} {} {} {:>5}{} {:<14} {:>14} {:>12}  {}",
            row.account_no,
            row.bill_no,
            row.month,
            row.due_on,
            row.days_overdue,
            global.say("天", "d"),
            row.age,
            row.principal,
            row.late_fee,
            row.name
        );
    }
    for age in &list.ageing {
        println!(
            "{:>8} {:>16} {:>14}  {}",
            age.bills,
            age.principal,
            age.late_fee,
            age.name.in_language(global.language())
        );
    }
    println!(
        "{} {} {} {}, {} {}",
        list.accounts,
        global.say("户欠费,电费", "accounts in arrears, energy"),
        list.principal,
        global.say("元", "yuan"),
        global.say("违约金", "late fee"),
        list.late_fee
    );
    Ok(())
}

/// Waives a part of a late fee.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run_waive(global: &Global, args: WaiveArgs) -> anyhow::Result<()> {
    let made = global.work(&args.by, |conn, work| {
        let order = WaiveOrder {
            account_id: account_id(conn, &args.account)?,
            bill_no: args.bill,
            amount: args.amount,
            reason: args.reason,
            asked_by: args.asked_by,
        };
        Ok(waive(conn, work, &order, args.date.unwrap_or_else(today))?)
    })?;
    println!(
        "{} {} {}",
        global.say("已减免违约金", "late fee waived:"),
        made.amount,
        global.say("元", "yuan")
    );
    Ok(())
}

/// Tells the recovery rates of a period.
///
/// # Errors
/// A failure of the database.
pub fn run_recovery(global: &Global, args: &RecoveryArgs) -> anyhow::Result<()> {
    let (sums, rates) = global.work("system", |conn, _| Ok(recovery(conn, args.from, args.to)?))?;
    if args.json {
        return print_json(&json!({ "from": args.from, "to": args.to, "sums": sums, "rates": rates }));
    }
    let chinese = global.language() == Language::Chinese;
    let lines = [
        (if chinese { "累计" } else { "cumulative" }, sums.receivable, sums.received, rates.cumulative),
        (
            if chinese { "当年" } else { "this year" },
            sums.receivable - sums.receivable_prior_years,
            sums.received - sums.received_prior_years,
            rates.this_year,
        ),
        (
            if chinese { "陈欠" } else { "prior years" },
            sums.receivable_prior_years,
            sums.received_prior_years,
            rates.prior_years,
        ),
    ];
    for (name, receivable, received, rate) in lines {
        let rate = rate.map_or_else(|| "-".to_owned(), |rate| format!("{rate} %"));
        println!("{name}\t{receivable:>16} {received:>16} {rate:>9}");
    }
    Ok(())
}
