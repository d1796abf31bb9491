//! 培训: courses, sessions, who came, what he scored, his certificates.

use crate::db::{Condition, Conn, Key, Orders, Placed, Row, Slice, StoreError, Table};
use jiff::civil::Date;

/// 课程 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseRow {
    /// Its number.
    pub course_no: i64,
    /// Its code, such as `safety`.
    pub code: String,
    /// Its name in Chinese.
    pub title: String,
    /// Its name in English.
    pub title_en: String,
    /// What it is about.
    pub about: String,
    /// Hours it takes.
    pub hours: i64,
    /// When it was made.
    pub made_on: Date,
    /// By whom.
    pub made_by: String,
}

fn read_course(row: &Row<'_>) -> Result<CourseRow, StoreError> {
    Ok(CourseRow {
        course_no: row.int(0)?,
        code: row.text(1)?,
        title: row.text(2)?,
        title_en: row.text(3)?,
        about: row.text(4)?,
        hours: row.int(5)?,
        made_on: row.date(6)?,
        made_by: row.text(7)?,
    })
}

/// Keeps a course.
///
/// # Errors
/// The database's; a code is given once.
pub fn insert_course(conn: &mut Conn, row: &CourseRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO course (course_no, code, title, title_en, about, hours, made_on, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            row.course_no.into(),
            (&row.code).into(),
            (&row.title).into(),
            (&row.title_en).into(),
            (&row.about).into(),
            row.hours.into(),
            row.made_on.into(),
            (&row.made_by).into(),
        ],
    )?;
    Ok(())
}

/// Every course, by code.
///
/// # Errors
/// The database's.
pub fn courses(conn: &mut Conn) -> Result<Vec<CourseRow>, StoreError> {
    conn.query(
        "SELECT course_no, code, title, title_en, about, hours, made_on, made_by FROM course ORDER BY code",
        &[],
        read_course,
    )
}

/// The course with a code.
///
/// # Errors
/// The database's.
pub fn course(conn: &mut Conn, code: &str) -> Result<Option<CourseRow>, StoreError> {
    conn.query_first(
        "SELECT course_no, code, title, title_en, about, hours, made_on, made_by FROM course WHERE code = $1",
        &[code.into()],
        read_course,
    )
}

/// 培训班 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The course.
    pub course_no: i64,
    /// Its number within the course.
    pub session_no: i64,
    /// When it is held.
    pub held_on: Date,
    /// Where.
    pub place: String,
    /// Who teaches.
    pub teacher: String,
    /// Who planned it.
    pub made_by: String,
}

/// Keeps a session with the next number of its course; gives the number. Whoever plans one for the course waits for the end of the transaction.
///
/// # Errors
/// The database's.
pub fn insert_session(conn: &mut Conn, row: &SessionRow) -> Result<i64, StoreError> {
    conn.execute("UPDATE course SET hours = hours WHERE course_no = $1", &[row.course_no.into()])?;
    let last = conn.query_int(
        "SELECT COALESCE(MAX(session_no), 0) FROM course_session WHERE course_no = $1",
        &[row.course_no.into()],
    )?;
    conn.execute(
        "INSERT INTO course_session (course_no, session_no, held_on, place, teacher, made_by) VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            row.course_no.into(),
            (last + 1).into(),
            row.held_on.into(),
            (&row.place).into(),
            (&row.teacher).into(),
            (&row.made_by).into(),
        ],
    )?;
    Ok(last + 1)
}

/// The sessions of a course (0: of all), the newest first, each with who came and who passed.
///
/// # Errors
/// The database's.
pub fn sessions(conn: &mut Conn, course_no: i64) -> Result<Vec<(SessionRow, String, i64, i64)>, StoreError> {
    conn.query(
        "SELECT s.course_no, s.session_no, s.held_on, s.place, s.teacher, s.made_by, k.code, \
         (SELECT COUNT(*) FROM attendance a WHERE a.course_no = s.course_no AND a.session_no = s.session_no AND a.came = 1), \
         (SELECT COUNT(*) FROM attendance a WHERE a.course_no = s.course_no AND a.session_no = s.session_no \
         AND a.certificate_no IS NOT NULL) FROM course_session s JOIN course k ON k.course_no = s.course_no \
         WHERE $1 = 0 OR s.course_no = $1 ORDER BY s.held_on DESC, s.course_no, s.session_no DESC",
        &[course_no.into()],
        |row| {
            let session = SessionRow {
                course_no: row.int(0)?,
                session_no: row.int(1)?,
                held_on: row.date(2)?,
                place: row.text(3)?,
                teacher: row.text(4)?,
                made_by: row.text(5)?,
            };
            Ok((session, row.text(6)?, row.int(7)?, row.int(8)?))
        },
    )
}

