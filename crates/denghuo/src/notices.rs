//! `denghuo notices`: what customers are told, and how it leaves.

use crate::context::Global;
use crate::outbox;

/// Arguments of `denghuo notices`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    #[command(flatten)]
    Outbox(outbox::What),
}

/// Does what is asked.
///
/// # Errors
/// A refusal, an unusable configuration, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Outbox(what) => outbox::run(global, what),
    }
}
