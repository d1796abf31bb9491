//! 宣传活动: whom they told, and what came of it.

use super::word;
use crate::db::{Condition, Conn, Key, Orders, Placed, Row, Slice, StoreError, Table, moment_to_int};
use denghuo_rules::calendar::plus_days;
use denghuo_rules::outreach::{ArrearsState, CampaignState, Effect, Response, Segment};
use denghuo_rules::registry::Category;
use jiff::civil::{Date, Time};
use std::collections::BTreeSet;

/// 宣传活动 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRow {
    /// Its number.
    pub campaign_no: i64,
    /// What it is called.
    pub title: String,
    /// What is told.
    pub said: String,
    /// Code of the article that says more.
    pub article: Option<String>,
    /// Whom it is for.
    pub segment: Segment,
    /// Percent that are left out.
    pub held_out_percent: i64,
    /// The same seed leaves out the same accounts.
    pub seed: i64,
    /// What counts as an answer.
    pub answer: Response,
    /// Days for which answers are counted.
    pub respond_days: i64,
    /// The unit whose people see it.
    pub org_id: i64,
    /// Where it stands.
    pub state: CampaignState,
    /// When it was made.
    pub made_on: Date,
    /// By whom.
    pub made_by: String,
    /// When it was let out or not.
    pub decided_on: Option<Date>,
    /// By whom.
    pub decided_by: Option<String>,
    /// When it is measured for good.
    pub closes_on: Option<Date>,
    /// What it came to, as JSON.
    pub effect: Option<String>,
}

const CAMPAIGN: Table = Table {
    name: "campaign",
    columns: &[
        "campaign_no",
        "title",
        "said",
        "article",
        "segment",
        "held_out_percent",
        "seed",
        "answer",
        "respond_days",
        "org_id",
        "state",
        "made_on",
        "made_by",
        "decided_on",
        "decided_by",
        "closes_on",
        "effect",
    ],
    key: &["campaign_no"],
};

const COLUMNS: &str = "c.campaign_no, c.title, c.said, c.article, c.segment, c.held_out_percent, c.seed, c.answer, c.respond_days, \
    c.org_id, c.state, c.made_on, c.made_by, c.decided_on, c.decided_by, c.closes_on, c.effect";

fn read(row: &Row<'_>) -> Result<CampaignRow, StoreError> {
    let segment = serde_json::from_str(row.str(4)?)
        .map_err(|error| StoreError::Corrupt(format!("a segment of a campaign: {error}")))?;
    Ok(CampaignRow {
        campaign_no: row.int(0)?,
        title: row.text(1)?,
        said: row.text(2)?,
        article: row.text_or_null(3)?,
        segment,
        held_out_percent: row.int(5)?,
        seed: row.int(6)?,
        answer: word(row.str(7)?, Response::from_word)?,
        respond_days: row.int(8)?,
        org_id: row.int(9)?,
        state: word(row.str(10)?, CampaignState::from_word)?,
        made_on: row.date(11)?,
        made_by: row.text(12)?,
        decided_on: row.date_or_null(13)?,
        decided_by: row.text_or_null(14)?,
        closes_on: row.date_or_null(15)?,
        effect: row.text_or_null(16)?,
    })
}

/// Keeps a campaign, new or changed.
///
/// # Errors
/// The database's.
pub fn save_campaign(conn: &mut Conn, row: &CampaignRow) -> Result<(), StoreError> {
    let segment = serde_json::to_string(&row.segment)
        .map_err(|error| StoreError::Corrupt(format!("a segment of a campaign: {error}")))?;
    conn.bulk_upsert(&CAMPAIGN, std::slice::from_ref(row), |row, out| {
        out.put(row.campaign_no).put(&row.title).put(&row.said).put(row.article.as_deref()).put(&segment);
        out.put(row.held_out_percent).put(row.seed).put(row.answer.word()).put(row.respond_days);
        out.put(row.org_id).put(row.state.word()).put(row.made_on).put(&row.made_by).put(row.decided_on);
        out.put(row.decided_by.as_deref()).put(row.closes_on).put(row.effect.as_deref());
    })
}

/// One campaign.
///
/// # Errors
/// The database's.
pub fn campaign(conn: &mut Conn, campaign_no: i64) -> Result<Option<CampaignRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM campaign c WHERE c.campaign_no = $1");
    conn.query_first(&sql, &[campaign_no.into()], read)
}

