//! 稽查事实: what the checks look at, record by record or summed up, and of what reviews draw.

use crate::db::{Condition, Conn, Param, StoreError, date_from_int, moment_to_int};
use denghuo_rules::calendar::Month;
use denghuo_rules::supervision::training::CertifiedAct;
use denghuo_rules::supervision::{Act, Pace, Population, Share, Unit};
use jiff::civil::{Date, Time};

/// Days from one through another.
type Span = (Date, Date);

/// 抄表段, as far as its next day goes: code, unit, read day, months of a cycle, first month.
pub type RouteAhead = (String, i64, i64, i64, Option<Month>);

/// 估抄占比: of each reader, the estimated readings of a month among the accounts that were due.
///
/// # Errors
/// The database's.
pub fn estimated_shares(conn: &mut Conn, month: Month) -> Result<Vec<Share>, StoreError> {
    shares(
        conn,
        "SELECT w.code, w.org_id, p.part, w.whole, p.part, p.account_id FROM (SELECT s.staff_id, s.code, s.org_id, \
           CAST(SUM(o.expected) AS BIGINT) AS whole FROM reading_order o JOIN route t ON t.route_id = o.route_id \
           JOIN staff s ON s.staff_id = t.reader_id WHERE o.month = $3 GROUP BY s.staff_id, s.code, s.org_id) w \
         JOIN (SELECT t.reader_id, COUNT(*) AS part, MIN(r.account_id) AS account_id FROM reading r \
           JOIN account a ON a.account_id = r.account_id JOIN route t ON t.route_id = a.route_id \
           WHERE r.source = 'provisional' AND r.is_current = 1 AND r.read_on BETWEEN $1 AND $2 GROUP BY t.reader_id) p \
         ON p.reader_id = w.staff_id ORDER BY w.code",
        &[month.first_day().into(), month.last_day().into(), month.into()],
        &format!("reading:{month}"),
    )
}

/// 示数相同占比: of each reader, the readings in the field of a month that show what the meter showed before.
///
/// # Errors
/// The database's.
pub fn same_shares(conn: &mut Conn, month: Month) -> Result<Vec<Share>, StoreError> {
    shares(
        conn,
        "SELECT s.code, s.org_id, CAST(SUM(q.same) AS BIGINT), COUNT(*), CAST(SUM(q.same) AS BIGINT), \
         MIN(CASE WHEN q.same = 1 THEN q.account_id END) FROM (SELECT COALESCE(r.taken_by, t.reader_id) AS reader_id, r.account_id, \
           CASE WHEN r.total = (SELECT p.total FROM reading p WHERE p.account_id = r.account_id \
             AND p.installation_no = r.installation_no AND p.is_current = 1 AND p.read_on < r.read_on \
             ORDER BY p.read_on DESC LIMIT 1) THEN 1 ELSE 0 END AS same \
           FROM reading r JOIN account a ON a.account_id = r.account_id JOIN route t ON t.route_id = a.route_id \
           WHERE r.source = 'field' AND r.is_current = 1 AND r.read_on BETWEEN $1 AND $2) q \
         JOIN staff s ON s.staff_id = q.reader_id GROUP BY s.code, s.org_id ORDER BY s.code",
        &[month.first_day().into(), month.last_day().into()],
        &format!("reading:{month}"),
    )
}

/// 减免占比: of each who approves, what he waived in a month among all that was waived.
///
/// # Errors
/// The database's.
pub fn waiver_shares(conn: &mut Conn, month: Month) -> Result<Vec<Share>, StoreError> {
    shares(
        conn,
        "SELECT s.code, s.org_id, CAST(SUM(w.amount_fen) AS BIGINT), (SELECT CAST(SUM(o.amount_fen) AS BIGINT) FROM waiver o \
         WHERE o.approved_on BETWEEN $1 AND $2), COUNT(*), MIN(w.account_id) FROM waiver w JOIN staff s ON s.code = w.approved_by \
         WHERE w.approved_on BETWEEN $1 AND $2 GROUP BY s.code, s.org_id ORDER BY s.code",
        &[month.first_day().into(), month.last_day().into()],
        &format!("waivers:{month}"),
    )
}

