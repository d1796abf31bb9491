//! `denghuo explain`: why an amount is what it is, with clauses.

use crate::context::{Global, account_id, print_json};
use clap::Subcommand;
use denghuo_office::billing::{Explained, bill_explain};
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
