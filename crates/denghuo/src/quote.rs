//! `denghuo quote`: prices a described case without a database.

use crate::context::{Global, print_json};
use anyhow::Context as _;
use denghuo_rules::billing::quote::{Case, Quote};
use serde_json::{Value, json};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Arguments of `denghuo quote`.
#[derive(clap::Args)]
#[command(
    after_help = "Examples: docs/quote/*.toml\n  denghuo quote docs/quote/bill.toml\n  denghuo quote case.json --json\n  \
    denghuo quote - < case.toml\n  denghuo quote --schema"
)]
pub struct Args {
    /// The case, TOML or JSON; `-` reads standard input
    #[arg(value_name = "FILE", required_unless_present = "schema")]
    file: Option<PathBuf>,
    /// JSON: items, total, values, derivation
    #[arg(long)]
    json: bool,
    /// Print the JSON schema of the format
    #[arg(long)]
    schema: bool,
}

/// Prices the case.
///
/// # Errors
/// The file cannot be read, is no case, or has no answer.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let Some(file) = args.file.as_deref().filter(|_| !args.schema) else {
        return print_json(&Case::schema());
    };
    let quote = read(file)?.answer(&global.book()?)?;
    if args.json {
        return print_json(&as_json(global, &quote));
    }
    tell(global, &quote);
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Case> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).context("standard input")?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    }
    let text = text.trim_start_matches('\u{feff}');
    let case = if text.trim_start().starts_with('{') { Case::from_json(text) } else { Case::from_toml(text) };
    Ok(case?)
}

fn as_json(global: &Global, quote: &Quote) -> Value {
    let language = global.language();
    let items: Vec<Value> = quote
        .items
        .iter()
        .map(|item| {
            json!({
                "code": item.code,
                "name": item.name.in_language(language),
                "quantity": item.quantity,
                "unit": item.unit.in_language(language),
                "price": item.price,
                "amount": item.amount,
            })
        })
        .collect();
    json!({ "items": items, "total": quote.total, "values": quote.values, "derivation": quote.derivation })
}

fn tell(global: &Global, quote: &Quote) {
    let language = global.language();
    for item in &quote.items {
        println!(
            "{:>14} {} × {} = {:>14}  {}",
            item.quantity,
            item.unit.in_language(language),
            item.price,
            item.amount.to_string(),
            item.name.in_language(language),
        );
    }
    if !quote.items.is_empty() {
        println!("{}: {}", global.say("合计", "total"), quote.total);
    }
    for (name, value) in &quote.values {
        println!("{name}: {value}");
    }
    println!("{}", global.say("推导", "derivation"));
    for step in &quote.derivation {
        let rule = step.rule.as_deref().map(|id| format!("  [{id}]")).unwrap_or_default();
        println!("  {}{rule}", step.text.in_language(language));
    }
}
