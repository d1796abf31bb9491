//! `denghuo evidence add`: a proof as it is handed in.

use crate::context::{Global, account_id, now_local, print_json};
use anyhow::Context as _;
use denghuo_office::evidence::{NewEvidence, NewFile, evidence_add, evidence_link};
use denghuo_rules::evidence::{EvidenceKind, Outcome, SignerRole};
use denghuo_rules::refusal::Refusal;
use jiff::civil::{Date, DateTime};
use std::path::{Path, PathBuf};

/// Arguments of `denghuo evidence add`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  denghuo evidence add 3700000001 --subject notice:3 --kind signed_receipt --file receipt.jpg \\
    --at 2026-09-08T10:30 --place 城关街1号 --signer 甲 --signer-role self --by S001
  denghuo evidence add 3700000001 --subject notice:3 --kind refusal_record --file door.jpg --at 2026-09-08T10:30 \\
    --witness 居委会 --by S001
  denghuo evidence add 3700000001 --subject notice:3 --kind waybill --reference EMS1 --outcome delivered --paper-named \\
    --at 2026-09-10T09:00 --by S001")]
pub struct AddArgs {
    /// Account number 户号
    account: String,
    /// What it proves, such as notice:3, cut:1, legal:2, bill:7
    #[arg(long)]
    subject: String,
    /// Kind: signed_receipt, refusal_record, photo, left_at_place, waybill, call_record, witness_statement,
    /// electronic_delivery, notarial, posting, talk_record, agreement, official_paper, other
    #[arg(long, value_parser = kind)]
    kind: EvidenceKind,
    /// When it happened, in Beijing time; now when not given
    #[arg(long)]
    at: Option<DateTime>,
    /// The photograph, scan or recording
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Media type of the file, when its name does not tell it
    #[arg(long, requires = "file")]
    media_type: Option<String>,
    /// Where
    #[arg(long)]
    place: Option<String>,
    /// Who signed, refused or was spoken to
    #[arg(long)]
    signer: Option<String>,
    /// Role: self, adult_relative, legal_representative, principal, mail_room, authorised, minor, other
    #[arg(long, value_parser = signer_role)]
    signer_role: Option<SignerRole>,
    /// A witness
    #[arg(long)]
    witness: Option<String>,
    /// The address it went to
    #[arg(long)]
    address: Option<String>,
    /// Since when the contract names that address
    #[arg(long)]
    designated_on: Option<Date>,
    /// Number of the waybill, the recording, the certificate
    #[arg(long)]
    reference: Option<String>,
    /// Outcome: sent, entered, read, delivered, refused, returned, in_transit, reached, answered_by_other, no_answer
    #[arg(long, value_parser = outcome)]
    outcome: Option<Outcome>,
    /// The waybill names the paper that was in it
    #[arg(long)]
    paper_named: bool,
    /// A notary attended
    #[arg(long)]
    notarised: bool,
    /// Anything else
    #[arg(long)]
    note: Option<String>,
    /// Staff code of who made it; who hands it in when not given
    #[arg(long)]
    made_by: Option<String>,
    /// Staff code of who hands it in
    #[arg(long)]
    by: String,
    /// JSON
    #[arg(long)]
    json: bool,
}

fn kind(text: &str) -> Result<EvidenceKind, String> {
    EvidenceKind::from_word(text).ok_or_else(|| words(EvidenceKind::ALL.iter().map(|v| v.word())))
}

fn signer_role(text: &str) -> Result<SignerRole, String> {
    SignerRole::from_word(text).ok_or_else(|| words(SignerRole::ALL.iter().map(|v| v.word())))
}

fn outcome(text: &str) -> Result<Outcome, String> {
    Outcome::from_word(text).ok_or_else(|| words(Outcome::ALL.iter().map(|v| v.word())))
}

fn words<'w>(words: impl Iterator<Item = &'w str>) -> String {
    format!("one of {}", words.collect::<Vec<_>>().join(", "))
}

/// Hands a proof in.
///
/// # Errors
/// A refusal, an unreadable file, or a failure of the database.
pub fn run(global: &Global, args: AddArgs) -> anyhow::Result<()> {
    let now = now_local();
    let at = args.at.unwrap_or(now);
    if at > now {
        return Err(Refusal::new(
            "evidence.in_the_future",
            format!("{at}晚于当前时间"),
            format!("{at} has not come yet"),
        )
        .into());
    }
    let file = args.file.as_deref().map(|path| read(path, args.media_type.clone())).transpose()?;
    let made_by = args.made_by.as_deref().unwrap_or(&args.by);
    let new = NewEvidence {
        place: args.place,
        signer: args.signer,
        signer_role: args.signer_role,
        witness: args.witness,
        address: args.address,
        designated_on: args.designated_on,
        reference: args.reference,
        outcome: args.outcome,
        paper_named: args.paper_named,
        notarised: args.notarised,
        note: args.note,
        file,
        ..NewEvidence::new(args.kind, &args.subject, at, made_by)
    };
    let link = global.work(&args.by, |conn, work| {
        denghuo_office::access::on_staff(conn, &args.by, at.date())?;
        let id = account_id(conn, &args.account)?;
        let no = evidence_add(conn, work, id, &new)?;
        Ok(evidence_link(conn, id, no)?)
    })?;
    if args.json {
        return print_json(&link);
    }
    super::tell_line(global, &link);
    println!("       {}", link.hash);
    Ok(())
}

/// Reads a file; its name tells the media type unless it is given.
fn read(path: &Path, media_type: Option<String>) -> anyhow::Result<NewFile> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
    let known = match end.as_str() {
        "pdf" => "application/pdf",
        "json" => "application/json",
        "zip" => "application/zip",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "tif" | "tiff" => "image/tiff",
        "webp" => "image/webp",
        "eml" => "message/rfc822",
        "txt" => "text/plain",
        "mp4" => "video/mp4",
        _ => "application/octet-stream",
    };
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(NewFile { name, media_type: media_type.unwrap_or_else(|| known.to_owned()), bytes })
}
