//! 培训: courses, sessions, tests, certificates.

use crate::ask::Ask;
use crate::input::Nothing;
use crate::paging::List;
use crate::problem::Problem;
use crate::route::Routes;
use crate::sorting::{Sort, ordered_by};
use denghuo_office::supervision::training::{
    Attended, NewCourse, attendance_note, certificate_revoke, course_add, session_plan,
};
use denghuo_rules::access::Permission;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::supervision::training::{ActRule, CertifiedAct, CourseRule, Demand, TrainingRefusal};
use denghuo_store::db::without_places;
use denghuo_store::supervision::training::CERTIFICATE_ORDERS;
use denghuo_store::supervision::training::{
    AttendanceRow, CertificateFilter, CertificateRow, CourseRow, attendance, certificate, certificates,
    course, courses, sessions,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn routes(routes: Routes) -> Routes {
    let (see, keep) = (Permission::SeeTraining, Permission::KeepTraining);
    routes
        .get(
            "/courses",
            see,
            ("培训课程", "Courses with their sessions, and which acts want their certificates"),
            course_list,
        )
        .post("/courses", keep, ("新增课程", "Add a course"), course_open)
        .once()
        .post("/courses/{course}/sessions", keep, ("安排培训班", "Plan a session"), session_open)
        .once()
        .get(
            "/courses/{course}/sessions/{session_no}",
            see,
            ("出勤与成绩", "Who came to a session and what he scored"),
            session_one,
        )
        .post(
            "/courses/{course}/sessions/{session_no}/attendance",
            keep,
            ("登记出勤与成绩", "Note who came; with the mark of the book he gets his certificate"),
            attendance_put,
        )
        .once()
        .list(
            "/certificates",
            see,
            ("证书", "Certificates of one's unit, the newest first"),
            certificate_list,
        )
        .post(
            "/certificates/{certificate_no}/revocation",
            keep,
            ("吊销证书", "Revoke a certificate from today on"),
            certificate_end,
        )
}

/// A session of a course.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct SessionLine {
    /// Its number within the course.
    session_no: i64,
    /// When it is held.
    #[schemars(with = "DateForm")]
    held_on: Date,
    /// Where.
    place: String,
    /// Who teaches.
    teacher: String,
    /// How many came.
    came: i64,
    /// How many got their certificate.
    passed: i64,
}

/// An act that wants a certificate.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ActLine {
    /// The act.
    act: CertifiedAct,
    /// What happens without one.
    demand: Demand,
    /// Id of the rule.
    rule: String,
}

/// A course.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CourseLine {
    /// Its code.
    code: String,
    /// Its name.
    title: Bilingual,
    /// What it is about.
    about: String,
    /// Hours it takes.
    hours: i64,
    /// Points with which the test is passed.
    pass_mark: Option<u32>,
    /// Months for which the certificate is good.
    valid_months: Option<u32>,
    /// Acts that want its certificate.
    acts: Vec<ActLine>,
    /// Its sessions, the newest first.
    sessions: Vec<SessionLine>,
}

/// The courses.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Courses {
    /// By code.
    items: Vec<CourseLine>,
}

fn course_list(ask: &mut Ask<'_>, _: &Nothing, _: &Nothing) -> Result<Courses, Problem> {
    let mut acts: Vec<(String, ActLine)> = Vec::new();
    for act in CertifiedAct::ALL {
        if let Some(picked) = ActRule::of(ask.work.book, &ask.work.site, *act, ask.today)
            .map_err(|error| Problem::failure(&error))?
        {
            let line = ActLine { act: *act, demand: picked.params.demand, rule: picked.rule.id.clone() };
            acts.push((picked.params.course, line));
        }
    }
    let held = sessions(ask.conn, 0)?;
    let rows = courses(ask.conn)?;
    let line = |row: CourseRow| {
        let rule = rule_of(ask, &row.code);
        CourseLine {
            title: Bilingual::new(row.title, row.title_en),
            about: row.about,
            hours: row.hours,
            pass_mark: rule.map(|rule| rule.pass_mark),
            valid_months: rule.map(|rule| rule.valid_months),
            acts: acts.iter().filter(|(course, _)| *course == row.code).map(|(_, act)| act.clone()).collect(),
            sessions: held
                .iter()
                .filter(|(session, ..)| session.course_no == row.course_no)
                .map(|(session, _, came, passed)| SessionLine {
                    session_no: session.session_no,
                    held_on: session.held_on,
                    place: session.place.clone(),
                    teacher: session.teacher.clone(),
                    came: *came,
                    passed: *passed,
                })
                .collect(),
            code: row.code,
        }
    };
    Ok(Courses { items: rows.into_iter().map(line).collect() })
}

