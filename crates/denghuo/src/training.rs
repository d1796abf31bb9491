//! `denghuo training`: courses, sessions, tests, certificates.

use crate::context::{Global, print_json, today};
use clap::{Args as ClapArgs, Subcommand};
use denghuo_office::supervision::training::{
    Attended, NewCourse, attendance_note, certificate_revoke, course_add, session_plan,
};
use denghuo_store::db::without_places;
use denghuo_store::supervision::training::CERTIFICATE_ORDERS;
use denghuo_store::supervision::training::{CertificateFilter, certificates, courses, sessions};
use jiff::civil::Date;
use serde_json::json;

/// Arguments of `denghuo training`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  denghuo training add --code safety --title 安全规程 --title-en 'Safety rules' --hours 8 --by S001\n  \
        denghuo training plan --course safety --held 2026-03-10 --place 会议室 --teacher S002 --by S001\n  \
        denghuo training note --course safety --session 1 --person S004 --score 95 --by S001\n  denghuo training certificates"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Courses and their sessions 课程
    Courses {
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Add a course 新增课程
    Add {
        /// Its code, such as safety
        #[arg(long)]
        code: String,
        /// Its name in Chinese
        #[arg(long)]
        title: String,
        /// Its name in English
        #[arg(long, default_value = "")]
        title_en: String,
        /// What it is about
        #[arg(long, default_value = "")]
        about: String,
        /// Hours it takes
        #[arg(long, default_value_t = 0)]
        hours: i64,
        #[command(flatten)]
        common: Common,
    },
    /// Plan a session 安排培训班
    Plan {
        /// Code of the course
        #[arg(long)]
        course: String,
        /// The day
        #[arg(long)]
        held: Date,
        /// The place
        #[arg(long)]
        place: String,
        /// Who teaches
        #[arg(long)]
        teacher: String,
        #[command(flatten)]
        common: Common,
    },
    /// Note who came and what he scored; with the mark he gets his certificate 登记出勤与成绩
    Note {
        /// Code of the course
        #[arg(long)]
        course: String,
        /// Number of the session
        #[arg(long)]
        session: i64,
        /// Staff code
        #[arg(long)]
        person: String,
        /// He was not there
        #[arg(long, conflicts_with = "score")]
        absent: bool,
        /// Points of a hundred
        #[arg(long)]
        score: Option<i64>,
        #[command(flatten)]
        common: Common,
    },
    /// Certificates, the newest first 证书
    Certificates {
        /// Only of this person
        #[arg(long)]
        person: Option<String>,
        /// Only those that end on or before this day
        #[arg(long)]
        ending_by: Option<Date>,
        /// JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a certificate 吊销证书
    Revoke {
        /// Its number
        certificate: i64,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(ClapArgs)]
struct Common {
    /// Staff code
    #[arg(long)]
    by: String,
    /// The business date; today when not given
    #[arg(long)]
    date: Option<Date>,
}

impl Common {
    fn on(&self) -> Date {
        self.date.unwrap_or_else(today)
    }
}

/// Does what is asked.
///
/// # Errors
/// A refusal, or a failure of the database.
pub fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    match args.what {
        What::Courses { json } => listed(global, json),
        What::Add { code, title, title_en, about, hours, common } => global.work(&common.by, |conn, work| {
            let new = NewCourse { code, title, title_en, about, hours };
            let row = course_add(conn, work, &new, common.on())?;
            println!("{} {}", row.code, global.say(&row.title, &row.title_en));
            Ok(())
        }),
        What::Plan { course, held, place, teacher, common } => global.work(&common.by, |conn, work| {
            let no = session_plan(conn, work, (&course, held), (&place, &teacher))?;
            println!("{course} {} {no}  {held}", global.say("第", "session"));
            Ok(())
        }),
        What::Note { course, session, person, absent, score, common } => {
            global.work(&common.by, |conn, work| {
                let attended = Attended { person, came: !absent, score };
                let row = attendance_note(conn, work, (&course, session), &attended, common.on())?;
                match row.certificate_no {
                    Some(no) => println!("{} {} {no}", row.person, global.say("证书", "certificate")),
                    None => println!("{} {}", row.person, global.say("已登记", "noted")),
                }
                Ok(())
            })
        }
        What::Certificates { person, ending_by, json: as_json } => {
            let mut conn = global.connect()?;
            let filter = CertificateFilter { person, ending_by, ..CertificateFilter::default() };
            let rows = without_places(certificates(&mut conn, &filter, &CERTIFICATE_ORDERS.first(1_000))?);
            if as_json {
                let rows: Vec<_> = rows
                    .iter()
                    .map(|(row, course)| {
                        json!({ "certificate": row.certificate_no, "person": row.person, "course": course,
                            "score": row.score, "from_on": row.from_on, "until_on": row.until_on,
                            "revoked_on": row.revoked_on })
                    })
                    .collect();
                return print_json(&rows);
            }
            for (row, course) in &rows {
                let ended = if row.revoked_on.is_some() { global.say("已吊销", "revoked") } else { "" };
                println!(
                    "{:>5} {} {course} {} {}–{} {ended}",
                    row.certificate_no, row.person, row.score, row.from_on, row.until_on
                );
            }
            Ok(())
        }
        What::Revoke { certificate, reason, common } => global.work(&common.by, |conn, work| {
            let row = certificate_revoke(conn, work, certificate, &reason, common.on())?;
            println!("{} {} {}", row.certificate_no, row.person, global.say("已吊销", "revoked"));
            Ok(())
        }),
    }
}

fn listed(global: &Global, as_json: bool) -> anyhow::Result<()> {
    let mut conn = global.connect()?;
    let courses = courses(&mut conn)?;
    let sessions = sessions(&mut conn, 0)?;
    if as_json {
        let rows: Vec<_> = courses
            .iter()
            .map(|course| {
                let held: Vec<_> = sessions
                    .iter()
                    .filter(|(session, ..)| session.course_no == course.course_no)
                    .map(|(session, _, came, passed)| {
                        json!({ "session": session.session_no, "held_on": session.held_on, "place": session.place,
                            "teacher": session.teacher, "came": came, "passed": passed })
                    })
                    .collect();
                json!({ "course": course.code, "title": course.title, "title_en": course.title_en, "hours": course.hours,
                    "sessions": held })
            })
            .collect();
        return print_json(&rows);
    }
    for course in &courses {
        println!("{} {}", course.code, global.say(&course.title, &course.title_en));
        for (session, _, came, passed) in
            sessions.iter().filter(|(session, ..)| session.course_no == course.course_no)
        {
            println!(
                "  {:>3} {} {} {}  {} {came}, {} {passed}",
                session.session_no,
                session.held_on,
                session.place,
                session.teacher,
                global.say("到场", "came:"),
                global.say("发证", "certificates:"),
            );
        }
    }
    Ok(())
}
