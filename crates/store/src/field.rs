//! 现场作业 (column `field`): deeds that phones sent, and what is to be done in the field.

use crate::db::{Conn, Row, StoreError};
use denghuo_rules::calendar::Month;
use denghuo_rules::registry::{Category, Voltage};
use denghuo_rules::units::{Capacity, Energy, Money, Ratio};
use jiff::civil::{Date, DateTime};

/// 现场作业记录: a deed as it was sent and answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeedRow {
    /// The account; 0 when its number is not known.
    pub account_id: i64,
    /// Login of who sent it.
    pub who: String,
    /// The id that the phone gave.
    pub deed_id: String,
    /// What it is, such as `reading`.
    pub kind: String,
    /// SHA-256 of its content.
    pub digest: String,
    /// When it was done, by the phone's clock.
    pub happened_at: DateTime,
    /// Where.
    pub place: Option<String>,
    /// `done` or `refused`.
    pub outcome: String,
    /// The answer, as JSON.
    pub answer: String,
    /// When it came in, ms since 1970.
    pub recorded_at: i64,
}

const DEED: &str = "account_id, who, deed_id, kind, digest, happened_at, place, outcome, answer, recorded_at";

/// The deed that somebody sent under an id.
///
/// # Errors
/// The database's.
pub fn deed(conn: &mut Conn, who: &str, deed_id: &str) -> Result<Option<DeedRow>, StoreError> {
    let sql = format!("SELECT {DEED} FROM field_deed WHERE who = $1 AND deed_id = $2");
    conn.query_first(&sql, &[who.into(), deed_id.into()], |row| {
        Ok(DeedRow {
            account_id: row.int(0)?,
            who: row.text(1)?,
            deed_id: row.text(2)?,
            kind: row.text(3)?,
            digest: row.text(4)?,
            happened_at: row.moment(5)?,
            place: row.text_or_null(6)?,
            outcome: row.text(7)?,
            answer: row.text(8)?,
            recorded_at: row.int(9)?,
        })
    })
}

/// Keeps a deed, unless one of the id is there; true when it is kept.
///
/// # Errors
/// The database's.
pub fn keep_deed(conn: &mut Conn, row: &DeedRow) -> Result<bool, StoreError> {
    let sql = format!(
        "INSERT INTO field_deed ({DEED}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"
    );
    let kept = conn.execute(
        &sql,
        &[
            row.account_id.into(),
            (&row.who).into(),
            (&row.deed_id).into(),
            (&row.kind).into(),
            (&row.digest).into(),
            row.happened_at.into(),
            row.place.as_deref().into(),
            (&row.outcome).into(),
            (&row.answer).into(),
            row.recorded_at.into(),
        ],
    )?;
    Ok(kept == 1)
}

/// Writes what a deed that was kept before came to.
///
/// # Errors
/// The database's.
pub fn answer_deed(conn: &mut Conn, row: &DeedRow) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE field_deed SET outcome = $3, answer = $4 WHERE who = $1 AND deed_id = $2",
        &[(&row.who).into(), (&row.deed_id).into(), (&row.outcome).into(), (&row.answer).into()],
    )?;
    Ok(())
}

/// 待抄表计: a meter of a route that is open, not read since its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterToRead {
    /// The account.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// Name of the customer.
    pub customer: String,
    /// 用电地址
    pub address: String,
    /// Code of the route.
    pub route: String,
    /// 电费年月
    pub month: Month,
    /// 抄表例日
    pub due_on: Date,
    /// The installation.
    pub installation_no: i64,
    /// 表号
    pub meter_no: String,
    /// 倍率
    pub multiplier: Ratio,
    /// Whole digits.
    pub digits: i64,
    /// Billed to this day.
    pub billed_to: Option<Date>,
    /// Packed history of quantities.
    pub history: Vec<u8>,
    /// Category, voltage, capacity.
    pub terms: Option<(Category, Voltage, Capacity)>,
    /// Day of the last reading.
    pub last_on: Option<Date>,
    /// Its registers: total, sharp, peak, flat, valley, deep, reactive forward, reactive reverse.
    pub last: [Option<Energy>; 8],
}

