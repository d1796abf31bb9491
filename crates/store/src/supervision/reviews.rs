//! 专项稽查: what was drawn, and what was seen of it.

use super::word;
use crate::db::{Condition, Conn, Key, Orders, Placed, Row, Slice, StoreError, Table};
use denghuo_rules::supervision::{Answer, Population, ReviewState};
use jiff::civil::Date;

/// 稽查 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    /// Its number.
    pub review_no: i64,
    /// Word of the list.
    pub list: String,
    /// Id of the rule that holds the list.
    pub rule: String,
    /// What was drawn.
    pub population: Population,
    /// The unit whose records and those of the units below it were drawn.
    pub org_id: i64,
    /// Only records of this person; none for everybody's.
    pub person: Option<String>,
    /// First day of the records.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// The same seed draws the same records.
    pub seed: i64,
    /// Records there were.
    pub whole: i64,
    /// Records that were drawn.
    pub size: i64,
    /// Staff code of who looks at them.
    pub auditor: String,
    /// By when.
    pub due_on: Date,
    /// Where it stands.
    pub state: ReviewState,
    /// When it was drawn.
    pub made_on: Date,
    /// By whom.
    pub made_by: String,
    /// When all was looked at.
    pub done_on: Option<Date>,
}

const REVIEW: Table = Table {
    name: "review",
    columns: &[
        "review_no",
        "list",
        "rule",
        "population",
        "org_id",
        "person",
        "from_on",
        "until_on",
        "seed",
        "whole",
        "size",
        "auditor",
        "due_on",
        "state",
        "made_on",
        "made_by",
        "done_on",
    ],
    key: &["review_no"],
};

const COLUMNS: &str = "v.review_no, v.list, v.rule, v.population, v.org_id, v.person, v.from_on, v.until_on, v.seed, v.whole, v.size, \
    v.auditor, v.due_on, v.state, v.made_on, v.made_by, v.done_on";

fn read(row: &Row<'_>) -> Result<ReviewRow, StoreError> {
    Ok(ReviewRow {
        review_no: row.int(0)?,
        list: row.text(1)?,
        rule: row.text(2)?,
        population: word(row.str(3)?, Population::from_word)?,
        org_id: row.int(4)?,
        person: row.text_or_null(5)?,
        from_on: row.date(6)?,
        until_on: row.date(7)?,
        seed: row.int(8)?,
        whole: row.int(9)?,
        size: row.int(10)?,
        auditor: row.text(11)?,
        due_on: row.date(12)?,
        state: word(row.str(13)?, ReviewState::from_word)?,
        made_on: row.date(14)?,
        made_by: row.text(15)?,
        done_on: row.date_or_null(16)?,
    })
}

/// Keeps a review, new or changed.
///
/// # Errors
/// The database's.
pub fn save_review(conn: &mut Conn, row: &ReviewRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&REVIEW, std::slice::from_ref(row), |row, out| {
        out.put(row.review_no).put(&row.list).put(&row.rule).put(row.population.word()).put(row.org_id);
        out.put(row.person.as_deref()).put(row.from_on).put(row.until_on).put(row.seed).put(row.whole);
        out.put(row.size).put(&row.auditor).put(row.due_on).put(row.state.word()).put(row.made_on);
        out.put(&row.made_by).put(row.done_on);
    })
}

/// One review.
///
/// # Errors
/// The database's.
pub fn review(conn: &mut Conn, review_no: i64) -> Result<Option<ReviewRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM review v WHERE v.review_no = $1");
    conn.query_first(&sql, &[review_no.into()], read)
}

/// What reviews are ordered by: the newest first.
pub const REVIEW_ORDERS: Orders = Orders {
    words: &[
        ("from_on", Key::Int("v.from_on")),
        ("due_on", Key::Int("v.due_on")),
        ("size", Key::Int("v.size")),
        ("state", Key::Text("v.state")),
    ],
    usual: &[(Key::Int("v.review_no"), true)],
    rest: &[Key::Int("v.review_no")],
};

