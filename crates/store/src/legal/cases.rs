//! 法律案件, 担保, 破产: the rows.

use crate::day::Range;
use crate::db::{Conn, Row, StoreError, Table};
use denghuo_rules::legal::terms::SecurityKind;
use denghuo_rules::legal::triggers::CaseKind;
use denghuo_rules::units::Money;
use jiff::civil::Date;

/// 法律案件
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub case_no: i64,
    /// What it is.
    pub kind: CaseKind,
    /// `proposed`, `approved`, `sent`, `filed`, `accepted`, `decided`, `enforcement`, `closed`.
    pub state: String,
    /// Business day.
    pub opened_on: Date,
    /// Who proposed it.
    pub opened_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When.
    pub approved_on: Option<Date>,
    /// Principal claimed.
    pub claim: Money,
    /// Late fee claimed.
    pub fee: Money,
    /// The letter.
    pub notice_no: Option<i64>,
    /// Law firm or own counsel.
    pub counsel: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// 案号
    pub court_ref: Option<String>,
    /// Last day of the term that runs.
    pub term_on: Option<Date>,
    /// The next day on which somebody has to look.
    pub next_on: Date,
    /// When it was closed.
    pub closed_on: Option<Date>,
    /// How.
    pub outcome: Option<String>,
    /// Ids of the rules, with commas between.
    pub rules: String,
}

pub(super) const CASE: Table = Table {
    name: "legal_case",
    columns: &[
        "account_id",
        "case_no",
        "kind",
        "state",
        "opened_on",
        "opened_by",
        "approved_by",
        "approved_on",
        "claim_fen",
        "fee_fen",
        "notice_no",
        "counsel",
        "court",
        "court_ref",
        "term_on",
        "next_on",
        "closed_on",
        "outcome",
        "rules",
    ],
    key: &["account_id", "case_no"],
};
const CASES: &str = "SELECT account_id, case_no, kind, state, opened_on, opened_by, approved_by, approved_on, claim_fen, \
    fee_fen, notice_no, counsel, court, court_ref, term_on, next_on, closed_on, outcome, rules FROM legal_case";

pub(super) fn read_case(row: &Row<'_>) -> Result<CaseRow, StoreError> {
    let kind = row.str(2)?;
    Ok(CaseRow {
        account_id: row.int(0)?,
        case_no: row.int(1)?,
        kind: CaseKind::from_word(kind)
            .ok_or_else(|| StoreError::Corrupt(format!("`{kind}` is no kind of case")))?,
        state: row.text(3)?,
        opened_on: row.date(4)?,
        opened_by: row.text(5)?,
        approved_by: row.text_or_null(6)?,
        approved_on: row.date_or_null(7)?,
        claim: row.money(8)?,
        fee: row.money(9)?,
        notice_no: row.int_or_null(10)?,
        counsel: row.text_or_null(11)?,
        court: row.text_or_null(12)?,
        court_ref: row.text_or_null(13)?,
        term_on: row.date_or_null(14)?,
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
pub fn save_case(conn: &mut Conn, row: &CaseRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&CASE, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id)
            .put(row.case_no)
            .put(row.kind.word())
            .put(row.state.as_str())
            .put(row.opened_on);
        out.put(&row.opened_by)
            .put(row.approved_by.as_deref())
            .put(row.approved_on)
            .put(row.claim)
            .put(row.fee);
        out.put(row.notice_no)
            .put(row.counsel.as_deref())
            .put(row.court.as_deref())
            .put(row.court_ref.as_deref());
        out.put(row.term_on).put(row.next_on).put(row.closed_on).put(row.outcome.as_deref()).put(&row.rules);
    })
}

/// One case.
///
/// # Errors
/// The database's.
pub fn case(conn: &mut Conn, account_id: i64, case_no: i64) -> Result<Option<CaseRow>, StoreError> {
    let sql = format!("{CASES} WHERE account_id = $1 AND case_no = $2");
    conn.query_first(&sql, &[account_id.into(), case_no.into()], read_case)
}

/// The cases of a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn cases_of(conn: &mut Conn, range: Range) -> Result<Vec<CaseRow>, StoreError> {
    let sql = format!("{CASES} WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, case_no");
    conn.query(&sql, &[range.from.into(), range.to.into()], read_case)
}

/// The cases that are open, in order of the day on which somebody has to look.
///
/// # Errors
/// The database's.
pub fn open_cases(conn: &mut Conn) -> Result<Vec<CaseRow>, StoreError> {
    let sql = format!("{CASES} WHERE closed_on IS NULL ORDER BY next_on, account_id, case_no");
    conn.query(&sql, &[], read_case)
}

/// 案件账单: what a case claims of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseBillRow {
    /// The account.
    pub account_id: i64,
    /// The case.
    pub case_no: i64,
    /// The bill.
    pub bill_no: i64,
    /// Principal.
    pub amount: Money,
    /// Late fee.
    pub fee: Money,
}