/// 撤销重算占比: of each unit, the bills of a month that take back or change earlier ones among the accounts that were due.
///
/// # Errors
/// The database's.
pub fn taken_back_shares(conn: &mut Conn, month: Month) -> Result<Vec<Share>, StoreError> {
    shares(
        conn,
        "SELECT NULL, w.org_id, b.part, w.whole, b.part, b.account_id FROM (SELECT t.org_id, CAST(SUM(o.expected) AS BIGINT) AS whole \
           FROM reading_order o JOIN route t ON t.route_id = o.route_id WHERE o.month = $3 GROUP BY t.org_id) w \
         JOIN (SELECT t.org_id, COUNT(*) AS part, MIN(b.account_id) AS account_id FROM bill b \
           JOIN account a ON a.account_id = b.account_id JOIN route t ON t.route_id = a.route_id \
           WHERE b.corrects_no IS NOT NULL AND b.calculated_on BETWEEN $1 AND $2 GROUP BY t.org_id) b \
         ON b.org_id = w.org_id ORDER BY w.org_id",
        &[month.first_day().into(), month.last_day().into(), month.into()],
        &format!("bills:{month}"),
    )
}

/// Person, unit, part, whole, count, account.
fn shares(conn: &mut Conn, sql: &str, params: &[Param<'_>], about: &str) -> Result<Vec<Share>, StoreError> {
    conn.query(sql, params, |row| {
        Ok(Share {
            person: row.text_or_null(0)?,
            org_id: row.int(1)?,
            part: row.int(2)?,
            whole: row.int_or_null(3)?.unwrap_or(0),
            count: row.int(4)?,
            account_id: row.int_or_null(5)?.unwrap_or(0),
            about: about.to_owned(),
        })
    })
}

/// 抄表节拍: readings in the field with their moments, in order of reader, route, day and moment.
///
/// # Errors
/// The database's.
pub fn paces(conn: &mut Conn, (from, to): Span) -> Result<Vec<Pace>, StoreError> {
    conn.query(
        "SELECT s.code, t.code, t.org_id, r.read_on, MIN(r.taken_at), r.account_id FROM reading r \
         JOIN account a ON a.account_id = r.account_id JOIN route t ON t.route_id = a.route_id \
         JOIN staff s ON s.staff_id = COALESCE(r.taken_by, t.reader_id) \
         WHERE r.source = 'field' AND r.is_current = 1 AND r.taken_at IS NOT NULL AND r.read_on BETWEEN $1 AND $2 \
         GROUP BY s.code, t.code, t.org_id, r.read_on, r.account_id \
         ORDER BY s.code, t.code, r.read_on, MIN(r.taken_at), r.account_id",
        &[from.into(), to.into()],
        |row| {
            Ok(Pace {
                person: row.text(0)?,
                route: row.text(1)?,
                org_id: row.int(2)?,
                day: row.date(3)?.to_string(),
                at_ms: row.int(4)?,
                account_id: row.int(5)?,
            })
        },
    )
}

/// 减免: each waiver with its amount in fen.
///
/// # Errors
/// The database's.
pub fn waiver_acts(conn: &mut Conn, (from, to): Span) -> Result<Vec<Act>, StoreError> {
    account_acts(
        conn,
        "SELECT w.approved_by, a.org_id, w.account_id, 'waiver:' || CAST(w.waiver_no AS TEXT), w.amount_fen FROM waiver w \
         JOIN account a ON a.account_id = w.account_id WHERE w.approved_on BETWEEN $1 AND $2 \
         ORDER BY w.account_id, w.waiver_no",
        &[from.into(), to.into()],
    )
}

/// 核销: each write-off with its amount in fen.
///
/// # Errors
/// The database's.
pub fn acts_of_write_offs(conn: &mut Conn, (from, to): Span) -> Result<Vec<Act>, StoreError> {
    account_acts(
        conn,
        "SELECT w.approved_by, a.org_id, w.account_id, 'write_off:' || CAST(w.write_off_no AS TEXT), w.amount_fen FROM write_off w \
         JOIN account a ON a.account_id = w.account_id WHERE w.approved_on BETWEEN $1 AND $2 \
         ORDER BY w.account_id, w.write_off_no",
        &[from.into(), to.into()],
    )
}

/// 同一人经办并审批: acts of two persons that one did.
///
/// # Errors
/// The database's.
pub fn acts_with_both_keys(conn: &mut Conn, (from, to): Span) -> Result<Vec<Act>, StoreError> {
    account_acts(
        conn,
        "SELECT q.person, a.org_id, q.account_id, q.about, CAST(1 AS BIGINT) FROM (\
           SELECT approved_by AS person, account_id, 'waiver:' || CAST(waiver_no AS TEXT) AS about FROM waiver \
             WHERE approved_on BETWEEN $1 AND $2 AND asked_by = approved_by \
           UNION ALL SELECT approved_by, account_id, 'write_off:' || CAST(write_off_no AS TEXT) FROM write_off \
             WHERE approved_on BETWEEN $1 AND $2 AND asked_by = approved_by \
           UNION ALL SELECT approved_by, account_id, 'refund:' || CAST(refund_no AS TEXT) FROM refund \
             WHERE paid_on BETWEEN $1 AND $2 AND asked_by = approved_by \
           UNION ALL SELECT approved_by, account_id, 'cut:' || CAST(case_no AS TEXT) FROM cut_case \
             WHERE approved_on BETWEEN $1 AND $2 AND proposed_by = approved_by) q \
         JOIN account a ON a.account_id = q.account_id ORDER BY q.account_id, q.about",
        &[from.into(), to.into()],
    )
}

/// 工单超时: tickets that were told upwards because a clock had run out, with their level.
///
/// # Errors
/// The database's.
pub fn tickets_late(conn: &mut Conn, (from, to): Span) -> Result<Vec<Act>, StoreError> {
    let end = Time::constant(23, 59, 59, 0);
    account_acts(
        conn,
        "SELECT t.owner, t.org_id, t.account_id, 'ticket:' || CAST(t.ticket_no AS TEXT), t.level FROM ticket t \
         WHERE EXISTS (SELECT 1 FROM ticket_event e WHERE e.account_id = t.account_id AND e.ticket_no = t.ticket_no \
         AND e.deed = 'escalate' AND e.once_key LIKE '%:overdue' AND e.happened_at BETWEEN $1 AND $2) \
         ORDER BY t.account_id, t.ticket_no",
        &[
            moment_to_int(from.to_datetime(Time::midnight())).into(),
            moment_to_int(to.to_datetime(end)).into(),
        ],
    )
}

/// Person, unit, account, record, value; the record of an account is found once.
fn account_acts(conn: &mut Conn, sql: &str, params: &[Param<'_>]) -> Result<Vec<Act>, StoreError> {
    conn.query(sql, params, |row| {
        let (account_id, about) = (row.int(2)?, row.text(3)?);
        Ok(Act {
            key: format!("{account_id}:{about}"),
            person: row.text_or_null(0)?,
            org_id: row.int(1)?,
            account_id,
            about,
            value: row.int(4)?,
            count: 1,
        })
    })
}

/// 未派抄表员: routes without a reader of which accounts were missed last time; code, unit, read day, months of a cycle, first month.
///
/// # Errors
/// The database's.
pub fn routes_without_reader(conn: &mut Conn) -> Result<Vec<RouteAhead>, StoreError> {
    conn.query(
        "SELECT t.code, t.org_id, t.read_day, t.cycle_months, t.first_month FROM route t WHERE t.reader_id IS NULL \
         AND EXISTS (SELECT 1 FROM reading_order o WHERE o.route_id = t.route_id AND o.missed > 0 \
         AND o.month = (SELECT MAX(l.month) FROM reading_order l WHERE l.route_id = t.route_id)) ORDER BY t.code",
        &[],
        |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?, row.int(3)?, Month::from_yyyymm(row.int(4)?))),
    )
}

