//! A deed as a phone sends it, and as it is answered.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::{DateForm, MomentForm};
use denghuo_rules::derivation::{Bilingual, Step};
use denghuo_rules::disconnection::CallOutcome;
use denghuo_rules::evidence::SignerRole;
use denghuo_rules::field::{DeedOutcome, NoReadingReason};
use denghuo_rules::metering::RegisterKind;
use denghuo_rules::notices::service::ServiceWay;
use denghuo_rules::refusal::Refuse;
use denghuo_rules::units::{Demand, Energy};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::OfficeError;
use crate::evidence::NewFile;

/// 地点: where a deed was done, with the consent of who did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Degrees north, as decimal text.
    #[schemars(length(max = 20))]
    pub latitude: String,
    /// Degrees east, as decimal text.
    #[schemars(length(max = 20))]
    pub longitude: String,
    /// How far off it may be, metres.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub accuracy_m: i64,
}

impl Place {
    /// In one line.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{},{} ±{}m", self.latitude, self.longitude, self.accuracy_m)
    }

    fn is_sound(&self) -> bool {
        let is_degree = |text: &str| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            digits.len() <= 19
                && !digits.is_empty()
                && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        };
        is_degree(&self.latitude) && is_degree(&self.longitude)
    }
}

/// A photograph or a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeedFile {
    /// Its name.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
    /// Its media type.
    #[schemars(length(max = 100))]
    pub media_type: String,
    /// Its bytes, base64.
    pub data: String,
}

impl DeedFile {
    /// As a file of a proof.
    ///
    /// # Errors
    /// The bytes are no base64.
    pub fn decoded(&self) -> Result<NewFile, OfficeError> {
        let bytes = STANDARD.decode(&self.data).map_err(|_| OfficeError::refuse(DeedRefusal::File))?;
        Ok(NewFile { name: self.name.clone(), media_type: self.media_type.clone(), bytes })
    }
}

/// One register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterValue {
    /// Which.
    pub kind: RegisterKind,
    /// What it shows, before the multiplier.
    pub value: Energy,
}

/// Who signed, refused or was spoken to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignerShown {
    /// His name.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// As what.
    pub role: SignerRole,
}

/// 作业内容: what was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// 抄表
    Reading {
        /// 表号
        meter_no: String,
        /// What it shows; the total is needed.
        registers: Vec<RegisterValue>,
        /// 最大需量
        #[serde(default)]
        max_demand_kw: Option<Demand>,
        /// Day of the last reading that the phone knew: a later one means that somebody else was there.
        #[serde(default)]
        #[schemars(with = "Option<DateForm>")]
        last_on: Option<Date>,
        /// The photograph of the meter.
        #[serde(default)]
        photo: Option<DeedFile>,
    },
    /// 未抄
    NoReading {
        /// 表号
        meter_no: String,
        /// Why.
        reason: NoReadingReason,
        /// More about it.
        #[serde(default)]
        note: Option<String>,
        /// A photograph.
        #[serde(default)]
        photo: Option<DeedFile>,
    },
    /// 送达
    NoticeServed {
        /// The notice.
        notice_no: i64,
        /// How.
        way: ServiceWay,
        /// Who signed.
        #[serde(default)]
        signer: Option<SignerShown>,
        /// Who saw it.
        #[serde(default)]
        witness: Option<String>,
        /// Anything else.
        #[serde(default)]
        note: Option<String>,
        /// The signature.
        #[serde(default)]
        signature: Option<DeedFile>,
        /// A photograph.
        #[serde(default)]
        photo: Option<DeedFile>,
    },
    /// 拒签
    NoticeRefused {
        /// The notice.
        notice_no: i64,
        /// Who refused.
        #[serde(default)]
        signer: Option<SignerShown>,
        /// Who saw it.
        #[serde(default)]
        witness: Option<String>,
        /// The record of the refusal.
        #[serde(default)]
        note: Option<String>,
        /// A photograph.
        #[serde(default)]
        photo: Option<DeedFile>,
    },
    /// 停电前电话告知
    CutCall {
        /// The time of the cut that was told.
        #[schemars(with = "MomentForm")]
        told_cut_at: DateTime,
        /// What came of it.
        outcome: CallOutcome,
    },
    /// 现场确认停电: what came of the operation that was ordered with a line.
    CutConfirm {
        /// Is power off?
        done: bool,
        /// Anything else.
        #[serde(default)]
        note: Option<String>,
        /// A photograph.
        #[serde(default)]
        photo: Option<DeedFile>,
    },
    /// 现场确认复电
    RestoreConfirm {
        /// Is power back?
        done: bool,
        /// Anything else.
        #[serde(default)]
        note: Option<String>,
        /// A photograph.
        #[serde(default)]
        photo: Option<DeedFile>,
    },
    /// 现场照片
    Photo {
        /// What it is about, such as `notice:3`.
        subject: String,
        /// What is to be seen.
        #[serde(default)]
        note: Option<String>,
        /// The photograph.
        photo: DeedFile,
    },
}

