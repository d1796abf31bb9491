//! The articles that the program carries.

use super::articles::NewArticle;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::outreach::{ArticleRule, ArticleState, ArticleTopic, Audience};
use denghuo_rules::refusal::Refusal;
use denghuo_store::Conn;
use denghuo_store::outreach::{self as store, ArticleRow, VersionRow};
use denghuo_store::supervision::next_numbers;
use jiff::civil::Date;
use serde::Deserialize;

macro_rules! embedded {
    ($($code:literal),* $(,)?) => {
        /// `(code, text)` of every article that the program carries; a test compares the list with the folder.
        pub const EMBEDDED: &[(&str, &str)] = &[$(
            ($code, include_str!(concat!("../../../../templates/article/", $code, ".toml"))),
        )*];
    };
}
embedded![
    "bill-how-to-read",
    "fault-first-look",
    "policy-cut",
    "policy-late-fee",
    "safety-lines",
    "safety-wet",
    "saving-home",
    "service-doubt",
    "staff-high-bill",
    "tariff-tiers",
    "tariff-time-of-use",
];

/// 文章文件
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleFile {
    code: String,
    topic: ArticleTopic,
    audience: Audience,
    title_zh: String,
    title_en: String,
    body_zh: String,
    body_en: String,
}

/// An article of a file.
///
/// # Errors
/// The text is none.
pub(super) fn read(name: &str, text: &str) -> Result<NewArticle, OfficeError> {
    let file: ArticleFile = toml::from_str(text).map_err(|error| {
        let zh = format!("文章{name}: {error}");
        OfficeError::Refused(Refusal::new("article.bad_file", zh, format!("the article {name}: {error}")))
    })?;
    Ok(NewArticle {
        code: file.code,
        topic: file.topic,
        audience: file.audience,
        title: file.title_zh,
        title_en: file.title_en,
        body: file.body_zh.trim().to_owned(),
        body_en: file.body_en.trim().to_owned(),
    })
}

/// Writes the articles that the program carries and the database has not, read from the first day on; tells how many.
///
/// # Errors
/// A missing rule, or the database's.
pub fn articles_install(conn: &mut Conn, work: &Work<'_>, on: Date) -> Result<i64, OfficeError> {
    conn.write(|conn| {
        let mut written = 0;
        for (name, text) in EMBEDDED {
            let new = read(name, text)?;
            if store::article(conn, &new.code)?.is_some() {
                continue;
            }
            let site = work.site.clone().with("topic", new.topic.word());
            let rule = work.book.pick::<ArticleRule>(ArticleRule::TOPIC, &site, on)?;
            let article_no = next_numbers(conn, "article", 1)?;
            store::save_article(
                conn,
                &ArticleRow {
                    article_no,
                    code: new.code,
                    topic: new.topic,
                    audience: new.audience,
                    state: ArticleState::Published,
                    version: 1,
                    published: 1,
                    review_on: Some(rule.params.review_on(on)),
                    reviewed_on: None,
                    reviewed_by: None,
                },
            )?;
            store::insert_version(
                conn,
                &VersionRow {
                    article_no,
                    version: 1,
                    title: new.title,
                    title_en: new.title_en,
                    body: new.body,
                    body_en: new.body_en,
                    written_on: on,
                    written_by: "denghuo".to_owned(),
                    published_on: Some(on),
                    published_by: Some(work.by.clone()),
                },
            )?;
            written += 1;
        }
        Ok(written)
    })
}
