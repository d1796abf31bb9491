//! 问题: what was found, and lists of it.

use super::word;
use crate::db::{Condition, Conn, Key, OPEN_END, Orders, Placed, Row, Slice, StoreError, Table, date_to_int};
use denghuo_rules::supervision::{FindingSource, FindingState, Phase, Severity};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// 问题 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    /// Its number.
    pub finding_no: i64,
    /// The same hit is found once.
    pub once_key: String,
    /// How it was found.
    pub source: FindingSource,
    /// Word of the check, or code of the item of a list.
    pub subject: String,
    /// When it was looked for.
    pub phase: Phase,
    /// How bad it is.
    pub severity: Severity,
    /// Id of the rule; empty for what somebody noted.
    pub rule: String,
    /// The account, 0 for none.
    pub account_id: i64,
    /// The record, such as `bill:3`.
    pub about: String,
    /// Staff code of whose act it is.
    pub person: Option<String>,
    /// The unit that answers.
    pub org_id: i64,
    /// What was measured.
    pub measured: i64,
    /// The limit it was measured against.
    pub limit: i64,
    /// Records that it rests on.
    pub records: i64,
    /// In Chinese.
    pub said: String,
    /// In English.
    pub said_en: String,
    /// A proof of the account.
    pub evidence_no: Option<i64>,
    /// Where it stands.
    pub state: FindingState,
    /// When it was found.
    pub found_on: Date,
    /// Staff code, or `system`.
    pub found_by: String,
    /// When somebody has to look at it again.
    pub next_on: Option<Date>,
    /// How many levels up it was told.
    pub level: i64,
    /// When it ended.
    pub ended_on: Option<Date>,
}

const FINDING: Table = Table {
    name: "finding",
    columns: &[
        "finding_no",
        "once_key",
        "source",
        "subject",
        "phase",
        "severity",
        "rule",
        "account_id",
        "about",
        "person",
        "org_id",
        "measured",
        "limit_value",
        "records",
        "said",
        "said_en",
        "evidence_no",
        "state",
        "found_on",
        "found_by",
        "next_on",
        "level",
        "ended_on",
    ],
    key: &["finding_no"],
};

const COLUMNS: &str = "f.finding_no, f.once_key, f.source, f.subject, f.phase, f.severity, f.rule, f.account_id, f.about, f.person, \
    f.org_id, f.measured, f.limit_value, f.records, f.said, f.said_en, f.evidence_no, f.state, f.found_on, f.found_by, f.next_on, \
    f.level, f.ended_on";

fn read(row: &Row<'_>) -> Result<FindingRow, StoreError> {
    Ok(FindingRow {
        finding_no: row.int(0)?,
        once_key: row.text(1)?,
        source: word(row.str(2)?, FindingSource::from_word)?,
        subject: row.text(3)?,
        phase: word(row.str(4)?, Phase::from_word)?,
        severity: word(row.str(5)?, Severity::from_word)?,
        rule: row.text(6)?,
        account_id: row.int(7)?,
        about: row.text(8)?,
        person: row.text_or_null(9)?,
        org_id: row.int(10)?,
        measured: row.int(11)?,
        limit: row.int(12)?,
        records: row.int(13)?,
        said: row.text(14)?,
        said_en: row.text(15)?,
        evidence_no: row.int_or_null(16)?,
        state: word(row.str(17)?, FindingState::from_word)?,
        found_on: row.date(18)?,
        found_by: row.text(19)?,
        next_on: row.date_or_null(20)?.filter(|day| date_to_int(*day) != OPEN_END),
        level: row.int(21)?,
        ended_on: row.date_or_null(22)?,
    })
}

/// Keeps findings, new or changed.
///
/// # Errors
/// The database's.
pub fn save_findings(conn: &mut Conn, rows: &[FindingRow]) -> Result<(), StoreError> {
    conn.bulk_upsert(&FINDING, rows, |row, out| {
        out.put(row.finding_no).put(&row.once_key).put(row.source.word()).put(&row.subject);
        out.put(row.phase.word()).put(row.severity.word()).put(&row.rule).put(row.account_id).put(&row.about);
        out.put(row.person.as_deref()).put(row.org_id).put(row.measured).put(row.limit).put(row.records);
        out.put(&row.said).put(&row.said_en).put(row.evidence_no).put(row.state.word()).put(row.found_on);
        out.put(&row.found_by)
            .put(row.next_on.map_or(OPEN_END, date_to_int))
            .put(row.level)
            .put(row.ended_on);
    })
}

/// One finding.
///
/// # Errors
/// The database's.
pub fn finding(conn: &mut Conn, finding_no: i64) -> Result<Option<FindingRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM finding f WHERE f.finding_no = $1");
    conn.query_first(&sql, &[finding_no.into()], read)
}

/// Those of some keys that were found already.
///
/// # Errors
/// The database's.
pub fn known_keys(conn: &mut Conn, keys: &[&str]) -> Result<BTreeSet<String>, StoreError> {
    let mut known = BTreeSet::new();
    for some in keys.chunks(100) {
        let mut condition = Condition::default();
        let places: Vec<String> = some.iter().map(|key| condition.place(*key)).collect();
        let sql = format!("SELECT once_key FROM finding WHERE once_key IN ({})", places.join(", "));
        known.extend(conn.query(&sql, condition.params(), |row| row.text(0))?);
    }
    Ok(known)
}

