//! `denghuo webhooks`: events that wait are sent to other systems, as the service does by itself.

use crate::adapters::hooks::Hooks;
use crate::context::{Global, print_json};
use clap::Subcommand;
use denghuo_office::webhooks::send_due;
use serde_json::json;

/// Arguments of `denghuo webhooks`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Send what is due 推送
    #[command(
        after_help = "Example:\n  denghuo webhooks send --json\n\n`denghuo serve` sends by itself; several senders share the work. An address of our own network is told only when DENGHUO_WEBHOOK_INSIDE names its host."
    )]
    Send {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Endpoints and how they stand 推送端点
    List {
        /// JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
///
/// # Errors
/// The database's.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    match args.command {
        Command::Send { json } => {
            let sent = send_due(&mut conn, &Hooks::new())?;
            if json {
                return print_json(
                    &json!({ "sent": sent.sent, "failed": sent.failed, "given_up": sent.given_up }),
                );
            }
            println!(
                "{} {}  {} {}  {} {}",
                global.say("已推送", "sent"),
                sent.sent,
                global.say("失败待重试", "failed, to be tried again"),
                sent.failed,
                global.say("已放弃", "given up"),
                sent.given_up
            );
            Ok(())
        }
        Command::List { json } => {
            let hooks = denghuo_store::webhooks::hooks(&mut conn)?;
            if json {
                let rows: Vec<_> = hooks
                    .iter()
                    .map(|hook| {
                        json!({ "webhook_no": hook.webhook_no, "url": hook.url, "events": hook.events,
                            "state": hook.state, "failures": hook.failures })
                    })
                    .collect();
                return print_json(&rows);
            }
            for hook in hooks {
                println!("{:>4} {:<7} {:<40} {}", hook.webhook_no, hook.state, hook.url, hook.events);
            }
            Ok(())
        }
    }
}
