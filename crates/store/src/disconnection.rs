//! 停复电 (column `disconnection`): cases, their papers and calls, warrants, operations, declared windows.

use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::disconnection::{CallOutcome, CutDocument, CutState};
use denghuo_rules::units::Money;
use jiff::civil::{Date, DateTime};

mod due;
mod facts;
mod lists;
mod verify;
mod warrants;

use due::WATCHED;
pub use due::{
    DueCut, GroundRow, accounts_in_cases, cut_ranges, cuts_due, grounds_of_live, last_case_numbers,
    live_cases_of, lock_watched, operations_of_live, warrants_of_live,
};
pub use facts::{
    CutNotice, CutUser, EstateRow, HoldRow, NoticeFact, PlanFact, SecurityRow, UnpaidBill, cut_balances,
    cut_holds, cut_notices, cut_users, estate_documents, estate_households_cut, estates, live_calls,
    live_documents, open_insolvencies, plans_running, securities_of, stop_notice, unpaid_bills,
};
pub use lists::{ListedCase, ListedOperation, Place, cases_within, operations_within};
pub use verify::CHECKS;
pub use warrants::{
    OperationRow, WarrantRow, consume_warrant, end_warrant, insert_warrant, last_operation_no,
    last_warrant_no, live_warrant, meters_of, open_operations, operations_of, save_operation, warrants_of,
};

/// 停电流程: one intended cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutCase {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub case_no: i64,
    /// The oldest bill that it rests on.
    pub bill_no: i64,
    /// The round of the step of the ladder that asked for it; 0 when a person did.
    pub step_round: i64,
    /// Where it stands.
    pub state: CutState,
    /// Business day of the proposal.
    pub proposed_on: Date,
    /// Who proposed it.
    pub proposed_by: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When.
    pub approved_on: Option<Date>,
    /// How often the stop-plan notice went out.
    pub round: i64,
    /// The stop-plan notice of this round.
    pub notice_no: Option<i64>,
    /// The day of its service.
    pub served_on: Option<Date>,
    /// First day of the window.
    pub window_from: Option<Date>,
    /// Last day of the window.
    pub window_to: Option<Date>,
    /// When the stage has to look at it.
    pub next_on: Date,
    /// When it ended.
    pub closed_on: Option<Date>,
    /// How it ended: `paid`, `rejected`, `withdrawn`, `restored`.
    pub outcome: Option<String>,
    /// Ids of the rules, with commas between.
    pub rules: String,
}

impl CutCase {
    /// The subject of its notices of this round.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("cut:{}:{}", self.case_no, self.round)
    }
}

const CASE: Table = Table {
    name: "cut_case",
    columns: &[
        "account_id",
        "case_no",
        "bill_no",
        "step_round",
        "state",
        "proposed_on",
        "proposed_by",
        "reason",
        "approved_by",
        "approved_on",
        "round",
        "notice_no",
        "served_on",
        "window_from",
        "window_to",
        "next_on",
        "closed_on",
        "outcome",
        "rules",
    ],
    key: &["account_id", "case_no"],
};
const CASE_COLUMNS: &str = "account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, \
    approved_on, round, notice_no, served_on, window_from, window_to, next_on, closed_on, outcome, rules";

/// Reads a word of a closed list.
fn word<T>(row: &Row<'_>, column: usize, from_word: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let word = row.str(column)?;
    from_word(word).ok_or_else(|| StoreError::Corrupt(format!("`{word}` is no known word")))
}

fn read_case(row: &Row<'_>) -> Result<CutCase, StoreError> {
    Ok(CutCase {
        account_id: row.int(0)?,
        case_no: row.int(1)?,
        bill_no: row.int(2)?,
        step_round: row.int(3)?,
        state: word(row, 4, CutState::from_word)?,
        proposed_on: row.date(5)?,
        proposed_by: row.text(6)?,
        reason: row.text(7)?,
        approved_by: row.text_or_null(8)?,
        approved_on: row.date_or_null(9)?,
        round: row.int(10)?,
        notice_no: row.int_or_null(11)?,
        served_on: row.date_or_null(12)?,
        window_from: row.date_or_null(13)?,
        window_to: row.date_or_null(14)?,
        next_on: row.date(15)?,
        closed_on: row.date_or_null(16)?,
        outcome: row.text_or_null(17)?,
        rules: row.text(18)?,
    })
}

/// Keeps a case, new or changed.
///
/// # Errors
/// The database's.
pub fn save_case(conn: &mut Conn, case: &CutCase) -> Result<(), StoreError> {
    save_cases(conn, std::slice::from_ref(case))
}