const CASE_BILL: Table = Table {
    name: "legal_case_bill",
    columns: &["account_id", "case_no", "bill_no", "amount_fen", "fee_fen"],
    key: &["account_id", "case_no", "bill_no"],
};

/// Writes what a case claims.
///
/// # Errors
/// The database's.
pub fn insert_case_bills(conn: &mut Conn, rows: &[CaseBillRow]) -> Result<(), StoreError> {
    conn.bulk(&CASE_BILL, rows, |row, out| {
        out.put(row.account_id).put(row.case_no).put(row.bill_no).put(row.amount).put(row.fee);
    })
}

/// Puts other claims in the place of those of a case that is not sent or filed yet.
///
/// # Errors
/// The database's.
pub fn replace_case_bills(
    conn: &mut Conn,
    (account_id, case_no): (i64, i64),
    rows: &[CaseBillRow],
) -> Result<(), StoreError> {
    conn.execute(
        "DELETE FROM legal_case_bill WHERE account_id = $1 AND case_no = $2",
        &[account_id.into(), case_no.into()],
    )?;
    insert_case_bills(conn, rows)
}

/// What a case claims.
///
/// # Errors
/// The database's.
pub fn case_bills(conn: &mut Conn, account_id: i64, case_no: i64) -> Result<Vec<CaseBillRow>, StoreError> {
    conn.query(
        "SELECT account_id, case_no, bill_no, amount_fen, fee_fen FROM legal_case_bill \
         WHERE account_id = $1 AND case_no = $2 ORDER BY bill_no",
        &[account_id.into(), case_no.into()],
        |row| {
            Ok(CaseBillRow {
                account_id: row.int(0)?,
                case_no: row.int(1)?,
                bill_no: row.int(2)?,
                amount: row.money(3)?,
                fee: row.money(4)?,
            })
        },
    )
}

/// 案件进程: something that happened in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// The account.
    pub account_id: i64,
    /// The case.
    pub case_no: i64,
    /// Its number within the case.
    pub step_no: i64,
    /// What: proposed, approved, rejected, sent, filed, accepted, …
    pub kind: String,
    /// When.
    pub happened_on: Date,
    /// In words.
    pub note: String,
    /// Its proof.
    pub evidence_no: Option<i64>,
    /// Who noted it.
    pub noted_by: String,
}

const STEP: Table = Table {
    name: "legal_step",
    columns: &["account_id", "case_no", "step_no", "kind", "happened_on", "note", "evidence_no", "noted_by"],
    key: &["account_id", "case_no", "step_no"],
};

/// Writes steps of cases.
///
/// # Errors
/// The database's.
pub fn insert_steps(conn: &mut Conn, rows: &[StepRow]) -> Result<(), StoreError> {
    conn.bulk(&STEP, rows, |row, out| {
        out.put(row.account_id).put(row.case_no).put(row.step_no).put(&row.kind).put(row.happened_on);
        out.put(&row.note).put(row.evidence_no).put(&row.noted_by);
    })
}

/// The steps of a case, in order.
///
/// # Errors
/// The database's.
pub fn steps_of(conn: &mut Conn, account_id: i64, case_no: i64) -> Result<Vec<StepRow>, StoreError> {
    conn.query(
        "SELECT account_id, case_no, step_no, kind, happened_on, note, evidence_no, noted_by FROM legal_step \
         WHERE account_id = $1 AND case_no = $2 ORDER BY step_no",
        &[account_id.into(), case_no.into()],
        |row| {
            Ok(StepRow {
                account_id: row.int(0)?,
                case_no: row.int(1)?,
                step_no: row.int(2)?,
                kind: row.text(3)?,
                happened_on: row.date(4)?,
                note: row.text(5)?,
                evidence_no: row.int_or_null(6)?,
                noted_by: row.text(7)?,
            })
        },
    )
}

/// 担保
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub security_no: i64,
    /// Which.
    pub kind: SecurityKind,
    /// Who gives it.
    pub giver: String,
    /// Up to this amount.
    pub amount: Money,
    /// Since.
    pub from_on: Date,
    /// Last day on which it can be called on.
    pub until_on: Date,
    /// The bills it covers, with commas between; all when absent.
    pub bills: Option<String>,
    /// Its proof.
    pub evidence_no: Option<i64>,
    /// Who noted it.
    pub noted_by: String,
    /// When it was released.
    pub released_on: Option<Date>,
}

const SECURITY: Table = Table {
    name: "security",
    columns: &[
        "account_id",
        "security_no",
        "kind",
        "giver",
        "amount_fen",
        "from_on",
        "until_on",
        "bills",
        "evidence_no",
        "noted_by",
        "released_on",
    ],
    key: &["account_id", "security_no"],
};
const SECURITIES: &str = "SELECT account_id, security_no, kind, giver, amount_fen, from_on, until_on, bills, evidence_no, \
    noted_by, released_on FROM security";

