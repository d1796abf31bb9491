//! `denghuo evidence export` and `verify`: the bundle for the court.

use crate::adapters::papers::Printer;
use crate::context::{Global, account_id, print_json, today};
use denghuo_office::error::OfficeError;
use denghuo_office::evidence::{BundleCheck, CaseKey, CaseOrder, Known, check_bundle, evidence_export};
use denghuo_office::ports::Papers;
use denghuo_rules::refusal::Refusal;
use jiff::civil::Date;
use std::path::PathBuf;

/// The program as bundles name it.
const PRODUCT: &str = concat!("denghuo ", env!("CARGO_PKG_VERSION"));

/// Arguments of `denghuo evidence export`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  denghuo evidence export 3700000001 -o everything.zip
  denghuo evidence export 3700000001 legal:1 -o suit.zip
  denghuo evidence export 3700000001 cut:2 -o folder

Give the digest that is printed to the court together with the bundle: whoever checks the bundle compares it.")]
pub struct ExportArgs {
    /// Account number 户号
    account: String,
    /// The case: cut:2, legal:1, notice:3; everything of the account when not given
    case: Option<CaseKey>,
    /// An archive when it ends in .zip, else a folder
    #[arg(short, long, value_name = "PATH")]
    output: PathBuf,
    /// The day through which late fees are told; today when not given
    #[arg(long)]
    date: Option<Date>,
    /// A site's folder of templates, laid over the standard ones
    #[arg(long, env = "DENGHUO_TEMPLATES", value_name = "DIR")]
    templates: Option<PathBuf>,
    /// A folder of fonts, used instead of the machine's
    #[arg(long, env = "DENGHUO_FONTS", value_name = "DIR")]
    fonts: Option<PathBuf>,
    /// Leave the printed index out; it is there as text and data all the same
    #[arg(long)]
    no_pdf: bool,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `denghuo evidence verify`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  denghuo evidence verify suit.zip
  denghuo evidence verify suit.zip --digest 9f86d081…

It needs no database. Without --digest it proves that the bundle agrees with itself; with the digest that was printed when it
was made it proves that it is that bundle.")]
pub struct VerifyArgs {
    /// The archive or folder
    bundle: PathBuf,
    /// The digest that was printed when it was made
    #[arg(long, value_name = "HEX")]
    digest: Option<String>,
    /// The digest of an anchor that was kept outside
    #[arg(long, value_name = "HEX")]
    anchor: Option<String>,
    /// JSON
    #[arg(long)]
    json: bool,
}

/// Exports a case.
///
/// # Errors
/// A refusal, no Chinese font for the printed index, or a failure of the database or the file system.
pub fn export(global: &Global, args: &ExportArgs) -> anyhow::Result<()> {
    let printer = if args.no_pdf {
        None
    } else {
        Some(Printer::open(args.templates.as_deref(), args.fonts.as_deref())?)
    };
    let sealed = global.work("system", |conn, work| {
        let order = CaseOrder {
            account_id: account_id(conn, &args.account)?,
            case: args.case.unwrap_or(CaseKey::Account),
            on: args.date.unwrap_or_else(today),
            language: global.language(),
            product: PRODUCT,
            papers: printer.as_ref().map(|printer| printer as &dyn Papers),
        };
        Ok(evidence_export(conn, work, &order)?)
    })?;
    sealed.write(&args.output).map_err(OfficeError::refuse)?;
    if args.json {
        return print_json(&serde_json::json!({
            "path": args.output, "files": sealed.files.len(), "digest": sealed.digest,
        }));
    }
    println!("{}  {} {}", args.output.display(), sealed.files.len(), global.say("个文件", "files"));
    println!("{}: {}", global.say("摘要", "digest"), sealed.digest);
    Ok(())
}

/// Checks a bundle.
///
/// # Errors
/// The bundle is not as it was made, or cannot be read at all.
pub fn verify(global: &Global, args: &VerifyArgs) -> anyhow::Result<()> {
    let known = Known { digest: args.digest.clone(), anchor: args.anchor.clone() };
    let found = check_bundle(&args.bundle, &known).map_err(OfficeError::refuse)?;
    if args.json {
        print_json(&found)?;
    } else {
        tell(global, &found, args.digest.is_some());
    }
    if found.ok {
        return Ok(());
    }
    Err(Refusal::new(
        "bundle.changed",
        format!("证据包不是原样:{}处问题", found.flaws.len()),
        format!("the bundle is not as it was made: {} flaws", found.flaws.len()),
    )
    .into())
}

fn tell(global: &Global, found: &BundleCheck, compared: bool) {
    for flaw in &found.flaws {
        println!("{}: {}", flaw.file, flaw.what.in_language(global.language()));
    }
    if let Some(head) = &found.head {
        println!(
            "{} {}  {}  {} {}  ({})",
            global.say("户号", "account"),
            head.account_no,
            head.case,
            global.say("截至", "as of"),
            head.as_of,
            head.product
        );
    }
    println!(
        "{} {}, {} {}",
        found.files,
        global.say("个文件", "files"),
        found.proofs,
        global.say("条证据已重新计算", "proofs hashed again")
    );
    if let Some(digest) = &found.digest {
        println!("{}: {digest}", global.say("摘要", "digest"));
    }
    if let Some(content) = &found.content_digest {
        println!("{}: {content}", global.say("目录所印散列值", "hash on the printed index"));
    }
    if found.ok && !compared {
        println!(
            "{}",
            global.say(
                "证据包自身一致;请与提交时打印的摘要核对",
                "it agrees with itself; compare the digest with the one that was printed when it was made"
            )
        );
    }
}