/// Keeps cases, new or changed; each of them once.
///
/// # Errors
/// The database's.
pub fn save_cases(conn: &mut Conn, cases: &[CutCase]) -> Result<(), StoreError> {
    conn.bulk_upsert(&CASE, cases, |case, out| {
        out.put(case.account_id).put(case.case_no).put(case.bill_no).put(case.step_round);
        out.put(case.state.word()).put(case.proposed_on).put(&case.proposed_by).put(&case.reason);
        out.put(case.approved_by.as_deref()).put(case.approved_on).put(case.round).put(case.notice_no);
        out.put(case.served_on).put(case.window_from).put(case.window_to).put(case.next_on);
        out.put(case.closed_on).put(case.outcome.as_deref()).put(&case.rules);
    })
}

/// The live case of an account.
///
/// # Errors
/// The database's.
pub fn live_case(conn: &mut Conn, account_id: i64) -> Result<Option<CutCase>, StoreError> {
    let sql = format!(
        "SELECT {CASE_COLUMNS} FROM cut_case WHERE account_id = $1 AND closed_on IS NULL ORDER BY case_no"
    );
    conn.query_first(&sql, &[account_id.into()], read_case)
}

/// Every case of an account, in order.
///
/// # Errors
/// The database's.
pub fn cases_of(conn: &mut Conn, account_id: i64) -> Result<Vec<CutCase>, StoreError> {
    let sql = format!("SELECT {CASE_COLUMNS} FROM cut_case WHERE account_id = $1 ORDER BY case_no");
    conn.query(&sql, &[account_id.into()], read_case)
}

/// Every live case, in order of account.
///
/// # Errors
/// The database's.
pub fn live_cases(conn: &mut Conn) -> Result<Vec<CutCase>, StoreError> {
    let sql =
        format!("SELECT {CASE_COLUMNS} FROM cut_case WHERE closed_on IS NULL ORDER BY account_id, case_no");
    conn.query(&sql, &[], read_case)
}

const CASE_BILL: Table = Table {
    name: "cut_case_bill",
    columns: &["account_id", "case_no", "bill_no", "open_fen"],
    key: &["account_id", "case_no", "bill_no"],
};

/// Keeps the debts that a case rests on, in place of those it rested on before.
///
/// # Errors
/// The database's.
pub fn keep_case_bills(
    conn: &mut Conn,
    (account_id, case_no): (i64, i64),
    bills: &[(i64, Money)],
) -> Result<(), StoreError> {
    conn.execute(
        "DELETE FROM cut_case_bill WHERE account_id = $1 AND case_no = $2",
        &[account_id.into(), case_no.into()],
    )?;
    let rows: Vec<_> = bills.iter().map(|(bill_no, open)| (account_id, case_no, *bill_no, *open)).collect();
    insert_case_bills(conn, &rows)
}

/// Writes the debts that new cases rest on: account, case, bill, what is open.
///
/// # Errors
/// The database's.
pub fn insert_case_bills(conn: &mut Conn, rows: &[(i64, i64, i64, Money)]) -> Result<(), StoreError> {
    conn.bulk(&CASE_BILL, rows, |(account_id, case_no, bill_no, open), out| {
        out.put(*account_id).put(*case_no).put(*bill_no).put(*open);
    })
}

/// The debts that a case rests on.
///
/// # Errors
/// The database's.
pub fn case_bills(conn: &mut Conn, account_id: i64, case_no: i64) -> Result<Vec<i64>, StoreError> {
    conn.query(
        "SELECT bill_no FROM cut_case_bill WHERE account_id = $1 AND case_no = $2 ORDER BY bill_no",
        &[account_id.into(), case_no.into()],
        |row| row.int(0),
    )
}

/// 停电附件: a paper of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// The account.
    pub account_id: i64,
    /// The case.
    pub case_no: i64,
    /// Its number within the case.
    pub document_no: i64,
    /// What it is.
    pub kind: CutDocument,
    /// With whom, or about what.
    pub about: String,
    /// The day.
    pub happened_on: Date,
    /// Its proof.
    pub evidence_no: Option<i64>,
    /// Who noted it; of a decision, who decided.
    pub noted_by: String,
}

const DOCUMENT: Table = Table {
    name: "cut_document",
    columns: &[
        "account_id",
        "case_no",
        "document_no",
        "kind",
        "about",
        "happened_on",
        "evidence_no",
        "noted_by",
    ],
    key: &["account_id", "case_no", "document_no"],
};

/// Writes a paper of a case; its number is given here.
///
/// # Errors
/// The database's.
pub fn insert_document(conn: &mut Conn, row: &DocumentRow) -> Result<i64, StoreError> {
    let last = conn.query_int(
        "SELECT MAX(document_no) FROM cut_document WHERE account_id = $1 AND case_no = $2",
        &[row.account_id.into(), row.case_no.into()],
    )?;
    conn.bulk(&DOCUMENT, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id).put(row.case_no).put(last + 1).put(row.kind.word()).put(&row.about);
        out.put(row.happened_on).put(row.evidence_no).put(&row.noted_by);
    })?;
    Ok(last + 1)
}

