//! `denghuo demo`: a simulated town with a history, so that every command has something to show.

use crate::context::{Global, print_json};
use crate::towns::{Bar, commands_to_try, fresh, print_summary, table_of_exceptions};
use denghuo_store::Store;
use denghuo_town::simulate::{Plan, simulate};

/// Arguments of `denghuo demo`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  denghuo --db sqlite://demo.db demo --no-serve\n  denghuo --db sqlite://demo.db demo --accounts 200 --months 3 --seed 7 --fresh --no-serve --json"
)]
pub struct Args {
    /// Accounts of the town
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    accounts: u32,
    /// Months of history, the last of them August 2026
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=32))]
    months: u16,
    /// The seed: the same seed makes the same town and the same books
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make the town and end, without serving the console
    #[arg(long)]
    no_serve: bool,
    /// Make the SQLite file anew when it is there
    #[arg(long)]
    fresh: bool,
    /// The summary as JSON
    #[arg(long)]
    json: bool,
}

/// Makes the town and tells what came of it.
///
/// # Errors
/// The database holds accounts already, or cannot be written.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    if args.fresh {
        fresh(&global.db)?;
    }
    let store = Store::open(&global.db)?.without_waiting();
    let plan = Plan::new(args.seed, args.accounts.into(), args.months);
    let summary = simulate(&store, &plan, &Bar::new(global))?;
    if args.json {
        tell_no_console(global, args);
        return print_json(&summary);
    }
    print_summary(global, &summary);
    println!();
    table_of_exceptions(global, &summary);
    println!();
    commands_to_try(global, summary.until);
    tell_no_console(global, args);
    Ok(())
}

/// Without --no-serve the town would be served.
fn tell_no_console(global: &Global, args: &Args) {
    if !args.no_serve {
        eprintln!(
            "{}",
            global.say(
                "网页控制台尚未提供: 数据已建好, 目前请用命令行查看。",
                "Serving comes with the console, which is not here yet: the town is ready, look at it from the command line."
            )
        );
    }
}
