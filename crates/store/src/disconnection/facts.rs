//! What the gates look at and other columns keep, for the accounts of a range that are looked at.

use super::{CallRow, DocumentRow, WATCHED, read_call, read_document};
use crate::day::Range;
use crate::db::{Conn, Param, Row, StoreError};
use crate::ledger::Balance;
use denghuo_rules::units::Money;
use jiff::civil::{Date, DateTime};

/// The user of an account, as far as a cut asks; words stay text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutUser {
    /// The account.
    pub account_id: i64,
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

/// Asks for rows of the accounts that are looked at; `what` begins behind `w`, the accounts.
fn watched<T>(
    conn: &mut Conn,
    (columns, what): (&str, &str),
    (range, on): (Range, Option<Date>),
    read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let sql = format!("SELECT {columns} FROM {WATCHED} {what}");
    let mut params = vec![range.from.into(), range.to.into()];
    params.extend(on.map(Param::from));
    conn.query(&sql, &params, read)
}

/// The users of a range on a day.
///
/// # Errors
/// The database's.
pub fn cut_users(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<CutUser>, StoreError> {
    watched(
        conn,
        (
            "a.account_id, a.org_id, a.importance, a.protection, a.estate_id, c.code, c.name, t.category",
            "JOIN account a ON a.account_id = w.account_id JOIN customer c ON c.customer_id = a.customer_id \
             LEFT JOIN supply_terms t ON t.account_id = a.account_id AND t.from_on <= $3 AND t.until_on >= $3",
        ),
        (range, Some(on)),
        |row| {
            Ok(CutUser {
                account_id: row.int(0)?,
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

/// The balances of a range, to look at.
///
/// # Errors
/// The database's.
pub fn cut_balances(conn: &mut Conn, range: Range) -> Result<Vec<Balance>, StoreError> {
    watched(
        conn,
        (
            "b.account_id, b.next_entry_no, b.receivable_fen, b.late_fee_fen, b.prepaid_fen",
            "JOIN balance b ON b.account_id = w.account_id",
        ),
        (range, None),
        Balance::read,
    )
}

/// A bill that is not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnpaidBill {
    /// Its number.
    pub bill_no: i64,
    /// Its last payment day.
    pub due_on: Date,
    /// What is open of it; negative: in the customer's favour.
    pub open: Money,
}

/// The bills of a range that are not settled, with their accounts, in order.
///
/// # Errors
/// The database's.
pub fn unpaid_bills(conn: &mut Conn, range: Range) -> Result<Vec<(i64, UnpaidBill)>, StoreError> {
    watched(
        conn,
        (
            "r.account_id, r.bill_no, r.due_on, r.open_fen",
            "JOIN receivable r ON r.account_id = w.account_id WHERE r.open_fen <> 0 ORDER BY r.account_id, r.bill_no",
        ),
        (range, None),
        |row| {
            let bill = UnpaidBill { bill_no: row.int(1)?, due_on: row.date(2)?, open: row.money(3)? };
            Ok((row.int(0)?, bill))
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

fn read_notice(row: &Row<'_>) -> Result<NoticeFact, StoreError> {
    Ok(NoticeFact {
        notice_no: row.int(0)?,
        bill_no: row.int(1)?,
        state: row.text(2)?,
        served_at: row.moment_or_null(3)?,
        content: row.text_or_null(4)?,
    })
}

/// A notice with its account, kind and subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutNotice {
    /// The account.
    pub account_id: i64,
    /// Word of its kind.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// What the gates see of it.
    pub fact: NoticeFact,
}

/// Demands of a range that were served, and every notice of its cuts, in order.
///
/// # Errors
/// The database's.
pub fn cut_notices(conn: &mut Conn, range: Range) -> Result<Vec<CutNotice>, StoreError> {
    watched(
        conn,
        (
            "n.notice_no, n.bill_no, n.state, n.served_at, n.content, n.account_id, n.kind, n.subject",
            "JOIN notice n ON n.account_id = w.account_id WHERE (n.kind = 'demand' AND n.state = 'served') \
             OR n.kind IN ('stop_plan', 'stop_execution', 'estate_posting', 'authority_copy') \
             ORDER BY n.account_id, n.notice_no",
        ),
        (range, None),
        |row| {
            Ok(CutNotice {
                fact: read_notice(row)?,
                account_id: row.int(5)?,
                kind: row.text(6)?,
                subject: row.text(7)?,
            })
        },
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

/// Holds of a range that are not released on a day, with their accounts, in order.
///
/// # Errors
/// The database's.
pub fn cut_holds(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<(i64, HoldRow)>, StoreError> {
    watched(
        conn,
        (
            "h.account_id, h.kind, h.bill_no, h.from_on, h.until_on",
            "JOIN hold h ON h.account_id = w.account_id WHERE h.released_on IS NULL OR h.released_on > $3 \
             ORDER BY h.account_id, h.hold_no",
        ),
        (range, Some(on)),
        |row| {
            let hold = HoldRow {
                kind: row.text(1)?,
                bill_no: row.int(2)?,
                from_on: row.date(3)?,
                until_on: row.date(4)?,
            };
            Ok((row.int(0)?, hold))
        },
    )
}

/// Days on which insolvencies of a range that are still open were accepted, with their accounts, in order.
///
/// # Errors
/// The database's.
pub fn open_insolvencies(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<(i64, Date)>, StoreError> {
    watched(
        conn,
        (
            "i.account_id, i.accepted_on",
            "JOIN insolvency i ON i.account_id = w.account_id WHERE i.ended_on IS NULL OR i.ended_on > $3 \
             ORDER BY i.account_id, i.accepted_on",
        ),
        (range, Some(on)),
        |row| Ok((row.int(0)?, row.date(1)?)),
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

/// Plans and promises of a range that run, with their accounts, in order.
///
/// # Errors
/// The database's.
pub fn plans_running(conn: &mut Conn, range: Range) -> Result<Vec<(i64, PlanFact)>, StoreError> {
    watched(
        conn,
        (
            "p.account_id, p.kind, p.bills, p.agreed_on",
            "JOIN payment_plan p ON p.account_id = w.account_id WHERE p.state = 'running' \
             ORDER BY p.account_id, p.plan_no",
        ),
        (range, None),
        |row| {
            Ok((row.int(0)?, PlanFact { kind: row.text(1)?, bills: row.text(2)?, agreed_on: row.date(3)? }))
        },
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

/// Securities of a range in force on a day, with their accounts, in order.
///
/// # Errors
/// The database's.
pub fn securities_of(conn: &mut Conn, range: Range, on: Date) -> Result<Vec<(i64, SecurityRow)>, StoreError> {
    watched(
        conn,
        (
            "s.account_id, s.amount_fen, s.bills",
            "JOIN security s ON s.account_id = w.account_id WHERE s.from_on <= $3 AND s.until_on >= $3 \
             AND (s.released_on IS NULL OR s.released_on > $3) ORDER BY s.account_id, s.security_no",
        ),
        (range, Some(on)),
        |row| Ok((row.int(0)?, SecurityRow { amount: row.money(1)?, bills: row.text_or_null(2)? })),
    )
}

/// Papers of the live cases of a range, in order.
///
/// # Errors
/// The database's.
pub fn live_documents(conn: &mut Conn, range: Range) -> Result<Vec<DocumentRow>, StoreError> {
    watched(
        conn,
        (
            "d.account_id, d.case_no, d.document_no, d.kind, d.about, d.happened_on, d.evidence_no, d.noted_by",
            "JOIN cut_case k ON k.account_id = w.account_id AND k.closed_on IS NULL JOIN cut_document d \
             ON d.account_id = k.account_id AND d.case_no = k.case_no ORDER BY d.account_id, d.case_no, d.document_no",
        ),
        (range, None),
        read_document,
    )
}

/// Last calls of the live cases of a range, in order.
///
/// # Errors
/// The database's.
pub fn live_calls(conn: &mut Conn, range: Range) -> Result<Vec<CallRow>, StoreError> {
    watched(
        conn,
        (
            "c.account_id, c.case_no, c.call_no, c.called_at, c.told_cut_at, c.outcome, c.called_by, c.evidence_no",
            "JOIN cut_case k ON k.account_id = w.account_id AND k.closed_on IS NULL JOIN final_call c \
             ON c.account_id = k.account_id AND c.case_no = k.case_no ORDER BY c.account_id, c.case_no, c.call_no",
        ),
        (range, None),
        read_call,
    )
}

/// 小区
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EstateRow {
    /// The estate.
    pub estate_id: i64,
    /// 户数
    pub households: i64,
    /// 物业公司
    pub property_company: Option<String>,
    /// 开发商
    pub developer: Option<String>,
}

/// Every estate.
///
/// # Errors
/// The database's.
pub fn estates(conn: &mut Conn) -> Result<Vec<EstateRow>, StoreError> {
    conn.query(
        "SELECT estate_id, households, property_company, developer FROM estate ORDER BY estate_id",
        &[],
        |row| {
            Ok(EstateRow {
                estate_id: row.int(0)?,
                households: row.int(1)?,
                property_company: row.text_or_null(2)?,
                developer: row.text_or_null(3)?,
            })
        },
    )
}

/// Homes without power, or that would be by a case that was approved: estate and account, of the estates of a range.
///
/// # Errors
/// The database's.
pub fn estate_households_cut(conn: &mut Conn, range: Range) -> Result<Vec<(i64, i64)>, StoreError> {
    let sql = format!(
        "SELECT a.estate_id, a.account_id FROM cut_case k JOIN account a ON a.account_id = k.account_id \
         JOIN supply_terms t ON t.account_id = k.account_id AND t.from_on <= k.proposed_on AND t.until_on >= k.proposed_on \
         WHERE k.closed_on IS NULL AND k.state IN ('approved', 'served', 'cut') AND t.category = 'household' \
         AND a.estate_id IN (SELECT x.estate_id FROM {WATCHED} JOIN account x ON x.account_id = w.account_id WHERE x.estate_id IS NOT NULL)"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// Talks and postings of the live cases of the estates of a range: they are about the estate, whichever account they were noted
/// at; with their estates, in order.
///
/// # Errors
/// The database's.
pub fn estate_documents(conn: &mut Conn, range: Range) -> Result<Vec<(i64, DocumentRow)>, StoreError> {
    let sql = format!(
        "SELECT d.account_id, d.case_no, d.document_no, d.kind, d.about, d.happened_on, d.evidence_no, d.noted_by, \
         a.estate_id FROM cut_case k JOIN account a ON a.account_id = k.account_id JOIN cut_document d \
         ON d.account_id = k.account_id AND d.case_no = k.case_no WHERE k.closed_on IS NULL AND d.kind IN ('talk', 'posting') \
         AND a.estate_id IN (SELECT x.estate_id FROM {WATCHED} JOIN account x ON x.account_id = w.account_id WHERE x.estate_id IS NOT NULL) \
         ORDER BY d.account_id, d.case_no, d.document_no"
    );
    conn.query(&sql, &[range.from.into(), range.to.into()], |row| Ok((row.int(8)?, read_document(row)?)))
}