/// What campaigns are ordered by: the newest first.
pub const CAMPAIGN_ORDERS: Orders = Orders {
    words: &[
        ("made_on", Key::Int("c.made_on")),
        ("closes_on", Key::Int("COALESCE(c.closes_on, 99991231)")),
        ("state", Key::Text("c.state")),
    ],
    usual: &[(Key::Int("c.campaign_no"), true)],
    rest: &[Key::Int("c.campaign_no")],
};

/// A page of the campaigns of a unit and those below it (0: all), each with its place.
///
/// # Errors
/// The database's.
pub fn campaigns(conn: &mut Conn, root: i64, slice: &Slice) -> Result<Placed<CampaignRow>, StoreError> {
    let mut which = Condition::default();
    which.within("c.org_id", root);
    slice.rows(conn, (COLUMNS, 17, "campaign c"), which, read)
}

/// Running campaigns whose answers are counted up to a day before this one, in order.
///
/// # Errors
/// The database's.
pub fn campaigns_ending(conn: &mut Conn, on: Date) -> Result<Vec<CampaignRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM campaign c WHERE c.state = 'running' AND c.closes_on < $1 ORDER BY c.campaign_no"
    );
    conn.query(&sql, &[on.into()], read)
}

/// Accounts of a segment that are supplied on a day, of a unit and those below it, in order.
///
/// # Errors
/// The database's.
pub fn segment(conn: &mut Conn, root: i64, segment: &Segment, on: Date) -> Result<Vec<i64>, StoreError> {
    let mut condition = Condition::of("1 = 1");
    condition.and("a.opened_on <= ? AND a.closed_on > ?", on);
    condition.within("a.org_id", root);
    condition.within_code("a.org_id", segment.unit.as_deref());
    condition.and_if(
        "EXISTS (SELECT 1 FROM supply_terms t WHERE t.account_id = a.account_id AND t.until_on = 99991231 AND t.category = ?)",
        segment.category.map(Category::word),
    );
    let overdue = "EXISTS (SELECT 1 FROM receivable r WHERE r.account_id = a.account_id AND r.open_fen > 0 AND r.due_on < ?)";
    match segment.arrears {
        Some(ArrearsState::Overdue) => condition.and(overdue, on),
        Some(ArrearsState::None) => condition.and(&format!("NOT {overdue}"), on),
        None => {}
    }
    let used = "(SELECT b.active FROM bill b WHERE b.account_id = a.account_id AND b.kind IN ('regular', 'provisional') \
        ORDER BY b.bill_no DESC LIMIT 1)";
    condition.and_if(&format!("{used} >= ?"), segment.kwh_from);
    condition.and_if(&format!("{used} <= ?"), segment.kwh_until);
    let sql = format!("SELECT a.account_id FROM account a WHERE {} ORDER BY a.account_id", condition.sql());
    conn.query(&sql, condition.params(), |row| row.int(0))
}

/// Accounts that a campaign has told something since a day.
///
/// # Errors
/// The database's.
pub fn told_since(conn: &mut Conn, since: Date) -> Result<BTreeSet<i64>, StoreError> {
    let told = conn.query(
        "SELECT m.account_id FROM campaign_member m JOIN campaign c ON c.campaign_no = m.campaign_no \
         WHERE m.notice_no IS NOT NULL AND c.decided_on > $1 ORDER BY m.account_id",
        &[since.into()],
        |row| row.int(0),
    )?;
    Ok(told.into_iter().collect())
}

/// 活动客户 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// The account.
    pub account_id: i64,
    /// The campaign.
    pub campaign_no: i64,
    /// Left out to compare.
    pub held_out: bool,
    /// The message.
    pub notice_no: Option<i64>,
    /// Why there is none.
    pub skipped: Option<String>,
    /// The day from which answers count.
    pub told_on: Date,
}

const MEMBER: Table = Table {
    name: "campaign_member",
    columns: &["account_id", "campaign_no", "held_out", "notice_no", "skipped", "told_on"],
    key: &["account_id", "campaign_no"],
};

/// Writes whom a campaign told and whom it left out.
///
/// # Errors
/// The database's.
pub fn insert_members(conn: &mut Conn, rows: &[MemberRow]) -> Result<(), StoreError> {
    conn.bulk(&MEMBER, rows, |row, out| {
        out.put(row.account_id).put(row.campaign_no).put(row.held_out).put(row.notice_no);
        out.put(row.skipped.as_deref()).put(row.told_on);
    })
}

