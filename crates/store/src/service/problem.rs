//! 突出、集中问题: problems, their tickets, what was done about them, and what may lie behind them.

mod facts;

pub use facts::{Lived, Population, WindowTicket, has_tickets, lives, population, window};

use super::word;
use crate::db::{Condition, Conn, Row, StoreError, Table};
use denghuo_rules::service::Request;
use denghuo_rules::service::problem::{Dimension, FoundBy, ProblemDeed, ProblemState, Share};
use jiff::civil::Date;

/// 问题 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemRow {
    /// Its number.
    pub problem_id: i64,
    /// How it was found.
    pub found_by: FoundBy,
    /// The words of the ticket that says it best.
    pub title: String,
    /// What most of its tickets ask for.
    pub request: Request,
    /// The unit that has it.
    pub org_id: i64,
    /// Of a burst in one transformer district: which.
    pub district_id: Option<i64>,
    /// Staff code of who has it.
    pub owner: Option<String>,
    /// Where it stands.
    pub state: ProblemState,
    /// When it was found.
    pub found_on: Date,
    /// When it came into its state.
    pub since_on: Date,
    /// From when something is done.
    pub measure_on: Option<Date>,
    /// By when that ends.
    pub plan_until: Option<Date>,
    /// By when the next step is due.
    pub due_on: Option<Date>,
    /// How many levels up it was told.
    pub level: i64,
    /// Distinct persons.
    pub people: i64,
    /// Its tickets.
    pub tickets: i64,
    /// What problems are ordered by.
    pub score: i64,
    /// Day of the first ticket.
    pub first_on: Date,
    /// Day of the last.
    pub last_on: Date,
    /// The ended problem that came back.
    pub follows: Option<i64>,
    /// When it ended.
    pub ended_on: Option<Date>,
}

/// 问题处理记录
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemEventRow {
    /// The problem.
    pub problem_id: i64,
    /// Its number within the problem.
    pub event_no: i64,
    /// What was done.
    pub deed: ProblemDeed,
    /// When.
    pub happened_on: Date,
    /// Staff code, or `system`.
    pub noted_by: String,
    /// In words.
    pub said: String,
    /// The unit that was told.
    pub org_id: Option<i64>,
}

const PROBLEM: Table = Table {
    name: "problem",
    columns: &[
        "problem_id",
        "found_by",
        "title",
        "request",
        "org_id",
        "district_id",
        "owner",
        "state",
        "found_on",
        "since_on",
        "measure_on",
        "plan_until",
        "due_on",
        "level",
        "people",
        "tickets",
        "score",
        "first_on",
        "last_on",
        "follows",
        "ended_on",
    ],
    key: &["problem_id"],
};

const COLUMNS: &str = "p.problem_id, p.found_by, p.title, p.request, p.org_id, p.district_id, p.owner, p.state, p.found_on, \
    p.since_on, p.measure_on, p.plan_until, p.due_on, p.level, p.people, p.tickets, p.score, p.first_on, p.last_on, p.follows, \
    p.ended_on";

fn read(row: &Row<'_>) -> Result<ProblemRow, StoreError> {
    Ok(ProblemRow {
        problem_id: row.int(0)?,
        found_by: word(&row.text(1)?, FoundBy::from_word)?,
        title: row.text(2)?,
        request: word(&row.text(3)?, Request::from_word)?,
        org_id: row.int(4)?,
        district_id: row.int_or_null(5)?,
        owner: row.text_or_null(6)?,
        state: word(&row.text(7)?, ProblemState::from_word)?,
        found_on: row.date(8)?,
        since_on: row.date(9)?,
        measure_on: row.date_or_null(10)?,
        plan_until: row.date_or_null(11)?,
        due_on: row.date_or_null(12)?,
        level: row.int(13)?,
        people: row.int(14)?,
        tickets: row.int(15)?,
        score: row.int(16)?,
        first_on: row.date(17)?,
        last_on: row.date(18)?,
        follows: row.int_or_null(19)?,
        ended_on: row.date_or_null(20)?,
    })
}

/// Keeps problems, new or changed.
///
/// # Errors
/// The database's.
pub fn save_problems(conn: &mut Conn, rows: &[ProblemRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&PROBLEM, rows, |row, out| {
        out.put(row.problem_id)
            .put(row.found_by.word())
            .put(&row.title)
            .put(row.request.word())
            .put(row.org_id);
        out.put(row.district_id)
            .put(row.owner.as_deref())
            .put(row.state.word())
            .put(row.found_on)
            .put(row.since_on);
        out.put(row.measure_on)
            .put(row.plan_until)
            .put(row.due_on)
            .put(row.level)
            .put(row.people)
            .put(row.tickets);
        out.put(row.score).put(row.first_on).put(row.last_on).put(row.follows).put(row.ended_on);
    })
}

/// The number of the last problem; 0 before the first.
///
/// # Errors
/// The database's.
pub fn last_problem(conn: &mut Conn) -> Result<i64, StoreError> {
    conn.query_int("SELECT COALESCE(MAX(problem_id), 0) FROM problem", &[])
}

/// One problem.
///
/// # Errors
/// The database's.
pub fn problem(conn: &mut Conn, problem_id: i64) -> Result<Option<ProblemRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM problem p WHERE p.problem_id = $1");
    conn.query_first(&sql, &[problem_id.into()], read)
}

/// One problem, which stays locked until the end of the transaction.
///
/// # Errors
/// The database's.
pub fn lock_problem(conn: &mut Conn, problem_id: i64) -> Result<Option<ProblemRow>, StoreError> {
    conn.execute("UPDATE problem SET level = level WHERE problem_id = $1", &[problem_id.into()])?;
    problem(conn, problem_id)
}

