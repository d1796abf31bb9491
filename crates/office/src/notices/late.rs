//! 逾期未送达: a clock that ran out becomes work.

use super::policies::UNDELIVERABLE;
use crate::error::OfficeError;
use denghuo_rules::calendar::plus_days;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::notices::NoticeKind;
use denghuo_store::Conn;
use denghuo_store::notices::{self, LateNotice, NoticeRow};
use denghuo_store::tasks::{self, NewTask, Resolution};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Kind of the task.
pub const LATE: &str = "notice_late";

/// Opens the work of the clocks that ran out since the last business day: one task for each notice with consequences in
/// law, one for all the bills of an organisation and day. Tells how many notices are late.
pub(super) fn open_tasks(conn: &mut Conn, on: Date) -> Result<i64, OfficeError> {
    let from = notices::previous_day(conn, on)?.unwrap_or(Date::ZERO);
    let late = notices::late_notices(conn, from, plus_days(on, -1))?;
    let mut new: Vec<NewTask> = Vec::new();
    let mut bills: BTreeMap<(i64, Date), i64> = BTreeMap::new();
    for LateNotice { notice, org_id } in &late {
        if notice.kind == NoticeKind::Bill {
            *bills.entry((*org_id, notice.due_by)).or_default() += 1;
        } else {
            new.push(task_of(notice, on));
        }
    }
    new.extend(bills.into_iter().map(|((org_id, due_by), count)| NewTask {
        account_id: 0,
        kind: LATE,
        subject: format!("org:{org_id}:{due_by}"),
        codes: "notice.late".to_owned(),
        detail: Bilingual::new(
            format!("{count}份电费账单应于{due_by}前送达,尚无送达记录"),
            format!("{count} bills were to be served by {due_by}, and nothing tells that they were"),
        ),
        owner_role: "manager",
        opened_on: on,
        due_on: None,
    }));
    tasks::open(conn, &new)?;
    Ok(late.len() as i64)
}

fn task_of(notice: &NoticeRow, on: Date) -> NewTask {
    let (kind, no, due_by) = (notice.kind, notice.notice_no, notice.due_by);
    NewTask {
        account_id: notice.account_id,
        kind: LATE,
        subject: task_subject(notice),
        codes: "notice.late".to_owned(),
        detail: Bilingual::new(
            format!("{}(通知{no})应于{due_by}前送达,尚未送达", kind.zh()),
            format!("{} (notice {no}) was to be served by {due_by} and is not", kind.in_english()),
        ),
        owner_role: "agent",
        opened_on: on,
        due_on: None,
    }
}

/// Ends the work about a notice that was served or withdrawn.
pub(super) fn close_task(
    conn: &mut Conn,
    notice: &NoticeRow,
    resolution: &Resolution<'_>,
) -> Result<(), OfficeError> {
    if notice.kind != NoticeKind::Bill {
        tasks::resolve(conn, (notice.account_id, LATE, &task_subject(notice)), resolution)?;
    }
    tasks::resolve(conn, (notice.account_id, UNDELIVERABLE, &task_subject(notice)), resolution)?;
    Ok(())
}

/// Open notices whose clock ran out before a day, the oldest clock first.
///
/// # Errors
/// The database's.
pub fn late_list(conn: &mut Conn, on: Date) -> Result<Vec<NoticeRow>, OfficeError> {
    let mut late: Vec<NoticeRow> = notices::late_notices(conn, Date::ZERO, plus_days(on, -1))?
        .into_iter()
        .map(|late| late.notice)
        .collect();
    late.sort_by_key(|notice| (notice.due_by, notice.account_id, notice.notice_no));
    Ok(late)
}

/// What a task about a notice is called.
pub(super) fn task_subject(notice: &NoticeRow) -> String {
    format!("{}:{}", notice.kind.word(), notice.subject)
}
