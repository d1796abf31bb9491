//! Developer commands: everything that a checkout needs, by one name. `cargo xtask --help` lists them.

mod api;
mod bench;
mod console;
mod demo;
mod postgres;
mod real;
mod setup;
mod shell;
mod test;
mod tidy;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Developer commands of Denghuo.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every check: format, lints, tidy, documentation, and the tests on both databases
    Test(test::Args),
    /// Build the console and the program, and make a town of one seed with a year of history to look at
    Demo(demo::Args),
    /// Bill the real data sets and write the report
    Real,
    /// Measure the calculation kernel and the business day, and write docs/benchmarks.md
    Bench(bench::Args),
    /// Check the house rules that the compiler cannot see
    Tidy,
    /// The private PostgreSQL cluster of this checkout
    Pg {
        #[command(subcommand)]
        command: postgres::PgCommand,
    },
    /// Install what `test` and `demo` need: cargo-nextest, PostgreSQL, Node.js packages, Chromium
    Setup,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Test(args) => test::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Real => real::run(),
        Command::Bench(args) => bench::run(&args),
        Command::Tidy => tidy::run(),
        Command::Pg { command } => postgres::run(&command),
        Command::Setup => setup::run(),
    }
}