/// Which problems.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemFilter {
    /// Of this unit and those below it; 0 for all.
    pub root: i64,
    /// Only what has not ended.
    pub open: bool,
    /// Only in this state.
    pub state: Option<ProblemState>,
}

/// Problems: those that have not ended first, the worst first, each with the name of its unit.
///
/// # Errors
/// The database's.
pub fn problems(
    conn: &mut Conn,
    filter: ProblemFilter,
    (offset, limit): (i64, i64),
) -> Result<Vec<(ProblemRow, String)>, StoreError> {
    let mut condition = Condition::of("1 = 1");
    condition.within("p.org_id", filter.root);
    if filter.open {
        condition.add("p.ended_on IS NULL");
    }
    condition.and_if("p.state = ?", filter.state.map(ProblemState::word));
    let (limit, offset) = (condition.place(limit), condition.place(offset));
    let sql = format!(
        "SELECT {COLUMNS}, o.name FROM problem p JOIN org o ON o.org_id = p.org_id WHERE {} \
         ORDER BY CASE WHEN p.ended_on IS NULL THEN 0 ELSE 1 END, p.score DESC, p.problem_id LIMIT {limit} OFFSET {offset}",
        condition.sql()
    );
    conn.query(&sql, condition.params(), |row| Ok((read(row)?, row.text(21)?)))
}

/// Open problems whose next step was due before a day.
///
/// # Errors
/// The database's.
pub fn problems_late(conn: &mut Conn, on: Date) -> Result<Vec<ProblemRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM problem p WHERE p.ended_on IS NULL AND p.due_on < $1 ORDER BY p.problem_id"
    );
    conn.query(&sql, &[on.into()], read)
}

const PLACED: Table = Table {
    name: "problem_ticket",
    columns: &["account_id", "ticket_no", "problem_id", "placed_on"],
    key: &["account_id", "ticket_no"],
};

/// Places tickets in problems: `(account, ticket, problem)`.
///
/// # Errors
/// The database's.
pub fn place_tickets(conn: &mut Conn, placed: &[(i64, i64, i64)], on: Date) -> Result<(), StoreError> {
    conn.bulk(&PLACED, placed, |(account_id, ticket_no, problem_id), out| {
        out.put(*account_id).put(*ticket_no).put(*problem_id).put(on);
    })
}

/// Everything that was done about a problem, in order.
///
/// # Errors
/// The database's.
pub fn problem_events(conn: &mut Conn, problem_id: i64) -> Result<Vec<ProblemEventRow>, StoreError> {
    conn.query(
        "SELECT problem_id, event_no, deed, happened_on, noted_by, said, org_id FROM problem_event WHERE problem_id = $1 \
         ORDER BY event_no",
        &[problem_id.into()],
        |row| {
            Ok(ProblemEventRow {
                problem_id: row.int(0)?,
                event_no: row.int(1)?,
                deed: word(&row.text(2)?, ProblemDeed::from_word)?,
                happened_on: row.date(3)?,
                noted_by: row.text(4)?,
                said: row.text(5)?,
                org_id: row.int_or_null(6)?,
            })
        },
    )
}

/// Appends what was done; its number is given here.
///
/// # Errors
/// The database's.
pub fn insert_problem_event(conn: &mut Conn, row: &ProblemEventRow) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO problem_event (problem_id, event_no, deed, happened_on, noted_by, said, org_id) \
         SELECT CAST($1 AS BIGINT), COALESCE(MAX(event_no), 0) + 1, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS TEXT), \
         CAST($5 AS TEXT), CAST($6 AS BIGINT) FROM problem_event WHERE problem_id = $1",
        &[
            row.problem_id.into(),
            row.deed.word().into(),
            row.happened_on.into(),
            (&row.noted_by).into(),
            (&row.said).into(),
            row.org_id.into(),
        ],
    )?;
    Ok(())
}

const CAUSE: Table = Table {
    name: "problem_cause",
    columns: &["problem_id", "place", "dimension", "value", "inside", "inside_of", "among", "among_of"],
    key: &["problem_id", "place"],
};

/// Keeps what may lie behind a problem, the strongest first, instead of what was kept before.
///
/// # Errors
/// The database's.
pub fn save_causes(conn: &mut Conn, problem_id: i64, shares: &[Share]) -> Result<(), StoreError> {
    conn.execute("DELETE FROM problem_cause WHERE problem_id = $1", &[problem_id.into()])?;
    let rows: Vec<(i64, &Share)> = (1..).zip(shares).collect();
    conn.bulk(&CAUSE, &rows, |(place, share), out| {
        out.put(problem_id).put(*place).put(share.dimension.word()).put(&share.value).put(share.inside);
        out.put(share.inside_of).put(share.all).put(share.all_of);
    })
}

/// What may lie behind a problem, the strongest first.
///
/// # Errors
/// The database's.
pub fn causes_of(conn: &mut Conn, problem_id: i64) -> Result<Vec<Share>, StoreError> {
    conn.query(
        "SELECT dimension, value, inside, inside_of, among, among_of FROM problem_cause WHERE problem_id = $1 ORDER BY place",
        &[problem_id.into()],
        |row| {
            Ok(Share {
                dimension: word(&row.text(0)?, Dimension::from_word)?,
                value: row.text(1)?,
                inside: row.int(2)?,
                inside_of: row.int(3)?,
                all: row.int(4)?,
                all_of: row.int(5)?,
            })
        },
    )
}

/// Problems that an ended one came back as.
///
/// # Errors
/// The database's.
pub fn followers(conn: &mut Conn, problem_id: i64) -> Result<Vec<i64>, StoreError> {
    conn.query(
        "SELECT problem_id FROM problem WHERE follows = $1 ORDER BY problem_id",
        &[problem_id.into()],
        |row| row.int(0),
    )
}
