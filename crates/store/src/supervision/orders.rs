//! 整改、协同、扣分: what was done about findings.

use super::word;
use crate::db::{Condition, Conn, Key, Orders, Placed, Row, Slice, StoreError, Table};
use denghuo_rules::supervision::{FindingDeed, PenaltyState};
use jiff::civil::Date;

/// 整改通知单 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RectificationRow {
    /// The finding.
    pub finding_no: i64,
    /// The round, from 1 on.
    pub round: i64,
    /// The unit that has it.
    pub org_id: i64,
    /// Staff code of who has to put it right.
    pub owner: String,
    /// What is wanted.
    pub wanted: String,
    /// When it was ordered.
    pub ordered_on: Date,
    /// Staff code of who ordered it.
    pub ordered_by: String,
    /// By when.
    pub due_on: Date,
    /// What was done.
    pub told: Option<String>,
    /// When that was told.
    pub told_on: Option<Date>,
    /// By whom.
    pub told_by: Option<String>,
    /// By when somebody has to look.
    pub verify_by: Option<Date>,
    /// Was it right?
    pub good: Option<bool>,
    /// When somebody looked.
    pub verified_on: Option<Date>,
    /// Who.
    pub verified_by: Option<String>,
    /// What he says.
    pub note: Option<String>,
}

const ORDER: Table = Table {
    name: "rectification",
    columns: &[
        "finding_no",
        "round",
        "org_id",
        "owner",
        "wanted",
        "ordered_on",
        "ordered_by",
        "due_on",
        "told",
        "told_on",
        "told_by",
        "verify_by",
        "good",
        "verified_on",
        "verified_by",
        "note",
    ],
    key: &["finding_no", "round"],
};

/// Keeps an order, new or changed.
///
/// # Errors
/// The database's.
pub fn save_order(conn: &mut Conn, row: &RectificationRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&ORDER, std::slice::from_ref(row), |row, out| {
        out.put(row.finding_no).put(row.round).put(row.org_id).put(&row.owner).put(&row.wanted);
        out.put(row.ordered_on).put(&row.ordered_by).put(row.due_on).put(row.told.as_deref());
        out.put(row.told_on).put(row.told_by.as_deref()).put(row.verify_by).put(row.good);
        out.put(row.verified_on).put(row.verified_by.as_deref()).put(row.note.as_deref());
    })
}

/// The orders of a finding, the first first.
///
/// # Errors
/// The database's.
pub fn orders_of(conn: &mut Conn, finding_no: i64) -> Result<Vec<RectificationRow>, StoreError> {
    conn.query(
        "SELECT finding_no, round, org_id, owner, wanted, ordered_on, ordered_by, due_on, told, told_on, told_by, verify_by, good, \
         verified_on, verified_by, note FROM rectification WHERE finding_no = $1 ORDER BY round",
        &[finding_no.into()],
        |row| {
            Ok(RectificationRow {
                finding_no: row.int(0)?,
                round: row.int(1)?,
                org_id: row.int(2)?,
                owner: row.text(3)?,
                wanted: row.text(4)?,
                ordered_on: row.date(5)?,
                ordered_by: row.text(6)?,
                due_on: row.date(7)?,
                told: row.text_or_null(8)?,
                told_on: row.date_or_null(9)?,
                told_by: row.text_or_null(10)?,
                verify_by: row.date_or_null(11)?,
                good: row.int_or_null(12)?.map(|good| good != 0),
                verified_on: row.date_or_null(13)?,
                verified_by: row.text_or_null(14)?,
                note: row.text_or_null(15)?,
            })
        },
    )
}

/// 协同事项 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartRow {
    /// The finding.
    pub finding_no: i64,
    /// Its number within the finding.
    pub part_no: i64,
    /// The unit that has it.
    pub org_id: i64,
    /// Staff code of who has it.
    pub owner: String,
    /// What is wanted.
    pub wanted: String,
    /// When it was asked for.
    pub asked_on: Date,
    /// By whom.
    pub asked_by: String,
    /// By when.
    pub due_on: Date,
    /// What was done.
    pub answer: Option<String>,
    /// When.
    pub done_on: Option<Date>,
    /// By whom.
    pub done_by: Option<String>,
}

const PART: Table = Table {
    name: "finding_part",
    columns: &[
        "finding_no",
        "part_no",
        "org_id",
        "owner",
        "wanted",
        "asked_on",
        "asked_by",
        "due_on",
        "answer",
        "done_on",
        "done_by",
    ],
    key: &["finding_no", "part_no"],
};

