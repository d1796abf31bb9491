//! `denghuo`: the command line, the configuration and the wiring of the real adapters.

mod account;
mod bill;
mod context;
mod explain;
mod import;
mod init;
mod quote;
mod rules;
mod verify;

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
    /// Accounts: one with its history, or those that match 用电户
    Account(account::Args),
    /// Bills: those that wait for release, approval, corrections, cancellation 电费核算与发行
    Bill(bill::Args),
    /// Why an amount is what it is 解释
    Explain(explain::Args),
    /// Prove the invariants of the whole database 核对
    Verify(verify::Args),
    /// Import files of the registry 导入档案
    Import(Box<import::Args>),
    /// Create a database for a site 建立数据库
    Init(init::Args),
    /// Price a described case without a database 试算
    Quote(quote::Args),
    /// The rulebook: check, show, compare, import a price table 规则库
    Rules(rules::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let global = &cli.global;
    let result = match cli.command {
        Command::Account(args) => account::run(global, &args),
        Command::Bill(args) => bill::run(global, args),
        Command::Explain(args) => explain::run(global, &args),
        Command::Verify(args) => verify::run(global, &args),
        Command::Import(args) => import::run(global, &args),
        Command::Init(args) => init::run(global, &args),
        Command::Quote(args) => quote::run(global, &args),
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