fn rule_of(ask: &Ask<'_>, course: &str) -> Option<CourseRule> {
    let site = ask.work.site.clone().with("course", course);
    ask.work.book.pick::<CourseRule>(CourseRule::TOPIC, &site, ask.today).ok().map(|picked| picked.params)
}

/// A course as it is added.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CourseBody {
    /// Its code, such as `safety`.
    #[schemars(length(min = 1, max = 40))]
    code: String,
    /// Its name in Chinese.
    #[schemars(length(min = 1, max = 200))]
    title: String,
    /// Its name in English; the Chinese one when not given.
    #[serde(default)]
    title_en: String,
    /// What it is about.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    about: String,
    /// Hours it takes.
    #[serde(default)]
    #[schemars(range(min = 0, max = 10_000))]
    hours: i64,
}

/// What was added.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CourseAdded {
    /// Its code.
    code: String,
}

fn course_open(ask: &mut Ask<'_>, _: &Nothing, body: &CourseBody) -> Result<CourseAdded, Problem> {
    if body.about.chars().count() > 2_000 || body.title.chars().count() > 200 || body.hours > 10_000 {
        return Err(Problem::unreadable("body", "title, about, hours"));
    }
    let new = NewCourse {
        code: body.code.clone(),
        title: body.title.clone(),
        title_en: body.title_en.clone(),
        about: body.about.clone(),
        hours: body.hours,
    };
    let row = course_add(ask.conn, ask.work, &new, ask.today)?;
    Ok(CourseAdded { code: row.code })
}

/// A course in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CoursePath {
    /// Its code.
    course: String,
}

/// A session in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct SessionPath {
    /// Code of the course.
    course: String,
    /// Number of the session within the course.
    session_no: i64,
}

/// A session as it is planned.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SessionBody {
    /// The day.
    #[schemars(with = "DateForm")]
    held_on: Date,
    /// The place.
    #[schemars(length(min = 1, max = 200))]
    place: String,
    /// Who teaches.
    #[schemars(length(min = 1, max = 200))]
    teacher: String,
}

/// What was planned.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct SessionPlanned {
    /// Number of the session within the course.
    session_no: i64,
}

fn session_open(ask: &mut Ask<'_>, path: &CoursePath, body: &SessionBody) -> Result<SessionPlanned, Problem> {
    let session_no =
        session_plan(ask.conn, ask.work, (&path.course, body.held_on), (&body.place, &body.teacher))?;
    Ok(SessionPlanned { session_no })
}

/// Somebody who came, or did not.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct AttendanceLine {
    /// Staff code.
    person: String,
    /// Was he there?
    came: bool,
    /// Points of a hundred; none without a test.
    score: Option<i64>,
    /// His certificate.
    certificate_no: Option<i64>,
    /// When it was noted.
    #[schemars(with = "DateForm")]
    noted_on: Date,
    /// By whom.
    noted_by: String,
}

impl AttendanceLine {
    fn of(row: AttendanceRow) -> Self {
        Self {
            person: row.person,
            came: row.came,
            score: row.score,
            certificate_no: row.certificate_no,
            noted_on: row.noted_on,
            noted_by: row.noted_by,
        }
    }
}

/// A session with who came.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct SessionShown {
    /// Code of the course.
    course: String,
    /// Its name.
    title: Bilingual,
    /// The session.
    session: SessionLine,
    /// Who came, by code.
    people: Vec<AttendanceLine>,
}

fn session_one(ask: &mut Ask<'_>, path: &SessionPath, _: &Nothing) -> Result<SessionShown, Problem> {
    let row = course(ask.conn, &path.course)?
        .ok_or_else(|| Problem::refuse(TrainingRefusal::UnknownCourse(path.course.clone())))?;
    let held = sessions(ask.conn, row.course_no)?;
    let (session, _, came, passed) = held
        .into_iter()
        .find(|(session, ..)| session.session_no == path.session_no)
        .ok_or_else(|| Problem::refuse(TrainingRefusal::UnknownSession(path.session_no)))?;
    let people = attendance(ask.conn, (row.course_no, path.session_no))?;
    Ok(SessionShown {
        course: row.code,
        title: Bilingual::new(row.title, row.title_en),
        session: SessionLine {
            session_no: session.session_no,
            held_on: session.held_on,
            place: session.place,
            teacher: session.teacher,
            came,
            passed,
        },
        people: people.into_iter().map(AttendanceLine::of).collect(),
    })
}

