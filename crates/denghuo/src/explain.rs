//! `denghuo explain`: why an amount is what it is, with clauses.

use crate::context::{Global, account_id, print_json, today};
use clap::Subcommand;
use denghuo_office::billing::{Earlier, Explained, WhyBill, bill_explain, why_bill};
use denghuo_office::collections::{BalanceExplained, FeeExplained, explain_balance, explain_late_fee};
use jiff::civil::Date;
use serde_json::json;

/// Arguments of `denghuo explain`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A bill: lines, derivation, rules
    Bill {
        /// Account number 户号
        account: String,
        /// Number of the bill within the account
        bill: i64,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Why a bill is higher or lower than the one before it and than that of a year ago
    Why {
        /// Account number 户号
        account: String,
        /// Number of the bill within the account
        bill: i64,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// The late fee of a bill through a day: spans, rates, clauses
    LateFee {
        /// Account number 户号
        account: String,
        /// Number of the bill within the account
        bill: i64,
        /// The day through which it is computed; today when not given
        #[arg(long)]
        through: Option<Date>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// What an account owes and has on a day, debt by debt
    Balance {
        /// Account number 户号
        account: String,
        /// The day; today when not given
        #[arg(long)]
        as_of: Option<Date>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
}

/// Explains.
///
/// # Errors
/// The account or the bill is not known, or a rule is no longer in the book.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    match &args.what {
        What::Bill { account, bill, json } => {
            let explained = global.work("system", |conn, work| {
                let id = account_id(conn, account)?;
                Ok(bill_explain(conn, work, (id, *bill))?)
            })?;
            if *json { print_json(&as_json(&explained)) } else { tell(global, account, &explained) }
        }
        What::Why { account, bill, json } => {
            let why = global.work("system", |conn, _| {
                let id = account_id(conn, account)?;
                Ok(why_bill(conn, (id, *bill))?)
            })?;
            if *json {
                return print_json(&why);
            }
            tell_why(global, &why);
            Ok(())
        }
        What::LateFee { account, bill, through, json } => {
            let through = through.unwrap_or_else(today);
            let fee = global.work("system", |conn, work| {
                let id = account_id(conn, account)?;
                Ok(explain_late_fee(conn, work, (id, *bill), through)?)
            })?;
            if *json {
                return print_json(&fee);
            }
            tell_fee(global, &fee);
            Ok(())
        }
        What::Balance { account, as_of, json } => {
            let as_of = as_of.unwrap_or_else(today);
            let balance = global.work("system", |conn, work| {
                let id = account_id(conn, account)?;
                Ok(explain_balance(conn, work, id, as_of)?)
            })?;
            if *json {
                return print_json(&balance);
            }
            tell_balance(global, &balance);
            Ok(())
        }
    }
}

fn as_json(explained: &Explained) -> serde_json::Value {
    let bill = &explained.bill;
    json!({
        "bill_no": bill.bill_no,
        "kind": bill.kind,
        "month": bill.month,
        "from": bill.from_on,
        "to": bill.to_on,
        "active_kwh": bill.active,
        "amount": bill.amount,
        "derived": explained.derived,
        "lines": explained.lines.iter().map(|line| json!({
            "item": line.item, "band": line.band, "tier": line.tier, "quantity": quantity(line.quantity),
            "unit": line.unit, "price": line.price, "share": line.share, "amount": line.amount,
        })).collect::<Vec<_>>(),
        "derivation": explained.steps,
        "rules": explained.rules.iter().map(|(id, clause, confidence)| json!({
            "id": id, "clause": clause, "confidence": confidence,
        })).collect::<Vec<_>>(),
    })
}

fn quantity(raw: i64) -> String {
    denghuo_rules::units::format_scaled(raw, 4, 0)
}

fn tell(global: &Global, account: &str, explained: &Explained) -> anyhow::Result<()> {
    let bill = &explained.bill;
    println!(
        "{} {account}  {} {} ({})  {} – {}",
        global.say("户号", "account"),
        global.say("账单", "bill"),
        bill.bill_no,
        bill.month,
        bill.from_on,
        bill.to_on
    );
    for line in &explained.lines {
        let band = line.band.as_deref().unwrap_or_default();
        let tier = if line.tier > 0 { format!("{}", line.tier) } else { String::new() };
        println!(
            "  {:<18} {band:<7}{tier:<2} {:>14} {:<6} × {:<12} {:<7} {:>14}",
            line.item,
            quantity(line.quantity),
            line.unit,
            line.price,
            line.share.as_deref().unwrap_or_default(),
            line.amount
        );
    }
    println!("  {} {}", global.say("合计", "total"), bill.amount);
    println!("{}", global.say("推导", "derivation"));
    for step in &explained.steps {
        let rule = step.rule.as_deref().map(|id| format!("  [{id}]")).unwrap_or_default();
        println!("  {}{rule}", step.text.in_language(global.language()));
    }
    println!("{}", global.say("依据", "rules"));
    for (id, clause, confidence) in &explained.rules {
        println!("  {id}: {clause} ({confidence})");
    }
    if explained.derived != bill.amount {
        anyhow::bail!(
            "{}: {} ≠ {}",
            global.say(
                "规则库已变,推导结果与账单不符",
                "the book has changed: the derivation differs from the bill"
            ),
            explained.derived,
            bill.amount
        );
    }
    Ok(())
}

fn tell_why(global: &Global, why: &WhyBill) {
    println!(
        "{} {} ({})  {} {}",
        global.say("账单", "bill"),
        why.bill_no,
        why.month,
        global.say("电费", "amount"),
        why.amount
    );
    if why.beside.is_empty() {
        println!("{}", global.say("没有可比的往期账单", "there is no earlier bill to compare it with"));
    }
    for beside in &why.beside {
        let earlier = match beside.earlier {
            Earlier::Previous => global.say("与上期相比", "beside the bill before"),
            Earlier::YearAgo => global.say("与去年同期相比", "beside that of a year ago"),
        };
        let comparison = &beside.comparison;
        println!(
            "{earlier} ({} {}): {} → {} ({:+})",
            beside.bill_no, beside.month, comparison.before, comparison.now, comparison.change
        );
        for effect in &comparison.effects {
            println!("  {}", effect.text.in_language(global.language()));
        }
    }
    for note in &why.notes {
        println!("{}", note.text.in_language(global.language()));
    }
}

fn tell_fee(global: &Global, fee: &FeeExplained) {
    println!(
        "{} {}  {} {}  {} {}  {} {}",
        global.say("账单", "bill"),
        fee.bill_no,
        global.say("电费", "charge"),
        fee.principal,
        global.say("未缴", "unpaid"),
        fee.open,
        global.say("缴费截止日", "due"),
        fee.due_on
    );
    for step in &fee.steps {
        let rule = step.rule.as_deref().map(|id| format!("  [{id}]")).unwrap_or_default();
        println!("  {}{rule}", step.text.in_language(global.language()));
    }
    println!(
        "  {} {}: {}  ({} {}, {} {}, {} {})",
        global.say("违约金计至", "late fee through"),
        fee.through,
        fee.fee,
        global.say("已计提", "booked"),
        fee.booked,
        global.say("已减免", "waived"),
        fee.waived,
        global.say("计提未缴", "booked and unpaid"),
        fee.unpaid
    );
}

fn tell_balance(global: &Global, balance: &BalanceExplained) {
    for debt in &balance.debts {
        tell_fee(global, debt);
    }
    println!(
        "{} {}: {} {} + {} {} + {} {} − {} {} = {} {}",
        global.say("截至", "as of"),
        balance.as_of,
        global.say("电费", "charges"),
        balance.receivable,
        global.say("已计提违约金", "booked late fees"),
        balance.late_fee,
        global.say("未计提违约金", "running late fees"),
        balance.running_fee,
        global.say("预收", "prepaid"),
        balance.prepaid,
        global.say("应缴", "to pay"),
        balance.to_pay
    );
}
