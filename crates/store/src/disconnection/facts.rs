//! What the gates look at and other columns keep.

use super::{DocumentRow, read_document};
use crate::db::{Conn, StoreError};
use denghuo_rules::units::Money;
use jiff::civil::{Date, DateTime};

/// The user of an account, as far as a cut asks; words stay text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutUser {
    /// 户号
    pub account_no: String,
    /// Its organisation.
    pub org_id: i64,
    /// 重要客户等级
    pub importance: String,
    /// 保护类别
    pub protection: Option<String>,
    /// 小区
    pub estate_id: Option<i64>,
    /// Code of the customer.
    pub customer_code: String,
    /// Name of the customer.
    pub customer_name: String,
    /// 用电类别 on the day.
    pub category: Option<String>,
}

/// The user of an account on a day.
///
/// # Errors
/// The database's.
pub fn cut_user(conn: &mut Conn, account_id: i64, on: Date) -> Result<Option<CutUser>, StoreError> {
    conn.query_first(
        "SELECT a.account_no, a.org_id, a.importance, a.protection, a.estate_id, c.code, c.name, t.category \
         FROM account a JOIN customer c ON c.customer_id = a.customer_id LEFT JOIN supply_terms t \
         ON t.account_id = a.account_id AND t.from_on <= $2 AND t.until_on >= $2 WHERE a.account_id = $1",
        &[account_id.into(), on.into()],
        |row| {
            Ok(CutUser {
                account_no: row.text(0)?,
                org_id: row.int(1)?,
                importance: row.text(2)?,
                protection: row.text_or_null(3)?,
                estate_id: row.int_or_null(4)?,
                customer_code: row.text(5)?,
                customer_name: row.text(6)?,
                category: row.text_or_null(7)?,
            })
        },
    )
}

/// A notice as the gates see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeFact {
    /// The notice.
    pub notice_no: i64,
    /// Its bill, or 0.
    pub bill_no: i64,
    /// `open`, `served`, `failed`, `withdrawn`.
    pub state: String,
    /// The arrival that counts in law.
    pub served_at: Option<DateTime>,
    /// JSON of what it tells.
    pub content: Option<String>,
}

fn read_notice(row: &crate::db::Row<'_>) -> Result<NoticeFact, StoreError> {
    Ok(NoticeFact {
        notice_no: row.int(0)?,
        bill_no: row.int(1)?,
        state: row.text(2)?,
        served_at: row.moment_or_null(3)?,
        content: row.text_or_null(4)?,
    })
}

/// Demands of an account that were served.
///
/// # Errors
/// The database's.
pub fn served_demands(conn: &mut Conn, account_id: i64) -> Result<Vec<NoticeFact>, StoreError> {
    conn.query(
        "SELECT notice_no, bill_no, state, served_at, content FROM notice \
         WHERE account_id = $1 AND kind = 'demand' AND state = 'served' ORDER BY notice_no",
        &[account_id.into()],
        read_notice,
    )
}

/// The notice of a kind about a subject.
///
/// # Errors
/// The database's.
pub fn stop_notice(
    conn: &mut Conn,
    account_id: i64,
    kind: &str,
    subject: &str,
) -> Result<Option<NoticeFact>, StoreError> {
    conn.query_first(
        "SELECT notice_no, bill_no, state, served_at, content FROM notice \
         WHERE account_id = $1 AND kind = $2 AND subject = $3",
        &[account_id.into(), kind.into(), subject.into()],
        read_notice,
    )
}

/// 暂缓
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldRow {
    /// Its kind.
    pub kind: String,
    /// The bill, or 0 for every debt.
    pub bill_no: i64,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
}

/// Holds of an account that are not released on a day.
///
/// # Errors
/// The database's.
pub fn holds_of(conn: &mut Conn, account_id: i64, on: Date) -> Result<Vec<HoldRow>, StoreError> {
    conn.query(
        "SELECT kind, bill_no, from_on, until_on FROM hold \
         WHERE account_id = $1 AND (released_on IS NULL OR released_on > $2) ORDER BY hold_no",
        &[account_id.into(), on.into()],
        |row| {
            Ok(HoldRow {
                kind: row.text(0)?,
                bill_no: row.int(1)?,
                from_on: row.date(2)?,
                until_on: row.date(3)?,
            })
        },
    )
}

