//! `denghuo verify`: the invariants of the whole database.

use crate::context::{Global, print_json};
use denghuo_office::verify::verify;

/// Arguments of `denghuo verify`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  denghuo verify\n  denghuo --db postgres://denghuo@localhost/county verify --json"
)]
pub struct Args {
    /// JSON: ok, date, checks by name, books_digest
    #[arg(long)]
    json: bool,
}

/// Runs every check and tells what it found.
///
/// # Errors
/// A promise is broken, or the database cannot be read.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let verification = global.work("system", |conn, work| Ok(verify(conn, work)?))?;
    if args.json {
        print_json(&verification)?;
    } else {
        for (name, check) in &verification.checks {
            let mark = if check.ok { "✓" } else { "✗" };
            println!("{mark} {name} {}", if check.ok { String::new() } else { check.broken.to_string() });
            for line in &check.sample {
                println!("    {line}");
            }
        }
        let day = verification.date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        println!("{} {day}", global.say("最近营业日", "last business day"));
        println!("books_digest {}", verification.books_digest);
    }
    if verification.ok {
        return Ok(());
    }
    let broken = verification.checks.values().filter(|check| !check.ok).count();
    anyhow::bail!("{broken} {}", global.say("项核对不通过", "checks are broken"))
}