/// Whom a campaign told and whom it left out, by account, with the number of the account and the state of the message.
///
/// # Errors
/// The database's.
pub fn members(
    conn: &mut Conn,
    campaign_no: i64,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<(MemberRow, String, Option<String>)>, StoreError> {
    conn.query(
        "SELECT m.account_id, m.campaign_no, m.held_out, m.notice_no, m.skipped, m.told_on, a.account_no, n.state \
         FROM campaign_member m JOIN account a ON a.account_id = m.account_id \
         LEFT JOIN notice n ON n.account_id = m.account_id AND n.notice_no = m.notice_no \
         WHERE m.campaign_no = $1 AND m.account_id > $2 ORDER BY m.account_id LIMIT $3",
        &[campaign_no.into(), after.unwrap_or(0).into(), limit.into()],
        |row| {
            let member = MemberRow {
                account_id: row.int(0)?,
                campaign_no: row.int(1)?,
                held_out: row.truth(2)?,
                notice_no: row.int_or_null(3)?,
                skipped: row.text_or_null(4)?,
                told_on: row.date(5)?,
            };
            Ok((member, row.text(6)?, row.text_or_null(7)?))
        },
    )
}

/// 活动效果: what a campaign came to so far, counted from the rows of the other columns.
///
/// # Errors
/// The database's.
pub fn effect(conn: &mut Conn, row: &CampaignRow) -> Result<Effect, StoreError> {
    let Some(from) = row.decided_on else { return Ok(Effect::default()) };
    let until = plus_days(from, row.respond_days);
    let (first, last) = (moment_to_int(from.to_datetime(Time::midnight())), {
        moment_to_int(until.to_datetime(Time::constant(23, 59, 59, 0)))
    });
    let (answered, from, until) = match row.answer {
        Response::Payment => (
            "EXISTS (SELECT 1 FROM payment p WHERE p.account_id = m.account_id AND p.reverses_no IS NULL AND p.reversed_on IS NULL \
             AND p.posted_on BETWEEN $2 AND $3)",
            crate::db::date_to_int(from),
            crate::db::date_to_int(until),
        ),
        Response::Ticket => (
            "EXISTS (SELECT 1 FROM ticket t WHERE t.account_id = m.account_id AND t.accepted_at BETWEEN $2 AND $3)",
            first,
            last,
        ),
        Response::Contact => (
            "EXISTS (SELECT 1 FROM contact_event e WHERE e.account_id = m.account_id \
             AND e.kind IN ('verified', 'designated', 'consented') AND e.happened_on BETWEEN $2 AND $3)",
            crate::db::date_to_int(from),
            crate::db::date_to_int(until),
        ),
    };
    let sql = format!(
        "SELECT COUNT(*), COALESCE(CAST(SUM(q.held) AS BIGINT), 0), COALESCE(CAST(SUM(q.told) AS BIGINT), 0), \
         COALESCE(CAST(SUM(q.delivered) AS BIGINT), 0), COALESCE(CAST(SUM(q.failed) AS BIGINT), 0), \
         COALESCE(CAST(SUM(q.told * q.answered) AS BIGINT), 0), COALESCE(CAST(SUM(q.held * q.answered) AS BIGINT), 0) FROM (\
         SELECT m.held_out AS held, CASE WHEN n.notice_no IS NOT NULL AND n.state <> 'withdrawn' THEN 1 ELSE 0 END AS told, \
         CASE WHEN n.state = 'served' THEN 1 ELSE 0 END AS delivered, CASE WHEN n.state = 'failed' THEN 1 ELSE 0 END AS failed, \
         CASE WHEN {answered} THEN 1 ELSE 0 END AS answered FROM campaign_member m \
         LEFT JOIN notice n ON n.account_id = m.account_id AND n.notice_no = m.notice_no WHERE m.campaign_no = $1) q"
    );
    let counted = conn.query_first(&sql, &[row.campaign_no.into(), from.into(), until.into()], |row| {
        let (accounts, held_out, told) = (row.int(0)?, row.int(1)?, row.int(2)?);
        Ok(Effect {
            accounts,
            held_out,
            told,
            not_told: accounts - held_out - told,
            delivered: row.int(3)?,
            failed: row.int(4)?,
            answers: row.int(5)?,
            answers_held_out: row.int(6)?,
            ..Effect::default()
        })
    })?;
    Ok(counted.unwrap_or_default().with_rates())
}
