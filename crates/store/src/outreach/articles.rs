//! 知识文章 in versions.

use super::word;
use crate::db::{Condition, Conn, Row, StoreError, Table};
use denghuo_rules::outreach::{ArticleState, ArticleTopic, Audience};
use jiff::civil::Date;

/// 文章 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleRow {
    /// Its number.
    pub article_no: i64,
    /// Its name, such as `policy-cut`.
    pub code: String,
    /// What it is about.
    pub topic: ArticleTopic,
    /// Who reads it.
    pub audience: Audience,
    /// Where it stands.
    pub state: ArticleState,
    /// The newest version.
    pub version: i64,
    /// The version that is read; 0 for none.
    pub published: i64,
    /// When somebody has to look whether it is still right.
    pub review_on: Option<Date>,
    /// When somebody last looked.
    pub reviewed_on: Option<Date>,
    /// Who.
    pub reviewed_by: Option<String>,
}

const ARTICLE: Table = Table {
    name: "article",
    columns: &[
        "article_no",
        "code",
        "topic",
        "audience",
        "state",
        "version",
        "published",
        "review_on",
        "reviewed_on",
        "reviewed_by",
    ],
    key: &["article_no"],
};

const COLUMNS: &str = "a.article_no, a.code, a.topic, a.audience, a.state, a.version, a.published, a.review_on, a.reviewed_on, \
    a.reviewed_by";

fn read(row: &Row<'_>) -> Result<ArticleRow, StoreError> {
    Ok(ArticleRow {
        article_no: row.int(0)?,
        code: row.text(1)?,
        topic: word(row.str(2)?, ArticleTopic::from_word)?,
        audience: word(row.str(3)?, Audience::from_word)?,
        state: word(row.str(4)?, ArticleState::from_word)?,
        version: row.int(5)?,
        published: row.int(6)?,
        review_on: row.date_or_null(7)?,
        reviewed_on: row.date_or_null(8)?,
        reviewed_by: row.text_or_null(9)?,
    })
}

/// Keeps an article, new or changed.
///
/// # Errors
/// The database's; a code is given once.
pub fn save_article(conn: &mut Conn, row: &ArticleRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&ARTICLE, std::slice::from_ref(row), |row, out| {
        out.put(row.article_no).put(&row.code).put(row.topic.word()).put(row.audience.word());
        out.put(row.state.word()).put(row.version).put(row.published).put(row.review_on);
        out.put(row.reviewed_on).put(row.reviewed_by.as_deref());
    })
}

/// The article with a code.
///
/// # Errors
/// The database's.
pub fn article(conn: &mut Conn, code: &str) -> Result<Option<ArticleRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM article a WHERE a.code = $1");
    conn.query_first(&sql, &[code.into()], read)
}

/// 文章版本 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// The article.
    pub article_no: i64,
    /// The version, from 1 on.
    pub version: i64,
    /// Title in Chinese.
    pub title: String,
    /// In English.
    pub title_en: String,
    /// Text in Chinese.
    pub body: String,
    /// In English.
    pub body_en: String,
    /// When it was written.
    pub written_on: Date,
    /// By whom.
    pub written_by: String,
    /// When it was let out.
    pub published_on: Option<Date>,
    /// By whom.
    pub published_by: Option<String>,
}

const VERSION: &str = "v.article_no, v.version, v.title, v.title_en, v.body, v.body_en, v.written_on, v.written_by, v.published_on, \
    v.published_by";

fn read_version(row: &Row<'_>, at: usize) -> Result<VersionRow, StoreError> {
    Ok(VersionRow {
        article_no: row.int(at)?,
        version: row.int(at + 1)?,
        title: row.text(at + 2)?,
        title_en: row.text(at + 3)?,
        body: row.text(at + 4)?,
        body_en: row.text(at + 5)?,
        written_on: row.date(at + 6)?,
        written_by: row.text(at + 7)?,
        published_on: row.date_or_null(at + 8)?,
        published_by: row.text_or_null(at + 9)?,
    })
}

/// Writes a version. It is never changed afterwards.
///
/// # Errors
/// The database's.
pub fn insert_version(conn: &mut Conn, row: &VersionRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO article_version (article_no, version, title, title_en, body, body_en, written_on, written_by, published_on, \
         published_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            row.article_no.into(),
            row.version.into(),
            (&row.title).into(),
            (&row.title_en).into(),
            (&row.body).into(),
            (&row.body_en).into(),
            row.written_on.into(),
            (&row.written_by).into(),
            row.published_on.into(),
            row.published_by.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// Marks a version as let out.
///
/// # Errors
/// The database's.
pub fn publish_version(
    conn: &mut Conn,
    (article_no, version): (i64, i64),
    by: &str,
    on: Date,
) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE article_version SET published_on = $3, published_by = $4 WHERE article_no = $1 AND version = $2",
        &[article_no.into(), version.into(), on.into(), by.into()],
    )?;
    Ok(())
}

/// A version of an article.
///
/// # Errors
/// The database's.
pub fn version(conn: &mut Conn, (article_no, no): (i64, i64)) -> Result<Option<VersionRow>, StoreError> {
    let sql = format!("SELECT {VERSION} FROM article_version v WHERE v.article_no = $1 AND v.version = $2");
    conn.query_first(&sql, &[article_no.into(), no.into()], |row| read_version(row, 0))
}

/// The versions of an article, the newest first.
///
/// # Errors
/// The database's.
pub fn versions_of(conn: &mut Conn, article_no: i64) -> Result<Vec<VersionRow>, StoreError> {
    let sql =
        format!("SELECT {VERSION} FROM article_version v WHERE v.article_no = $1 ORDER BY v.version DESC");
    conn.query(&sql, &[article_no.into()], |row| read_version(row, 0))
}

/// Which articles.
#[derive(Clone, Debug, Default)]
pub struct ArticleFilter {
    /// Only about this.
    pub topic: Option<ArticleTopic>,
    /// Only in this state.
    pub state: Option<ArticleState>,
    /// Only what customers may read.
    pub customers: bool,
}

/// Articles by code, each with the version that is read, or its newest where none is.
///
/// # Errors
/// The database's.
pub fn articles(
    conn: &mut Conn,
    filter: &ArticleFilter,
) -> Result<Vec<(ArticleRow, VersionRow)>, StoreError> {
    let mut condition = Condition::of("1 = 1");
    condition.and_if("a.topic = ?", filter.topic.map(ArticleTopic::word));
    condition.and_if("a.state = ?", filter.state.map(ArticleState::word));
    if filter.customers {
        condition.add("a.audience = 'everybody' AND a.state = 'published'");
    }
    let sql = format!(
        "SELECT {COLUMNS}, {VERSION} FROM article a JOIN article_version v ON v.article_no = a.article_no \
         AND v.version = CASE WHEN a.published > 0 THEN a.published ELSE a.version END WHERE {} ORDER BY a.code",
        condition.sql()
    );
    conn.query(&sql, condition.params(), |row| Ok((read(row)?, read_version(row, 10)?)))
}

/// Articles that are read and that somebody has to look at by a day, in order.
///
/// # Errors
/// The database's.
pub fn articles_due(conn: &mut Conn, on: Date) -> Result<Vec<ArticleRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM article a WHERE a.state = 'published' AND a.review_on <= $1 ORDER BY a.article_no"
    );
    conn.query(&sql, &[on.into()], read)
}
