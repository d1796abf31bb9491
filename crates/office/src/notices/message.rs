//! 通知文字: the text message, the mail and the words of a telephone call, from templates that a site can replace.

use super::content::{General, notice_content, paper_template};
use super::outbox::{Message, Paper};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::notices::{Channel, NoticeKind};
use denghuo_rules::refusal::Refusal;
use denghuo_store::Conn;
use denghuo_store::notices::NoticeRow;
use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value;

macro_rules! embedded {
    ($($kind:literal),* $(,)?) => {
        /// `(file name, text)` of every template that the program carries.
        pub const EMBEDDED: &[(&str, &str)] = &[$(
            (concat!($kind, ".zh.txt"), include_str!(concat!("../../../../templates/message/", $kind, ".zh.txt"))),
            (concat!($kind, ".en.txt"), include_str!(concat!("../../../../templates/message/", $kind, ".en.txt"))),
        )*];
    };
}
embedded![
    "bill",
    "demand",
    "stop_plan",
    "stop_execution",
    "estate_posting",
    "lawyer_letter",
    "restoration",
    "receipt",
    "authority_copy",
    "campaign",
];

/// The sections of a file.
const SECTIONS: &[&str] = &["sms", "subject", "email", "phone"];

/// 短信、邮件与电话模板, read once.
pub struct Templates {
    environment: Environment<'static>,
}

fn broken(name: &str, error: &dyn std::fmt::Display) -> OfficeError {
    Refusal::new(
        "notice.bad_template",
        format!("模板{name}:{error}"),
        format!("the template {name}: {error}"),
    )
    .into()
}

impl Templates {
    /// The templates of the program.
    ///
    /// # Errors
    /// Never: a test reads them all.
    pub fn embedded() -> Result<Self, OfficeError> {
        Self::with_site(&[])
    }

    /// The templates of the program with a site's own laid over them, `(file name, text)`.
    ///
    /// # Errors
    /// A text that is no template, or lacks a section.
    pub fn with_site(files: &[(String, String)]) -> Result<Self, OfficeError> {
        let mut environment = Environment::new();
        // A field that is missing says nothing, as on paper.
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        let own = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in EMBEDDED.iter().copied().chain(own) {
            let Some(base) = name.strip_suffix(".txt") else { continue };
            for section in SECTIONS {
                let text =
                    section_of(text, section).ok_or_else(|| broken(name, &format!("=== {section}")))?;
                environment
                    .add_template_owned(format!("{base}.{section}"), text)
                    .map_err(|error| broken(name, &error))?;
            }
        }
        Ok(Self { environment })
    }

    /// The text of a section.
    ///
    /// # Errors
    /// There is no such template, or it does not suit the data.
    pub fn text(
        &self,
        kind: NoticeKind,
        lang: &str,
        section: &str,
        data: &Value,
    ) -> Result<String, OfficeError> {
        let lang = if lang == "en" { "en" } else { "zh" };
        let name = format!("{}.{lang}.{section}", kind.word());
        let template = self.environment.get_template(&name).map_err(|error| broken(&name, &error))?;
        let text = template.render(minijinja::value::Serde(data)).map_err(|error| broken(&name, &error))?;
        Ok(text.trim().to_owned())
    }
}

/// The lines below `=== NAME`, up to the next such line.
fn section_of(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| line.strip_prefix("=== ").map(str::trim) != Some(name));
    lines.next()?;
    let own: Vec<&str> = lines.take_while(|line| !line.starts_with("=== ")).collect();
    Some(own.join("\n").trim().to_owned())
}

/// What a notice says by a channel, with the paper that a mail carries.
///
/// # Errors
/// A template that does not suit; a missing rule; the database's.
pub fn message(
    conn: &mut Conn,
    work: &Work<'_>,
    (general, templates): (&General, &Templates),
    notice: &NoticeRow,
    channel: Channel,
) -> Result<Message, OfficeError> {
    let mut data = notice_content(conn, work, general, notice)?;
    let lang = data.get("lang").and_then(Value::as_str).unwrap_or("zh").to_owned();
    let section = match channel {
        Channel::Sms => "sms",
        Channel::Phone => "phone",
        _ => "email",
    };
    let text = templates.text(notice.kind, &lang, section, &data)?;
    let subject = templates.text(notice.kind, &lang, "subject", &data)?;
    // A campaign is no paper.
    let prints = channel == Channel::Email && notice.kind != NoticeKind::Campaign;
    let paper = prints.then(|| {
        let code = data.get("code").and_then(Value::as_str).unwrap_or("notice").to_owned();
        data["channel"] = Channel::Email.word().into();
        Paper {
            template: paper_template(notice.kind, true).to_owned(),
            data: data.to_string(),
            file_name: format!("{code}.pdf"),
        }
    });
    Ok(Message { subject, text, paper })
}
