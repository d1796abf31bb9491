//! 考核与奖金 as they are kept.

use super::word;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::calendar::Month;
use denghuo_rules::targets::{AppraisalState, Score, SheetState, WorkRecord};
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// 员工考核 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppraisalRow {
    /// The month.
    pub month: Month,
    /// The person.
    pub staff_id: i64,
    /// His unit.
    pub org_id: i64,
    /// A `StaffRole`.
    pub role: String,
    /// What was done.
    pub record: WorkRecord,
    /// By the rule.
    pub score: Score,
    /// Id of the rule.
    pub rule: String,
    /// Where it stands.
    pub state: AppraisalState,
    /// When it was made or counted anew.
    pub made_on: Date,
    /// What the manager decided.
    pub decided: Option<Score>,
    /// Staff code of the manager.
    pub decided_by: Option<String>,
    /// When.
    pub decided_on: Option<Date>,
}

/// What was said about an appraisal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppraisalEventRow {
    /// `comment`, `dispute`, `decide`.
    pub deed: String,
    /// In words.
    pub said: String,
    /// Staff code.
    pub noted_by: String,
    /// When.
    pub noted_on: Date,
}

const APPRAISAL: Table = Table {
    name: "appraisal",
    columns: &[
        "month",
        "staff_id",
        "org_id",
        "role",
        "record",
        "score",
        "rule",
        "state",
        "made_on",
        "decided",
        "decided_by",
        "decided_on",
    ],
    key: &["month", "staff_id"],
};

const COLUMNS: &str =
    "month, staff_id, org_id, role, record, score, rule, state, made_on, decided, decided_by, decided_on";

fn record(text: &str) -> Result<WorkRecord, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("a record of work: {error}")))
}

fn text_of(record: &WorkRecord) -> String {
    serde_json::to_string(record).unwrap_or_default()
}

fn read(row: &Row<'_>) -> Result<AppraisalRow, StoreError> {
    Ok(AppraisalRow {
        month: row.month(0)?,
        staff_id: row.int(1)?,
        org_id: row.int(2)?,
        role: row.text(3)?,
        record: record(row.str(4)?)?,
        score: Score(row.int(5)?),
        rule: row.text(6)?,
        state: word(row.str(7)?, AppraisalState::from_word)?,
        made_on: row.date(8)?,
        decided: row.int_or_null(9)?.map(Score),
        decided_by: row.text_or_null(10)?,
        decided_on: row.date_or_null(11)?,
    })
}

/// One appraisal.
///
/// # Errors
/// The database's.
pub fn appraisal(conn: &mut Conn, month: Month, staff_id: i64) -> Result<Option<AppraisalRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM appraisal WHERE month = $1 AND staff_id = $2");
    conn.query_first(&sql, &[month.into(), staff_id.into()], read)
}

/// The appraisals of a month, in the order of the people.
///
/// # Errors
/// The database's.
pub fn appraisals(conn: &mut Conn, month: Month) -> Result<Vec<AppraisalRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM appraisal WHERE month = $1 ORDER BY staff_id");
    conn.query(&sql, &[month.into()], read)
}

/// The appraisals of a person, the newest first; those of everybody when none is named.
///
/// # Errors
/// The database's.
pub fn appraisals_of(conn: &mut Conn, staff_id: Option<i64>) -> Result<Vec<AppraisalRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM appraisal WHERE ($1 = 0 OR staff_id = $1) ORDER BY month DESC, staff_id"
    );
    conn.query(&sql, &[staff_id.unwrap_or(0).into()], read)
}

/// Keeps appraisals, new or changed.
///
/// # Errors
/// The database's.
pub fn save_appraisals(conn: &mut Conn, rows: &[AppraisalRow]) -> Result<(), StoreError> {
    for row in rows {
        let text = text_of(&row.record);
        conn.bulk_upsert(&APPRAISAL, std::slice::from_ref(row), |row, out| {
            out.put(row.month).put(row.staff_id).put(row.org_id).put(&row.role).put(text.as_str());
            out.put(row.score.0).put(&row.rule).put(row.state.word()).put(row.made_on);
            out.put(row.decided.map(|score| score.0)).put(row.decided_by.as_deref()).put(row.decided_on);
        })?;
    }
    Ok(())
}

/// What was said about an appraisal, in order.
///
/// # Errors
/// The database's.
pub fn appraisal_events(
    conn: &mut Conn,
    month: Month,
    staff_id: i64,
) -> Result<Vec<AppraisalEventRow>, StoreError> {
    conn.query(
        "SELECT deed, said, noted_by, noted_on FROM appraisal_event WHERE month = $1 AND staff_id = $2 ORDER BY event_no",
        &[month.into(), staff_id.into()],
        |row| {
            Ok(AppraisalEventRow {
                deed: row.text(0)?,
                said: row.text(1)?,
                noted_by: row.text(2)?,
                noted_on: row.date(3)?,
            })
        },
    )
}

/// Appends what was said.
///
/// # Errors
/// The database's.
pub fn insert_appraisal_event(
    conn: &mut Conn,
    (month, staff_id): (Month, i64),
    event: &AppraisalEventRow,
) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO appraisal_event (month, staff_id, event_no, deed, said, noted_by, noted_on) \
         SELECT $1, $2, COALESCE(MAX(event_no), 0) + 1, $3, $4, $5, $6 FROM appraisal_event WHERE month = $1 AND staff_id = $2",
        &[
            month.into(),
            staff_id.into(),
            (&event.deed).into(),
            (&event.said).into(),
            (&event.noted_by).into(),
            event.noted_on.into(),
        ],
    )?;
    Ok(())
}

