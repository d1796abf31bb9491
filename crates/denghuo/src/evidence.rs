//! `denghuo evidence`: proofs are handed in, listed, exported as a bundle for the court and checked without a database.

mod add;
mod bundle;

use crate::context::{Global, account_id, print_json, today};
use clap::Subcommand;
use denghuo_office::evidence::{evidence_file, evidence_link, evidence_list, evidence_proves_arrival};
use denghuo_office::registry::{Personal, mask};
use denghuo_rules::evidence::{EvidenceKind, Record, Strength};
use denghuo_store::db::{date_from_int, moment_from_int};
use std::path::PathBuf;

/// Arguments of `denghuo evidence`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Hand in a proof: it is graded, chained and kept 登记证据
    Add(Box<add::AddArgs>),
    /// The proofs of an account, or of one subject with whether they show its arrival 证据清单
    #[command(after_help = "Example:\n  denghuo evidence list 3700000001 --subject notice:3")]
    List {
        /// Account number 户号
        account: String,
        /// Only about this, such as notice:3
        #[arg(long)]
        subject: Option<String>,
        /// Show personal data in full
        #[arg(long)]
        unmask: bool,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// One proof in full, with the rules that graded it 查看证据
    #[command(after_help = "Example:\n  denghuo evidence show 3700000001 5")]
    Show {
        /// Account number 户号
        account: String,
        /// Number of the proof
        no: i64,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// The file of a proof, its digest checked 取出证据文件
    #[command(after_help = "Example:\n  denghuo evidence file 3700000001 5 -o receipt.jpg")]
    File {
        /// Account number 户号
        account: String,
        /// Number of the proof
        no: i64,
        /// Where to; the name it was handed in under when not given
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// The anchors of the days: keep them outside, and nobody can cut a chain short 存证锚点
    #[command(after_help = "Example:\n  denghuo evidence anchors")]
    Anchors {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Everything a case rests on, as files that prove themselves 导出证据包
    Export(bundle::ExportArgs),
    /// Check a bundle; needs no database 核验证据包
    Verify(bundle::VerifyArgs),
}

/// Does what is asked.
///
/// # Errors
/// A refusal, a bundle that is not as it was made, or a failure of the database or the file system.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.command {
        Command::Add(args) => add::run(global, *args),
        Command::List { account, subject, unmask, json } => {
            list(global, (&account, subject.as_deref()), unmask, json)
        }
        Command::Show { account, no, json } => show(global, &account, no, json),
        Command::File { account, no, output, json } => file(global, (&account, no), output, json),
        Command::Anchors { json } => anchors(global, json),
        Command::Export(args) => bundle::export(global, &args),
        Command::Verify(args) => bundle::verify(global, &args),
    }
}

/// A proof as a list shows it: who signed, who saw it, where, and to which address is hidden.
fn masked(mut link: Record) -> Record {
    for (value, what) in [
        (&mut link.signer, Personal::Name),
        (&mut link.witness, Personal::Name),
        (&mut link.place, Personal::Address),
    ] {
        *value = value.take().map(|text| mask(&text, what));
    }
    link.address = link.address.map(|text| {
        let phone = text.chars().all(|c| c.is_ascii_digit() || "+- ".contains(c));
        let what = if text.contains('@') {
            Personal::Email
        } else if phone {
            Personal::Phone
        } else {
            Personal::Address
        };
        mask(&text, what)
    });
    link.note = link.note.map(|_| "***".to_owned());
    link.file_name = link.file_name.map(|_| "***".to_owned());
    link
}

fn list(
    global: &Global,
    (account, subject): (&str, Option<&str>),
    unmask: bool,
    json: bool,
) -> anyhow::Result<()> {
    let (links, arrival) = global.work("system", |conn, work| {
        let id = account_id(conn, account)?;
        let mut links = evidence_list(conn, id)?;
        let mut arrival = None;
        if let Some(subject) = subject {
            links.retain(|link| link.subject == subject);
            arrival = Some(evidence_proves_arrival(conn, work, id, (subject, None), today())?);
        }
        Ok((links, arrival))
    })?;
    let links: Vec<Record> = if unmask { links } else { links.into_iter().map(masked).collect() };
    if json {
        return print_json(&serde_json::json!({ "evidence": links, "arrival": arrival }));
    }
    for link in &links {
        tell_line(global, link);
    }
    if let Some(arrival) = arrival {
        let proved = if arrival.proved {
            global.say("已证明送达", "the arrival is proved")
        } else {
            global.say("不足以证明送达", "the arrival is not proved")
        };
        let at = arrival.arrived_at.map(|at| format!(" {at}")).unwrap_or_default();
        println!("{proved}{at}: {}", arrival.why.in_language(global.language()));
    }
    Ok(())
}

/// When it happened, as people write it.
fn when(link: &Record) -> String {
    moment_from_int(link.happened_at).map_or_else(|| link.happened_at.to_string(), |at| at.to_string())
}

fn kind_of(global: &Global, link: &Record) -> String {
    let zh = EvidenceKind::from_word(&link.kind).map_or("", EvidenceKind::zh);
    global.say(zh, &link.kind).to_owned()
}

fn strength_of(global: &Global, link: &Record) -> String {
    let zh = Strength::from_word(&link.strength).map_or("", Strength::zh);
    global.say(zh, &link.strength).to_owned()
}

fn tell_line(global: &Global, link: &Record) {
    println!(
        "{:>5}  {}  {:<14} {:<20} {:<8} {:<10} {}  {}",
        link.evidence_no,
        when(link),
        link.subject,
        kind_of(global, link),
        strength_of(global, link),
        link.outcome.as_deref().unwrap_or_default(),
        link.signer.as_deref().unwrap_or_default(),
        link.place.as_deref().or(link.address.as_deref()).unwrap_or_default(),
    );
}

fn show(global: &Global, account: &str, no: i64, json: bool) -> anyhow::Result<()> {
    let (link, clauses) = global.work("system", |conn, work| {
        let id = account_id(conn, account)?;
        let link = evidence_link(conn, id, no)?;
        let clauses: Vec<(String, String)> = link
            .rules
            .split(',')
            .filter_map(|id| work.book.rule(id))
            .map(|rule| (rule.id.clone(), rule.clause()))
            .collect();
        Ok((link, clauses))
    })?;
    if json {
        let rules: Vec<_> =
            clauses.iter().map(|(id, clause)| serde_json::json!({ "id": id, "clause": clause })).collect();
        return print_json(&serde_json::json!({ "evidence": link, "rules": rules }));
    }
    tell_line(global, &link);
    for (zh, en, value) in [
        ("制作", "made by", Some(&link.made_by)),
        ("签收人身份", "role of the signer", link.signer_role.as_ref()),
        ("见证人", "witness", link.witness.as_ref()),
        ("地点", "place", link.place.as_ref()),
        ("地址", "address", link.address.as_ref()),
        ("编号", "reference", link.reference.as_ref()),
        ("备注", "note", link.note.as_ref()),
        ("保管类别", "retention", Some(&link.retention)),
        ("文件", "file", link.file_name.as_ref()),
        ("文件SHA-256", "SHA-256 of the file", link.file_hash.as_ref()),
        ("登记", "recorded by", Some(&link.recorded_by)),
        ("前一散列值", "hash before", Some(&link.previous_hash)),
        ("散列值", "hash", Some(&link.hash)),
    ] {
        if let Some(value) = value {
            println!("       {}: {value}", global.say(zh, en));
        }
    }
    if let Some(since) = link.designated_on.and_then(date_from_int) {
        println!("       {}: {since}", global.say("约定送达地址起始日", "designated since"));
    }
    for (id, clause) in clauses {
        println!("       {id}  {clause}");
    }
    Ok(())
}

fn file(
    global: &Global,
    (account, no): (&str, i64),
    output: Option<PathBuf>,
    json: bool,
) -> anyhow::Result<()> {
    let (link, bytes) = global.work("system", |conn, _| {
        let id = account_id(conn, account)?;
        Ok(evidence_file(conn, id, no)?)
    })?;
    // The name was somebody's word: nothing but its last part may become a path.
    let name = link.file_name.as_deref().unwrap_or("evidence");
    let own = std::path::Path::new(name).file_name().map_or_else(|| "evidence".into(), PathBuf::from);
    let to = output.unwrap_or(own);
    std::fs::write(&to, &bytes)?;
    if json {
        return print_json(
            &serde_json::json!({ "file": to, "bytes": bytes.len(), "sha256": link.file_hash, "media_type": link.media_type }),
        );
    }
    println!("{}  {}  {}", to.display(), bytes.len(), link.file_hash.unwrap_or_default());
    Ok(())
}

fn anchors(global: &Global, json: bool) -> anyhow::Result<()> {
    let anchors = denghuo_store::evidence::anchors(&mut global.connect()?)?;
    if json {
        let rows: Vec<_> = anchors
            .iter()
            .map(|anchor| {
                serde_json::json!({
                    "anchored_on": date_from_int(anchor.anchored_on), "chains": anchor.chains, "digest": anchor.digest,
                    "previous": anchor.previous,
                })
            })
            .collect();
        return print_json(&rows);
    }
    for anchor in anchors {
        let day = date_from_int(anchor.anchored_on).map(|day| day.to_string()).unwrap_or_default();
        println!("{day}  {:>8}  {}", anchor.chains, anchor.digest);
    }
    Ok(())
}
