//! 培训: courses are held, tests are noted, certificates are given, reminded of and revoked; acts ask for them.

use super::found::{member, role_of, said};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::rulebook::Picked;
use denghuo_rules::supervision::training::{ActRule, CertifiedAct, CourseRule, Demand, TrainingRefusal};
use denghuo_store::Conn;
use denghuo_store::supervision::next_numbers;
use denghuo_store::supervision::training::{
    self as store, AttendanceRow, CertificateRow, CourseRow, SessionRow,
};
use denghuo_store::tasks::{self, NewTask, Resolution};
use jiff::civil::Date;

/// Task: a certificate ends soon.
pub const ENDING: &str = "certificate_ending";
/// Task: somebody did what wants a certificate without one.
pub const WITHOUT: &str = "certificate_missing";

/// 新课程
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCourse {
    /// Its code.
    pub code: String,
    /// Its name in Chinese.
    pub title: String,
    /// Its name in English; the Chinese one when not given.
    pub title_en: String,
    /// What it is about.
    pub about: String,
    /// Hours it takes.
    pub hours: i64,
}

/// Adds a course; gives it.
///
/// # Errors
/// A [`TrainingRefusal`], or the database's.
pub fn course_add(
    conn: &mut Conn,
    work: &Work<'_>,
    new: &NewCourse,
    on: Date,
) -> Result<CourseRow, OfficeError> {
    work.check_date(on)?;
    let code = new.code.trim();
    if code.is_empty() || code.chars().count() > 40 {
        return Err(OfficeError::refuse(TrainingRefusal::NoWords("code")));
    }
    said(&new.title, "title")?;
    conn.write(|conn| {
        if store::course(conn, code)?.is_some() {
            return Err(OfficeError::refuse(TrainingRefusal::CourseExists(code.to_owned())));
        }
        let title = new.title.trim().to_owned();
        let english = new.title_en.trim();
        let row = CourseRow {
            course_no: next_numbers(conn, "course", 1)?,
            code: code.to_owned(),
            title_en: if english.is_empty() { title.clone() } else { english.to_owned() },
            title,
            about: new.about.trim().to_owned(),
            hours: new.hours.max(0),
            made_on: on,
            made_by: work.by.clone(),
        };
        store::insert_course(conn, &row)?;
        Ok(row)
    })
}

/// Plans a session of a course; gives its number.
///
/// # Errors
/// A [`TrainingRefusal`], or the database's.
pub fn session_plan(
    conn: &mut Conn,
    work: &Work<'_>,
    (course, held_on): (&str, Date),
    (place, teacher): (&str, &str),
) -> Result<i64, OfficeError> {
    work.check_date(held_on)?;
    said(place, "place")?;
    said(teacher, "teacher")?;
    conn.write(|conn| {
        let course = course_of(conn, course)?;
        let row = SessionRow {
            course_no: course.course_no,
            session_no: 0,
            held_on,
            place: place.trim().to_owned(),
            teacher: teacher.trim().to_owned(),
            made_by: work.by.clone(),
        };
        Ok(store::insert_session(conn, &row)?)
    })
}

/// 出勤与成绩: what is noted of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attended {
    /// Staff code.
    pub person: String,
    /// Was he there?
    pub came: bool,
    /// Points of a hundred; none without a test.
    pub score: Option<i64>,
}

/// Notes who came and what he scored. With the mark of the book he gets his certificate; gives what is kept.
///
/// # Errors
/// A [`TrainingRefusal`], or the database's.
pub fn attendance_note(
    conn: &mut Conn,
    work: &Work<'_>,
    (course, session_no): (&str, i64),
    attended: &Attended,
    on: Date,
) -> Result<AttendanceRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        let refuse = |refusal: TrainingRefusal| OfficeError::refuse(refusal);
        let course = course_of(conn, course)?;
        let sessions = store::sessions(conn, course.course_no)?;
        let session = sessions.into_iter().map(|(session, ..)| session).find(|s| s.session_no == session_no);
        let session = session.ok_or_else(|| refuse(TrainingRefusal::UnknownSession(session_no)))?;
        if session.held_on > on {
            return Err(refuse(TrainingRefusal::NotHeld(session.held_on)));
        }
        let person = member(conn, &attended.person, on)?;
        if attended.score.is_some_and(|score| !(0..=100).contains(&score)) {
            return Err(refuse(TrainingRefusal::BadScore(attended.score.unwrap_or(0))));
        }
        if attended.score.is_some() && !attended.came {
            return Err(refuse(TrainingRefusal::NotThere(person.code)));
        }
        let place = (course.course_no, session_no);
        let before = store::attendance(conn, place)?.into_iter().find(|row| row.person == person.code);
        if let Some(before) = before
            && let Some(no) = before.certificate_no
        {
            // The same again is the same; anything else would pull the ground from under the certificate.
            let same = (before.came, before.score) == (attended.came, attended.score);
            return if same { Ok(before) } else { Err(refuse(TrainingRefusal::HasCertificate(no))) };
        }
        let rule = course_rule(work, &course.code, on)?;
        let passed = attended.score.filter(|score| rule.params.is_passed(*score));
        let certificate = match passed {
            None => None,
            Some(score) => Some(CertificateRow {
                certificate_no: next_numbers(conn, "certificate", 1)?,
                course_no: course.course_no,
                session_no,
                person: person.code.clone(),
                score,
                pass_mark: rule.params.pass_mark.into(),
                from_on: on,
                until_on: rule.params.until(on),
                rule: rule.rule.id.clone(),
                given_by: work.by.clone(),
                revoked_on: None,
                revoked_by: None,
                reason: None,
            }),
        };
        if let Some(certificate) = &certificate {
            store::save_certificate(conn, certificate)?;
            let resolution = Resolution { decision: "renewed", by: &work.by, on, note: "" };
            for kind in [ENDING, WITHOUT] {
                tasks::resolve(conn, (0, kind, &subject(&person.code, &course.code)), &resolution)?;
            }
        }
        let row = AttendanceRow {
            course_no: course.course_no,
            session_no,
            person: person.code,
            came: attended.came,
            score: attended.score,
            noted_on: on,
            noted_by: work.by.clone(),
            certificate_no: certificate.map(|certificate| certificate.certificate_no),
        };
        store::save_attendance(conn, &row)?;
        Ok(row)
    })
}