/// 出勤与考试 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttendanceRow {
    /// The course.
    pub course_no: i64,
    /// The session.
    pub session_no: i64,
    /// Staff code.
    pub person: String,
    /// Was he there?
    pub came: bool,
    /// Points of a hundred; none without a test.
    pub score: Option<i64>,
    /// When it was noted.
    pub noted_on: Date,
    /// By whom.
    pub noted_by: String,
    /// The certificate that stands on it.
    pub certificate_no: Option<i64>,
}

const ATTENDANCE: Table = Table {
    name: "attendance",
    columns: &[
        "course_no",
        "session_no",
        "person",
        "came",
        "score",
        "noted_on",
        "noted_by",
        "certificate_no",
    ],
    key: &["course_no", "session_no", "person"],
};

/// Keeps who came.
///
/// # Errors
/// The database's.
pub fn save_attendance(conn: &mut Conn, row: &AttendanceRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&ATTENDANCE, std::slice::from_ref(row), |row, out| {
        out.put(row.course_no).put(row.session_no).put(&row.person).put(row.came).put(row.score);
        out.put(row.noted_on).put(&row.noted_by).put(row.certificate_no);
    })
}

/// Who came to a session, by code.
///
/// # Errors
/// The database's.
pub fn attendance(
    conn: &mut Conn,
    (course_no, session_no): (i64, i64),
) -> Result<Vec<AttendanceRow>, StoreError> {
    conn.query(
        "SELECT course_no, session_no, person, came, score, noted_on, noted_by, certificate_no FROM attendance \
         WHERE course_no = $1 AND session_no = $2 ORDER BY person",
        &[course_no.into(), session_no.into()],
        |row| {
            Ok(AttendanceRow {
                course_no: row.int(0)?,
                session_no: row.int(1)?,
                person: row.text(2)?,
                came: row.truth(3)?,
                score: row.int_or_null(4)?,
                noted_on: row.date(5)?,
                noted_by: row.text(6)?,
                certificate_no: row.int_or_null(7)?,
            })
        },
    )
}

/// 证书 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRow {
    /// Its number.
    pub certificate_no: i64,
    /// The course.
    pub course_no: i64,
    /// The session whose test was passed.
    pub session_no: i64,
    /// Staff code of who holds it.
    pub person: String,
    /// Points of a hundred.
    pub score: i64,
    /// With which it was passed.
    pub pass_mark: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// Id of the rule.
    pub rule: String,
    /// Who gave it.
    pub given_by: String,
    /// When it was revoked.
    pub revoked_on: Option<Date>,
    /// By whom.
    pub revoked_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

const CERTIFICATE: Table = Table {
    name: "certificate",
    columns: &[
        "certificate_no",
        "course_no",
        "session_no",
        "person",
        "score",
        "pass_mark",
        "from_on",
        "until_on",
        "rule",
        "given_by",
        "revoked_on",
        "revoked_by",
        "reason",
    ],
    key: &["certificate_no"],
};

const COLUMNS: &str = "c.certificate_no, c.course_no, c.session_no, c.person, c.score, c.pass_mark, c.from_on, c.until_on, c.rule, \
    c.given_by, c.revoked_on, c.revoked_by, c.reason";

fn read_certificate(row: &Row<'_>) -> Result<CertificateRow, StoreError> {
    Ok(CertificateRow {
        certificate_no: row.int(0)?,
        course_no: row.int(1)?,
        session_no: row.int(2)?,
        person: row.text(3)?,
        score: row.int(4)?,
        pass_mark: row.int(5)?,
        from_on: row.date(6)?,
        until_on: row.date(7)?,
        rule: row.text(8)?,
        given_by: row.text(9)?,
        revoked_on: row.date_or_null(10)?,
        revoked_by: row.text_or_null(11)?,
        reason: row.text_or_null(12)?,
    })
}

