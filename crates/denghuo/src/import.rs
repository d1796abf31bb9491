//! `denghuo import`: files of the registry, checked whole and loaded whole or not at all.

use crate::context::{Global, print_json, today};
use anyhow::{Context as _, bail};
use denghuo_office::import::{
    Format, Limits, Problems, RowError, Source, csv_template, manual, xlsx_template,
};
use denghuo_office::metering::{Imported, READINGS, readings_import};
use denghuo_office::payments::{COLLECTION, STATEMENT};
use denghuo_office::registry::{
    Census, ImportFailure, Loaded, Outcome, Request, census, formats, import_kind, import_workbook,
};
use denghuo_rules::derivation::Bilingual;
use denghuo_store::Conn;
use jiff::civil::Date;
use std::path::{Path, PathBuf};

/// Arguments of `denghuo import`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  denghuo import --list-kinds
  denghuo import --template accounts --xlsx -o accounts.xlsx
  denghuo import --template all -o company.xlsx
  denghuo import accounts.csv --kind accounts
  denghuo import --workbook company.xlsx
  denghuo import --census census.csv --as-of 2026-07-01           shows the differences
  denghuo import --census census.csv --as-of 2026-07-01 --apply   writes them as new versions")]
pub struct Args {
    /// The file to import (CSV or XLSX)
    #[arg(requires = "kind", conflicts_with_all = ["workbook", "census"])]
    file: Option<PathBuf>,
    /// Kind of the file (see --list-kinds)
    #[arg(long)]
    kind: Option<String>,
    /// Import a workbook with one sheet per kind
    #[arg(long, value_name = "FILE", conflicts_with = "census")]
    workbook: Option<PathBuf>,
    /// Compare a census of accounts with what is there
    #[arg(long, value_name = "FILE", requires = "as_of")]
    census: Option<PathBuf>,
    /// Day from which the census holds
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Write what the census found
    #[arg(long, requires = "census")]
    apply: bool,
    /// Write a template of a kind, or of all kinds as one workbook
    #[arg(long, value_name = "KIND")]
    template: Option<String>,
    /// The template as XLSX instead of CSV
    #[arg(long, requires = "template")]
    xlsx: bool,
    /// Write the documentation of all kinds
    #[arg(long)]
    manual: bool,
    /// List the kinds of files
    #[arg(long)]
    list_kinds: bool,
    /// Where to write a template or the documentation; standard output when absent
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Identity of the file, instead of its name
    #[arg(long, value_name = "ID")]
    batch: Option<String>,
    /// Business day; today when absent
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// Staff code of who imports
    #[arg(long, value_name = "CODE", default_value = "system")]
    by: String,
    /// Also write the errors to a CSV file beside the input
    #[arg(long)]
    errors_file: bool,
    /// Output for machines
    #[arg(long)]
    json: bool,
}

/// Imports, compares, or writes what is asked.
///
/// # Errors
/// A file that is wrong, after all its errors were told; an unknown kind; a database that fails.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    if args.list_kinds {
        return list_kinds(args);
    }
    if args.manual {
        return write_out(args, manual(&every_format()).as_bytes());
    }
    if let Some(kind) = &args.template {
        return write_out(args, &template(global, kind, args.xlsx)?);
    }
    let Some(path) = args.file.as_ref().or(args.workbook.as_ref()).or(args.census.as_ref()) else {
        bail!(
            "{}",
            global.say("须给出文件;见 denghuo import --help", "give a file; see denghuo import --help")
        );
    };
    // The first import may make the database.
    global.new_store()?;
    let done = global.work(&args.by, |conn, work| {
        let request = Request { work, on: args.date.unwrap_or_else(today), batch: args.batch.as_deref() };
        let source = Source::open(path, &Limits::default());
        Ok(source
            .map_err(ImportFailure::from)
            .and_then(|source| import(global, args, conn, &request, &source)))
    })?;
    match done {
        Ok(()) => Ok(()),
        Err(ImportFailure::Office(error)) => Err(error.into()),
        Err(ImportFailure::Bad(problems)) => {
            tell(global, &problems);
            if args.errors_file {
                let beside = errors_path(path);
                problems.write_csv(std::fs::File::create(&beside)?)?;
                eprintln!("{} {}", global.say("错误清单:", "list of errors:"), beside.display());
            }
            let what = global.say("处错误,未导入任何数据", "errors in the file, nothing was loaded");
            bail!("{} {what}", problems.count())
        }
    }
}

fn import(
    global: &Global,
    args: &Args,
    conn: &mut Conn,
    request: &Request<'_>,
    source: &Source,
) -> Result<(), ImportFailure> {
    if args.census.is_some() {
        if let Some(kind) = args.kind.as_ref().filter(|kind| *kind != "accounts") {
            let reason = Bilingual::new(
                format!("普查只支持accounts,不支持{kind}"),
                format!("a census is of accounts, not of {kind}"),
            );
            return Err(RowError::file("import.census_of_accounts_only", reason).into());
        }
        let as_of = args.as_of.unwrap_or(request.on);
        let found = census(conn, request, source, as_of, args.apply)?;
        tell(global, &found.warnings);
        show_census(global, args, &found);
        return Ok(());
    }
    if args.kind.as_ref().is_some_and(|kind| READINGS.is_called(kind)) {
        return readings(global, args, conn, request, source);
    }
    let outcome = match &args.kind {
        Some(kind) if args.workbook.is_none() => import_kind(conn, request, kind, source)?,
        _ => import_workbook(conn, request, source)?,
    };
    match outcome {
        Outcome::AlreadyImported(file) => show_known(global, args, &file.name),
        Outcome::Loaded(loaded) => show_loaded(global, args, &loaded),
    }
    Ok(())
}