/// 奖金表 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusSheetRow {
    /// Its number.
    pub sheet_no: i64,
    /// The target whose period it pays for.
    pub target_no: i64,
    /// The unit.
    pub org_id: i64,
    /// Where it stands.
    pub state: SheetState,
    /// The sum of its lines.
    pub total: Money,
    /// Id of the rule.
    pub rule: String,
    /// Staff code of who made it.
    pub made_by: String,
    /// When.
    pub made_on: Date,
    /// Staff code of the second person.
    pub decided_by: Option<String>,
    /// When.
    pub decided_on: Option<Date>,
    /// Why it was sent back; empty when it was not.
    pub reason: String,
    /// Staff code of who froze it.
    pub frozen_by: Option<String>,
    /// When.
    pub frozen_on: Option<Date>,
}

/// A line of a bonus sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusLineRow {
    /// The person.
    pub staff_id: i64,
    /// What was done.
    pub record: WorkRecord,
    /// By the rule.
    pub worth: Money,
    /// Within the pool of the sheet.
    pub amount: Money,
}

const SHEET: &str = "sheet_no, target_no, org_id, state, total_fen, rule, made_by, made_on, decided_by, decided_on, reason, frozen_by, frozen_on";

fn read_sheet(row: &Row<'_>) -> Result<BonusSheetRow, StoreError> {
    Ok(BonusSheetRow {
        sheet_no: row.int(0)?,
        target_no: row.int(1)?,
        org_id: row.int(2)?,
        state: word(row.str(3)?, SheetState::from_word)?,
        total: row.money(4)?,
        rule: row.text(5)?,
        made_by: row.text(6)?,
        made_on: row.date(7)?,
        decided_by: row.text_or_null(8)?,
        decided_on: row.date_or_null(9)?,
        reason: row.text(10)?,
        frozen_by: row.text_or_null(11)?,
        frozen_on: row.date_or_null(12)?,
    })
}

/// Every bonus sheet, the newest first.
///
/// # Errors
/// The database's.
pub fn bonus_sheets(conn: &mut Conn) -> Result<Vec<BonusSheetRow>, StoreError> {
    conn.query(&format!("SELECT {SHEET} FROM bonus_sheet ORDER BY sheet_no DESC"), &[], read_sheet)
}

/// One bonus sheet.
///
/// # Errors
/// The database's.
pub fn bonus_sheet(conn: &mut Conn, sheet_no: i64) -> Result<Option<BonusSheetRow>, StoreError> {
    let sql = format!("SELECT {SHEET} FROM bonus_sheet WHERE sheet_no = $1");
    conn.query_first(&sql, &[sheet_no.into()], read_sheet)
}

/// The lines of a sheet, in the order of the people.
///
/// # Errors
/// The database's.
pub fn bonus_lines(conn: &mut Conn, sheet_no: i64) -> Result<Vec<BonusLineRow>, StoreError> {
    conn.query(
        "SELECT staff_id, record, worth_fen, amount_fen FROM bonus_line WHERE sheet_no = $1 ORDER BY staff_id",
        &[sheet_no.into()],
        |row| {
            Ok(BonusLineRow {
                staff_id: row.int(0)?,
                record: record(row.str(1)?)?,
                worth: row.money(2)?,
                amount: row.money(3)?,
            })
        },
    )
}

/// Keeps a new sheet with its lines under the next number, which it gives.
///
/// # Errors
/// The database's.
pub fn insert_bonus_sheet(
    conn: &mut Conn,
    sheet: &BonusSheetRow,
    lines: &[BonusLineRow],
) -> Result<i64, StoreError> {
    let sheet_no = conn.query_int("SELECT MAX(sheet_no) FROM bonus_sheet", &[])? + 1;
    conn.execute(
        "INSERT INTO bonus_sheet (sheet_no, target_no, org_id, state, total_fen, rule, made_by, made_on, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            sheet_no.into(),
            sheet.target_no.into(),
            sheet.org_id.into(),
            sheet.state.word().into(),
            sheet.total.into(),
            (&sheet.rule).into(),
            (&sheet.made_by).into(),
            sheet.made_on.into(),
            (&sheet.reason).into(),
        ],
    )?;
    for line in lines {
        conn.execute(
            "INSERT INTO bonus_line (sheet_no, staff_id, record, worth_fen, amount_fen) VALUES ($1, $2, $3, $4, $5)",
            &[
                sheet_no.into(),
                line.staff_id.into(),
                (&text_of(&line.record)).into(),
                line.worth.into(),
                line.amount.into(),
            ],
        )?;
    }
    Ok(sheet_no)
}

/// Keeps what became of a sheet.
///
/// # Errors
/// The database's.
pub fn save_bonus_sheet(conn: &mut Conn, sheet: &BonusSheetRow) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE bonus_sheet SET state = $2, decided_by = $3, decided_on = $4, reason = $5, frozen_by = $6, frozen_on = $7 \
         WHERE sheet_no = $1",
        &[
            sheet.sheet_no.into(),
            sheet.state.word().into(),
            sheet.decided_by.as_deref().into(),
            sheet.decided_on.into(),
            (&sheet.reason).into(),
            sheet.frozen_by.as_deref().into(),
            sheet.frozen_on.into(),
        ],
    )?;
    Ok(())
}
