//! 知识文章: written in versions, let out by another, looked at again, found by their words.

use super::REVIEW;
use crate::error::OfficeError;
use crate::work::Work;
use denghuo_rules::calendar::DateForm;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::outreach::{
    ArticleDeed, ArticleFacts, ArticleRefusal, ArticleRule, ArticleState, ArticleTopic, Audience,
    check_article, rank,
};
use denghuo_store::Conn;
use denghuo_store::outreach::{self as store, ArticleFilter, ArticleRow, VersionRow};
use denghuo_store::supervision::next_numbers;
use denghuo_store::tasks::{self, Resolution};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// Characters of a title at most.
const TITLE_MOST: usize = 200;
/// Characters of a text at most.
const BODY_MOST: usize = 20_000;

/// 文章稿: a version as somebody writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewArticle {
    /// Its name, such as `policy-cut`.
    pub code: String,
    /// What it is about.
    pub topic: ArticleTopic,
    /// Who reads it.
    pub audience: Audience,
    /// Title in Chinese.
    pub title: String,
    /// In English.
    pub title_en: String,
    /// Text in Chinese, a paragraph a line.
    pub body: String,
    /// In English.
    pub body_en: String,
}

/// Writes an article: a new one, or a further version of one that is there. Nobody reads it before another person lets it out.
///
/// # Errors
/// An [`ArticleRefusal`], or the database's.
pub fn article_write(
    conn: &mut Conn,
    work: &Work<'_>,
    new: &NewArticle,
    is_new: bool,
    on: Date,
) -> Result<ArticleRow, OfficeError> {
    work.check_date(on)?;
    checked(new).map_err(OfficeError::refuse)?;
    conn.write(|conn| {
        let code = new.code.trim();
        let row = match store::article(conn, code)? {
            Some(_) if is_new => return Err(OfficeError::refuse(ArticleRefusal::Exists(code.to_owned()))),
            Some(row) => {
                ArticleRow { version: row.version + 1, topic: new.topic, audience: new.audience, ..row }
            }
            None if !is_new => return Err(OfficeError::refuse(ArticleRefusal::Unknown(code.to_owned()))),
            None => ArticleRow {
                article_no: next_numbers(conn, "article", 1)?,
                code: code.to_owned(),
                topic: new.topic,
                audience: new.audience,
                state: ArticleState::Draft,
                version: 1,
                published: 0,
                review_on: None,
                reviewed_on: None,
                reviewed_by: None,
            },
        };
        store::save_article(conn, &row)?;
        let version = VersionRow {
            article_no: row.article_no,
            version: row.version,
            title: new.title.trim().to_owned(),
            title_en: new.title_en.trim().to_owned(),
            body: new.body.trim().to_owned(),
            body_en: new.body_en.trim().to_owned(),
            written_on: on,
            written_by: work.by.clone(),
            published_on: None,
            published_by: None,
        };
        store::insert_version(conn, &version)?;
        Ok(row)
    })
}

fn checked(new: &NewArticle) -> Result<(), ArticleRefusal> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let code = new.code.trim();
    if code.is_empty() || code.chars().count() > 64 || !code.chars().all(is_name) {
        return Err(ArticleRefusal::Missing("code"));
    }
    for (what, text, most) in [
        ("title", &new.title, TITLE_MOST),
        ("title_en", &new.title_en, TITLE_MOST),
        ("body", &new.body, BODY_MOST),
        ("body_en", &new.body_en, BODY_MOST),
    ] {
        if text.trim().is_empty() {
            return Err(ArticleRefusal::Missing(what));
        }
        if text.chars().count() > most {
            return Err(ArticleRefusal::TooLong(what, most));
        }
    }
    Ok(())
}

/// Lets an article out in its newest version, confirms that it is still right, or takes it away.
///
/// # Errors
/// An [`ArticleRefusal`], a missing rule, or the database's.
pub fn article_do(
    conn: &mut Conn,
    work: &Work<'_>,
    code: &str,
    deed: ArticleDeed,
    on: Date,
) -> Result<ArticleRow, OfficeError> {
    work.check_date(on)?;
    conn.write(|conn| {
        let mut row = known(conn, code)?;
        let newest = store::version(conn, (row.article_no, row.version))?
            .ok_or_else(|| OfficeError::refuse(ArticleRefusal::Unknown(code.to_owned())))?;
        let facts = ArticleFacts {
            state: row.state,
            version: row.version,
            written_by: newest.written_by,
            published: row.published,
        };
        check_article(&facts, deed, &work.by).map_err(OfficeError::refuse)?;
        let site = work.site.clone().with("topic", row.topic.word());
        let rule = work.book.pick::<ArticleRule>(ArticleRule::TOPIC, &site, on)?.params;
        match deed {
            ArticleDeed::Publish => {
                store::publish_version(conn, (row.article_no, row.version), &work.by, on)?;
                row.published = row.version;
                row.state = ArticleState::Published;
                row.review_on = Some(rule.review_on(on));
            }
            ArticleDeed::Confirm => {
                row.review_on = Some(rule.review_on(on));
                (row.reviewed_on, row.reviewed_by) = (Some(on), Some(work.by.clone()));
            }
            ArticleDeed::Withdraw => {
                row.state = ArticleState::Withdrawn;
                row.review_on = None;
            }
        }
        store::save_article(conn, &row)?;
        let resolution = Resolution { decision: deed.word(), by: &work.by, on, note: "" };
        tasks::resolve(conn, (0, REVIEW, &row.code), &resolution)?;
        Ok(row)
    })
}

