//! `cargo xtask demo`: from a checkout to a served console with a town and a year of its history.

use crate::console;
use crate::shell::{must, program, release_binary, root};
use anyhow::Context as _;

/// The town and where it goes.
#[derive(clap::Args)]
pub struct Args {
    /// Accounts in the town
    #[arg(long, default_value_t = 3000)]
    accounts: u32,
    /// Months of history
    #[arg(long, default_value_t = 12)]
    months: u32,
    /// The seed: the same seed makes the same town
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Another database; var/demo.db is made anew each time
    #[arg(long, value_name = "URL")]
    db: Option<String>,
    /// Make the town and end, without serving the console
    #[arg(long)]
    no_serve: bool,
}

/// Builds the program, makes the town, which says what to try, and serves the console until it is stopped.
pub fn run(args: &Args) -> anyhow::Result<()> {
    if let Err(error) = crate::setup::chinese_fonts() {
        println!("the town is made without papers: {error:#}");
    }
    if let Err(error) = console::build() {
        println!("the program is built without the console: {error:#}");
    }
    let binary = release_binary()?;
    let db = match &args.db {
        Some(url) => url.clone(),
        None => fresh_database("demo.db")?,
    };
    let shown = binary.strip_prefix(root()).unwrap_or(&binary).display().to_string();
    println!("denghuo = {shown}\n");
    let mut demo = program(&binary.to_string_lossy());
    demo.args(["--db", &db, "demo"]).args([
        "--accounts",
        &args.accounts.to_string(),
        "--months",
        &args.months.to_string(),
        "--seed",
        &args.seed.to_string(),
    ]);
    if args.no_serve {
        demo.arg("--no-serve");
    }
    must(&mut demo)
}

/// The URL of a database file in `var/` that does not exist yet.
pub fn fresh_database(name: &str) -> anyhow::Result<String> {
    let folder = root().join("var");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let file = folder.join(format!("{name}{suffix}"));
        if file.exists() {
            std::fs::remove_file(&file).with_context(|| format!("cannot delete {}", file.display()))?;
        }
    }
    Ok(format!("sqlite://var/{name}"))
}