/// Keeps a part, new or changed.
///
/// # Errors
/// The database's.
pub fn save_part(conn: &mut Conn, row: &PartRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&PART, std::slice::from_ref(row), |row, out| {
        out.put(row.finding_no).put(row.part_no).put(row.org_id).put(&row.owner).put(&row.wanted);
        out.put(row.asked_on).put(&row.asked_by).put(row.due_on).put(row.answer.as_deref());
        out.put(row.done_on).put(row.done_by.as_deref());
    })
}

/// The parts of a finding, in order.
///
/// # Errors
/// The database's.
pub fn parts_of(conn: &mut Conn, finding_no: i64) -> Result<Vec<PartRow>, StoreError> {
    conn.query(
        "SELECT finding_no, part_no, org_id, owner, wanted, asked_on, asked_by, due_on, answer, done_on, done_by FROM finding_part \
         WHERE finding_no = $1 ORDER BY part_no",
        &[finding_no.into()],
        |row| {
            Ok(PartRow {
                finding_no: row.int(0)?,
                part_no: row.int(1)?,
                org_id: row.int(2)?,
                owner: row.text(3)?,
                wanted: row.text(4)?,
                asked_on: row.date(5)?,
                asked_by: row.text(6)?,
                due_on: row.date(7)?,
                answer: row.text_or_null(8)?,
                done_on: row.date_or_null(9)?,
                done_by: row.text_or_null(10)?,
            })
        },
    )
}

/// 处理记录 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingEventRow {
    /// The finding.
    pub finding_no: i64,
    /// Its number within the finding.
    pub event_no: i64,
    /// What was done.
    pub deed: FindingDeed,
    /// Business day.
    pub happened_on: Date,
    /// Staff code, or `system`.
    pub noted_by: String,
    /// In words.
    pub said: String,
    /// The unit that was told.
    pub org_id: Option<i64>,
    /// What is told once.
    pub once_key: Option<String>,
}

/// Appends what was done.
///
/// # Errors
/// The database's.
pub fn insert_event(conn: &mut Conn, row: &FindingEventRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO finding_event (finding_no, event_no, deed, happened_on, noted_by, said, org_id, once_key) \
         SELECT $1, COALESCE(MAX(event_no), 0) + 1, $2, $3, $4, $5, $6, $7 FROM finding_event WHERE finding_no = $1",
        &[
            row.finding_no.into(),
            row.deed.word().into(),
            row.happened_on.into(),
            (&row.noted_by).into(),
            (&row.said).into(),
            row.org_id.into(),
            row.once_key.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// Everything that was done about a finding, in order.
///
/// # Errors
/// The database's.
pub fn events_of(conn: &mut Conn, finding_no: i64) -> Result<Vec<FindingEventRow>, StoreError> {
    conn.query(
        "SELECT finding_no, event_no, deed, happened_on, noted_by, said, org_id, once_key FROM finding_event \
         WHERE finding_no = $1 ORDER BY event_no",
        &[finding_no.into()],
        |row| {
            Ok(FindingEventRow {
                finding_no: row.int(0)?,
                event_no: row.int(1)?,
                deed: word(row.str(2)?, FindingDeed::from_word)?,
                happened_on: row.date(3)?,
                noted_by: row.text(4)?,
                said: row.text(5)?,
                org_id: row.int_or_null(6)?,
                once_key: row.text_or_null(7)?,
            })
        },
    )
}

/// 扣分 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PenaltyRow {
    /// The finding.
    pub finding_no: i64,
    /// Staff code of who loses points.
    pub person: String,
    /// How many.
    pub points: i64,
    /// How many stand now.
    pub points_left: i64,
    /// Earlier ones of the same kind that were counted.
    pub earlier: i64,
    /// Id of the rule.
    pub rule: String,
    /// Where it stands.
    pub state: PenaltyState,
    /// When they were taken off.
    pub decided_on: Date,
    /// By whom.
    pub decided_by: String,
    /// The last day to object.
    pub appeal_by: Date,
    /// What he objects.
    pub appeal: Option<String>,
    /// When.
    pub appealed_on: Option<Date>,
    /// By when it is decided.
    pub answer_by: Option<Date>,
    /// What was decided.
    pub answer: Option<String>,
    /// When.
    pub answered_on: Option<Date>,
    /// By whom.
    pub answered_by: Option<String>,
}

const PENALTY: Table = Table {
    name: "penalty",
    columns: &[
        "finding_no",
        "person",
        "points",
        "points_left",
        "earlier",
        "rule",
        "state",
        "decided_on",
        "decided_by",
        "appeal_by",
        "appeal",
        "appealed_on",
        "answer_by",
        "answer",
        "answered_on",
        "answered_by",
    ],
    key: &["finding_no"],
};

const PENALTY_COLUMNS: &str = "p.finding_no, p.person, p.points, p.points_left, p.earlier, p.rule, p.state, p.decided_on, p.decided_by, \
    p.appeal_by, p.appeal, p.appealed_on, p.answer_by, p.answer, p.answered_on, p.answered_by";

fn read_penalty(row: &Row<'_>) -> Result<PenaltyRow, StoreError> {
    Ok(PenaltyRow {
        finding_no: row.int(0)?,
        person: row.text(1)?,
        points: row.int(2)?,
        points_left: row.int(3)?,
        earlier: row.int(4)?,
        rule: row.text(5)?,
        state: word(row.str(6)?, PenaltyState::from_word)?,
        decided_on: row.date(7)?,
        decided_by: row.text(8)?,
        appeal_by: row.date(9)?,
        appeal: row.text_or_null(10)?,
        appealed_on: row.date_or_null(11)?,
        answer_by: row.date_or_null(12)?,
        answer: row.text_or_null(13)?,
        answered_on: row.date_or_null(14)?,
        answered_by: row.text_or_null(15)?,
    })
}

/// Keeps a penalty, new or changed.
///
/// # Errors
/// The database's.
pub fn save_penalty(conn: &mut Conn, row: &PenaltyRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&PENALTY, std::slice::from_ref(row), |row, out| {
        out.put(row.finding_no).put(&row.person).put(row.points).put(row.points_left).put(row.earlier);
        out.put(&row.rule).put(row.state.word()).put(row.decided_on).put(&row.decided_by).put(row.appeal_by);
        out.put(row.appeal.as_deref()).put(row.appealed_on).put(row.answer_by).put(row.answer.as_deref());
        out.put(row.answered_on).put(row.answered_by.as_deref());
    })
}

