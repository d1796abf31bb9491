//! `denghuo notices serve|refused|requeue`: what people did to serve a notice.

use super::Notice;
use crate::context::{Global, account_id, now_local};
use anyhow::Context as _;
use denghuo_office::evidence::NewFile;
use denghuo_office::notices::{
    NoticeShown, ServiceReport, notice_refused, notice_requeue, notice_serve, notice_show,
};
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::notices::service::ServiceWay;
use jiff::civil::DateTime;
use std::path::{Path, PathBuf};

/// What a person did.
#[derive(clap::Subcommand)]
pub enum What {
    /// A notice was served: signed for, left at the place, by post, told, posted, dropped 登记送达
    #[command(
        after_help = "Examples:\n  denghuo notices serve 3700000001 12 --way signed --signer 甲 --role self --file receipt.jpg --by S001\n  denghuo notices serve 3700000001 12 --way left --witness 居委会乙 --file door.jpg --by S001\n  denghuo notices serve 3700000001 12 --way post --reference EMS0001 --by S001\n\nRoles: self, adult_relative, legal_representative, principal, mail_room, authorised."
    )]
    Serve {
        #[command(flatten)]
        notice: Notice,
        /// signed, left, post, phone, posted or dropped
        #[arg(long)]
        way: String,
        #[command(flatten)]
        report: Report,
    },
    /// The recipient would not take it or sign: the record is kept, the next way is queued 拒签
    #[command(
        after_help = "Example:\n  denghuo notices refused 3700000001 12 --signer 甲 --witness 居委会乙 --note 拒绝签收 --by S001"
    )]
    Refused {
        #[command(flatten)]
        notice: Notice,
        #[command(flatten)]
        report: Report,
    },
    /// A notice that found no way is tried again with the contacts as they are now 重新选择渠道
    #[command(after_help = "Example:\n  denghuo notices requeue 3700000001 12 --by S001")]
    Requeue {
        #[command(flatten)]
        notice: Notice,
        /// Staff code
        #[arg(long)]
        by: String,
        /// Moment; now when not given
        #[arg(long)]
        at: Option<DateTime>,
    },
}

/// What is told of a service.
#[derive(clap::Args)]
pub struct Report {
    /// When, such as 2026-09-08T10:30; now when not given
    #[arg(long)]
    at: Option<DateTime>,
    /// Staff code of who served
    #[arg(long)]
    by: String,
    /// Where
    #[arg(long)]
    place: Option<String>,
    /// Who signed, refused or was spoken to
    #[arg(long)]
    signer: Option<String>,
    /// As what
    #[arg(long)]
    role: Option<String>,
    /// Who saw it
    #[arg(long)]
    witness: Option<String>,
    /// Number of the waybill or the recording
    #[arg(long)]
    reference: Option<String>,
    /// Anything else
    #[arg(long)]
    note: Option<String>,
    /// The signed receipt, the photograph, the recording
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// JSON
    #[arg(long)]
    json: bool,
}

impl Report {
    fn of(&self, way: ServiceWay) -> anyhow::Result<ServiceReport> {
        let role = match &self.role {
            Some(word) => Some(SignerRole::from_word(word).with_context(|| format!("`{word}` is no role"))?),
            None => None,
        };
        Ok(ServiceReport {
            place: self.place.clone(),
            signer: self.signer.clone(),
            signer_role: role,
            witness: self.witness.clone(),
            reference: self.reference.clone(),
            note: self.note.clone(),
            file: self.file.as_deref().map(file).transpose()?,
            ..ServiceReport::new(way, self.at.unwrap_or_else(now_local))
        })
    }
}

/// A file with its media type, by its ending.
fn file(path: &Path) -> anyhow::Result<NewFile> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let media_type = match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "mp4" => "video/mp4",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    };
    Ok(NewFile {
        name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        media_type: media_type.to_owned(),
        bytes: std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?,
    })
}

/// Notes what was done.
///
/// # Errors
/// A refusal, an unreadable file, or a failure of the database.
pub fn run(global: &Global, what: What) -> anyhow::Result<()> {
    match what {
        What::Serve { notice, way, report } => {
            let way = ServiceWay::from_word(&way).with_context(|| format!("`{way}` is no way"))?;
            let told = report.of(way)?;
            global.work(&report.by, |conn, work| {
                let id = account_id(conn, &notice.account)?;
                notice_serve(conn, work, (id, notice.number), &told)?;
                tell(global, &notice_show(conn, (id, notice.number), false)?, report.json)
            })
        }
        What::Refused { notice, report } => {
            let told = report.of(ServiceWay::Signed)?;
            global.work(&report.by, |conn, work| {
                let id = account_id(conn, &notice.account)?;
                notice_refused(conn, work, (id, notice.number), &told)?;
                tell(global, &notice_show(conn, (id, notice.number), false)?, report.json)
            })
        }
        What::Requeue { notice, by, at } => global.work(&by, |conn, work| {
            let id = account_id(conn, &notice.account)?;
            notice_requeue(conn, work, (id, notice.number), at.unwrap_or_else(now_local))?;
            tell(global, &notice_show(conn, (id, notice.number), false)?, false)
        }),
    }
}

fn tell(global: &Global, shown: &NoticeShown, as_json: bool) -> anyhow::Result<()> {
    super::tell(global, std::slice::from_ref(shown), as_json)
}