/// The papers of a case, in order.
///
/// # Errors
/// The database's.
pub fn documents_of(conn: &mut Conn, account_id: i64, case_no: i64) -> Result<Vec<DocumentRow>, StoreError> {
    conn.query(
        "SELECT account_id, case_no, document_no, kind, about, happened_on, evidence_no, noted_by FROM cut_document \
         WHERE account_id = $1 AND case_no = $2 ORDER BY document_no",
        &[account_id.into(), case_no.into()],
        read_document,
    )
}

fn read_document(row: &Row<'_>) -> Result<DocumentRow, StoreError> {
    Ok(DocumentRow {
        account_id: row.int(0)?,
        case_no: row.int(1)?,
        document_no: row.int(2)?,
        kind: word(row, 3, CutDocument::from_word)?,
        about: row.text(4)?,
        happened_on: row.date(5)?,
        evidence_no: row.int_or_null(6)?,
        noted_by: row.text(7)?,
    })
}

/// 停电前通知: a last call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// The account.
    pub account_id: i64,
    /// The case.
    pub case_no: i64,
    /// Its number within the case.
    pub call_no: i64,
    /// When.
    pub called_at: DateTime,
    /// The time that was told.
    pub told_cut_at: DateTime,
    /// What came of it.
    pub outcome: CallOutcome,
    /// Who called.
    pub called_by: String,
    /// Its proof.
    pub evidence_no: Option<i64>,
}

const CALL: Table = Table {
    name: "final_call",
    columns: &[
        "account_id",
        "case_no",
        "call_no",
        "called_at",
        "told_cut_at",
        "outcome",
        "called_by",
        "evidence_no",
    ],
    key: &["account_id", "case_no", "call_no"],
};

/// Writes a last call.
///
/// # Errors
/// The database's.
pub fn insert_call(conn: &mut Conn, row: &CallRow) -> Result<(), StoreError> {
    conn.bulk(&CALL, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id).put(row.case_no).put(row.call_no).put(row.called_at).put(row.told_cut_at);
        out.put(row.outcome.word()).put(&row.called_by).put(row.evidence_no);
    })
}

/// The last calls of a case, in order.
///
/// # Errors
/// The database's.
pub fn calls_of(conn: &mut Conn, account_id: i64, case_no: i64) -> Result<Vec<CallRow>, StoreError> {
    conn.query(
        "SELECT account_id, case_no, call_no, called_at, told_cut_at, outcome, called_by, evidence_no FROM final_call \
         WHERE account_id = $1 AND case_no = $2 ORDER BY call_no",
        &[account_id.into(), case_no.into()],
        read_call,
    )
}

fn read_call(row: &Row<'_>) -> Result<CallRow, StoreError> {
    Ok(CallRow {
        account_id: row.int(0)?,
        case_no: row.int(1)?,
        call_no: row.int(2)?,
        called_at: row.moment(3)?,
        told_cut_at: row.moment(4)?,
        outcome: word(row, 5, CallOutcome::from_word)?,
        called_by: row.text(6)?,
        evidence_no: row.int_or_null(7)?,
    })
}

/// 临时禁停: a declared window.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct WindowRow {
    /// Its number.
    pub window_no: i64,
    /// Its kind, such as `extreme_heat`.
    pub kind: String,
    /// The organisation and what belongs to it; 0 for the whole company.
    pub org_id: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// Why.
    pub reason: String,
    /// Who declared it.
    pub declared_by: String,
}

const WINDOW: Table = Table {
    name: "declared_window",
    columns: &["window_no", "kind", "org_id", "from_on", "until_on", "reason", "declared_by"],
    key: &["window_no"],
};

/// Keeps a window, new or changed.
///
/// # Errors
/// The database's.
pub fn save_window(conn: &mut Conn, row: &WindowRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&WINDOW, std::slice::from_ref(row), |row, out| {
        out.put(row.window_no).put(&row.kind).put(row.org_id).put(row.from_on).put(row.until_on);
        out.put(&row.reason).put(&row.declared_by);
    })
}

/// Windows that end on a day or later, in order.
///
/// # Errors
/// The database's.
pub fn windows_from(conn: &mut Conn, on: Date) -> Result<Vec<WindowRow>, StoreError> {
    conn.query(
        "SELECT window_no, kind, org_id, from_on, until_on, reason, declared_by FROM declared_window \
         WHERE until_on >= $1 ORDER BY window_no",
        &[on.into()],
        |row| {
            Ok(WindowRow {
                window_no: row.int(0)?,
                kind: row.text(1)?,
                org_id: row.int(2)?,
                from_on: row.date(3)?,
                until_on: row.date(4)?,
                reason: row.text(5)?,
                declared_by: row.text(6)?,
            })
        },
    )
}

/// The last number of a window; 0 when there is none.
///
/// # Errors
/// The database's.
pub fn last_window_no(conn: &mut Conn) -> Result<i64, StoreError> {
    conn.query_int("SELECT MAX(window_no) FROM declared_window", &[])
}
