//! 宣传时限: the stage of the day. Articles whose day has come become work, campaigns whose days are over are measured.

use super::{REVIEW, campaigns};
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::derivation::Bilingual;
use denghuo_store::Conn;
use denghuo_store::day::Counts;
use denghuo_store::outreach::{self as store};
use denghuo_store::tasks::{self, NewTask};
use jiff::civil::Date;

/// Does what is due on a day; doing it again changes nothing.
///
/// # Errors
/// The database's.
pub fn outreach(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<Counts, OfficeError> {
    conn.write(|conn| {
        let due = store::articles_due(conn, on)?;
        let task = |article: &store::ArticleRow| NewTask {
            account_id: 0,
            kind: REVIEW,
            subject: article.code.clone(),
            codes: format!("{},{}", article.topic.word(), article.published),
            detail: Bilingual::new(
                format!("文章{}到期复核", article.code),
                format!("the article {} has to be looked at again", article.code),
            ),
            owner_role: "agent",
            opened_on: on,
            due_on: article.review_on,
        };
        let tasks: Vec<NewTask> = due.iter().map(task).collect();
        tasks::open(conn, &tasks)?;
        let ending = store::campaigns_ending(conn, on)?;
        let done = i64::try_from(due.len() + ending.len()).unwrap_or(i64::MAX);
        for campaign in ending {
            campaigns::close(conn, work, campaign, on)?;
        }
        Ok(Counts { due: done, done, ..Counts::default() })
    })
}