fn read_security(row: &Row<'_>) -> Result<SecurityRow, StoreError> {
    let kind = row.str(2)?;
    Ok(SecurityRow {
        account_id: row.int(0)?,
        security_no: row.int(1)?,
        kind: SecurityKind::from_word(kind)
            .ok_or_else(|| StoreError::Corrupt(format!("`{kind}` is no kind of security")))?,
        giver: row.text(3)?,
        amount: row.money(4)?,
        from_on: row.date(5)?,
        until_on: row.date(6)?,
        bills: row.text_or_null(7)?,
        evidence_no: row.int_or_null(8)?,
        noted_by: row.text(9)?,
        released_on: row.date_or_null(10)?,
    })
}

/// Keeps a security.
///
/// # Errors
/// The database's.
pub fn save_security(conn: &mut Conn, row: &SecurityRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&SECURITY, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id).put(row.security_no).put(row.kind.word()).put(&row.giver).put(row.amount);
        out.put(row.from_on).put(row.until_on).put(row.bills.as_deref()).put(row.evidence_no);
        out.put(&row.noted_by).put(row.released_on);
    })
}

/// The securities of a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn securities_of(conn: &mut Conn, range: Range) -> Result<Vec<SecurityRow>, StoreError> {
    let sql = format!("{SECURITIES} WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, security_no");
    conn.query(&sql, &[range.from.into(), range.to.into()], read_security)
}

/// Securities whose last day is between two days.
///
/// # Errors
/// The database's.
pub fn securities_ending(conn: &mut Conn, from: Date, until: Date) -> Result<Vec<SecurityRow>, StoreError> {
    let sql = format!(
        "{SECURITIES} WHERE until_on BETWEEN $1 AND $2 AND released_on IS NULL ORDER BY account_id, security_no"
    );
    conn.query(&sql, &[from.into(), until.into()], read_security)
}

/// 破产程序
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsolvencyRow {
    /// The account.
    pub account_id: i64,
    /// Its number within the account.
    pub insolvency_no: i64,
    /// 受理日: the late fee stops here.
    pub accepted_on: Date,
    /// Last day to file claims.
    pub claims_until: Date,
    /// The court.
    pub court: String,
    /// 管理人
    pub administrator: Option<String>,
    /// Its proof.
    pub evidence_no: Option<i64>,
    /// Who noted it.
    pub noted_by: String,
    /// When it ended.
    pub ended_on: Option<Date>,
}

const INSOLVENCY: Table = Table {
    name: "insolvency",
    columns: &[
        "account_id",
        "insolvency_no",
        "accepted_on",
        "claims_until",
        "court",
        "administrator",
        "evidence_no",
        "noted_by",
        "ended_on",
    ],
    key: &["account_id", "insolvency_no"],
};

/// Keeps an insolvency.
///
/// # Errors
/// The database's.
pub fn save_insolvency(conn: &mut Conn, row: &InsolvencyRow) -> Result<(), StoreError> {
    conn.bulk_upsert(&INSOLVENCY, std::slice::from_ref(row), |row, out| {
        out.put(row.account_id)
            .put(row.insolvency_no)
            .put(row.accepted_on)
            .put(row.claims_until)
            .put(&row.court);
        out.put(row.administrator.as_deref()).put(row.evidence_no).put(&row.noted_by).put(row.ended_on);
    })
}

/// The insolvencies of a range of accounts, in order.
///
/// # Errors
/// The database's.
pub fn insolvencies_of(conn: &mut Conn, range: Range) -> Result<Vec<InsolvencyRow>, StoreError> {
    conn.query(
        "SELECT account_id, insolvency_no, accepted_on, claims_until, court, administrator, evidence_no, noted_by, ended_on \
         FROM insolvency WHERE account_id BETWEEN $1 AND $2 ORDER BY account_id, insolvency_no",
        &[range.from.into(), range.to.into()],
        |row| {
            Ok(InsolvencyRow {
                account_id: row.int(0)?,
                insolvency_no: row.int(1)?,
                accepted_on: row.date(2)?,
                claims_until: row.date(3)?,
                court: row.text(4)?,
                administrator: row.text_or_null(5)?,
                evidence_no: row.int_or_null(6)?,
                noted_by: row.text(7)?,
                ended_on: row.date_or_null(8)?,
            })
        },
    )
}

/// The last number that an account has given in a numbered table; 0 when none.
///
/// # Errors
/// The database's.
pub fn last_number(conn: &mut Conn, what: &str, account_id: i64) -> Result<i64, StoreError> {
    let sql = match what {
        "case" => "SELECT MAX(case_no) FROM legal_case WHERE account_id = $1",
        "event" => "SELECT MAX(event_no) FROM limitation_event WHERE account_id = $1",
        "write_off" => "SELECT MAX(write_off_no) FROM write_off WHERE account_id = $1",
        "security" => "SELECT MAX(security_no) FROM security WHERE account_id = $1",
        _ => "SELECT MAX(insolvency_no) FROM insolvency WHERE account_id = $1",
    };
    conn.query_int(sql, &[account_id.into()])
}
