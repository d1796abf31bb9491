//! `denghuo refund`: a prepayment goes back to the customer.

use crate::context::{Global, account_id, today};
use crate::pay::channel;
use denghuo_office::payments::{RefundOrder, refund};
use denghuo_rules::payments::Channel;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// Arguments of `denghuo refund`.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  denghuo refund 0370000001 100 --asked-by S001 --by S002 --reason 销户 --channel transfer"
)]
pub struct Args {
    /// Account number 户号
    account: String,
    /// Amount in yuan
    #[arg(allow_negative_numbers = true)]
    amount: Money,
    /// Staff code of who asks 申请人
    #[arg(long)]
    asked_by: String,
    /// Staff code of who approves 审批人
    #[arg(long)]
    by: String,
    /// Why
    #[arg(long)]
    reason: String,
    /// How it is paid out: cash, transfer
    #[arg(long, default_value = "transfer", value_parser = channel)]
    channel: Channel,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

/// Refunds.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    let made = global.work(&args.by, |conn, work| {
        let order = RefundOrder {
            account_id: account_id(conn, &args.account)?,
            amount: args.amount,
            channel: args.channel,
            reason: args.reason,
            asked_by: args.asked_by,
        };
        Ok(refund(conn, work, &order, args.date.unwrap_or_else(today))?)
    })?;
    println!("{} {} {}", global.say("已退费", "refunded:"), made.amount, global.say("元", "yuan"));
    Ok(())
}