fn known(conn: &mut Conn, code: &str) -> Result<ArticleRow, OfficeError> {
    store::article(conn, code)?.ok_or_else(|| OfficeError::refuse(ArticleRefusal::Unknown(code.to_owned())))
}

/// 文章 on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ArticleLine {
    /// Its name.
    pub code: String,
    /// What it is about.
    pub topic: ArticleTopic,
    /// Who reads it.
    pub audience: Audience,
    /// Where it stands.
    pub state: ArticleState,
    /// Its title.
    pub title: Bilingual,
    /// The newest version.
    pub version: i64,
    /// The version that is read; 0 for none.
    pub published: i64,
    /// When somebody has to look whether it is still right.
    #[schemars(with = "Option<DateForm>")]
    pub review_on: Option<Date>,
}

/// Articles, by code; those that answer best first when something is asked.
///
/// # Errors
/// The database's.
pub fn articles_find(
    conn: &mut Conn,
    filter: &ArticleFilter,
    asked: &str,
) -> Result<Vec<ArticleLine>, OfficeError> {
    let mut found: Vec<(i64, ArticleLine)> = Vec::new();
    for (row, version) in store::articles(conn, filter)? {
        let score = if asked.trim().is_empty() {
            1
        } else {
            rank(
                asked,
                &format!("{} {}", version.title, version.title_en),
                &format!("{} {}", version.body, version.body_en),
            )
        };
        if score > 0 {
            let line = ArticleLine {
                code: row.code,
                topic: row.topic,
                audience: row.audience,
                state: row.state,
                title: Bilingual::new(version.title, version.title_en),
                version: row.version,
                published: row.published,
                review_on: row.review_on,
            };
            found.push((score, line));
        }
    }
    found.sort_by_key(|(score, _)| -score);
    Ok(found.into_iter().map(|(_, line)| line).collect())
}

/// 文章正文 as a customer reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ArticleText {
    /// Its name.
    pub code: String,
    /// What it is about.
    pub topic: ArticleTopic,
    /// Its title.
    pub title: Bilingual,
    /// Its text, a paragraph a line.
    pub body: Bilingual,
    /// Since when it is read.
    #[schemars(with = "Option<DateForm>")]
    pub published_on: Option<Date>,
}

/// An article that customers may read, in the version that was let out.
///
/// # Errors
/// [`ArticleRefusal::Unknown`], or the database's.
pub fn article_read(conn: &mut Conn, code: &str) -> Result<ArticleText, OfficeError> {
    let unknown = || OfficeError::refuse(ArticleRefusal::Unknown(code.to_owned()));
    let row = known(conn, code)?;
    if row.state != ArticleState::Published || row.audience != Audience::Everybody {
        return Err(unknown());
    }
    let version = store::version(conn, (row.article_no, row.published))?.ok_or_else(unknown)?;
    Ok(ArticleText {
        code: row.code,
        topic: row.topic,
        title: Bilingual::new(version.title, version.title_en),
        body: Bilingual::new(version.body, version.body_en),
        published_on: version.published_on,
    })
}

/// 文章版本 as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VersionShown {
    /// The version, from 1 on.
    pub version: i64,
    /// Its title.
    pub title: Bilingual,
    /// Its text.
    pub body: Bilingual,
    /// When it was written.
    #[schemars(with = "DateForm")]
    pub written_on: Date,
    /// By whom.
    pub written_by: String,
    /// When it was let out.
    #[schemars(with = "Option<DateForm>")]
    pub published_on: Option<Date>,
    /// By whom.
    pub published_by: Option<String>,
}

/// 文章 as it is shown to the staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ArticleShown {
    /// As it stands on the list.
    #[serde(flatten)]
    pub line: ArticleLine,
    /// When somebody last looked.
    #[schemars(with = "Option<DateForm>")]
    pub reviewed_on: Option<Date>,
    /// Who.
    pub reviewed_by: Option<String>,
    /// What the asker may do now.
    pub next: Vec<ArticleDeed>,
    /// Its versions, the newest first.
    pub versions: Vec<VersionShown>,
}

/// Shows an article with its versions.
///
/// # Errors
/// [`ArticleRefusal::Unknown`], or the database's.
pub fn article_show(conn: &mut Conn, work: &Work<'_>, code: &str) -> Result<ArticleShown, OfficeError> {
    let row = known(conn, code)?;
    let versions = store::versions_of(conn, row.article_no)?;
    let shown = |no: i64| versions.iter().find(|version| version.version == no);
    let title = shown(if row.published > 0 { row.published } else { row.version })
        .map_or_else(Bilingual::default, |version| Bilingual::new(&version.title, &version.title_en));
    let facts = ArticleFacts {
        state: row.state,
        version: row.version,
        written_by: shown(row.version).map_or_else(String::new, |version| version.written_by.clone()),
        published: row.published,
    };
    let may = |deed: &ArticleDeed| check_article(&facts, *deed, &work.by).is_ok();
    Ok(ArticleShown {
        next: ArticleDeed::ALL.iter().copied().filter(may).collect(),
        line: ArticleLine {
            code: row.code,
            topic: row.topic,
            audience: row.audience,
            state: row.state,
            title,
            version: row.version,
            published: row.published,
            review_on: row.review_on,
        },
        reviewed_on: row.reviewed_on,
        reviewed_by: row.reviewed_by,
        versions: versions
            .into_iter()
            .map(|version| VersionShown {
                version: version.version,
                title: Bilingual::new(version.title, version.title_en),
                body: Bilingual::new(version.body, version.body_en),
                written_on: version.written_on,
                written_by: version.written_by,
                published_on: version.published_on,
                published_by: version.published_by,
            })
            .collect(),
    })
}