/// 抄核同人: routes whose reader verifies their bills.
///
/// # Errors
/// The database's.
pub fn readers_who_verify(conn: &mut Conn) -> Result<Vec<Act>, StoreError> {
    conn.query(
        "SELECT s.code, t.org_id, t.code FROM route t JOIN staff s ON s.staff_id = t.reader_id \
         WHERE t.reader_id = t.verifier_id ORDER BY t.code",
        &[],
        |row| {
            let (person, route) = (row.text(0)?, row.text(2)?);
            Ok(Act {
                key: format!("{route}:{person}"),
                person: Some(person),
                org_id: row.int(1)?,
                account_id: 0,
                about: format!("route:{route}"),
                value: 1,
                count: 1,
            })
        },
    )
}

/// 应持证人员: who is set to do an act on a day and holds no certificate of a course that is good then.
///
/// # Errors
/// The database's.
pub fn certificates_wanted(
    conn: &mut Conn,
    (act, course): (CertifiedAct, &str),
    on: Date,
) -> Result<Vec<(String, i64)>, StoreError> {
    let doers = match act {
        CertifiedAct::Read => "s.staff_id IN (SELECT reader_id FROM route)",
        CertifiedAct::Verify => "s.staff_id IN (SELECT verifier_id FROM route)",
        CertifiedAct::Cut => "s.role = 'inspector'",
    };
    let sql = format!(
        "SELECT s.code, s.org_id FROM staff s WHERE {doers} AND s.from_on <= $2 AND s.until_on >= $2 \
         AND NOT EXISTS (SELECT 1 FROM certificate c JOIN course k ON k.course_no = c.course_no WHERE c.person = s.code \
         AND k.code = $1 AND c.from_on <= $2 AND c.until_on >= $2 AND (c.revoked_on IS NULL OR c.revoked_on > $2)) ORDER BY s.code"
    );
    conn.query(&sql, &[course.into(), on.into()], |row| Ok((row.text(0)?, row.int(1)?)))
}

