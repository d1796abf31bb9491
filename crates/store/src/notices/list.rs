//! 通知清单: notices of many accounts, page by page.

use super::{COLUMNS, NoticeRow, read};
use crate::db::{Condition, Conn, Key, Orders, Placed, Slice, StoreError};
use denghuo_rules::notices::{Channel, DeliveryState, NoticeKind};
use jiff::civil::Date;

/// Which notices.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoticeFilter<'a> {
    /// The unit whose accounts and those below it count; 0 for all.
    pub root: i64,
    /// Of this unit and those below it.
    pub org: Option<&'a str>,
    /// Of this kind.
    pub kind: Option<NoticeKind>,
    /// In this state: `open`, `served`, `failed`, `withdrawn`.
    pub state: Option<&'a str>,
    /// Whose last delivery goes by this channel.
    pub channel: Option<Channel>,
    /// Whose last delivery stands so.
    pub delivery: Option<DeliveryState>,
    /// Decided from this day on.
    pub from: Option<Date>,
    /// Decided through this day.
    pub until: Option<Date>,
    /// Only open ones whose clock ran out before this day, the oldest clock first.
    pub late_on: Option<Date>,
}

/// A notice on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedNotice {
    /// The notice.
    pub notice: NoticeRow,
    /// 户号
    pub account_no: String,
    /// 户名
    pub customer: String,
    /// A `CustomerKind`.
    pub customer_kind: String,
    /// Name of its unit.
    pub org: String,
    /// Its last delivery: channel, state and what the carrier said.
    pub last: Option<(Channel, DeliveryState, Option<String>)>,
    /// Kind of the open task about it, with its day.
    pub task: Option<(String, Option<Date>)>,
}

/// The words of both lists of notices.
const WORDS: &[(&str, Key)] = &[
    ("decided_on", Key::Int("n.decided_on")),
    ("due_by", Key::Int("n.due_by")),
    ("account_no", Key::Text("a.account_no")),
    ("kind", Key::Text("n.kind")),
];

const REST: &[Key] = &[Key::Int("n.account_id"), Key::Int("n.notice_no")];

/// What notices are ordered by: the latest first.
pub const NOTICE_ORDERS: Orders = Orders {
    words: WORDS,
    usual: &[
        (Key::Int("n.decided_on"), true),
        (Key::Int("n.account_id"), true),
        (Key::Int("n.notice_no"), true),
    ],
    rest: REST,
};

/// What notices that are late are ordered by: the oldest clock first.
pub const LATE_ORDERS: Orders = Orders {
    words: WORDS,
    usual: &[
        (Key::Int("n.due_by"), false),
        (Key::Int("n.account_id"), false),
        (Key::Int("n.notice_no"), false),
    ],
    rest: REST,
};

const FROM: &str = "notice n JOIN account a ON a.account_id = n.account_id \
    LEFT JOIN customer c ON c.customer_id = a.customer_id LEFT JOIN org o ON o.org_id = a.org_id \
    LEFT JOIN delivery d ON d.account_id = n.account_id AND d.notice_no = n.notice_no AND d.delivery_no = \
    (SELECT MAX(m.delivery_no) FROM delivery m WHERE m.account_id = n.account_id AND m.notice_no = n.notice_no) \
    LEFT JOIN task x ON x.account_id = n.account_id AND x.kind = 'notice_undeliverable' \
    AND x.subject = n.kind || ':' || n.subject AND x.state = 'open'";

/// A page of notices, each with its place.
///
/// # Errors
/// The database's.
pub fn notice_page(
    conn: &mut Conn,
    filter: &NoticeFilter<'_>,
    slice: &Slice,
) -> Result<Placed<ListedNotice>, StoreError> {
    let mut which = Condition::default();
    // Words of a closed list stand in the text, so that an index over one state can be used.
    let state = if filter.late_on.is_some() { Some("open") } else { filter.state };
    if let Some(state) = state.and_then(|state| STATES.iter().find(|known| **known == state)) {
        which.add(&format!("n.state = '{state}'"));
    }
    which.and_if("n.due_by < ?", filter.late_on);
    which.days("n.decided_on", (filter.from, filter.until));
    which.and_if("n.kind = ?", filter.kind.map(NoticeKind::word));
    which.and_if("d.channel = ?", filter.channel.map(Channel::word));
    which.and_if("d.state = ?", filter.delivery.map(DeliveryState::word));
    which.within("a.org_id", filter.root);
    which.within_code("a.org_id", filter.org);
    let columns: Vec<String> = COLUMNS.split(", ").map(|column| format!("n.{}", column.trim())).collect();
    let columns = format!(
        "{}, a.account_no, COALESCE(c.name, ''), COALESCE(c.kind, ''), COALESCE(o.name, ''), d.channel, d.state, d.detail, \
         x.kind, x.due_on",
        columns.join(", ")
    );
    slice.rows(conn, (&columns, 27, FROM), which, |row| {
        let channel = row.text_or_null(22)?.as_deref().and_then(Channel::from_word);
        let state = row.text_or_null(23)?.as_deref().and_then(DeliveryState::from_word);
        let detail = row.text_or_null(24)?;
        let task_due = row.date_or_null(26)?;
        Ok(ListedNotice {
            notice: read(row)?,
            account_no: row.text(18)?,
            customer: row.text(19)?,
            customer_kind: row.text(20)?,
            org: row.text(21)?,
            last: channel.zip(state).map(|(channel, state)| (channel, state, detail)),
            task: row.text_or_null(25)?.map(|kind| (kind, task_due)),
        })
    })
}

/// The states of a notice.
const STATES: [&str; 4] = ["open", "served", "failed", "withdrawn"];

/// How many notices of a kind and channel wait to be printed or handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The channel.
    pub channel: Channel,
    /// What is told.
    pub kind: NoticeKind,
    /// Papers.
    pub papers: i64,
    /// The earliest day by which one has to arrive.
    pub due_by: Option<Date>,
}

/// Papers of a unit and those below it (0: of all) that wait at a moment, by channel and kind.
///
/// # Errors
/// The database's.
pub fn waiting_papers(
    conn: &mut Conn,
    root: i64,
    until: jiff::civil::DateTime,
) -> Result<Vec<Waiting>, StoreError> {
    let mut which = Condition::of(
        "d.channel IN ('paper_own', 'paper_delegated', 'post', 'door', 'posting') AND d.state = 'queued'",
    );
    which.and("d.next_at <= ?", until);
    which.accounts_within("d.account_id", root);
    let sql = format!(
        "SELECT d.channel, n.kind, COUNT(*), MIN(d.due_by) FROM delivery d \
         JOIN notice n ON n.account_id = d.account_id AND n.notice_no = d.notice_no \
         WHERE {} GROUP BY d.channel, n.kind ORDER BY d.channel, n.kind",
        which.sql()
    );
    let found = conn.query(&sql, which.params(), |row| {
        let kinds = (Channel::from_word(row.str(0)?), NoticeKind::from_word(row.str(1)?));
        Ok((kinds, row.int(2)?, row.date_or_null(3)?))
    })?;
    let known = found.into_iter().filter_map(|((channel, kind), papers, due_by)| {
        Some(Waiting { channel: channel?, kind: kind?, papers, due_by })
    });
    Ok(known.collect())
}
