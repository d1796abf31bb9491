//! `denghuo demo`: a simulated town with a history, so that every command has something to show.

use crate::context::{Global, print_json};
use crate::serve;
use crate::towns::{Bar, commands_to_try, fresh, print_summary, table_of_exceptions};
use denghuo_office::access::{login_add, password_change};
use denghuo_rules::access::Role;
use denghuo_rules::calendar::plus_days;
use denghuo_store::Store;
use denghuo_store::access::one_of_each_role;
use denghuo_town::simulate::{Plan, simulate};
use jiff::civil::Date;

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

/// The password of every login of the town.
const PASSWORD: &str = "Denghuo-2026";

/// The second of two persons, and those of the other station.
const MORE: [(&str, Role); 5] = [
    ("S002", Role::Manager),
    ("S007", Role::Reader),
    ("S025", Role::Manager),
    ("S026", Role::Collector),
    ("S027", Role::Inspector),
];

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
    let logins = logins(global, summary.until)?;
    if args.json {
        print_json(&summary)?;
    } else {
        print_summary(global, &summary);
        println!();
        table_of_exceptions(global, &summary);
        println!();
        commands_to_try(global, summary.until);
        println!();
        tell_logins(global, &logins);
    }
    if args.no_serve {
        return Ok(());
    }
    // The last day of the history is closed: people work on the next one.
    serve::run(global, &serve::Args::on(plus_days(summary.until, 1)))
}

/// A login for one person of each role, for some more, and for an administrator; the names with the roles in Chinese.
fn logins(global: &Global, on: Date) -> anyhow::Result<Vec<(String, &'static str)>> {
    let mut people = global.work("system", |conn, _| Ok(one_of_each_role(conn, on)?))?;
    people.extend(MORE.map(|(name, role)| (name.to_owned(), role.word().to_owned())));
    people.push(("admin".to_owned(), Role::Administrator.word().to_owned()));
    let mut told = Vec::new();
    for (name, role) in people {
        let first = global.work("system", |conn, work| {
            Ok(login_add(conn, work, &name, role == Role::Administrator.word(), on)?)
        })?;
        global.work(&name, |conn, work| Ok(password_change(conn, work, (&first, PASSWORD), "", on)?))?;
        told.push((name, Role::from_word(&role).map_or("", Role::zh)));
    }
    Ok(told)
}

fn tell_logins(global: &Global, logins: &[(String, &'static str)]) {
    println!(
        "{} {PASSWORD}",
        global.say("登录 (denghuo serve), 密码均为", "Logins (denghuo serve), every password is")
    );
    for (name, role) in logins {
        println!("  {name:<6} {role}");
    }
}
