//! `denghuo init`: a database for a site.

use crate::context::Global;

/// Arguments of `denghuo init`.
#[derive(clap::Args)]
pub struct Args {
    /// Jurisdictions of the site, from general to specific, separated by commas
    #[arg(long, default_value = "cn,sgcc,cn-sd,site")]
    jurisdictions: String,
}

/// Creates the database and keeps the site's profile in it.
///
/// # Errors
/// The database cannot be opened.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let mut conn = global.new_store()?.connect()?;
    denghuo_store::site::put(&mut conn, "jurisdictions", &args.jurisdictions)?;
    println!("{} {}", global.say("已建立数据库", "database ready:"), global.db);
    Ok(())
}
