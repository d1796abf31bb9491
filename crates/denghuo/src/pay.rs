//! `denghuo pay`, `denghuo reverse`: a payment at the counter, and taking one back.

use crate::context::{Global, account_id, moment_on, money_moved, print_json, today};
use denghuo_office::error::OfficeError;
use denghuo_office::payments::{Payment, Posted, Receipt, pay, reverse};
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use jiff::civil::{Date, DateTime};

/// Arguments of `denghuo pay`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  denghuo pay 0370000001 128.50 --by S001\n  denghuo pay 0370000001 128.50 --by S001 --channel pos --id 20260820000123"
)]
pub struct Args {
    /// Account number 户号
    account: String,
    /// Amount in yuan 金额
    #[arg(allow_negative_numbers = true)]
    amount: Money,
    /// Staff code of the cashier 收费员
    #[arg(long)]
    by: String,
    /// cash, pos, transfer, online
    #[arg(long, default_value = "cash", value_parser = channel)]
    channel: Channel,
    /// The channel's own id: the same id is posted once
    #[arg(long, default_value = "")]
    id: String,
    /// Day on which the customer paid; the business date when not given
    #[arg(long)]
    paid_on: Option<Date>,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// Moment of the payment, from which power that was cut has to be back in time; now when not given 时刻
    #[arg(long, conflicts_with = "date")]
    at: Option<DateTime>,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `denghuo reverse`.
#[derive(clap::Args)]
pub struct ReverseArgs {
    /// Account number 户号
    account: String,
    /// Number of the payment within the account: what follows the dash of its receipt
    payment: i64,
    /// Staff code
    #[arg(long)]
    by: String,
    /// Why
    #[arg(long)]
    reason: String,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

/// A channel that a person may name.
pub fn channel(text: &str) -> Result<Channel, String> {
    Channel::from_word(text)
        .filter(|channel| channel.is_money() && !matches!(channel, Channel::Suspense | Channel::Bank))
        .ok_or_else(|| "cash, pos, transfer, online".to_owned())
}

/// Takes a payment and prints its receipt.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    let on = args.at.map(DateTime::date).or(args.date).unwrap_or_else(today);
    let at = args.at.unwrap_or_else(|| moment_on(on));
    let payment = Payment {
        channel: args.channel,
        external_id: args.id,
        amount: args.amount,
        paid_on: args.paid_on.unwrap_or(on),
    };
    let (posted, swept) = global.work(&args.by, |conn, work| {
        let id = account_id(conn, &args.account)?;
        Ok(conn.write(|conn| {
            let posted = pay(conn, work, id, &payment, on)?;
            Ok::<_, OfficeError>((posted, money_moved(conn, work, &[id], at)?))
        })?)
    })?;
    if args.json {
        return print_json(&posted);
    }
    match &posted {
        Posted::New(receipt) => tell(global, receipt),
        Posted::AlreadyThere(receipt) => {
            println!("{}", global.say("该流水号已入账,未重复记账", "posted before: nothing was changed"));
            tell(global, receipt);
        }
    }
    if !swept.restorations.is_empty() {
        println!("{}", global.say("已下达复电任务", "power is ordered back"));
    }
    Ok(())
}

fn tell(global: &Global, receipt: &Receipt) {
    println!("{} {}", global.say("收据号", "receipt"), receipt.receipt_no);
    let lines = [
        (global.say("金额", "amount"), receipt.amount),
        (global.say("  电费", "  energy"), receipt.energy),
        (global.say("  违约金", "  late fee"), receipt.late_fee),
        (global.say("  预收", "  prepayment"), receipt.prepayment),
        (global.say("尚欠", "still owed"), receipt.still_owed),
    ];
    for (name, amount) in lines {
        println!("{name}\t{amount:>14}");
    }
}

/// Takes a payment back.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run_reverse(global: &Global, args: &ReverseArgs) -> anyhow::Result<()> {
    let on = args.date.unwrap_or_else(today);
    let reversal = global.work(&args.by, |conn, work| {
        let id = account_id(conn, &args.account)?;
        Ok(conn.write(|conn| {
            let reversal = reverse(conn, work, (id, args.payment), &args.reason, on)?;
            money_moved(conn, work, &[id], moment_on(on))?;
            Ok::<_, OfficeError>(reversal)
        })?)
    })?;
    println!("{} {} {}", global.say("已冲正", "taken back:"), reversal.amount, global.say("元", "yuan"));
    Ok(())
}
