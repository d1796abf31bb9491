//! `denghuo account`: one account with its history, or the accounts that match a text.

use crate::context::{Global, Lang, print_json};
use clap::Subcommand;
use denghuo_office::registry::{AccountCard, FoundAccount, account_card, find_accounts};
use denghuo_rules::registry::{ContactKind, CustomerKind, Importance, Protection};
use denghuo_store::registry::FIND_ORDERS;

/// Arguments of `denghuo account`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  denghuo account show 3700000001
  denghuo account find 13800000000 --unmask")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One account: terms over time, contracts, meters, contacts 户卡
    Show {
        /// Account number
        account_no: String,
        /// Show personal data in full
        #[arg(long)]
        unmask: bool,
        /// Output for machines
        #[arg(long)]
        json: bool,
    },
    /// Accounts by number, telephone, meter, name or address 找户
    Find {
        /// What is known
        text: String,
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: i64,
        /// Show personal data in full
        #[arg(long)]
        unmask: bool,
        /// Output for machines
        #[arg(long)]
        json: bool,
    },
}

/// Shows what is asked.
///
/// # Errors
/// An unknown account, or a database that fails.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    match &args.command {
        Command::Show { account_no, unmask, json } => {
            let card = account_card(&mut conn, account_no, *unmask)?;
            if *json {
                print_json(&card)?;
            } else {
                show(global, &card);
            }
        }
        Command::Find { text, limit, unmask, json } => {
            let found = find_accounts(&mut conn, text, (*limit, 0), &FIND_ORDERS.first(*limit), *unmask)?;
            if *json {
                return print_json(&found);
            }
            for FoundAccount { account_no, customer, address, by } in &found {
                println!("{account_no}  {customer}  {address}  ({by})");
            }
            if found.is_empty() {
                println!("{}", global.say("没有找到", "nothing found"));
            }
        }
    }
    Ok(())
}

fn show(global: &Global, card: &AccountCard) {
    let chinese = matches!(global.lang, Lang::Zh);
    let word = |zh: Option<&'static str>, word: &str| {
        if chinese { zh.unwrap_or(word).to_owned() } else { word.to_owned() }
    };
    let until = |day: Option<jiff::civil::Date>| day.map(|d| d.to_string()).unwrap_or_default();
    let kind = word(CustomerKind::from_word(&card.customer_kind).map(CustomerKind::zh), &card.customer_kind);
    println!("{}  {} ({kind})  {}", card.account_no, card.customer, card.address);
    if let Some(identity) = &card.identity_no {
        println!("{} {identity}", global.say("证件", "identity"));
    }
    println!(
        "{} {}  {} {}  {} {}  {} {}",
        global.say("单位", "org"),
        card.org,
        global.say("抄表段", "route"),
        card.route,
        global.say("台区", "district"),
        card.district,
        global.say("小区", "estate"),
        card.estate,
    );
    let importance = word(Importance::from_word(&card.importance).map(Importance::zh), &card.importance);
    let protection = card.protection.as_deref().unwrap_or_default();
    let protection = word(Protection::from_word(protection).map(Protection::zh), protection);
    println!(
        "{} {} – {}  {importance} {protection}",
        global.say("立户", "opened"),
        card.opened_on,
        until(card.closed_on)
    );
    println!("{}", global.say("供用电条件", "terms"));
    for line in &card.terms {
        let t = &line.terms;
        let words = if chinese {
            [t.category.zh(), t.voltage.zh(), t.scheme.zh()]
        } else {
            [t.category.word(), t.voltage.word(), t.scheme.word()]
        };
        let tou = if t.time_of_use { global.say("分时", "time of use") } else { "" };
        println!(
            "  {} – {}  {}  {} kVA {tou}",
            line.from_on,
            until(line.until_on),
            words.join(" "),
            t.capacity
        );
    }
    println!("{}", global.say("合同", "contracts"));
    for c in &card.contracts {
        println!("  {} – {}  {}", c.from_on, until(c.until_on), c.contract_no);
    }
    println!("{}", global.say("装表", "meters"));
    for i in &card.installations {
        println!(
            "  {} – {}  #{} {} ×{}",
            i.installed_on,
            until(i.removed_on),
            i.point_no,
            i.meter_no,
            i.multiplier
        );
    }
    println!("{}", global.say("联系方式", "contacts"));
    for contact in &card.contacts {
        let kind = word(ContactKind::from_word(&contact.kind).map(ContactKind::zh), &contact.kind);
        println!("  {kind} {}{}", contact.value, if contact.preferred { " *" } else { "" });
    }
}