/// The meters of a reader's open routes that were not read since the route's day, by route and account; at most `limit`.
///
/// # Errors
/// The database's.
pub fn meters_to_read(
    conn: &mut Conn,
    reader: &str,
    on: Date,
    limit: i64,
) -> Result<Vec<MeterToRead>, StoreError> {
    conn.query(
        "SELECT a.account_id, a.account_no, c.name, a.address, r.code, o.month, o.due_on, i.installation_no, m.meter_no, \
         i.multiplier, i.digits, s.billed_to, s.history, t.category, t.voltage, t.capacity, g.read_on, g.total, g.sharp, \
         g.peak, g.flat, g.valley, g.deep, g.reactive_forward, g.reactive_reverse \
         FROM staff w JOIN route r ON r.reader_id = w.staff_id \
         JOIN reading_order o ON o.route_id = r.route_id AND o.state = 'open' AND o.due_on <= $2 \
         JOIN account a ON a.route_id = r.route_id AND a.opened_on < o.due_on AND a.closed_on >= o.due_on \
         JOIN customer c ON c.customer_id = a.customer_id \
         JOIN installation i ON i.account_id = a.account_id AND i.installed_on <= $2 AND i.removed_on >= $2 \
         JOIN meter m ON m.meter_id = i.meter_id \
         LEFT JOIN billing_state s ON s.account_id = a.account_id \
         LEFT JOIN supply_terms t ON t.account_id = a.account_id AND t.from_on <= o.due_on AND t.until_on >= o.due_on \
         LEFT JOIN reading g ON g.account_id = a.account_id AND g.installation_no = i.installation_no AND g.is_current = 1 \
         AND g.read_on = (SELECT MAX(b.read_on) FROM reading b WHERE b.account_id = a.account_id \
         AND b.installation_no = i.installation_no AND b.is_current = 1 AND b.read_on < o.due_on) \
         WHERE w.code = $1 AND NOT EXISTS (SELECT 1 FROM reading d WHERE d.account_id = a.account_id \
         AND d.installation_no = i.installation_no AND d.is_current = 1 AND d.read_on >= o.due_on) \
         AND NOT EXISTS (SELECT 1 FROM reading_order p WHERE p.route_id = o.route_id AND p.state = 'open' \
         AND p.due_on <= $2 AND p.due_on > o.due_on) \
         ORDER BY r.code, a.account_no, i.installation_no LIMIT $3",
        &[reader.into(), on.into(), limit.into()],
        meter,
    )
}

fn meter(row: &Row<'_>) -> Result<MeterToRead, StoreError> {
    let mut last = [None; 8];
    for (n, register) in last.iter_mut().enumerate() {
        *register = row.int_or_null(17 + n)?.map(Energy);
    }
    let terms = match row.int_or_null(15)? {
        None => None,
        Some(_) => match (Category::from_word(row.str(13)?), Voltage::from_word(row.str(14)?)) {
            (Some(category), Some(voltage)) => Some((category, voltage, row.capacity(15)?)),
            _ => return Err(StoreError::Corrupt("unknown category or voltage".to_owned())),
        },
    };
    let has_history = row.date_or_null(11)?.is_some();
    Ok(MeterToRead {
        account_id: row.int(0)?,
        account_no: row.text(1)?,
        customer: row.text(2)?,
        address: row.text(3)?,
        route: row.text(4)?,
        month: row.month(5)?,
        due_on: row.date(6)?,
        installation_no: row.int(7)?,
        meter_no: row.text(8)?,
        multiplier: row.ratio(9)?,
        digits: row.int(10)?,
        billed_to: row.date_or_null(11)?,
        history: if has_history { row.blob(12)?.to_vec() } else { Vec::new() },
        terms,
        last_on: row.date_or_null(16)?,
        last,
    })
}

