//! Why something about supervision is not taken.

use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use jiff::civil::Date;

/// Why a finding, an order or a review is not taken; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SupervisionRefusal {
    /// There is no such finding.
    UnknownFinding(i64),
    /// There is no such review.
    UnknownReview(i64),
    /// There is no such record in the review.
    UnknownSample(i64),
    /// There is no such part.
    UnknownPart(i64),
    /// There is no such unit.
    UnknownUnit(String),
    /// The book has no such list.
    UnknownList(String),
    /// Something has to be given.
    Missing(&'static str),
    /// A text is too long.
    TooLong(&'static str, usize),
    /// The account has no such proof.
    UnknownEvidence(i64),
    /// A deadline lies ahead, and not behind that of the book.
    BadDeadline(Date),
    /// The days are in the wrong order, or lie ahead.
    BadDays,
    /// There is nothing to draw of.
    NothingToDraw,
    /// It was looked at already.
    LookedAlready(i64),
    /// Nobody reviews his own work.
    OwnRecord,
    /// Only the auditor of the review looks.
    NotAuditor(String),
    /// Every item of the list is answered once.
    Answers(String),
    /// The part was done already.
    PartDone(i64),
    /// Only who has the part answers.
    NotPartOwner(String),
}

impl Refuse for SupervisionRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownFinding(_) => "supervision.unknown_finding",
            Self::UnknownReview(_) => "supervision.unknown_review",
            Self::UnknownSample(_) => "supervision.unknown_sample",
            Self::UnknownPart(_) => "supervision.unknown_part",
            Self::UnknownUnit(_) => "supervision.unknown_unit",
            Self::UnknownList(_) => "supervision.unknown_list",
            Self::Missing(_) => "supervision.missing",
            Self::TooLong(..) => "supervision.too_long",
            Self::UnknownEvidence(_) => "supervision.unknown_evidence",
            Self::BadDeadline(_) => "supervision.bad_deadline",
            Self::BadDays => "supervision.bad_days",
            Self::NothingToDraw => "supervision.nothing_to_draw",
            Self::LookedAlready(_) => "supervision.looked_already",
            Self::OwnRecord => "supervision.own_record",
            Self::NotAuditor(_) => "supervision.not_auditor",
            Self::Answers(_) => "supervision.answers",
            Self::PartDone(_) => "supervision.part_done",
            Self::NotPartOwner(_) => "supervision.not_part_owner",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::UnknownFinding(no) => {
                Bilingual::new(format!("没有问题{no}"), format!("there is no finding {no}"))
            }
            Self::UnknownReview(no) => {
                Bilingual::new(format!("没有稽查{no}"), format!("there is no review {no}"))
            }
            Self::UnknownSample(no) => {
                Bilingual::new(format!("稽查中没有样本{no}"), format!("the review has no record {no}"))
            }
            Self::UnknownPart(no) => {
                Bilingual::new(format!("问题没有协同事项{no}"), format!("the finding has no part {no}"))
            }
            Self::UnknownUnit(code) => {
                Bilingual::new(format!("没有单位{code}"), format!("there is no unit {code}"))
            }
            Self::UnknownList(list) => Bilingual::new(
                format!("规则库没有检查表{list}"),
                format!("the rulebook has no checklist {list}"),
            ),
            Self::Missing(what) => {
                Bilingual::new(format!("请填写{what}"), format!("`{what}` has to be given"))
            }
            Self::TooLong(what, most) => Bilingual::new(
                format!("{what}最多{most}字"),
                format!("`{what}` has at most {most} characters"),
            ),
            Self::UnknownEvidence(no) => {
                Bilingual::new(format!("该户没有证据{no}"), format!("the account has no proof {no}"))
            }
            Self::BadDeadline(latest) => Bilingual::new(
                format!("整改期限应在今日之后,不晚于{latest}"),
                format!("the deadline lies ahead, and not behind {latest}"),
            ),
            Self::BadDays => {
                Bilingual::new("起止日期颠倒或晚于今日", "the days are in the wrong order or lie ahead")
            }
            Self::NothingToDraw => {
                Bilingual::new("该期间没有可抽取的记录", "there are no records to draw of in these days")
            }
            Self::LookedAlready(no) => {
                Bilingual::new(format!("样本{no}已检查"), format!("record {no} was looked at already"))
            }
            Self::OwnRecord => Bilingual::new("不能稽查本人的业务", "nobody reviews his own work"),
            Self::NotAuditor(auditor) => Bilingual::new(
                format!("本次稽查由{auditor}负责"),
                format!("{auditor} looks at the records of this review"),
            ),
            Self::Answers(item) => Bilingual::new(
                format!("检查项{item}须且只须有一个结论"),
                format!("item `{item}` is answered once"),
            ),
            Self::PartDone(no) => {
                Bilingual::new(format!("协同事项{no}已办结"), format!("part {no} was done already"))
            }
            Self::NotPartOwner(owner) => {
                Bilingual::new(format!("协同事项由{owner}办理"), format!("{owner} has this part and answers"))
            }
        }
    }
}
