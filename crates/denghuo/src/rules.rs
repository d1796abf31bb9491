//! `denghuo rules`: the rulebook checked, shown and compared, and a month's price table imported.

use crate::context::{Global, read_rulebook};
use anyhow::{Context as _, bail};
use clap::Subcommand;
use denghuo_office::rulebook::{PriceImport, read_prices};
use denghuo_rules::rulebook::{BookDiff, BookError, Rule, Rulebook, diff};
use denghuo_rules::tariff::{Band, Gaps, Outcome, TableReport, recompute};
use jiff::civil::Date;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Arguments of `denghuo rules`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// Tell the result as JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Check the embedded book, with the folder of --rulebook laid over it 检查规则库
    Check,
    /// Show a rule by its id, or the rules of a topic 查看规则
    #[command(
        after_help = "Examples:\n  denghuo rules show cn.late_fee.2024\n  denghuo rules show limitation --on 2017-09-30"
    )]
    Show {
        /// Rule id or topic
        what: String,
        /// Only rules in force on this day
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
    },
    /// List every rule 列出规则
    List,
    /// Compare two folders, or the embedded book with one folder 比较规则库
    Diff {
        /// A folder, or `embedded`
        before: PathBuf,
        /// The other folder; laid over the embedded book when the first is `embedded`
        after: PathBuf,
    },
    /// Import a month's published price table as rules of a site's folder 导入月度电价表
    #[command(
        after_help = "Example:\n  denghuo rules import-prices prices_2026_09.json --into site-rules --dry-run"
    )]
    ImportPrices {
        /// The table: .json, .toml or .csv
        file: PathBuf,
        /// The site's rulebook folder
        #[arg(long, value_name = "DIR")]
        into: PathBuf,
        /// Check only, write nothing
        #[arg(long)]
        dry_run: bool,
        /// Import a table that leaves something out; its rules say what cannot be billed
        #[arg(long)]
        accept_gaps: bool,
        /// Write over a month that was imported before with other prices
        #[arg(long)]
        replace: bool,
    },
    /// Recompute the published time-of-use prices of a table from their components 复算分时电价
    Recompute {
        /// The table: .json, .toml or .csv
        file: PathBuf,
    },
}

/// Runs the command.
///
/// # Errors
/// A broken book, an unknown rule, or a bad price table.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let json = args.json;
    match &args.command {
        Command::Check => check(global, json),
        Command::Show { what, on } => show(global, what, *on, json),
        Command::List => list(global, json),
        Command::Diff { before, after } => compare(global, before, after, json),
        Command::ImportPrices { file, into, dry_run, accept_gaps, replace } => {
            let gaps = if *accept_gaps { Gaps::Accept } else { Gaps::Refuse };
            import(global, (file, into), gaps, (*dry_run, *replace), json)
        }
        Command::Recompute { file } => recomputed(global, file, json),
    }
}

/// Prints a long text; a reader that stops early, such as `head`, is no error.
fn tell(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(()),
    }
}

fn check(global: &Global, json: bool) -> anyhow::Result<()> {
    let files = global.rulebook.as_deref().map(read_rulebook).transpose()?.unwrap_or_default();
    let (book, errors) = Rulebook::embedded().examined(files);
    let count = book.rules().count();
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    if json {
        println!("{}", serde_json::json!({ "ok": lines.is_empty(), "rules": count, "errors": lines }));
    }
    if !lines.is_empty() {
        bail!("{}\n{}", global.say("规则库有误:", "the rulebook is wrong:"), lines.join("\n"));
    }
    if !json {
        println!("{} {count}", global.say("规则库无误,规则数:", "the rulebook is sound, rules:"));
    }
    Ok(())
}

fn as_json(rule: &Rule) -> serde_json::Value {
    let mut value = serde_json::to_value(rule).unwrap_or_default();
    value["jurisdiction"] = rule.jurisdiction.clone().into();
    value["layer"] = serde_json::to_value(rule.layer).unwrap_or_default();
    value["file"] = rule.file.clone().into();
    value
}

fn show(global: &Global, what: &str, on: Option<Date>, json: bool) -> anyhow::Result<()> {
    let book = global.book()?;
    let rules: Vec<&Rule> = book
        .rules()
        .filter(|rule| rule.id == what || rule.topic == what)
        .filter(|rule| on.is_none_or(|day| rule.in_force(day)))
        .collect();
    if rules.is_empty() {
        bail!("{} `{what}`", global.say("没有这样的规则或主题:", "no such rule or topic in force:"));
    }
    if json {
        return tell(&format!("{}\n", serde_json::Value::Array(rules.into_iter().map(as_json).collect())));
    }
    let texts: Vec<String> = rules.iter().map(|rule| rule.describe(global.language())).collect();
    tell(&texts.join("\n"))
}

fn list(global: &Global, json: bool) -> anyhow::Result<()> {
    let book = global.book()?;
    if json {
        return tell(&format!("{}\n", serde_json::Value::Array(book.rules().map(as_json).collect())));
    }
    let mut lines = String::new();
    for rule in book.rules() {
        let until = rule.until.map_or_else(|| "…".to_owned(), |d| d.to_string());
        let (topic, letter) = (&rule.topic, rule.confidence.letter());
        writeln!(lines, "{topic:<22} {} – {until:<10} {letter} {}", rule.from, rule.id)?;
    }
    tell(&lines)
}