/// Findings that have not ended and have to be looked at by a day, in order.
///
/// # Errors
/// The database's.
pub fn findings_due(conn: &mut Conn, on: Date) -> Result<Vec<FindingRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM finding f WHERE f.ended_on IS NULL AND f.next_on <= $1 ORDER BY f.finding_no"
    );
    conn.query(&sql, &[on.into()], read)
}

/// Which findings.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    /// Of this unit and those below it; 0 for all.
    pub root: i64,
    /// Only what has not ended.
    pub open: bool,
    /// Only in this state.
    pub state: Option<FindingState>,
    /// Only found so.
    pub source: Option<FindingSource>,
    /// Only by this check or item.
    pub subject: Option<String>,
    /// Only this bad.
    pub severity: Option<Severity>,
    /// Only acts of this person.
    pub person: Option<String>,
    /// Only whose order this person has.
    pub owner: Option<String>,
    /// Only what this person did, has to put right or has a part in.
    pub concerns: Option<String>,
    /// Only whose deadline lies before this day.
    pub late_on: Option<Date>,
}

/// 问题 as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingListed {
    /// The finding.
    pub finding: FindingRow,
    /// Name of the unit.
    pub unit: String,
    /// 户号; none for a finding of no account.
    pub account_no: Option<String>,
    /// Who has the last order.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<Date>,
}

fn condition(filter: &FindingFilter) -> Condition<'_> {
    let mut condition = Condition::of("1 = 1");
    condition.within("f.org_id", filter.root);
    if filter.open {
        condition.add("f.ended_on IS NULL");
    }
    condition.and_if("f.state = ?", filter.state.map(FindingState::word));
    condition.and_if("f.source = ?", filter.source.map(FindingSource::word));
    condition.and_if("f.subject = ?", filter.subject.as_deref());
    condition.and_if("f.severity = ?", filter.severity.map(Severity::word));
    condition.and_if("f.person = ?", filter.person.as_deref());
    condition.and_if("r.owner = ?", filter.owner.as_deref());
    condition.and_if(
        "(f.person = ? OR EXISTS (SELECT 1 FROM rectification w WHERE w.finding_no = f.finding_no AND w.owner = ?) \
         OR EXISTS (SELECT 1 FROM finding_part q WHERE q.finding_no = f.finding_no AND q.owner = ?))",
        filter.concerns.as_deref(),
    );
    condition.and_if("f.ended_on IS NULL AND r.told_on IS NULL AND r.due_on < ?", filter.late_on);
    condition
}

const JOINS: &str = "finding f JOIN org o ON o.org_id = f.org_id LEFT JOIN account a ON a.account_id = f.account_id \
    LEFT JOIN rectification r ON r.finding_no = f.finding_no \
    AND r.round = (SELECT MAX(l.round) FROM rectification l WHERE l.finding_no = f.finding_no)";

/// What findings are ordered by: the newest first.
pub const FINDING_ORDERS: Orders = Orders {
    words: &[
        ("found_on", Key::Int("f.found_on")),
        ("due_on", Key::Int("COALESCE(r.due_on, 99991231)")),
        (
            "severity",
            Key::Int("CAST(CASE f.severity WHEN 'minor' THEN 0 WHEN 'ordinary' THEN 1 ELSE 2 END AS BIGINT)"),
        ),
        ("level", Key::Int("f.level")),
        ("state", Key::Text("f.state")),
    ],
    usual: &[(Key::Int("f.finding_no"), true)],
    rest: &[Key::Int("f.finding_no")],
};

/// A page of findings, each with its place.
///
/// # Errors
/// The database's.
pub fn findings(
    conn: &mut Conn,
    filter: &FindingFilter,
    slice: &Slice,
) -> Result<Placed<FindingListed>, StoreError> {
    let columns = format!("{COLUMNS}, o.name, a.account_no, r.owner, r.due_on");
    slice.rows(conn, (&columns, 27, JOINS), condition(filter), |row| {
        Ok(FindingListed {
            finding: read(row)?,
            unit: row.text(23)?,
            account_no: row.text_or_null(24)?,
            owner: row.text_or_null(25)?,
            due_on: row.date_or_null(26)?,
        })
    })
}

/// How many findings of a filter there are by subject and state.
///
/// # Errors
/// The database's.
pub fn finding_counts(
    conn: &mut Conn,
    filter: &FindingFilter,
) -> Result<Vec<(String, FindingState, i64)>, StoreError> {
    let condition = condition(filter);
    let sql = format!(
        "SELECT f.subject, f.state, COUNT(*) FROM {JOINS} WHERE {} GROUP BY f.subject, f.state ORDER BY f.subject, f.state",
        condition.sql()
    );
    conn.query(&sql, condition.params(), |row| {
        Ok((row.text(0)?, word(row.str(1)?, FindingState::from_word)?, row.int(2)?))
    })
}
