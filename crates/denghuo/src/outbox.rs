//! `denghuo notices send|listen|bounces|outbox|retry|cancel`: messages that leave by themselves.

mod bounces;
mod desk;
mod listen;
mod send;

use crate::context::{Global, now_local, print_json};
use denghuo_office::customer::codes_waiting;
use denghuo_office::notices::outbox::{outbox_cancel, outbox_retry};
use denghuo_rules::notices::{Channel, DeliveryState};
use denghuo_store::notices::outbox::counts;
use jiff::civil::DateTime;
use serde_json::json;
use std::path::PathBuf;

/// Where mail and SMS go.
#[derive(clap::Args, Debug)]
pub struct ConfigArg {
    /// TOML file with the tables mail and sms; see docs/outbox.md
    #[arg(long, env = "DENGHUO_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What is done with the outbox.
#[derive(clap::Subcommand)]
pub enum What {
    /// Send what is due by e-mail and SMS, each message once 发送
    #[command(
        after_help = "Example:\n  DENGHUO_SMTP_PASSWORD=… denghuo notices send --config site.toml --until-empty\n\nA killed run is resumed by running it again; what it left in doubt is settled by asking the carrier. On PostgreSQL several processes may send at once."
    )]
    Send(send::Args),
    /// Listen for the receipts of the SMS gateway 短信回执
    #[command(
        after_help = "Example:\n  DENGHUO_SMS_RECEIPT_KEY=… denghuo notices listen --bind 127.0.0.1:8095"
    )]
    Listen(listen::Args),
    /// Take returned mails (RFC 3464) from files or a Maildir 退信
    #[command(after_help = "Example:\n  denghuo notices bounces /var/mail/bounces/ --by S001")]
    Bounces(bounces::Args),
    /// What waits, by channel and state 发件箱
    #[command(after_help = "Example:\n  denghuo notices outbox --json")]
    Outbox {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Codes that wait for a customer who signs in or proves a contact, with their texts 验证码
    #[command(
        after_help = "Example:\n  denghuo notices codes --json\n\nFor a demonstration without a gateway; `notices send` sends them."
    )]
    Codes {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Send once more what failed or is in doubt 重发
    #[command(after_help = "Example:\n  denghuo notices retry 370000001-12-1 --by S001")]
    Retry(Hand),
    /// Drop what waits or is in doubt 取消发送
    #[command(after_help = "Example:\n  denghuo notices cancel 370000001-12-1 --by S001 --why 已当面告知")]
    Cancel {
        #[command(flatten)]
        hand: Hand,
        /// Why
        #[arg(long)]
        why: String,
    },
}

/// A delivery and who deals with it.
#[derive(clap::Args)]
pub struct Hand {
    /// Delivery: account-notice-delivery, as `notices outbox` and the tasks name it
    key: String,
    /// Staff code
    #[arg(long)]
    by: String,
    /// Moment; now when not given
    #[arg(long)]
    at: Option<DateTime>,
}

/// Does what is asked.
///
/// # Errors
/// A refusal, an unusable configuration, or a failure of the database.
pub fn run(global: &Global, what: What) -> anyhow::Result<()> {
    match what {
        What::Send(args) => send::run(global, &args),
        What::Listen(args) => listen::run(global, &args),
        What::Bounces(args) => bounces::run(global, &args),
        What::Outbox { json } => tell(global, json),
        What::Codes { json } => tell_codes(global, json),
        What::Retry(hand) => {
            let at = hand.at.unwrap_or_else(now_local);
            let row = global.work(&hand.by, |conn, work| Ok(outbox_retry(conn, work, &hand.key, at)?))?;
            println!("{} {}", row.key, row.state.zh());
            Ok(())
        }
        What::Cancel { hand, why } => {
            let at = hand.at.unwrap_or_else(now_local);
            let row =
                global.work(&hand.by, |conn, work| Ok(outbox_cancel(conn, work, &hand.key, at, &why)?))?;
            println!("{} {}", row.key, row.state.zh());
            Ok(())
        }
    }
}

fn tell_codes(global: &Global, as_json: bool) -> anyhow::Result<()> {
    let waiting = codes_waiting(&mut global.connect()?)?;
    if as_json {
        let rows: Vec<_> = waiting
            .iter()
            .map(|row| {
                json!({"account_id": row.account_id, "purpose": row.purpose, "channel": row.channel, "address": row.address,
                    "ends_at": row.ends_at, "message": row.message})
            })
            .collect();
        return print_json(&rows);
    }
    for row in &waiting {
        println!(
            "{}\t{}\t{}\t{}",
            row.channel,
            row.address,
            row.purpose,
            row.message.as_deref().unwrap_or("-")
        );
    }
    Ok(())
}

fn tell(global: &Global, as_json: bool) -> anyhow::Result<()> {
    let counts = counts(&mut global.connect()?)?;
    if as_json {
        let rows: Vec<_> = counts
            .iter()
            .map(|one| {
                json!({"channel": one.channel, "state": one.state, "count": one.count, "oldest": one.oldest, "due_by": one.due_by})
            })
            .collect();
        return print_json(&rows);
    }
    for one in &counts {
        let channel = Channel::from_word(&one.channel).map_or(one.channel.as_str(), |known| known.zh());
        let state = DeliveryState::from_word(&one.state).map_or(one.state.as_str(), |known| known.zh());
        println!("{channel}\t{state}\t{}\t{}\t{}", one.count, one.oldest, one.due_by);
    }
    Ok(())
}