/// A page of the reviews of a unit and those below it (0: all), perhaps only those that one person looks at, with the name of the
/// unit and how many records were looked at, each with its place.
///
/// # Errors
/// The database's.
pub fn reviews(
    conn: &mut Conn,
    (root, auditor): (i64, Option<&str>),
    slice: &Slice,
) -> Result<Placed<(ReviewRow, String, i64)>, StoreError> {
    let mut which = Condition::default();
    which.within("v.org_id", root);
    which.and_if("v.auditor = ?", auditor);
    let columns = format!(
        "{COLUMNS}, o.name, (SELECT COUNT(*) FROM review_sample s WHERE s.review_no = v.review_no AND s.looked_on IS NOT NULL)"
    );
    slice.rows(conn, (&columns, 19, "review v JOIN org o ON o.org_id = v.org_id"), which, |row| {
        Ok((read(row)?, row.text(17)?, row.int(18)?))
    })
}

/// 样本 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRow {
    /// The review.
    pub review_no: i64,
    /// Its number within the review.
    pub sample_no: i64,
    /// The unit.
    pub org_id: i64,
    /// The account.
    pub account_id: i64,
    /// The record, such as `bill:3`.
    pub about: String,
    /// Staff code of who did it.
    pub person: Option<String>,
    /// Its place in the order of the seed.
    pub draw_rank: i64,
    /// When somebody looked at it.
    pub looked_on: Option<Date>,
    /// Who.
    pub looked_by: Option<String>,
    /// What he says.
    pub note: Option<String>,
}

const SAMPLE: Table = Table {
    name: "review_sample",
    columns: &[
        "review_no",
        "sample_no",
        "org_id",
        "account_id",
        "about",
        "person",
        "draw_rank",
        "looked_on",
        "looked_by",
        "note",
    ],
    key: &["review_no", "sample_no"],
};

/// Keeps samples, new or changed.
///
/// # Errors
/// The database's.
pub fn save_samples(conn: &mut Conn, rows: &[SampleRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&SAMPLE, rows, |row, out| {
        out.put(row.review_no).put(row.sample_no).put(row.org_id).put(row.account_id).put(&row.about);
        out.put(row.person.as_deref()).put(row.draw_rank).put(row.looked_on).put(row.looked_by.as_deref());
        out.put(row.note.as_deref());
    })
}

/// The records of a review, in order, each with the number of its account.
///
/// # Errors
/// The database's.
pub fn samples_of(conn: &mut Conn, review_no: i64) -> Result<Vec<(SampleRow, String)>, StoreError> {
    conn.query(
        "SELECT s.review_no, s.sample_no, s.org_id, s.account_id, s.about, s.person, s.draw_rank, s.looked_on, s.looked_by, s.note, \
         a.account_no FROM review_sample s JOIN account a ON a.account_id = s.account_id WHERE s.review_no = $1 ORDER BY s.sample_no",
        &[review_no.into()],
        |row| {
            let sample = SampleRow {
                review_no: row.int(0)?,
                sample_no: row.int(1)?,
                org_id: row.int(2)?,
                account_id: row.int(3)?,
                about: row.text(4)?,
                person: row.text_or_null(5)?,
                draw_rank: row.int(6)?,
                looked_on: row.date_or_null(7)?,
                looked_by: row.text_or_null(8)?,
                note: row.text_or_null(9)?,
            };
            Ok((sample, row.text(10)?))
        },
    )
}

/// 检查结论 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// The review.
    pub review_no: i64,
    /// The record.
    pub sample_no: i64,
    /// Code of the item.
    pub item: String,
    /// What was seen.
    pub answer: Answer,
    /// What came of it.
    pub finding_no: Option<i64>,
}

const ANSWER: Table = Table {
    name: "review_answer",
    columns: &["review_no", "sample_no", "item", "answer", "finding_no"],
    key: &["review_no", "sample_no", "item"],
};

/// Keeps what was seen.
///
/// # Errors
/// The database's.
pub fn save_answers(conn: &mut Conn, rows: &[AnswerRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&ANSWER, rows, |row, out| {
        out.put(row.review_no).put(row.sample_no).put(&row.item).put(row.answer.word()).put(row.finding_no);
    })
}

/// What was seen of a review, in order.
///
/// # Errors
/// The database's.
pub fn answers_of(conn: &mut Conn, review_no: i64) -> Result<Vec<AnswerRow>, StoreError> {
    conn.query(
        "SELECT review_no, sample_no, item, answer, finding_no FROM review_answer WHERE review_no = $1 ORDER BY sample_no, item",
        &[review_no.into()],
        |row| {
            Ok(AnswerRow {
                review_no: row.int(0)?,
                sample_no: row.int(1)?,
                item: row.text(2)?,
                answer: word(row.str(3)?, Answer::from_word)?,
                finding_no: row.int_or_null(4)?,
            })
        },
    )
}
