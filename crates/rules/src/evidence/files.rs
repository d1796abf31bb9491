//! 证据文件与保管期限: which files are taken, and how long a proof is kept.

use super::EvidenceKind;
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::rulebook::{NoRule, Rulebook, Selector};
use jiff::civil::Date;
use serde::Deserialize;

/// 证据文件: parameters of the topic `evidence_file`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRule {
    /// The largest file, in bytes.
    pub max_bytes: u32,
    /// Media types that are taken.
    pub media_types: Vec<String>,
}

/// 保管期限: parameters of the topic `evidence_retention`. The longest one that applies counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// Kinds of proof; none for all.
    #[serde(default)]
    pub kinds: Vec<EvidenceKind>,
    /// 保管类别
    pub class: String,
    /// Years from the day on which it happened.
    pub years: u16,
}

/// Why a proof is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceRefusal {
    /// There is no such account.
    UnknownAccount,
    /// The subject is not of the form `notice:3`.
    BadSubject(String),
    /// Something that has to be told is empty.
    Empty(&'static str),
    /// The file is empty.
    EmptyFile,
    /// The file is too large.
    TooLarge {
        /// Its bytes.
        bytes: usize,
        /// The limit.
        limit: u32,
    },
    /// Files of that type are not taken.
    MediaType(String),
    /// The file does not begin as a file of its type does.
    NotItsType(String),
    /// No proof has that number.
    Unknown(i64),
    /// The proof has no file.
    NoFile(i64),
    /// There is no such case, or its name is none.
    UnknownCase(String),
}

impl Refuse for EvidenceRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownAccount => "evidence.unknown_account",
            Self::BadSubject(_) => "evidence.bad_subject",
            Self::Empty(_) => "evidence.empty_field",
            Self::EmptyFile => "evidence.empty_file",
            Self::TooLarge { .. } => "evidence.too_large",
            Self::MediaType(_) => "evidence.media_type",
            Self::NotItsType(_) => "evidence.not_its_type",
            Self::Unknown(_) => "evidence.unknown",
            Self::NoFile(_) => "evidence.no_file",
            Self::UnknownCase(_) => "evidence.unknown_case",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::UnknownAccount => Bilingual::new("没有该用电户", "there is no such account"),
            Self::BadSubject(text) => Bilingual::new(
                format!("“{text}”不是证明对象,应如 notice:3"),
                format!("`{text}` is no subject; it should look like notice:3"),
            ),
            Self::Empty(field) => {
                Bilingual::new(format!("“{field}”不得为空"), format!("`{field}` must not be empty"))
            }
            Self::EmptyFile => Bilingual::new("证据文件为空", "the file is empty"),
            Self::TooLarge { bytes, limit } => Bilingual::new(
                format!("文件{bytes}字节,超过上限{limit}字节"),
                format!("the file has {bytes} bytes, the limit is {limit}"),
            ),
            Self::MediaType(media) => Bilingual::new(
                format!("不接受“{media}”类型的证据文件"),
                format!("files of the type `{media}` are not taken"),
            ),
            Self::NotItsType(media) => Bilingual::new(
                format!("文件内容不是{media}"),
                format!("the file does not begin as {media} does"),
            ),
            Self::NoFile(no) => {
                Bilingual::new(format!("{no}号证据没有文件"), format!("the proof {no} has no file"))
            }
            Self::UnknownCase(case) => Bilingual::new(
                format!("没有案件“{case}”,应为 cut:2、legal:1 或 notice:3"),
                format!("there is no case `{case}`; cases are named cut:2, legal:1 or notice:3"),
            ),
            Self::Unknown(no) => Bilingual::new(
                format!("没有编号为{no}的证据"),
                format!("there is no proof with the number {no}"),
            ),
        }
    }
}

/// What the first bytes of a file of a type are, at their offset; types that are not here begin with anything.
const BEGINNINGS: &[(&str, usize, &[u8])] = &[
    ("application/pdf", 0, b"%PDF-"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/webp", 8, b"WEBP"),
    ("image/tiff", 0, b"II*\0"),
    ("image/tiff", 0, b"MM\0*"),
    ("audio/wav", 8, b"WAVE"),
    ("audio/ogg", 0, b"OggS"),
    ("video/mp4", 4, b"ftyp"),
    ("application/zip", 0, b"PK"),
];

/// Is the file one that is taken?
///
/// # Errors
/// The first refusal that applies.
pub fn check_file(media_type: &str, bytes: &[u8], rule: &FileRule) -> Result<(), EvidenceRefusal> {
    if bytes.is_empty() {
        return Err(EvidenceRefusal::EmptyFile);
    }
    if bytes.len() > rule.max_bytes as usize {
        return Err(EvidenceRefusal::TooLarge { bytes: bytes.len(), limit: rule.max_bytes });
    }
    if !rule.media_types.iter().any(|known| known == media_type) {
        return Err(EvidenceRefusal::MediaType(media_type.to_owned()));
    }
    let mut known = BEGINNINGS.iter().filter(|(media, ..)| *media == media_type).peekable();
    let begins =
        |(_, at, start): &(&str, usize, &[u8])| bytes.get(*at..).is_some_and(|b| b.starts_with(start));
    if known.peek().is_some() && !known.any(begins) {
        return Err(EvidenceRefusal::NotItsType(media_type.to_owned()));
    }
    Ok(())
}

/// The class under which a proof is kept, and the id of the rule: the longest of those that apply.
///
/// # Errors
/// No rule applies, or one has wrong parameters.
pub fn retention(
    kind: EvidenceKind,
    book: &Rulebook,
    selector: &Selector,
    on: Date,
) -> Result<(RetentionRule, String), NoRule> {
    book.pick_all::<RetentionRule>("evidence_retention", selector, on)?
        .into_iter()
        .filter(|picked| picked.params.kinds.is_empty() || picked.params.kinds.contains(&kind))
        .max_by_key(|picked| picked.params.years)
        .map(|picked| (picked.params, picked.rule.id.clone()))
        .ok_or_else(|| NoRule::Missing {
            topic: "evidence_retention".to_owned(),
            legal_day: on,
            facts: selector.facts.clone(),
        })
}