/// 抽样总体: the records of a kind between two days, of a unit and those below it, perhaps of one person; in order.
///
/// # Errors
/// The database's.
pub fn population(
    conn: &mut Conn,
    population: Population,
    (root, person): (i64, Option<&str>),
    (from, to): Span,
) -> Result<Vec<Unit>, StoreError> {
    let end = Time::constant(23, 59, 59, 0);
    let days: [Param<'_>; 2] = [from.into(), to.into()];
    let moments: [Param<'_>; 2] = [from.to_datetime(Time::midnight()).into(), to.to_datetime(end).into()];
    let (records, number, [first, last]) = match population {
        Population::Readings => (
            "(SELECT DISTINCT r.account_id, 'reading:' AS kind, r.read_on AS no, s.code AS person, r.read_on AS at FROM reading r \
             LEFT JOIN staff s ON s.staff_id = r.taken_by \
             WHERE r.is_current = 1 AND r.source IN ('remote', 'field', 'customer'))",
            true,
            days,
        ),
        Population::Bills => (
            "(SELECT account_id, 'bill:' AS kind, bill_no AS no, released_by AS person, released_on AS at FROM receivable)",
            false,
            days,
        ),
        Population::Notices => (
            "(SELECT account_id, 'notice:' AS kind, notice_no AS no, NULL AS person, served_at AS at FROM notice \
             WHERE state = 'served')",
            false,
            moments,
        ),
        Population::Tickets => (
            "(SELECT account_id, 'ticket:' AS kind, ticket_no AS no, owner AS person, ended_at AS at FROM ticket \
             WHERE account_id > 0 AND ended_at IS NOT NULL)",
            false,
            moments,
        ),
        Population::Operations => (
            "(SELECT account_id, 'operation:' AS kind, operation_no AS no, done_by AS person, done_at AS at FROM operation \
             WHERE state = 'done')",
            false,
            moments,
        ),
        Population::Payments => (
            "(SELECT account_id, 'payment:' AS kind, payment_no AS no, received_by AS person, posted_on AS at FROM payment \
             WHERE reverses_no IS NULL AND received_by IN (SELECT code FROM staff))",
            false,
            days,
        ),
    };
    let mut condition = Condition::of("1 = 1");
    condition.within("a.org_id", root);
    condition.and("q.at >= ?", first);
    condition.and("q.at <= ?", last);
    condition.and_if("q.person = ?", person);
    let sql = format!(
        "SELECT a.org_id, q.account_id, q.kind, q.no, q.person FROM {records} q JOIN account a ON a.account_id = q.account_id \
         WHERE {} ORDER BY a.org_id, q.account_id, q.no",
        condition.sql()
    );
    conn.query(&sql, condition.params(), |row| {
        let (kind, no) = (row.text(2)?, row.int(3)?);
        // A reading is named by its day, everything else by its number.
        let named = if number { date_from_int(no).map(|day| day.to_string()) } else { None };
        Ok(Unit {
            org_id: row.int(0)?,
            account_id: row.int(1)?,
            about: format!("{kind}{}", named.unwrap_or_else(|| no.to_string())),
            person: row.text_or_null(4)?,
        })
    })
}
