//! `denghuo bill`: bills that wait, their release, corrections and cancellations.

use crate::context::{Global, account_id, account_numbers, print_json, today};
use anyhow::Context as _;
use clap::Subcommand;
use denghuo_office::billing::{
    Correction, bill_assess, bill_cancel, bill_rebill, pending_approve, pending_list, standing_release_grant,
};
use denghuo_rules::units::Money;
use jiff::civil::Date;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `denghuo bill`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Args)]
struct Decision {
    /// Account number 户号
    account: String,
    /// Number of the bill within the account
    bill: i64,
    /// Staff code of who decides
    #[arg(long)]
    by: String,
    /// Why
    #[arg(long)]
    reason: String,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

#[derive(Subcommand)]
enum What {
    /// Bills that wait for release 待发行
    Pending {
        /// Only of this account
        #[arg(long)]
        account: Option<String>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Let a waiting bill through; the next day run releases it 发行审批
    Approve(Decision),
    /// Stop a waiting bill 退回
    Reject(Decision),
    /// Calculate a bill again and write the difference 退补
    Rebill(Decision),
    /// Take a bill back 冲销
    Cancel(Decision),
    /// Bill a metering error, a theft or a breach of use from a described case 追补
    Assess {
        /// Account number 户号
        account: String,
        /// The case, in the form of `denghuo quote` (docs/quote)
        file: PathBuf,
        /// Staff code of who assesses
        #[arg(long)]
        by: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// Business date; today when not given
        #[arg(long)]
        date: Option<Date>,
    },
    /// Standing order to release bills without findings 发行授权
    Standing {
        /// Organisation code
        #[arg(long)]
        org: String,
        /// The largest bill that it covers, yuan
        #[arg(long)]
        max: Money,
        /// Staff code of who grants it
        #[arg(long)]
        by: String,
        /// First day; today when not given
        #[arg(long)]
        from: Option<Date>,
    },
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Pending { account, json } => pending(global, account.as_deref(), json),
        What::Approve(decision) => decide(global, &decision, true),
        What::Reject(decision) => decide(global, &decision, false),
        What::Rebill(d) => {
            let made = global.work(&d.by, |conn, work| {
                let id = account_id(conn, &d.account)?;
                Ok(bill_rebill(conn, work, d.date.unwrap_or_else(today), (id, d.bill), &d.reason)?)
            })?;
            made.iter().for_each(|correction| tell(global, correction));
            Ok(())
        }
        What::Cancel(d) => {
            let made = global.work(&d.by, |conn, work| {
                let id = account_id(conn, &d.account)?;
                Ok(bill_cancel(conn, work, d.date.unwrap_or_else(today), (id, d.bill), &d.reason)?)
            })?;
            tell(global, &made);
            Ok(())
        }
        What::Assess { account, file, by, reason, date } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("{} {}", global.say("无法读取", "cannot read"), file.display()))?;
            let made = global.work(&by, |conn, work| {
                let id = account_id(conn, &account)?;
                Ok(bill_assess(conn, work, date.unwrap_or_else(today), id, (&text, &reason))?)
            })?;
            tell(global, &made);
            Ok(())
        }
        What::Standing { org, max, by, from } => global.work(&by, |conn, work| {
            let org_id = denghuo_store::registry::orgs(conn)?
                .into_iter()
                .find(|known| known.code == org)
                .map(|known| known.org_id)
                .ok_or_else(|| anyhow::anyhow!("{} {org}", global.say("没有单位", "no organisation")))?;
            standing_release_grant(conn, work, org_id, from.unwrap_or_else(today), max)?;
            println!("{}", global.say("发行授权已登记", "standing order kept"));
            Ok(())
        }),
    }
}

fn decide(global: &Global, d: &Decision, approve: bool) -> anyhow::Result<()> {
    global.work(&d.by, |conn, work| {
        let id = account_id(conn, &d.account)?;
        let on = d.date.unwrap_or_else(today);
        pending_approve(conn, work, on, (id, d.bill), approve, &d.reason)?;
        println!(
            "{}",
            if approve {
                global.say("已审批,下一次日处理时发行", "approved: the next day run releases it")
            } else {
                global.say("已退回", "rejected")
            }
        );
        Ok(())
    })
}

fn tell(global: &Global, correction: &Correction) {
    let bill = &correction.bill;
    println!(
        "{}{} {} {}: {} {}",
        bill.corrects_no.map(|no| format!("{no} → ")).unwrap_or_default(),
        global.say("账单", "bill"),
        bill.kind,
        bill.bill_no,
        bill.amount,
        global.say("元,待第二人审批", "yuan, waits for a second person")
    );
}

fn pending(global: &Global, account: Option<&str>, json: bool) -> anyhow::Result<()> {
    let (bills, numbers) = global.work("system", |conn, _| {
        let id = account.map(|no| account_id(conn, no)).transpose()?;
        let bills = pending_list(conn, id)?;
        let numbers = account_numbers(conn, bills.iter().map(|bill| bill.account_id))?;
        Ok((bills, numbers))
    })?;
    let number = |id: i64| numbers.get(&id).map_or("-", String::as_str);
    if json {
        return print_json(
            &bills
                .iter()
                .map(|b| {
                    json!({
                        "account": number(b.account_id), "bill_no": b.bill_no, "month": b.month, "kind": b.kind,
                        "state": b.state, "codes": b.codes, "amount": b.amount, "prepared_by": b.prepared_by,
                        "calculated_on": b.calculated_on,
                    })
                })
                .collect::<Vec<_>>(),
        );
    }
    for b in &bills {
        println!(
            "{:<14} #{:<4} {} {:<12} {:<9} {:<20} {:>14}",
            number(b.account_id),
            b.bill_no,
            b.month,
            b.kind,
            b.state,
            b.codes,
            b.amount
        );
    }
    println!("{} {}", bills.len(), global.say("张账单待发行", "bills wait"));
    Ok(())
}
