//! `denghuo`: the command line, the configuration and the wiring of the real adapters.

mod context;
mod init;
mod rules;

use clap::{Parser, Subcommand};
use context::Global;
use std::process::ExitCode;

/// Denghuo 灯火: meter to cash for a power-supply company, explained and provable.
#[derive(Parser)]
#[command(name = "denghuo", version, about, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a database for a site 建立数据库
    Init(init::Args),
    /// The rulebook: check, show, compare, import a price table 规则库
    Rules(rules::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let global = &cli.global;
    let result = match cli.command {
        Command::Init(args) => init::run(global, &args),
        Command::Rules(args) => rules::run(global, &args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            context::tell_error(global, &error);
            ExitCode::FAILURE
        }
    }
}