/// 待送达通知: a notice that somebody has to carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeToServe {
    /// The account.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// Name of the customer.
    pub customer: String,
    /// 用电地址
    pub address: String,
    /// Number within the account.
    pub notice_no: i64,
    /// A `NoticeKind`.
    pub kind: String,
    /// What it asks for.
    pub amount: Money,
    /// 最后缴费日
    pub deadline_on: Option<Date>,
    /// By when it has to be served.
    pub due_by: Date,
    /// The channel that waits for somebody.
    pub channel: String,
}

/// The condition that account `a` belongs to unit `$1` or to one below it; unit 0 has all.
const IN_SCOPE: &str = "($1 = 0 OR a.org_id IN (WITH RECURSIVE below (org_id) AS (SELECT org_id FROM org WHERE org_id = $1 \
    UNION SELECT o.org_id FROM org o JOIN below b ON o.parent_id = b.org_id) SELECT org_id FROM below))";

/// The notices of a unit that wait to be carried to a door or posted, the most urgent first; papers of bills leave in print runs and
/// are not among them. At most `limit`.
///
/// # Errors
/// The database's.
pub fn notices_to_serve(conn: &mut Conn, root: i64, limit: i64) -> Result<Vec<NoticeToServe>, StoreError> {
    const CARRIED: &str = "('door', 'paper_own', 'posting')";
    let sql = format!(
        "SELECT a.account_id, a.account_no, c.name, a.address, n.notice_no, n.kind, n.amount_fen, n.deadline_on, n.due_by, \
         MIN(d.channel) FROM (SELECT account_id, notice_no, channel FROM delivery WHERE state = 'queued' \
         AND channel IN {CARRIED} UNION ALL SELECT account_id, notice_no, channel FROM delivery WHERE state = 'sent' \
         AND channel IN {CARRIED}) d JOIN notice n ON n.account_id = d.account_id AND n.notice_no = d.notice_no \
         JOIN account a ON a.account_id = d.account_id JOIN customer c ON c.customer_id = a.customer_id \
         WHERE n.state = 'open' AND n.kind <> 'bill' AND {IN_SCOPE} \
         GROUP BY a.account_id, a.account_no, c.name, a.address, n.notice_no, n.kind, n.amount_fen, n.deadline_on, n.due_by \
         ORDER BY n.due_by, a.account_no, n.notice_no LIMIT $2"
    );
    conn.query(&sql, &[root.into(), limit.into()], |row| {
        Ok(NoticeToServe {
            account_id: row.int(0)?,
            account_no: row.text(1)?,
            customer: row.text(2)?,
            address: row.text(3)?,
            notice_no: row.int(4)?,
            kind: row.text(5)?,
            amount: row.money(6)?,
            deadline_on: row.date_or_null(7)?,
            due_by: row.date(8)?,
            channel: row.text(9)?,
        })
    })
}

/// 待停复电户: an account with a case in which somebody has to go to the meter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutToWork {
    /// The account.
    pub account_id: i64,
    /// 户号
    pub account_no: String,
    /// Name of the customer.
    pub customer: String,
    /// 用电地址
    pub address: String,
}

/// The accounts of a unit whose case is served or cut, by number; at most `limit`.
///
/// # Errors
/// The database's.
pub fn cuts_to_work(conn: &mut Conn, root: i64, limit: i64) -> Result<Vec<CutToWork>, StoreError> {
    let sql = format!(
        "SELECT a.account_id, a.account_no, c.name, a.address FROM cut_case k JOIN account a ON a.account_id = k.account_id \
         JOIN customer c ON c.customer_id = a.customer_id WHERE k.closed_on IS NULL AND k.state IN ('served', 'cut') \
         AND {IN_SCOPE} ORDER BY a.account_no LIMIT $2"
    );
    conn.query(&sql, &[root.into(), limit.into()], |row| {
        Ok(CutToWork {
            account_id: row.int(0)?,
            account_no: row.text(1)?,
            customer: row.text(2)?,
            address: row.text(3)?,
        })
    })
}