fn lines(errors: &[BookError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn folder(path: &Path, base: &Rulebook) -> anyhow::Result<Rulebook> {
    base.overlaid(read_rulebook(path)?).map_err(|errors| anyhow::anyhow!("{}", lines(&errors)))
}

fn compare(global: &Global, before: &Path, after: &Path, json: bool) -> anyhow::Result<()> {
    let difference = if before == Path::new("embedded") {
        diff(&Rulebook::embedded(), &folder(after, &Rulebook::embedded())?)
    } else {
        diff(&folder(before, &Rulebook::default())?, &folder(after, &Rulebook::default())?)
    };
    if json {
        println!("{}", serde_json::to_string(&difference)?);
    } else {
        print_diff(global, &difference);
    }
    Ok(())
}

fn print_diff(global: &Global, difference: &BookDiff) {
    if difference.is_empty() {
        println!("{}", global.say("两部规则库一致", "the books say the same"));
    }
    difference.added.iter().for_each(|id| println!("+ {id}"));
    difference.removed.iter().for_each(|id| println!("- {id}"));
    let absent = || global.say("无", "absent").to_owned();
    for change in &difference.changed {
        println!("~ {}", change.id);
        for field in &change.fields {
            let (before, after) = (field.before.clone(), field.after.clone());
            println!(
                "    {}: {} → {}",
                field.field,
                before.unwrap_or_else(absent),
                after.unwrap_or_else(absent)
            );
        }
    }
}

/// Checks the table, lays it with the site's other rules over the embedded book, checks that whole, and writes.
fn import(
    global: &Global,
    (file, into): (&Path, &Path),
    gaps: Gaps,
    (dry_run, replace): (bool, bool),
    json: bool,
) -> anyhow::Result<()> {
    let not_imported = || global.say("未导入,未写入任何文件", "not imported, nothing was written");
    let imported = PriceImport::read(file, gaps).with_context(not_imported)?;
    let mut site = if into.is_dir() { read_rulebook(into)? } else { Vec::new() };
    site.retain(|(path, _)| imported.files.iter().all(|(new, _)| new != path));
    site.extend(imported.files.iter().cloned());
    let (_, errors) = Rulebook::embedded().examined(site);
    if !errors.is_empty() {
        bail!("{}\n{}", not_imported(), lines(&errors));
    }
    if !dry_run {
        imported.write(into, replace).with_context(not_imported)?;
    }
    let written: Vec<(String, usize)> = imported
        .files
        .iter()
        .zip(&imported.tables)
        .map(|((path, _), table)| (into.join(path).display().to_string(), table.len()))
        .collect();
    if json {
        let files: Vec<_> =
            written.iter().map(|(file, rows)| serde_json::json!({ "file": file, "rows": rows })).collect();
        println!("{}", serde_json::json!({ "dry_run": dry_run, "files": files }));
        return Ok(());
    }
    let verb =
        if dry_run { global.say("将写入", "would write") } else { global.say("已写入", "wrote") };
    for (file, rows) in written {
        println!("{verb} {file}: {rows} {}", global.say("行", "rows"));
    }
    Ok(())
}

fn recomputed(global: &Global, file: &Path, json: bool) -> anyhow::Result<()> {
    let rows = read_prices(file)?;
    if let Some((place, reason)) = rows.iter().find_map(|row| Some((&row.place, row.unreadable.as_ref()?))) {
        bail!("{place}: {reason}");
    }
    let reports = recompute(&rows);
    let all: usize = reports.iter().map(|r| r.prices.len()).sum();
    let same: usize = reports.iter().map(TableReport::reproduced).sum();
    let flat: usize = reports.iter().map(|r| r.flat.checked).sum();
    let same_flat: usize = reports.iter().map(|r| r.flat.reproduced).sum();
    if json {
        let tables: Vec<_> = reports.iter().map(report_json).collect();
        println!(
            "{}",
            serde_json::json!({ "prices": all, "reproduced": same, "flat_prices": flat,
            "flat_reproduced": same_flat, "tables": tables })
        );
        return Ok(());
    }
    for report in &reports {
        print_report(global, report);
    }
    println!(
        "{} {same}/{all}",
        global.say("分时电价复算一致:", "time-of-use prices reproduced to the last digit:")
    );
    println!(
        "{} {same_flat}/{flat}",
        global.say("平段电价等于构成项合计:", "flat prices that are the sum of their components:")
    );
    Ok(())
}

fn report_json(report: &TableReport) -> serde_json::Value {
    let prices: Vec<_> = report
        .prices
        .iter()
        .map(|p| {
            let (factor, difference) = match p.outcome {
                Outcome::Reproduced(factor) => (factor, None),
                Outcome::Differs(factor, difference) => (factor, Some(difference)),
            };
            serde_json::json!({ "voltage": p.voltage, "band": p.band, "published": p.published,
                "factor": factor, "difference": difference })
        })
        .collect();
    serde_json::json!({ "province": report.province, "month": report.month, "category": report.category,
        "base": report.base, "derived": report.derived, "reproduced": report.reproduced(), "prices": prices })
}

fn print_report(global: &Global, report: &TableReport) {
    let base: Vec<&str> = report.base.iter().map(|c| global.say(c.zh(), c.word())).collect();
    println!(
        "{} {} {}: {}/{}  {} {}",
        report.province,
        report.month,
        report.category,
        report.reproduced(),
        report.prices.len(),
        global.say("浮动部分:", "floats:"),
        base.join(" + ")
    );
    if let Some(component) = report.derived {
        println!(
            "    {} {}",
            global.say("由平段电价倒推:", "taken from the flat price:"),
            global.say(component.zh(), component.word())
        );
    }
    for price in &report.prices {
        if let Outcome::Differs(factor, difference) = price.outcome {
            let band: Band = price.band;
            let name = global.say(band.zh(), band.word());
            println!("    {} {name} {} × {factor}: {difference}", price.voltage, price.published);
        }
    }
}