impl Act {
    /// Its word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Reading { .. } => "reading",
            Self::NoReading { .. } => "no_reading",
            Self::NoticeServed { .. } => "notice_served",
            Self::NoticeRefused { .. } => "notice_refused",
            Self::CutCall { .. } => "cut_call",
            Self::CutConfirm { .. } => "cut_confirm",
            Self::RestoreConfirm { .. } => "restore_confirm",
            Self::Photo { .. } => "photo",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn zh(&self) -> &'static str {
        match self {
            Self::Reading { .. } => "抄表",
            Self::NoReading { .. } => "未抄登记",
            Self::NoticeServed { .. } => "通知送达",
            Self::NoticeRefused { .. } => "通知拒签",
            Self::CutCall { .. } => "停电前告知",
            Self::CutConfirm { .. } => "停电确认",
            Self::RestoreConfirm { .. } => "复电确认",
            Self::Photo { .. } => "现场照片",
        }
    }

    /// What it is called, in English.
    #[must_use]
    pub fn in_english(&self) -> String {
        self.word().replace('_', " ")
    }

    /// The right that it needs.
    #[must_use]
    pub const fn needs(&self) -> Permission {
        match self {
            Self::Reading { .. } | Self::NoReading { .. } => Permission::TakeReadings,
            Self::NoticeServed { .. } | Self::NoticeRefused { .. } => Permission::ServeNotices,
            Self::CutCall { .. } | Self::CutConfirm { .. } | Self::RestoreConfirm { .. } => {
                Permission::OperateCuts
            }
            Self::Photo { .. } => Permission::KeepEvidence,
        }
    }

    /// Who decides about it when it could not be taken in.
    pub(super) const fn owner(&self) -> &'static str {
        match self {
            Self::Reading { .. } | Self::NoReading { .. } => "verifier",
            Self::NoticeServed { .. } | Self::NoticeRefused { .. } | Self::Photo { .. } => "collector",
            Self::CutCall { .. } | Self::CutConfirm { .. } | Self::RestoreConfirm { .. } => "manager",
        }
    }

    /// What it says, in a line for people.
    pub(super) fn told(&self) -> Bilingual {
        let note = |note: &Option<String>| note.as_deref().unwrap_or_default().to_owned();
        let (zh, en) = match self {
            Self::Reading { meter_no, registers, .. } => {
                let zh: Vec<String> =
                    registers.iter().map(|r| format!("{}{}", r.kind.zh(), r.value)).collect();
                let en: Vec<String> =
                    registers.iter().map(|r| format!("{} {}", r.kind.in_english(), r.value)).collect();
                (format!("表{meter_no} {}", zh.join(" ")), format!("meter {meter_no}: {}", en.join(", ")))
            }
            Self::NoReading { meter_no, reason, note: more, .. } => {
                let more = note(more);
                (
                    format!("表{meter_no} {} {more}", reason.zh()),
                    format!("meter {meter_no}: {} {more}", reason.in_english()),
                )
            }
            Self::NoticeServed { notice_no, way, signer, .. } => {
                let who = signer.as_ref().map(|s| s.name.as_str()).unwrap_or_default();
                (
                    format!("通知{notice_no} {} {who}", way.zh()),
                    format!("notice {notice_no}: {} {who}", way.in_english()),
                )
            }
            Self::NoticeRefused { notice_no, note: more, .. } => {
                let more = note(more);
                (format!("通知{notice_no} 拒签 {more}"), format!("notice {notice_no}: not signed for {more}"))
            }
            Self::CutCall { told_cut_at, outcome } => (
                format!("告知{told_cut_at}停电 {}", outcome.zh()),
                format!("told of the cut at {told_cut_at}: {}", outcome.in_english()),
            ),
            Self::CutConfirm { done, note: more, .. } => {
                let (zh, en) = if *done { ("已停电", "cut") } else { ("未停电", "not cut") };
                (format!("{zh} {}", note(more)), format!("{en} {}", note(more)))
            }
            Self::RestoreConfirm { done, note: more, .. } => {
                let (zh, en) = if *done { ("已复电", "restored") } else { ("未复电", "not restored") };
                (format!("{zh} {}", note(more)), format!("{en} {}", note(more)))
            }
            Self::Photo { subject, note: more, .. } => {
                let said = format!("{subject} {}", note(more));
                (said.clone(), said)
            }
        };
        Bilingual { zh, en }
    }

    /// The photographs and signatures that it brings.
    pub(super) fn files(&self) -> Vec<&DeedFile> {
        match self {
            Self::Reading { photo, .. }
            | Self::NoReading { photo, .. }
            | Self::NoticeRefused { photo, .. }
            | Self::CutConfirm { photo, .. }
            | Self::RestoreConfirm { photo, .. } => photo.iter().collect(),
            Self::NoticeServed { signature, photo, .. } => signature.iter().chain(photo).collect(),
            Self::Photo { photo, .. } => vec![photo],
            Self::CutCall { .. } => Vec::new(),
        }
    }
}

