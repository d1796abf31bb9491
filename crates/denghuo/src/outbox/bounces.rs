//! `denghuo notices bounces`: mails that came back, as RFC 3464 tells them.

use crate::adapters::archive::message_id_in;
use crate::context::{Global, now_local, print_json};
use anyhow::Context as _;
use denghuo_office::notices::Templates;
use denghuo_office::notices::desk::NoticeDesk;
use denghuo_office::notices::outbox::{Bounce, Received, bounce_take};
use jiff::civil::DateTime;
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};
use std::path::{Path, PathBuf};

/// Arguments of `denghuo notices bounces`.
#[derive(clap::Args)]
pub struct Args {
    /// Mails, or folders of mails such as a Maildir
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Staff code
    #[arg(long, default_value = "system")]
    by: String,
    /// Moment at which they are taken; now when not given
    #[arg(long)]
    at: Option<DateTime>,
    /// JSON: reports that changed something, that told nothing new, that belong to no message of ours
    #[arg(long)]
    json: bool,
}

/// Takes every report in the files; the same again changes nothing.
///
/// # Errors
/// A file that cannot be read; a failure of the database.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let mut mails = Vec::new();
    for path in &args.files {
        collect(path, &mut mails)?;
    }
    mails.sort();
    let at = args.at.unwrap_or_else(now_local);
    let total = global.work(&args.by, |conn, work| {
        let desk = NoticeDesk::open(conn, work, (Templates::embedded()?, false), at.date())?;
        let mut total = Received::default();
        for path in &mails {
            let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            for bounce in bounces_in(&bytes) {
                let one = bounce_take(conn, work, &desk, &bounce, at)?;
                total.arrived += one.arrived;
                total.bounced += one.bounced;
                total.repeated += one.repeated;
                total.unknown.extend(one.unknown);
            }
        }
        Ok(total)
    })?;
    if args.json {
        return print_json(&total);
    }
    let Received { arrived, bounced, repeated, unknown } = total;
    println!("{} {bounced}, {} {arrived}", global.say("退回", "bounced"), global.say("送达", "arrived"));
    println!("{} {repeated}", global.say("无新内容", "nothing new"));
    for one in unknown {
        println!("{} {one}", global.say("不属于本系统", "not ours"));
    }
    Ok(())
}

/// The files of a folder; of a Maildir those in `new` and `cur`.
fn collect(path: &Path, mails: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if !path.is_dir() {
        mails.push(path.to_owned());
        return Ok(());
    }
    let is_maildir = path.join("cur").is_dir() || path.join("new").is_dir();
    let folders = if is_maildir { vec![path.join("new"), path.join("cur")] } else { vec![path.to_owned()] };
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let entries =
            std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_file() {
                mails.push(path);
            }
        }
    }
    Ok(())
}

/// Every recipient that a mail reports on; none when it is no report.
pub fn bounces_in(bytes: &[u8]) -> Vec<Bounce> {
    let Some(mail) = MessageParser::default().parse(bytes) else { return Vec::new() };
    let report = mail.parts.iter().find(|part| is(part, "message", "delivery-status"));
    let Some(report) = report else { return Vec::new() };
    let key =
        returned_id(&mail).and_then(|id| Some(id.trim_matches(['<', '>']).split_once('@')?.0.to_owned()));
    let text = String::from_utf8_lossy(report.contents()).replace("\r\n", "\n");
    text.split("\n\n").filter_map(|group| bounce_of(group, key.as_ref())).collect()
}

fn is(part: &mail_parser::MessagePart<'_>, kind: &str, subtype: &str) -> bool {
    part.content_type().is_some_and(|content| {
        content.ctype().eq_ignore_ascii_case(kind)
            && content.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case(subtype))
    })
}

/// The Message-ID of the mail that came back: it is attached whole, or its headers are.
fn returned_id(mail: &Message<'_>) -> Option<String> {
    mail.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner.message_id().map(str::to_owned),
        _ if is(part, "text", "rfc822-headers") => message_id_in(&String::from_utf8_lossy(part.contents())),
        _ => None,
    })
}

/// One recipient's group of fields.
fn bounce_of(group: &str, key: Option<&String>) -> Option<Bounce> {
    let field = |name: &str| {
        group.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let recipient = field("Original-Recipient").or_else(|| field("Final-Recipient"))?;
    let address = recipient.split_once(';').map_or(recipient.as_str(), |(_, address)| address).trim();
    let status = field("Status").unwrap_or_default();
    let detail = field("Diagnostic-Code").unwrap_or_default();
    Some(Bounce {
        key: key.cloned(),
        address: address.to_owned(),
        action: field("Action")?.to_ascii_lowercase(),
        status: format!("{status} {detail}").trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::bounces_in;
    use denghuo_office::notices::outbox::Bounce;

    const REPORT: &str = "From: MAILER-DAEMON@relay\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\nIt did not work.\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay\r\n\r\n\
        Final-Recipient: rfc822; a7@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\
        Diagnostic-Code: smtp; 550 no such user\r\n\r\n\
        Final-Recipient: rfc822; a8@example.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n\
        --b\r\nRETURNED--b--\r\n";

    #[test]
    fn a_report_names_the_mail_and_its_recipients() {
        for returned in [
            "Content-Type: message/rfc822\r\n\r\nMessage-ID: <7-3-1@company.cn>\r\nSubject: x\r\n\r\nbody\r\n",
            "Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: <7-3-1@company.cn>\r\n",
        ] {
            let found = bounces_in(REPORT.replace("RETURNED", returned).as_bytes());
            let bounce = |address: &str, action: &str, status: &str| Bounce {
                key: Some("7-3-1".to_owned()),
                address: address.to_owned(),
                action: action.to_owned(),
                status: status.to_owned(),
            };
            assert_eq!(
                found,
                [
                    bounce("a7@example.com", "failed", "5.1.1 smtp; 550 no such user"),
                    bounce("a8@example.com", "delayed", "4.4.1")
                ]
            );
        }
        assert!(bounces_in(b"From: a\r\n\r\nhello").is_empty());
        assert!(bounces_in(b"\xff\xfe nonsense").is_empty());
    }
}
