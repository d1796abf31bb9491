//! 培训: who passes a course, how long his certificate is good, and which acts want one.

use crate::calendar::plus_days;
use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::words;
use crate::rulebook::{NoRule, Picked, Rule, Rulebook, Selector};
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words!(
    /// 持证作业: an act that may want a certificate.
    CertifiedAct {
        /// Reading meters in the field.
        Read = "read" / "抄表",
        /// Verifying and releasing bills.
        Verify = "verify" / "核算发行",
        /// Cutting and restoring.
        Cut = "cut" / "停复电操作",
    }
);

words!(
    /// 持证要求
    Demand {
        /// None.
        None = "none" / "不要求",
        /// It is told when there is none, and done all the same.
        Warn = "warn" / "仅提醒",
        /// Without it the act is refused.
        Refuse = "refuse" / "禁止无证作业",
    }
);

/// 课程规则: parameters of the topic `training_course`; a rule may select on `course`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourseRule {
    /// Points of a hundred with which the test is passed.
    pub pass_mark: u32,
    /// Months for which the certificate is good.
    pub valid_months: u32,
    /// Days before its end on which somebody is reminded.
    pub remind_days: u32,
}

impl CourseRule {
    /// Topic of the rules.
    pub const TOPIC: &str = "training_course";

    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if params.pass_mark == 0 || params.pass_mark > 100 {
            return Err("`pass_mark` lies between 1 and 100".to_owned());
        }
        if params.valid_months == 0 { Err("a certificate is good for a time".to_owned()) } else { Ok(()) }
    }

    /// Passed, with so many points?
    #[must_use]
    pub fn is_passed(&self, score: i64) -> bool {
        score >= i64::from(self.pass_mark)
    }

    /// The last day on which a certificate of a day is good.
    #[must_use]
    pub fn until(&self, from: Date) -> Date {
        plus_days(from.saturating_add(Span::new().months(i64::from(self.valid_months))), -1)
    }
}

/// 持证规则: parameters of the topic `act_certificate`; a rule selects on `act`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActRule {
    /// Code of the course whose certificate is wanted.
    pub course: String,
    /// What happens without one.
    pub demand: Demand,
}

impl ActRule {
    /// Topic of the rules.
    pub const TOPIC: &str = "act_certificate";

    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        let params = rule.form::<Self>()?;
        if params.course.trim().is_empty() {
            return Err("a certificate is one of a course".to_owned());
        }
        let known = rule.when.get("act").is_some_and(|acts| {
            !acts.is_empty() && acts.iter().all(|act| CertifiedAct::from_word(act).is_some())
        });
        if known { Ok(()) } else { Err("`act` names read, verify or cut".to_owned()) }
    }

    /// The rule of an act on a day; none where the book says nothing or wants nothing.
    ///
    /// # Errors
    /// A rule's parameters are not of their form.
    pub fn of<'b>(
        book: &'b Rulebook,
        site: &Selector,
        act: CertifiedAct,
        on: Date,
    ) -> Result<Option<Picked<'b, Self>>, NoRule> {
        let picked = match book.pick::<Self>(Self::TOPIC, &site.clone().with("act", act.word()), on) {
            Ok(picked) => picked,
            Err(NoRule::Missing { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(picked).filter(|picked| picked.params.demand != Demand::None))
    }
}

/// Why something about training is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrainingRefusal {
    /// The act wants a certificate that he has not.
    CertificateMissing {
        /// Staff code.
        person: String,
        /// What he is about to do.
        act: CertifiedAct,
        /// Name of the course.
        course: Bilingual,
    },
    /// There is no such course.
    UnknownCourse(String),
    /// There is a course with that code.
    CourseExists(String),
    /// There is no such session.
    UnknownSession(i64),
    /// It has not been held.
    NotHeld(Date),
    /// Who was not there has no test.
    NotThere(String),
    /// Points lie between 0 and 100.
    BadScore(i64),
    /// A test is not changed once a certificate stands on it.
    HasCertificate(i64),
    /// There is no such certificate, or it was revoked.
    UnknownCertificate(i64),
    /// Something has to be said.
    NoWords(&'static str),
}

impl Refuse for TrainingRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::CertificateMissing { .. } => "training.certificate_missing",
            Self::UnknownCourse(_) => "training.unknown_course",
            Self::CourseExists(_) => "training.course_exists",
            Self::UnknownSession(_) => "training.unknown_session",
            Self::NotHeld(_) => "training.not_held",
            Self::NotThere(_) => "training.not_there",
            Self::BadScore(_) => "training.bad_score",
            Self::HasCertificate(_) => "training.has_certificate",
            Self::UnknownCertificate(_) => "training.unknown_certificate",
            Self::NoWords(_) => "training.no_words",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::CertificateMissing { person, act, course } => Bilingual::new(
                format!("{person}没有“{}”课程的有效证书,不能进行{}", course.zh, act.zh()),
                format!(
                    "{person} holds no valid certificate of the course “{}”, which `{}` wants",
                    course.en,
                    act.word()
                ),
            ),
            Self::UnknownCourse(code) => {
                Bilingual::new(format!("没有课程{code}"), format!("there is no course {code}"))
            }
            Self::CourseExists(code) => {
                Bilingual::new(format!("课程{code}已存在"), format!("there is a course {code}"))
            }
            Self::UnknownSession(no) => {
                Bilingual::new(format!("没有第{no}期培训"), format!("there is no session {no}"))
            }
            Self::NotHeld(on) => Bilingual::new(
                format!("培训将于{on}举行,尚不能登记"),
                format!("the session is held on {on}; nothing is noted before"),
            ),
            Self::NotThere(person) => Bilingual::new(
                format!("{person}未参加培训,不能登记成绩"),
                format!("{person} was not there and has no test"),
            ),
            Self::BadScore(_) => Bilingual::new("成绩应在0至100之间", "points lie between 0 and 100"),
            Self::HasCertificate(no) => Bilingual::new(
                format!("已据此颁发证书{no},成绩不能更改"),
                format!("certificate {no} stands on it: it is not changed"),
            ),
            Self::UnknownCertificate(no) => {
                Bilingual::new(format!("没有有效证书{no}"), format!("there is no certificate {no} in force"))
            }
            Self::NoWords(what) => {
                Bilingual::new(format!("请填写{what}"), format!("`{what}` has to be given"))
            }
        }
    }
}