/// 现场作业
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FieldDeed")]
#[serde(deny_unknown_fields)]
pub struct Deed {
    /// A UUID that the phone gives: the same id with the same content is the same deed.
    #[schemars(regex(pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"))]
    pub deed_id: String,
    /// 户号
    #[schemars(length(min = 1, max = 64))]
    pub account_no: String,
    /// When it was done, by the phone's clock.
    #[schemars(with = "MomentForm")]
    pub happened_at: DateTime,
    /// Where, when it may be told.
    #[serde(default)]
    pub place: Option<Place>,
    /// What was done.
    pub act: Act,
}

/// How long a phone may keep a deed, days.
const MOST_DAYS: i64 = 60;
/// How far a phone's clock may be ahead, minutes.
const AHEAD: i64 = 10;

impl Deed {
    /// Is it one that a phone can have sent now?
    ///
    /// # Errors
    /// A [`DeedRefusal`].
    pub(super) fn check(&self, now: DateTime) -> Result<(), OfficeError> {
        let is_hex = |(at, byte): (usize, u8)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        };
        if self.deed_id.len() != 36 || !self.deed_id.bytes().enumerate().all(is_hex) {
            return Err(OfficeError::refuse(DeedRefusal::Id));
        }
        if self.place.as_ref().is_some_and(|place| !place.is_sound()) {
            return Err(OfficeError::refuse(DeedRefusal::Place));
        }
        let latest = now.checked_add(jiff::Span::new().minutes(AHEAD)).unwrap_or(now);
        let earliest = now.checked_sub(jiff::Span::new().days(MOST_DAYS)).unwrap_or(now);
        if self.happened_at > latest || self.happened_at < earliest {
            return Err(OfficeError::refuse(DeedRefusal::Moment));
        }
        Ok(())
    }
}

/// What a deed came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeedAnswer {
    /// Its id.
    pub deed_id: String,
    /// Done, refused, or to be sent again.
    pub outcome: DeedOutcome,
    /// Had it come before?
    pub again: bool,
    /// Code of the refusal.
    pub code: Option<String>,
    /// Why it was refused.
    pub text: Option<Bilingual>,
    /// Was a task opened, so that somebody decides about it?
    pub task: bool,
    /// Numbers of the proofs that were kept.
    pub evidence: Vec<i64>,
    /// What the verdict on a reading says; empty when nothing is doubtful.
    pub verdict: Vec<Step>,
}

impl DeedAnswer {
    /// Of a deed that is in the books.
    pub(super) fn done(deed_id: &str, evidence: Vec<i64>, verdict: Vec<Step>) -> Self {
        Self {
            deed_id: deed_id.to_owned(),
            outcome: DeedOutcome::Done,
            again: false,
            code: None,
            text: None,
            task: false,
            evidence,
            verdict,
        }
    }

    /// Of a deed that is not, with nothing kept.
    pub(super) fn not(deed_id: &str, outcome: DeedOutcome, code: &str, text: Bilingual) -> Self {
        Self {
            outcome,
            code: Some(code.to_owned()),
            text: Some(text),
            ..Self::done(deed_id, Vec::new(), Vec::new())
        }
    }
}

/// Why a deed is not taken in, apart from what its column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeedRefusal {
    /// It cannot be read.
    Unreadable(String),
    /// Its id is no UUID.
    Id,
    /// The id was used for another deed.
    OtherContent,
    /// Its moment cannot be.
    Moment,
    /// Its place cannot be.
    Place,
    /// A file is no base64.
    File,
    /// No total register.
    NoTotal,
    /// Somebody else has read the meter since the phone was loaded.
    ReadMeanwhile {
        /// When.
        on: Date,
        /// What it showed.
        total: Energy,
    },
    /// No operation of the kind waits for an answer.
    NoOperation,
}

impl Refuse for DeedRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "field.unreadable",
            Self::Id => "field.bad_id",
            Self::OtherContent => "field.other_content",
            Self::Moment => "field.wrong_moment",
            Self::Place => "field.bad_place",
            Self::File => "field.bad_file",
            Self::NoTotal => "field.no_total",
            Self::ReadMeanwhile { .. } => "field.read_meanwhile",
            Self::NoOperation => "field.no_operation",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::Unreadable(why) => {
                Bilingual::new(format!("作业记录无法识别:{why}"), format!("the deed cannot be read: {why}"))
            }
            Self::Id => Bilingual::new("作业编号须为小写UUID", "the id of a deed is a UUID in lower case"),
            Self::OtherContent => {
                Bilingual::new("该作业编号已用于另一内容", "the id was used for another deed")
            }
            Self::Moment => Bilingual::new("作业时间不合理", "the moment of the deed cannot be"),
            Self::Place => Bilingual::new("作业地点不合理", "the place of the deed cannot be"),
            Self::File => Bilingual::new("附件编码有误", "a file is no base64"),
            Self::NoTotal => Bilingual::new("缺少有功总示数", "the total register is missing"),
            Self::ReadMeanwhile { on, total } => Bilingual::new(
                format!("该表已于{on}由他人抄录,有功总{total}"),
                format!("somebody else read the meter on {on}: {total}"),
            ),
            Self::NoOperation => Bilingual::new(
                "没有待确认的此项操作:可能已撤销或已由他人确认",
                "no such operation waits for an answer: it was withdrawn, or somebody else has answered",
            ),
        }
    }
}