/// Revokes a certificate from a day on; gives it.
///
/// # Errors
/// A [`TrainingRefusal`], or the database's.
pub fn certificate_revoke(
    conn: &mut Conn,
    work: &Work<'_>,
    certificate_no: i64,
    reason: &str,
    on: Date,
) -> Result<CertificateRow, OfficeError> {
    said(reason, "reason")?;
    conn.write(|conn| {
        let row = store::certificate(conn, certificate_no)?.filter(|row| row.revoked_on.is_none());
        let unknown = || OfficeError::refuse(TrainingRefusal::UnknownCertificate(certificate_no));
        let mut row = row.ok_or_else(unknown)?;
        (row.revoked_on, row.revoked_by) = (Some(on), Some(work.by.clone()));
        row.reason = Some(reason.trim().to_owned());
        store::save_certificate(conn, &row)?;
        Ok(row)
    })
}

/// 持证上岗: may somebody do an act on a day, as far as certificates go? Where the site only warns, it is done and its manager is told.
///
/// # Errors
/// [`TrainingRefusal::CertificateMissing`] where the site's rule refuses; the database's.
pub fn certificate_gate(
    conn: &mut Conn,
    work: &Work<'_>,
    (act, person): (CertifiedAct, &str),
    on: Date,
) -> Result<(), OfficeError> {
    let Some(rule) = ActRule::of(work.book, &work.site, act, on)? else { return Ok(()) };
    let course = &rule.params.course;
    if person == "system" || store::is_certified(conn, (person, course), on)? {
        return Ok(());
    }
    let name = store::course(conn, course)?
        .map_or_else(|| Bilingual::new(course, course), |row| Bilingual::new(row.title, row.title_en));
    if rule.params.demand == Demand::Refuse {
        return Err(OfficeError::refuse(TrainingRefusal::CertificateMissing {
            person: person.to_owned(),
            act,
            course: name,
        }));
    }
    let task = NewTask {
        account_id: 0,
        kind: WITHOUT,
        subject: subject(person, course),
        codes: act.word().to_owned(),
        detail: Bilingual::new(
            format!("{person}无“{}”有效证书而进行{}", name.zh, act.zh()),
            format!("{person} did {} without a valid certificate of \"{}\"", act.in_english(), name.en),
        ),
        owner_role: "manager",
        opened_on: on,
        due_on: None,
    };
    tasks::open(conn, &[task])?;
    Ok(())
}

/// Reminds of certificates that end soon, each once; tells how many end.
pub(super) fn remind(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<i64, OfficeError> {
    let mut ahead = 0;
    for rule in work.book.of_jurisdictions(CourseRule::TOPIC, &work.site) {
        if let Ok(params) = rule.form::<CourseRule>() {
            ahead = ahead.max(i64::from(params.remind_days));
        }
    }
    let mut new = Vec::new();
    for (certificate, course) in store::certificates_ending(conn, (on, plus_days(on, ahead)))? {
        let rule = course_rule(work, &course, on)?;
        if certificate.until_on > plus_days(on, rule.params.remind_days.into()) {
            continue;
        }
        // Who has left needs no reminder.
        let person = match member(conn, &certificate.person, on) {
            Ok(person) => person,
            Err(OfficeError::Refused(_)) => continue,
            Err(error) => return Err(error),
        };
        new.push(NewTask {
            account_id: 0,
            kind: ENDING,
            subject: subject(&certificate.person, &course),
            codes: certificate.certificate_no.to_string(),
            detail: Bilingual::new(
                format!("{}的“{course}”证书将于{}到期", certificate.person, certificate.until_on),
                format!(
                    "the certificate \"{course}\" of {} ends on {}",
                    certificate.person, certificate.until_on
                ),
            ),
            owner_role: role_of(&person),
            opened_on: on,
            due_on: Some(certificate.until_on),
        });
    }
    tasks::open(conn, &new)?;
    Ok(i64::try_from(new.len()).unwrap_or(i64::MAX))
}

fn subject(person: &str, course: &str) -> String {
    format!("{person}:{course}")
}

fn course_of(conn: &mut Conn, code: &str) -> Result<CourseRow, OfficeError> {
    store::course(conn, code)?
        .ok_or_else(|| OfficeError::refuse(TrainingRefusal::UnknownCourse(code.to_owned())))
}

/// How a course is passed.
fn course_rule<'b>(work: &Work<'b>, course: &str, on: Date) -> Result<Picked<'b, CourseRule>, OfficeError> {
    let site = work.site.clone().with("course", course);
    Ok(work.book.pick::<CourseRule>(CourseRule::TOPIC, &site, on)?)
}