/// Keeps a certificate, new or changed.
///
/// # Errors
/// The database's.
pub fn save_certificate(conn: &mut Conn, row: &CertificateRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&CERTIFICATE, std::slice::from_ref(row), |row, out| {
        out.put(row.certificate_no).put(row.course_no).put(row.session_no).put(&row.person).put(row.score);
        out.put(row.pass_mark).put(row.from_on).put(row.until_on).put(&row.rule).put(&row.given_by);
        out.put(row.revoked_on).put(row.revoked_by.as_deref()).put(row.reason.as_deref());
    })
}

/// One certificate.
///
/// # Errors
/// The database's.
pub fn certificate(conn: &mut Conn, certificate_no: i64) -> Result<Option<CertificateRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM certificate c WHERE c.certificate_no = $1");
    conn.query_first(&sql, &[certificate_no.into()], read_certificate)
}

/// Is a person's certificate of a course good on a day?
///
/// # Errors
/// The database's.
pub fn is_certified(conn: &mut Conn, (person, course): (&str, &str), on: Date) -> Result<bool, StoreError> {
    let held = conn.query_int(
        "SELECT COUNT(*) FROM certificate c JOIN course k ON k.course_no = c.course_no WHERE c.person = $1 AND k.code = $2 \
         AND c.from_on <= $3 AND c.until_on >= $3 AND (c.revoked_on IS NULL OR c.revoked_on > $3)",
        &[person.into(), course.into(), on.into()],
    )?;
    Ok(held > 0)
}

/// Which certificates.
#[derive(Clone, Debug, Default)]
pub struct CertificateFilter {
    /// Of people of this unit and those below it; 0 for all.
    pub root: i64,
    /// Only of this person.
    pub person: Option<String>,
    /// Only of this course.
    pub course: Option<String>,
    /// Only those that end on or before this day and are not revoked.
    pub ending_by: Option<Date>,
    /// Only those that have not ended before this day.
    pub good_on: Option<Date>,
}

/// What certificates are ordered by: the newest first.
pub const CERTIFICATE_ORDERS: Orders = Orders {
    words: &[
        ("from_on", Key::Int("c.from_on")),
        ("until_on", Key::Int("c.until_on")),
        ("person", Key::Text("c.person")),
        ("course", Key::Text("k.code")),
    ],
    usual: &[(Key::Int("c.certificate_no"), true)],
    rest: &[Key::Int("c.certificate_no")],
};

/// A page of certificates with the code of their course, each with its place.
///
/// # Errors
/// The database's.
pub fn certificates(
    conn: &mut Conn,
    filter: &CertificateFilter,
    slice: &Slice,
) -> Result<Placed<(CertificateRow, String)>, StoreError> {
    let mut condition = Condition::of("1 = 1");
    if filter.root != 0 {
        let mut people = Condition::default();
        people.within("s.org_id", filter.root);
        let part =
            format!("c.person IN (SELECT s.code FROM staff s WHERE {})", people.sql().replace("$1", "?"));
        condition.and(&part, filter.root);
    }
    condition.and_if("c.person = ?", filter.person.as_deref());
    condition.and_if("k.code = ?", filter.course.as_deref());
    condition.and_if("c.revoked_on IS NULL AND c.until_on <= ?", filter.ending_by);
    condition.and_if("c.revoked_on IS NULL AND c.until_on >= ?", filter.good_on);
    let from = "certificate c JOIN course k ON k.course_no = c.course_no";
    slice.rows(conn, (&format!("{COLUMNS}, k.code"), 14, from), condition, |row| {
        Ok((read_certificate(row)?, row.text(13)?))
    })
}

/// Certificates that end between two days, with the code of their course, and that nothing newer of the same person and course replaces.
///
/// # Errors
/// The database's.
pub fn certificates_ending(
    conn: &mut Conn,
    (from, to): (Date, Date),
) -> Result<Vec<(CertificateRow, String)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, k.code FROM certificate c JOIN course k ON k.course_no = c.course_no \
         WHERE c.revoked_on IS NULL AND c.until_on BETWEEN $1 AND $2 AND NOT EXISTS (SELECT 1 FROM certificate n \
         WHERE n.person = c.person AND n.course_no = c.course_no AND n.until_on > c.until_on AND n.revoked_on IS NULL) \
         ORDER BY c.certificate_no"
    );
    conn.query(&sql, &[from.into(), to.into()], |row| Ok((read_certificate(row)?, row.text(13)?)))
}
