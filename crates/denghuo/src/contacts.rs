//! `denghuo contacts`: ways to reach a customer, kept fresh.

use crate::context::{Global, account_id, account_numbers, print_json, today};
use denghuo_office::registry::{
    CheckResult, ContactShown, contact_checked, contact_consent, contact_designate, contact_failures,
    contact_receipts, contacts_show,
};
use denghuo_rules::registry::ContactKind;
use jiff::civil::Date;
use serde_json::json;

/// Arguments of `denghuo contacts`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  denghuo contacts show 3700000001\n  denghuo contacts check 3700000001 1 --verified 电话 --by S001\n  denghuo contacts check 3700000001 1 --replaced 13800000001 --by S001\n  denghuo contacts designate 3700000001 1 --contract HT-1 --by S001"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// The contacts of an account with their history 联系方式
    Show {
        /// Account number 户号
        account: String,
        /// Show numbers and addresses in full
        #[arg(long)]
        unmask: bool,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// What came of a call or a visit; ends the work about it 核查登记
    Check {
        #[command(flatten)]
        contact: Contact,
        #[command(flatten)]
        result: ResultArgs,
        /// Where it is known from
        #[arg(long, default_value = "call")]
        source: String,
    },
    /// The contract names it as the address of electronic service 约定电子送达地址
    Designate {
        #[command(flatten)]
        contact: Contact,
        /// Number of the contract
        #[arg(long)]
        contract: String,
    },
    /// The customer agrees to be told there, or takes it back 同意与撤回
    Consent {
        #[command(flatten)]
        contact: Contact,
        /// He takes it back
        #[arg(long)]
        withdraw: bool,
        /// It is about receipts of payments alone
        #[arg(long)]
        receipts: bool,
        /// Where it is known from
        #[arg(long, default_value = "counter")]
        source: String,
    },
    /// Contacts that are not used because they failed 失败清单
    Failures {
        /// Show numbers and addresses in full
        #[arg(long)]
        unmask: bool,
        /// JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(clap::Args)]
struct Contact {
    /// Account number 户号
    account: String,
    /// Number of the contact, as `contacts show` lists it
    contact: i64,
    /// Staff code
    #[arg(long)]
    by: String,
    /// Business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct ResultArgs {
    /// It is his; how it was made sure of
    #[arg(long, value_name = "HOW")]
    verified: Option<String>,
    /// He has another one now
    #[arg(long, value_name = "VALUE")]
    replaced: Option<String>,
    /// Nobody answers
    #[arg(long)]
    unreachable: bool,
    /// It is no more
    #[arg(long)]
    ended: bool,
}

impl ResultArgs {
    fn result(&self) -> CheckResult {
        match (&self.verified, &self.replaced) {
            (Some(how), _) => CheckResult::Verified(how.clone()),
            (_, Some(value)) => CheckResult::Replaced(value.clone()),
            _ if self.unreachable => CheckResult::Unreachable,
            _ => CheckResult::Ended,
        }
    }
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Show { account, unmask, json } => {
            let mut conn = global.connect()?;
            let id = account_id(&mut conn, &account)?;
            let contacts = contacts_show(&mut conn, id, unmask)?;
            if json {
                return print_json(&contacts);
            }
            contacts.iter().for_each(|contact| tell(global, contact));
            Ok(())
        }
        What::Check { contact, result, source } => {
            let on = contact.date.unwrap_or_else(today);
            global.work(&contact.by, |conn, work| {
                let id = account_id(conn, &contact.account)?;
                let key = (id, contact.contact);
                let number = contact_checked(conn, work, key, &result.result(), (on, &source))?;
                println!("{} {number}", global.say("已登记,联系方式", "noted, contact"));
                Ok(())
            })
        }
        What::Designate { contact, contract } => {
            let on = contact.date.unwrap_or_else(today);
            global.work(&contact.by, |conn, work| {
                let id = account_id(conn, &contact.account)?;
                contact_designate(conn, work, (id, contact.contact), &contract, on)?;
                println!("{}", global.say("已登记为约定地址", "designated"));
                Ok(())
            })
        }
        What::Consent { contact, withdraw, receipts, source } => {
            let on = contact.date.unwrap_or_else(today);
            global.work(&contact.by, |conn, work| {
                let id = account_id(conn, &contact.account)?;
                let (key, when) = ((id, contact.contact), (on, source.as_str()));
                if receipts {
                    contact_receipts(conn, work, key, !withdraw, when)?;
                } else {
                    contact_consent(conn, work, key, !withdraw, when)?;
                }
                println!("{}", global.say("已登记", "noted"));
                Ok(())
            })
        }
        What::Failures { unmask, json } => failures(global, unmask, json),
    }
}

fn failures(global: &Global, unmask: bool, as_json: bool) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let failures = contact_failures(&mut conn, unmask)?;
    let numbers = account_numbers(&mut conn, failures.iter().map(|(account, _)| *account))?;
    let number = |account: &i64| numbers.get(account).map_or("", String::as_str);
    if as_json {
        let rows: Vec<_> = failures
            .iter()
            .map(|(account, contact)| json!({ "account_no": number(account), "contact": contact }))
            .collect();
        return print_json(&rows);
    }
    for (account, contact) in &failures {
        print!("{}  ", number(account));
        tell(global, contact);
    }
    println!("{} {}", failures.len(), global.say("个联系方式有故障", "contacts have failed"));
    Ok(())
}

fn tell(global: &Global, contact: &ContactShown) {
    let kind = ContactKind::from_word(&contact.kind).map_or(contact.kind.as_str(), |kind| kind.zh());
    let mut marks = Vec::new();
    if contact.preferred {
        marks.push(global.say("首选", "preferred").to_owned());
    }
    if contact.consent {
        marks.push(global.say("同意", "agreed").to_owned());
    }
    if contact.receipts {
        marks.push(global.say("回执", "receipts").to_owned());
    }
    if let Some(day) = contact.verified_on {
        marks.push(format!("{} {day}", global.say("核实", "verified")));
    }
    if let Some(day) = contact.designated_on {
        marks.push(format!("{} {day}", global.say("约定", "designated")));
    }
    if let Some(trouble) = &contact.trouble {
        marks.push(format!("{} {trouble}", global.say("故障", "trouble")));
    }
    println!("{:>3}  {kind}  {}  {}", contact.contact_no, contact.value, marks.join(" "));
    for event in &contact.events {
        let detail = event.detail.as_deref().unwrap_or_default();
        println!("       {} {} {} {detail} {}", event.on, event.kind, event.source, event.by);
    }
}