/// Days on which insolvencies of an account that are still open were accepted.
///
/// # Errors
/// The database's.
pub fn open_insolvencies(conn: &mut Conn, account_id: i64, on: Date) -> Result<Vec<Date>, StoreError> {
    conn.query(
        "SELECT accepted_on FROM insolvency WHERE account_id = $1 AND (ended_on IS NULL OR ended_on > $2) \
         ORDER BY accepted_on",
        &[account_id.into(), on.into()],
        |row| row.date(0),
    )
}

/// A running plan or promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFact {
    /// `plan` or `promise`.
    pub kind: String,
    /// Its bills, with commas between.
    pub bills: String,
    /// When it was agreed.
    pub agreed_on: Date,
}

/// Plans and promises of an account that run.
///
/// # Errors
/// The database's.
pub fn plans_running(conn: &mut Conn, account_id: i64) -> Result<Vec<PlanFact>, StoreError> {
    conn.query(
        "SELECT kind, bills, agreed_on FROM payment_plan WHERE account_id = $1 AND state = 'running' ORDER BY plan_no",
        &[account_id.into()],
        |row| Ok(PlanFact { kind: row.text(0)?, bills: row.text(1)?, agreed_on: row.date(2)? }),
    )
}

/// 担保
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityRow {
    /// The most that it secures.
    pub amount: Money,
    /// Its bills with commas between; none for every debt.
    pub bills: Option<String>,
}

/// Securities of an account in force on a day.
///
/// # Errors
/// The database's.
pub fn security_of(conn: &mut Conn, account_id: i64, on: Date) -> Result<Vec<SecurityRow>, StoreError> {
    conn.query(
        "SELECT amount_fen, bills FROM security WHERE account_id = $1 AND from_on <= $2 AND until_on >= $2 \
         AND (released_on IS NULL OR released_on > $2) ORDER BY security_no",
        &[account_id.into(), on.into()],
        |row| Ok(SecurityRow { amount: row.money(0)?, bills: row.text_or_null(1)? }),
    )
}

/// 小区
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EstateRow {
    /// 户数
    pub households: i64,
    /// 物业公司
    pub property_company: Option<String>,
    /// 开发商
    pub developer: Option<String>,
}

/// An estate.
///
/// # Errors
/// The database's.
pub fn estate_of(conn: &mut Conn, estate_id: i64) -> Result<Option<EstateRow>, StoreError> {
    conn.query_first(
        "SELECT households, property_company, developer FROM estate WHERE estate_id = $1",
        &[estate_id.into()],
        |row| {
            Ok(EstateRow {
                households: row.int(0)?,
                property_company: row.text_or_null(1)?,
                developer: row.text_or_null(2)?,
            })
        },
    )
}

/// Is a customer, by code or name, the developer or property company of some estate?
///
/// # Errors
/// The database's.
pub fn debtor_of_estate(conn: &mut Conn, code: &str, name: &str) -> Result<bool, StoreError> {
    let found = conn.query_int(
        "SELECT COUNT(*) FROM estate WHERE property_company IN ($1, $2) OR developer IN ($1, $2)",
        &[code.into(), name.into()],
    )?;
    Ok(found > 0)
}

/// Households of an estate, one account excepted, that are without power or would be by a case that was approved.
///
/// # Errors
/// The database's.
pub fn estate_households_cut(conn: &mut Conn, estate_id: i64, except: i64) -> Result<i64, StoreError> {
    conn.query_int(
        "SELECT COUNT(*) FROM cut_case k JOIN account a ON a.account_id = k.account_id JOIN supply_terms t \
         ON t.account_id = k.account_id AND t.from_on <= k.proposed_on AND t.until_on >= k.proposed_on \
         WHERE k.closed_on IS NULL AND k.state IN ('approved', 'served', 'cut') AND a.estate_id = $1 \
         AND a.account_id <> $2 AND t.category = 'household'",
        &[estate_id.into(), except.into()],
    )
}

/// Talks and postings of the live cases of an estate: they are about the estate, whichever account they were noted at.
///
/// # Errors
/// The database's.
pub fn estate_documents(conn: &mut Conn, estate_id: i64) -> Result<Vec<DocumentRow>, StoreError> {
    conn.query(
        "SELECT d.account_id, d.case_no, d.document_no, d.kind, d.about, d.happened_on, d.evidence_no, d.noted_by \
         FROM cut_case k JOIN account a ON a.account_id = k.account_id JOIN cut_document d \
         ON d.account_id = k.account_id AND d.case_no = k.case_no WHERE k.closed_on IS NULL AND a.estate_id = $1 \
         AND d.kind IN ('talk', 'posting') ORDER BY d.account_id, d.case_no, d.document_no",
        &[estate_id.into()],
        read_document,
    )
}