/// Readings have an intake of their own: the same value again is no error, another value is.
fn readings(
    global: &Global,
    args: &Args,
    conn: &mut Conn,
    request: &Request<'_>,
    source: &Source,
) -> Result<(), ImportFailure> {
    let mut source = source.clone();
    if let Some(batch) = request.batch {
        batch.clone_into(&mut source.name);
    }
    match readings_import(conn, request.work, &source, request.on)? {
        Imported::Rejected(problems) => return Err(ImportFailure::Bad(problems)),
        Imported::KnownFile => show_known(global, args, &source.name),
        Imported::Loaded(taken) if args.json => {
            let rows = serde_json::json!({ "readings": taken.written });
            println!("{}", serde_json::json!({ "rows": rows, "already_there": taken.already_there }));
        }
        Imported::Loaded(taken) => {
            let there = global.say("行已有相同示数", "there already with the same value");
            println!(
                "readings: {} {}, {} {there}",
                taken.written,
                global.say("行", "rows"),
                taken.already_there
            );
        }
    }
    Ok(())
}

fn show_known(global: &Global, args: &Args, name: &str) {
    if args.json {
        println!("{}", serde_json::json!({ "already_imported": name }));
    } else {
        println!("{} ({name})", global.say("已导入过,未作改动", "already imported, nothing changed"));
    }
}

fn show_loaded(global: &Global, args: &Args, loaded: &Loaded) {
    tell(global, &loaded.warnings);
    if args.json {
        let rows: serde_json::Map<_, _> =
            loaded.rows.iter().map(|(k, n)| ((*k).to_owned(), (*n).into())).collect();
        println!("{}", serde_json::json!({ "rows": rows, "warnings": loaded.warnings.rows }));
        return;
    }
    for (kind, rows) in &loaded.rows {
        println!("{kind}: {rows} {}", global.say("行", "rows"));
    }
}

fn show_census(global: &Global, args: &Args, census: &Census) {
    if args.json {
        println!("{}", serde_json::to_string_pretty(census).unwrap_or_default());
        return;
    }
    for change in &census.changed {
        println!("~ {} ({} {})", change.account_no, global.say("行", "line"), change.line);
        for (field, before, after) in &change.fields {
            println!("    {field}: {before} → {after}");
        }
    }
    for account_no in &census.added {
        println!("+ {account_no}");
    }
    for account_no in &census.missing {
        println!("? {account_no} {}", global.say("文件中没有", "not in the file"));
    }
    println!(
        "{} {}, {} {}, {} {}, {} {}; {}",
        global.say("新增", "added"),
        census.added.len(),
        global.say("变更", "changed"),
        census.changed.len(),
        global.say("缺失", "missing"),
        census.missing.len(),
        global.say("一致", "unchanged"),
        census.unchanged,
        if census.applied {
            global.say("已写入", "written")
        } else {
            global.say("未写入(--apply写入)", "not written (--apply writes)")
        },
    );
}

fn tell(global: &Global, problems: &Problems) {
    for error in &problems.rows {
        eprintln!("{} [{}]", error.sentence(global.language()), error.code);
    }
    if problems.more > 0 {
        eprintln!("… +{}", problems.more);
    }
}

fn errors_path(input: &Path) -> PathBuf {
    let mut name = input.file_name().unwrap_or_default().to_os_string();
    name.push(".errors.csv");
    input.with_file_name(name)
}

/// Every kind of file that the program reads: those of the registry, readings, and those of banks, which
/// `denghuo bank` takes.
fn every_format() -> Vec<&'static Format> {
    let mut all = formats();
    all.extend([&READINGS, &COLLECTION, &STATEMENT]);
    all
}

fn list_kinds(args: &Args) -> anyhow::Result<()> {
    if args.json {
        let kinds: Vec<_> =
            every_format().iter().map(|f| serde_json::json!({ "kind": f.kind, "zh": f.zh })).collect();
        return print_json(&kinds);
    }
    for format in every_format() {
        println!("{:14} {}  {}", format.kind, format.zh, format.about_en);
    }
    Ok(())
}

fn template(global: &Global, kind: &str, xlsx: bool) -> anyhow::Result<Vec<u8>> {
    if kind == "all" {
        return Ok(xlsx_template(&formats())?);
    }
    let format = every_format().into_iter().find(|format| format.is_called(kind));
    let format =
        format.with_context(|| format!("{} {kind}", global.say("没有这种文件:", "unknown kind of file:")))?;
    Ok(if xlsx { xlsx_template(&[format])? } else { csv_template(format) })
}

fn write_out(args: &Args, bytes: &[u8]) -> anyhow::Result<()> {
    match &args.output {
        Some(path) => std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display())),
        None => Ok(std::io::Write::write_all(&mut std::io::stdout(), bytes)?),
    }
}