/// The penalty of a finding.
///
/// # Errors
/// The database's.
pub fn penalty(conn: &mut Conn, finding_no: i64) -> Result<Option<PenaltyRow>, StoreError> {
    let sql = format!("SELECT {PENALTY_COLUMNS} FROM penalty p WHERE p.finding_no = $1");
    conn.query_first(&sql, &[finding_no.into()], read_penalty)
}

/// Penalties of a person for findings of a subject since a day, that stand.
///
/// # Errors
/// The database's.
pub fn penalties_before(
    conn: &mut Conn,
    (person, subject): (&str, &str),
    since: Date,
) -> Result<i64, StoreError> {
    conn.query_int(
        "SELECT COUNT(*) FROM penalty p JOIN finding f ON f.finding_no = p.finding_no WHERE p.person = $1 AND f.subject = $2 \
         AND p.decided_on >= $3 AND p.points_left > 0",
        &[person.into(), subject.into(), since.into()],
    )
}

/// Which penalties.
#[derive(Clone, Debug, Default)]
pub struct PenaltyFilter {
    /// Of this unit and those below it; 0 for all.
    pub root: i64,
    /// Only of this person.
    pub person: Option<String>,
    /// Only in this state.
    pub state: Option<PenaltyState>,
}

/// What penalties are ordered by: the newest first.
pub const PENALTY_ORDERS: Orders = Orders {
    words: &[
        ("points", Key::Int("p.points")),
        ("person", Key::Text("p.person")),
        ("state", Key::Text("p.state")),
    ],
    usual: &[(Key::Int("p.finding_no"), true)],
    rest: &[Key::Int("p.finding_no")],
};

/// A page of penalties with what their findings say in both languages, each with its place.
///
/// # Errors
/// The database's.
pub fn penalties(
    conn: &mut Conn,
    filter: &PenaltyFilter,
    slice: &Slice,
) -> Result<Placed<(PenaltyRow, String, String)>, StoreError> {
    let mut which = Condition::default();
    which.within("f.org_id", filter.root);
    which.and_if("p.person = ?", filter.person.as_deref());
    which.and_if("p.state = ?", filter.state.map(PenaltyState::word));
    let columns = format!("{PENALTY_COLUMNS}, f.said, f.said_en");
    let from = "penalty p JOIN finding f ON f.finding_no = p.finding_no";
    slice
        .rows(conn, (&columns, 18, from), which, |row| Ok((read_penalty(row)?, row.text(16)?, row.text(17)?)))
}