/// Who came and what he scored.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AttendanceBody {
    /// Staff code.
    #[schemars(length(min = 1, max = 64))]
    person: String,
    /// Was he there?
    came: bool,
    /// Points of a hundred; none without a test.
    #[serde(default)]
    score: Option<i64>,
}

fn attendance_put(
    ask: &mut Ask<'_>,
    path: &SessionPath,
    body: &AttendanceBody,
) -> Result<AttendanceLine, Problem> {
    let attended = Attended { person: body.person.clone(), came: body.came, score: body.score };
    let place = (path.course.as_str(), path.session_no);
    let row = attendance_note(ask.conn, ask.work, place, &attended, ask.today)?;
    Ok(AttendanceLine::of(row))
}

/// Which certificates.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CertificateQuery {
    /// Only one's own.
    #[serde(default)]
    mine: bool,
    /// Only of this person.
    #[serde(default)]
    person: Option<String>,
    /// Only of this course.
    #[serde(default)]
    course: Option<String>,
    /// Only those that end on or before this day.
    #[serde(default)]
    #[schemars(with = "Option<DateForm>")]
    ending_by: Option<Date>,
    /// Only those that are good today.
    #[serde(default)]
    good: bool,
    /// The order; the newest first when not given.
    #[serde(default)]
    sort: Sort<CertificateLine>,
}

/// A certificate.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CertificateLine {
    /// Its number.
    certificate_no: i64,
    /// Staff code of who holds it.
    person: String,
    /// Code of the course.
    course: String,
    /// Number of the session.
    session_no: i64,
    /// Points of a hundred.
    score: i64,
    /// First day.
    #[schemars(with = "DateForm")]
    from_on: Date,
    /// Last day.
    #[schemars(with = "DateForm")]
    until_on: Date,
    /// When it was revoked.
    #[schemars(with = "Option<DateForm>")]
    revoked_on: Option<Date>,
    /// Why.
    reason: Option<String>,
    /// Is it good today?
    good: bool,
}

ordered_by!(CertificateLine, CERTIFICATE_ORDERS);

impl CertificateLine {
    fn of(row: CertificateRow, course: String, today: Date) -> Self {
        let good =
            row.from_on <= today && row.until_on >= today && row.revoked_on.is_none_or(|day| day > today);
        Self {
            certificate_no: row.certificate_no,
            person: row.person,
            course,
            session_no: row.session_no,
            score: row.score,
            from_on: row.from_on,
            until_on: row.until_on,
            revoked_on: row.revoked_on,
            reason: row.reason,
            good,
        }
    }
}

fn certificate_list(
    ask: &mut Ask<'_>,
    _: &Nothing,
    query: &CertificateQuery,
) -> Result<List<CertificateLine>, Problem> {
    let own = query.mine.then(|| ask.who.person.name.clone());
    let filter = CertificateFilter {
        root: ask.root()?,
        person: own.or_else(|| query.person.clone()),
        course: query.course.clone(),
        ending_by: query.ending_by,
        good_on: query.good.then_some(ask.today),
    };
    let slice = ask.page.slice(&CERTIFICATE_ORDERS, &query.sort)?;
    let rows = certificates(ask.conn, &filter, &slice)?;
    let today = ask.today;
    let page = List::of_placed(rows, ask.page.limit);
    Ok(page.map(|(row, course)| CertificateLine::of(row, course, today)))
}

/// A certificate in the path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CertificatePath {
    /// Its number.
    certificate_no: i64,
}

/// Why it is revoked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RevokeBody {
    /// In words.
    #[schemars(length(min = 1, max = 2000))]
    reason: String,
}

fn certificate_end(
    ask: &mut Ask<'_>,
    path: &CertificatePath,
    body: &RevokeBody,
) -> Result<CertificateLine, Problem> {
    let unknown = || Problem::refuse(TrainingRefusal::UnknownCertificate(path.certificate_no));
    let row = certificate(ask.conn, path.certificate_no)?.ok_or_else(unknown)?;
    let filter =
        CertificateFilter { root: ask.root()?, person: Some(row.person), ..CertificateFilter::default() };
    let own = without_places(certificates(ask.conn, &filter, &CERTIFICATE_ORDERS.first(10_000))?);
    let course = own.into_iter().find(|(row, _)| row.certificate_no == path.certificate_no);
    let (_, course) = course.ok_or_else(Problem::foreign_account)?;
    let row = certificate_revoke(ask.conn, ask.work, path.certificate_no, &body.reason, ask.today)?;
    Ok(CertificateLine::of(row, course, ask.today))
}
